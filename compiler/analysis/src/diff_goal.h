// A request that two tables decide differently, as a condition on the rows of their joined matrix.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
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

// The rows that decide on one side.
[[nodiscard]] Lane LaneOf(const JoinedMatrix&, std::size_t side);

// A row as people know it: the columns of one clause that decide the same.
struct RowNumbers {
  std::array<std::vector<std::uint32_t>, kSides> row;  // by side and joined column; kNoIndex: none
  std::vector<std::uint32_t> outcome;                  // by joined column
  std::array<std::uint32_t, kSides> none = {};         // the row that stands for "no row"
  std::uint32_t denied = 0;                            // the outcome of no row
};

// Rows of one side alone that stand for one another: where one of the one side's holds and one of
// the other side's does, they make no difference. One for each outcome and kind of row.
struct Difference {
  std::array<ColumnSet, kSides> columns;
};

using RowPair = std::pair<std::uint32_t, std::uint32_t>;  // older row, newer row

// Which columns of a lane may still decide.
struct LaneScan {
  static constexpr std::size_t kMostPossible = 64;
  bool undecided = true;                // it may be that none does
  std::vector<std::uint32_t> possible;  // ascending; the last one holds for certain or `undecided`
  bool too_many = false;                // more than kMostPossible: `possible` is not all
};
// Both lanes at once. Takes columns out of `maybe` that can decide in neither any more.
[[nodiscard]] std::array<LaneScan, kSides> ScanLanes(const std::array<Lane, kSides>&,
                                                     std::uint32_t words, std::uint64_t* maybe,
                                                     const std::uint64_t* touch);

// Whether `a` can decide on the older side while `b` does on the newer one; `columns` stands for
// none.
[[nodiscard]] bool CanDecideTogether(const std::array<Lane, kSides>&, std::uint32_t columns,
                                     std::uint32_t a, std::uint32_t b);

class DiffGoal : public Goal {
 public:
  // The requests whose outcome differs, but for those that the two rows of a pair in `known`
  // decide. `differences`: what alone can make one; empty where anything can. Borrows all.
  DiffGoal(const Space::Impl&, const std::array<Lane, kSides>&, const RowNumbers&,
           const std::vector<Difference>& differences, const std::set<RowPair>& known);

  ColumnSet Relevant() const override;
  Judgement Judge(std::uint64_t* maybe, const std::uint64_t* touch) const override;
  void Encode(SatEncoding*) const override;

  // What the completions of a state can be: one that is sought, or another one. `rows`: all are
  // sought, and these two rows decide each of them.
  struct View {
    bool wanted = false, other = false;
    std::optional<RowPair> rows;
  };
  View Look(std::uint64_t* maybe, const std::uint64_t* touch) const;

 private:
  bool MayDiffer(const std::uint64_t* maybe, const std::uint64_t* touch) const;

  const Space::Impl& s_;
  const std::array<Lane, kSides>& lanes_;
  const RowNumbers& numbers_;
  const std::vector<Difference>& differences_;
  const std::set<RowPair>& known_;
};

// Boxes outside of which no request is decided otherwise: where a row of one side alone holds, and
// none that could stand for it. Nothing: more than `most`.
[[nodiscard]] std::optional<std::vector<std::vector<AtomSet>>> Slices(
    const Space::Impl&, const std::vector<Difference>&, std::size_t most);

// The first column of the lane that decides among those that hold; the number of columns if none.
[[nodiscard]] std::uint32_t Winner(const Lane&, const std::uint64_t* holds, std::uint32_t words,
                                   std::uint32_t columns);

}  // namespace writ::analysis
