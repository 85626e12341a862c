// A request that two tables decide differently, as a condition on the rows of their joined matrix.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "goal.h"
#include "join.h"

namespace writ::analysis {

// The rows of one side, as they decide: in the order of the joined matrix.
struct Lane {
  ColumnSet columns, otherwise, allow_when;
};

// A row as people know it: the columns of one clause that decide the same. By joined column; the
// last entry of each side stands for "no row", which denies.
struct RowNumbers {
  std::vector<std::uint32_t> row, outcome;  // by joined column; kNoIndex: decides nothing
  std::array<std::uint32_t, kSides> none = {};
  std::uint32_t denied = 0;  // the outcome of no row
  std::uint32_t outcomes = 0;
};

using RowPair = std::pair<std::uint32_t, std::uint32_t>;  // older row, newer row

// Which columns of a lane may still decide. Takes columns out of `maybe` that no longer can.
struct LaneScan {
  static constexpr std::size_t kMostPossible = 64;
  bool undecided = false;               // it may be that none does
  std::vector<std::uint32_t> possible;  // ascending; the last one holds for certain or `undecided`
  bool too_many = false;                // more than kMostPossible: `possible` is not all
};
[[nodiscard]] LaneScan ScanLane(const Lane&, std::uint32_t words, std::uint64_t* maybe,
                                const std::uint64_t* touch);

class DiffGoal : public Goal {
 public:
  // The requests whose outcome differs, but for those that the two rows of a pair in `known`
  // decide. Borrows all.
  DiffGoal(const Space::Impl&, const std::array<Lane, kSides>&, const RowNumbers&,
           const std::set<RowPair>& known);

  ColumnSet Relevant() const override;
  Judgement Judge(std::uint64_t* maybe, const std::uint64_t* touch) const override;

 private:
  BitSet Outcomes(const LaneScan&) const;
  std::vector<std::uint32_t> Rows(const LaneScan&, std::size_t side) const;

  const Space::Impl& s_;
  const std::array<Lane, kSides>& lanes_;
  const RowNumbers& numbers_;
  const std::set<RowPair>& known_;
};

// The first column of the lane that decides among those that hold; the number of columns if none.
[[nodiscard]] std::uint32_t Winner(const Lane&, const std::uint64_t* holds, std::uint32_t words,
                                   std::uint32_t columns);

}  // namespace writ::analysis
