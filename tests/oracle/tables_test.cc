// M1 to M10: what requests are, which row wins, clauses, values, missing values, evidence, time.
#include "worked.h"

namespace writ::oracle {
namespace {

// ---- M1.4
const std::string kBuiltin = "fact confidence: decimal(2) in 0..1 from host\n" +
                             RefundCapability("input amount: money(EUR) in 0..50_000") +
                             Delegation("limit amount <= 200 EUR  limit confidence >= 0.5");
INSTANTIATE_TEST_SUITE_P(
    M1_4, Tables,
    testing::Values(Row{"M1.4", kBuiltin, "amount: 1 EUR, confidence: 0.9",
                        "deny, unknown capability", "launch_rocket"},
                    Row{"M1.4", kBuiltin, "amount: 12.345 EUR, confidence: 0.9",
                        "deny, malformed amount"},
                    Row{"M1.4", kBuiltin, "confidence: 0.9", "deny, missing input amount"},
                    Row{"M1.4", kBuiltin, "confidence: 7", "deny, malformed confidence"}));

// ---- M3
const std::string kRows =
    "facts from host { a, b, c : bool }\n" + RefundCapability("input order: id");
const std::string kLeadAndCoo =
    kRows +
    Delegation(
        "allow when a  escalate to refunds when b  escalate to board when c  otherwise escalate");
const std::string kFraudAndHolder =
    kRows + Delegation("limit a  escalate to fraud when b  escalate to holder when c");
const std::string kDenyAndBoard =
    kRows + Delegation("limit a  deny when b  escalate to board when c");
INSTANTIATE_TEST_SUITE_P(
    M3, Tables,
    testing::Values(Row{"M3.4", kLeadAndCoo, "order: \"A1\", a: true, b: true, c: true",
                        "escalate to board by refunding/issue_refund/escalate.2"},
                    Row{"M3.4", kFraudAndHolder, "order: \"A1\", a: true, b: true, c: true",
                        "escalate to fraud by refunding/issue_refund/escalate.1"},
                    Row{"M3.4", kDenyAndBoard, "order: \"A1\", a: true, b: true, c: true",
                        "deny by refunding/issue_refund/deny.1"}));

// ---- M4
const std::string kGuarded =
    kRows + "guard stop { for every capability deny when c }\ngrant coo get_order under board\n" +
    Delegation("limit a  escalate to board when b");
INSTANTIATE_TEST_SUITE_P(
    M4, Tables,
    testing::Values(Row{"M4.2", kGuarded, "order: \"A1\", a: true, b: false, c: true",
                        "deny by ~no_authority", "issue_refund", "coo"},
                    Row{"M4.2", kGuarded, "order: \"A1\", a: true, b: false, c: false",
                        "deny by ~no_authority", "issue_refund", "nobody"},
                    Row{"M4.4", kGuarded, "order: \"A1\", a: true, b: false, c: true",
                        "deny by stop/*/deny.1"},
                    Row{"M4.4", kGuarded, "order: \"A1\", c: true", "deny by stop/*/deny.1",
                        "get_order", "coo"},
                    Row{"M5.1", kGuarded, "order: \"A1\", c: false", "allow by ~default_allow",
                        "get_order", "coo"}));

// ---- M5
const std::string kAmounts = "fact order.status: { open, fraud_hold } from host\n" +
                             RefundCapability("input amount: money(EUR) in 0..50_000") +
                             Delegation(
                                 "limit amount <= 200 EUR  escalate to board when amount > 5_000 "
                                 "EUR  deny when order.status = fraud_hold");
INSTANTIATE_TEST_SUITE_P(
    M5Amounts, Tables,
    testing::Values(
        Row{"M5", kAmounts, "amount: 200 EUR, order.status: open", "allow by ~default_allow"},
        Row{"M5", kAmounts, "amount: 200.01 EUR, order.status: open", "escalate to refunds"},
        Row{"M5", kAmounts, "amount: 5000.01 EUR, order.status: open", "escalate to board"},
        Row{"M5", kAmounts, "amount: 5000.01 EUR, order.status: fraud_hold", "deny"}));

const std::string kOtherwise =
    kRows + Delegation("allow when a  allow when b  otherwise escalate  deny when c");
INSTANTIATE_TEST_SUITE_P(
    M5Otherwise, Tables,
    testing::Values(Row{"M5", kOtherwise, "order: \"A1\", a: true, b: false, c: false",
                        "allow by refunding/issue_refund/allow.1"},
                    Row{"M5", kOtherwise, "order: \"A1\", a: false, b: false, c: false",
                        "escalate to refunds by refunding/issue_refund/otherwise.1"},
                    Row{"M5", kOtherwise, "order: \"A1\", a: missing, b: false, c: false",
                        "escalate to refunds by refunding/issue_refund/otherwise.1"},
                    Row{"M5", kOtherwise, "order: \"A1\", a: true, b: true, c: true",
                        "deny by refunding/issue_refund/deny.1"}));

// ---- M6
const std::string kUnits =
    "fact n: integer in 0..9 from host\nfact d: duration in 0 minutes..9 days from host\nfact "
    "tier: { low < high } from host\n" +
    RefundCapability("input order: id") +
    Delegation("limit n in 2..4 or d >= 90 minutes or tier in { high }");
INSTANTIATE_TEST_SUITE_P(
    M6, Tables,
    testing::Values(
        Row{"M6.2", kUnits, "order: \"A1\", n: 10, d: 1 min, tier: low", "deny, malformed n"},
        Row{"M6.2", kUnits, "order: \"A1\", n: 2.0, d: 1 min, tier: low", "deny, malformed n"},
        Row{"M6.2", kUnits, "order: \"A1\", n: 2, d: 1 min, tier: middle", "deny, malformed tier"},
        Row{"M6.5", kUnits, "order: \"A1\", n: 2, d: 1 min, tier: low", "allow"},
        Row{"M6.5", kUnits, "order: \"A1\", n: 4, d: 1 min, tier: low", "allow"},
        Row{"M6.5", kUnits, "order: \"A1\", n: 5, d: 1 min, tier: low", "escalate to refunds"},
        Row{"M6.4", kUnits, "order: \"A1\", n: 5, d: 5399999 ms, tier: low", "escalate to refunds"},
        Row{"M6.4", kUnits, "order: \"A1\", n: 5, d: 5400000 ms, tier: low", "allow"},
        Row{"M6.5", kUnits, "order: \"A1\", n: 5, d: 1 min, tier: high", "allow"}));

// ---- M7
const std::string kWords =
    "fact x: integer in 0..100 from host missing escalate\nfact y: bool from host missing deny\n" +
    RefundCapability("input order: id") +
    Delegation("deny when x > 10 or y  limit order != \"never\"");
const std::string kByDeny = "deny by refunding/issue_refund/deny.1";
INSTANTIATE_TEST_SUITE_P(
    M7Words, Tables,
    testing::Values(Row{"M7.3", kWords, "order: \"A1\", x: 11, y: missing", kByDeny},
                    Row{"M7.3", kWords, "order: \"A1\", x: 5, y: missing", kByDeny},
                    Row{"M7.3", kWords, "order: \"A1\", x: missing, y: false",
                        "escalate to refunds by refunding/issue_refund/deny.1"},
                    Row{"M7.3", kWords, "order: \"A1\", x: missing, y: missing", kByDeny},
                    Row{"M7.3", kWords, "order: \"A1\", x: missing, y: true", kByDeny}));

const std::string kTiers = "fact tier: { bronze < silver < gold } from host missing bronze\n" +
                           RefundCapability("input order: id");
const std::string kLimitTier = kTiers + Delegation("limit tier >= silver");
const std::string kAllowTier = kTiers + Delegation("allow when tier >= bronze  otherwise escalate");
INSTANTIATE_TEST_SUITE_P(
    M7Substitutes, Tables,
    testing::Values(Row{"M7.2", kLimitTier, "order: \"A1\"",
                        "escalate to refunds by refunding/issue_refund/limit.1"},
                    Row{"M7.2", kLimitTier, "order: \"A1\", tier: silver", "allow"},
                    Row{"M7.2", kAllowTier, "order: \"A1\"",
                        "escalate to refunds by refunding/issue_refund/otherwise.1"},
                    Row{"M7.2", kAllowTier, "order: \"A1\", tier: bronze",
                        "allow by refunding/issue_refund/allow.1"}));

// ---- M8
const std::string kSeen = "evidence seen by get_order about order within 10 minutes\n" +
                          RefundCapability("input order: id") +
                          Delegation("require evidence seen  limit order != \"never\"");
const std::string kNotFresh = "deny by refunding/issue_refund/evidence.1";
Row Seen(const std::string& obtained, const std::string& about, const std::string& outcome) {
  return {"M8", kSeen,
          "order: \"A1\", evidence.seen: 2026-10-05T" + obtained +
              "Z, evidence.seen.about.order: \"" + about + "\"",
          outcome};
}
INSTANTIATE_TEST_SUITE_P(M8, Tables,
                         testing::Values(Seen("11:50:00", "A1", "allow"),
                                         Seen("11:49:59.999", "A1", kNotFresh),
                                         Seen("11:55:00", "A2", kNotFresh),
                                         Seen("12:00:00.001", "A1", kNotFresh),
                                         Row{"M8", kSeen, "order: \"A1\"", kNotFresh}));

// ---- M9.6, M10
const std::string kMeter =
    "meter today = sum issue_refund.amount per agent within 24 hours including this\n" +
    RefundCapability("input amount: money(EUR) in 0..50_000") +
    Delegation("limit today <= 200 EUR");
INSTANTIATE_TEST_SUITE_P(
    M9, Tables,
    testing::Values(Row{"M9.6", kMeter, "amount: 100 EUR, agent: \"a\"",
                        "deny by refunding/issue_refund/limit.1"},
                    Row{"M9.4", kMeter, "amount: 100 EUR, agent: \"a\", today: 100 EUR", "allow"},
                    Row{"M9.4", kMeter, "amount: 100.01 EUR, agent: \"a\", today: 100 EUR",
                        "escalate to refunds"}));

const std::string kExpires = RefundCapability("input order: id") +
                             "delegation refunding { from support_lead to refund_agent may "
                             "issue_refund anchor refunds review every 90 days expires 2026-10-31 "
                             "for issue_refund { limit order = \"A1\" } }\n";
INSTANTIATE_TEST_SUITE_P(
    M10, Tables,
    testing::Values(Row{"M10", kExpires, "order: \"A1\"", "allow", "issue_refund", "refund_agent",
                        "2026-10-31T23:59:59.999Z"},
                    Row{"M10", kExpires, "order: \"A1\"", "deny by ~expires", "issue_refund",
                        "refund_agent", "2026-11-01T00:00:00Z"}));

// ---- M11.1: a malformed value that only a region reads counts as missing
const std::string kClaimed =
    "fact seen: bool from host\ngrant support_lead get_order under refunds\n"
    "region seen_it when seen\nregion unseen when seen is missing\n";
Row Seen(const std::string& value, const std::string& outcome) {
  return {"M11.1", kClaimed, "order: \"A1\"" + value, outcome, "get_order", "support_lead"};
}
INSTANTIATE_TEST_SUITE_P(M11, Tables,
                         testing::Values(Seen(", seen: true", "allow in {seen_it}"),
                                         Seen("", "allow in {unseen}"),
                                         Seen(", seen: \"maybe\"", "allow in {unseen}"),
                                         Seen(", seen: 7", "allow in {unseen}")));

}  // namespace
}  // namespace writ::oracle
