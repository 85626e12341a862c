// What conditions become: kinds of nodes, scales, ranges, and the exactness of constants.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "check_text.h"

namespace writ::compiler {
namespace {

std::string Print(const Program& program, ExprId id);

std::string PrintList(const Program& program, const std::vector<ExprId>& operands) {
  std::string text;
  for (const ExprId operand : operands) text += " " + Print(program, operand);
  return text;
}

std::string Print(const Program& program, ExprId id) {
  const Node& node = program.node(id);
  const auto call = [&](const char* name) {
    return std::string("(") + name + PrintList(program, node.operands) + ")";
  };
  switch (node.kind) {
    case NodeKind::kBool:
      return node.number != 0 ? "true" : "false";
    case NodeKind::kAnd:
      return call("and");
    case NodeKind::kOr:
      return call("or");
    case NodeKind::kNot:
      return call("not");
    case NodeKind::kEqual:
      return call("=");
    case NodeKind::kLess:
      return call("<");
    case NodeKind::kLessEqual:
      return call("<=");
    case NodeKind::kTextEqual:
      return call("text=");
    case NodeKind::kTextPrefix:
      return call("prefix");
    case NodeKind::kMatches:
      return "(matches" + PrintList(program, node.operands) + " " +
             program.vocabulary.patterns[static_cast<std::size_t>(node.number)].text + ")";
    case NodeKind::kSetHas:
      return call("has");
    case NodeKind::kAdd:
      return call("+");
    case NodeKind::kSubtract:
      return call("-");
    case NodeKind::kMultiply:
      return call("*");
    case NodeKind::kMin:
      return call("min");
    case NodeKind::kMax:
      return call("max");
    case NodeKind::kNegate:
      return call("neg");
    case NodeKind::kNumber:
      return std::to_string(node.number) +
             (node.scale == 0 ? "" : "e-" + std::to_string(node.scale));
    case NodeKind::kFact:
      return program.vocabulary.facts[node.fact.value].name;
    case NodeKind::kLet:
      return "let:" + program.lets[node.let.value].name;
    case NodeKind::kText:
      return "\"" + node.texts[0] + "\"";
    case NodeKind::kIsMissing:
      return "(missing " + program.vocabulary.facts[node.fact.value].name + ")";
    case NodeKind::kFresh:
      return "(fresh)";
    case NodeKind::kInValues: {
      std::string text = "(in" + PrintList(program, node.operands);
      for (const std::int64_t value : node.values) text += " " + std::to_string(value);
      return text + ")";
    }
    case NodeKind::kInTexts: {
      std::string text = "(in" + PrintList(program, node.operands);
      for (const std::string& value : node.texts) text += " \"" + value + "\"";
      return text + ")";
    }
    case NodeKind::kCapabilityIn: {
      std::string text = "(capability";
      for (const CapabilityId capability : node.capabilities)
        text += " " + program.vocabulary.capabilities[capability.value].name;
      return text + ")";
    }
    case NodeKind::kRoleIn: {
      std::string text = "(role";
      for (const RoleId role : node.roles) text += " " + program.vocabulary.roles[role.value].name;
      return text + ")";
    }
  }
  return "?";
}

constexpr const char* kFacts = R"(zone "Europe/Berlin"
role bot agent
role lead human
capability pay  { kind act  risk destructive  input order: id, amount: money(EUR) in 0..1_000  verify with look }
capability look { kind observe  risk read_only }
facts from host {
  tier   : { bronze < silver < gold }
  status : { open, held }
  score  : decimal(2) in 0..1
  calls  : integer in -5..100
  age    : duration in 0h..1_000h
  note   : text
  agreed, sure : bool
  tags   : set of id
  labels : set of { red, green, blue }
  since  : time
}
threshold small = 0.5
)";

// The condition of a region, as nodes.
std::string Condition(const std::string& condition) {
  const Checked checked = CheckText(std::string(kFacts) + "region r when " + condition + "\n");
  EXPECT_TRUE(checked.program) << checked.text;
  return checked.program ? Print(*checked.program, checked.program->regions[0].condition) : "";
}

TEST(CheckExpr, OrderIsWrittenWithLessAndNot) {
  EXPECT_EQ(Condition("tier >= silver"), "(<= 1 tier)");
  EXPECT_EQ(Condition("silver < tier"), "(< 1 tier)");
  EXPECT_EQ(Condition("tier != gold"), "(not (= tier 2))");
  EXPECT_EQ(Condition("tier in silver..gold"), "(and (<= 1 tier) (<= tier 2))");
  EXPECT_EQ(Condition("amount > 5 EUR"), "(< 500e-2 amount)");
  EXPECT_EQ(Condition("5 EUR > amount"), "(< amount 500e-2)");
}

TEST(CheckExpr, ConstantsTakeTheScaleOfTheFact) {
  EXPECT_EQ(Condition("score < small"), "(< score 50e-2)");
  EXPECT_EQ(Condition("score < 0.500"), "(< score 50e-2)");
  EXPECT_EQ(Condition("calls <= 2.5"), "(<= calls 2)");
  EXPECT_EQ(Condition("calls < 2.5"), "(<= calls 2)");
  EXPECT_EQ(Condition("calls > 2.5"), "(< 2 calls)");
  EXPECT_EQ(Condition("calls >= 2.5"), "(< 2 calls)");
  EXPECT_EQ(Condition("calls >= -2.5"), "(< -3 calls)");
  EXPECT_EQ(Condition("calls < -2.5"), "(<= calls -3)");
  // Never equal, and unknown where `calls` is missing: no constant may say so.
  EXPECT_EQ(Condition("calls = 2.5"), "(= (* calls 10e-1) 25e-1)");
  EXPECT_EQ(Condition("score < calls"), "(< score (* calls 100e-2))");
}

TEST(CheckExpr, SetsOfConstantsAreOneNode) {
  EXPECT_EQ(Condition("status in { held, open, held }"), "(in status 0 1)");
  EXPECT_EQ(Condition("status not in { held }"), "(not (in status 1))");
  EXPECT_EQ(Condition("order in { \"b\", \"a\" }"), "(in order \"a\" \"b\")");
  EXPECT_EQ(Condition("score in { small, 0.25 }"), "(in score 25 50)");
  EXPECT_EQ(Condition("calls in { 1, calls }"), "(or (= calls 1) (= calls calls))");
  EXPECT_EQ(Condition("role in { bot, lead }"), "(or (role bot) (role lead))");
}

TEST(CheckExpr, Sets) {
  EXPECT_EQ(Condition("\"a\" in tags"), "(has tags \"a\")");
  EXPECT_EQ(Condition("order not in tags"), "(not (has tags order))");
  EXPECT_EQ(Condition("green in labels"), "(has labels 1)");
}

TEST(CheckExpr, Booleans) {
  EXPECT_EQ(Condition("agreed = true"), "agreed");
  EXPECT_EQ(Condition("false != agreed"), "agreed");
  EXPECT_EQ(Condition("agreed = sure"), "(= agreed sure)");
  EXPECT_EQ(Condition("agreed != (calls = 1)"),
            "(not (or (and agreed (= calls 1)) (and (not agreed) (not (= calls 1)))))");
  EXPECT_EQ(Condition("not (agreed and sure)"), "(not (and agreed sure))");
  EXPECT_EQ(Condition("tier is known or note is missing"),
            "(or (not (missing tier)) (missing note))");
}

TEST(CheckExpr, TextsAndRolesAndCapabilities) {
  EXPECT_EQ(Condition("\"A\" != order"), "(not (text= order \"A\"))");
  EXPECT_EQ(Condition("note starts with \"A\""), "(prefix note \"A\")");
  EXPECT_EQ(Condition("role = bot and capability = pay"), "(and (role bot) (capability pay))");
  EXPECT_EQ(Condition("role != lead"), "(not (role lead))");
}

TEST(CheckExpr, TimesAreThoseOfTheZone) {
  // Berlin: one hour ahead in winter, two in summer.
  EXPECT_EQ(Condition("now >= 2026-01-01"), "(<= 1767222000000 now)");
  EXPECT_EQ(Condition("now >= 2026-07-01"), "(<= 1782856800000 now)");
  EXPECT_EQ(Condition("now >= 2026-01-01T00:00:00Z"), "(<= 1767225600000 now)");
  EXPECT_EQ(Condition("now - since <= 2 days"), "(<= (- now since) 172800000)");
  EXPECT_EQ(Condition("age > 90min"), "(< 5400000 age)");
}

struct Range {
  std::int64_t low, high;
  int scale;
  friend bool operator==(const Range&, const Range&) = default;
};

std::ostream& operator<<(std::ostream& out, const Range& range) {
  return out << range.low << ".." << range.high << " scale " << range.scale;
}

Range RangeOf(const std::string& value) {
  const Checked checked =
      CheckText(std::string(kFacts) + "let x = " + value + "\nregion r when x = x\n");
  EXPECT_TRUE(checked.program) << checked.text;
  if (!checked.program) return {};
  const Node& node = checked.program->node(checked.program->lets[0].value);
  return {node.low, node.high, node.scale};
}

TEST(CheckExpr, RangesFollowFromTheOperands) {
  EXPECT_EQ(RangeOf("calls + 1"), (Range{-4, 101, 0}));
  EXPECT_EQ(RangeOf("calls - calls"), (Range{-105, 105, 0}));
  EXPECT_EQ(RangeOf("calls * calls"), (Range{-500, 10'000, 0}));
  EXPECT_EQ(RangeOf("-calls"), (Range{-100, 5, 0}));
  EXPECT_EQ(RangeOf("amount * 1.19"), (Range{0, 11'900'000, 4}));
  EXPECT_EQ(RangeOf("amount * score"), (Range{0, 10'000'000, 4}));
  EXPECT_EQ(RangeOf("calls + score"), (Range{-500, 10'100, 2}));
  EXPECT_EQ(RangeOf("min(calls, 7, 3)"), (Range{-5, 3, 0}));
  EXPECT_EQ(RangeOf("max(0, calls)"), (Range{0, 100, 0}));
  EXPECT_EQ(RangeOf("age * 2"), (Range{0, 7'200'000'000, 0}));
}

TEST(CheckExpr, OverflowIsFoundAtItsEdge) {
  const auto fits = [](const std::string& high) {
    return CheckText("policy t 1.0.0\nfact f: integer in 0.." + high +
                     " from host\nregion r when f * 2 > 5\n")
        .program.has_value();
  };
  EXPECT_TRUE(fits("4611686018427387903"));
  EXPECT_FALSE(fits("4611686018427387904"));
}

}  // namespace
}  // namespace writ::compiler
