// Runs every file of tests/cases/check: one fact about the checker each.
//
// A case is a policy that uses `shared/house.writ`. Its last lines name exactly the diagnostics
// that it gets,
// `// expect error: code @line:column` and `// expect warning: …`; without an error there is a
// Program. WRIT_UPDATE_CASES=1 rewrites the expectations, for review.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "check_text.h"
#include "support/text_file.h"
#include "writ/compiler/check.h"
#include "writ/lang/parse.h"

namespace writ::compiler {
namespace {

constexpr std::string_view kExpect = "// expect ";

std::filesystem::path Folder() {
  return std::filesystem::path(WRIT_SOURCE_DIR) / "tests/cases/check";
}

std::vector<std::filesystem::path> Cases() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(Folder())) {
    if (entry.path().extension() == ".writ") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

struct Outcome {
  std::vector<std::string> found;
  std::string text;
  bool program = false;
};

Outcome RunCase(const std::string& text) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const auto policy = lang::Parse(sources, sources.AddText("case.writ", text), sink);
  const auto house = lang::Parse(
      sources, sources.AddText("house.writ", ReadFile(Folder() / "shared/house.writ")), sink);
  Outcome outcome;
  EXPECT_FALSE(sink.HasErrors()) << lang::RenderText(sink, sources);
  if (!policy || !house) return outcome;
  outcome.program =
      Check({&policy->policies[0], &house->policies[0]}, sources, sink, OptionsIn(text))
          .has_value();
  for (const lang::Diagnostic& diagnostic : sink.Sorted()) {
    const auto place = sources.LineColumn(diagnostic.span);
    const lang::DiagnosticInfo& info = lang::Info(diagnostic.kind);
    outcome.found.push_back(std::string(lang::SeverityName(info.severity)) + ": " +
                            std::string(info.code) + " @" + std::to_string(place.line) + ":" +
                            std::to_string(place.column) +
                            (diagnostic.span.file == 0 ? "" : " in house.writ"));
  }
  outcome.text = lang::RenderText(sink, sources);
  EXPECT_EQ(outcome.program, !sink.HasErrors());
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

class CheckCase : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(CheckCase, GivesWhatItExpects) {
  std::string text = ReadFile(GetParam());
  const std::vector<std::string> expected = TakeExpectations(text);
  const Outcome outcome = RunCase(text);
  if (std::getenv("WRIT_UPDATE_CASES") != nullptr) {
    for (const std::string& line : outcome.found) text += std::string(kExpect) + line + "\n";
    std::ofstream(GetParam(), std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(outcome.found, expected) << outcome.text;
  EXPECT_EQ(GetParam().filename().string().starts_with("fail_"), !outcome.program)
      << "`fail_` if and only if it fails";
}

INSTANTIATE_TEST_SUITE_P(Cases, CheckCase, testing::ValuesIn(Cases()),
                         [](const auto& one) { return one.param.stem().string(); });

TEST(CheckCases, AreNotForgotten) { EXPECT_GE(Cases().size(), 100U); }

}  // namespace
}  // namespace writ::compiler
