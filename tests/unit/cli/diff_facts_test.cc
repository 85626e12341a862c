// `writ diff OLD NEW NAME=VALUE …`: only requests with these facts are compared.
#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kTwoBots = R"(policy t.p VERSION
"T."
role boss human
role desk human reports to boss
role bot agent
role FORMER agent WAS
anchor desk { held by desk  deputies boss  reached by "q" within 1 hours  on silence deny }
facts from host missing deny { MORE }
capability pay { kind act  risk local_write  system bank  input amount: money(EUR) in 0..1_000  idempotent by amount  verify with look }
capability look { kind verify  risk read_only  system bank }
delegation paying {
  from desk  to bot  may pay  may freely look  anchor desk  review every 90 days  expires 2030-12-31
  for pay { limit amount <= LITTLE EUR  deny when blocked DENY }
}
delegation teaching {
  from desk  to FORMER  may pay  may freely look  anchor desk  review every 90 days  expires 2030-12-31
  for pay { limit amount <= OTHER EUR }
}
)";

class DiffFacts : public Workspace {
 protected:
  void SetUp() override {
    Workspace::SetUp();
    before_ = Policy({{"VERSION", "1.0.0"}, {"LITTLE", "10"}, {"OTHER", "5"}, {"FORMER", "tutor"}});
    after_ = Policy({{"VERSION", "1.0.1"},
                     {"LITTLE", "20"},
                     {"OTHER", "3"},
                     {"FORMER", "teacher"},
                     {"WAS", "was tutor"},
                     {"MORE", "blocked : bool  sure : bool"},
                     {"DENY", " or not sure"}});
  }
  std::string Policy(std::map<std::string, std::string> with) {
    with.emplace("MORE", "blocked : bool");
    with.emplace("WAS", "");
    with.emplace("DENY", "");
    std::string text = kTwoBots;
    for (const auto& [from, to] : with)
      for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return Write("p" + with["VERSION"] + ".writ", text);
  }
  Result Diff(const std::vector<std::string>& more) {
    std::vector<std::string> all = {"diff", before_, after_};
    all.insert(all.end(), more.begin(), more.end());
    return Writ(all);
  }
  nlohmann::json Json(std::vector<std::string> more) {
    more.insert(more.end(), {"--format", "json"});
    return nlohmann::json::parse(Diff(more).out);
  }
  std::string before_, after_;
};

TEST_F(DiffFacts, OnlyTheseAreCompared) {
  EXPECT_THAT(Json({})["regions"], SizeIs(4));
  const auto of_amount = Json({"role=bot", "amount=15 EUR", "sure=true"});
  ASSERT_THAT(of_amount["regions"], SizeIs(1));
  EXPECT_EQ(of_amount["regions"][0]["direction"], "loosened");
  EXPECT_EQ(of_amount["only"],
            (nlohmann::json{{"role", "bot"}, {"amount", "15.00 EUR"}, {"sure", "true"}}));
  // What is fixed is not said of each box.
  EXPECT_FALSE(of_amount["regions"][0]["boxes"][0].get<std::string>().contains("amount"));
  const auto small = Json({"role=bot", "amount=5 EUR", "sure=true"});
  EXPECT_TRUE(small["equal"].get<bool>());
  // What the newer version alone knows is fixed there.
  const auto not_sure = Json({"role=bot", "amount=5 EUR", "sure=false"});
  ASSERT_THAT(not_sure["regions"], SizeIs(1));
  EXPECT_EQ(not_sure["regions"][0]["after"]["outcome"], "deny");
  // A role by the name it had.
  const auto tutor = Json({"role=tutor"});
  EXPECT_EQ(tutor["only"]["role"], "teacher");
  ASSERT_THAT(tutor["regions"], SizeIs(1));
  EXPECT_EQ(tutor["regions"][0]["direction"], "tightened");
}

TEST_F(DiffFacts, EveryFormSaysWhichAndJudgesNoStep) {
  EXPECT_EQ(Diff({}).exit, 1);
  const Result text = Diff({"role=bot", "sure=true"});
  EXPECT_EQ(text.exit, 0) << text.err;
  EXPECT_THAT(
      text.out,
      AllOf(HasSubstr("\nonly requests with role = bot, sure = true\n"),
            HasSubstr("1 loosened; everything else of these requests is proved equal\n"),
            HasSubstr("version step: not judged, since only some requests are compared\n")));
  EXPECT_FALSE(Json({"role=bot"}).contains("version_step"));
  EXPECT_TRUE(Json({}).contains("version_step"));
  EXPECT_THAT(Diff({"amount=4 EUR", "role=bot", "sure=true"}).out,
              HasSubstr("proved equal: every one of these requests is decided as before\n"));
  EXPECT_THAT(Diff({"role=bot", "--format", "markdown"}).out,
              HasSubstr("Only requests with `role = bot`."));
  EXPECT_THAT(
      Diff({"role=bot", "--format", "html"}).out,
      AllOf(HasSubstr("Only requests with <code>role = bot</code> are compared."),
            HasSubstr("Whatever of these requests lies in none of these regions is proved")));
  EXPECT_THAT(Diff({"role=bot", "--format", "sarif"}).out,
              HasSubstr("of requests with role = bot: pay escalate to desk"));
  EXPECT_EQ(Diff({"role=bot", "--max-steps", "1"}).exit, 3);
}

TEST_F(DiffFacts, WhatCannotBeFixedIsRefused) {
  const auto refused = [&](const std::vector<std::string>& with, const std::string& why) {
    const Result result = Diff(with);
    EXPECT_EQ(result.exit, 2) << result.out;
    EXPECT_THAT(result.err, HasSubstr(why));
    EXPECT_EQ(result.out, "");
  };
  refused({"role=teachr"}, "neither version has a role `teachr`; do you mean `teacher`?");
  refused({"role=bot", "role=teacher"}, "`role` is given twice");
  refused({"amuont=5 EUR"}, "no fact `amuont`; do you mean `amount`?");
  refused({"amount=5 USD"}, "amount: `5 USD`");
  refused({"amount=1_001 EUR"}, "amount: `1_001 EUR`: outside");
  refused({"amount"}, "is not NAME=VALUE");
  refused({"role=bot", "--certificate", Path("proof")}, "a certificate is of all requests");
  refused({"role=bot", "--check", Path("proof")}, "a certificate is of all requests");
  refused({"role=bot", "sure=true", "--corpus", Path("runs.db")},
          "those of one role can be picked");
  // One name, and values of another kind.
  after_ = Policy({{"VERSION", "2.0.0"},
                   {"LITTLE", "10"},
                   {"OTHER", "5"},
                   {"FORMER", "tutor"},
                   {"MORE", "blocked : { calm, wild }"},
                   {"DENY", " = wild"}});
  refused({"blocked=wild"}, "`blocked` means values of another kind in the two versions");
}

}  // namespace
}  // namespace writ::cli
