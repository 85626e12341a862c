// Which clauses change no decision, and what hides them.
//
// A clause matters if, in some request, the decision without its columns would be another one. For
// each of its columns the cheap test comes first: an earlier column that contains it (bit algebra
// over whole rows of columns) means that it never wins. Only what survives goes to the recursion,
// restricted to the column's own box, where few other columns are left. Removing an `allow when`
// can also let an `otherwise` back in, so such columns are asked about twice: as the winner, and as
// the one that holds an `otherwise` off.
//
// Entry points: ColumnsMatter, AllClausesMatter.
#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "goal.h"
#include "search.h"
#include "writ/analysis/coverage.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

constexpr std::size_t kMaxHiding = 8;  // columns to name; more is no longer an explanation

// One column seen from the others.
struct Surroundings {
  std::vector<AtomSet> box;  // atoms that the column admits
  ColumnSet overlapping;     // columns that share an allowed atom with it in every dimension
  ColumnSet containing;      // columns that admit all its allowed atoms
  bool empty = false;        // it admits no allowed atom of some dimension
};

Surroundings Surround(const Space::Impl& s, std::uint32_t column) {
  Surroundings around;
  around.overlapping = around.containing = s.decisions;
  for (std::uint32_t d = 0; d < s.dimensions.size(); ++d) {
    const AtomSet& allowed = s.dimensions[d].allowed;
    around.box.push_back(allowed);
    if (s.dimensions[d].full.Has(column)) {
      around.containing &= s.dimensions[d].full;
      continue;
    }
    AtomSet& atoms = around.box.back();
    ColumnSet any(s.columns);
    for (std::uint32_t a = allowed.First(); a < allowed.size(); a = allowed.Next(a + 1)) {
      const std::uint64_t* bits = s.Bits(d, a);
      if ((bits[column / 64] >> (column % 64) & 1) == 0) {
        atoms.Remove(a);
        continue;
      }
      for (std::uint32_t w = 0; w < s.words; ++w) {
        any.words()[w] |= bits[w];
        around.containing.words()[w] &= bits[w];
      }
    }
    around.overlapping &= any;
    around.empty = around.empty || atoms.Empty();
  }
  around.containing.Remove(column);
  around.overlapping.Remove(column);
  return around;
}

ColumnSet Before(const Space::Impl& s, std::uint32_t column) {
  ColumnSet before(s.columns);
  for (std::uint32_t c = s.decisions.First(); c < column; c = s.decisions.Next(c + 1))
    before.Add(c);
  return before;
}

class EffectFinder {
 public:
  EffectFinder(const Space& space, const ColumnSet& columns, Budget& budget)
      : s_(space.impl()), removed_(columns), budget_(budget) {
    removed_ &= s_.decisions;
    lifts_ = removed_.Meets(s_.allow_when) && !s_.otherwise.Empty();
  }

  Effect Run() {
    Effect effect;
    effect.answer.outcome = Outcome::kNone;
    for (std::uint32_t c = removed_.First(); c < removed_.size(); c = removed_.Next(c + 1)) {
      if (Try(c, &effect)) return effect;
    }
    if (effect.answer.outcome == Outcome::kNone) effect.hidden_by = Hiding();
    return effect;
  }

 private:
  // True: found. Leaves "unknown" in the answer when this column stays open.
  bool Try(std::uint32_t c, Effect* effect) {
    const Surroundings around = Surround(s_, c);
    if (around.empty || s_.empty) return false;
    ColumnSet earlier = Before(s_, c);
    earlier -= removed_;
    ColumnSet covering = around.containing;
    covering &= earlier;
    covering -= s_.otherwise;
    budget_.Spend(1 + s_.words);
    if (!covering.Empty()) {
      Note(covering);  // never the winner
    } else {
      Note(around, earlier, c);
      if (Ask(MattersGoal(s_, removed_, c, earlier), around, effect)) return true;
    }
    if (!lifts_ || !s_.allow_when.Has(c)) return false;
    ColumnSet others = s_.allow_when;
    others -= removed_;
    return Ask(MattersGoal(s_, removed_, c, others), around, effect);
  }

  bool Ask(const MattersGoal& goal, const Surroundings& around, Effect* effect) {
    const std::uint64_t steps = effect->answer.steps;
    Answer answer = FindGoal(s_, goal, &around.box, budget_);
    answer.steps += steps;
    const bool found = answer.outcome == Outcome::kFound;
    if (answer.outcome == Outcome::kNone) {
      effect->answer.steps = answer.steps;
    } else {
      effect->answer = std::move(answer);
    }
    return found;
  }

  void Note(const ColumnSet& covering) { certain_.push_back(covering.First()); }

  // Columns that can take part in hiding `c`: before it, or after it with the same outcome.
  void Note(const Surroundings& around, const ColumnSet& earlier, std::uint32_t c) {
    for (std::uint32_t o = around.overlapping.First(); o < s_.columns;
         o = around.overlapping.Next(o + 1)) {
      if (removed_.Has(o)) continue;
      if (earlier.Has(o) || SameOutcome(s_.column[o], s_.column[c])) {
        (around.containing.Has(o) ? certain_ : possible_).push_back(o);
      }
    }
  }

  std::vector<std::uint32_t> Hiding() {
    std::vector<std::uint32_t> all = certain_.empty() ? possible_ : certain_;
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    if (all.size() > kMaxHiding) all.resize(kMaxHiding);
    return all;
  }

  const Space::Impl& s_;
  ColumnSet removed_;
  Budget& budget_;
  bool lifts_ = false;
  std::vector<std::uint32_t> certain_, possible_;
};

}  // namespace

Effect ColumnsMatter(const Space& space, const ColumnSet& columns, Budget& budget) {
  return EffectFinder(space, columns, budget).Run();
}

Effect ClauseMatters(const Space& space, ClauseId clause, Budget& budget) {
  return ColumnsMatter(space, space.ColumnsOfClause(clause), budget);
}

std::vector<ClauseEffect> AllClausesMatter(const Space& space, Budget& budget) {
  const Space::Impl& s = space.impl();
  std::vector<ClauseEffect> effects;
  std::vector<std::uint32_t> place(space.table().clause_count(), kNoIndex);
  std::vector<ColumnSet> columns;
  for (std::uint32_t c = s.decisions.First(); c < s.columns; c = s.decisions.Next(c + 1)) {
    const ClauseId clause = s.column[c].clause;
    if (!clause.valid()) continue;
    if (place[clause.value] == kNoIndex) {
      place[clause.value] = static_cast<std::uint32_t>(columns.size());
      columns.emplace_back(s.columns);
      effects.push_back({clause, {}});
    }
    columns[place[clause.value]].Add(c);
  }
  // A hard question must not leave nothing for the others: at most four fair shares each. What they
  // leave goes to the hard ones.
  std::vector<std::size_t> open(effects.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  for (int round = 0; round < 2; ++round) {
    std::vector<std::size_t> still_open;
    for (std::size_t i = 0; i < open.size(); ++i) {
      const std::uint64_t left = budget.limit > budget.used ? budget.limit - budget.used : 0;
      Budget share{.limit = std::min(left, 4 * (left / (open.size() - i) + 1)),
                   .split_limit = budget.split_limit,
                   .first_try = budget.first_try,
                   .by_recursion = budget.by_recursion,
                   .by_clauses = budget.by_clauses};
      Effect& effect = effects[open[i]].effect;
      effect = ColumnsMatter(space, columns[open[i]], share);
      budget.Spend(std::min(share.used, left + 1));
      if (effect.answer.outcome == Outcome::kUnknown) still_open.push_back(open[i]);
    }
    open = std::move(still_open);
  }
  return effects;
}

}  // namespace writ::analysis
