// What would have to be otherwise for another decision: the smallest changes of one request, each
// decided again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "writ/analysis/region.h"
#include "writ/analysis/witness.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::analysis {

enum class ChangeOf : std::uint8_t {
  kFact = 0,
  kEvidence = 1,  // obtained now, about this request
  kRole = 2,
  kNow = 3,
};

// One thing that is otherwise. In the policy's spelling: `200 EUR`, `missing`, `refund_agent`.
struct FactChange {
  ChangeOf what = ChangeOf::kFact;
  runtime::FactId fact;          // kFact
  runtime::EvidenceId evidence;  // kEvidence
  std::string name, from, to;
};

struct Counterfactual {
  runtime::Decision decision;  // of `changed`, by the runtime
  std::vector<FactChange> changes;
  Witness changed;  // the whole request
};

struct CounterfactualOptions {
  std::uint32_t max_changes =
      2;                   // besides what is malformed or lacks, which has to change in any case
  std::uint32_t keep = 3;  // for each verdict, all of the same number of changes
  std::uint32_t max_questions = 20'000;
  Budget budget = {};
};

struct Counterfactuals {
  // For each other verdict that can be reached, from `allow` on: the fewest changes that whoever
  // asks can make (inputs, then evidence, then facts, then what was recorded); behind them what
  // only the header or the clock could make otherwise.
  std::vector<Counterfactual> nearest;
  bool complete = true;  // false: the budget ran out, so that a smaller change may have been missed
};

// Of a fact that changes, the value is the nearest to the given one that gives the verdict.
// REQUIRES: `request.capability` is one of the table's. Meters are what the request gives for them.
Counterfactuals FindCounterfactuals(const runtime::Table&, const runtime::Request& request,
                                    const CounterfactualOptions& = {});

// A value of a request, owned.
ConcreteValue OwnedValue(const runtime::Value&);
// Whether the evidence is there, recent enough and about this request (docs/semantics.md, M8).
bool IsFresh(const runtime::Table&, runtime::EvidenceId, const runtime::Request&);

// Why the row that decided goes before another one that holds too: `deny wins over escalate`.
std::string WhyItLost(const runtime::Table&, const runtime::Decision& winner, std::uint32_t column);

}  // namespace writ::analysis
