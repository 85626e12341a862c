// The calendar, by std::chrono's days; daylight saving time written out as the rule of the European
// Union.
#include "writ/oracle/calendar.h"

#include <chrono>
#include <cstdio>
#include <map>

namespace writ::oracle {

namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kHour = 3'600'000;

std::int64_t ToMs(sys_days day) {
  return std::int64_t{day.time_since_epoch().count()} * 24 * kHour;
}

// The instant at which the clocks change in that month: its last Sunday, one o'clock UTC.
std::int64_t ClockChange(std::chrono::year year, std::chrono::month month) {
  return ToMs(sys_days{year / month / std::chrono::Sunday[std::chrono::last]}) + kHour;
}

std::int64_t CentralEuropeanOffset(std::int64_t instant, std::chrono::year year) {
  const bool summer = instant >= ClockChange(year, std::chrono::March) &&
                      instant < ClockChange(year, std::chrono::October);
  return summer ? 2 * kHour : kHour;
}

std::optional<sys_days> ParseDay(const std::string& date) {
  int y = 0;
  unsigned m = 0;
  unsigned d = 0;
  int used = 0;
  if (std::sscanf(date.c_str(), "%4d-%2u-%2u%n", &y, &m, &d, &used) != 3 || used != 10)
    return std::nullopt;
  const year_month_day day{std::chrono::year{y}, std::chrono::month{m}, std::chrono::day{d}};
  if (!day.ok()) return std::nullopt;
  return sys_days{day};
}

}  // namespace

bool KnowsZone(const std::string& zone) {
  return zone.empty() || zone == "UTC" || zone == "Europe/Berlin" || zone == "Europe/Paris" ||
         zone == "Europe/Madrid" || zone == "Europe/Vienna" || zone == "Europe/Rome";
}

std::optional<std::int64_t> FirstInstant(const std::string& date, const std::string& zone,
                                         int days) {
  const std::optional<sys_days> parsed = ParseDay(date);
  if (!parsed || !KnowsZone(zone)) return std::nullopt;
  const sys_days day = *parsed + std::chrono::days{days};
  const std::int64_t utc = ToMs(day);
  if (zone.empty() || zone == "UTC") return utc;
  // Clocks change after midnight, so the offset an hour before the day's first instant in winter
  // time is its own.
  return utc - CentralEuropeanOffset(utc - kHour, year_month_day{day}.year());
}

namespace {

sys_days MonthsOn(sys_days day, int months) {
  const year_month_day moved = year_month_day{day} + std::chrono::months{months};
  return moved.ok() ? sys_days{moved} : sys_days{moved.year() / moved.month() / std::chrono::last};
}

std::int64_t OffsetAt(std::int64_t instant, const std::string& zone) {
  if (zone.empty() || zone == "UTC") return 0;
  const sys_days day{std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{instant}})};
  return CentralEuropeanOffset(instant, year_month_day{day}.year());
}

}  // namespace

std::optional<std::int64_t> FirstInstantAfterMonths(const std::string& date,
                                                    const std::string& zone, int months) {
  const std::optional<sys_days> day = ParseDay(date);
  if (!day) return std::nullopt;
  const std::string moved =
      FormatInstant(ToMs(MonthsOn(*day, months))).substr(0, 10);  // its day, and no time
  return FirstInstant(moved, zone);
}

// Tries both offsets that the zone ever has, the greater first: it gives the earlier instant.
std::int64_t MonthsEarlier(std::int64_t instant, const std::string& zone, int months) {
  const std::int64_t local = instant + OffsetAt(instant, zone);
  const sys_days day{std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{local}})};
  const std::int64_t wanted = ToMs(MonthsOn(day, -months)) + (local - ToMs(day));
  for (const std::int64_t offset : {2 * kHour, kHour, std::int64_t{0}}) {
    if (OffsetAt(wanted - offset, zone) == offset) return wanted - offset;
  }
  // Skipped: the clocks change at one o'clock UTC, whatever is written.
  return wanted - (wanted % kHour + kHour) % kHour - kHour;
}

std::optional<std::int64_t> ParseInstant(const std::string& timestamp) {
  if (timestamp.size() < 20 || timestamp[10] != 'T') return std::nullopt;
  const std::optional<sys_days> day = ParseDay(timestamp.substr(0, 10));
  int h = 0;
  int m = 0;
  int s = 0;
  int used = 0;
  if (!day || std::sscanf(timestamp.c_str() + 11, "%2d:%2d:%2d%n", &h, &m, &s, &used) != 3 ||
      used != 8) {
    return std::nullopt;
  }
  if (h > 23 || m > 59 || s > 59) return std::nullopt;
  std::int64_t ms = ToMs(*day) + h * kHour + m * 60'000 + s * 1'000;
  std::string rest = timestamp.substr(19);
  if (rest.starts_with(".")) {
    int digit_value = 100;
    rest.erase(0, 1);
    while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
      ms += (rest[0] - '0') * digit_value;
      digit_value /= 10;
      rest.erase(0, 1);
    }
  }
  if (rest == "Z") return ms;
  int oh = 0;
  int om = 0;
  if (rest.size() == 6 && std::sscanf(rest.c_str() + 1, "%2d:%2d", &oh, &om) == 2) {
    const std::int64_t offset = oh * kHour + om * 60'000;
    if (rest[0] == '+') return ms - offset;
    if (rest[0] == '-') return ms + offset;
  }
  return std::nullopt;
}

std::string FormatInstant(std::int64_t ms) {
  std::int64_t days = ms / (24 * kHour);
  if (ms % (24 * kHour) < 0) --days;
  const std::int64_t rest = ms - days * 24 * kHour;
  const year_month_day day{sys_days{std::chrono::days{days}}};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()), static_cast<int>(rest / kHour),
                static_cast<int>(rest / 60'000 % 60), static_cast<int>(rest / 1'000 % 60),
                static_cast<int>(rest % 1'000));
  return text;
}

std::int64_t FirstOfAllInstants() {
  return ToMs(sys_days{std::chrono::year{1} / std::chrono::January / 1});
}

std::int64_t LastOfAllInstants() {
  return ToMs(sys_days{std::chrono::year{9999} / std::chrono::December / 31}) + 24 * kHour - 1;
}

std::optional<std::int64_t> UnitMilliseconds(const std::string& unit) {
  static const std::map<std::string, std::int64_t> kUnits = {{"ms", 1},
                                                             {"s", 1'000},
                                                             {"second", 1'000},
                                                             {"seconds", 1'000},
                                                             {"min", 60'000},
                                                             {"minute", 60'000},
                                                             {"minutes", 60'000},
                                                             {"h", kHour},
                                                             {"hour", kHour},
                                                             {"hours", kHour},
                                                             {"d", 24 * kHour},
                                                             {"day", 24 * kHour},
                                                             {"days", 24 * kHour},
                                                             {"w", 7 * 24 * kHour},
                                                             {"week", 7 * 24 * kHour},
                                                             {"weeks", 7 * 24 * kHour}};
  const auto found = kUnits.find(unit);
  return found == kUnits.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace writ::oracle
