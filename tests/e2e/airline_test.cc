// An airline's service desk: 340 recorded conversations of agents under two versions of the desk's
// written rules, and the actions that the tasks' authors think right.
#include <algorithm>
#include <array>
#include <string_view>

#include "rules_broken.h"
#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

const std::set<std::string> kWrites = {"book_reservation",
                                       "cancel_reservation",
                                       "update_reservation_flights",
                                       "update_reservation_baggages",
                                       "update_reservation_passengers",
                                       "send_certificate"};

// Runs inside a rule's rows: in all, without reward, with a reward though the task cannot be done
// right without breaking the rule; and tasks whose right actions break it.
struct Expected {
  const char* reason;
  std::array<std::size_t, 4> first, second;
};

constexpr Expected kRules[] = {
    {"One call at a time.", {{0, 0, 0, 0}}, {{73, 48, 0, 0}}},
    {"Either talk or act, not both in one breath.", {{61, 37, 0, 0}}, {{0, 0, 0, 0}}},
    {"The agent goes in circles: a person takes over.", {{0, 0, 0, 0}}, {{3, 3, 0, 0}}},
    {"The customer has to give the user id.", {{4, 3, 0, 0}}, {{1, 1, 0, 0}}},
    {"Say what will be done, and get a yes.", {{25, 21, 0, 0}}, {{12, 10, 0, 0}}},
    {"There is no such reservation.", {{0, 0, 0, 0}}, {{0, 0, 0, 0}}},
    {"Look the reservation up first.", {{4, 4, 0, 0}}, {{9, 9, 0, 0}}},
    {"Look up the customer and the flights first.", {{4, 3, 0, 0}}, {{11, 10, 0, 0}}},
    {"At most five travellers in one booking.", {{0, 0, 0, 0}}, {{0, 0, 0, 0}}},
    {"At most one certificate, one credit card and three gift cards.",
     {{3, 3, 0, 0}},
     {{0, 0, 0, 0}}},
    {"Pay only with what stands in the customer's profile.", {{0, 0, 0, 0}}, {{8, 8, 0, 0}}},
    {"A flight is not on sale, or has too few seats.", {{13, 9, 0, 0}}, {{2, 2, 0, 0}}},
    {"The flights do not make this trip.", {{2, 2, 0, 0}}, {{8, 7, 0, 0}}},
    {"Charge exactly the bags beyond the free ones.", {{11, 11, 0, 2}}, {{7, 7, 0, 2}}},
    {"The payments do not add up.", {{13, 12, 0, 0}}, {{14, 12, 0, 0}}},
    {"Basic economy keeps its flights.", {{6, 5, 0, 0}}, {{2, 2, 0, 0}}},
    {"Places and kind of trip stay as booked.", {{9, 8, 0, 1}}, {{7, 6, 1, 4}}},
    {"Settle the difference by one credit or gift card of the customer's.",
     {{7, 3, 0, 0}},
     {{2, 2, 0, 0}}},
    {"Part of the trip is flown: the cabin stays.", {{0, 0, 0, 0}}, {{0, 0, 0, 0}}},
    {"Bags can be added, not taken away.", {{0, 0, 0, 0}}, {{1, 1, 0, 0}}},
    {"Nobody can change the number of travellers.", {{0, 0, 0, 0}}, {{3, 3, 0, 0}}},
    {"Part of the trip is flown: a person takes over.", {{17, 13, 4, 2}}, {{8, 7, 1, 6}}},
    {"No ground for cancelling.", {{29, 24, 5, 5}}, {{21, 18, 1, 8}}},
    {"Look the customer up first.", {{0, 0, 0, 0}}, {{2, 2, 0, 0}}},
    {"Plain customers without insurance get no gesture.", {{2, 2, 0, 0}}, {{2, 2, 0, 0}}},
    {"100 USD each for a cancelled trip; 50 USD each for a late one that was changed or cancelled.",
     {{8, 3, 5, 3}},
     {{7, 6, 1, 8}}},
};

// From here on, rules are about what is done; before, about how the agent goes about it.
constexpr std::string_view kFirstAboutWhat = "At most five travellers in one booking.";

class Airline : public Workspace {
 protected:
  // Empty, with a reason, where the corpus is not to be had.
  bool Import() {
    const std::string runs = SharedCorpus("tau_airline/runs.jsonl.xz");
    if (runs.empty()) return false;
    std::vector<std::string> args = {"corpus",
                                     "import",
                                     runs,
                                     "--map",
                                     Source("corpora/tau_airline/airline.sql"),
                                     "--attach",
                                     "tasks=" + SharedCorpus("tau_airline/tasks_tau2.jsonl.xz"),
                                     "-o",
                                     Path("airline.db")};
    for (const char* name : {"users", "reservations", "flights"}) {
      args.push_back("--attach");
      args.push_back(
          std::string(name) + "=" +
          Unpacked(SharedCorpus("tau_airline/db/" + std::string(name) + ".json.xz"), Path(name)));
    }
    const Result imported = Writ(args);
    EXPECT_EQ(imported.exit, 0) << imported.err;
    return true;
  }
};

// What the two versions say of the runs that were made under them.
TEST_F(Airline, FindsWhatBreaksTheWrittenRules) {
  if (!Import())
    GTEST_SKIP() << "the airline corpus is not here; set WRIT_CORPORA to the folder that has it";
  for (const char* version : {"first", "second"}) {
    const bool first = version == std::string_view("first");
    Replayed replayed(
        Source(first ? "policies/airline_desk.writ" : "policies/airline_desk_next.writ"),
        Path("airline.db"), evals::Horizon::kEvent);
    ASSERT_TRUE(replayed.ok()) << replayed.error();
    const RulesBroken rules(replayed, version);
    RuleBroken done{.reason = "What was done, not how"};
    for (const Expected& rule : kRules) {
      const RuleBroken broken = rules.Of(rule.reason);
      Print(broken);
      if (&rule >= std::ranges::find(kRules, kFirstAboutWhat, &Expected::reason)) done.Add(broken);
      const std::array<std::size_t, 4> found = {broken.runs.size(), broken.without_reward.size(),
                                                broken.ForcedByTask(), broken.right_actions.size()};
      EXPECT_EQ(found, first ? rule.first : rule.second) << rule.reason;
    }
    EXPECT_EQ(WentThrough(done), (first ? std::array<std::size_t, 4>{66, 52, 14, 12}
                                        : std::array<std::size_t, 4>{39, 33, 4, 28}));
    const Decided writes = rules.OfWrites(kWrites);
    Print(writes);
    EXPECT_EQ(writes.unknown, 0u);
    EXPECT_EQ(writes.refused - writes.refused_stopped, 3u)
        << "all three: a balance that does not suffice";
    std::cout << rules.RunsWith("0") << " runs without reward, " << rules.RunsWith("1")
              << " with\n";
  }
}

}  // namespace
}  // namespace writ::e2e
