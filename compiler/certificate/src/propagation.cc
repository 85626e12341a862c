// Unit propagation with two watched literals (M. Moskewicz et al., "Chaff", 2001): a clause is
// looked at only when one of two of its literals becomes false. What follows so is what E. Goldberg
// and Y. Novikov (2003) call a reverse unit propagation step. Entry point: Propagation::Follows.
#include "propagation.h"

#include <algorithm>
#include <utility>

namespace writ::certificate {

Propagation::Propagation(std::int32_t variables)
    : watching_(2 * static_cast<std::size_t>(variables) + 2),
      truth_(2 * static_cast<std::size_t>(variables) + 2, false) {}

bool Propagation::Assign(std::int32_t literal) {
  if (IsTrue(literal)) return true;
  if (IsFalse(literal)) return false;
  truth_[Place(literal)] = true;
  trail_.push_back(literal);
  return true;
}

void Propagation::Undo(std::size_t to) {
  while (trail_.size() > to) {
    truth_[Place(trail_.back())] = false;
    trail_.pop_back();
  }
}

void Propagation::Add(const Clause& clause) {
  if (contradiction_) return;
  Clause kept;
  for (const std::int32_t literal : clause) {
    if (IsTrue(literal) || std::ranges::find(kept, -literal) != kept.end()) return;
    if (IsFalse(literal) || std::ranges::find(kept, literal) != kept.end()) continue;
    kept.push_back(literal);
  }
  work_ += clause.size();
  if (kept.size() < 2) {
    const std::size_t from = trail_.size();
    contradiction_ = kept.empty() || !Assign(kept[0]) || !Propagate(from);
    return;
  }
  for (std::size_t i = 0; i < 2; ++i)
    watching_[Place(kept[i])].push_back(static_cast<std::uint32_t>(clauses_.size()));
  clauses_.push_back(std::move(kept));
}

bool Propagation::Propagate(std::size_t from) {
  for (std::size_t at = from; at < trail_.size(); ++at) {
    const std::int32_t gone = -trail_[at];
    std::vector<std::uint32_t>& watching = watching_[Place(gone)];
    std::size_t kept = 0;
    for (std::size_t i = 0; i < watching.size(); ++i) {
      ++work_;
      Clause& clause = clauses_[watching[i]];
      if (clause[0] == gone) std::swap(clause[0], clause[1]);
      const auto other = IsTrue(clause[0])
                             ? clause.end()
                             : std::find_if(clause.begin() + 2, clause.end(),
                                            [&](std::int32_t l) { return !IsFalse(l); });
      if (!IsTrue(clause[0]) && other != clause.end()) {
        std::swap(clause[1], *other);
        watching_[Place(clause[1])].push_back(watching[i]);
        continue;
      }
      const std::uint32_t stays = watching[i];
      watching[kept++] = stays;
      if (Assign(clause[0])) continue;
      while (++i < watching.size()) watching[kept++] = watching[i];
      watching.resize(kept);
      return false;
    }
    watching.resize(kept);
  }
  return true;
}

bool Propagation::Follows(const Clause& clause) {
  if (contradiction_) return true;
  const std::size_t from = trail_.size();
  bool stands = true;
  for (const std::int32_t literal : clause) stands = stands && Assign(-literal);
  stands = stands && Propagate(from);
  Undo(from);
  return !stands;
}

}  // namespace writ::certificate
