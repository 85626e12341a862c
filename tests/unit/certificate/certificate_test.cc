// Certificates: honest ones are accepted, others refused, and what a claim rules out is what the
// runtime says.
#include "writ/certificate/certificate.h"

#include <gmock/gmock.h>

#include "small_proofs.h"
#include "unit/analysis/table_builder.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/refutation.h"
#include "writ/analysis/space.h"

namespace writ::test {
namespace {

using certificate::CheckCertificate;
using certificate::Claim;
using certificate::ClaimKind;
using certificate::ClausesOf;
using certificate::Proof;
using certificate::WriteCertificate;
using ::testing::HasSubstr;

std::string ErrorOf(const certificate::About& about, const std::string& bytes) {
  const auto checked = CheckCertificate(about, bytes);
  return checked ? "accepted" : checked.error();
}

TEST(Certificate, AcceptsProofsThatEnd) {
  const ProvedTable proved;
  ASSERT_EQ(proved.proofs.size(), 2u);
  const auto checked = CheckCertificate(proved.about(), proved.certificate);
  ASSERT_TRUE(checked.has_value()) << checked.error();
  EXPECT_EQ(checked->claims.size(), 2u);
  EXPECT_EQ(checked->claims[0], proved.proofs[0].claim);
  EXPECT_EQ(checked->claims[1].words, "bounded");
}

void ExpectLiesRefused(const ProvedClaims& proved, std::int32_t cases) {
  std::size_t lies = 0;
  for (const Claim& claim : certificate::ClaimsOf(proved.about())) {
    if (proved.IsTrue(claim)) continue;
    ++lies;
    const auto error = [&](std::vector<certificate::Clause> steps) {
      return ErrorOf(proved.about(), WriteCertificate(proved.about(), {{claim, std::move(steps)}}));
    };
    EXPECT_THAT(error(AllCases(cases)), HasSubstr("a step that does not follow")) << Text(claim);
    EXPECT_THAT(error({{}}), HasSubstr("a step that does not follow"));
    EXPECT_THAT(error({}), HasSubstr("the proof has no end"));
  }
  EXPECT_GE(lies, 2u);
}

TEST(Certificate, RefusesClaimsThatAreNotTrue) {
  ExpectLiesRefused(ProvedTable(), ProvedTable::kCases);
  ExpectLiesRefused(ProvedAnswers(), ProvedTable::kCases);
  ExpectLiesRefused(ProvedComparison(), ProvedComparison::kCases);
  ExpectLiesRefused(ProvedRelations(), ProvedRelations::kCases);
}

TEST(Certificate, AcceptsAnswersAndComparisons) {
  const ProvedAnswers answers;
  const auto answered = CheckCertificate(answers.about(), answers.certificate);
  ASSERT_TRUE(answered.has_value()) << answered.error();
  EXPECT_EQ(answered->claims.size(), 5u);
  EXPECT_THAT(certificate::QuestionsIn(answers.certificate),
              ::testing::ElementsAre("never allow a big one", "always allow a big one"));
  const ProvedComparison comparison;
  const auto compared = CheckCertificate(comparison.about(), comparison.certificate);
  ASSERT_TRUE(compared.has_value()) << compared.error();
  ASSERT_EQ(compared->claims.size(), 3u);
  EXPECT_EQ(Text(compared->claims[2]),
            "every request of `open` is decided alike by both, outside of 1 region");
  EXPECT_THAT(RegionTexts(comparison.about(), compared->claims[2]),
              ::testing::ElementsAre("no row (deny) gave way to (allow)"));
}

TEST(Certificate, AcceptsWhatIsSaidOfTwoRequests) {
  const ProvedRelations relations;
  const auto checked = CheckCertificate(relations.about(), relations.certificate);
  ASSERT_TRUE(checked.has_value()) << checked.error();
  ASSERT_EQ(checked->claims.size(), 2u);
  EXPECT_EQ(Text(checked->claims[0]),
            "invariant `related`: never allow `closed` and escalate `open`");
  EXPECT_EQ(Text(checked->claims[1]),
            "invariant `related`: `closed` is decided no less strictly for more `a`");
}

// A question that nobody compiled is no claim, nor is a comparison with another table.
TEST(Certificate, ClaimsAreOfWhatIsLookedAt) {
  const ProvedAnswers answers;
  EXPECT_THAT(ErrorOf(certificate::About(*answers.about().table), answers.certificate),
              HasSubstr("claims nothing of this table"));
  const ProvedComparison comparison;
  const certificate::About about = comparison.about();
  EXPECT_THAT(ErrorOf({*about.table, *about.before}, comparison.certificate),
              HasSubstr("of another table"));
  EXPECT_THAT(ErrorOf(*about.table, comparison.certificate), HasSubstr("claims nothing"));
}

TEST(Certificate, IsOfOneTable) {
  const ProvedTable proved;
  TableBuilder other;
  other.Column(Verdict::kAllow, other.Clause("c", "rule"), {});
  const auto opened = other.Open();
  EXPECT_THAT(ErrorOf(opened->table, proved.certificate), HasSubstr("of another table"));
}

// Every byte, to several values: without its seal it is refused, and sealed again it proves nothing
// that is not so.
void ExpectDamageHarmless(const ProvedClaims& proved) {
  std::size_t refused = 0, sealed = 0;
  for (std::size_t at = 0; at < proved.certificate.size(); ++at) {
    for (const int change : {1, 4, 0x2D ^ 0x20, 0x80}) {
      std::string bytes = proved.certificate;
      bytes[at] = static_cast<char>(bytes[at] ^ change);
      EXPECT_FALSE(CheckCertificate(proved.about(), bytes).has_value()) << at;
      certificate::SealCertificate(&bytes);
      const auto checked = CheckCertificate(proved.about(), bytes);
      ++sealed;
      refused += checked ? 0 : 1;
      if (!checked) continue;
      for (const Claim& claim : checked->claims) EXPECT_TRUE(proved.IsTrue(claim)) << at;
    }
  }
  EXPECT_GT(sealed, 2'000u);
  EXPECT_GT(refused, sealed / 2);
}

TEST(Certificate, DamageIsRefusedOrProvesWhatIsSo) {
  ExpectDamageHarmless(ProvedTable());
  ExpectDamageHarmless(ProvedAnswers());
  ExpectDamageHarmless(ProvedComparison());
  ExpectDamageHarmless(ProvedRelations());
}

// Random tables: where the search finds a request, the clauses can be met; and what is refuted is
// checked.
TEST(Certificate, ClaimsAreRefutedWhereTheSearchProvesThem) {
  std::size_t proved = 0, open = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Random r(seed);
    TableBuilder b;
    b.model().invariants = {"i"};
    for (std::uint32_t d = 0; d < 3; ++d)
      b.Cuts(b.Fact("n" + std::to_string(d), ValueType::kInteger, 0, 9), {3, 6});
    b.Direct(b.Enum("e", {"x", "y"}), 2);
    b.RoleDimension();
    std::vector<Verdict> verdicts;
    for (std::uint32_t c = 0; c < 9; ++c) verdicts.push_back(static_cast<Verdict>(r.Below(3)));
    std::sort(verdicts.begin(), verdicts.end(), [](Verdict x, Verdict y) { return x > y; });
    const auto where = [&] {
      std::vector<TableBuilder::Where> all;
      for (std::uint32_t d = 0; d < 5; ++d) {
        if (r.Chance(60)) continue;
        all.push_back({d, {}});
        for (std::uint32_t a = 0; a < (d == 3 ? 3u : d == 4 ? 4u : 4u); ++a)
          if (r.Chance(60)) all.back().atoms.push_back(a);
      }
      return all;
    };
    for (const Verdict verdict : verdicts) {
      const std::uint8_t flags = r.Chance(20)                                 ? kColumnOtherwise
                                 : verdict == Verdict::kAllow && r.Chance(50) ? kColumnAllowWhen
                                                                              : 0;
      b.Column(verdict, b.Clause("c", "rule"), where(), flags, {r.Below(2)});
    }
    const std::uint32_t asked = b.Column(static_cast<Verdict>(r.Below(3)), {0}, where());
    b.matrix().columns[asked].kind = ColumnKind::kInvariant;
    const auto opened = b.Open();
    ASSERT_NE(opened, nullptr);
    analysis::Budget budget;
    std::vector<Proof> proofs;
    for (const Claim& claim : certificate::ClaimsOf(opened->table)) {
      const analysis::Space space(
          opened->table, {0},
          analysis::Restriction{.as_in_force = claim.kind == ClaimKind::kNever});
      const analysis::Answer answer = claim.kind == ClaimKind::kDecided
                                          ? FindUndecided(space, budget)
                                          : FindInvariantBreach(space, 0, budget);
      const auto steps = analysis::Refute(ClausesOf(opened->table, claim)->clauses, budget);
      EXPECT_EQ(steps.has_value(), answer.outcome == analysis::Outcome::kNone)
          << seed << ": " << Text(claim);
      if (steps) proofs.push_back({claim, *steps});
      (steps ? proved : open) += 1;
    }
    const std::string bytes = WriteCertificate(opened->table, proofs);
    const auto checked = CheckCertificate(opened->table, bytes);
    EXPECT_TRUE(checked.has_value()) << seed << ": " << checked.error();
    if (checked) {
      EXPECT_EQ(checked->claims.size(), proofs.size());
    }
  }
  EXPECT_GT(proved, 150u);
  EXPECT_GT(open, 150u);
}

}  // namespace
}  // namespace writ::test
