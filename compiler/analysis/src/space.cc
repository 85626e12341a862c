// What a prepared space answers about its facts, atoms and columns. `space_build.cc` prepares it.
#include "writ/analysis/space.h"

#include <algorithm>

#include "space_impl.h"

namespace writ::analysis {

using namespace writ::runtime;

std::uint32_t Space::Impl::DomainOf(FactId fact) const {
  const auto at =
      std::lower_bound(domains.begin(), domains.end(), fact,
                       [](const FactDomain& domain, FactId id) { return domain.fact < id; });
  return at != domains.end() && at->fact == fact ? static_cast<std::uint32_t>(at - domains.begin())
                                                 : kNoIndex;
}

AtomSet Space::Impl::AtomsOf(std::uint32_t c, std::uint32_t d) const {
  AtomSet atoms = dimensions[d].allowed;
  for (std::uint32_t a = atoms.First(); a < atoms.size(); a = atoms.Next(a + 1)) {
    if ((Bits(d, a)[c / 64] >> (c % 64) & 1) == 0) atoms.Remove(a);
  }
  return atoms;
}

Range Space::Impl::RangeOf(const AtomMapView& map, std::uint32_t atom) const {
  if (map.kind == AtomMapKind::kDirect) return {std::int64_t{atom} - 1, std::int64_t{atom} - 1};
  const std::size_t count = map.cuts.size();
  return {atom == 1 ? kMin : map.cuts[atom - 2], atom - 1 < count ? map.cuts[atom - 1] - 1 : kMax};
}

std::vector<Range> Space::Impl::RangesOf(const AtomMapView& map, const AtomSet& atoms) const {
  std::vector<Range> ranges;
  for (std::uint32_t a = atoms.Next(1); a < atoms.size(); a = atoms.Next(a + 1)) {
    const Range range = RangeOf(map, a);
    if (!ranges.empty() && ranges.back().high == range.low - 1) {
      ranges.back().high = range.high;
    } else {
      ranges.push_back(range);
    }
  }
  return ranges;
}

AtomSet Space::Impl::AllowedUnder(std::uint32_t d, const std::vector<bool>& fresh) const {
  const DimensionInfo& info = dimensions[d];
  AtomSet atoms = info.allowed;
  if (info.slot != kNoIndex) atoms.Remove(fresh[info.slot] ? 1 : 2);
  if (info.domain != kNoIndex && domains[info.domain].slot != kNoIndex) {
    const FactDomain& from = domains[info.domain];
    const bool missing = atoms.Has(0);
    if (!fresh[from.slot]) atoms = AtomSet(atoms.size());
    if (!fresh[from.slot] && missing) atoms.Add(0);
    if (fresh[from.slot] && !from.may_be_missing) atoms.Remove(0);
  }
  for (const std::uint32_t slot : info.wanted_by) {
    if (fresh[slot]) atoms.Remove(0);
  }
  return atoms;
}

Space::Space(const Table& table, CapabilityId capability, const Restriction& restriction)
    : impl_(std::make_unique<Impl>(table, capability, restriction)) {}
Space::~Space() = default;
Space::Space(Space&&) noexcept = default;
Space& Space::operator=(Space&&) noexcept = default;

const Table& Space::table() const { return impl_->table; }
CapabilityId Space::capability() const { return impl_->capability; }
const Restriction& Space::restriction() const { return impl_->restriction; }
std::uint32_t Space::column_count() const { return impl_->columns; }
std::uint32_t Space::decision_column_count() const { return impl_->matrix.decision_column_count(); }
ColumnSet Space::NoColumns() const { return ColumnSet(impl_->columns); }
ColumnSet Space::DecisionColumns() const { return impl_->decisions; }

namespace {

template <typename Predicate>
ColumnSet Pick(const Space::Impl& s, Predicate predicate) {
  ColumnSet set(s.columns);
  for (std::uint32_t c = 0; c < s.columns; ++c) {
    if (predicate(s.column[c])) set.Add(c);
  }
  return set;
}

}  // namespace

ColumnSet Space::ColumnsOfClause(ClauseId clause) const {
  ColumnSet set = Pick(*impl_, [&](const ColumnView& c) { return c.clause == clause; });
  return set &= impl_->decisions;
}
ColumnSet Space::ColumnsWith(Verdict verdict) const {
  ColumnSet set = Pick(*impl_, [&](const ColumnView& c) { return c.verdict == verdict; });
  return set &= impl_->decisions;
}
ColumnSet Space::ColumnsTo(AnchorId anchor) const {
  ColumnSet set = ColumnsWith(Verdict::kEscalate);
  return set &= Pick(*impl_, [&](const ColumnView& c) { return c.anchor == anchor; });
}
bool IsAssumption(std::string_view clause) {
  const std::size_t slash = clause.rfind('/');
  return clause.starts_with("~cases/") || clause.starts_with("~tenant/") ||
         (slash != std::string_view::npos && clause.substr(slash).starts_with("/assume."));
}

ColumnSet Space::AssumptionColumns() const {
  return Pick(*impl_, [&](const ColumnView& c) {
    return c.clause.valid() && IsAssumption(impl_->table.Clause(c.clause).name);
  });
}

ColumnSet Space::InvariantColumns(std::uint32_t invariant) const {
  return Pick(*impl_, [&](const ColumnView& c) {
    return c.kind == ColumnKind::kInvariant && c.name == invariant;
  });
}
ColumnSet Space::RegionColumns(std::uint32_t region) const {
  return Pick(*impl_, [&](const ColumnView& c) {
    return c.kind == ColumnKind::kRegion && c.name == region;
  });
}
BuiltinRow Space::forced_builtin(FactId* fact) const {
  if (fact != nullptr) *fact = impl_->builtin_fact;
  return impl_->builtin;
}
bool Space::empty() const { return impl_->empty; }

}  // namespace writ::analysis
