// Windows of calendar months, on the clocks of a table's zone.
#pragma once

#include <cstdint>

#include "writ/runtime/table.h"

namespace writ::runtime {

// The same local time of day on the same day of the month, `months` earlier; where that month is
// shorter, on its last day. A local time that the clocks skip is the instant at which they were
// changed; one that comes twice is the earlier. Earlier than the year 1 and later than 9999 a month
// is a twelfth of a mean year.
std::int64_t MonthsBefore(const Table&, std::int64_t at_ms, std::uint32_t months);

// The first instant inside a window that ends at `now_ms`: `months` before it or, where these are
// 0, `window_ms`.
std::int64_t WindowStart(const Table&, std::int64_t now_ms, std::int64_t window_ms,
                         std::uint32_t months);

}  // namespace writ::runtime
