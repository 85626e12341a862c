// Judging one gate. Each function gives the gate's own outcome; composition is gate.cc's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "writ/analysis/region.h"
#include "writ/evals/gate.h"

namespace writ::evals {

// Yes, no, or it depends on a fact that is missing.
enum class Truth : std::uint8_t { kNo = 0, kMaybe = 1, kYes = 2 };

struct JudgeContext {
  const ReplayResult& result;
  const ReplaySummary& summary;
  std::uint32_t examples = 5;
  const runtime::Table *baseline = nullptr, *candidate = nullptr;
  analysis::Budget* budget = nullptr;  // of the proofs
  std::vector<bool> shared;            // SharedClusters(result)
};

// Does the gate look at events of this shape (region, capability, role)?
Truth Selects(const ReplayResult&, const GateSpec&, const Shape&);

void JudgeForbid(const JudgeContext&, GateResult*);
void JudgeRate(const JudgeContext&, GateResult*);
void JudgeUnknown(const JudgeContext&, GateResult*);
void JudgeCoverage(const JudgeContext&, GateResult*);

// The tally of the events that `wanted` (per shape) picks, with the first runs.
struct Picked {
  Tally tally;
  std::vector<std::string> runs;
};
Picked Pick(const JudgeContext&, const std::vector<bool>& wanted);

// "1,204 events", "1 event".
std::string Plural(std::uint64_t n, std::string_view one, std::string_view many);
// Name, and words if the policy gives some; empty without a region.
std::string RegionWords(const ReplaySummary&, std::string_view region);

}  // namespace writ::evals
