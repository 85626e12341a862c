// Trees of the words for what comes between the steps of a run: hooks, checkpoints, compaction.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "writ/lang/ast_values.h"

namespace writ::lang {

enum class HookThen : std::uint8_t { kDeny, kEscalate, kNotify, kNote, kAllow /* refused later */ };
// `on RESULT escalate to ANCHOR`.
struct HookResult {
  Name name;
  HookThen then = HookThen::kDeny;
  std::optional<Name> anchor;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const HookResult&, const HookResult&) = default;
};
// `hook NAME before CAP { runs "…"  passes RESULT  on RESULT deny }`: somebody else looks first.
struct Hook {
  Name name;
  std::vector<Name> before;
  std::optional<Text> title;
  std::optional<Text> runs;
  std::optional<Name> passes;
  std::vector<HookResult> results;
  Span span;
  friend bool operator==(const Hook&, const Hook&) = default;
};

// `checkpoint NAME after CAP for CAP`: what is saved before work goes on.
struct Checkpoint {
  Name name;
  std::vector<Name> after;
  std::vector<Name> capabilities;  // none: all that act
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// `compaction keeps rules, approvals`: what a run that is made shorter still has.
struct Compaction {
  std::vector<Name> keeps;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Compaction&, const Compaction&) = default;
};

}  // namespace writ::lang
