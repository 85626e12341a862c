// `writ test --corpus`: what past runs exercise of a policy, held to what replay counts.
#include <map>
#include <nlohmann/json.hpp>

#include "desk_runs.h"
#include "replayed.h"

namespace writ::e2e {
namespace {

using Json = nlohmann::json;

class PastRuns : public Workspace {
 protected:
  void SetUp() override {
    Workspace::SetUp();
    ImportDeskRuns(Path("runs"), 2'000, 1);
  }
  const std::string kPolicy = Source("policies/support_refunds.writ");
};

TEST_F(PastRuns, RowsDecideWhatReplayCounts) {
  const Result result =
      Writ({"test", kPolicy, "--corpus", Path("runs.db"), "--complete", "--format", "json"});
  ASSERT_EQ(result.exit, 0) << result.err;
  const Json report = Json::parse(result.out);
  std::map<std::string, std::uint64_t> counted, won;
  for (const Json& row : report["rows"]["all"])
    counted[row["clause"].get<std::string>()] += row["past"].get<std::uint64_t>();
  const Replayed replayed(kPolicy, Path("runs.db"), evals::Horizon::kEvent);
  ASSERT_TRUE(replayed.ok()) << replayed.error();
  for (const evals::ClauseInfo& clause : replayed.result().lane[0].clauses)
    if (counted.contains(clause.name)) won[clause.name] = clause.won;
  EXPECT_EQ(counted, won);
  EXPECT_EQ(report["past"]["runs"], 2'000);
  EXPECT_EQ(report["past"]["requests"].get<std::uint64_t>(), replayed.result().records.size());
  EXPECT_GT(report["past"]["rows"]["reached"], 5);
}

// The generator draws amounts on both sides of the limit, and never a stuck agent that only looks.
TEST_F(PastRuns, ShowWhatTheyExerciseAndWhatNot) {
  const Result result = Writ(
      {"test", kPolicy, "--coverage", "--mutate", "--corpus", Path("runs.db"), "--format", "json"});
  ASSERT_EQ(result.exit, 0) << result.err;
  const Json report = Json::parse(result.out);
  const Json& past = report["past"];
  EXPECT_EQ(past["conditions"]["counted"], report["conditions"]["counted"]);
  EXPECT_LT(past["conditions"]["covered"], past["conditions"]["counted"]);
  EXPECT_GT(past["mutants"]["score"], 0.5);
  EXPECT_LT(past["mutants"]["score"], 1.0);
  for (const Json& condition : report["conditions"]["all"]) {
    if (condition["capability"] != "get_order") continue;
    EXPECT_EQ(condition["decides"]["past"], "") << condition;
    EXPECT_NE(condition["yields"]["past"], "") << condition;
  }
  for (const Json& mutant : report["mutants"]["all"]) {
    if (mutant["state"] == "equivalent") {
      EXPECT_EQ(mutant["past"], "") << mutant;
    }
  }
}

TEST_F(PastRuns, ThatCannotBeReadAreNoResult) {
  const Result missing = Writ({"test", kPolicy, "--corpus", Path("none.db")});
  EXPECT_EQ(missing.exit, 4);
  EXPECT_EQ(missing.out, "");
  const Result other = Writ({"test", kPolicy, "--corpus", Write("text.db", "not a database")});
  EXPECT_EQ(other.exit, 4);
  EXPECT_NE(other.err.find("next: "), std::string::npos) << other.err;
  EXPECT_EQ(Writ({"test", kPolicy, "--complete"}).exit, 2);
}

}  // namespace
}  // namespace writ::e2e
