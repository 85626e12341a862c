// Entry points: DiffText, DiffMarkdown, DiffJson, DiffSarif.
#include "diff_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "context.h"
#include "diagnostic_formats.h"
#include "diff_recorded.h"

namespace writ::cli {

using analysis::DiffRegion;
using analysis::DiffRow;
using analysis::Direction;
using analysis::ObligationChange;
using nlohmann::ordered_json;

namespace {

constexpr std::size_t kExactDigits = 12;  // longer numbers are read as a power of ten
constexpr std::size_t kTextBoxes = 6;     // of one region, on a terminal
constexpr std::size_t kTextElsewhere = 10;

std::string Upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string Counted(std::size_t n, const char* one, const char* many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string RowSentence(const DiffRow& row) {
  std::string text = row.words;
  if (const std::string place = PlaceOf(row); !place.empty()) text += "  (" + place + ")";
  return text;
}

std::string Boxes(const DiffRegion& region, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(region.boxes.size(), most); ++i)
    text += fmt::format("  {}{}\n", i == 0 ? "where    " : "or       ", region.boxes[i]);
  if (region.boxes.size() > most)
    text += fmt::format("           and {} more; --format json lists them\n",
                        region.boxes.size() - most);
  return text;
}

std::string RegionText(const DiffRegion& region) {
  std::string text = fmt::format("\n{}  {}: {} -> {}\n", Upper(analysis::Name(region.direction)),
                                 region.capability, region.before.outcome, region.after.outcome);
  text += fmt::format("  before   {}\n", RowSentence(region.before));
  text += fmt::format("  after    {}\n", RowSentence(region.after));
  text += Boxes(region, kTextBoxes);
  text += fmt::format("  example  {}\n", region.witness.empty() ? "any request" : region.witness);
  if (const std::string size = SizeSentence(region); !size.empty())
    text += fmt::format("  size     {}\n", size);
  return text;
}

ordered_json RowJson(const DiffRow& row) {
  return {{"outcome", row.outcome}, {"clause", row.clause}, {"words", row.words},
          {"reason", row.reason},   {"file", row.file},     {"line", row.line}};
}

ordered_json SarifResult(const DiffReport& report, const char* rule, const char* level,
                         const std::string& message, const DiffRow* row) {
  ordered_json result{{"ruleId", rule}, {"level", level}, {"message", {{"text", message}}}};
  result["locations"] = ordered_json::array();
  if (row == nullptr || row->line == 0) return result;
  // Tables name files without their folders; the policy's own folder is the best guess.
  const std::filesystem::path path = std::filesystem::path(report.path).parent_path() / row->file;
  result["locations"].push_back({{"physicalLocation",
                                  {{"artifactLocation", {{"uri", UriOf(path.generic_string())}}},
                                   {"region", {{"startLine", row->line}}}}}});
  return result;
}

}  // namespace

std::string PlaceOf(const DiffRow& row) {
  return row.line == 0 ? std::string() : fmt::format("{}:{}", row.file, row.line);
}

std::string ChangeCounts(const DiffReport& report) {
  std::string text;
  for (const Direction direction :
       {Direction::kLoosened, Direction::kTightened, Direction::kRerouted}) {
    const auto count = std::ranges::count(report.diff.regions, direction, &DiffRegion::direction);
    if (count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, analysis::Name(direction));
  }
  return text.empty() ? "nothing" : text;
}

std::string GivenSentence(const DiffReport& report) {
  std::string text;
  for (const auto& [name, value] : report.given)
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name, value);
  return text;
}

std::string EqualSentence(const DiffReport& report) {
  if (report.diff.equal())
    return fmt::format("proved equal: every {} is decided as before",
                       report.restricted() ? "one of these requests" : "request");
  return report.restricted() ? "everything else of these requests is proved equal"
                             : "everything else is proved equal";
}

std::string StepSentence(const DiffReport& report) {
  if (!report.same_policy) return {};
  if (report.restricted()) return "not judged, since only some requests are compared";
  return fmt::format("stated {}, demanded {}", analysis::Name(report.stated),
                     analysis::Name(report.demanded));
}

std::string TunedSentence(const analysis::TunedThreshold& tuned) {
  return fmt::format("{}: {} -> {}, {} what may be tuned ({})", tuned.name, tuned.before,
                     tuned.after, tuned.stays ? "within" : "beyond", tuned.range);
}

std::string SizeSentence(const DiffRegion& region) {
  if (region.size.empty()) return {};
  const std::string digits = region.size;
  const std::string number =
      digits.size() <= kExactDigits
          ? digits
          : fmt::format("about {}.{} * 10^{}", digits[0], digits[1], digits.size() - 1);
  return fmt::format("{} combinations of what decides here{}", number,
                     region.at_most ? ", at most" : "");
}

std::string DiffText(const DiffReport& report) {
  const analysis::ExactDiff& diff = report.diff;
  std::string text =
      fmt::format("{} {} -> {}\n", report.policy, report.old_version, report.new_version);
  if (report.restricted()) text += "only requests with " + GivenSentence(report) + "\n";
  if (diff.equal()) {
    text += EqualSentence(report) + "\n";
  } else {
    text +=
        fmt::format("{} changed: {}{}\n", Counted(diff.regions.size(), "region", "regions"),
                    ChangeCounts(report), diff.unknown.empty() ? "; " + EqualSentence(report) : "");
  }
  if (const std::string step = StepSentence(report); !step.empty())
    text += fmt::format("version step: {}\n", step);
  if (report.recorded) text += "corpus: " + RecordedSentence(report) + "\n";
  for (const analysis::SharedCondition& shared : diff.shared)
    text += fmt::format("\nevery region of {} lies where {}\n", shared.capability, shared.where);
  for (std::size_t r = 0; r < diff.regions.size(); ++r) {
    text += RegionText(diff.regions[r]);
    if (report.recorded)
      text += fmt::format("  recorded {}\n", WeightSentence(report, report.recorded->regions[r]));
  }
  for (const ObligationChange& change : diff.obligations) {
    text +=
        fmt::format("\n{}  {}: {}\n  example  {}\n",
                    change.dropped ? "OBLIGATION DROPPED" : "OBLIGATION ADDED", change.capability,
                    change.row.outcome, change.witness.empty() ? "any request" : change.witness);
  }
  const std::vector<std::string> elsewhere = ElsewhereLines(report);
  if (!elsewhere.empty()) text += "\nrecorded, and in no region\n";
  for (std::size_t i = 0; i < std::min(elsewhere.size(), kTextElsewhere); ++i)
    text += "  " + elsewhere[i] + "\n";
  if (elsewhere.size() > kTextElsewhere)
    text +=
        fmt::format("  and {} more; --format json lists them\n", elsewhere.size() - kTextElsewhere);
  if (!report.declarations.empty()) text += "\ndeclarations that differ\n";
  for (const std::string& line : report.declarations) text += "  " + line + "\n";
  if (!report.tuned.empty()) text += "\nthresholds that may be tuned\n";
  for (const analysis::TunedThreshold& tuned : report.tuned)
    text += "  " + TunedSentence(tuned) + "\n";
  for (const std::string& note : diff.notes) text += "\nnote: " + note + "\n";
  for (const std::string& why : diff.unknown) text += "\nnot settled: " + why + "\n";
  const std::string certified = Lines(report.certified);
  return text + (certified.empty() ? "" : "\n") + certified;
}

std::string DiffMarkdown(const DiffReport& report) {
  const analysis::ExactDiff& diff = report.diff;
  const auto cell = [](std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
      text.insert(at, "\\");
    return text;
  };
  std::string text =
      fmt::format("## {}: {} to {}\n\n", report.policy, report.old_version, report.new_version);
  if (report.restricted()) text += "Only requests with `" + GivenSentence(report) + "`.\n\n";
  text += diff.equal()
              ? "P" + EqualSentence(report).substr(1) + ".\n"
              : fmt::format("{} changed: {}.\n", Counted(diff.regions.size(), "region", "regions"),
                            ChangeCounts(report));
  if (const std::string step = StepSentence(report); !step.empty())
    text += fmt::format("Version step: {}.\n", step);
  if (report.recorded) text += RecordedSentence(report) + ".\n";
  for (const analysis::SharedCondition& shared : diff.shared)
    text +=
        fmt::format("\nEvery region of `{}` lies where `{}`.\n", shared.capability, shared.where);
  if (!diff.regions.empty())
    text += report.recorded ? "\n| | capability | before | after | where | for example | recorded "
                              "|\n|---|---|---|---|---|---|---|\n"
                            : "\n| | capability | before | after | where | for example "
                              "|\n|---|---|---|---|---|---|\n";
  for (std::size_t r = 0; r < diff.regions.size(); ++r) {
    const DiffRegion& region = diff.regions[r];
    std::string where = region.boxes.empty() ? "" : "`" + cell(region.boxes.front()) + "`";
    if (region.boxes.size() > 1) where += fmt::format(" and {} more", region.boxes.size() - 1);
    const auto side = [&](const DiffRow& row) {
      return fmt::format("**{}** `{}` {}", row.outcome, cell(row.words), PlaceOf(row));
    };
    text += fmt::format("| {} | {} | {} | {} | {} | `{}` |", analysis::Name(region.direction),
                        region.capability, side(region.before), side(region.after), where,
                        cell(region.witness.empty() ? "any request" : region.witness));
    if (report.recorded)
      text += fmt::format(" {} |", WeightSentence(report, report.recorded->regions[r]));
    text += "\n";
  }
  for (const ObligationChange& change : diff.obligations) {
    text += fmt::format("\n- obligation {} for {}: {}, for example `{}`\n",
                        change.dropped ? "dropped" : "added", change.capability, change.row.outcome,
                        change.witness);
  }
  for (const std::string& line : ElsewhereLines(report))
    text += "\n- recorded, and in no region: " + cell(line) + "\n";
  for (const analysis::TunedThreshold& tuned : report.tuned)
    text += "\n- threshold " + TunedSentence(tuned) + "\n";
  for (const std::string& note : diff.notes) text += "\n- note: " + note + "\n";
  for (const std::string& why : diff.unknown) text += "\n- **not settled**: " + why + "\n";
  return text;
}

std::string DiffJson(const DiffReport& report) {
  ordered_json regions = ordered_json::array(), obligations = ordered_json::array();
  for (std::size_t r = 0; r < report.diff.regions.size(); ++r) {
    const DiffRegion& region = report.diff.regions[r];
    ordered_json one{{"direction", analysis::Name(region.direction)},
                     {"capability", region.capability},
                     {"before", RowJson(region.before)},
                     {"after", RowJson(region.after)},
                     {"example", region.witness},
                     {"boxes", region.boxes},
                     {"more_boxes", region.more_boxes}};
    if (!region.size.empty())
      one["size"] = {{"combinations", region.size}, {"at_most", region.at_most}};
    if (report.recorded) one["recorded"] = WeightJson(report.recorded->regions[r]);
    regions.push_back(std::move(one));
  }
  for (const ObligationChange& change : report.diff.obligations) {
    obligations.push_back({{"change", change.dropped ? "dropped" : "added"},
                           {"capability", change.capability},
                           {"obligation", change.row.outcome},
                           {"row", RowJson(change.row)},
                           {"example", change.witness}});
  }
  ordered_json shared = ordered_json::object();
  for (const analysis::SharedCondition& one : report.diff.shared)
    shared[one.capability] = one.where;
  ordered_json tuned = ordered_json::array();
  for (const analysis::TunedThreshold& one : report.tuned) {
    tuned.push_back({{"threshold", one.name},
                     {"before", one.before},
                     {"after", one.after},
                     {"tunable", one.range},
                     {"within", one.stays}});
  }
  ordered_json document{{"policy", report.policy},
                        {"old", {{"version", report.old_version}, {"sha256", report.old_digest}}},
                        {"new", {{"version", report.new_version}, {"sha256", report.new_digest}}},
                        {"equal", report.diff.equal()},
                        {"direction", analysis::Name(report.diff.worst())},
                        {"shared", std::move(shared)},
                        {"regions", std::move(regions)},
                        {"obligations", std::move(obligations)},
                        {"declarations", report.declarations},
                        {"tuned", std::move(tuned)},
                        {"notes", report.diff.notes},
                        {"not_settled", report.diff.unknown}};
  if (report.restricted()) {
    document["only"] = ordered_json::object();
    for (const auto& [name, value] : report.given) document["only"][name] = value;
  } else if (report.same_policy) {
    document["version_step"] = {{"stated", analysis::Name(report.stated)},
                                {"demanded", analysis::Name(report.demanded)},
                                {"suffices", report.step_suffices()}};
  }
  if (report.recorded) document["corpus"] = RecordedJson(*report.recorded);
  if (!report.certified.claims.empty() || !report.certified.without.empty()) {
    document["certified"] = report.certified.claims;
    document["not_certified"] = report.certified.without;
  }
  return document.dump(2) + "\n";
}

std::string DiffSarif(const DiffReport& report) {
  ordered_json results = ordered_json::array();
  for (std::size_t r = 0; r < report.diff.regions.size(); ++r) {
    const DiffRegion& region = report.diff.regions[r];
    const bool loosened = region.direction == Direction::kLoosened;
    const std::string message = fmt::format(
        "{}: {}{} {} -> {}; before: {}; for example: {}", analysis::Name(region.direction),
        report.restricted() ? "of requests with " + GivenSentence(report) + ": " : "",
        region.capability, region.before.outcome, region.after.outcome, region.before.words,
        region.witness.empty() ? "any request" : region.witness);
    const DiffRow& row = region.after.line != 0 ? region.after : region.before;
    results.push_back(SarifResult(report, loosened ? "decision-loosened" : "decision-changed",
                                  loosened ? "warning" : "note", message, &row));
    if (report.recorded)
      results.back()["properties"] = {{"recorded", WeightJson(report.recorded->regions[r])}};
  }
  for (const ObligationChange& change : report.diff.obligations) {
    results.push_back(
        SarifResult(report, "obligation-changed", change.dropped ? "warning" : "note",
                    fmt::format("{} {} for {}", change.row.outcome,
                                change.dropped ? "dropped" : "added", change.capability),
                    &change.row));
  }
  for (const analysis::TunedThreshold& tuned : report.tuned) {
    results.push_back(SarifResult(report, "threshold-tuned", tuned.stays ? "note" : "warning",
                                  "threshold " + TunedSentence(tuned), nullptr));
  }
  if (report.recorded) {
    results.push_back(SarifResult(report, "recorded", "note", RecordedSentence(report), nullptr));
    results.back()["properties"] = {{"corpus", RecordedJson(*report.recorded)}};
  }
  if (!report.step_suffices())
    results.push_back(
        SarifResult(report, "version-step", "error",
                    "the version says less than what changed: " + StepSentence(report), nullptr));
  for (const std::string& why : report.diff.unknown)
    results.push_back(SarifResult(report, "not-settled", "error", why, nullptr));
  ordered_json rules = ordered_json::array();
  for (const auto& [id, title] :
       {std::pair{"decision-loosened", "Requests are decided less strictly than before"},
        std::pair{"decision-changed", "Requests are decided otherwise than before"},
        std::pair{"obligation-changed", "A note or notification holds where it did not, or not"},
        std::pair{"threshold-tuned", "A threshold that may be tuned was changed"},
        std::pair{"recorded", "How many recorded events are decided otherwise"},
        std::pair{"version-step", "The version says less than what changed"},
        std::pair{"not-settled", "Whether something changed could not be settled"}})
    rules.push_back({{"id", id}, {"shortDescription", {{"text", title}}}});
  return SarifDocument(std::move(rules), std::move(results));
}

}  // namespace writ::cli
