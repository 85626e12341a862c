// The search by clauses against the recursion: the same answers, each by itself.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "small_tables.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/exact_diff.h"

namespace writ::test {
namespace {

using analysis::Budget;
using analysis::DiffExactly;
using analysis::ExactDiff;
using analysis::FindUndecided;
using analysis::Outcome;
using analysis::Space;

constexpr Budget kRecursion{.split_limit = 0, .first_try = 0, .by_clauses = false};
constexpr Budget kClauses{.split_limit = 0, .first_try = 0, .by_recursion = false};

using Regions = std::set<std::tuple<std::string, std::string, std::string, std::string>>;

Regions RegionsOf(const ExactDiff& diff) {
  Regions regions;
  for (const analysis::DiffRegion& region : diff.regions)
    regions.emplace(region.before.clause, region.before.outcome, region.after.clause,
                    region.after.outcome);
  return regions;
}

TEST(Clauses, FindTheRegionsThatTheRecursionFinds) {
  std::size_t regions = 0, equal = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const table::Model before = SmallTableMaker(seed).Make();
    table::Model after = before;
    Random r(seed);
    std::vector<table::Column>& columns = after.matrices[0].columns;
    table::Column& edited = columns[r.Below(columns.size())];
    for (table::Constraint& constraint : edited.constraints)
      constraint.atoms[r.Below(constraint.atoms.size())].flip();
    const auto a = OpenModel(before), b = OpenModel(after);
    ASSERT_TRUE(a != nullptr && b != nullptr) << seed;
    Budget recursion = kRecursion, clauses = kClauses;
    const ExactDiff first = DiffExactly(a->table, b->table, recursion);
    const ExactDiff second = DiffExactly(a->table, b->table, clauses);
    EXPECT_TRUE(first.unknown.empty()) << seed << ": " << first.unknown.front();
    EXPECT_TRUE(second.unknown.empty()) << seed << ": " << second.unknown.front();
    EXPECT_EQ(RegionsOf(first), RegionsOf(second)) << seed;
    regions += first.regions.size();
    equal += first.regions.empty() ? 1 : 0;
  }
  EXPECT_GT(regions, 50u);
  EXPECT_GT(equal, 50u);
}

// Numbers that rules bound on both sides at random places: little is shared between the rules.
std::unique_ptr<OpenedTable> Tangle(std::uint64_t seed, std::uint32_t rules, std::uint32_t facts) {
  Random r(seed);
  TableBuilder b;
  for (std::uint32_t d = 0; d < facts; ++d) {
    const FactId fact = b.Fact("n" + std::to_string(d), ValueType::kInteger, 0, 1'000);
    b.Sign(fact, true);
    b.Cuts(fact, {200, 400, 600, 800});
  }
  for (std::uint32_t c = 0; c < rules; ++c) {
    std::vector<TableBuilder::Where> where;
    std::set<std::uint32_t> picked;
    while (picked.size() < 2) picked.insert(r.Below(facts));
    for (const std::uint32_t d : picked) {
      const std::uint32_t low = 1 + r.Below(4);
      where.push_back({d, {low, low + 1}});
    }
    b.Column(Verdict::kAllow, b.Clause("c" + std::to_string(c), "rule"), where);
  }
  return b.Open();
}

TEST(Clauses, AgreeOnGapsOfTangledTables) {
  std::size_t none = 0, found = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto opened = Tangle(seed, 30 + 2 * static_cast<std::uint32_t>(seed), 6);
    const Space space(opened->table, {0});
    Budget recursion = kRecursion, clauses = kClauses;
    const Outcome first = FindUndecided(space, recursion).outcome;
    const Outcome second = FindUndecided(space, clauses).outcome;
    EXPECT_NE(first, Outcome::kUnknown) << seed;
    EXPECT_EQ(first, second) << seed;
    (first == Outcome::kNone ? none : found) += 1;
  }
  EXPECT_GT(none, 3u);
  EXPECT_GT(found, 3u);
}

// The answer hangs on steps, never on time: the same twice, and none without steps.
TEST(Clauses, AreBoundedAndRepeatable) {
  const auto opened = Tangle(3, 200, 6);
  const Space space(opened->table, {0});
  Budget first = kClauses, second = kClauses;
  EXPECT_EQ(FindUndecided(space, first).outcome, Outcome::kNone);
  EXPECT_EQ(FindUndecided(space, second).outcome, Outcome::kNone);
  EXPECT_EQ(first.used, second.used);
  Budget small = kClauses;
  small.limit = first.used / 2;
  EXPECT_EQ(FindUndecided(space, small).outcome, Outcome::kUnknown);
}

}  // namespace
}  // namespace writ::test
