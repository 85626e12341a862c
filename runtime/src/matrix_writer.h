// One capability's matrix on its way to bytes. Private to the writer.
#pragma once

#include <cstdint>
#include <vector>

#include "format.h"
#include "writ/table/model.h"

namespace writ::table {

// The bits of a matrix.
struct MatrixRows {
  std::vector<std::uint64_t> bits;       // masks (allow-when, otherwise, effective), then the rows
  std::vector<std::uint32_t> first_row;  // per dimension, counted after the masks
  std::vector<std::vector<std::int64_t>>
      cuts;  // per dimension with cuts: those at which a column changes
  std::uint32_t row_count = 0;
};

// REQUIRES: every index of the matrix is inside the model.
MatrixRows BuildRows(const Model&, const Matrix&);

// What deciding by a matrix reads, worked out from its signature, dimensions and code.
struct ReadPlan {
  std::vector<format::ReadRecord>
      reads;  // `rows`: still the number of the row; `map.first`: the dimension
  std::vector<std::uint32_t> dimension_read;    // per dimension, or kNone
  std::vector<std::uint32_t> evidence, meters;  // ascending
  std::uint32_t direct_count = 0, cuts_count = 0, cut_steps = 0;
  bool plain = false;
};

// REQUIRES: every index of the matrix is inside the model.
ReadPlan PlanReads(const Model&, CapabilityId, const Matrix&, const MatrixRows&);

// The read of `fact` in the plan, or kNone.
std::uint32_t ReadOf(const ReadPlan&, FactId);

// Which operands of an instruction name facts.
bool OperandAIsFact(Op);
bool OperandBIsFact(Op);

}  // namespace writ::table
