// Bounds on both winners at once: while dimensions are open, each side is decided by one of the
// columns up to its first certain one. Where no outcome is possible on both sides, every completion
// differs; where one is all that is left on both, none does. Entry point: DiffGoal::Judge.
#include "diff_goal.h"

#include <algorithm>
#include <bit>

namespace writ::analysis {

std::uint32_t Winner(const Lane& lane, const std::uint64_t* holds, std::uint32_t words,
                     std::uint32_t columns) {
  bool allow_when = false;
  for (std::uint32_t w = 0; w < words; ++w)
    allow_when = allow_when || (holds[w] & lane.allow_when.words()[w]) != 0;
  for (std::uint32_t w = 0; w < words; ++w) {
    std::uint64_t word = holds[w] & lane.columns.words()[w];
    if (allow_when) word &= ~lane.otherwise.words()[w];
    if (word != 0) return w * 64 + static_cast<std::uint32_t>(std::countr_zero(word));
  }
  return columns;
}

DiffGoal::DiffGoal(const Space::Impl& space, const std::array<Lane, kSides>& lanes,
                   const RowNumbers& numbers, const std::set<RowPair>& known)
    : s_(space), lanes_(lanes), numbers_(numbers), known_(known) {}

ColumnSet DiffGoal::Relevant() const {
  ColumnSet relevant = lanes_[0].columns;
  return relevant |= lanes_[1].columns;
}

LaneScan ScanLane(const Lane& lane, std::uint32_t words, std::uint64_t* maybe,
                  const std::uint64_t* touch) {
  LaneScan scan;
  bool possible = false, certain = false;
  for (std::uint32_t w = 0; w < words; ++w) {
    const std::uint64_t allow_when = maybe[w] & lane.allow_when.words()[w];
    possible = possible || allow_when != 0;
    certain = certain || (allow_when & ~touch[w]) != 0;
  }
  // An `allow when` that may hold still decides whether an `otherwise` takes part.
  const bool open = possible && !certain;
  scan.undecided = true;
  for (std::uint32_t w = 0; w < words; ++w) {
    const std::uint64_t otherwise = lane.otherwise.words()[w];
    const std::uint64_t needed = open ? lane.allow_when.words()[w] : 0;
    if (certain) maybe[w] &= ~otherwise;
    if (!scan.undecided) {
      maybe[w] &= ~lane.columns.words()[w] | needed;
      continue;
    }
    std::uint64_t held = maybe[w] & lane.columns.words()[w];
    const std::uint64_t sure = held & ~touch[w] & (possible ? ~otherwise : ~std::uint64_t{0});
    if (sure != 0) {
      scan.undecided = false;
      const std::uint64_t first = sure & (~sure + 1);
      maybe[w] &= ~(held & ~(first | (first - 1)) & ~needed);
      held &= first | (first - 1);
    }
    for (; held != 0 && !scan.too_many; held &= held - 1) {
      scan.too_many = scan.possible.size() == LaneScan::kMostPossible;
      scan.possible.push_back(w * 64 + static_cast<std::uint32_t>(std::countr_zero(held)));
    }
  }
  return scan;
}

BitSet DiffGoal::Outcomes(const LaneScan& scan) const {
  BitSet outcomes(numbers_.outcomes);
  for (const std::uint32_t c : scan.possible) outcomes.Add(numbers_.outcome[c]);
  if (scan.undecided) outcomes.Add(numbers_.denied);
  return outcomes;
}

std::vector<std::uint32_t> DiffGoal::Rows(const LaneScan& scan, std::size_t side) const {
  std::vector<std::uint32_t> rows;
  for (const std::uint32_t c : scan.possible) rows.push_back(numbers_.row[c]);
  if (scan.undecided) rows.push_back(numbers_.none[side]);
  std::ranges::sort(rows);
  rows.erase(std::ranges::unique(rows).begin(), rows.end());
  return rows;
}

Judgement DiffGoal::Judge(std::uint64_t* maybe, const std::uint64_t* touch) const {
  const LaneScan old_scan = ScanLane(lanes_[0], s_.words, maybe, touch);
  const LaneScan new_scan = ScanLane(lanes_[1], s_.words, maybe, touch);
  if (old_scan.too_many || new_scan.too_many) return Judgement::kOpen;
  const BitSet before = Outcomes(old_scan), after = Outcomes(new_scan);
  if (before == after && before.Count() == 1) return Judgement::kNo;
  const bool differs = !before.Meets(after);
  if (known_.empty()) return differs ? Judgement::kYes : Judgement::kOpen;
  bool some_known = false, all_known = true;
  for (const std::uint32_t a : Rows(old_scan, 0)) {
    for (const std::uint32_t b : Rows(new_scan, 1)) {
      const bool known = known_.contains({a, b});
      some_known = some_known || known;
      all_known = all_known && known;
    }
  }
  if (all_known) return Judgement::kNo;
  return differs && !some_known ? Judgement::kYes : Judgement::kOpen;
}

}  // namespace writ::analysis
