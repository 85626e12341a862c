// `approval NAME` in a condition: what the stages ask for is read where they are written.
#include "expand.h"
#include "expr.h"

namespace writ::compiler::check {

Operand ExprChecker::CheckApproval(const lang::Name& name, lang::Span span) {
  const auto index = words_.names.approvals.Index(name.text);
  if (!index) {
    reporter_.UnknownName("list of approvals", name, words_.names.approvals.Names());
    return Broken(span);
  }
  used_approvals[*index] = true;
  if (!open_approvals_.insert(*index).second) {
    reporter_.Report(
        lang::Diagnostic{lang::DiagnosticKind::kCircular, name.span,
                         "whether `" + name.text + "` is there would depend on itself"});
    return Broken(span);
  }
  const ExpandedApprovals& approvals = *words_.names.approvals[*index].tree;
  Operand granted = Check(approvals.granted, Scope{.policy = approvals.policy});
  open_approvals_.erase(*index);
  granted.span = span;
  return granted;
}

}  // namespace writ::compiler::check
