// Patterns: what is one, what it matches, and that its automaton is the smallest and says the same.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "writ/compiler/pattern_automaton.h"
#include "writ/runtime/pattern.h"

namespace writ::compiler {
namespace {

// By automaton and by tree, which agree.
bool Matches(const std::string& pattern, const std::string& text) {
  const auto tree = ReadPattern(pattern);
  if (!tree) {
    ADD_FAILURE() << pattern << ": " << tree.error().what;
    return false;
  }
  const auto automaton = CompileAutomaton(*tree, pattern);
  if (!automaton) {
    ADD_FAILURE() << pattern << ": too large";
    return false;
  }
  const bool accepted = Accepts(*automaton, text);
  EXPECT_EQ(accepted, MatchesTree(*tree, text)) << pattern << " on " << text;
  return accepted;
}

std::uint32_t States(const std::string& pattern) {
  const auto tree = ReadPattern(pattern);
  const auto automaton = tree ? CompileAutomaton(*tree, pattern) : std::nullopt;
  return automaton ? automaton->states : 0;
}

std::string Fault(const std::string& pattern) {
  const auto tree = ReadPattern(pattern);
  return tree ? "" : std::to_string(tree.error().offset) + ": " + tree.error().what;
}

TEST(Pattern, TheWholeTextIsMeant) {
  EXPECT_TRUE(Matches("[a-z]+@corp[.]com", "a@corp.com"));
  for (const char* text : {"A@corp.com", "a@corp.com.evil.org", "a@corp.com\n", "", "@corp.com",
                           "a@corpxcom", "xa@corp.com "})
    EXPECT_FALSE(Matches("[a-z]+@corp[.]com", text)) << text;
}

TEST(Pattern, EachConstruct) {
  EXPECT_TRUE(Matches("a.c", "a\nc"));
  EXPECT_TRUE(Matches("a.c",
                      "a\xe2\x82\xac"
                      "c"));
  EXPECT_FALSE(Matches("a.c", "ac"));
  EXPECT_TRUE(Matches("[^a-c]", "d"));
  EXPECT_FALSE(Matches("[^a-c]", "b"));
  EXPECT_TRUE(Matches("[a-]", "-"));
  EXPECT_TRUE(Matches("[.*+?(){}|^$]+", ".*+?(){}|^$"));
  EXPECT_TRUE(Matches("\\.\\*\\\\\\[", ".*\\["));
  EXPECT_TRUE(Matches("[\\]\\^-]", "]"));
  EXPECT_TRUE(Matches("ab|cd", "cd"));
  EXPECT_FALSE(Matches("ab|cd", "abcd"));
  EXPECT_TRUE(Matches("a(b|c)*d", "abcbd"));
  EXPECT_TRUE(Matches("a{3}", "aaa"));
  EXPECT_FALSE(Matches("a{3}", "aa"));
  EXPECT_TRUE(Matches("a{2,}", "aaaaa"));
  EXPECT_FALSE(Matches("a{2,4}", "aaaaa"));
  EXPECT_TRUE(Matches("(a?){3}", ""));
  EXPECT_TRUE(Matches("(a*)*", "aaa"));
  EXPECT_TRUE(Matches("(?i)ok-[x-z]\xc3\xa9", "Ok-Y\xc3\xa9"));
  EXPECT_FALSE(Matches("(?i)\xc3\xa9", "\xc3\x89"));
  EXPECT_TRUE(Matches("(?i)[^a]", "b"));
  EXPECT_FALSE(Matches("(?i)[^a]", "A"));
}

TEST(Pattern, CharactersAreThoseOfUnicode) {
  EXPECT_TRUE(Matches("[\xce\xb1-\xcf\x89]+", "\xce\xb1\xce\xb2"));
  EXPECT_FALSE(Matches("[\xce\xb1-\xcf\x89]+", "\xcf\x8a"));
  EXPECT_TRUE(Matches(".", "\xf0\x9f\x98\x80"));
  EXPECT_FALSE(Matches(".", "\xed\xa0\x80"));  // a surrogate
  EXPECT_FALSE(Matches(".*", "\xc0\x80"));     // an overlong form
  EXPECT_FALSE(Matches(".*", "a\xff"));
  EXPECT_FALSE(Matches("[^a]*", "\xf4\x90\x80\x80"));  // beyond the last character
}

TEST(Pattern, WhatIsNone) {
  EXPECT_EQ(Fault(""), "0: an empty pattern matches the empty text alone");
  EXPECT_EQ(Fault("a|"), "2: nothing stands here");
  EXPECT_EQ(Fault("a()"), "2: nothing stands here");
  EXPECT_EQ(Fault("(a"), "2: a `(` that is not closed");
  EXPECT_EQ(Fault("a)"), "1: a `)` that closes nothing");
  EXPECT_EQ(Fault("[a"), "2: a `[` that is not closed");
  EXPECT_EQ(Fault("[]"), "1: brackets without a character");
  EXPECT_EQ(Fault("[z-a]"), "4: a range runs from a smaller character to a greater one");
  EXPECT_EQ(Fault("*a"), "0: a repetition of nothing");
  EXPECT_EQ(Fault("a**"), "2: a repetition of a repetition");
  EXPECT_EQ(Fault("a{"), "2: how often it repeats is no number");
  EXPECT_EQ(Fault("a{3,2}"), "5: how often it repeats is no number");
  EXPECT_EQ(Fault("a{1001}"), "5: how often it repeats is no number");
  EXPECT_EQ(Fault("^a"), "0: a pattern always speaks of the whole text");
  EXPECT_EQ(Fault("(?:a)"), "1: a group of another notation");
  EXPECT_EQ(Fault("\\d"), "0: a backslash takes its meaning from a sign, and this is none");
  EXPECT_EQ(Fault("a\\"), "2: nothing follows");
  EXPECT_EQ(Fault("a\xff"), "1: this is not UTF-8");
  EXPECT_EQ(Fault(std::string(kMaxPatternDepth, '(') + "a" + std::string(kMaxPatternDepth, ')')),
            "");
  EXPECT_EQ(Fault(std::string(kMaxPatternDepth + 1, '(') + "a"),
            "32: groups are nested deeper than 32");
  EXPECT_EQ(Fault(std::string(kMaxPatternBytes + 1, 'a')), "0: a pattern has at most 1000 bytes");
}

TEST(Pattern, TheAutomatonIsTheSmallest) {
  EXPECT_EQ(States("a"), 3u);          // nothing yet, seen, too much or something else
  EXPECT_EQ(States("(a|b)*abb"), 5u);  // the book's example, and other bytes
  EXPECT_EQ(States("(a|aa|aaa)*"), 2u);
  EXPECT_EQ(States("[ab]{2,2}|aa|bb"), States("[ab]{2}"));
  EXPECT_EQ(States(".*"), States("(.|..)*"));
  const auto a = CompileAutomaton(*ReadPattern("(x|y)(x|y)*"), "p");
  const auto b = CompileAutomaton(*ReadPattern("[xy]+"), "p");
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->next, b->next);  // equal languages are equal tables
  EXPECT_EQ(a->class_of, b->class_of);
  EXPECT_EQ(a->accepting, b->accepting);
}

TEST(Pattern, SizeIsBounded) {
  EXPECT_EQ(States("a{998}"), 1000u);
  EXPECT_EQ(States("a{999}"), 0u);
  EXPECT_EQ(States("(a|b)*a(a|b){20}"), 0u);  // a million states
  EXPECT_EQ(States("((a{100}){100}){100}"), 0u);
  EXPECT_EQ(States("((((.{9}){9}){9}){9}){9}"), 0u);
}

TEST(Pattern, Domains) {
  const std::string corp = DomainPattern("corp.com");
  for (const char* text :
       {"corp.com", "mail.corp.com", "CORP.com.", "a@corp.com", "x@y@eu.corp.com"})
    EXPECT_TRUE(Matches(corp, text)) << text;
  for (const char* text :
       {"notcorp.com", "corp.com.evil.org", "a@corp.com@evil.org", "a@.corp.com", "corpxcom",
        "a@corp.com..", "evil.org/corp.com", "evil.org#@x/corp.com", "a b.corp.com", ""})
    EXPECT_FALSE(Matches(corp, text)) << text;
  for (const char* none :
       {"", "com", "Corp.com", "corp..com", ".corp.com", "corp.com.", "a b.com", "c*.com"})
    EXPECT_EQ(DomainPattern(none), "") << none;
}

// Small random patterns on all short texts over a few characters.
class RandomPattern {
 public:
  explicit RandomPattern(std::uint64_t seed) : random_(seed) {}
  std::string Make(int depth) {
    switch (depth == 0 ? random_() % 4 : random_() % 9) {
      case 0:
        return "a";
      case 1:
        return "[b\xc3\xa9]";
      case 2:
        return "[^a]";
      case 3:
        return ".";
      case 4:
        return "(" + Make(depth - 1) + "|" + Make(depth - 1) + ")";
      case 5:
        return "(" + Make(depth - 1) + ")*";
      case 6:
        return "(" + Make(depth - 1) + "){1,2}";
      case 7:
        return "(" + Make(depth - 1) + ")?";
      default:
        return Make(depth - 1) + Make(depth - 1);
    }
  }

 private:
  std::mt19937_64 random_;
};

TEST(Pattern, AutomatonAndTreeAgree) {
  std::vector<std::string> texts = {""};
  for (std::size_t i = 0; i < texts.size() && texts.size() < 700; ++i) {
    for (const char* next : {"a", "b", "\xc3\xa9", "\xc3", "z"}) texts.push_back(texts[i] + next);
  }
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const std::string pattern = RandomPattern(seed).Make(4);
    const auto tree = ReadPattern(pattern);
    ASSERT_TRUE(tree) << pattern;
    const auto automaton = CompileAutomaton(*tree, pattern);
    ASSERT_TRUE(automaton) << pattern;
    for (const std::string& text : texts)
      ASSERT_EQ(Accepts(*automaton, text), MatchesTree(*tree, text)) << pattern << " on " << text;
  }
}

TEST(Utf8, TheRuntimeKnowsItAsWeDo) {
  std::mt19937_64 random(7);
  std::vector<std::uint32_t> codes;
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    for (std::uint64_t n = random() % 6; n > 0; --n) {
      static constexpr unsigned char kBytes[] = {'a',  0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                                 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
                                                 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF};
      text += static_cast<char>(kBytes[random() % std::size(kBytes)]);
    }
    ASSERT_EQ(runtime::IsUtf8(text), DecodeUtf8(text, &codes)) << ::testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace writ::compiler
