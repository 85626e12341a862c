// What things were called before: `was` (docs/semantics.md, M23.3).
#pragma once

#include <vector>

#include "facts.h"

namespace writ::compiler::check {

// Ascending, as the table lists them. Reports an old name of two things, and one that is a name
// today.
[[nodiscard]] std::vector<table::FormerName> CollectFormerNames(const Words&, const Facts&,
                                                                Reporter&);

}  // namespace writ::compiler::check
