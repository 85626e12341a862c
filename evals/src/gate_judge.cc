// Judging gates whose answer is a count: `forbid`, `unknown`, `coverage`.
//
// Three-valued throughout: an event whose decision, or whose place in the region, leaned on a
// missing fact is neither for nor against. A gate passes only if it passes with all of these
// against it, and blocks only if it blocks without them.
#include "gate_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "gate_names.h"
#include "writ/analysis/change.h"
#include "writ/evals/report.h"

namespace writ::evals {
namespace {

constexpr std::size_t kNamesShown = 6;

std::string Where(const GateSpec& spec) {
  std::string where;
  if (!spec.region.empty()) where += " inside region `" + spec.region + "`";
  if (!spec.capability.empty()) where += " of `" + spec.capability + "`";
  if (!spec.role.empty()) where += " by role `" + spec.role + "`";
  return where;
}

// "1,204 requests inside region `big_money` in 310 runs".
std::string EventsText(const Tally& tally, const std::string& where) {
  return Plural(tally.events, "request", "requests") + where + " in " +
         Plural(tally.runs, "run", "runs");
}

std::string DirectionWords(const std::vector<Direction>& directions) {
  std::string words;
  for (const Direction direction : directions) {
    if (!words.empty()) words += " or ";
    words += DirectionName(direction);
  }
  return words;
}

// The commonest "was -> is" among the events that break a gate.
std::string CommonestChange(const JudgeContext& context, const std::vector<bool>& breaking) {
  std::map<std::string, std::uint64_t> counts;
  for (const EventRecord& record : context.result.records) {
    if (!record.evidence() || !breaking[record.shape]) continue;
    const Shape& shape = context.result.shapes[record.shape];
    ++counts[fmt::format("`{}` became `{}`",
                         DecisionText(context.result.lane[0], shape.lane[0].decision),
                         DecisionText(context.result.lane[1], shape.lane[1].decision))];
  }
  const auto best =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return best == counts.end() ? std::string() : best->first;
}

bool HasRegion(const JudgeContext& context, const std::string& region, GateResult* gate) {
  if (region.empty()) return true;
  for (const RegionSummary& known : context.summary.regions) {
    if (known.name != region) continue;
    gate->region_words = known.words;
    if (!known.in_baseline) gate->notes.push_back("the region is declared by the candidate only");
    if (!known.in_candidate)
      gate->notes.push_back("the candidate no longer declares the region; the baseline's stands");
    return true;
  }
  gate->outcome = Outcome::kInconclusive;
  gate->explanation = fmt::format("Neither policy declares a region `{}`.", region);
  return false;
}

std::string JoinNames(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kNamesShown; ++i)
    text += (i == 0 ? "`" : ", `") + names[i] + "`";
  if (names.size() > kNamesShown) text += fmt::format(" and {} more", names.size() - kNamesShown);
  return text;
}

}  // namespace

std::string Plural(std::uint64_t n, std::string_view one, std::string_view many) {
  return CountText(n) + " " + std::string(n == 1 ? one : many);
}

std::string RegionWords(const ReplaySummary& summary, std::string_view region) {
  for (const RegionSummary& known : summary.regions) {
    if (known.name == region) return known.words;
  }
  return {};
}

Truth Selects(const ReplayResult& result, const GateSpec& spec, const Shape& shape) {
  if (!spec.capability.empty() && shape.capability != spec.capability) return Truth::kNo;
  if (!spec.role.empty() && shape.role != spec.role) return Truth::kNo;
  if (spec.region.empty()) return Truth::kYes;
  switch (RegionMembership(result, shape, spec.region)) {
    case Membership::kOutside:
      return Truth::kNo;
    case Membership::kMaybe:
      return Truth::kMaybe;
    case Membership::kInside:
      return Truth::kYes;
  }
  return Truth::kNo;
}

Picked Pick(const JudgeContext& context, const std::vector<bool>& wanted) {
  Picked picked;
  TallyCounter counter;
  for (const EventRecord& record : context.result.records) {
    if (!record.evidence() || !wanted[record.shape]) continue;
    counter.Add(context.result, context.shared, record);
    const std::string& run = context.result.runs[record.run].run;
    if (picked.runs.size() < context.examples &&
        (picked.runs.empty() || picked.runs.back() != run)) {
      picked.runs.push_back(run);
    }
  }
  picked.tally = counter.tally();
  return picked;
}

namespace {

std::vector<analysis::Direction> AnalysisDirections(const std::vector<Direction>& directions) {
  std::vector<analysis::Direction> same;
  for (const Direction direction : directions) {
    same.push_back(direction == Direction::kLoosened    ? analysis::Direction::kLoosened
                   : direction == Direction::kTightened ? analysis::Direction::kTightened
                                                        : analysis::Direction::kRerouted);
  }
  return same;
}

// What the recorded runs leave open, asked of both tables. What replay has shown stands: a proof
// only settles what no run has made.
void ProveForbid(const JudgeContext& context, std::uint64_t runs, GateResult* gate) {
  const GateSpec& spec = gate->spec;
  if (context.baseline == nullptr || context.candidate == nullptr || spec.max.value_or(0.0) > 0) {
    gate->notes.emplace_back(
        "by replay only; not proved: requests that no recorded run made are not covered");
    return;
  }
  const analysis::ChangeAnswer answer = analysis::FindChange(
      *context.baseline, *context.candidate,
      {spec.capability, spec.region, spec.role, AnalysisDirections(spec.directions)},
      *context.budget);
  const std::string words = DirectionWords(spec.directions), where = Where(spec);
  switch (answer.outcome) {
    case analysis::Outcome::kNone:
      gate->notes.push_back(
          fmt::format("proved: no request{} is decided {}, recorded or not", where, words));
      // Nothing that was asked for is missing but a run that made such a request.
      if (gate->outcome == Outcome::kInconclusive && runs == 0 && spec.minimum_runs == 0)
        gate->outcome = Outcome::kPass;
      return;
    case analysis::Outcome::kFound:
      gate->notes.push_back(fmt::format("proved: {} is {} for {}: before, {}; now, {}",
                                        "`" + answer.capability + "`", words, answer.request,
                                        answer.before, answer.after));
      if (gate->outcome == Outcome::kBlock) return;
      gate->outcome = Outcome::kBlock;
      gate->explanation +=
          fmt::format(" But `{}` is {} for a request that no recorded run made: {}.",
                      answer.capability, words, answer.request);
      return;
    case analysis::Outcome::kUnknown:
      break;
  }
  gate->notes.push_back(fmt::format("not settled by proof: {}", answer.why));
  if (gate->outcome == Outcome::kPass) gate->outcome = Outcome::kInconclusive;
}

}  // namespace

void JudgeForbid(const JudgeContext& context, GateResult* gate) {
  const GateSpec& spec = gate->spec;
  if (!HasRegion(context, spec.region, gate)) return;
  const std::size_t shapes = context.result.shapes.size();
  std::vector<bool> looked(shapes), breaking(shapes), open(shapes);
  for (std::size_t s = 0; s < shapes; ++s) {
    const Shape& shape = context.result.shapes[s];
    const Truth selected = Selects(context.result, spec, shape);
    if (selected == Truth::kNo) continue;
    const bool moved = std::find(spec.directions.begin(), spec.directions.end(), shape.direction) !=
                       spec.directions.end();
    looked[s] = true;
    breaking[s] = selected == Truth::kYes && moved && !shape.unknown();
    open[s] = !breaking[s] && (shape.unknown() || moved);
  }
  const Picked all = Pick(context, looked), broken = Pick(context, breaking),
               unknown = Pick(context, open);
  gate->against = broken.tally;
  gate->worst = unknown.tally;
  const auto max = static_cast<std::uint64_t>(spec.max.value_or(0.0));
  const std::string words = DirectionWords(spec.directions), where = Where(spec);
  if (broken.tally.events > max) {
    gate->outcome = Outcome::kBlock;
    gate->example_runs = broken.runs;
    gate->explanation = fmt::format("{} {} {}; most often {}.", EventsText(broken.tally, where),
                                    broken.tally.events == 1 ? "is" : "are", words,
                                    CommonestChange(context, breaking));
  } else if (broken.tally.events + unknown.tally.events > max) {
    gate->outcome = Outcome::kInconclusive;
    gate->example_runs = unknown.runs;
    gate->explanation = fmt::format("{} leaned on a missing fact and may be {}.",
                                    EventsText(unknown.tally, where), words);
  } else if (all.tally.runs < std::max<std::uint64_t>(spec.minimum_runs, 1)) {
    gate->outcome = Outcome::kInconclusive;
    gate->explanation =
        all.tally.runs == 0
            ? fmt::format("No recorded run has a request{}: none was {}.", where, words)
            : fmt::format("Only {}; {} runs are asked for.", EventsText(all.tally, where),
                          spec.minimum_runs);
  } else {
    gate->outcome = Outcome::kPass;
    gate->explanation = fmt::format(
        "{} of {} {} {}.", broken.tally.events == 0 ? "None" : CountText(broken.tally.events),
        EventsText(all.tally, where), broken.tally.events > 1 ? "are" : "is", words);
  }
  ProveForbid(context, all.tally.runs, gate);
}

void JudgeUnknown(const JudgeContext& context, GateResult* gate) {
  const GateSpec& spec = gate->spec;
  if (!HasRegion(context, spec.region, gate)) return;
  const auto lane = static_cast<std::size_t>(spec.lane);
  const auto& facts = context.result.lane[lane].facts;
  const bool known = std::any_of(facts.begin(), facts.end(),
                                 [&](const FactInfo& fact) { return fact.name == spec.fact; });
  if (!spec.fact.empty() && !known) {
    gate->outcome = Outcome::kInconclusive;
    gate->explanation = fmt::format("The policy has no fact `{}`.", spec.fact);
    return;
  }
  std::vector<bool> looked(context.result.shapes.size()), missing(context.result.shapes.size());
  for (std::size_t s = 0; s < looked.size(); ++s) {
    const LaneShape& shape = context.result.shapes[s].lane[lane];
    looked[s] = Selects(context.result, spec, context.result.shapes[s]) != Truth::kNo;
    if (!looked[s]) continue;
    missing[s] = spec.fact.empty() ? shape.decision.unknown
                                   : std::any_of(shape.missing.begin(), shape.missing.end(),
                                                 [&](runtime::FactId fact) {
                                                   return facts[fact.value].name == spec.fact;
                                                 });
  }
  const Picked all = Pick(context, looked), unknown = Pick(context, missing);
  gate->share = Share{.numerator = unknown.tally.events,
                      .denominator = all.tally.events,
                      .clusters = all.tally.clusters};
  gate->share->interval = {gate->share->value(), gate->share->value()};
  const std::string what =
      spec.fact.empty() ? "leaned on a missing fact" : "miss the fact `" + spec.fact + "`";
  if (all.tally.runs < std::max<std::uint64_t>(spec.minimum_runs, 1)) {
    gate->outcome = Outcome::kInconclusive;
    gate->explanation = fmt::format("Only {} to judge by.", EventsText(all.tally, Where(spec)));
    return;
  }
  const bool above = gate->share->value() > spec.max.value_or(0.0);
  gate->outcome = above ? Outcome::kBlock : Outcome::kPass;
  if (above) gate->example_runs = unknown.runs;
  gate->explanation =
      fmt::format("{} of {}{} {} ({}); at most {} are accepted.", CountText(unknown.tally.events),
                  Plural(all.tally.events, "request", "requests"), Where(spec), what,
                  PercentText(gate->share->value()), PercentText(spec.max.value_or(0.0)));
}

void JudgeCoverage(const JudgeContext& context, GateResult* gate) {
  const GateSpec& spec = gate->spec;
  const auto lane = static_cast<std::size_t>(spec.lane);
  std::uint64_t total = 0, sure = 0, at_best = 0;
  std::vector<std::string> idle;
  const auto count = [&](const std::string& name, bool exercised, bool maybe) {
    ++total;
    sure += exercised ? 1 : 0;
    at_best += exercised || maybe ? 1 : 0;
    if (!exercised) idle.push_back(name);
  };
  if (spec.coverage == CoverageOf::kClauses) {
    std::vector<bool> held(context.result.lane[lane].clauses.size());
    for (const EventRecord& record : context.result.records) {
      const LaneShape& shape = context.result.shapes[record.shape].lane[lane];
      if (!record.evidence() || shape.decision.unknown) continue;
      for (const runtime::ClauseId clause : shape.inside) held[clause.value] = true;
    }
    for (std::size_t c = 0; c < held.size(); ++c) {
      const ClauseInfo& clause = context.result.lane[lane].clauses[c];
      if (clause.decides && clause.line != 0) count(clause.name, held[c], clause.held > 0);
    }
  } else {
    for (const RegionSummary& region : context.summary.regions) {
      count(region.name, region.tally.events > 0, region.maybe.events > 0);
    }
  }
  const std::string_view what = spec.coverage == CoverageOf::kClauses ? "clauses" : "regions";
  gate->share = Share{.numerator = sure, .denominator = total, .clusters = total};
  gate->share->interval = {
      gate->share->value(),
      total == 0 ? 1.0 : static_cast<double>(at_best) / static_cast<double>(total)};
  if (total == 0) {
    gate->outcome = Outcome::kInconclusive;
    gate->explanation = fmt::format("The policy has no {} to exercise.", what);
    return;
  }
  const double min = spec.min.value_or(0.0);
  gate->outcome = gate->share->value() >= min        ? Outcome::kPass
                  : gate->share->interval.high < min ? Outcome::kBlock
                                                     : Outcome::kInconclusive;
  if (context.summary.evidence.runs < std::max<std::uint64_t>(spec.minimum_runs, 1))
    gate->outcome = Outcome::kInconclusive;
  gate->explanation =
      fmt::format("The runs exercise {} of {} {} ({}); at least {} are asked for.", sure, total,
                  what, PercentText(gate->share->value()), PercentText(min));
  if (!idle.empty()) gate->explanation += " Never exercised: " + JoinNames(idle) + ".";
}

}  // namespace writ::evals
