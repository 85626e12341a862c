// The report as JSON; docs/schemas/report.schema.json describes it. Keys come in the order written
// here, and numbers are integers wherever they count, so that the same replay gives the same bytes.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gate_names.h"
#include "report_parts.h"
#include "writ/evals/report.h"

namespace writ::evals {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const Tally& tally) {
  return {{"events", tally.events}, {"runs", tally.runs}, {"clusters", tally.clusters}};
}

Json Directions(const std::array<std::uint64_t, 4>& counts) {
  Json json = Json::object();
  for (std::size_t d = 0; d < counts.size(); ++d)
    json[std::string(DirectionName(static_cast<Direction>(d)))] = counts[d];
  return json;
}

Json Pair(const std::array<std::uint64_t, kLanes>& lanes) {
  return {{"baseline", lanes[0]}, {"candidate", lanes[1]}};
}

Json LaneJson(const LaneInfo& lane) {
  return {{"policy", lane.policy},
          {"version", lane.version},
          {"title", lane.title},
          {"digest", lane.digest},
          {"as_in_force", lane.left_effective_out},
          {"doors", lane.doors},
          {"runs",
           {{"exact", lane.exact_runs},
            {"bounded", lane.bounded_runs},
            {"bounded_unrecorded", lane.bounded_unrecorded},
            {"bounded_tied", lane.bounded_tied}}},
          {"counterfactual_events", lane.counterfactual_events},
          {"evidence_given", lane.evidence_given},
          {"evidence_derived", lane.evidence_derived}};
}

Json GateJson(const GateResult& gate) {
  Json json = {{"name", gate.spec.name},
               {"kind", GateKindName(gate.spec.kind)},
               {"tier", TierName(gate.spec.tier)},
               {"outcome", OutcomeName(gate.outcome)},
               {"counts", gate.counts},
               {"waived", gate.waived},
               {"dry_run", gate.spec.dry_run},
               {"reason", gate.spec.reason},
               {"explanation", gate.explanation},
               {"region", gate.spec.region},
               {"region_words", gate.region_words},
               {"notes", gate.notes},
               {"example_runs", gate.example_runs},
               {"line", gate.spec.line}};
  if (gate.share) {
    json["share"] = {{"numerator", gate.share->numerator}, {"denominator", gate.share->denominator},
                     {"clusters", gate.share->clusters},   {"value", gate.share->value()},
                     {"low", gate.share->interval.low},    {"high", gate.share->interval.high},
                     {"exact", gate.share->exact}};
  }
  if (gate.spec.min) json["min"] = *gate.spec.min;
  if (gate.spec.max) json["max"] = *gate.spec.max;
  if (gate.spec.kind == GateKind::kRate) json["confidence"] = gate.spec.confidence;
  if (gate.spec.kind == GateKind::kForbid) {
    json["against"] = ToJson(gate.against);
    json["unknown"] = ToJson(gate.worst);
  }
  return json;
}

Json VerdictJson(const GateVerdict& verdict) {
  Json json = {{"outcome", OutcomeName(verdict.outcome)},
               {"exit_code", verdict.exit_code()},
               {"sentence", verdict.sentence},
               {"next", verdict.next},
               {"gate", verdict.gate_name},
               {"gate_digest", verdict.gate_digest},
               {"as_of", verdict.as_of}};
  json["gates"] = Json::array();
  for (const GateResult& gate : verdict.gates) json["gates"].push_back(GateJson(gate));
  json["waivers"] = Json::array();
  for (const WaiverResult& waiver : verdict.waivers) {
    json["waivers"].push_back({{"gate", waiver.waiver.gate},
                               {"owner", waiver.waiver.owner},
                               {"reason", waiver.waiver.reason},
                               {"expires", waiver.waiver.expires},
                               {"expired", waiver.expired},
                               {"used", waiver.used}});
  }
  json["corpus_findings"] = verdict.corpus_findings;
  return json;
}

Json ChangeJson(const Change& change) {
  Json json = {{"direction", DirectionName(change.direction)},
               {"capability", change.capability},
               {"role", change.role},
               {"baseline",
                {{"decision", change.baseline},
                 {"clause", change.baseline_clause},
                 {"words", change.baseline_words},
                 {"reason", change.baseline_reason}}},
               {"candidate",
                {{"decision", change.candidate},
                 {"clause", change.candidate_clause},
                 {"words", change.candidate_words},
                 {"reason", change.candidate_reason},
                 {"file", change.candidate_file},
                 {"line", change.candidate_line}}},
               {"regions", change.regions},
               {"tally", ToJson(change.tally)},
               {"unknown", ToJson(change.unknown)}};
  json["examples"] = Json::array();
  for (const ChangeExample& example : change.examples) {
    Json facts = Json::object();
    for (const auto& [name, value] : example.facts) facts[name] = value;
    json["examples"].push_back({{"run", example.run},
                                {"cluster", example.cluster},
                                {"event", example.event},
                                {"at", example.at_ms},
                                {"observed", example.observed},
                                {"position", example.position},
                                {"length", example.length},
                                {"exact", example.exact},
                                {"facts", std::move(facts)}});
  }
  return json;
}

Json TimelineJson(const Timeline& timeline) {
  Json events = Json::array();
  for (const TimelineEvent& event : timeline.events) {
    events.push_back({{"event", event.event},
                      {"at", event.at_ms},
                      {"capability", event.capability},
                      {"observed", event.observed},
                      {"effect", event.effect},
                      {"baseline", event.baseline},
                      {"candidate", event.candidate},
                      {"candidate_words", event.candidate_words},
                      {"direction", DirectionName(event.direction)},
                      {"counterfactual", event.counterfactual},
                      {"unknown", event.unknown},
                      {"bound", event.bound}});
  }
  return {{"run", timeline.run}, {"left_out", timeline.left_out}, {"events", std::move(events)}};
}

Json Slices(const std::vector<SliceSummary>& slices) {
  Json json = Json::array();
  for (const SliceSummary& slice : slices) {
    json.push_back({{"name", slice.name},
                    {"tally", ToJson(slice.tally)},
                    {"by_direction", Directions(slice.by_direction)}});
  }
  return json;
}

Json CoverageJson(const ReplaySummary& summary) {
  Json json = Json::object();
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    Json clauses = Json::array();
    for (const ClauseCoverage& clause : summary.coverage[lane]) {
      clauses.push_back({{"name", clause.name},
                         {"words", clause.words},
                         {"held", clause.held},
                         {"won", clause.won}});
    }
    json[lane == 0 ? "baseline" : "candidate"] = std::move(clauses);
  }
  return json;
}

Json LoadJson(const ReplaySummary& summary) {
  Json json = Json::array();
  for (const AnchorLoad& load : summary.load) {
    Json days = Json::array();
    for (const DayLoad& day : load.days) {
      days.push_back(
          {{"day", DateText(day.day * 86'400'000)}, {"escalations", Pair(day.escalations)}});
    }
    json.push_back({{"anchor", load.anchor},
                    {"title", load.title},
                    {"total", Pair(load.total)},
                    {"days", std::move(days)}});
  }
  return json;
}

Json RegionsJson(const ReplaySummary& summary) {
  Json json = Json::array();
  for (const RegionSummary& region : summary.regions) {
    json.push_back({{"name", region.name},
                    {"words", region.words},
                    {"in_baseline", region.in_baseline},
                    {"in_candidate", region.in_candidate},
                    {"tally", ToJson(region.tally)},
                    {"maybe", ToJson(region.maybe)},
                    {"by_direction", Directions(region.by_direction)}});
  }
  return json;
}

Json LabelsJson(const ReplaySummary& summary) {
  Json json = Json::array();
  for (const LabelJoin& label : summary.labels) {
    json.push_back({{"name", label.name},
                    {"value", label.value},
                    {"unit", label.of_runs ? "run" : "event"},
                    {"labelled", label.labelled},
                    {"stopped", Pair(label.stopped)},
                    {"missed", Pair(label.missed)},
                    {"others", label.others},
                    {"stopped_others", Pair(label.stopped_others)}});
  }
  return json;
}

Json UnknownsJson(const ReplaySummary& summary) {
  Json facts = Json::array();
  for (const UnknownFact& fact : summary.unknown_facts) {
    facts.push_back({{"name", fact.name},
                     {"missing", Pair(fact.missing)},
                     {"leaned_on", Pair(fact.leaned_on)},
                     {"known_too_late", fact.leaked},
                     {"malformed", fact.malformed}});
  }
  return {{"baseline", ToJson(summary.unknown[0])},
          {"candidate", ToJson(summary.unknown[1])},
          {"facts", std::move(facts)},
          {"events_with_fact_known_too_late", summary.leaked_events},
          {"events_with_malformed_value", summary.malformed_events},
          {"events_before_a_window", summary.too_early_events}};
}

Json RecordJson(const ReplaySummary& summary) {
  Json rows = Json::array();
  for (const Disagreement& row : summary.disagreements) {
    rows.push_back({{"observed", row.observed},
                    {"baseline", row.baseline},
                    {"clause", row.clause},
                    {"words", row.words},
                    {"tally", ToJson(row.tally)},
                    {"example_runs", row.example_runs}});
  }
  return {{"recorded", summary.observed_events},
          {"agreeing", summary.agreeing_events},
          {"disagreements", std::move(rows)}};
}

Json NamedCounts(const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
  Json json = Json::object();
  for (const auto& [name, count] : counts) json[name] = count;
  return json;
}

}  // namespace

std::string RenderJson(const Report& report) {
  const ReplaySummary& summary = report.summary;
  Json json = {{"schema", "writ-report-1"},
               {"title", report.title},
               {"writ", report.tool_version},
               {"horizon", HorizonName(report.horizon)},
               {"order", report.by_time ? "time" : "run"},
               {"corpus",
                {{"path", report.corpus_path},
                 {"digest", report.corpus_digest},
                 {"first", report.first_ms},
                 {"last", report.last_ms}}},
               {"baseline", LaneJson(report.lane[0])},
               {"candidate", LaneJson(report.lane[1])}};
  json["verdict"] = report.verdict ? VerdictJson(*report.verdict) : Json(nullptr);
  json["all"] = ToJson(summary.all);
  json["evidence"] = ToJson(summary.evidence);
  json["counterfactual_events"] = summary.counterfactual;
  json["by_direction"] = Json::object();
  for (std::size_t d = 0; d < 4; ++d) {
    json["by_direction"][std::string(DirectionName(static_cast<Direction>(d)))] =
        ToJson(summary.by_direction[d]);
  }
  json["flips"] = Json::array();
  for (const FlipCell& cell : summary.flips) {
    json["flips"].push_back({{"baseline", cell.baseline},
                             {"candidate", cell.candidate},
                             {"direction", DirectionName(cell.direction)},
                             {"tally", ToJson(cell.tally)}});
  }
  json["changes"] = Json::array();
  for (const Change& change : summary.changes) json["changes"].push_back(ChangeJson(change));
  json["regions"] = RegionsJson(summary);
  json["capabilities"] = Slices(summary.capabilities);
  json["roles"] = Slices(summary.roles);
  json["labels"] = LabelsJson(summary);
  json["load"] = LoadJson(summary);
  json["coverage"] = CoverageJson(summary);
  json["unknowns"] = UnknownsJson(summary);
  json["record"] = RecordJson(summary);
  json["unread_facts"] = NamedCounts(report.unread_facts);
  json["unknown_effects"] = NamedCounts(report.unknown_effects);
  json["unplaced_labels"] = report.unplaced_labels;
  json["timelines"] = Json::array();
  for (const Timeline& timeline : report.timelines)
    json["timelines"].push_back(TimelineJson(timeline));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace writ::evals
