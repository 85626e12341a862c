// Policies that narrow another: for every request at least as strict (docs/semantics.md, M23.5).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "writ/lang/ast.h"
#include "writ/lang/diagnostic.h"
#include "writ/table/model.h"

namespace writ::compiler {

// What `policy` narrows, as a house. Empty unless it narrows something.
[[nodiscard]] std::vector<const lang::Policy*> HouseNarrowed(const lang::Policy& policy);

// Proves that `narrower`, the model of `policy`, is within `base`, that of what it narrows. Returns
// how many regions it decides more strictly. Reports what is looser (with a request), what is
// settled otherwise, and what `max_steps` do not settle; then returns nothing.
// REQUIRES: policy.narrowed.
[[nodiscard]] std::optional<std::uint32_t> ProveNarrowing(const lang::Policy& policy,
                                                          const table::Model& base,
                                                          const table::Model& narrower,
                                                          std::uint64_t max_steps,
                                                          lang::DiagnosticSink& sink);

}  // namespace writ::compiler
