// Why clauses cannot be met together, step by step.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "writ/analysis/region.h"

namespace writ::analysis {

using ClauseOfLiterals = std::vector<std::int32_t>;

// Clauses that follow one by one from those given and the ones before, by unit propagation; the
// last is empty. Nothing: they can be met, or the budget ran out.
[[nodiscard]] std::optional<std::vector<ClauseOfLiterals>> Refute(
    const std::vector<ClauseOfLiterals>& clauses, Budget&);

}  // namespace writ::analysis
