// `writ check` in its four shapes, and on a day.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kPolicy = R"(policy t.p 1.0.0
"T."
effective 2026-01-01
role lead human
role clerk human reports to lead
anchor desk "Desk" { held by lead  reached by "queue:x" within 4 hours  on silence deny }
capability look "Look" { kind observe  risk read_only  system s  input n: integer in 0..100 }
grant clerk look under desk expires 2026-11-30
)";

class Check : public Workspace {
 protected:
  std::string Good() const { return Write("good, 100%.writ", kPolicy); }
  std::string Bad() const {
    return Write("bad.writ",
                 std::string(kPolicy) + "grant nobody look under desk expires 2027-01-01\n");
  }
};

TEST_F(Check, SarifHasWhatTheStandardRequires) {
  const Result result =
      Writ({"check", Bad(), Source("docs/examples/gap.writ"), "--format", "sarif"});
  EXPECT_EQ(result.exit, 2);
  const auto log = nlohmann::json::parse(result.out);
  EXPECT_EQ(log["version"], "2.1.0");
  EXPECT_THAT(log["$schema"].get<std::string>(), HasSubstr("sarif-2.1.0"));
  ASSERT_EQ(log["runs"].size(), 1u) << "one run, however many policies";
  const auto& run = log["runs"][0];
  const auto& driver = run["tool"]["driver"];
  EXPECT_EQ(driver["name"], "writ");
  std::set<std::string> ids;
  for (const auto& rule : driver["rules"]) {
    EXPECT_TRUE(ids.insert(rule.at("id").get<std::string>()).second) << "each rule once";
    EXPECT_FALSE(rule.at("shortDescription").at("text").get<std::string>().empty());
  }
  ASSERT_GE(run["results"].size(), 2u);
  const std::set<std::string> levels = {"none", "note", "warning", "error"};
  std::set<std::string> found;
  for (const auto& one : run["results"]) {
    found.insert(one.at("ruleId").get<std::string>());
    EXPECT_EQ(driver["rules"].at(one.at("ruleIndex").get<std::size_t>())["id"], one["ruleId"]);
    EXPECT_TRUE(levels.contains(one.at("level").get<std::string>()));
    EXPECT_FALSE(one.at("message").at("text").get<std::string>().empty());
    ASSERT_EQ(one.at("locations").size(), 1u);
    const auto& place = one["locations"][0].at("physicalLocation");
    EXPECT_FALSE(place.at("artifactLocation").at("uri").get<std::string>().empty());
    const auto& region = place.at("region");
    EXPECT_GE(region.at("startLine").get<int>(), 1);
    EXPECT_GE(region.at("startColumn").get<int>(), 1);
    EXPECT_GE(region.at("endLine").get<int>(), region["startLine"].get<int>());
  }
  EXPECT_TRUE(found.contains("gap"));
  EXPECT_TRUE(found.contains("unknown-name"));
  EXPECT_EQ(ids, found) << "rules are those that are used";
}

TEST_F(Check, SarifOfACleanPolicyHasNoResults) {
  const Result result = Writ({"check", Good(), "--format", "sarif"});
  EXPECT_EQ(result.exit, 0);
  EXPECT_THAT(nlohmann::json::parse(result.out)["runs"][0]["results"], IsEmpty());
}

TEST_F(Check, GithubAnnotatesTheLine) {
  const std::string path = Bad();
  const Result result = Writ({"check", path, "--format", "github"});
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.out, StartsWith("::error file=" + path +
                                     ",line=9,col=7,endLine=9,endColumn=13,title=unknown-name::"));
  EXPECT_THAT(result.err, HasSubstr("does not compile: 1 error"))
      << "the exit is explained all the same";
  EXPECT_THAT(Writ({"check", Good(), "--format", "github"}).out, IsEmpty());
}

TEST_F(Check, GithubAndSarifEscapeFileNames) {
  const std::string path = Good();
  const Result github = Writ({"check", path, "--format", "github", "--as-of", "2026-11-20"});
  EXPECT_THAT(github.out, StartsWith("::warning file="));
  EXPECT_THAT(github.out, HasSubstr("good%2C 100%25.writ,line=8"));
  const Result sarif = Writ({"check", path, "--format", "sarif", "--as-of", "2026-11-20"});
  EXPECT_THAT(sarif.out, HasSubstr("good%2C%20100%25.writ"));
}

TEST_F(Check, TheDayDecidesWhatHasLapsed) {
  const std::string path = Good();
  EXPECT_THAT(Writ({"check", path}).err, IsEmpty());
  EXPECT_THAT(Writ({"check", path, "--as-of", "2026-10-30"}).err, IsEmpty()) << "31 days ahead";
  const Result soon = Writ({"check", path, "--as-of", "2026-10-31"});
  EXPECT_EQ(soon.exit, 0);
  EXPECT_THAT(soon.err, HasSubstr("warning[lapses-soon]"));
  const Result last = Writ({"check", path, "--as-of", "2026-11-30"});
  EXPECT_EQ(last.exit, 0) << "its last day is still one of its days";
  const Result late = Writ({"check", path, "--as-of", "2026-12-01"});
  EXPECT_EQ(late.exit, 2);
  EXPECT_THAT(
      late.err,
      HasSubstr("error[lapsed]: this grant expired with the end of 2026-11-30, before 2026-12-01"));
}

TEST_F(Check, RefusesDaysThatAreNone) {
  for (const char* day : {"2026-02-30", "26-11-20", "2026-11-20T10:00", "tomorrow", "2026-1-1",
                          "2026-00-10", "2026x11-20", "2026-11- 1", "+026-11-01"}) {
    const Result result = Writ({"check", Good(), "--as-of", day});
    EXPECT_EQ(result.exit, 2) << day;
    EXPECT_THAT(result.err, HasSubstr("--as-of")) << day;
    EXPECT_THAT(result.out, IsEmpty()) << day;
  }
}

TEST_F(Check, JsonAndTextStayAsTheyWere) {
  const Result json = Writ({"check", Bad(), "--format", "json"});
  EXPECT_EQ(nlohmann::json::parse(json.out)["errors"], 1);
  const Result text = Writ({"check", Good()});
  EXPECT_THAT(text.out, HasSubstr("t.p 1.0.0 compiles"));
  EXPECT_THAT(Writ({"check", Bad()}).out, Not(HasSubstr("compiles")));
}

}  // namespace
}  // namespace writ::cli
