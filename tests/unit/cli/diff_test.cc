// `writ diff` on the policies that ship, and what its exit code says.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kVersions = R"(policy t.p VERSION
"T."
role boss human
role desk human reports to boss
role bot agent
anchor desk { held by desk  deputies boss  reached by "q" within 1 hours  on silence deny }
threshold little = LITTLE EUR
capability pay { kind act  risk local_write  system bank  input amount: money(EUR) in 0..1_000  idempotent by amount  verify with look }
capability look { kind verify  risk read_only  system bank }
delegation paying { from desk  to bot  may pay  may freely look  anchor desk  limit amount <= little  review every 90 days  expires 2030-12-31 }
)";

class Diff : public Workspace {
 protected:
  std::string Policy(const std::string& version, const std::string& little) {
    std::string text = kVersions;
    text.replace(text.find("VERSION"), 7, version);
    text.replace(text.find("LITTLE"), 6, little);
    return Write("p" + version + "_" + little + ".writ", text);
  }
};

TEST_F(Diff, ALooseningNeedsAMajorStep) {
  const Result small = Writ({"diff", Policy("1.0.0", "10"), Policy("1.1.0", "20")});
  EXPECT_EQ(small.exit, 1);
  EXPECT_THAT(small.out, AllOf(HasSubstr("LOOSENED  pay: escalate to desk -> allow"),
                               HasSubstr("amount in 10.01 EUR..20 EUR"),
                               HasSubstr("version step: stated minor, demanded major")));
  EXPECT_THAT(small.err, HasSubstr("1.1.0 says less than what changed"));
  EXPECT_EQ(Writ({"diff", Policy("1.0.0", "10"), Policy("2.0.0", "20")}).exit, 0);
}

TEST_F(Diff, WritesACertificateThatIsCheckedByItself) {
  const std::string old = Policy("1.0.0", "10"), now = Policy("2.0.0", "20"), proof = Path("p");
  const Result written = Writ({"diff", old, now, "--certificate", proof});
  EXPECT_EQ(written.exit, 0) << written.err;
  EXPECT_THAT(
      written.out,
      AllOf(HasSubstr("written  every request of `look` is decided alike by both\n"),
            HasSubstr("written  every request of `pay` is decided alike by both, outside of 1 "
                      "region\n"),
            HasSubstr("written  what is to be noted of `pay`, and to whom, is the same in both\n"),
            Not(HasSubstr("left out"))));
  const Result checked = Writ({"diff", old, now, "--check", proof});
  EXPECT_EQ(checked.exit, 0) << checked.err;
  EXPECT_THAT(checked.out,
              AllOf(HasSubstr("`limit amount <= little` (escalate to desk) gave way to "
                              "`nothing restricts it` (allow)\n"),
                    HasSubstr("4 proofs checked\n")));
  const auto json =
      nlohmann::json::parse(Writ({"diff", old, now, "--check", proof, "--format", "json"}).out);
  EXPECT_THAT(json["certified"], SizeIs(4));
  EXPECT_THAT(json["certified"][2]["regions"], SizeIs(1));
  // Of other tables, it proves nothing; and what the comparison says does not hang on it.
  EXPECT_EQ(Writ({"diff", now, old, "--check", proof}).exit, 5);
  EXPECT_EQ(Writ({"prove", now, "--check", proof}).exit, 5);
  EXPECT_EQ(Writ({"diff", old, now, "--check", Path("none")}).exit, 4);
  EXPECT_EQ(Writ({"diff", old, now, "--check", proof, "--certificate", proof}).exit, 2);
  const Result small = Writ({"diff", old, Policy("1.1.0", "20"), "--certificate", proof});
  EXPECT_EQ(small.exit, 1);
  EXPECT_THAT(small.out, HasSubstr("written  every request of `look` is decided alike"));
  const Result html = Writ({"diff", old, now, "--certificate", proof, "--format", "markdown"});
  EXPECT_THAT(html.err, HasSubstr("written  every request of `look` is decided alike"));
}

TEST_F(Diff, ATighteningNeedsAMinorStep) {
  EXPECT_EQ(Writ({"diff", Policy("1.0.0", "20"), Policy("1.0.1", "10")}).exit, 1);
  EXPECT_EQ(Writ({"diff", Policy("1.0.0", "20"), Policy("1.1.0", "10")}).exit, 0);
}

TEST_F(Diff, SaysWhetherATunedThresholdStaysInItsRange) {
  const std::string in = " EUR tunable in 5 EUR..50 EUR by 5";
  const std::string old = Policy("1.0.0", "20" + in);
  const auto moved = [&](const std::string& to) {
    return Writ({"diff", old, Policy("2.0.0", to)}).out;
  };
  EXPECT_THAT(moved("40" + in), HasSubstr("  little: 20 EUR -> 40 EUR, within what may be tuned "
                                          "(in 5 EUR..50 EUR by 5 EUR)\n"));
  EXPECT_THAT(moved("60"), HasSubstr("little: 20 EUR -> 60 EUR, beyond what may be tuned"));
  EXPECT_THAT(moved("42"), HasSubstr("little: 20 EUR -> 42 EUR, beyond what may be tuned"));
  EXPECT_THAT(Writ({"diff", Policy("1.0.0", "20"), Policy("2.0.0", "40" + in)}).out,
              Not(HasSubstr("may be tuned (")));
  const auto json = nlohmann::json::parse(
      Writ({"diff", old, Policy("2.0.0", "40" + in), "--format", "json"}).out);
  EXPECT_TRUE(json.at("tuned").at(0).at("within").get<bool>());
  const auto sarif = [&](const std::string& to) {
    const auto log =
        nlohmann::json::parse(Writ({"diff", old, Policy("2.0.0", to), "--format", "sarif"}).out);
    for (const auto& result : log["runs"][0]["results"])
      if (result["ruleId"] == "threshold-tuned")
        return result["level"].get<std::string>() + ": " +
               result["message"]["text"].get<std::string>();
    return std::string("nothing");
  };
  EXPECT_EQ(sarif("40" + in),
            "note: threshold little: 20 EUR -> 40 EUR, within what may be tuned "
            "(in 5 EUR..50 EUR by 5 EUR)");
  EXPECT_THAT(sarif("42"), HasSubstr("warning: threshold little: 20 EUR -> 42 EUR, beyond"));
  EXPECT_EQ(sarif("20" + in), "nothing");
}

TEST_F(Diff, SaysLookupTablesAsTheyAreWritten) {
  const auto policy = [&](const std::string& version, const std::string& gold,
                          const std::string& yes) {
    std::string text = kVersions;
    text.replace(text.find("VERSION"), 7, version);
    text.replace(text.find("LITTLE"), 6, "10");
    text.replace(text.find("limit amount <= little"), 22,
                 "for pay { limit bags <= free(tier, cabin)  deny when amount < fee(agreed) }");
    text.replace(text.find("input amount"), 5, "input bags: integer in 0..10,");
    return Write("t" + version + ".writ", text + R"(
fact cabin : { economy, business } from host missing deny
fact tier : { silver < gold } from host missing deny
fact agreed : bool from host missing deny
table free(tier, cabin) {
          economy, business
  silver: 2, 3
  gold:   )" + gold + R"(
}
table fee(agreed) { yes: )" + yes + " EUR  no: 0.50 EUR }\n");
  };
  const Result result =
      Writ({"diff", policy("1.0.0", "3, 4", "30"), policy("2.0.0", "3, 5", "20")});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(
      result.out,
      AllOf(HasSubstr("amount < { true: 30 EUR, false: 0.50 EUR }(agreed)"),
            HasSubstr("amount >= { true: 20 EUR, false: 0.50 EUR }(agreed)"),
            HasSubstr("bags > { silver: { economy: 2, business: 3 }, gold: { economy: 3, business: "
                      "4 } }(tier, cabin)"),
            HasSubstr("gold: { economy: 3, business: 5 } }(tier, cabin)"), Not(HasSubstr(" * ("))));
}

TEST_F(Diff, EqualityIsProved) {
  const std::string path = Policy("1.0.0", "10");
  const Result same = Writ({"diff", path, path});
  EXPECT_EQ(same.exit, 0);
  EXPECT_THAT(same.out, HasSubstr("proved equal: every request is decided as before"));
}

TEST_F(Diff, WhatStaysOpenIsInconclusive) {
  const Result open =
      Writ({"diff", Policy("1.0.0", "10"), Policy("2.0.0", "20"), "--max-steps", "1"});
  EXPECT_EQ(open.exit, 3);
  EXPECT_THAT(open.out, HasSubstr("not settled: `pay`: the budget of 1 steps ran out"));
}

TEST_F(Diff, TheLoosenedRegionOfTheShippedPoliciesIsNamed) {
  const Result result = Writ({"diff", Source("policies/support_refunds.writ"),
                              Source("policies/support_refunds_next.writ"), "--format", "json"});
  EXPECT_EQ(result.exit, 0) << result.err;
  const auto report = nlohmann::json::parse(result.out);
  EXPECT_FALSE(report["equal"].get<bool>());
  EXPECT_EQ(report["version_step"]["demanded"], "major");
  const auto& first = report["regions"][0];
  EXPECT_EQ(first["before"]["words"], "limit amount <= refund_autonomy");
  EXPECT_EQ(first["after"]["outcome"], "allow");
  ASSERT_THAT(first["boxes"], SizeIs(1));
  EXPECT_THAT(first["boxes"][0].get<std::string>(),
              HasSubstr("amount in 200.01 EUR..250 EUR and confidence >= 0.80"));
}

TEST_F(Diff, EveryFormatSaysTheSame) {
  const std::string before = Policy("1.0.0", "10"), after = Policy("2.0.0", "20");
  const Result markdown = Writ({"diff", before, after, "--format", "markdown"});
  EXPECT_THAT(markdown.out,
              HasSubstr("| loosened | pay | **escalate to desk** `limit amount <= little`"));
  const Result html = Writ({"diff", before, after, "--format", "html"});
  EXPECT_THAT(html.out, AllOf(HasSubstr("<!doctype html>"),
                              HasSubstr("amount in 10.01 EUR..20 EUR"), Not(HasSubstr("<script"))));
  const auto sarif = nlohmann::json::parse(Writ({"diff", before, after, "--format", "sarif"}).out);
  EXPECT_EQ(sarif["runs"][0]["results"][0]["ruleId"], "decision-loosened");
}

TEST_F(Diff, WhatIsNotThereIsRefused) {
  const std::string path = Policy("1.0.0", "10");
  EXPECT_EQ(Writ({"diff", path, Path("none.wtb")}).exit, 4);
  const Result unknown = Writ({"diff", path, path, "--capability", "fly"});
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_THAT(unknown.err, HasSubstr("neither table has a capability `fly`"));
}

}  // namespace
}  // namespace writ::cli
