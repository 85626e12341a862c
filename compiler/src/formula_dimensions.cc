// The dimensions of a matrix. A dimension of a fact has the table-wide atoms of that fact; a
// worked-out number is cut by all comparisons with constants that this capability makes; a
// worked-out boolean is false, true or unknown. Entry point: Dimensions.
#include <algorithm>

#include "formula.h"
#include "lower_assert.h"

namespace writ::compiler {

using table::DimensionKind;

Dimensions::Dimensions(const ProgramIndex& index, CapabilityId capability,
                       const std::vector<table::AtomMap>& fact_maps, AtomSets& sets)
    : index_(index),
      capability_(index.program().vocabulary.capabilities[capability.value]),
      fact_maps_(fact_maps),
      sets_(sets) {}

std::uint32_t Dimensions::Make(DimensionKind kind, std::uint32_t index, table::AtomMap map,
                               bool can_be_missing) {
  const auto [entry, fresh] = known_.try_emplace({kind, index}, size());
  if (!fresh) return entry->second;
  dimensions_.push_back({kind, index, AtomMapId{}});
  full_.push_back(sets_.Range(can_be_missing ? 0 : 1, map.atom_count()));
  maps_.push_back(std::move(map));
  return entry->second;
}

bool Dimensions::CanBeMissing(FactId fact) const {
  return !index_.IsAlwaysGiven(fact) &&
         std::ranges::find(capability_.inputs, fact) == capability_.inputs.end();
}

std::uint32_t Dimensions::Fact(FactId fact) {
  if (index_.IsRoleFact(fact)) return Role();
  const auto known = known_.find({DimensionKind::kFact, fact.value});
  if (known != known_.end()) return known->second;
  return Make(DimensionKind::kFact, fact.value, fact_maps_[fact.value], CanBeMissing(fact));
}

std::uint32_t Dimensions::Role() {
  table::AtomMap map;
  map.size = static_cast<std::uint32_t>(index_.program().vocabulary.roles.size()) + 1;
  return Make(DimensionKind::kRole, 0, std::move(map), false);
}

std::uint32_t Dimensions::Evidence(EvidenceId evidence) {
  table::AtomMap map;
  map.size = 2;
  return Make(DimensionKind::kEvidence, evidence.value, std::move(map), false);
}

std::uint32_t Dimensions::Boolean(CodeId value) {
  table::AtomMap map;
  map.size = 2;
  return Make(DimensionKind::kDerived, value, std::move(map), true);
}

std::uint32_t Dimensions::Number(CodeId value) {
  table::AtomMap map;
  map.kind = AtomMapKind::kCuts;
  const std::uint32_t before = size();
  const std::uint32_t d = Make(DimensionKind::kDerived, value, std::move(map), true);
  if (d == before) numbers_.push_back(d);
  return d;
}

void Dimensions::AddCuts(std::uint32_t number, const std::vector<Interval>& intervals,
                         std::int64_t low, std::int64_t high) {
  WRIT_CHECK(maps_[number].kind == AtomMapKind::kCuts, "only numbers are cut");
  compiler::AddCuts(intervals, low, high, maps_[number].cuts);
}

void Dimensions::Seal() {
  for (const std::uint32_t d : numbers_) {
    SortUnique(maps_[d].cuts);
    full_[d] = sets_.Full(maps_[d].atom_count());
  }
}

SetId Dimensions::Atoms(std::uint32_t d, const std::vector<Interval>& intervals) const {
  const table::AtomMap& map = maps_[d];
  SetId set = sets_.Empty();
  if (map.kind == AtomMapKind::kCuts) {
    for (const auto& [begin, end] : AtomsOf(intervals, map.cuts))
      set = sets_.Or(set, sets_.Range(begin, end));
    return set;
  }
  for (const Interval& i : intervals) {
    const std::int64_t low = std::max<std::int64_t>(i.low, 0),
                       high = std::min<std::int64_t>(i.high, std::int64_t{map.size} - 1);
    if (low <= high)
      set = sets_.Or(set, sets_.Range(static_cast<std::uint32_t>(low) + 1,
                                      static_cast<std::uint32_t>(high) + 2));
  }
  return set;
}

SetId Dimensions::Atoms(std::uint32_t d, const std::vector<std::string>& texts) const {
  const std::vector<std::string>& strings = maps_[d].strings;
  std::vector<std::uint64_t> words(strings.size() / 64 + 1, 0);
  for (const std::string& text : texts) {
    const auto at = std::ranges::lower_bound(strings, text);
    WRIT_CHECK(at != strings.end() && *at == text,
               "every text of a condition is a known string of its fact");
    const auto atom = static_cast<std::size_t>(at - strings.begin()) + 1;
    if (atom / 64 >= words.size()) words.resize(atom / 64 + 1, 0);
    words[atom / 64] |= std::uint64_t{1} << (atom % 64);
  }
  return sets_.Intern(words);
}

}  // namespace writ::compiler
