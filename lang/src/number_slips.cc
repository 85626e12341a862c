// A number is the longest run of digits, `_`, and points between digits; what touches it decides
// whether it is a date, a duration or a slip. Rules that need no context: a comma between digits
// without a space is never a list, a letter that touches a number is a unit of time or a slip, and
// three numbers with dots are a date in the wrong order unless a version can stand there.
//
// Entry point: ReadNumber.
#include "number_slips.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace writ::lang {
namespace {

bool IsNumeral(char c) { return c >= '0' && c <= '9'; }
bool IsTail(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || IsNumeral(c);
}

// A view of the text from the number on, with a cursor.
class Reader {
 public:
  Reader(std::string_view text, bool version_expected)
      : text_(text), version_expected_(version_expected) {}

  NumberToken Run() {
    if (!Date()) Plain();
    token_.size_bytes = at_;
    return std::move(token_);
  }

 private:
  [[nodiscard]] char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] std::string Read() const { return std::string(text_.substr(0, at_)); }

  void Slip(DiagnosticKind kind, std::size_t begin, std::string message, std::string hint) {
    token_.slips.push_back({kind, begin, at_, std::move(message), std::move(hint)});
  }

  void Digits() {
    while (IsNumeral(Peek()) || (Peek() == '_' && IsNumeral(Peek(1)))) ++at_;
  }
  std::size_t DigitsAhead(std::size_t from) const {
    std::size_t n = 0;
    while (from + n < text_.size() && IsNumeral(text_[from + n])) ++n;
    return n;
  }

  // 2026-10-01, 2026-10-01T12:00:00Z, and 2026-1-5 as a slip.
  bool Date() {
    const std::size_t year = DigitsAhead(0);
    if (year != 4 || text_.substr(4, 1) != "-") return false;
    const std::size_t month = DigitsAhead(5);
    if (month == 0 || month > 2 || text_.substr(5 + month, 1) != "-") return false;
    const std::size_t day = DigitsAhead(6 + month);
    if (day == 0 || day > 2) return false;
    at_ = 6 + month + day;
    token_.kind = TokenKind::kDate;
    if (!IsDate(text_.substr(0, at_))) {
      Slip(DiagnosticKind::kBadDate, 0, "`" + Read() + "` is not a day of the calendar",
           "write year, month and day like `2026-10-01`");
    }
    if (Peek() == 'T' && IsNumeral(Peek(1))) TimeOfDay();
    return true;
  }

  void TimeOfDay() {
    token_.kind = TokenKind::kTimestamp;
    const std::size_t begin = at_++;
    const auto two = [&](int max) {
      if (DigitsAhead(at_) != 2) return false;
      const int value = (Peek() - '0') * 10 + (Peek(1) - '0');
      at_ += 2;
      return value <= max;
    };
    const auto sign = [&](char c) { return Peek() == c && (++at_, true); };
    bool good = two(23) && sign(':') && two(59);
    if (good && sign(':')) {
      good = two(59);
      if (good && sign('.')) good = DigitsAhead(at_) > 0, at_ += DigitsAhead(at_);
    }
    good = good && (sign('Z') || ((sign('+') || sign('-')) && two(23) && sign(':') && two(59)));
    if (good && !IsTail(Peek())) return;
    while (IsTail(Peek()) || Peek() == ':') ++at_;
    Slip(DiagnosticKind::kBadDate, begin, "`" + Read() + "` is not a time",
         "write it with its zone, like `2026-10-01T12:00:00Z`");
  }

  void Plain() {
    Digits();
    if (Peek() == '.' && IsNumeral(Peek(1))) {
      ++at_;
      token_.kind = TokenKind::kDecimal;
      Digits();
      if (Peek() == '.' && IsNumeral(Peek(1))) return ThreeParts();
    } else if (Peek() == '/' && IsNumeral(Peek(1))) {
      return SlashedDate();
    }
    Comma();
    Suffix();
  }

  // 1.4.0, or 31.12.2026, or 1.000.000.
  void ThreeParts() {
    while (Peek() == '.' && IsNumeral(Peek(1))) ++at_, Digits();
    if (version_expected_) {
      if (Peek() == '-' && IsTail(Peek(1))) {
        ++at_;
        while (IsTail(Peek()) || (Peek() == '.' && IsTail(Peek(1)))) ++at_;
      }
      token_.kind = TokenKind::kVersion;
      return;
    }
    const std::string read = Read();
    const std::size_t last = read.rfind('.');
    if (read.size() - last == 4 && read.find('.') <= 3 && read.size() >= 9) {
      token_.kind = TokenKind::kInt;
      Comma();
      return Slip(DiagnosticKind::kThousandsSeparator, 0, "`" + read + "` is not a number",
                  "write `1_000_000`");
    }
    token_.kind =
        read.size() - last == 5 || read.find('.') == 4 ? TokenKind::kDate : TokenKind::kVersion;
    if (token_.kind == TokenKind::kDate) WrongOrder();
  }

  void SlashedDate() {
    while (Peek() == '/' && IsNumeral(Peek(1))) ++at_, Digits();
    token_.kind = TokenKind::kDate;
    WrongOrder();
  }
  void WrongOrder() {
    Slip(DiagnosticKind::kDateOrder, 0, "`" + Read() + "` can be read in more than one order",
         "write year, month and day like `2026-12-31`");
  }

  // A comma between digits without a space.
  void Comma() {
    if (Peek() != ',' || !IsNumeral(Peek(1))) return;
    const std::string whole = Read();
    bool thousands = true;
    std::string joined = whole;
    while (Peek() == ',' && IsNumeral(Peek(1))) {
      const std::size_t digits = DigitsAhead(at_ + 1);
      thousands = thousands && digits == 3;
      joined += "_" + std::string(text_.substr(at_ + 1, digits));
      ++at_;
      Digits();
    }
    thousands = thousands && whole != "0";
    if (thousands && Peek() == '.' && IsNumeral(Peek(1)))
      ++at_, Digits(), token_.kind = TokenKind::kDecimal;
    const std::string read = Read();
    if (thousands) {
      return Slip(DiagnosticKind::kThousandsSeparator, 0, "`" + read + "` is not a number",
                  "write `" + joined + "`, or a space after the comma if these are two numbers");
    }
    std::string point = read;
    std::replace(point.begin(), point.end(), ',', '.');
    token_.kind = TokenKind::kDecimal;
    Slip(DiagnosticKind::kDecimalComma, 0, "`" + read + "` is not a number",
         "write `" + point + "`, or a space after the comma if these are two numbers");
  }

  // What touches the number: a unit of time, or a slip.
  void Suffix() {
    const std::size_t begin = at_;
    if (Peek() == '%') {
      ++at_;
      return Slip(DiagnosticKind::kPercent, 0, "there are no percentages",
                  "write a share as a number from 0 to 1: `0.80`");
    }
    if (const std::size_t sign = CurrencySignLength(text_.substr(at_)); sign != 0) {
      at_ += sign;
      token_.kind = TokenKind::kBroken;
      return Slip(DiagnosticKind::kCurrencySign, 0, "an amount of money names its currency",
                  "write `" + std::string(text_.substr(0, begin)) +
                      " EUR`, with the currency's three letters");
    }
    while (IsTail(Peek())) ++at_;
    if (at_ == begin) return;
    const std::string_view suffix = text_.substr(begin, at_ - begin);
    constexpr std::array<std::string_view, 6> kUnits = {"ms", "s", "min", "h", "d", "w"};
    const bool whole = token_.kind == TokenKind::kInt;
    const bool unit = std::find(kUnits.begin(), kUnits.end(), suffix) != kUnits.end();
    if (whole && unit) {
      token_.kind = TokenKind::kDuration;
      return;
    }
    UnknownSuffix(begin, suffix, unit);
  }

  void UnknownSuffix(std::size_t begin, std::string_view suffix, bool unit) {
    const std::string number(text_.substr(0, begin));
    if (suffix == "m") {
      token_.kind = TokenKind::kDuration;
      return Slip(DiagnosticKind::kBareM, 0, "`m` could be minutes or months",
                  "write `" + number + " minutes` or `" + number + " months`");
    }
    token_.kind = TokenKind::kBroken;
    std::string hint =
        "write a space between a number and a word: `" + number + " " + std::string(suffix) + "`";
    if (unit) hint = "durations are whole numbers: `90 minutes` for an hour and a half";
    Slip(DiagnosticKind::kNumberSuffix, 0, "`" + Read() + "` is neither a number nor a name",
         std::move(hint));
  }

  std::string_view text_;
  bool version_expected_;
  std::size_t at_ = 0;
  NumberToken token_;
};

}  // namespace

bool IsDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t begin, std::size_t size) {
    int value = -1;
    std::from_chars(text.data() + begin, text.data() + begin + size, value);
    return value;
  };
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
}

std::size_t CurrencySignLength(std::string_view text) {
  for (const std::string_view sign : {"€", "$", "£", "¥", "₹", "₽", "₩"}) {
    if (text.starts_with(sign)) return sign.size();
  }
  return 0;
}

NumberToken ReadNumber(std::string_view text, std::size_t begin, bool version_expected) {
  return Reader(text.substr(begin), version_expected).Run();
}

}  // namespace writ::lang
