// The bytes against the rules: what was written and opened again must be what was lowered, and mean
// what the policy says.
#pragma once

#include <cstdint>

#include "writ/compiler/program.h"
#include "writ/runtime/table.h"
#include "writ/table/model.h"

namespace writ::compiler {

struct ScanOptions {
  std::uint32_t max_requests_per_capability =
      192;  // of the translation check; beyond, atoms are visited in a seeded order
  std::uint64_t max_evaluations =
      60'000;  // conditions read directly, in all; spread over the capabilities
};

// Compares every bit, column, dimension and instruction of the open table with the model. Aborts on
// a difference: it is ours.
void ScanBits(const table::Model& model, const runtime::Table& table);

// For requests that visit every atom of every dimension: the rows that hold are those that the
// nodes say. Aborts on a difference. Returns the number of conditions read.
std::uint64_t ScanTranslation(const Program& program, const runtime::Table& table,
                              const ScanOptions& options = {});

}  // namespace writ::compiler
