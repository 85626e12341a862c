// The report as JUnit XML, one test case per gate: what continuous integration shows beside its own
// tests.
//
// A gate that blocks is a failure, an inconclusive one an error, one that does not count is
// skipped. The shape follows the schema that the Jenkins xUnit plug-in publishes, which GitLab and
// GitHub readers accept as well.
#include <fmt/format.h>

#include <algorithm>

#include "report_parts.h"
#include "writ/evals/report.h"

namespace writ::evals {
namespace {

std::string Body(const GateResult& gate) {
  std::string body = gate.explanation;
  if (!gate.region_words.empty()) body += "\nregion: " + gate.region_words;
  if (!gate.example_runs.empty()) {
    body += "\nruns:";
    for (const std::string& run : gate.example_runs) body += " " + run;
  }
  for (const std::string& note : gate.notes) body += "\nnote: " + note;
  return body;
}

std::string TestCase(const std::string& suite, const GateResult& gate) {
  std::string xml =
      fmt::format("    <testcase name=\"{}\" classname=\"{}.{}\" time=\"0\">\n",
                  Escape(gate.spec.name), Escape(suite), GateKindName(gate.spec.kind));
  const std::string message = Escape(gate.explanation);
  if (gate.outcome != Outcome::kPass && !gate.counts) {
    xml += fmt::format("      <skipped message=\"{}: {}\"/>\n",
                       gate.waived         ? "waived"
                       : gate.spec.dry_run ? "dry run"
                                           : "advisory",
                       message);
  } else if (gate.outcome == Outcome::kBlock) {
    xml += fmt::format("      <failure message=\"{}\" type=\"{}\">{}</failure>\n", message,
                       TierName(gate.spec.tier), Escape(Body(gate)));
  } else if (gate.outcome == Outcome::kInconclusive) {
    xml += fmt::format("      <error message=\"{}\" type=\"inconclusive\">{}</error>\n", message,
                       Escape(Body(gate)));
  }
  return xml +
         fmt::format("      <system-out>{}</system-out>\n    </testcase>\n", Escape(Body(gate)));
}

}  // namespace

std::string RenderJUnit(const Report& report) {
  std::string cases;
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  std::string suite = "writ";
  if (report.verdict) {
    const GateVerdict& verdict = *report.verdict;
    suite = verdict.gate_name.empty() ? suite : verdict.gate_name;
    for (const GateResult& gate : verdict.gates) {
      ++tests;
      skipped += gate.outcome != Outcome::kPass && !gate.counts ? 1 : 0;
      failures += gate.counts && gate.outcome == Outcome::kBlock ? 1 : 0;
      errors += gate.counts && gate.outcome == Outcome::kInconclusive ? 1 : 0;
      cases += TestCase(suite, gate);
    }
    for (const std::string& finding : verdict.corpus_findings) {
      ++tests;
      ++errors;
      cases += fmt::format(
          "    <testcase name=\"corpus\" classname=\"{}\" time=\"0\">\n      <error message=\"{}\" "
          "type=\"inconclusive\"/>\n    </testcase>\n",
          Escape(suite), Escape(finding));
    }
  }
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\"", tests,
                  failures, errors, skipped);
  const auto property = [](std::string_view name, std::string_view value) {
    return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, Escape(value));
  };
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml += fmt::format(
      "<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\">\n",
      Escape(suite), tests, failures, errors);
  xml += fmt::format("  <testsuite name=\"{}\" {}>\n    <properties>\n", Escape(suite), counts);
  xml += property("baseline", report.lane[0].digest) +
         property("candidate", report.lane[1].digest) + property("corpus", report.corpus_digest) +
         property("horizon", HorizonName(report.horizon)) + property("writ", report.tool_version);
  if (report.verdict)
    xml += property("gate", report.verdict->gate_digest) + property("as-of", report.verdict->as_of);
  return xml + "    </properties>\n" + cases + "  </testsuite>\n</testsuites>\n";
}

}  // namespace writ::evals
