// The recursion over residual columns.
//
// Dimension by dimension, an atom is chosen and the columns that do not admit it drop out; what is
// left is the residual. Atoms that leave the same residual are one case. A goal judges each
// residual (goal.cc) and cuts as soon as the answer is settled. A residual that failed at some
// dimension fails there again, whichever atoms led to it, so failures are remembered: this is
// memoisation over (dimension, residual), the construction of an ordered decision diagram (R.
// Bryant 1986; as for overlap in decision tables, D. Calvanese et al. 2018) that is never stored.
//
// Dimensions that hang together through worked-out values come last, one component after the other;
// when a component's atoms are chosen, solve.cc says whether they can occur together. A failure for
// that reason depends on the choices inside the component, so only the residual on entering the
// component is remembered. The depth of the recursion is the number of dimensions plus evidence, at
// most 2,048.
//
// It goes first, for a few steps, since it dives for a request without looking around; then boxes
// are split (split.cc), which settles rows that hardly overlap; then it has a share of the budget,
// and clauses have half of the rest (sat_search.cc), before it goes on with what is left.
//
// Entry point: FindGoal.
#include "search.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "candidate.h"
#include "key_set.h"
#include "sat_search.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

constexpr std::size_t kMaxMemoWords = std::size_t{1}
                                      << 22;  // 32 MiB; beyond, failures are found again
// What the recursion may spend before clauses are tried, but no more than a quarter of what is
// left: where it helps, it mostly does so soon.
constexpr std::uint64_t kBeforeClauses = 100'000;

class Search {
 public:
  Search(const Space::Impl& space, const Goal& goal, const std::vector<AtomSet>* within,
         Candidates& candidates, Budget& budget)
      : s_(space), goal_(goal), budget_(budget), words_(space.words), candidates_(candidates) {
    box_.fresh.assign(space.slots.size(), false);
    for (std::uint32_t d = 0; d < space.dimensions.size(); ++d) {
      box_.atoms.push_back(space.dimensions[d].allowed);
      if (within != nullptr) box_.atoms[d] &= (*within)[d];
    }
    allowed_ = box_.atoms;
  }

  // Nothing: the budget ran out.
  std::optional<Answer> Run() {
    Answer answer;
    const Visit visit = s_.empty ? Visit{} : Begin();
    if (visit.end == End::kFound) {
      answer.outcome = Outcome::kFound;
      answer.witness = std::move(witness_);
    } else if (visit.end == End::kBudget) {
      return std::nullopt;
    } else if (!candidates_.open().empty()) {
      answer.why = candidates_.open();
    } else {
      answer.outcome = Outcome::kNone;
    }
    return answer;
  }

 private:
  enum class End : std::uint8_t { kFailed, kFound, kBudget };
  struct Visit {
    End end = End::kFailed;
    bool tainted = false;  // failed because of choices further up, inside the same component
  };
  struct Step {
    bool is_slot = false;
    std::uint32_t index = 0;      // slot or dimension
    std::uint32_t component = 0;  // of a dimension
    bool opens = false;           // the first dimension of an entangled component
    bool check = false;           // feasibility is asked after this step
    std::vector<AtomSet> groups;  // atoms with equal columns
  };
  struct Child {
    AtomSet atoms;
    const std::uint64_t* columns = nullptr;
    std::uint32_t weight = 0;
  };

  Visit Begin() {
    std::vector<std::uint64_t> start(words_);
    const ColumnSet relevant = goal_.Relevant();
    std::copy(relevant.words(), relevant.words() + words_, start.begin());
    for (const AtomSet& atoms : allowed_) {
      if (atoms.Empty()) return {};
    }
    constrained_.assign(allowed_.size(), ColumnSet(s_.columns));
    any_.resize(words_);
    all_.resize(words_);
    for (std::uint32_t d = 0; d < allowed_.size(); ++d) Narrow(d, start.data());
    for (std::uint32_t d = 0; d < allowed_.size(); ++d) {
      for (std::uint32_t w = 0; w < words_; ++w) constrained_[d].words()[w] &= start[w];
    }
    if (!PlanSteps()) return {};
    FixSlots(start.data());
    memo_.emplace(words_ + (s_.slots.size() + 63) / 64 + 1, kMaxMemoWords);
    return Descend(0, start.data());
  }

  // Columns that no allowed atom admits drop out; those that some do not admit are constrained.
  void Narrow(std::uint32_t d, std::uint64_t* start) {
    std::fill(any_.begin(), any_.end(), 0);
    std::fill(all_.begin(), all_.end(), ~std::uint64_t{0});
    for (std::uint32_t a = allowed_[d].First(); a < allowed_[d].size();
         a = allowed_[d].Next(a + 1)) {
      const std::uint64_t* bits = s_.Bits(d, a);
      for (std::uint32_t w = 0; w < words_; ++w) {
        any_[w] |= bits[w];
        all_[w] &= bits[w];
      }
    }
    for (std::uint32_t w = 0; w < words_; ++w) {
      start[w] &= any_[w];
      constrained_[d].words()[w] = ~all_[w];
    }
  }

  // Evidence first, then independent dimensions, those that constrain most columns first; then
  // component by component.
  bool PlanSteps() {
    std::vector<std::uint32_t> plain, last;
    std::vector<bool> component_active(s_.components.size(), false);
    for (std::uint32_t d = 0; d < allowed_.size(); ++d) {
      const bool narrowed =
          allowed_[d] != s_.dimensions[d].allowed;  // then its values matter, if not its columns
      if (narrowed || !constrained_[d].Empty()) component_active[s_.dimensions[d].component] = true;
      if (constrained_[d].Empty()) continue;
      if (s_.dimensions[d].slot != kNoIndex) continue;  // follows from its slot
      (s_.components[s_.dimensions[d].component].entangled ? last : plain).push_back(d);
    }
    if (!PlanSlots(component_active)) return false;
    std::vector<std::uint32_t> weight(allowed_.size(), 0);
    for (std::uint32_t d = 0; d < allowed_.size(); ++d) weight[d] = constrained_[d].Count();
    const auto derived = [&](std::uint32_t d) {
      return static_cast<DimensionKind>(s_.dimensions[d].view.kind) == DimensionKind::kDerived;
    };
    std::stable_sort(plain.begin(), plain.end(),
                     [&](auto a, auto b) { return weight[a] > weight[b]; });
    std::stable_sort(last.begin(), last.end(), [&](auto a, auto b) {
      const auto key = [&](std::uint32_t d) {
        return std::pair{s_.dimensions[d].component, derived(d)};
      };
      return key(a) != key(b) ? key(a) < key(b) : weight[a] > weight[b];
    });
    for (const std::uint32_t d : plain) PlanDimension(d);
    for (std::size_t i = 0; i < last.size(); ++i) {
      const std::uint32_t component = s_.dimensions[last[i]].component;
      PlanDimension(last[i]);
      Step& step = steps_.back();
      step.opens = i == 0 || s_.dimensions[last[i - 1]].component != component;
      step.check = derived(last[i]) || i + 1 == last.size() ||
                   s_.dimensions[last[i + 1]].component != component;
    }
    touch_.assign(steps_.size() + 1, std::vector<std::uint64_t>(words_, 0));
    for (std::size_t i = steps_.size(); i-- > 0;) {
      const std::uint32_t d =
          steps_[i].is_slot ? s_.slots[steps_[i].index].dimension : steps_[i].index;
      touch_[i] = touch_[i + 1];
      if (d == kNoIndex) continue;
      for (std::uint32_t w = 0; w < words_; ++w) touch_[i][w] |= constrained_[d].words()[w];
    }
    return true;
  }

  // False: some evidence can be neither fresh nor stale.
  bool PlanSlots(const std::vector<bool>& component_active) {
    for (std::uint32_t i = 0; i < s_.slots.size(); ++i) {
      const EvidenceSlot& slot = s_.slots[i];
      bool fresh = slot.may_be_fresh, stale = slot.may_be_stale, needed = slot.explicit_time;
      if (slot.dimension != kNoIndex) {
        fresh = fresh && allowed_[slot.dimension].Has(2);
        stale = stale && allowed_[slot.dimension].Has(1);
        needed = needed || !constrained_[slot.dimension].Empty();
      }
      for (std::uint32_t c = 0; c < s_.components.size() && !needed; ++c) {
        const auto& slots = s_.components[c].slots;
        needed = component_active[c] && std::find(slots.begin(), slots.end(), i) != slots.end();
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
      box_.fresh[i] = fresh;
      if (!fresh || !stale || !needed) continue;
      Step step;
      step.is_slot = true;
      step.index = i;
      steps_.push_back(std::move(step));
    }
    return true;
  }

  // Evidence that is not chosen takes its atom at once.
  void FixSlots(std::uint64_t* start) const {
    for (std::uint32_t i = 0; i < s_.slots.size(); ++i) {
      const bool chosen = std::any_of(steps_.begin(), steps_.end(), [&](const Step& step) {
        return step.is_slot && step.index == i;
      });
      if (chosen || s_.slots[i].dimension == kNoIndex) continue;
      const std::uint64_t* bits = s_.Bits(s_.slots[i].dimension, box_.fresh[i] ? 2 : 1);
      for (std::uint32_t w = 0; w < words_; ++w) start[w] &= bits[w];
    }
  }

  void PlanDimension(std::uint32_t d) {
    Step step;
    step.index = d;
    step.component = s_.dimensions[d].component;
    steps_.push_back(std::move(step));
  }

  // Made when the step is first taken: most searches settle after a few.
  void MakeGroups(Step* step) const {
    const std::uint32_t d = step->index;
    const bool by_evidence = !s_.components[step->component].slots.empty();
    std::vector<std::uint32_t> first;  // an atom of each group
    for (std::uint32_t a = allowed_[d].First(); a < allowed_[d].size();
         a = allowed_[d].Next(a + 1)) {
      std::size_t g = 0;
      // Where evidence decides whether a value is there, "missing" is a case of its own.
      const auto apart = [&](std::uint32_t b) { return by_evidence && (a == 0) != (b == 0); };
      while (g < first.size() && (apart(first[g]) || !SameColumns(d, first[g], a))) ++g;
      if (g == first.size()) {
        first.push_back(a);
        step->groups.emplace_back(allowed_[d].size());
      }
      step->groups[g].Add(a);
    }
  }

  bool SameColumns(std::uint32_t d, std::uint32_t a, std::uint32_t b) const {
    const std::uint64_t* x = s_.Bits(d, a);
    const std::uint64_t* y = s_.Bits(d, b);
    const std::uint64_t* mask = constrained_[d].words();
    for (std::uint32_t w = 0; w < words_; ++w) {
      if (((x[w] ^ y[w]) & mask[w]) != 0) return false;
    }
    return true;
  }

  // `columns`: the residual, writable.
  Visit Descend(std::size_t at, std::uint64_t* columns) {
    if (!budget_.Spend(1)) return {End::kBudget, false};
    const Judgement judgement = goal_.Judge(columns, touch_[at].data());
    if (judgement == Judgement::kNo) return {};
    const bool evidence_chosen = at == steps_.size() || !steps_[at].is_slot;
    if (judgement == Judgement::kYes && evidence_chosen) {
      const std::optional<Visit> settled = Settled(at);
      if (settled) return *settled;
    }
    if (at == steps_.size()) return {};
    const std::vector<std::uint64_t> key = Key(at, columns);
    if (memo_->Has(key.data())) return {};
    Visit visit = steps_[at].is_slot ? ChooseFreshness(at, columns) : ChooseAtom(at, columns);
    if (visit.end != End::kFailed) return visit;
    if (steps_[at].opens) visit.tainted = false;
    if (!visit.tainted) memo_->Add(key.data());
    return visit;
  }

  std::vector<std::uint64_t> Key(std::size_t at, const std::uint64_t* columns) const {
    std::vector<std::uint64_t> key(columns, columns + words_);
    key.push_back(at);
    key.resize(words_ + 1 + (s_.slots.size() + 63) / 64, 0);
    for (std::size_t i = 0; i < s_.slots.size(); ++i) {
      if (box_.fresh[i]) key[words_ + 1 + i / 64] |= std::uint64_t{1} << (i % 64);
    }
    return key;
  }

  Visit ChooseFreshness(std::size_t at, const std::uint64_t* columns) {
    const std::uint32_t slot = steps_[at].index, d = s_.slots[slot].dimension;
    Visit result;
    for (const bool fresh : {true, false}) {
      box_.fresh[slot] = fresh;
      std::vector<std::uint64_t> rest(columns, columns + words_);
      if (d != kNoIndex) {
        const std::uint64_t* bits = s_.Bits(d, fresh ? 2 : 1);
        for (std::uint32_t w = 0; w < words_; ++w) rest[w] &= bits[w];
      }
      const Visit visit = Descend(at + 1, rest.data());
      if (visit.end != End::kFailed) return visit;
      result.tainted = result.tainted || visit.tainted;
    }
    return result;
  }

  Visit ChooseAtom(std::size_t at, const std::uint64_t* columns) {
    if (steps_[at].groups.empty()) MakeGroups(&steps_[at]);
    const Step& step = steps_[at];
    const AtomSet usable = s_.AllowedUnder(step.index, box_.fresh);
    std::vector<std::uint64_t> storage(step.groups.size() * words_);
    std::vector<Child> children;
    for (std::size_t g = 0; g < step.groups.size(); ++g) {
      Child child{step.groups[g], storage.data() + g * words_, 0};
      child.atoms &= usable;
      if (child.atoms.Empty()) continue;
      const std::uint64_t* bits = s_.Bits(step.index, child.atoms.First());
      std::uint64_t* rest = storage.data() + g * words_;
      for (std::uint32_t w = 0; w < words_; ++w) rest[w] = columns[w] & bits[w];
      child.weight = CountShared(rest, rest, words_);
      Merge(std::move(child), &children);
    }
    if (!budget_.Spend(step.groups.size() * (1 + words_ / 8))) return {End::kBudget, false};
    std::stable_sort(children.begin(), children.end(),
                     [](const Child& a, const Child& b) { return a.weight < b.weight; });
    Visit result;
    for (Child& child : children) {
      box_.atoms[step.index] = std::move(child.atoms);
      std::vector<std::uint64_t> rest(child.columns, child.columns + words_);
      const Visit visit = Enter(at, rest.data());
      if (visit.end != End::kFailed) return visit;
      result.tainted = result.tainted || visit.tainted;
    }
    box_.atoms[step.index] = allowed_[step.index];
    return result;
  }

  // Atoms that leave the same columns are one case.
  void Merge(Child child, std::vector<Child>* children) const {
    for (Child& other : *children) {
      if (other.weight != child.weight) continue;
      if (std::memcmp(other.columns, child.columns, words_ * sizeof(std::uint64_t)) != 0) continue;
      other.atoms |= child.atoms;
      return;
    }
    children->push_back(std::move(child));
  }

  Visit Enter(std::size_t at, std::uint64_t* columns) {
    if (!steps_[at].check) return Descend(at + 1, columns);
    const Feasibility feasibility = candidates_.Check(steps_[at].component, box_);
    if (feasibility == Feasibility::kInfeasible) return {End::kFailed, true};
    return Descend(at + 1, columns);
  }

  // Every completion is a solution as far as columns go. Nothing: values are open here, narrower
  // boxes may settle it.
  std::optional<Visit> Settled(std::size_t at) {
    const Candidates::Result result = candidates_.Try(goal_, box_);
    switch (result.kind) {
      case Candidates::Kind::kWitness:
        witness_ = candidates_.TakeWitness();
        return Visit{End::kFound, false};
      case Candidates::Kind::kImpossible:
        return Visit{End::kFailed, Chosen(at, result.component)};
      case Candidates::Kind::kOpen:
        break;
    }
    return at == steps_.size() ? std::optional<Visit>(Visit{End::kFailed, true}) : std::nullopt;
  }

  // Some dimension of the component has been chosen before step `at`.
  bool Chosen(std::size_t at, std::uint32_t component) const {
    for (std::size_t i = 0; i < at; ++i) {
      if (!steps_[i].is_slot && steps_[i].component == component) return true;
    }
    return false;
  }

  const Space::Impl& s_;
  const Goal& goal_;
  Budget& budget_;
  const std::uint32_t words_;
  Candidates& candidates_;
  std::vector<AtomSet> allowed_;
  Box box_;  // the current choice
  std::vector<ColumnSet>
      constrained_;  // by dimension: columns that some allowed atom does not admit
  std::vector<std::uint64_t> any_, all_;  // scratch of Narrow
  std::vector<Step> steps_;
  std::vector<std::vector<std::uint64_t>>
      touch_;                   // by step: columns that it or a later one constrains
  std::optional<KeySet> memo_;  // states that failed
  std::optional<Witness> witness_;
};

// Part of the budget for one search. Nothing: it ran out, or the search gave up.
template <typename Run>
std::optional<Answer> RunWithin(std::uint64_t limit, Budget& budget, Run run) {
  const std::uint64_t left = budget.limit > budget.used ? budget.limit - budget.used : 0;
  Budget part{.limit = std::min(limit, left)};
  std::optional<Answer> answer = run(part);
  budget.Spend(part.used);
  return answer;
}

}  // namespace

Answer FindGoal(const Space::Impl& space, const Goal& goal, const std::vector<AtomSet>* within,
                Budget& budget) {
  Candidates candidates(space, budget);
  const std::uint64_t before = budget.used;
  const auto finish = [&](Answer answer) {
    answer.steps = budget.used - before;
    return answer;
  };
  const auto recurse = [&](Budget& part) {
    return Search(space, goal, within, candidates, part).Run();
  };
  if (budget.split_limit > 0) {
    std::optional<Answer> quick = RunWithin(budget.first_try, budget, recurse);
    if (quick) return finish(std::move(*quick));
    std::optional<Answer> split = FindBySplitting(space, goal, within, candidates, budget);
    if (split) return finish(std::move(*split));
  }
  const auto left = [&] { return budget.limit > budget.used ? budget.limit - budget.used : 0; };
  if (budget.by_recursion) {
    const std::uint64_t share = budget.by_clauses ? std::min(kBeforeClauses, left() / 4) : left();
    std::optional<Answer> rest = RunWithin(share, budget, recurse);
    if (rest) return finish(std::move(*rest));
  }
  if (budget.by_clauses) {
    Candidates again(space, budget);  // smaller boxes than those that stayed open may settle it
    const std::uint64_t share = budget.by_recursion ? left() / 2 : left();
    std::optional<Answer> clauses = RunWithin(
        share, budget, [&](Budget& part) { return FindBySat(space, goal, within, again, part); });
    if (clauses) return finish(std::move(*clauses));
    std::optional<Answer> rest =
        budget.by_recursion ? RunWithin(left(), budget, recurse) : std::optional<Answer>();
    if (rest) return finish(std::move(*rest));
  }
  Answer answer;
  answer.why = "the budget of " + std::to_string(budget.limit) + " steps ran out";
  return finish(std::move(answer));
}

}  // namespace writ::analysis
