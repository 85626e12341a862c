// How things are carried out: sandboxes, skills, breakers, and what a capability says of its code
// and its failures.
#include <array>

#include "build.h"

namespace writ::lang {
namespace {

enum class BoxPart : std::uint8_t { kImage, kCpu, kMemory, kProcesses, kTime, kNetwork, kMounts };

void RefuseBoxPart(Builder& b, Span span, std::string_view part, std::string_view hint) {
  b.Report(Diagnostic{DiagnosticKind::kUnexpected, span,
                      "this is nothing that `" + std::string(part) + "` can be"}
               .Hint("write, for example, `" + std::string(hint) + "`"));
}

std::vector<Text> TakeTexts(Builder& b, CstReader& node) {
  std::vector<Text> texts;
  do {
    texts.push_back(TextAt(b, node.TakeToken()));
  } while (node.Eat(TokenKind::kComma));
  return texts;
}

// `2GiB`, the number and its unit.
Literal SizeAt(Builder& b, std::uint32_t token) {
  Literal size;
  size.span = b.SpanAt(token);
  for (const char c : b.Text(token)) {
    if (c >= '0' && c <= '9') size.text += c;
    if ((c >= 'A' && c <= 'Z') || c == 'i') size.unit += c;
  }
  return size;
}

void BuildNetwork(Builder& b, CstReader& node, Span span, Sandbox& sandbox) {
  sandbox.network_span = span;
  if (!node.ChildRule()) return RefuseBoxPart(b, span, "network", "network none");
  sandbox.network = Choose<NetworkUse>(b, TakeName(b, node), "a use of the network",
                                       {{"none", NetworkUse::kNone},
                                        {"outbound", NetworkUse::kOutbound},
                                        {"inbound", NetworkUse::kInbound}});
  if (node.Eat(TokenKind::kTo)) sandbox.hosts = TakeTexts(b, node);
  const bool outbound = sandbox.network == NetworkUse::kOutbound;
  if (sandbox.network && sandbox.network != NetworkUse::kInbound &&
      outbound == sandbox.hosts.empty())
    RefuseBoxPart(b, span, "network", "network outbound to \"packages.example\"");
}

void BuildMounts(Builder& b, CstReader& node, Span span, Sandbox& sandbox) {
  sandbox.mounts_span = span;
  if (node.At(TokenKind::kString)) {
    sandbox.mounts = TakeTexts(b, node);
  } else if (node.ChildRule()) {
    const Name word = TakeName(b, node);
    if (word.text != "none") ReportUnknownWord(b, word, "what can be mounted", {"none"});
    sandbox.no_mounts = true;
  } else {
    RefuseBoxPart(b, span, "mounts", "mounts none");
  }
}

void BuildSandboxItem(Builder& b, CstReader node, Sandbox& sandbox,
                      std::array<std::optional<Span>, 7>& said) {
  const Span span = node.span();
  const Name word = TakeName(b, node);
  const auto part = Choose<BoxPart>(b, word, "a part of a sandbox",
                                    {{"image", BoxPart::kImage},
                                     {"cpu", BoxPart::kCpu},
                                     {"memory", BoxPart::kMemory},
                                     {"processes", BoxPart::kProcesses},
                                     {"time", BoxPart::kTime},
                                     {"network", BoxPart::kNetwork},
                                     {"mounts", BoxPart::kMounts}});
  if (!part) return;
  Once(b, said[static_cast<std::size_t>(*part)], word.text, span);
  const auto amount = [&](std::optional<Literal>& into, LiteralKind kind, std::string_view hint) {
    if (!node.At(Rule::kQuantity)) return RefuseBoxPart(b, span, word.text, hint);
    into = BuildValue(b, node.TakeChild());
    if (into->kind != kind) RefuseBoxPart(b, span, word.text, hint);
  };
  switch (*part) {
    case BoxPart::kImage:
      if (!node.At(TokenKind::kDigest) && !node.At(TokenKind::kString))
        return RefuseBoxPart(b, span, word.text, "image sha256:…");
      sandbox.image = TextAt(b, node.TakeToken());
      return;
    case BoxPart::kMemory:
      if (!node.At(TokenKind::kSize)) return RefuseBoxPart(b, span, word.text, "memory 2GiB");
      sandbox.memory = SizeAt(b, node.TakeToken());
      return;
    case BoxPart::kCpu:
      return amount(sandbox.cpu, LiteralKind::kNumber, "cpu 2");
    case BoxPart::kProcesses:
      return amount(sandbox.processes, LiteralKind::kNumber, "processes 64");
    case BoxPart::kTime:
      return amount(sandbox.time, LiteralKind::kDuration, "time 10 minutes");
    case BoxPart::kNetwork:
      return BuildNetwork(b, node, span, sandbox);
    case BoxPart::kMounts:
      return BuildMounts(b, node, span, sandbox);
  }
}

void BuildBreakerItem(Builder& b, CstReader node, Breaker& breaker,
                      std::array<std::optional<Span>, 3>& said) {
  const Span span = node.span();
  if (node.Eat(TokenKind::kFor)) {
    Once(b, said[0], "for", span);
    breaker.capabilities = BuildNames(b, node.TakeChild());
  } else if (node.Eat(TokenKind::kTrips)) {
    Once(b, said[1], "trips after", span);
    node.Eat(TokenKind::kAfter);
    breaker.failures = TakeCount(b, node);
    const Name word = TakeName(b, node);
    if (word.text != "failures" && word.text != "failure")
      ReportUnknownWord(b, word, "what a breaker counts", {"failures"});
    node.Eat(TokenKind::kWithin);
    breaker.within = TakeWindow(b, node);
  } else {
    Once(b, said[2], "while open", span);
    node.Eat(TokenKind::kWhile);
    const Name word = TakeName(b, node);
    if (word.text != "open")
      ReportUnknownWord(b, word, "a state that a breaker speaks of", {"open"});
    breaker.open = VerdictOf(node.Kind());
    node.TakeToken();
    if (node.Eat(TokenKind::kTo)) breaker.anchor = TakeName(b, node);
  }
}

}  // namespace

Sandbox BuildSandbox(Builder& b, CstReader node) {
  Sandbox sandbox;
  sandbox.span = node.span();
  node.Eat(TokenKind::kSandbox);
  sandbox.name = TakeName(b, node);
  sandbox.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  std::array<std::optional<Span>, 7> said;
  while (const auto item = node.Take(Rule::kSandboxItem)) BuildSandboxItem(b, *item, sandbox, said);
  return sandbox;
}

Skill BuildSkill(Builder& b, CstReader node) {
  Skill skill;
  skill.span = node.span();
  node.Eat(TokenKind::kSkill);
  skill.name = TakeName(b, node);
  skill.version = TextAt(b, node.TakeToken());
  if (node.Eat(TokenKind::kFor)) skill.roles = BuildNames(b, node.TakeChild());
  skill.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  std::array<std::optional<Span>, 3> said;
  while (auto item = node.Take(Rule::kSkillItem)) {
    const Span span = item->span();
    if (item->Eat(TokenKind::kUses)) {
      Once(b, said[0], "uses", span);
      skill.uses = BuildNames(b, item->TakeChild());
    } else if (item->Eat(TokenKind::kPins)) {
      Once(b, said[1], "pins", span);
      skill.pins = TakeTexts(b, *item);
    } else {
      Once(b, said[2], "tested by", span);
      item->Eat(TokenKind::kTested);
      item->Eat(TokenKind::kBy);
      skill.tested_by = TakeTexts(b, *item);
    }
  }
  return skill;
}

Breaker BuildBreaker(Builder& b, CstReader node) {
  Breaker breaker;
  breaker.span = node.span();
  node.Eat(TokenKind::kBreaker);
  breaker.name = TakeName(b, node);
  breaker.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  std::array<std::optional<Span>, 3> said;
  while (const auto item = node.Take(Rule::kBreakerItem)) BuildBreakerItem(b, *item, breaker, said);
  return breaker;
}

// After `runs`.
RunsCode TakeRunsCode(Builder& b, CstReader& node, Span span) {
  RunsCode runs;
  runs.span = span;
  const Name word = TakeName(b, node);
  if (word.text != "code") ReportUnknownWord(b, word, "what a capability runs", {"code"});
  if (node.Eat(TokenKind::kIn)) runs.sandbox = TakeName(b, node);
  return runs;
}

// After `retry`.
Retry TakeRetry(Builder& b, CstReader& node, Span span) {
  Retry retry;
  retry.span = span;
  retry.times = TakeCount(b, node);
  node.Eat(TokenKind::kTimes);
  node.Eat(TokenKind::kWithin);
  retry.within = BuildValue(b, node.TakeChild());
  return retry;
}

}  // namespace writ::lang
