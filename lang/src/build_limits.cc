// What may leave by which channel, what an anchor can answer for, and what may be tuned.
#include <array>

#include "build.h"

namespace writ::lang {
namespace {

void BuildExposureItem(Builder& b, CstReader node, Exposure& exposure,
                       std::array<std::optional<Span>, 4>& said) {
  const Span span = node.span();
  switch (const TokenKind head = node.Kind(); node.TakeToken(), head) {
    case TokenKind::kSums:
      Once(b, said[0], "sums", span);
      exposure.sums = TakeName(b, node);
      node.Eat(TokenKind::kOf);
      exposure.capabilities = BuildNames(b, node.TakeChild());
      return;
    case TokenKind::kCounts: {
      Once(b, said[0], "counts", span);
      const Name word = TakeName(b, node);
      exposure.counts_approvals = word.text == "approvals";
      if (!exposure.counts_approvals)
        ReportUnknownWord(b, word, "what an anchor is asked for", {"approvals"});
      return;
    }
    case TokenKind::kWithin:
      Once(b, said[1], "within", span);
      exposure.within = TakeWindow(b, node);
      return;
    case TokenKind::kUp:
      Once(b, said[2], "up to", span);
      node.Eat(TokenKind::kTo);
      exposure.up_to = BuildValue(b, node.TakeChild());
      exposure.up_to_span = span;
      return;
    default:
      break;
  }
  Once(b, said[3], "above", span);
  if (node.Eat(TokenKind::kNotify)) {
    exposure.above = Above::kNotify;
    exposure.anchor = TakeName(b, node);
    return;
  }
  exposure.above = node.At(TokenKind::kDeny) ? Above::kDeny : Above::kEscalate;
  node.TakeToken();
  if (node.Eat(TokenKind::kTo)) exposure.anchor = TakeName(b, node);
}

}  // namespace

Channel BuildChannel(Builder& b, CstReader node) {
  Channel channel;
  channel.span = node.span();
  node.Eat(TokenKind::kChannel);
  channel.name = TakeName(b, node);
  channel.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  std::array<std::optional<Span>, 2> said;
  while (auto item = node.Take(Rule::kChannelItem)) {
    const Span span = item->span();
    if (item->Eat(TokenKind::kCarries)) {
      Once(b, said[0], "carries", span);
      item->Eat(TokenKind::kUp);
      item->Eat(TokenKind::kTo);
      channel.carries = TakeClass(b, *item);
      channel.carries_span = span;
      continue;
    }
    Once(b, said[1], "above", span);
    item->Eat(TokenKind::kAbove);
    channel.above = VerdictOf(item->Kind());
    item->TakeToken();
    if (item->Eat(TokenKind::kTo)) channel.anchor = TakeName(b, *item);
  }
  return channel;
}

Exposure BuildExposure(Builder& b, CstReader node) {
  Exposure exposure;
  exposure.span = node.span();
  node.Eat(TokenKind::kExposure);
  exposure.name = TakeName(b, node);
  node.Eat(TokenKind::kOf);
  exposure.of = BuildNames(b, node.TakeChild());
  exposure.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  std::array<std::optional<Span>, 4> said;
  while (const auto item = node.Take(Rule::kExposureItem))
    BuildExposureItem(b, *item, exposure, said);
  return exposure;
}

Tunable BuildTunable(Builder& b, CstReader node) {
  Tunable tunable;
  tunable.span = node.span();
  node.Eat(TokenKind::kTunable);
  CstReader range = node.TakeChild();
  range.Eat(TokenKind::kIn);
  tunable.low = BuildValue(b, range.TakeChild());
  range.Eat(TokenKind::kRange);
  tunable.high = BuildValue(b, range.TakeChild());
  if (node.Eat(TokenKind::kBy)) tunable.step = BuildValue(b, node.TakeChild());
  return tunable;
}

}  // namespace writ::lang
