// The SQL functions that mappings have beyond SQLite's own. docs/evals.md lists them.
#pragma once

#include "sqlite.h"

namespace writ::evals {

sqlite::Result<void> RegisterMappingFunctions(sqlite::Database& db);

}  // namespace writ::evals
