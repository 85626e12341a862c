// Boxes in which the goal holds as far as columns go: are there requests in them?
//
// Components are independent, so a box holds a request if each entangled component has values for
// its part of the box (solve.cc). The answers are remembered, since many boxes share their part of
// a component.
//
// Entry point: Candidates::Try.
#include "candidate.h"

#include <utility>

#include "search.h"

namespace writ::analysis {

Candidates::Result Candidates::Try(const Goal& goal, const Box& box) {
  bool open = false;
  for (std::uint32_t c = 0; c < s_.components.size(); ++c) {
    if (!s_.components[c].entangled) continue;
    const Feasibility feasibility = Check(c, box);
    if (feasibility == Feasibility::kInfeasible) return {Kind::kImpossible, c};
    if (feasibility == Feasibility::kUnknown) {
      open = true;
      NoteOpen(c);
    }
  }
  if (open) return {};
  std::uint64_t steps = 0;
  witness_ = Concretise(s_, goal, UnderEvidence(box), &steps);
  budget_.Spend(steps);
  if (witness_) return {Kind::kWitness, kNoIndex};
  if (open_.empty()) open_ = "a combination of values could not be made into a request";
  return {};
}

Feasibility Candidates::Check(std::uint32_t c, const Box& box) {
  const Component& component = s_.components[c];
  std::vector<std::uint64_t> key = {c};
  for (const std::uint32_t slot : component.slots) key.push_back(box.fresh[slot] ? 1 : 0);
  for (const std::uint32_t d : component.dimensions) {
    const AtomSet& atoms = box.atoms[d];
    key.insert(key.end(), atoms.words(), atoms.words() + atoms.word_count());
  }
  const auto [found, is_new] = known_.try_emplace(std::move(key), Feasibility::kUnknown);
  if (is_new) {
    const SolveResult result = SolveComponent(s_, c, UnderEvidence(box), s_.preferred_now);
    budget_.Spend(result.steps);
    found->second = result.feasibility;
  }
  return found->second;
}

Box Candidates::UnderEvidence(const Box& box) const {
  Box under = box;
  for (std::uint32_t d = 0; d < under.atoms.size(); ++d)
    under.atoms[d] &= s_.AllowedUnder(d, box.fresh);
  return under;
}

void Candidates::NoteOpen(std::uint32_t c) {
  if (!open_.empty()) return;
  std::string names;
  for (const std::uint32_t d : s_.components[c].domains) {
    names +=
        (names.empty() ? "`" : ", `") + std::string(s_.table.Fact(s_.domains[d].fact).name) + "`";
  }
  open_ = "the values worked out from " + names + " are too entangled";
}

}  // namespace writ::analysis
