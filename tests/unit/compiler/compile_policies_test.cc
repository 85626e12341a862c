// The policies that ship compile, with every proof, to the same bytes each time.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "writ/compiler/compile.h"
#include "writ/lang/house.h"

namespace writ::compiler {
namespace {

std::vector<std::filesystem::path> Policies() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(WRIT_SOURCE_DIR) / "policies"))
    if (entry.path().extension() == ".writ") paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

std::optional<Compiled> CompileFile(const std::string& path, std::string& text) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const lang::LoadResult loaded = lang::LoadHouse(sources, path, {}, sink);
  std::optional<Compiled> compiled;
  if (loaded.house && !sink.HasErrors()) {
    std::vector<const lang::Policy*> policies;
    for (const lang::HousePolicy& one : loaded.house->policies) policies.push_back(&one.policy);
    compiled = Compile(policies, sources, sink);
  }
  text = lang::RenderText(sink, sources);
  return compiled;
}

class CompilePolicy : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(CompilePolicy, IsProvedAndAlwaysTheSame) {
  std::string text;
  const auto compiled = CompileFile(GetParam().string(), text);
  ASSERT_TRUE(compiled) << text;
  const auto again = CompileFile(GetParam().string(), text);
  ASSERT_TRUE(again);
  EXPECT_EQ(compiled->bytes, again->bytes);
  const Verification& verification = compiled->verification;
  EXPECT_EQ(verification.examples_passed, compiled->program.examples.size());
  EXPECT_EQ(verification.invariants_proved, compiled->program.invariants.size());
  EXPECT_EQ(verification.bits_compared_capabilities, compiled->model.capabilities.size());
}

INSTANTIATE_TEST_SUITE_P(Shipped, CompilePolicy, testing::ValuesIn(Policies()),
                         [](const auto& one) { return one.param.stem().string(); });

}  // namespace
}  // namespace writ::compiler
