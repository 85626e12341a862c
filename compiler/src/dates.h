// Calendar days and instants, in a policy's zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "writ/table/model.h"

namespace writ::compiler::check {

// Whether the machine's time zone data knows this IANA name. Empty is UTC.
[[nodiscard]] bool KnownZone(std::string_view zone);

// The first instant of the day `days` after `date` ("2026-10-01"), in milliseconds since 1970 UTC.
// Where a change of clocks swallows midnight, the day begins with the first instant that exists.
// Nothing if there is no such day, or it lies outside the years 1 to 9999. REQUIRES:
// KnownZone(zone).
[[nodiscard]] std::optional<std::int64_t> FirstInstant(std::string_view date, std::string_view zone,
                                                       int days = 0);

// "2026-10-01T12:00:00Z", with optional fraction and offset; without an offset, on the clocks of
// `zone`.
[[nodiscard]] std::optional<std::int64_t> Instant(std::string_view timestamp,
                                                  std::string_view zone);

// The first instant of the day `months` after `date`; where that month is shorter, of its last day.
[[nodiscard]] std::optional<std::int64_t> FirstInstantMonthsLater(std::string_view date,
                                                                  std::string_view zone,
                                                                  std::uint32_t months);

// "2026-10-01": the day on which the instant lies, on the clocks of `zone`.
[[nodiscard]] std::string PrintDay(std::int64_t ms, std::string_view zone);

// The same local time of day, `months` earlier (docs/semantics.md, M6.7).
[[nodiscard]] std::int64_t MonthsBefore(std::int64_t ms, std::string_view zone,
                                        std::uint32_t months);

// When the clocks of the zone change and what they show from then on, from 1970 to 2099, as far as
// the machine's data goes. Empty for UTC.
[[nodiscard]] std::vector<table::ZoneChange> ZoneChanges(std::string_view zone);

// "2026-10-01T12:00:00Z", with milliseconds only where there are some.
[[nodiscard]] std::string PrintInstant(std::int64_t ms);

}  // namespace writ::compiler::check
