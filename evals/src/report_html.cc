// The HTML report: one file that opens from disk, without a script, a font or a network.
//
// Entry point: RenderHtml. A reader meets the verdict first, then what the gates found, then the
// change in numbers, then the change in the policy's own words with the runs it would have met, and
// last how far all of this can be trusted.
#include "report_html.h"

#include <fmt/format.h>

#include <algorithm>

#include "report_parts.h"

namespace writ::evals {
namespace {

struct Banner {
  std::string_view tone, word, lead;
};

Banner BannerOf(const Report& report) {
  if (!report.verdict)
    return {"none", "Replayed", "What the change would have done. No gate was asked."};
  switch (report.verdict->outcome) {
    case Outcome::kPass:
      return {"pass", "Passed",
              "Nothing in the recorded runs speaks against releasing this change."};
    case Outcome::kBlock:
      return {"block", "Blocked", "This change should not be released as it stands."};
    case Outcome::kInconclusive:
      return {"inconclusive", "Not settled",
              "The recorded runs do not settle whether this change may be released."};
  }
  return {"none", "Replayed", ""};
}

const GateResult* DecidingGate(const GateVerdict& verdict) {
  for (const GateResult& gate : verdict.gates) {
    if (gate.counts && gate.outcome == verdict.outcome && verdict.outcome != Outcome::kPass)
      return &gate;
  }
  return nullptr;
}

// "Of 6 gates, 3 are broken, 1 is waived."
std::string GateCounts(const GateVerdict& verdict) {
  std::size_t broken = 0, open = 0, waived = 0, hold = 0;
  for (const GateResult& gate : verdict.gates) {
    hold += gate.outcome == Outcome::kPass ? 1 : 0;
    broken += gate.counts && gate.outcome == Outcome::kBlock ? 1 : 0;
    open += gate.counts && gate.outcome == Outcome::kInconclusive ? 1 : 0;
    waived += gate.waived ? 1 : 0;
  }
  std::string text =
      fmt::format("Of {} {}, {} {}", verdict.gates.size(),
                  verdict.gates.size() == 1 ? "gate" : "gates", hold, hold == 1 ? "holds" : "hold");
  if (broken > 0) text += fmt::format(", {} {} broken", broken, broken == 1 ? "is" : "are");
  if (open > 0) text += fmt::format(", {} {} not settled", open, open == 1 ? "is" : "are");
  if (waived > 0) text += fmt::format(", {} {} waived", waived, waived == 1 ? "is" : "are");
  return text + ".";
}

std::string VerdictHtml(const Report& report) {
  const Banner banner = BannerOf(report);
  std::string html = fmt::format(
      "<section class=\"verdict {}\"><p class=\"word\">{}</p><div class=\"say\"><p "
      "class=\"lead\">{}</p>",
      banner.tone, banner.word, banner.lead);
  const GateResult* gate = report.verdict ? DecidingGate(*report.verdict) : nullptr;
  if (gate != nullptr) {
    if (!gate->spec.reason.empty())
      html += "<p>Asked for: <em>" + Prose(gate->spec.reason) + "</em></p>";
    html += "<p>Found: " + Prose(gate->explanation) + "</p>";
  } else if (report.verdict && !report.verdict->corpus_findings.empty()) {
    html += "<p>" + Prose(report.verdict->corpus_findings.front()) + ".</p>";
  }
  html += "<p class=\"n\">" + Prose(ChangeSentence(report.summary)) +
          (report.verdict ? " " + GateCounts(*report.verdict) : "") + "</p>";
  return html + "</div></section>";
}

std::string Figure(std::string_view term, std::string_view value, std::string_view below) {
  return fmt::format("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>", term, value, below);
}

std::string FiguresHtml(const Report& report) {
  const ReplaySummary& summary = report.summary;
  const auto direction = [&](Direction d) {
    return summary.by_direction[static_cast<std::size_t>(d)];
  };
  const auto runs = [](const Tally& tally) {
    return tally.runs == 1 ? std::string("in 1 run") : "in " + CountText(tally.runs) + " runs";
  };
  const double unknown = summary.evidence.events == 0
                             ? 0.0
                             : static_cast<double>(summary.unknown[1].events) /
                                   static_cast<double>(summary.evidence.events);
  // Requests after the first one that would have gone otherwise are no evidence.
  const std::string requests = summary.evidence.events == summary.all.events
                                   ? CountText(summary.all.events) + " requests"
                                   : CountText(summary.evidence.events) + " of " +
                                         CountText(summary.all.events) + " requests count";
  std::string html = "<dl class=\"figures\">";
  html += Figure("Past runs replayed", CountText(summary.all.runs), requests);
  html += Figure("Loosened", CountText(direction(Direction::kLoosened).events),
                 runs(direction(Direction::kLoosened)));
  html += Figure("Tightened", CountText(direction(Direction::kTightened).events),
                 runs(direction(Direction::kTightened)));
  html += Figure("Re-routed", CountText(direction(Direction::kRerouted).events),
                 runs(direction(Direction::kRerouted)));
  html += Figure("For want of a fact", PercentText(unknown),
                 CountText(summary.unknown[1].events) + " requests");
  return html +
         "</dl><p class=\"n key\">Loosened: less strict than the policy in force. Tightened: "
         "stricter. Re-routed: another person is asked. For want of a fact: decided on something "
         "that nobody had recorded.</p>";
}

std::string HeadHtml(const Report& report) {
  const LaneInfo &from = report.lane[0], &to = report.lane[1];
  const std::string title = !report.title.empty() ? report.title
                            : !to.title.empty()   ? to.title
                                                  : to.policy;
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src "
      "'none'; style-src 'unsafe-inline'\"><meta name=\"generator\" content=\"{}\"><title>{}: "
      "{}</title><style>{}</style>"
      "</head><body><main>",
      Escape(report.tool_version), BannerOf(report).word, Escape(title), HtmlStyle());
  html +=
      fmt::format("<header><p class=\"kicker\">Policy change report{}</p><h1>{}</h1>",
                  report.verdict ? " · as of " + Escape(report.verdict->as_of) : "", Escape(title));
  const std::string renamed = from.policy == to.policy ? std::string() : Escape(to.policy) + " ";
  html += fmt::format(
      "<p class=\"versions\">{} <b>{}</b> → {}<b>{}</b>, against runs of {} to {}</p></header>",
      Escape(from.policy), Escape(from.version), renamed, Escape(to.version),
      DateText(report.first_ms), DateText(report.last_ms));
  return html;
}

std::string SliceRows(std::string_view what, const std::vector<SliceSummary>& slices) {
  std::string html;
  for (const SliceSummary& slice : slices) {
    const auto count = [&](Direction d) { return slice.by_direction[static_cast<std::size_t>(d)]; };
    if (slice.by_direction[0] == slice.tally.events) continue;
    html += fmt::format(
        "<tr><td>{} {}</td><td class=\"r\">{}</td><td class=\"r\">{}</td><td "
        "class=\"r\">{}</td><td class=\"r\">{}</td><td>{}</td></tr>",
        what, Code(slice.name), CountText(slice.tally.events),
        CountText(count(Direction::kLoosened)), CountText(count(Direction::kTightened)),
        CountText(count(Direction::kRerouted)),
        DirectionBarHtml(slice.by_direction, "share of each direction"));
  }
  return html;
}

std::string OverviewHtml(const Report& report) {
  const ReplaySummary& summary = report.summary;
  std::string html =
      "<section><h2>What changed</h2><p class=\"lede\">A row for each answer of the policy in "
      "force, a column for each of the "
      "new one. Every recorded request that counts as evidence is in one cell.</p>";
  html += FlipMatrixHtml(summary);
  const std::string rows =
      SliceRows("capability", summary.capabilities) + SliceRows("role", summary.roles);
  if (!rows.empty()) {
    html +=
        "<div class=\"scroll\"><table><thead><tr><th>Where</th><th class=\"r\">Requests</th><th "
        "class=\"r\">Loosened</th>"
        "<th class=\"r\">Tightened</th><th "
        "class=\"r\">Re-routed</th><th></th></tr></thead><tbody>" +
        rows + "</tbody></table></div>";
  }
  return html + "</section>";
}

std::string RegionsHtml(const Report& report) {
  if (report.summary.regions.empty()) return {};
  std::string html =
      "<section><h2>Regions</h2><p class=\"lede\">Parts of the policy that it names itself, in its "
      "own words.</p>"
      "<div class=\"scroll\"><table><thead><tr><th>Region</th><th class=\"r\">Requests</th><th "
      "class=\"r\">Runs</th>"
      "<th class=\"r\">Loosened</th><th class=\"r\">Tightened</th></tr></thead><tbody>";
  for (const RegionSummary& region : report.summary.regions) {
    const auto count = [&](Direction d) {
      return region.by_direction[static_cast<std::size_t>(d)];
    };
    std::string notes;
    if (!region.in_baseline) notes = "<br><span class=\"n\">declared by the new policy only</span>";
    if (!region.in_candidate)
      notes = "<br><span class=\"n\">no longer declared by the new policy</span>";
    if (region.maybe.events > 0) {
      notes += "<br><span class=\"n\">" + CountText(region.maybe.events) +
               " more requests may lie in it, for want of a fact</span>";
    }
    const std::string exercised =
        region.tally.events == 0 ? "<td class=\"r never\">never exercised</td>"
                                 : "<td class=\"r\">" + CountText(region.tally.events) + "</td>";
    html += fmt::format(
        "<tr><td><b>{}</b><br><span class=\"words\">{}</span>{}</td>{}<td class=\"r\">{}</td><td "
        "class=\"r\">{}</td><td class=\"r\">{}</td></tr>",
        Escape(region.name), Escape(region.words), notes, exercised, CountText(region.tally.runs),
        CountText(count(Direction::kLoosened)), CountText(count(Direction::kTightened)));
  }
  return html + "</tbody></table></div></section>";
}

std::string LoadHtml(const Report& report) {
  if (report.summary.load.empty()) return {};
  std::string html =
      "<section><h2>What it asks of people</h2><p class=\"lede\">Requests that wait for a person. "
      "Grey is the policy in "
      "force, the line is the new one.</p><div class=\"charts\">";
  for (const AnchorLoad& load : report.summary.load)
    html += LoadChartHtml(load, report.first_ms, report.last_ms);
  return html + "</div></section>";
}

std::string ProvenanceHtml(const Report& report) {
  const auto row = [](std::string_view what, std::string_view name, std::string_view digest) {
    return fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", what, Escape(name),
                       Code(digest));
  };
  std::string html =
      "<section><h2>Provenance</h2><p class=\"lede\">Whoever has these files gets this verdict "
      "again.</p>"
      "<div class=\"scroll\"><table "
      "class=\"digests\"><thead><tr><th>What</th><th>Name</th><th>SHA-256</th></tr></thead><tbody>";
  html += row("Policy in force", report.lane[0].policy + " " + report.lane[0].version,
              report.lane[0].digest);
  html += row("New policy", report.lane[1].policy + " " + report.lane[1].version,
              report.lane[1].digest);
  html += row("Runs", report.corpus_path, report.corpus_digest);
  if (report.verdict) html += row("Gate", report.verdict->gate_name, report.verdict->gate_digest);
  html += "</tbody></table></div>";
  return html + fmt::format("<footer>{} · horizon {} · {}</footer></section>",
                            Escape(report.tool_version), HorizonName(report.horizon),
                            report.by_time
                                ? "runs interleaved by time, since meters reach across them"
                                : "run by run");
}

}  // namespace

std::string Code(std::string_view text) { return "<code>" + Escape(text) + "</code>"; }

std::string Prose(std::string_view text) {
  std::string html;
  bool code = false;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t tick = text.find('`', at);
    const bool closes = tick != std::string_view::npos &&
                        (code || text.find('`', tick + 1) != std::string_view::npos);
    html += Escape(text.substr(at, (closes ? tick : text.size()) - at));
    if (!closes) break;
    html += code ? "</code>" : "<code>";
    code = !code;
    at = tick + 1;
  }
  return html;
}

std::string RenderHtml(const Report& report) {
  std::string html = HeadHtml(report);
  html += VerdictHtml(report);
  html += FiguresHtml(report);
  if (report.verdict) html += GatesHtml(*report.verdict);
  html += OverviewHtml(report);
  html += ChangesHtml(report);
  html += RegionsHtml(report);
  html += LoadHtml(report);
  html += EvidenceHtml(report);
  html += ProvenanceHtml(report);
  return html + "</main></body></html>\n";
}

}  // namespace writ::evals
