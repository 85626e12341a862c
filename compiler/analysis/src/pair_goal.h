// Two decisions of a joined matrix that must not stand side by side.
#pragma once

#include <cstdint>
#include <vector>

#include "diff_goal.h"
#include "goal.h"

namespace writ::analysis {

// Outcomes numbered by joined column; `denied`: of what no row decides.
struct PairOutcomes {
  std::vector<std::uint32_t> of_column;
  std::uint32_t denied = 0;
  // By outcome of side 0, then of side 1: this pair is looked for.
  std::vector<std::vector<bool>> wanted;
};

class PairGoal : public Goal {
 public:
  // `holds`: of each set, at least one column holds; of `none_of`, none does. Borrows all but that.
  PairGoal(const Space::Impl&, const std::array<Lane, kSides>&, const PairOutcomes&,
           const std::vector<ColumnSet>& holds, ColumnSet none_of);

  ColumnSet Relevant() const override;
  Judgement Judge(std::uint64_t* maybe, const std::uint64_t* touch) const override;
  void Encode(SatEncoding*) const override;

 private:
  const Space::Impl& s_;
  const std::array<Lane, kSides>& lanes_;
  const PairOutcomes& outcomes_;
  const std::vector<ColumnSet>& holds_;
  const ColumnSet none_of_;
};

}  // namespace writ::analysis
