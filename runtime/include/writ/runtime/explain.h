// A decision in words, for people and logs.
#pragma once

#include <cstddef>

#include "writ/runtime/decide.h"

namespace writ::runtime {

// Writes verdict, anchor, clause, reason and place, as lines of text, into `buffer` (`size` bytes,
// always ended by a NUL if size > 0) and returns the length that the whole text has, without the
// NUL: more than size - 1 means that it was cut. Ids that the table does not have are left out.
std::size_t Explain(const Table&, const Decision&, char* buffer, std::size_t size);

}  // namespace writ::runtime
