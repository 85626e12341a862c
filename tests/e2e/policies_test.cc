// Every policy that ships compiles, verifies and passes its examples, without a warning.
#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

TEST(Policies, AllOfThemCheckClean) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(Source("policies"))) {
    if (entry.path().extension() != ".writ") continue;
    ++count;
    const Result result = Writ({"check", entry.path().string()});
    EXPECT_EQ(result.exit, 0) << entry.path().filename() << '\n' << result.err;
    EXPECT_EQ(result.err, "") << entry.path().filename() << " has warnings";
  }
  EXPECT_GE(count, 5u);
}

TEST(Policies, TheSameSourceGivesTheSameBytes) {
  const std::string first = ::testing::TempDir() + "writ_same_1.wtb",
                    second = ::testing::TempDir() + "writ_same_2.wtb";
  ASSERT_EQ(Writ({"build", Source("policies/support_refunds.writ"), "-o", first}).exit, 0);
  ASSERT_EQ(Writ({"build", Source("policies/support_refunds.writ"), "-o", second}).exit, 0);
  EXPECT_EQ(Read(first), Read(second));
}

}  // namespace
}  // namespace writ::e2e
