// M45 and M46 by hand: what may leave, and what an anchor answers for.
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

}  // namespace
}  // namespace writ::oracle
