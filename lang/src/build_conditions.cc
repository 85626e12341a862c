// Conditions. The grammar gives flat chains (`a or b and c`, `a + b - c`); here they get their
// structure, and those that two readers would read in two ways are refused with the parentheses to
// write instead.
//
// Depth: brackets were limited before parsing, which bounds the recursion here. A chain of `+` or
// `*` leans to the left, so its length is depth as well and is limited while it is built; `and` and
// `or` are flat however long they are. What comes out is measured once more, because a bracket can
// hold several levels.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "build.h"

namespace writ::lang {
namespace {

Expr Make(ExprKind kind, Span span, std::vector<Expr> operands) {
  Expr expr;
  expr.kind = kind;
  expr.span = span;
  expr.operands = std::move(operands);
  return expr;
}

// Two or more operands, without copying them as an initializer list would.
template <typename... Exprs>
std::vector<Expr> Operands(Exprs&&... exprs) {
  std::vector<Expr> operands;
  operands.reserve(sizeof...(exprs));
  (operands.push_back(std::forward<Exprs>(exprs)), ...);
  return operands;
}

Span Join(const Span& first, const Span& last) { return {first.file, first.begin, last.end}; }

// Levels of the tree.
std::uint32_t Depth(const Expr& expr) {
  std::uint32_t deepest = 0;
  std::vector<std::pair<const Expr*, std::uint32_t>> rest = {{&expr, 1}};
  while (!rest.empty()) {
    const auto [next, depth] = rest.back();
    rest.pop_back();
    deepest = std::max(deepest, depth);
    for (const Expr& operand : next->operands) rest.emplace_back(&operand, depth + 1);
  }
  return deepest;
}

class Conditions {
 public:
  explicit Conditions(Builder& b) : b_(b) {}

  Expr Chain(CstReader node);

 private:
  Expr Comparison(CstReader node, std::uint32_t& nots);
  [[nodiscard]] bool IsBracketed(CstReader comparison) const;
  Expr Tail(CstReader node, Expr left);
  Expr InTail(CstReader node, Expr left, bool negated);
  Expr Sum(CstReader node);
  Expr Product(CstReader node);
  Expr Factor(CstReader node);
  Expr Call(CstReader& node, Name name, Span span);
  Expr Literal(writ::lang::Literal literal);
  bool Fits(std::uint32_t length, Span span);

  Builder& b_;
  bool told_too_deep_ = false;
  std::uint32_t depth_ = 0;  // levels above the expression that is being built
};

Expr Conditions::Chain(CstReader node) {
  const Span span = node.span();
  std::vector<Expr> operands;
  std::optional<TokenKind> joined_by;
  bool mixed = false;
  const Expr* ambiguous_not = nullptr;
  std::uint32_t nots = 0;
  ++depth_;
  for (;;) {
    operands.push_back(Comparison(node.TakeChild(), nots));
    const TokenKind kind = node.Kind();
    if (kind != TokenKind::kAnd && kind != TokenKind::kOr) break;
    // `not a and b`, but not `a and not b`: only what follows can be drawn in.
    if (nots > 0 && ambiguous_not == nullptr) ambiguous_not = &operands.back();
    const std::uint32_t token = node.TakeToken();
    if (joined_by && *joined_by != kind && !mixed) {
      mixed = true;
      b_.Report(Diagnostic{DiagnosticKind::kAndOrParentheses, b_.SpanAt(token),
                           "`and` and `or` stand side by side, and can be read in two ways"}
                    .Hint("put one of them in parentheses: `(a and b) or c`, or `a and (b or c)`"));
    }
    joined_by = kind;
    if (ambiguous_not != nullptr) {
      const std::string word(b_.Text(token));
      b_.Report(Diagnostic{DiagnosticKind::kNotParentheses, ambiguous_not->span,
                           "`not a " + word + " b` can be read in two ways"}
                    .Hint("write `(not a) " + word + " b`, or `not (a " + word + " b)`"));
      ambiguous_not = nullptr;
      nots = 0;
    }
  }
  --depth_;
  if (operands.size() == 1) return std::move(operands.front());
  return Make(*joined_by == TokenKind::kAnd ? ExprKind::kAnd : ExprKind::kOr, span,
              std::move(operands));
}

Expr Conditions::Comparison(CstReader node, std::uint32_t& nots) {
  const Span span = node.span();
  nots = 0;
  while (node.Eat(TokenKind::kNot)) ++nots;
  depth_ += nots;
  const bool bracketed = IsBracketed(node);
  Expr expr = Sum(node.TakeChild());
  if (const auto tail = node.Take(Rule::kTail)) expr = Tail(*tail, std::move(expr));
  if (const auto again = node.Take(Rule::kTail)) {
    b_.Report(Diagnostic{DiagnosticKind::kChainedComparison, again->span(),
                         "a second comparison follows the first"}
                  .Hint("write `a < b and b < c`, or `b in a..c`"));
  }
  depth_ -= nots;
  if (nots > 1) {
    b_.Report(Diagnostic{DiagnosticKind::kNotParentheses, span, "`not` is said twice"}.Hint(
        "leave both out"));
  }
  if (nots > 0) expr = Make(ExprKind::kNot, span, Operands(std::move(expr)));
  if (bracketed) nots = 0;  // `not (a or b) and c` says what it covers
  return expr;
}

// What follows the `not`s is one pair of parentheses.
bool Conditions::IsBracketed(CstReader comparison) const {
  const CstReader sum = comparison.TakeChild();
  if (sum.node().end != comparison.node().end) return false;
  CstReader inner = sum;
  while (inner.ChildRule() && inner.node().rule != Rule::kFactor) {
    inner = inner.TakeChild();
    if (inner.node().end != sum.node().end) return false;
  }
  return inner.node().rule == Rule::kFactor && inner.At(TokenKind::kLParen);
}

Expr Conditions::Tail(CstReader node, Expr left) {
  const Span span = Join(left.span, node.span());
  if (const auto compare = node.Take(Rule::kCompare)) {
    Expr right = Sum(node.TakeChild());
    Expr expr = Make(ExprKind::kCompare, span, Operands(std::move(left), std::move(right)));
    switch (b_.tokens.tokens[compare->node().first].kind) {
      case TokenKind::kNotEqual:
        expr.op = CompareOp::kNotEqual;
        break;
      case TokenKind::kLess:
        expr.op = CompareOp::kLess;
        break;
      case TokenKind::kLessEqual:
        expr.op = CompareOp::kLessEqual;
        break;
      case TokenKind::kGreater:
        expr.op = CompareOp::kGreater;
        break;
      case TokenKind::kGreaterEqual:
        expr.op = CompareOp::kGreaterEqual;
        break;
      default:
        expr.op = CompareOp::kEqual;
        break;
    }
    return expr;
  }
  if (node.Eat(TokenKind::kIs)) {
    Expr expr = Make(ExprKind::kIsMissing, span, Operands(std::move(left)));
    expr.negated = node.Eat(TokenKind::kNot);
    if (node.At(TokenKind::kKnown)) expr.negated = !expr.negated;
    return expr;
  }
  const bool negated = node.Eat(TokenKind::kNot);
  return InTail(node.TakeChild(), std::move(left), negated);
}

Expr Conditions::InTail(CstReader node, Expr left, bool negated) {
  Expr expr = Make(ExprKind::kIn, Join(left.span, node.span()), Operands(std::move(left)));
  expr.negated = negated;
  if (node.Eat(TokenKind::kMatches)) {
    expr.kind = ExprKind::kMatches;
    if (node.At(TokenKind::kDomain)) {
      const std::uint32_t word = node.TakeToken();
      expr.name = Name{std::string(b_.Text(word)), b_.SpanAt(word)};
    }
    expr.operands.push_back(Literal(LiteralAt(b_, node.TakeToken())));
  } else if (node.Eat(TokenKind::kStarts)) {
    node.Eat(TokenKind::kWith);
    expr.kind = ExprKind::kStartsWith;
    expr.operands.push_back(Literal(LiteralAt(b_, node.TakeToken())));
  } else if (node.Eat(TokenKind::kIn), node.Eat(TokenKind::kLBrace)) {
    expr.kind = ExprKind::kInSet;
    do {
      CstReader member = node.TakeChild();
      expr.operands.push_back(Sum(member.TakeChild()));
    } while (node.Eat(TokenKind::kComma));
  } else {
    expr.operands.push_back(Sum(node.TakeChild()));
    if (node.Eat(TokenKind::kRange)) {
      expr.kind = ExprKind::kInRange;
      expr.operands.push_back(Sum(node.TakeChild()));
    }
  }
  return expr;
}

bool Conditions::Fits(std::uint32_t length, Span span) {
  if (length + depth_ < b_.max_depth) return true;
  if (!told_too_deep_) {
    told_too_deep_ = true;
    b_.Report(Diagnostic{DiagnosticKind::kTooDeep, span,
                         "this sum or product has too many parts, or is nested too deeply, for " +
                             std::to_string(b_.max_depth) + " levels"}
                  .Hint("give parts of it names with `let`"));
  }
  return false;
}

Expr Conditions::Sum(CstReader node) {
  std::uint32_t length = 0;
  Expr expr = Product(node.TakeChild());
  while (node.At(TokenKind::kPlus) || node.At(TokenKind::kMinus)) {
    const ExprKind kind = node.Kind() == TokenKind::kPlus ? ExprKind::kAdd : ExprKind::kSubtract;
    node.TakeToken();
    Expr right = Product(node.TakeChild());
    if (!Fits(++length, right.span)) continue;  // refused: what is left out is never compiled
    const Span span = Join(expr.span, right.span);
    expr = Make(kind, span, Operands(std::move(expr), std::move(right)));
  }
  return expr;
}

Expr Conditions::Product(CstReader node) {
  std::uint32_t length = 0;
  Expr expr = Factor(node.TakeChild());
  while (node.Eat(TokenKind::kStar)) {
    Expr right = Factor(node.TakeChild());
    if (!Fits(++length, right.span)) continue;  // refused: what is left out is never compiled
    const Span span = Join(expr.span, right.span);
    expr = Make(ExprKind::kMultiply, span, Operands(std::move(expr), std::move(right)));
  }
  return expr;
}

Expr Conditions::Literal(writ::lang::Literal literal) {
  Expr expr;
  expr.kind = ExprKind::kLiteral;
  expr.span = literal.span;
  expr.literal = std::move(literal);
  return expr;
}

Expr Conditions::Call(CstReader& node, Name name, Span span) {
  Expr expr;
  expr.kind = ExprKind::kCall;
  expr.name = std::move(name);
  ++depth_;
  while (!node.Eat(TokenKind::kRParen)) {
    expr.operands.push_back(Chain(node.TakeChild()));
    node.Eat(TokenKind::kComma);
  }
  --depth_;
  expr.span = span;
  return expr;
}

Expr Conditions::Factor(CstReader node) {
  const Span span = node.span();
  std::uint32_t minuses = 0;
  while (node.Eat(TokenKind::kMinus)) ++minuses;
  depth_ += minuses;
  Expr expr;
  if (node.Eat(TokenKind::kLParen)) {
    expr = Chain(node.TakeChild());
    expr.span = {span.file, b_.SpanAt(node.node().first + minuses).begin, span.end};
  } else if (const auto name = node.Take(Rule::kName)) {
    Name text = BuildName(b_, *name);
    if (node.Eat(TokenKind::kLParen)) {
      const Span call = Join(text.span, span);
      expr = Call(node, std::move(text), call);
    } else {
      expr.kind = ExprKind::kName;
      expr.span = text.span;
      expr.name = std::move(text);
    }
  } else if (node.At(TokenKind::kApproval)) {
    const std::uint32_t token = node.TakeToken();
    expr.kind = ExprKind::kCall;
    expr.span = span;
    expr.name = Name{std::string(b_.Text(token)), b_.SpanAt(token)};
    Expr argument;
    argument.kind = ExprKind::kName;
    argument.name = TakeName(b_, node);
    argument.span = argument.name->span;
    expr.operands.push_back(std::move(argument));
  } else if (node.At(TokenKind::kCapability)) {
    const std::uint32_t token = node.TakeToken();
    expr.kind = ExprKind::kName;
    expr.span = b_.SpanAt(token);
    expr.name = Name{std::string(b_.Text(token)), expr.span};
  } else if (node.At(TokenKind::kBroken)) {
    expr = Literal(LiteralAt(b_, node.TakeToken()));
  } else if (node.At(Rule::kQuantity)) {
    expr = Literal(BuildValue(b_, node.TakeChild()));
  } else {
    expr = Literal(LiteralAt(b_, node.TakeChild().node().first));
  }
  depth_ -= minuses;
  for (std::uint32_t i = 0; i < minuses; ++i)
    expr = Make(ExprKind::kNegate, span, Operands(std::move(expr)));
  return expr;
}

}  // namespace

Expr BuildExpr(Builder& b, CstReader node) {
  const Span span = node.span();
  const std::size_t errors_before = b.error_count;
  Expr expr = Conditions(b).Chain(node);
  if (b.error_count == errors_before && Depth(expr) > b.max_depth) {
    b.Report(Diagnostic{DiagnosticKind::kTooDeep, span,
                        "this has more than " + std::to_string(b.max_depth) + " levels"}
                 .Hint("give the inner parts names with `let`"));
  }
  return expr;
}

}  // namespace writ::lang
