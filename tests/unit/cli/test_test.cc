// `writ test`: what examples reach and notice, and the ones it writes.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kDesk = R"(policy t.p 1.0.0
"T."

role boss human
role desk human  reports to boss
role bot  agent

anchor desk {
  held by desk
  deputies boss
  reached by "q" within 1 hours
  on silence deny
}

threshold little = 10 EUR

fact stopped : bool from host missing deny

capability pay {
  kind act  risk local_write
  system bank
  input amount: money(EUR) in 0..1_000
  idempotent by amount
  verify with look
}
capability look { kind verify  risk read_only  system bank }

delegation paying {
  from desk  to bot
  may freely look
  may pay
  anchor desk
  review every 90 days  expires 2030-12-31

  deny when stopped "Stopped."
  limit amount <= little
}
)";

class Test : public Workspace {
 protected:
  nlohmann::json Report(const std::string& path) {
    const Result result = Writ({"test", path, "--mutate", "--format", "json"});
    EXPECT_EQ(result.exit, 0) << result.err;
    return nlohmann::json::parse(result.out);
  }
  static std::size_t Killed(const nlohmann::json& report, const std::string& kind) {
    std::size_t killed = 0;
    for (const auto& mutant : report["mutants"]["all"])
      killed += mutant["kind"] == kind && mutant["state"] == "killed" ? 1 : 0;
    return killed;
  }
};

TEST_F(Test, WithoutExamplesNothingIsNoticed) {
  const auto report = Report(Write("p.writ", kDesk));
  EXPECT_EQ(report["rows"]["reached"], 0);
  EXPECT_EQ(report["mutants"]["killed"], 0);
  EXPECT_GT(report["mutants"]["survived"].get<int>(), 5);
}

TEST_F(Test, AnExampleAtTheBoundaryKillsTheMovedThreshold) {
  const std::string policy = kDesk;
  const std::string at = "example \"ten\" { bot pay { amount: 10 EUR, stopped: no } -> allow }\n";
  const std::string over =
      "example \"more\" { bot pay { amount: 10.01 EUR, stopped: no } -> escalate to desk }\n";
  EXPECT_EQ(Killed(Report(Write("one.writ", policy + at)), "threshold moved"), 1u);
  EXPECT_EQ(Killed(Report(Write("both.writ", policy + at + over)), "threshold moved"), 2u);
}

TEST_F(Test, WhatItWritesKillsWhatSurvived) {
  const std::string path = Write("p.writ", kDesk);
  EXPECT_EQ(Writ({"fmt", "--write", path}).exit, 0);
  const std::string before = Read(path);
  const Result written = Writ({"test", path, "--mutate", "--write"});
  EXPECT_EQ(written.exit, 0) << written.err;
  EXPECT_EQ(Writ({"check", path}).exit, 0);
  EXPECT_EQ(Writ({"fmt", "--check", path}).exit, 0);
  EXPECT_TRUE(Read(path).starts_with(before)) << "nothing is taken away";
  const auto report = Report(path);
  EXPECT_EQ(report["mutants"]["survived"], 0);
  EXPECT_EQ(report["mutants"]["score"], 1.0);
  EXPECT_EQ(report["rows"]["reached"], report["rows"]["all"].size());
}

TEST_F(Test, AScoreTooLowBlocks) {
  const std::string path = Write("p.writ", kDesk);
  const Result low = Writ({"test", path, "--mutate", "--min-score", "90"});
  EXPECT_EQ(low.exit, 1);
  EXPECT_THAT(low.err, HasSubstr("0.0 % of the mutants are killed, fewer than 90 %"));
  EXPECT_EQ(Writ({"test", path, "--min-score", "90"}).exit, 2) << "needs --mutate";
}

TEST_F(Test, AnExampleThatFailsBlocksAndAMistakeIsAMistake) {
  const std::string wrong = "example \"no\" { bot pay { amount: 5 EUR, stopped: no } -> deny }\n";
  const Result failed = Writ({"test", Write("wrong.writ", kDesk + wrong)});
  EXPECT_EQ(failed.exit, 1);
  EXPECT_THAT(failed.err, HasSubstr("example-fails"));
  EXPECT_EQ(Writ({"test", Write("broken.writ", std::string(kDesk) + "role")}).exit, 2);
  EXPECT_EQ(Writ({"test", Path("none.writ")}).exit, 4);
}

TEST_F(Test, JunitNamesWhatWasNotNoticed) {
  const std::string junit = Path("t.xml");
  EXPECT_EQ(Writ({"test", Write("p.writ", kDesk), "--mutate", "--junit", junit}).exit, 0);
  EXPECT_THAT(Read(junit), AllOf(HasSubstr("<testsuite name=\"t.p 1.0.0\""),
                                 HasSubstr("classname=\"t.p.mutants\""),
                                 HasSubstr("<failure message=\"unnoticed: "),
                                 Not(HasSubstr("<failure message=\"not settled"))));
}

// The policies that ship are held by their examples.
TEST_F(Test, ShippedPoliciesKillNineInTen) {
  for (const char* name :
       {"support_refunds", "support_refunds_next", "agentdojo_banking", "p2p_coatings"}) {
    const Result result = Writ({"test", Source("policies/" + std::string(name) + ".writ"),
                                "--mutate", "--min-score", "90"});
    EXPECT_EQ(result.exit, 0) << name << "\n" << result.out;
  }
}

}  // namespace
}  // namespace writ::cli
