// Numbers are never floating point: a literal is its digits as an integer and how many of them
// stand after the point. Whatever does not fit 64 bits is nothing, and the caller says so.
#include "units.h"

#include <algorithm>
#include <array>

namespace writ::compiler::check {

std::int64_t PowerOfTen(std::uint8_t exponent) {
  std::int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

std::optional<Number> ReadNumber(std::string_view text) {
  Wide digits = 0;
  bool negative = false;
  bool fraction = false;
  Number number;
  for (const char c : text) {
    if (c == '_') continue;
    if (c == '-') {
      negative = true;
    } else if (c == '.') {
      fraction = true;
    } else if (c >= '0' && c <= '9') {
      digits = digits * 10 + (c - '0');
      if (digits > INT64_MAX || (fraction && number.scale == kMaxScale)) return std::nullopt;
      if (fraction) ++number.scale;
    } else {
      return std::nullopt;
    }
  }
  number.digits = static_cast<std::int64_t>(negative ? -digits : digits);
  return number;
}

std::optional<std::int64_t> Rescale(Number number, std::uint8_t scale) {
  if (scale > kMaxScale) return std::nullopt;
  return Fit(static_cast<Wide>(number.digits) *
             PowerOfTen(static_cast<std::uint8_t>(scale - number.scale)));
}

Number Shortest(Number number) {
  while (number.scale > 0 && number.digits % 10 == 0) {
    number.digits /= 10;
    --number.scale;
  }
  return number;
}

std::string PrintNumber(Number number) {
  const bool negative = number.digits < 0;
  // Unsigned, so that the smallest number has an absolute value.
  std::string text = std::to_string(negative ? 0 - static_cast<std::uint64_t>(number.digits)
                                             : static_cast<std::uint64_t>(number.digits));
  if (number.scale > 0) {
    if (text.size() <= number.scale) text.insert(0, number.scale + 1u - text.size(), '0');
    text.insert(text.size() - number.scale, 1, '.');
  }
  return negative ? "-" + text : text;
}

std::uint8_t CurrencyScale(std::string_view currency) {
  constexpr std::array<std::string_view, 5> kNone = {"JPY", "KRW", "CLP", "VND", "ISK"};
  constexpr std::array<std::string_view, 5> kThree = {"BHD", "KWD", "OMR", "TND", "JOD"};
  if (std::ranges::find(kNone, currency) != kNone.end()) return 0;
  return std::ranges::find(kThree, currency) != kThree.end() ? 3 : 2;
}

std::optional<std::int64_t> UnitMilliseconds(std::string_view unit) {
  struct Unit {
    std::string_view name, word;
    std::int64_t ms;
  };
  constexpr std::array<Unit, 8> kUnits = {{{"ms", "millisecond", 1},
                                           {"s", "second", 1'000},
                                           {"min", "minute", 60'000},
                                           {"h", "hour", 3'600'000},
                                           {"d", "day", 86'400'000},
                                           {"w", "week", 604'800'000},
                                           {"", "month", 0},
                                           {"", "year", 0}}};
  std::string_view singular = unit;
  if (singular.size() > 3 && singular.ends_with('s')) singular.remove_suffix(1);
  for (const Unit& known : kUnits) {
    if (unit == known.name || singular == known.word) return known.ms;
  }
  return std::nullopt;
}

std::string PrintDuration(std::int64_t ms) {
  if (ms < 0) return "-" + PrintDuration(-ms);
  struct Unit {
    std::string_view word;
    std::int64_t ms, from;
  };
  constexpr std::array<Unit, 4> kUnits = {{{"day", 86'400'000, 3},
                                           {"hour", 3'600'000, 1},
                                           {"minute", 60'000, 1},
                                           {"second", 1'000, 0}}};
  for (const Unit& unit : kUnits) {
    if (ms % unit.ms != 0 || ms / unit.ms < unit.from) continue;
    const std::int64_t count = ms / unit.ms;
    return std::to_string(count) + " " + std::string(unit.word) + (count == 1 ? "" : "s");
  }
  return std::to_string(ms) + "ms";
}

}  // namespace writ::compiler::check
