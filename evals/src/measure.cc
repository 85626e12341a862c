// Counting: one walk over the records, each of which points to a shape; what a report names is
// looked up per shape.
//
// Entry point: Summarise. Only evidence counts; counterfactual events are counted apart and go
// nowhere else.
#include "writ/evals/measure.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <tuple>

#include "measure_parts.h"

namespace writ::evals {

using runtime::Verdict;

void TallyCounter::Add(const ReplayResult& result, const std::vector<bool>& shared,
                       const EventRecord& record) {
  ++tally_.events;
  if (record.run == last_run_) return;
  last_run_ = record.run;
  ++tally_.runs;
  const std::uint32_t cluster = result.runs[record.run].cluster;
  if (!shared[cluster] || seen_.insert(cluster).second) ++tally_.clusters;
}

std::vector<bool> SharedClusters(const ReplayResult& result) {
  std::vector<bool> seen(result.clusters.size()), shared(result.clusters.size());
  for (const RunRecord& run : result.runs) {
    if (seen[run.cluster]) shared[run.cluster] = true;
    seen[run.cluster] = true;
  }
  return shared;
}

namespace {

// Counters for everything that a shape decides, so that the walk over the records only adds.
struct Walk {
  TallyCounter all, evidence;
  std::array<TallyCounter, 4> by_direction;
  std::vector<TallyCounter> flips, changes, regions, maybe_regions, capabilities, roles;
  std::array<TallyCounter, kLanes> unknown;
  std::vector<TallyCounter> changes_unknown;
};

// Where a shape is counted.
struct Places {
  std::uint32_t flip = 0, change = kNoIndex, capability = 0, role = 0;
  std::vector<std::uint32_t> regions, maybe_regions;
};

template <typename Key>
std::uint32_t Place(std::map<Key, std::uint32_t>& places, const Key& key) {
  return places.emplace(key, static_cast<std::uint32_t>(places.size())).first->second;
}

class Summary {
 public:
  Summary(const ReplayResult& result, const SummaryOptions& options)
      : result_(result), options_(options), shared_(SharedClusters(result)) {}
  ReplaySummary Make();

 private:
  void PlaceShapes();
  std::uint32_t PlaceChange(const Shape& shape);
  void WalkRecords();
  void AddExample(std::uint32_t index, std::uint32_t change);
  void Fill();
  void SortAll();
  SliceSummary& Slice(std::vector<SliceSummary>& slices, std::uint32_t at, const std::string& name);

  const ReplayResult& result_;
  const SummaryOptions& options_;
  const std::vector<bool> shared_;
  ReplaySummary out_;
  Walk walk_;
  std::vector<Places> places_;
  std::map<std::string, std::uint32_t> region_place_;
};

SliceSummary& Summary::Slice(std::vector<SliceSummary>& slices, std::uint32_t at,
                             const std::string& name) {
  if (slices.size() <= at) slices.resize(at + 1);
  slices[at].name = name;
  return slices[at];
}

std::uint32_t Summary::PlaceChange(const Shape& shape) {
  Change change;
  change.capability = shape.capability;
  change.role = shape.role;
  change.direction = shape.direction;
  change.baseline = DecisionText(result_.lane[0], shape.lane[0].decision);
  change.candidate = DecisionText(result_.lane[1], shape.lane[1].decision);
  change.baseline_words = RowText(result_.lane[0], shape.lane[0].decision);
  change.candidate_words = RowText(result_.lane[1], shape.lane[1].decision);
  if (const auto clause = shape.lane[0].decision.clause; clause.valid()) {
    change.baseline_clause = result_.lane[0].clauses[clause.value].name;
    change.baseline_reason = result_.lane[0].clauses[clause.value].reason;
  }
  if (const auto clause = shape.lane[1].decision.clause; clause.valid()) {
    const ClauseInfo& info = result_.lane[1].clauses[clause.value];
    change.candidate_clause = info.name;
    change.candidate_reason = info.reason;
    change.candidate_file = info.file;
    change.candidate_line = info.line;
  }
  const auto same =
      std::find_if(out_.changes.begin(), out_.changes.end(), [&](const Change& other) {
        return std::tie(other.capability, other.role, other.baseline, other.candidate,
                        other.baseline_clause, other.candidate_clause, other.baseline_words,
                        other.candidate_words, other.direction) ==
               std::tie(change.capability, change.role, change.baseline, change.candidate,
                        change.baseline_clause, change.candidate_clause, change.baseline_words,
                        change.candidate_words, change.direction);
      });
  const auto at = static_cast<std::uint32_t>(same - out_.changes.begin());
  if (same == out_.changes.end()) out_.changes.push_back(std::move(change));
  for (const std::uint32_t region : shape.lane[0].regions) {
    const std::string& name = result_.lane[0].regions[region];
    auto& names = out_.changes[at].regions;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return at;
}

// Regions as RegionMembership has them, for all at once.
void Summary::PlaceShapes() {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    for (std::size_t r = 0; r < result_.lane[lane].regions.size(); ++r) {
      const std::uint32_t at = Place(region_place_, result_.lane[lane].regions[r]);
      if (out_.regions.size() <= at) out_.regions.resize(at + 1);
      RegionSummary& region = out_.regions[at];
      region.name = result_.lane[lane].regions[r];
      (lane == 0 ? region.in_baseline : region.in_candidate) = true;
      if (region.words.empty()) region.words = result_.lane[lane].region_words[r];
    }
  }
  std::map<std::pair<std::string, std::string>, std::uint32_t> flips;
  std::map<std::string, std::uint32_t> capabilities, roles;
  for (const Shape& shape : result_.shapes) {
    Places places;
    const std::string from = DecisionText(result_.lane[0], shape.lane[0].decision);
    const std::string to = DecisionText(result_.lane[1], shape.lane[1].decision);
    places.flip = Place(flips, {from, to});
    if (out_.flips.size() <= places.flip) out_.flips.push_back({from, to, Direction::kSame, {}});
    Direction& direction = out_.flips[places.flip].direction;
    if (direction == Direction::kSame) direction = shape.direction;
    if (shape.direction != Direction::kSame) places.change = PlaceChange(shape);
    places.capability = Place(capabilities, shape.capability);
    places.role = Place(roles, shape.role);
    Slice(out_.capabilities, places.capability, shape.capability);
    Slice(out_.roles, places.role, shape.role);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const auto add = [&](const std::vector<std::uint32_t>& from_shape,
                           std::vector<std::uint32_t>& to_places) {
        for (const std::uint32_t r : from_shape) {
          const std::uint32_t at = region_place_.at(result_.lane[lane].regions[r]);
          const bool baseline_knows =
              shape.lane[0].decision.builtin != runtime::BuiltinRow::kUnknownCapability;
          if (lane == 1 && out_.regions[at].in_baseline && baseline_knows) continue;
          to_places.push_back(at);
        }
      };
      add(shape.lane[lane].regions, places.regions);
      add(shape.lane[lane].maybe_regions, places.maybe_regions);
    }
    places_.push_back(std::move(places));
  }
}

void Summary::AddExample(std::uint32_t index, std::uint32_t change) {
  std::vector<ChangeExample>& examples = out_.changes[change].examples;
  const EventRecord& record = result_.records[index];
  const RunRecord& run = result_.runs[record.run];
  if (examples.size() >= options_.examples || (!examples.empty() && examples.back().run == run.run))
    return;
  ChangeExample example;
  example.run = run.run;
  example.cluster = result_.clusters[run.cluster];
  example.event = record.event;
  example.at_ms = record.at_ms;
  example.record = index;
  example.observed = result_.observed[record.observed];
  example.effect = record.effect;
  const auto detail = result_.details.find(record.event);
  if (detail == result_.details.end())
    return;  // further ones of the same shape are not kept either
  example.facts = detail->second.facts;
  example.exact = run.bound[1] == kNoIndex;
  example.position = index - run.first + 1;
  example.length = run.count;
  examples.push_back(std::move(example));
}

void Summary::WalkRecords() {
  walk_.flips.resize(out_.flips.size());
  walk_.changes.resize(out_.changes.size());
  walk_.changes_unknown.resize(out_.changes.size());
  walk_.regions.resize(out_.regions.size());
  walk_.maybe_regions.resize(out_.regions.size());
  walk_.capabilities.resize(out_.capabilities.size());
  walk_.roles.resize(out_.roles.size());
  for (std::uint32_t i = 0; i < result_.records.size(); ++i) {
    const EventRecord& record = result_.records[i];
    const auto add = [&](TallyCounter& counter) { counter.Add(result_, shared_, record); };
    add(walk_.all);
    if (!record.evidence()) {
      ++out_.counterfactual;
      continue;
    }
    add(walk_.evidence);
    const Shape& shape = result_.shapes[record.shape];
    const Places& places = places_[record.shape];
    const auto direction = static_cast<std::size_t>(shape.direction);
    add(walk_.by_direction[direction]);
    add(walk_.flips[places.flip]);
    add(walk_.capabilities[places.capability]);
    add(walk_.roles[places.role]);
    ++out_.capabilities[places.capability].by_direction[direction];
    ++out_.roles[places.role].by_direction[direction];
    if (places.change != kNoIndex) {
      add(walk_.changes[places.change]);
      if (shape.unknown()) add(walk_.changes_unknown[places.change]);
      AddExample(i, places.change);
    }
    for (const std::uint32_t region : places.regions) {
      add(walk_.regions[region]);
      ++out_.regions[region].by_direction[direction];
    }
    for (const std::uint32_t region : places.maybe_regions) add(walk_.maybe_regions[region]);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const LaneDecision& decision = shape.lane[lane].decision;
      ++out_.by_verdict[lane][static_cast<std::size_t>(decision.verdict)];
      if (decision.unknown) add(walk_.unknown[lane]);
    }
    if ((record.flags & kLeaked) != 0) ++out_.leaked_events;
    if ((record.flags & kMalformedValue) != 0) ++out_.malformed_events;
    if ((record.flags & kWindowTooEarly) != 0) ++out_.too_early_events;
  }
}

void Summary::Fill() {
  out_.all = walk_.all.tally();
  out_.evidence = walk_.evidence.tally();
  for (std::size_t d = 0; d < 4; ++d) out_.by_direction[d] = walk_.by_direction[d].tally();
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    out_.unknown[lane] = walk_.unknown[lane].tally();
  const auto copy = [](auto& items, const std::vector<TallyCounter>& counters) {
    for (std::size_t i = 0; i < items.size(); ++i) items[i].tally = counters[i].tally();
  };
  copy(out_.flips, walk_.flips);
  copy(out_.changes, walk_.changes);
  copy(out_.regions, walk_.regions);
  copy(out_.capabilities, walk_.capabilities);
  copy(out_.roles, walk_.roles);
  for (std::size_t i = 0; i < out_.changes.size(); ++i)
    out_.changes[i].unknown = walk_.changes_unknown[i].tally();
  for (std::size_t i = 0; i < out_.regions.size(); ++i)
    out_.regions[i].maybe = walk_.maybe_regions[i].tally();
}

void Summary::SortAll() {
  const auto weight = [](Direction direction) {
    switch (direction) {
      case Direction::kLoosened:
        return 0;
      case Direction::kTightened:
        return 1;
      case Direction::kRerouted:
        return 2;
      case Direction::kSame:
        return 3;
    }
    return 3;
  };
  std::erase_if(out_.changes, [](const Change& change) { return change.tally.events == 0; });
  std::erase_if(out_.flips, [](const FlipCell& cell) { return cell.tally.events == 0; });
  // The longest step first: what was denied and is allowed before what merely skips a question.
  const auto strictness = [](const std::string& decision) {
    return decision == "deny" ? 2 : decision == "allow" ? 0 : 1;
  };
  const auto step = [&](const Change& c) {
    return std::abs(strictness(c.baseline) - strictness(c.candidate));
  };
  std::stable_sort(out_.changes.begin(), out_.changes.end(), [&](const Change& a, const Change& b) {
    return std::make_tuple(weight(a.direction), step(b), b.tally.runs, b.tally.events) <
           std::make_tuple(weight(b.direction), step(a), a.tally.runs, a.tally.events);
  });
  std::stable_sort(out_.flips.begin(), out_.flips.end(), [&](const FlipCell& a, const FlipCell& b) {
    return std::tie(a.baseline, a.candidate) < std::tie(b.baseline, b.candidate);
  });
  const auto by_events = [](const SliceSummary& a, const SliceSummary& b) {
    return std::tie(b.tally.events, a.name) < std::tie(a.tally.events, b.name);
  };
  std::sort(out_.capabilities.begin(), out_.capabilities.end(), by_events);
  std::sort(out_.roles.begin(), out_.roles.end(), by_events);
  std::sort(out_.regions.begin(), out_.regions.end(),
            [](const RegionSummary& a, const RegionSummary& b) { return a.name < b.name; });
}

ReplaySummary Summary::Make() {
  PlaceShapes();
  WalkRecords();
  Fill();
  SortAll();
  CountDisagreements(result_, shared_, options_, &out_);
  CountLabels(result_, &out_);
  CountLoad(result_, &out_);
  CountCoverage(result_, &out_);
  CountUnknownFacts(result_, &out_);
  return std::move(out_);
}

}  // namespace

ReplaySummary Summarise(const ReplayResult& result, const SummaryOptions& options) {
  return Summary(result, options).Make();
}

}  // namespace writ::evals
