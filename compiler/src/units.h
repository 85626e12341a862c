// Exact numbers: digits and a scale, currencies, units of duration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace writ::compiler::check {

// Money and numbers without a range reach from -10^15 to 10^15 units in the last place
// (docs/semantics.md, M6.1).
inline constexpr std::int64_t kDefaultBound = 1'000'000'000'000'000;
// The first instant of the year 1 and the last of 9999.
inline constexpr std::int64_t kFirstTime = -62'135'596'800'000;
inline constexpr std::int64_t kLastTime = 253'402'300'799'999;
// 10^18 is the largest power of ten in 64 bits, so no value has more digits after the point.
inline constexpr std::uint8_t kMaxScale = 18;

// digits / 10^scale.
struct Number {
  std::int64_t digits = 0;
  std::uint8_t scale = 0;
  friend bool operator==(const Number&, const Number&) = default;
};

[[nodiscard]] std::int64_t PowerOfTen(std::uint8_t exponent);  // REQUIRES: exponent <= kMaxScale

// "-12.50" -> {-1250, 2}. Nothing if it does not fit.
[[nodiscard]] std::optional<Number> ReadNumber(std::string_view text);
// The same number with more digits after the point. Nothing if it does not fit. REQUIRES: scale >=
// number.scale.
[[nodiscard]] std::optional<std::int64_t> Rescale(Number number, std::uint8_t scale);
// Without zeros at the end of the fraction.
[[nodiscard]] Number Shortest(Number number);
// "12.50"; grouping is left to people.
[[nodiscard]] std::string PrintNumber(Number number);

// Minor digits of a currency: 2, 0 for JPY and its like, 3 for KWD and its like.
[[nodiscard]] std::uint8_t CurrencyScale(std::string_view currency);

// Milliseconds of one unit ("h", "hour", …); 0 for months and years, whose length depends on the
// calendar.
[[nodiscard]] std::optional<std::int64_t> UnitMilliseconds(std::string_view unit);
// "48 hours", in the largest unit that leaves a whole number (days from three on).
[[nodiscard]] std::string PrintDuration(std::int64_t ms);

// Wide enough for any sum or product of two values.
__extension__ typedef __int128 Wide;

// Nothing on overflow.
[[nodiscard]] inline std::optional<std::int64_t> Fit(Wide value) {
  if (value > INT64_MAX || value < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace writ::compiler::check
