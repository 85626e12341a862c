// JSON whose numbers are the digits that were written, so that no amount goes through a binary
// fraction on its way to a decision.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace writ::evals {

inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxJsonBytes = 1 << 20;

enum class JsonKind : std::uint8_t { kNull, kFalse, kTrue, kNumber, kText, kArray, kObject };

struct JsonValue {
  JsonKind kind = JsonKind::kNull;
  std::string text;                // kText; kNumber: plain decimal digits, exponent worked out
  std::vector<std::string> names;  // kObject: of the members, as written
  std::vector<JsonValue> items;    // kArray; kObject: beside `names`
  // The member of this name, or null.
  [[nodiscard]] const JsonValue* Find(std::string_view name) const;
};

// Reads one value. Refused, with a sentence: what is not JSON, is deeper than kMaxJsonDepth or
// longer than kMaxJsonBytes, names a member of an object twice, or has a number with an exponent
// beyond ±400.
std::expected<JsonValue, std::string> ReadExactJson(std::string_view text);

// RFC 8785, but that numbers keep all their digits (docs/semantics.md, M1.5.3).
std::string CanonicalJson(const JsonValue&);

}  // namespace writ::evals
