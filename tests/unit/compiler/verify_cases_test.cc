// Runs every file of tests/cases/verify through the whole route: one fact about what is proved
// each.
//
// A case is a policy beside `shared/house.writ`. Its last lines name exactly what is said about it,
// `// expect error: code
// @line:column` or `// expect warning: …`, each followed by `// expect request: …` where a request
// is shown. WRIT_UPDATE_CASES=1 rewrites them, for review.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "support/diagnostics_doc.h"
#include "support/text_file.h"
#include "writ/compiler/compile.h"
#include "writ/lang/house.h"
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

void Compile(const std::vector<const lang::Policy*>& policies, const lang::SourceSet& sources,
             lang::DiagnosticSink& sink, Outcome& outcome) {
  if (!policies.empty() && !sink.HasErrors())
    outcome.compiled = compiler::Compile(policies, sources, sink).has_value();
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
}

// With the house.
Outcome CompileText(const std::string& text) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const auto policy = lang::Parse(sources, sources.AddText("case.writ", text), sink);
  const auto house = lang::Parse(
      sources, sources.AddText("house.writ", ReadFile(Folder() / "shared/house.writ")), sink);
  std::vector<const lang::Policy*> policies;
  if (policy && house) policies = {&policy->policies[0], &house->policies[0]};
  Outcome outcome;
  Compile(policies, sources, sink, outcome);
  return outcome;
}

// With the files that it uses, amends or narrows, by their names.
Outcome CompileBeside(const std::map<std::string, std::string>& files, const std::string& text) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("writ_verify_" + std::to_string(getpid()));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  for (const auto& [name, content] : files) std::ofstream(folder / name) << content;
  std::ofstream(folder / "main.writ") << text;
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const lang::LoadResult loaded =
      lang::LoadHouse(sources, (folder / "main.writ").string(), {}, sink);
  std::vector<const lang::Policy*> policies;
  if (loaded.house) {
    for (const lang::HousePolicy& member : loaded.house->policies)
      policies.push_back(&member.policy);
  }
  Outcome outcome;
  Compile(policies, sources, sink, outcome);
  std::filesystem::remove_all(folder);
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
  const Outcome outcome = CompileText(text);
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

TEST(VerifyDocs, EveryCodeHasAFailingAndAMendedExample) {
  const auto sections =
      ReadDiagnosticsDoc(std::filesystem::path(WRIT_SOURCE_DIR) / "docs/diagnostics.md");
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
      const Outcome outcome = CompileBeside(section->second.files, text);
      EXPECT_EQ(outcome.codes, std::vector<std::string>{code}) << outcome.text;
    }
    for (const std::string& text : section->second.mended) {
      const Outcome outcome = CompileBeside(section->second.files, text);
      EXPECT_TRUE(outcome.codes.empty()) << outcome.text;
    }
  }
}

// ---- policies that narrow another (docs/semantics.md, M23.5)

constexpr std::string_view kHouse = R"(policy example.house 1.0.0
role lead human
role bot agent
anchor desk { held by lead reached by "queue:desk" within 4 hours on silence deny }
capability look { kind verify risk read_only input order: id }
capability pay { kind act risk destructive input order: id, amount: money(EUR) in 0..1_000 verify with look }
threshold autonomy = 200 EUR "Board decision"
delegation paying {
  from lead to bot may pay anchor desk review every 90 days expires 2030-12-31
  limit amount <= autonomy
}
)";
constexpr std::string_view kExample =
    R"(example "small" { bot pay { order: "A1", amount: 100 EUR } -> )";

std::vector<std::string> CodesOfNarrower(const std::string& house, const std::string& says) {
  return CompileBeside({{"house.writ", house}},
                       "policy example.policy 1.0.0 narrows example.house 1.0.0\n" + says)
      .codes;
}

// A proof that fails leaves a table that can be compared.
TEST(VerifyNarrowing, SaysWhatIsLooserBesideWhatFails) {
  const std::string looser = "threshold autonomy = 250 EUR \"Wished for\"\n";
  const std::string house(kHouse), fails = std::string(kExample) + "deny }\n",
                                   holds = std::string(kExample) + "allow }\n";
  EXPECT_THAT(CodesOfNarrower(house, holds), testing::IsEmpty());
  EXPECT_THAT(CodesOfNarrower(house, fails), testing::ElementsAre("example-fails"));
  EXPECT_THAT(CodesOfNarrower(house, looser + holds), testing::ElementsAre("narrows-looser"));
  EXPECT_THAT(CodesOfNarrower(house, looser + fails),
              testing::UnorderedElementsAre("narrows-looser", "example-fails"));
  EXPECT_THAT(
      CodesOfNarrower(house, "zone \"Europe/Berlin\"\n" + looser +
                                 "invariant low: never allow pay when amount > 220 EUR\n"),
      testing::UnorderedElementsAre("narrows-looser", "narrows-changes", "invariant-fails"));
}

// There is nothing to be within, or nothing to compare.
TEST(VerifyNarrowing, ComparesNothingWithWhatIsWrong) {
  const std::string looser = "threshold autonomy = 250 EUR \"Wished for\"\n";
  EXPECT_THAT(CodesOfNarrower(std::string(kHouse) + std::string(kExample) + "deny }\n", looser),
              testing::ElementsAre("example-fails"));
  EXPECT_THAT(CodesOfNarrower(std::string(kHouse), looser + "guard g { for pay deny when nobody }"),
              testing::ElementsAre("unknown-name"));
}

}  // namespace
}  // namespace writ::compiler
