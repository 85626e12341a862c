// Entry points: TestText, TestJson, TestJunit.
#include "test_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "html.h"

namespace writ::cli {

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

std::string Described(const Mutant& mutant) {
  return fmt::format("{} {}: {}", mutant.capability, mutant.clause, mutant.what);
}

}  // namespace

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
  if (!report.mutated) return text;
  text += fmt::format(
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
  if (!report.missing.empty()) text += "\nexamples that would notice:\n";
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
                    {"reached_by", row.reached_by}});
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
                       {"why", mutant.why}});
  }
  ordered_json document{{"policy", report.policy},
                        {"version", report.version},
                        {"examples", test.examples},
                        {"rows", {{"reached", Reached(report)}, {"all", std::move(rows)}}}};
  if (report.mutated) {
    document["mutants"] = {{"score", test.score()},
                           {"killed", test.Count(MutantState::kKilled)},
                           {"survived", test.Count(MutantState::kSurvived)},
                           {"equivalent", test.Count(MutantState::kEquivalent)},
                           {"unknown", test.Count(MutantState::kUnknown)},
                           {"all", std::move(mutants)}};
    document["missing_examples"] = report.missing;
  }
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
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"{} {}\" "
      "tests=\"{}\" failures=\"{}\">\n{}  </testsuite>\n</testsuites>\n",
      Html(report.policy), Html(report.version), count, failures, cases);
}

}  // namespace writ::cli
