// Looser as it gets worse (M21): random small policies against all pairs of requests that differ in
// one pressure, or in the mode.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "small_policies.h"

namespace writ::compiler::testing {
namespace {

TEST(VerifyMonotone, AgreesWithAllPairsOfRequests) {
  int looser = 0, stands = 0, unknown = 0;
  for (std::uint64_t seed = 1; seed <= 1'200 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const SmallPolicy policy(seed, true);
    Bench bench(policy.b.p, {.max_rows_per_condition = seed % 2 == 0 ? 64u : 1u});
    ASSERT_TRUE(bench.ok);
    const auto codes = CodesOf(policy.b.p, bench);
    const auto says = [&](const char* code) { return std::ranges::count(codes, code) != 0; };
    if (says("anchors-incomparable")) continue;  // which of the two decides is then no matter
    std::string shown;
    policy.ForEachRequest([&](RoleId role, const std::vector<Given>& given) {
      if (!shown.empty()) return;
      const std::string before = bench.Decide(policy.act(), role, given);
      const runtime::Decision first = bench.decision;
      std::vector<Given> worse = given;
      for (Given& g : worse) {
        if (std::ranges::count(policy.special(), g.fact) == 0) continue;
        const Given kept = g;
        while (shown.empty() && ++g.number <= policy.b.p.vocabulary.facts[g.fact.value].high) {
          const std::string after = bench.Decide(policy.act(), role, worse);
          if (!AtLeastAsStrict(policy.b.p, bench.decision, first))
            shown = before + ", then " + after;
        }
        g = kept;
      }
    });
    if (says("unproved")) {
      ++unknown;
      continue;
    }
    EXPECT_EQ(says("looser-under-pressure"), !shown.empty()) << shown;
    ++(shown.empty() ? stands : looser);
  }
  std::printf("%d policies stand, %d become looser, %d unknown\n", stands, looser, unknown);
  EXPECT_GE(looser, 300);
  EXPECT_GE(stands, 300);
  EXPECT_LE(unknown, 5);  // worked-out values that are too entangled
}

}  // namespace
}  // namespace writ::compiler::testing
