// Gates on results small enough to count by hand: each kind passes, blocks and stays open.
#include "writ/evals/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "replay_fixture.h"

namespace writ::evals {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::OpenTable;
using testing::RefundsPolicy;
using testing::TestCorpus;

// n runs of one refund each, `cents` a piece, approved by the refunds desk; baseline limit 200,
// candidate limit 500.
ReplayResult RunsOfRefunds(int small, int middle, int without_confidence = 0) {
  static const OpenTable baseline(RefundsPolicy{}), candidate(RefundsPolicy{.limit = 50'000});
  TestCorpus corpus;
  int at = 0;
  const auto add = [&](std::int64_t cents, const char* effect) -> testing::TestEvent& {
    const std::string run = "run-" + std::to_string(at);
    testing::TestEvent& event = corpus.Refund(run, at, cents, effect);
    event.agent = run;
    ++at;
    return event;
  };
  for (int i = 0; i < small; ++i) add(10'000, "executed");
  for (int i = 0; i < middle; ++i) add(30'000, "executed after approval by refunds");
  for (int i = 0; i < without_confidence; ++i)
    add(10'000, "executed").facts[2] = {"confidence", "", true, std::nullopt};
  for (int i = 0; i < middle; ++i)
    corpus.labels.push_back(
        {"run-" + std::to_string(small + i), std::nullopt, "fraud", "yes", "desk"});
  return testing::MustReplay(corpus, baseline, candidate, Horizon::kRun);
}

GateFile File(const std::string& gates, const std::string& more = {}) {
  auto file = ReadGateFile("gate: test\n" + more + "gates:\n" + gates, "gate.yaml");
  if (!file) {
    for (const GateFileError& error : file.error()) ADD_FAILURE() << error.Text("gate.yaml");
    return {};
  }
  return std::move(*file);
}

GateVerdict JudgeThis(const std::string& gates, const ReplayResult& result,
                      const std::string& more = {}) {
  return Judge(File(gates, more), result, Summarise(result),
               {.as_of = "2026-11-20", .tool_version = "0.1.0"});
}

constexpr char kForbid[] = "  - {name: g, kind: forbid, direction: loosened, tier: critical}\n";

TEST(Gate, ForbidBlocksOnWhatIsSure) {
  const GateVerdict verdict = JudgeThis(kForbid, RunsOfRefunds(10, 3, 2));
  EXPECT_EQ(verdict.outcome, Outcome::kBlock);
  EXPECT_EQ(verdict.exit_code(), 1);
  EXPECT_EQ(verdict.gates[0].against.events, 3u);
  EXPECT_EQ(verdict.gates[0].worst.events, 2u);
  EXPECT_THAT(verdict.gates[0].explanation, HasSubstr("`escalate to refunds` became `allow`"));
  EXPECT_THAT(verdict.gates[0].example_runs, ElementsAre("run-10", "run-11", "run-12"));
  EXPECT_THAT(verdict.gates[0].notes[0], HasSubstr("by replay only; not proved"));
  EXPECT_THAT(verdict.next,
              ::testing::StartsWith("look at run `run-10`, then change the candidate"));
}

TEST(Gate, ForbidIsInconclusiveOnWhatIsUnknown) {
  // Both policies escalate for want of the confidence; with it, either may have allowed.
  const GateVerdict verdict = JudgeThis(kForbid, RunsOfRefunds(10, 0, 1));
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_EQ(verdict.exit_code(), 3);
}

TEST(Gate, ForbidPasses) {
  const GateVerdict verdict = JudgeThis(kForbid, RunsOfRefunds(10, 0));
  EXPECT_EQ(verdict.outcome, Outcome::kPass);
  EXPECT_EQ(verdict.exit_code(), 0);
  EXPECT_TRUE(verdict.next.empty());
  EXPECT_EQ(JudgeThis("  - {name: g, kind: forbid, direction: tightened, tier: critical}\n",
                      RunsOfRefunds(10, 3))
                .outcome,
            Outcome::kPass);
  EXPECT_EQ(
      JudgeThis(
          "  - {name: g, kind: forbid, direction: [tightened, loosened], max: 3, tier: critical}\n",
          RunsOfRefunds(10, 3))
          .outcome,
      Outcome::kPass);
}

// Judged with both tables at hand.
GateVerdict ProveThis(const std::string& gates, const ReplayResult& result, std::int64_t limit,
                      std::uint64_t max_steps = 1'000'000) {
  const OpenTable baseline(RefundsPolicy{}), candidate(RefundsPolicy{.limit = limit});
  return Judge(File(gates), result, Summarise(result),
               {.as_of = "2026-11-20",
                .tool_version = "0.1.0",
                .baseline = &*baseline,
                .candidate = &*candidate,
                .max_steps = max_steps});
}

TEST(Gate, ForbidIsProvedWhereBothTablesAreAtHand) {
  const ReplayResult small = RunsOfRefunds(10, 0);  // none of them is decided otherwise
  const GateVerdict tighter = ProveThis(kForbid, small, 10'000);
  EXPECT_EQ(tighter.outcome, Outcome::kPass);
  EXPECT_THAT(tighter.gates[0].notes.back(), HasSubstr("proved: no request is decided loosened"));
  const GateVerdict looser = ProveThis(kForbid, small, 50'000);
  EXPECT_EQ(looser.outcome, Outcome::kBlock);
  EXPECT_THAT(looser.gates[0].explanation, HasSubstr("for a request that no recorded run made"));
  const GateVerdict open = ProveThis(kForbid, small, 50'000, 0);
  EXPECT_EQ(open.outcome, Outcome::kInconclusive);
  EXPECT_THAT(open.gates[0].notes.back(), HasSubstr("not settled by proof"));
}

TEST(Gate, ForbidWithAMaximumIsReplayedOnly) {
  const GateVerdict verdict =
      ProveThis("  - {name: g, kind: forbid, direction: loosened, max: 3, tier: critical}\n",
                RunsOfRefunds(10, 3), 50'000);
  EXPECT_EQ(verdict.outcome, Outcome::kPass);
  EXPECT_THAT(verdict.gates[0].notes[0], HasSubstr("by replay only; not proved"));
}

TEST(Gate, ForbidInARegionNobodyVisitedIsSettledByProof) {
  const std::string gate =
      "  - {name: g, kind: forbid, direction: loosened, region: big_money, tier: critical}\n";
  EXPECT_EQ(ProveThis(gate, RunsOfRefunds(10, 0), 10'000).outcome, Outcome::kPass);
}

TEST(Gate, ForbidInARegionNobodyVisitedIsInconclusive) {
  const std::string gate =
      "  - {name: g, kind: forbid, direction: loosened, region: big_money, tier: critical}\n";
  EXPECT_EQ(JudgeThis(gate, RunsOfRefunds(10, 3)).outcome, Outcome::kInconclusive);
  const GateVerdict nowhere =
      JudgeThis("  - {name: g, kind: forbid, direction: loosened, region: moon, tier: critical}\n",
                RunsOfRefunds(10, 3));
  EXPECT_EQ(nowhere.outcome, Outcome::kInconclusive);
  EXPECT_THAT(nowhere.gates[0].explanation, HasSubstr("`moon`"));
}

TEST(Gate, RegionThatReadsAMissingFactMayHoldTheEvent) {
  const std::string gate =
      "  - {name: g, kind: forbid, direction: loosened, region: sure_money, tier: critical}\n";
  EXPECT_EQ(JudgeThis(gate, RunsOfRefunds(10, 3)).outcome, Outcome::kBlock);
  const GateVerdict open = JudgeThis(gate, RunsOfRefunds(10, 0, 1));
  EXPECT_EQ(open.outcome, Outcome::kInconclusive);
  EXPECT_EQ(open.gates[0].worst.events, 1u);
}

std::string Rate(const std::string& rest) {
  return "  - {name: g, kind: rate, tier: critical, " + rest + "}\n";
}

TEST(Gate, RateAgainstItsBounds) {
  // 3 of 103 runs escalate in the baseline lane; exact bounds at 95% each way: 0.8% to 7.4%.
  const ReplayResult result = RunsOfRefunds(100, 3);
  EXPECT_EQ(JudgeThis(Rate("of: escalated, lane: baseline, max: 10%"), result).outcome,
            Outcome::kPass);
  EXPECT_EQ(JudgeThis(Rate("of: escalated, lane: baseline, max: 5%"), result).outcome,
            Outcome::kInconclusive);
  EXPECT_EQ(JudgeThis(Rate("of: escalated, lane: baseline, max: 0.5%"), result).outcome,
            Outcome::kBlock);
  EXPECT_EQ(JudgeThis(Rate("of: allowed, min: 90%"), result).outcome, Outcome::kPass);
  EXPECT_EQ(JudgeThis(Rate("of: escalated, lane: baseline, min: 20%"), result).outcome,
            Outcome::kBlock);
  const GateVerdict verdict = JudgeThis(Rate("of: escalated, lane: baseline, max: 10%"), result);
  ASSERT_TRUE(verdict.gates[0].share.has_value());
  EXPECT_EQ(verdict.gates[0].share->numerator, 3u);
  EXPECT_EQ(verdict.gates[0].share->denominator, 103u);
  EXPECT_TRUE(verdict.gates[0].share->exact);
}

TEST(Gate, RateCountsUnknownsAtTheirWorst) {
  // 6 of 106 escalate for want of a fact. At the worst all of them would with it, at the best none.
  const ReplayResult result = RunsOfRefunds(100, 0, 6);
  const GateVerdict verdict = JudgeThis(Rate("of: escalated, max: 5%"), result);
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_EQ(verdict.gates[0].share->interval.low, 0.0);
  EXPECT_NEAR(verdict.gates[0].share->interval.high, 0.1088, 0.001);
  EXPECT_EQ(JudgeThis(Rate("of: escalated, max: 20%"), result).outcome, Outcome::kPass);
}

TEST(Gate, RateAgainstLabels) {
  const ReplayResult result =
      RunsOfRefunds(100, 30);  // 30 frauds; the candidate lets all of them through
  const GateVerdict missed = JudgeThis(Rate("of: missed, label: fraud = yes, max: 1%"), result);
  EXPECT_EQ(missed.outcome, Outcome::kBlock);
  EXPECT_EQ(missed.gates[0].share->numerator, 30u);
  EXPECT_EQ(JudgeThis(Rate("of: caught, label: fraud, lane: baseline, min: 85%"), result).outcome,
            Outcome::kPass);
  EXPECT_EQ(JudgeThis(Rate("of: false alarm, label: fraud, max: 5%"), result).outcome,
            Outcome::kPass);
  EXPECT_EQ(JudgeThis(Rate("of: missed, label: arson, max: 1%"), result).outcome,
            Outcome::kInconclusive);
}

TEST(Gate, RunIsMissedOnlyIfNothingInItIsStopped) {
  const OpenTable table(RefundsPolicy{});
  TestCorpus corpus;
  for (int i = 0; i < 40; ++i) {
    const std::string run = "r" + std::to_string(i);
    corpus.Refund(run, 2 * i, 1'000).agent = run;
    corpus.Refund(run, 2 * i + 1, 30'000, "executed after approval by refunds").agent = run;
    corpus.labels.push_back({run, std::nullopt, "fraud", "yes", "desk"});
  }
  const ReplayResult result = testing::MustReplay(corpus, table, table, Horizon::kRun);
  const GateVerdict verdict = JudgeThis(Rate("of: missed, label: fraud, max: 10%"), result);
  EXPECT_EQ(verdict.gates[0].share->numerator, 0u);
  EXPECT_EQ(verdict.gates[0].share->denominator, 40u);
  EXPECT_EQ(verdict.outcome, Outcome::kPass);
}

TEST(Gate, TooFewRunsAreInconclusive) {
  EXPECT_EQ(JudgeThis(Rate("of: allowed, min: 1%, minimum_runs: 11"), RunsOfRefunds(10, 0)).outcome,
            Outcome::kInconclusive);
  const GateVerdict corpus =
      JudgeThis(kForbid, RunsOfRefunds(10, 0), "corpora: [{minimum_runs: 1000}]\n");
  EXPECT_EQ(corpus.outcome, Outcome::kInconclusive);
  EXPECT_THAT(corpus.corpus_findings,
              ElementsAre("the corpus has 10 runs, the gate asks for 1,000"));
  // The fixture's runs are of May 2026.
  EXPECT_EQ(
      JudgeThis(kForbid, RunsOfRefunds(10, 0), "corpora: [{newest_within_days: 30}]\n").outcome,
      Outcome::kInconclusive);
  EXPECT_EQ(
      JudgeThis(kForbid, RunsOfRefunds(10, 0), "corpora: [{newest_within_days: 300}]\n").outcome,
      Outcome::kPass);
  EXPECT_EQ(JudgeThis(kForbid, RunsOfRefunds(10, 0), "horizon: event\n").outcome,
            Outcome::kInconclusive);
}

TEST(Gate, Unknown) {
  const ReplayResult result = RunsOfRefunds(98, 0, 2);
  EXPECT_EQ(JudgeThis("  - {name: g, kind: unknown, max: 2%, tier: critical}\n", result).outcome,
            Outcome::kPass);
  EXPECT_EQ(JudgeThis("  - {name: g, kind: unknown, max: 1%, tier: critical}\n", result).outcome,
            Outcome::kBlock);
  EXPECT_EQ(
      JudgeThis("  - {name: g, kind: unknown, fact: confidence, max: 1%, tier: critical}\n", result)
          .outcome,
      Outcome::kBlock);
  EXPECT_EQ(JudgeThis("  - {name: g, kind: unknown, fact: held, max: 1%, tier: critical}\n", result)
                .outcome,
            Outcome::kPass);
  EXPECT_EQ(
      JudgeThis("  - {name: g, kind: unknown, fact: height, max: 1%, tier: critical}\n", result)
          .outcome,
      Outcome::kInconclusive);
}

TEST(Gate, Coverage) {
  const ReplayResult result = RunsOfRefunds(10, 3);
  const GateVerdict verdict =
      JudgeThis("  - {name: g, kind: coverage, of: regions, min: 100%, tier: critical}\n", result);
  EXPECT_EQ(verdict.outcome, Outcome::kBlock);
  EXPECT_THAT(verdict.gates[0].explanation, HasSubstr("`big_money`"));
  EXPECT_EQ(
      JudgeThis("  - {name: g, kind: coverage, of: regions, min: 50%, tier: critical}\n", result)
          .outcome,
      Outcome::kPass);
  EXPECT_EQ(
      JudgeThis("  - {name: g, kind: coverage, of: clauses, min: 10%, tier: critical}\n", result)
          .outcome,
      Outcome::kPass);
  EXPECT_EQ(
      JudgeThis("  - {name: g, kind: coverage, of: clauses, min: 99%, tier: critical}\n", result)
          .outcome,
      Outcome::kBlock);
  // A region that is only perhaps met settles nothing.
  const ReplayResult open = RunsOfRefunds(0, 0, 3);
  EXPECT_EQ(
      JudgeThis("  - {name: g, kind: coverage, of: regions, min: 50%, tier: critical}\n", open)
          .outcome,
      Outcome::kInconclusive);
}

TEST(Gate, OnlyCriticalAndSupportingGatesCount) {
  const ReplayResult result = RunsOfRefunds(10, 3);
  const std::string pass = "  - {name: p, kind: unknown, max: 5%, tier: critical}\n";
  EXPECT_EQ(
      JudgeThis(pass + "  - {name: g, kind: forbid, direction: loosened, tier: advisory}\n", result)
          .outcome,
      Outcome::kPass);
  EXPECT_EQ(
      JudgeThis(
          pass +
              "  - {name: g, kind: forbid, direction: loosened, tier: critical, dry_run: true}\n",
          result)
          .outcome,
      Outcome::kPass);
  EXPECT_EQ(JudgeThis(pass + "  - {name: g, kind: forbid, direction: loosened, tier: supporting}\n",
                      result)
                .outcome,
            Outcome::kBlock);
  EXPECT_EQ(JudgeThis("  - {name: g, kind: forbid, direction: loosened, tier: advisory}\n", result)
                .outcome,
            Outcome::kInconclusive);
}

TEST(Gate, BlockOverInconclusiveOverPass) {
  const ReplayResult result = RunsOfRefunds(10, 3);
  const std::string pass = "  - {name: p, kind: unknown, max: 5%, tier: critical}\n";
  const std::string open = "  - {name: i, kind: unknown, fact: height, max: 5%, tier: critical}\n";
  EXPECT_EQ(JudgeThis(pass + open, result).outcome, Outcome::kInconclusive);
  EXPECT_EQ(JudgeThis(pass + open + kForbid, result).outcome, Outcome::kBlock);
  EXPECT_EQ(JudgeThis("  - {name: i, kind: unknown, fact: height, max: 5%, tier: critical, "
                      "on_inconclusive: block}\n",
                      result)
                .outcome,
            Outcome::kBlock);
}

TEST(Gate, WaiversHoldUntilTheirDay) {
  const ReplayResult result = RunsOfRefunds(10, 3);
  const std::string gates =
      "  - {name: p, kind: unknown, max: 5%, tier: critical}\n"
      "  - {name: g, kind: forbid, direction: loosened, tier: supporting}\n"
      "waivers:\n  - {gate: g, owner: coo, reason: tested, expires: 2026-11-20}\n";
  const GateFile file = File(gates);
  const auto judged = [&](const char* day) {
    return Judge(file, result, Summarise(result), {.as_of = day});
  };
  EXPECT_EQ(judged("2026-11-20").outcome, Outcome::kPass);
  EXPECT_TRUE(judged("2026-11-20").waivers[0].used);
  EXPECT_TRUE(judged("2026-11-20").gates[1].waived);
  EXPECT_EQ(judged("2026-11-21").outcome, Outcome::kBlock);
  EXPECT_TRUE(judged("2026-11-21").waivers[0].expired);
  EXPECT_EQ(judged("tomorrow").outcome, Outcome::kInconclusive);
}

std::vector<std::string> Errors(const std::string& yaml) {
  const auto file = ReadGateFile(yaml, "g.yaml");
  std::vector<std::string> texts;
  if (file) return texts;
  for (const GateFileError& error : file.error()) texts.push_back(error.Text("g.yaml"));
  return texts;
}

TEST(GateFile, UnknownKeysAreRefusedWithLineAndSuggestion) {
  EXPECT_THAT(
      Errors("gate: g\ngates:\n  - name: a\n    kind: forbid\n    tier: critical\n    direction: "
             "loosened\n    regoin: x\n"),
      ElementsAre(
          "g.yaml:7:5: `regoin` means nothing in a `forbid` gate\n  hint: did you mean `region`?"));
  EXPECT_THAT(
      Errors(
          "gate: g\ngates:\n  - {name: a, kind: forbid, tier: critical, direction: looser}\n")[0],
      HasSubstr("did you mean `loosened`?"));
}

TEST(GateFile, DoubledKeysAreRefused) {
  EXPECT_THAT(
      Errors("gate: g\ngates:\n  - name: a\n    kind: unknown\n    tier: critical\n    max: 1%\n   "
             " max: 90%\n"),
      ElementsAre(
          "g.yaml:7:5: `max` is given twice in an `unknown` gate\n  hint: keep one of the two"));
  EXPECT_THAT(
      Errors(
          "gate: g\ngate: h\ngates:\n  - {name: a, kind: unknown, tier: critical, max: 1%}\n")[0],
      HasSubstr("g.yaml:2:1: `gate` is given twice"));
}

// Each corpus has its own minimum and its own gates.
TEST(Gate, EachCorpusIsJudgedByItsOwnEntry) {
  const GateFile file = File(
      "  - {name: g, kind: forbid, direction: loosened, tier: critical}\n"
      "  - {name: h, kind: forbid, direction: tightened, tier: critical}\n",
      "corpora:\n  - {path: a/one.db, minimum_runs: 1000, gates: [g]}\n"
      "  - {path: two.db, mapping: two.sql, gates: [h]}\n");
  ASSERT_EQ(file.corpora.size(), 2u);
  EXPECT_EQ(file.corpora[1].mapping, "two.sql");
  const ReplayResult runs = RunsOfRefunds(10, 5);  // loosened five times
  const auto judge = [&](std::size_t corpus) {
    return Judge(file, runs, Summarise(runs),
                 {.as_of = "2026-11-20", .tool_version = "0.1.0", .corpus = corpus});
  };
  const GateVerdict one = judge(0), two = judge(1);
  ASSERT_EQ(one.gates.size(), 1u);
  EXPECT_EQ(one.gates[0].spec.name, "g");
  EXPECT_EQ(one.outcome, Outcome::kBlock);
  EXPECT_EQ(one.corpus_findings.size(), 1u);
  ASSERT_EQ(two.gates.size(), 1u);
  EXPECT_EQ(two.gates[0].spec.name, "h");
  EXPECT_EQ(two.outcome, Outcome::kPass) << two.sentence;
}

TEST(GateFile, CorporaThatCannotBeMeant) {
  const std::string gates = "gates:\n  - {name: a, kind: unknown, tier: critical, max: 1%}\n";
  const auto errors = [&](const std::string& corpora) {
    return Errors("gate: g\ncorpora:\n" + corpora + gates);
  };
  EXPECT_THAT(errors("  - {path: a.db}\n  - {minimum_runs: 1}\n"),
              ElementsAre(HasSubstr("g.yaml:4:5: ")));
  EXPECT_THAT(errors("  - {path: a.db}\n  - {path: b/a.db}\n"),
              ElementsAre(HasSubstr("two corpora are called `a.db`")));
  EXPECT_THAT(errors("  - {path: a.db, gates: [b]}\n"),
              ElementsAre(HasSubstr("no gate is named `b`")));
  EXPECT_THAT(errors("  - {path: a.db, gates: []}\n"),
              ElementsAre(HasSubstr("is not a list of names")));
  EXPECT_THAT(Errors("gate: g\ncorpora:\n  - {path: a.db, gates: [a]}\n" + gates +
                     "  - {name: b, kind: unknown, tier: critical, max: 1%}\n"),
              ElementsAre(HasSubstr("gate `b` judges no corpus")));
}

TEST(GateFile, AllMistakesInOneGo) {
  const auto errors = Errors(
      "gate: g\nhorizon: future\ngates:\n  - {name: a, kind: rate, tier: critical, of: escalated}\n"
      "  - {name: a, kind: unknown, tier: crucial, max: 5}\n  - {name: c, kind: paired}\n"
      "  - {name: d, kind: rate, tier: critical, of: missed, max: 1%}\n"
      "waivers:\n  - {gate: a, owner: o, reason: r, expires: 2026-02-30}\n  - {gate: x, owner: o, "
      "reason: r, expires: 2026-12-31}\n");
  EXPECT_THAT(errors,
              ElementsAre(HasSubstr(":2:10: `future`"), HasSubstr("neither `min` nor `max`"),
                          HasSubstr("`max` is not between 0 and 1"), HasSubstr("`crucial`"),
                          HasSubstr("two gates are named `a`"), HasSubstr("not yet supported"),
                          HasSubstr("needs a `label`"), HasSubstr("`expires` is not a date"),
                          HasSubstr("can't be waived"), HasSubstr("no gate is named `x`")));
}

TEST(GateFile, CriticalGatesCannotBeWaived) {
  EXPECT_THAT(
      Errors("gate: g\ngates:\n  - {name: a, kind: unknown, tier: critical, max: 1%}\nwaivers:\n"
             "  - {gate: a, owner: o, reason: r, expires: 2026-12-31}\n"),
      ElementsAre(HasSubstr("`a` is critical and can't be waived")));
}

TEST(GateFile, WhatIsNotAGateFile) {
  EXPECT_EQ(Errors("").size(), 1u);
  EXPECT_THAT(Errors("gate: [")[0], HasSubstr("not YAML"));
  EXPECT_THAT(Errors("- 1\n")[0], HasSubstr("a gate file"));
  EXPECT_THAT(Errors("gate: g\n")[0], HasSubstr("judges nothing"));
  EXPECT_THAT(Errors("gate: g\ngates: []\n")[0], HasSubstr("judges nothing"));
  EXPECT_THAT(Errors("a: 1\n---\nb: 2\n")[0], HasSubstr("more than one document"));
  EXPECT_THAT(Errors(std::string(2u << 20, 'x'))[0], HasSubstr("larger than 1 MiB"));
  EXPECT_THAT(Errors("gate: " + std::string(100'000, '[')).size(), 1u);
  EXPECT_THAT(
      Errors("gate: g\ngates:\n  - 7\n  - {name: {a: b}, kind: [x], tier: critical}\n").size(),
      ::testing::Ge(2u));
}

TEST(GateFile, TheShippedGateReads) {
  std::ifstream in(std::string(WRIT_SOURCE_DIR) + "/policies/support_refunds.gate.yaml");
  if (!in) GTEST_SKIP() << "policies/support_refunds.gate.yaml is not here";
  std::ostringstream text;
  text << in.rdbuf();
  const auto file = ReadGateFile(text.str(), "support_refunds.gate.yaml");
  for (const auto& error : file ? std::vector<GateFileError>{} : file.error())
    ADD_FAILURE() << error.Text("");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->digest.size(), 64u);
  EXPECT_GE(file->gates.size(), 4u);
}

}  // namespace
}  // namespace writ::evals
