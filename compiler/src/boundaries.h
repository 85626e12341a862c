// Where the rows of a clause begin and end along a number, and the same rows a step further.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "writ/table/model.h"

namespace writ::compiler {

// A column of a clause's own rows: not one of what is noted.
[[nodiscard]] constexpr bool DecidesFor(const table::Column& column, runtime::ClauseId clause) {
  return column.kind == runtime::ColumnKind::kDecision && column.clause == clause;
}

// "`amount`", "the role", "evidence `order_lookup`"; a number of it as the policy writes it.
std::string DimensionName(const table::Model& model, const table::Matrix& matrix, std::uint32_t d);
std::string DimensionValue(const table::Model& model, const table::Matrix& matrix, std::uint32_t d,
                           std::int64_t number);

// The dimensions that some row of the clause asks.
std::set<std::uint32_t> ConstrainedBy(const table::Matrix& matrix, runtime::ClauseId clause);

// The cuts of dimension `d` at which some row of the clause begins or ends. A cut is the lowest
// number above it.
std::set<std::int64_t> CutsOf(const table::Model& model, const table::Matrix& matrix,
                              runtime::ClauseId clause, std::uint32_t d);

// Whether one more and one less than the cut are numbers.
[[nodiscard]] bool CanMove(std::int64_t cut);

// The rows of the clause begin and end at `cut + step` instead of `cut`; all others stay what they
// are. REQUIRES: CanMove(cut), `step` is 1 or -1.
void MoveCut(table::Model& model, table::Matrix& matrix, runtime::ClauseId clause, std::uint32_t d,
             std::int64_t cut, std::int64_t step);

}  // namespace writ::compiler
