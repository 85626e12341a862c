// Policies that amend an earlier version `for cases since`: one table with the rows of both.
#pragma once

#include <optional>
#include <vector>

#include "writ/compiler/program.h"
#include "writ/lang/ast.h"
#include "writ/lang/diagnostic.h"
#include "writ/table/model.h"

namespace writ::compiler {

// By what cases from before are decided, as a house: the version that `policy` amends, then what
// that one uses. Empty unless it amends one `for cases since`.
[[nodiscard]] std::vector<const lang::Policy*> HouseBefore(const lang::Policy& policy);

// The model of both. `model`: what `program` was lowered to; `before`: its HouseBefore, in the same
// way. Reports what both declare otherwise, as `amends-since`. REQUIRES: program.earlier.
[[nodiscard]] std::optional<table::Model> AddEarlierCases(const Program& program,
                                                          const table::Model& model,
                                                          const table::Model& before,
                                                          lang::DiagnosticSink& sink);

}  // namespace writ::compiler
