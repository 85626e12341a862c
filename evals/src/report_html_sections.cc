// The long sections of the HTML report: gates, changes with their runs, and how far the evidence
// goes.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "report_html.h"
#include "report_parts.h"

namespace writ::evals {
namespace {

constexpr std::size_t kExamplesShown = 5, kChangesShown = 24, kDisagreementsShown = 8,
                      kFactsShown = 20;

std::string_view OutcomeClass(Outcome outcome) { return OutcomeName(outcome); }

std::string OutcomeTag(const GateResult& gate) {
  std::string_view word = "Not settled";
  if (gate.outcome == Outcome::kPass) word = "Holds";
  if (gate.outcome == Outcome::kBlock) word = "Broken";
  return fmt::format("<span class=\"tag {}{}\">{}</span>", OutcomeClass(gate.outcome),
                     gate.counts ? " full" : "", word);
}

std::string JoinCode(const std::vector<std::string>& names) {
  std::string html;
  for (const std::string& name : names) html += (html.empty() ? "" : " ") + Code(name);
  return html;
}

std::string GateHtml(const GateResult& gate) {
  std::string tier(TierName(gate.spec.tier));
  if (gate.waived) tier += ", waived";
  if (gate.spec.dry_run) tier += ", dry run";
  // What was asked for, in the words of whoever asked; the name is for looking it up.
  const std::string asked = gate.spec.reason.empty() ? gate.spec.name : gate.spec.reason;
  std::string html =
      fmt::format("<div class=\"gate\"><div>{}<p class=\"aside\">{}</p></div><div><h3>{}</h3>",
                  OutcomeTag(gate), tier, Escape(asked));
  if (!gate.spec.reason.empty()) html += "<p class=\"aside\">" + Code(gate.spec.name) + "</p>";
  html += "<p>" + Prose(gate.explanation) + "</p>";
  html += ShareBarHtml(gate);
  if (!gate.region_words.empty())
    html += "<p class=\"words\">" + Escape(gate.region_words) + "</p>";
  if (!gate.example_runs.empty())
    html += "<p class=\"aside\">For example " + JoinCode(gate.example_runs) + "</p>";
  for (const std::string& note : gate.notes)
    html += "<p class=\"aside\">Note: " + Prose(note) + ".</p>";
  return html + "</div></div>";
}

std::string WaiversHtml(const GateVerdict& verdict) {
  if (verdict.waivers.empty()) return {};
  std::string html =
      fmt::format("<h3 class=\"sub\">{} {}</h3><ul class=\"notes\">", verdict.waivers.size(),
                  verdict.waivers.size() == 1 ? "waiver" : "waivers");
  for (const WaiverResult& waiver : verdict.waivers) {
    html += fmt::format("<li>{} until {} by {}: {} <span class=\"n\">({})</span></li>",
                        Code(waiver.waiver.gate), Escape(waiver.waiver.expires),
                        Escape(waiver.waiver.owner), Escape(waiver.waiver.reason),
                        waiver.expired ? "expired, does not count"
                        : waiver.used  ? "applied"
                                       : "not needed");
  }
  return html + "</ul>";
}

std::string TimelineHtml(const Timeline& timeline, std::int64_t here) {
  std::string html =
      "<div class=\"scroll\"><table class=\"line\"><thead><tr><th>When "
      "(UTC)</th><th>Request</th><th>Recorded</th>"
      "<th>In force</th><th>New</th></tr></thead><tbody>";
  bool cut = false;
  for (const TimelineEvent& event : timeline.events) {
    if (event.counterfactual && !cut) {
      html +=
          "<tr class=\"cut\"><td colspan=\"5\">From here on the run would have gone otherwise; not "
          "counted.</td></tr>";
      cut = true;
    }
    const std::string recorded = event.observed.empty()
                                     ? Escape(event.effect)
                                     : Escape(event.observed) + ", " + Escape(event.effect);
    const std::string_view row = event.event == here ? "here" : event.counterfactual ? "after" : "";
    const bool differs = event.direction != Direction::kSame;
    html += fmt::format(
        "<tr class=\"{}\"><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}{}{}</td></tr>", row,
        TimeText(event.at_ms), Escape(event.capability), recorded, Escape(event.baseline),
        differs ? "<b>" : "", Escape(event.candidate), differs ? "</b>" : "");
  }
  if (timeline.left_out > 0) {
    html += fmt::format(
        "<tr class=\"cut\"><td colspan=\"5\">{} more events are left out here.</td></tr>",
        timeline.left_out);
  }
  return html + "</tbody></table></div>";
}

std::string ExampleHtml(const Report& report, const ChangeExample& example) {
  std::string html = fmt::format(
      "<div class=\"example\"><h4>Run {}, request {} of {}, {}</h4><dl class=\"facts\">",
      Code(example.run), example.position, example.length, TimeText(example.at_ms));
  for (const auto& [name, value] : example.facts) {
    html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", Escape(name), Escape(value));
  }
  html += "</dl>";
  for (const Timeline& timeline : report.timelines) {
    if (timeline.run == example.run) return html + TimelineHtml(timeline, example.event) + "</div>";
  }
  return html + "</div>";
}

// Changes that a reader takes for one: the same step, out of the same clause in force. What decides
// instead may differ.
using ChangeGroup = std::vector<const Change*>;

std::vector<ChangeGroup> GroupChanges(const std::vector<Change>& changes) {
  std::vector<ChangeGroup> groups;
  const auto key = [](const Change& c) {
    return std::tie(c.direction, c.capability, c.role, c.baseline, c.candidate, c.baseline_words);
  };
  for (const Change& change : changes) {
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const ChangeGroup& g) { return key(*g[0]) == key(change); });
    if (same == groups.end()) {
      groups.push_back({&change});
    } else {
      same->push_back(&change);
    }
  }
  return groups;
}

// Words, and the reason and place that the words do not hold already.
std::string WordsHtml(const std::string& words, const std::string& reason,
                      const std::string& place) {
  std::string html = "<div class=\"words\">" + Escape(words) + "</div>";
  if (!reason.empty() && words.find(reason) == std::string::npos)
    html += "<p class=\"why\">“" + Escape(reason) + "”</p>";
  if (!place.empty()) html += "<p class=\"why\">" + Escape(place) + "</p>";
  return html;
}

std::string NewSideHtml(const ChangeGroup& group) {
  std::string html = "<div><h4>New: " + Escape(group[0]->candidate) + "</h4>";
  for (const Change* change : group) {
    std::string place =
        change->candidate_line == 0
            ? ""
            : fmt::format("{}, line {}", change->candidate_file, change->candidate_line);
    if (group.size() > 1)
      place = CountText(change->tally.events) + " requests" + (place.empty() ? "" : "; " + place);
    html += WordsHtml(change->candidate_words, change->candidate_reason, place);
  }
  return html + "</div>";
}

std::string GroupHead(const ChangeGroup& group) {
  const Change& first = *group[0];
  std::uint64_t events = 0, unknown = 0;
  std::vector<std::string> regions;
  for (const Change* change : group) {
    events += change->tally.events;
    unknown += change->unknown.events;
    for (const std::string& region : change->regions) {
      if (std::find(regions.begin(), regions.end(), region) == regions.end())
        regions.push_back(region);
    }
  }
  std::string html =
      fmt::format("<h3>{}{} by {}: {} → {}</h3><p class=\"n\">{} {}", DirectionTag(first.direction),
                  Code(first.capability), Escape(first.role), Escape(first.baseline),
                  Escape(first.candidate), CountText(events), events == 1 ? "request" : "requests");
  if (group.size() == 1)
    html += fmt::format(" in {} runs ({} clusters)", CountText(first.tally.runs),
                        CountText(first.tally.clusters));
  if (!regions.empty()) html += ", touching " + JoinCode(regions);
  if (unknown > 0) html += fmt::format("; {} leaned on a missing fact", CountText(unknown));
  return html + "</p>";
}

std::string ChangeHtml(const Report& report, const ChangeGroup& group) {
  const Change& first = *group[0];
  const std::string_view tone =
      first.direction == Direction::kRerouted ? "rerouted" : DirectionName(first.direction);
  std::string html = fmt::format(
      "<article class=\"change {}\">{}<div class=\"pair\"><div><h4>In force: "
      "{}</h4>{}</div>{}</div>",
      tone, GroupHead(group), Escape(first.baseline),
      WordsHtml(first.baseline_words, first.baseline_reason, ""), NewSideHtml(group));
  std::vector<const ChangeExample*> examples;
  for (std::size_t i = 0; examples.size() < kExamplesShown && i < kExamplesShown; ++i) {
    for (const Change* change : group) {
      if (i < change->examples.size() && examples.size() < kExamplesShown)
        examples.push_back(&change->examples[i]);
    }
  }
  for (std::size_t i = 0; i < examples.size(); ++i) {
    if (i == 1)
      html += fmt::format("<details><summary>{} more runs</summary>", examples.size() - 1);
    html += ExampleHtml(report, *examples[i]);
  }
  if (examples.size() > 1) html += "</details>";
  return html + "</article>";
}

std::string LabelsHtml(const ReplaySummary& summary) {
  if (summary.labels.empty()) return {};
  const auto share = [](std::uint64_t n, std::uint64_t of) {
    return of == 0 ? std::string("–")
                   : fmt::format("{} <span class=\"n\">{}</span>", CountText(n),
                                 PercentText(static_cast<double>(n) / static_cast<double>(of)));
  };
  std::string html =
      "<section><h2>Against what was learned later</h2><p class=\"lede\">Judgements about the "
      "recorded runs, made "
      "afterwards. Stopped means escalated or denied; no policy has seen these labels.</p><div "
      "class=\"scroll\"><table>"
      "<thead><tr><th>Label</th><th class=\"r\">Labelled</th><th class=\"r\">Stopped, in "
      "force</th><th class=\"r\">Stopped, new</th>"
      "<th class=\"r\">Others</th><th class=\"r\">Stopped, in force</th><th class=\"r\">Stopped, "
      "new</th></tr></thead><tbody>";
  for (const LabelJoin& label : summary.labels) {
    html += fmt::format(
        "<tr><td><b>{}</b> {}</td><td class=\"r\">{} {}</td><td class=\"r\">{}</td><td "
        "class=\"r\">{}</td><td class=\"r\">{}</td>"
        "<td class=\"r\">{}</td><td class=\"r\">{}</td></tr>",
        Escape(label.name), Escape(label.value), CountText(label.labelled),
        label.of_runs ? "runs" : "events", share(label.stopped[0], label.labelled),
        share(label.stopped[1], label.labelled), CountText(label.others),
        share(label.stopped_others[0], label.others), share(label.stopped_others[1], label.others));
  }
  return html + "</tbody></table></div></section>";
}

std::string CoverageHtml(const Report& report) {
  const std::vector<ClauseCoverage>& clauses = report.summary.coverage[1];
  if (clauses.empty()) return {};
  const auto exercised = static_cast<std::size_t>(
      std::count_if(clauses.begin(), clauses.end(),
                    [](const ClauseCoverage& clause) { return clause.exercised(); }));
  std::string html = fmt::format(
      "<section><h2>What the runs exercise</h2><p class=\"lede\">{} of the {} deciding clauses of "
      "the new policy "
      "hold for at least one recorded request. What no run exercises, no replay can judge.</p>",
      exercised, clauses.size());
  html +=
      "<div class=\"scroll\"><table><thead><tr><th>Clause</th><th class=\"r\">Holds</th><th "
      "class=\"r\">Decides</th></tr></thead><tbody>";
  for (const ClauseCoverage& clause : clauses) {
    html += fmt::format("<tr><td class=\"words\">{}</td>{}<td class=\"r\">{}</td></tr>",
                        Escape(clause.words),
                        clause.exercised() ? "<td class=\"r\">" + CountText(clause.held) + "</td>"
                                           : "<td class=\"r never\">never</td>",
                        CountText(clause.won));
  }
  return html + "</tbody></table></div></section>";
}

std::string UnknownsHtml(const ReplaySummary& summary) {
  if (summary.unknown_facts.empty()) return {};
  std::string html =
      "<div class=\"scroll\"><table><thead><tr><th>Fact</th><th class=\"r\">Missing</th><th "
      "class=\"r\">Decided the case</th>"
      "<th class=\"r\">Known too late</th><th class=\"r\">Malformed</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < summary.unknown_facts.size() && i < kFactsShown; ++i) {
    const UnknownFact& fact = summary.unknown_facts[i];
    html += fmt::format(
        "<tr><td>{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td><td "
        "class=\"r\">{}</td></tr>",
        Code(fact.name), CountText(fact.missing[1]), CountText(fact.leaned_on[1]),
        CountText(fact.leaked), CountText(fact.malformed));
  }
  return html + "</tbody></table></div>";
}

std::string LimitItems(const Report& report) {
  const ReplaySummary& summary = report.summary;
  std::string html = "<ul class=\"notes\">";
  const auto item = [&html](const std::string& text) { html += "<li>" + Prose(text) + "</li>"; };
  item(std::string(HorizonQuestion(report.horizon)));
  if (report.horizon == Horizon::kRun) {
    const LaneInfo& lane = report.lane[1];
    item(
        fmt::format("Under the new policy {} of {} runs follow the record to their end; {} leave "
                    "it on the way. The {} requests after such a point "
                    "(in either lane) are counterfactual and count nowhere.",
                    CountText(lane.exact_runs), CountText(lane.exact_runs + lane.bounded_runs),
                    CountText(lane.bounded_runs), CountText(summary.counterfactual)));
    if (lane.bounded_unrecorded > 0)
      item(CountText(lane.bounded_unrecorded) +
           " of these end where the outcome of a request was not recorded.");
    if (lane.bounded_tied > 0)
      item(CountText(lane.bounded_tied) +
           " of these end where a meter shared with another run would have read otherwise.");
  }
  if (report.lane[0].left_effective_out || report.lane[1].left_effective_out) {
    item("Both policies are taken as in force: the date in their `effective` line is left out.");
  }
  if (!report.lane[1].doors.empty()) {
    std::string names;
    for (const std::string& name : report.lane[1].doors)
      names += (names.empty() ? "`" : ", `") + name + "`";
    item("The new policy believes what outside parties say about " + names + ".");
  }
  item(
      fmt::format("{} decisions of the new policy leaned on a fact that was missing ({} in force). "
                  "At a gate these count at their worst.",
                  CountText(summary.unknown[1].events), CountText(summary.unknown[0].events)));
  if (summary.leaked_events > 0)
    item(CountText(summary.leaked_events) +
         " requests carry a fact that became known only later; it was left out.");
  if (summary.malformed_events > 0)
    item(CountText(summary.malformed_events) + " requests carry a value that is not of its type.");
  if (summary.too_early_events > 0) {
    item(CountText(summary.too_early_events) +
         " requests lie so close to the start of the recording that a meter's window begins before "
         "it; the meter is missing there.");
  }
  if (report.unplaced_labels > 0)
    item(CountText(report.unplaced_labels) +
         " labels are about runs or events that are not in the corpus.");
  for (const auto& [effect, count] : report.unknown_effects)
    item(CountText(count) + " events record `" + effect + "`, which has no meaning here.");
  if (!report.unread_facts.empty()) {
    std::string names;
    for (const auto& [name, count] : report.unread_facts)
      names += (names.empty() ? "`" : ", `") + name + "`";
    item("The corpus has facts that neither policy reads: " + names + ".");
  }
  return html + "</ul>";
}

std::string RecordHtml(const ReplaySummary& summary) {
  if (summary.observed_events == 0) return {};
  std::string html = fmt::format(
      "<p>The policy in force says what was recorded for {} of {} recorded decisions.</p>",
      CountText(summary.agreeing_events), CountText(summary.observed_events));
  if (summary.disagreements.empty()) return html;
  html +=
      "<div class=\"scroll\"><table><thead><tr><th>Recorded</th><th>Policy in "
      "force</th><th>Because</th><th class=\"r\">Requests</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < summary.disagreements.size() && i < kDisagreementsShown; ++i) {
    const Disagreement& row = summary.disagreements[i];
    html += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"words\">{}</td><td class=\"r\">{}</td></tr>",
        Escape(row.observed), Escape(row.baseline), Escape(row.words), CountText(row.tally.events));
  }
  return html + "</tbody></table></div>";
}

}  // namespace

std::string GatesHtml(const GateVerdict& verdict) {
  std::string html = "<section><h2>What the gate asked</h2>";
  for (const GateResult& gate : verdict.gates) html += GateHtml(gate);
  for (const std::string& finding : verdict.corpus_findings)
    html += "<p>" + Prose(finding) + ".</p>";
  html += WaiversHtml(verdict);
  if (!verdict.next.empty()) html += "<p class=\"n\"><b>Next:</b> " + Prose(verdict.next) + ".</p>";
  return html + "</section>";
}

std::string ChangesHtml(const Report& report) {
  const auto& changes = report.summary.changes;
  if (changes.empty()) return {};
  std::string html =
      "<section><h2>The changes, one by one</h2><p class=\"lede\">Grouped by the step and the "
      "clause in force, with what decides instead and "
      "recorded runs that meet it.</p>";
  const std::vector<ChangeGroup> groups = GroupChanges(changes);
  for (std::size_t i = 0; i < groups.size() && i < kChangesShown; ++i)
    html += ChangeHtml(report, groups[i]);
  if (groups.size() > kChangesShown)
    html += fmt::format("<p class=\"n\">{} smaller changes are in the JSON report.</p>",
                        groups.size() - kChangesShown);
  return html + "</section>";
}

std::string EvidenceHtml(const Report& report) {
  std::string html = LabelsHtml(report.summary) + CoverageHtml(report);
  html += "<section><h2>How far this can be trusted</h2>" + LimitItems(report);
  html += UnknownsHtml(report.summary) + RecordHtml(report.summary);
  return html + "</section>";
}

}  // namespace writ::evals
