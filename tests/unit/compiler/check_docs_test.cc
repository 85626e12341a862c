// The examples of docs/diagnostics.md that are about the checker: each code has a section with a
// policy that gets it, and the same policy mended.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "check_text.h"
#include "support/diagnostics_doc.h"

namespace writ::compiler {
namespace {

std::set<std::string> CheckerCodes() {
  std::set<std::string> codes;
  for (const lang::DiagnosticInfo& info : lang::AllDiagnosticKinds()) {
    if (info.kind >= lang::DiagnosticKind::kTooLarge && info.kind <= lang::DiagnosticKind::kExpired)
      codes.emplace(info.code);
  }
  return codes;
}

TEST(CheckDocs, EveryCodeHasAFailingAndAMendedExample) {
  const auto sections =
      ReadDiagnosticsDoc(std::filesystem::path(WRIT_SOURCE_DIR) / "docs/diagnostics.md");
  const std::set<std::string> exempt = {"too-large"};  // its example would be too large
  for (const std::string& code : CheckerCodes()) {
    const auto section = sections.find(code);
    ASSERT_NE(section, sections.end()) << code;
    if (exempt.contains(code)) continue;
    ASSERT_FALSE(section->second.fails.empty()) << code;
    ASSERT_FALSE(section->second.mended.empty()) << code;
    for (const std::string& text : section->second.fails) {
      const Checked checked = CheckText(text, OptionsIn(text));
      EXPECT_EQ(checked.codes, std::vector<std::string>{code}) << checked.text;
    }
    for (const std::string& text : section->second.mended) {
      const Checked checked = CheckText(text, OptionsIn(text));
      EXPECT_TRUE(checked.program) << code << "\n" << checked.text;
      EXPECT_EQ(checked.codes, std::vector<std::string>{}) << code << "\n" << checked.text;
    }
  }
}

// The same of the cases: a code that no case gets is a code that nobody has seen.
TEST(CheckDocs, EveryCodeHasACase) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(WRIT_SOURCE_DIR) / "tests/cases/check")) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path());
    all.append(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  for (const std::string& code : CheckerCodes()) {
    if (code == "too-large") continue;  // tests/unit/compiler/check_program_test.cc
    EXPECT_NE(all.find(": " + code + " @"), std::string::npos) << code;
  }
}

}  // namespace
}  // namespace writ::compiler
