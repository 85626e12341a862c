// The search by splitting boxes against the other searches, on tables of several words of columns:
// there a box packs the columns that it still depends on, again and again.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "table_builder.h"
#include "writ/analysis/coverage.h"

namespace writ::test {
namespace {

using analysis::Answer;
using analysis::Budget;
using analysis::Outcome;
using analysis::Space;

// Enough boxes for every question here; what they leave open stays unknown.
constexpr Budget kBoxes{
    .split_limit = 1'000'000, .first_try = 0, .by_recursion = false, .by_clauses = false};
constexpr Budget kOthers{.split_limit = 0, .first_try = 0};

// The tiles of a space of three numbers, cut again and again at random places, in random order; a
// few are left out or lose a bound. Two of the numbers are compared.
std::unique_ptr<OpenedTable> Tiles(std::uint64_t seed, std::uint32_t count) {
  constexpr std::uint32_t kAtoms = 60;
  Random r(seed);
  TableBuilder b;
  std::vector<std::int64_t> cuts;
  for (std::int64_t cut = 1; cut < kAtoms; ++cut) cuts.push_back(cut * 10);
  std::vector<FactId> facts;
  for (const char* name : {"x", "y", "z"}) {
    facts.push_back(b.Fact(name, ValueType::kInteger, 0, 10 * kAtoms - 1));
    b.Sign(facts.back(), true);
    b.Cuts(facts.back(), cuts);
  }
  const std::uint32_t x = b.Code(Op::kFact, facts[0].value);
  const std::uint32_t y = b.Code(Op::kFact, facts[1].value);
  const std::uint32_t below = b.Derived(b.Code(Op::kLess, x, y));

  struct Tile {
    std::uint32_t low[3] = {1, 1, 1}, high[3] = {kAtoms, kAtoms, kAtoms};
  };
  std::vector<Tile> tiles(1);
  while (tiles.size() < count) {
    Tile& tile = tiles[r.Below(tiles.size())];
    const std::uint32_t d = r.Below(3);
    if (tile.low[d] == tile.high[d]) continue;
    Tile other = tile;
    other.low[d] = tile.low[d] + 1 + r.Below(tile.high[d] - tile.low[d]);
    tile.high[d] = other.low[d] - 1;
    tiles.push_back(other);
  }
  for (std::size_t i = tiles.size(); i > 1; --i) std::swap(tiles[i - 1], tiles[r.Below(i)]);
  if (seed % 3 == 0) tiles.pop_back();
  // Columns stand in the order in which they win.
  const auto half = static_cast<std::ptrdiff_t>(tiles.size() / 2);
  for (auto tile = tiles.begin(); tile != tiles.end(); ++tile) {
    if (r.Chance(2)) tile->high[r.Below(3)] = kAtoms;
    std::vector<TableBuilder::Where> where;
    for (std::uint32_t d = 0; d < 3; ++d) {
      TableBuilder::Where bounds{d, {}};
      for (std::uint32_t a = tile->low[d]; a <= tile->high[d]; ++a) bounds.atoms.push_back(a);
      where.push_back(bounds);
    }
    // Where x is above y anyway, that it is not below changes nothing.
    if (tile->low[0] > tile->high[1] && r.Chance(50)) where.push_back({below, {1}});
    const ClauseId clause = b.Clause("c" + std::to_string(tile - tiles.begin()), "rule");
    if (tile - tiles.begin() < half) {
      b.Column(Verdict::kEscalate, clause, where, 0, AnchorId{0});
    } else {
      b.Column(Verdict::kAllow, clause, where);
    }
  }
  return b.Open();
}

TEST(Boxes, AgreeWithTheOtherSearchesOnLargeTables) {
  std::size_t none = 0, found = 0;
  const auto compare = [&](const Answer& first, const Answer& second, const std::string& what) {
    EXPECT_NE(first.outcome, Outcome::kUnknown) << what << ": " << first.why;
    EXPECT_EQ(first.outcome, second.outcome) << what;
    (first.outcome == Outcome::kNone ? none : found) += 1;
  };
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto opened = Tiles(seed, 100 + 10 * static_cast<std::uint32_t>(seed));
    ASSERT_NE(opened, nullptr);
    const Space space(opened->table, {0});
    Budget boxes = kBoxes, others = kOthers;
    compare(FindUndecided(space, boxes), FindUndecided(space, others),
            "gaps of " + std::to_string(seed));
    Random r(seed);
    for (std::uint32_t i = 0; i < 10; ++i) {
      analysis::ColumnSet one = space.NoColumns();
      one.Add(r.Below(space.decision_column_count()));
      compare(ColumnsMatter(space, one, boxes).answer, ColumnsMatter(space, one, others).answer,
              "column " + std::to_string(one.First()) + " of " + std::to_string(seed));
    }
  }
  EXPECT_GT(none, 20u);
  EXPECT_GT(found, 100u);
}

}  // namespace
}  // namespace writ::test
