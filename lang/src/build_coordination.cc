// Who works on what: intents and what is decided on the way, routes, boundaries and handoffs.
#include <array>

#include "build.h"

namespace writ::lang {
namespace {

Decision BuildDecision(Builder& b, CstReader& node, Span span) {
  Decision decision;
  decision.span = span;
  decision.name = TakeName(b, node);
  node.Eat(TokenKind::kLBrace);
  std::array<std::optional<Span>, 3> said;
  while (auto item = node.Take(Rule::kDecisionItem)) {
    const Span at = item->span();
    if (item->Eat(TokenKind::kOwner)) {
      Once(b, said[0], "owner", at);
      decision.owner = TakeName(b, *item);
    } else if (item->Eat(TokenKind::kOutcomes)) {
      Once(b, said[1], "outcomes", at);
      decision.outcomes = BuildNames(b, item->TakeChild());
    } else {
      Once(b, said[2], "evidence", at);
      item->Eat(TokenKind::kEvidence);
      decision.evidence = TakeName(b, *item);
    }
  }
  return decision;
}

Completion BuildCompletion(Builder& b, CstReader& node, Span span) {
  Completion complete;
  complete.span = span;
  node.Eat(TokenKind::kBy);
  complete.by = BuildNames(b, node.TakeChild());
  node.Eat(TokenKind::kWhen);
  std::optional<Span> evidence, verified;
  do {
    CstReader proof = node.TakeChild();
    const Span at = proof.span();
    if (proof.Eat(TokenKind::kEvidence)) {
      Once(b, evidence, "evidence", at);
      complete.evidence = BuildNames(b, proof.TakeChild());
    } else {
      Once(b, verified, "verified", at);
      complete.verified = true;
    }
  } while (node.Eat(TokenKind::kAnd));
  return complete;
}

void BuildIntentItem(Builder& b, CstReader node, Intent& intent, std::optional<Span>& of_class,
                     std::optional<Span>& complete) {
  const Span span = node.span();
  if (node.Eat(TokenKind::kClass)) {
    Once(b, of_class, "class", span);
    intent.intent_class = Choose<IntentClass>(b, TakeName(b, node), "a class of intent",
                                              {{"execution", IntentClass::kExecution},
                                               {"decision_support", IntentClass::kDecisionSupport},
                                               {"information", IntentClass::kInformation},
                                               {"workflow", IntentClass::kWorkflow}});
  } else if (node.Eat(TokenKind::kDecision)) {
    intent.decisions.push_back(BuildDecision(b, node, span));
  } else {
    Once(b, complete, "complete", span);
    node.Eat(TokenKind::kComplete);
    intent.complete = BuildCompletion(b, node, span);
  }
}

}  // namespace

Intent BuildIntent(Builder& b, CstReader node) {
  Intent intent;
  intent.span = node.span();
  node.Eat(TokenKind::kIntent);
  intent.name = TakeName(b, node);
  intent.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  std::optional<Span> of_class, complete;
  while (const auto item = node.Take(Rule::kIntentItem))
    BuildIntentItem(b, *item, intent, of_class, complete);
  return intent;
}

Route BuildRoute(Builder& b, CstReader node) {
  Route route;
  route.span = node.span();
  node.Eat(TokenKind::kRoute);
  route.name = TakeName(b, node);
  node.Eat(TokenKind::kTo);
  route.to = BuildNames(b, node.TakeChild());
  if (node.Eat(TokenKind::kBy)) route.by = TakeName(b, node);
  route.reason = TakeOptionalText(b, node);
  return route;
}

Boundary BuildBoundary(Builder& b, CstReader node) {
  Boundary boundary;
  boundary.span = node.span();
  node.Eat(TokenKind::kBoundary);
  boundary.name = TakeName(b, node);
  boundary.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  while (auto item = node.Take(Rule::kBoundaryItem)) {
    const Span span = item->span();
    if (item->Eat(TokenKind::kPart)) {
      Part part;
      part.span = span;
      part.name = TakeName(b, *item);
      item->Eat(TokenKind::kOf);
      part.roles = BuildNames(b, item->TakeChild());
      boundary.parts.push_back(std::move(part));
      continue;
    }
    Handoff handoff;
    handoff.span = span;
    item->Eat(TokenKind::kHandoff);
    handoff.from = TakeName(b, *item);
    item->Eat(TokenKind::kTo);
    handoff.to = TakeName(b, *item);
    item->Eat(TokenKind::kBy);
    handoff.by = TakeName(b, *item);
    if (item->Eat(TokenKind::kWhen)) handoff.when = BuildExpr(b, item->TakeChild());
    handoff.reason = TakeOptionalText(b, *item);
    boundary.handoffs.push_back(std::move(handoff));
  }
  return boundary;
}

}  // namespace writ::lang
