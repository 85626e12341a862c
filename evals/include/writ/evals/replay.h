// Replay: past runs through two tables, in three lanes.
//
// *observed* is what was recorded, *baseline* what the table in force says, *candidate* what the
// new one says. Nothing is performed, no server is called; only what was known at the moment of
// each decision is used.
//
// Two questions, never mixed; each result names its own:
//   Horizon::kEvent  what would the policy say of each event as history recorded it? Meters count
//   what was recorded. Horizon::kRun    what would have happened? Each lane counts what its own
//   decisions let happen, and is bounded at the
//                    first decision that does not fit the record (compatibility.h). Later events
//                    are counterfactual.
//
// A result is bounded memory: a *shape* per distinct combination of decisions, rows and unknowns,
// and 40 bytes per event that point to it. Everything that is reported is counted from these;
// measure.h does it.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "writ/evals/compatibility.h"
#include "writ/evals/corpus.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::evals {

enum class Horizon : std::uint8_t { kEvent = 0, kRun = 1 };
std::string_view HorizonName(Horizon);  // "event", "run"

// How a decision moved from baseline to candidate. Anchors are compared by name, ranks by the
// baseline's table (a change does not pick its own judge) and, where it lacks one of them, the
// candidate's.
enum class Direction : std::uint8_t {
  kSame = 0,
  kLoosened =
      1,  // towards allow; to an anchor that is lower or incomparable; an obligation dropped
  kTightened = 2,  // the reverse
  kRerouted = 3,   // to an anchor of equal rank; an allow for which somebody else is accountable
};
std::string_view DirectionName(Direction);
std::string_view VerdictName(runtime::Verdict);

enum class LaneId : std::uint8_t { kBaseline = 0, kCandidate = 1 };
inline constexpr std::size_t kLanes = 2;

struct ReplayOptions {
  Horizon horizon = Horizon::kRun;
  std::uint32_t examples = 5;                // events whose facts are kept, per shape that differs
  std::uint32_t max_details = 20'000;        // and in all
  std::uint32_t max_shapes = 1u << 20;       // beyond: kTooManyShapes
  std::size_t max_session_bytes = 1u << 30;  // memory for meters, per lane; beyond: kMeterMemory
  // The recording starts with the first thing that ever happened. Where it does not (the default),
  // a meter whose window reaches across runs and back beyond the first event is missing, and
  // counted.
  bool recording_is_complete = false;
  std::function<void(std::uint64_t done, std::uint64_t total)>
      progress;  // may be empty; called every 65,536 events
};

enum class ReplayErrorCode : std::uint8_t { kCorpus, kTooManyShapes, kMeterMemory, kTable };
struct ReplayError {
  ReplayErrorCode code = ReplayErrorCode::kCorpus;
  std::string message;
};

// Where events come from: a corpus, or in tests a vector. Borrowed while Replay runs.
struct EventSource {
  std::string digest;
  std::uint64_t run_count = 0, event_count = 0;
  std::function<std::expected<void, CorpusError>(bool by_time,
                                                 const std::function<bool(const CorpusEvent&)>&)>
      for_each;
  std::vector<CorpusLabel> labels;
  std::vector<std::pair<std::string, std::string>> clusters;  // (run, cluster)
};
std::expected<EventSource, CorpusError> SourceOf(const Corpus&);  // borrows the corpus

// What a lane decided, as far as reports need it.
struct LaneDecision {
  runtime::Verdict verdict = runtime::Verdict::kDeny;
  runtime::BuiltinRow builtin = runtime::BuiltinRow::kNone;
  runtime::ClauseId clause;  // of the lane's table; invalid with a built-in row
  runtime::AnchorId anchor;  // escalate: to whom; allow: who is accountable
  runtime::FactId fact;      // malformed or missing input: which
  bool unknown = false;      // leaned on a missing fact
  bool for_want =
      false;  // the row that won holds only for want of a fact (a certain one may say the same)
  friend bool operator==(const LaneDecision&, const LaneDecision&) = default;
};

struct LaneShape {
  LaneDecision decision;
  std::vector<runtime::ClauseId>
      inside;                          // clauses with a row that holds, winning or not; ascending
  std::vector<std::uint32_t> regions;  // of the lane's table, ascending
  std::vector<std::uint32_t> maybe_regions;  // not inside for want of a fact only
  std::vector<runtime::FactId>
      missing;  // facts the capability's rows read and did not find, ascending
  std::vector<runtime::FactId> leaned_on;  // of these, the ones that made the decision unknown
  std::vector<std::string> obligations;    // "note …", "notify ANCHOR", ascending
};

struct Shape {
  std::string capability, role;
  std::array<LaneShape, kLanes> lane;
  Direction direction = Direction::kSame;
  bool obligation_dropped = false, obligation_added = false;
  bool unknown() const { return lane[0].decision.unknown || lane[1].decision.unknown; }
};

enum EventFlags : std::uint8_t {
  kAfterBaselineBound = 1,  // counterfactual in the baseline lane
  kAfterCandidateBound = 2,
  kLeaked = 4,           // a fact known later than the event was left out
  kMalformedValue = 8,   // a value that is not of its type
  kWindowTooEarly = 16,  // a meter was missing: its window begins before the recording
};

struct EventRecord {
  std::int64_t event = 0;
  std::int64_t at_ms = 0;
  std::uint32_t run = 0;       // index into ReplayResult::runs
  std::uint32_t shape = 0;     // index into ReplayResult::shapes
  std::uint32_t observed = 0;  // index into ReplayResult::observed; 0: not recorded
  EffectKind effect = EffectKind::kUnrecorded;
  std::uint8_t flags = 0;
  // Counted as evidence? (Both lanes still follow the record.)
  bool evidence() const { return (flags & (kAfterBaselineBound | kAfterCandidateBound)) == 0; }
};

inline constexpr std::uint32_t kNoIndex = 0xFFFFFFFFu;

// Why a lane left history.
enum class BoundReason : std::uint8_t {
  kExact = 0,       // it did not
  kDecision = 1,    // a decision that does not fit what was recorded
  kUnrecorded = 2,  // what came of the event was not recorded
  kTiedRun = 3,     // a meter that another run, which had left history, changed: this event is not
                    // evidence any more
};

struct RunRecord {
  std::string run;
  std::uint32_t cluster = 0;           // index into ReplayResult::clusters
  std::uint32_t first = 0, count = 0;  // its records: [first, first + count)
  std::array<std::uint32_t, kLanes> bound = {
      kNoIndex, kNoIndex};  // record at which the lane left history; kNoIndex: exact
  std::array<BoundReason, kLanes> reason = {BoundReason::kExact, BoundReason::kExact};
  std::uint32_t first_difference = kNoIndex;  // first evidence record whose decisions differ
};

struct ClauseInfo {
  std::string name, words, reason, file, authority;
  std::uint32_t line = 0;  // 0: not written by the author
  bool decides = false;    // has a decision column (else notes, notifies, regions, invariants)
  std::uint64_t won = 0, won_unknown = 0, held = 0;  // evidence events
};

struct FactInfo {
  std::string name;
  std::uint64_t missing = 0, leaned_on = 0, malformed = 0, leaked = 0;
};
struct MeterInfo {
  std::string name;
  std::uint64_t too_early = 0;
  bool across_runs = false;
};
struct AnchorInfo {
  std::string name, title;
};

struct LaneInfo {
  std::string policy, version, title, digest;  // digest: SHA-256 hex of the table
  bool left_effective_out =
      false;  // the table has a plain `effective` row; replay takes it as in force
  std::vector<ClauseInfo> clauses;   // by ClauseId
  std::vector<FactInfo> facts;       // by FactId
  std::vector<MeterInfo> meters;     // by MeterId
  std::vector<AnchorInfo> anchors;   // by AnchorId
  std::vector<std::string> regions;  // names
  // Facts through which what an outside party says may permit something: claims, confirmations.
  std::vector<std::string> doors;
  std::vector<std::string>
      region_words;  // the declaration; where the table has none, its rows in words
  std::uint64_t exact_runs = 0, bounded_runs = 0, bounded_unrecorded = 0, bounded_tied = 0,
                counterfactual_events = 0;
  std::uint64_t evidence_given = 0,
                evidence_derived = 0;  // requests whose evidence was recorded; was worked out here
};

// A fact as it stood at an event that serves as an example.
struct EventDetail {
  std::vector<std::pair<std::string, std::string>> facts;
};  // name, value; "missing" spelled out

struct LabelRecord {
  std::string name, value, origin;
  std::uint32_t run = 0;
  std::uint32_t record = kNoIndex;  // kNoIndex: about the run
};

struct ReplayResult {
  Horizon horizon = Horizon::kRun;
  bool by_time = false;  // across runs, since a meter key reaches across them; else run by run
  std::string corpus_digest;
  std::array<LaneInfo, kLanes> lane;
  std::vector<Shape> shapes;         // in order of first appearance
  std::vector<EventRecord> records;  // grouped by run, in order inside
  std::vector<RunRecord> runs;       // in order of first appearance
  std::vector<std::string> clusters;
  std::vector<std::string> observed;  // observed[0] is "": not recorded
  std::vector<LabelRecord> labels;
  std::map<std::int64_t, EventDetail> details;  // by event id
  std::map<std::string, std::uint64_t>
      unread_facts;  // facts of the corpus that neither table knows, with events
  std::map<std::string, std::uint64_t>
      unknown_effects;                // effects and observed decisions that are not in the schema
  std::uint64_t unplaced_labels = 0;  // about runs or events that are not in the corpus
  std::uint64_t leaked_facts = 0;
  std::int64_t first_ms = 0, last_ms = 0;
};

std::expected<ReplayResult, ReplayError> Replay(const Corpus&, const runtime::Table& baseline,
                                                const runtime::Table& candidate,
                                                const ReplayOptions&);
std::expected<ReplayResult, ReplayError> Replay(const EventSource&, const runtime::Table& baseline,
                                                const runtime::Table& candidate,
                                                const ReplayOptions&);

// Evidence events that lie in a row of the clause, whether or not that row wins. `clause`: a
// clause's name, or its reason (all clauses with that reason). Indices into records, ascending.
// With `all`, counterfactual events too.
std::vector<std::uint32_t> RecordsInside(const ReplayResult&, LaneId, std::string_view clause,
                                         bool all = false);
// The runs of these records, each once, by name.
std::vector<std::string> RunsOf(const ReplayResult&, const std::vector<std::uint32_t>& records);

// "escalate to refunds", "allow", "deny".
std::string DecisionText(const LaneInfo&, const LaneDecision&);
// The words of the row that decided; for a built-in row what it says.
std::string RowText(const LaneInfo&, const LaneDecision&);

}  // namespace writ::evals
