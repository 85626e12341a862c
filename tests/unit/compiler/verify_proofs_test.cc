// The proofs on programs made by hand: each is refuted with a request, or holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lower_builder.h"
#include "scan.h"
#include "verify.h"

namespace writ::compiler::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What verification says: "code | message | witness".
struct Said {
  std::vector<std::string> lines;
  Verification verification;
};
Said Prove(const Program& program, std::uint64_t steps = 50'000'000) {
  const Bench bench(program);
  EXPECT_TRUE(bench.ok);
  Said said;
  if (!bench.ok) return said;
  ScanBits(bench.model, bench.table);
  ScanTranslation(program, bench.table);
  lang::DiagnosticSink sink;
  said.verification = Verify(program, bench.model, bench.table, steps, sink);
  for (const lang::Diagnostic& d : sink.Sorted()) {
    std::string line = std::string(lang::Info(d.kind).code) + " | " + d.message + " | " + d.witness;
    for (const std::string& note : d.notes) line += " | " + note;
    said.lines.push_back(std::move(line));
  }
  return said;
}

// One delegation over `refund`, with an amount in euros and a confidence.
struct Refunds : Builder {
  Refunds() {
    refunds = Anchor("refunds");
    board = Anchor("board", {refunds});
    amount = Add({.name = "amount",
                  .type = ValueType::kMoney,
                  .source = Source::kInput,
                  .scale = 2,
                  .unit = "EUR",
                  .low = 0,
                  .high = 5'000'000});
    confidence = Add({.name = "confidence",
                      .type = ValueType::kDecimal,
                      .source = Source::kHost,
                      .scale = 2,
                      .low = 0,
                      .high = 100});
    refund = Capability("refund", {amount});
    d = Delegation("refunding", {agent}, {refund}, refunds);
  }
  AnchorId refunds, board;
  FactId amount, confidence;
  CapabilityId refund;
  std::size_t d = 0;
};

TEST(VerifyGap, ShowsTheSmallestRequest) {
  Refunds b;
  b.Say(b.d, ClauseKind::kAllow, b.AtMost(b.amount, 20'000));
  EXPECT_THAT(Prove(b.p).lines,
              ElementsAre(HasSubstr("gap | `refund` under `refunding` is not decided for every "
                                    "request | amount = 200.01 EUR")));
}

TEST(VerifyGap, OtherwiseClosesIt) {
  Refunds b;
  b.Say(b.d, ClauseKind::kAllow, b.AtMost(b.amount, 20'000));
  b.Say(b.d, ClauseKind::kOtherwise).otherwise = Verdict::kEscalate;
  EXPECT_THAT(Prove(b.p).lines, IsEmpty());
}

TEST(VerifyGap, MissingCanLeaveOneOpen) {
  Refunds b;
  b.Say(b.d, ClauseKind::kAllow, b.Ge(b.confidence, 80));
  b.Say(b.d, ClauseKind::kEscalate,
        b.And(b.Lt(b.F(b.confidence), b.N(80)), b.Not(b.Missing(b.confidence))));
  const Said said = Prove(b.p);
  ASSERT_EQ(said.lines.size(), 1u);
  EXPECT_THAT(said.lines[0], HasSubstr("confidence = missing"));
}

TEST(VerifyEffect, NamesWhatHidesAClause) {
  Refunds b;
  b.Say(b.d, ClauseKind::kDeny, b.Gt(b.amount, 100'000));
  b.Say(b.d, ClauseKind::kEscalate, b.Gt(b.amount, 200'000));
  EXPECT_THAT(Prove(b.p).lines,
              ElementsAre(::testing::AllOf(
                  HasSubstr("no-effect | `refunding/*/escalate.1` changes no decision"),
                  HasSubstr("hidden by `refunding/*/deny.1`"))));
}

TEST(VerifyEffect, IsAWarningForGuardsAndReasons) {
  Refunds b;
  b.Say(b.d, ClauseKind::kDeny, b.Gt(b.amount, 100'000));
  b.Say(b.d, ClauseKind::kEscalate, b.Gt(b.amount, 200'000)).has_own_reason = true;
  b.SayInGuard("guard", ClauseKind::kEscalate, b.Gt(b.amount, 300'000), {b.refund});
  EXPECT_THAT(Prove(b.p).lines,
              ElementsAre(HasSubstr("no-effect-kept |"), HasSubstr("no-effect-kept |")));
}

TEST(VerifyEffect, AConditionThatNeverHolds) {
  Refunds b;
  b.Say(b.d, ClauseKind::kDeny, b.Gt(b.amount, 5'000'000));
  EXPECT_THAT(Prove(b.p).lines, ElementsAre(HasSubstr("its rows are empty")));
}

TEST(VerifyInvariant, HoldsOrShowsTheRequest) {
  Refunds b;
  b.Say(b.d, ClauseKind::kLimit, b.AtMost(b.amount, 20'000));
  b.Never("small_alone", Verdict::kAllow, {b.refund}, b.Gt(b.amount, 20'000));
  b.Never("tiny_alone", Verdict::kAllow, {b.refund}, b.Gt(b.amount, 10'000));
  const Said said = Prove(b.p);
  ASSERT_EQ(said.lines.size(), 1u);
  EXPECT_THAT(said.lines[0], HasSubstr("invariant-fails | `tiny_alone` does not hold: `refund` can "
                                       "come out as `allow` | amount = 100.01 EUR"));
  EXPECT_EQ(said.verification.invariants_proved, 1u);
}

TEST(VerifyAnchors, IncomparableOnesNeedAnOrder) {
  Refunds b;
  const AnchorId fraud = b.Anchor("fraud");
  b.Say(b.d, ClauseKind::kEscalate, b.Gt(b.amount, 100));
  b.Say(b.d, ClauseKind::kEscalate, b.Lt(b.F(b.confidence), b.N(50))).anchor = fraud;
  EXPECT_THAT(Prove(b.p).lines,
              ElementsAre(HasSubstr("anchors-incomparable | one request of `refund` is escalated "
                                    "to `refunds` and to `fraud`")));
  b.p.vocabulary.anchors[fraud.value].below = {b.refunds};
  EXPECT_THAT(Prove(b.p).lines, IsEmpty());
}

Example Say(const Refunds& b, Verdict verdict, std::vector<compiler::Given> given) {
  Example example;
  example.title = "e", example.role = b.agent, example.capability = b.refund,
  example.verdict = verdict, example.given = std::move(given);
  return example;
}

TEST(VerifyExamples, RangeOverWhatTheyLeaveOut) {
  Refunds b;
  b.Say(b.d, ClauseKind::kLimit, b.AtMost(b.amount, 20'000));
  b.Say(b.d, ClauseKind::kEscalate, b.Lt(b.F(b.confidence), b.N(80)));
  b.p.examples.push_back(
      Say(b, Verdict::kAllow,
          {{.fact = b.amount, .number = 12'000}, {.fact = b.confidence, .number = 93}}));
  b.p.examples.push_back(Say(b, Verdict::kEscalate, {{.fact = b.amount, .number = 20'001}}));
  EXPECT_THAT(Prove(b.p).lines, IsEmpty());
  b.p.examples.push_back(Say(b, Verdict::kAllow, {{.fact = b.amount, .number = 12'000}}));
  const Said said = Prove(b.p);
  ASSERT_EQ(said.lines.size(), 1u);
  EXPECT_THAT(said.lines[0], HasSubstr("example-fails | \"e\" comes out as"));
  EXPECT_THAT(said.lines[0], HasSubstr("confidence = "));
  EXPECT_THAT(said.lines[0], HasSubstr("decided by `refunding/*/escalate.1`"));
  EXPECT_EQ(said.verification.examples_passed, 2u);
}

TEST(VerifyExamples, BecauseAndUnder) {
  Refunds b;
  b.Say(b.d, ClauseKind::kDeny, b.Gt(b.amount, 20'000));
  b.p.vocabulary.clauses[0].reason = "Held for fraud: nothing leaves.";
  b.p.vocabulary.clauses[0].words = "deny when amount > refund_autonomy";
  Example right = Say(b, Verdict::kDeny, {{.fact = b.amount, .number = 20'001}});
  right.because = "Held for fraud";
  right.under = b.p.authorities[b.d].id;
  Example wrong = right;
  wrong.because = "Held for tax";
  Example named = right;
  named.because.reset();
  named.because_name = "refund_autonomy";
  Example owner = named;
  owner.because_name = "refunding";
  b.p.examples = {right, wrong, named, owner};
  EXPECT_THAT(Prove(b.p).lines, ElementsAre(HasSubstr("but for another reason")));
}

TEST(VerifyBudget, RunsOutAsUnproved) {
  Refunds b;
  b.Say(b.d, ClauseKind::kAllow, b.AtMost(b.amount, 20'000));
  b.Say(b.d, ClauseKind::kOtherwise).otherwise = Verdict::kEscalate;
  b.Never("n", Verdict::kAllow, {}, b.Gt(b.amount, 20'000));
  const Said said = Prove(b.p, 0);
  ASSERT_FALSE(said.lines.empty());
  for (const std::string& line : said.lines) EXPECT_THAT(line, HasSubstr("unproved |"));
}

using ScanDeathTest = ::testing::Test;

TEST(ScanDeathTest, AMovedBitIsFound) {
  Refunds b;
  b.Say(b.d, ClauseKind::kLimit, b.AtMost(b.amount, 20'000));
  Bench bench(b.p);
  table::Model changed = bench.model;
  std::vector<bool>& atoms = changed.matrices[0].columns[0].constraints[0].atoms;
  atoms[0] = !atoms[0];
  EXPECT_DEATH(ScanBits(changed, bench.table), "a bit differs from its rule");
  // A table whose rule is off by one step is shape-perfect, and still wrong.
  Program off = b.p;
  for (Node& node : off.nodes)
    if (node.kind == NodeKind::kNumber) node.number += 1;
  EXPECT_DEATH(ScanTranslation(off, bench.table), "where its condition gives");
}

}  // namespace
}  // namespace writ::compiler::testing
