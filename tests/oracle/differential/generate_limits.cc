// M45 to M51 at random: what may leave, what anchors answer for, what may be tuned, and what comes
// between the steps of a run.
#include "generator.h"

namespace writ::oracle {

void Generator::Limits() {
  if (shape_.small) return;
  const auto above = [&] {
    return "  above " + random_.Pick<std::string>({"deny", "escalate", "escalate to top"});
  };
  if (sends_) {
    for (const std::string name : {"line_out", "way_out"})
      Add(Line("channel " + name + std::string(random_.Chance(40) ? " \"Held back\"" : "") +
               " { carries up to " +
               random_.Pick<std::string>({"public", "internal", "confidential", "pii", "health"}) +
               (random_.Chance(50) ? above() : "") + " }"));
  }
  if (random_.Chance(25)) {
    Add(Line("exposure out of desk, office, top" +
             std::string(random_.Chance(40) ? " \"At stake\"" : "") + " { sums amount of " +
             random_.Pick<std::string>({"pay", "pay, ship", "deeds"}) + "  within " +
             random_.Pick<std::string>({"1 hours", "2 days", "1 month", "patience"}) + "  up to " +
             random_.Pick<std::string>({"50 EUR", "300 EUR"}) + above() + " }"));
    if (!shape_.strict) vocabulary_.variables.push_back({"exposure.out", "EUR", "", true});
  }
  if (random_.Chance(25))
    Add(Line("exposure asked of " +
             random_.Pick<std::string>({"desk", "office", "top", "desk, top"}) +
             " { counts approvals  within " +
             random_.Pick<std::string>({"1 hours", "2 days", "patience"}) + "  up to " +
             random_.Pick<std::string>({"1", "2"}) +
             (random_.Chance(30) ? "  above notify office" : above()) + " }"));
  if (random_.Chance(20)) {
    Add(Line("hook screen before " + random_.Pick<std::string>({"pay", "pay, look", "deeds"}) +
             std::string(random_.Chance(40) ? " \"Screened\"" : "") +
             " { runs \"checks/screen\"  passes fine  on odd " +
             random_.Pick<std::string>({"escalate", "escalate to top", "notify office", "note"}) +
             " " + Reason() + "  on bad deny }"));
  }
  if (random_.Chance(20))
    Add(Line("checkpoint saved after " + random_.Pick<std::string>({"look", "look, returned"}) +
             random_.Pick<std::string>({"", " for pay", " for deeds"}) + " " + Reason()));
  if (random_.Chance(20))
    Add(Line("compaction keeps rules, approvals, evidence, classes, consents " + Reason()));
  if (random_.Chance(20)) Add(Line("threshold spare = 5 tunable in 1..9 by 2"));
}

}  // namespace writ::oracle
