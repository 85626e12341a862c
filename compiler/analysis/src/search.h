// The recursion over residual columns: finds a request whose columns meet a goal, or proves that
// there is none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "goal.h"
#include "solve.h"
#include "space_impl.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/region.h"

namespace writ::analysis {

// `within`: a smaller box of atoms to search, one set per dimension; null: all that the space
// allows.
Answer FindGoal(const Space::Impl&, const Goal&, const std::vector<AtomSet>* within, Budget&);

// A request in the box, confirmed by the runtime to meet the goal; nothing if there is none or if
// that stays open.
std::optional<Witness> Concretise(const Space::Impl&, const Goal&, const Box&,
                                  std::uint64_t* steps);

}  // namespace writ::analysis
