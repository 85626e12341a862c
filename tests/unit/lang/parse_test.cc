// Ranges, limits, recovery, and what the grammar leaves to the builder.
#include "writ/lang/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "parse_text.h"
#include "writ/lang/dump.h"

namespace writ::lang {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Repeat(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

template <typename T>
const T& Only(const Parsed& parsed) {
  return std::get<T>(parsed.ast->policies.at(0).declarations.at(0));
}

// ---- ranges

TEST(ParseRanges, CountBytesBehindLettersThatTakeMore) {
  const Parsed parsed =
      ParseText("policy a.b 1.0.0\n\"Größe: 5 €, 漢字 🙂\"\nregion r when amount > 5\n");
  ASSERT_THAT(parsed.codes, IsEmpty());
  const Region& region = Only<Region>(parsed);
  EXPECT_EQ(parsed.sources.Text(region.span), "region r when amount > 5");
  EXPECT_EQ(parsed.sources.Text(region.condition.span), "amount > 5");
  EXPECT_EQ(parsed.sources.Text(region.condition.operands[1].span), "5");
  EXPECT_EQ(parsed.sources.LineColumn(region.condition.span), (Place{3, 15}));
}

TEST(ParseRanges, CountColumnsInCodePoints) {
  const Parsed parsed = ParseText("policy a.b 1.0.0\n\"漢字🙂\" region r when a = 80%\n");
  ASSERT_THAT(parsed.codes, ElementsAre("percent"));
  EXPECT_EQ(parsed.sources.LineColumn(parsed.diagnostics[0].span), (Place{2, 25}));
  EXPECT_EQ(parsed.sources.Text(parsed.diagnostics[0].span), "80%");
}

TEST(ParseRanges, IncludeParenthesesAndReasons) {
  const Parsed parsed = ParseBody("guard g { require (a or b) and c \"why\" }");
  const Guard& guard = Only<Guard>(parsed);
  EXPECT_EQ(parsed.sources.Text(guard.clauses[0].span), "require (a or b) and c \"why\"");
  EXPECT_EQ(parsed.sources.Text(guard.clauses[0].condition->operands[0].span), "(a or b)");
}

TEST(ParseRanges, StartAfterAByteOrderMark) {
  const Parsed parsed = ParseText("\xEF\xBB\xBFpolicy a.b 1.0.0\n");
  ASSERT_TRUE(parsed.ast);
  EXPECT_EQ(parsed.ast->policies[0].span.begin, 0U);
}

// ---- limits

TEST(ParseLimits, AnswersDepthOfEveryKind) {
  constexpr std::size_t kDeep = 100'000;
  for (const std::string& text :
       {"let x = " + Repeat("(", kDeep) + "1" + Repeat(")", kDeep),
        "let x = " + Repeat("max(", kDeep) + "1" + Repeat(")", kDeep),
        "let x = " + Repeat("not ", kDeep) + "a", "let x = " + Repeat("-", kDeep) + "1",
        "let x = " + Repeat("a + ", kDeep) + "a", "let x = " + Repeat("a * ", kDeep) + "a"}) {
    const Parsed parsed = ParseBody(text);
    EXPECT_THAT(parsed.codes, Contains("too-deep")) << text.substr(0, 20);
    EXPECT_LE(parsed.codes.size(), 2U) << text.substr(0, 20);
    ASSERT_TRUE(parsed.ast);
    EXPECT_THAT(parsed.ast->policies[0].declarations, IsEmpty());
  }
}

TEST(ParseLimits, SurvivesBracketsThatNeverClose) {
  for (const std::string bracket : {"(", "{", "max(", "{ a {", ")", "}", "let x = {"}) {
    const Parsed parsed = ParseBody("let x = " + Repeat(bracket, 100'000));
    EXPECT_FALSE(parsed.codes.empty());
  }
}

TEST(ParseLimits, AllowsExactlyTheDepth) {
  const ParseOptions options{.max_depth = 10};
  EXPECT_THAT(ParseBody("let x = " + Repeat("(", 10) + "1" + Repeat(")", 10), options).codes,
              IsEmpty());
  EXPECT_THAT(ParseBody("let x = " + Repeat("(", 11) + "1" + Repeat(")", 11), options).codes,
              ElementsAre("too-deep"));
}

// A bracket can hold several levels of the tree.
TEST(ParseLimits, MeasuresTheTreeAndNotTheBrackets) {
  const std::string text = "let x = " + Repeat("(a and -(b + c * ", 90) + "d" + Repeat("))", 90);
  EXPECT_THAT(ParseBody(text).codes, Each("too-deep"));
  EXPECT_FALSE(ParseBody(text).codes.empty());
}

TEST(ParseLimits, WideIsNotDeep) {
  const Parsed parsed = ParseBody("let x = " + Repeat("a or ", 5000) + "a");
  ASSERT_THAT(parsed.codes, IsEmpty());
  EXPECT_EQ(Only<Let>(parsed).value.operands.size(), 5001U);
}

TEST(ParseLimits, RefusesADeclarationWithoutEnd) {
  const Parsed parsed = ParseBody("let x = " + Repeat("a or ", 100) + "a\nrole r human",
                                  {.max_declaration_tokens = 50});
  EXPECT_THAT(parsed.codes, ElementsAre("declaration-too-long"));
  EXPECT_EQ(parsed.ast->policies[0].declarations.size(), 1U);
}

TEST(ParseLimits, RefusesAFileThatIsTooLarge) {
  SourceSet sources(SourceOptions{.max_file_bytes = 10});
  DiagnosticSink sink;
  EXPECT_FALSE(Parse(sources, sources.AddText("a.writ", "policy a.b 1.0.0"), sink));
  EXPECT_EQ(sink.Sorted().at(0).kind, DiagnosticKind::kFileTooLarge);
  EXPECT_THAT(ParseText("policy a.b 1.0.0", {.max_file_bytes = 10}).codes,
              ElementsAre("file-too-large"));
}

TEST(ParseLimits, RefusesWhatIsNotUtf8) {
  for (const std::string bytes :
       {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    const Parsed parsed = ParseText("policy a.b 1.0.0\n\"" + bytes + "\"\n");
    ASSERT_THAT(parsed.codes, ElementsAre("invalid-utf8"));
    EXPECT_EQ(parsed.diagnostics[0].span.begin, 18U);
    EXPECT_FALSE(parsed.ast);
  }
}

TEST(ParseLimits, TenThousandMistakesAreBounded) {
  const Parsed parsed = ParseBody("delegation d {\n" + Repeat("limit a 5\n", 10'000) + "}");
  EXPECT_EQ(parsed.diagnostics.size(), DiagnosticSink::kDefaultMaxCount + 1);
  EXPECT_EQ(parsed.codes.back(), "too-many-errors");
}

// ---- recovery

TEST(ParseRecovery, ReportsTenMistakesAsTenPastAStrayBrace) {
  const Parsed parsed = ParseBody(R"(
threshold = 5
treshold b = 5
threshold c = 80%
anchor board {
  held coo
  deputies
  absorbs legal
}
delegation d {
  from a to b
  may c
  limit amount 5
  }
  escalate wen a
  for c { deny x }
  require a or b and c
}
role r humn
)");
  EXPECT_THAT(parsed.codes, ElementsAre("unexpected", "unexpected", "percent", "unexpected",
                                        "unexpected", "unexpected", "stray-brace", "unexpected",
                                        "unexpected", "and-or-parentheses", "unknown-word"));
}

TEST(ParseRecovery, MissingBracePointsToTheOpeningOne) {
  const Parsed parsed = ParseBody("anchor board {\n  held by coo\n\nrole coo human\n");
  ASSERT_THAT(parsed.codes, ElementsAre("missing-brace"));
  ASSERT_EQ(parsed.diagnostics[0].labels.size(), 1U);
  EXPECT_EQ(parsed.sources.LineColumn(parsed.diagnostics[0].labels[0].span), (Place{2, 14}));
  EXPECT_EQ(parsed.ast->policies[0].declarations.size(), 1U) << "the role after it is kept";
}

TEST(ParseRecovery, MissingBraceOfABlockIsNotTheDelegations) {
  const Parsed parsed =
      ParseBody("delegation d {\n  for a {\n    limit x\n  for b { limit y }\n}\nrole coo human\n");
  ASSERT_THAT(parsed.codes, ElementsAre("missing-brace"));
  EXPECT_EQ(parsed.sources.LineColumn(parsed.diagnostics[0].labels[0].span), (Place{3, 9}));
}

TEST(ParseRecovery, DropsADeclarationWithAMistakeAndKeepsTheRest) {
  const Parsed parsed = ParseBody("role a human\nrole b humn\nrole c human\nthreshold t = 80%\n");
  EXPECT_THAT(parsed.codes, ElementsAre("unknown-word", "percent"));
  EXPECT_EQ(parsed.ast->policies[0].declarations.size(), 2U);
}

TEST(ParseRecovery, ConstructsForLaterAreSkippedWhole) {
  const Parsed parsed = ParseBody(
      "guard g { redact letters { address: 0%, 3€ } }\nrole a human\n"
      "guard h { record x { y } }\nrole b human\n");
  EXPECT_THAT(parsed.codes, ElementsAre("not-yet", "not-yet"));
  EXPECT_EQ(parsed.ast->policies[0].declarations.size(), 2U);
}

TEST(ParseRecovery, NoMessageListsTheWholeLanguage) {
  for (const std::string text :
       {"let x = )", "delegation d { banana }", "capability c { banana }", "banana",
        "threshold t = }", "fact f : ", "role when human", "example \"t\" { -> }"}) {
    for (const Diagnostic& diagnostic : ParseBody(text).diagnostics) {
      EXPECT_LT(diagnostic.message.size(), 220U) << diagnostic.message;
    }
  }
}

TEST(ParseRecovery, SuggestsTheWordThatWasMeant) {
  const auto hint = [](const std::string& text) {
    const Parsed parsed = ParseBody(text);
    return parsed.diagnostics.empty() || parsed.diagnostics[0].hints.empty()
               ? ""
               : parsed.diagnostics[0].hints[0];
  };
  EXPECT_EQ(hint("treshold a = 5"), "did you mean `threshold`?");
  EXPECT_EQ(hint("capability c { kind akt }"), "did you mean `act`?");
  EXPECT_EQ(hint("guard g { escalate wen a }"), "did you mean `when`?");
  EXPECT_EQ(hint("role a human reprots to b"), "did you mean `reports`?");
  EXPECT_EQ(hint("threshold days = 3"), "`days` is a unit and cannot be a name here");
}

// ---- the tree

TEST(ParseTree, AsksForParentheses) {
  const auto codes = [](const std::string& text) {
    return ParseBody("region r when " + text).codes;
  };
  EXPECT_THAT(codes("a or b and c"), ElementsAre("and-or-parentheses"));
  EXPECT_THAT(codes("a and b or c and d"), ElementsAre("and-or-parentheses"));
  EXPECT_THAT(codes("not a and b"), ElementsAre("not-parentheses"));
  EXPECT_THAT(codes("not a = 5 or b"), ElementsAre("not-parentheses"));
  EXPECT_THAT(codes("not not a"), ElementsAre("not-parentheses"));
  EXPECT_THAT(codes("a < b < c"), ElementsAre("chained-comparison"));
  EXPECT_THAT(codes("tier is gold"), ElementsAre("is-for-equals"));
  for (const std::string fine :
       {"a and not b", "(not a) and b", "not (a or b) and c", "(a or b) and c", "a and b and c",
        "not a", "a or (b and not c)"}) {
    EXPECT_THAT(codes(fine), IsEmpty()) << fine;
  }
}

TEST(ParseTree, KnownIsNotMissing) {
  const Parsed parsed = ParseBody(
      "region r when a is known and b is not missing and c is missing and d is not known");
  const Expr& all = Only<Region>(parsed).condition;
  ASSERT_EQ(all.operands.size(), 4U);
  EXPECT_TRUE(all.operands[0].negated);
  EXPECT_TRUE(all.operands[1].negated);
  EXPECT_FALSE(all.operands[2].negated);
  EXPECT_FALSE(all.operands[3].negated);
}

TEST(ParseTree, WordsOfTheLanguageMayBeNames) {
  const Parsed parsed = ParseBody(
      "facts from host { owner, mode, channel, note, kind, system, ceiling, depth, threshold : "
      "text "
      "}\n"
      "region r when capability = c and irreversible and kind = act and risk = x and role = y and "
      "system = z\n"
      "capability c { kind act  input note: text optional, memory: text, optional: text optional "
      "}\n");
  EXPECT_THAT(parsed.codes, IsEmpty());
}

// Nothing separates declarations, so each must end well before the first word of any other.
TEST(ParseTree, AnyDeclarationFollowsAnyOther) {
  const std::vector<std::string> declarations = {
      "threshold t = 5",
      "threshold t = 5 EUR",
      "type t = bool",
      "type t = a",
      "type t = money(EUR)",
      "type t = integer in 0..1",
      "type t = set of id",
      "type t = { a < b }",
      "fact f : bool from host",
      "fact f : id from evidence e missing deny",
      "facts from host { f : bool }",
      "evidence e by c within 5 minutes",
      "role r human",
      "role r human reports to a",
      "anchor a { held by r }",
      "capability c { input i: id }",
      "let l = a",
      "meter m = count c per case",
      "meter m = count c per a within 1 day including this",
      "group g = a, b",
      "pressure p { a < b }",
      "event e from a",
      "delegation d { from a to b }",
      "grant r c under a",
      "grant r c under a expires 2026-12-31",
      "guard g { for every capability require a }",
      "region r when a",
      "invariant i: never allow \"A name would be taken for a capability here.\"",
      "invariant i: never allow c when a is missing",
      "sample s = r c { a: missing }",
      "example \"e\" { s -> allow }",
  };
  for (const std::string& first : declarations) {
    for (const std::string& second : declarations) {
      const Parsed parsed = ParseBody(first + "\n" + second);
      EXPECT_THAT(parsed.codes, IsEmpty()) << first << '\n' << second;
      EXPECT_EQ(parsed.ast->policies.at(0).declarations.size(), 2U) << first << '\n' << second;
    }
  }
}

TEST(ParseTree, EqualityIgnoresRanges) {
  const Parsed a = ParseBody("region r when a=5");
  const Parsed b = ParseBody("region   r\n  when a  =  5 // the same");
  EXPECT_EQ(*a.ast, *b.ast);
  EXPECT_NE(*a.ast, *ParseBody("region r when a = 6").ast);
}

TEST(ParseTree, IsDumpedAsTheHeaderSays) {
  const Parsed parsed = ParseText("policy a.b 1.0.0 guard g { limit amount <= 200 EUR else deny }");
  EXPECT_EQ(
      DumpJson(*parsed.ast),
      R"({"policies":[{"declarations":[{"at":[17,62],"clauses":[{"at":[27,60],"condition":{"at":[33,50],)"
      R"("kind":"compare","op":"less_equal","operands":[{"at":[33,39],"kind":"name","name":"amount"},)"
      R"({"at":[43,50],"kind":"literal","literal":{"kind":"money","text":"200","unit":"EUR"}}]},)"
      R"("else_deny":true,"kind":"limit"}],"decl":"guard","every":true,"name":"g"}],"name":"a.b","version":"1.0.0"}]})");
}

TEST(ParseTree, VersionsStandBelowEachOther) {
  const Parsed parsed = ParseText(
      "policy a.b 1.0.0\n\"One.\"\nrole a human\n"
      "policy a.b 2.0.0 amends a.b 1.0.0\n\"Two.\"\neffective 2026-01-01\nrole a agent\n"
      "policy a.b 1.1.0 amends a.b 1.0.0\nrole b human\nrole c human\n");
  EXPECT_THAT(parsed.codes, IsEmpty());
  ASSERT_EQ(parsed.ast->policies.size(), 3U);
  const Policy& second = parsed.ast->policies[1];
  EXPECT_EQ(second.version.text, "2.0.0");
  EXPECT_EQ(second.title->text, "Two.");
  EXPECT_EQ(second.declarations.size(), 1U);
  EXPECT_TRUE(second.span.Holds(second.effective->span));
  EXPECT_FALSE(second.span.Holds(parsed.ast->policies[0].title->span));
  EXPECT_FALSE(second.span.Holds(parsed.ast->policies[2].name.span));
  EXPECT_EQ(parsed.ast->policies[2].declarations.size(), 2U);
}

TEST(ParseTree, NeedsAPolicy) {
  EXPECT_THAT(ParseText("").codes, ElementsAre("no-policy"));
  EXPECT_THAT(ParseText("role a human").codes, ElementsAre("no-policy"));
  EXPECT_FALSE(ParseText("role a human").ast);
  EXPECT_THAT(ParseText("policy a.b 1.0.0 policy c.d 1.0.0").codes,
              ElementsAre("several-policies"));
  EXPECT_THAT(ParseText("policy a.b 1.0.0 policy a.b 2.0.0").codes,
              ElementsAre("several-policies"));
  EXPECT_THAT(ParseText("policy a.b 1.0.0 policy a.b 1.0.0 amends a.b 1.0.0").codes,
              ElementsAre("several-policies"));
  EXPECT_THAT(ParseText("policy a.b 1.0.0 policy a.b 3.0.0 amends a.b 2.0.0").codes,
              ElementsAre("several-policies"));
  EXPECT_THAT(ParseText("policy a.b 1.0.0 role a human\nuse c.d").codes,
              ElementsAre("head-out-of-place"));
}

}  // namespace
}  // namespace writ::lang
