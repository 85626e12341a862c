// What happened before: what one person does not do twice, what must have happened before what, and
// who signs.
#include "build.h"

namespace writ::lang {
namespace {

// What a need says once, and where.
struct TermSpans {
  std::optional<Span> one_each, until, since, within, otherwise;
};

void BuildElse(Builder& b, CstReader& node, Need& need) {
  const TokenKind head = node.Kind();
  node.TakeToken();
  switch (head) {
    case TokenKind::kEscalate:
      need.otherwise = Else::kEscalate;
      if (node.Eat(TokenKind::kTo)) need.anchor = TakeName(b, node);
      need.trigger = TakeTrigger(b, node);
      return;
    case TokenKind::kNotify:
      need.otherwise = Else::kNotify;
      need.anchor = TakeName(b, node);
      return;
    case TokenKind::kNote:
      need.otherwise = Else::kNote;
      return;
    default:
      need.otherwise = Else::kDeny;
  }
}

void BuildTerm(Builder& b, CstReader node, Need& need, TermSpans& once) {
  const Span span = node.span();
  const TokenKind head = node.Kind();
  node.TakeToken();
  switch (head) {
    case TokenKind::kOne:
      Once(b, once.one_each, "one each", span);
      need.one_each = true;
      return;
    case TokenKind::kUntil:
      Once(b, once.until, "until", span);
      need.until = TakeName(b, node);
      return;
    case TokenKind::kSince:
      Once(b, once.since, "since", span);
      need.since = TakeName(b, node);
      return;
    case TokenKind::kWithin:
      Once(b, once.within, "within", span);
      need.within = TakeWindow(b, node);
      return;
    default:
      Once(b, once.otherwise, "else", span);
      return BuildElse(b, node, need);
  }
}

void RefuseTerm(Builder& b, const std::optional<Span>& said, std::string_view why,
                std::string_view hint) {
  if (!said) return;
  b.Report(
      Diagnostic{DiagnosticKind::kUnexpected, *said, std::string(why)}.Hint(std::string(hint)));
}

Stage BuildStage(Builder& b, CstReader node) {
  Stage stage;
  stage.span = node.span();
  stage.role = TakeName(b, node);
  if (node.Eat(TokenKind::kWhen)) stage.when = BuildExpr(b, node.TakeChild());
  if (!node.Eat(TokenKind::kUnless)) return stage;
  node.Eat(TokenKind::kSame);
  node.Eat(TokenKind::kPerson);
  node.Eat(TokenKind::kAs);
  stage.same_as = TakeName(b, node);
  return stage;
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

Need BuildNeed(Builder& b, CstReader node) {
  Need need;
  need.span = node.span();
  need.target = TakeDottedName(b, node);
  if (node.Eat(TokenKind::kNeeds)) {
    auto& needed = node.Eat(TokenKind::kApproval) ? need.approval : need.needs;
    needed = TakeName(b, node);
  } else {
    node.Eat(TokenKind::kNever);
  }
  if (node.Eat(TokenKind::kWhen)) need.when = BuildExpr(b, node.TakeChild());
  TermSpans once;
  while (node.Eat(TokenKind::kComma)) BuildTerm(b, node.TakeChild(), need, once);
  need.reason = TakeOptionalText(b, node);
  if (!need.needs && !need.approval) {
    for (const auto& said : {once.one_each, once.until, once.since, once.within})
      RefuseTerm(b, said, "`never` needs nothing, so there is nothing to count or to end",
                 "write `NAME needs NAME, …`, or leave this out");
  }
  if (need.approval) {
    for (const auto& said : {once.one_each, once.since, once.within})
      RefuseTerm(b, said, "an approval is there or not: it is not counted",
                 "leave this out; a new submission voids the signatures by itself");
  }
  if (need.needs && once.one_each && once.within)
    RefuseTerm(b, once.within, "`one each` counts all there were, and `within` only the latest",
               "write two needs, one with each");
  return need;
}

Approvals BuildApprovals(Builder& b, CstReader node) {
  Approvals approvals;
  approvals.span = node.span();
  node.Eat(TokenKind::kApprovals);
  approvals.name = TakeName(b, node);
  node.Eat(TokenKind::kFor);
  approvals.capability = TakeName(b, node);
  approvals.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  if (const auto first = node.Take(Rule::kStage)) {
    approvals.stages.push_back(BuildStage(b, *first));
  } else {
    b.Report(Diagnostic{DiagnosticKind::kUnexpected, approvals.name.span,
                        "nobody signs `" + approvals.name.text + "` first"}
                 .Hint("write `approvals NAME for CAPABILITY { ROLE  then ROLE }`"));
  }
  while (auto later = node.Take(Rule::kLaterStage)) {
    later->Eat(TokenKind::kThen);
    approvals.stages.push_back(BuildStage(b, later->TakeChild()));
  }
  return approvals;
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
  while (const auto item = node.Take(Rule::kNeed)) sequence.needs.push_back(BuildNeed(b, *item));
  return sequence;
}

}  // namespace writ::lang
