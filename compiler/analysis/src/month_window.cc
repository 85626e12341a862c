// Within one local day, and as long as no clocks change at either end, a window of months moves
// with its end.
#include "month_window.h"

#include <algorithm>
#include <chrono>

#include "writ/runtime/calendar.h"

namespace writ::analysis {
namespace {

using namespace writ::runtime;

constexpr std::int64_t kDayMs = 86'400'000;

// Of 400 years from a January on whose year is a multiple of 400.
std::int64_t DaysInMonth(std::uint32_t i) {
  const std::uint32_t year = i / 12, month = i % 12;
  if (month == 1) return (year % 4 == 0 && year % 100 != 0) || year == 0 ? 29 : 28;
  return month == 3 || month == 5 || month == 8 || month == 10 ? 30 : 31;
}

struct Clocks {
  std::int64_t offset = 0;
  Range holds = {INT64_MIN, INT64_MAX};
};

Clocks ClocksAt(const Table& table, std::int64_t at) {
  Clocks clocks;
  for (std::uint32_t i = 0; i < table.zone_change_count(); ++i) {
    const ZoneChangeView change = table.ZoneChange(i);
    if (change.from_ms > at && i > 0) {
      clocks.holds.high = change.from_ms - 1;
      break;
    }
    clocks.offset = change.offset_ms;
    if (i > 0) clocks.holds.low = change.from_ms;
  }
  return clocks;
}

std::int64_t TimeOfDay(std::int64_t local) { return (local % kDayMs + kDayMs) % kDayMs; }

std::chrono::year_month_day DayOf(std::int64_t local) {
  return std::chrono::year_month_day{std::chrono::sys_days{
      std::chrono::floor<std::chrono::days>(std::chrono::milliseconds{local})}};
}

std::chrono::day LastOf(const std::chrono::year_month_day& day) {
  return (day.year() / day.month() / std::chrono::last).day();
}

std::int64_t Shift(std::int64_t x, std::int64_t by) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(x, by, &sum) ? (by < 0 ? INT64_MIN : INT64_MAX) : sum;
}

}  // namespace

// As many days as so many months on end have, over the 400 years after which calendars repeat;
// where the earlier month is too short for the day, the window is no longer than these. And by how
// much the clocks may differ between both ends.
Range LengthOfMonths(const Table& table, std::uint32_t months) {
  constexpr std::uint32_t kCycle = 4800;
  std::int64_t days = 0, least = INT64_MAX, most = 0;
  for (std::uint32_t i = 0; i < kCycle + months; ++i) {
    days += DaysInMonth(i % kCycle);
    if (i >= months) days -= DaysInMonth((i - months) % kCycle);
    if (i + 1 < months) continue;
    least = std::min(least, days);
    most = std::max(most, days);
  }
  std::int64_t earliest = 0, latest = 0;
  for (std::uint32_t i = 0; i < table.zone_change_count(); ++i) {
    const std::int64_t offset = table.ZoneChange(i).offset_ms;
    earliest = i == 0 ? offset : std::min(earliest, offset);
    latest = i == 0 ? offset : std::max(latest, offset);
  }
  return {least * kDayMs - (latest - earliest), most * kDayMs + (latest - earliest)};
}

SteadyWindow SteadyAround(const Table& table, std::int64_t now, std::uint32_t months) {
  const std::int64_t start = MonthsBefore(table, now, months);
  SteadyWindow steady{{now, now}, now - start, start, false};
  const Clocks here = ClocksAt(table, now), there = ClocksAt(table, start);
  const std::int64_t time = TimeOfDay(Shift(now, here.offset));
  if (time != TimeOfDay(Shift(start, there.offset))) {
    // It begins where the clocks were changed, as all do that would begin at a time that was
    // skipped; or it lies outside all calendars.
    const std::int64_t before = ClocksAt(table, Shift(start, -1)).offset;
    const std::int64_t skipped = there.offset - before;
    const std::int64_t into = TimeOfDay(Shift(time, -TimeOfDay(Shift(start, before))));
    steady.fixed_start = true;
    if (into < skipped) {
      steady.ends = {std::max(Shift(now, -into), here.holds.low),
                     std::min(Shift(now, skipped - 1 - into), here.holds.high)};
    }
    return steady;
  }
  const auto at_end = [&](std::int64_t begin) {
    return begin == INT64_MIN || begin == INT64_MAX ? begin : Shift(begin, steady.length);
  };
  // Of one month all days that the earlier month has, too; else this day alone.
  const std::chrono::year_month_day day = DayOf(Shift(now, here.offset)),
                                    begin = DayOf(Shift(start, there.offset));
  std::int64_t before = 0, after = 0;
  if (day.day() == begin.day()) {
    const unsigned last = std::min(unsigned{LastOf(day)}, unsigned{LastOf(begin)});
    before = unsigned{day.day()} - 1;
    after = last - unsigned{day.day()};
  }
  steady.ends.low =
      std::max({Shift(now, -time - before * kDayMs), here.holds.low, at_end(there.holds.low)});
  steady.ends.high = std::min(
      {Shift(now, (after + 1) * kDayMs - 1 - time), here.holds.high, at_end(there.holds.high)});
  return steady;
}

}  // namespace writ::analysis
