// `require approval NAME` asks the first stage that has not signed: one clause for each
// (docs/semantics.md, M33).
#include "authority.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::Diagnostic;
using lang::DiagnosticKind;

void AuthorityChecker::AddStages(const Block& block, const lang::Clause& tree, std::uint32_t number,
                                 std::vector<Clause>& out) {
  const auto index = words_.names.approvals.Index(tree.approval->text);
  if (!index) {
    reporter_.UnknownName("list of approvals", *tree.approval, words_.names.approvals.Names());
    return;
  }
  expr_.used_approvals[*index] = true;
  const ExpandedApprovals& approvals = *words_.names.approvals[*index].tree;
  for (const ExpandedStage& stage : approvals.stages) {
    const lang::Name& role = stage.tree->role;
    Clause clause;
    clause.kind = ClauseKind::kEscalate;
    clause.stage = true;
    clause.capabilities = *block.capabilities;
    clause.block = block.name;
    clause.span = tree.span;
    clause.id = AddTableClause(block, tree, std::to_string(number) + "." + role.text,
                               clause.has_own_reason);
    if (const auto anchor = words_.names.anchors.Index(role.text)) {
      clause.anchor = AnchorId{*anchor};
    } else if (words_.names.roles.Find(role.text)) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kStageAnchor, tree.span,
                     "nothing says how `" + role.text + "` is asked to sign here"}
              .At(role.span, "the stage")
              .Hint("declare `anchor " + role.text + " { held by " + role.text + " … }`"));
    }
    clause.condition = expr_.Condition(stage.asked, Scope{.policy = approvals.policy});
    RequireInputs(clause.condition, clause.capabilities, "this approval");
    out.push_back(std::move(clause));
  }
}

void AuthorityChecker::CheckApprovals() {
  for (const auto& entry : words_.names.approvals) {
    const lang::Approvals& tree = *entry.tree->tree;
    for (const lang::Stage& stage : tree.stages) {
      if (stage.when && IsStrict(entry.policy)) RefuseBareNumbers(*stage.when);
      if (stage.same_as) std::ignore = FindRole(*stage.same_as);
      const RoleId role = FindRole(stage.role);
      if (!role.valid() || people_.roles[role.value].kind == RoleKind::kHuman) continue;
      reporter_.Report(Diagnostic{DiagnosticKind::kNotHuman, stage.role.span,
                                  "only a person signs, and `" + stage.role.text + "` is none"}
                           .At(words_.names.roles[role.value].span, "declared here")
                           .Hint("name a role that is `human`"));
    }
    CheckSigners(*entry.tree);
  }
}

// Whoever asks never signs: a stage that nobody else could pass is none.
void AuthorityChecker::CheckSigners(const ExpandedApprovals& approvals) {
  const lang::Approvals& tree = *approvals.tree;
  std::set<std::uint32_t> askers;
  for (const CapabilityId id :
       FindDeeds(tree.capability, words_.names, deeds_, "capability, event or group", reporter_)) {
    for (const auto& [who, standing] : standing_) {
      if (who.second == id.value && standing.giving != Giving::kAbstain) askers.insert(who.first);
    }
  }
  if (askers.size() != 1) return;
  const std::string& asker = people_.roles[*askers.begin()].name;
  for (const lang::Stage& stage : tree.stages) {
    if (stage.role.text != asker) continue;
    reporter_.Report(
        Diagnostic{DiagnosticKind::kSignsForItself, stage.role.span,
                   "only `" + asker + "` has `" + tree.capability.text + "`, and would sign for it"}
            .At(tree.capability.span, "what is signed")
            .Hint("name a role that does not ask for it"));
  }
}

}  // namespace writ::compiler::check
