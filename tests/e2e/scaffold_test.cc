// What `writ new` writes checks clean, imports, and gates green.
#include <chrono>
#include <cstdio>

#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

class Scaffold : public Workspace {
 protected:
  static std::string Day(std::chrono::year_month_day day) {
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int{day.year()}, unsigned{day.month()},
                  unsigned{day.day()});
    return text;
  }
};

TEST_F(Scaffold, ChecksCleanAndGatesGreen) {
  const std::string house = Path("north");
  ASSERT_EQ(Writ({"new", house}).exit, 0);
  EXPECT_NE(Read(house + "/desk.writ").find("policy north.desk"), std::string::npos)
      << "named after its folder";
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const Result checked =
      Writ({"check", house + "/org.writ", house + "/desk.writ", "--as-of", Day(today)});
  EXPECT_EQ(checked.exit, 0) << checked.err;
  EXPECT_EQ(checked.err, "") << "no warning either";
  const Result imported = Writ({"corpus", "import", house + "/runs.jsonl", "--map",
                                house + "/mapping.sql", "-o", house + "/runs.db"});
  ASSERT_EQ(imported.exit, 0) << imported.err;
  const Result corpus =
      Writ({"corpus", "check", house + "/runs.db", "--table", house + "/desk.writ"});
  EXPECT_EQ(corpus.exit, 0) << corpus.out;
  const Result gated = Writ({"gate", house + "/desk.gate.yaml", "--corpus", house + "/runs.db"});
  EXPECT_EQ(gated.exit, 0) << gated.out << gated.err;
}

// What its README proposes as a first change.
TEST_F(Scaffold, TheFirstChangeIsShownAndGated) {
  const std::string house = Path("north"), next = house + "/next.writ";
  ASSERT_EQ(Writ({"new", house}).exit, 0);
  ASSERT_EQ(Writ({"corpus", "import", house + "/runs.jsonl", "--map", house + "/mapping.sql", "-o",
                  house + "/runs.db"})
                .exit,
            0);
  std::string text = Read(house + "/desk.writ");
  const auto replace = [&](const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  };
  replace("desk 1.0.0", "desk 2.0.0");
  replace("autonomy = 100 EUR", "autonomy = 150 EUR");
  Write("north/next.writ", text);
  const Result broken = Writ({"check", next});
  EXPECT_EQ(broken.exit, 2);
  EXPECT_NE(broken.err.find("\"one cent more waits\" comes out as `allow`"), std::string::npos);
  replace("amount: 100.01 EUR", "amount: 150.01 EUR");
  Write("north/next.writ", text);
  const Result diff = Writ({"diff", house + "/desk.writ", next});
  EXPECT_EQ(diff.exit, 0) << diff.err;
  EXPECT_NE(diff.out.find("amount in 100.01 EUR..150 EUR"), std::string::npos) << diff.out;
  const Result gated = Writ(
      {"gate", house + "/desk.gate.yaml", "--candidate", next, "--corpus", house + "/runs.db"});
  EXPECT_EQ(gated.exit, 0) << gated.out << gated.err;
}

// An example serves what it can: two boundaries of which each lacks a side, and two moved
// thresholds, take two examples.
TEST_F(Scaffold, MissingExamplesAreFew) {
  const std::string house = Path("north");
  ASSERT_EQ(Writ({"new", house}).exit, 0);
  const auto test = [&](std::vector<std::string> more) {
    std::vector<std::string> args = {"test", house + "/desk.writ", "--coverage", "--mutate"};
    args.insert(args.end(), more.begin(), more.end());
    return Writ(args);
  };
  EXPECT_NE(test({"--write"}).err.find("2 examples written"), std::string::npos);
  EXPECT_EQ(test({"--min-score", "100", "--min-coverage", "100"}).exit, 0);
}

TEST_F(Scaffold, IsInTheCanonicalLayout) {
  for (const std::string name : {"a", "a_house_with_a_rather_long_name"}) {
    const std::string house = Path(name);
    ASSERT_EQ(Writ({"new", house}).exit, 0);
    const Result result =
        Writ({"fmt", "--check", "--diff", house + "/org.writ", house + "/desk.writ"});
    EXPECT_EQ(result.exit, 0) << result.out;
  }
}

TEST_F(Scaffold, NeverOverwrites) {
  const std::string house = Path("house");
  ASSERT_EQ(Writ({"new", house}).exit, 0);
  const std::string before = Read(house + "/desk.writ");
  const Result again = Writ({"new", house, "--house", "other"});
  EXPECT_EQ(again.exit, 4);
  EXPECT_EQ(Read(house + "/desk.writ"), before);
}

TEST_F(Scaffold, BuildsAndExplainsAsItsReadmeSays) {
  const std::string house = Path("north");
  ASSERT_EQ(Writ({"new", house}).exit, 0);
  const Result built = Writ({"build", house + "/desk.writ"});
  EXPECT_EQ(built.exit, 0) << built.err;
  const Result explained =
      Writ({"explain", house + "/desk.wtb", "clerk", "pay", "payee=P1", "amount=250 EUR",
            "confidence=0.9", "blocked=false", "--now", "2026-11-20T10:00:00Z"});
  EXPECT_EQ(explained.exit, 0) << explained.err;
  EXPECT_NE(explained.out.find("allow with amount = 100 EUR instead of 250 EUR"), std::string::npos)
      << explained.out;
}

TEST_F(Scaffold, RefusesAHouseThatIsNoName) {
  EXPECT_EQ(Writ({"new", Path("x"), "--house", "No Name"}).exit, 2);
  EXPECT_EQ(Writ({"new", Path("No Name")}).exit, 2);
  EXPECT_FALSE(std::filesystem::exists(Path("No Name")));
}

}  // namespace
}  // namespace writ::e2e
