// Runs every file of tests/cases/parse: one fact about the language each.
//
// A file `fail_*.writ` gets exactly the diagnostics that its last lines name, `// expect error:
// code
// @line:column`; any other file gets none. All of them: both predictions give the same tree and the
// same diagnostics, and dumping is deterministic. WRIT_UPDATE_CASES=1 rewrites the expectations,
// for review.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/text_file.h"
#include "writ/lang/dump.h"
#include "writ/lang/parse.h"

namespace writ::lang {
namespace {

constexpr std::string_view kExpect = "// expect error: ";

std::vector<std::filesystem::path> Cases() {
  std::vector<std::filesystem::path> paths;
  const std::filesystem::path folder = std::filesystem::path(WRIT_SOURCE_DIR) / "tests/cases/parse";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".writ") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

struct CaseOutcome {
  std::string dump;                   // empty if there is no tree
  std::vector<std::string> expected;  // "code @line:column", as the parser sees it
};

CaseOutcome ParseCaseText(const std::string& text, Prediction prediction) {
  SourceSet sources;
  DiagnosticSink sink;
  const FileId file = sources.AddText("case.writ", text);
  const std::optional<Ast> ast = Parse(sources, file, sink, {.prediction = prediction});
  CaseOutcome outcome;
  if (ast) {
    outcome.dump = DumpJson(*ast, true);
    EXPECT_EQ(outcome.dump, DumpJson(*ast, true));
  }
  for (const Diagnostic& diagnostic : sink.Sorted()) {
    const Place place = sources.LineColumn(diagnostic.span);
    outcome.expected.push_back(std::string(Info(diagnostic.kind).code) + " @" +
                               std::to_string(place.line) + ":" + std::to_string(place.column));
  }
  EXPECT_EQ(sink.HasErrors(), !outcome.expected.empty());
  EXPECT_FALSE(RenderText(sink, sources).find('\0') != std::string::npos);
  return outcome;
}

// Cuts the expectations off the end of `text`, and returns them.
std::vector<std::string> TakeExpectations(std::string& text) {
  std::vector<std::string> expected;
  const std::size_t begin = text.find(kExpect);
  if (begin == std::string::npos) return expected;
  for (std::size_t at = begin; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    EXPECT_EQ(text.compare(at, kExpect.size(), kExpect), 0)
        << "expectations are the last lines of a case";
    expected.push_back(text.substr(at + kExpect.size(), end - at - kExpect.size()));
    at = end + 1;
  }
  text.resize(begin);
  return expected;
}

class ParseCase : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(ParseCase, GivesWhatItExpects) {
  std::string text = ReadFile(GetParam());
  const std::vector<std::string> expected = TakeExpectations(text);
  const CaseOutcome fast = ParseCaseText(text, Prediction::kFast);
  if (std::getenv("WRIT_UPDATE_CASES") != nullptr) {
    for (const std::string& line : fast.expected) text += std::string(kExpect) + line + "\n";
    std::ofstream(GetParam(), std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(fast.expected, expected);
  const bool fails = GetParam().filename().string().starts_with("fail_");
  EXPECT_EQ(fails, !expected.empty()) << "`fail_` if and only if it fails";
  EXPECT_TRUE(fails || !fast.dump.empty());
  const CaseOutcome full = ParseCaseText(text, Prediction::kFull);
  EXPECT_EQ(fast.dump, full.dump);
  EXPECT_EQ(fast.expected, full.expected);
}

// The same text with Windows line ends and behind a byte order mark means the same.
TEST_P(ParseCase, LineEndsDoNotMatter) {
  std::string text = ReadFile(GetParam());
  if (text.find('\r') != std::string::npos) return;
  TakeExpectations(text);
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : text) {
    if (c == '\n') windows += '\r';
    windows += c;
  }
  EXPECT_EQ(ParseCaseText(windows, Prediction::kFast).expected,
            ParseCaseText(text, Prediction::kFast).expected);
}

INSTANTIATE_TEST_SUITE_P(Cases, ParseCase, testing::ValuesIn(Cases()),
                         [](const auto& parameter) { return parameter.param.stem().string(); });

TEST(ParseCases, AreNotForgotten) { EXPECT_GE(Cases().size(), 80U); }

}  // namespace
}  // namespace writ::lang
