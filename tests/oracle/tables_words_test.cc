// M16 to M20: exceptions, assumptions, doors, lookup tables, the run header and modes.
#include "worked.h"

namespace writ::oracle {
namespace {

const std::string kTier = "fact tier: { bronze < silver < gold } from host\n";
const std::string kAmount = RefundCapability("input amount: money(EUR) in 0..50_000");
const std::string kOrder = RefundCapability("input order: id");

// ---- M16
std::string Exception(const std::string& lifts, const std::string& up_to,
                      const std::string& name = "gold") {
  return "exception " + name + " to refunding for refund_agent { lifts " + lifts + " up to " +
         up_to + " expires 2026-11-30 by coo because \"Holidays\" }\n";
}
const std::string kAutonomy = "threshold autonomy = 200 EUR\n" + kTier + kAmount;
const std::string kUpTo = "amount <= 400 EUR and tier = gold";
const std::string kGold =
    kAutonomy + Delegation("limit amount <= autonomy") + Exception("limit autonomy", kUpTo);
const std::string kLast = "2026-11-30T23:59:59.999Z";
const std::string kAfter = "2026-12-01T00:00:00Z";
Row Lifted(const std::string& policy, const std::string& request, const std::string& outcome,
           const std::string& now = kLast) {
  return {"M16", policy, request, outcome, "issue_refund", "refund_agent", now};
}
INSTANTIATE_TEST_SUITE_P(
    M16Worked, Tables,
    testing::Values(Lifted(kGold, "amount: 300 EUR, tier: gold", "allow by ~default_allow"),
                    Lifted(kGold, "amount: 300 EUR, tier: gold",
                           "escalate to refunds by refunding/issue_refund/limit.1", kAfter),
                    Lifted(kGold, "amount: 300 EUR, tier: missing", "escalate to refunds"),
                    Lifted(kGold, "amount: 400.01 EUR, tier: gold", "escalate to refunds"),
                    // `up to` is read: what is malformed there denies (M1.3, M1.4).
                    Lifted(kGold, "amount: 100 EUR, tier: none", "deny, malformed tier")));

// M16.1: by kind and by what the condition names; `else deny` stands.
const std::string kNamed = "threshold autonomy = 200 EUR\nlet small = amount <= autonomy\n" +
                           kTier + kAmount +
                           Delegation(
                               "limit amount <= autonomy  limit amount <= 300 EUR else deny  "
                               "escalate to board when amount > autonomy");
const std::string kByLet = "threshold autonomy = 200 EUR\nlet twice = autonomy * 2\n" + kTier +
                           kAmount +
                           Delegation(
                               "limit amount <= twice  limit amount <= autonomy  "
                               "escalate to board when amount > autonomy") +
                           Exception("escalate autonomy  lifts limit autonomy", "tier = gold");
INSTANTIATE_TEST_SUITE_P(
    M16Names, Tables,
    testing::Values(
        Lifted(kNamed + Exception("limit autonomy", "tier = gold"), "amount: 250 EUR, tier: gold",
               "escalate to board by refunding/issue_refund/escalate.1"),
        Lifted(kNamed + Exception("escalate autonomy", "tier = gold"),
               "amount: 250 EUR, tier: gold",
               "escalate to refunds by refunding/issue_refund/limit.1"),
        Lifted(kNamed + Exception("limit autonomy lifts escalate autonomy", "tier = gold"),
               "amount: 250 EUR, tier: gold", "allow"),
        Lifted(kNamed + Exception("limit amount lifts escalate amount", "tier = gold"),
               "amount: 300.01 EUR, tier: gold", "deny by refunding/issue_refund/limit.2"),
        // Two exceptions, each on its own.
        Lifted(kNamed + Exception("limit autonomy", "tier = gold") +
                   Exception("escalate autonomy", "amount <= 250 EUR", "modest"),
               "amount: 250 EUR, tier: gold", "allow"),
        Lifted(kNamed + Exception("limit autonomy", "tier = gold") +
                   Exception("escalate autonomy", "amount <= 250 EUR", "modest"),
               "amount: 250 EUR, tier: silver",
               "escalate to refunds by refunding/issue_refund/limit.1"),
        // What a let reads is not named by naming the let.
        Lifted(kByLet, "amount: 400.01 EUR, tier: gold",
               "escalate to refunds by refunding/issue_refund/limit.1")));

// M16.2: neither true nor unknown; no substitutes; the rest stands.
const std::string kUnsure =
    "fact sure: bool from host\nfact kind_of: { plain, fancy } from host missing fancy\n" + kTier +
    kAmount + "guard house { for issue_refund escalate to board when amount > 900 EUR }\n";
const std::string kUnsureLifted = kUnsure +
                                  Delegation(
                                      "limit sure  escalate to fraud when kind_of = plain  "
                                      "require amount <= 1_000 EUR") +
                                  Exception("limit sure", "kind_of = fancy");
INSTANTIATE_TEST_SUITE_P(
    M16Stands, Tables,
    testing::Values(Lifted(kUnsureLifted, "amount: 1 EUR, kind_of: fancy, sure: missing", "allow"),
                    Lifted(kUnsureLifted, "amount: 1 EUR, kind_of: fancy, sure: false", "allow"),
                    Lifted(kUnsureLifted, "amount: 1 EUR, kind_of: missing, sure: false",
                           "escalate to refunds by refunding/issue_refund/limit.1"),
                    Lifted(kUnsureLifted, "amount: 1 EUR, kind_of: missing, sure: missing",
                           "deny by refunding/issue_refund/limit.1"),
                    Lifted(kUnsureLifted, "amount: 900.01 EUR, kind_of: fancy, sure: missing",
                           "escalate to board by house/*/escalate.1"),
                    Lifted(kUnsureLifted, "amount: 1000.01 EUR, kind_of: fancy, sure: missing",
                           "deny by refunding/issue_refund/require.1")));

// Of the delegation's roles, only those that the exception is for; and of its clauses at the top,
// for all that it gives.
const std::string kTwoRoles =
    "threshold autonomy = 200 EUR\n" + kTier + kAmount +
    "delegation refunding { from support_lead to refund_agent, helper may issue_refund, get_order "
    "anchor refunds review every 90 days limit tier = silver "
    "for issue_refund { limit amount <= autonomy } }\n" +
    Exception("limit autonomy, tier", "tier = gold");
INSTANTIATE_TEST_SUITE_P(
    M16Reach, Tables,
    testing::Values(Lifted(kTwoRoles, "amount: 300 EUR, tier: gold", "allow"),
                    Row{"M16", kTwoRoles, "amount: 300 EUR, tier: gold",
                        "escalate to refunds by refunding/*/limit.1", "issue_refund", "helper"},
                    Row{"M16", kTwoRoles, "order: \"A1\", tier: gold", "allow", "get_order"},
                    Row{"M16", kTwoRoles, "order: \"A1\", tier: bronze",
                        "escalate to refunds by refunding/*/limit.1", "get_order"}));

// ---- M17
const std::string kFlags = "facts from host { a, b : bool missing false }\n" + kAmount;
const std::string kAssumed = kFlags + "assume not_both: never a and not b \"Cannot be.\"\n" +
                             "grant coo get_order under board\n" + Delegation("limit a");
const std::string kAssumedOfAmount = kFlags + "assume no_seven: never amount = 7 EUR or a\n" +
                                     "grant coo get_order under board\n" + Delegation("limit b");
const std::string kByAssumption = "deny by not_both/*/assume.1 under ";
INSTANTIATE_TEST_SUITE_P(
    M17, Tables,
    testing::Values(
        Row{"M17", kAssumed, "amount: 1 EUR, a: true, b: false", kByAssumption + "refunding"},
        Row{"M17", kAssumed, "amount: 1 EUR, a: true, b: true", "allow"},
        // Unknown is not true, and nothing is substituted.
        Row{"M17", kAssumed, "amount: 1 EUR, a: true, b: missing", "allow"},
        Row{"M17", kAssumed, "order: \"A1\", a: true, b: false", kByAssumption + "coo", "get_order",
            "coo"},
        Row{"M17", kAssumed, "amount: 1 EUR, a: true, b: false",
            "deny by ~no_authority under nothing", "issue_refund", "coo"},
        // Not for what lacks an input that it reads.
        Row{"M17", kAssumedOfAmount, "order: \"A1\", a: true", "allow", "get_order", "coo"},
        Row{"M17", kAssumedOfAmount, "amount: 7 EUR, a: false, b: true",
            "deny by no_seven/*/assume.1"},
        Row{"M17", kAssumedOfAmount, "amount: 7 EUR, a: missing, b: true",
            "deny by no_seven/*/assume.1"},
        Row{"M17", kAssumedOfAmount, "amount: 8 EUR, a: missing, b: true", "allow"}));

// ---- M18.1
const std::string kConfirmed =
    kOrder + Delegation("require confirmation by customer  limit order = \"A1\"");
const std::string kNotConfirmed = "deny by refunding/issue_refund/confirmation.1";
const std::string kMayConfirm =
    kOrder + "guard ask { for get_order require confirmation by customer }\n" +
    Delegation("limit confirmation.customer  escalate to board when order = \"B2\"");
const std::string kClaimed =
    "fact said: bool claimed by customer missing escalate believed by "
    "support_lead because \"Their word is enough\"\n" +
    kOrder + Delegation("allow when said  otherwise escalate to board");
INSTANTIATE_TEST_SUITE_P(
    M18, Tables,
    testing::Values(
        Row{"M18.1", kConfirmed, "order: \"A1\", confirmation.customer: true", "allow"},
        Row{"M18.1", kConfirmed, "order: \"A1\", confirmation.customer: false", kNotConfirmed},
        Row{"M18.1", kConfirmed, "order: \"A1\"", kNotConfirmed},
        // Never unknown, so its name comes before `~header` (M3.4).
        Row{"M18.1", kConfirmed, "order: \"A1\", header: unsigned", kNotConfirmed},
        Row{"M18.1", kConfirmed, "order: \"A1\", confirmation.customer: perhaps",
            "deny, malformed confirmation.customer"},
        Row{"M18.1", kMayConfirm, "order: \"A1\", confirmation.customer: true", "allow"},
        Row{"M18.1", kMayConfirm, "order: \"A1\", confirmation.customer: false",
            "escalate to refunds"},
        Row{"M18.1", kMayConfirm, "order: \"A1\"", "deny by refunding/issue_refund/limit.1"},
        Row{"M18.1", kClaimed, "order: \"A1\", said: true", "allow"},
        Row{"M18.1", kClaimed, "order: \"A1\", said: false", "escalate to board"},
        Row{"M18.1", kClaimed, "order: \"A1\"", "escalate to board"}));

// ---- M19
const std::string kKeys =
    "type bags = integer in 0..2\nfact tier: { bronze < silver < gold } from "
    "host missing bronze\nfact n: bags from host missing escalate\n"
    "fact held: bool from host\n";
const std::string kAllowance = kKeys +
                               "table allowance(tier, bags) {\n"
                               "  0, 1, 2\n"
                               "  bronze: 0 EUR, 10 EUR, 20 EUR\n"
                               "  silver: 5 EUR, 15.50 EUR, 25 EUR\n"
                               "  gold: 9 EUR, 99 EUR, 999 EUR\n"
                               "}\n" +
                               kAmount + Delegation("limit amount <= allowance(tier, n)");
Row Allowed(const std::string& request, const std::string& outcome) {
  return {"M19", kAllowance, request, outcome};
}
const std::string kWords = kKeys +
                           "table care(held) : { little < much } { true: much false: little "
                           "}\n" +
                           kAmount + Delegation("limit care(held) < much");
const std::string kReversed =
    kKeys +
    "table factor(bags, tier) : decimal(2) in 0..2 {\n  gold, bronze, silver\n"
    "  2: 2, 0.5, 1\n  0: 0, 0, 0.25\n  1: 1, 1, 1\n}\n" +
    kAmount + Delegation("allow when amount <= factor(n, tier) * 10 EUR  otherwise escalate");
INSTANTIATE_TEST_SUITE_P(
    M19, Tables,
    testing::Values(
        Allowed("amount: 15.50 EUR, tier: silver, n: 1", "allow"),
        Allowed("amount: 15.51 EUR, tier: silver, n: 1", "escalate to refunds"),
        Allowed("amount: 999 EUR, tier: gold, n: 2", "allow"),
        // Substitutes go in first (M7.2), and what is missing decides by its word (M7.3).
        Allowed("amount: 10 EUR, n: 1", "allow"),
        Allowed("amount: 10.01 EUR, n: 1", "escalate to refunds"),
        Allowed("amount: 1 EUR, tier: gold",
                "escalate to refunds by refunding/issue_refund/limit.1"),
        Allowed("amount: 1 EUR, tier: gold, n: 3", "deny, malformed n"),
        Row{"M19", kWords, "amount: 1 EUR, held: true", "escalate to refunds"},
        Row{"M19", kWords, "amount: 1 EUR, held: false", "allow"},
        Row{"M19", kWords, "amount: 1 EUR", "deny by refunding/issue_refund/limit.1"},
        // Rows and columns in any order; without substitutes in `allow`.
        Row{"M19", kReversed, "amount: 2.50 EUR, tier: silver, n: 0", "allow"},
        Row{"M19", kReversed, "amount: 2.51 EUR, tier: silver, n: 0", "escalate to refunds"},
        Row{"M19", kReversed, "amount: 5 EUR, tier: bronze, n: 2", "allow"},
        Row{"M19", kReversed, "amount: 5 EUR, n: 2", "escalate to refunds"}));

// ---- M20
const std::string kPlain = "fact a: bool from host\n" + kOrder + "event returned from store\n" +
                           Delegation("limit a  deny when header is missing");
const std::string kSigned =
    kOrder + "event returned from store\n" + Delegation("limit order = \"A1\"");
Row Headed(const std::string& policy, const std::string& request, const std::string& outcome,
           bool as_in_force = false, const std::string& head = "",
           const std::string& role = "refund_agent") {
  return {"M20",          policy, "order: \"A1\"" + request, outcome,
          "issue_refund", role,   "2026-10-05T12:00:00Z",    head,
          as_in_force};
}
INSTANTIATE_TEST_SUITE_P(
    M20Header, Tables,
    testing::Values(
        Headed(kSigned, ", header: valid", "allow"),
        Headed(kSigned, ", header: unsigned", "deny by ~header under refunding"),
        Headed(kSigned, ", header: expired", "deny by ~header"),
        Headed(kSigned, ", header: foreign_tenant", "deny by ~header"),
        Headed(kSigned, ", header: unpinned", "deny by ~header"),
        Headed(kSigned, ", header: good", "deny, malformed header"), Headed(kSigned, "", "allow"),
        Headed(kSigned, "", "deny by ~header", false, "strict"),
        Headed(kSigned, ", header: valid", "allow", false, "strict"),
        Headed(kSigned, "", "allow", true, "strict"),
        Headed(kSigned, ", header: unsigned", "deny by ~header", true),
        // Whoever asks; and of two that deny, the name decides.
        Headed(kSigned, ", header: unsigned", "deny by ~header under nothing", false, "", "nobody"),
        Headed(kSigned, "", "deny by ~no_authority", false, "", "nobody"),
        // To conditions, what is not given is missing, also where the table is read as in force.
        Headed(kPlain, ", a: true", "deny by refunding/issue_refund/deny.1"),
        Headed(kPlain, ", a: true", "deny by refunding/issue_refund/deny.1", true),
        // Known, so it comes before what is unknown (M3.4).
        Headed(kPlain, ", header: unsigned", "deny by ~header")));

Row Event(const std::string& request, const std::string& head) {
  return {"M20",
          kSigned,
          request,
          "allow by ~event",
          "returned",
          "refund_agent",
          "2026-10-05T12:00:00Z",
          head,
          false};
}
INSTANTIATE_TEST_SUITE_P(M20Events, Tables,
                         testing::Values(Event("header: unsigned", ""), Event("", "strict")));

const std::string kModes = "modes { normal < cautious < frozen }\n" + kOrder;
const std::string kUpToCautious = kModes + Delegation("limit mode <= cautious");
const std::string kWhenNormal = kModes + Delegation("allow when mode = normal  otherwise escalate");
const std::string kNotYet =
    kModes + Delegation("deny when mode is missing  limit mode != frozen  limit order = \"A1\"");
INSTANTIATE_TEST_SUITE_P(
    M20Modes, Tables,
    testing::Values(
        Headed(kUpToCautious, ", mode: cautious", "allow"),
        Headed(kUpToCautious, ", mode: frozen", "escalate to refunds"),
        Headed(kUpToCautious, "", "escalate to refunds by refunding/issue_refund/limit.1"),
        Headed(kUpToCautious, ", mode: calm", "deny, malformed mode"),
        Headed(kWhenNormal, ", mode: normal", "allow"),
        Headed(kWhenNormal, "", "escalate to refunds by refunding/issue_refund/otherwise.1"),
        // `is missing` asks about what was given (M7.2).
        Headed(kNotYet, "", "deny by refunding/issue_refund/deny.1")));

}  // namespace
}  // namespace writ::oracle
