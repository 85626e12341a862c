// How long windows of calendar months are.
#pragma once

#include <cstdint>

#include "space_impl.h"

namespace writ::analysis {

// No window of so many months is shorter or longer. REQUIRES: months > 0.
Range LengthOfMonths(const runtime::Table&, std::uint32_t months);

// Windows that end in `ends` (which has `now`) all have this length; or, where that is said, this
// start.
struct SteadyWindow {
  Range ends;
  std::int64_t length = 0, start = 0;
  bool fixed_start = false;
};
SteadyWindow SteadyAround(const runtime::Table&, std::int64_t now, std::uint32_t months);

}  // namespace writ::analysis
