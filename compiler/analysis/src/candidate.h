// Boxes in which the goal holds as far as columns go: are there requests in them?
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "goal.h"
#include "solve.h"
#include "space_impl.h"
#include "writ/analysis/region.h"
#include "writ/analysis/witness.h"

namespace writ::analysis {

// Pieces of evidence that a walk tells apart: each is fresh or not.
inline constexpr std::size_t kMostSlots = 8;

class Candidates {
 public:
  enum class Kind : std::uint8_t {
    kWitness,     // TakeWitness() has it
    kImpossible,  // the atoms of `component` cannot occur together
    kOpen,        // neither could be shown; open() says so from now on
  };
  struct Result {
    Kind kind = Kind::kOpen;
    std::uint32_t component = kNoIndex;
  };

  Candidates(const Space::Impl& space, Budget& budget) : s_(space), budget_(budget) {}

  // REQUIRES: the goal holds for every combination of atoms in the box, which says which evidence
  // is fresh.
  Result Try(const Goal&, const Box&);
  // Whether some request has its atoms of this component's dimensions in the box. Remembers
  // answers.
  Feasibility Check(std::uint32_t component, const Box&);

  std::optional<Witness> TakeWitness() { return std::move(witness_); }
  // Why "no request found" is no proof; empty where it is one.
  const std::string& open() const { return open_; }

 private:
  Box UnderEvidence(const Box&) const;
  void NoteOpen(std::uint32_t component);

  const Space::Impl& s_;
  Budget& budget_;
  std::map<std::vector<std::uint64_t>, Feasibility> known_;  // by component, freshness and atoms
  std::optional<Witness> witness_;
  std::string open_;
};

// The search by splitting boxes. Nothing: budget.split_limit boxes did not settle it.
std::optional<Answer> FindBySplitting(const Space::Impl&, const Goal&,
                                      const std::vector<AtomSet>* within, Candidates&, Budget&);

}  // namespace writ::analysis
