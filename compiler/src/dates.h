// Calendar days and instants, in a policy's zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

// "2026-10-01T12:00:00Z", with milliseconds only where there are some.
[[nodiscard]] std::string PrintInstant(std::int64_t ms);

}  // namespace writ::compiler::check
