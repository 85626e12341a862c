// Comparisons and membership. Both sides must be of one kind and one unit; what is written with
// `>`, `!=` or `not in` becomes the few node kinds that lowering knows. A constant takes the scale
// of what it is compared with, exactly: `calls <= 2.5` of an integer is `calls <= 2`.
#include "expr.h"

namespace writ::compiler::check {

using lang::CompareOp;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

bool IsOrder(CompareOp op) { return op != CompareOp::kEqual && op != CompareOp::kNotEqual; }

// The same comparison with its sides exchanged.
CompareOp Mirror(CompareOp op) {
  switch (op) {
    case CompareOp::kEqual:
    case CompareOp::kNotEqual:
      return op;
    case CompareOp::kLess:
      return CompareOp::kGreater;
    case CompareOp::kLessEqual:
      return CompareOp::kGreaterEqual;
    case CompareOp::kGreater:
      return CompareOp::kLess;
    case CompareOp::kGreaterEqual:
      return CompareOp::kLessEqual;
  }
  return op;
}

bool IsNumeric(ShapeKind kind) {
  return kind == ShapeKind::kNumber || kind == ShapeKind::kMoney || kind == ShapeKind::kDuration ||
         kind == ShapeKind::kTime;
}

bool IsText(ShapeKind kind) {
  return kind == ShapeKind::kId || kind == ShapeKind::kText || kind == ShapeKind::kTextLiteral;
}

bool IsRole(ShapeKind kind) { return kind == ShapeKind::kRole || kind == ShapeKind::kActingRole; }

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by != 0 && value < 0 ? 1 : 0);
}

}  // namespace

// ------------------------------------------------------------------------------------- words and
// mismatches

// A bare word beside something: one of its values. False if there is none; it is reported.
bool ExprChecker::ResolveWord(Operand& word, const Operand& beside, const Scope& scope) {
  if (beside.Is(ShapeKind::kEnum) || beside.Is(ShapeKind::kEnumSet)) {
    const std::vector<std::string>& values = *beside.shape.values;
    const auto at = std::ranges::find(values, word.word.text);
    if (at == values.end()) {
      Diagnostic diagnostic{DiagnosticKind::kUnknownValue, word.span,
                            Shown(beside.span) + " has no value `" + word.word.text + "`"};
      std::vector<std::string> near_names = values;
      near_names.insert(near_names.end(), value_names_.begin(), value_names_.end());
      if (const auto near = lang::NearestName(word.word.text, near_names))
        diagnostic.hints.push_back("did you mean `" + *near + "`?");
      diagnostic.notes.push_back(Shown(beside.span) + " is " + DescribeShape(beside));
      reporter_.Report(std::move(diagnostic));
      return false;
    }
    word.shape = beside.shape;
    word.shape.kind = ShapeKind::kEnum;
    word.id = Constant({at - values.begin(), 0}, word.span);
    return true;
  }
  if (IsRole(beside.shape.kind)) {
    const auto role = words_.names.roles.Index(word.word.text);
    if (!role) {
      reporter_.UnknownName("role", word.word, words_.names.roles.Names());
      return false;
    }
    word.shape.kind = ShapeKind::kRole;
    word.id = Constant({*role, 0}, word.span);
    return true;
  }
  if (beside.Is(ShapeKind::kAttribute)) return true;
  UnknownValueName(word.word, scope);
  return false;
}

bool ExprChecker::ResolveWords(Operand& left, Operand& right, const Scope& scope) {
  if (left.Is(ShapeKind::kBroken) || right.Is(ShapeKind::kBroken)) return false;
  if (left.Is(ShapeKind::kWord) && right.Is(ShapeKind::kWord)) {
    UnknownValueName(left.word, scope);  // what the other one could be, depends on it
    return false;
  }
  if (left.Is(ShapeKind::kWord)) return ResolveWord(left, right, scope);
  if (right.Is(ShapeKind::kWord)) return ResolveWord(right, left, scope);
  return !RefuseAmbiguous(left, right) && !RefuseAmbiguous(right, left);
}

// A declared name that is also a value of the enum beside it (docs/semantics.md, M6.3).
bool ExprChecker::RefuseAmbiguous(const Operand& named, const Operand& beside) {
  if (named.bare.empty() || !beside.Is(ShapeKind::kEnum)) return false;
  if (std::ranges::find(*beside.shape.values, named.bare) == beside.shape.values->end())
    return false;
  reporter_.Report(Diagnostic{
      DiagnosticKind::kAmbiguousName, named.span,
      Shown(named.span) + " is both a declared name and a value of " + Shown(beside.span)}
                       .Hint("rename one of them"));
  return true;
}

Operand ExprChecker::Mismatch(const Operand& left, const Operand& right, lang::Span span) {
  const bool units =
      (IsNumeric(left.shape.kind) || left.Is(ShapeKind::kNumber)) && IsNumeric(right.shape.kind);
  Diagnostic diagnostic{units ? DiagnosticKind::kUnitMismatch : DiagnosticKind::kTypeMismatch, span,
                        Shown(left.span) + " is " + DescribeShape(left) + ", and " +
                            Shown(right.span) + " is " + DescribeShape(right)};
  if (left.Is(ShapeKind::kMoney) && right.Is(ShapeKind::kNumber) && IsConstant(right)) {
    const std::string shown = OneLine(words_.house.sources.Text(right.span));
    diagnostic.hints.push_back("write `" + shown + " " + std::string(left.shape.unit) + "`");
  } else if (left.Is(ShapeKind::kDuration) && right.Is(ShapeKind::kNumber)) {
    diagnostic.hints.emplace_back("write a unit behind the number, such as `minutes`");
  } else if (left.Is(ShapeKind::kMoney) && right.Is(ShapeKind::kMoney)) {
    diagnostic.hints.emplace_back(
        "a policy does not convert currencies: declare a fact in the currency that you compare "
        "with");
  } else if (left.Is(ShapeKind::kEnum) && right.Is(ShapeKind::kTextLiteral)) {
    diagnostic.hints.emplace_back("write the value without quotes");
  } else if (left.Is(ShapeKind::kBool)) {
    diagnostic.hints.emplace_back(
        "a condition stands alone, or is compared with `true` or `false`");
  }
  reporter_.Report(std::move(diagnostic));
  return Broken(span);
}

bool ExprChecker::RefuseOrder(CompareOp op, const Operand& left, lang::Span span) {
  if (!IsOrder(op)) return false;
  Diagnostic diagnostic{DiagnosticKind::kNotOrdered, span,
                        Shown(left.span) + " is " + DescribeShape(left) + ", which has no order"};
  diagnostic.hints.emplace_back(left.Is(ShapeKind::kEnum)
                                    ? "declare its values with `<` between them, or use `in { … }`"
                                    : "compare it with `=`, `!=` or `in { … }`");
  reporter_.Report(std::move(diagnostic));
  return true;
}

// ------------------------------------------------------------------------------------- comparisons

Operand ExprChecker::CheckCompare(const lang::Expr& expr, const Scope& scope) {
  Operand left = Check(expr.operands[0], scope);
  Operand right = Check(expr.operands[1], scope);
  left.span = expr.operands[0].span;
  right.span = expr.operands[1].span;
  return Compare(expr.op, std::move(left), std::move(right), expr.span, scope);
}

Operand ExprChecker::Compare(CompareOp op, Operand left, Operand right, lang::Span span,
                             const Scope& scope) {
  if (!ResolveWords(left, right, scope)) return Broken(span);
  if (left.Is(ShapeKind::kAttribute)) return CompareAttribute(op, left, right, span);
  if (right.Is(ShapeKind::kAttribute)) return CompareAttribute(op, right, left, span);
  if (left.Is(ShapeKind::kTextLiteral) || (IsConstant(left) && !IsConstant(right))) {
    std::swap(left, right);
    op = Mirror(op);
  }
  const ShapeKind kind = left.shape.kind;
  const bool same = kind == right.shape.kind;
  if (kind == ShapeKind::kBool && same) return CompareBools(op, left, right, span);
  if (IsText(kind) && (same || right.Is(ShapeKind::kTextLiteral)))
    return CompareTexts(op, left, right, span);
  if (IsRole(kind) && IsRole(right.shape.kind)) return CompareRoles(op, left, right, span);
  if (kind == ShapeKind::kEnum && same && *left.shape.values == *right.shape.values) {
    if (!left.shape.ordered && RefuseOrder(op, left, span)) return Broken(span);
    return Comparison(op, left.id, right.id, span);
  }
  if (IsNumeric(kind) && same && left.shape.unit == right.shape.unit)
    return CompareNumbers(op, left, right, span);
  if ((kind == ShapeKind::kIdSet || kind == ShapeKind::kEnumSet) && same) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kTypeMismatch, span, "sets are not compared with each other"}
            .Hint("ask for one value: `x in " + OneLine(words_.house.sources.Text(left.span)) +
                  "`"));
    return Broken(span);
  }
  return Mismatch(left, right, span);
}

Operand ExprChecker::Comparison(CompareOp op, ExprId left, ExprId right, lang::Span span) {
  switch (op) {
    case CompareOp::kEqual:
      return Bool(NodeKind::kEqual, {left, right}, span);
    case CompareOp::kNotEqual:
      return Negated(true, Bool(NodeKind::kEqual, {left, right}, span), span);
    case CompareOp::kLess:
      return Bool(NodeKind::kLess, {left, right}, span);
    case CompareOp::kLessEqual:
      return Bool(NodeKind::kLessEqual, {left, right}, span);
    case CompareOp::kGreater:
      return Bool(NodeKind::kLess, {right, left}, span);
    case CompareOp::kGreaterEqual:
      return Bool(NodeKind::kLessEqual, {right, left}, span);
  }
  return Broken(span);
}

// Equal truth values: both or neither. After Kleene this is unknown wherever one side is.
Operand ExprChecker::CompareBools(CompareOp op, const Operand& left, const Operand& right,
                                  lang::Span span) {
  if (RefuseOrder(op, left, span)) return Broken(span);
  const bool negated = op == CompareOp::kNotEqual;
  for (const auto& [constant, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
    if (At(constant->id).kind != NodeKind::kBool) continue;
    const bool wanted = At(constant->id).number != 0;
    return Negated(wanted == negated, *other, span);
  }
  if (IsFact(left) && IsFact(right)) return Comparison(op, left.id, right.id, span);
  const ExprId both = Bool(NodeKind::kAnd, {left.id, right.id}, span).id;
  const ExprId not_left = Bool(NodeKind::kNot, {left.id}, span).id;
  const ExprId not_right = Bool(NodeKind::kNot, {right.id}, span).id;
  const ExprId neither = Bool(NodeKind::kAnd, {not_left, not_right}, span).id;
  return Negated(negated, Bool(NodeKind::kOr, {both, neither}, span), span);
}

Operand ExprChecker::CompareTexts(CompareOp op, const Operand& left, const Operand& right,
                                  lang::Span span) {
  if (RefuseOrder(op, left, span)) return Broken(span);
  if (!IsFact(left)) {
    reporter_.Report(Diagnostic{DiagnosticKind::kTypeMismatch, span,
                                "this compares two constants, and no fact"});
    return Broken(span);
  }
  return Negated(op == CompareOp::kNotEqual, Bool(NodeKind::kTextEqual, {left.id, right.id}, span),
                 span);
}

Operand ExprChecker::CompareRoles(CompareOp op, const Operand& left, const Operand& right,
                                  lang::Span span) {
  if (RefuseOrder(op, left, span)) return Broken(span);
  if (!left.Is(ShapeKind::kActingRole) || !IsConstant(right))
    return Comparison(op, left.id, right.id, span);
  const RoleId role{static_cast<std::uint32_t>(At(right.id).number)};
  const Operand in = Bool(NodeKind::kRoleIn, {}, span);
  nodes[in.id.value].roles = {role};
  return Negated(op == CompareOp::kNotEqual, in, span);
}

Operand ExprChecker::CompareNumbers(CompareOp op, Operand left, Operand right, lang::Span span) {
  if (IsConstant(right)) {
    const Number constant = Shortest({At(right.id).number, At(right.id).scale});
    const std::uint8_t scale = At(left.id).scale;
    const bool exact = constant.scale <= scale;
    if (exact || IsOrder(op)) {
      std::optional<std::int64_t> digits;
      if (exact) {
        digits = Rescale(constant, scale);
      } else {
        digits = FloorDivide(constant.digits,
                             PowerOfTen(static_cast<std::uint8_t>(constant.scale - scale)));
        // No value lies between the constant and its floor: `< 2.5` is `<= 2`, and `>= 2.5` is `>
        // 2`.
        if (op == CompareOp::kLess) op = CompareOp::kLessEqual;
        if (op == CompareOp::kGreaterEqual) op = CompareOp::kGreater;
      }
      if (!digits) {
        reporter_.Report(Diagnostic{DiagnosticKind::kOverflow, right.span,
                                    Shown(right.span) + " does not fit 64 bits with " +
                                        std::to_string(scale) + " digits after the point"});
        return Broken(span);
      }
      right.id = Constant({*digits, scale}, right.span, At(right.id).texts);
      return Comparison(op, left.id, right.id, span);
    }
  }
  if (!Align(left, right, span)) return Broken(span);
  return Comparison(op, left.id, right.id, span);
}

// ------------------------------------------------------------------------------------- the
// capability

std::optional<std::vector<CapabilityId>> ExprChecker::AttributeMatches(Attribute attribute,
                                                                       const Operand& value) {
  std::vector<CapabilityId> found;
  const std::string word = value.Is(ShapeKind::kWord)          ? value.word.text
                           : value.Is(ShapeKind::kTextLiteral) ? At(value.id).texts[0]
                                                               : "";
  if (word.empty()) return std::nullopt;
  if (attribute == Attribute::kCapability) {
    found = FindDeeds({word, value.span}, words_.names, deeds_, "capability, event or group",
                      reporter_);
    return found.empty() ? std::nullopt : std::optional(std::move(found));
  }
  std::vector<std::string> known;
  for (std::uint32_t i = 0; i < deeds_.capabilities.size(); ++i) {
    const table::Capability& capability = deeds_.capabilities[i];
    if (capability.kind == CapabilityKind::kEvent) continue;
    const std::string_view own = attribute == Attribute::kKind ? KindWord(capability.kind)
                                 : attribute == Attribute::kRisk
                                     ? RiskWord(capability.risk)
                                     : std::string_view(capability.system);
    known.emplace_back(own);
    if (own == word) found.push_back(CapabilityId{i});
  }
  if (attribute == Attribute::kKind)
    known = {"observe", "recall", "think_support", "act", "verify"};
  if (attribute == Attribute::kRisk)
    known = {"read_only", "local_write", "network", "delegated", "destructive"};
  if (std::ranges::find(known, word) == known.end()) {
    Diagnostic diagnostic{DiagnosticKind::kUnknownValue, value.span,
                          "no capability has " + Shown(value.span) + " there"};
    if (const auto near = lang::NearestName(word, known))
      diagnostic.hints.push_back("did you mean `" + *near + "`?");
    reporter_.Report(std::move(diagnostic));
    return std::nullopt;
  }
  return found;
}

Operand ExprChecker::CompareAttribute(CompareOp op, const Operand& attribute, const Operand& value,
                                      lang::Span span) {
  if (RefuseOrder(op, attribute, span)) return Broken(span);
  if (!value.Is(ShapeKind::kWord) && !value.Is(ShapeKind::kTextLiteral))
    return Mismatch(attribute, value, span);
  auto found = AttributeMatches(attribute.shape.attribute, value);
  if (!found) return Broken(span);
  return Negated(op == CompareOp::kNotEqual, CapabilityIn(*std::move(found), span), span);
}

// ------------------------------------------------------------------------------------- membership

Operand ExprChecker::CheckInRange(const lang::Expr& expr, const Scope& scope) {
  Operand value = Check(expr.operands[0], scope);
  if (value.Is(ShapeKind::kWord)) {
    UnknownValueName(value.word, scope);
    value = Broken(value.span);
  }
  const Operand low =
      Compare(CompareOp::kGreaterEqual, value, Check(expr.operands[1], scope), expr.span, scope);
  const Operand high =
      Compare(CompareOp::kLessEqual, value, Check(expr.operands[2], scope), expr.span, scope);
  if (low.Is(ShapeKind::kBroken) || high.Is(ShapeKind::kBroken)) return Broken(expr.span);
  return Negated(expr.negated, Bool(NodeKind::kAnd, {low.id, high.id}, expr.span), expr.span);
}

// All members are constants of the scale of what is looked for: one node. Else nothing.
std::optional<Operand> ExprChecker::InConstants(const Operand& left,
                                                const std::vector<Operand>& members,
                                                lang::Span span) {
  std::vector<std::int64_t> values;
  std::vector<std::string> texts;
  for (const Operand& member : members) {
    if (IsText(left.shape.kind) && member.Is(ShapeKind::kTextLiteral)) {
      texts.push_back(At(member.id).texts[0]);
    } else if (IsConstant(member) && member.shape.kind == left.shape.kind &&
               member.shape.unit == left.shape.unit) {
      const Number number = Shortest({At(member.id).number, At(member.id).scale});
      const std::uint8_t scale = At(left.id).scale;
      const auto digits = number.scale <= scale ? Rescale(number, scale) : std::nullopt;
      if (!digits) return std::nullopt;
      values.push_back(*digits);
    } else {
      return std::nullopt;
    }
  }
  const bool text = IsText(left.shape.kind);
  if (text && !IsFact(left)) return std::nullopt;
  if (left.Is(ShapeKind::kBool) || left.Is(ShapeKind::kIdSet) || left.Is(ShapeKind::kEnumSet))
    return std::nullopt;
  const auto tidy = [](auto& list) { MakeSet(list); };
  tidy(values);
  tidy(texts);
  Operand in = Bool(text ? NodeKind::kInTexts : NodeKind::kInValues, {left.id}, span);
  nodes[in.id.value].values = std::move(values);
  nodes[in.id.value].texts = std::move(texts);
  return in;
}

Operand ExprChecker::CheckInSet(const lang::Expr& expr, const Scope& scope) {
  Operand left = Check(expr.operands[0], scope);
  if (left.Is(ShapeKind::kWord)) UnknownValueName(left.word, scope);
  if (left.Is(ShapeKind::kWord) || left.Is(ShapeKind::kBroken)) return Broken(expr.span);
  std::vector<Operand> members;
  bool good = true;
  for (std::size_t i = 1; i < expr.operands.size(); ++i) {
    Operand member = Check(expr.operands[i], scope);
    good = ResolveWords(left, member, scope) && good;
    members.push_back(std::move(member));
  }
  if (!good || members.empty()) return Broken(expr.span);
  if (left.Is(ShapeKind::kEnum) || IsNumeric(left.shape.kind) || IsText(left.shape.kind) ||
      left.Is(ShapeKind::kRole)) {
    if (auto constants = InConstants(left, members, expr.span))
      return Negated(expr.negated, *std::move(constants), expr.span);
  }
  std::vector<ExprId> equal;
  for (const Operand& member : members) {
    const Operand one = Compare(CompareOp::kEqual, left, member, expr.span, scope);
    if (one.Is(ShapeKind::kBroken)) return one;
    equal.push_back(one.id);
  }
  const Operand any =
      equal.size() == 1
          ? Operand{.shape = {.kind = ShapeKind::kBool}, .id = equal[0], .span = expr.span}
          : Bool(NodeKind::kOr, std::move(equal), expr.span);
  return Negated(expr.negated, any, expr.span);
}

Operand ExprChecker::CheckIn(const lang::Expr& expr, const Scope& scope) {
  Operand value = Check(expr.operands[0], scope);
  const Operand set = Check(expr.operands[1], scope);
  if (value.Is(ShapeKind::kAttribute) && set.Is(ShapeKind::kWord)) {
    return Negated(expr.negated, CompareAttribute(CompareOp::kEqual, value, set, expr.span),
                   expr.span);
  }
  if (set.Is(ShapeKind::kWord)) UnknownValueName(set.word, scope);
  if (set.Is(ShapeKind::kWord) || set.Is(ShapeKind::kBroken) || value.Is(ShapeKind::kBroken))
    return Broken(expr.span);
  const bool ids = set.Is(ShapeKind::kIdSet);
  if (!ids && !set.Is(ShapeKind::kEnumSet)) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kTypeMismatch, expr.operands[1].span,
                   Shown(expr.operands[1].span) + " is " + DescribeShape(set) + ", and no set"}
            .Hint("write `=`, or `in { … }`"));
    return Broken(expr.span);
  }
  if (value.Is(ShapeKind::kWord) && !ResolveWord(value, set, scope)) return Broken(expr.span);
  const bool fits = ids ? IsText(value.shape.kind)
                        : value.Is(ShapeKind::kEnum) && IsConstant(value) &&
                              *value.shape.values == *set.shape.values;
  if (!fits) {
    if (!ids && value.Is(ShapeKind::kEnum) && *value.shape.values == *set.shape.values)
      return Negated(expr.negated, EnumInSet(value, set, expr.span), expr.span);
    return Mismatch(value, set, expr.span);
  }
  return Negated(expr.negated, Bool(NodeKind::kSetHas, {set.id, value.id}, expr.span), expr.span);
}

}  // namespace writ::compiler::check
