// The gate: a replay in, one verdict out.
//
// A gate file (`gate.yaml`, docs/evals.md) lists what a change must not do, may do at most, and
// must show. Each gate is judged by what was counted; events that leaned on a missing fact count at
// their worst: a gate passes only if it passes with all of them against it, blocks only if it
// blocks with all of them for it, and is inconclusive otherwise. Composition: block over
// inconclusive over pass.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "writ/evals/measure.h"
#include "writ/evals/replay.h"
#include "writ/evals/statistics.h"

namespace writ::evals {

enum class GateKind : std::uint8_t { kForbid, kRate, kUnknown, kCoverage };
enum class Tier : std::uint8_t { kCritical, kSupporting, kAdvisory };
enum class Outcome : std::uint8_t { kPass = 0, kInconclusive = 1, kBlock = 2 };
std::string_view GateKindName(GateKind);
std::string_view TierName(Tier);
std::string_view OutcomeName(Outcome);  // "pass", "inconclusive", "block"

// What a `rate` counts.
enum class Property : std::uint8_t {
  kAllowed,
  kEscalated,
  kDenied,
  kStopped,  // stopped: escalated or denied
  kLoosened,
  kTightened,
  kRerouted,
  kChanged,
  kUnknown,
  kCaught,
  kMissed,
  kFalseAlarm,  // against `label`
};
enum class Unit : std::uint8_t { kEvents, kRuns };
enum class CoverageOf : std::uint8_t { kClauses, kRegions };

struct LabelSelector {
  std::string name;
  std::optional<std::string> value;
};  // no value: any

struct GateSpec {
  std::string name, reason;
  GateKind kind = GateKind::kForbid;
  Tier tier = Tier::kCritical;
  // Which events: all of these must hold. Empty: no restriction.
  std::string region, capability, role;
  std::optional<LabelSelector> label;
  std::vector<Direction> directions;       // forbid
  Property property = Property::kStopped;  // rate
  std::optional<Unit>
      unit;  // rate; unless said: runs where the gate's label is about runs, else events
  LaneId lane = LaneId::kCandidate;  // rate, unknown, coverage
  std::string fact;                  // unknown: only this fact
  CoverageOf coverage = CoverageOf::kClauses;
  std::optional<double> min, max;  // shares; forbid: `max` is a number of events, 0 unless said
  double confidence = 0.95;
  std::uint64_t minimum_runs = 0;                    // fewer runs to count: inconclusive
  Outcome on_inconclusive = Outcome::kInconclusive;  // or kBlock
  bool dry_run = false;
  std::uint32_t line = 0;  // 1-based, of the gate file
};

struct Waiver {
  std::string gate, owner, reason, expires;  // YYYY-MM-DD: the last day on which it holds
  std::uint32_t line = 0;
};

struct CorpusSpec {
  std::string path;                // may be empty if it is the only one: whichever corpus is given
  std::string mapping;             // the file that it must have been imported with; empty: any
  std::vector<std::string> gates;  // those that judge it; empty: all
  std::uint64_t minimum_runs = 0, minimum_clusters = 0;
  std::optional<std::uint32_t> newest_within_days;  // of the as-of date
};

struct GateFile {
  std::string name, title, baseline,
      candidate;             // paths as written; empty: given on the command line
  std::string path, digest;  // digest: SHA-256 hex of the file's bytes
  Horizon horizon = Horizon::kRun;
  std::vector<CorpusSpec> corpora;
  std::vector<GateSpec> gates;
  std::vector<Waiver> waivers;
};

struct GateFileError {
  std::uint32_t line = 0, column = 0;  // 1-based
  std::string message, hint;           // hint: may be empty
  std::string Text(std::string_view path) const;
};

// Strict: unknown and doubled keys, wrong kinds of value and meaningless combinations are errors,
// all of them in one go.
std::expected<GateFile, std::vector<GateFileError>> ReadGateFile(std::string_view yaml,
                                                                 std::string_view path);

struct GateResult {
  GateSpec spec;
  Outcome outcome = Outcome::kInconclusive;  // of the gate itself
  bool counts = true;                        // neither advisory, nor dry run, nor waived
  bool waived = false;
  std::string explanation;  // one or two sentences
  std::vector<std::string>
      notes;  // "by replay only; not proved", "region declared by the candidate only", …
  std::vector<std::string> example_runs;
  std::string region_words;
  std::optional<Share> share;  // rate, unknown, coverage
  Tally against, worst;  // forbid: events that break it; and those that may, for want of a fact
};

struct WaiverResult {
  Waiver waiver;
  bool expired = false, used = false;
};

struct GateOptions {
  std::string as_of;  // YYYY-MM-DD; today is the caller's business
  std::string tool_version;
  std::uint32_t examples = 5;
  // Both tables, so that a `forbid` is proved and not replayed alone; null: only replayed.
  const runtime::Table *baseline = nullptr, *candidate = nullptr;
  std::uint64_t max_steps = 50'000'000;  // of the proofs
  std::size_t corpus = 0;  // which of the file's corpora the runs are of; of no matter without any
};

struct GateVerdict {
  Outcome outcome = Outcome::kInconclusive;
  std::string sentence;  // the verdict in one line
  std::string next;      // what to do about it, for the `next:` line; empty on a pass
  std::vector<GateResult> gates;
  std::vector<WaiverResult> waivers;
  std::vector<std::string>
      corpus_findings;  // too few runs, too old: each makes the verdict inconclusive
  std::string gate_name, gate_digest, as_of, tool_version;
  int exit_code() const;  // 0 pass, 1 block, 3 inconclusive
};

// REQUIRES: options.as_of is a date (IsDate).
GateVerdict Judge(const GateFile&, const ReplayResult&, const ReplaySummary&, const GateOptions&);
bool IsDate(std::string_view);

}  // namespace writ::evals
