// M14 and M15: drafts, and what is delegated further.
#include "worked.h"

namespace writ::oracle {
namespace {

const std::string kNow = "2026-10-05T12:00:00Z";
const std::string kOrder = RefundCapability("input order: id");
const std::string kAmount = RefundCapability("input amount: money(EUR) in 0..50_000");

// ---- M14
std::string Proposing(const std::string& clauses) {
  return "fact fraud: bool from host\n" + kOrder +
         "delegation drafting { from support_lead to refund_agent may propose issue_refund "
         "anchor refunds review every 90 days for issue_refund { " +
         clauses + " } }\n";
}
Row Proposal(const std::string& clauses, const std::string& fraud, const std::string& outcome) {
  return {"M14", Proposing(clauses), "order: \"A1\", fraud: " + fraud, outcome};
}
const std::string kDraft = "escalate to refunds by ~propose";
INSTANTIATE_TEST_SUITE_P(
    M14, Tables,
    testing::Values(Proposal("deny when fraud", "false", kDraft + " under drafting"),
                    Proposal("deny when fraud", "true", "deny by drafting/issue_refund/deny.1"),
                    Proposal("deny when fraud", "missing", "deny by drafting/issue_refund/deny.1"),
                    Proposal("escalate to board when fraud", "true",
                             "escalate to board by drafting/issue_refund/escalate.1"),
                    // The same anchor twice: the name decides, and `~` comes after letters (M3.4).
                    Proposal("limit not fraud", "true",
                             "escalate to refunds by drafting/issue_refund/limit.1"),
                    Proposal("limit not fraud", "false", kDraft),
                    // Nothing that allows can make a draft more than a draft.
                    Proposal("allow when fraud  deny when not fraud", "true", kDraft),
                    Proposal("allow when fraud  otherwise allow", "false", kDraft),
                    Proposal("allow when fraud  otherwise deny", "false",
                             "deny by drafting/issue_refund/otherwise.1"),
                    // Open without `~propose`; with it, no gap.
                    Proposal("allow when fraud", "false", kDraft)));

// Clauses at the top reach what is proposed, and what is given beside it.
const std::string kTopOfDrafts =
    "fact fraud: bool from host\n" + kOrder +
    "delegation drafting { from support_lead to refund_agent may propose issue_refund "
    "may get_order anchor refunds review every 90 days deny when fraud }\n";
INSTANTIATE_TEST_SUITE_P(M14Top, Tables,
                         testing::Values(Row{"M4.3", kTopOfDrafts, "order: \"A1\", fraud: true",
                                             "deny by drafting/*/deny.1"},
                                         Row{"M4.3", kTopOfDrafts, "order: \"A1\", fraud: false",
                                             kDraft},
                                         Row{"M4.3", kTopOfDrafts, "order: \"A1\", fraud: false",
                                             "allow by ~default_allow", "get_order"}));

// ---- M15
std::string Lending(const std::string& items) {
  return "delegation lending { from support_lead to refund_agent "
         "may grant issue_refund to helper depth 1 anchor refunds review every 90 days " +
         items + " }\n";
}
std::string Helping(const std::string& limit, const std::string& items) {
  return "delegation helping { from refund_agent to helper may issue_refund anchor refunds "
         "review every 90 days " +
         items + " for issue_refund { limit amount <= " + limit + " } }\n";
}
Row Helper(const std::string& policy, const std::string& amount, const std::string& outcome,
           const std::string& now = kNow) {
  return {"M15", kAmount + policy, "amount: " + amount, outcome, "issue_refund", "helper", now};
}
Row Lender(const std::string& policy, const std::string& amount, const std::string& outcome,
           const std::string& now = kNow) {
  return {"M15", kAmount + policy, "amount: " + amount, outcome, "issue_refund", "refund_agent",
          now};
}
const std::string kCeiling = "ceiling amount <= 100 EUR";
const std::string kWorked = Lending(kCeiling) + Helping("50 EUR", "");
const std::string kWidest = Lending(kCeiling) + Helping("100 EUR", "");
INSTANTIATE_TEST_SUITE_P(
    M15Worked, Tables,
    testing::Values(Helper(kWorked, "50 EUR", "allow by ~default_allow under helping"),
                    Helper(kWorked, "60 EUR",
                           "escalate to refunds by helping/issue_refund/limit.1 under helping"),
                    Helper(kWidest, "100 EUR", "allow"),
                    Helper(kWidest, "100.01 EUR", "escalate to refunds"),
                    // To grant is not to do (M15.1).
                    Lender(kWorked, "50 EUR", "deny by ~no_authority under nothing")));

// M15.3: the earlier end counts, whichever it is.
const std::string kLentUntilNovember =
    Lending(kCeiling + " expires 2026-11-30") + Helping("50 EUR", "expires 2026-12-31");
const std::string kHelpUntilNovember =
    Lending(kCeiling + " expires 2026-12-31") + Helping("50 EUR", "expires 2026-11-30");
const std::string kLast = "2026-11-30T23:59:59.999Z";
const std::string kAfter = "2026-12-01T00:00:00Z";
INSTANTIATE_TEST_SUITE_P(
    M15Ends, Tables,
    testing::Values(Helper(kLentUntilNovember, "50 EUR", "allow", kLast),
                    Helper(kLentUntilNovember, "50 EUR", "deny by ~expires", kAfter),
                    Helper(kHelpUntilNovember, "50 EUR", "allow", kLast),
                    Helper(kHelpUntilNovember, "50 EUR", "deny by ~expires", kAfter)));

// Over two hops, of which the middle one only grants.
const std::string kTwoHops =
    "delegation lending { from support_lead to refund_agent may grant issue_refund to helper depth "
    "2 "
    "anchor refunds review every 90 days expires 2026-11-30 }\n"
    "delegation passing { from refund_agent to helper may grant issue_refund to scribe "
    "anchor refunds review every 90 days }\n"
    "delegation writing { from helper to scribe may issue_refund anchor refunds "
    "review every 90 days for issue_refund { limit amount <= 50 EUR } }\n";
Row Scribe(const std::string& now, const std::string& outcome) {
  return {"M15", kAmount + kTwoHops, "amount: 50 EUR", outcome, "issue_refund", "scribe", now};
}
// Nothing is above what a person delegates, whatever that person was granted.
const std::string kFromAPerson =
    "delegation trusting { from coo to support_lead may grant issue_refund to refund_agent "
    "anchor board review every 90 days expires 2026-11-30 }\n" +
    Delegation("limit amount <= 50 EUR");
INSTANTIATE_TEST_SUITE_P(M15Chains, Tables,
                         testing::Values(Scribe(kLast, "allow under writing"),
                                         Scribe(kAfter, "deny by ~expires under writing"),
                                         Lender(kFromAPerson, "50 EUR", "allow under refunding",
                                                kAfter)));

// Two delegations above one: both count.
const std::string kTwoAbove =
    "delegation lending { from support_lead to refund_agent may grant issue_refund to helper "
    "anchor refunds review every 90 days expires 2026-12-31 }\n"
    "delegation also_lending { from coo to refund_agent may grant issue_refund to helper "
    "anchor refunds review every 90 days expires 2026-11-30 }\n" +
    Helping("50 EUR", "");
INSTANTIATE_TEST_SUITE_P(M15TwoAbove, Tables,
                         testing::Values(Helper(kTwoAbove, "50 EUR", "allow", kLast),
                                         Helper(kTwoAbove, "50 EUR", "deny by ~expires", kAfter)));

// Only those that reach down to it: `also_lending` is over one hop, and scribe's is the second.
const std::string kNotSoDeep =
    "delegation lending { from support_lead to refund_agent may grant issue_refund to helper depth "
    "2 "
    "anchor refunds review every 90 days expires 2026-12-31 }\n"
    "delegation also_lending { from coo to refund_agent may grant issue_refund to helper "
    "anchor refunds review every 90 days expires 2026-11-30 }\n"
    "delegation helping { from refund_agent to helper may issue_refund "
    "may grant issue_refund to scribe anchor refunds "
    "review every 90 days for issue_refund { limit amount <= 50 EUR } }\n"
    "delegation writing { from helper to scribe may issue_refund anchor refunds "
    "review every 90 days for issue_refund { limit amount <= 50 EUR } }\n";
INSTANTIATE_TEST_SUITE_P(M15NotSoDeep, Tables,
                         testing::Values(Helper(kNotSoDeep, "50 EUR", "deny by ~expires", kAfter),
                                         Row{"M15", kAmount + kNotSoDeep, "amount: 50 EUR", "allow",
                                             "issue_refund", "scribe", kAfter}));

// M15.3 is about each role: helper's end is not scribe's.
const std::string kTwoRoles =
    "delegation lending { from support_lead to refund_agent may grant issue_refund to helper "
    "anchor refunds review every 90 days expires 2026-11-30 }\n"
    "delegation also_lending { from coo to refund_agent may grant issue_refund to scribe "
    "anchor refunds review every 90 days expires 2026-12-31 }\n"
    "delegation helping { from refund_agent to helper, scribe may issue_refund anchor refunds "
    "review every 90 days for issue_refund { limit amount <= 50 EUR } }\n";
INSTANTIATE_TEST_SUITE_P(M15TwoRoles, Tables,
                         testing::Values(Helper(kTwoRoles, "50 EUR", "deny by ~expires", kAfter),
                                         Row{"M15", kAmount + kTwoRoles, "amount: 50 EUR", "allow",
                                             "issue_refund", "scribe", kAfter}));

// M15.4: a row in the delegation itself, at the top and in a block; unknown as for `require`.
const std::string kDoes =
    "fact sure: bool from host missing escalate\n" + kAmount +
    "delegation refunding { from support_lead to refund_agent may issue_refund "
    "may grant issue_refund to helper anchor refunds review every 90 days ceiling amount <= 100 "
    "EUR "
    "for issue_refund { ceiling sure limit amount <= 50 EUR } }\n";
Row Does(const std::string& request, const std::string& outcome) {
  return {"M15.4", kDoes, request, outcome};
}
INSTANTIATE_TEST_SUITE_P(
    M15Ceilings, Tables,
    testing::Values(Does("amount: 50 EUR, sure: true", "allow"),
                    Does("amount: 50.01 EUR, sure: true", "escalate to refunds"),
                    Does("amount: 100.01 EUR, sure: true", "deny by refunding/*/ceiling.1"),
                    Does("amount: 50 EUR, sure: false", "deny by refunding/issue_refund/ceiling.1"),
                    Does("amount: 50 EUR, sure: missing",
                         "escalate to refunds by refunding/issue_refund/ceiling.1")));

// M15.5: guards and ceilings hold there as elsewhere, and their names come first (M3.4).
const std::string kAbstains = "guard stop { for issue_refund deny when amount = 7 EUR }\n" +
                              Lending(kCeiling + " abstain from issue_refund expires 2026-11-30") +
                              Helping("50 EUR", "");
INSTANTIATE_TEST_SUITE_P(
    M15Abstain, Tables,
    testing::Values(Lender(kAbstains, "50 EUR", "deny by ~abstain under lending"),
                    Lender(kAbstains, "100.01 EUR", "deny by lending/*/ceiling.1 under lending"),
                    Lender(kAbstains, "7 EUR", "deny by stop/*/deny.1 under lending"),
                    Lender(kAbstains, "50 EUR", "deny by ~abstain", kAfter),
                    Helper(kAbstains, "50 EUR", "allow under helping"),
                    Helper(kAbstains, "7 EUR", "deny by stop/*/deny.1 under helping")));

// M15.4: what is given freely is under the ceiling if it may be granted too; else nothing of the
// delegation reaches it.
const std::string kFreely =
    kAmount +
    "delegation reading { from support_lead to refund_agent may freely get_order GRANT"
    "anchor refunds review every 90 days ceiling order = \"A1\" }\n";
std::string Freely(const std::string& grant) {
  std::string text = kFreely;
  return text.replace(text.find("GRANT"), 5, grant);
}
const std::string kGrantsIt = Freely("may grant get_order to helper ");
INSTANTIATE_TEST_SUITE_P(M15Freely, Tables,
                         testing::Values(Row{"M15.4", kGrantsIt, "order: \"A1\"", "allow",
                                             "get_order"},
                                         Row{"M15.4", kGrantsIt, "order: \"B2\"",
                                             "deny by reading/*/ceiling.1", "get_order"}));

}  // namespace
}  // namespace writ::oracle
