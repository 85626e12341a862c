// M23.5 and M23.6: policies that narrow another, worked by hand, and random ones: where the
// compiler says that one is within the other, no request may get more from it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "differential/compare.h"
#include "differential/requests.h"
#include "differential/subject.h"
#include "wanted.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {
namespace {

// Of two files in a folder of the test's own.
class Narrowing : public testing::Test {
 protected:
  static NarrowingResult Make(const std::string& base, const std::string& narrower) {
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) /
        ("writ_narrowing_" +
         std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "base.writ", std::ios::binary) << base;
    const std::filesystem::path path = folder / "narrower.writ";
    std::ofstream(path, std::ios::binary) << narrower;
    NarrowingResult made = MakeNarrowing(path.string());
    std::filesystem::remove_all(folder);
    return made;
  }
};

constexpr const char* kBase = R"(policy test.main 1.0.0
role coo human
role lead human reports to coo
role bot agent
role scribe agent
anchor desk { held by lead deputies coo reached by "q" within 4 hours on silence deny }
anchor helpdesk { held by coo reached by "h" within 4 hours on silence deny }
capability look { kind verify risk read_only input order: id }
capability pay { kind act risk destructive input order: id, amount: money(EUR) in 0..1_000 verify with look }
event returned from desk
threshold autonomy = 200 EUR
fact held : bool from host
facts from host for critics missing deny { strain : { calm < tense } }
delegation paying {
  from lead to bot may pay anchor desk review every 90 days expires 2030-12-31
  limit amount <= autonomy
  deny when held
  deny when strain = tense
}
)";
constexpr const char* kHead = "policy test.narrower 1.0.0 narrows test.main 1.0.0\n";

struct Judged {
  std::string says, code;  // no code: it stands
};

TEST_F(Narrowing, ComesOutAsThePageSays) {
  for (const auto& [says, code] : {
           Judged{"threshold autonomy = 150 EUR", ""},
           Judged{"threshold autonomy = 250 EUR", "narrows-looser"},
           Judged{"guard g { for pay deny when amount > 180 EUR }", ""},
           Judged{"guard g { for pay escalate to helpdesk when amount > 180 EUR }", ""},
           Judged{"tenant \"northwind\"", ""},
           Judged{"effective 2026-01-01", ""},
           Judged{"fact held : bool from host missing false", "narrows-looser"},
           Judged{"delegation more { from lead to scribe may pay anchor desk review every 90 days"
                  " expires 2030-12-31 limit amount <= 5 EUR }",
                  "narrows-looser"},
           Judged{"capability pay { kind act risk network input order: id, amount: money(EUR) in "
                  "0..1_000 verify with look }",
                  "narrows-changes"},
           Judged{"anchor desk { held by coo reached by \"q\" within 4 hours on silence deny }",
                  "narrows-changes"},
           Judged{"role lead human", "narrows-changes"},
           Judged{"facts from host for critics missing deny { strain : { calm was easy < tense } }",
                  "narrows-changes"},
           Judged{"facts from host missing deny { strain : { calm < tense } }", "narrows-changes"},
           Judged{"zone \"Europe/Berlin\"", "narrows-changes"},
           Judged{"case is order", "narrows-changes"},
       }) {
    const NarrowingResult made = Make(kBase, kHead + says);
    ASSERT_TRUE(made.narrower) << says << "\n" << made.why;
    EXPECT_EQ(made.within, code.empty()) << says << "\n" << made.why;
    if (!code.empty()) {
      EXPECT_TRUE(made.codes.contains(code)) << says << "\n" << made.why;
    }
  }
}

// What rows that decide do not say: from when on, and what is reported.
TEST_F(Narrowing, TakesEffectNoSoonerAndReportsNoLess) {
  std::string dated = kBase;
  dated.insert(dated.find("role coo"), "effective 2026-06-01\n");
  dated += "guard told { for pay notify desk when amount > 100 EUR }\n";
  for (const auto& [says, code] :
       {Judged{"effective 2026-06-01", ""}, Judged{"effective 2026-07-01", ""},
        Judged{"effective 2026-05-31", "narrows-looser"},
        Judged{"guard more { for pay notify desk when amount > 50 EUR }", ""},
        // Said otherwise, a notice is another one.
        Judged{"guard told { for pay notify desk when amount > 50 EUR }", "narrows-looser"}}) {
    const NarrowingResult made = Make(dated, kHead + says);
    ASSERT_TRUE(made.narrower) << says << "\n" << made.why;
    EXPECT_EQ(made.within, code.empty()) << says << "\n" << made.why;
    EXPECT_EQ(made.codes.contains("narrows-looser"), !code.empty()) << says << "\n" << made.why;
  }
}

TEST_F(Narrowing, IsForItsTenantAlone) {
  const NarrowingResult made = Make(kBase, std::string(kHead) + "tenant \"northwind\"");
  ASSERT_TRUE(made.narrower) << made.why;
  const Policy policy = LoadPolicy(made.narrower->dumps);
  for (const auto& [capability, tenant, outcome] :
       {std::tuple{"pay", "\"northwind\"", "allow"}, std::tuple{"pay", "\"other\"", "deny"},
        std::tuple{"pay", "", "deny"}, std::tuple{"returned", "", "allow"}}) {
    Request request;
    request.role = "bot";
    request.capability = capability;
    request.now_ms = *ParseInstant("2026-10-01T00:00:00Z");
    request.facts = {
        {"order", {"\"A1\""}}, {"held", {"false"}}, {"amount", {"100 EUR"}}, {"strain", {"calm"}}};
    if (*tenant != '\0') request.facts["tenant"] = {tenant};
    const Answer oracle = Decide(policy, request, nullptr);
    const RuntimeRequest asked(made.narrower->table, request);
    const Answer table = Ask(*made.narrower, asked.request(), nullptr);
    EXPECT_EQ(oracle.verdict, outcome) << ToText(request);
    EXPECT_EQ(Difference(policy, oracle, table), "") << ToText(request) << "\n" << ToText(table);
  }
}

// What the blocks for a capability restrict, as a guard: narrower as often as not.
std::string GuardFrom(const Block& base, Random& random) {
  std::string text;
  for (const Block& declaration : base.items) {
    for (const Block& block : declaration.items) {
      if (!block.head.starts_with("for ")) continue;
      for (const Block& clause : block.items) {
        if (!clause.condition || clause.condition->parts.empty() || !random.Chance(30)) continue;
        const std::string name = "g_" + std::to_string(text.size());
        text += "guard " + name + " { " + block.head + " " +
                random.Pick<std::string>({"deny when ", "escalate when ", "limit "}) + "(" +
                clause.condition->text + ") }\n";
      }
    }
  }
  return text;
}

// Some of the delegations again, each without one of its clauses.
std::string WithoutSome(const Block& base, Random& random) {
  std::string text;
  for (const Block& declaration : base.items) {
    if (!declaration.head.starts_with("delegation ") || !random.Chance(30)) continue;
    Block changed = declaration;
    for (Block& block : changed.items) {
      if (block.head.starts_with("for ") && !block.items.empty() && random.Chance(50))
        block.items.erase(block.items.begin() +
                          static_cast<std::ptrdiff_t>(random.Below(block.items.size())));
    }
    text += Print(changed) + "\n";
  }
  return text;
}

TEST_F(Narrowing, NothingGetsMoreWhereItIsSaidToStand) {
  const std::uint64_t wanted = Wanted("WRIT_ORACLE_POLICIES", 25), first = FirstSeed();
  std::uint64_t cases = 0, within = 0, looser = 0, seen = 0, refused = 0;
  for (std::uint64_t seed = first;
       within + looser < wanted && seed < first + 20 * wanted && !HasFailure(); ++seed) {
    Random random(seed);
    const Shape shape{.facts = 3, .meters = 1, .clauses = 3, .depth = 2, .relations = false};
    const std::vector<Block> files = GeneratePolicy(random, shape);
    const std::string says = (random.Chance(15) ? "tenant \"A1\"\n" : "") +
                             GuardFrom(files.front(), random) + WithoutSome(files.front(), random);
    const NarrowingResult made = Make(Print(files.front()), kHead + says);
    if (!made.narrower) {
      ++refused;
      if (std::getenv("WRIT_ORACLE_SHOW_REFUSED") != nullptr) std::cout << made.why << "\n";
      continue;
    }
    if (!made.within && !made.codes.contains("narrows-looser")) continue;
    (made.within ? within : looser) += 1;
    const Policy wide = LoadPolicy(made.base->dumps), narrow = LoadPolicy(made.narrower->dumps);
    bool broken = false;
    for (const auto& [name, capability] : narrow.capabilities) {
      const RequestSpace space(narrow, name);
      for (int i = 0; i < 120 && !HasFailure(); ++i) {
        Request request = space.Any(random);
        request.as_in_force = true;
        const Answer less = Decide(narrow, request, nullptr), more = Decide(wide, request, nullptr);
        // Anchors without rank are refused (M3.3), and nothing is said of such requests.
        const bool strict =
            !less.rivals.empty() || !more.rivals.empty() || AtLeastAsStrict(wide, less, more);
        broken = broken || !strict;
        if (made.within) {
          EXPECT_TRUE(strict) << Print(files.front()) << says << ToText(request) << "\n"
                              << ToText(more) << "\n"
                              << ToText(less);
        }
        ++cases;
      }
    }
    seen += !made.within && broken ? 1 : 0;
  }
  std::cout << cases << " cases: " << within << " stand, " << looser << " are looser, " << seen
            << " of them in some of these cases; " << refused << " refused before\n";
  EXPECT_GT(within, wanted / 8);
  EXPECT_GT(seen, looser / 4);
}

}  // namespace
}  // namespace writ::oracle
