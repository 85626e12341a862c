// A cloud account under attack: which of the exercise's techniques the policy decides against.
#include <iostream>
#include <map>

#include "replayed.h"
#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

struct Acts {
  std::size_t calls = 0, stopped = 0;
};

class Cloud : public Workspace {};

TEST_F(Cloud, StopsEveryTechnique) {
  const std::string events = SharedCorpus("cloudtrail_stratus/events.jsonl.xz");
  if (events.empty())
    GTEST_SKIP() << "the cloud corpus is not here; set WRIT_CORPORA to the folder that has it";
  const Result imported =
      Writ({"corpus", "import", events, "--map", Source("corpora/cloudtrail_stratus/cloud.sql"),
            "-o", Path("cloud.db")});
  ASSERT_EQ(imported.exit, 0) << imported.err;
  Replayed replayed(Source("policies/cloud_admin.writ"), Path("cloud.db"), evals::Horizon::kEvent);
  ASSERT_TRUE(replayed.ok()) << replayed.error();

  std::map<std::int64_t, bool> stopped;  // by event
  std::size_t against = 0, unknown = 0;
  const evals::ReplayResult& result = replayed.result();
  for (const evals::EventRecord& record : result.records) {
    const evals::LaneDecision& decision = result.shapes[record.shape].lane[1].decision;
    stopped[record.event] = decision.verdict != runtime::Verdict::kAllow;
    against += stopped[record.event] ? 1 : 0;
    unknown += decision.unknown ? 1 : 0;
  }
  std::map<std::string, Acts> techniques;
  for (const evals::CorpusLabel& label : replayed.labels()) {
    if (label.name != "technique" || !label.event) continue;
    Acts& acts = techniques[label.value];
    ++acts.calls;
    acts.stopped += stopped.at(*label.event) ? 1 : 0;
  }
  std::size_t at_every_call = 0;
  for (const auto& [technique, acts] : techniques) {
    std::cout << technique << ": " << acts.stopped << " of " << acts.calls << '\n';
    EXPECT_GT(acts.stopped, 0u) << technique;
    at_every_call += acts.stopped == acts.calls ? 1 : 0;
  }
  EXPECT_EQ(techniques.size(), 25u);
  EXPECT_EQ(at_every_call, 22u);
  EXPECT_EQ(against, 336u);
  EXPECT_EQ(unknown, 0u);
}

}  // namespace
}  // namespace writ::e2e
