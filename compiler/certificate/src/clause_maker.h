// Clauses about a request. Each variable stands for something that a request meets or does not, and
// is defined both ways; so each clause that is not the claim's own is true of every request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "writ/certificate/certificate.h"

namespace writ::certificate {

class ClauseMaker {
 public:
  std::int32_t NewVariable() { return ++out_.variables; }
  void Add(Clause clause);
  // Literals that are always met, or never.
  std::int32_t True();
  std::int32_t False() { return -True(); }
  // A literal that is met exactly if all are, or one is. The same for the same parts.
  std::int32_t And(Clause parts);
  std::int32_t Or(Clause parts);

  [[nodiscard]] bool too_large() const { return literals_ > kMostLiterals; }
  [[nodiscard]] Clauses Take() { return std::move(out_); }

 private:
  static constexpr std::size_t kMostLiterals = 40'000'000;

  Clauses out_;
  std::size_t literals_ = 0;
  std::int32_t true_ = 0;
  std::map<Clause, std::int32_t> known_;
};

}  // namespace writ::certificate
