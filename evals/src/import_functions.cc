// Small exact helpers, so that a mapping writes values in the policy's spelling without string
// tricks. Each gives NULL for NULL and refuses what it cannot read; none rounds. Entry point:
// `RegisterMappingFunctions`.
#include "import_functions.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "hex.h"
#include "values_time.h"

namespace writ::evals {
namespace {

using sqlite::Argument;
using sqlite::Returned;
using Converted = std::expected<Returned, std::string>;
using Arguments = std::span<const Argument>;

bool IsNull(const Argument& value) { return std::holds_alternative<std::monostate>(value); }

std::string Shown(const Argument& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string_view>(&value))
    return std::string(text->substr(0, 80));
  return "that";
}

// The number in plain decimal notation, as it was written: 98.7 stays "98.7".
std::expected<std::string, std::string> Plain(const Argument& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  const double number = std::get<double>(value);
  if (!std::isfinite(number)) return std::unexpected("not a finite number");
  std::array<char, 400> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
  return std::string(digits.data(), end.ptr);
}

// At least `scale` decimals. More are kept, so that whoever reads the value finds it malformed.
std::string WithScale(std::string text, std::int64_t scale) {
  if (scale <= 0) return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
  std::size_t point = text.find('.');
  if (point == std::string::npos) {
    point = text.size();
    text += '.';
  }
  while (text.size() - point - 1 < static_cast<std::size_t>(scale)) text += '0';
  return text;
}

bool LooksNumeric(std::string_view text) {
  return !text.empty() && text.find_first_not_of("-_.0123456789") == text.npos;
}

std::expected<std::int64_t, std::string> Scale(const Argument& value) {
  const auto* scale = std::get_if<std::int64_t>(&value);
  if (scale == nullptr || *scale < 0 || *scale > 18) {
    return std::unexpected("the number of decimals is a whole number from 0 to 18");
  }
  return *scale;
}

// The number with its decimals. What is not a number is passed on as it is: a caller's `amount:
// "all"` is a malformed input, which the policy denies and `corpus check` lists; refusing the whole
// corpus for it would hide the run.
Converted Number(Arguments arguments, const Argument& scale_argument, const std::string& suffix) {
  if (IsNull(arguments[0])) return Returned();
  const auto scale = Scale(scale_argument);
  if (!scale) return std::unexpected(scale.error());
  const auto text = Plain(arguments[0]);
  if (!text) return std::unexpected(text.error());
  return (LooksNumeric(*text) ? WithScale(*text, *scale) : *text) + suffix;
}

// decimal(x, scale)
Converted Decimal(Arguments arguments) { return Number(arguments, arguments[1], ""); }

// money(x, 'EUR'), money(x, 'JPY', 0)
Converted Money(Arguments arguments) {
  const auto* unit = std::get_if<std::string_view>(&arguments[1]);
  if (unit == nullptr) return std::unexpected("money: the currency is not a text");
  const Argument scale = arguments.size() > 2 ? arguments[2] : Argument(std::int64_t{2});
  return Number(arguments, scale, " " + std::string(*unit));
}

// iso_ms('2026-10-01T12:00:00Z')
Converted IsoMs(Arguments arguments) {
  if (IsNull(arguments[0])) return Returned();
  const auto* text = std::get_if<std::string_view>(&arguments[0]);
  if (text == nullptr)
    return std::unexpected("iso_ms: `" + Shown(arguments[0]) + "` is not a text");
  const auto ms = ParseTime(*text);
  if (!ms) return std::unexpected("iso_ms: `" + Shown(arguments[0]) + "`: " + ms.error());
  return *ms;
}

// ms_iso(0)
Converted MsIso(Arguments arguments) {
  if (IsNull(arguments[0])) return Returned();
  const auto* ms = std::get_if<std::int64_t>(&arguments[0]);
  // Years 1 to 9999: what ParseTime reads.
  if (ms == nullptr || *ms < -62'135'596'800'000 || *ms > 253'402'300'799'999) {
    return std::unexpected("ms_iso: not milliseconds of a time between the years 1 and 9999");
  }
  return FormatTime(*ms);
}

// truth(1), truth('false'): SQLite's booleans are numbers, the policy's are words.
Converted AsTruth(Arguments arguments) {
  if (IsNull(arguments[0])) return Returned();
  if (const auto* number = std::get_if<std::int64_t>(&arguments[0])) {
    if (*number == 0 || *number == 1) return std::string(*number == 1 ? "true" : "false");
  }
  if (const auto* text = std::get_if<std::string_view>(&arguments[0])) {
    if (*text == "true" || *text == "false") return std::string(*text);
  }
  return std::unexpected("truth: `" + Shown(arguments[0]) + "` is neither true nor false");
}

// sha256(text): for identifiers that must stay comparable but not readable.
Converted Sha256(Arguments arguments) {
  if (IsNull(arguments[0])) return Returned();
  const auto text = Plain(arguments[0]);
  if (!text) return std::unexpected("sha256: " + text.error());
  return Sha256Hex(*text);
}

}  // namespace

sqlite::Result<void> RegisterMappingFunctions(sqlite::Database& db) {
  struct Entry {
    const char* name;
    int arguments;
    sqlite::Function function;
  };
  static constexpr std::array kEntries = {
      Entry{"decimal", 2, &Decimal}, Entry{"money", 2, &Money},  Entry{"money", 3, &Money},
      Entry{"iso_ms", 1, &IsoMs},    Entry{"ms_iso", 1, &MsIso}, Entry{"truth", 1, &AsTruth},
      Entry{"sha256", 1, &Sha256},
  };
  for (const Entry& entry : kEntries) {
    if (auto done = db.Register(entry.name, entry.arguments, entry.function); !done) return done;
  }
  return {};
}

}  // namespace writ::evals
