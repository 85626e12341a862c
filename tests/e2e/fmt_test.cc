// `writ fmt` on files: what it writes, what it leaves alone, and how it answers.
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

constexpr char kUgly[] =
    "policy a.b 1.0.0\nrole  coo human // who\n\n\n\nthreshold t=5   EUR \"why\"";
constexpr char kGood[] =
    "policy a.b 1.0.0\nrole coo human  // who\n\nthreshold t = 5 EUR  \"why\"\n";
constexpr char kBroken[] = "policy a.b 1.0.0\nthreshold  t = 80%\n";

class Fmt : public Workspace {
 protected:
  std::vector<std::string> FilesInFolder() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(Path("")))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_F(Fmt, PrintsTheFormattedText) {
  const std::string path = Write("a.writ", kUgly);
  const Result result = Writ({"fmt", path});
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(result.out, kGood);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(Read(path), kUgly);
}

TEST_F(Fmt, ReadsStandardInput) {
  const Result result = Writ({"fmt", "-"}, kUgly);
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(result.out, kGood);
  EXPECT_EQ(Writ({"fmt", "--check", "-"}, kGood).exit, 0);
  EXPECT_EQ(Writ({"fmt", "--check", "-"}, kUgly).exit, 1);
  EXPECT_EQ(Writ({"fmt", "--write", "-"}, kUgly).exit, 2);
}

TEST_F(Fmt, WritesWhatChangesAndNothingElse) {
  const std::string ugly = Write("ugly.writ", kUgly);
  const std::string good = Write("good.writ", kGood);
  const auto before = std::filesystem::last_write_time(good);
  ::chmod(ugly.c_str(), 0640);
  const Result result = Writ({"fmt", "--write", ugly, good});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(Read(ugly), kGood);
  EXPECT_EQ(std::filesystem::last_write_time(good), before);
  EXPECT_EQ(std::filesystem::status(ugly).permissions(), std::filesystem::perms(0640));
  EXPECT_EQ(FilesInFolder(), (std::vector<std::string>{"good.writ", "ugly.writ"}));
}

TEST_F(Fmt, WritesThroughALink) {
  const std::string path = Write("a.writ", kUgly);
  std::filesystem::create_symlink(path, Path("link.writ"));
  EXPECT_EQ(Writ({"fmt", "--write", Path("link.writ")}).exit, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(Path("link.writ")));
  EXPECT_EQ(Read(path), kGood);
}

TEST_F(Fmt, LeavesABrokenFileAloneAndGoesOn) {
  const std::string broken = Write("broken.writ", kBroken);
  const std::string ugly = Write("ugly.writ", kUgly);
  const Result result = Writ({"fmt", "--write", broken, ugly});
  EXPECT_EQ(result.exit, 2);
  EXPECT_NE(result.err.find("[percent]"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("next: "), std::string::npos) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(Read(broken), kBroken);
  EXPECT_EQ(Read(ugly), kGood);
}

TEST_F(Fmt, KeepsTheFileWhereTheFolderCannotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "nothing is protected from root";
  const std::string path = Write("a.writ", kUgly);
  std::filesystem::permissions(Path(""), std::filesystem::perms(0500));
  const Result result = Writ({"fmt", "--write", path});
  std::filesystem::permissions(Path(""), std::filesystem::perms(0700));
  EXPECT_EQ(result.exit, 4) << result.err;
  EXPECT_EQ(Read(path), kUgly);
}

TEST_F(Fmt, ChecksAndShowsTheDifference) {
  const std::string ugly = Write("ugly.writ", kUgly);
  const std::string good = Write("good.writ", kGood);
  const Result checked = Writ({"fmt", "--check", good, ugly});
  EXPECT_EQ(checked.exit, 1);
  EXPECT_EQ(checked.out, ugly + "\n");
  const Result shown = Writ({"fmt", "--check", "--diff", good, ugly});
  EXPECT_EQ(shown.exit, 1);
  EXPECT_NE(shown.out.find("\n-threshold t=5   EUR \"why\"\n"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("\n+threshold t = 5 EUR  \"why\"\n"), std::string::npos) << shown.out;
  EXPECT_EQ(shown.out.find("good.writ"), std::string::npos) << shown.out;
  EXPECT_EQ(Writ({"fmt", "--diff", ugly}).exit, 0);
  EXPECT_EQ(Writ({"fmt", "--check", "--write", ugly}).exit, 2);
  EXPECT_EQ(Read(ugly), kUgly);
}

TEST_F(Fmt, AnswersWhatIsNoFile) {
  EXPECT_EQ(Writ({"fmt", Path("absent.writ")}).exit, 4);
  EXPECT_EQ(Writ({"fmt", "--write", Path("")}).exit, 4);
  EXPECT_EQ(Writ({"fmt"}).exit, 2);
}

}  // namespace
}  // namespace writ::e2e
