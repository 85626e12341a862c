// Texts by their beginning and by patterns, and values of enums in sets of them. Equal patterns are
// one automaton, made when the first is met.
#include <algorithm>

#include "expr.h"
#include "writ/compiler/pattern_automaton.h"
#include "writ/runtime/pattern.h"

namespace writ::compiler::check {

using lang::Diagnostic;
using lang::DiagnosticKind;

std::optional<Operand> ExprChecker::CheckText(const lang::Expr& expr, std::string_view verb,
                                              const Scope& scope) {
  Operand text = Check(expr, scope);
  if (text.Is(ShapeKind::kWord)) UnknownValueName(text.word, scope);
  if (text.Is(ShapeKind::kWord) || text.Is(ShapeKind::kBroken)) return std::nullopt;
  if (text.Is(ShapeKind::kText)) return text;
  Diagnostic diagnostic{DiagnosticKind::kTypeMismatch, expr.span,
                        "only a text " + std::string(verb) + " something, and " + Shown(expr.span) +
                            " is " + DescribeShape(text)};
  if (text.Is(ShapeKind::kId))
    diagnostic.hints.emplace_back("an id is only compared whole; declare it as `text`");
  reporter_.Report(std::move(diagnostic));
  return std::nullopt;
}

Operand ExprChecker::CheckStartsWith(const lang::Expr& expr, const Scope& scope) {
  const auto text = CheckText(expr.operands[0], "starts with", scope);
  const Operand prefix = Check(expr.operands[1], scope);
  if (!text || !prefix.Is(ShapeKind::kTextLiteral)) return Broken(expr.span);
  return Negated(expr.negated, Bool(NodeKind::kTextPrefix, {text->id, prefix.id}, expr.span),
                 expr.span);
}

Operand ExprChecker::CheckMatches(const lang::Expr& expr, const Scope& scope) {
  const auto text = CheckText(expr.operands[0], "matches", scope);
  const lang::Literal& written = *expr.operands[1].literal;
  std::string pattern = written.text;
  if (expr.name) {
    pattern = DomainPattern(written.text);
    if (pattern.empty()) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kBadPattern, written.span, "this is no domain"}.Hint(
              "write its labels in small letters, with points between: `\"mail.example.com\"`"));
      return Broken(expr.span);
    }
  }
  const auto index = PatternIndex(pattern, written.span);
  if (!text || !index) return Broken(expr.span);
  pattern_facts.insert(At(text->id).fact.value);
  const Operand matches = Bool(NodeKind::kMatches, {text->id}, expr.span);
  nodes[matches.id.value].number = *index;
  return Negated(expr.negated, matches, expr.span);
}

std::optional<std::uint32_t> ExprChecker::PatternIndex(std::string_view pattern, lang::Span span) {
  const auto [at, fresh] = pattern_index_.try_emplace(std::string(pattern), std::nullopt);
  if (!fresh) return at->second;  // what is wrong with it has been said
  const auto tree = ReadPattern(pattern);
  if (!tree) {
    Diagnostic diagnostic{DiagnosticKind::kBadPattern, span,
                          "this pattern cannot be read: " + tree.error().what};
    if (const std::string before(pattern.substr(0, tree.error().offset)); !before.empty())
      diagnostic.notes.push_back("after `" + before + "`");
    if (!tree.error().hint.empty()) diagnostic.hints.push_back(tree.error().hint);
    reporter_.Report(std::move(diagnostic));
    return std::nullopt;
  }
  auto automaton = CompileAutomaton(*tree, pattern);
  if (!automaton) {
    reporter_.Report(Diagnostic{DiagnosticKind::kBadPattern, span,
                                "the automaton of this pattern would have more than " +
                                    std::to_string(runtime::kMaxPatternStates) +
                                    " states, or take too long to find"}
                         .Hint("repeat less, or ask for less in one pattern"));
    return std::nullopt;
  }
  at->second = static_cast<std::uint32_t>(patterns.size());
  patterns.push_back(*std::move(automaton));
  return at->second;
}

// One of the values, and the set has it; unknown where the value is missing, whatever the set.
Operand ExprChecker::EnumInSet(const Operand& value, const Operand& set, lang::Span span) {
  const ExprId known = Comparison(lang::CompareOp::kEqual, value.id, value.id, span).id;
  std::vector<ExprId> ways = {Bool(NodeKind::kNot, {known}, span).id};
  for (std::size_t i = 0; i < value.shape.values->size(); ++i) {
    const ExprId one = Constant({static_cast<std::int64_t>(i), 0}, span);
    const ExprId is = Comparison(lang::CompareOp::kEqual, value.id, one, span).id;
    const ExprId has = Bool(NodeKind::kSetHas, {set.id, one}, span).id;
    ways.push_back(Bool(NodeKind::kAnd, {is, has}, span).id);
  }
  return Bool(NodeKind::kOr, std::move(ways), span);
}

}  // namespace writ::compiler::check
