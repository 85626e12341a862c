// Boxes of atoms as sets. Entry points: Subtract, Unite, SizeOf.
#include "boxes.h"

#include <algorithm>
#include <utility>

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

Atoms BoxOf(const Space::Impl& s, std::uint32_t column) {
  Atoms box;
  for (std::uint32_t d = 0; d < s.dimensions.size(); ++d) box.push_back(s.AtomsOf(column, d));
  return box;
}

bool IsEmptyBox(const Atoms& box) {
  return std::ranges::any_of(box, [](const AtomSet& atoms) { return atoms.Empty(); });
}

void Subtract(Atoms box, const Atoms& hole, std::vector<Atoms>* out) {
  for (std::size_t d = 0; d < box.size(); ++d) {
    if (!box[d].Meets(hole[d])) return out->push_back(std::move(box));
  }
  for (std::size_t d = 0; d < box.size(); ++d) {
    AtomSet outside = box[d];
    outside -= hole[d];
    box[d] &= hole[d];
    if (outside.Empty()) continue;
    out->push_back(box);
    out->back()[d] = std::move(outside);
  }
}

bool Unite(Atoms box, std::size_t most, std::vector<Atoms>* boxes) {
  std::vector<Atoms> parts = {std::move(box)};
  for (const Atoms& hole : *boxes) {
    std::vector<Atoms> rest;
    for (Atoms& part : parts) Subtract(std::move(part), hole, &rest);
    parts = std::move(rest);
    if (parts.size() + boxes->size() > most) return false;
  }
  for (Atoms& part : parts) boxes->push_back(std::move(part));
  return boxes->size() <= most;
}

namespace {

std::uint64_t WidthOf(const Space::Impl& s, std::uint32_t d, const AtomSet& atoms) {
  const DimensionInfo& info = s.dimensions[d];
  const AtomMapView map = s.table.AtomMap(info.view.atoms);
  const bool numbers = static_cast<DimensionKind>(info.view.kind) == DimensionKind::kFact &&
                       map.kind == AtomMapKind::kCuts;
  if (!numbers) return atoms.Count();
  const FactDomain& domain = s.domains[info.domain];
  std::uint64_t width = atoms.Has(0) ? 1 : 0;
  for (const Range range : s.RangesOf(map, atoms)) {
    const std::int64_t low = std::max(range.low, domain.low);
    const std::int64_t high = std::min(range.high, domain.high);
    if (low <= high)
      width += static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  }
  return width;
}

}  // namespace

Count SizeOf(const Space::Impl& s, const Atoms& box) {
  Count size(1);
  for (std::uint32_t d = 0; d < box.size(); ++d) size *= WidthOf(s, d, box[d]);
  return size;
}

}  // namespace writ::analysis
