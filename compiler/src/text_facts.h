// Which facts bring text from tools and models (docs/semantics.md, M18).
#pragma once

#include <vector>

#include "writ/table/model.h"

namespace writ::compiler {

// By FactId: whether its value comes from such text, through the keys of a meter or the value that
// it sums as well. Ids that are not valid (of what was refused) bring none.
[[nodiscard]] std::vector<bool> TextFacts(const std::vector<table::Fact>&,
                                          const std::vector<table::Meter>&);

}  // namespace writ::compiler
