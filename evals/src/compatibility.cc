// The table of compatible pairs, and the spellings of what history recorded.
//
// `kCompatiblePairs` in the header is the definition; nothing here decides anything by itself.
#include "writ/evals/compatibility.h"

namespace writ::evals {
namespace {

constexpr std::string_view kApprovalPrefix = "executed after approval by ";
constexpr std::string_view kEscalatePrefix = "escalate ";

}  // namespace

Effect ParseEffect(std::string_view text, bool* known) {
  *known = true;
  if (text.empty()) return {};
  if (text == "executed") return {EffectKind::kExecuted, {}};
  if (text == "refused") return {EffectKind::kRefused, {}};
  if (text == "failed") return {EffectKind::kFailed, {}};
  if (text == "noted") return {EffectKind::kNoted, {}};
  if (text.starts_with(kApprovalPrefix) && text.size() > kApprovalPrefix.size()) {
    return {EffectKind::kApproved, text.substr(kApprovalPrefix.size())};
  }
  *known = false;
  return {};
}

bool TookEffect(EffectKind kind) {
  switch (kind) {
    case EffectKind::kExecuted:
    case EffectKind::kApproved:
    case EffectKind::kNoted:
      return true;
    case EffectKind::kUnrecorded:
    case EffectKind::kRefused:
    case EffectKind::kFailed:
      return false;
  }
  return false;
}

Observed ParseObserved(std::string_view text, bool* known) {
  *known = true;
  if (text == "allow") return {true, runtime::Verdict::kAllow, {}};
  if (text == "deny") return {true, runtime::Verdict::kDeny, {}};
  if (text.starts_with(kEscalatePrefix) && text.size() > kEscalatePrefix.size()) {
    return {true, runtime::Verdict::kEscalate, text.substr(kEscalatePrefix.size())};
  }
  *known = text.empty();
  return {};
}

Fit FitOf(runtime::Verdict verdict, EffectKind effect) {
  for (const CompatiblePair& pair : kCompatiblePairs) {
    if (pair.verdict == verdict && pair.effect == effect) return pair.fit;
  }
  return Fit::kNo;  // not reached: a test holds the table complete
}

}  // namespace writ::evals
