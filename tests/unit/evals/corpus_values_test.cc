// The spelling of values: read exactly or not at all, and written as it is read.
#include "corpus_support.h"
#include "writ/evals/values.h"

namespace writ::evals {
namespace {

using runtime::Value;
using runtime::ValueKind;
using testing::EveryType;
using ::testing::HasSubstr;
using ::testing::Not;

class CorpusValues : public ::testing::Test {
 protected:
  Value Parse(std::string_view fact, std::string_view text) {
    reason_.clear();
    return ParseValue(types_.table(), types_.Fact(fact), text, arena_, &reason_);
  }
  void ExpectNumber(std::string_view fact, std::string_view text, std::int64_t number,
                    std::string_view back = "") {
    const Value value = Parse(fact, text);
    ASSERT_EQ(value.kind, ValueKind::kNumber) << text << ": " << reason_;
    EXPECT_EQ(value.number, number) << text;
    EXPECT_EQ(FormatValue(types_.table(), types_.Fact(fact), value), back.empty() ? text : back);
  }
  void ExpectMalformed(std::string_view fact, std::string_view text, const std::string& says) {
    EXPECT_EQ(Parse(fact, text).kind, ValueKind::kMalformed) << fact << " = " << text;
    EXPECT_THAT(reason_, HasSubstr(says)) << fact << " = " << text;
  }

  EveryType types_;
  ValueArena arena_;
  std::string reason_;
};

TEST_F(CorpusValues, Numbers) {
  ExpectNumber("amount", "120.00 EUR", 12'000);
  ExpectNumber("amount", "120 EUR", 12'000, "120.00 EUR");
  ExpectNumber("amount", "50_000 EUR", 5'000'000, "50000.00 EUR");
  ExpectNumber("amount", "0.05 EUR", 5);
  ExpectNumber("yen", "500 JPY", 500);
  ExpectNumber("sure", "0.93", 93);
  ExpectNumber("sure", "1", 100, "1.00");
  ExpectNumber("count", "-7", -7);
  ExpectNumber("count", "-0", 0, "0");
}

TEST_F(CorpusValues, NumbersThatAreNone) {
  ExpectMalformed("amount", "120", "no currency");
  ExpectMalformed("amount", "120.00 USD", "in USD, not in EUR");
  ExpectMalformed("amount", "12.345 EUR", "too many decimals");
  ExpectMalformed("amount", "12.000 EUR", "too many decimals");
  ExpectMalformed("amount", "50000.01 EUR", "outside 0.00 EUR to 50000.00 EUR");
  ExpectMalformed("amount", "-0.01 EUR", "outside");
  ExpectMalformed("amount", "99999999999999999999 EUR", "too large");
  for (const char* text : {"", ".", "1.", ".5", "1,5", "1e2", "+1", " 1", "1 ", "_1", "1_", "1__0",
                           "--1", "-", "0x1", "NaN", "1.5_0"}) {
    EXPECT_EQ(Parse("sure", text).kind, ValueKind::kMalformed) << text;
    EXPECT_EQ(Parse("count", text).kind, ValueKind::kMalformed) << text;
  }
}

TEST_F(CorpusValues, WordsAndSwitches) {
  ExpectNumber("held", "true", 1);
  ExpectNumber("held", "false", 0);
  for (const char* yes : {"yes", "Yes", "y", "on", "1", "True", "TRUE"})
    ExpectMalformed("held", yes, "neither `true` nor `false`; yes is written `true`");
  for (const char* no : {"no", "NO", "n", "off", "0", "False"})
    ExpectMalformed("held", no, "neither `true` nor `false`; no is written `false`");
  for (const char* other : {"", "2", "maybe", "yes please", " true", "\"true\""}) {
    ExpectMalformed("held", other, "neither `true` nor `false`");
    EXPECT_THAT(reason_, Not(HasSubstr("is written"))) << other;
  }
  ExpectNumber("tier", "gold", 1);
  ExpectMalformed("tier", "Gold", "not one of its values");
  ExpectNumber("by", "clerk", 0);
  ExpectNumber("by", "stranger", 1, "another role");
}

TEST_F(CorpusValues, Times) {
  ExpectNumber("since", "2026-10-01T12:00:00Z", 1'790'856'000'000);
  ExpectNumber("since", "2026-10-01T14:00:00+02:00", 1'790'856'000'000, "2026-10-01T12:00:00Z");
  ExpectNumber("since", "1970-01-01T00:00:00.001Z", 1);
  ExpectNumber("since", "0001-01-01T00:00:00Z", -62'135'596'800'000);
  ExpectNumber("since", "9999-12-31T23:59:59.999Z", 253'402'300'799'999);
  ExpectMalformed("since", "2026-10-01", "without a time of day");
  ExpectMalformed("since", "2026-13-01T00:00:00Z", "no such day");
  ExpectMalformed("since", "2026-10-01T12:00:00", "no offset");
  ExpectMalformed("since", "2026-10-01T12:00:00Zx", "no offset");
  ExpectMalformed("since", "1.10.2026", "not a date");
}

TEST_F(CorpusValues, Durations) {
  ExpectNumber("wait", "90 minutes", 5'400'000);
  ExpectNumber("wait", "2 hours", 7'200'000);
  ExpectNumber("wait", "1 hour 30 minutes", 5'400'000, "90 minutes");
  ExpectNumber("wait", "90min", 5'400'000, "90 minutes");
  ExpectNumber("wait", "1 day", 86'400'000);
  ExpectNumber("wait", "1 week", 604'800'000);
  ExpectNumber("wait", "0 seconds", 0);
  ExpectNumber("wait", "1500 milliseconds", 1'500);
  ExpectMalformed("wait", "90", "no unit");
  ExpectMalformed("wait", "90 m", "no unit of a duration");
  ExpectMalformed("wait", "2 months", "no unit of a duration");
  ExpectMalformed("wait", "minutes", "not a number");
  ExpectMalformed("wait", "", "no number");
  ExpectMalformed("wait", "1000 weeks", "outside");
  ExpectMalformed("wait", "9223372036854775807 weeks", "too large");
}

TEST_F(CorpusValues, TextsAndSets) {
  const Value id = Parse("order", "A 1");
  EXPECT_EQ(id.kind, ValueKind::kText);
  EXPECT_EQ(FormatValue(types_.table(), types_.Fact("order"), id), "A 1");
  EXPECT_EQ(Parse("text", "").kind, ValueKind::kText);
  const Value files = Parse("files", R"(["a","b \" c"])");
  ASSERT_EQ(files.kind, ValueKind::kTextSet);
  ASSERT_EQ(files.size, 2u);
  EXPECT_EQ(files.texts[1], "b \" c");
  EXPECT_EQ(FormatValue(types_.table(), types_.Fact("files"), files), R"(["a","b \" c"])");
  ExpectNumber("tags", R"(["green"])", 2);
  ExpectNumber("tags", "[]", 0);
  ExpectMalformed("tags", R"(["blue"])", "`blue` is not one of its values");
  ExpectMalformed("files", "a, b", "JSON array of texts");
  ExpectMalformed("files", "[1]", "JSON array of texts");
  EXPECT_EQ(FormatValue(types_.table(), types_.Fact("order"), Value{}), "missing");
}

}  // namespace
}  // namespace writ::evals
