// The report as text: what a terminal shows, the verdict as its last line.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "report_parts.h"
#include "writ/evals/report.h"

namespace writ::evals {
namespace {

using Out = std::back_insert_iterator<std::string>;

constexpr std::size_t kTextWidth = 100, kTextChanges = 12, kTextFacts = 10, kIndent = 13;

// Folds `text` at blanks; continuation lines are indented.
std::string Fold(std::string_view text, std::size_t indent) {
  const std::string clean = CleanUtf8(text);
  std::string folded, line;
  const std::string pad(indent, ' ');
  for (std::size_t at = 0; at < clean.size();) {
    std::size_t end = clean.find(' ', at);
    if (end == std::string::npos) end = clean.size();
    const std::string_view word = std::string_view(clean).substr(at, end - at);
    if (!line.empty() && indent + line.size() + 1 + word.size() > kTextWidth) {
      folded += line + "\n" + pad;
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
    at = end + 1;
  }
  return folded + line;
}

std::string Upper(std::string_view word) {
  std::string upper(word);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return upper;
}

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + CleanUtf8(name);
  return text;
}

void WriteHead(const Report& report, Out out) {
  const LaneInfo &from = report.lane[0], &to = report.lane[1];
  fmt::format_to(out, "{}\n", CleanUtf8(report.title.empty() ? to.title : report.title));
  fmt::format_to(out, "  {} {} -> {} {}\n", CleanUtf8(from.policy), CleanUtf8(from.version),
                 CleanUtf8(to.policy), CleanUtf8(to.version));
  const Tally& all = report.summary.all;
  fmt::format_to(out, "  {} runs, {} events, {} clusters; {} to {}\n", CountText(all.runs),
                 CountText(all.events), CountText(all.clusters), DateText(report.first_ms),
                 DateText(report.last_ms));
  fmt::format_to(out, "  horizon {}: {}\n", HorizonName(report.horizon),
                 Fold(HorizonQuestion(report.horizon), 15));
  if (report.lane[0].left_effective_out || report.lane[1].left_effective_out) {
    fmt::format_to(out, "  both policies are taken as in force: their `effective` rows are off\n");
  }
  if (!to.doors.empty()) {
    fmt::format_to(out, "  {} believed from outside: {}\n",
                   to.doors.size() == 1 ? "1 fact is" : CountText(to.doors.size()) + " facts are",
                   Join(to.doors));
  }
}

void WriteGates(const GateVerdict& verdict, Out out) {
  fmt::format_to(out, "\nGates\n");
  for (const GateResult& gate : verdict.gates) {
    std::string state = Upper(OutcomeName(gate.outcome));
    std::string aside = gate.waived ? ", waived" : gate.spec.dry_run ? ", dry run" : "";
    fmt::format_to(out, "  {:<12} {} ({} {}{})\n", state, CleanUtf8(gate.spec.name),
                   TierName(gate.spec.tier), GateKindName(gate.spec.kind), aside);
    fmt::format_to(out, "    {}\n", Fold(gate.explanation, 4));
    if (!gate.region_words.empty())
      fmt::format_to(out, "    region: {}\n", Fold(gate.region_words, 12));
    if (!gate.example_runs.empty())
      fmt::format_to(out, "    runs: {}\n", Fold(Join(gate.example_runs), 10));
    for (const std::string& note : gate.notes)
      fmt::format_to(out, "    note: {}\n", Fold(note, 10));
  }
  for (const WaiverResult& waiver : verdict.waivers) {
    fmt::format_to(out, "  waiver       `{}` until {} by {}: {}{}\n", CleanUtf8(waiver.waiver.gate),
                   waiver.waiver.expires, CleanUtf8(waiver.waiver.owner),
                   CleanUtf8(waiver.waiver.reason),
                   waiver.expired ? " (expired, does not count)"
                   : waiver.used  ? ""
                                  : " (not needed)");
  }
  for (const std::string& finding : verdict.corpus_findings)
    fmt::format_to(out, "  corpus       {}\n", Fold(finding, 15));
}

void WriteChanges(const Report& report, Out out) {
  const ReplaySummary& summary = report.summary;
  fmt::format_to(out, "\nWhat changed\n  {}\n", Fold(ChangeSentence(summary), 2));
  std::size_t shown = 0;
  for (const Change& change : summary.changes) {
    if (++shown > kTextChanges) break;
    fmt::format_to(out, "\n  {:<10} {} {}: {} -> {}\n", DirectionName(change.direction),
                   CleanUtf8(change.role), CleanUtf8(change.capability), change.baseline,
                   change.candidate);
    fmt::format_to(out, "             {} events, {} runs, {} clusters\n",
                   CountText(change.tally.events), CountText(change.tally.runs),
                   CountText(change.tally.clusters));
    fmt::format_to(out, "      was    {}\n", Fold(change.baseline_words, kIndent));
    fmt::format_to(
        out, "      is     {}{}\n", Fold(change.candidate_words, kIndent),
        change.candidate_line == 0
            ? ""
            : fmt::format("  ({}:{})", CleanUtf8(change.candidate_file), change.candidate_line));
    if (change.examples.empty()) continue;
    const ChangeExample& example = change.examples.front();
    std::string facts;
    for (const auto& [name, value] : example.facts)
      facts += (facts.empty() ? "" : ", ") + name + " = " + value;
    fmt::format_to(out, "      run    {}, event {} of {}: {}\n", CleanUtf8(example.run),
                   example.position, example.length, Fold(facts, kIndent));
  }
  if (shown > kTextChanges)
    fmt::format_to(out, "\n  and {} more\n", summary.changes.size() - kTextChanges);
}

void WriteLimits(const Report& report, Out out) {
  const ReplaySummary& summary = report.summary;
  fmt::format_to(out, "\nHow far this can be trusted\n");
  fmt::format_to(
      out,
      "  evidence     {} events in {} runs; {} later events are counterfactual and not counted\n",
      CountText(summary.evidence.events), CountText(summary.evidence.runs),
      CountText(summary.counterfactual));
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const LaneInfo& info = report.lane[lane];
    if (report.horizon == Horizon::kRun) {
      fmt::format_to(out,
                     "  {:<12} {} runs exact, {} bounded ({} for want of a recorded effect, {} by "
                     "a tied run)\n",
                     lane == 0 ? "baseline" : "candidate", CountText(info.exact_runs),
                     CountText(info.bounded_runs), CountText(info.bounded_unrecorded),
                     CountText(info.bounded_tied));
    }
  }
  fmt::format_to(out,
                 "  unknown      {} events (baseline), {} (candidate) leaned on a missing fact\n",
                 CountText(summary.unknown[0].events), CountText(summary.unknown[1].events));
  std::size_t shown = 0;
  for (const UnknownFact& fact : summary.unknown_facts) {
    if (++shown > kTextFacts) break;
    fmt::format_to(
        out, "    {:<24} missing in {}, leaned on in {}, known too late in {}, malformed in {}\n",
        CleanUtf8(fact.name), CountText(fact.missing[1]), CountText(fact.leaned_on[1]),
        CountText(fact.leaked), CountText(fact.malformed));
  }
  if (summary.too_early_events > 0) {
    fmt::format_to(
        out, "  meters       {} events lie too close to the start of the recording for a window\n",
        CountText(summary.too_early_events));
  }
  if (summary.observed_events > 0) {
    fmt::format_to(out, "  record       the baseline agrees with {} of {} recorded decisions\n",
                   CountText(summary.agreeing_events), CountText(summary.observed_events));
    shown = 0;
    for (const Disagreement& row : summary.disagreements) {
      if (++shown > 5) break;
      fmt::format_to(out, "    recorded {}, baseline {}: {} events ({}), for example {}\n",
                     CleanUtf8(row.observed), row.baseline, CountText(row.tally.events),
                     CleanUtf8(row.words), Join(row.example_runs));
    }
  }
}

void WriteLabels(const ReplaySummary& summary, Out out) {
  if (summary.labels.empty()) return;
  fmt::format_to(out, "\nAgainst labels (baseline, candidate)\n");
  for (const LabelJoin& label : summary.labels) {
    fmt::format_to(
        out, "  {} = {} ({} {}): stopped {}, {}; missed {}, {}; of {} others stopped {}, {}\n",
        CleanUtf8(label.name), CleanUtf8(label.value), CountText(label.labelled),
        label.of_runs ? "runs" : "events", CountText(label.stopped[0]), CountText(label.stopped[1]),
        CountText(label.missed[0]), CountText(label.missed[1]), CountText(label.others),
        CountText(label.stopped_others[0]), CountText(label.stopped_others[1]));
  }
}

void WriteProvenance(const Report& report, Out out) {
  fmt::format_to(out, "\nJudged\n  baseline     {}\n  candidate    {}\n  corpus       {}\n",
                 report.lane[0].digest, report.lane[1].digest, report.corpus_digest);
  if (report.verdict) {
    fmt::format_to(out, "  gate         {}\n  as of        {}\n", report.verdict->gate_digest,
                   report.verdict->as_of);
  }
  fmt::format_to(out, "  tool         {}\n", report.tool_version);
}

}  // namespace

std::string RenderText(const Report& report) {
  std::string text;
  const Out out = std::back_inserter(text);
  WriteHead(report, out);
  if (report.verdict) WriteGates(*report.verdict, out);
  WriteChanges(report, out);
  WriteLabels(report.summary, out);
  WriteLimits(report, out);
  WriteProvenance(report, out);
  if (report.verdict) fmt::format_to(out, "\n{}\n", CleanUtf8(report.verdict->sentence));
  return text;
}

}  // namespace writ::evals
