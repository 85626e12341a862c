// Who is who, and what can be done: roles, anchors, capabilities.
#include <algorithm>
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

// The values of an axis, the least first.
std::vector<std::string_view> ValuesOf(RiskAxis axis) {
  switch (axis) {
    case RiskAxis::kEffect:
      return {"none", "local", "external"};
    case RiskAxis::kAuthority:
      return {"own", "delegated"};
    case RiskAxis::kReversible:
      return {"yes", "no"};
    case RiskAxis::kInteraction:
      return {"none", "open"};
    case RiskAxis::kData:
      return {"one", "many", "all"};
  }
  return {};
}

// `destructive`, or `effect: external`.
void BuildRiskPart(Builder& b, CstReader node, Capability& capability,
                   std::optional<Span>& stated) {
  const Span span = node.span();
  const Name word = TakeName(b, node);
  if (!node.Eat(TokenKind::kColon)) {
    const auto risk = Choose<Risk>(b, word, "a class of risk",
                                   {{"read_only", Risk::kReadOnly},
                                    {"local_write", Risk::kLocalWrite},
                                    {"network", Risk::kNetwork},
                                    {"delegated", Risk::kDelegated},
                                    {"destructive", Risk::kDestructive}});
    if (stated) return ReportTwice(b, "class of risk", *stated, span);
    stated = span;
    if (risk) capability.risk = risk;
    return;
  }
  const Name value = node.ChildRule() ? TakeName(b, node) : NameAt(b, node.TakeToken());
  const auto axis = Choose<RiskAxis>(b, word, "an axis of risk",
                                     {{"effect", RiskAxis::kEffect},
                                      {"authority", RiskAxis::kAuthority},
                                      {"reversible", RiskAxis::kReversible},
                                      {"interaction", RiskAxis::kInteraction},
                                      {"data", RiskAxis::kData}});
  if (!axis) return;
  for (const RiskPart& other : capability.axes) {
    if (other.axis == *axis) return ReportTwice(b, word.text, other.span, span);
  }
  const std::vector<std::string_view> values = ValuesOf(*axis);
  if (std::ranges::find(values, value.text) == values.end())
    return ReportUnknownWord(b, value, "a value of this axis", values);
  capability.axes.push_back({*axis, value.text, span});
}

void BuildRisk(Builder& b, CstReader& node, Capability& capability) {
  std::optional<Span> stated;
  do {
    BuildRiskPart(b, node.TakeChild(), capability, stated);
  } while (node.Eat(TokenKind::kComma));
}

void BuildCapabilityItem(Builder& b, CstReader node, Capability& capability, SaidOnce<13>& once) {
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
      BuildRisk(b, node, capability);
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
    case TokenKind::kUndone:
      once.Check(b, 6, "undone by", span);
      node.Eat(TokenKind::kBy);
      capability.undone_by = TakeName(b, node);
      break;
    case TokenKind::kHands:
      once.Check(b, 7, "hands over to", span);
      node.Eat(TokenKind::kOver);
      node.Eat(TokenKind::kTo);
      capability.hands_over_to = TakeName(b, node);
      break;
    case TokenKind::kRuns:
      once.Check(b, 8, "runs code", span);
      capability.runs_code = TakeRunsCode(b, node, span);
      break;
    case TokenKind::kRetry:
      once.Check(b, 9, "retry", span);
      capability.retry = TakeRetry(b, node, span);
      break;
    case TokenKind::kDead:
      once.Check(b, 10, "dead letters to", span);
      node.Eat(TokenKind::kLetters);
      node.Eat(TokenKind::kTo);
      capability.dead_letters_to = TakeName(b, node);
      break;
    case TokenKind::kSends:
      once.Check(b, 11, "sends on", span);
      node.Eat(TokenKind::kOn);
      capability.sends_on = BuildNames(b, node.TakeChild());
      capability.sends_span = span;
      break;
    case TokenKind::kRetained:
      once.Check(b, 12, "retained", span);
      capability.retained = span;
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
  TakeFormer(b, node, input.name, input.was);
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
  SaidOnce<13> once;
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
    TakeFormer(b, node, role.name, role.was);
    if (node.AtEnd()) break;
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
  TakeFormer(b, node, anchor.name, anchor.was);
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
  TakeFormer(b, node, capability.name, capability.was);
  capability.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  SaidOnce<13> once;
  while (const auto item = node.Take(Rule::kCapabilityItem))
    BuildCapabilityItem(b, *item, capability, once);
  return capability;
}

}  // namespace writ::lang
