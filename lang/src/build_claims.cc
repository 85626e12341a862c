// What is claimed about a policy: regions, invariants, samples, examples.
#include "build.h"

namespace writ::lang {
namespace {

Pair BuildPair(Builder& b, CstReader node) {
  Pair pair;
  pair.span = node.span();
  pair.name = TakeName(b, node);
  if (node.Eat(TokenKind::kLParen)) {
    pair.call = std::exchange(pair.name, TakeName(b, node));
    node.Eat(TokenKind::kRParen);
  }
  if (node.Eat(TokenKind::kSince)) pair.since = TakeName(b, node);
  if (node.Eat(TokenKind::kWithin)) pair.within = TakeWindow(b, node);
  node.Eat(TokenKind::kColon);
  if (node.At(TokenKind::kMissing)) {
    const std::uint32_t token = node.TakeToken();
    pair.value.kind = LiteralKind::kMissing;
    pair.value.text = "missing";
    pair.value.span = b.SpanAt(token);
  } else if (node.At(Rule::kSetValue)) {
    pair.value = BuildSetValue(b, node.TakeChild());
  } else {
    pair.value = BuildValue(b, node.TakeChild());
  }
  return pair;
}

std::vector<Pair> TakePairs(Builder& b, CstReader& parent) {
  std::vector<Pair> pairs;
  const auto child = parent.Take(Rule::kPairs);
  if (!child) return pairs;
  CstReader node = *child;
  do {
    pairs.push_back(BuildPair(b, node.TakeChild()));
  } while (node.Eat(TokenKind::kComma));
  return pairs;
}

void BuildRequest(Builder& b, CstReader node, Example& example) {
  Name first = TakeName(b, node);
  if (!node.At(Rule::kWord)) {
    example.sample = std::move(first);
    if (node.Eat(TokenKind::kWith)) example.pairs = TakePairs(b, node);
    return;
  }
  example.role = std::move(first);
  example.capability = TakeName(b, node);
  node.Eat(TokenKind::kLBrace);
  example.pairs = TakePairs(b, node);
}

Outcome BuildOutcome(Builder& b, CstReader node) {
  Outcome outcome;
  outcome.span = node.span();
  outcome.verdict = VerdictOf(node.Kind());
  node.TakeToken();
  if (node.Eat(TokenKind::kTo)) outcome.anchor = TakeName(b, node);
  if (node.Eat(TokenKind::kUnder)) outcome.under = TakeName(b, node);
  if (node.Eat(TokenKind::kBecause)) {
    if (node.At(TokenKind::kString)) {
      outcome.because = TextAt(b, node.TakeToken());
    } else {
      outcome.because_name = TakeName(b, node);
    }
  }
  return outcome;
}

}  // namespace

Region BuildRegion(Builder& b, CstReader node) {
  Region region;
  region.span = node.span();
  node.Eat(TokenKind::kRegion);
  region.name = TakeName(b, node);
  node.Eat(TokenKind::kWhen);
  region.condition = BuildExpr(b, node.TakeChild());
  return region;
}

namespace {

void BuildClaim(Builder& b, CstReader node, Invariant& invariant) {
  const TokenKind head = node.Kind();
  switch (head) {
    case TokenKind::kAlways:
      invariant.kind = InvariantKind::kAlways;
      break;
    case TokenKind::kDisjoint:
      invariant.kind = InvariantKind::kDisjoint;
      break;
    case TokenKind::kMonotone:
      invariant.kind = InvariantKind::kMonotone;
      break;
    default:
      invariant.kind = head == TokenKind::kNever ? InvariantKind::kNever : InvariantKind::kImplies;
      break;
  }
  if (invariant.kind != InvariantKind::kImplies) node.TakeToken();
  if (invariant.kind == InvariantKind::kMonotone) {
    invariant.fact = BuildName(b, node.TakeChild());
    invariant.falling = node.Eat(TokenKind::kFalling);
    if (node.Eat(TokenKind::kFor)) invariant.capabilities = BuildNames(b, node.TakeChild());
    return;
  }
  invariant.decision = VerdictOf(node.TakeChild().Kind());
  if (node.At(Rule::kAsked) || node.At(Rule::kNames))
    invariant.capabilities = BuildNames(b, node.TakeChild());
  if (!node.Eat(TokenKind::kImplies)) return;
  invariant.implied = VerdictOf(node.TakeChild().Kind());
  invariant.implied_capabilities = BuildNames(b, node.TakeChild());
}

}  // namespace

Invariant BuildInvariant(Builder& b, CstReader node) {
  Invariant invariant;
  invariant.span = node.span();
  node.Eat(TokenKind::kInvariant);
  invariant.name = TakeName(b, node);
  node.Eat(TokenKind::kColon);
  BuildClaim(b, node.TakeChild(), invariant);
  if (node.Eat(TokenKind::kWhen)) invariant.condition = BuildExpr(b, node.TakeChild());
  invariant.reason = TakeOptionalText(b, node);
  return invariant;
}

Sample BuildSample(Builder& b, CstReader node) {
  Sample sample;
  sample.span = node.span();
  node.Eat(TokenKind::kSample);
  sample.name = TakeName(b, node);
  node.Eat(TokenKind::kEqual);
  sample.role = TakeName(b, node);
  sample.capability = TakeName(b, node);
  node.Eat(TokenKind::kLBrace);
  sample.pairs = TakePairs(b, node);
  return sample;
}

Example BuildExample(Builder& b, CstReader node) {
  Example example;
  example.span = node.span();
  node.Eat(TokenKind::kExample);
  example.title = TextAt(b, node.TakeToken());
  node.Eat(TokenKind::kLBrace);
  BuildRequest(b, node.TakeChild(), example);
  node.Eat(TokenKind::kArrow);
  example.outcome = BuildOutcome(b, node.TakeChild());
  return example;
}

}  // namespace writ::lang
