// SARIF as OASIS wrote it down (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), and the workflow
// commands of GitHub.
#include "diagnostic_formats.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

namespace writ::cli {
namespace {

using lang::Diagnostic;
using lang::Severity;
using nlohmann::ordered_json;

bool HasPlace(const lang::Span& span, const lang::SourceSet& sources) {
  return span.file < sources.file_count();
}

ordered_json LocationOf(const lang::Span& span, const lang::SourceSet& sources) {
  const std::string_view path = sources.Path(static_cast<lang::FileId>(span.file));
  const lang::Place begin = sources.LineColumn(span), end = sources.EndLineColumn(span);
  ordered_json artifact{{"uri", UriOf(path)}};
  if (!path.starts_with('/')) artifact["uriBaseId"] = "%SRCROOT%";
  return {{"physicalLocation",
           {{"artifactLocation", std::move(artifact)},
            {"region",
             {{"startLine", begin.line},
              {"startColumn", begin.column},
              {"endLine", end.line},
              {"endColumn", end.column}}}}}};
}

// The message with all that helps to mend it; SARIF viewers show little else.
std::string WholeMessage(const Diagnostic& diagnostic) {
  std::string text = diagnostic.message;
  for (const std::string& note : diagnostic.notes) text += "\nnote: " + note;
  for (const std::string& hint : diagnostic.hints) text += "\nhelp: " + hint;
  if (!diagnostic.witness.empty()) text += "\nfor example: " + diagnostic.witness;
  return text;
}

std::string_view SarifLevel(Severity severity) { return lang::SeverityName(severity); }

class SarifLog {
 public:
  void Add(const CompiledPolicy& policy) {
    for (const Diagnostic& diagnostic : policy.diagnostics.Sorted()) {
      const lang::DiagnosticInfo& info = lang::Info(diagnostic.kind);
      ordered_json result{{"ruleId", info.code},
                          {"ruleIndex", RuleIndex(info)},
                          {"level", SarifLevel(info.severity)},
                          {"message", {{"text", WholeMessage(diagnostic)}}}};
      result["locations"] = ordered_json::array();
      if (HasPlace(diagnostic.span, policy.sources))
        result["locations"].push_back(LocationOf(diagnostic.span, policy.sources));
      for (std::size_t i = 0; i < diagnostic.labels.size(); ++i) {
        if (!HasPlace(diagnostic.labels[i].span, policy.sources)) continue;
        ordered_json related = LocationOf(diagnostic.labels[i].span, policy.sources);
        related["id"] = i + 1;
        related["message"] = {{"text", diagnostic.labels[i].text}};
        result["relatedLocations"].push_back(std::move(related));
      }
      results_.push_back(std::move(result));
    }
  }

  std::string Finish() { return SarifDocument(std::move(rules_), std::move(results_)); }

 private:
  std::size_t RuleIndex(const lang::DiagnosticInfo& info) {
    const auto [at, is_new] = rule_index_.emplace(info.code, rules_.size());
    if (is_new) {
      rules_.push_back(
          {{"id", info.code},
           {"shortDescription", {{"text", info.title}}},
           {"help",
            {{"text",
              fmt::format("docs/diagnostics.md explains `{}` with a failing and a mended example.",
                          info.code)}}},
           {"defaultConfiguration", {{"level", SarifLevel(info.severity)}}}});
    }
    return at->second;
  }

  ordered_json rules_ = ordered_json::array(), results_ = ordered_json::array();
  std::map<std::string_view, std::size_t> rule_index_;
};

// A value of a command; a property may hold neither a colon nor a comma either.
std::string CommandText(std::string_view text, bool property) {
  std::string result;
  for (const char c : text) {
    const bool escape = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    result += escape ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return result;
}

const char* CommandName(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "notice";
  }
  return "error";
}

}  // namespace

std::string UriOf(std::string_view path) {
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path.starts_with('/') ? "file://" + uri : uri;
}

std::string SarifDocument(ordered_json rules, ordered_json results) {
  const ordered_json driver{{"name", "writ"},
                            {"version", kVersion},
                            {"semanticVersion", kVersion},
                            {"rules", std::move(rules)}};
  const ordered_json run{{"tool", {{"driver", driver}}},
                         {"columnKind", "unicodeCodePoints"},
                         {"results", std::move(results)}};
  return ordered_json{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", {run}}}
             .dump(2) +
         "\n";
}

std::string RenderSarif(const std::vector<CompiledPolicy>& policies) {
  SarifLog log;
  for (const CompiledPolicy& policy : policies) log.Add(policy);
  return log.Finish();
}

std::string RenderGithub(const CompiledPolicy& policy) {
  std::string text;
  for (const Diagnostic& diagnostic : policy.diagnostics.Sorted()) {
    const lang::DiagnosticInfo& info = lang::Info(diagnostic.kind);
    text += fmt::format("::{} ", CommandName(info.severity));
    if (HasPlace(diagnostic.span, policy.sources)) {
      const lang::Place begin = policy.sources.LineColumn(diagnostic.span),
                        end = policy.sources.EndLineColumn(diagnostic.span);
      text += fmt::format(
          "file={},line={},col={},endLine={},endColumn={},",
          CommandText(policy.sources.Path(static_cast<lang::FileId>(diagnostic.span.file)), true),
          begin.line, begin.column, end.line, end.column);
    }
    text += fmt::format("title={}::{}\n", CommandText(info.code, true),
                        CommandText(WholeMessage(diagnostic), false));
  }
  return text;
}

}  // namespace writ::cli
