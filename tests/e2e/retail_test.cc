// A shop's service desk: 475 recorded conversations of agents under the desk's written rules, and
// the actions that the tasks' authors think right.
#include "rules_broken.h"
#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

// What breaks which rule: runs in all, without reward, with one though the task cannot be done
// right otherwise; tasks whose right actions break it.
constexpr RuleCounts kRetail[] = {
    {"One call at a time.", {{83, 14, 0, 0}}},
    {"Either talk or act, not both in one breath.", {{44, 18, 0, 0}}},
    {"The agent goes in circles: a person takes over.", {{0, 0, 0, 0}}},
    {"Find the customer by email, or by name and zip code.", {{1, 0, 0, 0}}},
    {"One customer in one conversation.", {{0, 0, 0, 0}}},
    {"Say what will be done, and get a yes.", {{88, 39, 0, 0}}},
    {"There is no such order.", {{0, 0, 0, 0}}},
    {"Look the order up first.", {{3, 3, 0, 0}}},
    {"Only a pending order can be cancelled or changed, its items once.", {{9, 8, 0, 2}}},
    {"Only a delivered order can be returned or exchanged, and once.", {{18, 14, 0, 4}}},
    {"An item is not in the order.", {{2, 2, 0, 0}}},
    {"Settle with what stands in the customer's profile.", {{0, 0, 0, 0}}},
    {"One new item for each old one.", {{6, 2, 0, 0}}},
    {"An item is exchanged for itself.", {{15, 7, 2, 5}}},
    {"A new item is not to be had.", {{17, 9, 0, 0}}},
    {"Only another variant of the same product.", {{1, 1, 0, 0}}},
    {"The gift card does not cover the difference.", {{2, 2, 0, 1}}},
    {"No other reason cancels an order.", {{0, 0, 0, 0}}},
    {"The order is paid with it already.", {{0, 0, 0, 0}}},
    {"The gift card does not cover the order.", {{3, 0, 0, 0}}},
    {"Refunds go where the money came from, or to a gift card.", {{7, 0, 4, 4}}},
};

class Retail : public Workspace {};

TEST_F(Retail, FindsWhatBreaksTheWrittenRules) {
  const std::string runs = SharedCorpus("tau_retail/runs.jsonl.xz");
  if (runs.empty())
    GTEST_SKIP() << "the retail corpus is not here; set WRIT_CORPORA to the folder that has it";
  const Result imported =
      ImportWithBooks(runs, Source("corpora/tau_retail/retail.sql"), "tau_retail",
                      {"users", "orders", "products"}, Path("retail.db"));
  ASSERT_EQ(imported.exit, 0) << imported.err;
  Replayed replayed(Source("policies/retail_desk.writ"), Path("retail.db"), evals::Horizon::kEvent);
  ASSERT_TRUE(replayed.ok()) << replayed.error();
  const std::set<std::string> writes = {
      "cancel_pending_order",         "modify_pending_order_address",
      "modify_pending_order_payment", "modify_pending_order_items",
      "return_delivered_order_items", "exchange_delivered_order_items",
      "modify_user_address"};
  const Decided decided = ExpectBroken(RulesBroken(replayed, ""), kRetail,
                                       "There is no such order.", {12, 5, 2, 12}, writes);
  EXPECT_EQ(decided.refused, 67u);
  EXPECT_EQ(decided.refused_stopped, 67u);

  const Result gate = Writ({"gate", Source("policies/retail_desk.gate.yaml"), "--corpus",
                            Path("retail.db"), "--as-of", "2026-11-21"});
  EXPECT_EQ(gate.exit, 0) << gate.out << gate.err;
}

}  // namespace
}  // namespace writ::e2e
