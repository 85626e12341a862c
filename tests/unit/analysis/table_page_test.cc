// The page of a table says what the table does: on random tables, against all their requests; and
// in words, on small ones.
#include "writ/analysis/table_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "small_tables.h"

namespace writ::analysis {
namespace {

using namespace writ::runtime;
using namespace writ::test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const PageRow* FirstThatHolds(const CapabilityPage& page, const std::vector<std::uint64_t>& bits) {
  for (const PageRow& row : page.rows) {
    for (const std::uint32_t c : row.columns) {
      if ((bits[c / 64] >> (c % 64) & 1) != 0) return &row;
    }
  }
  return nullptr;
}

TEST(TablePage, TheFirstRowThatHoldsDecides) {
  std::uint64_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 1'500; ++seed) {
    const table::Model model = SmallTableMaker(seed).Make();
    const auto opened = OpenModel(model);
    ASSERT_TRUE(opened);
    const Table& table = opened->table;
    const CapabilityPage page = DescribeCapability(table, {0});
    std::multiset<std::uint32_t> columns;
    for (const PageRow& row : page.rows) columns.insert(row.columns.begin(), row.columns.end());
    ASSERT_EQ(columns.size(), table.Matrix({0}).decision_column_count()) << seed;
    ASSERT_EQ(std::set<std::uint32_t>(columns.begin(), columns.end()).size(), columns.size())
        << seed;
    std::vector<SmallRequest> requests;
    if (!SmallRequests(model, table).Make(500, &requests)) continue;
    for (const SmallRequest& small : requests) {
      Witness witness;
      witness.capability = {0};
      witness.role = small.role;
      witness.now_ms = small.now;
      witness.values = small.values;
      const WitnessRequest request(witness);
      std::vector<std::uint64_t> bits(table.Matrix({0}).word_count());
      const Decision decision = Match(table, nullptr, request.request(), bits.data(), bits.size());
      if (decision.builtin != BuiltinRow::kNone) continue;
      const PageRow* row = FirstThatHolds(page, bits);
      ASSERT_NE(row, nullptr) << seed;
      EXPECT_EQ(row->decision, DescribeDecision(table, decision)) << seed;
      ++compared;
    }
  }
  EXPECT_GT(compared, 15'000u);
}

TEST(TablePage, RolesThatAreTreatedAlikeShareARow) {
  TableBuilder b;
  const FactId amount = b.Money("amount", 1'000'00);
  b.Sign(amount, true);
  b.model().thresholds = {{"autonomy", "200 EUR", "The board said so"}};
  const std::uint32_t cuts = b.Cuts(amount, {200'01});
  const std::uint32_t role = b.RoleDimension();
  const ClauseId limit = b.Clause("selling/act/limit.1", "limit amount <= autonomy");
  const ClauseId base = b.Clause("~default_allow", "nothing restricts it");
  b.Column(Verdict::kEscalate, limit, {{cuts, {2}}, {role, {1}}}, 0, {1});
  b.Column(Verdict::kEscalate, limit, {{cuts, {2}}, {role, {2}}}, 0, {1});
  b.Column(Verdict::kAllow, base, {{role, {1}}}, kColumnBase, {0});
  b.Column(Verdict::kAllow, base, {{role, {2}}}, kColumnBase, {0});
  const auto opened = b.Open();
  ASSERT_TRUE(opened);
  const CapabilityPage page = DescribeCapability(opened->table, {0});
  ASSERT_EQ(page.rows.size(), 2u);
  EXPECT_EQ(page.rows[0].decision, "escalate to board");
  EXPECT_THAT(page.rows[0].when, ElementsAre("amount > autonomy (200 EUR)"));
  EXPECT_THAT(page.rows[0].roles, ElementsAre("clerk", "bot"));
  EXPECT_FALSE(page.rows[0].other_roles);
  EXPECT_EQ(page.rows[0].anchor, "board");
  EXPECT_THAT(page.rows[0].under, ElementsAre("selling"));
  EXPECT_THAT(page.rows[1].when, IsEmpty());
  EXPECT_TRUE(page.rows[1].otherwise);
  ASSERT_EQ(page.thresholds.size(), 1u);
  EXPECT_EQ(page.thresholds[0].reason, "The board said so");
  EXPECT_EQ(page.facts[0].missing, "required");
}

TEST(TablePage, ComparisonsOfFactsReadAsTheirOpposite) {
  TableBuilder b;
  const FactId amount = b.Money("amount", 1'000'00), total = b.Money("total", 1'000'00);
  b.Sign(amount, true);
  const std::uint32_t left = b.Code(Op::kFact, amount.value),
                      right = b.Code(Op::kFact, total.value);
  const std::uint32_t derived = b.Derived(b.Code(Op::kLessEqual, left, right));
  const ClauseId clause = b.Clause("selling/act/require.1", "require amount <= total");
  b.Column(Verdict::kDeny, clause, {{derived, {1}}});
  b.Column(Verdict::kDeny, clause, {{derived, {0}}}, kColumnUnknown);
  b.Column(Verdict::kAllow, b.Clause("~default_allow", ""), {}, kColumnBase, {0});
  const auto opened = b.Open();
  ASSERT_TRUE(opened);
  const CapabilityPage page = DescribeCapability(opened->table, {0});
  ASSERT_EQ(page.rows.size(), 3u);
  EXPECT_THAT(page.rows[0].when, ElementsAre("amount > total"));
  EXPECT_FALSE(page.rows[0].missing);
  EXPECT_THAT(page.rows[1].when, ElementsAre("amount or total is missing"));
  EXPECT_TRUE(page.rows[1].missing);
}

}  // namespace
}  // namespace writ::analysis
