// How often this program has called operator new: for benchmarks that promise not to.
#pragma once

#include <cstddef>

namespace writ::bench {

std::size_t AllocationCount();

}  // namespace writ::bench
