// Packs the columns that a box still depends on. Entry point: Frame.
#include "split_frame.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace writ::analysis {

ColumnPacker::ColumnPacker(const std::vector<std::uint64_t>& picked) {
  for (std::size_t w = 0; w < picked.size(); ++w) {
    if (picked[w] == 0) continue;
    Word word{static_cast<std::uint32_t>(w), columns_, picked[w], {}};
    std::uint64_t left = picked[w], zeros = ~picked[w] << 1;
    for (std::uint32_t i = 0; i < word.moves.size(); ++i) {
      std::uint64_t odd = zeros;  // an odd number of unpicked bits lies below
      for (std::uint32_t shift = 1; shift < 64; shift *= 2) odd ^= odd << shift;
      word.moves[i] = odd & left;
      left = (left ^ word.moves[i]) | (word.moves[i] >> (1u << i));
      zeros &= ~odd;
    }
    columns_ += static_cast<std::uint32_t>(std::popcount(picked[w]));
    words_.push_back(word);
  }
}

void ColumnPacker::Pack(const std::uint64_t* all, std::uint64_t* packed) const {
  for (const Word& word : words_) {
    std::uint64_t bits = all[word.word] & word.picked;
    for (std::uint32_t i = 0; i < word.moves.size(); ++i) {
      const std::uint64_t moved = bits & word.moves[i];
      bits = (bits ^ moved) | (moved >> (1u << i));
    }
    const std::uint32_t at = word.first / 64, shift = word.first % 64;
    packed[at] |= bits << shift;
    if (shift > 0 && bits >> (64 - shift) != 0) packed[at + 1] |= bits >> (64 - shift);
  }
}

void ColumnPacker::Unpack(const std::uint64_t* packed, std::uint64_t* all) const {
  for (const Word& word : words_) {
    const std::uint32_t at = word.first / 64, shift = word.first % 64;
    std::uint64_t bits = packed[at] >> shift;
    if (shift > 0 && at + 1 < words()) bits |= packed[at + 1] << (64 - shift);
    for (std::uint32_t i = static_cast<std::uint32_t>(word.moves.size()); i-- > 0;) {
      bits = (bits & ~word.moves[i]) | ((bits << (1u << i)) & word.moves[i]);
    }
    all[word.word] = bits & word.picked;
  }
}

namespace {

// Packs the rows of the axis and makes groups that are equal in them one.
void MergeGroups(const Space::Impl& space, const ColumnPacker& packer, Axis* axis) {
  const Component& component = space.components[space.dimensions[axis->dimension].component];
  const std::uint32_t words = packer.words();
  std::vector<AtomSet> groups;
  std::vector<std::uint64_t> row(words);
  axis->rows.clear();
  for (AtomSet& atoms : axis->groups) {
    std::fill(row.begin(), row.end(), 0);
    packer.Pack(space.Bits(axis->dimension, atoms.First()), row.data());
    std::size_t g = 0;
    for (; g < groups.size() && !component.entangled; ++g) {
      // Where evidence decides whether a value is there, "missing" is a case of its own.
      const bool apart =
          !component.slots.empty() && (groups[g].First() == 0) != (atoms.First() == 0);
      if (!apart && std::equal(row.begin(), row.end(),
                               axis->rows.begin() + static_cast<std::ptrdiff_t>(g * words)))
        break;
    }
    if (component.entangled || g == groups.size()) {
      groups.push_back(std::move(atoms));
      axis->rows.insert(axis->rows.end(), row.begin(), row.end());
    } else {
      groups[g] |= atoms;
    }
  }
  axis->groups = std::move(groups);
}

}  // namespace

Frame::Frame(const Space::Impl& space, const std::vector<std::uint64_t>& picked,
             std::vector<Axis> axes_in)
    : packer(picked), words(packer.words()), axes(std::move(axes_in)) {
  for (Axis& axis : axes) {
    MergeGroups(space, packer, &axis);
    cost += axis.groups.size() * words / 64;
  }
  fresh.assign(space.slots.size() * words, 0);
  stale.assign(space.slots.size() * words, 0);
  const std::vector<std::uint64_t> all(space.words, ~std::uint64_t{0});
  for (std::size_t i = 0; i < space.slots.size(); ++i) {
    const std::uint32_t d = space.slots[i].dimension;
    packer.Pack(d == kNoIndex ? all.data() : space.Bits(d, 2), &fresh[i * words]);
    packer.Pack(d == kNoIndex ? all.data() : space.Bits(d, 1), &stale[i * words]);
  }
}

}  // namespace writ::analysis
