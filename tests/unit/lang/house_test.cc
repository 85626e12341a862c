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

// Kind and name of each block, with the line of its file.
std::vector<std::string> Blocks(const SourceSet& sources, const Policy& policy) {
  std::vector<std::string> blocks;
  for (const Declaration& declaration : policy.declarations) {
    const Span span = std::visit([](const auto& block) { return block.span; }, declaration);
    const std::string_view text = sources.Text(span);
    blocks.emplace_back(text.substr(0, text.find_first_of("{\n")));
  }
  return blocks;
}

TEST_F(HouseTest, AmendsByKindAndName) {
  Write("main.writ",
        "policy a.main 2.0.0 amends a.main 1.0.0\neffective 2026-02-01\n"
        "threshold autonomy = 50 EUR\nfact held : bool from host\nrole lead human reports to coo");
  Write("first.writ",
        "policy a.main 1.0.0\n\"The first.\"\neffective 2026-01-01\nuse a.org\nstrict\n"
        "threshold autonomy = 200 EUR\nthreshold other = 7 EUR\nregion autonomy when held\n"
        "facts from host { held, gone : bool }\nrole lead human\ngrant lead pay under desk");
  Write("org.writ", "policy a.org 3.0.0\n");
  const LoadResult result = Load();
  EXPECT_THAT(codes_, IsEmpty());
  EXPECT_THAT(names_, ElementsAre("a.main", "a.org"));
  const Policy& policy = result.house->policies[0].policy;
  EXPECT_THAT(
      Blocks(sources_, policy),
      ElementsAre("threshold autonomy = 50 EUR", "fact held : bool from host",
                  "role lead human reports to coo", "threshold other = 7 EUR",
                  "region autonomy when held", "facts from host ", "grant lead pay under desk"));
  const auto& facts = std::get<Facts>(policy.declarations[5]);
  ASSERT_EQ(facts.lines.size(), 1U);
  ASSERT_EQ(facts.lines[0].names.size(), 1U);
  EXPECT_EQ(facts.lines[0].names[0].text, "gone");
  EXPECT_EQ(policy.version.text, "2.0.0");
  EXPECT_EQ(policy.title->text, "The first.");
  EXPECT_EQ(policy.effective->text, "2026-02-01");
  EXPECT_TRUE(policy.strict);
  ASSERT_EQ(policy.origins.size(), 1U);
  EXPECT_EQ(policy.origins[0].effective->text, "2026-01-01");
}

TEST_F(HouseTest, AmendsWhatAmends) {
  Write("main.writ", "policy a.main 3.0.0 amends a.main 2.0.0\nrole c human");
  Write("second.writ", "policy a.main 2.0.0 amends a.main 1.0.0\nrole b human");
  Write("first.writ", "policy a.main 1.0.0\nrole a human\nrole b agent\nrole c agent");
  const LoadResult result = Load();
  EXPECT_THAT(codes_, IsEmpty());
  EXPECT_THAT(Blocks(sources_, result.house->policies[0].policy),
              ElementsAre("role c human", "role b human", "role a human"));
}

TEST_F(HouseTest, AmendsWhatStandsAbove) {
  Write("main.writ",
        "policy a.main 1.0.0\nuse a.org 1.0.0\nrole a human\nrole b agent\n"
        "policy a.main 2.0.0 amends a.main 1.0.0\nrole b human\n"
        "policy a.main 3.0.0 amends a.main 1.0.0\nrole c human\n");
  Write("org.writ", "policy a.org 1.0.0\npolicy a.org 2.0.0 amends a.org 1.0.0\n");
  const auto blocks = [&](const std::string& version) {
    HouseOptions options;
    options.version = version;
    const LoadResult result =
        LoadHouse(sources_, (folder_ / "main.writ").string(), {}, sink_, options);
    EXPECT_EQ(result.house->policies[1].policy.version.text, "1.0.0") << version;
    return Blocks(sources_, result.house->policies[0].policy);
  };
  EXPECT_THAT(blocks("1.0.0"), ElementsAre("role a human", "role b agent"));
  EXPECT_THAT(blocks("2.0.0"), ElementsAre("role b human", "role a human"));
  EXPECT_THAT(blocks(""), ElementsAre("role c human", "role a human", "role b agent"));
  EXPECT_FALSE(sink_.HasErrors());
  blocks("4.0.0");
  ASSERT_TRUE(sink_.HasErrors());
  EXPECT_EQ(sink_.Sorted().back().kind, DiagnosticKind::kVersionMismatch);
}

TEST_F(HouseTest, KeepsTheHouseOfCasesFromBefore) {
  Write("main.writ",
        "policy a.main 1.0.0\nuse a.org 1.0.0\nrole a human\n"
        "policy a.main 2.0.0 amends a.main 1.0.0\neffective 2026-02-01 for cases since begin\n"
        "use a.org 2.0.0\nrole b human\n"
        "policy a.main 3.0.0 amends a.main 2.0.0\nrole c human\n");
  Write("org.writ", "policy a.org 1.0.0\npolicy a.org 2.0.0 amends a.org 1.0.0\nrole d human\n");
  const LoadResult result = Load();
  EXPECT_THAT(codes_, IsEmpty());
  const Policy& policy = result.house->policies[0].policy;
  EXPECT_THAT(Blocks(sources_, policy),
              ElementsAre("role c human", "role b human", "role a human"));
  EXPECT_EQ(policy.cases_since->text, "begin");  // as 2.0.0 says
  ASSERT_EQ(policy.before.size(), 2U);
  EXPECT_EQ(policy.before[0].version.text, "1.0.0");
  EXPECT_THAT(Blocks(sources_, policy.before[0]), ElementsAre("role a human"));
  EXPECT_EQ(policy.before[1].version.text, "1.0.0");
  EXPECT_EQ(result.house->policies[1].policy.version.text, "2.0.0");
}

TEST_F(HouseTest, SaysMistakesOfBothVersionsOnce) {
  Write("main.writ",
        "policy a.main 1.0.0\nuse a.org 1.0.0\n"
        "policy a.main 2.0.0 amends a.main 1.0.0\neffective 2026-02-01 for cases since begin\n");
  Write("org.writ", "policy a.org 1.0.0\nrole d humane\n");
  Load();
  EXPECT_EQ(codes_.size(), 1U);
}

TEST_F(HouseTest, BoundsTheVersionsOfOneTable) {
  std::string text = "policy a.main 1.0.0\n";
  for (int i = 2; i <= 10; ++i) {
    text += "policy a.main " + std::to_string(i) + ".0.0 amends a.main " + std::to_string(i - 1) +
            ".0.0\neffective 20" + std::to_string(i + 10) + "-01-01 for cases since begin\n";
  }
  Write("main.writ", text);
  Load();
  EXPECT_THAT(codes_, ElementsAre("too-deep"));
}

TEST_F(HouseTest, UsesTheVersionThatIsNamed) {
  Write("main.writ", "policy a.main 1.0.0\nuse a.org 2.0.0\n");
  Write("second.writ", "policy a.org 2.0.0 amends a.org 1.0.0\nrole b human");
  Write("first.writ", "policy a.org 1.0.0\nrole a human");
  const LoadResult result = Load();
  EXPECT_THAT(codes_, IsEmpty());
  EXPECT_THAT(Blocks(sources_, result.house->policies[1].policy),
              ElementsAre("role b human", "role a human"));
}

TEST_F(HouseTest, RefusesToAmendInACircle) {
  Write("main.writ", "policy a.main 2.0.0 amends a.main 1.0.0\n");
  Write("first.writ", "policy a.main 1.0.0 amends a.main 2.0.0\n");
  Load();
  EXPECT_THAT(codes_, ElementsAre("amends-wrong"));
}

TEST_F(HouseTest, RefusesAnAmendedVersionThatIsNotThere) {
  Write("main.writ", "policy a.main 3.0.0 amends a.main 2.0.0\n");
  Write("first.writ", "policy a.main 1.0.0\n");
  Load();
  EXPECT_THAT(codes_, ElementsAre("version-mismatch"));
}

TEST_F(HouseTest, NarrowsWhatAmends) {
  Write("main.writ", "policy t.main 1.0.0 narrows a.main 2.0.0\ntenant \"t\"\nrole c human");
  Write("second.writ",
        "policy a.main 2.0.0 amends a.main 1.0.0\nuse a.org\nzone \"Europe/Berlin\"\nrole b human\n"
        "example \"one\" { b pay {} -> allow }");
  Write("first.writ", "policy a.main 1.0.0\nrole b agent\nrole c agent\nrole d agent");
  Write("org.writ", "policy a.org 1.0.0\nrole e agent");
  const LoadResult result = Load();
  EXPECT_THAT(codes_, IsEmpty());
  EXPECT_THAT(names_, ElementsAre("t.main", "a.org"));
  const Policy& policy = result.house->policies[0].policy;
  EXPECT_THAT(Blocks(sources_, policy),
              ElementsAre("role c human", "role b human", "role d agent"));
  EXPECT_EQ(policy.version.text, "1.0.0");
  EXPECT_EQ(policy.zone->text, "Europe/Berlin");
  ASSERT_EQ(policy.narrowed.size(), 2U);
  EXPECT_THAT(Blocks(sources_, policy.narrowed[0]),
              ElementsAre("role b human", "example \"one\" ", "role c agent", "role d agent"));
  EXPECT_EQ(policy.narrowed[1].name.text, "a.org");
}

TEST_F(HouseTest, NarrowsWhatNarrows) {
  Write("main.writ", "policy u.main 1.0.0 narrows t.main 1.0.0\nrole c human");
  Write("tenant.writ", "policy t.main 1.0.0 narrows a.main 1.0.0\ntenant \"t\"\nrole b human");
  Write("first.writ", "policy a.main 1.0.0\nrole a human\nrole b agent\nrole c agent");
  const LoadResult result = Load();
  EXPECT_THAT(codes_, IsEmpty());
  const Policy& policy = result.house->policies[0].policy;
  EXPECT_THAT(Blocks(sources_, policy),
              ElementsAre("role c human", "role b human", "role a human"));
  EXPECT_EQ(policy.tenant->text, "t");
  ASSERT_EQ(policy.narrowed.size(), 1U);
  EXPECT_EQ(policy.narrowed[0].narrowed.size(), 1U);
}

TEST_F(HouseTest, RefusesToNarrowInACircle) {
  Write("main.writ", "policy a.main 1.0.0 narrows a.other 1.0.0\n");
  Write("other.writ", "policy a.other 1.0.0 narrows a.main 1.0.0\n");
  Load();
  EXPECT_THAT(codes_, ElementsAre("narrows-wrong"));
}

TEST_F(HouseTest, RefusesToNarrowWhereItIsUsed) {
  Write("main.writ", "policy a.main 1.0.0\nuse a.org\n");
  Write("org.writ", "policy a.org 1.0.0 narrows a.other 1.0.0\n");
  Write("other.writ", "policy a.other 1.0.0\n");
  Load();
  EXPECT_THAT(codes_, ElementsAre("narrows-wrong"));
}

TEST_F(HouseTest, RefusesToNarrowTwoVersions) {
  Write("main.writ", "policy t.main 1.0.0 narrows a.main 2.0.0\n");
  Write("first.writ",
        "policy a.main 1.0.0\nevent arrive from post\n"
        "policy a.main 2.0.0 amends a.main 1.0.0\neffective 2026-01-01 for cases since arrive\n");
  Load();
  EXPECT_THAT(codes_, ElementsAre("narrows-wrong"));
}

TEST_F(HouseTest, RefusesANarrowedVersionThatIsNotThere) {
  Write("main.writ", "policy t.main 1.0.0 narrows a.main 2.0.0\n");
  Write("first.writ", "policy a.main 1.0.0\n");
  Load();
  EXPECT_THAT(codes_, ElementsAre("version-mismatch"));
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
