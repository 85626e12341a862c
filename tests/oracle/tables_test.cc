// The tables of docs/semantics.md, worked out there by hand, as test data: first against the
// oracle, then against the compiled table. A case is a request and what must come out of it, both
// in words.
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "differential/compare.h"
#include "differential/requests.h"
#include "differential/subject.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {
namespace {

// People, anchors and the capability that verifies; every policy below begins with it.
constexpr const char* kHouse = R"(policy test.tables 1.0.0
role coo human
role support_lead human reports to coo
role fraud_desk human reports to coo
role refund_agent agent
anchor refunds { held by support_lead deputies coo absorbs legal reached by "q" within 4 hours on silence deny }
anchor board { held by coo deputies support_lead absorbs strategic reached by "q" within 4 hours on silence deny }
anchor fraud { above holder held by fraud_desk deputies coo absorbs legal reached by "q" within 4 hours on silence deny }
anchor holder { held by fraud_desk deputies coo absorbs legal reached by "q" within 4 hours on silence deny }
capability get_order { kind observe risk read_only system orders input order: id }
)";

struct Row {
  std::string section;
  std::string policy;   // after kHouse
  std::string request;  // "amount: 200 EUR, order.status: open"; "missing" takes a value away
  std::string outcome;  // "allow", "deny by NAME", "escalate to A by NAME", "deny, malformed F"
  std::string capability = "issue_refund";
  std::string role = "refund_agent";
  std::string now = "2026-10-05T12:00:00Z";
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.section << " { " << row.request << " }";
}

std::vector<std::pair<std::string, std::string>> Pairs(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(", ", begin), text.size());
    const std::string pair = text.substr(begin, end - begin);
    const std::size_t colon = pair.find(": ");
    pairs.emplace_back(pair.substr(0, colon), pair.substr(colon + 2));
    begin = end + 2;
  }
  return pairs;
}

Request RequestOf(const Row& row) {
  Request request;
  request.capability = row.capability;
  request.role = row.role;
  request.now_ms = *ParseInstant(row.now);
  for (const auto& [fact, value] : Pairs(row.request)) {
    if (value != "missing") request.facts[fact] = {value, false};
  }
  return request;
}

std::string Outcome(const Answer& answer, const std::string& wanted) {
  std::string text = answer.verdict;
  if (answer.verdict == "escalate") text += " to " + answer.anchor;
  if (answer.builtin == "malformed") return text + ", malformed " + answer.fact;
  if (answer.builtin == "missing_input") return text + ", missing input " + answer.fact;
  if (answer.builtin == "unknown_capability") return text + ", unknown capability";
  if (wanted.find(" by ") != std::string::npos) text += " by " + answer.clause;
  return text;
}

class Tables : public testing::TestWithParam<Row> {};

TEST_P(Tables, OracleAndTableSayWhatThePageSays) {
  const Row& row = GetParam();
  const SubjectResult made = MakeSubject({kHouse + row.policy});
  ASSERT_TRUE(made.subject) << made.why;
  const Policy policy = LoadPolicy(made.subject->dumps);
  const Request request = RequestOf(row);
  const Answer oracle = Decide(policy, request, nullptr);
  EXPECT_EQ(Outcome(oracle, row.outcome), row.outcome) << "the oracle: " << ToText(oracle);
  const Answer table =
      Ask(*made.subject, RuntimeRequest(made.subject->table, request).request(), nullptr);
  EXPECT_EQ(Outcome(table, row.outcome), row.outcome) << "the table: " << ToText(table);
  EXPECT_EQ(Difference(policy, oracle, table), "");
}

std::string Delegation(const std::string& clauses) {
  return "delegation refunding { from support_lead to refund_agent may issue_refund anchor refunds "
         "review every 90 days "
         "for issue_refund { " +
         clauses + " } }\n";
}

std::string Capability(const std::string& inputs) {
  return "capability issue_refund { kind act risk destructive system payments " + inputs +
         " irreversible verify with get_order }\n";
}

// ---- M1.4
// ----------------------------------------------------------------------------------------------
const std::string kBuiltin = "fact confidence: decimal(2) in 0..1 from host\n" +
                             Capability("input amount: money(EUR) in 0..50_000") +
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
// ------------------------------------------------------------------------------------------------
const std::string kRows = "facts from host { a, b, c : bool }\n" + Capability("input order: id");
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
// ------------------------------------------------------------------------------------------------
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
// ------------------------------------------------------------------------------------------------
const std::string kAmounts = "fact order.status: { open, fraud_hold } from host\n" +
                             Capability("input amount: money(EUR) in 0..50_000") +
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
// ------------------------------------------------------------------------------------------------
const std::string kUnits =
    "fact n: integer in 0..9 from host\nfact d: duration in 0 minutes..9 days from host\nfact "
    "tier: { low < high } from host\n" +
    Capability("input order: id") +
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
// ------------------------------------------------------------------------------------------------
const std::string kWords =
    "fact x: integer in 0..100 from host missing escalate\nfact y: bool from host missing deny\n" +
    Capability("input order: id") + Delegation("deny when x > 10 or y  limit order != \"never\"");
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
                           Capability("input order: id");
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
// ------------------------------------------------------------------------------------------------
const std::string kSeen = "evidence seen by get_order about order within 10 minutes\n" +
                          Capability("input order: id") +
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
// -----------------------------------------------------------------------------------------
const std::string kMeter =
    "meter today = sum issue_refund.amount per agent within 24 hours including this\n" +
    Capability("input amount: money(EUR) in 0..50_000") + Delegation("limit today <= 200 EUR");
INSTANTIATE_TEST_SUITE_P(
    M9, Tables,
    testing::Values(Row{"M9.6", kMeter, "amount: 100 EUR, agent: \"a\"",
                        "deny by refunding/issue_refund/limit.1"},
                    Row{"M9.4", kMeter, "amount: 100 EUR, agent: \"a\", today: 100 EUR", "allow"},
                    Row{"M9.4", kMeter, "amount: 100.01 EUR, agent: \"a\", today: 100 EUR",
                        "escalate to refunds"}));

const std::string kExpires = Capability("input order: id") +
                             "delegation refunding { from support_lead to refund_agent may "
                             "issue_refund anchor refunds review every 90 days expires 2026-10-31 "
                             "for issue_refund { limit order = \"A1\" } }\n";
INSTANTIATE_TEST_SUITE_P(
    M10, Tables,
    testing::Values(Row{"M10", kExpires, "order: \"A1\"", "allow", "issue_refund", "refund_agent",
                        "2026-10-31T23:59:59.999Z"},
                    Row{"M10", kExpires, "order: \"A1\"", "deny by ~expires", "issue_refund",
                        "refund_agent", "2026-11-01T00:00:00Z"}));

// ---- M11.1
// ------------------------------------------------------------------------------------------------
TEST(Claims, AMalformedValueThatOnlyARegionReadsCountsAsMissing) {
  const SubjectResult made =
      MakeSubject({std::string(kHouse) + "fact seen: bool from host\n"
                                         "grant support_lead get_order under refunds\n"
                                         "region seen_it when seen\n"
                                         "region unseen when seen is missing\n"});
  ASSERT_TRUE(made.subject) << made.why;
  const Policy policy = LoadPolicy(made.subject->dumps);
  const std::pair<std::optional<Given>, std::string> cases[] = {
      {Given{"true", false}, "seen_it"},
      {std::nullopt, "unseen"},
      {Given{"", true}, "unseen"},
      {Given{"7", false}, "unseen"},
  };
  for (const auto& [seen, region] : cases) {
    Request request{"get_order", "support_lead", *ParseInstant("2026-10-05T12:00:00Z"), {}, false};
    request.facts["order"] = {"\"A1\"", false};
    if (seen) request.facts["seen"] = *seen;
    const Answer expected = Decide(policy, request, nullptr);
    EXPECT_EQ(expected.verdict, "allow") << ToText(request);
    EXPECT_EQ(expected.regions, std::set<std::string>{region}) << ToText(request);
    const Answer found =
        Ask(*made.subject, RuntimeRequest(made.subject->table, request).request(), nullptr);
    EXPECT_EQ(Difference(policy, expected, found), "") << ToText(request);
  }
}

}  // namespace
}  // namespace writ::oracle
