// An airline's service desk: 340 recorded conversations of agents under two versions of the desk's
// written rules, and the actions that the tasks' authors think right.
#include "rules_broken.h"
#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

// What breaks which rule: runs in all, without reward, with one though the task cannot be done
// right otherwise; tasks whose right actions break it.
constexpr RuleCounts kAirlineFirst[] = {
    {"One call at a time.", {{0, 0, 0, 0}}},
    {"Either talk or act, not both in one breath.", {{61, 37, 0, 0}}},
    {"The agent goes in circles: a person takes over.", {{0, 0, 0, 0}}},
    {"The customer has to give the user id.", {{4, 3, 0, 0}}},
    {"Say what will be done, and get a yes.", {{25, 21, 0, 0}}},
    {"There is no such reservation.", {{0, 0, 0, 0}}},
    {"Look the reservation up first.", {{4, 4, 0, 0}}},
    {"Look up the customer and the flights first.", {{4, 3, 0, 0}}},
    {"At most five travellers in one booking.", {{0, 0, 0, 0}}},
    {"At most one certificate, one credit card and three gift cards.", {{3, 3, 0, 0}}},
    {"Pay only with what stands in the customer's profile.", {{0, 0, 0, 0}}},
    {"A flight is not on sale, or has too few seats.", {{13, 9, 0, 0}}},
    {"The flights do not make this trip.", {{2, 2, 0, 0}}},
    {"Charge exactly the bags beyond the free ones.", {{11, 11, 0, 2}}},
    {"The payments do not add up.", {{13, 12, 0, 0}}},
    {"Basic economy keeps its flights.", {{6, 5, 0, 0}}},
    {"Places and kind of trip stay as booked.", {{9, 8, 0, 1}}},
    {"Settle the difference by one credit or gift card of the customer's.", {{7, 3, 0, 0}}},
    {"Part of the trip is flown: the cabin stays.", {{0, 0, 0, 0}}},
    {"Bags can be added, not taken away.", {{0, 0, 0, 0}}},
    {"Nobody can change the number of travellers.", {{0, 0, 0, 0}}},
    {"Part of the trip is flown: a person takes over.", {{17, 13, 4, 2}}},
    {"No ground for cancelling.", {{29, 24, 5, 5}}},
    {"Look the customer up first.", {{0, 0, 0, 0}}},
    {"Plain customers without insurance get no gesture.", {{2, 2, 0, 0}}},
    {"100 USD each for a cancelled trip; 50 USD each for a late one that was changed or cancelled.",
     {{8, 3, 5, 3}}},
};

constexpr RuleCounts kAirlineSecond[] = {
    {"One call at a time.", {{73, 48, 0, 0}}},
    {"Either talk or act, not both in one breath.", {{0, 0, 0, 0}}},
    {"The agent goes in circles: a person takes over.", {{3, 3, 0, 0}}},
    {"The customer has to give the user id.", {{1, 1, 0, 0}}},
    {"Say what will be done, and get a yes.", {{12, 10, 0, 0}}},
    {"There is no such reservation.", {{0, 0, 0, 0}}},
    {"Look the reservation up first.", {{9, 9, 0, 0}}},
    {"Look up the customer and the flights first.", {{11, 10, 0, 0}}},
    {"At most five travellers in one booking.", {{0, 0, 0, 0}}},
    {"At most one certificate, one credit card and three gift cards.", {{0, 0, 0, 0}}},
    {"Pay only with what stands in the customer's profile.", {{8, 8, 0, 0}}},
    {"A flight is not on sale, or has too few seats.", {{2, 2, 0, 0}}},
    {"The flights do not make this trip.", {{8, 7, 0, 0}}},
    {"Charge exactly the bags beyond the free ones.", {{7, 7, 0, 1}}},
    {"The payments do not add up.", {{14, 12, 0, 0}}},
    {"Basic economy keeps its flights.", {{2, 2, 0, 0}}},
    {"Places and kind of trip stay as booked.", {{7, 6, 1, 1}}},
    {"Settle the difference by one credit or gift card of the customer's.", {{2, 2, 0, 0}}},
    {"Part of the trip is flown: the cabin stays.", {{0, 0, 0, 0}}},
    {"Bags can be added, not taken away.", {{1, 1, 0, 0}}},
    {"Nobody can change the number of travellers.", {{3, 3, 0, 0}}},
    {"Part of the trip is flown: a person takes over.", {{8, 7, 1, 2}}},
    {"No ground for cancelling.", {{21, 18, 1, 3}}},
    {"Look the customer up first.", {{2, 2, 0, 0}}},
    {"Plain customers without insurance get no gesture.", {{2, 2, 0, 0}}},
    {"100 USD each for a cancelled trip; 50 USD each for a late one that was changed or cancelled.",
     {{7, 6, 1, 3}}},
};

class Airline : public Workspace {};

TEST_F(Airline, FindsWhatBreaksTheWrittenRules) {
  const std::string runs = SharedCorpus("tau_airline/runs.jsonl.xz");
  if (runs.empty())
    GTEST_SKIP() << "the airline corpus is not here; set WRIT_CORPORA to the folder that has it";
  const Result imported =
      ImportWithBooks(runs, Source("corpora/tau_airline/airline.sql"), "tau_airline",
                      {"users", "reservations", "flights"}, Path("airline.db"));
  ASSERT_EQ(imported.exit, 0) << imported.err;

  const std::set<std::string> writes = {"book_reservation",
                                        "cancel_reservation",
                                        "update_reservation_flights",
                                        "update_reservation_baggages",
                                        "update_reservation_passengers",
                                        "send_certificate"};
  constexpr std::string_view kAboutWhat = "At most five travellers in one booking.";
  Replayed first(Source("policies/airline_desk.writ"), Path("airline.db"), evals::Horizon::kEvent);
  ASSERT_TRUE(first.ok()) << first.error();
  const Decided by_first = ExpectBroken(RulesBroken(first, "first"), kAirlineFirst, kAboutWhat,
                                        {66, 52, 14, 12}, writes);
  Replayed second(Source("policies/airline_desk_next.writ"), Path("airline.db"),
                  evals::Horizon::kEvent);
  ASSERT_TRUE(second.ok()) << second.error();
  const Decided by_second = ExpectBroken(RulesBroken(second, "second"), kAirlineSecond, kAboutWhat,
                                         {39, 33, 4, 10}, writes);
  EXPECT_EQ(by_first.calls + by_second.calls, 485u);
  // What the API refused and the policy does not: balances that do not suffice, of which the rules
  // do not speak.
  EXPECT_EQ(by_first.refused - by_first.refused_stopped, 3u);
  EXPECT_EQ(by_second.refused - by_second.refused_stopped, 3u);

  const Result gate = Writ({"gate", Source("policies/airline_desk.gate.yaml"), "--corpus",
                            Path("airline.db"), "--as-of", "2026-11-21"});
  EXPECT_EQ(gate.exit, 0) << gate.out << gate.err;
}

}  // namespace
}  // namespace writ::e2e
