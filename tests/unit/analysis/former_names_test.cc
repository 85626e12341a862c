// Former names in tables that no writer makes: of what others are called today. A name of today
// wins, so that what reads two tables together does not mix up what either names.
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "table_builder.h"
#include "writ/analysis/exact_diff.h"
#include "writ/analysis/table_diff.h"

namespace writ::test {
namespace {

using analysis::Budget;
using analysis::DiffExactly;
using analysis::Direction;
using analysis::ExactDiff;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Two things of every kind that can be renamed, each of which something is decided by.
TableBuilder TwoOfEach() {
  TableBuilder b;
  table::Model& m = b.model();
  const std::uint32_t first = b.Cuts(b.Fact("fact_a", ValueType::kInteger, 0, 9), {5});
  b.Cuts(b.Fact("fact_b", ValueType::kInteger, 0, 9), {5});
  const std::uint32_t mood = b.Direct(b.Enum("mood", {"calm", "loud"}), 2);
  const std::uint32_t role = b.RoleDimension();
  b.Column(Verdict::kDeny, b.Clause("low", "low"), {{first, {0, 1}}});
  b.Column(Verdict::kDeny, b.Clause("loud", "loud"), {{mood, {2}}});
  b.Column(Verdict::kEscalate, b.Clause("asked", "asked"), {{role, {1}}}, 0, {0});
  b.Column(Verdict::kAllow, b.Clause("rest", "rest"), {}, 0, {0});
  table::Capability other;
  other.name = "tell";
  m.capabilities.push_back(other);
  m.matrices.emplace_back();
  return b;
}

// As written, and then with the names in capitals made small, which are names of today.
std::unique_ptr<OpenedTable> OpenDamaged(const table::Model& model) {
  auto written = table::WriteTable(model);
  EXPECT_TRUE(written.has_value()) << (written ? "" : written.error().what);
  if (!written) return nullptr;
  for (const table::FormerName& former : model.former_names) {
    const auto at =
        std::search(written->begin(), written->end(), former.name.begin(), former.name.end());
    EXPECT_NE(at, written->end());
    std::transform(at, at + static_cast<std::ptrdiff_t>(former.name.size()), at,
                   [](unsigned char c) { return static_cast<unsigned char>(std::tolower(c)); });
  }
  table::SealTable(*written);
  return OpenBytes(*written);
}

TEST(FormerNames, ANameOfTodayWins) {
  TableBuilder b = TwoOfEach();
  const auto before = b.Open();
  ASSERT_TRUE(before);
  const FactId mood{2};
  for (const std::vector<table::FormerName>& swapped : std::vector<std::vector<table::FormerName>>{
           {{NameOf::kFact, {}, "FACT_A", 1}, {NameOf::kFact, {}, "FACT_B", 0}},
           {{NameOf::kRole, {}, "BOT", 0}, {NameOf::kRole, {}, "CLERK", 1}},
           {{NameOf::kAnchor, {}, "BOARD", 0}, {NameOf::kAnchor, {}, "DESK", 1}},
           {{NameOf::kCapability, {}, "ACT", 1}, {NameOf::kCapability, {}, "TELL", 0}},
           {{NameOf::kValue, mood, "CALM", 1}, {NameOf::kValue, mood, "LOUD", 0}}}) {
    table::Model model = b.model();
    model.former_names = swapped;
    const auto after = OpenDamaged(model);
    ASSERT_TRUE(after) << swapped.front().name;
    Budget budget;
    const ExactDiff diff = DiffExactly(before->table, after->table, budget);
    EXPECT_EQ(diff.regions.size(), 0U) << swapped.front().name;
    EXPECT_THAT(diff.notes, IsEmpty()) << swapped.front().name;
    EXPECT_THAT(diff.unknown, IsEmpty()) << swapped.front().name;
    for (const analysis::DeclarationChange& change :
         analysis::DiffTables(before->table, after->table).declarations)
      EXPECT_EQ(change.what, "former name") << change.name;
  }
}

// What the newer table calls something before counts where nothing is called so today.
TEST(FormerNames, AFormerNameCountsOtherwise) {
  TableBuilder b = TwoOfEach();
  const auto before = b.Open();
  table::Model model = b.model();
  model.facts[0].name = "fact_c";
  const auto renamed_silently = OpenModel(model);
  model.former_names = {{NameOf::kFact, {}, "fact_a", 0}};
  const auto renamed = OpenModel(model);
  ASSERT_TRUE(before && renamed && renamed_silently);
  Budget budget;
  EXPECT_EQ(DiffExactly(before->table, renamed->table, budget).regions.size(), 0U);
  EXPECT_NE(DiffExactly(before->table, renamed_silently->table, budget).regions.size(), 0U);
}

// What had two names of the older table's, and was two things there, is not compared as one: that
// would hide what became of one of them.
TEST(FormerNames, TwoThingsAreNeverMadeOne) {
  const auto compare = [](const table::Model& before, const table::Model& after) {
    const auto older = OpenModel(before), newer = OpenModel(after);
    if (!older || !newer) return ExactDiff{};
    Budget budget;
    return DiffExactly(older->table, newer->table, budget);
  };
  // Denied by two facts, of which the one is called as the other is, or both something new.
  TableBuilder two;
  const std::uint32_t a = two.Cuts(two.Fact("fact_a", ValueType::kInteger, 0, 9), {5});
  const std::uint32_t b = two.Cuts(two.Fact("fact_b", ValueType::kInteger, 0, 9), {5});
  two.Column(Verdict::kDeny, two.Clause("both", "both"), {{a, {1}}, {b, {2}}});
  two.Column(Verdict::kAllow, two.Clause("rest", "rest"), {}, 0, {0});
  for (const char* name : {"fact_b", "fact_c"}) {
    TableBuilder one;
    one.Fact(name, ValueType::kInteger, 0, 9);
    one.Column(Verdict::kAllow, one.Clause("rest", "rest"), {}, 0, {0});
    one.model().former_names = {{NameOf::kFact, {}, "fact_a", 0}};
    if (name == std::string("fact_c"))
      one.model().former_names.push_back({NameOf::kFact, {}, "fact_b", 0});
    const ExactDiff diff = compare(two.model(), one.model());
    EXPECT_NE(diff.regions.size(), 0U) << name;
    EXPECT_THAT(diff.notes, ElementsAre(HasSubstr("they are compared as two things"))) << name;
    EXPECT_EQ(analysis::DemandedStep(diff), analysis::Step::kMajor) << name;
  }
  // Escalated to the one of two anchors, and now to the other, which has the name of both.
  TableBuilder desks, boards;
  desks.Column(Verdict::kEscalate, desks.Clause("asked", "asked"), {}, 0, {0});
  boards.Column(Verdict::kEscalate, boards.Clause("asked", "asked"), {}, 0, {0});
  boards.model().anchors.erase(boards.model().anchors.begin());
  boards.model().anchors[0].below = {};
  boards.model().former_names = {{NameOf::kAnchor, {}, "desk", 0}};
  const ExactDiff asked = compare(desks.model(), boards.model());
  EXPECT_EQ(asked.worst(), Direction::kRerouted);
  EXPECT_EQ(asked.notes.size(), 1U);
  // A value that nobody says any more.
  TableBuilder loud, calm;
  const std::uint32_t mood = loud.Direct(loud.Enum("mood", {"calm", "loud"}), 2);
  loud.Column(Verdict::kDeny, loud.Clause("loud", "loud"), {{mood, {2}}});
  loud.Column(Verdict::kAllow, loud.Clause("rest", "rest"), {}, 0, {0});
  calm.Enum("mood", {"calm"});
  calm.Column(Verdict::kAllow, calm.Clause("rest", "rest"), {}, 0, {0});
  calm.model().former_names = {{NameOf::kValue, {0}, "loud", 0}};
  EXPECT_EQ(compare(loud.model(), calm.model()).notes.size(), 1U);
}

}  // namespace
}  // namespace writ::test
