// Facts `for critics`: rules and critics read them, and no model ever sees them
// (docs/semantics.md, M53).
#pragma once

#include "authority.h"

namespace writ::compiler::check {

// Labels those that are declared so, pressures, and meters that are kept by one or add one up.
void MarkForCritics(const Words&, Facts&);

// Refuses what a model would come to see: what it brings or hears, and what it asks for.
void CheckForCritics(const Words&, const People&, const Facts&, const Authorities&, Reporter&);

}  // namespace writ::compiler::check
