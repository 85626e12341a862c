// What a Program holds: ids in the order of names, inherited words, closed orders, dates in zones.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "check_text.h"
#include "dates.h"
#include "units.h"
#include "writ/compiler/print_expr.h"

namespace writ::compiler {
namespace {

constexpr const char* kHouse = R"(
role coo      human
role head     human  reports to coo
role lead     human  reports to head
role clerk    human  reports to head
role bot      agent
anchor top    { held by coo         reached by "q" within 1h }
anchor middle { held by head        reached by "q" within 1h }
anchor low    { held by lead        reached by "q" within 1h }
anchor both   { held by lead, clerk reached by "q" within 1h }
anchor equal  { held by lead        reached by "q" within 1h  above middle }
capability pay  { kind act  risk destructive  input order: id, amount: money(EUR) in 0..1_000, why: text optional  verify with look }
capability look { kind observe  risk read_only  input order: id }
)";

Program Good(const std::string& text) {
  Checked checked = CheckText(kHouse + text);
  EXPECT_TRUE(checked.program) << checked.text;
  return checked.program ? *std::move(checked.program) : Program{};
}

template <typename List>
std::vector<std::string> NamesOf(const List& list) {
  std::vector<std::string> names;
  for (const auto& one : list) names.push_back(one.name);
  return names;
}

const table::Fact& FactOf(const Program& program, std::string_view name) {
  const auto at = std::ranges::find(program.vocabulary.facts, name, &table::Fact::name);
  EXPECT_NE(at, program.vocabulary.facts.end()) << name;
  return *at;
}

std::vector<std::string> Below(const Program& program, std::string_view name) {
  const auto& anchors = program.vocabulary.anchors;
  std::vector<std::string> below;
  for (const AnchorId id : std::ranges::find(anchors, name, &table::Anchor::name)->below)
    below.push_back(anchors[id.value].name);
  return below;
}

// docs/semantics.md, M3.2.
TEST(CheckProgram, AnchorsRankByHoldersAndByAbove) {
  const Program program = Good("");
  using Names = std::vector<std::string>;
  EXPECT_EQ(Below(program, "top"), (Names{"both", "equal", "low", "middle"}));
  EXPECT_EQ(Below(program, "equal"),
            (Names{"both", "low", "middle"}));  // through `middle`, which `above` puts below
  EXPECT_EQ(Below(program, "middle"),
            (Names{"both", "low"}));  // not `equal`: `above` says the reverse
  EXPECT_EQ(Below(program, "low"), Names{});
  EXPECT_EQ(Below(program, "both"), Names{});
}

TEST(CheckProgram, TheOrderOfDeclarationsDoesNotShow) {
  const std::string one = "threshold small = 5 EUR\nfact b: bool from host\n";
  const std::string two =
      "delegation d { from lead to bot may pay anchor low limit amount <= small deny when b }\n";
  const Program forwards = Good(one + two);
  const Program backwards = Good(two + one);
  EXPECT_EQ(NamesOf(forwards.vocabulary.facts), NamesOf(backwards.vocabulary.facts));
  EXPECT_EQ(NamesOf(forwards.vocabulary.clauses), NamesOf(backwards.vocabulary.clauses));
  EXPECT_TRUE(std::ranges::is_sorted(NamesOf(forwards.vocabulary.facts)));
  EXPECT_TRUE(std::ranges::is_sorted(NamesOf(forwards.vocabulary.roles)));
  EXPECT_TRUE(std::ranges::is_sorted(NamesOf(forwards.vocabulary.capabilities)));
  EXPECT_TRUE(std::ranges::is_sorted(NamesOf(forwards.vocabulary.clauses)));
}

// docs/semantics.md, M3.4.
TEST(CheckProgram, ClausesHaveStableNamesWordsAndReasons) {
  const Program program = Good(R"(
group all = pay, look
fact b: bool from host
guard g "Because of the guard." { for every capability
  deny when b
  note when b "My own."
}
delegation d {
  from lead to bot  may all  anchor low
  limit b           // a comment
    or   not b
  for pay, look { deny when b  deny when not b }
}
grant lead look under low
)");
  using Names = std::vector<std::string>;
  EXPECT_EQ(
      NamesOf(program.vocabulary.clauses),
      (Names{"d/*/limit.1", "d/pay+look/deny.1", "d/pay+look/deny.2", "g/*/deny.1", "g/*/note.1"}));
  EXPECT_EQ(NamesOf(program.vocabulary.authorities), (Names{"d", "g", "lead"}));
  const auto& clauses = program.vocabulary.clauses;
  EXPECT_EQ(clauses[0].words, "limit b or not b");
  EXPECT_EQ(clauses[0].file, "policy.writ");
  EXPECT_EQ(clauses[3].reason, "Because of the guard.");
  EXPECT_EQ(clauses[4].reason, "My own.");
  EXPECT_EQ(clauses[4].line, clauses[3].line + 1);
  EXPECT_EQ(program.guards[0].clauses[0].capabilities.size(), 2U);
  EXPECT_TRUE(program.authorities[1].is_grant);
}

TEST(CheckProgram, MissingWords) {
  const Program program = Good(R"(
facts from host missing escalate { a: bool  b: bool missing deny  c: integer in 0..9 missing 3  d: { x, y } missing y  e: id missing "none" }
pressure loop { calm < hot }
guard g { for pay  deny when a or b or c > 3 or d = y or e = "z" or pressure.loop = hot }
)");
  EXPECT_EQ(FactOf(program, "a").missing, MissingWord::kEscalate);
  EXPECT_EQ(FactOf(program, "b").missing, MissingWord::kDeny);
  EXPECT_EQ(FactOf(program, "c").substitute, 3);
  EXPECT_EQ(FactOf(program, "d").substitute, 1);
  EXPECT_EQ(FactOf(program, "e").substitute_text, "none");
  EXPECT_EQ(FactOf(program, "why").missing, MissingWord::kDeny);
  EXPECT_TRUE(FactOf(program, "pressure.loop").ordered);
}

TEST(CheckProgram, EvidenceAndMeters) {
  const Program program = Good(R"(
evidence seen by look about order within 10 minutes
fact total: money(EUR) in 0..5_000 from evidence seen
meter paid = sum pay.amount per case, order within 24 hours including this
meter last_paid = last pay per session
guard g { for pay  require evidence seen  deny when total > 5 EUR or paid > 5 EUR or last_paid < now or done(pay) > 1 }
)");
  const table::Model& model = program.vocabulary;
  using Names = std::vector<std::string>;
  EXPECT_EQ(NamesOf(model.meters), (Names{"done(pay)", "last_paid", "paid"}));
  const table::Meter& paid = model.meters[2];
  EXPECT_EQ(model.facts[paid.value.value].name, "amount");
  EXPECT_EQ(model.facts[paid.keys[0].value].name, "case");
  EXPECT_EQ(model.facts[paid.keys[1].value].name, "order");
  EXPECT_EQ(paid.window_ms, 86'400'000);
  EXPECT_TRUE(paid.including_this);
  EXPECT_EQ(FactOf(program, "paid").high, check::kDefaultBound);
  EXPECT_EQ(FactOf(program, "last_paid").type, ValueType::kTime);
  EXPECT_EQ(FactOf(program, "done(pay)").high, 1'000'000'000);
  const table::Evidence& seen = model.evidence[0];
  EXPECT_EQ(model.facts[seen.at.value].name, "evidence.seen");
  EXPECT_EQ(model.facts[seen.about_given[0].value].name, "evidence.seen.about.order");
  EXPECT_EQ(model.facts[seen.about_wanted[0].value].name, "order");
  EXPECT_EQ(model.capabilities[1].inputs.size(), 2U);
  EXPECT_EQ(model.capabilities[1].optional_inputs.size(), 1U);
}

TEST(CheckProgram, DatesAreThoseOfTheirPolicy) {
  const Checked checked = CheckTexts(
      {"policy a 1.0.0 effective 2026-07-01 zone \"Europe/Berlin\"\n" + std::string(kHouse) +
           "grant lead look under low expires 2027-03-31\n",
       "policy b 1.0.0 effective 2026-01-01\ngrant clerk look under low expires 2027-03-31\n"});
  ASSERT_TRUE(checked.program) << checked.text;
  EXPECT_EQ(checked.program->vocabulary.effective_ms, *check::Instant("2026-06-30T22:00:00Z", ""));
  EXPECT_EQ(checked.program->vocabulary.zone, "Europe/Berlin");
  const auto& authorities = checked.program->authorities;
  EXPECT_EQ(authorities[0].expires_ms,
            check::Instant("2027-04-01T00:00:00Z", ""));  // clerk, in UTC
  EXPECT_EQ(authorities[1].expires_ms,
            check::Instant("2027-03-31T22:00:00Z", ""));  // lead, after the clocks have changed
}

TEST(CheckProgram, TakesEffectWithTheLastOfItsPolicies) {
  const Checked checked =
      CheckTexts({"policy a 1.0.0 effective 2026-01-01", "policy b 1.0.0 effective 2026-03-01"});
  ASSERT_TRUE(checked.program) << checked.text;
  EXPECT_EQ(checked.program->vocabulary.effective_ms, *check::Instant("2026-03-01T00:00:00Z", ""));
}

TEST(CheckProgram, ExamplesLieOverTheirSamples) {
  const Program program = Good(R"(
delegation d { from lead to bot  may pay  anchor low  limit amount <= 5 EUR }
sample s = bot pay { order: "A", amount: 1 EUR }
example "e" { s with amount: 6 EUR, why: missing -> escalate to low under d because "x" }
)");
  ASSERT_EQ(program.examples.size(), 1U);
  const Example& example = program.examples[0];
  EXPECT_EQ(example.given.size(), 3U);
  EXPECT_EQ(program.vocabulary.facts[example.given[0].fact.value].name, "amount");
  EXPECT_EQ(example.given[0].number, 600);
  EXPECT_EQ(example.given[1].text, "A");
  EXPECT_TRUE(example.given[2].missing);
  EXPECT_EQ(program.vocabulary.authorities[example.under.value].name, "d");
  EXPECT_EQ(example.because, "x");
}

TEST(CheckProgram, BoundsAreDiagnostics) {
  const std::string text =
      std::string(kHouse) +
      "guard g { for pay  deny when amount > 5 EUR  deny when order = \"A\" }\n";
  using Codes = std::vector<std::string>;
  EXPECT_EQ(CheckText(text, {.max_facts = 3}).codes, Codes{"too-large"});
  EXPECT_EQ(CheckText(text, {.max_capabilities = 1}).codes, Codes{"too-large"});
  EXPECT_EQ(CheckText(text, {.max_clauses = 1}).codes, Codes{"too-large"});
  EXPECT_EQ(CheckText(text, {.max_nodes = 1}).codes, Codes{"too-large"});
  EXPECT_TRUE(CheckText(text).program);
}

TEST(CheckProgram, LongChainsOfLetsNeedNoStack) {
  std::string text = "fact f: integer in 0..1 from host\nregion r when l0 > 0\n";
  constexpr int kLength = 10'000;
  for (int i = 0; i < kLength; ++i)
    text += "let l" + std::to_string(i) + " = l" + std::to_string(i + 1) + "\n";
  text += "let l" + std::to_string(kLength) + " = f\n";
  const Checked checked = CheckText(text);
  EXPECT_TRUE(checked.program) << checked.text.substr(0, 500);
}

TEST(Dates, FirstInstantOfADay) {
  EXPECT_EQ(check::FirstInstant("1970-01-01", ""), 0);
  EXPECT_EQ(check::FirstInstant("1970-01-01", "", 1), 86'400'000);
  EXPECT_EQ(check::FirstInstant("2026-03-29", "Europe/Berlin", 1),
            check::Instant("2026-03-29T22:00:00Z", ""));
  // Midnight did not exist in Beirut on this day: clocks went from 00:00 to 01:00.
  EXPECT_EQ(check::FirstInstant("2022-03-27", "Asia/Beirut"),
            check::Instant("2022-03-26T22:00:00Z", ""));
  EXPECT_FALSE(check::FirstInstant("2026-02-29", ""));
  EXPECT_FALSE(check::FirstInstant("0000-01-01", ""));
  EXPECT_TRUE(check::KnownZone("America/New_York"));
  EXPECT_FALSE(check::KnownZone("Mars/Olympus"));
  EXPECT_FALSE(check::KnownZone("../etc/passwd"));
}

TEST(Dates, Timestamps) {
  EXPECT_EQ(check::Instant("2026-10-01T12:00:00Z", "Europe/Berlin"), 1'790'856'000'000);
  EXPECT_EQ(check::Instant("2026-10-01T14:00:00+02:00", ""), 1'790'856'000'000);
  EXPECT_EQ(check::Instant("2026-10-01T14:00:00", "Europe/Berlin"), 1'790'856'000'000);
  EXPECT_EQ(check::Instant("2026-10-01T12:00:00.250Z", ""), 1'790'856'000'250);
  EXPECT_FALSE(check::Instant("2026-10-01T25:00:00Z", ""));
  EXPECT_FALSE(check::Instant("2026-10-01T12:00:00.1234Z", ""));
  EXPECT_EQ(check::PrintInstant(1'790'856'000'250), "2026-10-01T12:00:00.250Z");
}

TEST(Units, NumbersAreExact) {
  EXPECT_EQ(check::ReadNumber("-12.50"), (check::Number{-1250, 2}));
  EXPECT_EQ(check::ReadNumber("9223372036854775807"), (check::Number{INT64_MAX, 0}));
  EXPECT_FALSE(check::ReadNumber("9223372036854775808"));
  EXPECT_EQ(check::Rescale({5, 0}, 2), 500);
  EXPECT_FALSE(check::Rescale({INT64_MAX, 0}, 1));
  EXPECT_EQ(check::PrintNumber({-5, 2}), "-0.05");
  EXPECT_EQ(check::PrintNumber({INT64_MIN, 0}), "-9223372036854775808");
  EXPECT_EQ(check::CurrencyScale("JPY"), 0);
  EXPECT_EQ(check::CurrencyScale("KWD"), 3);
  EXPECT_EQ(check::CurrencyScale("EUR"), 2);
}

TEST(PrintValue, InThePolicysWords) {
  table::Fact fact;
  fact.type = table::ValueType::kMoney;
  fact.scale = 2;
  fact.unit = "EUR";
  EXPECT_EQ(PrintValue(fact, 20'001), "200.01 EUR");
  fact.type = table::ValueType::kDecimal;
  EXPECT_EQ(PrintValue(fact, 90), "0.90");
  fact.type = table::ValueType::kDuration;
  EXPECT_EQ(PrintValue(fact, 172'800'000), "48 hours");
  EXPECT_EQ(PrintValue(fact, 3'600'000), "1 hour");
  EXPECT_EQ(PrintValue(fact, 7'776'000'000), "90 days");
  EXPECT_EQ(PrintValue(fact, 1'500), "1500ms");
  EXPECT_EQ(PrintValue(fact, -60'000), "-1 minute");
  fact.type = table::ValueType::kEnumSet;
  fact.values = {"red", "green", "blue"};
  EXPECT_EQ(PrintValue(fact, 5), "{ red, blue }");
  EXPECT_EQ(PrintText("a\"b"), "\"a\\\"b\"");
}

}  // namespace
}  // namespace writ::compiler
