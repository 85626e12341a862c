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

TEST_F(Test, AConditionIsCoveredByAPairOfExamples) {
  const std::string policy = kDesk;
  const std::string stopped =
      "example \"no\" { bot pay { amount: 5 EUR, stopped: yes } -> deny }\n";
  const std::string going = "example \"yes\" { bot pay { amount: 5 EUR, stopped: no } -> allow }\n";
  const auto covered = [&](const std::string& name, const std::string& text) {
    const Result result = Writ({"test", Write(name, text), "--coverage", "--format", "json"});
    EXPECT_EQ(result.exit, 0) << result.err;
    return nlohmann::json::parse(result.out);
  };
  const auto none = covered("none.writ", policy);
  EXPECT_EQ(none["conditions"]["counted"], 2);
  EXPECT_EQ(none["conditions"]["covered"], 0);
  const auto one = covered("one.writ", policy + stopped);
  const auto& condition = one["conditions"]["all"][0];
  EXPECT_EQ(condition["words"], "stopped");
  EXPECT_EQ(condition["decides"]["covered_by"], "no");
  EXPECT_EQ(condition["yields"]["state"], "missing");
  EXPECT_EQ(condition["yields"]["request"], "bot pay { amount: 5 EUR, stopped: false }")
      << "the same request, but for what is asked";
  EXPECT_EQ(covered("both.writ", policy + stopped + going)["conditions"]["covered"], 1);
}

TEST_F(Test, ABoundaryIsCoveredByTheNearestValues) {
  const std::string policy = kDesk;
  const std::string at = "example \"ten\" { bot pay { amount: 10 EUR, stopped: no } -> allow }\n";
  const std::string near =
      "example \"near\" { bot pay { amount: 10.02 EUR, stopped: no } -> escalate to desk }\n";
  const std::string over =
      "example \"more\" { bot pay { amount: 10.01 EUR, stopped: no } -> escalate to desk }\n";
  const Result half = Writ({"test", Write("half.writ", policy + at + near), "--coverage"});
  EXPECT_THAT(half.out, AllOf(HasSubstr("0 of 1 boundaries exercised on both sides"),
                              HasSubstr("`amount` at 10 EUR | 10.01 EUR"),
                              HasSubstr("no example just above it: bot pay { amount: 10.01 EUR")));
  const Result whole = Writ({"test", Write("whole.writ", policy + at + over), "--coverage"});
  EXPECT_THAT(whole.out, HasSubstr("1 of 1 boundaries exercised on both sides, 100 %"));
}

TEST_F(Test, WhatItWritesCoversWhatWasMissing) {
  const std::string path = Write("p.writ", kDesk);
  EXPECT_EQ(Writ({"fmt", "--write", path}).exit, 0);
  EXPECT_EQ(Writ({"test", path, "--write"}).exit, 2) << "of what?";
  EXPECT_EQ(Writ({"test", path, "--min-coverage", "90"}).exit, 2) << "needs --coverage";
  const Result low = Writ({"test", path, "--coverage", "--min-coverage", "90"});
  EXPECT_EQ(low.exit, 1);
  EXPECT_THAT(low.err, HasSubstr("0.0 % of the rows are reached, fewer than 90 %"));
  const std::string junit = Path("t.xml");
  EXPECT_EQ(Writ({"test", path, "--coverage", "--write", "--junit", junit}).exit, 0);
  EXPECT_THAT(
      Read(junit),
      AllOf(HasSubstr("classname=\"t.p.conditions\""), HasSubstr("classname=\"t.p.boundaries\""),
            HasSubstr("<failure message=\"no example in which it alone makes")));
  EXPECT_EQ(Writ({"fmt", "--check", path}).exit, 0);
  const Result full = Writ({"test", path, "--coverage", "--min-coverage", "100"});
  EXPECT_EQ(full.exit, 0) << full.out << full.err;
}

// What no request can show is proved, and neither missed nor counted.
TEST_F(Test, AConditionThatCannotMatterIsNotCounted) {
  std::string policy = kDesk;
  const std::string limit = "limit amount <= little";
  policy.replace(policy.find(limit), limit.size(),
                 "limit amount <= little or (amount <= 5 EUR and not stopped)");
  const Result result = Writ({"test", Write("p.writ", policy), "--coverage"});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("0 of 2 conditions shown to matter on their own, 0 %; 2 more cannot"),
                    HasSubstr("cannot be: amount <= 5 EUR"), HasSubstr("cannot be: not stopped"),
                    HasSubstr("no request in which it alone keeps the clause from deciding")));
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
TEST_F(Test, ThePageGoesClauseByClauseAndRunsNothing) {
  const std::string path = Write("p.writ", std::string(kDesk) + R"(
example "<script>1</script>" { bot pay { amount: 10 EUR, stopped: no } -> allow }
example "one cent more"      { bot pay { amount: 10.01 EUR, stopped: no } -> escalate to desk }
)");
  const Result page = Writ({"test", path, "--coverage", "--mutate", "--format", "html"});
  EXPECT_EQ(page.exit, 0) << page.err;
  EXPECT_THAT(page.out,
              AllOf(HasSubstr("<h2><code>deny when stopped &quot;Stopped.&quot;</code></h2>"),
                    HasSubstr("<h2><code>limit amount &lt;= little</code></h2>")));
  EXPECT_THAT(page.out, AllOf(HasSubstr("&ldquo;one cent more&rdquo;"),
                              HasSubstr("&ldquo;&lt;script&gt;1&lt;/script&gt;&rdquo;"),
                              HasSubstr("badge deny\">survived"), HasSubstr("1 of 2, 50 %")));
  EXPECT_THAT(page.out, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("past runs"))));
  const std::size_t deny = page.out.find("<h2><code>deny"),
                    limit = page.out.find("<h2><code>limit");
  EXPECT_LT(deny, limit) << "in the order of the file";
}

TEST_F(Test, ShippedPoliciesKillNineInTen) {
  for (const char* name :
       {"support_refunds", "support_refunds_next", "agentdojo_banking", "p2p_coatings"}) {
    const Result result = Writ({"test", Source("policies/" + std::string(name) + ".writ"),
                                "--mutate", "--min-score", "90"});
    EXPECT_EQ(result.exit, 0) << name << "\n" << result.out;
  }
}

TEST_F(Test, TheWorkedExampleIsCovered) {
  for (const char* name : {"support_refunds", "support_refunds_next"}) {
    const Result result = Writ({"test", Source("policies/" + std::string(name) + ".writ"),
                                "--coverage", "--min-coverage", "100"});
    EXPECT_EQ(result.exit, 0) << name << "\n" << result.out;
  }
}

}  // namespace
}  // namespace writ::cli
