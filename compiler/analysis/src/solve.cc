// Whether atoms of entangled dimensions can occur together, and with which values.
//
// Worked-out values are straight-line code over facts. Asking that some of them come out in given
// ranges, true, false or missing is broken down along the code, as in an analytic tableau (R.
// Smullyan, "First-Order Logic", 1968): each need is replaced by simpler ones, a disjunction by
// alternatives that are tried in turn, until only presence of facts, linear constraints over
// numbers, and equalities of texts are left. Linear constraints go to linear.cc, texts to
// solve_text.cc. A product of two unknowns is relaxed to its range; where the relaxed solution is
// not one, the range of a factor is split at it. Nothing is left out, so when all alternatives fail
// there are no such values; only the bound on alternatives makes the answer unknown. The stack of
// alternatives is explicit.
//
// Entry point: SolveComponent. The rules are in expand.cc.
#include "solve.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "month_window.h"
#include "tableau.h"
#include "writ/runtime/calendar.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

constexpr std::uint64_t kMaxStates =
    20'000;  // a policy's formula has a handful; beyond, the answer is unknown
constexpr std::uint64_t kWorkPerStep = 64;  // coefficients, each about a word of rows

class Tableau {
 public:
  Tableau(const Space::Impl& space, std::uint32_t component, const Box& box,
          std::int64_t prefer_now)
      : s_(space),
        box_(box),
        prefer_now_(prefer_now),
        expander_(space, component, box, prefer_now),
        c_(expander_.component()),
        v_(expander_.variables()) {}

  SolveResult Run() {
    SolveResult result;
    bool unknown = false;
    stack_.push_back(expander_.Start());
    while (!stack_.empty()) {
      if (++steps_ > kMaxStates) {
        unknown = true;
        break;
      }
      state_ = std::move(stack_.back());
      stack_.pop_back();
      if (!Settle()) continue;
      const Feasibility leaf = Finish(&result.given);
      if (leaf == Feasibility::kFeasible) {
        result.feasibility = leaf;
        result.steps = steps();
        return result;
      }
      unknown = unknown || leaf == Feasibility::kUnknown;
    }
    result.feasibility = unknown ? Feasibility::kUnknown : Feasibility::kInfeasible;
    result.steps = steps();
    return result;
  }

 private:
  // What bounds the search are its alternatives; what it costs is also the work on each.
  std::uint64_t steps() const { return steps_ + work_ / kWorkPerStep; }

  // Works off the agenda. False: a contradiction, or the state was split and its parts are on the
  // stack.
  bool Settle() {
    for (;;) {
      Alternatives alternatives;
      if (!state_.agenda.empty()) {
        const Need need = state_.agenda.back();
        state_.agenda.pop_back();
        alternatives = expander_.Expand(&state_, need);
      } else if (const std::uint32_t open = OpenFact(); open != kNoIndex) {
        alternatives = {{{NeedKind::kPresent, open}},
                        {{NeedKind::kAbsent, open}}};  // nothing is asked of it
      } else {
        return true;
      }
      if (alternatives.empty()) return false;
      if (alternatives.size() > 1) {
        Split(alternatives);
        return false;
      }
      Append(&state_, alternatives.front());
    }
  }

  std::uint32_t OpenFact() const {
    const auto at = std::find(state_.presence.begin(), state_.presence.end(), Presence::kOpen);
    return at == state_.presence.end() ? kNoIndex
                                       : static_cast<std::uint32_t>(at - state_.presence.begin());
  }

  static void Append(State* state, const Needs& needs) {  // the first need is looked at first
    state->agenda.insert(state->agenda.end(), needs.rbegin(), needs.rend());
  }

  void Split(const Alternatives& alternatives) {  // the first alternative is tried first
    for (auto needs = alternatives.rbegin(); needs != alternatives.rend(); ++needs) {
      stack_.push_back(state_);
      Append(&stack_.back(), *needs);
    }
  }

  // Only presence, rows, products and texts are left.
  Feasibility Finish(std::vector<ConcreteValue>* given) {
    std::vector<std::string> texts;
    std::vector<std::vector<std::string>> sets;
    const Feasibility words = SolveTexts(s_, c_, box_.atoms, state_, &texts, &sets, &steps_);
    if (words == Feasibility::kInfeasible) return words;
    std::vector<std::int64_t> numbers;
    const Feasibility linear = SolveNumbers(&numbers);
    if (linear != Feasibility::kFeasible) return linear;
    if (!MasksFit()) return Feasibility::kInfeasible;
    if (words == Feasibility::kUnknown) return words;
    given->assign(c_.domains.size(), {});
    for (std::uint32_t d = 0; d < c_.domains.size(); ++d)
      Give(d, numbers, texts, sets, &(*given)[d]);
    return Feasibility::kFeasible;
  }

  bool IsUsed(std::uint32_t variable) const { return used_[variable] != kNoIndex; }

  // Rows and products as a linear problem over the variables that occur; the others are free within
  // their bounds.
  Feasibility SolveNumbers(std::vector<std::int64_t>* values) {
    FreeMissing();
    if (!expander_.Propagate(&state_)) return Feasibility::kInfeasible;
    for (const Range& range : state_.bounds) {
      if (range.low > range.high) return Feasibility::kInfeasible;
    }
    LinearProblem problem;
    used_.assign(state_.bounds.size(), kNoIndex);
    const auto use = [&](std::uint32_t variable) {
      if (used_[variable] == kNoIndex) {
        const Range bounds = state_.bounds[variable];
        used_[variable] =
            problem.AddVariable(bounds.low, bounds.high, Preferred(variable), Rank(variable));
      }
      return used_[variable];
    };
    for (const Row& row : state_.rows) {
      std::vector<Term> terms;
      for (const Term& term : row.terms) terms.push_back({use(term.variable), term.coefficient});
      row.equal ? problem.AddEqual(std::move(terms), row.bound)
                : problem.AddAtMost(std::move(terms), row.bound);
    }
    for (const Product& product : state_.products) {
      const Range a = state_.bounds[product.a], b = state_.bounds[product.b];
      const std::uint32_t result = use(product.result), x = use(product.a), y = use(product.b);
      if (a.low == a.high) {
        problem.AddEqual({{result, 1}, {y, -a.low}}, 0);
      } else if (b.low == b.high) {
        problem.AddEqual({{result, 1}, {x, -b.low}}, 0);
      }
    }
    std::vector<std::int64_t> solved;
    steps_ += state_.rows.size() + 1;
    const Feasibility feasibility = problem.Solve(&solved, &work_);
    if (feasibility != Feasibility::kFeasible) return feasibility;
    values->assign(state_.bounds.size(), 0);
    for (std::uint32_t v = 0; v < values->size(); ++v) {
      const Range bounds = state_.bounds[v];
      (*values)[v] =
          IsUsed(v) ? solved[used_[v]] : std::clamp(Preferred(v), bounds.low, bounds.high);
    }
    return CheckProducts(*values) && CheckWindows(*values) ? Feasibility::kFeasible
                                                           : Feasibility::kInfeasible;
  }

  // What is not there has no bounds.
  void FreeMissing() {
    for (std::uint32_t d = 0; d < c_.domains.size(); ++d) {
      Range& seen = state_.bounds[v_.Seen(d)];
      Range& given = state_.bounds[v_.Given(d)];
      if (state_.presence[d] != Presence::kPresent) seen = {0, 0};
      const bool shown = state_.presence[d] == Presence::kPresent && !IsLast(d);
      if (!shown && given.low > given.high) given = {0, 0};
    }
  }
  bool IsLast(std::uint32_t d) const {
    const FactDomain& domain = expander_.Domain(d);
    return domain.adds_this && domain.fold == Fold::kLast;
  }

  // Splits at the first factor of a product that the relaxed solution gets wrong.
  bool CheckProducts(const std::vector<std::int64_t>& values) {
    for (const Product& product : state_.products) {
      const std::int64_t x = values[product.a];
      if (Int128{x} * values[product.b] == values[product.result]) continue;
      const Range bounds = state_.bounds[product.a];
      const Range parts[3] = {
          {x + 1, bounds.high}, {bounds.low, x - 1}, {x, x}};  // the last is tried first
      for (const Range part : parts) {
        const bool overflow = (x == kMax && part.low == kMin) || (x == kMin && part.high == kMax);
        if (overflow || part.low > part.high) continue;
        stack_.push_back(state_);
        stack_.back().bounds[product.a] = part;
      }
      return false;
    }
    return true;
  }

  // Splits at the first window of months that the relaxed solution gets wrong: around its end, for
  // as long as the window has one length.
  bool CheckWindows(const std::vector<std::int64_t>& values) {
    for (const MonthWindow& window : state_.windows) {
      const std::int64_t now = values[window.now], at = values[window.at];
      const bool inside = at >= MonthsBefore(s_.table, now, window.months);
      if (inside == window.within) continue;
      const SteadyWindow steady = SteadyAround(s_.table, now, window.months);
      const Range bounds = state_.bounds[window.now];
      if (steady.ends.high < bounds.high) {
        stack_.push_back(state_);
        stack_.back().bounds[window.now].low = steady.ends.high + 1;
      }
      if (steady.ends.low > bounds.low) {
        stack_.push_back(state_);
        stack_.back().bounds[window.now].high = steady.ends.low - 1;
      }
      stack_.push_back(state_);  // tried first
      Range& ends = stack_.back().bounds[window.now];
      ends = {std::max(ends.low, steady.ends.low), std::min(ends.high, steady.ends.high)};
      Range& seen = stack_.back().bounds[window.at];
      if (steady.fixed_start && window.within) {
        seen.low = std::max(seen.low, steady.start);
      } else if (steady.fixed_start) {
        seen.high = std::min(seen.high, steady.start - 1);
      } else {
        stack_.back().rows.push_back(
            window.within
                ? Row{{{window.now, 1}, {window.at, -1}}, steady.length, false}
                : Row{{{window.at, 1}, {window.now, -1}}, -Int128{steady.length} - 1, false});
      }
      return false;
    }
    return true;
  }

  // Elimination picks the highest rank first and so chooses it last: now, then facts, then what is
  // worked out.
  int Rank(std::uint32_t variable) const {
    if (variable >= 2 * v_.domains) return 3;
    const FactDomain& domain = expander_.Domain(variable % v_.domains);
    if (domain.fact == s_.now_fact) return 0;
    return variable < v_.domains ? 1 : 2;
  }

  std::int64_t Preferred(std::uint32_t variable) const {
    if (variable >= 2 * v_.domains) return 0;
    return expander_.Domain(variable % v_.domains).type == ValueType::kTime ? prefer_now_ : 0;
  }

  bool MasksFit() const {
    for (std::uint32_t d = 0; d < c_.domains.size(); ++d) {
      if ((state_.must[d] & state_.must_not[d]) != 0) return false;
      const FactDomain& domain = expander_.Domain(d);
      const auto mask = static_cast<std::int64_t>(state_.must[d]);
      if (domain.type != ValueType::kEnumSet || state_.presence[d] != Presence::kPresent) continue;
      if (domain.low == domain.high) {
        const auto fixed = static_cast<std::uint64_t>(domain.low);
        if ((state_.must[d] & ~fixed) != 0 || (state_.must_not[d] & fixed) != 0) return false;
      } else if (mask > domain.high) {
        return false;
      }
    }
    return true;
  }

  void Give(std::uint32_t d, const std::vector<std::int64_t>& numbers,
            const std::vector<std::string>& texts,
            const std::vector<std::vector<std::string>>& sets, ConcreteValue* value) const {
    const FactDomain& domain = expander_.Domain(d);
    // What does not show may still have to be given: from evidence that is not fresh, or beneath a
    // meter.
    const bool shown = state_.presence[d] == Presence::kPresent && !IsLast(d);
    if (!shown && domain.may_be_missing) return;
    if (domain.type == ValueType::kIdSet) {
      value->kind = ValueKind::kTextSet;
      value->texts = shown || !domain.texts ? sets[d] : *domain.texts;
    } else if (IsTextType(domain.type)) {
      value->kind = ValueKind::kText;
      value->text = shown ? texts[d] : domain.text.value_or("x");
    } else {
      value->kind = ValueKind::kNumber;
      value->number = numbers[v_.Given(d)];
      if (domain.type == ValueType::kEnumSet) {
        value->number =
            domain.low == domain.high ? domain.low : static_cast<std::int64_t>(state_.must[d]);
      }
    }
  }

  const Space::Impl& s_;
  const Box& box_;
  const std::int64_t prefer_now_;
  const Expander expander_;
  const Component& c_;
  const Variables& v_;
  State state_;
  std::vector<State> stack_;
  std::vector<std::uint32_t> used_;  // variable to its place in the linear problem
  std::uint64_t steps_ = 0, work_ = 0;
};

}  // namespace

SolveResult SolveComponent(const Space::Impl& space, std::uint32_t component, const Box& box,
                           std::int64_t prefer_now) {
  return Tableau(space, component, box, prefer_now).Run();
}

}  // namespace writ::analysis
