// The canonical layout: what it looks like, that it changes no tree and nothing the second time,
// and that no comment is lost, wherever it stands.
#include "writ/lang/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "parse_text.h"
#include "support/text_file.h"

namespace writ::lang {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::optional<std::string> FormatText(const std::string& text, DiagnosticSink& sink) {
  SourceSet sources;
  return Format(sources, sources.AddText("test.writ", text), sink);
}

// The formatted text, after the promises that hold for every text have been held to it.
std::string Checked(const std::string& text) {
  DiagnosticSink sink;
  const std::optional<std::string> once = FormatText(text, sink);
  EXPECT_TRUE(once.has_value()) << text;
  if (!once) return {};
  EXPECT_EQ(FormatText(*once, sink), once) << "formatting twice is formatting once";
  EXPECT_TRUE(ParseText(text).ast == ParseText(*once).ast) << text << "\nbecame\n" << *once;
  return *once;
}

std::string Body(const std::string& text) {
  const std::string head = "policy test.policy 1.0.0\n\n";
  const std::string formatted = Checked(head + text);
  EXPECT_TRUE(formatted.starts_with(head)) << formatted;
  return formatted.substr(head.size());
}

// All `.writ` files of the repository that are read without a mistake.
std::vector<std::string> SoundFiles() {
  std::vector<std::string> texts;
  for (const char* folder : {"policies", "docs", "tests"}) {
    const auto path = std::filesystem::path(WRIT_SOURCE_DIR) / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.path().extension() != ".writ") continue;
      std::string text = ReadFile(entry.path());
      if (ParseText(text).codes.empty()) texts.push_back(std::move(text));
    }
  }
  return texts;
}

// The comments of a text, in order.
std::vector<std::string> Comments(const std::string& text) {
  std::vector<std::string> comments;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    bool quoted = false;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      if (line[i] == '\\' && quoted) {
        ++i;
      } else if (line[i] == '"') {
        quoted = !quoted;
      } else if (!quoted && line.compare(i, 2, "//") == 0) {
        const std::string comment = line.substr(i);
        comments.push_back(comment.substr(0, comment.find_last_not_of(" \t\r") + 1));
        break;
      }
    }
  }
  return comments;
}

// ---- what it looks like

TEST(Format, PutsOneItemALineAndAlignsFacts) {
  EXPECT_EQ(Body("facts   from host   missing deny {\na:bool longer.name : integer in 0 .. 5 "
                 "missing 0\ndd, e: {x<y}}"),
            "facts from host missing deny {\n"
            "  a           : bool\n"
            "  longer.name : integer in 0..5  missing 0\n"
            "  dd, e       : { x < y }\n"
            "}\n");
}

TEST(Format, AlignsDeclarationsOfOneKind) {
  EXPECT_EQ(
      Body("threshold a=5 EUR \"why\"\nthreshold longer = 2_000 EUR \"because\"\n"
           "role coo human\nrole lead human reports to coo\nrole bot agent identity \"x:y\"\n"),
      "threshold a      = 5 EUR      \"why\"\n"
      "threshold longer = 2_000 EUR  \"because\"\n"
      "role coo  human\n"
      "role lead human  reports to coo\n"
      "role bot  agent  identity \"x:y\"\n");
}

TEST(Format, AlignsTheCellsOfATable) {
  EXPECT_EQ(Body("table most(tier, region): money(EUR) {\n  north, south_east\n"
                 "gold: 1_000 EUR, 50 EUR\n  platinum: 5 EUR, 2_500 EUR\n}\n"),
            "table most(tier, region): money(EUR) {\n"
            "            north,     south_east\n"
            "  gold:     1_000 EUR, 50 EUR\n"
            "  platinum: 5 EUR,     2_500 EUR\n"
            "}\n");
}

TEST(Format, AlignsReasonsOfABlock) {
  EXPECT_EQ(
      Body("guard g{for every capability deny when a \"x\" require b.c>=5 \"y\" escalate}"),
      "guard g { for every capability  deny when a \"x\"  require b.c >= 5 \"y\"  escalate }\n"
      "");
  EXPECT_EQ(
      Body("guard g {\nfor every capability deny when a \"x\" require b.c>=5 \"y\" escalate}"),
      "guard g {\n"
      "  for every capability\n"
      "  deny when a       \"x\"\n"
      "  require b.c >= 5  \"y\"\n"
      "  escalate\n"
      "}\n");
}

TEST(Format, KeepsABlockOnItsLineWhereItFits) {
  EXPECT_EQ(Body("capability get { kind observe risk read_only system s input i: id }\n"
                 "capability longer { kind verify risk read_only system s }\n"
                 "capability act {\nkind act risk destructive irreversible }"),
            "capability get    { kind observe  risk read_only  system s  input i: id }\n"
            "capability longer { kind verify   risk read_only  system s }\n"
            "capability act {\n"
            "  kind act  risk destructive\n"
            "  irreversible\n"
            "}\n");
  const std::string inputs(120, 'x');
  EXPECT_EQ(
      Body("capability c { kind act risk destructive input " + inputs + ": id verify with v }"),
      "capability c {\n"
      "  kind act  risk destructive\n"
      "  input " +
          inputs +
          ": id\n"
          "  verify with v\n"
          "}\n");
}

TEST(Format, WrapsListsAndConditions) {
  EXPECT_EQ(Body("group g = aaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
                 "ccccccccccccccccccccccccccccc, dddddd"),
            "group g = aaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,\n"
            "  ccccccccccccccccccccccccccccc, dddddd\n");
  EXPECT_EQ(
      Body("guard g {\ndeny when first_condition = something_long and (second_condition or "
           "third_condition) and fourth_condition \"Why it is so.\" limit a \"Short.\"}"),
      "guard g {\n"
      "  deny when first_condition = something_long and (second_condition or third_condition)\n"
      "    and fourth_condition\n"
      "    \"Why it is so.\"\n"
      "  limit a  \"Short.\"\n"
      "}\n");
}

TEST(Format, KeepsTextsAndNumbersAsWritten) {
  EXPECT_EQ(Body("threshold a = 2_000.50 EUR \"tab\\t, \\\"quote\\\"\"\n"
                 "region r when no or x in 0h .. 1_0h or - y < - - 1\n"),
            "threshold a = 2_000.50 EUR  \"tab\\t, \\\"quote\\\"\"\n"
            "region r when no or x in 0h..1_0h or -y < - -1\n");
}

TEST(Format, KeepsOneBlankLineAndNoneAtTheEdges) {
  EXPECT_EQ(Body("\n\nrole a human\n\n\n\nrole b human\nguard g {\n\n\n  escalate\n\n\n  "
                 "escalate\n\n}\n\n"),
            "role a human\n\nrole b human\nguard g {\n  escalate\n\n  escalate\n}\n");
}

TEST(Format, KeepsCommentsWhereTheyAre) {
  EXPECT_EQ(
      Checked("//one\n\n\npolicy a.b 1.0.0//two\n//three\nguard g { // four\n//five\n\n//six\n"
              "escalate //seven\nescalate when a // eight\n//nine\n}// ten\n\n// eleven"),
      "//one\n\n"
      "policy a.b 1.0.0  //two\n"
      "//three\n"
      "guard g {  // four\n"
      "  //five\n\n"
      "  //six\n"
      "  escalate         //seven\n"
      "  escalate when a  // eight\n"
      "  //nine\n"
      "}  // ten\n\n"
      "// eleven\n");
}

TEST(Format, BreaksAnItemAroundAComment) {
  EXPECT_EQ(Body("group g = a, // the first\n  b,\n\n  // the last\n  c\n"),
            "group g = a,  // the first\n"
            "  b,\n"
            "  // the last\n"
            "  c\n");
}

TEST(Format, WritesLineEndsAndSpaceOneWay) {
  EXPECT_EQ(Checked("\xEF\xBB\xBFpolicy a.b 1.0.0\r\n\trole\ta\u00A0human // c\t\r\n"),
            "policy a.b 1.0.0\nrole a human  // c\n");
}

TEST(Format, LeavesNoLineLongerThanItMust) {
  for (const std::string& text : SoundFiles()) {
    std::istringstream lines(Checked(text));
    for (std::string line; std::getline(lines, line);) {
      const bool block = line.ends_with(" }") && line.size() <= 160 + 40;  // bytes, not columns
      const bool comment = line.find("//") != std::string::npos;
      const bool text_alone = line.find_first_not_of(' ') == line.find('"');
      EXPECT_TRUE(line.size() <= 104 || block || comment || text_alone) << line;
    }
  }
}

// ---- what it never changes

TEST(Format, ChangesNoTreeOfTheRepository) {
  const std::vector<std::string> texts = SoundFiles();
  EXPECT_GE(texts.size(), 100U);
  for (const std::string& text : texts) {
    EXPECT_EQ(Comments(Checked(text)), Comments(text));
  }
}

// All but the one that the documentation formats.
TEST(Format, ShippedPoliciesAreFormatted) {
  std::size_t count = 0;
  for (const char* folder : {"policies", "docs/examples"}) {
    const auto path = std::filesystem::path(WRIT_SOURCE_DIR) / folder;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.path().extension() != ".writ") continue;
      const std::string text = ReadFile(entry.path());
      EXPECT_EQ(Checked(text) == text, entry.path().filename() != "draft.writ")
          << entry.path() << ": `writ fmt --write` changes it";
      ++count;
    }
  }
  EXPECT_GE(count, 6U);
}

// Every file, with a comment in every place where there is space, once behind the word before and
// once on a line of its own.
TEST(Format, LosesNoCommentInAnyPlace) {
  for (const std::string& text : SoundFiles()) {
    for (const bool own_line : {false, true}) {
      std::string commented;
      std::size_t count = 0;
      bool quoted = false;
      for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
        if (!quoted && text.compare(i, 2, "//") == 0) i = std::min(text.find('\n', i), text.size());
        if (i == text.size()) break;
        commented += text[i];
        if (quoted || text[i] != ' ') continue;
        commented += (own_line ? "\n// " : "// ") + std::to_string(++count) + "\n";
      }
      if (!ParseText(commented).codes.empty()) continue;  // a quote that was escaped otherwise
      EXPECT_EQ(Comments(Checked(commented)), Comments(commented));
      EXPECT_EQ(Comments(commented).size(), count);
    }
  }
}

TEST(Format, LayoutDoesNotDependOnLayout) {
  for (const std::string& text : SoundFiles()) {
    if (!Comments(text).empty()) continue;
    // All on one line where no block is: what is canonical then follows from the words alone.
    std::string spread;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"' && text[i - 1] != '\\') quoted = !quoted;
      spread += !quoted && text[i] == ' ' ? '\n' : text[i];
    }
    std::string wide;
    for (const char c : spread) wide += c == '\n' ? "\n    " : std::string(1, c);
    EXPECT_EQ(Checked(spread), Checked(wide));
  }
}

TEST(Format, LeavesAFileWithAMistakeAlone) {
  DiagnosticSink sink;
  EXPECT_EQ(FormatText("policy a.b 1.0.0\nguard g { deny wen x }\n", sink), std::nullopt);
  EXPECT_TRUE(sink.HasErrors());
  for (const std::string text : {"", "policy", "}", "\xFF", "policy a.b 1.0.0\nthreshold a = 80%",
                                 "policy a.b 1.0.0\nregion r when a or b and c"}) {
    DiagnosticSink mistakes;
    EXPECT_EQ(FormatText(text, mistakes), std::nullopt) << text;
    EXPECT_TRUE(mistakes.HasErrors()) << text;
  }
}

TEST(Format, TakesTheLimitsOfTheParser) {
  SourceSet sources;
  DiagnosticSink sink;
  const FileId file = sources.AddText("a.writ", "policy a.b 1.0.0\nregion r when ((a))\n");
  EXPECT_EQ(Format(sources, file, sink, {.parse = {.max_depth = 1}}), std::nullopt);
  EXPECT_EQ(sink.Sorted().at(0).kind, DiagnosticKind::kTooDeep);
}

// Long and deep input takes time in proportion: a quadratic step would never end here.
TEST(Format, HandlesWhatIsLong) {
  std::string list = "group g = a";
  for (int i = 0; i < 50'000; ++i) list += ", a";
  const std::string formatted = Body(list);
  EXPECT_GT(std::ranges::count(formatted, '\n'), 1'000);
  std::string deep = "region r when ";
  for (int i = 0; i < 190; ++i) deep += "(a and ";
  deep += "a" + std::string(190, ')');
  EXPECT_GT(std::ranges::count(Body(deep), '\n'), 10);
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "threshold t" + std::to_string(i) + " = 5 \"x\"\n";
  EXPECT_EQ(std::ranges::count(Body(many), '\n'), 20'000);
}

}  // namespace
}  // namespace writ::lang
