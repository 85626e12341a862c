// Amounts are read from their words, as the table carries them: a number, and a unit if it has one.
#include "writ/analysis/tuning.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace writ::analysis {
namespace {

struct Amount {
  std::string unit;
  std::int64_t value = 0;  // in the ninth place after the point; of a length of time, whole ms
};

constexpr int kPlaces = 9;
using Length = std::pair<std::string_view, std::int64_t>;
constexpr std::array kLengths = {
    Length{"ms", 1},           Length{"s", 1'000},          Length{"second", 1'000},
    Length{"min", 60'000},     Length{"minute", 60'000},    Length{"h", 3'600'000},
    Length{"hour", 3'600'000}, Length{"d", 86'400'000},     Length{"day", 86'400'000},
    Length{"w", 604'800'000},  Length{"week", 604'800'000},
};

// "2_000.50": its digits in the last place. Nothing if it does not fit.
std::optional<std::int64_t> ReadDigits(std::string_view text) {
  std::int64_t value = 0;
  int places = -1;
  const bool negative = text.starts_with('-');
  for (const char c : text.substr(negative ? 1 : 0)) {
    if (c == '_') continue;
    if (c == '.' && places < 0) {
      places = 0;
      continue;
    }
    if (c < '0' || c > '9' || (places >= 0 && ++places > kPlaces)) return std::nullopt;
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, c - '0', &value))
      return std::nullopt;
  }
  for (int i = places < 0 ? 0 : places; i < kPlaces; ++i) {
    if (__builtin_mul_overflow(value, 10, &value)) return std::nullopt;
  }
  return negative ? -value : value;
}

std::optional<Amount> ReadAmount(std::string_view text) {
  const std::size_t end = text.find_first_not_of("-0123456789_.");
  const std::string_view digits = text.substr(0, end);
  std::string_view unit = end == std::string_view::npos ? std::string_view() : text.substr(end);
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  for (const auto& [name, ms] : kLengths) {
    if (unit != name && unit != std::string(name) + "s") continue;
    std::int64_t whole = ReadDigits(digits).value_or(-1);  // a length is a whole number
    for (int i = 0; i < kPlaces; ++i) whole /= 10;
    if (whole < 0 || __builtin_mul_overflow(whole, ms, &whole)) return std::nullopt;
    return Amount{"time", whole};
  }
  if (unit.starts_with("month")) unit = "month";
  if (unit.starts_with("year")) unit = "year";
  const auto value = ReadDigits(digits);
  return value ? std::optional(Amount{std::string(unit), *value}) : std::nullopt;
}

// `range`: "in LOW..HIGH by STEP".
bool Stays(std::string_view range, std::string_view value) {
  const std::size_t dots = range.find("..");
  const std::size_t by = range.find(" by ");
  if (!range.starts_with("in ") || dots == std::string_view::npos) return false;
  const auto low = ReadAmount(range.substr(3, dots - 3));
  const auto high =
      ReadAmount(range.substr(dots + 2, by == std::string_view::npos ? by : by - dots - 2));
  const auto now = ReadAmount(value);
  if (!low || !high || !now || low->unit != now->unit || high->unit != now->unit) return false;
  if (now->value < low->value || now->value > high->value) return false;
  if (by == std::string_view::npos) return true;
  const auto step = ReadAmount(range.substr(by + 4));
  return step && step->unit == now->unit && step->value > 0 &&
         (now->value - low->value) % step->value == 0;
}

std::optional<std::string> RangeOf(const runtime::Table& table, std::string_view name) {
  const std::string begin = std::string(name) + ": ";
  for (std::uint32_t i = 0; i < table.statement_count(); ++i) {
    const runtime::StatementView said = table.Statement(i);
    if (said.word == runtime::StatementWord::kTunable && said.text.starts_with(begin))
      return std::string(said.text.substr(begin.size()));
  }
  return std::nullopt;
}

}  // namespace

std::vector<TunedThreshold> TunedThresholds(const runtime::Table& before,
                                            const runtime::Table& after) {
  std::vector<TunedThreshold> tuned;
  for (std::uint32_t i = 0; i < before.threshold_count(); ++i) {
    const runtime::ThresholdView was = before.Threshold(i);
    const auto range = RangeOf(before, was.name);
    if (!range) continue;
    for (std::uint32_t j = 0; j < after.threshold_count(); ++j) {
      const runtime::ThresholdView is = after.Threshold(j);
      if (is.name != was.name || is.value == was.value) continue;
      tuned.push_back({std::string(was.name), std::string(was.value), std::string(is.value), *range,
                       Stays(*range, is.value)});
    }
  }
  return tuned;
}

}  // namespace writ::analysis
