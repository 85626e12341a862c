// Entry points: ClauseMaker::And, ClauseMaker::Or.
#include "clause_maker.h"

#include <algorithm>
#include <utility>

namespace writ::certificate {

void ClauseMaker::Add(Clause clause) {
  literals_ += clause.size();
  if (!too_large()) out_.clauses.push_back(std::move(clause));
}

std::int32_t ClauseMaker::True() {
  if (true_ == 0) Add({true_ = NewVariable()});
  return true_;
}

std::int32_t ClauseMaker::And(Clause parts) {
  std::ranges::sort(parts);
  const auto twice = std::ranges::unique(parts);
  parts.erase(twice.begin(), twice.end());
  if (true_ != 0) std::erase(parts, true_);
  for (const std::int32_t part : parts)
    if ((true_ != 0 && part == -true_) || std::ranges::binary_search(parts, -part)) return False();
  if (parts.empty()) return True();
  if (parts.size() == 1) return parts[0];
  const auto [at, added] = known_.try_emplace(parts, 0);
  if (!added) return at->second;
  const std::int32_t all = at->second = NewVariable();
  Clause together = {all};
  for (const std::int32_t part : parts) {
    Add({-all, part});
    together.push_back(-part);
  }
  Add(std::move(together));
  return all;
}

std::int32_t ClauseMaker::Or(Clause parts) {
  for (std::int32_t& part : parts) part = -part;
  return -And(std::move(parts));
}

}  // namespace writ::certificate
