// Entry points: CutsOf, MoveCut.
#include "boundaries.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "writ/analysis/witness.h"

namespace writ::compiler {

using namespace writ::runtime;

std::string DimensionName(const table::Model& model, const table::Matrix& matrix, std::uint32_t d) {
  const table::Dimension& dimension = matrix.dimensions[d];
  switch (dimension.kind) {
    case table::DimensionKind::kFact:
      return "`" + model.facts[dimension.index].name + "`";
    case table::DimensionKind::kRole:
      return "the role";
    case table::DimensionKind::kEvidence:
      return "evidence `" + model.evidence[dimension.index].name + "`";
    case table::DimensionKind::kDerived:
      break;
  }
  return "a worked-out value";
}

std::string DimensionValue(const table::Model& model, const table::Matrix& matrix, std::uint32_t d,
                           std::int64_t number) {
  const table::Dimension& dimension = matrix.dimensions[d];
  if (dimension.kind != table::DimensionKind::kFact) return std::to_string(number);
  const table::Fact& fact = model.facts[dimension.index];
  return analysis::FormatNumber(fact.type, fact.unit, fact.scale, number);
}

std::set<std::uint32_t> ConstrainedBy(const table::Matrix& matrix, ClauseId clause) {
  std::set<std::uint32_t> dimensions;
  for (const table::Column& column : matrix.columns) {
    if (!DecidesFor(column, clause)) continue;
    for (const table::Constraint& c : column.constraints) dimensions.insert(c.dimension);
  }
  return dimensions;
}

std::set<std::int64_t> CutsOf(const table::Model& model, const table::Matrix& matrix,
                              ClauseId clause, std::uint32_t d) {
  const table::AtomMap& map = model.atom_maps[matrix.dimensions[d].atoms.value];
  std::set<std::int64_t> cuts;
  if (map.kind != AtomMapKind::kCuts) return cuts;
  for (const table::Column& column : matrix.columns) {
    if (!DecidesFor(column, clause)) continue;
    for (const table::Constraint& c : column.constraints) {
      for (std::uint32_t a = 1; c.dimension == d && a + 1 < c.atoms.size(); ++a)
        if (c.atoms[a] != c.atoms[a + 1]) cuts.insert(map.cuts[a - 1]);
    }
  }
  return cuts;
}

bool CanMove(std::int64_t cut) {
  return cut > std::numeric_limits<std::int64_t>::min() + 1 &&
         cut < std::numeric_limits<std::int64_t>::max() - 1;
}

// The sliver between the old and the new cut becomes an atom of its own; the clause's rows take it
// from the side to which the cut moves.
void MoveCut(table::Model& model, table::Matrix& matrix, ClauseId clause, std::uint32_t d,
             std::int64_t cut, std::int64_t step) {
  table::AtomMap map = model.atom_maps[matrix.dimensions[d].atoms.value];
  const std::int64_t moved = cut + step;
  const auto at = std::ranges::lower_bound(map.cuts, moved);
  const bool is_new = at == map.cuts.end() || *at != moved;
  const auto place = static_cast<std::size_t>(at - map.cuts.begin());
  if (is_new) map.cuts.insert(at, moved);
  const auto lower = static_cast<std::size_t>(
      std::ranges::lower_bound(map.cuts, std::min(cut, moved)) - map.cuts.begin());
  // Atom lower + 1 lies below the lower of both cuts, lower + 2 between them, lower + 3 above.
  for (table::Column& column : matrix.columns) {
    for (table::Constraint& c : column.constraints) {
      if (c.dimension != d) continue;
      if (is_new)
        c.atoms.insert(c.atoms.begin() + static_cast<std::ptrdiff_t>(place + 1),
                       c.atoms[place + 1]);
      if (!DecidesFor(column, clause)) continue;
      c.atoms[lower + 2] = step > 0 ? c.atoms[lower + 1] : c.atoms[lower + 3];
    }
  }
  matrix.dimensions[d].atoms = {static_cast<std::uint32_t>(model.atom_maps.size())};
  model.atom_maps.push_back(std::move(map));
}

}  // namespace writ::compiler
