// Inputs worked out from the arguments of a call: the cases of docs/semantics.md M1.5, and exact
// JSON beneath them.
#include <gmock/gmock.h>

#include "corpus_support.h"
#include "writ/evals/arguments.h"

namespace writ::evals {
namespace {

using runtime::ArgumentFold;
using runtime::FactId;
using runtime::ValueType;
using ::testing::HasSubstr;

struct Wanted {
  std::string name;
  ValueType type;
  ArgumentFold fold;
  std::string path;
};

// A table with one capability, whose inputs are all derived.
class Deriving {
 public:
  explicit Deriving(const std::vector<Wanted>& inputs) {
    table::Model model;
    model.policy = "test.derive";
    model.version = "1.0.0";
    model.zone = "UTC";
    model.roles = {{"clerk", runtime::RoleKind::kAgent, "", {}}};
    table::Capability book;
    book.name = "book";
    table::Matrix matrix;
    for (std::uint32_t i = 0; i < inputs.size(); ++i) {
      table::Fact fact;
      fact.name = inputs[i].name;
      fact.type = inputs[i].type;
      fact.source = runtime::Source::kInput;
      fact.low = 0;
      fact.high = 100'000;
      if (fact.type == ValueType::kMoney) fact.unit = "USD";
      if (fact.type == ValueType::kMoney || fact.type == ValueType::kDecimal) fact.scale = 2;
      if (fact.type == ValueType::kTime) fact.high = 253'402'300'799'999;
      if (fact.type == ValueType::kEnum || fact.type == ValueType::kEnumSet)
        fact.values = {"red", "green"};
      model.facts.push_back(fact);
      book.inputs.push_back(FactId{i});
      matrix.signature.push_back({FactId{i}, true});
      model.derivations.push_back(
          {runtime::CapabilityId{0}, FactId{i}, inputs[i].fold, inputs[i].path});
    }
    table::Column column;
    column.verdict = runtime::Verdict::kAllow;
    matrix.columns = {column};
    model.capabilities = {book};
    model.matrices = {matrix};
    auto bytes = table::WriteTable(model);
    if (!bytes) {
      ADD_FAILURE() << bytes.error().what;
      return;
    }
    bytes_ = *std::move(bytes);
    EXPECT_EQ(runtime::Table::Open(bytes_.data(), bytes_.size(), &table_).code,
              runtime::OpenCode::kOk);
  }

  // `name=value, …` in the policy's spelling.
  std::string From(const std::string& arguments) {
    const auto json = ReadExactJson(arguments);
    std::string text;
    arena_.Clear();
    for (const DerivedInput& input :
         DeriveInputs(table_, runtime::CapabilityId{0}, json ? &*json : nullptr, arena_)) {
      text += (text.empty() ? "" : ", ") + std::string(table_.Fact(input.fact).name) + "=" +
              FormatValue(table_, input.fact, input.value);
      EXPECT_EQ(input.why.empty(), input.value.kind != runtime::ValueKind::kMalformed);
    }
    return text;
  }

 private:
  std::vector<unsigned char> bytes_;
  runtime::Table table_;
  ValueArena arena_;
};

std::string One(ValueType type, ArgumentFold fold, const std::string& path,
                const std::string& arguments) {
  return Deriving({{"x", type, fold, path}}).From(arguments).substr(2);
}

TEST(Arguments, TheWorkedCases) {
  Deriving worked({{"paid", ValueType::kMoney, ArgumentFold::kSum, "$.methods[*].amount"},
                   {"bags", ValueType::kInteger, ArgumentFold::kCount, "$.bags"}});
  EXPECT_EQ(
      worked.From(R"({"methods": [{"amount": 250.5}, {"amount": "9.5 USD"}], "bags": [1, 1]})"),
      "paid=260.00 USD, bags=2");
  EXPECT_EQ(worked.From(R"({"methods": [], "bags": []})"), "paid=0.00 USD, bags=0");
  EXPECT_EQ(worked.From(R"({"methods": [{"amount": 1e2}, {}], "bags": null})"),
            "paid=missing, bags=missing");
  EXPECT_EQ(worked.From(R"({"methods": [{"amount": 0.505}, {}], "bags": 3})"),
            "paid=malformed, bags=malformed");
  EXPECT_EQ(worked.From(R"({"methods": {"amount": 5}})"), "paid=malformed, bags=missing");
  EXPECT_EQ(worked.From(R"({"methods": [{"amount": 900}, {"amount": 101}]})"),
            "paid=malformed, bags=missing");
}

TEST(Arguments, AmountsAreExact) {
  const auto sum = [](const std::string& amounts) {
    return One(ValueType::kMoney, ArgumentFold::kSum, "$.a[*]", "{\"a\": [" + amounts + "]}");
  };
  EXPECT_EQ(sum("0.1, 0.2"), "0.30 USD");
  EXPECT_EQ(sum("1.10, 1.1e0, 11e-1, 0.01100E+2"), "malformed");  // the last has three decimals
  EXPECT_EQ(sum("1.10, 1.1e0, 11e-1, 0.011E+2"), "4.40 USD");
  EXPECT_EQ(sum("10000000000000000.01, -9999999999999999.99"), "0.02 USD");
  EXPECT_EQ(sum("92233720368547758.07, 0.01"), "malformed");
  EXPECT_EQ(sum("1, true"), "malformed");
  EXPECT_EQ(sum("1e401"), "malformed");
  EXPECT_EQ(sum("\"5 EUR\""), "malformed");
}

TEST(Arguments, EachFold) {
  const std::string flights =
      R"({"flights": [{"origin": "JFK", "seats": 2, "off": "2026-01-02T00:00:00Z"},
                      {"origin": "LAX", "seats": 1, "off": "2026-01-01T00:00:00Z"},
                      {"origin": "JFK", "seats": 2.0, "off": "2026-01-03T00:00:00Z"}],
          "id": 17, "ok": true, "colour": "green", "colours": ["green", "red", "green"]})";
  const auto x = [&](ValueType type, ArgumentFold fold, const std::string& path) {
    return One(type, fold, path, flights);
  };
  EXPECT_EQ(x(ValueType::kInteger, ArgumentFold::kCount, "$.flights"), "3");
  EXPECT_EQ(x(ValueType::kInteger, ArgumentFold::kCount, "$.flights[*].origin"), "3");
  EXPECT_EQ(x(ValueType::kInteger, ArgumentFold::kCount, "$.id"), "malformed");
  EXPECT_EQ(x(ValueType::kDecimal, ArgumentFold::kMax, "$.flights[*].seats"), "2.00");
  EXPECT_EQ(x(ValueType::kDecimal, ArgumentFold::kMin, "$.flights[1].seats"), "1.00");
  EXPECT_EQ(x(ValueType::kInteger, ArgumentFold::kMax, "$.flights[*].seats"), "malformed");
  EXPECT_EQ(x(ValueType::kTime, ArgumentFold::kMin, "$.flights[*].off"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(x(ValueType::kId, ArgumentFold::kFirst, "$[\"id\"]"), "17");
  EXPECT_EQ(x(ValueType::kText, ArgumentFold::kFirst, "$.id"), "malformed");
  EXPECT_EQ(x(ValueType::kBool, ArgumentFold::kFirst, "$.ok"), "true");
  EXPECT_EQ(x(ValueType::kEnum, ArgumentFold::kFirst, "$.colour"), "green");
  EXPECT_EQ(x(ValueType::kEnum, ArgumentFold::kFirst, "$.flights[0].origin"), "malformed");
  EXPECT_EQ(x(ValueType::kText, ArgumentFold::kFirst, "$.flights[*].origin"), "JFK");
  EXPECT_EQ(x(ValueType::kText, ArgumentFold::kFirst, "$.flights[7].origin"), "missing");
  EXPECT_EQ(x(ValueType::kEnumSet, ArgumentFold::kFirst, "$.colours"), R"(["red","green"])");
  EXPECT_EQ(x(ValueType::kEnumSet, ArgumentFold::kDistinct, "$.colours[*]"), R"(["red","green"])");
  EXPECT_EQ(x(ValueType::kIdSet, ArgumentFold::kDistinct, "$.flights[*].origin"),
            R"(["JFK","LAX"])");
  EXPECT_EQ(x(ValueType::kInteger, ArgumentFold::kDistinct, "$.flights[*].seats"), "2");
  EXPECT_EQ(x(ValueType::kText, ArgumentFold::kDigest, "$.flights[*].origin"),
            One(ValueType::kText, ArgumentFold::kDigest, "$.x", R"({"x": ["JFK","LAX","JFK"]})"));
}

TEST(Arguments, ADigestIsOfTheCanonicalText) {
  const auto digest = [](const std::string& path, const std::string& arguments) {
    return One(ValueType::kId, ArgumentFold::kDigest, path, arguments);
  };
  EXPECT_EQ(
      digest("$",
             R"({"\u20ac": true, "b": {"d": -1e-3, "c": null}, "a": [1.0, 2.50, "\u00fc\"\n"]})"),
      "cc7677e0cd58ce21267f51b375c1f9ca6d9328cb76ad2da7ef846964d839ef12");
  EXPECT_EQ(digest("$.a[*]", R"({"a": ["JFK", "LAX"]})"),
            "8b5567dff45420381fb9b97a7474383e601af2834a694ef5f2846d063982eb2d");
  EXPECT_EQ(digest("$.a[0]", R"({"a": [{"seats": 2.0, "origin": "JFK"}]})"),
            "48b4645119dc9ddbd425b522a0aa395faefbfbed35e0a33b0bfa0edde54d1b8e");
}

TEST(Arguments, WhatCannotBeReadIsMalformed) {
  Deriving x({{"x", ValueType::kInteger, ArgumentFold::kCount, "$.a"}});
  EXPECT_EQ(x.From("[1]"), "x=malformed");
  EXPECT_EQ(x.From("{\"a\": [1}"), "x=malformed");
  EXPECT_EQ(x.From(R"({"a": [1], "a": [1, 2]})"), "x=malformed");
  EXPECT_EQ(x.From(R"({"a": [1], "b": {"c": 1, "c": 1}})"), "x=malformed");
  const std::string deep(kMaxJsonDepth, '['), close(kMaxJsonDepth, ']');
  EXPECT_EQ(x.From("{\"a\": " + deep + close + "}"), "x=malformed");
  EXPECT_EQ(x.From("{\"a\": " + deep.substr(1) + close.substr(1) + "}"), "x=1");
  std::string many = "{\"a\": [1";
  for (int i = 0; i < 10'000; ++i) many += ",1";
  EXPECT_EQ(x.From(many + "]}"), "x=10001");
  EXPECT_EQ(One(ValueType::kInteger, ArgumentFold::kCount, "$.a[*]", many + "]}"), "malformed");
  EXPECT_EQ(x.From("{\"a\": [\"" + std::string(kMaxJsonBytes, 'x') + "\"]}"), "x=malformed");
}

TEST(Arguments, GivenBothWaysTheTwoAgree) {
  const auto number = [](std::int64_t n) {
    runtime::Value value;
    value.kind = runtime::ValueKind::kNumber;
    value.number = n;
    return value;
  };
  EXPECT_EQ(Agreed({}, number(3)).number, 3);
  EXPECT_EQ(Agreed(number(3), number(3)).number, 3);
  EXPECT_EQ(Agreed(number(4), number(3)).kind, runtime::ValueKind::kMalformed);
  EXPECT_EQ(Agreed(number(4), {}).kind, runtime::ValueKind::kMalformed);
}

TEST(ExactJson, NumbersKeepTheirDigits) {
  const auto text = [](const std::string& json) {
    const auto value = ReadExactJson(json);
    return value ? value->text : value.error();
  };
  EXPECT_EQ(text("98765432109876543210.123456789012345678901"),
            "98765432109876543210.123456789012345678901");
  EXPECT_EQ(text("0.10"), "0.10");
  EXPECT_EQ(text("-12.5e-3"), "-0.0125");
  EXPECT_EQ(text("12.5e3"), "12500");
  EXPECT_EQ(text("0.00125e3"), "1.25");
  EXPECT_EQ(text("1E+0"), "1");
  EXPECT_THAT(text("1e-401"), HasSubstr("exponent"));
  EXPECT_THAT(text("01"), HasSubstr("no JSON"));
  EXPECT_THAT(text("\"\xff\""), HasSubstr("no JSON"));
}

// Beyond the first plane: before U+E000, as UTF-16 has it.
TEST(ExactJson, NamesAreInTheOrderOfUtf16) {
  const auto value = ReadExactJson(
      "{\"\xee\x80\x80\": 1, \"\xf0\x90\x80\x80\": 2, \"\xed\x9f\xbf\": 3, \"\": 4, \"a\": 5}");
  ASSERT_TRUE(value) << value.error();
  EXPECT_EQ(CanonicalJson(*value),
            "{\"\":4,\"a\":5,\"\xed\x9f\xbf\":3,\"\xf0\x90\x80\x80\":2,\"\xee\x80\x80\":1}");
}

}  // namespace
}  // namespace writ::evals
