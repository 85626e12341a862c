// One pass over the events: both lanes decide, each keeps its own history, and what they said is
// folded into a shape.
//
// Entry point: Replay. A pass starts over in two cases, both rare: a case or session turns out to
// be shared by several runs (then the order must be by time), or the memory for meters was too
// small.
#include "writ/evals/replay.h"

#include <algorithm>
#include <unordered_map>

#include "hex.h"
#include "lane.h"
#include "replay_shapes.h"

namespace writ::evals {
namespace {

using runtime::Table;
using runtime::Verdict;

constexpr std::string_view kMissingText = "missing";

// Looked up by a view, so that an event whose run or text is known costs no string.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};
using IndexByText = std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>>;

enum class PassEnd : std::uint8_t { kDone, kNeedsTime, kNeedsMemory, kTooManyShapes, kCorpus };

struct RunState {
  std::array<std::uint32_t, kLanes> bound = {kNoIndex, kNoIndex};  // ordinal in the run
  std::array<BoundReason, kLanes> reason = {BoundReason::kExact, BoundReason::kExact};
  std::uint32_t count = 0, first_difference = kNoIndex;
};

// A pass over the events, from empty meters to the last record.
class Pass {
 public:
  Pass(const EventSource& source, const Table& baseline, const Table& candidate,
       const ReplayOptions& options, bool by_time, std::size_t capacity)
      : source_(source),
        options_(options),
        by_time_(by_time),
        lanes_{Lane(baseline, LaneOptions(options, capacity)),
               Lane(candidate, LaneOptions(options, capacity))},
        shapes_(baseline, candidate, options.max_shapes) {}

  PassEnd Run();
  std::size_t meter_bytes() const {
    return std::max(lanes_[0].meter_bytes(), lanes_[1].meter_bytes());
  }
  const CorpusError& corpus_error() const { return corpus_error_; }
  ReplayResult Finish();

 private:
  static Lane::Options LaneOptions(const ReplayOptions& options, std::size_t capacity) {
    return {capacity, options.horizon == Horizon::kRun, options.recording_is_complete};
  }
  bool Visit(const CorpusEvent& event);
  std::uint32_t FindRun(const CorpusEvent& event);
  bool SharesKey(const CorpusEvent& event, std::uint32_t run);
  void Follow(std::size_t lane, const CorpusEvent& event, const Effect& effect,
              const Observed& observed, const Answer& answer, RunState& run, EventRecord* record);
  bool Fits(std::size_t lane, const runtime::Decision& decision, const Effect& effect,
            const Observed& observed, BoundReason* reason) const;
  bool LaneCommits(std::size_t lane, const runtime::Decision& decision, const Effect& effect) const;
  bool HigherOrSame(std::size_t lane, std::string_view anchor, runtime::AnchorId asked) const;
  void KeepDetails(const CorpusEvent& event, std::uint32_t shape, std::uint32_t run,
                   bool disagrees);
  bool DisagreesWithRecord(const Observed& observed, const runtime::Decision& decision) const;
  void CountUnread(const CorpusEvent& event);
  std::uint32_t ObservedIndex(std::string_view text);
  void GroupRecords();
  void PlaceLabels();
  void CountLanes();
  void Describe(std::size_t lane);

  const EventSource& source_;
  const ReplayOptions& options_;
  const bool by_time_;
  std::array<Lane, kLanes> lanes_;
  ShapeTable shapes_;
  PassEnd end_ = PassEnd::kDone;
  CorpusError corpus_error_;

  ReplayResult result_;
  IndexByText run_index_, cluster_index_, observed_index_, case_run_, session_run_;
  std::vector<RunState> states_;
  std::vector<std::array<RunMemory, kLanes>> memory_;
  std::uint32_t last_run_ = kNoIndex;
  std::uint64_t done_ = 0;
  struct Kept {
    std::uint32_t count = 0, last_run = kNoIndex;
  };
  std::vector<Kept> kept_;
};

PassEnd Pass::Run() {
  result_.observed.emplace_back();
  result_.records.reserve(source_.event_count);
  const auto read =
      source_.for_each(by_time_, [this](const CorpusEvent& event) { return Visit(event); });
  if (!read) {
    corpus_error_ = read.error();
    return PassEnd::kCorpus;
  }
  if (options_.progress) options_.progress(done_, source_.event_count);
  return end_;
}

std::uint32_t Pass::FindRun(const CorpusEvent& event) {
  if (last_run_ != kNoIndex && result_.runs[last_run_].run == event.run) return last_run_;
  if (const auto known = run_index_.find(event.run); known != run_index_.end())
    return last_run_ = known->second;
  last_run_ = static_cast<std::uint32_t>(states_.size());
  run_index_.emplace(event.run, last_run_);
  RunRecord record;
  record.run = event.run;
  const auto at =
      std::lower_bound(source_.clusters.begin(), source_.clusters.end(), event.run,
                       [](const auto& entry, std::string_view run) { return entry.first < run; });
  const std::string& cluster =
      at != source_.clusters.end() && at->first == event.run ? at->second : record.run;
  const auto [place, fresh_cluster] =
      cluster_index_.emplace(cluster, static_cast<std::uint32_t>(result_.clusters.size()));
  if (fresh_cluster) result_.clusters.push_back(cluster);
  record.cluster = place->second;
  result_.runs.push_back(std::move(record));
  states_.emplace_back();
  if (by_time_ || memory_.empty()) {
    memory_.emplace_back();
  } else {  // run by run: one memory does, and meters start anew
    memory_[0] = {};
    for (Lane& lane : lanes_) lane.Clear();
  }
  return last_run_;
}

// Run by run is only right while no case and no session is shared by several runs.
bool Pass::SharesKey(const CorpusEvent& event, std::uint32_t run) {
  const auto shared = [run](IndexByText& owners, std::string_view key) {
    if (key.empty()) return false;
    const auto owner = owners.find(key);
    if (owner != owners.end()) return owner->second != run;
    owners.emplace(key, run);
    return false;
  };
  const bool by_case = lanes_[0].keyed_by_case() || lanes_[1].keyed_by_case();
  const bool by_session = lanes_[0].keyed_by_session() || lanes_[1].keyed_by_session();
  if (by_case && event.case_id != event.run && shared(case_run_, event.case_id)) return true;
  return by_session && event.session != event.run && shared(session_run_, event.session);
}

bool Pass::HigherOrSame(std::size_t lane, std::string_view anchor, runtime::AnchorId asked) const {
  if (!asked.valid()) return false;
  const Table& own = lanes_[lane].table();
  return SameOrHigher(own, lanes_[1 - lane].table(), anchor, own.Anchor(asked).name);
}

bool Pass::Fits(std::size_t lane, const runtime::Decision& decision, const Effect& effect,
                const Observed& observed, BoundReason* reason) const {
  *reason = BoundReason::kDecision;
  switch (FitOf(decision.verdict, effect.kind)) {
    case Fit::kNo:
      return false;
    case Fit::kYes:
      return true;
    case Fit::kIfSameOrHigherApproved:
      return HigherOrSame(lane, effect.anchor, decision.anchor);
    case Fit::kIfSameOrHigherRefused:
      return observed.recorded && observed.verdict == Verdict::kEscalate &&
             HigherOrSame(lane, observed.anchor, decision.anchor);
    case Fit::kUnknown:
      *reason = BoundReason::kUnrecorded;
      return false;
  }
  return false;
}

// What a lane's own decision lets happen: an allowed request takes effect unless it failed by
// itself, an escalated one if the record shows an approval that suffices, a denied one never.
bool Pass::LaneCommits(std::size_t lane, const runtime::Decision& decision,
                       const Effect& effect) const {
  if (effect.kind == EffectKind::kNoted) return true;
  if (effect.kind == EffectKind::kFailed) return false;
  switch (decision.verdict) {
    case Verdict::kAllow:
      return true;
    case Verdict::kEscalate:
      return effect.kind == EffectKind::kApproved &&
             HigherOrSame(lane, effect.anchor, decision.anchor);
    case Verdict::kDeny:
      return false;
  }
  return false;
}

// Advances one lane's history past the event.
void Pass::Follow(std::size_t lane, const CorpusEvent& event, const Effect& effect,
                  const Observed& observed, const Answer& answer, RunState& run,
                  EventRecord* record) {
  const bool recorded = TookEffect(effect.kind);
  bool own = recorded;
  if (options_.horizon == Horizon::kRun) {
    own = LaneCommits(lane, answer.decision, effect);
    const auto after = static_cast<std::uint8_t>(kAfterBaselineBound << lane);
    if (run.bound[lane] != kNoIndex) {
      record->flags |= after;
    } else if (answer.tied) {  // this very event is not evidence
      run.bound[lane] = run.count;
      run.reason[lane] = BoundReason::kTiedRun;
      record->flags |= after;
    } else if (BoundReason reason; !Fits(lane, answer.decision, effect, observed, &reason)) {
      run.bound[lane] = run.count;
      run.reason[lane] = reason;
    }
  }
  lanes_[lane].Commit(own, recorded);
  if (own) lanes_[lane].Remember(event, memory_[by_time_ ? record->run : 0][lane]);
}

bool Pass::DisagreesWithRecord(const Observed& observed, const runtime::Decision& decision) const {
  if (!observed.recorded) return false;
  if (observed.verdict != decision.verdict) return true;
  const Table& table = lanes_[0].table();
  return decision.verdict == Verdict::kEscalate &&
         (!decision.anchor.valid() || table.FindAnchor(observed.anchor) != decision.anchor);
}

void Pass::KeepDetails(const CorpusEvent& event, std::uint32_t shape_index, std::uint32_t run,
                       bool disagrees) {
  const Shape& shape = shapes_.shapes()[shape_index];
  if (shape.direction == Direction::kSame && !shape.obligation_dropped && !disagrees &&
      !shape.unknown())
    return;
  if (kept_.size() <= shape_index) kept_.resize(shape_index + 1);
  Kept& kept = kept_[shape_index];
  if (kept.count >= options_.examples || kept.last_run == run ||
      result_.details.size() >= options_.max_details)
    return;
  ++kept.count;
  kept.last_run = run;
  EventDetail& detail = result_.details[event.event];
  for (const CorpusFact& fact : event.facts) {
    const bool unknown_then = fact.known_at_ms && *fact.known_at_ms > event.at_ms;
    detail.facts.emplace_back(fact.name, fact.missing   ? std::string(kMissingText)
                                         : unknown_then ? "not known yet"
                                                        : std::string(fact.value));
  }
  for (const auto& [name, value] : lanes_[1].WorkedOutFacts())
    detail.facts.emplace_back(name, value);
}

void Pass::CountUnread(const CorpusEvent& event) {
  for (std::size_t i = 0; i < event.facts.size(); ++i) {
    if (!lanes_[0].KnowsFact(i) && !lanes_[1].KnowsFact(i))
      ++result_.unread_facts[std::string(event.facts[i].name)];
  }
}

std::uint32_t Pass::ObservedIndex(std::string_view text) {
  if (text == result_.observed.back())
    return static_cast<std::uint32_t>(result_.observed.size() - 1);
  if (const auto known = observed_index_.find(text); known != observed_index_.end())
    return known->second;
  const auto index = static_cast<std::uint32_t>(result_.observed.size());
  observed_index_.emplace(text, index);
  result_.observed.emplace_back(text);
  return index;
}

bool Pass::Visit(const CorpusEvent& event) {
  const std::uint32_t run = FindRun(event);
  if (!by_time_ && SharesKey(event, run)) {
    end_ = PassEnd::kNeedsTime;
    return false;
  }
  if (done_ == 0) result_.first_ms = result_.last_ms = event.at_ms;
  result_.first_ms = std::min(result_.first_ms, event.at_ms);
  result_.last_ms = std::max(result_.last_ms, event.at_ms);

  bool known_effect = true, known_observed = true;
  const Effect effect = ParseEffect(event.effect, &known_effect);
  const Observed observed =
      event.observed ? ParseObserved(*event.observed, &known_observed) : Observed{};
  if (!known_effect) ++result_.unknown_effects[std::string(event.effect)];
  if (!known_observed) ++result_.unknown_effects[std::string(*event.observed)];

  EventRecord record{.event = event.event, .at_ms = event.at_ms, .run = run, .effect = effect.kind};
  if (observed.recorded) record.observed = ObservedIndex(*event.observed);
  auto& memory = memory_[by_time_ ? run : 0];
  const Answer* answers[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i)
    answers[i] = &lanes_[i].Decide(event, memory[i], result_.first_ms);
  CountUnread(event);
  record.shape = shapes_.Intern(event.capability, event.role, *answers[0], *answers[1]);
  if (record.shape == kNoIndex) {
    end_ = PassEnd::kTooManyShapes;
    return false;
  }
  RunState& state = states_[run];
  for (std::size_t i = 0; i < kLanes; ++i) {
    const Answer& answer = *answers[i];
    if (answer.leaked) record.flags |= kLeaked;
    if (answer.malformed) record.flags |= kMalformedValue;
    if (answer.too_early) record.flags |= kWindowTooEarly;
    if ((answer.evidence & 1) != 0) ++result_.lane[i].evidence_given;
    if ((answer.evidence & 2) != 0) ++result_.lane[i].evidence_derived;
    Follow(i, event, effect, observed, answer, state, &record);
    if (lanes_[i].overflowed()) {
      end_ = PassEnd::kNeedsMemory;
      return false;
    }
  }
  if (record.evidence()) {
    const Shape& shape = shapes_.shapes()[record.shape];
    if (shape.direction != Direction::kSame && state.first_difference == kNoIndex)
      state.first_difference = state.count;
    KeepDetails(event, record.shape, run, DisagreesWithRecord(observed, answers[0]->decision));
  }
  ++state.count;
  result_.records.push_back(record);
  if (++done_ % kProgressEvents == 0 && options_.progress)
    options_.progress(done_, source_.event_count);
  return true;
}

// Brings the records of each run together; a counting sort, so order inside a run stays.
void Pass::GroupRecords() {
  std::uint32_t next = 0;
  for (std::uint32_t r = 0; r < states_.size(); ++r) {
    RunRecord& run = result_.runs[r];
    const RunState& state = states_[r];
    run.first = next;
    run.count = state.count;
    next += state.count;
    for (std::size_t i = 0; i < kLanes; ++i) {
      run.bound[i] = state.bound[i] == kNoIndex ? kNoIndex : run.first + state.bound[i];
      run.reason[i] = state.reason[i];
    }
    run.first_difference =
        state.first_difference == kNoIndex ? kNoIndex : run.first + state.first_difference;
  }
  if (!by_time_ &&
      std::is_sorted(result_.records.begin(), result_.records.end(),
                     [](const EventRecord& a, const EventRecord& b) { return a.run < b.run; })) {
    return;
  }
  std::vector<std::uint32_t> place(states_.size());
  for (std::size_t r = 0; r < place.size(); ++r) place[r] = result_.runs[r].first;
  std::vector<EventRecord> grouped(result_.records.size());
  for (const EventRecord& record : result_.records) grouped[place[record.run]++] = record;
  result_.records = std::move(grouped);
}

void Pass::PlaceLabels() {
  std::unordered_map<std::int64_t, std::uint32_t> wanted;
  for (const CorpusLabel& label : source_.labels) {
    if (label.event) wanted.emplace(*label.event, kNoIndex);
  }
  for (std::uint32_t i = 0; i < result_.records.size() && !wanted.empty(); ++i) {
    const auto found = wanted.find(result_.records[i].event);
    if (found != wanted.end()) found->second = i;
  }
  for (const CorpusLabel& label : source_.labels) {
    const auto run = run_index_.find(label.run);
    const std::uint32_t record = label.event ? wanted[*label.event] : kNoIndex;
    const bool misplaced = label.event && (record == kNoIndex || run == run_index_.end() ||
                                           result_.records[record].run != run->second);
    if (run == run_index_.end() || misplaced) {
      ++result_.unplaced_labels;
      continue;
    }
    result_.labels.push_back({label.name, label.value, label.origin, run->second, record});
  }
}

// Counts per clause and fact follow from how often each shape occurs.
void Pass::CountLanes() {
  std::vector<std::uint64_t> evidence(result_.shapes.size());
  for (const EventRecord& record : result_.records) {
    if (record.evidence()) ++evidence[record.shape];
    if ((record.flags & kAfterBaselineBound) != 0) ++result_.lane[0].counterfactual_events;
    if ((record.flags & kAfterCandidateBound) != 0) ++result_.lane[1].counterfactual_events;
    if ((record.flags & kLeaked) != 0) ++result_.leaked_facts;
  }
  for (std::uint32_t s = 0; s < result_.shapes.size(); ++s) {
    for (std::size_t i = 0; i < kLanes; ++i) {
      const LaneShape& shape = result_.shapes[s].lane[i];
      LaneInfo& lane = result_.lane[i];
      if (shape.decision.clause.valid()) {
        ClauseInfo& clause = lane.clauses[shape.decision.clause.value];
        clause.won += evidence[s];
        if (shape.decision.unknown) clause.won_unknown += evidence[s];
      }
      for (const runtime::ClauseId clause : shape.inside)
        lane.clauses[clause.value].held += evidence[s];
      for (const runtime::FactId fact : shape.missing)
        lane.facts[fact.value].missing += evidence[s];
      for (const runtime::FactId fact : shape.leaned_on)
        lane.facts[fact.value].leaned_on += evidence[s];
    }
  }
  for (const RunRecord& run : result_.runs) {
    for (std::size_t i = 0; i < kLanes; ++i) {
      LaneInfo& lane = result_.lane[i];
      ++(run.bound[i] == kNoIndex ? lane.exact_runs : lane.bounded_runs);
      if (run.reason[i] == BoundReason::kUnrecorded) ++lane.bounded_unrecorded;
      if (run.reason[i] == BoundReason::kTiedRun) ++lane.bounded_tied;
    }
  }
}

// Names and words of one lane's table, copied so that a result outlives the table.
void Pass::Describe(std::size_t i) {
  const Table& table = lanes_[i].table();
  LaneInfo& lane = result_.lane[i];
  lane.policy = table.policy();
  lane.version = table.version();
  lane.title = table.title();
  lane.digest = Hex(table.digest());
  lane.left_effective_out = table.has_effective();
  for (std::uint32_t f = 0; f < table.fact_count(); ++f) {
    const runtime::FactView fact = table.Fact(runtime::FactId{f});
    if (fact.source == runtime::Source::kClaimed || fact.name.starts_with("confirmation."))
      lane.doors.emplace_back(fact.name);
  }
  for (std::uint32_t c = 0; c < table.clause_count(); ++c) {
    const runtime::ClauseView clause = table.Clause(runtime::ClauseId{c});
    const std::string_view authority =
        clause.authority.valid() ? table.Authority(clause.authority).name : std::string_view();
    lane.clauses.push_back({.name = std::string(clause.name),
                            .words = std::string(clause.words),
                            .reason = std::string(clause.reason),
                            .file = std::string(clause.file),
                            .authority = std::string(authority),
                            .line = clause.line});
  }
  for (std::uint32_t f = 0; f < table.fact_count(); ++f) {
    lane.facts.push_back({.name = std::string(table.Fact(runtime::FactId{f}).name),
                          .malformed = lanes_[i].malformed_by_fact[f],
                          .leaked = lanes_[i].leaked_by_fact[f]});
  }
  for (std::uint32_t m = 0; m < table.meter_count(); ++m) {
    lane.meters.push_back({std::string(table.Meter(runtime::MeterId{m}).name),
                           lanes_[i].too_early_by_meter[m],
                           lanes_[i].meter_across_runs(runtime::MeterId{m})});
  }
  for (std::uint32_t a = 0; a < table.anchor_count(); ++a) {
    const runtime::AnchorView anchor = table.Anchor(runtime::AnchorId{a});
    lane.anchors.push_back({std::string(anchor.name), std::string(anchor.title)});
  }
  for (std::uint32_t r = 0; r < table.region_count(); ++r)
    lane.regions.emplace_back(table.Region(r));
  lane.region_words.resize(lane.regions.size());
  for (std::uint32_t c = 0; c < table.capability_count(); ++c) {
    const runtime::MatrixView matrix = table.Matrix(runtime::CapabilityId{c});
    for (std::uint32_t k = 0; k < matrix.column_count(); ++k) {
      const runtime::ColumnView column = matrix.Column(k);
      if (column.clause.valid() && column.kind == runtime::ColumnKind::kDecision) {
        lane.clauses[column.clause.value].decides = true;
      }
      if (column.clause.valid() && column.kind == runtime::ColumnKind::kRegion) {
        lane.region_words[column.name] = lane.clauses[column.clause.value].words;
      }
    }
  }
}

ReplayResult Pass::Finish() {
  result_.horizon = options_.horizon;
  result_.by_time = by_time_;
  result_.corpus_digest = source_.digest;
  result_.shapes = std::move(shapes_.shapes());
  for (std::size_t i = 0; i < kLanes; ++i) Describe(i);
  GroupRecords();
  PlaceLabels();
  CountLanes();
  return std::move(result_);
}

}  // namespace

std::expected<ReplayResult, ReplayError> Replay(const EventSource& source, const Table& baseline,
                                                const Table& candidate,
                                                const ReplayOptions& options) {
  const auto reaches = [](const Table& table) { return Lane(table, {}).reaches_across_runs(); };
  bool by_time = reaches(baseline) || reaches(candidate);
  for (std::size_t capacity = kFirstCapacity;;) {
    Pass pass(source, baseline, candidate, options, by_time, capacity);
    switch (pass.Run()) {
      case PassEnd::kDone:
        return pass.Finish();
      case PassEnd::kNeedsTime:
        by_time = true;
        break;
      case PassEnd::kNeedsMemory:
        capacity *= 8;
        if (pass.meter_bytes() * 8 > options.max_session_bytes) {
          return std::unexpected(ReplayError{ReplayErrorCode::kMeterMemory, kMetersTooLarge});
        }
        break;
      case PassEnd::kTooManyShapes:
        return std::unexpected(
            ReplayError{ReplayErrorCode::kTooManyShapes,
                        "more distinct combinations of rows than can be kept; replay fewer runs"});
      case PassEnd::kCorpus:
        return std::unexpected(ReplayError{ReplayErrorCode::kCorpus, pass.corpus_error().message});
    }
  }
}

std::expected<EventSource, CorpusError> SourceOf(const Corpus& corpus) {
  EventSource source;
  source.digest = corpus.digest();
  source.run_count = corpus.run_count();
  source.event_count = corpus.event_count();
  source.for_each = [&corpus](bool by_time, const std::function<bool(const CorpusEvent&)>& visit) {
    return corpus.ForEachEvent(by_time, visit);
  };
  auto labels = corpus.Labels();
  if (!labels) return std::unexpected(labels.error());
  source.labels = std::move(*labels);
  auto clusters = corpus.Clusters();
  if (!clusters) return std::unexpected(clusters.error());
  source.clusters = std::move(*clusters);
  return source;
}

std::expected<ReplayResult, ReplayError> Replay(const Corpus& corpus, const Table& baseline,
                                                const Table& candidate,
                                                const ReplayOptions& options) {
  const auto source = SourceOf(corpus);
  if (!source)
    return std::unexpected(ReplayError{ReplayErrorCode::kCorpus, source.error().message});
  return Replay(*source, baseline, candidate, options);
}

}  // namespace writ::evals
