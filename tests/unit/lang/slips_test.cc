// The slips of people who write numbers, not code: each gets a message and a hint of its own, alone
// and all in one file, also after a brace that closes too early.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "parse_text.h"

namespace writ::lang {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

struct Slip {
  std::string declaration;
  std::string code;
  std::string slip;  // what the diagnostic points at
  std::string hint;  // a part of it
};

std::vector<Slip> Slips() {
  return {
      {"threshold a = 1,000", "thousands-separator", "1,000", "`1_000`"},
      {"threshold b = 0,80", "decimal-comma", "0,80", "`0.80`"},
      {"threshold c = 80%", "percent", "80%", "`0.80`"},
      {"threshold d = 3€", "currency-sign", "3€", "`3 EUR`"},
      {"region e when a ≤ 5", "foreign-sign", "≤", "`<=`"},
      {"region f when a == 5", "foreign-sign", "==", "`=`"},
      {"grant g h under i expires 31.12.2026", "date-order", "31.12.2026", "`2026-12-31`"},
      {"threshold j = 5 “why”", "curly-quotes", "“why”", "`\"`"},
      {"threshold k = 1m", "bare-m", "1m", "minutes"},
      {"region l when not a and b", "not-parentheses", "not a and b", "("},
      {"region m when a or b and c", "and-or-parentheses", "a or b and c", "("},
  };
}

TEST(Slips, EachHasItsOwnMessageAndHint) {
  std::set<std::string> said;
  for (const Slip& slip : Slips()) {
    const Parsed parsed = ParseBody(slip.declaration);
    ASSERT_THAT(parsed.codes, ElementsAre(slip.code)) << slip.declaration;
    const Diagnostic& diagnostic = parsed.diagnostics[0];
    ASSERT_THAT(diagnostic.hints, SizeIs(testing::Ge(1U))) << slip.declaration;
    EXPECT_THAT(diagnostic.hints[0], HasSubstr(slip.hint)) << slip.declaration;
    EXPECT_THAT(slip.slip, HasSubstr(std::string(parsed.sources.Text(diagnostic.span))))
        << slip.declaration;
    said.insert(diagnostic.message + '\n' + diagnostic.hints[0]);
  }
  EXPECT_EQ(said.size(), Slips().size()) << "no two say the same";
}

TEST(Slips, AllOfAFileAreToldInOneRun) {
  std::string text;
  std::vector<std::string> expected;
  for (const Slip& slip : Slips()) {
    text += slip.declaration + "\n";
    expected.push_back(slip.code);
  }
  EXPECT_THAT(ParseBody(text).codes, testing::ElementsAreArray(expected));
  expected.insert(expected.begin(), "stray-brace");
  EXPECT_THAT(ParseBody("}\n" + text).codes, testing::ElementsAreArray(expected));
  EXPECT_THAT(ParseBody("role r human\n}\n" + text).codes, testing::ElementsAreArray(expected));
  EXPECT_THAT(ParseBody("anchor a {\n  held by r\n}\n}\n" + text).codes,
              testing::ElementsAreArray(expected));
}

TEST(Slips, InsideABlockThatIsClosedTooEarly) {
  const Parsed parsed = ParseBody(
      "delegation d {\n  from a to b\n  for c {\n    limit a ≤ 5\n  }\n  }\n"
      "  limit b == 5\n  require not a and b\n  deny when a or b and c\n}\nthreshold t = 80%\n");
  EXPECT_THAT(parsed.codes, ElementsAre("foreign-sign", "stray-brace", "foreign-sign",
                                        "not-parentheses", "and-or-parentheses", "percent"));
}

}  // namespace
}  // namespace writ::lang
