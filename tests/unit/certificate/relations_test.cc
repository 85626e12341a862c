// Claims about two requests: what is proved is so of every pair of small tables.
#include <gmock/gmock.h>

#include <cstdio>

#include "unit/analysis/small_pairs.h"
#include "writ/analysis/refutation.h"
#include "writ/analysis/relation.h"
#include "writ/certificate/certificate.h"

namespace writ::test {
namespace {

using certificate::Claim;
using certificate::ClaimKind;

// Two capabilities of one table, and an invariant about both.
std::optional<table::Model> MakeRelated(std::uint64_t seed, RelationKind kind) {
  Random random(seed);
  Pair pair = MakePair(seed);
  if (pair.before.facts[kM].type != pair.after.facts[kM].type) return std::nullopt;
  if (pair.after.facts[kE].values.size() != 3 || pair.after.facts[kA].high != 3)
    return std::nullopt;
  table::Model model = pair.before;
  table::Matrix second = pair.after.matrices[0];
  for (table::Dimension& dimension : second.dimensions)
    dimension.atoms.value += static_cast<std::uint32_t>(model.atom_maps.size());
  for (table::Column& column : second.columns) column.clause = {0};
  model.atom_maps.insert(model.atom_maps.end(), pair.after.atom_maps.begin(),
                         pair.after.atom_maps.end());
  table::Capability other = model.capabilities[0];
  other.name = "other";
  model.capabilities.push_back(other);
  model.matrices.push_back(std::move(second));
  table::Relation relation;
  relation.kind = kind;
  relation.verdict = {static_cast<Verdict>(random.Below(3)), static_cast<Verdict>(random.Below(3))};
  relation.capability = {{{0}, {1}}};
  if (kind == RelationKind::kMonotone) {
    relation.capability = {{{0}, {0}}};
    relation.fact = {random.Chance(70) ? kA : kB};
    relation.falling = random.Chance(40);
    for (table::Column& column : model.matrices[0].columns)
      if (column.kind == ColumnKind::kInvariant) column.constraints.clear();
  }
  model.relations = {relation};
  return model;
}

bool Holds(const Table& table, const Request& request, Decision* decision) {
  std::vector<std::uint64_t> bits(table.Matrix(request.capability).word_count());
  *decision = Match(table, nullptr, request, bits.data(), bits.size());
  if (decision->builtin != BuiltinRow::kNone && decision->builtin != BuiltinRow::kUndecided)
    return false;
  const MatrixView matrix = table.Matrix(request.capability);
  for (std::uint32_t c = matrix.decision_column_count(); c < matrix.column_count(); ++c)
    if (matrix.Column(c).kind == ColumnKind::kInvariant && (bits[c / 64] >> (c % 64) & 1) != 0)
      return true;
  return false;
}

bool IsLooser(const Table& table, const Decision& first, const Decision& second) {
  if (first.verdict != second.verdict) return second.verdict < first.verdict;
  if (first.verdict != Verdict::kEscalate || first.anchor == second.anchor) return false;
  const auto below = table.Anchor(second.anchor).below;
  return std::ranges::find(below, first.anchor) == below.end();
}

// Some request, or two, that break it.
bool IsBroken(const table::Model& model, const Table& table, const std::deque<Axis>& axes) {
  const table::Relation& relation = model.relations[0];
  bool broken = false;
  ForEachRequest(axes, [&](const Request& request, const Request&) {
    if (broken) return;
    Decision first, second;
    const bool premise = Holds(table, request, &first);
    Request other = request;
    if (relation.kind != RelationKind::kMonotone) {
      other.capability = {1};
      Holds(table, other, &second);
      const bool decided =
          second.builtin == BuiltinRow::kNone || second.builtin == BuiltinRow::kUndecided;
      const bool same = second.verdict == relation.verdict[1];
      broken = premise && decided && first.verdict == relation.verdict[0] &&
               same == (relation.kind == RelationKind::kDisjoint);
      return;
    }
    const std::uint32_t f = relation.fact.value;
    std::vector<Value> values(request.values, request.values + kFactCount);
    other.values = values.data();
    if (!premise || values[f].kind != ValueKind::kNumber) return;
    for (std::int64_t v = model.facts[f].low; v <= model.facts[f].high && !broken; ++v) {
      values[f].number = v;
      const bool beyond =
          relation.falling ? v < request.values[f].number : v > request.values[f].number;
      broken = beyond && Holds(table, other, &second) && IsLooser(table, first, second);
    }
  });
  return broken;
}

TEST(RelationClaims, WhatIsProvedIsSoOfEveryPairOfRequests) {
  for (const RelationKind kind :
       {RelationKind::kImplies, RelationKind::kDisjoint, RelationKind::kMonotone}) {
    std::size_t compared = 0, proved = 0, broken = 0, left_out = 0;
    for (std::uint64_t seed = 1; compared < 200; ++seed) {
      ASSERT_LT(seed, 20'000u);
      const auto model = MakeRelated(seed, kind);
      if (!model) continue;
      Pair pair{*model, *model};
      pair.after.matrices[0] = model->matrices[1];
      pair.after.meters = model->meters;
      const auto axes = AxesOf(pair, 3'000);
      if (!axes) continue;
      const auto opened = OpenModel(*model);
      ASSERT_TRUE(opened);
      ++compared;
      const bool is_broken = IsBroken(*model, opened->table, *axes);
      broken += is_broken ? 1 : 0;
      const std::vector<Claim> claims = certificate::ClaimsOf(opened->table);
      const auto claim = std::ranges::find(claims, ClaimKind::kRelated, &Claim::kind);
      ASSERT_NE(claim, claims.end());
      const auto clauses = certificate::ClausesOf(opened->table, *claim);
      analysis::Budget budget;
      auto steps = clauses ? analysis::Refute(clauses->clauses, budget) : std::nullopt;
      left_out += !steps && !is_broken ? 1 : 0;
      if (!steps) continue;
      ++proved;
      EXPECT_FALSE(is_broken) << "seed " << seed << ": " << Text(*claim);
      const std::string bytes = certificate::WriteCertificate(opened->table, {{*claim, *steps}});
      const auto checked = certificate::CheckCertificate(opened->table, bytes);
      EXPECT_TRUE(checked.has_value()) << seed << ": " << checked.error();
    }
    std::printf("kind %d: %zu proved, %zu broken, %zu left out\n", static_cast<int>(kind), proved,
                broken, left_out);
    EXPECT_GT(proved, 40u);
    EXPECT_GT(broken, 10u);
  }
}

}  // namespace
}  // namespace writ::test
