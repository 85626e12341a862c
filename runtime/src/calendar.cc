// Months are counted on the calendar: days since 1970 become year, month and day and back (H.
// Hinnant, "chrono-compatible low-level date algorithms"). Local time is UTC and the offset that
// the table lists for the instant; before the first change that it lists the first offset holds.
#include "writ/runtime/calendar.h"

#include "frame.h"

namespace writ::runtime {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMeanMonthMs = 2'629'746'000;
constexpr std::int64_t kFirstMs = -62'135'596'800'000, kLastMs = 253'402'300'799'999;

struct Day {
  std::int64_t year;
  std::int64_t month, day;  // from 1
};

std::int64_t FloorDivide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

Day DayOf(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;  // from 0000-03-01
  const std::int64_t era = FloorDivide(shifted, 146'097), of_era = shifted - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t march = (5 * of_year + 2) / 153;  // months since March
  const std::int64_t month = march < 10 ? march + 3 : march - 9;
  return {year + era * 400 + (month <= 2 ? 1 : 0), month, of_year - (153 * march + 2) / 5 + 1};
}

std::int64_t DaysOf(Day d) {
  const std::int64_t year = d.year - (d.month <= 2 ? 1 : 0), era = FloorDivide(year, 400);
  const std::int64_t of_era_years = year - era * 400;
  const std::int64_t of_year =
      (153 * (d.month > 2 ? d.month - 3 : d.month + 9) + 2) / 5 + d.day - 1;
  return era * 146'097 + of_era_years * 365 + of_era_years / 4 - of_era_years / 100 + of_year -
         719'468;
}

std::int64_t LastDayOf(std::int64_t year, std::int64_t month) {
  if (month != 2) return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
}

struct Zone {
  const format::ZoneChangeRecord* changes;
  std::uint32_t count;

  // The last change at or before it; the first where there is none. REQUIRES: count > 0.
  std::uint32_t At(std::int64_t ms) const {
    std::uint32_t low = 0;
    for (std::uint32_t left = count; left > 1;) {
      const std::uint32_t half = left / 2;
      if (changes[low + half].from_ms <= ms) low += half;
      left -= half;
    }
    return low;
  }
  std::int64_t OffsetAt(std::int64_t ms) const {
    return count == 0 ? 0 : changes[At(ms)].offset_ms;
  }
  std::int64_t ToInstant(std::int64_t local_ms) const {
    if (count == 0) return local_ms;
    std::uint32_t i = At(local_ms - format::kMaxZoneOffsetMs);
    std::int64_t instant = local_ms - changes[i].offset_ms;
    for (; i + 1 < count && instant >= changes[i + 1].from_ms; ++i) {
      instant = local_ms - changes[i + 1].offset_ms;
      if (instant < changes[i + 1].from_ms) return changes[i + 1].from_ms;  // skipped
    }
    return instant;
  }
};

std::int64_t MonthsBefore(View v, std::int64_t at_ms, std::uint32_t months) {
  if (at_ms < kFirstMs || at_ms > kLastMs) {
    const std::int64_t span = std::int64_t{months} * kMeanMonthMs;
    return at_ms < INT64_MIN + span ? INT64_MIN : at_ms - span;
  }
  const Zone zone{v.Records<format::ZoneChangeRecord>(format::kZone), v.Count(format::kZone)};
  const std::int64_t local = at_ms + zone.OffsetAt(at_ms);
  const std::int64_t days = FloorDivide(local, kDayMs);
  Day day = DayOf(days);
  const std::int64_t month = day.year * 12 + day.month - 1 - std::int64_t{months};
  day.year = FloorDivide(month, 12);
  day.month = month - day.year * 12 + 1;
  const std::int64_t last = LastDayOf(day.year, day.month);
  if (day.day > last) day.day = last;
  return zone.ToInstant(DaysOf(day) * kDayMs + (local - days * kDayMs));
}

}  // namespace

std::int64_t WindowStart(View v, std::int64_t now_ms, std::int64_t window_ms,
                         std::uint32_t months) {
  if (months != 0) return MonthsBefore(v, now_ms, months);
  std::int64_t start = 0;
  return __builtin_sub_overflow(now_ms, window_ms, &start) ? INT64_MIN : start;
}

std::int64_t MonthsBefore(const Table& table, std::int64_t at_ms, std::uint32_t months) {
  return MonthsBefore(TableAccess::ViewOf(table), at_ms, months);
}

std::int64_t WindowStart(const Table& table, std::int64_t now_ms, std::int64_t window_ms,
                         std::uint32_t months) {
  return WindowStart(TableAccess::ViewOf(table), now_ms, window_ms, months);
}

}  // namespace writ::runtime
