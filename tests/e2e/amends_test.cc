// A policy that amends an earlier version decides as the same rules do when they are written in one
// file.
#include <gmock/gmock.h>

#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

class Amends : public Workspace {};

constexpr const char* kHouse = R"(role coo human
role lead human reports to coo
role bot agent
anchor desk { held by lead deputies coo reached by "q" within 4 hours on silence deny }
capability look { kind observe risk read_only input order: id }
capability pay { kind act risk destructive input order: id, amount: money(EUR) in 0..1_000 verify with look }
)";
constexpr const char* kFirst = R"(threshold autonomy = 200 EUR
threshold claim_window = 2 months
fact held : bool from host
meter paid = count pay per agent within claim_window
guard calm { for pay deny when paid > 5 "Too many." }
delegation paying {
  from lead to bot
  may freely look
  may pay
  anchor desk
  review every 90 days  expires 1 year
  limit amount <= autonomy
  deny when held
}
example "small" { bot pay { order: "A1", amount: 20 EUR, held: false } -> allow }
)";

TEST_F(Amends, DecidesAsOneFileWould) {
  Write("first.writ", std::string("policy a.pay 1.0.0\neffective 2026-01-01\n") + kHouse + kFirst);
  Write("second.writ",
        "policy a.pay 2.0.0 amends a.pay 1.0.0\neffective 2026-06-01\n"
        "threshold autonomy = 100 EUR\n"
        "guard calm { for pay  deny when paid > 3 \"Too many.\" }\n");
  std::string whole = std::string("policy a.whole 2.0.0\neffective 2026-06-01\n") + kHouse + kFirst;
  const auto replace = [&](std::string_view from, std::string_view to) {
    whole.replace(whole.find(from), from.size(), to);
  };
  replace("= 200 EUR", "= 100 EUR");
  replace("paid > 5", "paid > 3");
  replace("expires 1 year", "expires 2026-12-31");  // a year from the first day of its own file
  Write("whole.writ", whole);
  const Result check = Writ({"check", Path("second.writ")});
  EXPECT_EQ(check.exit, 0) << check.err;
  const Result same = Writ({"table", Path("second.writ"), "--against", Path("whole.writ")});
  EXPECT_EQ(same.out, "no clause and no declaration differs\n") << same.err;
  const Result before = Writ({"table", Path("second.writ"), "--against", Path("first.writ")});
  EXPECT_NE(before.out.find("~ threshold autonomy: 200 EUR -> 100 EUR"), std::string::npos)
      << before.out << before.err;
}

TEST_F(Amends, VersionsShareAFile) {
  const std::string second =
      "policy a.pay 2.0.0 amends a.pay 1.0.0\neffective 2026-06-01\nthreshold autonomy = 100 EUR\n";
  const std::string first =
      std::string("policy a.pay 1.0.0\neffective 2026-01-01\n") + kHouse + kFirst;
  std::filesystem::create_directory(Path("apart"));
  Write("apart/first.writ", first);
  Write("apart/second.writ", second);
  Write("both.writ", first + second);
  for (const auto& [version, alone] :
       {std::pair("@1.0.0", "apart/first.writ"), std::pair("", "apart/second.writ")}) {
    const Result same = Writ({"table", Path("both.writ") + version, "--against", Path(alone)});
    EXPECT_EQ(same.out, "no clause and no declaration differs\n") << same.err;
    const Result diff = Writ({"diff", Path("both.writ") + version, Path(alone)});
    EXPECT_NE(diff.out.find("proved equal"), std::string::npos) << alone << diff.out << diff.err;
  }
  EXPECT_EQ(Writ({"check", Path("both.writ@3.0.0")}).exit, 2);
  EXPECT_EQ(Writ({"fmt", "--write", Path("both.writ")}).exit, 0);
  const Result laid_out =
      Writ({"table", Path("both.writ"), "--against", Path("apart/second.writ")});
  EXPECT_EQ(laid_out.out, "no clause and no declaration differs\n") << laid_out.err;
}

constexpr const char* kSince =
    "policy a.pay 2.0.0 amends a.pay 1.0.0\neffective 2026-06-01 for cases since submit\n";
constexpr const char* kSubmit = "event submit from desk\n";

// A case from before is decided as it was when its version stood, whatever of it has ended by now.
TEST_F(Amends, WhatHasEndedOfTheVersionBeforeStopsNothing) {
  const std::string first =
      std::string("policy a.pay 1.0.0\neffective 2026-01-01\n") + kHouse + kSubmit + kFirst;
  std::string renewed = kFirst;
  renewed = renewed.substr(renewed.find("delegation"));
  renewed = renewed.substr(0, renewed.find("example"));
  renewed.replace(renewed.find("1 year"), 6, "2028-12-31");
  Write("both.writ", first + kSince + renewed);
  EXPECT_EQ(Writ({"check", Path("both.writ"), "--as-of", "2027-06-01"}).exit, 0);
  const Result alone = Writ({"check", Path("both.writ@1.0.0"), "--as-of", "2027-06-01"});
  EXPECT_EQ(alone.exit, 2);
  EXPECT_THAT(alone.err, testing::HasSubstr("error[lapsed]"));
}

TEST_F(Amends, LeavesOlderCasesToTheVersionBefore) {
  const std::string first =
      std::string("policy a.pay 1.0.0\neffective 2026-01-01\n") + kHouse + kSubmit + kFirst;
  Write("both.writ",
        first + kSince +
            "threshold autonomy = 100 EUR\n"
            "example \"new\" { bot pay { order: \"A1\", amount: 150 EUR, held: false } -> "
            "escalate }\n"
            "example \"old\" { bot pay { order: \"A1\", amount: 150 EUR, held: false, "
            "first(submit): 2026-05-31 } -> allow }\n");
  const Result check = Writ({"check", Path("both.writ")});
  EXPECT_EQ(check.exit, 0) << check.err;
  EXPECT_THAT(check.out, testing::HasSubstr("3 examples pass"));
  const auto decide = [&](const std::string& policy, const std::string& first_event) {
    return Writ({"decide", Path(policy), "bot", "pay", "order=A1", "amount=150 EUR", "held=false",
                 "paid=0", "first(submit)=" + first_event, "--now", "2026-07-01T00:00:00Z"})
        .out;
  };
  EXPECT_EQ(decide("both.writ", "2026-05-31T23:59:59.999Z"), "allow\n");
  EXPECT_THAT(decide("both.writ", "2026-06-01T00:00:00Z"), testing::StartsWith("escalate to desk"));
  const Result diff = Writ({"diff", Path("both.writ@1.0.0"), Path("both.writ")});
  EXPECT_EQ(diff.exit, 0) << diff.out << diff.err;
  EXPECT_THAT(diff.out, testing::HasSubstr("1 region changed: 1 tightened"));
  EXPECT_THAT(diff.out, testing::HasSubstr("amount in 100.01 EUR..200 EUR"));
  EXPECT_EQ(Writ({"prove", Path("both.writ")}).exit, 0);
  EXPECT_EQ(Writ({"fmt", "--check", Path("both.writ")}).exit, 1);
  const Result test = Writ({"test", Path("both.writ"), "--coverage"});
  EXPECT_EQ(test.exit, 0) << test.err;
  EXPECT_THAT(test.out, testing::HasSubstr("conditions and boundaries are those of 2.0.0; those of "
                                           "1.0.0, by which cases from before are decided"));
  const std::string table = Writ({"table", Path("both.writ"), "pay"}).out;
  EXPECT_THAT(table, testing::HasSubstr("first(submit) < 2026-06-01"));
  EXPECT_THAT(table, testing::HasSubstr("first(submit) >= 2026-06-01"));
}

TEST_F(Amends, AVersionAfterTheNext) {
  const std::string first =
      std::string("policy a.pay 1.0.0\neffective 2026-01-01\n") + kHouse + kSubmit + kFirst;
  const std::string third =
      "policy a.pay 3.0.0 amends a.pay 2.0.0\neffective 2026-07-01 for cases since submit\n"
      "threshold autonomy = 50 EUR\n";
  Write("all.writ", first + kSince + "threshold autonomy = 100 EUR\n" + third);
  const auto decide = [&](const std::string& amount, const std::string& first_event) {
    const Result result = Writ({"decide", Path("all.writ"), "bot", "pay", "order=A1",
                                "amount=" + amount, "held=false", "paid=0",
                                "first(submit)=" + first_event, "--now", "2026-09-01T00:00:00Z"});
    return result.out.substr(0, 5) + result.err;
  };
  EXPECT_EQ(decide("200 EUR", "2026-05-31T12:00:00Z"), "allow");
  EXPECT_EQ(decide("200.01 EUR", "2026-05-31T12:00:00Z"), "escal");
  EXPECT_EQ(decide("100 EUR", "2026-06-01T12:00:00Z"), "allow");
  EXPECT_EQ(decide("100.01 EUR", "2026-06-01T12:00:00Z"), "escal");
  EXPECT_EQ(decide("50 EUR", "2026-07-01T12:00:00Z"), "allow");
  EXPECT_EQ(decide("50.01 EUR", "2026-07-01T12:00:00Z"), "escal");
}

TEST_F(Amends, SaysWhatBothDeclareOtherwise) {
  const std::string first = std::string("policy a.pay 1.0.0\n") + kHouse + kSubmit +
                            "threshold autonomy = 200 EUR\nfact risky: integer in 0..3 from host\n"
                            "evidence seen by look within 10 minutes\n"
                            "meter paid = count pay per case within 2 days\n"
                            "guard g { for pay deny when risky > 2 or paid > 5 }\n"
                            "delegation paying { from lead to bot may freely look may pay anchor "
                            "desk review every 90 days expires 2030-12-31 require evidence seen "
                            "limit amount <= autonomy }\n";
  const auto refused = [&](const std::string& amendment) {
    Write("both.writ", first + kSince + amendment);
    const Result check = Writ({"check", Path("both.writ")});
    EXPECT_EQ(check.exit, 2) << amendment;
    EXPECT_THAT(check.err, testing::HasSubstr("amends-since")) << amendment;
    return check.err;
  };
  EXPECT_THAT(refused("fact risky: integer in 0..9 from host\n"),
              testing::HasSubstr("fact `risky`: integer in 0..3 in 1.0.0, now integer in 0..9"));
  EXPECT_THAT(refused("meter paid = count pay per case within 3 days\n"),
              testing::HasSubstr("meter `paid` is kept by another rule"));
  EXPECT_THAT(refused("evidence seen by look within 20 minutes\n"),
              testing::HasSubstr("evidence `seen` counts as fresh by another rule"));
  EXPECT_THAT(refused("capability pay { kind act risk destructive input order: id, amount: "
                      "money(EUR) in 0..1_000, note: id verify with look }\n"),
              testing::HasSubstr("inputs of `pay`"));
  Write("both.writ", first + kSince + "threshold autonomy = 100 EUR\n");
  const Result check = Writ({"check", Path("both.writ")});
  EXPECT_EQ(check.exit, 0) << check.err;
}

}  // namespace
}  // namespace writ::e2e
