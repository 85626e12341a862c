// What an author says of parts of his policy without deciding anything (docs/semantics.md, M34).
#pragma once

#include <vector>

#include "authority.h"
#include "people.h"

namespace writ::compiler::check {

[[nodiscard]] std::vector<table::Statement> CollectStatements(const Words&, const People&,
                                                              const Deeds&, const Authorities&,
                                                              Reporter&);

}  // namespace writ::compiler::check
