// M31 to M38 by hand: which rows of a larger word hold after a few committed events.
#include <gtest/gtest.h>

#include <map>

#include "differential/compare.h"
#include "differential/subject.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {
namespace {

constexpr const char* kScenery = R"(policy test.obligations 1.0.0
role lead human
role clerk human
anchor desk { held by lead deputies lead absorbs legal reached by "q" within 4 hours on silence deny }
fact urgent : bool from host missing escalate
capability look { kind observe risk read_only system s input item: id }
capability order { kind act risk local_write system s input item: id verify with look }
capability receive { kind act risk local_write system s input item: id verify with look }
capability check { kind act risk local_write system s input item: id verify with look }
capability waive { kind act risk local_write system s input item: id verify with look }
capability pay { kind act risk destructive system s input item: id verify with look }
event delivered from s
threshold two_days = 2 days
grant clerk look, order, receive, check, waive, pay under desk
)";

struct Event {
  const char* capability;
  const char* actor = "ann";  // null: not given
  const char* now = "2026-10-05T12:00:00Z";
  const char* item = "1";
  const char* urgent = "false";  // null: not given
  const char* role = "clerk";
  const char* same = nullptr;  // whether aide and lead are one person
  std::map<std::string, std::string> facts = {};
};

struct Obliged {
  const char* name;
  const char* policy;
  std::vector<Event> before;
  Event request;
  std::set<std::string> rows;  // of the larger word
  const char* verdict;
};

void PrintTo(const Obliged& obliged, std::ostream* out) { *out << obliged.name; }

Request RequestOf(const Event& event) {
  Request request;
  request.capability = event.capability;
  request.role = event.role;
  request.now_ms = *ParseInstant(event.now);
  request.facts["item"] = {std::string("\"") + event.item + "\"", false};
  request.facts["case"] = {std::string("\"") + event.item + "\"", false};
  if (event.actor != nullptr)
    request.facts["actor"] = {std::string("\"") + event.actor + "\"", false};
  if (event.same != nullptr) request.facts["same_person.aide.lead"] = {event.same, false};
  for (const auto& [name, value] : event.facts) request.facts[name] = {value, false};
  if (event.urgent != nullptr) request.facts["urgent"] = {event.urgent, false};
  return request;
}

std::set<std::string> WordsRows(const Answer& answer) {
  std::set<std::string> rows;
  for (const std::string& row : answer.holds) {
    if (!row.starts_with('~')) rows.insert(row);
  }
  return rows;
}

class Obligations : public testing::TestWithParam<Obliged> {};

TEST_P(Obligations, OracleAndTableAgreeWithThePage) {
  const Obliged& obliged = GetParam();
  const SubjectResult made = MakeSubject({std::string(kScenery) + obliged.policy});
  ASSERT_TRUE(made.subject) << made.why;
  const Policy policy = LoadPolicy(made.subject->dumps);
  OwnedSession session(made.subject->table);
  History history;
  for (const Event& event : obliged.before) {
    history.push_back(RequestOf(event));
    session.get()->Commit(RuntimeRequest(made.subject->table, history.back()).request());
  }
  const Request request = RequestOf(obliged.request);
  const Answer oracle = Decide(policy, request, &history);
  const Answer table =
      Ask(*made.subject, RuntimeRequest(made.subject->table, request).request(), session.get());
  EXPECT_EQ(WordsRows(oracle), obliged.rows) << "the oracle: " << ToText(oracle);
  EXPECT_EQ(WordsRows(table), obliged.rows) << "the table: " << ToText(table);
  EXPECT_EQ(oracle.verdict, obliged.verdict);
  EXPECT_EQ(Difference(policy, oracle, table), "");
}

// ---- M31
constexpr const char* kSeparate = "separate order, receive per case \"Two people\"\n";
const std::vector<Event> kOrders = {{"order"}, {"receive", "bob", "2026-10-05T12:00:00Z", "2"}};
Event By(const char* capability, const char* actor, const char* item) {
  return {capability, actor, "2026-10-05T12:00:00Z", item};
}
const std::string kReceive = "separate(order, receive)/receive/separate.1";
const std::string kOrder = "separate(order, receive)/order/separate.1";
INSTANTIATE_TEST_SUITE_P(
    M31, Obligations,
    testing::Values(
        Obliged{
            "the_same_person", kSeparate, kOrders, By("receive", "ann", "1"), {kReceive}, "deny"},
        Obliged{"another_person", kSeparate, kOrders, By("receive", "bob", "1"), {}, "allow"},
        Obliged{"nobody_knows_who",
                kSeparate,
                kOrders,
                By("receive", nullptr, "1"),
                {kReceive},
                "deny"},
        Obliged{"another_case", kSeparate, kOrders, By("receive", "ann", "3"), {}, "allow"},
        Obliged{"twice_the_same", kSeparate, kOrders, By("order", "ann", "1"), {}, "allow"},
        Obliged{
            "the_other_way_round", kSeparate, kOrders, By("order", "bob", "2"), {kOrder}, "deny"},
        Obliged{"three_sides",
                "separate order, pay, receiving per case\ngroup receiving = receive, check\n",
                {{"order"}},
                By("receive", "ann", "1"),
                {"separate(order, pay, receiving)/receiving/separate.1"},
                "deny"},
        Obliged{"one_side_is_one",
                "separate order, deeds per case\ngroup deeds = pay, check\n",
                {{"pay"}},
                By("check", "ann", "1"),
                {},
                "allow"},
        Obliged{"an_event_is_noted",
                "separate order, delivered per case\n",
                {{"order"}},
                By("delivered", "ann", "1"),
                {"separate(order, delivered)/delivered/separate.1"},
                "allow"}));

// ---- M32
constexpr const char* kSequence =
    "sequence s per case { pay needs order  pay needs receive, one each, until waive  "
    "pay needs check, since order, within 2 days }\n";
const std::string kFirst = "s/pay/needs.1", kSecond = "s/pay/needs.2", kThird = "s/pay/needs.3";
constexpr const char* kYesterday = "2026-10-04T12:00:00Z";
constexpr const char* kEarlier = "2026-10-02T12:00:00Z";
INSTANTIATE_TEST_SUITE_P(
    M32, Obligations,
    testing::Values(
        Obliged{"nothing_before", kSequence, {}, {"pay"}, {kFirst, kSecond, kThird}, "deny"},
        Obliged{"all_there",
                kSequence,
                {{"order", "ann", kEarlier}, {"receive"}, {"check", "ann", kYesterday}},
                {"pay"},
                {},
                "allow"},
        Obliged{"too_long_ago",
                kSequence,
                {{"order", "ann", kEarlier}, {"receive"}, {"check", "ann", kEarlier}},
                {"pay"},
                {kThird},
                "deny"},
        Obliged{"before_what_it_follows",
                kSequence,
                {{"check"}, {"order"}, {"receive"}},
                {"pay"},
                {kThird},
                "deny"},
        Obliged{"one_each",
                kSequence,
                {{"order"}, {"receive"}, {"check"}, {"pay"}},
                {"pay"},
                {kSecond},
                "deny"},
        Obliged{
            "ended", kSequence, {{"order"}, {"waive"}, {"check"}, {"pay"}}, {"pay"}, {}, "allow"},
        Obliged{"another_case",
                kSequence,
                {{"order", "ann", kYesterday, "2"}},
                {"pay"},
                {kFirst, kSecond, kThird},
                "deny"},
        Obliged{"asks_nothing_of_others", kSequence, {{"order"}}, {"receive"}, {}, "allow"},
        Obliged{"a_threshold_is_a_window",
                "sequence s per case { pay needs check, within two_days }\n",
                {{"check", "ann", kEarlier}},
                {"pay"},
                {kFirst},
                "deny"},
        Obliged{"escalates",
                "sequence s per case { pay needs order, else escalate as conflict }\n",
                {},
                {"pay"},
                {kFirst},
                "escalate"},
        Obliged{"notes",
                "sequence s per case { pay needs order, else note }\n",
                {},
                {"pay"},
                {kFirst},
                "allow"},
        Obliged{"events_are_noted",
                "sequence s per case { delivered needs order }\n",
                {},
                {"delivered"},
                {"s/delivered/needs.1"},
                "allow"},
        Obliged{"events_count",
                "sequence s per case { pay needs delivered }\n",
                {{"delivered"}},
                {"pay"},
                {},
                "allow"},
        Obliged{"never",
                "sequence s per case when urgent { pay never }\n",
                {},
                {"pay", "ann", kYesterday, "1", "true"},
                {"s/pay/never.1"},
                "deny"},
        Obliged{"never_while_not",
                "sequence s per case when urgent { pay never }\n",
                {},
                {"pay"},
                {},
                "allow"},
        // `urgent` says `missing escalate`, what is counted is there.
        Obliged{"unknown",
                "sequence s per case { pay needs order when urgent }\n",
                {},
                {"pay", "ann", kYesterday, "1", nullptr},
                {kFirst},
                "escalate"},
        Obliged{"unknown_and_not_lacking",
                "sequence s per case { pay needs order when urgent }\n",
                {{"order"}},
                {"pay", "ann", kYesterday, "1", nullptr},
                {},
                "allow"},
        // Both count from the latest order on.
        Obliged{"one_each_since",
                "sequence s per case { pay needs receive, one each, since order }\n",
                {{"receive"}, {"pay"}, {"order"}, {"receive"}},
                {"pay"},
                {},
                "allow"},
        Obliged{"one_each_since_broken",
                "sequence s per case { pay needs receive, one each, since order }\n",
                {{"receive"}, {"receive"}, {"order"}, {"receive"}, {"pay"}},
                {"pay"},
                {kFirst},
                "deny"},
        Obliged{"each_its_own",
                "sequence s per case { pay needs check, since pay }\n",
                {{"check"}, {"pay"}},
                {"pay"},
                {kFirst},
                "deny"},
        Obliged{"an_approval",
                "role boss human\napprovals ok for order { boss }\n"
                "sequence s per case { pay needs approval ok }\n",
                {{"order"}},
                {"pay"},
                {kFirst},
                "deny"},
        Obliged{"an_approval_that_is_there",
                "role boss human\napprovals ok for order { boss }\n"
                "sequence s per case { pay needs approval ok }\n",
                {{"order"}, {"approval.ok.boss"}},
                {"pay"},
                {},
                "allow"}));

// ---- M33
constexpr const char* kApprovals =
    "role boss human\nrole aide human reports to lead\nrole bot agent\n"
    "approvals ok for order { aide unless same person as lead then lead then boss when urgent }\n"
    "delegation d { from lead to bot may pay anchor desk review every 90 days "
    "require approval ok \"Not signed.\" otherwise allow }\n";
Event Pay(const char* urgent, const char* same = nullptr) {
  return {"pay", "ann", "2026-10-05T12:00:00Z", "1", urgent, "bot", same};
}
const std::string kAide = "d/*/approval.1.aide", kLead = "d/*/approval.1.lead",
                  kBoss = "d/*/approval.1.boss", kElse = "d/*/otherwise.1";
INSTANTIATE_TEST_SUITE_P(
    M33, Obligations,
    testing::Values(
        Obliged{"nobody_yet", kApprovals, {{"order"}}, Pay("false"), {kAide, kElse}, "escalate"},
        Obliged{"the_next_one",
                kApprovals,
                {{"order"}, {"approval.ok.aide"}},
                Pay("false"),
                {kLead, kElse},
                "escalate"},
        Obliged{"the_same_person",
                kApprovals,
                {{"order"}},
                Pay("false", "true"),
                {kLead, kElse},
                "escalate"},
        Obliged{"everybody",
                kApprovals,
                {{"order"}, {"approval.ok.aide"}, {"approval.ok.lead"}},
                Pay("false"),
                {kElse},
                "allow"},
        Obliged{"one_more_is_needed",
                kApprovals,
                {{"order"}, {"approval.ok.aide"}, {"approval.ok.lead"}},
                Pay("true"),
                {kBoss, kElse},
                "escalate"},
        Obliged{"perhaps_one_more",
                kApprovals,
                {{"order"}, {"approval.ok.aide"}, {"approval.ok.lead"}},
                Pay(nullptr),
                {kBoss, kElse},
                "escalate"},
        Obliged{"a_new_order_voids_them",
                kApprovals,
                {{"approval.ok.aide"}, {"approval.ok.lead"}, {"order"}},
                Pay("false"),
                {kAide, kElse},
                "escalate"},
        Obliged{"out_of_order",
                kApprovals,
                {{"order"}, {"approval.ok.lead"}},
                Pay("false"),
                {kAide, kElse},
                "escalate"}));

// ---- M34.3 and M35
Event With(const char* capability, std::map<std::string, std::string> facts,
           const char* actor = "ann") {
  return {capability, actor,   "2026-10-05T12:00:00Z", "1", "false",
          "clerk",    nullptr, std::move(facts)};
}
Event On(const char* event, const char* day) { return {event, "ann", day}; }
constexpr const char* kHandsOver =
    "capability ask \"To a person\" { hands over to desk  input item: id }\n"
    "grant lead ask under desk\n";
INSTANTIATE_TEST_SUITE_P(M34, Obligations,
                         testing::Values(Obliged{
                             "the_anchor_hears_of_it",
                             kHandsOver,
                             {},
                             {"ask", "ann", "2026-10-05T12:00:00Z", "1", "false", "lead"},
                             {"hands_over(ask)/ask/notify.1"},
                             "allow"}));

constexpr const char* kMemory =
    "role person party\n"
    "consent ok over pii { by person  lasts 365 days }\n"
    "capability recall { kind recall risk read_only system s input item: id }\n"
    "grant lead recall under desk\n"
    "memory m { class pii  tier semantic  consent ok  written by order  recalled by recall\n"
    "  decay when unused 180 days  flag to desk\n"
    "  decay when contradicted 2 times  demote\n"
    "  decay when unused 365 days  expire }\n";
Event Recall(const char* unused, const char* contradicted = "0") {
  Event event = With("recall", {{"memory.m.contradicted", contradicted}});
  event.role = "lead";
  if (unused != nullptr) event.facts["memory.m.unused"] = unused;
  return event;
}
const char* const kGiven = "consent.ok.given";
const char* const kRevoked = "consent.ok.revoked";
INSTANTIATE_TEST_SUITE_P(
    M35, Obligations,
    testing::Values(
        Obliged{"never_asked", kMemory, {}, Recall("0 hours"), {"m/recall/consent.1"}, "deny"},
        Obliged{
            "given", kMemory, {On(kGiven, "2026-06-27T12:00:00Z")}, Recall("0 hours"), {}, "allow"},
        Obliged{"ended",
                kMemory,
                {On(kGiven, "2025-10-04T12:00:00Z")},
                Recall("0 hours"),
                {"m/recall/consent.1"},
                "deny"},
        Obliged{"revoked",
                kMemory,
                {On(kGiven, "2026-06-27T12:00:00Z"), On(kRevoked, "2026-10-05T11:59:00Z")},
                Recall("0 hours"),
                {"m/recall/consent.1"},
                "deny"},
        Obliged{"given_again",
                kMemory,
                {On(kGiven, "2026-06-27T12:00:00Z"), On(kRevoked, "2026-06-28T12:00:00Z"),
                 On(kGiven, "2026-06-29T12:00:00Z")},
                Recall("0 hours"),
                {},
                "allow"},
        Obliged{"not_even_written", kMemory, {}, {"order"}, {"m/order/consent.1"}, "deny"}));

// ---- M36
const std::vector<Event> kAgreed = {On("consent.ok.given", "2026-06-27T12:00:00Z")};
INSTANTIATE_TEST_SUITE_P(
    M36, Obligations,
    testing::Values(
        Obliged{"fresh", kMemory, kAgreed, Recall("240 hours"), {}, "allow"},
        Obliged{"flagged", kMemory, kAgreed, Recall("4320 hours"), {"m/recall/decay.1"}, "allow"},
        Obliged{"expired",
                kMemory,
                kAgreed,
                Recall("8760 hours"),
                {"m/recall/decay.1", "m/recall/decay.3"},
                "deny"},
        Obliged{"contradicted",
                kMemory,
                kAgreed,
                Recall("0 hours", "2"),
                {"m/recall/decay.2"},
                "escalate"},
        Obliged{"nobody_knows",
                kMemory,
                kAgreed,
                Recall(nullptr),
                {"m/recall/decay.1", "m/recall/decay.3"},
                "deny"}));

// ---- M37
constexpr const char* kPromotion =
    "promotion p from draft to approved in vault {\n"
    "  draft -> proposed by order, with 2 sources\n"
    "  proposed -> draft by check\n"
    "  proposed -> approved by pay, not author\n"
    "  approved -> draft by waive }\n";
Event Step(const char* capability, const char* actor, const char* sources = "2") {
  return With(capability, {{"promotion.p.sources", sources}}, actor);
}
INSTANTIATE_TEST_SUITE_P(
    M37, Obligations,
    testing::Values(
        Obliged{"proposed", kPromotion, {}, Step("order", "ann"), {}, "allow"},
        Obliged{
            "one_source", kPromotion, {}, Step("order", "ann", "1"), {"p/order/sources.1"}, "deny"},
        Obliged{"not_proposed", kPromotion, {}, Step("pay", "bob"), {"p/pay/step.1"}, "deny"},
        Obliged{"the_author",
                kPromotion,
                {Step("order", "ann")},
                Step("pay", "ann"),
                {"p/pay/author.1"},
                "deny"},
        Obliged{"another", kPromotion, {Step("order", "ann")}, Step("pay", "bob"), {}, "allow"},
        Obliged{"sent_back",
                kPromotion,
                {Step("order", "ann"), Step("check", "bob")},
                Step("pay", "bob"),
                {"p/pay/step.1"},
                "deny"},
        Obliged{"taken_out",
                kPromotion,
                {Step("order", "ann"), Step("pay", "bob")},
                Step("waive", "cho"),
                {},
                "allow"},
        Obliged{"once_more",
                kPromotion,
                {Step("order", "ann"), Step("pay", "bob"), Step("waive", "cho")},
                Step("order", "ann"),
                {},
                "allow"},
        Obliged{"beside_it",
                "promotion p from draft to approved in s {\n"
                "  draft -> proposed by order, with 2 sources\n"
                "  proposed -> approved by pay, not author\n"
                "  approved -> draft by waive }\n",
                {},
                {"receive"},
                {"p/receive/outside.1"},
                "deny"}));

// ---- M38
constexpr const char* kBudget = "budget run { calls 2  cost 3.00 EUR  on exhausted escalate }\n";
Event Spending(const char* cost) {
  Event event = With("order", {{"session", "\"s\""}});
  if (cost != nullptr) event.facts["budget.run.cost"] = cost;
  return event;
}
const std::string kCalls = "run/*/budget.1", kCost = "run/*/budget.2";
INSTANTIATE_TEST_SUITE_P(
    M38, Obligations,
    testing::Values(
        Obliged{"enough", kBudget, {Spending("0 EUR")}, Spending("2.99 EUR"), {}, "allow"},
        Obliged{"two_calls",
                kBudget,
                {Spending("0 EUR"), Spending("0 EUR")},
                Spending("0 EUR"),
                {kCalls},
                "escalate"},
        Obliged{"spent", kBudget, {}, Spending("3.00 EUR"), {kCost}, "escalate"},
        Obliged{"nobody_knows", kBudget, {}, Spending(nullptr), {kCost}, "deny"}));

}  // namespace
}  // namespace writ::oracle
