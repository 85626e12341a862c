// How well the examples of a policy hold it: which rows they reach, and which changes of it they
// would notice.
//
// A *mutant* is the policy with one small mistake: a row gone, a decision flipped, a condition
// dropped, a threshold moved by one step (DeMillo, Lipton and Sayward 1978). An example that fails
// on it has *killed* it. A mutant that decides every request as the policy does is *equivalent*,
// which is proved by the exact comparison of both tables; any other one has *survived*, with an
// example that would have killed it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "writ/compiler/compile.h"
#include "writ/compiler/past.h"

namespace writ::compiler {

enum class MutantKind : std::uint8_t {
  kDroppedRow = 0,
  kFlippedDecision = 1,
  kDroppedCondition = 2,  // killed: the condition matters on its own
  kMovedThreshold = 3,    // killed on both sides: the boundary is exercised
};
enum class MutantState : std::uint8_t { kKilled = 0, kSurvived = 1, kEquivalent = 2, kUnknown = 3 };

struct Mutant {
  MutantKind kind = MutantKind::kDroppedRow;
  MutantState state = MutantState::kUnknown;
  std::string capability, clause;  // names
  std::string what;                // "`amount` cut at 200.02 EUR instead of 200.01 EUR"
  std::string by;                  // kKilled: the title of the example
  std::string request;             // kSurvived: one that it decides otherwise
  std::string example;             // kSurvived: the block that would kill it; may be empty
  std::string why;                 // kUnknown
  std::string past;                // the first past request that it decides otherwise; empty: none
};

// A clause under one capability.
struct RowCoverage {
  std::string capability, clause, words, file;
  std::uint32_t line = 0;
  std::string reached_by;  // an example that it decides, for some request; empty: none
  std::uint64_t past = 0;  // past requests that it decides
};

struct PolicyTest {
  std::vector<std::string> examples;  // titles; all of them hold
  std::vector<RowCoverage> rows;      // by capability and clause
  std::vector<Mutant> mutants;        // by capability and clause
  std::uint64_t past_requests = 0;    // of capabilities of the policy, not of events
  // The share of killed ones among those that are not equivalent, 0 to 1; 1 where there are none.
  [[nodiscard]] double score() const;
  [[nodiscard]] std::size_t Count(MutantState) const;
  // The same of past requests: those that one of them notices, among those not equivalent.
  [[nodiscard]] double past_score() const;
  [[nodiscard]] std::size_t noticed_by_past() const;
};

struct TestOptions {
  bool mutate = true;
  std::uint64_t max_steps = 20'000'000;  // of each mutant
  PastRequests past;                     // may be empty; gone through at least once otherwise
  std::vector<Example> written;          // taken before new ones are made, for what survived
  std::function<void(std::uint64_t mutants)> progress;  // may be empty; called after each
};

// REQUIRES: `compiled` came from Compile, so its examples hold.
[[nodiscard]] PolicyTest TestPolicy(const Compiled& compiled, const TestOptions& = {});

}  // namespace writ::compiler
