// Clauses over numbered variables, and whether something meets them all.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace writ::analysis {

// A variable, from 1 on, or its negation.
using Literal = int;
inline constexpr Literal kTrueLiteral = 1;  // of a variable that each solver has from the start

class SatSolver {
 public:
  SatSolver();
  ~SatSolver();
  SatSolver(const SatSolver&) = delete;
  SatSolver& operator=(const SatSolver&) = delete;

  Literal NewVariable() { return ++variables_; }
  // One of these holds. A false or doubled literal is left out, a true one makes the clause one.
  void Add(std::span<const Literal> clause);
  void Add(std::initializer_list<Literal> clause) {
    Add(std::span<const Literal>(clause.begin(), clause.size()));
  }

  enum class Result : std::uint8_t { kSatisfied, kImpossible, kUnknown };
  // Gives up after so many conflicts; the same clauses and limits give the same answer on every
  // machine.
  Result Solve(std::uint64_t most_conflicts);
  bool Value(Literal) const;  // after kSatisfied

  std::uint64_t conflicts() const;  // of all calls
  std::uint64_t clauses() const { return clauses_; }
  int variables() const { return variables_; }

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
  int variables_ = 1;
  std::uint64_t clauses_ = 0;
};

}  // namespace writ::analysis
