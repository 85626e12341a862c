// What the examples of a policy exercise: conditions that are shown to matter on their own, and
// both sides of each boundary. docs/verification.md has the definitions and where they are from.
//
// Both are asked of the clause that decides, not of the verdict alone: a *side* is covered by an
// example if, in every request that the example ranges over, the clause decides because of this one
// condition (this nearest value), or would decide but for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "writ/compiler/compile.h"
#include "writ/compiler/past.h"
#include "writ/lang/source_set.h"

namespace writ::compiler {

enum class CoverState : std::uint8_t {
  kCovered = 0,
  kMissing = 1,  // no example; `request` would
  kCannot = 2,   // proved: no request would
  kUnknown = 3,  // `why` says what ran out
};

struct CoverSide {
  CoverState state = CoverState::kUnknown;
  std::string by;       // kCovered: the title of the example
  std::string request;  // kMissing
  std::string example;  // kMissing: the block that would cover it; may be empty
  std::string why;      // kUnknown
  std::string past;     // the first past request that covers it; empty: none
};

// One thing to cover, in one clause under one capability. A condition or boundary of which one side
// cannot be covered does not matter on its own, and is not counted.
struct Covered {
  std::string capability, clause, file;  // names
  std::uint32_t line = 0;                // of the clause
  std::string words;                     // "order.status = fraud_hold"; "`amount` at 200 EUR"
  CoverSide decides, yields;             // boundaries: the lower side, the upper side
  [[nodiscard]] CoverState state() const;
  [[nodiscard]] bool covered_by_past() const {
    return !decides.past.empty() && !yields.past.empty();
  }
};

struct PolicyCover {
  std::vector<Covered> conditions, boundaries;  // by capability and clause
  std::vector<Example> written;                 // those that the missing sides name, each once
};

struct Share {
  std::size_t covered = 0, counted = 0, cannot = 0, unknown = 0;
  [[nodiscard]] double value() const;  // 0 to 1; 1 where nothing is counted
};
[[nodiscard]] Share ShareOf(const std::vector<Covered>&);
// Covered by past requests, of those that some request covers.
[[nodiscard]] Share PastShareOf(const std::vector<Covered>&);

struct CoverOptions {
  std::uint64_t max_steps = 20'000'000;  // of each side
  PastRequests past;                     // may be empty; gone through at least once otherwise
  std::function<void(std::uint64_t things)> progress;  // may be empty; called after each of them
};

// REQUIRES: `compiled` came from Compile with these sources.
[[nodiscard]] PolicyCover CoverPolicy(const Compiled& compiled, const lang::SourceSet& sources,
                                      const CoverOptions& = {});

}  // namespace writ::compiler
