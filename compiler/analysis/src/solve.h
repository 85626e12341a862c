// Whether atoms of entangled dimensions can occur together, and with which values.
#pragma once

#include <cstdint>
#include <vector>

#include "linear.h"
#include "space_impl.h"
#include "writ/analysis/bits.h"
#include "writ/analysis/witness.h"

namespace writ::analysis {

// A product of atom sets: one set per dimension, one truth per evidence slot.
struct Box {
  std::vector<AtomSet> atoms;
  std::vector<bool> fresh;
};

struct SolveResult {
  Feasibility feasibility = Feasibility::kUnknown;
  std::vector<ConcreteValue> given;  // kFeasible: beside Component::domains; what a request gives
  std::uint64_t steps = 0;
};

// Values of the component's facts that put each of its dimensions into the box. `prefer_now` is
// where times are put if nothing else says where.
SolveResult SolveComponent(const Space::Impl&, std::uint32_t component, const Box&,
                           std::int64_t prefer_now);

}  // namespace writ::analysis
