// What is remembered, what becomes the record, and what may be used up.
#include <array>

#include "build.h"

namespace writ::lang {
namespace {

Decay BuildDecay(Builder& b, CstReader node) {
  Decay decay;
  decay.span = node.span();
  node.Eat(TokenKind::kDecay);
  node.Eat(TokenKind::kWhen);
  if (node.Eat(TokenKind::kUnused)) {
    decay.when = DecayWhen::kUnused;
    decay.amount = TakeWindow(b, node);
  } else if (node.Eat(TokenKind::kContradicted)) {
    decay.when = DecayWhen::kContradicted;
    decay.amount = TakeCount(b, node);
    node.Eat(TokenKind::kTimes);
  } else {
    decay.when = DecayWhen::kSourceChanged;
    node.Eat(TokenKind::kSource);
    node.Eat(TokenKind::kChanged);
  }
  if (node.Eat(TokenKind::kFlag)) {
    node.Eat(TokenKind::kTo);
    decay.anchor = TakeName(b, node);
  } else {
    decay.then = node.At(TokenKind::kDemote) ? DecayThen::kDemote : DecayThen::kExpire;
    node.TakeToken();
  }
  decay.reason = TakeOptionalText(b, node);
  return decay;
}

// What a memory says once.
struct MemorySpans {
  std::optional<Span> data_class, tier, consent, written, recalled;
};

void BuildMemoryItem(Builder& b, CstReader node, Memory& memory, MemorySpans& once) {
  const Span span = node.span();
  if (const auto decay = node.Take(Rule::kDecay)) {
    memory.decay.push_back(BuildDecay(b, *decay));
    return;
  }
  const TokenKind head = node.Kind();
  node.TakeToken();
  switch (head) {
    case TokenKind::kClass:
      Once(b, once.data_class, "class", span);
      memory.data_class = TakeClass(b, node);
      return;
    case TokenKind::kTier:
      Once(b, once.tier, "tier", span);
      memory.tier = Choose<Tier>(b, TakeName(b, node), "a tier of memory",
                                 {{"working", Tier::kWorking},
                                  {"episodic", Tier::kEpisodic},
                                  {"semantic", Tier::kSemantic},
                                  {"procedural", Tier::kProcedural}});
      return;
    case TokenKind::kConsent:
      Once(b, once.consent, "consent", span);
      memory.consent = TakeName(b, node);
      return;
    case TokenKind::kWritten:
      Once(b, once.written, "written by", span);
      node.Eat(TokenKind::kBy);
      memory.written_by = BuildNames(b, node.TakeChild());
      return;
    default:
      Once(b, once.recalled, "recalled by", span);
      node.Eat(TokenKind::kBy);
      memory.recalled_by = BuildNames(b, node.TakeChild());
  }
}

void BuildPassage(Builder& b, CstReader node, Transition& transition) {
  if (node.Eat(TokenKind::kWith)) {
    const Literal sources = TakeCount(b, node);
    const Name word = TakeName(b, node);
    if (word.text != "sources" && word.text != "source")
      ReportUnknownWord(b, word, "what a step can ask for", {"sources"});
    if (transition.sources) ReportTwice(b, "with", transition.sources->span, sources.span);
    transition.sources = sources;
    return;
  }
  node.Eat(TokenKind::kNot);
  const Name word = TakeName(b, node);
  if (word.text != "author") ReportUnknownWord(b, word, "who may not take a step", {"author"});
  transition.not_author = true;
}

}  // namespace

std::optional<DataClass> TakeClass(Builder& b, CstReader& node) {
  return Choose<DataClass>(b, TakeName(b, node), "a class of data",
                           {{"public", DataClass::kPublic},
                            {"internal", DataClass::kInternal},
                            {"confidential", DataClass::kConfidential},
                            {"pii", DataClass::kPii},
                            {"health", DataClass::kHealth}});
}

Literal TakeCount(Builder& b, CstReader& node) {
  Literal count;
  if (!node.At(TokenKind::kInt)) {
    Name name = TakeName(b, node);
    count.kind = LiteralKind::kWord;
    count.text = std::move(name.text);
    count.span = name.span;
    return count;
  }
  const std::uint32_t token = node.TakeToken();
  for (const char c : b.Text(token)) {
    if (c != '_') count.text += c;
  }
  count.span = b.SpanAt(token);
  return count;
}

Transition BuildTransition(Builder& b, CstReader node) {
  Transition transition;
  transition.span = node.span();
  transition.from = TakeName(b, node);
  node.Eat(TokenKind::kArrow);
  transition.to = TakeName(b, node);
  node.Eat(TokenKind::kBy);
  transition.by = TakeName(b, node);
  if (node.Eat(TokenKind::kWhen)) transition.when = BuildExpr(b, node.TakeChild());
  while (node.Eat(TokenKind::kComma)) BuildPassage(b, node.TakeChild(), transition);
  transition.reason = TakeOptionalText(b, node);
  return transition;
}

Consent BuildConsent(Builder& b, CstReader node) {
  Consent consent;
  consent.span = node.span();
  node.Eat(TokenKind::kConsent);
  consent.name = TakeName(b, node);
  node.Eat(TokenKind::kOver);
  consent.over = TakeClass(b, node).value_or(consent.over);
  consent.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  std::optional<Span> by, lasts;
  while (auto item = node.Take(Rule::kConsentItem)) {
    if (item->Eat(TokenKind::kBy)) {
      Once(b, by, "by", item->span());
      consent.by = BuildNames(b, item->TakeChild());
    } else {
      Once(b, lasts, "lasts", item->span());
      item->Eat(TokenKind::kLasts);
      consent.lasts = BuildValue(b, item->TakeChild());
    }
  }
  return consent;
}

Memory BuildMemory(Builder& b, CstReader node) {
  Memory memory;
  memory.span = node.span();
  node.Eat(TokenKind::kMemory);
  memory.name = TakeName(b, node);
  memory.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  MemorySpans once;
  while (const auto item = node.Take(Rule::kMemoryItem)) BuildMemoryItem(b, *item, memory, once);
  return memory;
}

Promotion BuildPromotion(Builder& b, CstReader node) {
  Promotion promotion;
  promotion.span = node.span();
  node.Eat(TokenKind::kPromotion);
  promotion.name = TakeName(b, node);
  promotion.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kFrom);
  promotion.from = TakeName(b, node);
  node.Eat(TokenKind::kTo);
  promotion.to = TakeName(b, node);
  node.Eat(TokenKind::kIn);
  promotion.system = TakeName(b, node);
  node.Eat(TokenKind::kLBrace);
  while (const auto step = node.Take(Rule::kTransition))
    promotion.transitions.push_back(BuildTransition(b, *step));
  return promotion;
}

Budget BuildBudget(Builder& b, CstReader node) {
  Budget budget;
  budget.span = node.span();
  node.Eat(TokenKind::kBudget);
  budget.name = TakeName(b, node);
  if (node.Eat(TokenKind::kWithin)) budget.within = TakeName(b, node);
  budget.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  std::optional<Span> scope, end;
  std::array<std::optional<Span>, 4> said;
  while (auto item = node.Take(Rule::kBudgetItem)) {
    const Span span = item->span();
    if (item->Eat(TokenKind::kFor)) {
      Once(b, scope, "for", span);
      budget.capabilities = BuildNames(b, item->TakeChild());
    } else if (item->Eat(TokenKind::kOn)) {
      Once(b, end, "on exhausted", span);
      item->Eat(TokenKind::kExhausted);
      budget.exhausted = VerdictOf(item->Kind());
      item->TakeToken();
      if (item->Eat(TokenKind::kTo)) budget.anchor = TakeName(b, *item);
    } else {
      const Name word = TakeName(b, *item);
      const auto measure = Choose<Measure>(b, word, "a measure of a budget",
                                           {{"calls", Measure::kCalls},
                                            {"tokens", Measure::kTokens},
                                            {"cost", Measure::kCost},
                                            {"wall", Measure::kWall}});
      BudgetLine line{measure.value_or(Measure::kCalls), BuildValue(b, item->TakeChild()), span};
      if (!measure) continue;
      Once(b, said[static_cast<std::size_t>(*measure)], word.text, span);
      budget.lines.push_back(std::move(line));
    }
  }
  return budget;
}

}  // namespace writ::lang
