// How much of what was recorded lies in what changed: the regions of an exact comparison, weighted
// by the events of a corpus.
//
// An event lies in the region of the two rows that decided it, each of its own table and as history
// recorded it (Horizon::kEvent). Some that are decided otherwise lie in none: the comparison did
// not settle their capability, the two versions read a meter or evidence otherwise (which the
// comparison notes), or only what is owed has changed. These are counted apart, so that the parts
// add up to what changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "writ/analysis/exact_diff.h"
#include "writ/evals/replay.h"
#include "writ/runtime/table.h"

namespace writ::evals {

struct Weight {
  std::uint64_t events = 0;
  std::uint64_t runs = 0;       // that have such an event, each once
  std::uint64_t leaned_on = 0;  // of `events`, where either decision leaned on a missing fact
};

// Decided otherwise, and in no region.
struct WeightElsewhere {
  std::string capability;     // empty: of several
  std::string before, after;  // what decides; both empty: see `obligations`
  bool obligations = false;   // decided alike; a note or notification was added or dropped
  Weight weight;
};

struct CorpusWeights {
  std::string corpus_digest;
  Weight replayed;              // all that was recorded
  Weight compared;              // of these, what the comparison is about
  Weight changed;               // of these, what is decided otherwise, or owes something else
  std::vector<Weight> regions;  // beside ExactDiff::regions
  std::vector<WeightElsewhere> elsewhere;  // most events first; what is left at the end, together
};

inline constexpr std::size_t kMostElsewhere = 100;

// What is compared: all of these hold; empty: any.
struct WeighOptions {
  std::string_view capability, role;
};

// REQUIRES: the result is of these tables, with Horizon::kEvent, and so is the comparison.
[[nodiscard]] CorpusWeights WeighRegions(const analysis::ExactDiff&, const runtime::Table& before,
                                         const runtime::Table& after, const ReplayResult&,
                                         const WeighOptions&);

}  // namespace writ::evals
