// Boxes of atoms as sets: what a column admits, what lies outside another box, how many values they
// hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "count.h"
#include "space_impl.h"
#include "writ/analysis/bits.h"

namespace writ::analysis {

using Atoms = std::vector<AtomSet>;  // one set per dimension

[[nodiscard]] Atoms BoxOf(const Space::Impl&, std::uint32_t column);
// Some dimension has no atom.
[[nodiscard]] bool IsEmptyBox(const Atoms&);
// Adds what of `box` lies outside `hole`, in disjoint boxes.
void Subtract(Atoms box, const Atoms& hole, std::vector<Atoms>* out);
// Adds to `boxes`, which are disjoint, what `box` has beyond them, so that they stay so. False:
// more than `most` boxes.
[[nodiscard]] bool Unite(Atoms box, std::size_t most, std::vector<Atoms>* boxes);
// Values of numbers, enums and booleans; atoms of everything else.
[[nodiscard]] Count SizeOf(const Space::Impl&, const Atoms&);

}  // namespace writ::analysis
