// The report of `corpus check` as text for people and as JSON for programs.
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "writ/evals/corpus_check.h"

namespace writ::evals {
namespace {

std::string Percent(std::uint64_t part, std::uint64_t whole) {
  std::array<char, 32> text{};
  const double share =
      whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  const int size = std::snprintf(text.data(), text.size(), "%.2f %%", share);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string Sentence(const Finding& finding) {
  const std::string subject = "`" + finding.subject + "`";
  switch (finding.kind) {
    case FindingKind::kUnknownCapability:
      return "capability " + subject + " is in no table: every table denies it";
    case FindingKind::kUnknownRole:
      return "role " + subject + " is in no table";
    case FindingKind::kUnknownFact:
      return "fact " + subject + " is read by no table";
    case FindingKind::kMalformedFact:
      return "fact " + subject + " has values that are not of its type";
    case FindingKind::kKnownTooEarly:
      return "fact " + subject + " was known only after the event: replay leaves it out";
    case FindingKind::kAlikeEvents:
      return "events of " + subject +
             " that are alike in run, time and inputs: did a join double them?";
    case FindingKind::kOutOfOrder:
      return "events of run " + subject + " are not in order of time";
    case FindingKind::kKnownBeforeMade:
      return "results of " + subject + " were known before the event was made";
    case FindingKind::kEmptyRun:
      return "runs without events";
  }
  return subject;
}

}  // namespace

std::string_view NameOf(FindingKind kind) {
  switch (kind) {
    case FindingKind::kUnknownCapability:
      return "unknown-capability";
    case FindingKind::kUnknownRole:
      return "unknown-role";
    case FindingKind::kUnknownFact:
      return "unknown-fact";
    case FindingKind::kMalformedFact:
      return "malformed-fact";
    case FindingKind::kKnownTooEarly:
      return "known-too-early";
    case FindingKind::kAlikeEvents:
      return "alike-events";
    case FindingKind::kOutOfOrder:
      return "out-of-order";
    case FindingKind::kKnownBeforeMade:
      return "known-before-made";
    case FindingKind::kEmptyRun:
      return "empty-run";
  }
  return "unknown";
}

std::string RenderText(const CorpusReport& report) {
  std::string text =
      "corpus " + report.digest.substr(0, 12) + ": " + std::to_string(report.runs) + " runs, " +
      std::to_string(report.events) + " events from " + std::to_string(report.fan_out.lines) +
      " lines; most events in one run: " + std::to_string(report.fan_out.most) + "\n";
  for (const Finding& finding : report.findings) {
    const bool error = SeverityOf(finding.kind) == Severity::kError;
    text += std::string(error ? "error" : "warning") + "[" + std::string(NameOf(finding.kind)) +
            "]: " + Sentence(finding) + " (" + std::to_string(finding.count) + ")\n";
    for (const std::string& example : finding.examples) text += "    " + example + "\n";
    if (finding.count > finding.examples.size()) {
      text += "    … and " + std::to_string(finding.count - finding.examples.size()) + " more\n";
    }
  }
  if (!report.missing.empty()) text += "missing, by capability and fact:\n";
  for (const MissingShare& share : report.missing) {
    text += "    " + share.capability + "  " + share.fact + "  " + std::to_string(share.missing) +
            " of " + std::to_string(share.events) + " (" + Percent(share.missing, share.events) +
            "), " + std::to_string(share.said_missing) + " said to be missing\n";
  }
  text += std::to_string(report.errors()) + " errors, " + std::to_string(report.warnings()) +
          " warnings\n";
  return text;
}

std::string RenderJson(const CorpusReport& report) {
  nlohmann::json findings = nlohmann::json::array();
  for (const Finding& finding : report.findings) {
    findings.push_back(
        {{"kind", NameOf(finding.kind)},
         {"severity", SeverityOf(finding.kind) == Severity::kError ? "error" : "warning"},
         {"subject", finding.subject},
         {"count", finding.count},
         {"examples", finding.examples}});
  }
  nlohmann::json missing = nlohmann::json::array();
  for (const MissingShare& share : report.missing) {
    missing.push_back({{"capability", share.capability},
                       {"fact", share.fact},
                       {"events", share.events},
                       {"missing", share.missing},
                       {"said_missing", share.said_missing}});
  }
  const nlohmann::json json = {{"digest", report.digest},
                               {"runs", report.runs},
                               {"events", report.events},
                               {"errors", report.errors()},
                               {"warnings", report.warnings()},
                               {"fan_out",
                                {{"lines", report.fan_out.lines},
                                 {"events", report.fan_out.events},
                                 {"most", report.fan_out.most},
                                 {"most_run", report.fan_out.most_run}}},
                               {"findings", findings},
                               {"missing", missing}};
  // A corpus may hold any bytes; JSON may not.
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace writ::evals
