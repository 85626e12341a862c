// Entry points: CoverQuestion::Find, CoverQuestion::HoldsThroughout, CoverQuestion::Holds.
#include "cover_question.h"

#include <utility>
#include <vector>

namespace writ::compiler {

using analysis::Outcome;

CoverQuestion::CoverQuestion(table::WrittenTable written, CapabilityId capability, ClauseId clause,
                             std::uint32_t region, bool inside)
    : written_(std::move(written)),
      capability_(capability),
      clause_(clause),
      region_(region),
      inside_(inside) {}

std::shared_ptr<const CoverQuestion> CoverQuestion::Make(const table::Model& model,
                                                         CapabilityId capability, ClauseId clause,
                                                         bool inside) {
  auto written = table::WriteAndOpen(model);
  if (!written) return nullptr;
  return std::shared_ptr<const CoverQuestion>(
      new CoverQuestion(*std::move(written), capability, clause,
                        static_cast<std::uint32_t>(model.regions.size() - 1), inside));
}

analysis::ColumnSet CoverQuestion::Rows(const analysis::Space& space) const {
  analysis::ColumnSet rows = space.ColumnsOfClause(clause_);
  const runtime::MatrixView matrix = table().Matrix(capability_);
  for (std::uint32_t c = rows.First(); c < rows.size(); c = rows.Next(c + 1))
    if ((matrix.Column(c).flags & kColumnUnknown) != 0) rows.Remove(c);
  return rows;
}

analysis::Answer CoverQuestion::Find(const analysis::Space& space, analysis::Budget& budget) const {
  analysis::Where where;
  where.winner = Rows(space);
  if (inside_)
    where.holds = {space.RegionColumns(region_)};
  else
    where.none_of = space.RegionColumns(region_);
  return analysis::FindWhere(space, where, budget);
}

bool CoverQuestion::HoldsThroughout(const analysis::Space& space, analysis::Budget& budget) const {
  if (Find(space, budget).outcome != Outcome::kFound) return false;
  analysis::Where otherwise, elsewhere;
  otherwise.not_winner = Rows(space);
  otherwise.none_of = space.AssumptionColumns();
  if (analysis::FindWhere(space, otherwise, budget).outcome != Outcome::kNone) return false;
  elsewhere.none_of = space.AssumptionColumns();
  if (inside_)
    *elsewhere.none_of |= space.RegionColumns(region_);
  else
    elsewhere.holds = {space.RegionColumns(region_)};
  return analysis::FindWhere(space, elsewhere, budget).outcome == Outcome::kNone;
}

bool CoverQuestion::Holds(const runtime::Request& request) const {
  const runtime::MatrixView matrix = table().Matrix(capability_);
  std::vector<std::uint64_t> held(matrix.word_count());
  const runtime::Decision decision =
      runtime::Match(table(), nullptr, request, held.data(), held.size());
  if (decision.builtin != runtime::BuiltinRow::kNone || decision.clause != clause_) return false;
  if ((matrix.Column(decision.column).flags & kColumnUnknown) != 0) return false;
  bool inside = false;
  for (std::uint32_t c = matrix.decision_column_count(); c < matrix.column_count(); ++c) {
    const runtime::ColumnView column = matrix.Column(c);
    inside = inside || (column.kind == ColumnKind::kRegion && column.name == region_ &&
                        (held[c / 64] >> (c % 64) & 1) != 0);
  }
  return inside == inside_;
}

table::Model Alone(const table::Model& model, CapabilityId capability) {
  table::Model alone = model;
  table::Matrix own = std::move(alone.matrices[capability.value]);
  alone.matrices.assign(alone.matrices.size(), {});
  alone.matrices[capability.value] = std::move(own);
  return alone;
}

}  // namespace writ::compiler
