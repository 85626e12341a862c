// The policies that ship: random requests and histories, answered by the oracle and by the table.
#include <gtest/gtest.h>

#include <filesystem>

#include "differential/compare.h"
#include "differential/requests.h"
#include "differential/subject.h"

namespace writ::oracle {
namespace {

std::vector<std::string> Policies() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(WRIT_SOURCE_DIR "/policies")) {
    if (entry.path().extension() == ".writ") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class Shipped : public testing::TestWithParam<std::string> {};

TEST_P(Shipped, OracleAndTableAgree) {
  const SubjectResult made = MakeSubjectOfFile(GetParam());
  ASSERT_TRUE(made.subject) << made.why;
  const Policy policy = LoadPolicy(made.subject->dumps);
  std::vector<RequestSpace> spaces;
  for (const auto& [name, capability] : policy.capabilities) spaces.emplace_back(policy, name);
  if (spaces.empty()) return;  // an organisation only: nothing can be asked for
  Random random(1);
  for (int run = 0; run < 500 && !HasFailure(); ++run) {
    OwnedSession session(made.subject->table);
    History history;
    for (int i = 0; i < 8 && !HasFailure(); ++i) {
      Request request = random.Pick(spaces).Any(random);
      if (!history.empty() && request.now_ms < history.back().now_ms) continue;  // time goes on
      const Answer oracle = Decide(policy, request, &history);
      const RuntimeRequest runtime_request(made.subject->table, request);
      const Answer table = Ask(*made.subject, runtime_request.request(), session.get());
      EXPECT_EQ(Difference(policy, oracle, table), "") << ToText(request) << "\n"
                                                       << ToText(oracle) << "\n"
                                                       << ToText(table);
      if (oracle.verdict == "deny") continue;
      session.get()->Commit(runtime_request.request());
      history.push_back(request);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, Shipped, testing::ValuesIn(Policies()), [](const auto& one) {
  return std::filesystem::path(one.param).stem().string();
});

}  // namespace
}  // namespace writ::oracle
