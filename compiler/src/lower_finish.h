// From raw columns to a matrix: order, signature, and nothing that is not read.
#pragma once

#include <utility>
#include <vector>

#include "lower_matrix.h"

namespace writ::compiler {

struct RawColumn {
  table::Column column;
  Box box;
};

// Which operands of an instruction are values of earlier instructions.
std::pair<bool, bool> ReadsValues(Op op);

table::Matrix FinishMatrix(LowerContext& context, const Formula& formula, CapabilityId capability,
                           const Applications::ForCapability& applications,
                           std::vector<RawColumn> columns);

}  // namespace writ::compiler
