// Texts that patterns and prefixes leave: the shortest ones, all of them where there are few, none
// where there is none.
#include "writ/analysis/language.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "writ/compiler/pattern_automaton.h"

namespace writ::analysis {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Texts {
 public:
  Texts& That(const std::string& pattern, bool wanted = true) {
    const table::Pattern& p =
        kept_.emplace_back(*compiler::CompileAutomaton(*compiler::ReadPattern(pattern), pattern));
    language_.patterns.push_back(
        {{p.text, p.start, p.accepting, p.states, p.classes, p.class_of.data(), p.next.data()},
         wanted});
    return *this;
  }
  Texts& Not(const std::string& pattern) { return That(pattern, false); }
  Texts& From(const char* prefix, bool wanted = true) {
    language_.prefixes.emplace_back(prefix, wanted);
    return *this;
  }
  std::vector<std::string> First(std::size_t count, const std::vector<std::string>& without = {}) {
    std::vector<std::string> texts;
    EXPECT_TRUE(ShortestTexts(language_, count, without, &texts));
    return texts;
  }
  bool Settled() {
    std::vector<std::string> texts;
    return ShortestTexts(language_, 1, {}, &texts);
  }

 private:
  std::deque<table::Pattern> kept_;
  Language language_;
};

TEST(Language, TheShortestFirst) {
  EXPECT_THAT(Texts().That("[a-c]+@x").First(3), ElementsAre("a@x", "b@x", "c@x"));
  EXPECT_THAT(Texts().That("(ab)*").First(3), ElementsAre("", "ab", "abab"));
  EXPECT_THAT(Texts().That("a|b|c").First(9, {"b"}), ElementsAre("a", "c"));
  EXPECT_THAT(Texts().That("[a-z]{2}").First(700), SizeIs(676));
}

TEST(Language, InclusionIsSeen) {
  EXPECT_THAT(Texts().That("[a-z]+").Not("[a-z0-9]+").First(1), IsEmpty());
  EXPECT_THAT(Texts().That("[a-z0-9]+").Not("[a-z]+").First(1), ElementsAre("0"));
  EXPECT_THAT(Texts().That("a.*").That(".*b").Not("a.*b").First(1), IsEmpty());
  EXPECT_THAT(Texts().That(".*a.*").That(".*b.*").First(1), ElementsAre("ab"));
  EXPECT_THAT(Texts().Not(".*").First(1), IsEmpty());  // nothing that is no UTF-8
}

TEST(Language, PrefixesTakePart) {
  EXPECT_THAT(Texts().That("[ab]+").From("ba").First(2), ElementsAre("ba", "baa"));
  EXPECT_THAT(Texts().That("[ab]+").From("ba", false).First(3), ElementsAre("a", "b", "aa"));
  EXPECT_THAT(Texts().That("a+").From("ab").First(1), IsEmpty());
  EXPECT_THAT(Texts().That("ab?").From("ab", false).First(5), ElementsAre("a"));
}

TEST(Language, TextsAreUtf8) {
  for (const std::string& text : Texts().Not("[ -~]*").First(50))
    EXPECT_TRUE(runtime::IsUtf8(text));
  EXPECT_THAT(Texts().That("[\xc3\xa9\xc3\xa8]").First(5), SizeIs(2));
}

TEST(Language, SizeIsBounded) {
  Texts texts;  // as long as a multiple of all of these: side by side, that many states
  for (const char* length : {"97", "89", "83"}) texts.That(std::string("([ab]{") + length + "})*");
  EXPECT_FALSE(texts.Settled());
}

}  // namespace
}  // namespace writ::analysis
