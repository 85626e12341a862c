// Exact numbers: units / 10^scale. Small on purpose: whatever the language can say fits 64 bits, so
// 128 are room enough to bring two numbers to one scale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace writ::oracle {

__extension__ typedef __int128 Int128;

struct Number {
  Int128 units = 0;
  int scale = 0;  // digits after the point
};

Int128 PowerOfTen(int exponent);
// Negative, zero or positive, as a is less than, equal to or greater than b.
int Compare(Number a, Number b);
Number Add(Number a, Number b);
Number Subtract(Number a, Number b);
Number Multiply(Number a, Number b);
// The same number with exactly `scale` digits after the point; nothing if that would round.
std::optional<Number> AtScale(Number n, int scale);
// "-12.30": the scale is the number of digits after the point, zeros included. Nothing if it is no
// number.
std::optional<Number> ParseNumber(const std::string& digits);
std::string ToString(Number n);

}  // namespace writ::oracle
