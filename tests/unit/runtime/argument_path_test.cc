// Paths into arguments: what is one, and its steps.
#include "writ/runtime/argument_path.h"

#include <gtest/gtest.h>

#include <string>

namespace writ::runtime {
namespace {

TEST(ArgumentPath, Steps) {
  std::string_view rest = ".a_1[\"b c\"][0][12][*]";
  PathStep step;
  ASSERT_TRUE(TakePathStep(rest, &step));
  EXPECT_EQ(step.kind, PathStepKind::kMember);
  EXPECT_EQ(step.name, "a_1");
  ASSERT_TRUE(TakePathStep(rest, &step));
  EXPECT_EQ(step.name, "b c");
  ASSERT_TRUE(TakePathStep(rest, &step));
  EXPECT_EQ(step.kind, PathStepKind::kElement);
  EXPECT_EQ(step.index, 0u);
  ASSERT_TRUE(TakePathStep(rest, &step));
  EXPECT_EQ(step.index, 12u);
  ASSERT_TRUE(TakePathStep(rest, &step));
  EXPECT_EQ(step.kind, PathStepKind::kAll);
  EXPECT_TRUE(rest.empty());
}

TEST(ArgumentPath, WhatIsOne) {
  for (const char* path :
       {"$", "$.a", "$._", "$[\"\"]", "$[\"\xc3\xbc\"]", "$[*][*]", "$[9999]", "$[0]"})
    EXPECT_TRUE(IsArgumentPath(path)) << path;
  for (const char* path : {"",          "a",      "$$",    "$.",    "$..a",     "$.1",
                           "$.a-b",     "$[",     "$[]",   "$[a]",  "$[\"a]",   "$[\"a\"",
                           "$[\"\\\"]", "$['a']", "$[01]", "$[00]", "$[10000]", "$[99999999999]",
                           "$[-1]",     "$[*",    "$[*].", "$ .a"})
    EXPECT_FALSE(IsArgumentPath(path)) << path;
  std::string longest = "$";
  for (std::uint32_t i = 0; i < kMaxPathSteps; ++i) longest += ".a";
  EXPECT_TRUE(IsArgumentPath(longest));
  EXPECT_FALSE(IsArgumentPath(longest + ".a"));
}

}  // namespace
}  // namespace writ::runtime
