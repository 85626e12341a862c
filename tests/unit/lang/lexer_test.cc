// What single tokens are, seen through the tree and the diagnostics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "parse_text.h"

namespace writ::lang {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Literal Value(const std::string& written) {
  const Parsed parsed = ParseBody("threshold t = " + written);
  EXPECT_THAT(parsed.codes, IsEmpty()) << written;
  if (!parsed.ast || parsed.ast->policies[0].declarations.empty()) return {};
  return std::get<Threshold>(parsed.ast->policies[0].declarations[0]).value;
}

std::vector<std::string> CodesOf(const std::string& written) {
  return ParseBody("threshold t = " + written).codes;
}

TEST(Lexer, ReadsNumbers) {
  EXPECT_EQ(Value("2_000").text, "2000");
  EXPECT_EQ(Value("-0.80").text, "-0.80");
  EXPECT_EQ(Value("1_000.50 EUR").text, "1000.50");
  EXPECT_EQ(Value("1_000.50 EUR").unit, "EUR");
  EXPECT_EQ(Value("1_000.50 EUR").kind, LiteralKind::kMoney);
}

TEST(Lexer, ReadsDurations) {
  EXPECT_EQ(Value("24h").unit, "h");
  EXPECT_EQ(Value("24h").kind, LiteralKind::kDuration);
  EXPECT_EQ(Value("10_000ms").text, "10000");
  EXPECT_EQ(Value("90 days").unit, "day");
  EXPECT_EQ(Value("1 month").unit, "month");
  EXPECT_EQ(Value("2 years").unit, "year");
}

TEST(Lexer, ReadsDatesAndTimes) {
  EXPECT_EQ(Value("2026-10-01").kind, LiteralKind::kDate);
  EXPECT_EQ(Value("2024-02-29").text, "2024-02-29");
  EXPECT_EQ(Value("2026-10-01T12:00:00Z").kind, LiteralKind::kTimestamp);
  EXPECT_EQ(Value("2026-10-01T12:00:00.125+02:00").text, "2026-10-01T12:00:00.125+02:00");
}

TEST(Lexer, ReadsWordsAndTexts) {
  EXPECT_EQ(Value("yes").text, "true");
  EXPECT_EQ(Value("no").kind, LiteralKind::kBool);
  EXPECT_EQ(Value("gold").kind, LiteralKind::kWord);
  EXPECT_EQ(Value(R"("say \"hi\", \\ and \n")").text, "say \"hi\", \\ and \n");
}

TEST(Lexer, RefusesSlipsOfPeopleWhoWriteNumbers) {
  EXPECT_THAT(CodesOf("1,000"), ElementsAre("thousands-separator"));
  EXPECT_THAT(CodesOf("1,000,000 EUR"), ElementsAre("thousands-separator"));
  EXPECT_THAT(CodesOf("1,000.50 EUR"), ElementsAre("thousands-separator"));
  EXPECT_THAT(CodesOf("1.000.000 EUR"), ElementsAre("thousands-separator"));
  EXPECT_THAT(CodesOf("0,80"), ElementsAre("decimal-comma"));
  EXPECT_THAT(CodesOf("1.000,50 EUR"), ElementsAre("decimal-comma"));
  EXPECT_THAT(CodesOf("80%"), ElementsAre("percent"));
  EXPECT_THAT(CodesOf("80 %"), ElementsAre("percent"));
  EXPECT_THAT(CodesOf("3€"), ElementsAre("currency-sign"));
  EXPECT_THAT(CodesOf("3 €"), ElementsAre("currency-sign"));
  EXPECT_THAT(CodesOf("€3"), ElementsAre("currency-sign"));
  EXPECT_THAT(CodesOf("$ 3.50"), ElementsAre("currency-sign"));
  EXPECT_THAT(CodesOf("EUR 3"), ElementsAre("currency-sign"));
  EXPECT_THAT(CodesOf("31.12.2026"), ElementsAre("date-order"));
  EXPECT_THAT(CodesOf("12/31/2026"), ElementsAre("date-order"));
  EXPECT_THAT(CodesOf("2026-1-5"), ElementsAre("bad-date"));
  EXPECT_THAT(CodesOf("2026-02-29"), ElementsAre("bad-date"));
  EXPECT_THAT(CodesOf("2026-10-01T25:00Z"), ElementsAre("bad-date"));
  EXPECT_THAT(CodesOf("1m"), ElementsAre("bare-m"));
  EXPECT_THAT(CodesOf("1 m"), ElementsAre("bare-m"));
  EXPECT_THAT(CodesOf("1.5h"), ElementsAre("number-suffix"));
  EXPECT_THAT(CodesOf("3kg"), ElementsAre("number-suffix"));
  EXPECT_THAT(CodesOf("“quoted”"), ElementsAre("curly-quotes"));
  EXPECT_THAT(CodesOf("5;"), ElementsAre("stray-character"));
  EXPECT_THAT(CodesOf("5 # because"), ElementsAre("foreign-comment"));
  EXPECT_THAT(CodesOf("5 /* because */"), ElementsAre("foreign-comment"));
}

TEST(Lexer, RefusesSignsOfOtherNotations) {
  const auto condition = [](const std::string& text) {
    return ParseBody("region r when " + text).codes;
  };
  for (const std::string sign : {"==", "≤", "≥", "≠", "=<", "=>", "<>"}) {
    EXPECT_THAT(condition("a " + sign + " 5"), ElementsAre("foreign-sign")) << sign;
  }
  for (const std::string sign : {"&&", "||"}) {
    EXPECT_THAT(condition("a " + sign + " b"), ElementsAre("sign-for-word")) << sign;
  }
  EXPECT_THAT(condition("!a"), ElementsAre("sign-for-word"));
  EXPECT_THAT(condition("a != b"), IsEmpty());
}

TEST(Lexer, RefusesBrokenTexts) {
  EXPECT_THAT(CodesOf("\"open\nthreshold u = 5"), ElementsAre("unterminated-text"));
  EXPECT_THAT(CodesOf("\"open"), ElementsAre("unterminated-text"));
  EXPECT_THAT(CodesOf("\"open\\"), ElementsAre("unterminated-text", "bad-escape"));
  EXPECT_THAT(CodesOf(R"("C:\dir")"), ElementsAre("bad-escape"));
}

TEST(Lexer, RefusesWhatIsNotSeen) {
  EXPECT_THAT(CodesOf("\"a\u202Eb\""), ElementsAre("hidden-character"));
  EXPECT_THAT(CodesOf("5 // note \u200B"), ElementsAre("hidden-character"));
  EXPECT_THAT(CodesOf("5\u200B"), ElementsAre("hidden-character"));
}

TEST(Lexer, TakesANoBreakSpaceForASpace) { EXPECT_THAT(CodesOf("200\u00A0EUR"), IsEmpty()); }

TEST(Lexer, ReservesNothingAfterADot) {
  const Parsed parsed = ParseBody("region r when case.when.or = x");
  EXPECT_THAT(parsed.codes, IsEmpty());
}

TEST(Lexer, KeepsAVersionAVersion) {
  EXPECT_THAT(ParseText("policy a.b 31.12.2026\nuse c.d 1.2.3-rc.1\n").codes, IsEmpty());
}

}  // namespace
}  // namespace writ::lang
