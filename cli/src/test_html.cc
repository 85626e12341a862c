// `writ test` as one page: how much of a policy its examples and past runs hold, clause by clause.
// Entry point: TestHtml.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "html.h"
#include "test_report.h"

namespace writ::cli {

using compiler::Covered;
using compiler::CoverSide;
using compiler::CoverState;
using compiler::Mutant;
using compiler::MutantState;
using compiler::RowCoverage;

namespace {

// A bar, with its figure as text.
std::string Bar(std::size_t covered, std::size_t counted) {
  if (counted == 0) return "<td class=\"rule\">there are none</td>";
  const double share = 100 * static_cast<double>(covered) / static_cast<double>(counted);
  return fmt::format(
      "<td><div class=\"rail\" style=\"min-width:160px\"><i class=\"bar\" "
      "style=\"left:0;width:{:.1f}%\"></i></div><span class=\"rule\">{} of {}, {:.0f} "
      "%</span></td>",
      share, covered, counted, share);
}

std::string Quoted(const std::string& title) { return "&ldquo;" + Html(title) + "&rdquo;"; }

// Names stand in backquotes where there is no other type.
std::string Plain(std::string words) {
  std::erase(words, '`');
  return words;
}

class Page {
 public:
  explicit Page(const TestReport& report) : report_(report), past_(!report.corpus.path.empty()) {}

  std::string Text() {
    const std::string title =
        fmt::format("{} {}: what its examples hold", report_.policy, report_.version);
    std::string text = PageStart(title) + "<h1>" + Html(title) + "</h1>\n" + Lead() + Summary();
    Group();
    for (const auto& [key, part] : parts_) text += Clause(key.second, part);
    if (!report_.missing.empty()) {
      text +=
          "<section><h2>Examples that are missing</h2>\n<p class=\"rule\"><code>writ test "
          "--write</code> adds them to the policy.</p>\n<div class=\"when\">";
      for (const std::string& example : report_.missing) text += Code(example) + "\n";
      text += "</div>\n</section>\n";
    }
    return text + PageEnd();
  }

 private:
  // All that there is of one clause under one capability.
  struct Part {
    const RowCoverage* row = nullptr;
    std::vector<const Covered*> conditions, boundaries;
    std::vector<const Mutant*> mutants;
  };

  std::string Lead() const {
    std::string text =
        fmt::format("<p class=\"lead\">{} examples hold.", report_.test.examples.size());
    if (past_)
      text += fmt::format(
          " The past runs of {}: {} runs, {} events, {} requests. What none of them exercises, a "
          "replay of them says nothing about.",
          Html(report_.corpus.path), report_.corpus.runs, report_.corpus.events,
          report_.test.past_requests);
    text += "</p>\n";
    if (report_.covered && !report_.before.empty())
      text += "<p class=\"rule\">" + Html(BeforeSentence(report_)) + "</p>\n";
    return text;
  }

  std::string Summary() const {
    const compiler::PolicyTest& test = report_.test;
    const auto reached = [&](auto is) {
      return static_cast<std::size_t>(std::ranges::count_if(test.rows, is));
    };
    std::string text = fmt::format(
        "<section><div class=\"scroll\"><table><thead><tr><th></th><th>examples</th>{}</tr></thead>"
        "<tbody>\n",
        past_ ? "<th>past runs</th>" : "");
    const auto line = [&](const char* what, std::size_t own, std::size_t past,
                          std::size_t counted) {
      text += fmt::format("<tr><td>{}</td>{}{}</tr>\n", what, Bar(own, counted),
                          past_ ? Bar(past, counted) : "");
    };
    line("rows that decide", reached([](const RowCoverage& r) { return !r.reached_by.empty(); }),
         reached([](const RowCoverage& r) { return r.past > 0; }), test.rows.size());
    const auto cover = [&](const char* what, const std::vector<Covered>& all) {
      const compiler::Share share = ShareOf(all);
      line(what, share.covered, PastShareOf(all).covered, share.counted);
    };
    if (report_.covered) cover("conditions that matter on their own", report_.cover.conditions);
    if (report_.covered) cover("boundaries on both sides", report_.cover.boundaries);
    if (report_.mutated)
      line("mutants that are noticed", test.Count(MutantState::kKilled), test.noticed_by_past(),
           test.mutants.size() - test.Count(MutantState::kEquivalent));
    return text + "</tbody></table></div></section>\n";
  }

  // Clauses stand as they are written: by file and line, then capability.
  using Key = std::pair<std::tuple<std::string, std::uint32_t, std::string>, std::string>;

  void Group() {
    std::map<std::pair<std::string, std::string>, Key> keys;
    const auto part = [&](const auto& one) -> Part& {
      const auto [at, fresh] = keys.try_emplace(
          {one.capability, one.clause}, Key{{one.file, one.line, one.capability}, one.clause});
      return parts_[at->second];
    };
    for (const RowCoverage& row : report_.test.rows) part(row).row = &row;
    for (const Covered& one : report_.cover.conditions) part(one).conditions.push_back(&one);
    for (const Covered& one : report_.cover.boundaries) part(one).boundaries.push_back(&one);
    for (const Mutant& mutant : report_.test.mutants) {
      const auto key = keys.find({mutant.capability, mutant.clause});
      if (key != keys.end()) parts_[key->second].mutants.push_back(&mutant);
    }
  }

  std::string Clause(const std::string& name, const Part& part) const {
    const auto of = [&](auto get) {
      return part.row != nullptr        ? get(*part.row)
             : !part.conditions.empty() ? get(*part.conditions.front())
                                        : get(*part.boundaries.front());
    };
    const std::string place = of([](const auto& one) {
      return fmt::format("{}:{}, {}", one.file, one.line, one.capability);
    });
    std::string text =
        fmt::format("<section><h2>{}</h2>\n<p class=\"rule\">{} &middot; {}</p>\n",
                    Code(part.row != nullptr ? part.row->words : name), Html(place), Html(name));
    if (part.row != nullptr) text += Decides(*part.row);
    text += Sides("condition", "it alone makes the clause decide",
                  "it alone keeps it from deciding", part.conditions) +
            Sides("boundary", "just below", "just above", part.boundaries) + Mutants(part.mutants);
    return text + "</section>\n";
  }

  std::string Decides(const RowCoverage& row) const {
    std::string text =
        row.reached_by.empty()
            ? "<p><span class=\"badge deny\">no example</span> is decided by it"
            : "<p><span class=\"badge allow\">decides</span> " + Quoted(row.reached_by);
    if (past_)
      text += row.past == 0
                  ? "; <span class=\"badge note\">no past request</span>"
                  : fmt::format("; {} past request{}", row.past, row.past == 1 ? "" : "s");
    return text + "</p>\n";
  }

  std::string Sides(const char* what, const char* first, const char* second,
                    const std::vector<const Covered*>& all) const {
    if (all.empty()) return {};
    std::string text = fmt::format(
        "<div class=\"scroll\"><table class=\"rows\"><thead><tr><th>{}</th><th>{}</th><th>{}</th>"
        "</tr></thead><tbody>\n",
        what, first, second);
    for (const Covered* one : all)
      text += fmt::format("<tr><td>{}</td>{}{}</tr>\n", Code(Plain(one->words)),
                          Side(first, one->decides), Side(second, one->yields));
    return text + "</tbody></table></div>\n";
  }

  std::string Side(const char* head, const CoverSide& side) const {
    std::string text = fmt::format("<td data-head=\"{}\">", head);
    switch (side.state) {
      case CoverState::kCovered:
        text += "<span class=\"badge allow\">covered</span> " + Quoted(side.by);
        break;
      case CoverState::kMissing:
        text += "<span class=\"badge deny\">missing</span> " + Code(side.request);
        break;
      case CoverState::kCannot:
        return text + "<span class=\"badge note\">cannot be</span> proved: no request could</td>";
      case CoverState::kUnknown:
        text += "<span class=\"badge escalate\">not settled</span> " + Html(side.why);
        break;
    }
    if (past_)
      text +=
          "<br><span class=\"rule\">past runs: " + (side.past.empty() ? "none" : Html(side.past)) +
          "</span>";
    return text + "</td>";
  }

  std::string Mutants(const std::vector<const Mutant*>& all) const {
    std::string text;
    std::size_t killed = 0, noticed = 0, counted = 0;
    for (const Mutant* mutant : all) {
      if (mutant->state == MutantState::kEquivalent) continue;
      ++counted;
      killed += mutant->state == MutantState::kKilled ? 1 : 0;
      noticed += mutant->past.empty() ? 0 : 1;
      if (mutant->state == MutantState::kKilled) continue;
      const bool survived = mutant->state == MutantState::kSurvived;
      text += fmt::format("<li><span class=\"badge {}\">{}</span> {}: {}</li>\n",
                          survived ? "deny" : "escalate", survived ? "survived" : "not settled",
                          Html(Plain(mutant->what)),
                          survived ? Code(mutant->request.empty() ? "any request" : mutant->request)
                                   : Html(mutant->why));
    }
    if (counted == 0) return {};
    const std::string past = past_ ? fmt::format("; past runs notice {}", noticed) : "";
    return fmt::format("<p class=\"rule\">{} of {} mutants killed{}</p>\n", killed, counted, past) +
           (text.empty() ? "" : "<ul>\n" + text + "</ul>\n");
  }

  const TestReport& report_;
  const bool past_;
  std::map<Key, Part> parts_;
};

}  // namespace

std::string TestHtml(const TestReport& report) { return Page(report).Text(); }

}  // namespace writ::cli
