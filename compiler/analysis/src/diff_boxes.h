// The boxes of atoms that make up the regions of a diff, and how many requests lie in them.
#pragma once

#include <map>
#include <vector>

#include "candidate.h"
#include "count.h"
#include "diff_goal.h"

namespace writ::analysis {

struct RegionBoxes {
  std::vector<std::vector<AtomSet>> boxes;  // disjoint; one atom set per dimension
  Count size;                               // over the matrix's dimensions
};

// By pair of rows that decide differently, as `goal` knows them. `first`: columns that alone can
// make a difference. Nothing: more than `most_boxes` boxes, or the budget ran out. Where values are
// worked out, boxes of which no request exists are left out, and those about which that stays open
// are kept.
std::optional<std::map<RowPair, RegionBoxes>> FindBoxes(const Space::Impl&, const DiffGoal& goal,
                                                        const ColumnSet& first,
                                                        std::size_t most_boxes, Budget&);

}  // namespace writ::analysis
