// Lets may stand in any order; they are checked in the order in which they need each other. The
// walk over what needs what has its own stack: a chain of lets can be as long as the policy.
#include <map>

#include "expr.h"

namespace writ::compiler::check {

using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

void NamesIn(const lang::Expr& expr, std::vector<std::string_view>& names) {
  if (expr.kind == lang::ExprKind::kName && expr.name) names.push_back(expr.name->text);
  for (const lang::Expr& operand : expr.operands) NamesIn(operand, names);
}

struct Order {
  std::vector<std::uint32_t> sequence;  // each after those that it needs
  std::vector<bool> circular;
};

Order SortByNeed(const std::vector<const lang::Let*>& trees) {
  std::map<std::string_view, std::uint32_t> index;
  for (std::uint32_t i = 0; i < trees.size(); ++i) index.emplace(trees[i]->name.text, i);
  std::vector<std::vector<std::uint32_t>> needs(trees.size());
  for (std::uint32_t i = 0; i < trees.size(); ++i) {
    std::vector<std::string_view> names;
    NamesIn(trees[i]->value, names);
    for (const std::string_view name : names) {
      if (const auto at = index.find(name); at != index.end()) needs[i].push_back(at->second);
    }
  }
  Order order;
  order.circular.resize(trees.size());
  enum class State : std::uint8_t { kNew, kOpen, kDone };
  std::vector<State> state(trees.size(), State::kNew);
  struct Step {
    std::uint32_t let;
    std::size_t next;
  };
  for (std::uint32_t start = 0; start < trees.size(); ++start) {
    if (state[start] != State::kNew) continue;
    std::vector<Step> walk = {{start, 0}};
    state[start] = State::kOpen;
    while (!walk.empty()) {
      Step& step = walk.back();
      if (step.next == needs[step.let].size()) {
        state[step.let] = State::kDone;
        order.sequence.push_back(step.let);
        walk.pop_back();
        continue;
      }
      const std::uint32_t need = needs[step.let][step.next++];
      if (state[need] == State::kOpen) order.circular[need] = true;
      if (state[need] != State::kNew) continue;
      state[need] = State::kOpen;
      walk.push_back({need, 0});
    }
  }
  return order;
}

bool CanBeLet(ShapeKind kind) {
  switch (kind) {
    case ShapeKind::kBool:
    case ShapeKind::kEnum:
    case ShapeKind::kNumber:
    case ShapeKind::kMoney:
    case ShapeKind::kDuration:
    case ShapeKind::kTime:
    case ShapeKind::kRole:
      return true;
    case ShapeKind::kBroken:
    case ShapeKind::kId:
    case ShapeKind::kText:
    case ShapeKind::kIdSet:
    case ShapeKind::kEnumSet:
    case ShapeKind::kActingRole:
    case ShapeKind::kTextLiteral:
    case ShapeKind::kWord:
    case ShapeKind::kMonths:
    case ShapeKind::kAttribute:
      return false;
  }
  return false;
}

}  // namespace

void ExprChecker::AddLet(const lang::Let& tree, const Scope& scope, LocalLets& into,
                         bool circular) {
  CheckedLet let{.name = tree.name.text, .shape = {}, .value = {}, .span = tree.name.span};
  if (circular) {
    reporter_.Report(Diagnostic{DiagnosticKind::kCircular, tree.name.span,
                                "let `" + tree.name.text + "` is worked out from itself"});
    // What it needs, in turn, finds it and stays silent.
    into.lets.insert_or_assign(tree.name.text, NewLet(std::move(let)));
    return;
  }
  const Operand value = Check(tree.value, scope);
  if (value.Is(ShapeKind::kWord)) {
    UnknownValueName(value.word, scope);
  } else if (CanBeLet(value.shape.kind)) {
    let.shape = value.shape;
    let.value = value.id;
  } else if (!value.Is(ShapeKind::kBroken)) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kTypeMismatch, tree.value.span,
                   "a let is a number, a time, an enum value or a condition, and this is " +
                       DescribeShape(value)});
  }
  into.lets.insert_or_assign(tree.name.text, NewLet(std::move(let)));
}

void ExprChecker::AddLets(const std::vector<const lang::Let*>& trees, const Scope& scope,
                          LocalLets& into) {
  const Order order = SortByNeed(trees);
  for (std::uint32_t i = 0; i < trees.size(); ++i) {
    if (order.circular[i]) AddLet(*trees[i], scope, into, true);
  }
  Scope inner = scope;
  inner.locals = &into;
  for (const std::uint32_t i : order.sequence) {
    if (!order.circular[i]) AddLet(*trees[i], inner, into, false);
  }
}

void ExprChecker::AddGlobalLets() {
  // One walk over all; each is then read with the zone of its own policy.
  std::vector<const lang::Let*> trees;
  std::vector<std::uint32_t> policies;
  for (const auto& entry : words_.names.lets) {
    trees.push_back(entry.tree);
    policies.push_back(entry.policy);
  }
  const Order order = SortByNeed(trees);
  for (std::uint32_t i = 0; i < trees.size(); ++i) {
    if (order.circular[i]) AddLet(*trees[i], Scope{.policy = policies[i]}, global, true);
  }
  for (const std::uint32_t i : order.sequence) {
    if (!order.circular[i]) AddLet(*trees[i], Scope{.policy = policies[i]}, global, false);
  }
}

}  // namespace writ::compiler::check
