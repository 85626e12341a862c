// Random numbers that are the same everywhere: SplitMix64 (Steele, Lea, Flood 2014) and integer
// tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace writ::support_desk {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  // 0 <= result < bound. The bias of the remainder is below 2^-40 for the bounds used here.
  std::int64_t Below(std::int64_t bound) {
    return static_cast<std::int64_t>(Next() % static_cast<std::uint64_t>(bound));
  }
  std::int64_t Between(std::int64_t low, std::int64_t high) { return low + Below(high - low + 1); }
  // True with `per_ten_thousand` / 10,000.
  bool Chance(std::int64_t per_ten_thousand) { return Below(10'000) < per_ten_thousand; }
  // An index, weighted.
  std::size_t Pick(std::span<const std::int64_t> weights) {
    std::int64_t total = 0;
    for (const std::int64_t weight : weights) total += weight;
    std::int64_t left = Below(total);
    std::size_t i = 0;
    while (left >= weights[i]) left -= weights[i++];
    return i;
  }

  // A point of an inverse distribution function: `share` in ten thousandths, ascending from 0 to
  // 10,000.
  struct Quantile {
    std::int64_t share, value;
  };
  std::int64_t From(std::span<const Quantile> quantiles) {
    const std::int64_t at = Below(10'000);
    std::size_t i = 1;
    while (i + 1 < quantiles.size() && at >= quantiles[i].share) ++i;
    const Quantile& low = quantiles[i - 1];
    const Quantile& high = quantiles[i];
    return low.value + (high.value - low.value) * (at - low.share) / (high.share - low.share);
  }

 private:
  std::uint64_t state_;
};

}  // namespace writ::support_desk
