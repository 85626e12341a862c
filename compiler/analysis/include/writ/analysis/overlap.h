// Which rows share requests with which others, worked out for all pairs at once, 64 rows a word.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "writ/analysis/bits.h"
#include "writ/analysis/region.h"
#include "writ/analysis/space.h"
#include "writ/analysis/witness.h"
#include "writ/runtime/table.h"

namespace writ::analysis {

// By decision column, as atoms go: whether worked-out values can have them together is not asked.
struct ColumnPairs {
  std::vector<ColumnSet> meeting;     // columns that share an atom with it in every dimension
  std::vector<ColumnSet> containing;  // columns that admit all of its atoms
};
// Columns of the space that no allowed atom of some dimension lets hold meet and contain nothing.
[[nodiscard]] ColumnPairs CompareColumns(const Space&, Budget&);

// Two clauses that come out differently where both hold, neither of which is made to stand over the
// other: one that permits in so many words and one that denies or escalates, or escalations to two
// anchors; each holds somewhere without the other. Limits, requirements, guards and `otherwise`
// stand over or under others by their nature, and are not listed.
struct ClauseOverlap {
  runtime::ClauseId decides, yields;
  std::string outcome, other_outcome;  // of `decides`, of `yields`
  std::string size;                    // where both hold; as the sizes of DiffExactly
  bool at_most = false;                // an upper bound
  Witness witness;                     // both hold, and `decides` does
};
struct OverlapReport {
  std::vector<ClauseOverlap> overlaps;
  std::uint64_t open = 0;  // pairs that the budget left open, or values too entangled
  std::uint64_t more = 0;  // pairs that were not looked at
};
struct OverlapOptions {
  std::size_t most_pairs = 200;    // to ask about
  std::size_t most_boxes = 1'000;  // to count one overlap with; beyond, its size is left empty
};
[[nodiscard]] OverlapReport FindOverlaps(const Space&, Budget&, const OverlapOptions& = {});

}  // namespace writ::analysis
