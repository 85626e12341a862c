// Values of facts as text: from the policy's spelling to what the runtime decides on, and back.
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::evals {

// Keeps the texts of parsed sets. Values point into it until Clear; not thread-safe.
class ValueArena {
 public:
  // Copies `members`; the array lives until Clear.
  const std::string_view* Keep(const std::vector<std::string>& members);
  std::string_view KeepText(std::string text) { return texts_.emplace_back(std::move(text)); }
  void Clear();

 private:
  std::deque<std::string> texts_;
  std::deque<std::vector<std::string_view>> sets_;
};

// Reads `text` as a value of `fact`'s type: '120.00 EUR', '0.93', 'true', 'gold', '90 minutes',
// '2026-10-01T12:00:00Z', raw text for id and text, a JSON array of texts for sets. What is not a
// value of the type (another type or unit, too many decimals, out of range, an unknown enum value)
// is kMalformed, and `*reason` says why; nothing is rounded. A role that the table does not know is
// a role like any other unknown one. An id or text borrows `text`; a set is kept in `arena`.
// REQUIRES: fact.valid().
runtime::Value ParseValue(const runtime::Table& table, runtime::FactId fact, std::string_view text,
                          ValueArena& arena, std::string* reason = nullptr);

// The number that `text` is as a value of `fact`'s type, whatever the type's range; or why it is
// none. REQUIRES: a type that is held as a number.
std::expected<std::int64_t, std::string> ParseUnits(const runtime::Table& table,
                                                    runtime::FactId fact, std::string_view text);

// The spelling that ParseValue reads; "missing" and "malformed" for those.
std::string FormatValue(const runtime::Table& table, runtime::FactId fact,
                        const runtime::Value& value);

}  // namespace writ::evals
