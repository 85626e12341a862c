// `writ diff` as one page: what a board reads before it says yes. Entry point: DiffHtml.
#include <fmt/format.h>

#include "diff_recorded.h"
#include "diff_report.h"
#include "html.h"

namespace writ::cli {

using analysis::DiffRegion;
using analysis::DiffRow;
using analysis::Direction;

namespace {

// The colour of the word: what is loosened is what needs eyes.
const char* Colour(Direction direction) {
  switch (direction) {
    case Direction::kLoosened:
      return "deny";
    case Direction::kTightened:
      return "allow";
    case Direction::kRerouted:
    case Direction::kSame:
      break;
  }
  return "note";
}

std::string OutcomeText(const DiffRow& row) {
  const std::string verdict = row.outcome.substr(0, row.outcome.find(' '));
  return fmt::format("<span class=\"badge {}\">{}</span>", verdict, Html(row.outcome));
}

std::string Side(const char* when, const DiffRow& row) {
  std::string text =
      fmt::format("<tr><td class=\"n\">{}</td><td>{}</td><td>{}", when, OutcomeText(row),
                  row.reason.empty() ? "" : "<span class=\"why\">" + Html(row.reason) + "</span>");
  text += fmt::format("<span class=\"rule\">{}", Code(row.words));
  if (const std::string place = PlaceOf(row); !place.empty()) text += " &middot; " + Html(place);
  return text + "</span></td></tr>\n";
}

// A small bar, with its figure as text.
std::string Recorded(const DiffReport& report, const evals::Weight& weight) {
  return fmt::format(
      "<h3>Recorded</h3><div class=\"rail\" style=\"max-width:420px\"><i class=\"bar\" "
      "style=\"left:0;width:{}%\"></i></div><p class=\"rule\">{}</p>\n",
      WeightShare(report, weight), Html(WeightSentence(report, weight)));
}

std::string Region(const DiffReport& report, std::size_t r) {
  const DiffRegion& region = report.diff.regions[r];
  std::string text = fmt::format(
      "<section><h2><span class=\"badge {}\">{}</span> {}</h2>\n<div class=\"scroll\"><table>"
      "<tbody>\n{}{}</tbody></table></div>\n",
      Colour(region.direction), analysis::Name(region.direction), Code(region.capability),
      Side("before", region.before), Side("after", region.after));
  text += "<h3>Where</h3><div class=\"when\">";
  for (const std::string& box : region.boxes) text += Code(box) + "\n";
  text += "</div>\n";
  if (region.more_boxes)
    text += "<p class=\"always\">and more than a page can show; the JSON form lists more</p>\n";
  text += "<h3>For example</h3><p>" +
          Code(region.witness.empty() ? "any request" : region.witness) + "</p>\n";
  if (const std::string size = SizeSentence(region); !size.empty())
    text += "<p class=\"rule\">" + Html(size) + "</p>\n";
  if (report.recorded) text += Recorded(report, report.recorded->regions[r]);
  return text + "</section>\n";
}

std::string List(const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string text = fmt::format("<section><h3>{}</h3><ul>\n", title);
  for (const std::string& line : lines) text += "<li>" + Html(line) + "</li>\n";
  return text + "</ul></section>\n";
}

}  // namespace

std::string DiffHtml(const DiffReport& report) {
  const analysis::ExactDiff& diff = report.diff;
  std::string text = PageStart(fmt::format("{}: {} to {}", report.policy, report.old_version,
                                           report.new_version)) +
                     fmt::format("<h1>{}: what {} changes</h1>\n<p class=\"lead\">",
                                 Html(report.policy), Html(report.new_version));
  const char* whatever = report.restricted() ? "Whatever of these requests" : "Every request that";
  if (report.restricted())
    text += "Only requests with " + Code(GivenSentence(report)) + " are compared. ";
  if (diff.equal()) {
    text +=
        fmt::format("Proved equal to {}: every {} is decided as before.", Html(report.old_version),
                    report.restricted() ? "one of these requests" : "request");
  } else {
    text += fmt::format("Against {}: {}.{}", Html(report.old_version), Html(ChangeCounts(report)),
                        diff.unknown.empty()
                            ? fmt::format(" {} lies in none of these regions is proved to be "
                                          "decided as before.",
                                          whatever)
                            : " Not everything could be settled.");
  }
  text += "</p>\n<ul class=\"facts\">";
  if (const std::string step = StepSentence(report); !step.empty())
    text += fmt::format("<li>version step: <b>{}</b>{}</li>", Html(step),
                        report.step_suffices() ? "" : " &mdash; <b>too small</b>");
  if (report.recorded) text += "<li>" + Html(RecordedSentence(report)) + "</li>";
  text += fmt::format("<li>tables <b>{}</b> and <b>{}</b></li></ul>\n",
                      Html(report.old_digest.substr(0, 16)), Html(report.new_digest.substr(0, 16)));
  for (const analysis::SharedCondition& shared : diff.shared)
    text += fmt::format("<section><h3>Every region of {} lies where</h3><p>{}</p></section>\n",
                        Html(shared.capability), Code(shared.where));
  for (std::size_t r = 0; r < diff.regions.size(); ++r) text += Region(report, r);
  std::vector<std::string> obligations;
  for (const analysis::ObligationChange& change : diff.obligations) {
    obligations.push_back(fmt::format("{} for {}: {}; for example {}",
                                      change.dropped ? "dropped" : "added", change.capability,
                                      change.row.outcome, change.witness));
  }
  std::vector<std::string> tuned;
  for (const analysis::TunedThreshold& one : report.tuned) tuned.push_back(TunedSentence(one));
  text += List("Recorded, and in no region", ElsewhereLines(report)) +
          List("Obligations", obligations) + List("Not settled", diff.unknown) +
          List("Read otherwise by the two versions", diff.notes) +
          List("Declarations that differ", report.declarations) +
          List("Thresholds that may be tuned", tuned);
  return text + PageEnd();
}

}  // namespace writ::cli
