// A gate over several corpora: each judged by its own entry, and the worst is the verdict.
#include <nlohmann/json.hpp>

#include "desk_runs.h"

namespace writ::e2e {
namespace {

using namespace command;

class GateOfSeveral : public Workspace {
 protected:
  void SetUp() override {
    Workspace::SetUp();
    for (const char* name : {"first", "second"}) {
      ImportDeskRuns(Path(name), 300, 1);
    }
  }
  // `second`: what the second corpus has to be beside there.
  std::string Gate(const std::string& second) {
    return Write(
        "both.gate.yaml",
        "gate: both\nbaseline: " + Source("policies/support_refunds.writ") +
            "\ncandidate: " + Source("policies/support_refunds.writ") +
            "\ncorpora:\n  - {path: first.db, mapping: " + kMapping +
            ", gates: [anything_goes]}\n  - {path: second.db, " + second +
            "}\ngates:\n  - {name: anything_goes, kind: rate, tier: critical, of: denied, max: "
            "100%}\n"
            "  - {name: nobody_is_denied, kind: rate, tier: critical, of: denied, max: 0%}\n");
  }
  Result Judge(const std::string& gate, std::vector<std::string> more = {}) {
    std::vector<std::string> args = {"gate", gate, "--as-of", "2026-11-20"};
    args.insert(args.end(), more.begin(), more.end());
    return Writ(args);
  }
  const std::string kMapping = Source("corpora/support_desk/support_desk.sql");
};

TEST_F(GateOfSeveral, TheWorstIsTheVerdict) {
  const Result both = Judge(Gate("gates: [anything_goes, nobody_is_denied]"),
                            {"-o", "json:" + Path("report.json")});
  EXPECT_EQ(both.exit, 1) << both.err;
  EXPECT_NE(both.err.find("verdict over 2 corpora: BLOCK"), std::string::npos) << both.err;
  EXPECT_NE(both.err.find("next: second: "), std::string::npos) << both.err;
  EXPECT_NE(Read(Path("report.first.json")).find("\"pass\""), std::string::npos);
  EXPECT_NE(Read(Path("report.second.json")).find("\"block\""), std::string::npos);
  EXPECT_EQ(
      Judge(Gate("minimum_runs: 100000, gates: [nobody_is_denied]"), {"--corpus", Path("first.db")})
          .exit,
      0);
  EXPECT_EQ(Judge(Gate("gates: [nobody_is_denied]"), {"--corpus", Path("third.db")}).exit, 2);
}

TEST_F(GateOfSeveral, JsonIsOneDocument) {
  const Result both = Judge(Gate("gates: [anything_goes, nobody_is_denied]"), {"--format", "json"});
  EXPECT_EQ(both.exit, 1) << both.err;
  const auto json = nlohmann::json::parse(both.out, nullptr, false);
  ASSERT_TRUE(json.is_object()) << both.out;
  EXPECT_EQ(json["verdict"], "block");
  ASSERT_EQ(json["reports"].size(), 2u);
  EXPECT_EQ(json["reports"][0]["schema"], "writ-report-1");
  EXPECT_EQ(json["reports"][0]["verdict"]["outcome"], "pass");
  EXPECT_EQ(json["reports"][1]["verdict"]["outcome"], "block");
}

TEST_F(GateOfSeveral, TooFewRunsOfOneAreInconclusiveForAll) {
  EXPECT_EQ(Judge(Write("few.gate.yaml", Read(Gate("minimum_runs: 100000")) + "    \n")).exit, 1);
  std::string text = Read(Gate("minimum_runs: 100000, gates: [anything_goes]"));
  text.resize(text.find("  - {name: nobody_is_denied"));
  const Result few = Judge(Write("few.gate.yaml", text));
  EXPECT_EQ(few.exit, 3) << few.err;
  EXPECT_NE(few.err.find("verdict over 2 corpora: INCONCLUSIVE"), std::string::npos) << few.err;
}

TEST_F(GateOfSeveral, AnotherMappingIsRefused) {
  Write("other.sql", "SELECT 1;\n");
  const Result other = Judge(Gate("mapping: other.sql"));
  EXPECT_EQ(other.exit, 5) << other.err;
  EXPECT_NE(other.err.find("was imported with another mapping"), std::string::npos) << other.err;
}

}  // namespace
}  // namespace writ::e2e
