// What the compiled policy declares and nothing reads. What it uses from elsewhere is shared with
// others, so only the declarations of the policy itself are looked at.
#include "unused.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;

void Say(std::string_view kind, std::string_view name, lang::Span span, Reporter& reporter) {
  reporter.Report(Diagnostic{DiagnosticKind::kUnused, span,
                             "nothing uses " + std::string(kind) + " `" + std::string(name) + "`"}
                      .Hint("use it, or leave it out"));
}

}  // namespace

void ReportUnused(const Words& words, const Facts& facts, const ExprChecker& expr,
                  Reporter& reporter) {
  const Names& names = words.names;
  for (std::uint32_t i = 0; i < names.thresholds.size(); ++i) {
    if (names.thresholds[i].policy == 0 && !expr.used_thresholds[i]) {
      Say("threshold", names.thresholds[i].name, names.thresholds[i].span, reporter);
    }
  }
  std::vector<bool> brings(names.evidence.size());
  for (const auto& entry : names.facts) {
    const auto id = facts.Find(entry.name);
    if (!id) continue;
    const table::Fact& fact = facts.fact(*id);
    if (fact.evidence.valid()) brings[fact.evidence.value] = true;
    if (entry.name == "intent") continue;  // it comes with the intents, whoever works on them
    if (entry.policy == 0 && !expr.used_facts[id->value] && !facts.used[id->value])
      Say("fact", entry.name, entry.span, reporter);
  }
  for (std::uint32_t i = 0; i < names.evidence.size(); ++i) {
    const auto at = facts.Find("evidence." + std::string(names.evidence[i].name));
    const bool read = at && expr.used_facts[at->value];
    if (names.evidence[i].policy == 0 && !expr.used_evidence[i] && !brings[i] && !read) {
      Say("evidence", names.evidence[i].name, names.evidence[i].span, reporter);
    }
  }
  for (std::uint32_t i = 0; i < names.lookups.size(); ++i) {
    if (names.lookups[i].policy == 0 && !expr.used_lookups[i])
      Say("table", names.lookups[i].name, names.lookups[i].span, reporter);
  }
  for (std::uint32_t i = 0; i < names.approvals.size(); ++i) {
    if (names.approvals[i].policy == 0 && !expr.used_approvals[i])
      Say("approvals", names.approvals[i].name, names.approvals[i].span, reporter);
  }
  // Lets of blocks, too: those of other policies are told apart by their file.
  const std::uint32_t file = words.house.policies[0]->name.span.file;
  for (std::uint32_t i = 0; i < expr.lets.size(); ++i) {
    if (expr.lets[i].span.file == file && !expr.used_lets.contains(i))
      Say("let", expr.lets[i].name, expr.lets[i].span, reporter);
  }
}

}  // namespace writ::compiler::check
