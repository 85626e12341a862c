// M31 and M32: whether what a larger word asks for is lacking, from what was counted before.
#include "situation.h"

namespace writ::oracle {

Truth Not(Truth a) { return a ? Truth(!*a) : a; }
Truth Both(Truth a, Truth b) {
  if (a == false || b == false) return false;
  return a && b ? Truth(true) : std::nullopt;
}
Truth Either(Truth a, Truth b) { return Not(Both(Not(a), Not(b))); }

Truth Situation::AboveZero(const std::string& meter) const {
  const Maybe count = ValueOf(meter);
  return count ? Truth(Compare(count->number, {0, 0}) > 0) : std::nullopt;
}

Truth Situation::Broken(const Obligation& obligation, bool substitute) const {
  Truth broken = true;
  if (!obligation.others.empty()) {
    broken = false;
    for (const std::string& other : obligation.others) broken = Either(broken, AboveZero(other));
  } else if (!obligation.each.empty()) {
    const Maybe needed = ValueOf(obligation.needed);
    const Maybe done = ValueOf(obligation.each);
    broken = needed && done ? Truth(Compare(done->number, needed->number) >= 0) : std::nullopt;
  } else if (!obligation.approval.empty()) {
    broken = Not(Granted(obligation.approval, substitute));
  } else if (!obligation.needed.empty()) {
    broken = Not(AboveZero(obligation.needed));
  }
  return obligation.until.empty() ? broken : Both(broken, Not(AboveZero(obligation.until)));
}

Truth Situation::Concerned(const Clause& clause, bool substitute) const {
  if (clause.stage) return Asked(clause.stage->first, clause.stage->second, substitute);
  const Truth truth = clause.condition ? Evaluate(*clause.condition, substitute) : Truth(true);
  return clause.obligation ? Both(truth, Broken(*clause.obligation, substitute)) : truth;
}

}  // namespace writ::oracle
