// The registry, the sink, and both renderings.
#include "writ/lang/diagnostic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "llvm/Support/JSON.h"
#include "parse_text.h"

namespace writ::lang {
namespace {

using testing::HasSubstr;

TEST(DiagnosticKind, CodesAreUniqueAndKebabCase) {
  std::set<std::string_view> codes;
  for (const DiagnosticInfo& info : AllDiagnosticKinds()) {
    EXPECT_TRUE(codes.insert(info.code).second) << info.code;
    EXPECT_EQ(info.code.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              std::string_view::npos)
        << info.code;
    EXPECT_FALSE(info.title.empty());
    EXPECT_FALSE(info.title.ends_with('.')) << info.code;
    EXPECT_EQ(KindByCode(info.code), info.kind);
    EXPECT_EQ(Info(info.kind).code, info.code);
  }
  EXPECT_EQ(KindByCode("no-such-code"), std::nullopt);
}

TEST(DiagnosticSink, SortsAndDropsDoubles) {
  DiagnosticSink sink;
  sink.Report({DiagnosticKind::kUnexpected, {0, 9, 10}, "b"});
  sink.Report({DiagnosticKind::kUnexpected, {0, 1, 2}, "a"});
  sink.Report({DiagnosticKind::kUnexpected, {0, 9, 10}, "b"});
  const std::vector<Diagnostic> sorted = sink.Sorted();
  ASSERT_EQ(sorted.size(), 2U);
  EXPECT_EQ(sorted[0].message, "a");
  EXPECT_EQ(sink.error_count(), 3U);
}

TEST(DiagnosticSink, EndsInTooManyErrors) {
  DiagnosticSink sink(2);
  for (std::uint32_t i = 0; i < 5; ++i)
    sink.Report({DiagnosticKind::kUnexpected, {0, i, i + 1}, "x"});
  const std::vector<Diagnostic> sorted = sink.Sorted();
  ASSERT_EQ(sorted.size(), 3U);
  EXPECT_EQ(sorted.back().kind, DiagnosticKind::kTooManyErrors);
  EXPECT_EQ(sink.error_count(), 5U);
}

TEST(RenderText, ShowsLineCaretsAndHint) {
  SourceSet sources;
  DiagnosticSink sink;
  const FileId file = sources.AddText("refunds.writ", "policy a.b 1.0.0\nthreshold größe = 80%\n");
  (void)Parse(sources, file, sink);
  // `größe` has a letter that no name may have; the share behind it is told as well.
  const std::string text = RenderText(sink, sources);
  EXPECT_THAT(text, HasSubstr("error[percent]: there are no percentages\n   --> refunds.writ:2:19\n"
                              " 2 | threshold größe = 80%\n   |                   ^~~\n  help: "));
}

TEST(RenderText, ShowsLabelsNotesAndWitness) {
  SourceSet sources;
  sources.AddText("a.writ", "one\ntwo three\n");
  DiagnosticSink sink;
  sink.Report(Diagnostic{DiagnosticKind::kUnexpected, {0, 4, 7}, "message"}
                  .At({0, 0, 3}, "the label")
                  .Note("a note")
                  .Hint("a hint")
                  .Witness("amount = 1 EUR"));
  EXPECT_EQ(RenderText(sink, sources),
            "error[unexpected]: message\n   --> a.writ:2:1\n 2 | two three\n   | ^~~\n   ::: "
            "a.writ:1:1\n 1 | one\n"
            "   | ^~~ the label\n  note: a note\n  help: a hint\n  for example: amount = 1 "
            "EUR\n\n1 error\n");
  EXPECT_THAT(RenderText(sink, sources, true), HasSubstr("\x1b[1;31merror[unexpected]\x1b[0m"));
}

TEST(RenderText, CutsLinesThatNobodyCouldRead) {
  SourceSet sources;
  sources.AddText("a.writ", std::string(100'000, 'x') + "!" + std::string(100'000, 'y'));
  DiagnosticSink sink;
  sink.Report({DiagnosticKind::kUnexpected, {0, 100'000, 100'001}, "message"});
  const std::string text = RenderText(sink, sources);
  EXPECT_LT(text.size(), 600U);
  EXPECT_THAT(text, HasSubstr(std::string(80, ' ') + "^\n"));
}

TEST(RenderJson, IsWhatTheHeaderSays) {
  SourceSet sources;
  DiagnosticSink sink;
  const FileId file = sources.AddText("a.writ", "policy a.b 1.0.0\n\"ä\" threshold t = 80%\n");
  (void)Parse(sources, file, sink);
  llvm::Expected<llvm::json::Value> json = llvm::json::parse(RenderJson(sink, sources));
  ASSERT_TRUE(static_cast<bool>(json));
  const llvm::json::Object& root = *json->getAsObject();
  EXPECT_EQ(root.getInteger("errors"), 1);
  const llvm::json::Object& first = *(*root.getArray("diagnostics"))[0].getAsObject();
  EXPECT_EQ(first.getString("code"), "percent");
  EXPECT_EQ(first.getString("severity"), "error");
  const llvm::json::Object& place = *first.getObject("place");
  EXPECT_EQ(place.getInteger("line"), 2);
  EXPECT_EQ(place.getInteger("column"), 19);  // code points
  EXPECT_EQ(place.getInteger("begin"), 36);   // bytes
  EXPECT_EQ(place.getInteger("end_column"), 22);
  EXPECT_EQ(first.get("witness"), nullptr);
}

TEST(NearestName, SuggestsSlipsOnly) {
  const std::vector<std::string> names = {"amount", "confidence", "order.total"};
  EXPECT_EQ(NearestName("amonut", names), "amount");
  EXPECT_EQ(NearestName("order_total", names), "order.total");
  EXPECT_EQ(NearestName("banana", names), std::nullopt);
  EXPECT_EQ(NearestName("amount", names), std::nullopt) << "it is that word already";
  EXPECT_EQ(NearestName("", names), std::nullopt);
}

}  // namespace
}  // namespace writ::lang
