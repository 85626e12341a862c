// The part of a matrix that a box of split.cc still depends on, packed: the columns that may hold
// in it, and per dimension the atoms that these columns tell apart.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "space_impl.h"
#include "writ/analysis/bits.h"

namespace writ::analysis {

// Picks some columns out of sets of all columns, keeping their order, and puts them back. Both take
// some twenty operations for every word that has a picked column (H. Warren, "Hacker's Delight",
// 7-4 compress and 7-5 expand).
class ColumnPacker {
 public:
  // `picked`: as many words as the sets of all columns have.
  explicit ColumnPacker(const std::vector<std::uint64_t>& picked);

  std::uint32_t columns() const { return columns_; }
  // Of a packed set; at least 1.
  std::uint32_t words() const { return columns_ == 0 ? 1 : (columns_ + 63) / 64; }
  // Adds the picked columns of `all` to `packed`, which is empty.
  void Pack(const std::uint64_t* all, std::uint64_t* packed) const;
  // Sets the words of `all` that have picked columns; the others stay as they are.
  void Unpack(const std::uint64_t* packed, std::uint64_t* all) const;

 private:
  struct Word {
    std::uint32_t word = 0;   // of the sets of all columns
    std::uint32_t first = 0;  // its first picked column, packed
    std::uint64_t picked = 0;
    std::array<std::uint64_t, 6> moves{};  // bits that go 1, 2, 4, .. 32 places down
  };
  std::vector<Word> words_;
  std::uint32_t columns_ = 0;
};

// A dimension that matters.
struct Axis {
  std::uint32_t dimension = 0;
  std::vector<AtomSet> groups;      // atoms with equal columns, in the order of their first atom
  std::vector<std::uint64_t> rows;  // packed, by group
};

struct Frame {
  // `axes`: the dimensions that matter with the groups of atoms in the box. Groups that are equal
  // in the picked columns become one, unless the dimension hangs together with others: there the
  // values matter as well.
  Frame(const Space::Impl& space, const std::vector<std::uint64_t>& picked, std::vector<Axis> axes);

  const std::uint64_t* Row(std::size_t axis, std::size_t group) const {
    return &axes[axis].rows[group * words];
  }

  ColumnPacker packer;
  std::uint32_t words = 0;  // of a packed set
  std::vector<Axis> axes;
  std::vector<std::uint64_t> fresh,
      stale;  // rows of evidence, packed, by slot; all columns where it is no dimension
  std::uint64_t cost = 0;  // steps for one box
};

}  // namespace writ::analysis
