// Masking MC/DC of one clause at a time. A condition settles the clause in a request if the clause
// with the condition made true and the clause with it made false come out differently there; what
// other conditions are does not matter as long as they let it through. Entry point:
// ConditionCover::ForEach.
#include "cover_conditions.h"

#include <algorithm>
#include <utility>

#include "condition_tree.h"
#include "lower_index.h"
#include "writ/compiler/lower.h"

namespace writ::compiler {

using lang::ClauseKind;

namespace {

// Its rows are those in which its condition is false.
bool DecidesWhereFalse(ClauseKind kind) {
  return kind == ClauseKind::kRequire || kind == ClauseKind::kLimit ||
         kind == ClauseKind::kCeiling || kind == ClauseKind::kConfirmation;
}

bool HasDecision(ClauseKind kind) {
  return kind != ClauseKind::kNote && kind != ClauseKind::kNotify && kind != ClauseKind::kLet;
}

}  // namespace

ConditionCover::ConditionCover(const Program& program)
    : work_(program), clauses_(program.vocabulary.clauses.size(), nullptr) {
  for (Authority& authority : work_.authorities)
    for (Clause& clause : authority.clauses) clauses_[clause.id.value] = &clause;
  for (Guard& guard : work_.guards)
    for (Clause& clause : guard.clauses) clauses_[clause.id.value] = &clause;
  for (Clause* const clause : clauses_) {
    if (clause == nullptr || clause->kind != ClauseKind::kRequireEvidence) continue;
    clause->condition = AllFresh(clause->evidence);  // as it is lowered: each alone is enough
    clause->kind = ClauseKind::kRequire;
  }
}

const Clause* ConditionCover::Decides(ClauseId id) const {
  const Clause* clause = id.value < clauses_.size() ? clauses_[id.value] : nullptr;
  if (clause == nullptr || clause->assumption || !HasDecision(clause->kind)) return nullptr;
  return work_.vocabulary.clauses[id.value].line == 0 ? nullptr : clause;
}

bool ConditionCover::ForEach(CapabilityId capability, ClauseId id,
                             const std::function<void(const CoverCondition&)>& use) {
  Clause& clause = *clauses_[id.value];
  const ExprId whole = clause.condition;
  const std::size_t nodes = work_.nodes.size();
  const ConditionTree tree(work_, whole);
  if (tree.too_large()) return false;
  const bool where_false = DecidesWhereFalse(clause.kind);
  // True in requests for which the clause is known not to decide.
  const auto yields = [&](ExprId condition) { return where_false ? condition : Not(condition); };
  for (const ConditionTree::Condition& condition : tree.conditions()) {
    const bool wanted = where_false == condition.negated;  // of the condition, for it to decide
    CoverCondition about = About(condition.expr);
    about.decides = Ask(capability, clause, yields(tree.Settled(work_, condition, !wanted)));
    clause.condition = tree.Settled(work_, condition, wanted);
    about.yields = Ask(capability, clause, yields(whole));
    clause.condition = whole;
    about.node = &work_.nodes[condition.expr.value];
    use(about);
    work_.nodes.resize(nodes);
  }
  return true;
}

CoverCondition ConditionCover::About(ExprId condition) const {
  CoverCondition about;
  for (const ExprId id : PostOrder(work_, condition, [](ExprId) { return false; })) {
    const Node& node = work_.node(id);
    if (node.kind == NodeKind::kFact || node.kind == NodeKind::kIsMissing) {
      if (std::ranges::find(about.reads, node.fact) == about.reads.end())
        about.reads.push_back(node.fact);
    }
    if (node.kind == NodeKind::kFresh) about.evidence.push_back(node.evidence);
    about.role = about.role || node.kind == NodeKind::kRoleIn;
  }
  return about;
}

// With a region that no author wrote, after all others.
std::shared_ptr<const CoverQuestion> ConditionCover::Ask(CapabilityId capability,
                                                         const Clause& clause, ExprId region) {
  Region added;
  added.name = "~cover";
  added.condition = region;
  added.id = clause.id;
  added.substitutes = clause.kind != ClauseKind::kAllow;
  work_.vocabulary.regions.push_back(added.name);
  work_.regions.push_back(std::move(added));
  lang::DiagnosticSink sink;
  const auto model = Lower(work_, sink, {.only = capability});
  work_.regions.pop_back();
  work_.vocabulary.regions.pop_back();
  if (!model) return nullptr;
  return CoverQuestion::Make(*model, capability, clause.id, true);
}

ExprId ConditionCover::Not(ExprId condition) {
  Node node;
  node.kind = NodeKind::kNot;
  node.operands = {condition};
  node.high = 1;
  work_.nodes.push_back(std::move(node));
  return {static_cast<std::uint32_t>(work_.nodes.size() - 1)};
}

ExprId ConditionCover::AllFresh(const std::vector<EvidenceId>& evidence) {
  Node all;
  all.kind = NodeKind::kAnd;
  all.high = 1;
  for (const EvidenceId one : evidence) {
    Node fresh;
    fresh.kind = NodeKind::kFresh;
    fresh.evidence = one;
    fresh.high = 1;
    all.operands.push_back({static_cast<std::uint32_t>(work_.nodes.size())});
    work_.nodes.push_back(std::move(fresh));
  }
  if (all.operands.size() == 1) return all.operands[0];
  work_.nodes.push_back(std::move(all));
  return {static_cast<std::uint32_t>(work_.nodes.size() - 1)};
}

}  // namespace writ::compiler
