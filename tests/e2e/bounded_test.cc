// What is much too large, too deep or too wrong is answered in few words, without being read whole.
// The bounds are held by counting what was read and said, never by a clock.
#include <algorithm>
#include <fstream>
#include <string>

#include "support/command.h"
#include "writ/lang/diagnostic.h"
#include "writ/lang/source_set.h"

namespace writ::e2e {
namespace {

using namespace command;

constexpr char kHead[] = "policy acme.bounded 1.0.0\neffective 2026-01-01\n";

std::string Repeat(std::string_view text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

class Bounded : public Workspace {
 protected:
  // `check` and `fmt` both refuse the file with this code and exit code 2, in few words.
  void ExpectRefused(const std::string& path, const std::string& code) {
    for (const char* verb : {"check", "fmt"}) {
      const Result result = Writ({verb, path});
      EXPECT_EQ(result.exit, 2) << verb;
      EXPECT_NE(result.err.find("[" + code + "]"), std::string::npos) << result.err.substr(0, 2000);
      EXPECT_NE(result.err.find("\nnext: "), std::string::npos) << verb;
      EXPECT_LT(result.err.size(), 500'000U) << verb;
    }
  }
};

TEST_F(Bounded, AHundredMegabytesAreRefusedUnread) {
  const std::string path = Path("large.writ");
  {
    std::ofstream out(path, std::ios::binary);
    const std::string megabyte = Repeat("role somebody human\n", 50'000) + "\n";
    for (int i = 0; i < 100; ++i) out << megabyte;
  }
  lang::SourceSet sources;
  const auto file = sources.AddFile(path);
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE(sources.TooLarge(*file));
  EXPECT_TRUE(sources.Text(*file).empty()) << "nothing of it is kept";
  EXPECT_EQ(sources.SizeBytes(*file), std::filesystem::file_size(path));
  ExpectRefused(path, "file-too-large");
  EXPECT_EQ(std::filesystem::file_size(path), 100'000'100U);
}

TEST_F(Bounded, AStreamWithoutEndIsLeftAtTheLimit) {
  lang::SourceSet sources;
  const auto file = sources.AddFile("/dev/zero");
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE(sources.TooLarge(*file));
  EXPECT_EQ(sources.SizeBytes(*file), sources.max_file_bytes() + 1);
}

TEST_F(Bounded, NestingAHundredThousandDeep) {
  constexpr std::size_t kDeep = 100'000;
  const std::string condition = Repeat("(", kDeep) + "a" + Repeat(")", kDeep);
  ExpectRefused(Write("a.writ", kHead + ("region r when " + condition)), "too-deep");
  ExpectRefused(Write("b.writ", kHead + ("region r when " + Repeat("not ", kDeep) + "a")),
                "too-deep");
  ExpectRefused(Write("c.writ", kHead + ("let l = " + Repeat("max(", kDeep))), "too-deep");
  ExpectRefused(Write("d.writ", kHead + ("delegation d { for a { " + Repeat("{ ", kDeep))),
                "unexpected");
  ExpectRefused(Write("e.writ", kHead + Repeat("delegation d { for a { ", kDeep)),
                "declaration-too-long");
}

TEST_F(Bounded, TenThousandMistakes) {
  const std::string path =
      Write("a.writ", kHead + ("delegation d {\n" + Repeat("limit a 5\n", 10'000) + "}\n"));
  ExpectRefused(path, "too-many-errors");
  const Result result = Writ({"check", path});
  std::size_t shown = 0;
  for (std::size_t at = result.err.find("error["); at != std::string::npos;
       at = result.err.find("error[", at + 1)) {
    ++shown;
  }
  EXPECT_EQ(shown, lang::DiagnosticSink::kDefaultMaxCount + 1);
  const Result json = Writ({"check", "--format", "json", path});
  EXPECT_NE(json.out.find("\"too-many-errors\""), std::string::npos);
  EXPECT_LT(json.out.size(), 600'000U);
}

TEST_F(Bounded, OneLineOfTenMegabytes) {
  const std::string large = Repeat("x", 10'000'000);
  ExpectRefused(Write("a.writ", kHead + ("role " + large + " human\n")), "file-too-large");
  // Below the limit of a file: one word, one text, one list, one comment.
  const std::string long_word = Repeat("x", 7'000'000);
  ExpectRefused(Write("b.writ", kHead + ("role " + long_word + " humn\n")), "unknown-word");
  ExpectRefused(Write("c.writ", kHead + ("\"" + long_word + "\n")), "unterminated-text");
  ExpectRefused(Write("d.writ", kHead + ("group g = a" + Repeat(", a", 2'000'000))),
                "declaration-too-long");
  EXPECT_EQ(Writ({"fmt", Write("e.writ", std::string(kHead) + "//" + long_word)}).exit, 0);
}

TEST_F(Bounded, BytesThatAreNoText) {
  ExpectRefused(Write("a.writ", std::string(kHead) + "\"\xC3\x28\"\n"), "invalid-utf8");
  ExpectRefused(Write("b.writ", Repeat("\xFF", 1'000'000)), "invalid-utf8");
  ExpectRefused(Write("c.writ", std::string(1'000'000, '\0')), "stray-character");
}

TEST_F(Bounded, PoliciesThatUseEachOtherInACircle) {
  constexpr int kCount = 150;
  for (int i = 0; i < kCount; ++i) {
    const auto name = [](int n) { return "acme.p" + std::to_string(n % kCount); };
    Write("p" + std::to_string(i) + ".writ",
          "policy " + name(i) + " 1.0.0\neffective 2026-01-01\nuse " + name(i + 1) + "\n");
  }
  const Result result = Writ({"check", Path("p0.writ")});
  EXPECT_EQ(result.exit, 2);
  EXPECT_NE(result.err.find("[use-cycle]"), std::string::npos) << result.err.substr(0, 2000);
  EXPECT_LT(result.err.size(), 100'000U);
}

}  // namespace
}  // namespace writ::e2e
