// What is counted from a replay, for reports and gates. Each number comes with its denominator.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "writ/evals/replay.h"

namespace writ::evals {

struct Tally {
  std::uint64_t events = 0, runs = 0, clusters = 0;
};

// Counts events, and each run and cluster once. REQUIRES: records are added grouped by run.
class TallyCounter {
 public:
  // `shared`: per cluster, whether it has more than one run (SharedClusters).
  void Add(const ReplayResult&, const std::vector<bool>& shared, const EventRecord&);
  const Tally& tally() const { return tally_; }

 private:
  Tally tally_;
  std::uint32_t last_run_ = kNoIndex;
  std::unordered_set<std::uint32_t> seen_;  // of the shared clusters
};
std::vector<bool> SharedClusters(const ReplayResult&);

// One cell of the flip matrix.
struct FlipCell {
  std::string baseline, candidate;  // "allow", "escalate to refunds", "deny"
  Direction direction = Direction::kSame;
  Tally tally;
};

// One change: what the candidate decides otherwise, by capability and the pair of clauses
// responsible.
struct ChangeExample {
  std::string run, cluster;
  std::int64_t event = 0, at_ms = 0;
  std::uint32_t record = 0;
  std::string observed;
  EffectKind effect = EffectKind::kUnrecorded;
  std::vector<std::pair<std::string, std::string>> facts;
  bool exact = true;  // the run is exact in the candidate lane
  std::uint32_t position = 0,
                length = 0;  // this is event `position` (1-based) of the run's `length`
};
struct Change {
  std::string capability, role, baseline, candidate;  // decisions
  std::string baseline_clause, candidate_clause;      // names
  std::string baseline_words, candidate_words;        // the policy's own words
  std::string baseline_reason, candidate_reason;
  std::string candidate_file;
  std::uint32_t candidate_line = 0;
  Direction direction = Direction::kSame;
  std::vector<std::string> regions;
  Tally tally, unknown;  // of `tally`, those that leaned on a missing fact
  std::vector<ChangeExample> examples;
};

struct Disagreement {  // baseline against observed
  std::string observed, baseline, clause, words;
  Tally tally;
  std::vector<std::string> example_runs;
};

struct LabelJoin {
  std::string name, value;
  bool of_runs = false;  // counts runs; else events
  std::uint64_t labelled = 0, others = 0;
  std::array<std::uint64_t, kLanes> stopped = {}, missed = {},
                                    stopped_others = {};  // caught, missed, false alarms
};

struct DayLoad {
  std::int64_t day = 0;
  std::array<std::uint64_t, kLanes> escalations = {};
};  // days since 1970-01-01 UTC
struct AnchorLoad {
  std::string anchor, title;
  std::array<std::uint64_t, kLanes> total = {};
  std::vector<DayLoad> days;
};

struct RegionSummary {
  std::string name, words;
  bool in_baseline = false, in_candidate = false;
  Tally tally, maybe;                              // inside; not inside only for want of a fact
  std::array<std::uint64_t, 4> by_direction = {};  // events, by Direction
};

struct ClauseCoverage {
  std::string name, words, reason;
  std::uint64_t won = 0, held = 0;
  bool exercised() const { return held > 0; }
};

struct SliceSummary {
  std::string name;
  Tally tally;
  std::array<std::uint64_t, 4> by_direction = {};
};

struct UnknownFact {
  std::string name;
  std::array<std::uint64_t, kLanes> missing = {}, leaned_on = {};
  std::uint64_t leaked = 0, malformed = 0;
};

struct ReplaySummary {
  Tally all, evidence;  // everything; what counts
  std::array<Tally, 4> by_direction;
  std::uint64_t counterfactual = 0;
  std::array<std::array<std::uint64_t, 3>, kLanes> by_verdict = {};  // evidence events, by Verdict
  std::vector<FlipCell> flips;  // all cells, same ones included
  std::vector<Change> changes;  // loosened first, then by number of runs
  std::uint64_t observed_events = 0, agreeing_events = 0;
  std::vector<Disagreement> disagreements;
  std::vector<LabelJoin> labels;
  std::vector<AnchorLoad> load;
  std::vector<RegionSummary> regions;
  std::vector<SliceSummary> capabilities, roles;
  std::array<std::vector<ClauseCoverage>, kLanes> coverage;
  std::array<Tally, kLanes> unknown;  // decisions that leaned on a missing fact
  std::vector<UnknownFact> unknown_facts;
  std::uint64_t leaked_events = 0, malformed_events = 0, too_early_events = 0;
};

// Does an event of this shape lie in the region? The baseline's declaration counts, so that a
// change does not redraw what it is judged by; the candidate's where the baseline lacks the region,
// or the capability.
enum class Membership : std::uint8_t {
  kOutside,
  kMaybe,
  kInside
};  // maybe: not inside only for want of a fact
Membership RegionMembership(const ReplayResult&, const Shape&, std::string_view region);

struct SummaryOptions {
  std::uint32_t examples = 5;
};
ReplaySummary Summarise(const ReplayResult&, const SummaryOptions& = {});

}  // namespace writ::evals
