// When does a decision fit what history recorded?
//
// Under `--horizon run` a lane follows history for as long as its decisions are compatible with
// what was recorded to have taken effect. The first one that is not bounds the run there: what
// comes after would have gone otherwise. `kCompatiblePairs` below is the definition; docs/evals.md
// prints it and a test holds the two together.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "writ/runtime/vocabulary.h"

namespace writ::evals {

// What came of an event, as recorded.
enum class EffectKind : std::uint8_t {
  kUnrecorded = 0,
  kExecuted = 1,
  kApproved = 2,  // executed after approval by `Effect::anchor`
  kRefused = 3,
  kFailed = 4,  // tried, without effect
  kNoted = 5,   // an event that nobody requested
};
struct Effect {
  EffectKind kind = EffectKind::kUnrecorded;
  std::string_view anchor;  // kApproved
};
// The spelling of the corpus: 'executed', 'executed after approval by A', 'refused', 'failed',
// 'noted', ''. Any other text is kUnrecorded; `*known` says so.
Effect ParseEffect(std::string_view text, bool* known);

// Did the event leave a trace that meters count? Executed, approved and noted ones.
bool TookEffect(EffectKind);

// A decision that history recorded: 'allow', 'deny', 'escalate A'.
struct Observed {
  bool recorded = false;
  runtime::Verdict verdict = runtime::Verdict::kDeny;
  std::string_view anchor;
};
Observed ParseObserved(std::string_view text, bool* known);

enum class Fit : std::uint8_t {
  kNo = 0,
  kYes = 1,
  kIfSameOrHigherApproved = 2,  // the anchor that approved is the one asked for, or ranks above it
  kIfSameOrHigherRefused =
      3,         // the recorded decision asked the same anchor or a higher one, who refused
  kUnknown = 4,  // the effect was not recorded: bounds the run, under a reason of its own
};

struct CompatiblePair {
  runtime::Verdict verdict;
  EffectKind effect;
  Fit fit;
  std::string_view why;
};

inline constexpr CompatiblePair kCompatiblePairs[] = {
    {runtime::Verdict::kAllow, EffectKind::kExecuted, Fit::kYes, "both let it happen"},
    {runtime::Verdict::kAllow, EffectKind::kApproved, Fit::kYes,
     "it happened; only the question falls away"},
    {runtime::Verdict::kAllow, EffectKind::kRefused, Fit::kNo, "it would have happened now"},
    {runtime::Verdict::kAllow, EffectKind::kFailed, Fit::kYes,
     "it was let through and failed by itself"},
    {runtime::Verdict::kEscalate, EffectKind::kExecuted, Fit::kNo,
     "nobody was asked then; the answer is not known"},
    {runtime::Verdict::kEscalate, EffectKind::kApproved, Fit::kIfSameOrHigherApproved,
     "the person asked, or a superior, said yes"},
    {runtime::Verdict::kEscalate, EffectKind::kRefused, Fit::kIfSameOrHigherRefused,
     "the person asked, or a superior, said no"},
    {runtime::Verdict::kEscalate, EffectKind::kFailed, Fit::kNo,
     "nobody was asked then; the answer is not known"},
    {runtime::Verdict::kDeny, EffectKind::kExecuted, Fit::kNo, "it would not have happened now"},
    {runtime::Verdict::kDeny, EffectKind::kApproved, Fit::kNo, "it would not have happened now"},
    {runtime::Verdict::kDeny, EffectKind::kRefused, Fit::kYes, "both kept it from happening"},
    {runtime::Verdict::kDeny, EffectKind::kFailed, Fit::kNo,
     "no effect either way, but what is retried after a failure is not retried after a refusal"},
    {runtime::Verdict::kAllow, EffectKind::kNoted, Fit::kYes,
     "nobody requested it, nobody decides it"},
    {runtime::Verdict::kEscalate, EffectKind::kNoted, Fit::kYes,
     "nobody requested it, nobody decides it"},
    {runtime::Verdict::kDeny, EffectKind::kNoted, Fit::kYes,
     "nobody requested it, nobody decides it"},
    {runtime::Verdict::kAllow, EffectKind::kUnrecorded, Fit::kUnknown,
     "what came of it was not recorded"},
    {runtime::Verdict::kEscalate, EffectKind::kUnrecorded, Fit::kUnknown,
     "what came of it was not recorded"},
    {runtime::Verdict::kDeny, EffectKind::kUnrecorded, Fit::kUnknown,
     "what came of it was not recorded"},
};
Fit FitOf(runtime::Verdict, EffectKind);

}  // namespace writ::evals
