// `writ diff --corpus` on a corpus that is small enough to be counted by hand.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kWeighedDesk = R"(policy t.p VERSION
"T."
role boss human
role desk human reports to boss
role bot agent
anchor desk { held by desk  deputies boss  reached by "q" within 1 hours  on silence deny }
threshold little = LITTLE EUR
facts from host missing deny { blocked : bool }
capability pay { kind act  risk local_write  system bank  input amount: money(EUR) in 0..1_000  idempotent by amount  verify with look }
capability look { kind verify  risk read_only  system bank }
delegation paying {
  from desk  to bot  may pay  may freely look  anchor desk  review every 90 days  expires 2030-12-31
  for pay {
    limit amount <= little
    CLAUSES
  }
}
)";

// Amounts, and whether that is blocked: null is not known.
constexpr const char* kWeighedRuns =
    R"({"run":"a","calls":[["pay","5",null],["pay","15","false"],["pay","15",null]]}
{"run":"b","calls":[["pay","15","false"],["pay","15",null]]}
{"run":"c","calls":[["pay","8",null],["look",null,"false"]]}
{"run":"d","calls":[["pay","25","false"],["pay",null,"false"]]}
)";
constexpr const char* kWeighedMapping =
    R"(INSERT INTO runs SELECT json ->> 'run', json ->> 'run' FROM lines ORDER BY line;
CREATE TEMP TABLE call AS SELECT lines.line * 10 + c.key AS event, lines.json ->> 'run' AS run, c.key AS seq, c.value AS json
  FROM lines, json_each(lines.json, '$.calls') c;
INSERT INTO events (event, run, seq, at, role, capability, effect)
  SELECT event, run, seq, iso_ms('2026-10-01T08:00:00Z') + event * 1000, 'bot', json ->> 0, 'executed' FROM call;
INSERT INTO facts (event, name, value) SELECT event, 'amount', money(json ->> 1, 'EUR') FROM call WHERE json ->> 1 IS NOT NULL;
INSERT INTO facts (event, name, value) SELECT event, 'blocked', json ->> 2 FROM call WHERE json ->> 2 IS NOT NULL;
)";

class DiffRecorded : public Workspace {
 protected:
  void SetUp() override {
    Workspace::SetUp();
    const Result made = Writ({"corpus", "import", Write("runs.jsonl", kWeighedRuns), "--map",
                              Write("map.sql", kWeighedMapping), "-o", Path("runs.db")});
    ASSERT_EQ(made.exit, 0) << made.err;
    before_ = Policy("1.0.0", "10", "deny when blocked");
    after_ = Policy("2.0.0", "20", "");
  }
  std::string Policy(const std::string& version, const std::string& little,
                     const std::string& clauses) {
    std::string text = kWeighedDesk;
    text.replace(text.find("VERSION"), 7, version);
    text.replace(text.find("LITTLE"), 6, little);
    text.replace(text.find("CLAUSES"), 7, clauses);
    return Write("p" + version + ".writ", text);
  }
  Result Diff(std::vector<std::string> more) {
    more.insert(more.begin(), {"diff", before_, after_, "--corpus", Path("runs.db")});
    return Writ(more);
  }
  std::string before_, after_;
};

TEST_F(DiffRecorded, EachRegionSaysWhatLiesInIt) {
  const Result result = Diff({"--format", "json"});
  EXPECT_EQ(result.exit, 0) << result.err;
  const auto report = nlohmann::json::parse(result.out);
  const auto weight = [](int events, int runs, int leaned) {
    return nlohmann::json{{"events", events}, {"runs", runs}, {"leaned_on_missing", leaned}};
  };
  EXPECT_EQ(report["corpus"]["replayed"], weight(9, 4, 5));
  EXPECT_EQ(report["corpus"]["compared"], weight(9, 4, 5));
  EXPECT_EQ(report["corpus"]["changed"], weight(6, 3, 4));
  EXPECT_EQ(report["corpus"]["horizon"], "event");
  EXPECT_THAT(report["corpus"]["in_no_region"], SizeIs(0));
  // Loosened all; the most events first.
  ASSERT_THAT(report["regions"], SizeIs(3));
  EXPECT_EQ(report["regions"][0]["before"]["words"], "deny when blocked");
  EXPECT_EQ(report["regions"][0]["after"]["outcome"], "allow");
  EXPECT_EQ(report["regions"][0]["recorded"], weight(4, 3, 4));
  EXPECT_EQ(report["regions"][1]["before"]["words"], "limit amount <= little");
  EXPECT_EQ(report["regions"][1]["after"]["outcome"], "allow");
  EXPECT_EQ(report["regions"][1]["recorded"], weight(2, 2, 0));
  EXPECT_EQ(report["regions"][2]["after"]["outcome"], "escalate to desk");
  EXPECT_EQ(report["regions"][2]["recorded"], weight(0, 0, 0));
  const auto plain = nlohmann::json::parse(Writ({"diff", before_, after_, "--format", "json"}).out);
  EXPECT_FALSE(plain.contains("corpus"));
  EXPECT_EQ(plain["regions"][0]["before"]["words"], "limit amount <= little");
  EXPECT_FALSE(plain["regions"][0].contains("recorded"));
}

TEST_F(DiffRecorded, EveryFormSaysIt) {
  const std::string most = "4 events in 3 runs, 66.7% of what changes";
  const Result text = Diff({});
  EXPECT_THAT(text.out,
              AllOf(HasSubstr("\ncorpus: 6 of 9 recorded events change, in 3 of 4 runs (corpus "),
                    HasSubstr("); all of them lie in the regions below, and 4 leaned on a missing "
                              "fact\n"),
                    HasSubstr("\n  recorded " + most + "; 4 leaned on a missing fact\n"),
                    HasSubstr("\n  recorded 2 events in 2 runs, 33.3% of what changes\n"),
                    HasSubstr("\n  recorded none\n"), Not(HasSubstr("in no region"))));
  EXPECT_THAT(Diff({"--format", "markdown"}).out,
              AllOf(HasSubstr("| for example | recorded |\n"),
                    HasSubstr("` | " + most + "; 4 leaned on a missing fact |\n")));
  EXPECT_THAT(Diff({"--format", "html"}).out,
              AllOf(HasSubstr("style=\"left:0;width:66.7%\""), HasSubstr(">" + most + ";"),
                    HasSubstr("6 of 9 recorded events change")));
  const auto sarif = nlohmann::json::parse(Diff({"--format", "sarif"}).out);
  const auto& results = sarif["runs"][0]["results"];
  EXPECT_EQ(results[0]["properties"]["recorded"]["events"], 4);
  const auto said = std::ranges::find_if(
      results, [](const auto& result) { return result["ruleId"] == "recorded"; });
  ASSERT_NE(said, results.end());
  EXPECT_EQ((*said)["properties"]["corpus"]["changed"]["events"], 6);
}

TEST_F(DiffRecorded, WhatLiesInNoRegionIsSaid) {
  // What is owed alone changes.
  before_ = Policy("1.0.0", "10", "deny when blocked\n    note when amount > 14 EUR \"Much.\"");
  after_ = Policy("2.0.0", "10", "deny when blocked");
  const Result owed = Diff({});
  EXPECT_THAT(owed.out,
              AllOf(HasSubstr("corpus: 3 of 9 recorded events change, in 3 of 4 runs"),
                    HasSubstr("; 3 of them lie in no region\n"),
                    HasSubstr("\nrecorded, and in no region\n  pay is decided alike, with other "
                              "obligations: 3 events in 3 runs, 100.0% of what changes\n")));
  EXPECT_THAT(Diff({"--format", "markdown"}).out,
              HasSubstr("- recorded, and in no region: pay is decided alike"));
  EXPECT_THAT(Diff({"--format", "html"}).out, HasSubstr("<h3>Recorded, and in no region</h3>"));
  // No region is found.
  after_ = Policy("2.0.0", "20", "deny when blocked");
  const Result open = Diff({"--max-steps", "1"});
  EXPECT_EQ(open.exit, 3);
  EXPECT_THAT(open.out, HasSubstr("  pay: escalate to desk (limit amount <= little) -> allow "
                                  "(nothing restricts it): 2 events in 2 runs"));
}

TEST_F(DiffRecorded, OneCapabilityIsWeighedAlone) {
  const auto look =
      nlohmann::json::parse(Diff({"--capability", "look", "--format", "json"}).out)["corpus"];
  EXPECT_EQ(look["replayed"]["events"], 9);
  EXPECT_EQ(look["compared"]["events"], 1);
  EXPECT_EQ(look["changed"]["events"], 0);
  EXPECT_THAT(Diff({"--capability", "pay"}).out,
              HasSubstr("corpus: 6 of 8 recorded events that are compared change, in 3 of 4 runs"));
}

TEST_F(DiffRecorded, OneRoleIsWeighedAlone) {
  const auto of = [&](const std::string& role) {
    return nlohmann::json::parse(Diff({role, "--format", "json"}).out)["corpus"];
  };
  EXPECT_EQ(of("role=bot")["changed"]["events"], 6);
  EXPECT_EQ(of("role=desk")["replayed"]["events"], 9);
  EXPECT_EQ(of("role=desk")["compared"]["events"], 0);
}

TEST_F(DiffRecorded, WhatCannotBeReadIsRefused) {
  const auto with = [&](const std::string& path) {
    return Writ({"diff", before_, after_, "--corpus", path}).exit;
  };
  EXPECT_EQ(with(Path("none.db")), 4);
  EXPECT_EQ(with(Write("text.db", "no corpus")), 4);
  EXPECT_EQ(Writ({"diff", before_, after_, "--complete"}).exit, 2);
  EXPECT_EQ(Diff({"--check", Path("p")}).exit, 2);
}

}  // namespace
}  // namespace writ::cli
