// Arithmetic: `+ - *`, `min`, `max`, with ranges that follow from the operands. Every result is
// proved to fit 64 bits before it exists; constants are worked out here, so that a comparison with
// one stays a cut.
#include "expr.h"

namespace writ::compiler::check {

using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::ExprKind;

namespace {

struct Bounds {
  Wide low, high;
};

Bounds Combine(NodeKind kind, const Node& a, const Node& b) {
  const Wide al = a.low, ah = a.high, bl = b.low, bh = b.high;
  switch (kind) {
    case NodeKind::kAdd:
      return {al + bl, ah + bh};
    case NodeKind::kSubtract:
      return {al - bh, ah - bl};
    case NodeKind::kMultiply:
      return {std::min({al * bl, al * bh, ah * bl, ah * bh}),
              std::max({al * bl, al * bh, ah * bl, ah * bh})};
    case NodeKind::kMin:
      return {std::min(al, bl), std::min(ah, bh)};
    case NodeKind::kMax:
      return {std::max(al, bl), std::max(ah, bh)};
    default:
      return {0, 0};
  }
}

bool Adds(ShapeKind kind) {
  return kind == ShapeKind::kNumber || kind == ShapeKind::kMoney || kind == ShapeKind::kDuration;
}

}  // namespace

// Makes the node, or the constant that it is. Invalid, and reported, if it might not fit.
ExprId ExprChecker::Arithmetic(NodeKind kind, std::vector<ExprId> operands, lang::Span span) {
  const Node& first = At(operands[0]);
  const Node& second = At(operands.back());
  const unsigned scale = kind == NodeKind::kMultiply ? first.scale + second.scale : first.scale;
  const Bounds bounds = kind == NodeKind::kNegate
                            ? Bounds{-static_cast<Wide>(first.high), -static_cast<Wide>(first.low)}
                            : Combine(kind, first, second);
  const auto low = Fit(bounds.low);
  const auto high = Fit(bounds.high);
  if (!low || !high || scale > kMaxScale) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kOverflow, span, Shown(span) + " might not fit 64 bits"}.Hint(
            "give its facts a range, such as `integer in 0..1_000`"));
    return {};
  }
  Node node;
  node.kind = kind;
  node.low = *low;
  node.high = *high;
  node.scale = static_cast<std::uint8_t>(scale);
  node.span = span;
  if (std::ranges::all_of(operands, [&](ExprId id) { return At(id).kind == NodeKind::kNumber; })) {
    node.kind = NodeKind::kNumber;
    node.number = node.low;
    for (const ExprId id : operands)
      node.texts.insert(node.texts.end(), At(id).texts.begin(), At(id).texts.end());
  } else {
    node.operands = std::move(operands);
  }
  return Add(std::move(node));
}

ExprId ExprChecker::Raise(ExprId id, std::uint8_t scale, lang::Span span) {
  const auto more = static_cast<std::uint8_t>(scale - At(id).scale);
  if (more == 0) return id;
  return Arithmetic(NodeKind::kMultiply, {id, Constant({PowerOfTen(more), more}, span)}, span);
}

bool ExprChecker::Align(Operand& a, Operand& b, lang::Span span) {
  const std::uint8_t scale = std::max(At(a.id).scale, At(b.id).scale);
  a.id = Raise(a.id, scale, span);
  b.id = a.id.valid() ? Raise(b.id, scale, span) : ExprId{};
  return a.id.valid() && b.id.valid();
}

Operand ExprChecker::CheckArithmetic(const lang::Expr& expr, const Scope& scope) {
  std::vector<Operand> operands;
  bool good = true;
  for (const lang::Expr& tree : expr.operands) {
    operands.push_back(Check(tree, scope));
    operands.back().span = tree.span;
    if (operands.back().Is(ShapeKind::kWord)) UnknownValueName(operands.back().word, scope);
    good = good && !operands.back().Is(ShapeKind::kWord) && !operands.back().Is(ShapeKind::kBroken);
  }
  if (!good) return Broken(expr.span);
  switch (expr.kind) {
    case ExprKind::kAdd:
      return CheckSum(NodeKind::kAdd, operands[0], operands[1], expr.span);
    case ExprKind::kSubtract:
      return CheckSum(NodeKind::kSubtract, operands[0], operands[1], expr.span);
    case ExprKind::kMultiply:
      return CheckProduct(operands[0], operands[1], expr.span);
    case ExprKind::kNegate:
      return CheckNegate(operands[0], expr.span);
    default:
      return Broken(expr.span);
  }
}

Operand ExprChecker::CheckNegate(const Operand& operand, lang::Span span) {
  if (!Adds(operand.shape.kind)) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kTypeMismatch, span,
                   Shown(operand.span) + " is " + DescribeShape(operand) + ", and has no sign"});
    return Broken(span);
  }
  const ExprId id = Arithmetic(NodeKind::kNegate, {operand.id}, span);
  return id.valid() ? Operand{.shape = operand.shape, .id = id, .span = span} : Broken(span);
}

Operand ExprChecker::CheckSum(NodeKind kind, Operand left, Operand right, lang::Span span) {
  const ShapeKind a = left.shape.kind;
  const ShapeKind b = right.shape.kind;
  const bool plus = kind == NodeKind::kAdd;
  Shape shape = left.shape;
  if (a == ShapeKind::kTime && b == ShapeKind::kTime && !plus) {
    shape.kind = ShapeKind::kDuration;
  } else if (a == ShapeKind::kDuration && b == ShapeKind::kTime && plus) {
    shape = right.shape;
  } else if (!(a == ShapeKind::kTime && b == ShapeKind::kDuration) &&
             !(Adds(a) && a == b && left.shape.unit == right.shape.unit)) {
    return Mismatch(left, right, span);
  }
  if (!Align(left, right, span)) return Broken(span);
  const ExprId id = Arithmetic(kind, {left.id, right.id}, span);
  return id.valid() ? Operand{.shape = shape, .id = id, .span = span} : Broken(span);
}

Operand ExprChecker::CheckProduct(const Operand& left, const Operand& right, lang::Span span) {
  const bool left_number = left.Is(ShapeKind::kNumber);
  if (!(left_number && Adds(right.shape.kind)) &&
      !(right.Is(ShapeKind::kNumber) && Adds(left.shape.kind))) {
    reporter_.Report(Diagnostic{DiagnosticKind::kUnitMismatch, span,
                                Shown(left.span) + " is " + DescribeShape(left) + ", " +
                                    Shown(right.span) + " is " + DescribeShape(right) +
                                    ", and these do not multiply"}
                         .Hint("one side of `*` is a number"));
    return Broken(span);
  }
  const ExprId id = Arithmetic(NodeKind::kMultiply, {left.id, right.id}, span);
  return id.valid()
             ? Operand{.shape = left_number ? right.shape : left.shape, .id = id, .span = span}
             : Broken(span);
}

Operand ExprChecker::CheckExtreme(NodeKind kind, const std::vector<Operand>& operands,
                                  lang::Span span) {
  if (operands.size() < 2) {
    reporter_.Report(Diagnostic{DiagnosticKind::kTypeMismatch, span,
                                "`min` and `max` choose between two values or more"});
    return Broken(span);
  }
  if (std::ranges::any_of(operands, [](const Operand& o) { return o.Is(ShapeKind::kBroken); }))
    return Broken(span);
  Operand result = operands[0];
  for (std::size_t i = 1; i < operands.size(); ++i) {
    Operand next = operands[i];
    const ShapeKind a = result.shape.kind;
    if (a != next.shape.kind || !(Adds(a) || a == ShapeKind::kTime) ||
        result.shape.unit != next.shape.unit) {
      return Mismatch(result, next, span);
    }
    if (!Align(result, next, span)) return Broken(span);
    const ExprId id = Arithmetic(kind, {result.id, next.id}, span);
    if (!id.valid()) return Broken(span);
    result = Operand{.shape = result.shape, .id = id, .span = span};
  }
  return result;
}

}  // namespace writ::compiler::check
