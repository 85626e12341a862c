// Entry points: TestText, TestJson, TestJunit.
#include "test_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "html.h"

namespace writ::cli {

using compiler::Covered;
using compiler::CoverSide;
using compiler::CoverState;
using compiler::Mutant;
using compiler::MutantKind;
using compiler::MutantState;
using compiler::RowCoverage;
using nlohmann::ordered_json;

namespace {

const char* Name(MutantKind kind) {
  static constexpr const char* kNames[] = {"row dropped", "decision flipped", "condition dropped",
                                           "threshold moved"};
  return kNames[static_cast<std::size_t>(kind)];
}

const char* Name(MutantState state) {
  static constexpr const char* kNames[] = {"killed", "survived", "equivalent", "unknown"};
  return kNames[static_cast<std::size_t>(state)];
}

std::size_t Reached(const TestReport& report) {
  return static_cast<std::size_t>(std::ranges::count_if(
      report.test.rows, [](const RowCoverage& row) { return !row.reached_by.empty(); }));
}

// Killed of those that are not equivalent, among mutants of one kind.
std::string Share(const TestReport& report, MutantKind kind) {
  std::size_t killed = 0, counted = 0;
  for (const Mutant& mutant : report.test.mutants) {
    if (mutant.kind != kind || mutant.state == MutantState::kEquivalent) continue;
    ++counted;
    killed += mutant.state == MutantState::kKilled ? 1 : 0;
  }
  return fmt::format("{} of {}", killed, counted);
}

std::size_t ReachedByPast(const TestReport& report) {
  return static_cast<std::size_t>(
      std::ranges::count_if(report.test.rows, [](const RowCoverage& row) { return row.past > 0; }));
}

std::string Described(const Mutant& mutant) {
  return fmt::format("{} {}: {}", mutant.capability, mutant.clause, mutant.what);
}

// What is said of one kind of coverage.
struct CoverKind {
  const char* name;                          // of the list
  const char* covered;                       // what those are that are
  const char *decides, *yields;              // what no example shows, on either side
  const char *never_decides, *never_yields;  // the same, proved of all requests
  const char *past_decides, *past_yields;    // the same of past requests
};
constexpr CoverKind kConditions = {"conditions",
                                   "conditions shown to matter on their own",
                                   "no example in which it alone makes the clause decide",
                                   "no example in which it alone keeps the clause from deciding",
                                   "no request in which it alone makes the clause decide",
                                   "no request in which it alone keeps the clause from deciding",
                                   "none in which it alone made the clause decide",
                                   "none in which it alone kept the clause from deciding"};
constexpr CoverKind kBoundaries = {"boundaries",
                                   "boundaries exercised on both sides",
                                   "no example just below it",
                                   "no example just above it",
                                   "nothing hangs on the value just below it",
                                   "nothing hangs on the value just above it",
                                   "none just below it",
                                   "none just above it"};

const char* Name(CoverState state) {
  static constexpr const char* kNames[] = {"covered", "missing", "cannot", "unknown"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string Where(const Covered& one) {
  return fmt::format("{}  ({}:{}, {} {})", one.words, one.file, one.line, one.capability,
                     one.clause);
}

// What is wrong with a side, on one line; empty: nothing.
std::string Lack(const CoverSide& side, const char* missing, const char* never) {
  switch (side.state) {
    case CoverState::kCovered:
      return "";
    case CoverState::kMissing:
      return fmt::format("{}: {}", missing, side.request);
    case CoverState::kCannot:
      return never;
    case CoverState::kUnknown:
      return "not settled: " + side.why;
  }
  return "";
}

std::vector<std::string> Lacks(const CoverKind& kind, const Covered& one) {
  std::vector<std::string> lacks;
  const CoverState state = one.state();
  for (const std::string& lack : {Lack(one.decides, kind.decides, kind.never_decides),
                                  Lack(one.yields, kind.yields, kind.never_yields)})
    if (!lack.empty()) lacks.push_back(lack);
  if (state != CoverState::kCannot) return lacks;
  lacks.clear();  // a missing side is not missed where the other one cannot be had
  if (one.decides.state == state) lacks.emplace_back(kind.never_decides);
  if (one.yields.state == state) lacks.emplace_back(kind.never_yields);
  return lacks;
}

std::string CoverText(const CoverKind& kind, const std::vector<Covered>& all) {
  const compiler::Share share = ShareOf(all);
  std::string text = fmt::format("  {} of {} {}, {:.0f} %", share.covered, share.counted,
                                 kind.covered, 100 * share.value());
  if (share.cannot > 0) text += fmt::format("; {} more cannot be", share.cannot);
  text += "\n";
  for (const Covered& one : all) {
    if (one.state() == CoverState::kCovered) continue;
    text += fmt::format("    {}{}\n", one.state() == CoverState::kCannot ? "cannot be: " : "",
                        Where(one));
    for (const std::string& lack : Lacks(kind, one)) text += "      " + lack + "\n";
  }
  return text;
}

ordered_json SideJson(const CoverSide& side) {
  return {{"state", Name(side.state)}, {"covered_by", side.by}, {"request", side.request},
          {"example", side.example},   {"why", side.why},       {"past", side.past}};
}

ordered_json CoverJson(const std::vector<Covered>& all, const char* first, const char* second) {
  const compiler::Share share = ShareOf(all);
  ordered_json list = ordered_json::array();
  for (const Covered& one : all) {
    list.push_back({{"capability", one.capability},
                    {"clause", one.clause},
                    {"words", one.words},
                    {"file", one.file},
                    {"line", one.line},
                    {"state", Name(one.state())},
                    {first, SideJson(one.decides)},
                    {second, SideJson(one.yields)}});
  }
  return {{"share", share.value()}, {"covered", share.covered}, {"counted", share.counted},
          {"cannot", share.cannot}, {"unknown", share.unknown}, {"all", std::move(list)}};
}

std::string MutantsText(const TestReport& report) {
  const compiler::PolicyTest& test = report.test;
  std::string text = fmt::format(
      "  {} of {} mutants killed, {:.0f} %; {} more are equivalent\n"
      "    rows dropped {}, decisions flipped {}, conditions dropped {}, thresholds moved {}\n",
      test.Count(MutantState::kKilled), test.mutants.size() - test.Count(MutantState::kEquivalent),
      100 * test.score(), test.Count(MutantState::kEquivalent),
      Share(report, MutantKind::kDroppedRow), Share(report, MutantKind::kFlippedDecision),
      Share(report, MutantKind::kDroppedCondition), Share(report, MutantKind::kMovedThreshold));
  for (const Mutant& mutant : test.mutants) {
    if (mutant.state == MutantState::kSurvived)
      text +=
          fmt::format("\nsurvived: {}, {}\n  unnoticed: {}\n", Name(mutant.kind), Described(mutant),
                      mutant.request.empty() ? "any request" : mutant.request);
    if (mutant.state == MutantState::kUnknown)
      text += fmt::format("\nnot settled: {}, {}\n  {}\n", Name(mutant.kind), Described(mutant),
                          mutant.why);
  }
  return text;
}

// What past runs show, kind by kind. Of what they do not show a replay of them says nothing.
std::string PastCoverText(const CoverKind& kind, const std::vector<Covered>& all) {
  const compiler::Share share = PastShareOf(all);
  std::string text = fmt::format("  {} of {} {}, {:.0f} %\n", share.covered, share.counted,
                                 kind.covered, 100 * share.value());
  for (const Covered& one : all) {
    if (one.state() == CoverState::kCannot || one.covered_by_past()) continue;
    text += "    " + Where(one) + "\n";
    for (const auto& [side, none] :
         {std::pair(&one.decides, kind.past_decides), std::pair(&one.yields, kind.past_yields)})
      if (side->past.empty()) text += fmt::format("      {}\n", none);
  }
  return text;
}

std::string PastText(const TestReport& report) {
  const compiler::PolicyTest& test = report.test;
  std::string text =
      fmt::format("past runs of {}: {} runs, {} events, {} requests\n", report.corpus.path,
                  report.corpus.runs, report.corpus.events, test.past_requests);
  text += fmt::format("  {} of {} rows decide one\n", ReachedByPast(report), test.rows.size());
  for (const RowCoverage& row : test.rows) {
    if (row.past == 0)
      text += fmt::format("    decides none: {}  ({}:{}, {})\n", row.words, row.file, row.line,
                          row.capability);
  }
  if (report.covered)
    text += PastCoverText(kConditions, report.cover.conditions) +
            PastCoverText(kBoundaries, report.cover.boundaries);
  if (!report.mutated) return text;
  text += fmt::format("  {} of {} mutants decide one otherwise, {:.0f} %\n", test.noticed_by_past(),
                      test.mutants.size() - test.Count(MutantState::kEquivalent),
                      100 * test.past_score());
  for (const Mutant& mutant : test.mutants) {
    if (mutant.state != MutantState::kEquivalent && mutant.past.empty())
      text += fmt::format("    none: {}, {}\n", Name(mutant.kind), Described(mutant));
  }
  return text;
}

ordered_json PastShareJson(const std::vector<Covered>& all) {
  const compiler::Share share = PastShareOf(all);
  return {{"share", share.value()}, {"covered", share.covered}, {"counted", share.counted}};
}

ordered_json PastJson(const TestReport& report) {
  const compiler::PolicyTest& test = report.test;
  ordered_json past{{"path", report.corpus.path},
                    {"digest", report.corpus.digest},
                    {"runs", report.corpus.runs},
                    {"events", report.corpus.events},
                    {"requests", test.past_requests},
                    {"rows", {{"reached", ReachedByPast(report)}, {"counted", test.rows.size()}}}};
  if (report.covered) {
    past["conditions"] = PastShareJson(report.cover.conditions);
    past["boundaries"] = PastShareJson(report.cover.boundaries);
  }
  if (report.mutated) {
    past["mutants"] = {{"score", test.past_score()},
                       {"noticed", test.noticed_by_past()},
                       {"counted", test.mutants.size() - test.Count(MutantState::kEquivalent)}};
  }
  return past;
}

}  // namespace

double RowsReached(const TestReport& report) {
  if (report.test.rows.empty()) return 1;
  return static_cast<double>(Reached(report)) / static_cast<double>(report.test.rows.size());
}

std::string BeforeSentence(const TestReport& report) {
  return fmt::format(
      "conditions and boundaries are those of {}; those of {}, by which cases from before are "
      "decided, are covered by its own examples",
      report.version, report.before);
}

std::string TestText(const TestReport& report) {
  const compiler::PolicyTest& test = report.test;
  std::string text = fmt::format("{} {}\n", report.policy, report.version);
  text += fmt::format("  {} examples hold\n  {} of {} rows reached\n", test.examples.size(),
                      Reached(report), test.rows.size());
  for (const RowCoverage& row : test.rows) {
    if (row.reached_by.empty())
      text += fmt::format("    never decided by: {}  ({}:{}, {})\n", row.words, row.file, row.line,
                          row.capability);
  }
  if (report.covered)
    text += CoverText(kConditions, report.cover.conditions) +
            CoverText(kBoundaries, report.cover.boundaries);
  if (report.covered && !report.before.empty()) text += "  " + BeforeSentence(report) + "\n";
  if (report.mutated) text += MutantsText(report);
  if (!report.corpus.path.empty()) text += PastText(report);
  if (!report.missing.empty()) text += "\nexamples that are missing:\n";
  for (const std::string& example : report.missing) text += example + "\n";
  return text;
}

std::string TestJson(const TestReport& report) {
  const compiler::PolicyTest& test = report.test;
  ordered_json rows = ordered_json::array(), mutants = ordered_json::array();
  for (const RowCoverage& row : test.rows) {
    rows.push_back({{"capability", row.capability},
                    {"clause", row.clause},
                    {"words", row.words},
                    {"file", row.file},
                    {"line", row.line},
                    {"reached_by", row.reached_by},
                    {"past", row.past}});
  }
  for (const Mutant& mutant : test.mutants) {
    mutants.push_back({{"kind", Name(mutant.kind)},
                       {"state", Name(mutant.state)},
                       {"capability", mutant.capability},
                       {"clause", mutant.clause},
                       {"what", mutant.what},
                       {"killed_by", mutant.by},
                       {"unnoticed", mutant.request},
                       {"example", mutant.example},
                       {"why", mutant.why},
                       {"past", mutant.past}});
  }
  ordered_json document{{"policy", report.policy},
                        {"version", report.version},
                        {"before", report.before},
                        {"examples", test.examples},
                        {"rows", {{"reached", Reached(report)}, {"all", std::move(rows)}}}};
  if (report.mutated) {
    document["mutants"] = {{"score", test.score()},
                           {"killed", test.Count(MutantState::kKilled)},
                           {"survived", test.Count(MutantState::kSurvived)},
                           {"equivalent", test.Count(MutantState::kEquivalent)},
                           {"unknown", test.Count(MutantState::kUnknown)},
                           {"all", std::move(mutants)}};
  }
  if (report.covered) {
    document["conditions"] = CoverJson(report.cover.conditions, "decides", "yields");
    document["boundaries"] = CoverJson(report.cover.boundaries, "below", "above");
  }
  if (!report.corpus.path.empty()) document["past"] = PastJson(report);
  if (report.mutated || report.covered) document["missing_examples"] = report.missing;
  return document.dump(2) + "\n";
}

std::string TestJunit(const TestReport& report) {
  const compiler::PolicyTest& test = report.test;
  std::string cases;
  std::size_t count = 0, failures = 0;
  const auto add = [&](const char* suite, const std::string& name, const std::string& failure) {
    ++count;
    cases += fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\"", Html(report.policy),
                         suite, Html(name));
    if (failure.empty()) {
      cases += "/>\n";
      return;
    }
    ++failures;
    cases += fmt::format(">\n      <failure message=\"{}\"/>\n    </testcase>\n", Html(failure));
  };
  for (const std::string& title : test.examples) add("examples", title, "");
  for (const RowCoverage& row : test.rows) {
    add("rows", row.capability + " " + row.clause,
        row.reached_by.empty() ? "no example is decided by: " + row.words : "");
  }
  for (const Mutant& mutant : test.mutants) {
    const std::string what = fmt::format("{}, {}", Name(mutant.kind), Described(mutant));
    if (mutant.state == MutantState::kEquivalent) continue;
    const bool killed = mutant.state == MutantState::kKilled;
    add("mutants", what,
        killed ? ""
        : mutant.state == MutantState::kSurvived
            ? "unnoticed: " + (mutant.request.empty() ? "any request" : mutant.request)
            : "not settled: " + mutant.why);
  }
  const auto add_cover = [&](const CoverKind& kind, const std::vector<Covered>& all) {
    for (const Covered& one : all)
      if (one.state() != CoverState::kCannot)
        add(kind.name, Where(one), fmt::format("{}", fmt::join(Lacks(kind, one), "; ")));
  };
  add_cover(kConditions, report.cover.conditions);
  add_cover(kBoundaries, report.cover.boundaries);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"{} {}\" "
      "tests=\"{}\" failures=\"{}\">\n{}  </testsuite>\n</testsuites>\n",
      Html(report.policy), Html(report.version), count, failures, cases);
}

}  // namespace writ::cli
