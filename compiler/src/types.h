// Types of values, and literals read as values of a type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "names.h"
#include "sorted_list.h"
#include "writ/table/model.h"

namespace writ::compiler::check {

struct Type {
  runtime::ValueType kind = runtime::ValueType::kBool;
  std::uint8_t scale = 0;
  bool ordered = false;
  std::string unit;                 // kMoney
  std::int64_t low = 0, high = 1;   // inclusive
  std::vector<std::string> values;  // kEnum, kEnumSet
  friend bool operator==(const Type&, const Type&) = default;
};

[[nodiscard]] Type BoolType();
[[nodiscard]] Type IntegerType(std::int64_t low, std::int64_t high);
[[nodiscard]] Type TimeType();
[[nodiscard]] Type IdType();
[[nodiscard]] Type RoleType(std::size_t roles);
[[nodiscard]] Type EnumType(const std::vector<lang::Name>& values, bool ordered);

// "money(EUR) in 0.00 EUR..500.00 EUR", as people read it.
[[nodiscard]] std::string Describe(const Type&);

// The words of the policy that values and types may refer to.
struct Words {
  const House& house;
  const Names& names;
  [[nodiscard]] std::string_view Zone(
      std::uint32_t policy) const;  // empty: UTC, also where the zone is unknown
};

// Nothing if it was refused.
[[nodiscard]] std::optional<Type> ResolveType(const lang::TypeRef&, const Words&,
                                              std::uint32_t policy, Reporter&);

struct LiteralValue {
  std::int64_t number = 0;         // everything but ids, texts and sets of ids
  std::string text;                // ids and texts
  std::vector<std::string> texts;  // sets of ids, ascending
};

// Reads a literal as a value of `type`. Reports another type, another unit, more decimals, an
// unknown enum value, and what lies outside the range. `what` is whose value it is: "`amount`".
// REQUIRES: literal is not kMissing.
[[nodiscard]] std::optional<LiteralValue> ReadValue(const lang::Literal&, const Type&,
                                                    std::string_view what, const Words&,
                                                    std::uint32_t policy, Reporter&);

// "2 months" or "1 year" in months; nothing for everything else.
[[nodiscard]] std::optional<std::uint32_t> CalendarMonths(const lang::Literal&);

// What stands behind `within`: a length, calendar months, or the threshold that is one of these.
struct Window {
  std::int64_t ms = 0;
  std::uint32_t months = 0;                // not 0: instead
  std::optional<std::uint32_t> threshold;  // by position in Names::thresholds
};
[[nodiscard]] std::optional<Window> ReadWindow(const lang::Literal&, const Words&, Reporter&);

// "10 minutes" in milliseconds; months and years, which have no length, are refused.
[[nodiscard]] std::optional<std::int64_t> ReadDuration(const lang::Literal&, Reporter&);
[[nodiscard]] std::optional<std::int64_t> ReadInstant(const lang::Literal&, std::string_view zone,
                                                      Reporter&);

}  // namespace writ::compiler::check
