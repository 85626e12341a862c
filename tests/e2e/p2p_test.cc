// Purchase to pay, case by case: the policy finds the violation lists that two independent checkers
// published.
//
// A violation is an event inside a rule's row, whether or not that row is the one that wins: a
// payment can break three rules at once, and an outside party's invoice was requested by nobody.
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "replayed.h"
#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

struct Rule {
  const char* flow;
  const char* before;
  const char* after;
  const char* mode;
  const char* reason;
};

// The nine pairs of rule and flow, and the reason of the clause that states each.
constexpr Rule kRules[] = {
    {"consignment", "Create Purchase Order Item", "Record Goods Receipt", "existence",
     "Consignment: a goods receipt needs an order."},
    {"consignment", "Create Purchase Order Item", "Record Goods Receipt", "counting",
     "Consignment: one order, one goods receipt."},
    {"2_way_matching", "Record Invoice Receipt", "Clear Invoice", "counting",
     "Two-way match: one invoice receipt, one payment."},
    {"3_way_after_without_ec", "Create Purchase Order Item", "Change Approval for Purchase Order",
     "existence", "Three-way match: an approval is changed on an order that exists."},
    {"3_way_after_without_ec", "Create Purchase Order Item", "Vendor creates invoice", "existence",
     "Three-way match: an invoice came before its order."},
    {"3_way_after_without_ec", "Vendor creates invoice", "Record Invoice Receipt", "existence",
     "Three-way match: an invoice receipt needs the vendor's invoice."},
    {"3_way_after_without_ec", "Record Goods Receipt", "Record Invoice Receipt", "counting",
     "Three-way match: one goods receipt, one invoice receipt."},
    {"3_way_after_without_ec", "Record Goods Receipt", "Clear Invoice", "counting",
     "Three-way match: one goods receipt, one payment."},
    {"3_way_after_without_ec", "Record Invoice Receipt", "Clear Invoice", "counting",
     "Three-way match: one invoice receipt, one payment."},
};

const Rule* RuleOf(const nlohmann::json& published) {
  for (const Rule& rule : kRules) {
    if (published["flow_key"] == rule.flow && published["before_activity"] == rule.before &&
        published["after_activity"] == rule.after && published["mode"] == rule.mode) {
      return &rule;
    }
  }
  return nullptr;
}

class PurchaseToPay : public Workspace {};

TEST_F(PurchaseToPay, FindsThePublishedViolations) {
  const std::string cases = SharedCorpus("bpic2019_p2p/cases.jsonl.xz");
  if (cases.empty())
    GTEST_SKIP()
        << "the purchase-to-pay corpus is not here; set WRIT_CORPORA to the folder that has it";
  const Result imported = Writ({"corpus", "import", cases, "--map",
                                Source("corpora/bpic2019_p2p/p2p.sql"), "-o", Path("p2p.db")});
  ASSERT_EQ(imported.exit, 0) << imported.err;
  Replayed replayed(Source("policies/p2p_coatings.writ"), Path("p2p.db"), evals::Horizon::kEvent);
  ASSERT_TRUE(replayed.ok()) << replayed.error();

  std::ifstream oracle(SharedCorpus("bpic2019_p2p/oracle.jsonl"));
  std::string line;
  std::size_t pairs = 0, published_total = 0, found_total = 0;
  std::vector<std::string> extras;
  while (std::getline(oracle, line)) {
    const nlohmann::json published = nlohmann::json::parse(line);
    const Rule* rule = RuleOf(published);
    ASSERT_NE(rule, nullptr) << line.substr(0, 200);
    ++pairs;
    const std::set<std::string> found = replayed.RunsInside(rule->reason);
    std::set<std::string> expected;
    for (const auto& run : published["violating_cases_in_file"])
      expected.insert(run.get<std::string>());
    published_total += expected.size();
    for (const std::string& run : expected) {
      const bool hit = found.contains(run);
      EXPECT_TRUE(hit) << "missed: " << run << " under: " << rule->reason;
      found_total += hit ? 1 : 0;
    }
    for (const std::string& run : found) {
      if (!expected.contains(run)) extras.push_back(run + " under: " + rule->reason);
    }
  }
  EXPECT_EQ(pairs, 9u);
  EXPECT_EQ(published_total, 1496u);
  EXPECT_EQ(found_total, 1496u);
  EXPECT_EQ(extras.size(), 1u) << "two events of one minute stand in the other order in one file";
  for (const std::string& extra : extras) RecordProperty("extra", extra);
  std::cout << "found " << found_total << " of " << published_total << " published violations over "
            << pairs << " pairs of rule and flow; extra: " << (extras.empty() ? "none" : extras[0])
            << '\n';
}

TEST_F(PurchaseToPay, FindsWhoOrderedAndReceived) {
  const std::string cases = SharedCorpus("bpic2019_p2p/cases.jsonl.xz");
  if (cases.empty())
    GTEST_SKIP()
        << "the purchase-to-pay corpus is not here; set WRIT_CORPORA to the folder that has it";
  ASSERT_EQ(Writ({"corpus", "import", cases, "--map", Source("corpora/bpic2019_p2p/p2p.sql"), "-o",
                  Path("p2p.db")})
                .exit,
            0);
  Replayed replayed(Source("policies/p2p_coatings.writ"), Path("p2p.db"), evals::Horizon::kEvent);
  ASSERT_TRUE(replayed.ok()) << replayed.error();
  EXPECT_EQ(replayed.RunsInside("Consignment: whoever ordered does not record the receipt.").size(),
            31u);
}

}  // namespace
}  // namespace writ::e2e
