// `separate A, B per case`: whoever did one is refused the other (docs/semantics.md, M31).
#include <map>
#include <utility>

#include "expand.h"

namespace writ::compiler::check {

void Expand(const lang::Separate& tree, ExpandContext context) {
  if (tree.sides.size() < 2) {
    context.reporter.Report(
        lang::Diagnostic{lang::DiagnosticKind::kIncomplete, tree.sides.front().span,
                         "there is nothing to keep `" + tree.sides.front().text + "` separate from"}
            .Hint("name two or more: `separate A, B per case`"));
    return;
  }
  std::map<std::string_view, lang::Span> said;
  for (const lang::Name& side : tree.sides) {
    const auto [first, fresh] = said.emplace(side.text, side.span);
    if (fresh) continue;
    context.reporter.Report(lang::Diagnostic{lang::DiagnosticKind::kOverlappingSides, side.span,
                                             "`" + side.text +
                                                 "` is on two sides: it would have to be "
                                                 "kept separate from itself"}
                                .At(first->second, "the other side")
                                .Hint("name each capability on one side"));
    return;
  }
  ExpandedWord word;
  word.name = "separate(" + JoinNames(tree.sides, ", ") + ")";
  word.span = tree.span;
  word.policy = context.policy;
  word.sides = true;
  for (const lang::Name& side : tree.sides) {
    std::vector<lang::Expr> others;
    for (const lang::Name& other : tree.sides) {
      if (other.text == side.text) continue;
      others.push_back(WithZero(lang::CompareOp::kGreater, CountOf("own", other, tree.span)));
    }
    lang::Clause clause;
    clause.kind = lang::ClauseKind::kDeny;
    std::vector<lang::Expr> parts;
    if (tree.when) parts.push_back(*tree.when);
    parts.push_back(Join(lang::ExprKind::kOr, std::move(others), tree.span));
    clause.condition = Join(lang::ExprKind::kAnd, std::move(parts), tree.span);
    clause.reason = tree.reason;
    clause.span = tree.span;
    ExpandedBlock& block = word.blocks.emplace_back();
    block.name = side.text;
    block.kind = "separate";
    block.targets = {side};
    block.clauses.push_back(std::move(clause));
  }
  context.out.words.push_back(std::move(word));
}

}  // namespace writ::compiler::check
