// A walk over the atoms, dimension by dimension, that ends as soon as both rows are settled; then
// boxes that differ in one dimension become one. Entry point: FindBoxes.
#include "diff_boxes.h"

#include <algorithm>
#include <utility>

#include "boxes.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

constexpr std::size_t kMostMerged = 1'024;  // boxes of one region that are tried pairwise

class Walker {
 public:
  Walker(const Space::Impl& space, const DiffGoal& goal, const ColumnSet& first,
         std::size_t most_boxes, Budget& budget)
      : s_(space),
        goal_(goal),
        first_(first),
        most_boxes_(most_boxes),
        budget_(budget),
        candidates_(space, budget) {}

  std::optional<std::map<RowPair, RegionBoxes>> Run() {
    if (s_.slots.size() > kMostSlots) return std::nullopt;
    for (std::uint32_t bits = 0; bits < 1u << s_.slots.size(); ++bits) {
      if (!Choose(bits)) continue;
      std::vector<std::uint64_t> start(s_.words);
      const ColumnSet relevant = goal_.Relevant();
      std::copy(relevant.words(), relevant.words() + s_.words, start.begin());
      if (!Descend(0, start)) return std::nullopt;
    }
    for (auto& [pair, region] : regions_) {
      Merge(region.boxes);
      for (const auto& box : region.boxes) region.size += SizeOf(s_, box);
    }
    return std::move(regions_);
  }

 private:
  // Which evidence is fresh. False: it cannot be so, or it is the same as another choice.
  bool Choose(std::uint32_t bits) {
    fresh_.clear();
    for (std::uint32_t i = 0; i < s_.slots.size(); ++i) {
      const bool fresh = ((bits >> i) & 1) != 0;
      if (!(fresh ? s_.slots[i].may_be_fresh : s_.slots[i].may_be_stale)) return false;
      fresh_.push_back(fresh);
    }
    box_.clear();
    order_.clear();
    std::vector<std::uint32_t> weight;
    for (std::uint32_t d = 0; d < s_.dimensions.size(); ++d) {
      box_.push_back(s_.AllowedUnder(d, fresh_));
      if (box_.back().Empty()) return false;
      order_.push_back(d);
      ColumnSet constrained = ColumnSet::All(s_.columns);
      constrained -= s_.dimensions[d].full;
      const std::uint32_t all = constrained.Count();
      constrained &= first_;
      weight.push_back(constrained.Count() * (s_.columns + 1) + all);
    }
    std::ranges::stable_sort(order_, [&](auto a, auto b) { return weight[a] > weight[b]; });
    touch_.assign(order_.size() + 1, std::vector<std::uint64_t>(s_.words, 0));
    for (std::size_t i = order_.size(); i-- > 0;) {
      touch_[i] = touch_[i + 1];
      for (std::uint32_t w = 0; w < s_.words; ++w)
        touch_[i][w] |= ~s_.dimensions[order_[i]].full.words()[w];
    }
    return true;
  }

  bool Descend(std::size_t at, std::vector<std::uint64_t> maybe) {
    if (!budget_.Spend(1 + s_.words)) return false;
    const DiffGoal::View view = goal_.Look(maybe.data(), touch_[at].data());
    if (!view.wanted) return true;
    if (view.rows) return Emit(*view.rows);
    const std::uint32_t d = order_[at];
    const AtomSet whole = box_[d];
    std::vector<std::pair<std::vector<std::uint64_t>, AtomSet>> groups;  // atoms with equal columns
    for (std::uint32_t a = whole.First(); a < whole.size(); a = whole.Next(a + 1)) {
      std::vector<std::uint64_t> rest = maybe;
      for (std::uint32_t w = 0; w < s_.words; ++w) rest[w] &= s_.Bits(d, a)[w];
      const auto group = std::ranges::find(groups, rest, &decltype(groups)::value_type::first);
      if (group == groups.end()) {
        groups.emplace_back(std::move(rest), AtomSet(whole.size()));
        groups.back().second.Add(a);
      } else {
        group->second.Add(a);
      }
    }
    bool complete = true;
    for (auto& [rest, atoms] : groups) {
      box_[d] = atoms;
      complete = complete && Descend(at + 1, std::move(rest));
    }
    box_[d] = whole;
    return complete;
  }

  bool Emit(const RowPair& pair) {
    const Box box{box_, fresh_};
    for (std::uint32_t c = 0; c < s_.components.size(); ++c) {
      if (s_.components[c].entangled && candidates_.Check(c, box) == Feasibility::kInfeasible)
        return true;
    }
    if (boxes_++ == most_boxes_) return false;
    regions_[pair].boxes.push_back(box_);
    return true;
  }

  // Boxes that differ in one dimension become one, until no two do.
  static void Merge(std::vector<std::vector<AtomSet>>& boxes) {
    if (boxes.size() > kMostMerged) return;
    for (bool more = true; std::exchange(more, false);) {
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        for (std::size_t j = boxes.size(); j-- > i + 1;) {
          const std::optional<std::uint32_t> d = OnlyDifference(boxes[i], boxes[j]);
          if (!d) continue;
          if (*d < boxes[i].size()) boxes[i][*d] |= boxes[j][*d];
          boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(j));
          more = true;
        }
      }
    }
  }

  // The one dimension in which they differ; their number where they are equal (they differ in
  // evidence that is no dimension).
  static std::optional<std::uint32_t> OnlyDifference(const std::vector<AtomSet>& a,
                                                     const std::vector<AtomSet>& b) {
    auto found = static_cast<std::uint32_t>(a.size());
    for (std::uint32_t d = 0; d < a.size(); ++d) {
      if (a[d] == b[d]) continue;
      if (found < a.size()) return std::nullopt;
      found = d;
    }
    return found;
  }

  const Space::Impl& s_;
  const DiffGoal& goal_;
  const ColumnSet& first_;
  const std::size_t most_boxes_;
  Budget& budget_;
  Candidates candidates_;
  std::vector<bool> fresh_;
  std::vector<AtomSet> box_;
  std::vector<std::uint32_t> order_;
  std::vector<std::vector<std::uint64_t>> touch_;
  std::map<RowPair, RegionBoxes> regions_;
  std::size_t boxes_ = 0;
};

}  // namespace

std::optional<std::map<RowPair, RegionBoxes>> FindBoxes(const Space::Impl& space,
                                                        const DiffGoal& goal,
                                                        const ColumnSet& first,
                                                        std::size_t most_boxes, Budget& budget) {
  return Walker(space, goal, first, most_boxes, budget).Run();
}

}  // namespace writ::analysis
