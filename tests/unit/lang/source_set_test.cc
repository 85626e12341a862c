#include "writ/lang/source_set.h"

#include <gtest/gtest.h>

#include <string>

namespace writ::lang {
namespace {

TEST(SourceSet, FindsPlaces) {
  SourceSet sources;
  const FileId file = sources.AddText("a.writ", "ab\n\nçd\r\nlast");
  EXPECT_EQ(sources.LineColumn({0, 0, 1}), (Place{1, 1}));
  EXPECT_EQ(sources.LineColumn({0, 2, 2}), (Place{1, 3}));
  EXPECT_EQ(sources.LineColumn({0, 3, 3}), (Place{2, 1}));
  EXPECT_EQ(sources.LineColumn({0, 6, 7}), (Place{3, 2})) << "columns are code points";
  EXPECT_EQ(sources.EndLineColumn({0, 6, 7}), (Place{3, 3}));
  EXPECT_EQ(sources.LineColumn({0, 999, 999}), (Place{4, 5})) << "beyond the end is the end";
  EXPECT_EQ(sources.LineCount(file), 4U);
  EXPECT_EQ(sources.Line(file, 3), "çd");
  EXPECT_EQ(sources.Line(file, 4), "last");
  EXPECT_EQ(sources.Line(file, 2), "");
}

TEST(SourceSet, ViewsStayWhenFilesAreAdded) {
  SourceSet sources;
  const std::string_view text = sources.Text(sources.AddText("a.writ", "short"));
  for (int i = 0; i < 1000; ++i) sources.AddText("b.writ", "another");
  EXPECT_EQ(text, "short");
  EXPECT_EQ(sources.Text({0, 1, 3}), "ho");
  EXPECT_EQ(sources.Text({0, 3, 300}), "rt");
}

TEST(SourceSet, SaysWhyAFileCannotBeRead) {
  SourceSet sources;
  const auto absent = sources.AddFile("/no/such/file.writ");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind, IoError::Kind::kNotFound);
  const auto folder = sources.AddFile("/");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind, IoError::Kind::kNotAFile);
}

TEST(SourceSet, KeepsNoFileThatIsTooLarge) {
  SourceSet sources(SourceOptions{.max_file_bytes = 4});
  const FileId file = sources.AddText("a.writ", "12345");
  EXPECT_TRUE(sources.TooLarge(file));
  EXPECT_EQ(sources.Text(file), "");
  EXPECT_EQ(sources.SizeBytes(file), 5U);
}

TEST(FindInvalidUtf8, FindsTheFirstByte) {
  EXPECT_EQ(FindInvalidUtf8("aä漢🙂"), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8("a\xFF"), 1U);
  EXPECT_EQ(FindInvalidUtf8("ab\xE2\x82"), 2U);
}

}  // namespace
}  // namespace writ::lang
