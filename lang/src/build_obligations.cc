// Obligations over time: what one person does not do twice, and what must have happened before
// what.
#include "build.h"

namespace writ::lang {
namespace {

// What an obligation says once, and where.
struct TermSpans {
  std::optional<Span> one_each, until, since, within, otherwise;
};

void BuildElse(Builder& b, CstReader& node, Obligation& obligation) {
  const TokenKind head = node.Kind();
  node.TakeToken();
  switch (head) {
    case TokenKind::kEscalate:
      obligation.otherwise = Else::kEscalate;
      if (node.Eat(TokenKind::kTo)) obligation.anchor = TakeName(b, node);
      obligation.trigger = TakeTrigger(b, node);
      return;
    case TokenKind::kNotify:
      obligation.otherwise = Else::kNotify;
      obligation.anchor = TakeName(b, node);
      return;
    case TokenKind::kNote:
      obligation.otherwise = Else::kNote;
      return;
    default:
      obligation.otherwise = Else::kDeny;
  }
}

void BuildTerm(Builder& b, CstReader node, Obligation& obligation, TermSpans& once) {
  const Span span = node.span();
  const TokenKind head = node.Kind();
  node.TakeToken();
  switch (head) {
    case TokenKind::kOne:
      Once(b, once.one_each, "one each", span);
      obligation.one_each = true;
      return;
    case TokenKind::kUntil:
      Once(b, once.until, "until", span);
      obligation.until = TakeName(b, node);
      return;
    case TokenKind::kSince:
      Once(b, once.since, "since", span);
      obligation.since = TakeName(b, node);
      return;
    case TokenKind::kWithin:
      Once(b, once.within, "within", span);
      obligation.within = TakeWindow(b, node);
      return;
    default:
      Once(b, once.otherwise, "else", span);
      return BuildElse(b, node, obligation);
  }
}

void RefuseTerm(Builder& b, const std::optional<Span>& said, std::string_view why,
                std::string_view hint) {
  if (!said) return;
  b.Report(
      Diagnostic{DiagnosticKind::kUnexpected, *said, std::string(why)}.Hint(std::string(hint)));
}

}  // namespace

Literal TakeWindow(Builder& b, CstReader& node) {
  if (node.At(Rule::kDuration)) return BuildValue(b, node.TakeChild());
  Name name = TakeName(b, node);
  Literal window;
  window.kind = LiteralKind::kWord;
  window.text = std::move(name.text);
  window.span = name.span;
  return window;
}

Separate BuildSeparate(Builder& b, CstReader node) {
  Separate separate;
  separate.span = node.span();
  node.Eat(TokenKind::kSeparate);
  separate.sides = BuildNames(b, node.TakeChild());
  node.Eat(TokenKind::kPer);
  node.Eat(TokenKind::kCase);
  if (node.Eat(TokenKind::kWhen)) separate.when = BuildExpr(b, node.TakeChild());
  separate.reason = TakeOptionalText(b, node);
  return separate;
}

Obligation BuildObligation(Builder& b, CstReader node) {
  Obligation obligation;
  obligation.span = node.span();
  obligation.target = TakeDottedName(b, node);
  if (node.Eat(TokenKind::kNeeds)) {
    obligation.needs = TakeName(b, node);
  } else {
    node.Eat(TokenKind::kNever);
  }
  if (node.Eat(TokenKind::kWhen)) obligation.when = BuildExpr(b, node.TakeChild());
  TermSpans once;
  while (node.Eat(TokenKind::kComma)) BuildTerm(b, node.TakeChild(), obligation, once);
  obligation.reason = TakeOptionalText(b, node);
  if (!obligation.needs) {
    for (const auto& said : {once.one_each, once.until, once.since, once.within})
      RefuseTerm(b, said, "`never` needs nothing, so there is nothing to count or to end",
                 "write `NAME needs NAME, …`, or leave this out");
  }
  if (once.one_each && once.within)
    RefuseTerm(b, once.within, "`one each` counts all there were, and `within` only the latest",
               "write two obligations, one with each");
  return obligation;
}

Sequence BuildSequence(Builder& b, CstReader node) {
  Sequence sequence;
  sequence.span = node.span();
  node.Eat(TokenKind::kSequence);
  sequence.name = TakeName(b, node);
  sequence.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kPer);
  node.Eat(TokenKind::kCase);
  if (node.Eat(TokenKind::kWhen)) sequence.when = BuildExpr(b, node.TakeChild());
  node.Eat(TokenKind::kLBrace);
  while (const auto item = node.Take(Rule::kObligation))
    sequence.obligations.push_back(BuildObligation(b, *item));
  return sequence;
}

}  // namespace writ::lang
