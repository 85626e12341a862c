// Integer solutions of a few linear constraints, by elimination.
//
// The values that policies work out (`let`, comparisons of facts, meters with this request added)
// are sums and differences, so asking for values that make some comparisons true and others false
// is a handful of linear constraints over integers in known ranges. Equations with a unit
// coefficient are substituted away; what remains is eliminated variable by variable
// (Fourier-Motzkin), each combined row divided by its gcd with the bound rounded down. An empty
// range then proves that no integers fit. Going back, each variable takes the value nearest to the
// wanted one. With unit coefficients on one side of each pair, the elimination loses nothing (W.
// Pugh, "The Omega test", 1991: the real shadow is then exact); otherwise a dead end on the way
// back is reported as unknown, never as a proof.
//
// Entry point: LinearProblem::Solve.
#include "linear.h"

#include <algorithm>
#include <map>
#include <utility>

namespace writ::analysis {
namespace {

constexpr std::size_t kMaxRows =
    4000;  // beyond this the problem is not a policy's; answered as unknown
// With coefficients below the first and bounds below the second, no product or sum of one step
// leaves 128 bits; beyond either, the answer is unknown.
constexpr Int128 kMaxCoefficient = Int128{1} << 40;
constexpr Int128 kMaxBound = Int128{1} << 84;

Int128 Magnitude(Int128 x) { return x < 0 ? -x : x; }

Int128 Gcd(Int128 a, Int128 b) {
  a = Magnitude(a);
  b = Magnitude(b);
  while (b != 0) a = std::exchange(b, a % b);
  return a;
}

Int128 FloorDivide(Int128 a, Int128 b) {  // REQUIRES: b > 0
  const Int128 quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

}  // namespace

class Elimination {
  struct Inequality {  // sum of coefficients times variables <= bound
    std::vector<Int128> coefficients;
    Int128 bound = 0;
  };

  // How a variable gets its value on the way back.
  struct Step {
    std::uint32_t variable = 0;
    bool equation =
        false;  // variable = bound - (coefficients of the others), else within rows and low..high
    std::vector<Inequality> rows;
    Int128 low = 0, high = 0;
  };

 public:
  Elimination(const LinearProblem& problem, std::uint64_t* work) : problem_(problem), work_(*work) {
    for (const auto& variable : problem.variables_) {
      low_.push_back(variable.low);
      high_.push_back(variable.high);
      open_.push_back(true);
    }
  }

  Feasibility Run(std::vector<std::int64_t>* values) {
    std::vector<Inequality> equations;
    Load(&equations);
    while (!equations.empty() && state_ == Feasibility::kFeasible) Substitute(&equations);
    while (state_ == Feasibility::kFeasible) {
      if (!FoldSingles()) break;
      const int next = PickVariable();
      if (next < 0) break;
      Eliminate(static_cast<std::uint32_t>(next));
    }
    if (state_ != Feasibility::kFeasible) return state_;
    return GoBack(values);
  }

 private:
  std::size_t count() const { return open_.size(); }

  void Load(std::vector<Inequality>* equations) {
    for (const auto& constraint : problem_.constraints_) {
      Inequality row;
      row.coefficients.assign(count(), 0);
      for (const Term& term : constraint.terms) row.coefficients[term.variable] += term.coefficient;
      row.bound = constraint.bound;
      work_ += count();
      CheckSize(row);
      (constraint.equal ? *equations : rows_).push_back(std::move(row));
    }
    for (std::size_t v = 0; v < count(); ++v) {
      if (low_[v] > high_[v]) state_ = Feasibility::kInfeasible;
    }
  }

  // Uses up the last equation: solved for a variable with a unit coefficient, the one that is
  // chosen last if there are several; without one, it becomes two inequalities.
  void Substitute(std::vector<Inequality>* equations) {
    Inequality equation = std::move(equations->back());
    equations->pop_back();
    Int128 divisor = 0;
    int best = -1;
    for (std::size_t v = 0; v < count(); ++v) {
      const Int128 c = equation.coefficients[v];
      divisor = Gcd(divisor, c);
      if (Magnitude(c) == 1 &&
          (best < 0 || problem_.variables_[v].rank >=
                           problem_.variables_[static_cast<std::size_t>(best)].rank)) {
        best = static_cast<int>(v);
      }
    }
    if (divisor == 0 ? equation.bound != 0 : equation.bound % divisor != 0) {
      state_ = Feasibility::kInfeasible;
      return;
    }
    if (divisor == 0) return;
    if (best < 0) {
      Inequality reverse = equation;
      for (Int128& c : reverse.coefficients) c = -c;
      reverse.bound = -reverse.bound;
      rows_.push_back(std::move(equation));
      rows_.push_back(std::move(reverse));
      return;
    }
    const auto variable = static_cast<std::uint32_t>(best);
    if (equation.coefficients[variable] < 0) {
      for (Int128& c : equation.coefficients) c = -c;
      equation.bound = -equation.bound;
    }
    for (Inequality& row : *equations) Replace(variable, equation, &row);
    for (Inequality& row : rows_) Replace(variable, equation, &row);
    for (const bool upper : {false, true}) {  // low <= variable <= high, written over the others
      Inequality row;
      row.coefficients.assign(count(), 0);
      row.coefficients[variable] = upper ? 1 : -1;
      row.bound = upper ? high_[variable] : -low_[variable];
      Replace(variable, equation, &row);
      rows_.push_back(std::move(row));
    }
    open_[variable] = false;
    steps_.push_back(Step{variable, true, {std::move(equation)}, low_[variable], high_[variable]});
  }

  void Replace(std::uint32_t variable, const Inequality& equation, Inequality* row) {
    const Int128 factor = row->coefficients[variable];
    work_ += 1;
    if (factor == 0) return;
    work_ += count();
    for (std::size_t v = 0; v < count(); ++v)
      row->coefficients[v] -= factor * equation.coefficients[v];
    row->bound -= factor * equation.bound;
    CheckSize(*row);
  }

  void CheckSize(const Inequality& row) {
    bool large = Magnitude(row.bound) > kMaxBound;
    for (const Int128 c : row.coefficients) large = large || Magnitude(c) > kMaxCoefficient;
    if (large && state_ == Feasibility::kFeasible) state_ = Feasibility::kUnknown;
  }

  // Rows over one variable become its range; rows over none are settled. Repeated rows keep the
  // smallest bound.
  bool FoldSingles() {
    std::map<std::vector<Int128>, Int128> kept;
    work_ += rows_.size() * count();
    for (Inequality& row : rows_) {
      Int128 divisor = 0;
      std::size_t used = 0, last = 0;
      for (std::size_t v = 0; v < count(); ++v) {
        if (row.coefficients[v] == 0) continue;
        divisor = Gcd(divisor, row.coefficients[v]);
        ++used;
        last = v;
      }
      if (used == 0) {
        if (row.bound < 0) state_ = Feasibility::kInfeasible;
        continue;
      }
      const Int128 bound = FloorDivide(row.bound, divisor);
      if (used == 1) {
        if (row.coefficients[last] > 0) high_[last] = std::min(high_[last], bound);
        if (row.coefficients[last] < 0) low_[last] = std::max(low_[last], -bound);
        if (low_[last] > high_[last]) state_ = Feasibility::kInfeasible;
        continue;
      }
      for (Int128& c : row.coefficients) c /= divisor;
      const auto [at, fresh] = kept.try_emplace(std::move(row.coefficients), bound);
      if (!fresh) at->second = std::min(at->second, bound);
    }
    rows_.clear();
    for (auto& [coefficients, bound] : kept) rows_.push_back(Inequality{coefficients, bound});
    if (rows_.size() > kMaxRows && state_ == Feasibility::kFeasible) state_ = Feasibility::kUnknown;
    return state_ == Feasibility::kFeasible;
  }

  // Highest rank first (it is chosen last on the way back), then the fewest combined rows.
  int PickVariable() const {
    int best = -1;
    work_ += rows_.size() * count();
    std::pair<int, std::size_t> best_cost;
    for (std::size_t v = 0; v < count(); ++v) {
      if (!open_[v]) continue;
      std::size_t positive = 1, negative = 1;
      for (const Inequality& row : rows_) {
        positive += row.coefficients[v] > 0 ? 1u : 0u;
        negative += row.coefficients[v] < 0 ? 1u : 0u;
      }
      const std::pair<int, std::size_t> cost{-problem_.variables_[v].rank, positive * negative};
      if (best < 0 || cost < best_cost) {
        best = static_cast<int>(v);
        best_cost = cost;
      }
    }
    return best;
  }

  void Eliminate(std::uint32_t variable) {
    Step step{variable, false, {}, low_[variable], high_[variable]};
    std::vector<Inequality> upper, lower, rest;
    for (Inequality& row : rows_) {
      const Int128 c = row.coefficients[variable];
      if (c != 0) step.rows.push_back(row);
      (c > 0 ? upper : c < 0 ? lower : rest).push_back(std::move(row));
    }
    for (const bool is_upper : {false, true}) {
      Inequality row;
      row.coefficients.assign(count(), 0);
      row.coefficients[variable] = is_upper ? 1 : -1;
      row.bound = is_upper ? high_[variable] : -low_[variable];
      (is_upper ? upper : lower).push_back(std::move(row));
    }
    rows_ = std::move(rest);
    work_ += upper.size() * lower.size() * count();
    if (rows_.size() + upper.size() * lower.size() > 4 * kMaxRows) {
      state_ = Feasibility::kUnknown;
      return;
    }
    for (const Inequality& above : upper) {
      for (const Inequality& below : lower) {
        const Int128 p = above.coefficients[variable], q = -below.coefficients[variable];
        Inequality row;
        row.coefficients.resize(count());
        for (std::size_t v = 0; v < count(); ++v) {
          row.coefficients[v] = q * above.coefficients[v] + p * below.coefficients[v];
        }
        row.bound = q * above.bound + p * below.bound;
        CheckSize(row);
        rows_.push_back(std::move(row));
      }
    }
    open_[variable] = false;
    steps_.push_back(std::move(step));
  }

  Feasibility GoBack(std::vector<std::int64_t>* values) const {
    std::vector<Int128> chosen(count(), 0);
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
      Int128 low = step->low, high = step->high;
      work_ += step->rows.size() * count();
      for (const Inequality& row : step->rows) {
        const Int128 c = row.coefficients[step->variable];
        Int128 rest = row.bound;
        for (std::size_t v = 0; v < count(); ++v) {
          if (v != step->variable) rest -= row.coefficients[v] * chosen[v];
        }
        if (step->equation || c > 0) high = std::min(high, FloorDivide(rest, c < 0 ? -c : c));
        if (step->equation) low = std::max(low, rest);
        if (!step->equation && c < 0) low = std::max(low, -FloorDivide(rest, -c));
      }
      if (low > high) return Feasibility::kUnknown;
      const Int128 prefer = problem_.variables_[step->variable].prefer;
      chosen[step->variable] = std::clamp(prefer, low, high);
    }
    values->clear();
    for (const Int128 value : chosen) values->push_back(static_cast<std::int64_t>(value));
    return Feasibility::kFeasible;
  }

  const LinearProblem& problem_;
  std::uint64_t& work_;
  std::vector<Int128> low_, high_;
  std::vector<bool> open_;  // not yet eliminated
  std::vector<Inequality> rows_;
  std::vector<Step> steps_;
  Feasibility state_ = Feasibility::kFeasible;
};

std::uint32_t LinearProblem::AddVariable(std::int64_t low, std::int64_t high, std::int64_t prefer,
                                         int rank) {
  variables_.push_back(Variable{low, high, prefer, rank});
  return static_cast<std::uint32_t>(variables_.size() - 1);
}

void LinearProblem::AddAtMost(std::vector<Term> terms, Int128 bound) {
  constraints_.push_back(Constraint{std::move(terms), bound, false});
}

void LinearProblem::AddEqual(std::vector<Term> terms, Int128 value) {
  constraints_.push_back(Constraint{std::move(terms), value, true});
}

Feasibility LinearProblem::Solve(std::vector<std::int64_t>* values, std::uint64_t* work) const {
  return Elimination(*this, work).Run(values);
}

}  // namespace writ::analysis
