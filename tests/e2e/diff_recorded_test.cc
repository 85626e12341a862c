// What a comparison says of a corpus adds up to what replay says of it.
#include <nlohmann/json.hpp>

#include "desk_runs.h"

namespace writ::e2e {
namespace {

using namespace command;

class RecordedChange : public Workspace {
 protected:
  void SetUp() override {
    Workspace::SetUp();
    ImportDeskRuns(Path("runs"), 1'500, 7);
    Write("acme_org.writ", Read(Source("policies/acme_org.writ")));
  }

  // The refunds of today, with one text in another's place.
  std::string Changed(const std::string& from, const std::string& to) {
    std::string text = Read(Source("policies/support_refunds.writ"));
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    // Of examples and of the invariant, what was said may no longer hold.
    text.resize(text.find("\ninvariant") + 1);
    return Write("changed.writ", text);
  }

  nlohmann::json ByReplay(const std::string& before, const std::string& after) {
    const Result replayed =
        Writ({"replay", "--baseline", before, "--candidate", after, "--corpus", Path("runs.db"),
              "--horizon", "event", "-o", "json:" + Path("replay.json")});
    EXPECT_EQ(replayed.exit, 0) << replayed.err;
    return nlohmann::json::parse(Read(Path("replay.json")));
  }

  // The events that change; how many of them lie in no region.
  struct Sum {
    std::uint64_t changed = 0, elsewhere = 0;
  };
  Sum Agree(const std::string& before, const std::string& after) {
    const Result result =
        Writ({"diff", before, after, "--corpus", Path("runs.db"), "--format", "json"});
    const auto report = nlohmann::json::parse(result.out, nullptr, false);
    if (!report.is_object()) {
      ADD_FAILURE() << result.err;
      return {};
    }
    const auto replay = ByReplay(before, after);
    Sum sum;
    std::uint64_t inside = 0;
    const nlohmann::json& directions = replay["by_direction"];
    for (const char* direction : {"loosened", "tightened", "re-routed"})
      sum.changed += directions[direction]["events"].get<std::uint64_t>();
    for (const auto& region : report["regions"])
      inside += region["recorded"]["events"].get<std::uint64_t>();
    for (const auto& one : report["corpus"]["in_no_region"])
      sum.elsewhere += one["recorded"]["events"].get<std::uint64_t>();
    EXPECT_EQ(report["corpus"]["sha256"], replay["corpus"]["digest"]);
    EXPECT_EQ(report["corpus"]["replayed"]["events"], replay["all"]["events"]);
    EXPECT_EQ(report["corpus"]["replayed"]["runs"], replay["all"]["runs"]);
    EXPECT_EQ(report["corpus"]["changed"]["events"], sum.changed);
    EXPECT_EQ(inside + sum.elsewhere, sum.changed);
    return sum;
  }
};

TEST_F(RecordedChange, AddsUpToWhatReplaySays) {
  const std::string today = Source("policies/support_refunds.writ");
  const std::string next = Source("policies/support_refunds_next.writ");
  const Sum forth = Agree(today, next), back = Agree(next, today);
  EXPECT_GT(forth.changed, 0u);
  EXPECT_EQ(forth.elsewhere, 0u);
  EXPECT_EQ(back.changed, forth.changed);
  EXPECT_EQ(back.elsewhere, 0u);
  const Sum lower = Agree(today, Changed("refund_autonomy = 200 EUR", "refund_autonomy = 90 EUR"));
  EXPECT_GT(lower.changed, 0u);
  EXPECT_EQ(lower.elsewhere, 0u);
}

// A comparison takes one reading of a meter for both, but history gives each version its own.
TEST_F(RecordedChange, WhatAMeterMakesOfHistoryLiesInNoRegion) {
  const Sum kept = Agree(Source("policies/support_refunds.writ"),
                         Changed("per agent within 24 hours", "per agent within 20 days"));
  EXPECT_GT(kept.changed, 0u);
  EXPECT_EQ(kept.elsewhere, kept.changed);
}

}  // namespace
}  // namespace writ::e2e
