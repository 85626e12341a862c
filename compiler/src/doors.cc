// Facts `claimed by` a party: each is believed by a person, and says why.
#include "doors.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;

void CheckRole(const lang::Name& name, lang::RoleKind wanted, DiagnosticKind kind,
               const std::string& what, const Words& words, Reporter& reporter) {
  const auto* role = words.names.roles.Find(name.text);
  if (!role) return reporter.UnknownName("role", name, words.names.roles.Names());
  if (role->tree->kind == wanted) return;
  reporter.Report(Diagnostic{kind, name.span, what + ", and `" + name.text + "` is none"}.At(
      role->span, "declared here"));
}

void CheckGroup(const lang::Facts& group, const Words& words, Reporter& reporter) {
  const bool claimed = group.source.kind == lang::SourceKind::kClaimed;
  if (claimed && group.source.party) {
    CheckRole(*group.source.party, lang::RoleKind::kParty, DiagnosticKind::kWrongKind,
              "claims come from an outside party", words, reporter);
  }
  if (claimed && !group.believed) {
    reporter.Report(Diagnostic{DiagnosticKind::kIncomplete, group.source.span,
                               "nobody answers for believing this claim"}
                        .Hint("write `believed by ROLE because \"…\"`, or `from model`, which can "
                              "only make decisions stricter"));
  }
  if (!group.believed) return;
  if (!claimed) {
    reporter.Report(Diagnostic{DiagnosticKind::kWrongKind, group.believed->span,
                               "only what is `claimed by` a party is believed by someone"});
  }
  CheckRole(group.believed->by, lang::RoleKind::kHuman, DiagnosticKind::kNotHuman,
            "a person answers for believing a claim", words, reporter);
}

}  // namespace

void CheckDoors(const Words& words, Reporter& reporter) {
  std::set<const lang::Facts*> seen;
  for (const auto& entry : words.names.facts) {
    if (seen.insert(entry.tree.group).second) CheckGroup(*entry.tree.group, words, reporter);
  }
}

}  // namespace writ::compiler::check
