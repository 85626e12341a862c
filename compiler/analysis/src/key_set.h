// A set of fixed-length keys of words, kept in one block of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace writ::analysis {

// Exact: keys are compared, not only their hashes. Stops taking keys when it is full; forgetting
// costs time, not truth.
class KeySet {
 public:
  // Keys of `key_words` words, at most `max_words` in all.
  KeySet(std::size_t key_words, std::size_t max_words)
      : width_(key_words), max_words_(max_words), slots_(64, 0) {}

  bool Has(const std::uint64_t* key) const { return slots_[Find(key)] != 0; }

  void Add(const std::uint64_t* key) {
    if (keys_.size() + width_ > max_words_) return;
    const std::size_t slot = Find(key);
    if (slots_[slot] != 0) return;
    keys_.insert(keys_.end(), key, key + width_);
    slots_[slot] = static_cast<std::uint32_t>(++count_);
    if (count_ * 2 > slots_.size()) Grow();
  }

 private:
  static std::uint64_t Hash(const std::uint64_t* key, std::size_t width) {
    std::uint64_t hash = 0x9E3779B97F4A7C15u;
    for (std::size_t i = 0; i < width; ++i) {
      hash = (hash ^ key[i]) * 0xFF51AFD7ED558CCDu;
      hash ^= hash >> 32;
    }
    return hash;
  }

  std::size_t Find(const std::uint64_t* key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = Hash(key, width_) & mask;
    while (slots_[slot] != 0 && std::memcmp(keys_.data() + (slots_[slot] - 1) * width_, key,
                                            width_ * sizeof *key) != 0) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  void Grow() {
    std::vector<std::uint32_t> old(slots_.size() * 2, 0);
    old.swap(slots_);
    for (const std::uint32_t at : old) {
      if (at != 0) slots_[Find(keys_.data() + (at - 1) * width_)] = at;
    }
  }

  std::size_t width_, max_words_, count_ = 0;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> slots_;  // 1 + index of a key; 0: free
};

}  // namespace writ::analysis
