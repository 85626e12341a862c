// A policy with the policies it uses, on disk.
#include "writ/lang/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace writ::lang {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class HouseTest : public testing::Test {
 protected:
  HouseTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("writ_house_" + std::string(test->name()) + "_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_ / "more");
  }
  ~HouseTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }

  LoadResult Load(const std::string& main = "main.writ") {
    const std::vector<std::string> search = {(folder_ / "more").string()};
    LoadResult result = LoadHouse(sources_, (folder_ / main).string(), search, sink_);
    for (const Diagnostic& diagnostic : sink_.Sorted())
      codes_.emplace_back(Info(diagnostic.kind).code);
    if (result.house) {
      for (const HousePolicy& policy : result.house->policies)
        names_.push_back(policy.policy.name.text);
    }
    return result;
  }

  std::filesystem::path folder_;
  SourceSet sources_;
  DiagnosticSink sink_;
  std::vector<std::string> codes_;
  std::vector<std::string> names_;
};

TEST_F(HouseTest, FindsUsedPoliciesByTheirHeader) {
  Write("main.writ", "policy a.main 1.0.0\nuse a.org 3.0.0\nuse a.far\n");
  Write("whatever.writ", "// a comment first\npolicy a.org 3.0.0\nuse a.far 2.0.0\n");
  Write("more/far.writ", "policy a.far 2.0.0\n");
  Write("more/other.writ", "policy a.other 2.0.0\n");
  const LoadResult result = Load();
  EXPECT_THAT(codes_, IsEmpty());
  EXPECT_EQ(result.failure, LoadFailure::kNone);
  EXPECT_THAT(names_, ElementsAre("a.main", "a.org", "a.far")) << "each once, depth first";
}

TEST_F(HouseTest, NamesAnUnknownPolicyAndTheNearest) {
  Write("main.writ", "policy a.main 1.0.0\nuse a.ogr\n");
  Write("org.writ", "policy a.org 3.0.0\n");
  EXPECT_EQ(Load().failure, LoadFailure::kMistakes);
  EXPECT_THAT(codes_, ElementsAre("unknown-policy"));
  EXPECT_THAT(sink_.Sorted()[0].hints, ElementsAre("did you mean `a.org`?"));
}

TEST_F(HouseTest, RefusesAnotherVersion) {
  Write("main.writ", "policy a.main 1.0.0\nuse a.org 2.0.0\n");
  Write("org.writ", "policy a.org 3.0.0\n");
  Load();
  EXPECT_THAT(codes_, ElementsAre("version-mismatch"));
  EXPECT_EQ(sources_.Text(sink_.Sorted()[0].span), "2.0.0");
}

TEST_F(HouseTest, ShowsACycle) {
  Write("main.writ", "policy a.main 1.0.0\nuse a.one\n");
  Write("one.writ", "policy a.one 1.0.0\nuse a.two\n");
  Write("two.writ", "policy a.two 1.0.0\nuse a.one\n");
  Load();
  ASSERT_THAT(codes_, ElementsAre("use-cycle"));
  EXPECT_EQ(sink_.Sorted()[0].message, "`a.one` uses `a.two` uses `a.one`");
  EXPECT_EQ(sink_.Sorted()[0].labels.size(), 1U);
}

TEST_F(HouseTest, RefusesAPolicyThatUsesItself) {
  Write("main.writ", "policy a.main 1.0.0\nuse a.main\n");
  Load();
  EXPECT_THAT(codes_, ElementsAre("use-cycle"));
}

TEST_F(HouseTest, NamesBothFilesOfAPolicyFoundTwice) {
  Write("main.writ", "policy a.main 1.0.0\nuse a.org\n");
  Write("org.writ", "policy a.org 3.0.0\n");
  Write("more/org.writ", "policy a.org 3.0.0\n");
  Load();
  EXPECT_THAT(codes_, ElementsAre("policy-found-twice"));
  EXPECT_EQ(sink_.Sorted()[0].notes.size(), 2U);
}

TEST_F(HouseTest, TellsAnUnreadableMainFileApart) {
  const LoadResult result = Load("absent.writ");
  EXPECT_EQ(result.failure, LoadFailure::kMainUnreadable);
  EXPECT_FALSE(result.house);
  EXPECT_THAT(codes_, ElementsAre("unreadable-file"));
  EXPECT_THAT(RenderText(sink_, sources_), HasSubstr("absent.writ"));
}

TEST_F(HouseTest, TellsAFolderApart) {
  EXPECT_EQ(Load("more").failure, LoadFailure::kMainUnreadable);
}

TEST_F(HouseTest, GathersTheMistakesOfAllFiles) {
  Write("main.writ", "policy a.main 1.0.0\nuse a.org\nrole a humn\n");
  Write("org.writ", "policy a.org 3.0.0\nrole b agnt\n");
  Load();
  EXPECT_THAT(codes_, ElementsAre("unknown-word", "unknown-word"));
}

}  // namespace
}  // namespace writ::lang
