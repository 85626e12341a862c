// The exact change between two tables, held to every request of small ones, and worked by hand.
#include "writ/analysis/exact_diff.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "small_pairs.h"
#include "writ/analysis/change.h"
#include "writ/table/read.h"

namespace writ::test {
namespace {

using analysis::Budget;
using analysis::DiffExactly;
using analysis::Direction;
using analysis::ExactDiff;
using analysis::Step;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// --- every request of two small tables

std::string RowKey(const analysis::DiffRow& row) {
  return row.outcome + "|" + (row.clause.empty() ? row.words.substr(0, 5) : row.clause);
}

std::string RowKey(const Table& table, const Decision& decision) {
  std::string outcome = decision.verdict == Verdict::kDeny    ? "deny"
                        : decision.verdict == Verdict::kAllow ? "allow"
                                                              : "escalate to ";
  if (decision.verdict == Verdict::kEscalate) outcome += table.Anchor(decision.anchor).name;
  switch (decision.builtin) {
    case BuiltinRow::kMalformed:
      return outcome + "|malfo";
    case BuiltinRow::kMissingInput:
      return outcome + "|a req";
    case BuiltinRow::kUndecided:
      return outcome + "|nothi";
    default:
      return outcome + "|" + std::string(table.Clause(decision.clause).name);
  }
}

// What each table says to every request.
std::set<std::string> BruteForce(const std::deque<Axis>& axes, const Table& before,
                                 const Table& after) {
  std::set<std::string> changed;
  ForEachRequest(axes, [&](const Request& older, const Request& newer) {
    const Decision a = Decide(before, nullptr, older);
    const Decision b = Decide(after, nullptr, newer);
    if (!SameDecision(a, b)) changed.insert(RowKey(before, a) + " -> " + RowKey(after, b));
  });
  return changed;
}

// WRIT_DIFF_PAIRS: so many pairs instead, of tables that are smaller still.
TEST(ExactDiff, EveryRequestOfSmallTables) {
  const char* pairs = std::getenv("WRIT_DIFF_PAIRS");
  const std::size_t wanted = pairs == nullptr ? 500 : std::strtoull(pairs, nullptr, 10);
  const std::size_t most = pairs == nullptr ? 20'000 : 250;
  std::size_t compared = 0, changed = 0, equal = 0, unknown = 0;
  for (std::uint64_t seed = 1; seed <= 40 * wanted && compared < wanted; ++seed) {
    Pair pair = MakePair(seed);
    if (pairs != nullptr) DropUnread(&pair);
    if (pair.before.facts[kM].type != pair.after.facts[kM].type) continue;
    const auto axes = AxesOf(pair, most);
    if (!axes) continue;
    const auto before = OpenModel(pair.before), after = OpenModel(pair.after);
    ASSERT_TRUE(before && after);
    const std::set<std::string> truth = BruteForce(*axes, before->table, after->table);
    ++compared;
    Budget budget;
    const ExactDiff diff = DiffExactly(before->table, after->table, budget);
    ASSERT_THAT(diff.notes, IsEmpty()) << "seed " << seed;
    std::set<std::string> found;
    for (const analysis::DiffRegion& region : diff.regions)
      found.insert(RowKey(region.before) + " -> " + RowKey(region.after));
    unknown += diff.unknown.empty() ? 0 : 1;
    if (diff.unknown.empty()) {
      ASSERT_EQ(found, truth) << "seed " << seed;
    } else {
      ASSERT_TRUE(std::ranges::includes(truth, found)) << "seed " << seed;
    }
    changed += truth.empty() ? 0 : 1;
    equal += truth.empty() ? 1 : 0;
    if (pairs != nullptr && seed % 4 != 0) continue;
    for (const Direction direction :
         {Direction::kRerouted, Direction::kTightened, Direction::kLoosened}) {
      const auto change =
          analysis::FindChange(before->table, after->table, {.directions = {direction}}, budget);
      if (change.outcome == analysis::Outcome::kUnknown || !diff.unknown.empty()) continue;
      const bool moved = std::ranges::find(diff.regions, direction,
                                           &analysis::DiffRegion::direction) != diff.regions.end();
      ASSERT_EQ(change.outcome == analysis::Outcome::kFound, moved)
          << "seed " << seed << ": " << Name(direction) << ": " << change.request;
    }
  }
  std::printf("%zu pairs of tables, %zu that decide otherwise, %zu equal, %zu with an open end\n",
              compared, changed, equal, unknown);
  EXPECT_EQ(compared, wanted);
  EXPECT_GT(changed, wanted / 4);
  EXPECT_GT(equal, wanted / 30);
  EXPECT_LE(unknown * 50, compared) << "more than one in fifty stayed open";
}

// That a fact has this value, among what both tables name.
analysis::Restriction Fixing(const Table& shared, std::uint32_t fact, const std::string& name,
                             const ConcreteValue& value) {
  analysis::Restriction where;
  if (fact == kRole) {
    where.roles = {RoleId{static_cast<std::uint32_t>(value.number)}};
    return where;
  }
  const FactId id = shared.FindFact(name);
  EXPECT_TRUE(id.valid()) << name;
  analysis::FactRestriction fixed = analysis::Present(id);
  const bool of_enum = value.kind == ValueKind::kNumber && !value.text.empty();
  if (value.kind == ValueKind::kMissing) fixed = analysis::Missing(id);
  if (value.kind == ValueKind::kNumber)
    fixed = analysis::Exactly(id, of_enum ? shared.FindFactValue(id, value.text) : value.number);
  if (value.kind == ValueKind::kText) fixed.text = value.text;
  if (value.kind == ValueKind::kTextSet) fixed.texts = value.texts;
  where.facts = {fixed};
  return where;
}

TEST(ExactDiff, EveryRequestThatHasOneFact) {
  std::size_t compared = 0, changed = 0, equal = 0, unknown = 0;
  for (std::uint64_t seed = 1; seed <= 20'000 && compared < 500; ++seed) {
    const Pair pair = MakePair(seed);
    if (pair.before.facts[kM].type != pair.after.facts[kM].type) continue;
    const auto axes = AxesOf(pair, 20'000);
    if (!axes || axes->empty()) continue;
    const std::size_t picked = seed % axes->size();
    const std::uint32_t fact = (*axes)[picked].fact;
    const std::size_t value = seed / 7 % (*axes)[picked].size();
    std::deque<Axis> narrow;
    for (const Axis& axis : *axes) {
      if (axis.fact == fact) {
        narrow.emplace_back(pair, fact, value);
      } else {
        narrow.emplace_back(pair, axis.fact);
      }
    }
    const auto before = OpenModel(pair.before), after = OpenModel(pair.after);
    ASSERT_TRUE(before && after);
    const auto shared = analysis::SharedVocabulary(before->table, after->table);
    ASSERT_TRUE(shared) << shared.error();
    const std::set<std::string> truth = BruteForce(narrow, before->table, after->table);
    ++compared;
    Budget budget;
    const ExactDiff diff =
        DiffExactly(before->table, after->table, budget,
                    {.where = Fixing(shared->table, fact, pair.after.facts[fact].name,
                                     narrow[picked].named(0))});
    std::set<std::string> found;
    for (const analysis::DiffRegion& region : diff.regions)
      found.insert(RowKey(region.before) + " -> " + RowKey(region.after));
    unknown += diff.unknown.empty() ? 0 : 1;
    if (diff.unknown.empty()) {
      ASSERT_EQ(found, truth) << "seed " << seed << ", " << pair.after.facts[fact].name;
    } else {
      ASSERT_TRUE(std::ranges::includes(truth, found)) << "seed " << seed;
    }
    ++(truth.empty() ? equal : changed);
  }
  std::printf("%zu pairs of tables, %zu that decide otherwise, %zu equal, %zu with an open end\n",
              compared, changed, equal, unknown);
  EXPECT_EQ(compared, 500u);
  EXPECT_GT(changed, 100u);
  EXPECT_GT(equal, 20u);
  EXPECT_LE(unknown * 50, compared);
}

// --- by hand: `limit amount <= AUTONOMY` under the desk, over `amount: money(EUR) in 0..1_000`

table::Model Limit(std::int64_t autonomy_cents, const std::string& version = "1.0.0") {
  TableBuilder b;
  b.model().version = version;
  const FactId amount = b.Money("amount", 100'000);
  b.Sign(amount, true);
  const std::uint32_t d = b.Cuts(amount, {autonomy_cents + 1});
  const ClauseId limit = b.Clause("selling/act/limit.1", "limit amount <= autonomy");
  const ClauseId base = b.Clause("~default_allow", "nothing restricts it");
  b.Column(Verdict::kEscalate, limit, {{d, {2}}}, 0, {0});
  b.Column(Verdict::kAllow, base, {}, kColumnBase, {0});
  return std::move(b.model());
}

ExactDiff Diff(const table::Model& before, const table::Model& after) {
  const auto a = OpenModel(before), b = OpenModel(after);
  Budget budget;
  return DiffExactly(a->table, b->table, budget);
}

TEST(ExactDiff, ARaisedLimitIsOneRegion) {
  const ExactDiff diff = Diff(Limit(20'000), Limit(25'000));
  ASSERT_EQ(diff.regions.size(), 1u);
  const analysis::DiffRegion& region = diff.regions[0];
  EXPECT_EQ(region.direction, Direction::kLoosened);
  EXPECT_EQ(region.before.outcome, "escalate to desk");
  EXPECT_EQ(region.before.clause, "selling/act/limit.1");
  EXPECT_EQ(region.after.outcome, "allow");
  EXPECT_THAT(region.boxes, ElementsAre("amount in 200.01 EUR..250 EUR"));
  EXPECT_EQ(region.size, "5000");  // 200.01 to 250.00, by cents
  EXPECT_FALSE(region.at_most);
  EXPECT_EQ(region.witness, "amount = 200.01 EUR");
  EXPECT_EQ(analysis::DemandedStep(diff), Step::kMajor);
}

TEST(ExactDiff, ALoweredLimitTightens) {
  const ExactDiff diff = Diff(Limit(25'000), Limit(20'000));
  ASSERT_EQ(diff.regions.size(), 1u);
  EXPECT_EQ(diff.regions[0].direction, Direction::kTightened);
  EXPECT_EQ(analysis::DemandedStep(diff), Step::kMinor);
}

TEST(ExactDiff, TheSameRulesAreProvedEqual) {
  const ExactDiff same = Diff(Limit(20'000), Limit(20'000, "1.0.1"));
  EXPECT_TRUE(same.equal());
  EXPECT_EQ(analysis::DemandedStep(same), Step::kPatch);
  // Said otherwise: a second row that the first one hides.
  table::Model other = Limit(20'000);
  table::Column narrower = other.matrices[0].columns[0];
  other.matrices[0].columns.insert(other.matrices[0].columns.begin(), narrower);
  EXPECT_TRUE(Diff(Limit(20'000), other).equal());
}

TEST(ExactDiff, ToAHigherAnchorTightensAndBackLoosens) {
  table::Model higher = Limit(20'000);
  higher.matrices[0].columns[0].anchor = {1};  // the board, which ranks above the desk
  const ExactDiff up = Diff(Limit(20'000), higher), down = Diff(higher, Limit(20'000));
  ASSERT_EQ(up.regions.size(), 1u);
  EXPECT_EQ(up.regions[0].direction, Direction::kTightened);
  ASSERT_EQ(down.regions.size(), 1u);
  EXPECT_EQ(down.regions[0].direction, Direction::kLoosened);
}

TEST(ExactDiff, AnotherPersonAnswersForAPermission) {
  table::Model other = Limit(20'000);
  other.matrices[0].columns[1].anchor = {1};
  const ExactDiff diff = Diff(Limit(20'000), other);
  ASSERT_EQ(diff.regions.size(), 1u);
  EXPECT_EQ(diff.regions[0].direction, Direction::kRerouted);
}

TEST(ExactDiff, ANarrowerInputDeniesWhatItNoLongerHas) {
  table::Model narrow = Limit(20'000);
  narrow.facts[0].high = 50'000;
  const ExactDiff diff = Diff(Limit(20'000), narrow);
  ASSERT_EQ(diff.regions.size(), 1u);
  EXPECT_EQ(diff.regions[0].direction, Direction::kTightened);
  EXPECT_THAT(diff.regions[0].after.words, HasSubstr("malformed"));
  EXPECT_THAT(diff.regions[0].boxes, ElementsAre("amount > 500 EUR"));
  EXPECT_EQ(diff.regions[0].size, "50000");
}

TEST(ExactDiff, ACapabilityThatIsNewIsLooser) {
  table::Model none = Limit(20'000);
  none.capabilities[0].name = "other";
  const ExactDiff diff = Diff(none, Limit(20'000));
  std::map<std::string, int> directions;
  for (const analysis::DiffRegion& region : diff.regions)
    ++directions[region.capability + " " + analysis::Name(region.direction)];
  EXPECT_EQ(directions, (std::map<std::string, int>{{"act loosened", 2}, {"other tightened", 2}}));
}

TEST(ExactDiff, AFactOfAnotherKindIsSaid) {
  table::Model other = Limit(20'000);
  other.facts[0].unit = "USD";
  const ExactDiff diff = Diff(Limit(20'000), other);
  EXPECT_FALSE(diff.equal());
  EXPECT_THAT(diff.notes, ElementsAre(HasSubstr("`amount` means values of another kind")));
  EXPECT_EQ(analysis::DemandedStep(diff), Step::kMajor);
}

TEST(ExactDiff, AnObligationThatIsGoneIsSaid) {
  table::Model with = Limit(20'000);
  table::Clause clause;
  clause.name = "selling/act/note.1";
  clause.words = "note when amount > 100 EUR";
  with.clauses.push_back(clause);
  table::Column note;
  note.kind = ColumnKind::kNote;
  note.verdict = Verdict::kAllow;
  note.clause = {static_cast<std::uint32_t>(with.clauses.size() - 1)};
  with.matrices[0].columns.push_back(note);
  const ExactDiff gone = Diff(with, Limit(20'000)), added = Diff(Limit(20'000), with);
  ASSERT_EQ(gone.obligations.size(), 1u);
  EXPECT_TRUE(gone.obligations[0].dropped);
  EXPECT_EQ(analysis::DemandedStep(gone), Step::kMajor);
  ASSERT_EQ(added.obligations.size(), 1u);
  EXPECT_FALSE(added.obligations[0].dropped);
  EXPECT_EQ(analysis::DemandedStep(added), Step::kMinor);
}

TEST(ExactDiff, WhatTheBudgetDoesNotReachIsUnknown) {
  const auto a = OpenModel(Limit(20'000)), b = OpenModel(Limit(25'000));
  Budget none{.limit = 1};
  const ExactDiff diff = DiffExactly(a->table, b->table, none);
  EXPECT_FALSE(diff.equal());
  EXPECT_THAT(diff.unknown, ElementsAre(HasSubstr("budget")));
}

TEST(ExactDiff, StepsOfVersions) {
  EXPECT_EQ(analysis::StatedStep("1.4.0", "2.0.0"), Step::kMajor);
  EXPECT_EQ(analysis::StatedStep("1.4.9", "1.5.0"), Step::kMinor);
  EXPECT_EQ(analysis::StatedStep("1.4.0", "1.4.1"), Step::kPatch);
  EXPECT_EQ(analysis::StatedStep("1.4.0", "1.4.0"), Step::kNone);
  EXPECT_EQ(analysis::StatedStep("1.4.0", "1.3.9"), Step::kNone);
}

}  // namespace
}  // namespace writ::test
