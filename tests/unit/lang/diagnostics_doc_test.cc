// Each code of this library has a section in docs/diagnostics.md, whose examples do what the page
// says, and a case in tests/cases/parse that gets it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "support/diagnostics_doc.h"
#include "writ/lang/house.h"

namespace writ::lang {
namespace {

const std::filesystem::path kRoot = WRIT_SOURCE_DIR;

std::set<std::string> Codes() {
  std::set<std::string> codes;
  for (const DiagnosticInfo& info : AllDiagnosticKinds()) {
    if (info.kind <= DiagnosticKind::kUseCycle) codes.emplace(info.code);
  }
  return codes;
}

// Codes without an example on the page, and why.
const std::set<std::string> kNoExample = {
    "file-too-large",  "too-many-errors",
    "too-deep",        "declaration-too-long",  // too long for a page
    "invalid-utf8",    "hidden-character",      // a page cannot show it
    "unreadable-file",                          // depends on the machine
};
// Codes that a single file cannot get, or not a short one; each is in parse_test.cc or
// house_test.cc.
const std::set<std::string> kNoCase = {
    "file-too-large",  "too-many-errors", "declaration-too-long", "invalid-utf8",
    "unreadable-file", "unknown-policy",  "policy-found-twice",   "version-mismatch",
    "use-cycle",       "amends-wrong",    "amends-since",
    "narrows-wrong",
};

// The codes that the policy gets, loaded with the files of its section beside it.
std::vector<std::string> Load(const std::string& text, const DocSection& section) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("writ_doc_" + std::to_string(getpid()));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  for (const auto& [name, content] : section.files) std::ofstream(folder / name) << content;
  std::ofstream(folder / "main.writ") << text;
  SourceSet sources;
  DiagnosticSink sink;
  (void)LoadHouse(sources, (folder / "main.writ").string(), {}, sink);
  std::filesystem::remove_all(folder);
  std::vector<std::string> codes;
  for (const Diagnostic& diagnostic : sink.Sorted()) {
    const std::string code(Info(diagnostic.kind).code);
    if (codes.empty() || codes.back() != code) codes.push_back(code);
  }
  return codes;
}

TEST(DiagnosticsDoc, EveryCodeHasAFailingAndAMendedExample) {
  const auto sections = ReadDiagnosticsDoc(kRoot / "docs/diagnostics.md");
  for (const std::string& code : Codes()) {
    const auto section = sections.find(code);
    ASSERT_NE(section, sections.end()) << code;
    if (kNoExample.contains(code)) continue;
    EXPECT_FALSE(section->second.fails.empty()) << code;
    EXPECT_FALSE(section->second.mended.empty()) << code;
    for (const std::string& text : section->second.fails) {
      EXPECT_EQ(Load(text, section->second), std::vector<std::string>{code}) << text;
    }
    for (const std::string& text : section->second.mended) {
      EXPECT_EQ(Load(text, section->second), std::vector<std::string>{}) << text;
    }
  }
}

TEST(DiagnosticsDoc, HasNoSectionForACodeThatIsGone) {
  for (const auto& [code, section] : ReadDiagnosticsDoc(kRoot / "docs/diagnostics.md")) {
    EXPECT_TRUE(KindByCode(code)) << code;
  }
}

TEST(DiagnosticsDoc, EveryCodeHasACase) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "tests/cases/parse")) {
    std::ifstream in(entry.path());
    all.append(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  for (const std::string& code : Codes()) {
    if (kNoCase.contains(code)) continue;
    EXPECT_NE(all.find("// expect error: " + code + " @"), std::string::npos) << code;
  }
}

}  // namespace
}  // namespace writ::lang
