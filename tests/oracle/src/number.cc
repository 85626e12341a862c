// Decimal arithmetic as on paper: write both numbers with the same digits after the point, then
// count.
#include "writ/oracle/number.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace writ::oracle {

Int128 PowerOfTen(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

namespace {

// REQUIRES: scale >= n.scale.
Number Widen(Number n, int scale) { return {n.units * PowerOfTen(scale - n.scale), scale}; }

}  // namespace

int Compare(Number a, Number b) {
  const int scale = std::max(a.scale, b.scale);
  const Int128 left = Widen(a, scale).units;
  const Int128 right = Widen(b, scale).units;
  return left < right ? -1 : left > right ? 1 : 0;
}

Number Add(Number a, Number b) {
  const int scale = std::max(a.scale, b.scale);
  return {Widen(a, scale).units + Widen(b, scale).units, scale};
}

Number Subtract(Number a, Number b) { return Add(a, {-b.units, b.scale}); }

Number Multiply(Number a, Number b) { return {a.units * b.units, a.scale + b.scale}; }

std::optional<Number> AtScale(Number n, int scale) {
  if (scale >= n.scale) return Widen(n, scale);
  const Int128 step = PowerOfTen(n.scale - scale);
  if (n.units % step != 0) return std::nullopt;
  return Number{n.units / step, scale};
}

std::optional<Number> ParseNumber(const std::string& digits) {
  const bool negative = digits.starts_with("-");
  Number n;
  bool point = false;
  bool digit_seen = false;
  for (std::size_t i = negative ? 1 : 0; i < digits.size(); ++i) {
    if (digits[i] == '.' && !point && digit_seen) {
      point = true;
      digit_seen = false;
      continue;
    }
    if (digits[i] == '_') continue;
    if (std::isdigit(static_cast<unsigned char>(digits[i])) == 0) return std::nullopt;
    digit_seen = true;
    n.units = n.units * 10 + (digits[i] - '0');
    if (point) ++n.scale;
    if (n.units > PowerOfTen(30)) return std::nullopt;
  }
  if (!digit_seen) return std::nullopt;
  if (negative) n.units = -n.units;
  return n;
}

std::string ToString(Number n) {
  const bool negative = n.units < 0;
  Int128 units = negative ? -n.units : n.units;
  std::string text;
  for (int i = 0; units != 0 || i <= n.scale; ++i) {
    if (i == n.scale && n.scale > 0) text += '.';
    text += static_cast<char>('0' + static_cast<int>(units % 10));
    units /= 10;
  }
  if (negative) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace writ::oracle
