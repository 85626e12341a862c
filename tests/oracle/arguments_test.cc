// Derived inputs: what replay and `writ decide` work out from arguments against the oracle, on
// random arguments. (The digest, and numbers that a binary fraction cannot hold, have unit tests.)
#include "writ/oracle/arguments.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "differential/generate.h"
#include "differential/subject.h"
#include "writ/evals/arguments.h"
#include "writ/oracle/oracle.h"

namespace writ::oracle {
namespace {

using Json = nlohmann::json;

constexpr const char* kPolicy = R"(policy test.derive 1.0.0
capability go {
  kind observe  risk read_only
  input a: integer in 0..3 = count "$.x", b: integer in 0..9 = count "$.x[*]", c: integer in -2..5 = sum "$.x[*].y"
  input d: money(EUR) in 0..6 = sum "$.x[*][*]", e: decimal(1) in -9..9 = min "$.x[*]", f: money(EUR) in 0..3 = max "$.y[*]"
  input g: id = first "$[\"x\"]", h: text = first "$.y[1]", i: bool = first "$.x[*].y", j: integer in 0..5 = distinct "$.y[*]"
  input k: set of text = distinct "$.x[*]", l: set of { lit, dark } = first "$.y", m: { lit, dark } = first "$.x[*]"
  input n: duration in 0h..9h = sum "$.y[*]", o: time = max "$.x[*]", p: decimal(2) in -9..9 = first "$.y[0].x"
}
)";

// Few names and few values, so that paths lead somewhere.
Json Any(Random& random, int depth) {
  const auto kind = random.Below(depth <= 0 ? 4 : 8);
  if (kind == 0) return random.Pick<Json>({0, 1, 2, -1, 3, 0.5, 2.25, 2.0, 17, -0.5});
  if (kind == 1)
    return random.Pick<Json>({"lit", "dark", "1 EUR", "0.50 EUR", "2 USD", "90 minutes", "1h", "",
                              "2026-01-02T00:00:00Z", "7", "x"});
  if (kind == 2) return random.Pick<Json>({true, false, nullptr});
  if (kind == 3) return random.Chance(50) ? Json::array() : Json::object();
  if (kind < 6) {
    Json array = Json::array();
    const auto count = random.Below(4);
    const bool alike = random.Chance(70);
    const Json one = Any(random, depth - 1);
    for (std::uint64_t i = 0; i < count; ++i)
      array.push_back(alike && random.Chance(60) ? one : Any(random, depth - 1));
    return array;
  }
  Json object = Json::object();
  for (const char* name : {"x", "y"}) {
    if (random.Chance(75)) object[name] = Any(random, depth - 1);
  }
  return object;
}

std::string Spelled(const FromArguments& derived, const runtime::Table& table,
                    runtime::FactId fact) {
  if (derived.malformed) return "malformed";
  if (!derived.value) return "missing";
  // The spelling is read back as the policy's, so that both sides are spelled by one writer.
  evals::ValueArena arena;
  std::string text = ToString(*derived.value);
  const runtime::FactView view = table.Fact(fact);
  if (view.type == runtime::ValueType::kMoney) text += " EUR";
  if (view.type == runtime::ValueType::kDuration) text += " ms";
  if (view.type == runtime::ValueType::kTime) {
    runtime::Value value;
    value.kind = runtime::ValueKind::kNumber;
    value.number = static_cast<std::int64_t>(derived.value->number.units);
    return evals::FormatValue(table, fact, value);
  }
  if (derived.value->kind == Value::Kind::kSet) {
    std::vector<std::string> members = derived.value->values;
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    text = Json(members).dump();
  }
  const runtime::Value value = evals::ParseValue(table, fact, text, arena);
  return evals::FormatValue(table, fact, value);
}

TEST(Arguments, AgreeWithTheOracle) {
  const SubjectResult made = MakeSubject({kPolicy});
  ASSERT_TRUE(made.subject) << made.why;
  const runtime::Table& table = made.subject->table;
  const Policy policy = LoadPolicy(made.subject->dumps);
  const Json tree = Json::parse(made.subject->dumps.at(0));
  std::vector<Json> inputs;
  for (const Json& input : tree["policies"][0]["declarations"][0]["inputs"])
    inputs.push_back(input);
  ASSERT_EQ(inputs.size(), table.derivation_count());
  const char* wanted = std::getenv("WRIT_ORACLE_CASES");
  const std::uint64_t cases = wanted ? std::strtoull(wanted, nullptr, 10) / 100 : 4000;
  Random random(20261121);
  std::array<std::uint64_t, 3> outcomes{};
  for (std::uint64_t i = 0; i < cases; ++i) {
    Json arguments = Json::object();
    for (const char* name : {"x", "y"}) {
      if (random.Chance(90)) arguments[name] = Any(random, 3);
    }
    const auto exact = evals::ReadExactJson(arguments.dump());
    ASSERT_TRUE(exact) << exact.error();
    evals::ValueArena arena;
    for (const evals::DerivedInput& derived :
         evals::DeriveInputs(table, table.FindCapability("go"), &*exact, arena)) {
      const std::string name(table.Fact(derived.fact).name);
      const auto input = std::find_if(inputs.begin(), inputs.end(),
                                      [&](const Json& json) { return json["name"] == name; });
      ASSERT_NE(input, inputs.end());
      const Json& how = (*input)["derivation"];
      const FromArguments oracle =
          Derive(policy.facts.at(name).type, how["fold"], how["path"], arguments);
      ASSERT_EQ(Spelled(oracle, table, derived.fact),
                evals::FormatValue(table, derived.fact, derived.value))
          << name << " from " << arguments.dump() << "\n"
          << derived.why;
      ++outcomes[oracle.malformed ? 0 : oracle.value ? 2 : 1];
    }
  }
  for (const std::uint64_t count : outcomes) EXPECT_GT(count, cases);  // none of the three is rare
}

}  // namespace
}  // namespace writ::oracle
