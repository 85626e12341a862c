// What the fuzz target `fuzz_proof` tries, on inputs that are the same in every run; and that it
// tries something: damaged tables are opened, proofs of them accepted, and lies would be seen.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>

#include "hostile_proofs.h"
#include "unit/analysis/table_builder.h"

namespace writ::test {
namespace {

using certificate::Claim;
using certificate::ClaimKind;

TEST(Hostile, WhatIsAcceptedOfADamagedTableIsSo) {
  Random random(1);
  std::map<ClaimKind, std::size_t> accepted;
  std::size_t opened = 0;
  for (int i = 0; i < 4000; ++i) {
    std::vector<std::uint8_t> input(5 + 3 * random.Below(5));
    for (std::uint8_t& byte : input) byte = static_cast<std::uint8_t>(random.Below(256));
    if (random.Chance(80)) input[2] = 9;  // enough for all of these
    const HostileOutcome outcome = TryHostile(input);
    EXPECT_FALSE(outcome.refuted) << "input " << i;
    opened += outcome.opened ? 1 : 0;
    for (const Claim& claim : outcome.accepted) ++accepted[claim.kind];
  }
  std::printf("%zu of 4000 opened; accepted:", opened);
  for (const auto& [kind, count] : accepted)
    std::printf(" %zu of kind %d", count, static_cast<int>(kind));
  std::printf("\n");
  EXPECT_GT(opened, 1000U);
  for (const ClaimKind kind : {ClaimKind::kDecided, ClaimKind::kNever, ClaimKind::kAsked,
                               ClaimKind::kAlike, ClaimKind::kOwed, ClaimKind::kRelated})
    EXPECT_GT(accepted[kind], 10U) << static_cast<int>(kind);
}

// The judge sees every claim that is not so of the tables as they were made, and refutes none that
// has a proof.
TEST(Hostile, TheJudgeKnowsWhatIsSo) {
  std::size_t lies = 0, proved = 0;
  for (const HostileCase& one : HostileCases()) {
    const auto table = OpenModel(one.table);
    const auto other = one.before || one.condition
                           ? OpenModel(one.before ? *one.before : *one.condition)
                           : nullptr;
    ASSERT_TRUE(table);
    certificate::About about = one.before ? certificate::About(other->table, table->table)
                                          : certificate::About(table->table);
    if (one.condition)
      about.questions = {
          {"asked", &other->table, {Verdict::kAllow, Verdict::kEscalate, Verdict::kDeny}}};
    for (const Claim& claim : certificate::ClaimsOf(about)) {
      const bool holds =
          certificate::CheckCertificate(about, WriteProof(about, claim, 9)).has_value();
      EXPECT_NE(holds, Judge(about).Refutes(claim))
          << &one - HostileCases().data() << ": " << certificate::Text(claim);
      (holds ? proved : lies) += 1;
    }
  }
  EXPECT_GT(lies, 8U);
  EXPECT_GT(proved, 8U);
}

}  // namespace
}  // namespace writ::test
