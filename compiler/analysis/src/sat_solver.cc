// CaDiCaL (A. Biere et al., "CaDiCaL, Kissat, Paracooba, Plingeling and Treengeling entering the
// SAT Competition 2020") behind the few calls that are needed. Effort is counted in conflicts,
// never in seconds. Entry point: SatSolver::Solve.
#include "sat_solver.h"

#include <algorithm>
#include <cadical.hpp>
#include <limits>

namespace writ::analysis {

// Counts the clauses that are learnt: one a conflict.
struct SatSolver::Engine : CaDiCaL::Learner {
  bool learning(int) override {
    ++learnt;
    return false;  // which one is not asked
  }
  void learn(int) override {}

  mutable CaDiCaL::Solver solver;
  std::uint64_t learnt = 0;
};

SatSolver::SatSolver() : engine_(std::make_unique<Engine>()) {
  engine_->solver.set("quiet", 1);
  engine_->solver.connect_learner(engine_.get());
  engine_->solver.add(kTrueLiteral);
  engine_->solver.add(0);
}

SatSolver::~SatSolver() { engine_->solver.disconnect_learner(); }

void SatSolver::Add(std::span<const Literal> clause) {
  if (std::ranges::find(clause, kTrueLiteral) != clause.end()) return;
  for (const Literal literal : clause)
    if (literal != -kTrueLiteral) engine_->solver.add(literal);
  engine_->solver.add(0);
  ++clauses_;
}

SatSolver::Result SatSolver::Solve(std::uint64_t most_conflicts) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
  engine_->solver.limit("conflicts", static_cast<int>(std::min(most_conflicts, kMost)));
  switch (engine_->solver.solve()) {
    case 10:
      return Result::kSatisfied;
    case 20:
      return Result::kImpossible;
    default:
      return Result::kUnknown;
  }
}

bool SatSolver::Value(Literal literal) const {
  const int variable = literal < 0 ? -literal : literal;
  if (variable == kTrueLiteral) return literal > 0;
  return (engine_->solver.val(variable) > 0) == (literal > 0);
}

std::uint64_t SatSolver::conflicts() const { return engine_->learnt; }

}  // namespace writ::analysis
