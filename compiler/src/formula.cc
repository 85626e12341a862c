// Conditions by structural recursion. Each leaf asks one dimension and splits its atoms into true,
// false and unknown; the junctions combine box lists after Kleene: T(a and b) = T(a) T(b); not
// false (a and b) = notF(a) notF(b); and unknown is what is not false with one side unknown. Only
// the lists that a clause needs are worked out. A list that outgrows the limit gives way to one
// boolean that the runtime works out.
// Entry points: Formula::Plan, Formula::Where, Formula::UnknownFor.
#include "formula.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "lower_assert.h"

namespace writ::compiler {
namespace {

Truth Reversed(Truth truth) {
  switch (truth) {
    case Truth::kTrue:
      return Truth::kFalse;
    case Truth::kFalse:
      return Truth::kTrue;
    case Truth::kUnknown:
      return Truth::kUnknown;
    case Truth::kNotFalse:
      return Truth::kNotTrue;
    case Truth::kNotTrue:
      return Truth::kNotFalse;
  }
  return truth;
}

}  // namespace

Formula::Formula(const ProgramIndex& index, CapabilityId capability,
                 const std::vector<table::AtomMap>& fact_maps, AtomSets& sets, std::uint32_t limit)
    : index_(index),
      capability_(capability),
      sets_(sets),
      dimensions_(index, capability, fact_maps, sets),
      code_(index, capability),
      algebra_(sets, dimensions_.full(), std::max(limit, 1u)) {}

bool Formula::AliasOf(const Node& node, Alias& alias) const {
  if (node.kind == NodeKind::kLet) {
    alias = {index_.program().lets[node.let.value].value, false};
    return true;
  }
  if (node.kind == NodeKind::kNot) {
    alias = {node.operands[0], true};
    return true;
  }
  if (node.kind != NodeKind::kEqual) return false;
  for (std::size_t side = 0; side < 2; ++side) {
    const std::optional<std::int64_t> wanted = index_.Constant(node.operands[1 - side]);
    if (!wanted || (*wanted != 0 && *wanted != 1) || !index_.IsBoolean(node.operands[side]))
      continue;
    alias = {node.operands[side], *wanted == 0};
    return true;
  }
  return false;
}

bool Formula::IsJunction(const Node& node) const {
  return node.kind == NodeKind::kAnd || node.kind == NodeKind::kOr;
}

// Walks the boolean structure alone: what is inside a leaf is the leaf's business.
void Formula::Plan(ExprId condition, Substitution mode) {
  if (!condition.valid()) return;
  std::vector<ExprId> stack{condition};
  llvm::DenseMap<std::uint32_t, bool> seen;
  while (!stack.empty()) {
    const ExprId id = stack.back();
    stack.pop_back();
    if (!seen.try_emplace(id.value, true).second) continue;
    const Node& node = index_.program().node(id);
    Alias alias;
    if (IsJunction(node)) {
      stack.insert(stack.end(), node.operands.begin(), node.operands.end());
    } else if (AliasOf(node, alias)) {
      stack.push_back(alias.operand);
    } else if (!leaf_of_.contains(KeyOf(id, mode))) {
      Leaf leaf = PlanLeaf(id, mode);
      leaf_of_[KeyOf(id, mode)] = static_cast<std::uint32_t>(leaves_.size());
      leaves_.push_back(std::move(leaf));
    }
  }
}

Formula::Leaf Formula::PlanLeaf(ExprId id, Substitution mode) {
  const Node& node = index_.program().node(id);
  if (const FactTest* test = index_.Test(id)) return PlanTest(*test, mode);
  Leaf leaf;
  switch (node.kind) {
    case NodeKind::kBool:
      leaf.constant = true, leaf.value = node.number != 0;
      return leaf;
    case NodeKind::kCapabilityIn:
      leaf.constant = true,
      leaf.value = std::ranges::find(node.capabilities, capability_) != node.capabilities.end();
      return leaf;
    case NodeKind::kRoleIn:
      leaf.dimension = dimensions_.Role();
      for (const RoleId role : node.roles) leaf.intervals.push_back({role.value, role.value});
      return leaf;
    case NodeKind::kFresh:
      leaf.dimension = dimensions_.Evidence(node.evidence);
      leaf.intervals = {{1, 1}};
      return leaf;
    case NodeKind::kIsMissing:
      return PlanMissing(node.fact);
    case NodeKind::kEqual:
    case NodeKind::kLess:
    case NodeKind::kLessEqual:
    case NodeKind::kInValues:
      return PlanComparison(id, node, mode);
    case NodeKind::kTextEqual:
    case NodeKind::kTextPrefix:
    case NodeKind::kMatches:
    case NodeKind::kInTexts:
    case NodeKind::kSetHas: {
      const CodeId value = code_.Value(id, mode);
      const table::Instruction& instruction = code_.code()[value];
      if (instruction.op != Op::kConst) return PlanBoolean(value, false, id, mode);
      leaf.constant = true, leaf.value = instruction.immediate != 0;
      return leaf;
    }
    case NodeKind::kAnd:
    case NodeKind::kOr:
    case NodeKind::kNot:
    case NodeKind::kFact:
    case NodeKind::kLet:
    case NodeKind::kNumber:
    case NodeKind::kAdd:
    case NodeKind::kSubtract:
    case NodeKind::kMultiply:
    case NodeKind::kMin:
    case NodeKind::kMax:
    case NodeKind::kNegate:
    case NodeKind::kText:
      break;
  }
  AbortWithWords(__FILE_NAME__, __LINE__, "a condition is boolean");
}

Formula::Leaf Formula::PlanTest(const FactTest& test, Substitution mode) {
  Leaf leaf;
  leaf.dimension = dimensions_.Fact(test.fact);
  leaf.test = &test;
  const table::Fact& fact = index_.fact(test.fact);
  const bool texts = fact.type == ValueType::kId || fact.type == ValueType::kText;
  leaf.asks = texts ? Leaf::kTexts : Leaf::kIntervals;
  leaf.intervals = test.intervals;
  if (mode == Substitution::kOn && fact.missing == MissingWord::kValue)
    leaf.when_missing = texts ? test.Holds(fact.substitute_text) : test.Holds(fact.substitute);
  return leaf;
}

Formula::Leaf Formula::PlanMissing(FactId fact) {
  Leaf leaf;
  if (!dimensions_.CanBeMissing(fact)) {
    leaf.constant = true;
    return leaf;
  }
  const ValueType type = index_.fact(fact).type;
  if (type == ValueType::kIdSet || type == ValueType::kEnumSet) {
    leaf.dimension = dimensions_.Boolean(code_.IsMissing(fact));
    leaf.intervals = {{1, 1}};
    leaf.when_missing = 0;
    return leaf;
  }
  leaf.dimension = dimensions_.Fact(fact);
  leaf.asks = Leaf::kMissing;
  return leaf;
}

Formula::Leaf Formula::PlanComparison(ExprId id, const Node& node, Substitution mode) {
  const ExprId left = node.operands[0];
  if (node.kind == NodeKind::kInValues) {
    if (const auto number = index_.Constant(left)) {
      Leaf leaf;
      leaf.constant = true,
      leaf.value = std::ranges::find(node.values, *number) != node.values.end();
      return leaf;
    }
    return PlanNumber(left, SolveComparison(node, 1, 0), mode);
  }
  const std::optional<std::int64_t> a = index_.Constant(left),
                                    b = index_.Constant(node.operands[1]);
  if (a && b) {
    Leaf leaf;
    leaf.constant = true;
    leaf.value = node.kind == NodeKind::kEqual  ? *a == *b
                 : node.kind == NodeKind::kLess ? *a < *b
                                                : *a <= *b;
    return leaf;
  }
  constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
  if (b && *b != kLowest) return PlanNumber(left, SolveComparison(node, 1, -*b), mode);
  if (a) return PlanNumber(node.operands[1], SolveComparison(node, -1, *a), mode);
  bool negated = false;
  const CodeId value = code_.Comparison(node, mode, negated);
  return PlanBoolean(value, negated, id, mode);
}

Formula::Leaf Formula::PlanNumber(ExprId number, const std::vector<Interval>& intervals,
                                  Substitution mode) {
  Leaf leaf;
  if (index_.IsBoolean(number)) {
    leaf.dimension = dimensions_.Boolean(code_.Value(number, mode));
    leaf.intervals = Clip(intervals, 0, 1);
    return leaf;
  }
  const Node& value = index_.ResolvedNode(number);
  leaf.dimension = dimensions_.Number(code_.Value(number, mode));
  leaf.intervals = Clip(intervals, value.low, value.high);
  dimensions_.AddCuts(leaf.dimension, leaf.intervals, value.low, value.high);
  if (!CanBeUnknown(number, mode)) leaf.when_missing = 0;
  return leaf;
}

Formula::Leaf Formula::PlanBoolean(CodeId value, bool negated, ExprId reads, Substitution mode) {
  Leaf leaf;
  leaf.dimension = dimensions_.Boolean(value);
  leaf.intervals = {{1, 1}};
  leaf.negated = negated;
  if (!CanBeUnknown(reads, mode)) leaf.when_missing = 0;
  return leaf;
}

bool Formula::CanBeUnknown(ExprId id, Substitution mode) const {
  return std::ranges::any_of(index_.ReadsOf(id).facts, [&](FactId f) {
    return dimensions_.CanBeMissing(f) &&
           !(mode == Substitution::kOn && index_.fact(f).missing == MissingWord::kValue);
  });
}

Boxes Formula::LeafWhere(const Leaf& leaf, Truth truth) {
  if (leaf.constant) {
    const bool holds = truth == Truth::kTrue || truth == Truth::kNotFalse
                           ? leaf.value
                           : truth != Truth::kUnknown && !leaf.value;
    return holds ? Boxes::True() : Boxes::None();
  }
  if (leaf.negated) truth = Reversed(truth);
  const std::uint32_t d = leaf.dimension;
  const SetId full = dimensions_.full()[d], missing = sets_.And(full, sets_.Single(0));
  SetId yes = 0, unknown = 0;
  switch (leaf.asks) {
    case Leaf::kMissing:
      yes = missing;
      break;
    case Leaf::kIntervals:
      yes = dimensions_.Atoms(d, leaf.intervals);
      break;
    case Leaf::kTexts:
      yes = dimensions_.Atoms(d, leaf.test->texts);
      break;
  }
  yes = sets_.And(yes, full);
  if (leaf.asks != Leaf::kMissing) {
    if (leaf.when_missing == 1) yes = sets_.Or(yes, missing);
    if (leaf.when_missing == -1) unknown = missing;
  }
  switch (truth) {
    case Truth::kTrue:
      return algebra_.Of(d, yes);
    case Truth::kFalse:
      return algebra_.Of(d, sets_.Minus(full, sets_.Or(yes, unknown)));
    case Truth::kUnknown:
      return algebra_.Of(d, unknown);
    case Truth::kNotFalse:
      return algebra_.Of(d, sets_.Or(yes, unknown));
    case Truth::kNotTrue:
      return algebra_.Of(d, sets_.Minus(full, yes));
  }
  return Boxes::None();
}

const Boxes* Formula::Known(ExprId id, Substitution mode, Truth truth) const {
  const auto found = result_of_.find((KeyOf(id, mode) << 3) | static_cast<std::uint64_t>(truth));
  return found == result_of_.end() ? nullptr : &results_[found->second];
}

// For `and`; `or` is the same with true and false exchanged.
void Formula::Needs(ExprId id, Truth truth, std::vector<std::pair<ExprId, Truth>>& needs) const {
  needs.clear();
  const Node& node = index_.program().node(id);
  Alias alias;
  if (IsJunction(node)) {
    for (const ExprId operand : node.operands) needs.emplace_back(operand, truth);
    if (truth == Truth::kUnknown)
      needs.emplace_back(id, node.kind == NodeKind::kAnd ? Truth::kNotFalse : Truth::kNotTrue);
  } else if (AliasOf(node, alias)) {
    needs.emplace_back(alias.operand, alias.negated ? Reversed(truth) : truth);
  }
}

Boxes Formula::Junction(const Node& node, Substitution mode, Truth truth) {
  const Truth as_and = node.kind == NodeKind::kAnd ? truth : Reversed(truth);
  const bool all = as_and == Truth::kTrue || as_and == Truth::kNotFalse;
  Boxes result = all ? Boxes::True() : Boxes::None();
  for (const ExprId operand : node.operands) {
    const Boxes& next = *Known(operand, mode, truth);
    result = all ? algebra_.And(result, next) : algebra_.Or(result, next);
  }
  return result;
}

Boxes Formula::Direct(ExprId condition, Substitution mode, Truth truth) {
  std::vector<std::pair<ExprId, Truth>> stack{{condition, truth}}, needs;
  while (!stack.empty()) {
    const auto [id, wanted] = stack.back();
    if (Known(id, mode, wanted)) {
      stack.pop_back();
      continue;
    }
    Needs(id, wanted, needs);
    const std::size_t before = stack.size();
    for (const auto& need : needs)
      if (!Known(need.first, mode, need.second)) stack.push_back(need);
    if (stack.size() != before) continue;
    const Node& node = index_.program().node(id);
    Boxes boxes;
    if (IsJunction(node)) {
      boxes = Junction(node, mode, wanted);
      if (wanted == Truth::kUnknown)
        boxes = algebra_.And(
            boxes,
            *Known(id, mode, node.kind == NodeKind::kAnd ? Truth::kNotFalse : Truth::kNotTrue));
    } else if (!needs.empty()) {
      boxes = *Known(needs[0].first, mode, needs[0].second);
    } else {
      const auto leaf = leaf_of_.find(KeyOf(id, mode));
      WRIT_CHECK(leaf != leaf_of_.end(), "a condition is planned before it is lowered");
      boxes = LeafWhere(leaves_[leaf->second], wanted);
    }
    result_of_[(KeyOf(id, mode) << 3) | static_cast<std::uint64_t>(wanted)] =
        static_cast<std::uint32_t>(results_.size());
    results_.push_back(std::move(boxes));
    stack.pop_back();
  }
  return *Known(condition, mode, truth);
}

Boxes Formula::Where(ExprId condition, Substitution mode, Truth truth) {
  if (!condition.valid())
    return truth == Truth::kTrue || truth == Truth::kNotFalse ? Boxes::True() : Boxes::None();
  Boxes boxes = Direct(condition, mode, truth);
  return boxes.overflow ? WorkedOut(condition, mode, truth) : boxes;
}

Boxes Formula::WorkedOut(ExprId condition, Substitution mode, Truth truth) {
  return LeafWhere(PlanBoolean(code_.Value(condition, mode), false, condition, mode), truth);
}

Boxes Formula::UnknownFor(ExprId condition, MissingWord word) {
  if (!condition.valid()) return Boxes::None();
  std::vector<FactId> these;
  bool others = false;
  for (const FactId f : index_.ReadsOf(condition).facts) {
    if (!dimensions_.CanBeMissing(f)) continue;
    const MissingWord says = index_.fact(f).missing;
    if (says == word) these.push_back(f);
    if (says != word && says != MissingWord::kValue) others = true;
  }
  if (these.empty()) return Boxes::None();
  const Boxes unknown = Direct(condition, Substitution::kOn, Truth::kUnknown);
  if (!others && unknown.overflow) return WorkedOut(condition, Substitution::kOn, Truth::kUnknown);
  if (!others || (!unknown.overflow && unknown.list.empty()))
    return unknown;  // whatever makes it unknown says `word`
  Boxes missing;
  for (const FactId f : these)
    missing = algebra_.Or(missing, LeafWhere(PlanMissing(f), Truth::kTrue));
  Boxes both = algebra_.And(unknown, missing);
  if (!both.overflow) return both;
  CodeId any = code_.IsMissing(these[0]);
  for (const FactId f : these) any = code_.Or(any, code_.IsMissing(f));
  const CodeId value = code_.And(code_.IsUnknown(code_.Value(condition, Substitution::kOn)), any);
  Leaf leaf;
  leaf.dimension = dimensions_.Boolean(value);
  leaf.intervals = {{1, 1}};
  leaf.when_missing = 0;
  return LeafWhere(leaf, Truth::kTrue);
}

}  // namespace writ::compiler
