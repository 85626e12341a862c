// Whole numbers from 0 of any size: how many requests a region has.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace writ::analysis {

class Count {
 public:
  explicit Count(std::uint64_t n = 0) {
    for (; n != 0; n >>= 32) digits_.push_back(static_cast<std::uint32_t>(n));
  }

  Count& operator+=(const Count& other) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < other.digits_.size() || carry != 0; ++i) {
      if (i == digits_.size()) digits_.push_back(0);
      carry += std::uint64_t{digits_[i]} + (i < other.digits_.size() ? other.digits_[i] : 0);
      digits_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    return *this;
  }

  Count& operator*=(std::uint64_t n) {
    Count high = *this;
    Scale(static_cast<std::uint32_t>(n));
    if (n >> 32 != 0) {
      high.Scale(static_cast<std::uint32_t>(n >> 32));
      high.digits_.insert(high.digits_.begin(), high.digits_.empty() ? 0 : 1, 0);
      *this += high;
    }
    return *this;
  }

  // Decimal digits.
  [[nodiscard]] std::string Text() const {
    std::vector<std::uint32_t> rest = digits_;
    std::string text;
    while (!rest.empty()) {
      std::uint64_t remainder = 0;
      for (std::size_t i = rest.size(); i-- > 0;) {
        remainder = (remainder << 32) | rest[i];
        rest[i] = static_cast<std::uint32_t>(remainder / 10);
        remainder %= 10;
      }
      text.push_back(static_cast<char>('0' + remainder));
      if (rest.back() == 0) rest.pop_back();
    }
    if (text.empty()) text = "0";
    std::reverse(text.begin(), text.end());
    return text;
  }

 private:
  void Scale(std::uint32_t n) {
    std::uint64_t carry = 0;
    for (std::uint32_t& digit : digits_) {
      carry += std::uint64_t{digit} * n;
      digit = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) digits_.push_back(static_cast<std::uint32_t>(carry));
    while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
  }

  std::vector<std::uint32_t> digits_;  // base 2^32, lowest first; no zero at the top
};

}  // namespace writ::analysis
