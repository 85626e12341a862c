// A policy that amends an earlier version decides as the same rules do when they are written in one
// file.
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

TEST_F(Amends, RefusesNewCasesOnly) {
  Write("first.writ", std::string("policy a.pay 1.0.0\neffective 2026-01-01\n") + kHouse + kFirst);
  Write("second.writ",
        "policy a.pay 2.0.0 amends a.pay 1.0.0\neffective 2026-06-01 for cases since pay\n");
  const Result check = Writ({"check", Path("second.writ")});
  EXPECT_EQ(check.exit, 2);
  EXPECT_NE(check.err.find("amends-since"), std::string::npos) << check.err;
}

}  // namespace
}  // namespace writ::e2e
