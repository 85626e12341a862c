// M31 to M42 by hand: which rows of a larger word hold after a few committed events.
#include "obliged.h"

namespace writ::oracle {
namespace {

class Obligations : public testing::TestWithParam<Obliged> {};

TEST_P(Obligations, OracleAndTableAgreeWithThePage) { Check(GetParam()); }

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

// ---- M39 and M41
constexpr const char* kCompute =
    "sandbox box \"Held\" { image "
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef  cpu 1  memory 1GiB  "
    "processes 8  time 1 minutes  network none  mounts none }\n"
    "threshold again = 2\n"
    "capability compute { kind observe  risk read_only  input item: id  runs code in box\n"
    "  retry again times within 1 hours  dead letters to desk }\n"
    "grant lead compute under desk\n";
Event Compute(const char* held, const char* tried) {
  Event event = With("compute", {});
  event.role = "lead";
  if (held != nullptr) event.facts["sandbox.box"] = held;
  if (tried != nullptr) event.facts["retry.compute.tried"] = tried;
  return event;
}
const std::string kBox = "runs_code(compute)/compute/sandbox.1";
const std::string kRetry = "retry(compute)/compute/retry.1";
INSTANTIATE_TEST_SUITE_P(
    M39, Obligations,
    testing::Values(
        Obliged{"inside", kCompute, {}, Compute("true", "0"), {}, "allow"},
        Obliged{"outside", kCompute, {}, Compute("false", "0"), {kBox}, "deny"},
        Obliged{"nobody_knows", kCompute, {}, Compute(nullptr, "0"), {kBox}, "deny"},
        Obliged{"the_last_retry", kCompute, {}, Compute("true", "2"), {}, "allow"},
        Obliged{"a_dead_letter", kCompute, {}, Compute("true", "3"), {kRetry}, "escalate"},
        Obliged{"nobody_counted", kCompute, {}, Compute("true", nullptr), {kRetry}, "deny"}));

// ---- M40
constexpr const char* kSkill =
    "skill k 1.0.0 for clerk { uses look, order\n"
    "  pins sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
    "  tested by \"suites/k\" }\n"
    "grant lead look, order under desk\n";
Event BySkill(const char* skill, const char* capability, const char* role) {
  Event event = With(capability, {});
  event.role = role;
  if (skill != nullptr) event.facts["skill.k"] = skill;
  return event;
}
const std::string kOthers = "k/*/skill.1", kUses = "k/look+order/skill.1";
INSTANTIATE_TEST_SUITE_P(
    M40, Obligations,
    testing::Values(
        Obliged{"its_own", kSkill, {}, BySkill("true", "order", "clerk"), {}, "allow"},
        Obliged{"nothing_else", kSkill, {}, BySkill("true", "pay", "clerk"), {kOthers}, "deny"},
        Obliged{"nobody_else", kSkill, {}, BySkill("true", "order", "lead"), {kUses}, "deny"},
        Obliged{"without_it", kSkill, {}, BySkill("false", "pay", "clerk"), {}, "allow"},
        Obliged{"his_anyway", kSkill, {}, BySkill(nullptr, "order", "clerk"), {}, "allow"},
        Obliged{"nobody_knows", kSkill, {}, BySkill(nullptr, "pay", "clerk"), {kOthers}, "deny"}));

// ---- M42
constexpr const char* kBreaker =
    "breaker b { for pay  trips after 2 failures within 5 minutes  while open deny }\n";
Event Failed(const char* when) {
  Event event = On("breaker.b.failed", when);
  event.item = "2";  // another case
  return event;
}
const std::string kOpen = "b/pay/breaker.1";
INSTANTIATE_TEST_SUITE_P(
    M42, Obligations,
    testing::Values(
        Obliged{"closed", kBreaker, {Failed("2026-10-05T11:59:00Z")}, {"pay"}, {}, "allow"},
        Obliged{"open",
                kBreaker,
                {Failed("2026-10-05T11:56:00Z"), Failed("2026-10-05T11:59:00Z")},
                {"pay"},
                {kOpen},
                "deny"},
        Obliged{"closes_by_itself",
                kBreaker,
                {Failed("2026-10-05T11:54:00Z"), Failed("2026-10-05T11:59:00Z")},
                {"pay"},
                {},
                "allow"},
        Obliged{"taken_into_service",
                kBreaker,
                {Failed("2026-10-05T11:56:00Z"), Failed("2026-10-05T11:59:00Z"),
                 On("breaker.b.reset", "2026-10-05T11:59:30Z")},
                {"pay"},
                {},
                "allow"},
        Obliged{"nothing_else",
                kBreaker,
                {Failed("2026-10-05T11:56:00Z"), Failed("2026-10-05T11:59:00Z")},
                {"order"},
                {},
                "allow"}));

}  // namespace
}  // namespace writ::oracle
