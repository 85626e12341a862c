// M9 by hand: what meters hold after a few committed events, seen through a clause that denies one
// value.
#include <gtest/gtest.h>

#include "differential/compare.h"
#include "differential/subject.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {
namespace {

constexpr const char* kScenery = R"(policy test.meters 1.0.0
role lead human
role bot agent
anchor desk { held by lead deputies lead absorbs legal reached by "q" within 4 hours on silence deny }
capability look { kind observe risk read_only system s input order: id }
capability pay { kind act risk destructive system s input order: id, amount: money(EUR) in 0..1_000 optional verify with look }
group deeds = pay, look
event returned from s
delegation d { from lead to bot may freely look may pay anchor desk review every 90 days for pay { limit not asked } }
)";

struct Event {
  const char* capability;
  const char* now;  // on 2026-10-05
  const char* order;
  const char* amount;  // null: not given
};

struct Metered {
  const char* name;
  const char* meter;  // "asked" is true where the meter has the value that is expected
  std::vector<Event> before;
  Event request;
  bool asked;
};

Request RequestOf(const Event& event) {
  Request request;
  request.capability = event.capability;
  request.role = "bot";
  request.now_ms = *ParseInstant(std::string("2026-10-05T") + event.now + "Z");
  request.facts["order"] = {std::string("\"") + event.order + "\"", false};
  request.facts["agent"] = {"\"a\"", false};
  request.facts["case"] = {std::string("\"") + event.order + "\"", false};
  if (event.amount != nullptr) request.facts["amount"] = {event.amount, false};
  return request;
}

void PrintTo(const Metered& metered, std::ostream* out) { *out << metered.name; }

class Meters : public testing::TestWithParam<Metered> {};

TEST_P(Meters, OracleAndTableCountByHand) {
  const Metered& metered = GetParam();
  const SubjectResult made = MakeSubject({std::string(kScenery) + metered.meter});
  ASSERT_TRUE(made.subject) << made.why;
  const Policy policy = LoadPolicy(made.subject->dumps);
  OwnedSession session(made.subject->table);
  History history;
  for (const Event& event : metered.before) {
    history.push_back(RequestOf(event));
    session.get()->Commit(RuntimeRequest(made.subject->table, history.back()).request());
  }
  const Request request = RequestOf(metered.request);
  const Answer oracle = Decide(policy, request, &history);
  const Answer table =
      Ask(*made.subject, RuntimeRequest(made.subject->table, request).request(), session.get());
  const std::string wanted = metered.asked ? "escalate" : "allow";
  EXPECT_EQ(oracle.verdict, wanted) << "the oracle: " << ToText(oracle);
  EXPECT_EQ(table.verdict, wanted) << "the table: " << ToText(table);
}

const std::vector<Event> kTwoPays = {{"pay", "10:00:00", "A", "20 EUR"},
                                     {"pay", "11:00:00", "A", "30 EUR"},
                                     {"look", "11:30:00", "A", nullptr},
                                     {"pay", "11:45:00", "B", "500 EUR"}};
const std::vector<Event> kThreePays = {{"pay", "10:00:00", "A", "20 EUR"},
                                       {"pay", "11:00:00", "A", "30 EUR"},
                                       {"pay", "11:30:00", "A", "20 EUR"}};
const Event kNow = {"pay", "12:00:00", "A", "7 EUR"};

INSTANTIATE_TEST_SUITE_P(
    M9, Meters,
    testing::Values(
        Metered{"count_per_case", "meter m = count pay per case\nlet asked = m = 2", kTwoPays, kNow,
                true},
        Metered{"count_including_this",
                "meter m = count pay per case including this\nlet asked = m = 3", kTwoPays, kNow,
                true},
        Metered{"count_of_a_group", "meter m = count deeds per case\nlet asked = m = 3", kTwoPays,
                kNow, true},
        Metered{"count_in_the_window",
                "meter m = count pay per case within 1 hours\nlet asked = m = 1", kTwoPays, kNow,
                true},
        Metered{"window_includes_its_border",
                "meter m = count pay per case within 2 hours\nlet asked = m = 2", kTwoPays, kNow,
                true},
        Metered{"sum_per_case", "meter m = sum pay.amount per case\nlet asked = m = 50 EUR",
                kTwoPays, kNow, true},
        Metered{"sum_including_this",
                "meter m = sum pay.amount per case including this\nlet asked = m = 57 EUR",
                kTwoPays, kNow, true},
        Metered{"sum_per_agent",
                "meter m = sum pay.amount per agent within 1 days\nlet asked = m = 550 EUR",
                kTwoPays, kNow, true},
        Metered{"exists_starts_at_false",
                "meter m = exists pay per case\nlet asked = not m",
                {},
                kNow,
                true},
        Metered{"exists", "meter m = exists pay per case\nlet asked = m", kTwoPays, kNow, true},
        Metered{"last_starts_missing",
                "meter m = last pay per case\nlet asked = m is missing",
                {},
                kNow,
                true},
        Metered{"last", "meter m = last pay per case\nlet asked = m = 2026-10-05T11:00:00Z",
                kTwoPays, kNow, true},
        Metered{"last_input", "meter m = last pay.amount per case\nlet asked = m = 30 EUR",
                kTwoPays, kNow, true},
        Metered{"last_including_this",
                "meter m = last pay.amount per case including this\nlet asked = m = 7 EUR",
                kTwoPays, kNow, true},
        Metered{"missing_input_now",
                "meter m = sum pay.amount per case including this\nlet asked = m is missing",
                kTwoPays,
                {"pay", "12:00:00", "A", nullptr},
                true},
        Metered{"missing_input_before",
                "meter m = sum pay.amount per case\nlet asked = m is missing",
                {{"pay", "10:00:00", "A", nullptr}},
                kNow,
                true},
        Metered{"first_starts_missing",
                "meter m = first pay per case\nlet asked = m is missing",
                {},
                kNow,
                true},
        Metered{"first", "meter m = first pay per case\nlet asked = m = 2026-10-05T10:00:00Z",
                kTwoPays, kNow, true},
        Metered{"first_in_the_window",
                "meter m = first pay.amount per case within 1 hours\nlet asked = m = 30 EUR",
                kTwoPays, kNow, true},
        Metered{"distinct_starts_at_zero",
                "meter m = distinct pay.amount per case\nlet asked = m = 0",
                {},
                kNow,
                true},
        Metered{"distinct", "meter m = distinct pay.amount per case\nlet asked = m = 2", kThreePays,
                kNow, true},
        Metered{"distinct_ids",
                "meter m = distinct pay.order per agent within 1 days\n"
                "let asked = m = 2",
                kTwoPays, kNow, true},
        Metered{"distinct_including_this",
                "meter m = distinct pay.amount per case including this\nlet asked = m = 3",
                kThreePays, kNow, true},
        Metered{"distinct_including_what_was_there",
                "meter m = distinct pay.amount per case including this\nlet asked = m = 2",
                kThreePays,
                {"pay", "12:00:00", "A", "30 EUR"},
                true},
        Metered{"distinct_in_the_window",
                "meter m = distinct pay.amount per case within 30 minutes\nlet asked = m = 1",
                kThreePays, kNow, true},
        Metered{"distinct_of_what_was_missing",
                "meter m = distinct pay.amount per case\nlet asked = m is missing",
                {{"pay", "10:00:00", "A", nullptr}},
                kNow,
                true},
        Metered{"done", "let asked = done(pay) = 2", kTwoPays, kNow, true},
        Metered{"since_nothing_yet",
                "meter m = count pay per case since returned\nlet asked = m = 2", kTwoPays, kNow,
                true},
        Metered{"since_the_latest", "meter m = count pay per case since look\nlet asked = m = 0",
                kTwoPays, kNow, true},
        Metered{"since_then_more",
                "meter m = sum pay.amount per case since look\nlet asked = m = 4 EUR",
                {{"pay", "10:00:00", "A", "20 EUR"},
                 {"look", "11:30:00", "A", nullptr},
                 {"pay", "11:45:00", "A", "3 EUR"},
                 {"pay", "11:50:00", "A", "1 EUR"}},
                kNow,
                true},
        Metered{"since_goes_by_the_order_of_commits",
                "meter m = count pay per case since look within 2 hours\nlet asked = m = 1",
                {{"pay", "11:00:00", "A", "20 EUR"},
                 {"look", "11:30:00", "A", nullptr},
                 {"pay", "11:20:00", "A", "3 EUR"}},
                kNow,
                true},
        Metered{"since_has_keys",
                "meter m = last pay.amount per case since look\nlet asked = m = 20 EUR",
                {{"pay", "10:00:00", "A", "20 EUR"}, {"look", "11:30:00", "B", nullptr}},
                kNow,
                true},
        Metered{"own", "let asked = own(pay) is missing", kTwoPays, kNow, true},
        Metered{"done_is_not_more", "let asked = done(pay) > 2", kTwoPays, kNow, false}));

}  // namespace
}  // namespace writ::oracle
