// CaDiCaL (A. Biere et al., "CaDiCaL, Kissat, Paracooba, Plingeling and Treengeling entering the
// SAT Competition 2020") behind the few calls that are needed. Effort is counted in conflicts,
// never in seconds. Entry points: SatSolver::Solve; Refute, which has the solver write down its
// steps.
#include "sat_solver.h"

#include <algorithm>
#include <cadical.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <utility>

#include "writ/analysis/refutation.h"

namespace writ::analysis {

// Counts the clauses that are learnt: one a conflict.
struct LearntCounter : CaDiCaL::Learner {
  bool learning(int) override {
    ++learnt;
    return false;  // which one is not asked
  }
  void learn(int) override {}
  std::uint64_t learnt = 0;
};

struct SatSolver::Engine {
  LearntCounter counter;
  mutable CaDiCaL::Solver solver;
};

SatSolver::SatSolver() : engine_(std::make_unique<Engine>()) {
  engine_->solver.set("quiet", 1);
  engine_->solver.connect_learner(&engine_->counter);
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

std::uint64_t SatSolver::conflicts() const { return engine_->counter.learnt; }

namespace {

// The steps in a trace as DRAT has it: a clause a line, `d` before those that are given up.
std::vector<ClauseOfLiterals> StepsOf(std::string_view trace) {
  std::vector<ClauseOfLiterals> steps;
  while (!trace.empty()) {
    const std::size_t end = std::min(trace.find('\n'), trace.size());
    std::string_view line = trace.substr(0, end);
    trace.remove_prefix(std::min(end + 1, trace.size()));
    if (line.empty() || line.starts_with('d')) continue;
    ClauseOfLiterals step;
    for (std::int32_t literal = 1; literal != 0;) {
      const auto [next, error] = std::from_chars(line.data(), line.data() + line.size(), literal);
      if (error != std::errc()) break;
      if (literal != 0) step.push_back(literal);
      line.remove_prefix(static_cast<std::size_t>(next - line.data()));
      if (line.starts_with(' ')) line.remove_prefix(1);
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

std::optional<std::vector<ClauseOfLiterals>> Refute(const std::vector<ClauseOfLiterals>& clauses,
                                                    Budget& budget) {
  constexpr std::uint64_t kConflictCost = 200;
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* const trace = open_memstream(&text, &size);
  if (trace == nullptr) return std::nullopt;
  int result = 0;
  {
    LearntCounter counter;
    CaDiCaL::Solver solver;
    solver.set("quiet", 1);
    solver.set("binary", 0);
    solver.connect_learner(&counter);
    solver.trace_proof(trace, "trace");
    for (const ClauseOfLiterals& clause : clauses) {
      for (const std::int32_t literal : clause) solver.add(literal);
      solver.add(0);
    }
    const std::uint64_t left = budget.limit > budget.used ? budget.limit - budget.used : 0;
    solver.limit("conflicts", static_cast<int>(std::min<std::uint64_t>(
                                  left / kConflictCost, std::numeric_limits<int>::max())));
    result = solver.solve();
    budget.Spend(1 + counter.learnt * kConflictCost);
    solver.close_proof_trace();
    solver.disconnect_learner();
  }
  std::fclose(trace);
  std::vector<ClauseOfLiterals> steps;
  if (result == 20) steps = StepsOf({text, size});
  std::free(text);
  if (result != 20) return std::nullopt;
  const auto last = std::ranges::find_if(steps, [](const auto& step) { return step.empty(); });
  steps.erase(last, steps.end());
  steps.emplace_back();
  return steps;
}

}  // namespace writ::analysis
