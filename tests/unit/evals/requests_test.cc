// Requests are what replay decides, event by event.
#include "writ/evals/requests.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "replay_fixture.h"

namespace writ::evals {
namespace {

using testing::MustReplay;
using testing::OpenTable;
using testing::RefundsPolicy;
using testing::TestCorpus;

// What the table decides of each request, by event.
std::map<std::int64_t, std::string> Decided(const TestCorpus& corpus, const OpenTable& table) {
  std::map<std::int64_t, std::string> decided;
  std::int64_t last = 0;
  const auto read = ForEachRequest(
      corpus.Source(), *table, {.recording_is_complete = true},
      [&](const CorpusEvent& event, const runtime::Request& request) {
        const runtime::Decision decision = runtime::Decide(*table, nullptr, request);
        const std::string clause =
            decision.clause.valid() ? std::string((*table).Clause(decision.clause).name) : "";
        EXPECT_TRUE(decided.emplace(event.event, clause).second) << "visited twice";
        EXPECT_GE(event.at_ms, last);
        last = event.at_ms;
        return true;
      });
  EXPECT_TRUE(read.has_value());
  return decided;
}

void ExpectAsReplayed(const TestCorpus& corpus, const OpenTable& table) {
  const auto decided = Decided(corpus, table);
  const ReplayResult result = MustReplay(corpus, table, table, Horizon::kEvent);
  ASSERT_EQ(decided.size(), result.records.size());
  for (const EventRecord& record : result.records) {
    const LaneDecision& said = result.shapes[record.shape].lane[0].decision;
    const std::string clause =
        said.clause.valid() ? result.lane[0].clauses[said.clause.value].name : "";
    EXPECT_EQ(decided.at(record.event), clause) << "event " << record.event;
  }
}

// Two runs of one agent, interleaved: the second refund of 1,500 EUR is beyond its day's 2,000,
// the third was refused and does not count.
TEST(Requests, AreWhatReplayDecides) {
  TestCorpus corpus;
  corpus.Refund("a", 0, 150'000);
  corpus.Refund("b", 1, 150'000);
  corpus.Refund("a", 2, 15'000, "refused");
  corpus.Refund("b", 3, 600'000);
  corpus.Refund("a", 4, 15'000).facts[2] = {"confidence", "", true};
  corpus.Refund("c", 5, 15'000).facts[3] = {"held", "true"};
  corpus.Refund("c", 6, 100).capability = "no_such_thing";
  RefundsPolicy policy;
  policy.limit = 400'000;
  const OpenTable table(policy);
  ExpectAsReplayed(corpus, table);
  const auto decided = Decided(corpus, table);
  EXPECT_EQ(std::set<std::string>({decided.at(1), decided.at(2)}).count("daily"), 1u);
  EXPECT_EQ(decided.at(6), "held");
  EXPECT_EQ(decided.at(7), "");
}

// More keys than the first memory for meters has room for: nothing is visited twice or left out.
TEST(Requests, OfManyAgents) {
  TestCorpus corpus;
  for (int i = 0; i < 3'000; ++i) {
    auto& event = corpus.Refund("run " + std::to_string(i % 700), i / 4, 10'000 + i % 50'000);
    event.agent = "agent " + std::to_string(i % 1'500);
  }
  RefundsPolicy policy;
  policy.daily = 20'000;
  const OpenTable table(policy);
  ExpectAsReplayed(corpus, table);
}

TEST(Requests, StopWhereNoMoreAreWanted) {
  TestCorpus corpus;
  for (int i = 0; i < 10; ++i) corpus.Refund("a", i, 100);
  const OpenTable table{RefundsPolicy{}};
  int visits = 0;
  const auto read =
      ForEachRequest(corpus.Source(), *table, {},
                     [&](const CorpusEvent&, const runtime::Request&) { return ++visits < 4; });
  EXPECT_TRUE(read.has_value());
  EXPECT_EQ(visits, 4);
}

TEST(Requests, SayWhenMetersTakeTooMuchMemory) {
  TestCorpus corpus;
  for (int i = 0; i < 3'000; ++i) {
    corpus.Refund("a", i, 100).agent = "agent " + std::to_string(i);
  }
  const OpenTable table{RefundsPolicy{}};
  const auto read =
      ForEachRequest(corpus.Source(), *table, {.max_session_bytes = 1'000},
                     [](const CorpusEvent&, const runtime::Request&) { return true; });
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ReplayErrorCode::kMeterMemory);
}

}  // namespace
}  // namespace writ::evals
