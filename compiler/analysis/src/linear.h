// Integer solutions of a few linear constraints.
#pragma once

#include <cstdint>
#include <vector>

namespace writ::analysis {

enum class Feasibility : std::uint8_t { kFeasible = 0, kInfeasible = 1, kUnknown = 2 };

__extension__ using Int128 = __int128;  // a sum of a few products of int64

struct Term {
  std::uint32_t variable = 0;
  std::int64_t coefficient = 0;
};

class LinearProblem {
 public:
  // Values of the variable lie in low..high; among several, the one nearest to `prefer` is chosen.
  // Variables with a lower `rank` are chosen first.
  std::uint32_t AddVariable(std::int64_t low, std::int64_t high, std::int64_t prefer, int rank);
  void AddAtMost(std::vector<Term> terms, Int128 bound);  // sum <= bound
  void AddEqual(std::vector<Term> terms, Int128 value);

  // kFeasible: `values` has one per variable and meets everything. kInfeasible is a proof. Gives up
  // (kUnknown) on more rows or larger numbers than policies have. Adds the coefficients that it
  // worked out or looked at to `work`.
  Feasibility Solve(std::vector<std::int64_t>* values, std::uint64_t* work) const;

 private:
  friend class Elimination;
  struct Variable {
    std::int64_t low, high, prefer;
    int rank;
  };
  struct Constraint {
    std::vector<Term> terms;
    Int128 bound;
    bool equal;
  };
  std::vector<Variable> variables_;
  std::vector<Constraint> constraints_;
};

}  // namespace writ::analysis
