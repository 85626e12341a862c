// Dates and instants. An instant is milliseconds since 1970-01-01T00:00:00Z.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace writ::oracle {

// The first instant of the day "2026-10-01", moved by `days`, in `zone`: "" and "UTC", or a zone of
// Central Europe (one hour ahead; two from the last Sunday of March to the last of October).
// Nothing if there is no such day. Other zones are unknown to the oracle: a policy with one is not
// tested against it.
std::optional<std::int64_t> FirstInstant(const std::string& date, const std::string& zone,
                                         int days = 0);
bool KnowsZone(const std::string& zone);

// The first instant of the day `months` after that day (M10), and the instant at the same local
// time `months` earlier (M6.7).
std::optional<std::int64_t> FirstInstantAfterMonths(const std::string& date,
                                                    const std::string& zone, int months);
std::int64_t MonthsEarlier(std::int64_t instant, const std::string& zone, int months);

// "2026-10-01T12:00:00Z", "…:00.250Z", "…:00+02:00".
std::optional<std::int64_t> ParseInstant(const std::string& timestamp);
std::string FormatInstant(std::int64_t ms);

std::int64_t FirstOfAllInstants();  // year 1
std::int64_t LastOfAllInstants();   // year 9999

// Milliseconds in "min", "minutes", "h", …; nothing if it is no unit of duration.
std::optional<std::int64_t> UnitMilliseconds(const std::string& unit);

}  // namespace writ::oracle
