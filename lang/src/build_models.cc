// Classes of models, and which of them act alone.
#include "build.h"

namespace writ::lang {
namespace {

// After `class`.
ModelClass TakeClass(Builder& b, CstReader& node, Span span) {
  ModelClass one;
  one.span = span;
  one.name = TakeName(b, node);
  if (!node.At(TokenKind::kString)) return one;
  do {
    one.models.push_back(TextAt(b, node.TakeToken()));
  } while (node.Eat(TokenKind::kComma));
  return one;
}

// After `acts`.
ActsAlone TakeActsAlone(Builder& b, CstReader& node, Span span) {
  ActsAlone alone;
  alone.span = span;
  node.Eat(TokenKind::kAlone);
  node.Eat(TokenKind::kFrom);
  alone.from = TakeName(b, node);
  if (node.Eat(TokenKind::kFor)) alone.capabilities = BuildNames(b, node.TakeChild());
  if (node.Eat(TokenKind::kElse)) {
    alone.below = node.At(TokenKind::kDeny) ? Verdict::kDeny : Verdict::kEscalate;
    node.TakeToken();
    if (node.Eat(TokenKind::kTo)) alone.anchor = TakeName(b, node);
  }
  alone.reason = TakeOptionalText(b, node);
  return alone;
}

}  // namespace

Models BuildModels(Builder& b, CstReader node) {
  Models models;
  models.span = node.span();
  node.Eat(TokenKind::kModels);
  models.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  std::optional<Span> ordered;
  while (auto item = node.Take(Rule::kModelsItem)) {
    const Span span = item->span();
    if (item->Eat(TokenKind::kClass)) {
      models.classes.push_back(TakeClass(b, *item, span));
    } else if (item->Eat(TokenKind::kActs)) {
      models.alone.push_back(TakeActsAlone(b, *item, span));
    } else {
      Once(b, ordered, "ordered", span);
      item->Eat(TokenKind::kOrdered);
      models.ordered = true;
      models.ordered_span = span;
      models.ordered_reason = TakeOptionalText(b, *item);
    }
  }
  return models;
}

}  // namespace writ::lang
