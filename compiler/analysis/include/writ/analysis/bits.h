// Sets of small numbers as words of 64 bits: atoms of a dimension, columns of a matrix.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace writ::analysis {

// How many bits `a` and `b` share. Counts in bytes side by side (H. Warren, "Hacker's Delight",
// 5-1), which compilers turn into vector code on any machine, where a single popcount may be a
// call.
inline std::uint32_t CountShared(const std::uint64_t* a, const std::uint64_t* b,
                                 std::size_t words) {
  std::uint32_t count = 0;
  for (std::size_t w = 0; w < words;) {
    const std::size_t end =
        words - w < 31 ? words : w + 31;  // 31 words of at most 8 a byte fit a byte
    std::uint64_t bytes = 0;
    for (; w < end; ++w) {
      std::uint64_t x = a[w] & b[w];
      x -= (x >> 1) & 0x5555555555555555u;
      x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
      bytes += (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    }
    // Eight bytes of at most 248 each: summed as two halves of 16 bits, so that nothing spills
    // over.
    const std::uint64_t halves =
        (bytes & 0x00FF00FF00FF00FFu) + ((bytes >> 8) & 0x00FF00FF00FF00FFu);
    count += static_cast<std::uint32_t>((halves * 0x0001000100010001u) >> 48);
  }
  return count;
}

// A set of numbers below size(). Two sets that are combined have the same size. Up to 64 numbers
// need no memory of their own: most dimensions have fewer atoms, and most matrices of a policy
// fewer columns.
class BitSet {
 public:
  BitSet() = default;
  explicit BitSet(std::uint32_t size)
      : large_(size > 64 ? (size + 63u) / 64u : 0, 0), size_(size) {}
  static BitSet All(std::uint32_t size) {
    BitSet set(size);
    std::uint64_t* words = set.words();
    for (std::size_t w = 0; w < set.word_count(); ++w) words[w] = ~std::uint64_t{0};
    if (size % 64 != 0) words[size / 64] = (std::uint64_t{1} << (size % 64)) - 1;
    return set;
  }

  std::uint32_t size() const { return size_; }
  std::size_t word_count() const { return (size_ + 63u) / 64u; }
  const std::uint64_t* words() const { return size_ > 64 ? large_.data() : &small_; }
  std::uint64_t* words() { return size_ > 64 ? large_.data() : &small_; }

  void Add(std::uint32_t i) { words()[i / 64] |= std::uint64_t{1} << (i % 64); }
  void Remove(std::uint32_t i) { words()[i / 64] &= ~(std::uint64_t{1} << (i % 64)); }
  bool Has(std::uint32_t i) const { return i < size_ && ((words()[i / 64] >> (i % 64)) & 1u) != 0; }
  bool Empty() const {
    const std::uint64_t* mine = words();
    for (std::size_t w = 0; w < word_count(); ++w) {
      if (mine[w] != 0) return false;
    }
    return true;
  }
  std::uint32_t Count() const { return CountShared(words(), words(), word_count()); }
  // The smallest member; size() if there is none.
  std::uint32_t First() const { return Next(0); }
  // The smallest member that is at least `from`; size() if there is none.
  std::uint32_t Next(std::uint32_t from) const {
    if (from >= size_) return size_;
    const std::uint64_t* mine = words();
    std::size_t w = from / 64;
    std::uint64_t word = mine[w] & (~std::uint64_t{0} << (from % 64));
    while (word == 0) {
      if (++w == word_count()) return size_;
      word = mine[w];
    }
    return static_cast<std::uint32_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(word)));
  }
  bool Meets(const BitSet& other) const {
    for (std::size_t w = 0; w < word_count(); ++w) {
      if ((words()[w] & other.words()[w]) != 0) return true;
    }
    return false;
  }

  BitSet& operator&=(const BitSet& other) {
    for (std::size_t w = 0; w < word_count(); ++w) words()[w] &= other.words()[w];
    return *this;
  }
  BitSet& operator|=(const BitSet& other) {
    for (std::size_t w = 0; w < word_count(); ++w) words()[w] |= other.words()[w];
    return *this;
  }
  BitSet& operator-=(const BitSet& other) {
    for (std::size_t w = 0; w < word_count(); ++w) words()[w] &= ~other.words()[w];
    return *this;
  }
  friend bool operator==(const BitSet&, const BitSet&) = default;

 private:
  std::uint64_t small_ = 0;           // up to 64 numbers
  std::vector<std::uint64_t> large_;  // more
  std::uint32_t size_ = 0;
};

using AtomSet = BitSet;    // of one dimension
using ColumnSet = BitSet;  // of one matrix

}  // namespace writ::analysis
