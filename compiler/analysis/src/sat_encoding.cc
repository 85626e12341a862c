// A space as clauses.
//
// A dimension whose atoms have an order is encoded by it: one variable a cut, "the atom lies below"
// (N. Tamura et al., "Compiling finite linear CSP into SAT", 2009), so that a range is two
// literals. Of the others, being one part is a literal of its own, made of two neighbouring cuts.
// Atoms that no relevant column tells apart are one part. Everything above is a circuit (G. Tseitin
// 1968), whose gates are shared where they are equal: two tables that lie side by side have most of
// theirs in common.
//
// Entry points: Holds, Decide, Chosen.
#include "sat_encoding.h"

#include <algorithm>

namespace writ::analysis {

using namespace writ::runtime;

SatEncoding::SatEncoding(const Space::Impl& space, const std::vector<AtomSet>& allowed,
                         const ColumnSet& relevant, SatSolver& solver)
    : s_(space),
      allowed_(allowed),
      relevant_(relevant),
      solver_(solver),
      lines_(allowed.size()),
      holds_(space.columns, 0) {
  for (const EvidenceSlot& slot : s_.slots) {
    fresh_.push_back(solver_.NewVariable());
    if (!slot.may_be_fresh) solver_.Add({-fresh_.back()});
    if (!slot.may_be_stale) solver_.Add({fresh_.back()});
  }
  for (std::uint32_t d = 0; d < lines_.size(); ++d) {
    MakeLine(d);
    TieToEvidence(d);
  }
}

bool SatEncoding::SameToAll(std::uint32_t d, std::uint32_t a, std::uint32_t b) const {
  const std::uint64_t *x = s_.Bits(d, a), *y = s_.Bits(d, b);
  for (std::uint32_t w = 0; w < s_.words; ++w)
    if (((x[w] ^ y[w]) & relevant_.words()[w]) != 0) return false;
  return true;
}

void SatEncoding::MakeLine(std::uint32_t d) {
  Line& line = lines_[d];
  const DimensionInfo& info = s_.dimensions[d];
  line.ordered = s_.table.AtomMap(info.view.atoms).kind == AtomMapKind::kCuts;
  const bool by_evidence = !s_.components[info.component].slots.empty() || info.slot != kNoIndex;
  for (std::uint32_t a = allowed_[d].First(); a < allowed_[d].size(); a = allowed_[d].Next(a + 1)) {
    const auto alike = [&](const AtomSet& part) {
      const std::uint32_t b = part.First();
      return (!by_evidence || (b == 0) == (a == 0)) && SameToAll(d, a, b);
    };
    const auto at = line.ordered && !line.parts.empty()
                        ? std::find_if(line.parts.end() - 1, line.parts.end(), alike)
                        : std::find_if(line.parts.begin(), line.parts.end(), alike);
    if (at != line.parts.end()) {
      at->Add(a);
      continue;
    }
    line.parts.emplace_back(allowed_[d].size());
    line.parts.back().Add(a);
  }
  line.below.push_back(-kTrueLiteral);
  for (std::size_t k = 1; k < line.parts.size(); ++k) {
    line.below.push_back(solver_.NewVariable());
    if (k > 1) solver_.Add({-line.below[k - 1], line.below[k]});
  }
  line.below.push_back(kTrueLiteral);
  line.is.assign(line.parts.size(), 0);
}

// As Space::Impl::AllowedUnder has it.
void SatEncoding::TieToEvidence(std::uint32_t d) {
  const DimensionInfo& info = s_.dimensions[d];
  const auto only = [&](std::uint32_t atom) {
    AtomSet set(allowed_[d].size());
    if (allowed_[d].Has(atom)) set.Add(atom);
    return In(d, set);
  };
  if (info.slot != kNoIndex) {
    solver_.Add({-fresh_[info.slot], -only(1)});
    solver_.Add({fresh_[info.slot], -only(2)});
  }
  if (info.domain != kNoIndex && s_.domains[info.domain].slot != kNoIndex) {
    const FactDomain& from = s_.domains[info.domain];
    solver_.Add({fresh_[from.slot], only(0)});
    if (!from.may_be_missing) solver_.Add({-fresh_[from.slot], -only(0)});
  }
  for (const std::uint32_t slot : info.wanted_by) solver_.Add({-fresh_[slot], -only(0)});
}

Literal SatEncoding::Is(Line& line, std::size_t part) {
  if (line.is[part] == 0) line.is[part] = And(-line.below[part], line.below[part + 1]);
  return line.is[part];
}

Literal SatEncoding::In(std::uint32_t d, const AtomSet& atoms) {
  Line& line = lines_[d];
  std::vector<bool> member;
  for (const AtomSet& part : line.parts) {
    AtomSet outside = part;
    outside -= atoms;
    member.push_back(outside.Empty());
  }
  const auto count = std::ranges::count(member, true);
  if (count == 0) return -kTrueLiteral;
  if (count == std::ssize(member)) return kTrueLiteral;
  const auto [at, is_new] = members_.try_emplace({d, member}, 0);
  if (!is_new) return at->second;
  std::vector<Literal> parts;
  if (line.ordered) {
    at->second = InRuns(line, member);
  } else {
    // The smaller side is named.
    const bool inside = 2 * count <= std::ssize(member);
    for (std::size_t k = 0; k < member.size(); ++k)
      if (member[k] == inside) parts.push_back(Is(line, k));
    at->second = inside ? Or(parts) : -Or(parts);
  }
  return at->second;
}

Literal SatEncoding::InRuns(Line& line, const std::vector<bool>& member) {
  std::vector<Literal> runs;
  for (std::size_t k = 0; k < member.size(); ++k) {
    if (!member[k]) continue;
    std::size_t end = k;
    while (end < member.size() && member[end]) ++end;
    runs.push_back(And(-line.below[k], line.below[end]));
    k = end;
  }
  return Or(runs);
}

Literal SatEncoding::And(Literal a, Literal b) {
  if (a > b) std::swap(a, b);
  if (a == -kTrueLiteral || b == -kTrueLiteral || a == -b) return -kTrueLiteral;
  if (a == kTrueLiteral || a == b) return b;
  if (b == kTrueLiteral) return a;
  const auto [at, is_new] = ands_.try_emplace({a, b}, 0);
  if (!is_new) return at->second;
  const Literal both = at->second = solver_.NewVariable();
  solver_.Add({-both, a});
  solver_.Add({-both, b});
  solver_.Add({both, -a, -b});
  return both;
}

Literal SatEncoding::And(std::vector<Literal> all) {
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::erase(all, kTrueLiteral);
  for (const Literal literal : all) {
    if (literal == -kTrueLiteral || std::ranges::binary_search(all, -literal)) return -kTrueLiteral;
  }
  if (all.empty()) return kTrueLiteral;
  if (all.size() == 1) return all[0];
  if (all.size() == 2) return And(all[0], all[1]);
  const Literal result = solver_.NewVariable();
  std::vector<Literal> clause = {result};
  for (const Literal literal : all) {
    solver_.Add({-result, literal});
    clause.push_back(-literal);
  }
  solver_.Add(clause);
  return result;
}

Literal SatEncoding::Or(std::vector<Literal> all) {
  for (Literal& literal : all) literal = -literal;
  return -And(std::move(all));
}

Literal SatEncoding::Holds(std::uint32_t c) {
  if (holds_[c] != 0) return holds_[c];
  std::vector<Literal> needs;
  for (std::uint32_t d = 0; d < lines_.size(); ++d) {
    if (s_.dimensions[d].full.Has(c)) continue;
    AtomSet atoms = s_.AtomsOf(c, d);
    atoms &= allowed_[d];
    needs.push_back(In(d, atoms));
  }
  return holds_[c] = And(std::move(needs));
}

Literal SatEncoding::AnyHolds(const ColumnSet& columns) {
  std::vector<Literal> any;
  for (std::uint32_t c = columns.First(); c < columns.size(); c = columns.Next(c + 1))
    any.push_back(Holds(c));
  return Or(std::move(any));
}

Literal SatEncoding::TakesPart(std::uint32_t c, const ColumnSet& otherwise,
                               const ColumnSet& allow_when) {
  if (!otherwise.Has(c)) return Holds(c);
  return And(Holds(c), -AnyHolds(allow_when));
}

Deciding SatEncoding::Decide(const ColumnSet& columns, const ColumnSet& otherwise,
                             const ColumnSet& allow_when) {
  Deciding deciding;
  deciding.by_column.assign(s_.columns, -kTrueLiteral);
  const Literal allowed = otherwise.Empty() ? -kTrueLiteral : AnyHolds(allow_when);
  for (std::uint32_t c = columns.First(); c < columns.size(); c = columns.Next(c + 1)) {
    const Literal part = otherwise.Has(c) ? And(Holds(c), -allowed) : Holds(c);
    deciding.by_column[c] = And(part, deciding.none);
    deciding.none = And(deciding.none, -part);
  }
  return deciding;
}

Box SatEncoding::Chosen() const {
  Box box;
  for (const Line& line : lines_) {
    std::size_t part = 0;
    while (!solver_.Value(line.below[part + 1])) ++part;
    box.atoms.push_back(line.parts[part]);
  }
  for (const Literal fresh : fresh_) box.fresh.push_back(solver_.Value(fresh));
  return box;
}

void SatEncoding::Forbid(const Component& component, const Box& box,
                         const std::vector<bool>& free) {
  std::vector<Literal> clause;
  for (const std::uint32_t d : component.dimensions)
    if (!free[d]) clause.push_back(-In(d, box.atoms[d]));
  for (const std::uint32_t slot : component.slots)
    clause.push_back(box.fresh[slot] ? -fresh_[slot] : fresh_[slot]);
  solver_.Add(clause);
}

void SatEncoding::ForbidAll(const Box& box) {
  std::vector<Literal> clause;
  for (std::uint32_t d = 0; d < lines_.size(); ++d) clause.push_back(-In(d, box.atoms[d]));
  for (std::size_t slot = 0; slot < fresh_.size(); ++slot)
    clause.push_back(box.fresh[slot] ? -fresh_[slot] : fresh_[slot]);
  solver_.Add(clause);
}

}  // namespace writ::analysis
