// `sequence NAME per case { B needs A … }`: each need is one clause, true where it is broken
// (docs/semantics.md, M32).
#include <utility>

#include "expand.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::CompareOp;
using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::Expr;
using lang::ExprKind;
using lang::Need;

namespace {

// What there is too little of.
Expr Lacking(const Need& tree, ExpandContext& context) {
  Expr needed = ValueOf({*tree.needs, tree.since, tree.within}, tree.span, context);
  if (!tree.one_each) return WithZero(CompareOp::kEqual, std::move(needed));
  Expr done = ValueOf({tree.target, tree.since, std::nullopt}, tree.span, context);
  return Compare(CompareOp::kGreaterEqual, std::move(done), std::move(needed), tree.span);
}

Expr Broken(const lang::Sequence& sequence, const Need& tree, ExpandContext& context) {
  std::vector<Expr> parts;
  if (sequence.when) parts.push_back(*sequence.when);
  if (tree.when) parts.push_back(*tree.when);
  if (tree.needs) parts.push_back(Lacking(tree, context));
  if (tree.approval) {
    Expr lacking;
    lacking.kind = ExprKind::kNot;
    lacking.operands.push_back(CountOf("approval", *tree.approval, tree.span));
    lacking.span = tree.span;
    parts.push_back(std::move(lacking));
  }
  if (tree.until)
    parts.push_back(WithZero(CompareOp::kEqual, CountOf("done", *tree.until, tree.span)));
  if (parts.empty()) parts.push_back(Always(tree.span));
  return Join(ExprKind::kAnd, std::move(parts), tree.span);
}

ClauseKind KindOf(lang::Else otherwise) {
  switch (otherwise) {
    case lang::Else::kEscalate:
      return ClauseKind::kEscalate;
    case lang::Else::kNote:
      return ClauseKind::kNote;
    case lang::Else::kNotify:
      return ClauseKind::kNotify;
    case lang::Else::kDefault:
    case lang::Else::kDeny:
      break;
  }
  return ClauseKind::kDeny;
}

bool NeedsItself(const Need& tree, Reporter& reporter) {
  if (!tree.needs || tree.needs->text != tree.target.text) return false;
  reporter.Report(Diagnostic{DiagnosticKind::kCircular, tree.needs->span,
                             "`" + tree.target.text + "` would have to come before itself"}
                      .Hint("name what it needs"));
  return true;
}

}  // namespace

void Expand(const lang::Sequence& tree, ExpandContext context) {
  if (tree.needs.empty()) {
    context.reporter.Report(Diagnostic{DiagnosticKind::kIncomplete, tree.name.span,
                                       "sequence `" + tree.name.text + "` asks for nothing"}
                                .Hint("write `NAME needs NAME`, or `NAME never`"));
  }
  ExpandedWord word = WordOf("sequence", tree, context);
  for (const Need& need : tree.needs) {
    if (NeedsItself(need, context.reporter)) continue;
    lang::Clause clause;
    clause.kind = KindOf(need.otherwise);
    clause.else_deny = need.otherwise == lang::Else::kDeny;
    clause.condition = Broken(tree, need, context);
    clause.anchor = need.anchor;
    clause.trigger = need.trigger;
    clause.reason = need.reason;
    clause.span = need.span;
    ExpandedBlock& block =
        word.Block(need.target.text, need.needs || need.approval ? "needs" : "never");
    block.targets = {need.target};
    block.clauses.push_back(std::move(clause));
  }
  context.out.words.push_back(std::move(word));
}

}  // namespace writ::compiler::check
