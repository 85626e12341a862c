// Guards: clauses that hold whatever a delegation says. Which capabilities one selects is settled
// here: `where` reads only what a capability declares about itself, so it is evaluated once for
// each.
#include "authority.h"

namespace writ::compiler::check {

using lang::Diagnostic;
using lang::DiagnosticKind;

void AuthorityChecker::AddGuard(AuthorityId id) {
  const Owner& owner = out_.owners[id.value];
  const lang::Guard& tree = *owner.guard;
  const std::vector<CapabilityId> selected = Select(tree, owner.policy);
  Guard guard;
  guard.id = id;
  guard.span = tree.span;
  LocalLets locals;
  AddBlock({.owner = id,
            .policy = owner.policy,
            .name = "*",
            .capabilities = &selected,
            .guard = &tree,
            .outer = &expr_.global},
           tree.clauses, locals, guard.clauses);
  out_.table[id.value].kind = AuthorityKind::kGuard;
  out_.guards.push_back(std::move(guard));
}

std::vector<CapabilityId> AuthorityChecker::Select(const lang::Guard& tree, std::uint32_t policy) {
  if (!tree.every && !tree.where) {
    if (tree.capabilities.empty()) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kIncomplete, tree.name.span,
                     "guard `" + tree.name.text + "` does not say what it is for"}
              .Hint("write `for every capability`, `for capability where …`, or `for NAME, NAME`"));
    }
    return FindAllDeeds(tree.capabilities, words_.names, deeds_, "capability, event or group",
                        reporter_);
  }
  ExprId where;
  if (tree.where) {
    where = expr_.Condition(*tree.where, Scope{.policy = policy, .asks = Asks::kOnlyAttributes});
    if (!where.valid()) return {};
  }
  std::vector<CapabilityId> selected;
  for (std::uint32_t i = 0; i < deeds_.capabilities.size(); ++i) {
    if (deeds_.capabilities[i].kind == CapabilityKind::kEvent) continue;
    if (!where.valid() || Holds(where, CapabilityId{i})) selected.push_back(CapabilityId{i});
  }
  if (selected.empty() && !deeds_.capabilities.empty()) {
    reporter_.Report(Diagnostic{DiagnosticKind::kUnused,
                                tree.where ? tree.where->span : tree.name.span,
                                "guard `" + tree.name.text + "` selects no capability"});
  }
  return selected;
}

bool AuthorityChecker::Holds(ExprId where, CapabilityId capability) const {
  const Node& node = expr_.nodes[where.value];
  const auto holds = [&](ExprId operand) { return Holds(operand, capability); };
  switch (node.kind) {
    case NodeKind::kBool:
      return node.number != 0;
    case NodeKind::kAnd:
      return std::ranges::all_of(node.operands, holds);
    case NodeKind::kOr:
      return std::ranges::any_of(node.operands, holds);
    case NodeKind::kNot:
      return !holds(node.operands[0]);
    case NodeKind::kCapabilityIn:
      return Contains(node.capabilities, capability);
    default:
      return false;  // nothing else can be written where only words of the capability are read
  }
}

}  // namespace writ::compiler::check
