// Whether clauses follow from others by unit propagation.
#pragma once

#include <cstdint>
#include <vector>

#include "writ/certificate/certificate.h"

namespace writ::certificate {

class Propagation {
 public:
  explicit Propagation(std::int32_t variables);

  // REQUIRES: no literal beyond the variables, none 0.
  void Add(const Clause&);
  // Where none of the clause's literals were true, propagation alone would contradict itself.
  [[nodiscard]] bool Follows(const Clause&);
  // More work than any honest proof of its size takes.
  [[nodiscard]] bool exhausted() const { return work_ > kMostWork; }

 private:
  static constexpr std::uint64_t kMostWork = 4'000'000'000;

  static std::size_t Place(std::int32_t literal) {
    return literal > 0 ? 2 * static_cast<std::size_t>(literal)
                       : 2 * static_cast<std::size_t>(-literal) + 1;
  }
  bool IsTrue(std::int32_t literal) const { return truth_[Place(literal)]; }
  bool IsFalse(std::int32_t literal) const { return truth_[Place(-literal)]; }
  // False: it is false already.
  bool Assign(std::int32_t literal);
  // False: a clause has no literal left.
  bool Propagate(std::size_t from);
  void Undo(std::size_t to);

  std::vector<Clause> clauses_;                       // each watched by its first two literals
  std::vector<std::vector<std::uint32_t>> watching_;  // by place of a literal: clauses it may end
  std::vector<bool> truth_;                           // by place
  std::vector<std::int32_t> trail_;                   // true for good
  bool contradiction_ = false;
  std::uint64_t work_ = 0;
};

}  // namespace writ::certificate
