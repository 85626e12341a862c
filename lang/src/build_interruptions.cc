// What comes between the steps of a run: hooks, checkpoints, compaction.
#include "build.h"

namespace writ::lang {
namespace {

HookThen ThenOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEscalate:
      return HookThen::kEscalate;
    case TokenKind::kNotify:
      return HookThen::kNotify;
    case TokenKind::kNote:
      return HookThen::kNote;
    case TokenKind::kAllow:
      return HookThen::kAllow;
    default:
      return HookThen::kDeny;
  }
}

// After `on`.
HookResult TakeResult(Builder& b, CstReader& node, Span span) {
  HookResult result;
  result.span = span;
  result.name = TakeName(b, node);
  result.then = ThenOf(node.Kind());
  node.TakeToken();
  if (result.then == HookThen::kNotify || node.Eat(TokenKind::kTo))
    result.anchor = TakeName(b, node);
  result.reason = TakeOptionalText(b, node);
  return result;
}

}  // namespace

Hook BuildHook(Builder& b, CstReader node) {
  Hook hook;
  hook.span = node.span();
  node.Eat(TokenKind::kHook);
  hook.name = TakeName(b, node);
  node.Eat(TokenKind::kBefore);
  hook.before = BuildNames(b, node.TakeChild());
  hook.title = TakeOptionalText(b, node);
  node.Eat(TokenKind::kLBrace);
  std::optional<Span> runs, passes;
  while (auto item = node.Take(Rule::kHookItem)) {
    const Span span = item->span();
    if (item->Eat(TokenKind::kRuns)) {
      Once(b, runs, "runs", span);
      hook.runs = TextAt(b, item->TakeToken());
    } else if (item->Eat(TokenKind::kPasses)) {
      Once(b, passes, "passes", span);
      hook.passes = TakeName(b, *item);
    } else {
      item->Eat(TokenKind::kOn);
      hook.results.push_back(TakeResult(b, *item, span));
    }
  }
  return hook;
}

Checkpoint BuildCheckpoint(Builder& b, CstReader node) {
  Checkpoint checkpoint;
  checkpoint.span = node.span();
  node.Eat(TokenKind::kCheckpoint);
  checkpoint.name = TakeName(b, node);
  node.Eat(TokenKind::kAfter);
  checkpoint.after = BuildNames(b, node.TakeChild());
  if (node.Eat(TokenKind::kFor)) checkpoint.capabilities = BuildNames(b, node.TakeChild());
  checkpoint.reason = TakeOptionalText(b, node);
  return checkpoint;
}

Compaction BuildCompaction(Builder& b, CstReader node) {
  Compaction compaction;
  compaction.span = node.span();
  node.Eat(TokenKind::kCompaction);
  node.Eat(TokenKind::kKeeps);
  do {
    compaction.keeps.push_back(node.At(TokenKind::kEvidence) ? NameAt(b, node.TakeToken())
                                                             : TakeName(b, node));
  } while (node.Eat(TokenKind::kComma));
  compaction.reason = TakeOptionalText(b, node);
  return compaction;
}

}  // namespace writ::lang
