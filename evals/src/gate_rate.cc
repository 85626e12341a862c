// Judging `rate`: a share of events or runs, with the interval that its clusters allow.
//
// Two counts are made. At the worst every item that leaned on a missing fact goes against the gate,
// at the best for it. A gate passes if the bound of the worst count keeps the threshold, blocks if
// the bound of the best one breaks it, and is inconclusive between. Bounds are one-sided at the
// gate's confidence.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "gate_judge.h"
#include "gate_names.h"
#include "writ/evals/report.h"

namespace writ::evals {
namespace {

using runtime::Verdict;

// What one event or run contributes.
struct Item {
  Truth selected = Truth::kNo;
  Truth property = Truth::kNo;
};

Truth Decided(const LaneDecision& decision, bool holds) {
  if (decision.unknown) return Truth::kMaybe;
  return holds ? Truth::kYes : Truth::kNo;
}

Truth Moved(const Shape& shape, bool holds) {
  if (shape.unknown()) return Truth::kMaybe;
  return holds ? Truth::kYes : Truth::kNo;
}

Truth HasProperty(const GateSpec& spec, const Shape& shape) {
  const LaneDecision& decision = shape.lane[static_cast<std::size_t>(spec.lane)].decision;
  switch (spec.property) {
    case Property::kAllowed:
    case Property::kMissed:
      return Decided(decision, decision.verdict == Verdict::kAllow);
    case Property::kEscalated:
      return Decided(decision, decision.verdict == Verdict::kEscalate);
    case Property::kDenied:
      return Decided(decision, decision.verdict == Verdict::kDeny);
    case Property::kStopped:
    case Property::kCaught:
    case Property::kFalseAlarm:
      return Decided(decision, decision.verdict != Verdict::kAllow);
    case Property::kLoosened:
      return Moved(shape, shape.direction == Direction::kLoosened);
    case Property::kTightened:
      return Moved(shape, shape.direction == Direction::kTightened);
    case Property::kRerouted:
      return Moved(shape, shape.direction == Direction::kRerouted);
    case Property::kChanged:
      return Moved(shape, shape.direction != Direction::kSame);
    case Property::kUnknown:
      return decision.unknown ? Truth::kYes : Truth::kNo;
  }
  return Truth::kNo;
}

// Items that carry the gate's label: runs, and events.
struct Labelled {
  std::vector<bool> runs, touched_runs;  // labelled itself; or one of its events is
  std::unordered_set<std::uint32_t> records;
  bool any = false, of_runs = false;
};

Labelled FindLabelled(const ReplayResult& result, const LabelSelector& selector) {
  Labelled labelled{std::vector<bool>(result.runs.size()),
                    std::vector<bool>(result.runs.size()),
                    {},
                    false,
                    false};
  for (const LabelRecord& label : result.labels) {
    if (label.name != selector.name || (selector.value && label.value != *selector.value)) continue;
    labelled.any = true;
    labelled.touched_runs[label.run] = true;
    if (label.record == kNoIndex) {
      labelled.runs[label.run] = labelled.of_runs = true;
    } else {
      labelled.records.insert(label.record);
    }
  }
  return labelled;
}

// Counts per cluster, once with the open items counted for the property where that raises the
// share, once against.
class Counter {
 public:
  explicit Counter(const ReplayResult& result)
      : result_(result), high_(Clusters()), low_(Clusters()), sure_(Clusters()) {}

  void Add(std::uint32_t cluster, const Item& item) {
    if (item.selected == Truth::kNo) return;
    const bool surely_in = item.selected == Truth::kYes;
    const auto count = [cluster](std::vector<ClusterCount>& counts, bool has) {
      ++counts[cluster].denominator;
      counts[cluster].numerator += has ? 1 : 0;
    };
    const bool possible = item.property != Truth::kNo, sure = item.property == Truth::kYes;
    if (surely_in || possible) count(high_, possible);
    if (surely_in || !sure) count(low_, sure);
    if (surely_in) count(sure_, sure);
    if (!surely_in || item.property == Truth::kMaybe) ++open_;
  }
  const std::vector<ClusterCount>& high() const { return high_; }
  const std::vector<ClusterCount>& low() const { return low_; }
  const std::vector<ClusterCount>& sure() const { return sure_; }
  std::uint64_t open() const { return open_; }

 private:
  std::vector<ClusterCount> Clusters() const {
    std::vector<ClusterCount> counts(result_.clusters.size());
    for (std::size_t c = 0; c < counts.size(); ++c) counts[c].key = ClusterKey(result_.clusters[c]);
    return counts;
  }
  const ReplayResult& result_;
  std::vector<ClusterCount> high_, low_, sure_;
  std::uint64_t open_ = 0;
};

struct RateCount {
  Counter counter;
  Unit unit = Unit::kEvents;
  std::uint64_t runs = 0;             // with an item that counts
  std::vector<std::string> examples;  // runs with the property, surely
};

Truth Not(Truth a) { return a == Truth::kMaybe ? a : a == Truth::kYes ? Truth::kNo : Truth::kYes; }
Truth Max(Truth a, Truth b) { return std::max(a, b); }
Truth Min(Truth a, Truth b) { return std::min(a, b); }

// One run's records, each an item of its own or all of them one.
void CountRun(const JudgeContext& context, const GateSpec& spec, const Labelled* labelled,
              const std::vector<Item>& by_shape, std::uint32_t r, RateCount* count) {
  const ReplayResult& result = context.result;
  const RunRecord& run = result.runs[r];
  Item whole;
  const bool per_run = count->unit == Unit::kRuns, missed = spec.property == Property::kMissed;
  bool counted = false, has = false;
  for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
    const EventRecord& record = result.records[i];
    if (!record.evidence()) continue;
    Item item = by_shape[record.shape];
    if (labelled != nullptr) {
      const bool here = labelled->runs[r] || labelled->records.contains(i);
      const bool outside = per_run ? labelled->touched_runs[r] : here;
      if (spec.property == Property::kFalseAlarm ? outside : !here) continue;
    }
    if (item.selected == Truth::kNo) continue;
    counted = true;
    has = has || (item.selected == Truth::kYes && item.property == Truth::kYes);
    if (!per_run) {
      count->counter.Add(run.cluster, item);
      continue;
    }
    // A run has a property if one of its events does; it is missed if none of them is stopped.
    whole.selected = Max(whole.selected, item.selected);
    whole.property =
        Max(whole.property, Min(item.selected, missed ? Not(item.property) : item.property));
  }
  if (per_run) {
    if (missed && counted) whole.property = Not(whole.property);
    count->counter.Add(run.cluster, whole);
    has = counted && whole.property == Truth::kYes;
  }
  count->runs += counted ? 1 : 0;
  if (has && count->examples.size() < context.examples) count->examples.push_back(run.run);
}

std::string WhatText(const GateSpec& spec, Unit counted) {
  const std::string_view unit = counted == Unit::kEvents ? "requests" : "runs";
  std::string text(unit);
  if (!spec.region.empty()) text += " inside region `" + spec.region + "`";
  if (!spec.capability.empty()) text += " of `" + spec.capability + "`";
  if (!spec.role.empty()) text += " by role `" + spec.role + "`";
  if (spec.label) {
    const std::string label =
        spec.label->value ? spec.label->name + " = " + *spec.label->value : spec.label->name;
    text += (spec.property == Property::kFalseAlarm ? " without label `" : " with label `") +
            label + "`";
  }
  return text;
}

std::string PropertyText(Property property) {
  switch (property) {
    case Property::kCaught:
      return "caught (escalated or denied)";
    case Property::kMissed:
      return "missed (allowed)";
    case Property::kStopped:
      return "stopped (escalated or denied)";
    case Property::kFalseAlarm:
      return "stopped without cause";
    case Property::kUnknown:
      return "decided for want of a fact";
    default:
      return std::string(NameOf(Properties(), property));
  }
}

std::string Explain(const GateSpec& spec, Unit unit, const Share& sure, const Share& low,
                    const Share& high, std::uint64_t open) {
  std::string text =
      fmt::format("{} of {} {} are {}: {}", CountText(sure.numerator), CountText(sure.denominator),
                  WhatText(spec, unit), PropertyText(spec.property), PercentText(sure.value()));
  text +=
      fmt::format(" (from {} to {} at {} confidence each way, {}", PercentText(low.interval.low),
                  PercentText(high.interval.high), PercentText(spec.confidence),
                  sure.exact ? "exact" : fmt::format("by {} clusters", CountText(sure.clusters)));
  if (open > 0) text += fmt::format(", {} unknown at their worst", CountText(open));
  text += ");";
  if (spec.max) text += fmt::format(" at most {}", PercentText(*spec.max));
  if (spec.min && spec.max) text += " and";
  if (spec.min) text += fmt::format(" at least {}", PercentText(*spec.min));
  return text + (spec.max || spec.min ? " is asked for." : ".");
}

}  // namespace

void JudgeRate(const JudgeContext& context, GateResult* gate) {
  const GateSpec& spec = gate->spec;
  const ReplayResult& result = context.result;
  const auto known =
      std::find_if(context.summary.regions.begin(), context.summary.regions.end(),
                   [&](const RegionSummary& region) { return region.name == spec.region; });
  if (!spec.region.empty() && known == context.summary.regions.end()) {
    gate->explanation = fmt::format("Neither policy declares a region `{}`.", spec.region);
    return;
  }
  if (!spec.region.empty()) gate->region_words = known->words;
  std::vector<Item> by_shape;
  by_shape.reserve(result.shapes.size());
  for (const Shape& shape : result.shapes)
    by_shape.push_back({Selects(result, spec, shape), HasProperty(spec, shape)});
  std::optional<Labelled> labelled;
  if (spec.label) {
    labelled = FindLabelled(result, *spec.label);
    if (!labelled->any) {
      gate->explanation =
          fmt::format("The corpus has no label `{}`{}.", spec.label->name,
                      spec.label->value ? " with value `" + *spec.label->value + "`" : "");
      return;
    }
  }
  const Unit unit = spec.unit.value_or(labelled && labelled->of_runs ? Unit::kRuns : Unit::kEvents);
  RateCount count{Counter(result), unit, 0, {}};
  for (std::uint32_t r = 0; r < result.runs.size(); ++r) {
    CountRun(context, spec, labelled ? &*labelled : nullptr, by_shape, r, &count);
  }
  const double level =
      2.0 * spec.confidence - 1.0;  // two-sided, so that each side has the gate's confidence
  const Share sure = EstimateShare(count.counter.sure(), level);
  const bool settled = count.counter.open() == 0;  // then all three counts are the same
  const Share low = settled ? sure : EstimateShare(count.counter.low(), level);
  const Share high = settled ? sure : EstimateShare(count.counter.high(), level);
  gate->share = sure;
  gate->share->interval = {low.interval.low, high.interval.high};
  if (high.denominator == 0 || count.runs < std::max<std::uint64_t>(spec.minimum_runs, 1)) {
    gate->explanation = fmt::format(
        "Only {} with {} to judge by{}.", Plural(count.runs, "run", "runs"), WhatText(spec, unit),
        spec.minimum_runs > 0 ? fmt::format("; {} are asked for", CountText(spec.minimum_runs))
                              : "");
    return;
  }
  bool pass = true, block = false;
  if (spec.max) {
    pass = pass && high.interval.high <= *spec.max;
    block = block || low.interval.low > *spec.max;
  }
  if (spec.min) {
    pass = pass && low.interval.low >= *spec.min;
    block = block || high.interval.high < *spec.min;
  }
  gate->outcome = block ? Outcome::kBlock : pass ? Outcome::kPass : Outcome::kInconclusive;
  gate->explanation = Explain(spec, unit, sure, low, high, count.counter.open());
  if (gate->outcome != Outcome::kPass) gate->example_runs = count.examples;
}

}  // namespace writ::evals
