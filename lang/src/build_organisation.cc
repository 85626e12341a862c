// Who is who, and what can be done: roles, anchors, capabilities.
#include <array>

#include "build.h"

namespace writ::lang {
namespace {

// Where each item of a block was said first.
template <std::size_t kCount>
class SaidOnce {
 public:
  void Check(Builder& b, std::size_t item, std::string_view what, Span span) {
    if (first_[item]) {
      ReportTwice(b, what, *first_[item], span);
    } else {
      first_[item] = span;
    }
  }

 private:
  std::array<std::optional<Span>, kCount> first_;
};

OnSilence BuildOnSilence(Builder& b, CstReader& node, Span span) {
  OnSilence silence;
  silence.span = span;
  node.Eat(TokenKind::kSilence);
  if (node.Eat(TokenKind::kNext)) {
    silence.next_deputy = true;
    node.Eat(TokenKind::kDeputy);
    node.Eat(TokenKind::kComma);
    node.Eat(TokenKind::kThen);
  }
  if (node.Eat(TokenKind::kDeny)) {
    silence.end = SilenceEnd::kDeny;
  } else if (node.Eat(TokenKind::kAllow)) {
    silence.end = SilenceEnd::kAllow;
  } else if (node.Eat(TokenKind::kEscalate)) {
    silence.end = SilenceEnd::kEscalate;
    if (node.Eat(TokenKind::kTo)) silence.anchor = TakeName(b, node);
  }
  return silence;
}

void BuildAnchorItem(Builder& b, CstReader node, Anchor& anchor, SaidOnce<7>& once) {
  const Span span = node.span();
  const TokenKind kind = node.Kind();
  node.TakeToken();
  switch (kind) {
    case TokenKind::kHeld:
      once.Check(b, 0, "held by", span);
      node.Eat(TokenKind::kBy);
      anchor.held_by = BuildNames(b, node.TakeChild());
      break;
    case TokenKind::kDeputies:
      once.Check(b, 1, "deputies", span);
      anchor.deputies = BuildNames(b, node.TakeChild());
      break;
    case TokenKind::kAbsorbs:
      once.Check(b, 2, "absorbs", span);
      anchor.absorbs = BuildNames(b, node.TakeChild());
      break;
    case TokenKind::kAbove:
      once.Check(b, 3, "above", span);
      anchor.above = BuildNames(b, node.TakeChild());
      break;
    case TokenKind::kReached: {
      once.Check(b, 4, "reached by", span);
      node.Eat(TokenKind::kBy);
      Text channel = TextAt(b, node.TakeToken());
      node.Eat(TokenKind::kWithin);
      anchor.reached_by = ReachedBy{std::move(channel), BuildValue(b, node.TakeChild()), span};
      break;
    }
    case TokenKind::kOn:
      once.Check(b, 5, "on silence", span);
      anchor.on_silence = BuildOnSilence(b, node, span);
      break;
    default:
      once.Check(b, 6, "asks", span);
      anchor.asks_first = TakeName(b, node);
      break;
  }
}

void BuildInputs(Builder& b, CstReader& node, Capability& capability) {
  do {
    Input input = BuildInput(b, node.TakeChild());
    for (const Input& other : capability.inputs) {
      if (other.name.text == input.name.text) {
        ReportTwice(b, "input " + input.name.text, other.name.span, input.name.span);
        break;
      }
    }
    capability.inputs.push_back(std::move(input));
  } while (node.Eat(TokenKind::kComma));
}

void BuildCapabilityItem(Builder& b, CstReader node, Capability& capability, SaidOnce<6>& once) {
  const Span span = node.span();
  const TokenKind kind = node.Kind();
  node.TakeToken();
  switch (kind) {
    case TokenKind::kKind:
      once.Check(b, 0, "kind", span);
      capability.kind = Choose<CapabilityKind>(b, TakeName(b, node), "a kind of capability",
                                               {{"observe", CapabilityKind::kObserve},
                                                {"recall", CapabilityKind::kRecall},
                                                {"think_support", CapabilityKind::kThinkSupport},
                                                {"act", CapabilityKind::kAct},
                                                {"verify", CapabilityKind::kVerify}});
      break;
    case TokenKind::kRisk:
      once.Check(b, 1, "risk", span);
      capability.risk = Choose<Risk>(b, TakeName(b, node), "a class of risk",
                                     {{"read_only", Risk::kReadOnly},
                                      {"local_write", Risk::kLocalWrite},
                                      {"network", Risk::kNetwork},
                                      {"delegated", Risk::kDelegated},
                                      {"destructive", Risk::kDestructive}});
      break;
    case TokenKind::kSystem:
      once.Check(b, 2, "system", span);
      capability.system = TakeName(b, node);
      break;
    case TokenKind::kInput:
      BuildInputs(b, node, capability);
      break;
    case TokenKind::kIrreversible:
      once.Check(b, 3, "irreversible", span);
      capability.irreversible = true;
      break;
    case TokenKind::kIdempotent:
      once.Check(b, 4, "idempotent by", span);
      node.Eat(TokenKind::kBy);
      capability.idempotent_by = BuildNames(b, node.TakeChild());
      break;
    default:
      once.Check(b, 5, "verify with", span);
      node.Eat(TokenKind::kWith);
      capability.verify_with = TakeName(b, node);
      break;
  }
}

// After `=`. Nothing if the fold is none.
std::optional<Derivation> BuildDerivation(Builder& b, CstReader& node) {
  const Name word = TakeName(b, node);
  const auto fold = Choose<ArgumentFold>(b, word, "what can be worked out from arguments",
                                         {{"count", ArgumentFold::kCount},
                                          {"sum", ArgumentFold::kSum},
                                          {"min", ArgumentFold::kMin},
                                          {"max", ArgumentFold::kMax},
                                          {"first", ArgumentFold::kFirst},
                                          {"distinct", ArgumentFold::kDistinct},
                                          {"digest", ArgumentFold::kDigest}});
  Text path = TextAt(b, node.TakeToken());
  if (!fold) return std::nullopt;
  const Span span = {word.span.file, word.span.begin, path.span.end};
  return Derivation{*fold, std::move(path), span};
}

}  // namespace

Input BuildInput(Builder& b, CstReader node) {
  Input input;
  input.span = node.span();
  input.name = TakeName(b, node);
  node.Eat(TokenKind::kColon);
  input.type = BuildType(b, node.TakeChild());
  input.optional = node.Eat(TokenKind::kOptional);
  if (node.Eat(TokenKind::kEqual)) {
    input.derivation = BuildDerivation(b, node);
  }
  return input;
}

void ReadAnchorItem(Builder& b, CstReader node) {
  Anchor scratch;
  SaidOnce<7> once;
  BuildAnchorItem(b, node, scratch, once);
}

void ReadCapabilityItem(Builder& b, CstReader node) {
  Capability scratch;
  SaidOnce<6> once;
  BuildCapabilityItem(b, node, scratch, once);
}

Role BuildRole(Builder& b, CstReader node) {
  Role role;
  role.span = node.span();
  node.Eat(TokenKind::kRole);
  role.name = TakeName(b, node);
  role.kind = Choose<RoleKind>(b, TakeName(b, node), "a kind of role",
                               {{"human", RoleKind::kHuman},
                                {"agent", RoleKind::kAgent},
                                {"coordinator", RoleKind::kCoordinator},
                                {"party", RoleKind::kParty}})
                  .value_or(RoleKind::kHuman);
  SaidOnce<2> once;
  while (!node.AtEnd()) {
    const Span span = b.SpanAt(node.TakeToken());
    if (node.At(TokenKind::kString)) {
      once.Check(b, 0, "identity", span);
      role.identity = TextAt(b, node.TakeToken());
    } else {
      once.Check(b, 1, "reports to", span);
      node.Eat(TokenKind::kTo);
      role.reports_to = TakeName(b, node);
    }
  }
  return role;
}

Anchor BuildAnchor(Builder& b, CstReader node) {
  Anchor anchor;
  anchor.span = node.span();
  node.Eat(TokenKind::kAnchor);
  anchor.name = TakeName(b, node);
  anchor.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  SaidOnce<7> once;
  while (const auto item = node.Take(Rule::kAnchorItem)) BuildAnchorItem(b, *item, anchor, once);
  return anchor;
}

Capability BuildCapability(Builder& b, CstReader node) {
  Capability capability;
  capability.span = node.span();
  node.Eat(TokenKind::kCapability);
  capability.name = TakeName(b, node);
  capability.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  SaidOnce<6> once;
  while (const auto item = node.Take(Rule::kCapabilityItem))
    BuildCapabilityItem(b, *item, capability, once);
  return capability;
}

}  // namespace writ::lang
