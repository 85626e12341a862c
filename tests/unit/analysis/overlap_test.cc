// Which rows share requests: held to the plain definition on random tables, and worked by hand.
#include "writ/analysis/overlap.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "small_tables.h"

namespace writ::test {
namespace {

using analysis::Budget;
using analysis::ClauseOverlap;
using analysis::ColumnPairs;
using analysis::ColumnSet;
using analysis::FindOverlaps;
using analysis::OverlapReport;
using analysis::Space;

bool Admits(const Table& table, std::uint32_t column, std::uint32_t d, std::uint32_t atom) {
  return (table.Matrix({0}).Bits(d, atom)[column / 64] >> (column % 64) & 1) != 0;
}

// Dimension by dimension, atom by atom. Builtins have no atom 0; the test's facts all may be
// missing.
std::pair<bool, bool> MeetsAndContains(const Table& table, std::uint32_t a, std::uint32_t b) {
  const MatrixView matrix = table.Matrix({0});
  bool meets = true, contains = true;
  for (std::uint32_t d = 0; d < matrix.dimension_count(); ++d) {
    bool shared = false;
    for (std::uint32_t atom = 0; atom < matrix.Dimension(d).atom_count; ++atom) {
      shared = shared || (Admits(table, a, d, atom) && Admits(table, b, d, atom));
      contains = contains && (!Admits(table, a, d, atom) || Admits(table, b, d, atom));
    }
    meets = meets && shared;
  }
  return {meets, contains};
}

TEST(Overlap, PairsAreThoseOfThePlainDefinition) {
  std::size_t meeting = 0, containing = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Random r(seed);
    TableBuilder b;
    for (std::uint32_t d = 0; d < 4; ++d) {
      const FactId fact = b.Fact("n" + std::to_string(d), ValueType::kInteger, 0, 9);
      b.Cuts(fact, {2, 4, 7});
    }
    for (std::uint32_t c = 0; c < 70; ++c) {  // more than a word
      std::vector<TableBuilder::Where> where;
      for (std::uint32_t d = 0; d < 4; ++d) {
        if (r.Chance(40)) continue;
        where.push_back({d, {}});
        for (std::uint32_t atom = 0; atom < 5; ++atom)
          if (r.Chance(45)) where.back().atoms.push_back(atom);
        if (where.back().atoms.empty()) where.back().atoms.push_back(r.Below(5));
      }
      b.Column(Verdict::kAllow, b.Clause("c" + std::to_string(c), "rule"), where);
    }
    const auto opened = b.Open();
    Budget budget;
    const ColumnPairs pairs = CompareColumns(Space(opened->table, {0}), budget);
    for (std::uint32_t a = 0; a < 70; ++a) {
      for (std::uint32_t o = 0; o < 70; ++o) {
        if (a == o) continue;
        const auto [meets, contains] = MeetsAndContains(opened->table, a, o);
        EXPECT_EQ(pairs.meeting[a].Has(o), meets) << seed << ": " << a << ", " << o;
        EXPECT_EQ(pairs.containing[a].Has(o), contains) << seed << ": " << a << ", " << o;
        meeting += meets ? 1 : 0;
        containing += contains ? 1 : 0;
      }
    }
  }
  EXPECT_GT(meeting, 20'000u);
  EXPECT_GT(containing, 200u);
}

// Two numbers: `allow when a < 40`, `escalate when b >= 60`, and what the test adds.
struct TwoClauses {
  TwoClauses() {
    a = b.Cuts(b.Fact("a", ValueType::kInteger, 0, 99), {20, 40});
    c = b.Cuts(b.Fact("b", ValueType::kInteger, 0, 99), {60});
  }
  ClauseId Escalate(const std::string& words, std::vector<TableBuilder::Where> where,
                    AnchorId to = {0}) {
    const ClauseId clause = b.Clause("escalate", words);
    b.Column(Verdict::kEscalate, clause, where, 0, to);
    return clause;
  }
  ClauseId Allow(std::vector<TableBuilder::Where> where) {
    const ClauseId clause = b.Clause("allow", "allow when a < 40");
    b.Column(Verdict::kAllow, clause, where, kColumnAllowWhen);
    return clause;
  }
  OverlapReport Find() {
    const auto opened = b.Open();
    Budget budget;
    return FindOverlaps(Space(opened->table, {0}), budget);
  }
  TableBuilder b;
  std::uint32_t a = 0, c = 0;
};

TEST(Overlap, IsToldWithItsSizeAndARequest) {
  TwoClauses t;
  const ClauseId escalate = t.Escalate("escalate when b >= 60", {{t.c, {2}}});
  const ClauseId allow = t.Allow({{t.a, {1, 2}}});
  const OverlapReport report = t.Find();
  ASSERT_EQ(report.overlaps.size(), 1u);
  const ClauseOverlap& overlap = report.overlaps[0];
  EXPECT_EQ(overlap.decides, escalate);
  EXPECT_EQ(overlap.yields, allow);
  EXPECT_EQ(overlap.outcome, "escalate to desk");
  EXPECT_EQ(overlap.other_outcome, "allow");
  EXPECT_EQ(overlap.size, "1600");  // 40 values of a, 40 of b
  EXPECT_FALSE(overlap.at_most);
  EXPECT_EQ(overlap.witness.decision.verdict, Verdict::kEscalate);
  EXPECT_EQ(report.open + report.more, 0u);
}

TEST(Overlap, OfAnExceptionIsNotTold) {
  TwoClauses t;
  t.Escalate("escalate when a < 20", {{t.a, {1}}});
  t.Allow({{t.a, {1, 2}}});
  EXPECT_TRUE(t.Find().overlaps.empty());
}

TEST(Overlap, OfALimitIsNotTold) {
  TwoClauses t;
  t.Escalate("limit b < 60", {{t.c, {2}}});
  t.Allow({{t.a, {1, 2}}});
  EXPECT_TRUE(t.Find().overlaps.empty());
}

TEST(Overlap, ThatADenialDecidesIsNotTold) {
  TwoClauses t;
  t.b.Column(Verdict::kDeny, t.b.Clause("deny", "deny when b >= 60"), {{t.c, {2}}});
  t.Escalate("escalate when b >= 60", {{t.c, {2}}});
  const ClauseId allow = t.Allow({{t.a, {1, 2}}});
  const OverlapReport report = t.Find();
  ASSERT_EQ(report.overlaps.size(), 1u);
  EXPECT_EQ(report.overlaps[0].outcome, "deny");
  EXPECT_EQ(report.overlaps[0].yields, allow);
}

TEST(Overlap, OfTwoAnchorsIsTold) {
  TwoClauses t;
  const ClauseId board = t.Escalate("escalate to board when b >= 60", {{t.c, {2}}}, {1});
  const ClauseId desk = t.Escalate("escalate when a < 20", {{t.a, {1}}}, {0});
  const OverlapReport report = t.Find();
  ASSERT_EQ(report.overlaps.size(), 1u);
  EXPECT_EQ(report.overlaps[0].decides, board);
  EXPECT_EQ(report.overlaps[0].yields, desk);
  EXPECT_EQ(report.overlaps[0].size, "800");
}

// Whatever is told exists, with both clauses holding in the request and the one deciding it; and of
// clauses that meet in some request, what is not told lies one within the other.
TEST(Overlap, AgreesWithAllRequestsOfSmallTables) {
  std::size_t told = 0, compared = 0;
  for (std::uint64_t seed = 1; seed <= 1'500; ++seed) {
    table::Model model = SmallTableMaker(seed).Make();
    std::vector<table::Column>& columns = model.matrices[0].columns;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      table::Clause clause = model.clauses[0];
      clause.name = "own." + std::to_string(c);
      if (columns[c].kind == ColumnKind::kDecision)
        columns[c].clause = {static_cast<std::uint32_t>(model.clauses.size())};
      model.clauses.push_back(clause);
    }
    const auto opened = OpenModel(model);
    ASSERT_NE(opened, nullptr);
    std::vector<SmallRequest> requests;
    if (!SmallRequests(model, opened->table).Make(2'000, &requests)) continue;
    const Space space(opened->table, {0});
    Budget budget;
    const OverlapReport report = FindOverlaps(space, budget);
    EXPECT_EQ(report.open + report.more, 0u) << seed;
    const MatrixView matrix = opened->table.Matrix({0});
    std::set<std::pair<std::uint32_t, std::uint32_t>> meeting;  // decides, yields
    for (const SmallRequest& request : requests) {
      ColumnSet raw = request.raw;
      bool allow_when = false;
      for (std::uint32_t c = 0; c < matrix.decision_column_count(); ++c)
        allow_when = allow_when || (raw.Has(c) && (matrix.Column(c).flags & kColumnAllowWhen) != 0);
      for (std::uint32_t c = 0; c < matrix.decision_column_count(); ++c)
        if (allow_when && (matrix.Column(c).flags & kColumnOtherwise) != 0) raw.Remove(c);
      const std::uint32_t winner = raw.First();
      if (winner >= matrix.decision_column_count()) continue;
      for (std::uint32_t c = winner + 1; c < matrix.decision_column_count(); ++c)
        if (raw.Has(c))
          meeting.emplace(matrix.Column(winner).clause.value, matrix.Column(c).clause.value);
    }
    std::set<std::pair<std::uint32_t, std::uint32_t>> listed;
    for (const ClauseOverlap& overlap : report.overlaps) {
      EXPECT_TRUE(meeting.contains({overlap.decides.value, overlap.yields.value})) << seed;
      EXPECT_NE(overlap.size, "0") << seed;
      listed.emplace(overlap.decides.value, overlap.yields.value);
    }
    const ColumnPairs pairs = CompareColumns(space, budget);
    for (const auto& [decides, yields] : meeting) {
      const std::uint32_t first = space.ColumnsOfClause({decides}).First();
      const std::uint32_t second = space.ColumnsOfClause({yields}).First();
      EXPECT_TRUE(pairs.meeting[first].Has(second)) << seed;
      const ColumnView a = matrix.Column(first), b = matrix.Column(second);
      const bool apart = a.verdict == b.verdict
                             ? a.verdict == Verdict::kEscalate && a.anchor != b.anchor
                             : a.verdict == Verdict::kAllow || b.verdict == Verdict::kAllow;
      const bool within =
          pairs.containing[first].Has(second) || pairs.containing[second].Has(first);
      if (!apart || within || ((a.flags | b.flags) & kColumnOtherwise) != 0) continue;
      EXPECT_TRUE(listed.contains({decides, yields}) || listed.contains({yields, decides}))
          << seed << ": " << first << ", " << second;
      ++compared;
    }
    told += report.overlaps.size();
  }
  EXPECT_GT(told, 100u);
  EXPECT_GT(compared, 100u);
}

}  // namespace
}  // namespace writ::test
