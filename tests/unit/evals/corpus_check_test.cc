// Check and stat: what is odd about a corpus is found, counted and shown with an example.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "corpus_support.h"
#include "writ/evals/corpus_check.h"
#include "writ/evals/corpus_stat.h"

namespace writ::evals {
namespace {

using testing::CorpusTest;
using testing::EveryType;
using ::testing::HasSubstr;

class CorpusCheck : public CorpusTest {
 protected:
  CorpusReport Check(const std::string& more) {
    const auto summary = Import(Lines(), Mapping() + more);
    EXPECT_TRUE(summary) << summary.error().message;
    const auto corpus = Corpus::Open(Path("runs.db"));
    EXPECT_TRUE(corpus);
    auto report = CheckCorpus(*corpus, {&types_.table()});
    EXPECT_TRUE(report);
    return std::move(*report);
  }
  static const Finding* Find(const CorpusReport& report, FindingKind kind,
                             const std::string& subject) {
    const auto found = std::find_if(
        report.findings.begin(), report.findings.end(),
        [&](const Finding& finding) { return finding.kind == kind && finding.subject == subject; });
    return found == report.findings.end() ? nullptr : &*found;
  }
  void ExpectFinding(const std::string& more, FindingKind kind, const std::string& subject,
                     std::uint64_t count, const std::string& example) {
    const CorpusReport report = Check(more);
    const Finding* finding = Find(report, kind, subject);
    ASSERT_NE(finding, nullptr) << RenderText(report);
    EXPECT_EQ(finding->count, count) << RenderText(report);
    EXPECT_THAT(finding->examples.front(), HasSubstr(example));
    EXPECT_THAT(RenderText(report), HasSubstr(std::string(NameOf(kind))));
  }

  EveryType types_;
};

TEST_F(CorpusCheck, ACleanCorpusHasNoFindings) {
  const CorpusReport report = Check("");
  EXPECT_TRUE(report.findings.empty()) << RenderText(report);
  EXPECT_EQ(report.fan_out.lines, 2u);
  EXPECT_EQ(report.fan_out.most, 2u);
  EXPECT_THAT(RenderText(report), HasSubstr("0 errors, 0 warnings"));
}

TEST_F(CorpusCheck, WhatNoTableKnows) {
  ExpectFinding("UPDATE events SET capability = 'launch' WHERE run = 'a';",
                FindingKind::kUnknownCapability, "launch", 2, "run `a`, seq 0");
  ExpectFinding("UPDATE events SET role = 'pirate' WHERE event = 10;", FindingKind::kUnknownRole,
                "pirate", 1, "run `a`, seq 0");
  ExpectFinding("INSERT INTO facts (event, name, value) VALUES (10, 'colour', 'red');",
                FindingKind::kUnknownFact, "colour", 1, "seq 0");
}

TEST_F(CorpusCheck, ValuesOfTheWrongTypeOrUnit) {
  ExpectFinding("UPDATE facts SET value = '10.00 USD';", FindingKind::kMalformedFact, "amount", 4,
                "`10.00 USD`: in USD, not in EUR");
  ExpectFinding("INSERT INTO facts (event, name, value) VALUES (10, 'sure', '0.999');",
                FindingKind::kMalformedFact, "sure", 1, "too many decimals");
  ExpectFinding("INSERT INTO facts (event, name, value) VALUES (10, 'held', 1);",
                FindingKind::kMalformedFact, "held", 1, "neither `true` nor `false`");
}

TEST_F(CorpusCheck, TimesThatCannotBe) {
  ExpectFinding("UPDATE facts SET known_at = 1001 WHERE event = 10;", FindingKind::kKnownTooEarly,
                "amount", 1, "known 1 ms after the event");
  ExpectFinding("UPDATE events SET at = 3000 WHERE event = 10;", FindingKind::kOutOfOrder, "a", 1,
                "1000 ms before the event ahead of it");
  ExpectFinding("UPDATE events SET known_at = 999 WHERE event = 10;", FindingKind::kKnownBeforeMade,
                "go", 1, "seq 0");
}

TEST_F(CorpusCheck, ArgumentsThatAreNoValue) {
  ExpectFinding("UPDATE events SET arguments = '{\"count\": [1, 2.5]}' WHERE event = 10;",
                FindingKind::kMalformedFact, "count", 1, "`2.5`: too many decimals");
  ExpectFinding("UPDATE events SET arguments = 'not json' WHERE event = 10;",
                FindingKind::kMalformedFact, "count", 1, "the arguments cannot be read");
  const CorpusReport report = Check("UPDATE events SET arguments = '{\"count\": [1, 2]}';");
  EXPECT_TRUE(report.findings.empty()) << RenderText(report);
  EXPECT_TRUE(std::ranges::none_of(
      report.missing, [](const MissingShare& share) { return share.fact == "count"; }));
}

TEST_F(CorpusCheck, EventsThatAJoinMayHaveDoubled) {
  ExpectFinding(
      "INSERT INTO events (event, run, seq, at, role, capability) VALUES (99, 'a', 7, 2000, "
      "'clerk', 'go');"
      "INSERT INTO facts (event, name, value) VALUES (99, 'amount', '20.00 EUR');",
      FindingKind::kAlikeEvents, "go", 1, "run `a`, seq 7");
}

TEST_F(CorpusCheck, RunsWithoutEvents) {
  ExpectFinding("INSERT INTO runs VALUES ('idle', 'z');", FindingKind::kEmptyRun, "", 1,
                "run `idle`");
}

TEST_F(CorpusCheck, MissingFactsAreCountedPerCapability) {
  const CorpusReport report = Check(
      "INSERT INTO facts (event, name, value, missing) VALUES (10, 'sure', NULL, 1), (11, 'sure', "
      "'0.90', 0);");
  const auto share = std::find_if(report.missing.begin(), report.missing.end(),
                                  [](const MissingShare& s) { return s.fact == "sure"; });
  ASSERT_NE(share, report.missing.end());
  EXPECT_EQ(share->capability, "go");
  EXPECT_EQ(share->events, 4u);
  EXPECT_EQ(share->missing, 3u);
  EXPECT_EQ(share->said_missing, 1u);
  EXPECT_THAT(RenderText(report), HasSubstr("go  sure  3 of 4 (75.00 %), 1 said to be missing"));
}

TEST_F(CorpusCheck, ExamplesAreFewAndCountsWhole) {
  const CorpusReport report = Check("UPDATE events SET role = 'pirate';");
  const Finding* finding = Find(report, FindingKind::kUnknownRole, "pirate");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->count, 4u);
  EXPECT_EQ(finding->examples.size(), kMaxExamples);
  const auto json = nlohmann::json::parse(RenderJson(report));
  EXPECT_EQ(json["warnings"], 1);
  EXPECT_EQ(json["findings"][0]["count"], 4);
}

TEST_F(CorpusCheck, StatCounts) {
  ASSERT_TRUE(Import(Lines(), Mapping() + "INSERT INTO runs VALUES ('idle', 'x');"
                                          "INSERT INTO meta VALUES ('licence', 'none');"
                                          "UPDATE events SET observed = NULL WHERE event = 10;"));
  const auto corpus = Corpus::Open(Path("runs.db"));
  const auto stat = StatCorpus(*corpus);
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->runs, 3u);
  EXPECT_EQ(stat->clusters, 2u);
  EXPECT_EQ(stat->largest_cluster_runs, 2u);
  EXPECT_EQ(stat->runs_without_events, 1u);
  EXPECT_EQ(stat->first_ms, 1000);
  EXPECT_EQ(stat->last_ms, 2500);
  ASSERT_EQ(stat->observed.size(), 2u);
  EXPECT_EQ(stat->observed[0].name, "allow");
  EXPECT_EQ(stat->observed[0].count, 3u);
  EXPECT_EQ(stat->label_counts.front().runs, 2u);
  EXPECT_EQ(stat->fact_counts.front().given, 4u);
  EXPECT_THAT(RenderText(*stat), HasSubstr("(not recorded)"));
  EXPECT_THAT(RenderText(*stat),
              HasSubstr("from 1970-01-01T00:00:01Z to 1970-01-01T00:00:02.500Z"));
  const auto json = nlohmann::json::parse(RenderJson(*stat));
  EXPECT_EQ(json["observed"][1]["name"], nullptr);
  EXPECT_EQ(json["licence"], "none");
}

}  // namespace
}  // namespace writ::evals
