// Values in the policy's own words: "200.01 EUR", "0.90", "48 hours", "fraud_hold".
//
// What is printed can be written in a policy as it stands: a witness that people read is one they
// can turn into an example.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "writ/table/model.h"

namespace writ::compiler {

// A value of a fact whose values are numbers (sets of enum values, too). Roles are printed by their
// number, since a fact does not know them; where there are roles, use the next one.
[[nodiscard]] std::string PrintValue(const table::Fact& fact, std::int64_t value);
[[nodiscard]] std::string PrintValue(const table::Model& model, table::FactId fact,
                                     std::int64_t value);

// An id or text, in quotes.
[[nodiscard]] std::string PrintText(std::string_view text);

}  // namespace writ::compiler
