// The formatter on the generator's policies, which use every word of the language: the tree stays,
// and formatting twice is formatting once.
#include <gtest/gtest.h>

#include "differential/generate.h"
#include "writ/lang/format.h"

namespace writ::oracle {
namespace {

TEST(Format, ChangesNoGeneratedTree) {
  std::size_t files = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed);
    const Shape shape{.facts = 5, .meters = 2, .clauses = 6, .depth = 3, .small = seed % 2 == 0};
    for (const Block& file : GeneratePolicy(random, shape)) {
      lang::SourceSet sources;
      lang::DiagnosticSink sink;
      const lang::FileId before = sources.AddText("before.writ", Print(file));
      const std::optional<std::string> formatted = lang::Format(sources, before, sink);
      ASSERT_TRUE(formatted.has_value()) << "seed " << seed << '\n'
                                         << lang::RenderText(sink, sources);
      const lang::FileId after = sources.AddText("after.writ", *formatted);
      EXPECT_EQ(lang::Format(sources, after, sink), formatted) << "seed " << seed;
      const auto policies = [&](lang::FileId id) {
        const std::optional<lang::Ast> ast = lang::Parse(sources, id, sink);
        return ast ? ast->policies : std::vector<lang::Policy>();
      };
      EXPECT_TRUE(policies(before) == policies(after)) << "seed " << seed << '\n' << *formatted;
      EXPECT_EQ(policies(before).size(), 1U);
      ++files;
    }
  }
  EXPECT_GE(files, 100U);
}

}  // namespace
}  // namespace writ::oracle
