// From nodes to instructions, operands first. Under substitution a fact with a value as its missing
// word is read through kSubstitute, so that a value over such facts exists twice, with and without.
// Entry point: CodeBuilder::Value.
#include "lower_code.h"

#include <algorithm>
#include <utility>

#include "lower_assert.h"
#include "set_text.h"

namespace writ::compiler {
namespace {

std::uint64_t KeyOf(ExprId id, Substitution mode) {
  return (std::uint64_t{id.value} << 1) | static_cast<std::uint64_t>(mode);
}

bool Commutes(Op op) {
  return op == Op::kAdd || op == Op::kMultiply || op == Op::kMin || op == Op::kMax ||
         op == Op::kEqual || op == Op::kAnd || op == Op::kOr;
}

}  // namespace

CodeId CodeBuilder::Emit(Op op, std::uint32_t a, std::uint32_t b, std::int64_t immediate) {
  if ((op == Op::kAnd || op == Op::kOr) && a == b) return a;
  if (Commutes(op) && a > b) std::swap(a, b);
  table::Instruction instruction;
  instruction.op = op, instruction.a = a, instruction.b = b, instruction.immediate = immediate;
  return EmitInstruction(std::move(instruction));
}

CodeId CodeBuilder::EmitInstruction(table::Instruction instruction) {
  const auto& i = instruction;
  const auto [entry, fresh] =
      known_.try_emplace(Key{i.op, i.a, i.b, i.immediate, i.text, i.has_substitute_a,
                             i.has_substitute_b, i.substitute_a, i.substitute_b},
                         static_cast<CodeId>(code_.size()));
  if (fresh) code_.push_back(std::move(instruction));
  return entry->second;
}

bool CodeBuilder::HasValue(const Node& node) const {
  if (node.kind == NodeKind::kText) return false;
  if (node.kind == NodeKind::kLet)
    return HasValue(index_.ResolvedNode(index_.program().lets[node.let.value].value));
  if (node.kind != NodeKind::kFact) return true;
  const ValueType type = index_.fact(node.fact).type;
  return type != ValueType::kId && type != ValueType::kText && type != ValueType::kIdSet &&
         type != ValueType::kEnumSet;
}

CodeId CodeBuilder::Value(ExprId root, Substitution mode) {
  const auto done = [&](ExprId e) { return values_.contains(KeyOf(e, mode)); };
  for (const ExprId e : PostOrder(index_.program(), root, done)) {
    const Node& node = index_.program().node(e);
    if (HasValue(node)) values_[KeyOf(e, mode)] = Node1(node, mode);
  }
  return Ready(root, mode);
}

CodeId CodeBuilder::Ready(ExprId id, Substitution mode) const {
  const auto found = values_.find(KeyOf(id, mode));
  WRIT_CHECK(found != values_.end(), "operands are worked out before what reads them");
  return found->second;
}

CodeId CodeBuilder::Node1(const Node& node, Substitution mode) {
  switch (node.kind) {
    case NodeKind::kBool:
    case NodeKind::kNumber:
      return Constant(node.number);
    case NodeKind::kAnd:
      return Fold(Op::kAnd, node, mode);
    case NodeKind::kOr:
      return Fold(Op::kOr, node, mode);
    case NodeKind::kNot:
      return Emit(Op::kNot, Ready(node.operands[0], mode), 0);
    case NodeKind::kEqual:
    case NodeKind::kLess:
    case NodeKind::kLessEqual: {
      bool negated = false;
      const CodeId value = Comparison(node, mode, negated);
      return negated ? Emit(Op::kNot, value, 0) : value;
    }
    case NodeKind::kTextEqual:
    case NodeKind::kTextPrefix:
    case NodeKind::kInTexts:
      return Text(node, mode);
    case NodeKind::kMatches:
      return Matches(node, mode);
    case NodeKind::kInValues:
      return InValues(node, mode);
    case NodeKind::kSetHas:
      return SetHas(node, mode);
    case NodeKind::kIsMissing:
      return IsMissing(node.fact);
    case NodeKind::kFresh:
      return Emit(Op::kEvidence, node.evidence.value, 0);
    case NodeKind::kCapabilityIn:
      return Constant(
          std::ranges::find(node.capabilities, capability_) != node.capabilities.end() ? 1 : 0);
    case NodeKind::kRoleIn:
      return RoleIn(node);
    case NodeKind::kFact:
      return FactValue(node.fact, mode);
    case NodeKind::kLet:
      return Ready(index_.program().lets[node.let.value].value, mode);
    case NodeKind::kAdd:
      return Fold(Op::kAdd, node, mode);
    case NodeKind::kSubtract:
      return Fold(Op::kSubtract, node, mode);
    case NodeKind::kMultiply:
      return Fold(Op::kMultiply, node, mode);
    case NodeKind::kMin:
      return Fold(Op::kMin, node, mode);
    case NodeKind::kMax:
      return Fold(Op::kMax, node, mode);
    case NodeKind::kNegate:
      return Emit(Op::kNegate, Ready(node.operands[0], mode), 0);
    case NodeKind::kText:
      break;
  }
  AbortWithWords(__FILE_NAME__, __LINE__, "a text has no number");
}

CodeId CodeBuilder::Fold(Op op, const Node& node, Substitution mode) {
  CodeId value = Ready(node.operands[0], mode);
  for (std::size_t i = 1; i < node.operands.size(); ++i)
    value = Emit(op, value, Ready(node.operands[i], mode));
  return value;
}

CodeId CodeBuilder::Comparison(const Node& node, Substitution mode, bool& negated) {
  const CodeId a = Value(node.operands[0], mode), b = Value(node.operands[1], mode);
  negated = false;
  if (node.kind == NodeKind::kEqual) return Emit(Op::kEqual, a, b);
  const bool strict = node.kind == NodeKind::kLess;
  negated = a > b;
  if (!negated) return Emit(strict ? Op::kLess : Op::kLessEqual, a, b);
  return Emit(strict ? Op::kLessEqual : Op::kLess, b, a);
}

CodeId CodeBuilder::InValues(const Node& node, Substitution mode) {
  const CodeId value = Ready(node.operands[0], mode);
  std::vector<Interval> runs;
  for (const std::int64_t v : node.values) {
    if (!runs.empty() && v == runs.back().high + 1) {
      runs.back().high = v;
    } else {
      runs.push_back({v, v});
    }
  }
  WRIT_CHECK(!runs.empty(), "a set of values has a member");
  CodeId result = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const CodeId run = runs[i].low == runs[i].high
                           ? Emit(Op::kEqual, value, Constant(runs[i].low))
                           : And(Emit(Op::kLessEqual, Constant(runs[i].low), value),
                                 Emit(Op::kLessEqual, value, Constant(runs[i].high)));
    result = i == 0 ? run : Or(result, run);
  }
  return result;
}

CodeId CodeBuilder::TextConstant(Op op, FactId fact, const std::string& text, Substitution mode) {
  table::Instruction instruction;
  instruction.op = op, instruction.a = fact.value, instruction.text = text;
  const table::Fact& declared = index_.fact(fact);
  if (mode == Substitution::kOn && declared.missing == MissingWord::kValue) {
    instruction.has_substitute_a = true;
    instruction.substitute_a = declared.substitute_text;
  }
  return EmitInstruction(std::move(instruction));
}

CodeId CodeBuilder::Text(const Node& node, Substitution mode) {
  const Node& left = index_.ResolvedNode(node.operands[0]);
  if (node.kind == NodeKind::kInTexts) {
    WRIT_CHECK(!node.texts.empty(), "a set of texts has a member");
    CodeId result = TextConstant(Op::kTextEqualConst, left.fact, node.texts[0], mode);
    for (std::size_t i = 1; i < node.texts.size(); ++i)
      result = Or(result, TextConstant(Op::kTextEqualConst, left.fact, node.texts[i], mode));
    return result;
  }
  const Node& right = index_.ResolvedNode(node.operands[1]);
  const bool prefix = node.kind == NodeKind::kTextPrefix;
  if (left.kind == NodeKind::kText && right.kind == NodeKind::kText)
    return Constant(
        (prefix ? left.texts[0].starts_with(right.texts[0]) : left.texts[0] == right.texts[0]) ? 1
                                                                                               : 0);
  if (right.kind == NodeKind::kText)
    return TextConstant(prefix ? Op::kTextPrefix : Op::kTextEqualConst, left.fact, right.texts[0],
                        mode);
  WRIT_CHECK(!prefix, "a prefix is a constant");
  if (left.kind == NodeKind::kText)
    return TextConstant(Op::kTextEqualConst, right.fact, left.texts[0], mode);
  table::Instruction instruction;
  instruction.op = Op::kTextEqual;
  instruction.a = std::min(left.fact, right.fact).value;
  instruction.b = std::max(left.fact, right.fact).value;
  const auto substitute = [&](FactId f, bool& has, std::string& text) {
    has = mode == Substitution::kOn && index_.fact(f).missing == MissingWord::kValue;
    if (has) text = index_.fact(f).substitute_text;
  };
  substitute(FactId{instruction.a}, instruction.has_substitute_a, instruction.substitute_a);
  substitute(FactId{instruction.b}, instruction.has_substitute_b, instruction.substitute_b);
  return EmitInstruction(std::move(instruction));
}

CodeId CodeBuilder::Matches(const Node& node, Substitution mode) {
  const FactId fact = index_.ResolvedNode(node.operands[0]).fact;
  const table::Fact& declared = index_.fact(fact);
  table::Instruction instruction;
  instruction.op = Op::kMatches, instruction.a = fact.value;
  instruction.b = static_cast<std::uint32_t>(node.number);
  if (mode == Substitution::kOn && declared.missing == MissingWord::kValue) {
    instruction.has_substitute_a = true;
    instruction.substitute_a = declared.substitute_text;
  }
  return EmitInstruction(std::move(instruction));
}

// A missing set is read as another: whether that has the member is known now, or asks for its text.
CodeId CodeBuilder::WithSetSubstitute(CodeId has, const table::Fact& set, const Node& member,
                                      Substitution mode) {
  const std::vector<std::string> members = SetMembers(set.substitute_text);
  if (member.kind == NodeKind::kText) {
    const bool in = std::ranges::find(members, member.texts[0]) != members.end();
    return Emit(Op::kSubstitute, has, 0, in ? 1 : 0);
  }
  const FactId set_fact{code_[has].a};
  CodeId any = TextConstant(Op::kTextEqualConst, member.fact, "", mode);
  any = And(any, Emit(Op::kNot, any, 0));  // false, or unknown where the member is
  for (const std::string& text : members)
    any = Or(any, TextConstant(Op::kTextEqualConst, member.fact, text, mode));
  const CodeId missing = IsMissing(set_fact);
  return Or(And(Emit(Op::kNot, missing, 0), has), And(missing, any));
}

CodeId CodeBuilder::SetHas(const Node& node, Substitution mode) {
  const Node& set = index_.ResolvedNode(node.operands[0]);
  const Node& member = index_.ResolvedNode(node.operands[1]);
  const table::Fact& declared = index_.fact(set.fact);
  table::Instruction instruction;
  instruction.a = set.fact.value;
  if (member.kind == NodeKind::kText) {
    instruction.op = Op::kSetHasText, instruction.text = member.texts[0];
  } else if (member.kind == NodeKind::kFact) {
    instruction.op = Op::kSetHasFact, instruction.b = member.fact.value;
    const table::Fact& asked = index_.fact(member.fact);
    instruction.has_substitute_b =
        mode == Substitution::kOn && asked.missing == MissingWord::kValue;
    if (instruction.has_substitute_b) instruction.substitute_b = asked.substitute_text;
  } else {
    instruction.op = Op::kSetHasEnum, instruction.immediate = member.number;
  }
  const std::int64_t value = instruction.immediate;
  const bool of_enum = instruction.op == Op::kSetHasEnum;
  const CodeId has = EmitInstruction(std::move(instruction));
  if (mode == Substitution::kOff || declared.missing != MissingWord::kValue) return has;
  if (!of_enum) return WithSetSubstitute(has, declared, member, mode);
  return Emit(Op::kSubstitute, has, 0, (declared.substitute >> value) & 1);
}

CodeId CodeBuilder::FactValue(FactId fact, Substitution mode) {
  const CodeId value = Emit(Op::kFact, fact.value, 0);
  const table::Fact& declared = index_.fact(fact);
  if (mode == Substitution::kOff || declared.missing != MissingWord::kValue) return value;
  return Emit(Op::kSubstitute, value, 0, declared.substitute);
}

// A role that the table does not know is none of them: never unknown.
CodeId CodeBuilder::RoleIn(const Node& node) {
  const FactId role = index_.role_fact();
  WRIT_CHECK(role.valid(), "the built-in fact `role` is declared");
  const CodeId value = Emit(Op::kFact, role.value, 0);
  CodeId any = Constant(0);
  for (const RoleId r : node.roles) any = Or(any, Emit(Op::kEqual, value, Constant(r.value)));
  return And(Emit(Op::kNot, IsMissing(role), 0), any);
}

}  // namespace writ::compiler
