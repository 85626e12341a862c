// How a statement begins when it is read: "undone by forget", "runs code in workshop".
#pragma once

#include <string_view>

#include "writ/runtime/vocabulary.h"

namespace writ::analysis {

[[nodiscard]] constexpr std::string_view StatementPhrase(runtime::StatementWord word) {
  switch (word) {
    case runtime::StatementWord::kPurpose:
      return "purpose";
    case runtime::StatementWord::kControls:
      return "controls";
    case runtime::StatementWord::kOwner:
      return "owner";
    case runtime::StatementWord::kUndoneBy:
      return "undone by";
    case runtime::StatementWord::kHandsOverTo:
      return "hands over to";
    case runtime::StatementWord::kRunsIn:
      return "runs code in";
    case runtime::StatementWord::kRetry:
      return "retry";
    case runtime::StatementWord::kDeadLettersTo:
      return "dead letters to";
    case runtime::StatementWord::kStoppedBy:
      return "stopped by";
    case runtime::StatementWord::kSandbox:
      return "sandbox";
    case runtime::StatementWord::kSkill:
      return "skill";
    case runtime::StatementWord::kBreaker:
      return "breaker";
    case runtime::StatementWord::kSendsOn:
      return "sends on";
    case runtime::StatementWord::kRetained:
      return "retained";
    case runtime::StatementWord::kChannel:
      return "channel";
    case runtime::StatementWord::kExposure:
      return "exposure";
    case runtime::StatementWord::kTunable:
      return "tunable";
    case runtime::StatementWord::kHook:
      return "hook";
    case runtime::StatementWord::kCheckpoint:
      return "checkpoint";
    case runtime::StatementWord::kCompaction:
      return "compaction";
    case runtime::StatementWord::kTenant:
      return "tenant";
    case runtime::StatementWord::kNarrows:
      return "narrows";
  }
  return "";
}

// Of a word that says a thing of its own, `NAME: …`, and nothing about the policy's rules.
[[nodiscard]] constexpr bool NamesAThing(runtime::StatementWord word) {
  return (word >= runtime::StatementWord::kSandbox && word <= runtime::StatementWord::kBreaker) ||
         (word >= runtime::StatementWord::kChannel && word <= runtime::StatementWord::kCompaction);
}

}  // namespace writ::analysis
