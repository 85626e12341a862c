// Sets of small numbers as words of 64 bits: atoms of a dimension, columns of a matrix.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace writ::analysis {

// A set of numbers below size(). Two sets that are combined have the same size.
class BitSet {
 public:
  BitSet() = default;
  explicit BitSet(std::uint32_t size) : words_((size + 63u) / 64u, 0), size_(size) {}
  static BitSet All(std::uint32_t size) {
    BitSet set(size);
    for (std::uint32_t i = 0; i < size; ++i) set.Add(i);
    return set;
  }

  std::uint32_t size() const { return size_; }
  std::size_t word_count() const { return words_.size(); }
  const std::uint64_t* words() const { return words_.data(); }
  std::uint64_t* words() { return words_.data(); }

  void Add(std::uint32_t i) { words_[i / 64] |= std::uint64_t{1} << (i % 64); }
  void Remove(std::uint32_t i) { words_[i / 64] &= ~(std::uint64_t{1} << (i % 64)); }
  bool Has(std::uint32_t i) const {
    return i < size_ && ((words_[i / 64] >> (i % 64)) & 1u) != 0;
  }
  bool Empty() const {
    for (const std::uint64_t word : words_) {
      if (word != 0) return false;
    }
    return true;
  }
  std::uint32_t Count() const {
    std::uint32_t count = 0;
    for (const std::uint64_t word : words_) count += static_cast<std::uint32_t>(std::popcount(word));
    return count;
  }
  // The smallest member; size() if there is none.
  std::uint32_t First() const { return Next(0); }
  // The smallest member that is at least `from`; size() if there is none.
  std::uint32_t Next(std::uint32_t from) const {
    if (from >= size_) return size_;
    std::size_t w = from / 64;
    std::uint64_t word = words_[w] & (~std::uint64_t{0} << (from % 64));
    while (word == 0) {
      if (++w == words_.size()) return size_;
      word = words_[w];
    }
    return static_cast<std::uint32_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(word)));
  }
  bool Meets(const BitSet& other) const {
    for (std::size_t w = 0; w < words_.size(); ++w) {
      if ((words_[w] & other.words_[w]) != 0) return true;
    }
    return false;
  }

  BitSet& operator&=(const BitSet& other) {
    for (std::size_t w = 0; w < words_.size(); ++w) words_[w] &= other.words_[w];
    return *this;
  }
  BitSet& operator|=(const BitSet& other) {
    for (std::size_t w = 0; w < words_.size(); ++w) words_[w] |= other.words_[w];
    return *this;
  }
  BitSet& operator-=(const BitSet& other) {
    for (std::size_t w = 0; w < words_.size(); ++w) words_[w] &= ~other.words_[w];
    return *this;
  }
  friend bool operator==(const BitSet&, const BitSet&) = default;

 private:
  std::vector<std::uint64_t> words_;
  std::uint32_t size_ = 0;
};

using AtomSet = BitSet;    // of one dimension
using ColumnSet = BitSet;  // of one matrix

}  // namespace writ::analysis
