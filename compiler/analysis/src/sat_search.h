// The search for a request by clauses, for what the recursion does not settle.
#pragma once

#include <optional>
#include <vector>

#include "candidate.h"
#include "goal.h"
#include "space_impl.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/region.h"

namespace writ::analysis {

// Nothing: the budget ran out, or the clauses alone would exceed it.
std::optional<Answer> FindBySat(const Space::Impl&, const Goal&, const std::vector<AtomSet>* within,
                                Candidates&, Budget&);

}  // namespace writ::analysis
