// Exact text forms of numbers and times, without locale, floating point or time zone database.
#include "values_time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>

namespace writ::evals {
namespace {

using std::unexpected;

// Exactly `count` digits from the front of `text`.
std::optional<int> TakeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool Take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// ".250" -> 250; digits beyond milliseconds must be zero. Absent: 0.
std::expected<int, std::string> TakeMilliseconds(std::string_view& text) {
  if (!Take(text, '.')) return 0;
  int ms = 0;
  std::size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    const int digit = text.front() - '0';
    if (digits < 3) {
      ms = ms * 10 + digit;
    } else if (digit != 0) {
      return unexpected("a time finer than milliseconds");
    }
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return unexpected("no digits after the point");
  for (; digits < 3; ++digits) ms *= 10;
  return ms;
}

// "Z", "+02:00", "-0530" -> minutes east of UTC.
std::optional<int> TakeOffset(std::string_view& text) {
  if (Take(text, 'Z')) return 0;
  const bool west = !text.empty() && text.front() == '-';
  if (!Take(text, '+') && !Take(text, '-')) return std::nullopt;
  const auto hours = TakeDigits(text, 2);
  Take(text, ':');
  const auto minutes = TakeDigits(text, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const int offset = *hours * 60 + *minutes;
  return west ? -offset : offset;
}

struct Unit {
  std::string_view name, symbol;
  std::int64_t ms;
};
constexpr std::array kUnits = {
    Unit{"week", "w", 604'800'000}, Unit{"day", "d", 86'400'000}, Unit{"hour", "h", 3'600'000},
    Unit{"minute", "min", 60'000},  Unit{"second", "s", 1'000},   Unit{"millisecond", "ms", 1},
};

std::optional<std::int64_t> UnitOf(std::string_view word) {
  for (const Unit& unit : kUnits) {
    if (word == unit.name || word == unit.symbol) return unit.ms;
    if (word.size() == unit.name.size() + 1 && word.back() == 's' && word.starts_with(unit.name)) {
      return unit.ms;
    }
  }
  return std::nullopt;
}

// A number or a word from the front: `90min` gives `90`, then `min`.
std::string_view NextWord(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  std::size_t end = 0;
  while (end < text.size() && text[end] != ' ' && is_digit(text[end]) == is_digit(text[0])) ++end;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

}  // namespace

std::expected<std::int64_t, std::string> ParseTime(std::string_view text) {
  const auto year = TakeDigits(text, 4);
  const bool dash1 = Take(text, '-');
  const auto month = TakeDigits(text, 2);
  const bool dash2 = Take(text, '-');
  const auto day = TakeDigits(text, 2);
  if (!year || !month || !day || !dash1 || !dash2) return unexpected("not a date like 2026-10-01");
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year == 0) return unexpected("no such day");
  if (text.empty()) return unexpected("a date without a time of day and an offset");
  if (!Take(text, 'T') && !Take(text, ' ')) return unexpected("no `T` between date and time");
  const auto hour = TakeDigits(text, 2);
  const bool colon = Take(text, ':');
  const auto minute = TakeDigits(text, 2);
  if (!hour || !colon || !minute || *hour > 23 || *minute > 59) {
    return unexpected("not a time of day like 12:00:00");
  }
  int second = 0;
  if (Take(text, ':')) {
    const auto digits = TakeDigits(text, 2);
    if (!digits || *digits > 59) return unexpected("not a time of day like 12:00:00");
    second = *digits;
  }
  const auto ms = TakeMilliseconds(text);
  if (!ms) return unexpected(ms.error());
  const auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return unexpected("no offset like `Z` or `+02:00`");
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t minutes = days * 1440 + *hour * 60 + *minute - *offset;
  return minutes * 60'000 + second * 1'000 + *ms;
}

std::string FormatTime(std::int64_t ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(ms)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  int size = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  std::string result(text.data(), static_cast<std::size_t>(size));
  if (const auto rest = static_cast<int>(clock.subseconds().count()); rest != 0) {
    size = std::snprintf(text.data(), text.size(), ".%03d", rest);
    result.append(text.data(), static_cast<std::size_t>(size));
  }
  return result + "Z";
}

std::expected<std::int64_t, std::string> ParseDuration(std::string_view text) {
  std::int64_t total = 0;
  std::string_view rest = text;
  std::string_view amount = NextWord(rest);
  if (amount.empty()) return unexpected("no number");
  for (; !amount.empty(); amount = NextWord(rest)) {
    const auto number = ParseDecimal(amount, 0);
    if (!number) return unexpected(number.error());
    const std::string_view word = NextWord(rest);
    const auto unit = UnitOf(word);
    if (!unit) {
      return unexpected(word.empty() ? std::string("no unit, such as `minutes`")
                                     : "`" + std::string(word) + "` is no unit of a duration");
    }
    std::int64_t ms = 0;
    if (__builtin_mul_overflow(*number, *unit, &ms) || __builtin_add_overflow(total, ms, &total)) {
      return unexpected("too large");
    }
  }
  return total;
}

std::string FormatDuration(std::int64_t ms) {
  for (const Unit& unit : kUnits) {
    if (ms % unit.ms != 0 || (ms == 0 && unit.name != "second")) continue;
    const std::int64_t count = ms / unit.ms;
    return std::to_string(count) + " " + std::string(unit.name) + (count == 1 ? "" : "s");
  }
  return std::to_string(ms) + " milliseconds";
}

std::expected<std::int64_t, std::string> ParseDecimal(std::string_view text, int scale) {
  const bool negative = Take(text, '-');
  std::int64_t digits = 0;
  int decimals = -1;  // not yet past the point
  char last = '.';
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit) {
      if (decimals >= 0 && ++decimals > scale) return unexpected("too many decimals");
      if (__builtin_mul_overflow(digits, 10, &digits) ||
          __builtin_sub_overflow(digits, c - '0', &digits)) {
        return unexpected("too large");
      }
    } else if (c == '.' && decimals < 0 && last != '.' && last != '_') {
      decimals = 0;
    } else if (c != '_' || last == '_' || last == '.' || decimals >= 0) {
      return unexpected("not a number");
    }
    last = c;
  }
  if (last < '0' || last > '9') return unexpected("not a number");
  for (int i = decimals < 0 ? 0 : decimals; i < scale; ++i) {
    if (__builtin_mul_overflow(digits, 10, &digits)) return unexpected("too large");
  }
  // Gathered as a negative number, whose range is one larger.
  if (!negative && __builtin_sub_overflow(std::int64_t{0}, digits, &digits)) {
    return unexpected("too large");
  }
  return digits;
}

std::string FormatDecimal(std::int64_t digits, int scale) {
  std::string text = std::to_string(digits);
  if (scale <= 0) return text;
  const std::size_t sign = digits < 0 ? 1 : 0;
  const auto places = static_cast<std::size_t>(scale);
  if (text.size() - sign <= places) text.insert(sign, places + 1 - (text.size() - sign), '0');
  text.insert(text.size() - places, 1, '.');
  return text;
}

}  // namespace writ::evals
