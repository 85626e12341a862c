// The one place that knows the calendar: days become instants with Howard Hinnant's date library
// over the system's time zone data. Its exceptions (an unknown zone) end here.
#include "dates.h"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <exception>

namespace writ::compiler::check {
namespace {

using std::chrono::milliseconds;

const date::time_zone* Locate(std::string_view zone) {
  try {
    return date::locate_zone(zone);
  } catch (const std::exception&) {
    return nullptr;
  }
}

// Reads `count` digits at `at` and moves behind them.
std::optional<int> Digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + count, value);
  if (error != std::errc{} || end != begin + count || *begin == '-') return std::nullopt;
  at += count;
  return value;
}

bool Sign(std::string_view text, std::size_t& at, char sign) {
  if (at >= text.size() || text[at] != sign) return false;
  ++at;
  return true;
}

std::optional<date::local_days> ReadDay(std::string_view text, std::size_t& at) {
  const auto year = Digits(text, at, 4);
  if (!year || !Sign(text, at, '-')) return std::nullopt;
  const auto month = Digits(text, at, 2);
  if (!month || !Sign(text, at, '-')) return std::nullopt;
  const auto day = Digits(text, at, 2);
  if (!day) return std::nullopt;
  const date::year_month_day calendar{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                                      date::day{static_cast<unsigned>(*day)}};
  if (*year < 1 || !calendar.ok()) return std::nullopt;
  return date::local_days{calendar};
}

std::optional<std::int64_t> ToInstant(date::local_time<milliseconds> local, std::string_view zone) {
  if (zone.empty()) return local.time_since_epoch().count();
  const date::time_zone* located = Locate(zone);
  if (!located) return std::nullopt;
  try {
    return located->to_sys(local, date::choose::earliest).time_since_epoch().count();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

// Outside these the clocks stand still, so that a table lists their changes.
const date::sys_seconds kFirstClocks = date::sys_days{date::year{1970} / 1 / 1};
const date::sys_seconds kLastClocks = date::sys_days{date::year{2100} / 1 / 1};

// How far the clocks of the zone are ahead of UTC.
milliseconds OffsetAt(std::int64_t ms, std::string_view zone) {
  const date::time_zone* located = zone.empty() ? nullptr : Locate(zone);
  if (!located) return milliseconds{0};
  const auto at = date::floor<std::chrono::seconds>(date::sys_time<milliseconds>{milliseconds{ms}});
  return located->get_info(std::clamp(at, kFirstClocks, kLastClocks - std::chrono::seconds{1}))
      .offset;
}

// Where that month is shorter: its last day.
date::local_days MonthsAfter(date::local_days day, int months) {
  const date::year_month_day calendar = date::year_month_day{day} + date::months{months};
  return date::local_days{calendar.ok() ? calendar
                                        : calendar.year() / calendar.month() / date::last};
}

// ".123", "Z", "+02:00" behind the seconds.
struct Tail {
  milliseconds fraction{0};
  std::optional<std::chrono::minutes> offset;
};

std::optional<Tail> ReadTail(std::string_view text, std::size_t at) {
  Tail tail;
  if (Sign(text, at, '.')) {
    int unit = 100;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
      if (unit == 0) return std::nullopt;  // finer than a millisecond
      tail.fraction += milliseconds{(text[at] - '0') * unit};
    }
  }
  if (at == text.size()) return tail;
  if (Sign(text, at, 'Z')) {
    tail.offset = std::chrono::minutes{0};
  } else {
    const bool west = text[at] == '-';
    if (!west && text[at] != '+') return std::nullopt;
    ++at;
    const auto hours = Digits(text, at, 2);
    if (!hours || !Sign(text, at, ':')) return std::nullopt;
    const auto minutes = Digits(text, at, 2);
    if (!minutes || *hours > 18 || *minutes > 59) return std::nullopt;
    const int total = *hours * 60 + *minutes;
    tail.offset = std::chrono::minutes{west ? -total : total};
  }
  return at == text.size() ? std::optional{tail} : std::nullopt;
}

}  // namespace

bool KnownZone(std::string_view zone) { return zone.empty() || Locate(zone) != nullptr; }

std::optional<std::int64_t> FirstInstant(std::string_view text, std::string_view zone, int days) {
  std::size_t at = 0;
  const auto day = ReadDay(text, at);
  if (!day || at != text.size()) return std::nullopt;
  return ToInstant(*day + date::days{days}, zone);
}

std::optional<std::int64_t> Instant(std::string_view text, std::string_view zone) {
  std::size_t at = 0;
  const auto day = ReadDay(text, at);
  if (!day || !Sign(text, at, 'T')) return std::nullopt;
  const auto hour = Digits(text, at, 2);
  if (!hour || !Sign(text, at, ':')) return std::nullopt;
  const auto minute = Digits(text, at, 2);
  int second = 0;
  if (minute && Sign(text, at, ':')) {
    const auto read = Digits(text, at, 2);
    if (!read) return std::nullopt;
    second = *read;
  }
  if (!minute || *hour > 23 || *minute > 59 || second > 59) return std::nullopt;
  const auto tail = ReadTail(text, at);
  if (!tail) return std::nullopt;
  const date::local_time<milliseconds> local = *day + std::chrono::hours{*hour} +
                                               std::chrono::minutes{*minute} +
                                               std::chrono::seconds{second} + tail->fraction;
  if (!tail->offset) return ToInstant(local, zone);
  return (local - *tail->offset).time_since_epoch().count();
}

std::optional<std::int64_t> FirstInstantMonthsLater(std::string_view text, std::string_view zone,
                                                    std::uint32_t months) {
  std::size_t at = 0;
  const auto day = ReadDay(text, at);
  if (!day || at != text.size()) return std::nullopt;
  return ToInstant(MonthsAfter(*day, static_cast<int>(months)), zone);
}

std::string PrintDay(std::int64_t ms, std::string_view zone) {
  const auto local = date::local_time<milliseconds>{milliseconds{ms} + OffsetAt(ms, zone)};
  return date::format("%Y-%m-%d", date::floor<date::days>(local));
}

std::int64_t MonthsBefore(std::int64_t ms, std::string_view zone, std::uint32_t months) {
  const auto local = date::local_time<milliseconds>{milliseconds{ms} + OffsetAt(ms, zone)};
  const auto day = date::floor<date::days>(local);
  const auto before = MonthsAfter(day, -static_cast<int>(months)) + (local - day);
  const std::int64_t early = before.time_since_epoch().count();
  const std::int64_t offset = OffsetAt(0, zone).count();
  if (early - offset < 0) return early - offset;  // before the first change that counts
  return ToInstant(before, zone).value_or(early);
}

std::vector<table::ZoneChange> ZoneChanges(std::string_view zone) {
  std::vector<table::ZoneChange> changes;
  const date::time_zone* located = zone.empty() ? nullptr : Locate(zone);
  if (!located) return changes;
  for (date::sys_seconds at = kFirstClocks; at < kLastClocks;) {
    const date::sys_info info = located->get_info(at);
    const milliseconds offset = info.offset;
    if (changes.empty() || changes.back().offset_ms != offset.count()) {
      changes.push_back(
          {date::sys_time<milliseconds>(at).time_since_epoch().count(), offset.count()});
    }
    at = info.end;
  }
  return changes;
}

std::string PrintInstant(std::int64_t ms) {
  const date::sys_time<milliseconds> instant{milliseconds{ms}};
  if (ms % 1000 != 0) return date::format("%Y-%m-%dT%H:%M:%SZ", instant);
  return date::format("%Y-%m-%dT%H:%M:%SZ", date::floor<std::chrono::seconds>(instant));
}

}  // namespace writ::compiler::check
