// M23.4: amendments `for cases since`, worked by hand, and random ones: the oracle asks the version
// that the case belongs to, and the table has the rows of both.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "differential/compare.h"
#include "differential/requests.h"
#include "differential/subject.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {
namespace {

// Of a file with the versions of a policy.
class Succession : public testing::Test {
 protected:
  SubjectResult Make(const std::string& text) {
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) /
        ("writ_succession_" +
         std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(folder);
    const std::filesystem::path path = folder / "policy.writ";
    std::ofstream(path, std::ios::binary) << text;
    SubjectResult made = MakeSubjectOfFile(path.string());
    std::filesystem::remove_all(folder);
    return made;
  }
};

constexpr const char* kFirst = R"(policy a.pay 1.0.0
role coo human
role lead human reports to coo
role bot agent
role scribe agent
anchor desk { held by lead deputies coo reached by "q" within 4 hours on silence deny }
capability look { kind verify risk read_only input order: id }
capability pay { kind act risk destructive input order: id, amount: money(EUR) in 0..1_000 verify with look }
capability void { kind act risk destructive input order: id verify with look }
event submit from desk
threshold autonomy = 200 EUR
fact held : bool from host
delegation paying {
  from lead to bot may pay anchor desk review every 90 days expires 2030-12-31
  limit amount <= autonomy
  deny when held
}
delegation voiding { from lead to scribe may void anchor desk review every 90 days expires 2030-12-31
  escalate when held  limit order != "never" }
)";
constexpr const char* kSecond = R"(policy a.pay 2.0.0 amends a.pay 1.0.0
effective 2018-01-01 for cases since submit
threshold autonomy = 100 EUR
role helper agent
capability tip { kind act risk destructive input order: id verify with look }
delegation voiding { from lead to helper may void, tip anchor desk review every 90 days expires 2030-12-31
  escalate when held  limit order != "never" }
)";

struct Line {
  std::string role, capability, first, now, outcome;
};

TEST_F(Succession, OracleAndTableSayWhatThePageSays) {
  const SubjectResult made = Make(std::string(kFirst) + kSecond);
  ASSERT_TRUE(made.subject) << made.why;
  const Policy policy = LoadPolicy(made.subject->dumps);
  const std::string later = "2018-03-01T00:00:00Z", old = "2017-12-31T23:59:59.999Z",
                    fresh = "2018-01-01T00:00:00Z";
  for (const Line& line :
       {Line{"bot", "pay", old, later, "allow"}, Line{"bot", "pay", fresh, later, "escalate"},
        Line{"bot", "pay", "", later, "escalate"}, Line{"bot", "pay", "", old, "allow"},
        Line{"scribe", "void", old, later, "allow"}, Line{"scribe", "void", fresh, later, "deny"},
        Line{"helper", "void", old, later, "deny"}, Line{"helper", "void", fresh, later, "allow"},
        Line{"helper", "tip", old, later, "deny"}, Line{"helper", "tip", fresh, later, "allow"}}) {
    Request request;
    request.role = line.role;
    request.capability = line.capability;
    request.now_ms = *ParseInstant(line.now);
    request.facts = {{"order", {"\"A1\""}}, {"held", {"false"}}};
    if (line.capability == "pay") request.facts["amount"] = {"150 EUR"};
    if (!line.first.empty()) request.facts["first(submit)"] = {line.first};
    const Answer oracle = Decide(policy, request, nullptr);
    const RuntimeRequest asked(made.subject->table, request);
    const Answer table = Ask(*made.subject, asked.request(), nullptr);
    EXPECT_EQ(oracle.verdict, line.outcome) << ToText(request);
    EXPECT_EQ(Difference(policy, oracle, table), "") << ToText(request) << "\n" << ToText(table);
  }
}

bool IsClause(const Block& block) {
  for (const char* word : {"limit", "deny", "escalate", "allow", "require", "note", "notify"})
    if (block.head.starts_with(word)) return true;
  return false;
}

// Leaves clauses out, and conditions with parts become one of them.
void Change(Block& block, Random& random) {
  std::vector<Block> items;
  for (Block& item : block.items) {
    if (IsClause(item) && random.Chance(25)) continue;
    Change(item, random);
    items.push_back(std::move(item));
  }
  block.items = std::move(items);
  if (block.condition && !block.condition->parts.empty() && random.Chance(40)) {
    const ConditionText part = random.Pick(block.condition->parts);
    block.condition = part;
  }
}

// Of the blocks of the first version, some again and otherwise.
std::string Amendment(const Block& first, const std::string& since, Random& random) {
  std::string text =
      "policy test.main 2.0.0 amends test.main 1.0.0\n"
      "effective 2026-10-05 for cases since " +
      since + "\n";
  for (const Block& item : first.items) {
    if (!random.Chance(50) || item.head.starts_with("use ") || item.head.starts_with("effective"))
      continue;
    Block changed = item;
    Change(changed, random);
    text += Print(changed) + "\n";
  }
  return text;
}

TEST_F(Succession, RandomOnesAgree) {
  std::uint64_t cases = 0, policies = 0, refused = 0, otherwise = 0;
  for (std::uint64_t seed = 1; policies < 100 && seed < 2'000 && !HasFailure(); ++seed) {
    Random random(seed);
    const Shape shape{.facts = 3, .meters = 1, .clauses = 3, .depth = 2, .relations = false};
    const std::vector<Block> files = GeneratePolicy(random, shape);
    const std::string first = Print(files.front());
    const DumpResult dumps = MakeDumps({first});
    ASSERT_FALSE(dumps.dumps.empty()) << dumps.why;
    const Policy alone = LoadPolicy(dumps.dumps);
    std::vector<std::string> names;
    for (const auto& [name, capability] : alone.capabilities) names.push_back(name);
    const std::string text = first + Amendment(files.front(), random.Pick(names), random);
    const SubjectResult made = Make(text);
    if (!made.subject) {
      ++refused;
      if (std::getenv("WRIT_ORACLE_SHOW_REFUSED") != nullptr) std::cout << made.why << "\n";
      continue;
    }
    ++policies;
    const Policy policy = LoadPolicy(made.subject->dumps);
    for (const std::string& name : names) {
      const RequestSpace space(policy, name);
      for (int i = 0; i < 60 && !HasFailure(); ++i) {
        const Request request = space.Any(random);
        const Answer oracle = Decide(policy, request, nullptr);
        const RuntimeRequest asked(made.subject->table, request);
        const Answer table = Ask(*made.subject, asked.request(), nullptr);
        EXPECT_EQ(Difference(policy, oracle, table), "") << text << ToText(request) << "\n"
                                                         << ToText(oracle) << "\n"
                                                         << ToText(table);
        otherwise += oracle.verdict != DecideWithout(policy, request, nullptr, {}).verdict ? 1 : 0;
        ++cases;
      }
    }
  }
  std::cout << cases << " cases over " << policies << " policies, " << refused << " refused, "
            << otherwise << " decided by the version before and otherwise\n";
  EXPECT_EQ(policies, 100u);
  EXPECT_GT(otherwise, cases / 50);
}

}  // namespace
}  // namespace writ::oracle
