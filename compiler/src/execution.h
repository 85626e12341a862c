// What the policy says of how things are carried out, for whoever carries them out
// (docs/semantics.md, M39 to M42).
#pragma once

#include <vector>

#include "authority.h"

namespace writ::compiler::check {

// Adds to `statements`; refuses a skill that uses what its role may not do.
void CollectExecution(const Words&, const Deeds&, const Authorities&, Reporter&,
                      std::vector<table::Statement>& statements);

}  // namespace writ::compiler::check
