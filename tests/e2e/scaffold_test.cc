// What `writ new` writes checks clean, imports, and gates green.
#include "command.h"

namespace writ::e2e {
namespace {

class Scaffold : public Workspace {};

TEST_F(Scaffold, ChecksCleanAndGatesGreen) {
  const std::string house = Path("house");
  ASSERT_EQ(Writ({"new", house, "--house", "north"}).exit, 0);
  const Result checked = Writ({"check", house + "/desk.writ"});
  EXPECT_EQ(checked.exit, 0) << checked.err;
  EXPECT_EQ(checked.err, "") << "no warning either";
  const Result imported = Writ({"corpus", "import", house + "/runs.jsonl", "--map", house + "/runs.sql", "-o", house + "/runs.db"});
  ASSERT_EQ(imported.exit, 0) << imported.err;
  const Result corpus = Writ({"corpus", "check", house + "/runs.db", "--table", house + "/desk.writ"});
  EXPECT_EQ(corpus.exit, 0) << corpus.out;
  const Result gated = Writ({"gate", house + "/desk.gate.yaml", "--corpus", house + "/runs.db"});
  EXPECT_EQ(gated.exit, 0) << gated.out << gated.err;
}

TEST_F(Scaffold, NeverOverwrites) {
  const std::string house = Path("house");
  ASSERT_EQ(Writ({"new", house}).exit, 0);
  const std::string before = Read(house + "/desk.writ");
  const Result again = Writ({"new", house, "--house", "other"});
  EXPECT_EQ(again.exit, 4);
  EXPECT_EQ(Read(house + "/desk.writ"), before);
}

TEST_F(Scaffold, RefusesAHouseThatIsNoName) { EXPECT_EQ(Writ({"new", Path("x"), "--house", "No Name"}).exit, 2); }

}  // namespace
}  // namespace writ::e2e
