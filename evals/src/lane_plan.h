// What a lane has to know about each capability of its table before the first event: which facts,
// meters and pieces of evidence its rows read, and through which dimension.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "writ/runtime/table.h"

namespace writ::evals {

struct NamedColumn {
  std::uint32_t column = 0, name = 0;
};

// One capability. Built once, then read only (`constrained` is a memo).
struct CapabilityPlan {
  std::vector<runtime::FactId>
      facts;  // that rows read, directly or through worked-out values; ascending
  std::vector<std::vector<std::uint32_t>> dimension_facts;  // per dimension: indices into `facts`
  std::vector<NamedColumn> regions;                         // the region columns
  std::vector<runtime::EvidenceId> evidence;  // that rows or their facts need; ascending
  std::vector<runtime::MeterId> meters;       // that rows read; ascending
  std::uint32_t word_count = 0, dimension_count = 0;
  // Per dimension, word_count words: the columns that admit some, and every, present value (atom 0
  // left out).
  std::vector<std::uint64_t> any_present, all_present;
  std::vector<std::uint64_t> idle_columns;  // word_count words: never hold with all facts at hand
  std::vector<std::uint64_t> otherwise_columns;  // word_count words
  std::vector<std::optional<std::vector<std::uint32_t>>>
      constrained;  // per column: the dimensions it constrains
};

std::vector<CapabilityPlan> PlanCapabilities(const runtime::Table&);

// Dimensions of which `column` does not admit every atom.
const std::vector<std::uint32_t>& ConstrainedDimensions(const runtime::MatrixView&, CapabilityPlan&,
                                                        std::uint32_t column);

inline bool HasBit(const std::uint64_t* words, std::uint32_t bit) {
  return (words[bit / 64] >> (bit % 64) & 1u) != 0;
}

}  // namespace writ::evals
