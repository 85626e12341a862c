// The depth limit, before any parser runs.
#pragma once

#include <cstdint>

#include "token.h"

namespace writ::lang {

// Replaces whatever is nested more than `max_depth` deep by one kBroken token with a problem, once
// for each place. Afterwards recursion over the brackets of `tokens` is bounded.
void LimitNesting(TokenList& tokens, std::uint32_t max_depth);

}  // namespace writ::lang
