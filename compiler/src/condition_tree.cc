// Entry points: ConditionTree, ConditionTree::Settled.
#include "condition_tree.h"

#include <utility>

namespace writ::compiler {
namespace {

constexpr std::size_t kMostThroughLets = 64, kMostConditions = 1000;

}  // namespace

ConditionTree::ConditionTree(const Program& program, ExprId root) : program_(program) {
  if (!root.valid()) return;
  if (Expand(root, true, kMostThroughLets) || Expand(root, false, kMostConditions)) return;
  conditions_.clear();
  too_large_ = true;
}

// What a name stands for, where names are looked through.
ExprId ConditionTree::Named(ExprId id, bool through_lets) const {
  while (through_lets && program_.node(id).kind == NodeKind::kLet)
    id = program_.lets[program_.node(id).let.value].value;
  return id;
}

// An and or an or, perhaps below `not`.
bool ConditionTree::IsJunction(ExprId id, bool through_lets) const {
  id = Named(id, through_lets);
  while (program_.node(id).kind == NodeKind::kNot)
    id = Named(program_.node(id).operands[0], through_lets);
  return program_.node(id).kind == NodeKind::kAnd || program_.node(id).kind == NodeKind::kOr;
}

// Also what is settled for each capability when it is lowered.
bool ConditionTree::IsConstant(ExprId id) const {
  id = Named(id, true);
  while (program_.node(id).kind == NodeKind::kNot) id = Named(program_.node(id).operands[0], true);
  const NodeKind kind = program_.node(id).kind;
  return kind == NodeKind::kBool || kind == NodeKind::kCapabilityIn;
}

// Depth first, in the order of the text. False: there are more than `most`.
bool ConditionTree::Expand(ExprId root, bool through_lets, std::size_t most) {
  parts_.assign(1, {root, 0, 0, false});
  conditions_.clear();
  std::vector<std::uint32_t> open{0};
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    if (!IsJunction(parts_[at].expr, through_lets)) {
      if (!IsConstant(parts_[at].expr))
        conditions_.push_back({parts_[at].expr, parts_[at].negated, at});
      continue;
    }
    parts_[at].expr = Named(parts_[at].expr, through_lets);
    const Node& node = program_.node(parts_[at].expr);
    const bool negated = parts_[at].negated != (node.kind == NodeKind::kNot);
    if (parts_.size() + node.operands.size() > 4 * most) return false;
    for (std::uint32_t o = 0; o < node.operands.size(); ++o)
      parts_.push_back({node.operands[o], at, o, negated});
    for (std::size_t o = 0; o < node.operands.size(); ++o)
      open.push_back(static_cast<std::uint32_t>(parts_.size() - 1 - o));
  }
  return conditions_.size() <= most;
}

ExprId ConditionTree::Settled(Program& program, const Condition& condition, bool value) const {
  const auto add = [&](Node node) {
    program.nodes.push_back(std::move(node));
    return ExprId{static_cast<std::uint32_t>(program.nodes.size() - 1)};
  };
  Node constant;
  constant.number = value ? 1 : 0;
  constant.low = constant.high = constant.number;
  constant.span = program.node(condition.expr).span;
  ExprId settled = add(std::move(constant));
  for (std::uint32_t at = condition.part; at != 0; at = parts_[at].parent) {
    Node above = program.node(parts_[parts_[at].parent].expr);
    above.operands[parts_[at].operand] = settled;
    settled = add(std::move(above));
  }
  return settled;
}

}  // namespace writ::compiler
