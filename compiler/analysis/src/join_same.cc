// The quick way out for what nobody touched. Entry points: SameNumbers, SameMatrices.
#include <algorithm>
#include <cstring>

#include "join.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

std::uint32_t NumberOf(std::uint32_t number) { return number; }
template <typename Id>
std::uint32_t NumberOf(Id id) {
  return id.value;
}

template <typename Id>
bool IsIdentity(const std::vector<Id>& ids) {
  for (std::uint32_t i = 0; i < ids.size(); ++i)
    if (NumberOf(ids[i]) != i) return false;
  return true;
}

bool SameMaps(const Table& a, const Table& b, AtomMapId x, AtomMapId y) {
  const AtomMapView p = a.AtomMap(x), q = b.AtomMap(y);
  if (p.kind != q.kind || p.atom_count != q.atom_count || !std::ranges::equal(p.cuts, q.cuts))
    return false;
  for (std::uint32_t i = 0; p.kind == AtomMapKind::kStrings && i + 2 < p.atom_count; ++i)
    if (a.AtomString(x, i) != b.AtomString(y, i)) return false;
  return true;
}

bool SameColumns(const Table& a, const Table& b, const MatrixView& x, const MatrixView& y) {
  for (std::uint32_t c = 0; c < x.column_count(); ++c) {
    const ColumnView p = x.Column(c), q = y.Column(c);
    if (p.kind != q.kind || p.verdict != q.verdict || p.flags != q.flags || p.anchor != q.anchor ||
        p.clause.valid() != q.clause.valid())
      return false;
    const bool obligation = p.kind == ColumnKind::kNote || p.kind == ColumnKind::kNotify;
    if (!obligation || !p.clause.valid()) continue;
    if (a.Clause(p.clause).name != b.Clause(q.clause).name) return false;
  }
  return true;
}

bool SameCode(const MatrixView& x, const MatrixView& y) {
  for (std::uint32_t i = 0; i < x.instruction_count(); ++i) {
    const InstructionView p = x.Instruction(i), q = y.Instruction(i);
    if (p.op != q.op || p.a != q.a || p.b != q.b || p.immediate != q.immediate ||
        p.text != q.text || p.has_substitute_a != q.has_substitute_a ||
        p.has_substitute_b != q.has_substitute_b || p.substitute_a != q.substitute_a ||
        p.substitute_b != q.substitute_b)
      return false;
  }
  for (std::uint32_t i = 0; i < x.signature_count(); ++i) {
    if (x.Signature(i).fact != y.Signature(i).fact ||
        x.Signature(i).required != y.Signature(i).required)
      return false;
  }
  return true;
}

}  // namespace

bool SameNumbers(const JoinedVocabulary& vocabulary) {
  if (!vocabulary.notes.empty()) return false;
  for (const SideNumbers& side : vocabulary.side) {
    const bool same = side.fact.size() == vocabulary.model.facts.size() &&
                      side.role.size() == vocabulary.model.roles.size() &&
                      side.capability.size() == vocabulary.model.capabilities.size() &&
                      IsIdentity(side.fact) && IsIdentity(side.role) && IsIdentity(side.anchor) &&
                      IsIdentity(side.capability) && IsIdentity(side.evidence) &&
                      IsIdentity(side.pattern);
    if (!same) return false;
    for (std::uint32_t f = 0; f < side.value.size(); ++f) {
      const table::Fact& fact = vocabulary.model.facts[f];
      if (side.value[f].size() != fact.values.size()) return false;
      for (std::uint32_t v = 0; v < side.value[f].size(); ++v)
        if (side.value[f][v] != v) return false;
      if (side.low[f] != fact.low || side.high[f] != fact.high) return false;
    }
  }
  return true;
}

bool SameMatrices(const std::array<const Table*, kSides>& tables, CapabilityId capability) {
  const Table &a = *tables[0], &b = *tables[1];
  const MatrixView x = a.Matrix(capability), y = b.Matrix(capability);
  if (x.column_count() != y.column_count() || x.dimension_count() != y.dimension_count() ||
      x.word_count() != y.word_count() || x.instruction_count() != y.instruction_count() ||
      x.signature_count() != y.signature_count() || !SameColumns(a, b, x, y) || !SameCode(x, y))
    return false;
  for (std::uint32_t d = 0; d < x.dimension_count(); ++d) {
    const DimensionView p = x.Dimension(d), q = y.Dimension(d);
    if (p.kind != q.kind || p.index != q.index || !SameMaps(a, b, p.atoms, q.atoms)) return false;
    for (std::uint32_t atom = 0; atom < p.atom_count; ++atom) {
      if (std::memcmp(x.Bits(d, atom), y.Bits(d, atom), x.word_count() * sizeof(std::uint64_t)) !=
          0)
        return false;
    }
  }
  return true;
}

}  // namespace writ::analysis
