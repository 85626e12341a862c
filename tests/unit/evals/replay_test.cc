// Replay on corpora small enough to work out by hand; each expectation says why.
#include "writ/evals/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "replay_fixture.h"

namespace writ::evals {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MustReplay;
using testing::OpenTable;
using testing::RefundsPolicy;
using testing::TestCorpus;
using testing::TestEvent;

const Shape& ShapeOf(const ReplayResult& result, std::uint32_t record) {
  return result.shapes[result.records[record].shape];
}

std::string Said(const ReplayResult& result, std::size_t lane, std::uint32_t record) {
  return DecisionText(result.lane[lane], ShapeOf(result, record).lane[lane].decision);
}

TEST(CompatiblePairs, EveryPairIsThereOnce) {
  for (const auto verdict :
       {runtime::Verdict::kAllow, runtime::Verdict::kEscalate, runtime::Verdict::kDeny}) {
    for (int effect = 0; effect <= static_cast<int>(EffectKind::kNoted); ++effect) {
      int found = 0;
      for (const CompatiblePair& pair : kCompatiblePairs) {
        found += pair.verdict == verdict && static_cast<int>(pair.effect) == effect ? 1 : 0;
      }
      EXPECT_EQ(found, 1) << VerdictName(verdict) << " " << effect;
    }
  }
}

TEST(CompatiblePairs, TheDocumentationSaysTheSame) {
  std::ifstream in(std::string(WRIT_SOURCE_DIR) + "/docs/evals.md");
  ASSERT_TRUE(in.good());
  std::ostringstream page;
  page << in.rdbuf();
  constexpr const char* kEffects[] = {"not recorded", "executed", "executed after approval",
                                      "refused",      "failed",   "noted"};
  constexpr const char* kFits[] = {"no", "yes", "if the same anchor or a higher one approved",
                                   "if the same anchor or a higher one was asked", "unknown"};
  for (const CompatiblePair& pair : kCompatiblePairs) {
    const std::string row = "| " + std::string(VerdictName(pair.verdict)) + " | " +
                            kEffects[static_cast<int>(pair.effect)] + " | " +
                            kFits[static_cast<int>(pair.fit)] + " | " + std::string(pair.why) +
                            " |";
    EXPECT_THAT(page.str(), ::testing::HasSubstr(row));
  }
}

TEST(CompatiblePairs, SpellingsOfTheCorpus) {
  bool known = false;
  EXPECT_EQ(ParseEffect("executed after approval by refunds", &known).anchor, "refunds");
  EXPECT_TRUE(known);
  EXPECT_EQ(ParseEffect("Executed", &known).kind, EffectKind::kUnrecorded);
  EXPECT_FALSE(known);
  EXPECT_EQ(ParseObserved("escalate board", &known).anchor, "board");
  EXPECT_FALSE(ParseObserved("escalate ", &known).recorded);
  EXPECT_FALSE(known);
}

TEST(Replay, DirectionsBetweenTwoLimits) {
  const OpenTable baseline(RefundsPolicy{}), candidate(RefundsPolicy{.limit = 50'000});
  TestCorpus corpus;
  corpus.Refund("a", 0, 10'000);                                        // allow, allow
  corpus.Refund("b", 0, 30'000, "executed after approval by refunds");  // above 200, below 500
  corpus.Refund("c", 0, 600'000, "executed after approval by board");   // board, board
  const ReplayResult result = MustReplay(corpus, baseline, candidate, Horizon::kRun);
  ASSERT_EQ(result.records.size(), 3u);
  EXPECT_EQ(Said(result, 0, 0), "allow");
  EXPECT_EQ(Said(result, 0, 1), "escalate to refunds");
  EXPECT_EQ(Said(result, 1, 1), "allow");
  EXPECT_EQ(Said(result, 1, 2), "escalate to board");
  EXPECT_EQ(ShapeOf(result, 0).direction, Direction::kSame);
  EXPECT_EQ(ShapeOf(result, 1).direction, Direction::kLoosened);
  EXPECT_EQ(ShapeOf(result, 2).direction, Direction::kSame);
  EXPECT_EQ(result.runs[1].first_difference, 1u);
  // Allowing what was approved is no departure from history: the effect took place in both.
  EXPECT_EQ(result.lane[1].exact_runs, 3u);
  const ReplayResult back = MustReplay(corpus, candidate, baseline, Horizon::kRun);
  EXPECT_EQ(ShapeOf(back, 1).direction, Direction::kTightened);
}

TEST(Replay, AnchorsAreRankedByTheBaseline) {
  table::Model lower = testing::ModelBuilder(RefundsPolicy{}).Make(), higher = lower;
  for (table::Column& column : higher.matrices[0].columns) {
    if (column.verdict == runtime::Verdict::kEscalate)
      column.anchor = runtime::AnchorId{testing::kBoardAnchor};
  }
  TestCorpus corpus;
  corpus.Refund("a", 0, 30'000, "refused").observed = "escalate refunds";
  const ReplayResult up = MustReplay(corpus, OpenTable(lower), OpenTable(higher), Horizon::kEvent);
  EXPECT_EQ(ShapeOf(up, 0).direction, Direction::kTightened);
  const ReplayResult down =
      MustReplay(corpus, OpenTable(higher), OpenTable(lower), Horizon::kEvent);
  EXPECT_EQ(ShapeOf(down, 0).direction, Direction::kLoosened);
  // Without the reporting line the two are incomparable, which counts as loosened; with one holder
  // they are equal.
  table::Model flat_low = lower, flat_high = higher;
  flat_low.anchors[1].below.clear();
  flat_high.anchors[1].below.clear();
  EXPECT_EQ(
      ShapeOf(MustReplay(corpus, OpenTable(flat_low), OpenTable(flat_high), Horizon::kEvent), 0)
          .direction,
      Direction::kLoosened);
  flat_low.anchors[1].held_by = flat_high.anchors[1].held_by = runtime::RoleId{0};
  EXPECT_EQ(
      ShapeOf(MustReplay(corpus, OpenTable(flat_low), OpenTable(flat_high), Horizon::kEvent), 0)
          .direction,
      Direction::kRerouted);
}

TEST(Replay, DroppedObligationLoosens) {
  const OpenTable with(RefundsPolicy{.notify_board = true}), without(RefundsPolicy{});
  TestCorpus corpus;
  corpus.Refund("a", 0, 30'000, "executed after approval by refunds");
  const ReplayResult dropped = MustReplay(corpus, with, without, Horizon::kRun);
  EXPECT_EQ(ShapeOf(dropped, 0).direction, Direction::kLoosened);
  EXPECT_TRUE(ShapeOf(dropped, 0).obligation_dropped);
  EXPECT_THAT(ShapeOf(dropped, 0).lane[0].obligations, ElementsAre("notify board"));
  EXPECT_EQ(ShapeOf(MustReplay(corpus, without, with, Horizon::kRun), 0).direction,
            Direction::kTightened);
}

// Three refunds of 900 by one agent on one day, limit 2,000 a day. In history the second was
// refused.
TestCorpus ThreeRefunds() {
  TestCorpus corpus;
  corpus.Refund("a", 0, 90'000);
  corpus.Refund("b", 10, 90'000, "refused");
  corpus.Refund("c", 20, 90'000);
  return corpus;
}

TEST(Replay, EventHorizonCountsWhatWasRecorded) {
  const OpenTable table(RefundsPolicy{.limit = 100'000});
  const ReplayResult result = MustReplay(ThreeRefunds(), table, table, Horizon::kEvent);
  EXPECT_TRUE(result.by_time);  // per agent: the meter reaches across runs
  // 900; 1,800 (the refused one is asked, with itself); 1,800 again, since the refused one never
  // counted.
  EXPECT_EQ(Said(result, 0, 0), "allow");
  EXPECT_EQ(Said(result, 0, 1), "allow");
  EXPECT_EQ(Said(result, 0, 2), "allow");
  EXPECT_EQ(result.lane[0].bounded_runs, 0u);
}

TEST(Replay, RunHorizonCountsWhatTheLaneLetHappen) {
  const OpenTable table(RefundsPolicy{.limit = 100'000});
  const ReplayResult result = MustReplay(ThreeRefunds(), table, table, Horizon::kRun);
  // The lane allows what was refused: run b leaves history there, and its 900 count. So run c meets
  // 2,700 and escalates, but not as evidence: without b's departure it would have met 1,800.
  EXPECT_EQ(Said(result, 0, 1), "allow");
  EXPECT_EQ(result.runs[1].bound[0], 1u);
  EXPECT_EQ(result.runs[1].reason[0], BoundReason::kDecision);
  EXPECT_TRUE(result.records[1].evidence());
  EXPECT_EQ(Said(result, 0, 2), "escalate to refunds");
  EXPECT_EQ(result.runs[2].reason[0], BoundReason::kTiedRun);
  EXPECT_FALSE(result.records[2].evidence());
  EXPECT_EQ(result.lane[0].bounded_tied, 1u);
  EXPECT_EQ(result.lane[0].exact_runs, 1u);
}

TEST(Replay, MeterPerCaseStaysInsideTheRun) {
  const OpenTable table(RefundsPolicy{.limit = 100'000, .meter_key = "case"});
  const ReplayResult result = MustReplay(ThreeRefunds(), table, table, Horizon::kRun);
  EXPECT_FALSE(result.by_time);
  EXPECT_EQ(Said(result, 0, 2), "allow");  // a case of its own
  EXPECT_TRUE(result.records[2].evidence());
}

TEST(Replay, CaseSharedByRunsIsReplayedByTime) {
  const OpenTable table(RefundsPolicy{.limit = 100'000, .meter_key = "case"});
  TestCorpus corpus;
  corpus.Refund("a", 0, 90'000).case_id = "K";
  corpus.Refund("a", 30, 90'000).case_id = "K";
  corpus.Refund("b", 10, 90'000).case_id = "K";
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent);
  EXPECT_TRUE(result.by_time);
  // By time: a at 0 (900), b at 10 (1,800), a at 30 (2,700). Records are grouped by run all the
  // same.
  EXPECT_EQ(result.runs[0].count, 2u);
  EXPECT_EQ(Said(result, 0, 1), "escalate to refunds");
  EXPECT_EQ(Said(result, 0, 2), "allow");
}

TEST(Replay, AfterDivergenceEventsAreCounterfactual) {
  const OpenTable baseline(RefundsPolicy{.meter_key = "case"}),
      candidate(RefundsPolicy{.limit = 50'000, .meter_key = "case"});
  TestCorpus corpus;
  corpus.Refund("a", 0, 30'000, "refused").observed =
      "escalate refunds";  // baseline fits, candidate would have paid
  corpus.Refund("a", 5, 30'000, "executed after approval by board");
  const ReplayResult result = MustReplay(corpus, baseline, candidate, Horizon::kRun);
  EXPECT_EQ(result.runs[0].bound[0], kNoIndex);  // a superior's approval fits an escalation
  EXPECT_EQ(result.runs[0].bound[1], 0u);
  EXPECT_TRUE(result.records[0].evidence());
  EXPECT_FALSE(result.records[1].evidence());
  EXPECT_EQ(result.lane[1].counterfactual_events, 1u);
  EXPECT_EQ(result.lane[0].counterfactual_events, 0u);
}

TEST(Replay, ApprovalByALowerAnchorDoesNotFit) {
  const OpenTable table(RefundsPolicy{});
  TestCorpus corpus;
  corpus.Refund("a", 0, 600'000, "executed after approval by refunds");  // asks the board
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kRun);
  EXPECT_EQ(result.runs[0].reason[0], BoundReason::kDecision);
}

TEST(Replay, UnrecordedEffectBoundsTheRun) {
  const OpenTable table(RefundsPolicy{});
  TestCorpus corpus;
  corpus.Refund("a", 0, 10'000, "");
  corpus.Refund("a", 1, 10'000);
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kRun);
  EXPECT_EQ(result.runs[0].reason[1], BoundReason::kUnrecorded);
  EXPECT_EQ(result.lane[1].bounded_unrecorded, 1u);
  EXPECT_FALSE(result.records[1].evidence());
  EXPECT_TRUE(MustReplay(corpus, table, table, Horizon::kEvent).records[1].evidence());
}

TEST(Replay, MissingFactMakesTheDecisionUnknown) {
  const OpenTable table(RefundsPolicy{});
  TestCorpus corpus;
  corpus.Refund("a", 0, 10'000)
      .facts.erase(corpus.events.back().facts.begin() + 2);  // no confidence
  corpus.Refund("b", 1, 30'000).facts[2] = {"confidence", "", true,
                                            std::nullopt};  // known to be missing
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent);
  EXPECT_EQ(Said(result, 0, 0), "escalate to refunds");
  EXPECT_TRUE(ShapeOf(result, 0).lane[0].decision.unknown);
  EXPECT_THAT(ShapeOf(result, 0).lane[0].leaned_on,
              ElementsAre(runtime::FactId{testing::kConfidence}));
  // Above the limit a certain row says the same, whatever the confidence: not unknown, but counted
  // as missing.
  EXPECT_EQ(Said(result, 0, 1), "escalate to refunds");
  EXPECT_FALSE(ShapeOf(result, 1).lane[0].decision.unknown);
  EXPECT_EQ(result.lane[0].facts[testing::kConfidence].missing, 2u);
  EXPECT_EQ(result.lane[0].facts[testing::kConfidence].leaned_on, 1u);
  // Whether they lie in the region that reads the confidence is open.
  EXPECT_THAT(ShapeOf(result, 0).lane[0].maybe_regions, ElementsAre(1u));
  EXPECT_THAT(ShapeOf(result, 0).lane[0].regions, IsEmpty());
}

TEST(Replay, EffectiveRowIsOffAndMakesNothingUnknown) {
  table::Model model = testing::ModelBuilder(RefundsPolicy{}).Make();
  table::Column effective =
      model.matrices[0].columns[0];  // denies everybody, before a date that is not checked here
  effective.constraints.clear();
  effective.flags = runtime::kColumnBase | runtime::kColumnEffective;
  model.matrices[0].columns.insert(model.matrices[0].columns.begin(), effective);
  model.has_effective = true;
  const OpenTable table(model);
  TestCorpus corpus;
  corpus.Refund("a", 0, 30'000).facts[2] = {"confidence", "", true, std::nullopt};
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent);
  EXPECT_TRUE(result.lane[0].left_effective_out);
  EXPECT_EQ(Said(result, 0, 0), "escalate to refunds");
  EXPECT_FALSE(ShapeOf(result, 0).lane[0].decision.unknown);
}

TEST(Replay, MissingInputAndUnknownCapabilityAreDenied) {
  const OpenTable table(RefundsPolicy{});
  TestCorpus corpus;
  corpus.Refund("a", 0, 10'000).facts.erase(corpus.events.back().facts.begin() + 1);
  corpus.Refund("b", 0, 10'000).capability = "wire_money";
  corpus.Refund("c", 0, 10'000).facts[1].value = "ten euros";
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent);
  EXPECT_EQ(ShapeOf(result, 0).lane[0].decision.builtin, runtime::BuiltinRow::kMissingInput);
  EXPECT_TRUE(ShapeOf(result, 0).lane[0].decision.unknown);
  EXPECT_EQ(ShapeOf(result, 1).lane[0].decision.builtin, runtime::BuiltinRow::kUnknownCapability);
  EXPECT_EQ(ShapeOf(result, 2).lane[0].decision.builtin, runtime::BuiltinRow::kMalformed);
  EXPECT_EQ(result.lane[0].facts[testing::kAmount].malformed, 1u);
  for (std::uint32_t i = 0; i < 3; ++i) EXPECT_EQ(Said(result, 1, i), "deny");
}

// 100 EUR in two parts, 200.01 EUR, what is recorded beside as well and otherwise; no amount; none.
TEST(Replay, InputsAreWorkedOutFromTheArgumentsOfTheCall) {
  RefundsPolicy policy;
  policy.derives_amount = true;
  const OpenTable table(policy);
  TestCorpus corpus;
  const auto refund = [&](const char* arguments) -> TestEvent& {
    TestEvent& event = corpus.Refund("r", static_cast<std::int64_t>(corpus.events.size()), 10'000);
    event.facts.erase(event.facts.begin() + 1);
    event.arguments = arguments;
    return event;
  };
  refund(R"({"parts": [60.5, "39.50 EUR"]})");
  refund(R"({"parts": [200, 0.01]})");
  refund(R"({"parts": [1]})").facts.push_back({"amount", "1.00 EUR"});
  refund(R"({"parts": [1]})").facts.push_back({"amount", "2.00 EUR"});
  refund(R"({"parts": ["all"]})");
  refund(R"({"order": 1})");
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent);
  ASSERT_EQ(result.records.size(), 6u);
  EXPECT_EQ(Said(result, 0, 0), "allow");
  EXPECT_EQ(Said(result, 0, 1), "escalate to refunds");
  EXPECT_EQ(Said(result, 0, 2), "allow");
  for (const std::uint32_t i : {3u, 4u}) {
    EXPECT_EQ(ShapeOf(result, i).lane[0].decision.builtin, runtime::BuiltinRow::kMalformed);
    EXPECT_NE(result.records[i].flags & kMalformedValue, 0);
  }
  EXPECT_EQ(ShapeOf(result, 5).lane[0].decision.builtin, runtime::BuiltinRow::kMissingInput);
}

TEST(Replay, FactKnownLaterIsLeftOutAndCounted) {
  const OpenTable table(RefundsPolicy{});
  TestCorpus corpus;
  corpus.Refund("a", 0, 10'000).facts[2].known_at_ms = TestCorpus::kStart + 1;
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent);
  EXPECT_EQ(Said(result, 0, 0), "escalate to refunds");
  EXPECT_NE(result.records[0].flags & kLeaked, 0);
  EXPECT_EQ(result.lane[0].facts[testing::kConfidence].leaked, 1u);
}

TEST(Replay, WindowBeforeTheRecordingIsMissing) {
  const OpenTable table(RefundsPolicy{});
  TestCorpus corpus;
  corpus.Refund("a", 0, 10'000);
  corpus.Refund("b", 24 * 60, 10'000);
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent, /*complete=*/false);
  EXPECT_EQ(Said(result, 0, 0), "escalate to refunds");  // the meter may stand anywhere
  EXPECT_TRUE(ShapeOf(result, 0).lane[0].decision.unknown);
  EXPECT_NE(result.records[0].flags & kWindowTooEarly, 0);
  EXPECT_EQ(Said(result, 0, 1), "allow");  // a whole day after the first event
  EXPECT_EQ(result.lane[0].meters[0].too_early, 1u);
}

TEST(Replay, WindowsOfMonthsReachBackOnTheCalendar) {
  const OpenTable table(RefundsPolicy{.daily = 25'000, .window_months = 1});
  constexpr int kDay = 24 * 60;
  TestCorpus corpus;
  corpus.Refund("a", 0, 10'000);
  corpus.Refund("b", 27 * kDay, 10'000);
  corpus.Refund("c", 32 * kDay, 10'000);
  corpus.Refund("d", 33 * kDay, 10'000);
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent, /*complete=*/false);
  EXPECT_EQ(result.lane[0].meters[0].too_early, 2u) << "no month is that short, and none so long";
  EXPECT_EQ(Said(result, 0, 2), "allow") << "b and this";
  EXPECT_EQ(Said(result, 0, 3), "escalate to refunds") << "b, c and this";
}

TEST(Replay, RowsMatchedWhetherOrNotTheyWin) {
  const OpenTable table(RefundsPolicy{});
  TestCorpus corpus;
  corpus.Refund("a", 0, 600'000).facts[3].value = "true";  // held: deny wins over board and limit
  corpus.Refund("b", 0, 30'000, "executed after approval by refunds");
  TestEvent& returned = corpus.Refund("c", 0, 30'000, "noted");
  returned.capability = "returned";
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent);
  EXPECT_THAT(RunsOf(result, RecordsInside(result, LaneId::kCandidate, "limit")),
              ElementsAre("a", "b"));
  EXPECT_THAT(RunsOf(result, RecordsInside(result, LaneId::kCandidate, "The limit.")),
              ElementsAre("a", "b"));
  EXPECT_THAT(RunsOf(result, RecordsInside(result, LaneId::kCandidate, "to_board")),
              ElementsAre("a"));
  EXPECT_THAT(RunsOf(result, RecordsInside(result, LaneId::kCandidate, "A large return.")),
              ElementsAre("c"));
  EXPECT_THAT(RecordsInside(result, LaneId::kCandidate, ""), IsEmpty());
}

TEST(Replay, NothingIsLostSilently) {
  const OpenTable table(RefundsPolicy{});
  TestCorpus corpus;
  corpus.Refund("a", 0, 10'000, "carried out").facts.push_back({"weather", "rain"});
  corpus.labels = {{"a", 1, "incident", "true", "x"},
                   {"a", 7, "incident", "true", "x"},
                   {"z", std::nullopt, "incident", "true", "x"}};
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent);
  EXPECT_EQ(result.unread_facts.at("weather"), 1u);
  EXPECT_EQ(result.unknown_effects.at("carried out"), 1u);
  EXPECT_EQ(result.labels.size(), 1u);
  EXPECT_EQ(result.unplaced_labels, 2u);
}

TEST(Replay, ManyMeterEntriesGrowTheMemory) {
  const OpenTable table(RefundsPolicy{});
  TestCorpus corpus;
  for (int i = 0; i < 3000; ++i) {
    TestEvent& event = corpus.Refund("run-" + std::to_string(i), i, 100);
    event.agent = "agent-" + std::to_string(i);
  }
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent);
  EXPECT_EQ(result.records.size(), 3000u);
  for (std::uint32_t i = 0; i < 3000; i += 977) EXPECT_EQ(Said(result, 0, i), "allow");
  ReplayOptions options{.max_session_bytes = 1 << 16};
  const auto refused = Replay(corpus.Source(), *table, *table, options);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ReplayErrorCode::kMeterMemory);
}

}  // namespace
}  // namespace writ::evals
