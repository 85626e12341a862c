// The same bounds on both winners as for a difference. Entry point: PairGoal::Judge.
#include "pair_goal.h"

#include <algorithm>
#include <utility>

namespace writ::analysis {

PairGoal::PairGoal(const Space::Impl& space, const std::array<Lane, kSides>& lanes,
                   const PairOutcomes& outcomes, const std::vector<ColumnSet>& holds,
                   ColumnSet none_of)
    : s_(space), lanes_(lanes), outcomes_(outcomes), holds_(holds), none_of_(std::move(none_of)) {}

ColumnSet PairGoal::Relevant() const {
  ColumnSet relevant = lanes_[0].columns;
  relevant |= lanes_[1].columns;
  relevant |= none_of_;
  for (const ColumnSet& columns : holds_) relevant |= columns;
  return relevant;
}

Judgement PairGoal::Judge(std::uint64_t* maybe, const std::uint64_t* touch) const {
  std::vector<std::uint64_t> kept(s_.words, 0);
  bool settled = true;
  for (std::uint32_t w = 0; w < s_.words; ++w) {
    const std::uint64_t barred = maybe[w] & none_of_.words()[w];
    if ((barred & ~touch[w]) != 0) return Judgement::kNo;
    settled = settled && barred == 0;
    kept[w] |= barred;
  }
  for (const ColumnSet& columns : holds_) {
    bool possible = false, certain = false;
    for (std::uint32_t w = 0; w < s_.words; ++w) {
      const std::uint64_t held = maybe[w] & columns.words()[w];
      possible = possible || held != 0;
      certain = certain || (held & ~touch[w]) != 0;
      kept[w] |= held;
    }
    if (!possible) return Judgement::kNo;
    settled = settled && certain;
  }
  const auto scans = ScanLanes(lanes_, s_.words, maybe, touch);
  for (std::uint32_t w = 0; w < s_.words; ++w) maybe[w] |= kept[w];
  if (scans[0].too_many || scans[1].too_many) return Judgement::kOpen;
  bool wanted = false, other = !settled;
  const auto look = [&](std::uint32_t a, std::uint32_t b) {
    if ((wanted && other) || !CanDecideTogether(lanes_, s_.columns, a, b)) return;
    const auto outcome = [&](std::uint32_t c) {
      return c == s_.columns ? outcomes_.denied : outcomes_.of_column[c];
    };
    (outcomes_.wanted[outcome(a)][outcome(b)] ? wanted : other) = true;
  };
  const auto each = [&](const LaneScan& scan, auto use) {
    std::ranges::for_each(scan.possible, use);
    if (scan.undecided) use(s_.columns);
  };
  each(scans[0], [&](std::uint32_t a) { each(scans[1], [&](std::uint32_t b) { look(a, b); }); });
  if (!wanted) return Judgement::kNo;
  return other ? Judgement::kOpen : Judgement::kYes;
}

}  // namespace writ::analysis
