// The oracle's own arithmetic and calendar, by hand.
#include <gtest/gtest.h>

#include "writ/oracle/calendar.h"
#include "writ/oracle/number.h"
#include "writ/oracle/value.h"

namespace writ::oracle {
namespace {

Number N(const char* text) { return *ParseNumber(text); }

TEST(Numbers, AreExact) {
  EXPECT_EQ(ToString(Add(N("0.1"), N("0.2"))), "0.3");
  EXPECT_EQ(ToString(Multiply(N("-1.5"), N("0.25"))), "-0.375");
  EXPECT_EQ(ToString(Subtract(N("1"), N("0.001"))), "0.999");
  EXPECT_EQ(Compare(N("2.0"), N("2")), 0);
  EXPECT_LT(Compare(N("-2.01"), N("-2")), 0);
  EXPECT_EQ(ToString(N("-0.05")), "-0.05");
  EXPECT_FALSE(ParseNumber("1."));
  EXPECT_FALSE(ParseNumber("-"));
  EXPECT_FALSE(AtScale(N("0.125"), 2));
}

TEST(Values, MoreDecimalsThanTheTypeHasAreMalformed) {
  Type money;
  money.kind = TypeKind::kMoney;
  money.currency = "EUR";
  money.scale = 2;
  SetDefaultRange(money);
  EXPECT_TRUE(ParseValue(money, "12.3 EUR"));
  EXPECT_FALSE(ParseValue(money, "12.340 EUR"));
  EXPECT_FALSE(ParseValue(money, "12.30 USD"));
  EXPECT_FALSE(ParseValue(money, "-0.01 EUR"));
}

TEST(Calendar, DaysBeginAtTheirFirstInstantInTheZone) {
  EXPECT_EQ(FormatInstant(*FirstInstant("2026-10-01", "UTC")), "2026-10-01T00:00:00.000Z");
  EXPECT_EQ(FormatInstant(*FirstInstant("2026-10-01", "Europe/Berlin")),
            "2026-09-30T22:00:00.000Z");
  EXPECT_EQ(FormatInstant(*FirstInstant("2026-01-01", "Europe/Berlin")),
            "2025-12-31T23:00:00.000Z");
  // The clocks change on 29 March and on 25 October 2026, after the day has begun.
  EXPECT_EQ(FormatInstant(*FirstInstant("2026-03-29", "Europe/Berlin")),
            "2026-03-28T23:00:00.000Z");
  EXPECT_EQ(FormatInstant(*FirstInstant("2026-03-29", "Europe/Berlin", 1)),
            "2026-03-29T22:00:00.000Z");
  EXPECT_EQ(FormatInstant(*FirstInstant("2026-10-25", "Europe/Berlin")),
            "2026-10-24T22:00:00.000Z");
  EXPECT_EQ(FormatInstant(*FirstInstant("2026-10-26", "Europe/Berlin")),
            "2026-10-25T23:00:00.000Z");
  EXPECT_FALSE(FirstInstant("2026-02-29", "UTC"));
}

TEST(Calendar, ReadsInstants) {
  EXPECT_EQ(*ParseInstant("1970-01-01T00:00:01.5Z"), 1500);
  EXPECT_EQ(*ParseInstant("1970-01-01T02:00:00+02:00"), 0);
  EXPECT_FALSE(ParseInstant("1970-01-01T24:00:00Z"));
  EXPECT_EQ(FormatInstant(-1), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace writ::oracle
