// M45, M46 and M49 to M52 by hand: what may leave, what an anchor answers for, what comes between
// the steps of a run, and which models act alone.
#include "obliged.h"

namespace writ::oracle {
namespace {

class Limits : public testing::TestWithParam<Obliged> {};

TEST_P(Limits, OracleAndTableAgreeWithThePage) { Check(GetParam()); }

// ---- M45
constexpr const char* kMail =
    "channel mail { carries up to internal }\n"
    "channel letters { carries up to confidential  above escalate }\n"
    "capability tell { kind act risk network input item: id verify with look sends on mail, "
    "letters }\n"
    "grant lead tell under desk\n";
Event Told(const char* data_class) {
  Event event;
  event.capability = "tell";
  event.role = "lead";
  if (data_class != nullptr) event.facts["content.class"] = data_class;
  return event;
}
const std::string kByMail = "mail/tell/carries.1", kByLetter = "letters/tell/carries.1";
INSTANTIATE_TEST_SUITE_P(
    M45, Limits,
    testing::Values(Obliged{"everybody_s", kMail, {}, Told("public"), {}, "allow"},
                    Obliged{"the_house_s", kMail, {}, Told("internal"), {}, "allow"},
                    Obliged{"a_secret", kMail, {}, Told("confidential"), {kByMail}, "deny"},
                    Obliged{"a_customer_s", kMail, {}, Told("pii"), {kByMail, kByLetter}, "deny"},
                    Obliged{
                        "nobody_says", kMail, {}, Told(nullptr), {kByMail, kByLetter}, "deny"}));

// ---- M46
constexpr const char* kWeekly =
    "capability refund { kind act risk destructive input item: id, sum: money(EUR) in 0..1_000 "
    "verify with look }\n"
    "grant lead refund under desk\n"
    "exposure weekly of desk { sums sum of refund  within 7 days  up to 500 EUR  above escalate "
    "}\n";
Event Refunded(const char* sum, const char* when) {
  Event event;
  event.capability = "refund";
  event.role = "lead";
  event.now = when;
  event.item = "2";  // another case
  event.facts["sum"] = sum;
  return event;
}
const std::string kWeek = "weekly/refund/exposure.1";
constexpr const char* kNow = "2026-10-05T12:00:00Z";
INSTANTIATE_TEST_SUITE_P(M46, Limits,
                         testing::Values(Obliged{"within_it",
                                                 kWeekly,
                                                 {Refunded("400 EUR", "2026-10-01T12:00:00Z")},
                                                 Refunded("100 EUR", kNow),
                                                 {},
                                                 "allow"},
                                         Obliged{"above_it",
                                                 kWeekly,
                                                 {Refunded("400 EUR", "2026-10-01T12:00:00Z")},
                                                 Refunded("100.01 EUR", kNow),
                                                 {kWeek},
                                                 "escalate"},
                                         Obliged{"long_ago",
                                                 kWeekly,
                                                 {Refunded("400 EUR", "2026-09-27T12:00:00Z")},
                                                 Refunded("500 EUR", kNow),
                                                 {},
                                                 "allow"}));

constexpr const char* kAsked =
    "exposure often of desk { counts approvals  within 1 day  up to 2  above deny }\n";
Event Asked(const char* when) {
  Event event;
  event.capability = "asked.desk";
  event.now = when;
  event.item = "2";
  return event;
}
const Event kMorning = Asked("2026-10-05T09:00:00Z"), kYesterday = Asked("2026-10-04T09:00:00Z");
INSTANTIATE_TEST_SUITE_P(
    M46Asked, Limits,
    testing::Values(
        Obliged{"asked_once", kAsked, {kMorning}, {"pay"}, {}, "allow"},
        Obliged{
            "asked_twice", kAsked, {kMorning, kMorning}, {"pay"}, {"often/pay/asked.1"}, "deny"},
        Obliged{"not_today", kAsked, {kYesterday, kMorning}, {"pay"}, {}, "allow"}));

// ---- M49
constexpr const char* kHook =
    "hook screen before pay { runs \"checks/screen\"  passes fine  on odd escalate  on bad deny "
    "}\n";
Event Screened(const char* result) {
  Event event;
  event.capability = "pay";
  if (result != nullptr) event.facts["hook.screen"] = result;
  return event;
}
const std::string kOdd = "screen/pay/hook.1", kBad = "screen/pay/hook.2";
INSTANTIATE_TEST_SUITE_P(
    M49, Limits,
    testing::Values(Obliged{"fine", kHook, {}, Screened("fine"), {}, "allow"},
                    Obliged{"odd", kHook, {}, Screened("odd"), {kOdd}, "escalate"},
                    Obliged{"bad", kHook, {}, Screened("bad"), {kBad}, "deny"},
                    Obliged{"no_answer", kHook, {}, Screened(nullptr), {kOdd, kBad}, "deny"}));

// ---- M50
constexpr const char* kSaved = "checkpoint saved after check\n";
Event InSession(const char* capability) {
  Event event;
  event.capability = capability;
  event.facts["session"] = "\"s\"";
  return event;
}
const Event kCheck = InSession("check"), kTaken = InSession("checkpoint.saved");
const std::string kDue = "saved/*/checkpoint.1";
INSTANTIATE_TEST_SUITE_P(
    M50, Limits,
    testing::Values(
        Obliged{"nothing_judged", kSaved, {}, InSession("pay"), {}, "allow"},
        Obliged{"not_saved", kSaved, {kCheck}, InSession("pay"), {kDue}, "deny"},
        Obliged{"looks_on", kSaved, {kCheck}, InSession("look"), {}, "allow"},
        Obliged{"saved", kSaved, {kCheck, kTaken}, InSession("pay"), {}, "allow"},
        Obliged{"again", kSaved, {kCheck, kTaken, kCheck}, InSession("pay"), {kDue}, "deny"}));

// ---- M51
constexpr const char* kKeeps = "compaction keeps rules, consents\n";
Event Lost(const char* capability, const char* rules, const char* consents) {
  Event event;
  event.capability = capability;
  if (rules != nullptr) event.facts["compaction.lost.rules"] = rules;
  if (consents != nullptr) event.facts["compaction.lost.consents"] = consents;
  return event;
}
const std::string kRules = "compaction/*/keeps.1", kConsents = "compaction/*/keeps.2";
INSTANTIATE_TEST_SUITE_P(
    M51, Limits,
    testing::Values(
        Obliged{"nothing", kKeeps, {}, Lost("pay", "false", "false"), {}, "allow"},
        Obliged{"rules", kKeeps, {}, Lost("pay", "true", "false"), {kRules}, "deny"},
        Obliged{"consents", kKeeps, {}, Lost("order", "false", "true"), {kConsents}, "deny"},
        Obliged{"unknown", kKeeps, {}, Lost("pay", "false", nullptr), {kConsents}, "deny"},
        Obliged{"looks_on", kKeeps, {}, Lost("look", "true", "true"), {}, "allow"}));

// ---- M52
constexpr const char* kModels =
    "role bot agent\n"
    "models { class untried  class tried \"small-2\"  class proven \"large-1\"\n"
    "  acts alone from tried  acts alone from proven for waive else deny }\n"
    "delegation bots { from lead to bot  may freely look  may pay, waive\n"
    "  anchor desk  review every 90 days  limit not urgent }\n";
Event By(const char* role, const char* capability, const char* model) {
  Event event;
  event.role = role;
  event.capability = capability;
  if (model != nullptr) event.facts["model"] = model;
  return event;
}
const std::string kNotAlone = "models/*/alone.1", kNotThis = "models/waive/alone.1";
INSTANTIATE_TEST_SUITE_P(
    M52, Limits,
    testing::Values(
        Obliged{"proven", kModels, {}, By("bot", "pay", "large-1"), {}, "allow"},
        Obliged{"by_its_class", kModels, {}, By("bot", "waive", "proven"), {}, "allow"},
        Obliged{"tried", kModels, {}, By("bot", "pay", "small-2"), {}, "allow"},
        Obliged{"not_for_this", kModels, {}, By("bot", "waive", "small-2"), {kNotThis}, "deny"},
        Obliged{"another", kModels, {}, By("bot", "pay", "small-9"), {kNotAlone}, "escalate"},
        Obliged{"nobody_says", kModels, {}, By("bot", "pay", nullptr), {kNotAlone}, "escalate"},
        Obliged{"both", kModels, {}, By("bot", "waive", "small-9"), {kNotAlone, kNotThis}, "deny"},
        Obliged{"looks", kModels, {}, By("bot", "look", "small-9"), {}, "allow"},
        Obliged{"a_person", kModels, {}, By("clerk", "pay", "small-9"), {}, "allow"}));

}  // namespace
}  // namespace writ::oracle
