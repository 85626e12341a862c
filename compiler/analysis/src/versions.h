// Two versions of a policy, and what it means to go from a decision of the one to a decision of the
// other.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "join.h"
#include "writ/analysis/exact_diff.h"

namespace writ::analysis {

// How one anchor ranks beside another, by the reporting line of a table that knows both.
enum class Rank : std::uint8_t { kEqual, kHigher, kLower, kIncomparable };

struct Versions {
  std::array<const runtime::Table*, kSides> of;

  Rank Compare(std::string_view before, std::string_view after) const {
    if (before == after) return Rank::kEqual;
    for (const std::size_t s : {kNew, kOld}) {
      const runtime::AnchorId a = of[s]->FindAnchor(before), b = of[s]->FindAnchor(after);
      if (!a.valid() || !b.valid()) continue;
      const runtime::AnchorView from = of[s]->Anchor(a), to = of[s]->Anchor(b);
      if (std::ranges::find(to.below, a) != to.below.end()) return Rank::kHigher;
      if (std::ranges::find(from.below, b) != from.below.end()) return Rank::kLower;
      const bool same_holders =
          from.held_by == to.held_by && std::ranges::equal(from.also_held_by, to.also_held_by);
      return same_holders ? Rank::kEqual : Rank::kIncomparable;
    }
    return Rank::kIncomparable;
  }

  // Of two columns of their joined table that decide otherwise; null: no row decides, which denies.
  Direction DirectionOf(const runtime::Table& joined, const table::Column* before,
                        const table::Column* after) const {
    const auto verdict = [](const table::Column* column) {
      return column == nullptr ? runtime::Verdict::kDeny : column->verdict;
    };
    if (verdict(before) != verdict(after))
      return verdict(after) < verdict(before) ? Direction::kLoosened : Direction::kTightened;
    if (verdict(before) != runtime::Verdict::kEscalate) return Direction::kRerouted;
    switch (Compare(joined.Anchor(before->anchor).name, joined.Anchor(after->anchor).name)) {
      case Rank::kEqual:
        return Direction::kRerouted;
      case Rank::kHigher:
        return Direction::kTightened;
      case Rank::kLower:
      case Rank::kIncomparable:
        break;
    }
    return Direction::kLoosened;
  }
};

}  // namespace writ::analysis
