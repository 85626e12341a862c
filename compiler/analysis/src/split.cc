// The search by splitting boxes.
//
// A box is a set of atoms per dimension. From the unions and intersections of its rows of columns
// follow the columns that may hold and those that hold for certain anywhere in it, and the goal
// judges these. Where one dimension alone can still keep a column out that must not hold, the atoms
// that let it in are taken out of the box at once (unit propagation: M. Davis and H. Putnam 1960),
// again and again. What stays open is split in two along the dimension, and at the place, that
// leaves the fewest columns on both sides: where rows are disjoint, as in most decision tables,
// there is nearly always a place that no row crosses, and then the work is one box per row (the
// partition step of algorithms for Klee's measure problem: M. Overmars and C. Yap 1991, T. Chan
// 2013). Work shrinks with the boxes: one with half of the columns that its rows were packed for
// packs them again, and atoms that these columns do not tell apart become one (the simplification
// step of the latter; split_frame.h). Nothing is remembered, so rows that overlap freely are left
// to the recursion (search.cc) after a bounded number of boxes. The stack is explicit.
//
// Entry point: FindBySplitting.
#include <algorithm>
#include <memory>
#include <utility>

#include "candidate.h"
#include "split_frame.h"

namespace writ::analysis {

namespace {

// Frames of no more columns than this are kept whatever becomes of their boxes.
constexpr std::uint32_t kFewColumns = 16;

class Splitter {
 public:
  Splitter(const Space::Impl& space, const Goal& goal, const std::vector<AtomSet>* within,
           Candidates& candidates, Budget& budget)
      : s_(space), goal_(goal), candidates_(candidates), budget_(budget) {
    for (std::uint32_t d = 0; d < space.dimensions.size(); ++d) {
      allowed_.push_back(space.dimensions[d].allowed);
      if (within != nullptr) allowed_[d] &= (*within)[d];
    }
  }

  std::optional<Answer> Run() {
    Answer answer;
    answer.outcome = Outcome::kNone;
    if (s_.empty || !Begin()) return answer;
    for (std::uint64_t boxes = 0; !stack_.empty(); ++boxes) {
      if (boxes >= budget_.split_limit) return std::nullopt;
      node_ = std::move(stack_.back());
      stack_.pop_back();
      if (!budget_.Spend(1 + node_.frame->cost)) {
        answer.outcome = Outcome::kUnknown;
        answer.why = "the budget of " + std::to_string(budget_.limit) + " steps ran out";
        return answer;
      }
      if (!Look()) continue;
      answer.outcome = Outcome::kFound;
      answer.witness = candidates_.TakeWitness();
      return answer;
    }
    if (candidates_.open().empty()) return answer;
    answer.outcome = Outcome::kUnknown;
    answer.why = candidates_.open();
    return answer;
  }

 private:
  enum class Freshness : std::uint8_t { kBoth, kFresh, kStale };
  struct Node {
    std::shared_ptr<const Frame> frame;
    std::vector<BitSet> groups;  // by axis
    std::vector<Freshness> slots;
    std::vector<std::uint64_t> maybe;  // columns that may hold, packed
    std::uint32_t changed = kNoIndex;  // component to check
  };
  struct Cut {
    std::uint32_t axis = kNoIndex;
    BitSet left;  // groups; the others are right
    double cost = 0;
  };

  bool Begin() {
    const ColumnSet relevant = goal_.Relevant();
    std::vector<std::uint64_t> maybe(relevant.words(), relevant.words() + s_.words);
    std::vector<ColumnSet> any, all;
    for (std::uint32_t d = 0; d < allowed_.size(); ++d) {
      if (allowed_[d].Empty()) return false;
      any.emplace_back(s_.columns);
      all.push_back(ColumnSet::All(s_.columns));
      for (std::uint32_t a = allowed_[d].First(); a < allowed_[d].size();
           a = allowed_[d].Next(a + 1)) {
        const std::uint64_t* bits = s_.Bits(d, a);
        for (std::uint32_t w = 0; w < s_.words; ++w) {
          any[d].words()[w] |= bits[w];
          all[d].words()[w] &= bits[w];
        }
      }
      for (std::uint32_t w = 0; w < s_.words; ++w) maybe[w] &= any[d].words()[w];
    }
    component_active_.assign(s_.components.size(), false);
    std::vector<Axis> axes;
    for (std::uint32_t d = 0; d < allowed_.size(); ++d) {
      bool constrains = false;
      for (std::uint32_t w = 0; w < s_.words; ++w)
        constrains = constrains || (maybe[w] & ~all[d].words()[w]) != 0;
      if (constrains || allowed_[d] != s_.dimensions[d].allowed)
        component_active_[s_.dimensions[d].component] = true;
      if (constrains && s_.dimensions[d].slot == kNoIndex)
        axes.push_back(MakeAxis(d, maybe.data()));
    }
    Node root;
    if (!BeginSlots(maybe.data(), &root)) return false;
    Pack(maybe, std::move(axes), &root);
    stack_.push_back(std::move(root));
    return true;
  }

  // Gives the node a frame of its own, with the columns `maybe` and all groups of `axes`.
  void Pack(const std::vector<std::uint64_t>& maybe, std::vector<Axis> axes, Node* node) const {
    node->frame = std::make_shared<const Frame>(s_, maybe, std::move(axes));
    node->groups.clear();
    for (const Axis& axis : node->frame->axes)
      node->groups.push_back(BitSet::All(static_cast<std::uint32_t>(axis.groups.size())));
    node->maybe.assign(node->frame->words, 0);
    node->frame->packer.Pack(maybe.data(), node->maybe.data());
  }

  // Atoms with columns that are equal in `relevant` are a group. Rows are left for the frame.
  Axis MakeAxis(std::uint32_t d, const std::uint64_t* relevant) const {
    Axis axis;
    axis.dimension = d;
    const bool by_evidence = !s_.components[s_.dimensions[d].component].slots.empty();
    for (std::uint32_t a = allowed_[d].First(); a < allowed_[d].size();
         a = allowed_[d].Next(a + 1)) {
      const std::uint64_t* bits = s_.Bits(d, a);
      std::size_t g = 0;
      for (; g < axis.groups.size(); ++g) {
        const std::uint32_t first = axis.groups[g].First();
        bool equal = !by_evidence || (first == 0) == (a == 0);
        for (std::uint32_t w = 0; w < s_.words && equal; ++w)
          equal = ((s_.Bits(d, first)[w] ^ bits[w]) & relevant[w]) == 0;
        if (equal) break;
      }
      if (g == axis.groups.size()) axis.groups.emplace_back(allowed_[d].size());
      axis.groups[g].Add(a);
    }
    return axis;
  }

  // Which evidence has to be told apart; the rest is fresh where it can be. False: some can be
  // neither.
  bool BeginSlots(const std::uint64_t* maybe, Node* root) const {
    for (std::uint32_t i = 0; i < s_.slots.size(); ++i) {
      const EvidenceSlot& slot = s_.slots[i];
      bool fresh = slot.may_be_fresh, stale = slot.may_be_stale, needed = slot.explicit_time;
      if (slot.dimension != kNoIndex) {
        fresh = fresh && allowed_[slot.dimension].Has(2);
        stale = stale && allowed_[slot.dimension].Has(1);
        for (std::uint32_t w = 0; w < s_.words; ++w) {
          const std::uint64_t differ =
              s_.Bits(slot.dimension, 1)[w] ^ s_.Bits(slot.dimension, 2)[w];
          needed = needed || (differ & maybe[w]) != 0;
        }
      }
      for (std::uint32_t c = 0; c < s_.components.size() && !needed; ++c) {
        const auto& slots = s_.components[c].slots;
        needed = component_active_[c] && std::find(slots.begin(), slots.end(), i) != slots.end();
      }
      for (std::uint32_t d = 0; d < allowed_.size(); ++d) {
        const DimensionInfo& info = s_.dimensions[d];
        const bool from = info.domain != kNoIndex && s_.domains[info.domain].slot == i;
        const bool wanted =
            std::find(info.wanted_by.begin(), info.wanted_by.end(), i) != info.wanted_by.end();
        const bool only_missing = allowed_[d].Next(1) == allowed_[d].size();
        if (from && !allowed_[d].Has(0)) stale = false;
        if (from && only_missing && !s_.domains[info.domain].may_be_missing) fresh = false;
        if (wanted && only_missing) fresh = false;
      }
      if (!fresh && !stale) return false;
      root->slots.push_back(fresh && stale && needed ? Freshness::kBoth
                            : fresh                  ? Freshness::kFresh
                                                     : Freshness::kStale);
    }
    return true;
  }

  // True: the witness is there. Otherwise the box is done, or its parts are on the stack.
  bool Look() {
    empty_ = false;
    if (!Filter()) return false;
    do {
      Narrow();
      if (Shrink()) Narrow();
    } while (Propagate());
    if (empty_) return false;
    if (node_.changed != kNoIndex && AllChosen() &&
        candidates_.Check(node_.changed, MakeBox()) == Feasibility::kInfeasible) {
      return false;
    }
    const Judgement judgement = Judge(node_.maybe.data(), touch_.data());
    if (judgement == Judgement::kNo) return false;
    std::fill(node_.maybe.begin(), node_.maybe.end(), 0);
    node_.frame->packer.Pack(all_maybe_.data(), node_.maybe.data());
    if (!AllChosen()) {
      SplitSlot();
      return false;
    }
    if (judgement == Judgement::kYes) {
      const Candidates::Result result = candidates_.Try(goal_, MakeBox());
      if (result.kind == Candidates::Kind::kWitness) return true;
      if (result.kind == Candidates::Kind::kImpossible) return false;
    }
    Split(judgement == Judgement::kYes);
    return false;
  }

  // Packed sets; all_maybe_ is left with the columns that still matter.
  Judgement Judge(const std::uint64_t* maybe, const std::uint64_t* touch) {
    all_maybe_.assign(s_.words, 0);
    all_touch_.assign(s_.words, 0);
    node_.frame->packer.Unpack(maybe, all_maybe_.data());
    node_.frame->packer.Unpack(touch, all_touch_.data());
    return goal_.Judge(all_maybe_.data(), all_touch_.data());
  }

  // A box with few of the columns that its frame was made for gets a frame of its own.
  bool Shrink() {
    const Frame& frame = *node_.frame;
    const std::uint32_t left = CountShared(node_.maybe.data(), node_.maybe.data(), frame.words);
    if (frame.packer.columns() <= kFewColumns || left > frame.packer.columns() / 2) return false;
    std::vector<std::uint64_t> maybe(s_.words, 0);
    frame.packer.Unpack(node_.maybe.data(), maybe.data());
    std::vector<Axis> axes;
    for (std::size_t i = 0; i < frame.axes.size(); ++i) {
      Axis axis;
      axis.dimension = frame.axes[i].dimension;
      const BitSet& groups = node_.groups[i];
      for (std::uint32_t g = groups.First(); g < groups.size(); g = groups.Next(g + 1))
        axis.groups.push_back(frame.axes[i].groups[g]);
      axes.push_back(std::move(axis));
    }
    Pack(maybe, std::move(axes), &node_);
    return true;
  }

  bool AllChosen() const {
    return std::find(node_.slots.begin(), node_.slots.end(), Freshness::kBoth) == node_.slots.end();
  }

  // Takes out the groups that the evidence rules out. False: nothing is left of some dimension.
  bool Filter() {
    if (s_.slots.empty() || !AllChosen()) return true;
    std::vector<bool> fresh;
    for (const Freshness f : node_.slots) fresh.push_back(f == Freshness::kFresh);
    for (std::size_t i = 0; i < node_.groups.size(); ++i) {
      const Axis& axis = node_.frame->axes[i];
      if (s_.components[s_.dimensions[axis.dimension].component].slots.empty()) continue;
      const AtomSet usable = s_.AllowedUnder(axis.dimension, fresh);
      for (std::uint32_t g = 0; g < axis.groups.size(); ++g) {
        if (!axis.groups[g].Meets(usable)) node_.groups[i].Remove(g);
      }
      if (node_.groups[i].Empty()) return false;
    }
    return true;
  }

  // Drops the columns that no atom of some dimension admits, and notes those that not every atom
  // admits.
  void Narrow() {
    const Frame& frame = *node_.frame;
    const std::uint32_t words = frame.words;
    std::vector<std::uint64_t> any(words);
    touch_.assign(words, 0);
    once_.assign(words, 0);
    touch_by_axis_.assign(frame.axes.size() * words, 0);
    for (std::size_t i = 0; i < frame.axes.size(); ++i) {
      std::fill(any.begin(), any.end(), 0);
      std::uint64_t* some = &touch_by_axis_[i * words];
      const BitSet& groups = node_.groups[i];
      for (std::uint32_t g = groups.First(); g < groups.size(); g = groups.Next(g + 1)) {
        const std::uint64_t* row = frame.Row(i, g);
        for (std::uint32_t w = 0; w < words; ++w) {
          any[w] |= row[w];
          some[w] |= ~row[w];
        }
      }
      for (std::uint32_t w = 0; w < words; ++w) {
        node_.maybe[w] &= any[w];
        once_[w] = (once_[w] & ~some[w]) | (some[w] & ~touch_[w]);
        touch_[w] |= some[w];
      }
    }
    for (std::size_t i = 0; i < node_.slots.size(); ++i) {
      const std::uint64_t* fresh = &frame.fresh[i * words];
      const std::uint64_t* stale = &frame.stale[i * words];
      const bool both = node_.slots[i] == Freshness::kBoth;
      for (std::uint32_t w = 0; w < words; ++w) {
        node_.maybe[w] &= both                                  ? fresh[w] | stale[w]
                          : node_.slots[i] == Freshness::kFresh ? fresh[w]
                                                                : stale[w];
        if (both) touch_[w] |= ~(fresh[w] & stale[w]);
        if (both) once_[w] &= fresh[w] & stale[w];
      }
    }
  }

  // Takes out the groups that the goal rules out, where they make a column certain that this axis
  // alone can still keep out. True: some went, and there is more to see.
  bool Propagate() {
    bool any = false;
    const Frame& frame = *node_.frame;
    const std::uint32_t words = frame.words;
    std::vector<std::uint64_t> maybe(words), touch(words);
    for (std::size_t i = 0; i < frame.axes.size() && !empty_; ++i) {
      BitSet& groups = node_.groups[i];
      const std::uint64_t* mine = &touch_by_axis_[i * words];
      for (std::uint32_t g = groups.First(); g < groups.size(); g = groups.Next(g + 1)) {
        const std::uint64_t* row = frame.Row(i, g);
        std::uint64_t units = 0;
        for (std::uint32_t w = 0; w < words; ++w)
          units |= row[w] & node_.maybe[w] & once_[w] & mine[w];
        if (units == 0) continue;
        for (std::uint32_t w = 0; w < words; ++w) {
          maybe[w] = node_.maybe[w] & row[w];
          touch[w] = touch_[w] & ~(once_[w] & mine[w]);
        }
        budget_.Spend(1 + words / 64);
        if (Judge(maybe.data(), touch.data()) != Judgement::kNo) continue;
        groups.Remove(g);
        any = true;
      }
      empty_ = groups.Empty();
    }
    return any && !empty_;
  }

  Box MakeBox() const {
    Box box;
    box.atoms = allowed_;
    for (std::size_t i = 0; i < node_.groups.size(); ++i) {
      const Axis& axis = node_.frame->axes[i];
      AtomSet atoms(allowed_[axis.dimension].size());
      const BitSet& groups = node_.groups[i];
      for (std::uint32_t g = groups.First(); g < groups.size(); g = groups.Next(g + 1))
        atoms |= axis.groups[g];
      box.atoms[axis.dimension] = std::move(atoms);
    }
    for (const Freshness f : node_.slots) box.fresh.push_back(f == Freshness::kFresh);
    return box;
  }

  void SplitSlot() {
    const auto at = std::find(node_.slots.begin(), node_.slots.end(), Freshness::kBoth);
    const auto i = static_cast<std::size_t>(at - node_.slots.begin());
    for (const Freshness f : {Freshness::kStale, Freshness::kFresh}) {  // fresh is looked at first
      stack_.push_back(node_);
      stack_.back().slots[i] = f;
    }
  }

  double Weigh(const std::uint64_t* rows) const {
    return static_cast<double>(CountShared(rows, node_.maybe.data(), node_.frame->words));
  }

  // `values_only`: the columns are settled, but not whether the atoms can occur: entangled
  // dimensions alone matter.
  void Split(bool values_only) {
    Cut best;
    const std::vector<Axis>& axes = node_.frame->axes;
    for (std::uint32_t i = 0; i < axes.size(); ++i) {
      const bool entangled = s_.components[s_.dimensions[axes[i].dimension].component].entangled;
      if (node_.groups[i].Count() > 1 && (entangled || !values_only)) Consider(i, &best);
    }
    if (best.axis == kNoIndex) return;
    const std::uint32_t component = s_.dimensions[axes[best.axis].dimension].component;
    Node left = node_, right = std::move(node_);
    left.changed = right.changed = s_.components[component].entangled ? component : kNoIndex;
    left.groups[best.axis] &= best.left;
    right.groups[best.axis] -= best.left;
    if (best_left_first_) std::swap(left, right);
    stack_.push_back(std::move(left));
    stack_.push_back(std::move(right));
  }

  // Places along one axis: between neighbouring groups, and around each single one. The cost of two
  // boxes with m and n open columns is m^2 + n^2: few columns, evenly spread.
  void Consider(std::uint32_t i, Cut* best) {
    const Frame& frame = *node_.frame;
    const std::uint32_t words = frame.words;
    const BitSet& groups = node_.groups[i];
    std::vector<std::uint32_t> members;
    for (std::uint32_t g = groups.First(); g < groups.size(); g = groups.Next(g + 1))
      members.push_back(g);
    const std::size_t count = members.size();
    std::vector<std::uint64_t> before((count + 1) * words, 0), after((count + 1) * words, 0),
        rest(words);
    for (std::size_t k = 0; k < count; ++k) {
      const std::uint64_t* row = frame.Row(i, members[k]);
      for (std::uint32_t w = 0; w < words; ++w)
        before[(k + 1) * words + w] = before[k * words + w] | row[w];
    }
    for (std::size_t k = count; k-- > 0;) {
      const std::uint64_t* row = frame.Row(i, members[k]);
      for (std::uint32_t w = 0; w < words; ++w)
        after[k * words + w] = after[(k + 1) * words + w] | row[w];
    }
    for (std::size_t k = 0; k < count; ++k) {
      if (k > 0) Offer(i, members, 0, k, &before[k * words], &after[k * words], best);
      if (k == 0 || k + 1 == count) continue;
      for (std::uint32_t w = 0; w < words; ++w)
        rest[w] = before[k * words + w] | after[(k + 1) * words + w];
      Offer(i, members, k, k + 1, frame.Row(i, members[k]), rest.data(), best);
    }
  }

  void Offer(std::uint32_t i, const std::vector<std::uint32_t>& members, std::size_t from,
             std::size_t to, const std::uint64_t* inside, const std::uint64_t* outside, Cut* best) {
    const double m = Weigh(inside), n = Weigh(outside), cost = m * m + n * n;
    if (best->axis != kNoIndex && cost >= best->cost) return;
    best->axis = i;
    best->cost = cost;
    best->left = BitSet(node_.groups[i].size());
    for (std::size_t k = from; k < to; ++k) best->left.Add(members[k]);
    best_left_first_ = m <= n;
  }

  const Space::Impl& s_;
  const Goal& goal_;
  Candidates& candidates_;
  Budget& budget_;
  std::vector<AtomSet> allowed_;
  std::vector<bool> component_active_;
  std::vector<Node> stack_;
  Node node_;           // the box at hand
  bool empty_ = false;  // nothing is left of some axis
  // Columns that not every atom of the box admits: in some dimension, in one axis and nowhere else,
  // and by axis. Packed.
  std::vector<std::uint64_t> touch_, once_, touch_by_axis_;
  std::vector<std::uint64_t> all_maybe_, all_touch_;  // of all columns, for the goal
  bool best_left_first_ = false;
};

}  // namespace

std::optional<Answer> FindBySplitting(const Space::Impl& space, const Goal& goal,
                                      const std::vector<AtomSet>* within, Candidates& candidates,
                                      Budget& budget) {
  if (budget.split_limit == 0) return std::nullopt;
  return Splitter(space, goal, within, candidates, budget).Run();
}

}  // namespace writ::analysis
