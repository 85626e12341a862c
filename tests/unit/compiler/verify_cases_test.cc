// Runs every file of tests/cases/verify through the whole route: one fact about what is proved
// each.
//
// A case is a policy beside `shared/house.writ`. Its last lines name exactly what is said about it,
// `// expect error: code
// @line:column` or `// expect warning: …`, each followed by `// expect request: …` where a request
// is shown. WRIT_UPDATE_CASES=1 rewrites them, for review.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "support/text_file.h"
#include "writ/compiler/compile.h"
#include "writ/lang/parse.h"

namespace writ::compiler {
namespace {

constexpr std::string_view kExpect = "// expect ";

std::filesystem::path Folder() {
  return std::filesystem::path(WRIT_SOURCE_DIR) / "tests/cases/verify";
}

std::vector<std::filesystem::path> Cases() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(Folder()))
    if (entry.path().extension() == ".writ") paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

struct Outcome {
  std::vector<std::string> found, codes;
  std::string text;
  bool compiled = false;
};

// With the house, or alone.
Outcome CompileText(const std::string& text, bool with_house) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const auto policy = lang::Parse(sources, sources.AddText("case.writ", text), sink);
  const auto house = lang::Parse(
      sources, sources.AddText("house.writ", ReadFile(Folder() / "shared/house.writ")), sink);
  Outcome outcome;
  if (policy && house && !sink.HasErrors()) {
    std::vector<const lang::Policy*> policies{&policy->policies[0]};
    if (with_house) policies.push_back(&house->policies[0]);
    outcome.compiled = Compile(policies, sources, sink).has_value();
  }
  for (const lang::Diagnostic& diagnostic : sink.Sorted()) {
    const auto place = sources.LineColumn(diagnostic.span);
    const lang::DiagnosticInfo& info = lang::Info(diagnostic.kind);
    outcome.codes.emplace_back(info.code);
    outcome.found.push_back(std::string(lang::SeverityName(info.severity)) + ": " +
                            std::string(info.code) + " @" + std::to_string(place.line) + ":" +
                            std::to_string(place.column) +
                            (diagnostic.span.file == 0 ? "" : " in house.writ"));
    if (!diagnostic.witness.empty()) outcome.found.push_back("request: " + diagnostic.witness);
  }
  outcome.text = lang::RenderText(sink, sources);
  EXPECT_EQ(outcome.compiled, !sink.HasErrors()) << outcome.text;
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

class VerifyCase : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(VerifyCase, GivesWhatItExpects) {
  std::string text = ReadFile(GetParam());
  const std::vector<std::string> expected = TakeExpectations(text);
  const Outcome outcome = CompileText(text, true);
  if (std::getenv("WRIT_UPDATE_CASES") != nullptr) {
    for (const std::string& line : outcome.found) text += std::string(kExpect) + line + "\n";
    std::ofstream(GetParam(), std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(outcome.found, expected) << outcome.text;
  EXPECT_EQ(GetParam().filename().string().starts_with("fail_"), !outcome.compiled)
      << "`fail_` if and only if it fails";
}

INSTANTIATE_TEST_SUITE_P(Cases, VerifyCase, testing::ValuesIn(Cases()),
                         [](const auto& one) { return one.param.stem().string(); });

TEST(VerifyCases, AreNotForgotten) { EXPECT_GE(Cases().size(), 35U); }

// ---- docs/diagnostics.md: each code of verification has a policy that gets it, and the same
// policy mended.

struct Section {
  std::vector<std::string> fails, mended;
};

std::map<std::string, Section> ReadSections() {
  std::ifstream in(std::filesystem::path(WRIT_SOURCE_DIR) / "docs/diagnostics.md");
  std::map<std::string, Section> sections;
  std::string code, line;
  std::vector<std::string>* block = nullptr;
  while (std::getline(in, line)) {
    if (block) {
      if (line == "```") {
        block = nullptr;
      } else {
        block->back() += line + "\n";
      }
    } else if (line.starts_with("## ")) {
      code = line.substr(3);
      sections[code];
    } else if (line == "```writ fails=" + code || line == "```writ") {
      block = line == "```writ" ? &sections[code].mended : &sections[code].fails;
      block->emplace_back();
    }
  }
  return sections;
}

TEST(VerifyDocs, EveryCodeHasAFailingAndAMendedExample) {
  const auto sections = ReadSections();
  for (const lang::DiagnosticInfo& info : lang::AllDiagnosticKinds()) {
    if (info.kind < lang::DiagnosticKind::kGap || info.kind > lang::DiagnosticKind::kUnproved)
      continue;
    const std::string code(info.code);
    const auto section = sections.find(code);
    ASSERT_NE(section, sections.end()) << code;
    if (code == "unproved")
      continue;  // its example would take the whole budget: verify_proofs_test.cc
    ASSERT_FALSE(section->second.fails.empty()) << code;
    ASSERT_FALSE(section->second.mended.empty()) << code;
    for (const std::string& text : section->second.fails) {
      const Outcome outcome = CompileText(text, false);
      EXPECT_EQ(outcome.codes, std::vector<std::string>{code}) << outcome.text;
    }
    for (const std::string& text : section->second.mended) {
      const Outcome outcome = CompileText(text, false);
      EXPECT_TRUE(outcome.codes.empty()) << outcome.text;
    }
  }
}

}  // namespace
}  // namespace writ::compiler
