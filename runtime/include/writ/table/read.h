// A table's bytes back as the model that they were written from.
#pragma once

#include "writ/runtime/table.h"
#include "writ/table/model.h"

namespace writ::table {

// Everything that the table says; owns its texts, so the table's bytes may go. For every table that
// the one writer wrote, `WriteTable(ReadModel(table))` gives the same bytes.
[[nodiscard]] Model ReadModel(const runtime::Table&);

// All of it but the atom maps and matrices.
[[nodiscard]] Model ReadVocabulary(const runtime::Table&);

// One matrix of it: `ReadModel(table).matrices[capability.value]`.
[[nodiscard]] Matrix ReadMatrix(const runtime::Table&, CapabilityId capability);

}  // namespace writ::table
