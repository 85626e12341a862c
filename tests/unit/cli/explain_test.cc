// `writ explain`: why, what lost, what lacks, and what would change it.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::HasSubstr;
using ::testing::Not;

// A refund that is the agent's to give, but for what a test says.
Result Explain(const std::vector<std::string>& facts, const std::string& format = "text") {
  std::vector<std::string> args = {"explain",      Source("policies/support_refunds.writ"),
                                   "refund_agent", "issue_refund",
                                   "--now",        "2026-11-02T10:00:00Z",
                                   "--format",     format};
  std::vector<std::string> given = {"order=A1",
                                    "amount=120 EUR",
                                    "order.total=300 EUR",
                                    "order.status=open",
                                    "confidence=0.93",
                                    "customer.tier=silver",
                                    "refunds_today=0 EUR",
                                    "pressure.loop=none",
                                    "evidence.order_lookup=2026-11-02T09:58:00Z",
                                    "evidence.order_lookup.about.order=A1"};
  for (const std::string& fact : facts) {
    const std::string name = fact.substr(0, fact.find('=') + 1);
    std::erase_if(given, [&](const std::string& other) { return other.starts_with(name); });
    given.push_back(fact);
  }
  args.insert(args.end(), given.begin(), given.end());
  return Writ(args);
}

TEST(Explain, NamesTheRowInWordsAndTheNearestAmount) {
  const Result result = Explain({"amount=250 EUR"});
  ASSERT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out,
              HasSubstr("escalate to refunds\n  when     amount > refund_autonomy (200 EUR)\n"));
  EXPECT_THAT(result.out, HasSubstr("asked    support_lead, then head_of_support, coo; "
                                    "queue:refund-approvals within 4 hours"));
  EXPECT_THAT(result.out, HasSubstr("allow in every other case: escalate wins over allow"));
  EXPECT_THAT(result.out, HasSubstr("\n  allow with amount = 200 EUR instead of 250 EUR\n"));
  EXPECT_THAT(result.out, HasSubstr("\n  deny with amount = 300.01 EUR instead of 250 EUR\n"));
  EXPECT_THAT(result.out, HasSubstr("region everyday"));
}

TEST(Explain, TheHigherAnchorWins) {
  const Result result = Explain({"amount=6000 EUR", "order.total=7000 EUR", "confidence=0.5"});
  EXPECT_THAT(result.out, HasSubstr("escalate to board\n"));
  EXPECT_THAT(result.out, HasSubstr("escalate to refunds when confidence < unsure (0.80) "
                                    "(support_refunds.writ:53): board ranks above refunds"));
}

TEST(Explain, TwoChangesWhereOneIsNotEnough) {
  const Result result = Explain({"amount=250 EUR", "confidence=0.5"});
  EXPECT_THAT(
      result.out,
      HasSubstr(
          "allow with amount = 200 EUR instead of 250 EUR, and confidence = 0.80 instead of 0.50"));
}

TEST(Explain, SaysWhatLacksAndWhyEvidenceDoesNotCount) {
  const Result stale =
      Explain({"evidence.order_lookup=2026-11-02T09:40:00Z", "confidence=missing"});
  EXPECT_THAT(stale.out,
              HasSubstr("evidence order_lookup: not fresh: it is older than 10 minutes"));
  EXPECT_THAT(stale.out, HasSubstr("confidence: its word is escalate"));
  EXPECT_THAT(stale.out, HasSubstr("customer.tier: read as bronze"));
  EXPECT_THAT(
      stale.out,
      HasSubstr("escalate to refunds with evidence order_lookup obtained now, about this request"));
  EXPECT_THAT(Explain({"evidence.order_lookup.about.order=B2"}).out,
              HasSubstr("it is about something else"));
  EXPECT_THAT(Explain({"evidence.order_lookup=missing"}).out, HasSubstr("it was not given"));
  EXPECT_THAT(Explain({"evidence.order_lookup=2026-11-02T10:00:01Z"}).out,
              HasSubstr("it is dated after the request"));
}

TEST(Explain, MalformedAndMissingInputsHaveToChange) {
  const Result malformed = Explain({"amount=12.345 EUR"});
  EXPECT_THAT(malformed.out, HasSubstr("deny (malformed amount)"));
  EXPECT_THAT(malformed.out, HasSubstr("allow with amount = "));
  const Result missing = Explain({"amount=missing"});
  EXPECT_THAT(missing.out, HasSubstr("deny (missing input amount)"));
  EXPECT_THAT(missing.out, HasSubstr("(it is missing)"));
}

TEST(Explain, JsonSaysTheSame) {
  const auto json = nlohmann::json::parse(Explain({"amount=250 EUR"}, "json").out);
  EXPECT_EQ(json["verdict"], "escalate");
  EXPECT_EQ(json["when"], "amount > refund_autonomy (200 EUR)");
  EXPECT_EQ(json["otherwise_complete"], true);
  const auto& first = json["otherwise"][0];
  EXPECT_EQ(first["decision"], "allow");
  EXPECT_EQ(first["changes"],
            nlohmann::json::parse(
                R"([{"what":"fact","name":"amount","from":"250 EUR","to":"200 EUR"}])"));
  EXPECT_EQ(json["lost"][0]["why"], "escalate wins over allow");
}

// What is said to change a decision is put to `decide`.
TEST(Explain, WhatItSuggestsIsSo) {
  for (const auto& facts : std::vector<std::vector<std::string>>{{"amount=250 EUR"},
                                                                 {"confidence=0.2"},
                                                                 {"order.status=fraud_hold"},
                                                                 {"pressure.loop=stuck"},
                                                                 {}}) {
    const auto json = nlohmann::json::parse(Explain(facts, "json").out);
    ASSERT_FALSE(json["otherwise"].empty());
    for (const auto& one : json["otherwise"]) {
      std::vector<std::string> changed = facts;
      bool plain = true;
      for (const auto& change : one["changes"]) {
        plain = plain && change["what"] == "fact";
        std::string value = change["to"].get<std::string>();
        std::erase(value, '"');
        std::erase(value, '_');
        if (value == "fraudhold") value = "fraud_hold";
        changed.push_back(change["name"].get<std::string>() + "=" + value);
      }
      if (!plain) continue;
      EXPECT_EQ(nlohmann::json::parse(Explain(changed, "json").out)["decision"], one["decision"])
          << one.dump();
    }
  }
}

TEST(Explain, AnUnknownCapabilityIsSaidAndNothingElse) {
  const Result result =
      Writ({"explain", Source("policies/support_refunds.writ"), "refund_agent", "fly"});
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(result.out, "deny (unknown capability)\n");
}

}  // namespace
}  // namespace writ::cli
