// Joins and side counts: what was observed, labels, load per anchor and day, coverage, missing
// facts; and the queries of replay.h that need nothing but a result.
#include "measure_parts.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace writ::evals {

using runtime::BuiltinRow;
using runtime::Verdict;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::size_t kDisagreementExamples = 5;

std::int64_t DayOf(std::int64_t ms) {
  return ms >= 0 ? ms / kDayMs : -((-ms + kDayMs - 1) / kDayMs);
}

bool Stops(const LaneDecision& decision) { return decision.verdict != Verdict::kAllow; }

}  // namespace

std::string_view HorizonName(Horizon horizon) {
  return horizon == Horizon::kEvent ? "event" : "run";
}

std::string_view DirectionName(Direction direction) {
  switch (direction) {
    case Direction::kSame:
      return "same";
    case Direction::kLoosened:
      return "loosened";
    case Direction::kTightened:
      return "tightened";
    case Direction::kRerouted:
      return "re-routed";
  }
  return "same";
}

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllow:
      return "allow";
    case Verdict::kEscalate:
      return "escalate";
    case Verdict::kDeny:
      return "deny";
  }
  return "deny";
}

std::string DecisionText(const LaneInfo& lane, const LaneDecision& decision) {
  std::string text(VerdictName(decision.verdict));
  if (decision.verdict == Verdict::kEscalate && decision.anchor.valid()) {
    text += " to " + lane.anchors[decision.anchor.value].name;
  }
  return text;
}

std::string RowText(const LaneInfo& lane, const LaneDecision& decision) {
  const auto fact = [&] {
    return decision.fact.valid() ? lane.facts[decision.fact.value].name : std::string("a fact");
  };
  switch (decision.builtin) {
    case BuiltinRow::kNone:
      if (!decision.clause.valid()) return {};
      return lane.clauses[decision.clause.value].words +
             (decision.for_want ? " (a fact that it reads is missing)" : "");
    case BuiltinRow::kUnknownCapability:
      return "the policy does not know this capability";
    case BuiltinRow::kMalformed:
      return "the value of `" + fact() + "` is malformed";
    case BuiltinRow::kMissingInput:
      return "the input `" + fact() + "` is missing";
    case BuiltinRow::kUndecided:
      return "no row holds";
  }
  return {};
}

std::vector<std::uint32_t> RecordsInside(const ReplayResult& result, LaneId lane_id,
                                         std::string_view clause, bool all) {
  const auto lane = static_cast<std::size_t>(lane_id);
  std::vector<bool> wanted(result.lane[lane].clauses.size());
  for (std::size_t c = 0; c < wanted.size(); ++c) {
    const ClauseInfo& info = result.lane[lane].clauses[c];
    wanted[c] = info.name == clause || (!clause.empty() && info.reason == clause);
  }
  std::vector<bool> inside(result.shapes.size());
  for (std::size_t s = 0; s < inside.size(); ++s) {
    for (const runtime::ClauseId held : result.shapes[s].lane[lane].inside)
      inside[s] = inside[s] || wanted[held.value];
  }
  std::vector<std::uint32_t> records;
  for (std::uint32_t i = 0; i < result.records.size(); ++i) {
    if (inside[result.records[i].shape] && (all || result.records[i].evidence()))
      records.push_back(i);
  }
  return records;
}

std::vector<std::string> RunsOf(const ReplayResult& result,
                                const std::vector<std::uint32_t>& records) {
  std::set<std::string> runs;
  for (const std::uint32_t record : records)
    runs.insert(result.runs[result.records[record].run].run);
  return {runs.begin(), runs.end()};
}

Membership RegionMembership(const ReplayResult& result, const Shape& shape,
                            std::string_view region) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const auto& names = result.lane[lane].regions;
    const auto at = std::find(names.begin(), names.end(), region);
    const bool knows = shape.lane[lane].decision.builtin != BuiltinRow::kUnknownCapability;
    if (at == names.end() || (lane == 0 && !knows)) continue;
    const auto index = static_cast<std::uint32_t>(at - names.begin());
    const auto has = [index](const std::vector<std::uint32_t>& all) {
      return std::binary_search(all.begin(), all.end(), index);
    };
    if (has(shape.lane[lane].regions)) return Membership::kInside;
    return has(shape.lane[lane].maybe_regions) ? Membership::kMaybe : Membership::kOutside;
  }
  return Membership::kOutside;
}

bool AgreesWithRecord(const ReplayResult& result, const EventRecord& record) {
  const std::string& observed = result.observed[record.observed];
  const LaneDecision& decision = result.shapes[record.shape].lane[0].decision;
  bool known = false;
  const Observed then = ParseObserved(observed, &known);
  if (then.verdict != decision.verdict) return false;
  return then.verdict != Verdict::kEscalate ||
         (decision.anchor.valid() &&
          result.lane[0].anchors[decision.anchor.value].name == then.anchor);
}

void CountDisagreements(const ReplayResult& result, const std::vector<bool>& shared,
                        const SummaryOptions&, ReplaySummary* out) {
  using Key = std::tuple<std::string, std::string, std::string>;
  struct Found {
    TallyCounter counter;
    Disagreement disagreement;
  };
  std::map<Key, Found> found;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Found*> memo;  // by observed and shape
  for (const EventRecord& record : result.records) {
    if (!record.evidence() || record.observed == 0) continue;
    ++out->observed_events;
    const auto [place, fresh] = memo.emplace(std::pair{record.observed, record.shape}, nullptr);
    if (fresh && !AgreesWithRecord(result, record)) {
      const LaneDecision& decision = result.shapes[record.shape].lane[0].decision;
      Disagreement row{.observed = result.observed[record.observed],
                       .baseline = DecisionText(result.lane[0], decision),
                       .words = RowText(result.lane[0], decision)};
      if (decision.clause.valid()) row.clause = result.lane[0].clauses[decision.clause.value].name;
      place->second = &found[{row.observed, row.baseline, row.words}];
      place->second->disagreement = std::move(row);
    }
    if (place->second == nullptr) {
      ++out->agreeing_events;
      continue;
    }
    place->second->counter.Add(result, shared, record);
    auto& examples = place->second->disagreement.example_runs;
    const std::string& run = result.runs[record.run].run;
    if (examples.size() < kDisagreementExamples && (examples.empty() || examples.back() != run))
      examples.push_back(run);
  }
  for (auto& [key, entry] : found) {
    entry.disagreement.tally = entry.counter.tally();
    out->disagreements.push_back(std::move(entry.disagreement));
  }
  std::stable_sort(
      out->disagreements.begin(), out->disagreements.end(),
      [](const Disagreement& a, const Disagreement& b) { return a.tally.events > b.tally.events; });
}

void CountLabels(const ReplayResult& result, ReplaySummary* out) {
  std::map<std::tuple<std::string, std::string, bool>, std::set<std::uint32_t>>
      labelled;  // runs, or records
  for (const LabelRecord& label : result.labels) {
    const bool of_run = label.record == kNoIndex;
    labelled[{label.name, label.value, of_run}].insert(of_run ? label.run : label.record);
  }
  if (labelled.empty()) return;
  std::array<std::vector<bool>, kLanes> run_stopped{std::vector<bool>(result.runs.size()),
                                                    std::vector<bool>(result.runs.size())};
  std::array<std::uint64_t, kLanes> events_stopped = {}, runs_stopped = {};
  std::uint64_t events = 0;
  for (const EventRecord& record : result.records) {
    if (!record.evidence()) continue;
    ++events;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (!Stops(result.shapes[record.shape].lane[lane].decision)) continue;
      ++events_stopped[lane];
      if (!run_stopped[lane][record.run]) ++runs_stopped[lane];
      run_stopped[lane][record.run] = true;
    }
  }
  for (const auto& [key, items] : labelled) {
    LabelJoin join{
        .name = std::get<0>(key), .value = std::get<1>(key), .of_runs = std::get<2>(key)};
    std::array<std::uint64_t, kLanes> stopped = {};
    for (const std::uint32_t item : items) {
      if (!join.of_runs && !result.records[item].evidence())
        continue;  // counterfactual: no evidence either way
      ++join.labelled;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const bool hit = join.of_runs
                             ? run_stopped[lane][item]
                             : Stops(result.shapes[result.records[item].shape].lane[lane].decision);
        if (hit) ++stopped[lane];
      }
    }
    join.others = (join.of_runs ? result.runs.size() : events) - join.labelled;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      join.stopped[lane] = stopped[lane];
      join.missed[lane] = join.labelled - stopped[lane];
      join.stopped_others[lane] =
          (join.of_runs ? runs_stopped[lane] : events_stopped[lane]) - stopped[lane];
    }
    out->labels.push_back(std::move(join));
  }
}

void CountLoad(const ReplayResult& result, ReplaySummary* out) {
  std::map<std::string, std::map<std::int64_t, std::array<std::uint64_t, kLanes>>> load;
  std::map<std::string, std::string> titles;
  for (const EventRecord& record : result.records) {
    if (!record.evidence()) continue;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const LaneDecision& decision = result.shapes[record.shape].lane[lane].decision;
      if (decision.verdict != Verdict::kEscalate || !decision.anchor.valid()) continue;
      const AnchorInfo& anchor = result.lane[lane].anchors[decision.anchor.value];
      ++load[anchor.name][DayOf(record.at_ms)][lane];
      titles[anchor.name] = anchor.title;
    }
  }
  for (const auto& [anchor, days] : load) {
    AnchorLoad row{.anchor = anchor, .title = titles[anchor]};
    for (const auto& [day, counts] : days) {
      row.days.push_back({day, counts});
      for (std::size_t lane = 0; lane < kLanes; ++lane) row.total[lane] += counts[lane];
    }
    out->load.push_back(std::move(row));
  }
}

void CountCoverage(const ReplayResult& result, ReplaySummary* out) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    for (const ClauseInfo& clause : result.lane[lane].clauses) {
      if (!clause.decides || clause.line == 0) continue;  // only what an author wrote to decide
      out->coverage[lane].push_back(
          {clause.name, clause.words, clause.reason, clause.won, clause.held});
    }
  }
}

void CountUnknownFacts(const ReplayResult& result, ReplaySummary* out) {
  std::map<std::string, UnknownFact> facts;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    for (const FactInfo& fact : result.lane[lane].facts) {
      if (fact.missing == 0 && fact.leaned_on == 0 && fact.leaked == 0 && fact.malformed == 0)
        continue;
      UnknownFact& row = facts[fact.name];
      row.name = fact.name;
      row.missing[lane] = fact.missing;
      row.leaned_on[lane] = fact.leaned_on;
      row.leaked = std::max(row.leaked, fact.leaked);
      row.malformed = std::max(row.malformed, fact.malformed);
    }
  }
  for (auto& [name, row] : facts) out->unknown_facts.push_back(std::move(row));
  std::stable_sort(out->unknown_facts.begin(), out->unknown_facts.end(),
                   [](const UnknownFact& a, const UnknownFact& b) {
                     return a.leaned_on[1] + a.missing[1] > b.leaned_on[1] + b.missing[1];
                   });
}

}  // namespace writ::evals
