// Bounds on both winners at once: while dimensions are open, each side is decided by one of the
// columns up to its first certain one. Where no outcome is possible on both sides, every completion
// differs; where one is all that is left on both, none does. Entry point: DiffGoal::Judge.
#include "diff_goal.h"

#include <algorithm>
#include <bit>

#include "boxes.h"

namespace writ::analysis {

std::optional<std::vector<std::vector<AtomSet>>> Slices(const Space::Impl& s,
                                                        const std::vector<Difference>& differences,
                                                        std::size_t most) {
  std::vector<std::vector<AtomSet>> all;
  for (const Difference& difference : differences) {
    for (std::size_t side = 0; side < kSides; ++side) {
      const ColumnSet &mine = difference.columns[side], &others = difference.columns[1 - side];
      for (std::uint32_t c = mine.First(); c < mine.size(); c = mine.Next(c + 1)) {
        std::vector<std::vector<AtomSet>> parts = {BoxOf(s, c)};
        if (IsEmptyBox(parts[0])) continue;
        for (std::uint32_t o = others.First(); o < others.size(); o = others.Next(o + 1)) {
          const std::vector<AtomSet> hole = BoxOf(s, o);
          std::vector<std::vector<AtomSet>> rest;
          for (std::vector<AtomSet>& part : parts) Subtract(std::move(part), hole, &rest);
          parts = std::move(rest);
          if (parts.size() > most) return std::nullopt;
        }
        for (std::vector<AtomSet>& part : parts) all.push_back(std::move(part));
        if (all.size() > most) return std::nullopt;
      }
    }
  }
  return all;
}

Lane LaneOf(const JoinedMatrix& matrix, std::size_t side) {
  const ColumnSet none(static_cast<std::uint32_t>(matrix.columns.size()));
  Lane lane = {none, none, none};
  for (std::uint32_t c = 0; c < matrix.decisions; ++c) {
    const JoinedColumn& column = matrix.columns[c];
    if (column.own[side] == kNoIndex) continue;
    lane.columns.Add(c);
    if ((column.flags & runtime::kColumnOtherwise) != 0) lane.otherwise.Add(c);
    if ((column.flags & runtime::kColumnAllowWhen) != 0) lane.allow_when.Add(c);
  }
  return lane;
}

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
                   const RowNumbers& numbers, const std::vector<Difference>& differences,
                   const std::set<RowPair>& known)
    : s_(space), lanes_(lanes), numbers_(numbers), differences_(differences), known_(known) {}

ColumnSet DiffGoal::Relevant() const {
  ColumnSet relevant = lanes_[0].columns;
  return relevant |= lanes_[1].columns;
}

namespace {

// Adds to `needed` the columns that may still change how the lane decides.
LaneScan ScanLane(const Lane& lane, std::uint32_t words, const std::uint64_t* maybe,
                  const std::uint64_t* touch, std::uint64_t* needed) {
  LaneScan scan;
  bool possible = false, certain = false;
  for (std::uint32_t w = 0; w < words; ++w) {
    const std::uint64_t allow_when = maybe[w] & lane.allow_when.words()[w];
    possible = possible || allow_when != 0;
    certain = certain || (allow_when & ~touch[w]) != 0;
  }
  bool otherwise_before = false;
  for (std::uint32_t w = 0; w < words && scan.undecided; ++w) {
    const std::uint64_t otherwise = lane.otherwise.words()[w];
    std::uint64_t all = maybe[w] & lane.columns.words()[w];
    std::uint64_t held = certain ? all & ~otherwise : all;
    const std::uint64_t sure = held & ~touch[w] & (possible ? ~otherwise : ~std::uint64_t{0});
    if (sure != 0) {
      scan.undecided = false;
      const std::uint64_t first = sure & (~sure + 1);
      all &= first | (first - 1);
      held &= first | (first - 1);
    }
    otherwise_before = otherwise_before || (all & otherwise) != 0;
    needed[w] |= held;
    for (; held != 0 && !scan.too_many; held &= held - 1) {
      scan.too_many = scan.possible.size() == LaneScan::kMostPossible;
      scan.possible.push_back(w * 64 + static_cast<std::uint32_t>(std::countr_zero(held)));
    }
  }
  // Whether an `otherwise` takes part has to be known further down as well.
  for (std::uint32_t w = 0; w < words && otherwise_before; ++w)
    needed[w] |= maybe[w] & lane.allow_when.words()[w];
  return scan;
}

}  // namespace

std::array<LaneScan, kSides> ScanLanes(const std::array<Lane, kSides>& lanes, std::uint32_t words,
                                       std::uint64_t* maybe, const std::uint64_t* touch) {
  std::vector<std::uint64_t> needed(words, 0);
  std::array<LaneScan, kSides> scans = {ScanLane(lanes[0], words, maybe, touch, needed.data()),
                                        ScanLane(lanes[1], words, maybe, touch, needed.data())};
  for (std::uint32_t w = 0; w < words; ++w) maybe[w] &= needed[w];
  return scans;
}

// A row of both sides that decides on one of them holds on the other as well, so what decides there
// comes no later, and is that row or one that this side does not have. An `otherwise` may take part
// on one side alone.
bool CanDecideTogether(const std::array<Lane, kSides>& lanes, std::uint32_t columns,
                       std::uint32_t a, std::uint32_t b) {
  if (a == b) return true;
  const auto bound = [&](std::uint32_t c, std::uint32_t other, std::size_t side) {
    if (c == columns || !lanes[1 - side].columns.Has(c) || lanes[side].otherwise.Has(c))
      return true;
    return other < c && (!lanes[side].columns.Has(other) || lanes[side].otherwise.Has(other));
  };
  return bound(a, b, 0) && bound(b, a, 1);
}

// For some kind of row, one side may have one that holds and the other none.
bool DiffGoal::MayDiffer(const std::uint64_t* maybe, const std::uint64_t* touch) const {
  if (differences_.empty()) return true;
  return std::ranges::any_of(differences_, [&](const Difference& difference) {
    std::array<bool, kSides> possible = {}, certain = {};
    for (std::size_t side = 0; side < kSides; ++side) {
      for (std::uint32_t w = 0; w < s_.words; ++w) {
        const std::uint64_t held = maybe[w] & difference.columns[side].words()[w];
        possible[side] = possible[side] || held != 0;
        certain[side] = certain[side] || (held & ~touch[w]) != 0;
      }
    }
    return (possible[0] && !certain[1]) || (possible[1] && !certain[0]);
  });
}

DiffGoal::View DiffGoal::Look(std::uint64_t* maybe, const std::uint64_t* touch) const {
  View view;
  if (!MayDiffer(maybe, touch)) return view;
  const auto scans = ScanLanes(lanes_, s_.words, maybe, touch);
  if (scans[0].too_many || scans[1].too_many) return {true, true, std::nullopt};
  bool several = false;
  const auto look = [&](std::uint32_t a, std::uint32_t b) {
    if (!CanDecideTogether(lanes_, s_.columns, a, b)) return;
    const bool no_a = a == s_.columns, no_b = b == s_.columns;
    const std::uint32_t before = no_a ? numbers_.denied : numbers_.outcome[a];
    const std::uint32_t after = no_b ? numbers_.denied : numbers_.outcome[b];
    const RowPair rows = {no_a ? numbers_.none[0] : numbers_.row[0][a],
                          no_b ? numbers_.none[1] : numbers_.row[1][b]};
    if (before == after || known_.contains(rows)) {
      view.other = true;
      return;
    }
    several = several || (view.wanted && view.rows != rows);
    view.wanted = true;
    view.rows = rows;
  };
  const auto each = [&](const LaneScan& scan, auto use) {
    for (const std::uint32_t c : scan.possible) {
      if (view.wanted && view.other) return;
      use(c);
    }
    if (scan.undecided) use(s_.columns);
  };
  each(scans[0], [&](std::uint32_t a) { each(scans[1], [&](std::uint32_t b) { look(a, b); }); });
  if (several || view.other) view.rows.reset();
  return view;
}

Judgement DiffGoal::Judge(std::uint64_t* maybe, const std::uint64_t* touch) const {
  const View view = Look(maybe, touch);
  if (!view.wanted) return Judgement::kNo;
  return view.other ? Judgement::kOpen : Judgement::kYes;
}

}  // namespace writ::analysis
