// What remains for one role, on random small tables, against all their requests.
#include "writ/analysis/standing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "small_tables.h"
#include "writ/analysis/space.h"

namespace writ::analysis {
namespace {

using namespace writ::runtime;
using namespace writ::test;

constexpr std::uint64_t kStandings = 2'000;
constexpr std::size_t kMostRequests = 2'000;

// What the requests that a restriction admits come to.
struct Outcomes {
  std::set<std::uint32_t> winners;
  std::set<std::pair<Verdict, std::uint32_t>> in_term;  // verdict and anchor of an escalation
  bool undecided = false;
};

class StandingTruth {
 public:
  StandingTruth(const Table& table, const Restriction& where)
      : table_(table), matrix_(table.Matrix({0})), force_(where.as_in_force) {}

  Outcomes Of(const std::vector<const SmallRequest*>& requests) const {
    Outcomes outcomes;
    for (const SmallRequest* request : requests) {
      const ColumnSet holds = Effective(request->raw);
      const std::uint32_t winner = holds.First();
      if (winner >= matrix_.decision_column_count()) {
        outcomes.undecided = true;
        outcomes.in_term.emplace(Verdict::kDeny, 0);
        continue;
      }
      outcomes.winners.insert(winner);
      bool ended = false;
      for (std::uint32_t c = 0; c < matrix_.decision_column_count(); ++c)
        ended = ended || (holds.Has(c) && IsTerm(c));
      const ColumnView column = matrix_.Column(winner);
      const bool asks = column.verdict == Verdict::kEscalate;
      if (!ended) outcomes.in_term.emplace(column.verdict, asks ? column.anchor.value : 0);
    }
    return outcomes;
  }

  ColumnSet Effective(const ColumnSet& raw) const {
    ColumnSet set = raw;
    bool allow_when = false;
    for (std::uint32_t c = 0; c < set.size(); ++c) {
      const std::uint8_t flags = matrix_.Column(c).flags;
      if (force_ && (flags & kColumnEffective) != 0) set.Remove(c);
      allow_when = allow_when || (set.Has(c) && (flags & kColumnAllowWhen) != 0);
    }
    for (std::uint32_t c = 0; c < set.size(); ++c)
      if (allow_when && (matrix_.Column(c).flags & kColumnOtherwise) != 0) set.Remove(c);
    return set;
  }
  bool IsTerm(std::uint32_t c) const {
    return table_.Clause(matrix_.Column(c).clause).name == "~expires";
  }
  ColumnView Column(std::uint32_t c) const { return matrix_.Column(c); }

 private:
  const Table& table_;
  MatrixView matrix_;
  bool force_;
};

Autonomy AutonomyOf(const Outcomes& outcomes) {
  const auto some = [&](Verdict verdict) {
    return std::ranges::any_of(outcomes.in_term, [&](const auto& o) { return o.first == verdict; });
  };
  if (!some(Verdict::kAllow))
    return some(Verdict::kEscalate) ? Autonomy::kProposes : Autonomy::kNever;
  return outcomes.in_term.size() > 1 ? Autonomy::kWithinLimits : Autonomy::kAlone;
}

TEST(Standing, IsWhatAllRequestsComeTo) {
  std::uint64_t compared = 0, fixed = 0;
  std::set<Autonomy> seen;
  for (std::uint64_t seed = 1; seed <= kStandings && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    table::Model model = SmallTableMaker(seed).Make();
    if (seed % 3 == 0) model.clauses[0].name = "~expires";
    const auto opened = OpenModel(model);
    ASSERT_NE(opened, nullptr);
    const Table& table = opened->table;
    Random r(seed * 104'729);
    Restriction where = r.Chance(30) ? Restriction{} : RandomRestriction(r);
    where.roles = {RoleId{r.Below(2)}};
    SmallRequests maker(model, table);
    maker.AlsoRead(where);
    std::vector<SmallRequest> requests;
    if (!maker.Make(kMostRequests, &requests)) continue;
    std::vector<const SmallRequest*> admitted;
    for (const SmallRequest& request : requests)
      if (Within(where, request, maker)) admitted.push_back(&request);
    Budget budget{.limit = ~std::uint64_t{0} >> 1};
    const Standing standing = DescribeStanding(table, {0}, where, budget);
    if (!standing.reach.open.empty()) continue;
    ++compared;
    fixed += where.facts.empty() ? 0 : 1;
    seen.insert(standing.reach.autonomy);
    const StandingTruth truth(table, where);
    const Outcomes outcomes = truth.Of(admitted);
    EXPECT_EQ(Name(standing.reach.autonomy), std::string(Name(AutonomyOf(outcomes))));
    EXPECT_EQ(standing.reach.undecided, outcomes.undecided);
    const Reach reach = FindReach(table, {0}, where, budget);
    EXPECT_EQ(reach.autonomy, standing.reach.autonomy);
    std::set<std::uint32_t> asked, asked_truly;
    for (const AnchorId anchor : reach.asked) asked.insert(anchor.value);
    for (const auto& [verdict, anchor] : outcomes.in_term)
      if (verdict == Verdict::kEscalate) asked_truly.insert(anchor);
    EXPECT_EQ(asked, asked_truly);

    std::set<std::uint32_t> shown;
    std::vector<PageRow> rows = standing.page.rows;
    EXPECT_EQ(rows.size(), standing.examples.size());
    rows.insert(rows.end(), standing.term.begin(), standing.term.end());
    for (const PageRow& row : rows) {
      for (const std::uint32_t c : row.columns) {
        shown.insert(c);
        const bool decides = outcomes.winners.contains(c);
        EXPECT_TRUE(decides || (truth.Column(c).flags & kColumnAllowWhen) != 0)
            << "column " << c << " decides nothing";
      }
      // A row without conditions holds wherever it is reached.
      if (!row.when.empty()) continue;
      for (const SmallRequest* request : admitted) {
        const ColumnSet holds = truth.Effective(request->raw);
        const bool before = holds.First() < row.columns.front();
        EXPECT_TRUE(before ||
                    std::ranges::any_of(row.columns, [&](auto c) { return holds.Has(c); }))
            << "row of column " << row.columns.front() << " is said to hold always";
      }
    }
    for (const std::uint32_t c : outcomes.winners)
      EXPECT_TRUE(shown.contains(c)) << "column " << c << " decides and is not shown";
  }
  EXPECT_GE(compared, kStandings / 4);
  EXPECT_GE(fixed, kStandings / 10);
  EXPECT_EQ(seen.size(), 4u) << "each kind of standing";
}

}  // namespace
}  // namespace writ::analysis
