// The questions on tables small enough to answer by hand, and how the answers read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "table_builder.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/table_diff.h"

namespace writ::analysis {
namespace {

using namespace writ::runtime;
using namespace writ::test;
using ::testing::ElementsAre;

// Refunds: `limit amount <= autonomy`, `escalate to board when amount > 5_000 EUR`, `deny when
// order.status = fraud_hold`, `require amount <= order.total`, and what nothing else decides is
// allowed.
struct Refunds {
  explicit Refunds(std::int64_t autonomy_cents = 20'000) {
    amount = b.Money("amount", 5'000'000);
    b.Sign(amount, true);
    total = b.Money("order.total", 10'000'000);
    status = b.Enum("order.status", {"open", "shipped", "fraud_hold"});
    confidence = b.Fact("confidence", ValueType::kDecimal, 0, 100);
    b.model().facts[confidence.value].scale = 2;
    const std::uint32_t by_amount = b.Cuts(amount, {autonomy_cents + 1, 500'001});
    const std::uint32_t by_status = b.Direct(status, 3);
    const std::uint32_t by_confidence = b.Cuts(confidence, {80});
    const std::uint32_t covered = b.Derived(
        b.Code(Op::kLessEqual, b.Code(Op::kFact, amount.value), b.Code(Op::kFact, total.value)));
    held = b.Clause("refunding/issue_refund/deny.1", "deny when order.status = fraud_hold");
    paid = b.Clause("refunding/issue_refund/require.1", "require amount <= order.total");
    big =
        b.Clause("refunding/issue_refund/escalate.1", "escalate to board when amount > 5_000 EUR");
    limit = b.Clause("refunding/issue_refund/limit.1", "limit amount <= refund_autonomy");
    unsure = b.Clause("refunding/issue_refund/escalate.2", "escalate when confidence < unsure");
    base = b.Clause("~default_allow", "");
    b.Column(Verdict::kDeny, held, {{by_status, {3}}});
    b.Column(Verdict::kDeny, held, {{by_status, {0}}}, kColumnUnknown);
    b.Column(Verdict::kDeny, paid, {{covered, {0, 1}}});
    b.Column(Verdict::kEscalate, big, {{by_amount, {3}}}, 0, {1});
    b.Column(Verdict::kEscalate, limit, {{by_amount, {2, 3}}}, 0, {0});
    b.Column(Verdict::kEscalate, unsure, {{by_confidence, {0, 1}}}, 0, {0});
    b.Column(Verdict::kAllow, base, {}, kColumnBase);
    b.model().thresholds = {
        {"refund_autonomy", autonomy_cents == 20'000 ? "200 EUR" : "300 EUR", ""}};
  }
  // `never allow when amount > 200 EUR`
  void AddInvariant() {
    b.model().invariants = {"no_big_money_alone"};
    const std::uint32_t c = b.Column(Verdict::kAllow, {}, {{0, {2, 3}}});
    b.matrix().columns[c].kind = ColumnKind::kInvariant;
  }
  TableBuilder b;
  FactId amount, total, status, confidence;
  ClauseId held, paid, big, limit, unsure, base;
};

TEST(Questions, TotalPolicyHasNoGap) {
  const Refunds refunds;
  const auto opened = refunds.b.Open();
  Budget budget;
  EXPECT_EQ(FindUndecided(opened->table, {0}, {}, budget).outcome, Outcome::kNone);
}

TEST(Questions, GapIsShownWithWhatMatters) {
  Refunds refunds;
  refunds.b.matrix().columns.pop_back();  // without the default
  const auto opened = refunds.b.Open();
  Budget budget;
  const Answer answer = FindUndecided(opened->table, {0}, {}, budget);
  ASSERT_EQ(answer.outcome, Outcome::kFound);
  EXPECT_EQ(answer.witness->decision.builtin, BuiltinRow::kUndecided);
  EXPECT_EQ(Describe(opened->table, *answer.witness),
            "amount = 0 EUR, confidence = 0.80, order.status = open, order.total = 0 EUR");
  EXPECT_EQ(DescribeDecision(opened->table, answer.witness->decision), "deny (no row decides)");
}

TEST(Questions, WitnessOfAComparisonHasFittingValues) {
  const Refunds refunds;
  const auto opened = refunds.b.Open();
  const Space space(opened->table, {0});
  Budget budget;
  Where where;
  where.winner = space.ColumnsOfClause(refunds.paid);
  where.holds = {space.ColumnsOfClause(refunds.limit)};
  const Answer answer = FindWhere(space, where, budget);
  ASSERT_EQ(answer.outcome, Outcome::kFound);
  const auto& values = answer.witness->values;
  EXPECT_GT(values[refunds.amount.value].number, 20'000);
  EXPECT_TRUE(values[refunds.total.value].kind == ValueKind::kMissing ||
              values[refunds.total.value].number < values[refunds.amount.value].number);
}

TEST(Questions, InvariantHoldsAndBreaks) {
  Refunds refunds;
  refunds.AddInvariant();
  auto opened = refunds.b.Open();
  Budget budget;
  EXPECT_EQ(FindInvariantBreach(Space(opened->table, {0}), 0, budget).outcome, Outcome::kNone);
  Refunds looser(30'000);
  looser.AddInvariant();
  // The invariant keeps its own threshold.
  table::Model& model = looser.b.model();
  model.atom_maps[0].cuts = {20'001, 30'001, 500'001};
  for (table::Column& column : looser.b.matrix().columns) {
    for (table::Constraint& constraint : column.constraints) {
      if (constraint.dimension == 0)
        constraint.atoms.insert(constraint.atoms.begin() + 2,
                                column.kind == ColumnKind::kInvariant);
    }
  }
  opened = looser.b.Open();
  const Answer breach = FindInvariantBreach(Space(opened->table, {0}), 0, budget);
  ASSERT_EQ(breach.outcome, Outcome::kFound);
  EXPECT_THAT(Describe(opened->table, *breach.witness),
              ::testing::StartsWith("amount = 200.01 EUR, confidence = 0.80"));
  EXPECT_EQ(DescribeDecision(opened->table, breach.witness->decision), "allow");
}

TEST(Questions, ClauseWithoutEffectNamesWhatHidesIt) {
  Refunds refunds;
  const ClauseId again =
      refunds.b.Clause("refunding/issue_refund/escalate.3", "escalate when amount > 6_000 EUR");
  table::Column column = refunds.b.matrix().columns[3];
  column.clause = again;
  auto& columns = refunds.b.matrix().columns;
  columns.insert(columns.begin() + 4, column);
  const auto opened = refunds.b.Open();
  const Space space(opened->table, {0});
  Budget budget;
  const Effect hidden = ClauseMatters(space, again, budget);
  EXPECT_EQ(hidden.answer.outcome, Outcome::kNone);
  EXPECT_THAT(hidden.hidden_by, ElementsAre(3));
  // All others change some decision, except what the twin replaces.
  for (const ClauseEffect& effect : AllClausesMatter(space, budget)) {
    const bool twin = effect.clause == again || effect.clause == refunds.big;
    EXPECT_EQ(effect.effect.answer.outcome, twin ? Outcome::kNone : Outcome::kFound)
        << effect.clause.value;
  }
}

TEST(Questions, BothHoldAtOnceUnlessADenyDoes) {
  const Refunds refunds;
  const auto opened = refunds.b.Open();
  const Space space(opened->table, {0});
  Budget budget;
  EXPECT_EQ(FindBoth(space, space.ColumnsTo({0}), space.ColumnsTo({1}), budget).outcome,
            Outcome::kFound);
  const ColumnSet held = space.ColumnsOfClause(refunds.held);
  EXPECT_EQ(FindBoth(space, held, space.ColumnsTo({1}), budget).outcome, Outcome::kNone);
}

TEST(Questions, ExamplesRangeOverWhatTheyLeaveOut) {
  const Refunds refunds;
  const auto opened = refunds.b.Open();
  const Table& table = opened->table;
  Budget budget;
  Restriction small;
  small.facts = {Exactly(refunds.amount, 12'000), Exactly(refunds.total, 30'000),
                 Exactly(refunds.status, 0)};
  Expectation allow;
  const Answer open = CheckExample(table, {0}, Quiet(table, {0}, small), allow, budget);
  ASSERT_EQ(open.outcome, Outcome::kFound);  // any confidence: not for all of them
  EXPECT_EQ(open.witness->values[refunds.confidence.value].number, 0);
  small.facts.push_back(Exactly(refunds.confidence, 93));
  EXPECT_EQ(CheckExample(table, {0}, Quiet(table, {0}, small), allow, budget).outcome,
            Outcome::kNone);
  small.facts[0] = Exactly(refunds.amount, 20'100);
  Expectation escalate;
  escalate.verdict = Verdict::kEscalate;
  escalate.anchor = {0};
  escalate.because = {refunds.limit};
  EXPECT_EQ(CheckExample(table, {0}, Quiet(table, {0}, small), escalate, budget).outcome,
            Outcome::kNone);
  small.facts[0] = Exactly(refunds.amount, -1);
  Expectation deny;
  deny.verdict = Verdict::kDeny;
  EXPECT_EQ(CheckExample(table, {0}, small, deny, budget).outcome, Outcome::kNone);  // malformed
  const Answer malformed = CheckExample(table, {0}, small, allow, budget);
  ASSERT_EQ(malformed.outcome, Outcome::kFound);
  EXPECT_EQ(DescribeDecision(table, malformed.witness->decision), "deny (malformed amount)");
}

TEST(Questions, ThreeFactsCannotRunInACircle) {
  TableBuilder b;
  std::vector<std::uint32_t> facts;
  for (const char* name : {"a", "b", "c"}) {
    const FactId fact = b.Fact(name, ValueType::kInteger, 0, 1'000'000'000'000'000);
    b.Sign(fact, true);
    facts.push_back(b.Code(Op::kFact, fact.value));
  }
  std::vector<TableBuilder::Where> circle;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::uint32_t less = b.Code(Op::kLess, facts[i], facts[(i + 1) % 3]);
    circle.push_back({b.Derived(less), {2}});
  }
  const ClauseId clause = b.Clause("circle", "deny when a < b and b < c and c < a");
  b.Column(Verdict::kDeny, clause, circle);
  b.Column(Verdict::kAllow, b.Clause("~default_allow", ""), {}, kColumnBase);
  const auto opened = b.Open();
  Budget budget;
  EXPECT_EQ(ClauseMatters(Space(opened->table, {0}), clause, budget).answer.outcome,
            Outcome::kNone);
}

TEST(Questions, ProductsAndSumsAreSolvedExactly) {
  TableBuilder b;
  const FactId x = b.Fact("x", ValueType::kInteger, 0, 1'000'000),
               y = b.Fact("y", ValueType::kInteger, 0, 1'000'000);
  b.Sign(x, true);
  b.Sign(y, true);
  const std::uint32_t vx = b.Code(Op::kFact, x.value), vy = b.Code(Op::kFact, y.value);
  const std::uint32_t product = b.Code(Op::kMultiply, vx, vy), sum = b.Code(Op::kAdd, vx, vy);
  const std::uint32_t by_product =
      b.Dimension(table::DimensionKind::kDerived, product, {AtomMapKind::kCuts, 0, {391, 392}, {}});
  const std::uint32_t by_sum =
      b.Dimension(table::DimensionKind::kDerived, sum, {AtomMapKind::kCuts, 0, {40, 41}, {}});
  const ClauseId hit = b.Clause("hit", "deny when x * y = 391 and x + y = 40");  // 17 and 23
  b.Column(Verdict::kDeny, hit, {{by_product, {2}}, {by_sum, {2}}});
  b.Column(Verdict::kAllow, b.Clause("~default_allow", ""), {}, kColumnBase);
  const auto opened = b.Open();
  const Space space(opened->table, {0});
  Budget budget;
  const Effect effect = ClauseMatters(space, hit, budget);
  ASSERT_EQ(effect.answer.outcome, Outcome::kFound);
  const auto& values = effect.answer.witness->values;
  EXPECT_EQ(values[x.value].number * values[y.value].number, 391);
}

TEST(Format, ValuesReadAsThePolicyWritesThem) {
  const auto money = [](std::int64_t n) { return FormatNumber(ValueType::kMoney, "EUR", 2, n); };
  EXPECT_EQ(money(20'001), "200.01 EUR");
  EXPECT_EQ(money(20'000), "200 EUR");
  EXPECT_EQ(money(500'000), "5_000 EUR");
  EXPECT_EQ(money(123'456'789), "1_234_567.89 EUR");
  EXPECT_EQ(money(5), "0.05 EUR");
  EXPECT_EQ(money(-150), "-1.50 EUR");
  EXPECT_EQ(FormatNumber(ValueType::kMoney, "JPY", 0, 5'000), "5_000 JPY");
  EXPECT_EQ(FormatNumber(ValueType::kDecimal, "", 2, 90), "0.90");
  EXPECT_EQ(FormatNumber(ValueType::kInteger, "", 0, -1'234), "-1_234");
  EXPECT_EQ(FormatNumber(ValueType::kInteger, "", 0, std::numeric_limits<std::int64_t>::min()),
            "-9_223_372_036_854_775_808");
  EXPECT_EQ(FormatNumber(ValueType::kBool, "", 0, 1), "true");
  const auto duration = [](std::int64_t ms) {
    return FormatNumber(ValueType::kDuration, "", 0, ms);
  };
  EXPECT_EQ(duration(90 * 60'000), "90 minutes");
  EXPECT_EQ(duration(86'400'000), "24 hours");
  EXPECT_EQ(duration(10 * 86'400'000LL), "10 days");
  EXPECT_EQ(duration(60'000), "60 seconds");
  EXPECT_EQ(duration(1), "1ms");
  EXPECT_EQ(duration(0), "0 seconds");
  const auto time = [](std::int64_t ms) { return FormatNumber(ValueType::kTime, "", 0, ms); };
  EXPECT_EQ(time(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(time(1'767'225'600'000), "2026-01-01T00:00:00Z");
  EXPECT_EQ(time(951'782'400'001), "2000-02-29T00:00:00.001Z");
  EXPECT_EQ(time(-62'135'596'800'000), "0001-01-01T00:00:00Z");
  EXPECT_EQ(time(253'402'300'799'999), "9999-12-31T23:59:59.999Z");
}

TEST(Format, ColumnsReadAsSentences) {
  const Refunds refunds;
  const auto opened = refunds.b.Open();
  EXPECT_THAT(
      DescribeColumns(opened->table, {0}),
      ElementsAre("deny where order.status = fraud_hold", "deny where order.status is missing",
                  "deny where ((amount <= order.total) is missing or not (amount <= order.total))",
                  "escalate to board where amount >= 5_000.01 EUR",
                  "escalate to desk where amount >= 200.01 EUR",
                  "escalate to desk where (confidence is missing or confidence <= 0.79)", "allow"));
}

TEST(Diff, NothingChangedUnderOtherNumbers) {
  const Refunds refunds;
  Refunds shuffled;
  shuffled.b.Fact("unused", ValueType::kBool, 0, 1);
  const auto a = refunds.b.Open(), b = refunds.b.Open(), c = shuffled.b.Open();
  EXPECT_TRUE(DiffTables(a->table, b->table).empty());
  const TableDiff diff = DiffTables(a->table, c->table);
  EXPECT_TRUE(diff.clauses.empty());
  ASSERT_EQ(diff.declarations.size(), 1u);
  EXPECT_EQ(diff.declarations[0].name, "unused");
}

// A table pads rows of more than 512 bits; sets of columns do not.
TEST(Questions, MatricesOfManyColumns) {
  for (const std::uint32_t rules : {510u, 513u, 700u, 1'100u}) {
    TableBuilder b;
    const FactId n = b.Fact("n", ValueType::kInteger, 0, rules);
    b.Sign(n, true);
    std::vector<std::int64_t> cuts;
    for (std::uint32_t i = 1; i <= rules; ++i) cuts.push_back(i);
    const std::uint32_t dimension = b.Cuts(n, cuts);
    for (std::uint32_t i = 0; i < rules; ++i) {
      b.Column(Verdict::kDeny, b.Clause("c" + std::to_string(10'000 + i), "deny"),
               {{dimension, {i + 1}}});
    }
    const auto opened = b.Open();
    ASSERT_TRUE(opened);
    const Space space(opened->table, {0});
    Budget budget;
    const Answer open = FindUndecided(space, budget);
    ASSERT_EQ(open.outcome, Outcome::kFound) << rules;
    EXPECT_EQ(open.witness->values[n.value].number, rules) << "the one value without a rule";
    std::uint32_t matter = 0;
    for (const ClauseEffect& clause : AllClausesMatter(space, budget))
      matter += clause.effect.answer.outcome == Outcome::kFound ? 1 : 0;
    EXPECT_EQ(matter, rules);
    EXPECT_EQ(DescribeColumn(opened->table, {0}, rules - 1),
              "deny where n = " + std::string(FormatNumber(ValueType::kInteger, "", 0, rules - 1)));
  }
}

TEST(Diff, AThresholdThatMovedShowsInItsClause) {
  const auto before = Refunds().b.Open(), after = Refunds(30'000).b.Open();
  const TableDiff diff = DiffTables(before->table, after->table);
  ASSERT_EQ(diff.clauses.size(), 1u);
  EXPECT_EQ(diff.clauses[0].kind, ChangeKind::kMeaning);
  EXPECT_EQ(diff.clauses[0].clause, "refunding/issue_refund/limit.1");
  EXPECT_THAT(diff.clauses[0].old_rows, ElementsAre("escalate to desk where amount >= 200.01 EUR"));
  EXPECT_THAT(diff.clauses[0].new_rows, ElementsAre("escalate to desk where amount >= 300.01 EUR"));
  ASSERT_EQ(diff.declarations.size(), 1u);
  EXPECT_EQ(diff.declarations[0].old_text, "200 EUR");
  EXPECT_EQ(FormatDiff(diff),
            "~ threshold refund_autonomy: 200 EUR -> 300 EUR\n"
            "~ act: refunding/issue_refund/limit.1\n"
            "    same words: limit amount <= refund_autonomy\n"
            "    - escalate to desk where amount >= 200.01 EUR\n"
            "    + escalate to desk where amount >= 300.01 EUR\n");
}

TEST(Diff, ClausesComeAndGo) {
  Refunds shorter;
  shorter.b.matrix().columns.erase(shorter.b.matrix().columns.begin() + 5);
  const auto full = Refunds().b.Open(), cut = shorter.b.Open();
  const TableDiff gone = DiffTables(full->table, cut->table),
                  back = DiffTables(cut->table, full->table);
  ASSERT_EQ(gone.clauses.size(), 1u);
  EXPECT_EQ(gone.clauses[0].kind, ChangeKind::kRemoved);
  ASSERT_EQ(back.clauses.size(), 1u);
  EXPECT_EQ(back.clauses[0].kind, ChangeKind::kAdded);
  EXPECT_EQ(back.clauses[0].new_words, "escalate when confidence < unsure");
}

// What is seen of the last value is this request's, at the nearest end of the meter's own range.
TEST(Questions, TheLastValueStaysWithinTheRangeOfItsMeter) {
  TableBuilder b;
  const FactId input = b.Fact("n", ValueType::kInteger, -1, 9);
  b.Sign(input, true);
  const FactId last = b.Fact("last_n", ValueType::kInteger, 0, 4, Source::kMeter);
  table::Meter meter;
  meter.name = "last_n";
  meter.fold = Fold::kLast;
  meter.value = input;
  meter.targets = {{0}};
  meter.including_this = true;
  meter.fact = last;
  b.model().meters = {meter};
  b.model().facts[last.value].meter = {0};
  const std::uint32_t given = b.Cuts(input, {0, 5}), seen = b.Cuts(last, {1, 4});
  b.Column(Verdict::kDeny, b.Clause("below", "n < 0"), {{given, {1}}, {seen, {1}}});
  b.Column(Verdict::kEscalate, b.Clause("above", "n > 4"), {{given, {3}}, {seen, {3}}}, 0, {0});
  b.Column(Verdict::kAllow, b.Clause("neither", "n < 0"), {{given, {1, 3}}, {seen, {2}}}, 0, {0});
  const auto opened = b.Open();
  ASSERT_TRUE(opened);
  const Space space(opened->table, {0});
  const auto outcome = [&](Verdict verdict) {
    Where where;
    where.winner = space.ColumnsWith(verdict);
    Budget budget;
    return FindWhere(space, where, budget).outcome;
  };
  EXPECT_EQ(outcome(Verdict::kDeny), Outcome::kFound);
  EXPECT_EQ(outcome(Verdict::kEscalate), Outcome::kFound);
  EXPECT_EQ(outcome(Verdict::kAllow), Outcome::kNone);
}

TEST(Questions, WhatLiesBetweenTwoInstantsReadsAsADuration) {
  TableBuilder b;
  const FactId now = b.Fact("now", ValueType::kTime, 0, 1'000'000'000, Source::kBuiltin);
  const FactId booked = b.Fact("booked", ValueType::kTime, 0, 1'000'000'000);
  b.Sign(booked, true);
  const std::uint32_t since =
      b.Code(Op::kSubtract, b.Code(Op::kFact, now.value), b.Code(Op::kFact, booked.value));
  const std::uint32_t d =
      b.Dimension(table::DimensionKind::kDerived, since, {AtomMapKind::kCuts, 0, {86'400'001}, {}});
  b.Column(Verdict::kDeny, b.Clause("late", "late"), {{d, {2}}});
  const auto opened = b.Open();
  ASSERT_TRUE(opened);
  EXPECT_EQ(DescribeBelow(opened->table, {0}, d, 86'400'001), "(now - booked) <= 24 hours");
}

}  // namespace
}  // namespace writ::analysis
