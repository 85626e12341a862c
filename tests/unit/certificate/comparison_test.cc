// Claims about two tables: what is proved is what the runtime says of every request of small ones,
// and of what the searches find nothing can be left out.
#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>

#include "unit/analysis/small_pairs.h"
#include "writ/analysis/ask.h"
#include "writ/analysis/exact_diff.h"
#include "writ/analysis/refutation.h"
#include "writ/certificate/certificate.h"

namespace writ::test {
namespace {

using analysis::Budget;
using analysis::DiffExactly;
using analysis::DiffRegion;
using analysis::ExactDiff;
using certificate::About;
using certificate::Claim;
using certificate::ClaimKind;
using certificate::ClausesOf;
using certificate::Region;
using ::testing::HasSubstr;

std::optional<certificate::Proof> Prove(const About& about, const Claim& claim) {
  const auto clauses = ClausesOf(about, claim);
  if (!clauses) return std::nullopt;
  Budget budget;
  auto steps = analysis::Refute(clauses->clauses, budget);
  if (!steps) return std::nullopt;
  return certificate::Proof{claim, std::move(*steps)};
}

Claim Alike(std::vector<Region> regions = {}) {
  return {ClaimKind::kAlike, "act", "", Verdict::kAllow, std::move(regions)};
}

std::vector<Region> RegionsOf(const ExactDiff& diff) {
  std::vector<Region> regions;
  for (const DiffRegion& one : diff.regions) {
    const Region region{one.column_before, one.column_after};
    if (std::ranges::find(regions, region) == regions.end()) regions.push_back(region);
  }
  return regions;
}

// The rows that a decision names: a clause with one outcome.
using Row = std::tuple<bool, std::uint32_t, Verdict, std::uint32_t>;
Row RowOf(const MatrixView& matrix, std::uint32_t column) {
  if (column == Region::kNoRow) return {};
  const ColumnView view = matrix.Column(column);
  const std::uint32_t anchor = view.verdict == Verdict::kDeny ? 0 : view.anchor.value;
  return {true, view.clause.value, view.verdict, anchor};
}

std::set<std::pair<Row, Row>> RowsOf(const About& about, const std::vector<Region>& regions) {
  std::set<std::pair<Row, Row>> rows;
  for (const Region& region : regions)
    rows.emplace(RowOf(about.before->Matrix({0}), region.before),
                 RowOf(about.table->Matrix({0}), region.now));
  return rows;
}

// Each request that is decided otherwise lies in a region.
bool HoldsOfAll(const About& about, const std::vector<Region>& regions,
                const std::deque<Axis>& axes) {
  const auto listed = RowsOf(about, regions);
  bool holds = true;
  ForEachRequest(axes, [&](const Request& older, const Request& newer) {
    const Decision a = Decide(*about.before, nullptr, older);
    const Decision b = Decide(*about.table, nullptr, newer);
    holds = holds &&
            (SameDecision(a, b) || listed.contains({RowOf(about.before->Matrix({0}), a.column),
                                                    RowOf(about.table->Matrix({0}), b.column)}));
  });
  return holds;
}

TEST(Comparison, WhatIsProvedHoldsOfEveryRequest) {
  std::size_t compared = 0, proved = 0, equal = 0, open = 0, short_by_one = 0;
  for (std::uint64_t seed = 1; compared < 400; ++seed) {
    ASSERT_LT(seed, 40'000u);
    Pair pair = MakePair(seed);
    if (pair.before.facts[kM].type != pair.after.facts[kM].type) continue;
    const auto axes = AxesOf(pair, 5'000);
    if (!axes) continue;
    const auto before = OpenModel(pair.before), after = OpenModel(pair.after);
    ASSERT_TRUE(before && after);
    const About about(before->table, after->table);
    ++compared;
    Budget budget;
    const std::vector<Region> regions = RegionsOf(DiffExactly(before->table, after->table, budget));
    const auto proof = Prove(about, Alike(regions));
    (proof ? proved : open) += 1;
    if (proof) {
      ASSERT_TRUE(HoldsOfAll(about, regions, *axes)) << "seed " << seed;
      equal += regions.empty() ? 1 : 0;
      const auto checked =
          certificate::CheckCertificate(about, certificate::WriteCertificate(about, {*proof}));
      ASSERT_TRUE(checked.has_value()) << "seed " << seed << ": " << checked.error();
      EXPECT_EQ(checked->claims[0], proof->claim);
    }
    for (std::size_t i = 0; i < regions.size(); ++i) {
      std::vector<Region> fewer = regions;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      ASSERT_FALSE(Prove(about, Alike(fewer))) << "seed " << seed << ", without region " << i;
      ++short_by_one;
    }
  }
  std::printf("%zu pairs: %zu proved, %zu of them equal; %zu left out; %zu with a region less\n",
              compared, proved, equal, open, short_by_one);
  EXPECT_GT(proved, 200u);
  EXPECT_GT(equal, 20u);
  EXPECT_GT(short_by_one, 300u);
}

// Of obligations, too: the region columns of small tables stand in for notes.
TEST(Comparison, WhatIsOwedIsTheSameWhereTheSearchFindsNothing) {
  std::size_t proved = 0, changed = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Pair pair = MakePair(seed);
    if (pair.before.facts[kM].type != pair.after.facts[kM].type) continue;
    for (table::Model* model : {&pair.before, &pair.after})
      for (table::Column& column : model->matrices[0].columns)
        if (column.kind == ColumnKind::kRegion) column.kind = ColumnKind::kNote;
    const auto before = OpenModel(pair.before), after = OpenModel(pair.after);
    ASSERT_TRUE(before && after);
    Budget budget;
    const ExactDiff diff = DiffExactly(before->table, after->table, budget);
    const auto proof =
        Prove({before->table, after->table}, {ClaimKind::kOwed, "act", "", Verdict::kAllow, {}});
    proved += proof ? 1 : 0;
    changed += diff.obligations.empty() ? 0 : 1;
    EXPECT_FALSE(proof && !diff.obligations.empty()) << "seed " << seed;
  }
  EXPECT_GT(proved, 30u);
  EXPECT_GT(changed, 50u);
}

// Conditions speak of values as the table reads them.
TEST(Comparison, AnswersAreProvedWhereTheSearchFindsNothing) {
  std::size_t proved = 0, refuted = 0, left_out = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Pair pair = MakePair(seed);
    table::Model& asked = pair.before;
    if (asked.facts[kM].type != pair.after.facts[kM].type) continue;
    for (std::uint32_t f = 0; f < asked.facts.size(); ++f) {
      asked.facts[f] = pair.after.facts[f];
      asked.facts[f].evidence = {};
      asked.facts[f].meter = {};
      if (asked.facts[f].source != Source::kBuiltin) asked.facts[f].source = Source::kHost;
    }
    asked.meters.clear();
    asked.evidence.clear();
    const bool reads_evidence =
        std::ranges::any_of(asked.matrices[0].code,
                            [](const table::Instruction& in) { return in.op == Op::kEvidence; }) ||
        std::ranges::any_of(asked.matrices[0].dimensions, [](const table::Dimension& d) {
          return d.kind == table::DimensionKind::kEvidence;
        });
    if (reads_evidence || pair.after.facts[kE].values.size() != 3) continue;
    const auto condition = OpenModel(asked), table = OpenModel(pair.after);
    ASSERT_TRUE(condition && table);
    About about(table->table);
    about.questions = {{"q", &condition->table, {Verdict::kAllow}}};
    for (const Verdict verdict : {Verdict::kAllow, Verdict::kEscalate, Verdict::kDeny}) {
      about.questions[0].verdicts = {verdict};
      Budget budget;
      const auto answers = analysis::AskTable(table->table, condition->table, {verdict}, budget);
      const auto proof = Prove(about, {ClaimKind::kAsked, "act", "q", verdict, {}});
      ASSERT_EQ(answers.size(), 1u);
      const bool none = answers[0].outcome == analysis::Outcome::kNone;
      proved += proof ? 1 : 0;
      left_out += none && !proof ? 1 : 0;
      refuted += answers[0].outcome == analysis::Outcome::kFound ? 1 : 0;
      EXPECT_FALSE(proof && answers[0].outcome == analysis::Outcome::kFound)
          << "seed " << seed << ": " << answers[0].request;
    }
  }
  std::printf("%zu proved, %zu refuted, %zu left out\n", proved, refuted, left_out);
  EXPECT_GT(proved, 100u);
  EXPECT_GT(refuted, 100u);
}

table::Model Limit(std::int64_t cents) {
  TableBuilder b;
  const FactId amount = b.Money("amount", 100'000);
  b.Sign(amount, true);
  const std::uint32_t d = b.Cuts(amount, {cents + 1});
  b.Column(Verdict::kEscalate, b.Clause("limit.1", "limit amount <= autonomy"), {{d, {2}}}, 0, {0});
  b.Column(Verdict::kAllow, b.Clause("~base", "nothing restricts it"), {}, kColumnBase, {0});
  return std::move(b.model());
}

TEST(Comparison, WhatHasAnotherNameNowIsOneThing) {
  table::Model renamed = Limit(200);
  renamed.facts[0].name = "sum";
  renamed.roles[0].name = "teller";
  renamed.anchors[0].name = "counter";
  renamed.capabilities[0].name = "pay";
  const auto before = OpenModel(Limit(200)), other = OpenModel(renamed);
  const Claim alike{ClaimKind::kAlike, "pay", "", Verdict::kAllow, {}};
  EXPECT_FALSE(Prove({before->table, other->table}, alike));
  renamed.former_names = {{NameOf::kFact, {}, "amount", 0},
                          {NameOf::kAnchor, {}, "desk", 0},
                          {NameOf::kCapability, {}, "act", 0}};
  const auto after = OpenModel(renamed);
  EXPECT_TRUE(Prove({before->table, after->table}, alike));
  // The older name says nothing of what it is now.
  EXPECT_FALSE(ClausesOf({before->table, after->table}, Alike()));
}

// A reader takes former names that others have now, though no writer makes them. What is asked of a
// name is asked of what has it.
TEST(Comparison, FormerNamesOfOthersMeanNothing) {
  TableBuilder b;
  for (const char* name : {"fact_a", "fact_b"})
    b.Cuts(b.Fact(name, ValueType::kInteger, 0, 9), {5});
  b.Column(Verdict::kDeny, b.Clause("low", "low"), {{0, {0, 1}}});
  b.Column(Verdict::kAllow, b.Clause("rest", "rest"), {}, 0, {0});
  table::Model hostile = b.model();
  hostile.former_names = {{NameOf::kFact, {}, "once_a", 1}, {NameOf::kFact, {}, "once_b", 0}};
  auto written = table::WriteTable(hostile);
  ASSERT_TRUE(written.has_value());
  for (const std::string name : {"once_a", "once_b"}) {
    const auto at = std::search(written->begin(), written->end(), name.begin(), name.end());
    ASSERT_NE(at, written->end());
    std::copy_n("fact", 4, at);
  }
  table::SealTable(*written);
  Table table;
  ASSERT_EQ(Table::Open(written->data(), written->size(), &table).code, OpenCode::kOk);
  ASSERT_EQ(table.FindFormer(NameOf::kFact, "fact_a"), 1u);
  table::Model asked = b.model();
  asked.matrices[0].columns.resize(1);
  asked.matrices[0].columns[0].kind = ColumnKind::kInvariant;
  asked.invariants = {"q"};
  const auto condition = OpenModel(asked);
  About about(table);
  about.questions = {{"q", &condition->table, {Verdict::kAllow}}};
  EXPECT_TRUE(Prove(about, {ClaimKind::kAsked, "act", "q", Verdict::kAllow}));
}

TEST(Comparison, WhatMeansSomethingElseIsNotCompared) {
  const auto before = OpenModel(Limit(200));
  const auto why = [&](const table::Model& model) {
    const auto after = OpenModel(model);
    const auto clauses = ClausesOf({before->table, after->table}, Alike());
    return clauses ? std::string("compared") : clauses.error();
  };
  table::Model dollars = Limit(200);
  dollars.facts[0].unit = "USD";
  EXPECT_THAT(why(dollars), HasSubstr("`amount` means something else"));
  table::Model metered = Limit(200);
  table::Meter meter;
  meter.name = "amount";
  meter.fact = {0};
  metered.meters = {meter};
  metered.facts[0].meter = {0};
  metered.facts[0].source = Source::kMeter;
  EXPECT_THAT(why(metered), HasSubstr("`amount` means something else"));
  table::Model merged = Limit(200);
  merged.anchors[0].name = "both";
  merged.anchors[1].name = "top";
  merged.former_names = {{NameOf::kAnchor, {}, "board", 0}, {NameOf::kAnchor, {}, "desk", 0}};
  EXPECT_THAT(why(merged), HasSubstr("two names of the older table are one now"));
  EXPECT_EQ(why(Limit(300)), "compared");
}

// A capability that only one version has is denied by the other; so is a value beyond its range.
TEST(Comparison, WhatOnlyOneVersionHasIsDeniedByTheOther) {
  const auto before = OpenModel(Limit(200));
  table::Model wider = Limit(200);
  wider.facts[0].high = 200'000;
  const auto after = OpenModel(wider);
  const About about(before->table, after->table);
  EXPECT_FALSE(Prove(about, Alike()));
  EXPECT_TRUE(Prove(about, Alike({{Region::kNoRow, 0}})));
  table::Model none = Limit(200);
  none.capabilities[0].name = "other";
  const auto gone = OpenModel(none);
  EXPECT_FALSE(Prove({before->table, gone->table}, Alike()));
  EXPECT_TRUE(
      Prove({before->table, gone->table}, Alike({{0, Region::kNoRow}, {1, Region::kNoRow}})));
  EXPECT_FALSE(ClausesOf(about, Alike({{0, 9}})));
}

// Whatever a table says that opens, clauses are made of it, or a sentence says why not.
TEST(Comparison, TablesThatWereDamagedAreReadWithinTheirBounds) {
  std::size_t opened = 0, made = 0;
  for (std::uint64_t seed = 1; seed <= 1'500; ++seed) {
    Random random(seed);
    const auto bytes = table::WriteTable(SmallTableMaker(seed).Make());
    ASSERT_TRUE(bytes.has_value());
    std::vector<unsigned char> damaged = *bytes;
    damaged[random.Below(damaged.size())] ^= static_cast<unsigned char>(1u << random.Below(8));
    table::SealTable(damaged);
    Table whole, odd;
    ASSERT_EQ(Table::Open(bytes->data(), bytes->size(), &whole).code, OpenCode::kOk);
    if (Table::Open(damaged.data(), damaged.size(), &odd).code != OpenCode::kOk) continue;
    ++opened;
    About asked(whole);
    asked.questions = {{"q", &odd, {Verdict::kAllow, Verdict::kDeny}}};
    for (const About& about : {About(odd), About(whole, odd), About(odd, whole), asked}) {
      for (const Claim& claim : certificate::ClaimsOf(about)) {
        const auto clauses = ClausesOf(about, claim);
        EXPECT_TRUE(clauses || !clauses.error().empty());
        if (!clauses) continue;
        for (const certificate::Clause& clause : clauses->clauses) {
          for (const std::int32_t literal : clause)
            ASSERT_TRUE(literal != 0 && std::abs(literal) <= clauses->variables);
        }
        ++made;
      }
    }
  }
  std::printf("%zu tables, %zu claims\n", opened, made);
  EXPECT_GT(opened, 40u);
  EXPECT_GT(made, 200u);
}

}  // namespace
}  // namespace writ::test
