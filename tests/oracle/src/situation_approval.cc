// M33: who has signed, and who is asked next.
#include "situation.h"

namespace writ::oracle {

Truth Situation::Needed(const Stage& stage, bool substitute) const {
  static const Lets kNone;
  const Truth when = stage.when ? Evaluate(*stage.when, substitute) : Truth(true);
  if (stage.same_person.empty()) return when;
  const Maybe same = NameWorth(stage.same_person, kNone, substitute);
  return Both(when, same ? Truth(!same->truth) : std::nullopt);
}

Truth Situation::Settled(const Stage& stage, bool substitute) const {
  const Maybe is_signed = ValueOf(stage.is_signed);
  return Either(Not(Needed(stage, substitute)), is_signed ? Truth(is_signed->truth) : std::nullopt);
}

Truth Situation::Granted(const std::string& approvals, bool substitute) const {
  Truth granted = true;
  for (const Stage& stage : policy_.approvals.at(approvals))
    granted = Both(granted, Settled(stage, substitute));
  return granted;
}

Truth Situation::Asked(const std::string& approvals, std::size_t stage, bool substitute) const {
  const Approvals& stages = policy_.approvals.at(approvals);
  Truth asked = Not(Settled(stages[stage], substitute));
  for (std::size_t i = 0; i < stage; ++i) asked = Both(asked, Settled(stages[i], substitute));
  return asked;
}

}  // namespace writ::oracle
