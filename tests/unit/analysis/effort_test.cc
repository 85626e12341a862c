// Large tables: the answers, the steps they take, and (as context) the time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "table_builder.h"
#include "writ/analysis/coverage.h"

namespace writ::analysis {
namespace {

using namespace writ::runtime;
using namespace writ::test;

// Processor time: other programs on the machine do not count.
class Stopwatch {
 public:
  double Ms() const { return static_cast<double>(std::clock() - start_) * 1e3 / CLOCKS_PER_SEC; }

 private:
  std::clock_t start_ = std::clock();
};

// 13 enums and 7 numbers with 31 cuts; `columns` rules of 3 conditions on average.
std::unique_ptr<OpenedTable> Scoped(std::uint64_t seed, std::uint32_t columns) {
  Random r(seed);
  TableBuilder b;
  std::vector<std::uint32_t> dimensions;
  for (int i = 0; i < 13; ++i) {
    dimensions.push_back(
        b.Direct(b.Enum("e" + std::to_string(i), {"v0", "v1", "v2", "v3", "v4", "v5"}), 6));
  }
  for (int i = 0; i < 7; ++i) {
    std::vector<std::int64_t> cuts;
    for (std::int64_t cut = 1; cut <= 31; ++cut) cuts.push_back(cut * 1'000);
    dimensions.push_back(b.Cuts(b.Money("n" + std::to_string(i), 40'000), cuts));
  }
  for (std::uint32_t c = 0; c < columns; ++c) {
    const Verdict verdict = c * 4 < columns       ? Verdict::kDeny
                            : c * 4 < columns * 3 ? Verdict::kEscalate
                                                  : Verdict::kAllow;
    std::vector<TableBuilder::Where> where;
    const std::uint32_t count = 2 + r.Below(3);
    while (where.size() < count) {
      const std::uint32_t d = dimensions[r.Below(dimensions.size())];
      if (std::any_of(where.begin(), where.end(), [&](const auto& w) { return w.dimension == d; }))
        continue;
      TableBuilder::Where w{d, {}};
      if (d < 13) {
        w.atoms = {1 + r.Below(6)};
      } else {
        for (std::uint32_t a = 1 + r.Below(31); a <= 32; ++a) w.atoms.push_back(a);
      }
      where.push_back(w);
    }
    b.Column(verdict, b.Clause("clause." + std::to_string(c), "rule"), where, 0, {r.Below(2)});
  }
  b.Column(Verdict::kAllow, b.Clause("~default_allow", ""), {}, kColumnBase);
  return b.Open();
}

TEST(Effort, ScopedThousandRules) {
  std::vector<std::unique_ptr<OpenedTable>> tables;
  for (std::uint64_t i = 1; i <= 20; ++i) tables.push_back(Scoped(i, 50));
  Budget budget;
  const Stopwatch watch;
  std::uint32_t mattering = 0;
  for (const auto& opened : tables) {
    const Space space(opened->table, {0});
    EXPECT_EQ(FindUndecided(space, budget).outcome, Outcome::kNone);
    for (const ClauseEffect& effect : AllClausesMatter(space, budget)) {
      EXPECT_NE(effect.effect.answer.outcome, Outcome::kUnknown);
      mattering += effect.effect.answer.outcome == Outcome::kFound ? 1u : 0u;
    }
  }
  std::printf("scoped(1000): gaps and %u of 1020 clauses that matter, %llu steps, %.1f ms\n",
              mattering, static_cast<unsigned long long>(budget.used), watch.Ms());
  EXPECT_GE(mattering, 700u);
  EXPECT_LE(budget.used, 2'000'000u);
}

TEST(Effort, OneWideCapability) {
  const auto opened = Scoped(7, 2'000);
  Budget budget;
  const Stopwatch watch;
  const Space space(opened->table, {0});
  EXPECT_EQ(FindUndecided(space, budget).outcome, Outcome::kNone);
  std::uint32_t unknown = 0, none = 0;
  for (const ClauseEffect& effect : AllClausesMatter(space, budget)) {
    unknown += effect.effect.answer.outcome == Outcome::kUnknown ? 1u : 0u;
    none += effect.effect.answer.outcome == Outcome::kNone ? 1u : 0u;
  }
  std::printf("wide(2000): %u hidden, %u unknown, %llu steps, %.1f ms\n", none, unknown,
              static_cast<unsigned long long>(budget.used), watch.Ms());
  EXPECT_EQ(unknown, 0u);
  EXPECT_LE(budget.used, 6'000'000u);
}

// A partition of a grid of `dimensions` numbers into `columns` boxes, by random cuts: complete,
// without overlap.
class Partition {
 public:
  Partition(std::uint64_t seed, std::uint32_t dimensions, std::uint32_t columns) : r_(seed) {
    for (std::uint32_t d = 0; d < dimensions; ++d) {
      std::vector<std::int64_t> cuts;
      for (std::int64_t cut = 1; cut < kAtoms; ++cut) cuts.push_back(cut * 10);
      const FactId fact = b_.Fact("n" + std::to_string(d), ValueType::kInteger, 0, 1'000);
      b_.Sign(fact, true);
      dimensions_.push_back(b_.Cuts(fact, cuts));
    }
    boxes_.push_back(std::vector<Range>(dimensions, Range{1, kAtoms}));
    while (boxes_.size() < columns) Split();
  }
  void Drop(std::size_t box) { boxes_.erase(boxes_.begin() + static_cast<std::ptrdiff_t>(box)); }
  std::unique_ptr<OpenedTable> Open() {
    for (const std::vector<Range>& box : boxes_) {
      std::vector<TableBuilder::Where> where;
      for (std::uint32_t d = 0; d < box.size(); ++d) {
        if (box[d].low == 1 && box[d].high == kAtoms) continue;
        TableBuilder::Where w{dimensions_[d], {}};
        for (std::uint32_t a = box[d].low; a <= box[d].high; ++a) w.atoms.push_back(a);
        where.push_back(w);
      }
      b_.Column(Verdict::kAllow,
                b_.Clause("c" + std::to_string(b_.matrix().columns.size()), "rule"), where);
    }
    return b_.Open();
  }

 private:
  struct Range {
    std::uint32_t low, high;
  };
  static constexpr std::uint32_t kAtoms = 24;

  void Split() {
    const std::size_t i = r_.Below(boxes_.size());
    const std::uint32_t d = r_.Below(boxes_[i].size());
    const Range range = boxes_[i][d];
    if (range.low == range.high) return;
    const std::uint32_t cut = range.low + r_.Below(range.high - range.low);
    boxes_.push_back(boxes_[i]);
    boxes_[i][d].high = cut;
    boxes_.back()[d].low = cut + 1;
  }

  Random r_;
  TableBuilder b_;
  std::vector<std::uint32_t> dimensions_;
  std::vector<std::vector<Range>> boxes_;
};

TEST(Effort, DisjointTables) {
  for (const std::uint32_t dimensions : {3u, 7u, 13u}) {
    const auto complete = Partition(3, dimensions, 1'500).Open();
    Partition damaged(3, dimensions, 1'500);
    damaged.Drop(700);
    const auto gap = damaged.Open();
    Budget budget;
    const Stopwatch watch;
    EXPECT_EQ(FindUndecided(Space(complete->table, {0}), budget).outcome, Outcome::kNone);
    const double proof_ms = watch.Ms();
    EXPECT_EQ(FindUndecided(Space(gap->table, {0}), budget).outcome, Outcome::kFound);
    std::printf("1500 x %u: complete %.1f ms, a gap found in %.1f ms, %llu steps\n", dimensions,
                proof_ms, watch.Ms() - proof_ms, static_cast<unsigned long long>(budget.used));
  }
}

// A ring of n0 <= n1 <= ... with one step that does not hold: only the values settle that, and what
// they cost grows with the ring much faster than its columns do.
std::uint64_t StepsOfRing(std::uint32_t facts) {
  TableBuilder b;
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < facts; ++i) {
    const FactId fact = b.Fact("n" + std::to_string(i), ValueType::kInteger, 0, 1'000);
    b.Sign(fact, true);
    numbers.push_back(b.Code(Op::kFact, fact.value));
  }
  std::vector<TableBuilder::Where> where;
  for (std::uint32_t i = 0; i < facts; ++i) {
    const std::uint32_t next = numbers[(i + 1) % facts];
    const Op op = i + 1 == facts ? Op::kLess : Op::kLessEqual;
    where.push_back({b.Derived(b.Code(op, numbers[i], next)), {2}});
  }
  b.Column(Verdict::kDeny, b.Clause("ring", "ring"), where);
  b.Column(Verdict::kAllow, b.Clause("~default_allow", ""), {}, kColumnBase);
  const auto opened = b.Open();
  const Space space(opened->table, {0});
  Where ring;
  ring.winner = space.ColumnsWith(Verdict::kDeny);
  Budget budget;
  EXPECT_EQ(FindWhere(space, ring, budget).outcome, Outcome::kNone);
  return budget.used;
}

TEST(Effort, WorkOnValuesIsCounted) {
  const std::uint64_t small = StepsOfRing(6), large = StepsOfRing(24);
  std::printf("rings of 6 and 24 comparisons: %llu and %llu steps\n",
              static_cast<unsigned long long>(small), static_cast<unsigned long long>(large));
  EXPECT_GE(large, 16 * small);
}

TEST(Effort, BudgetEndsTheSearch) {
  const auto complete = Partition(5, 13, 1'500).Open();
  Budget budget{.limit = 1'000};
  const Answer answer = FindUndecided(Space(complete->table, {0}), budget);
  EXPECT_EQ(answer.outcome, Outcome::kUnknown);
  EXPECT_EQ(answer.why, "the budget of 1000 steps ran out");
  EXPECT_LT(budget.used, 3'000u);
}

}  // namespace
}  // namespace writ::analysis
