// The doors through which what an outside party says may permit something (docs/semantics.md,
// M18.1).
#pragma once

#include "names.h"
#include "types.h"

namespace writ::compiler::check {

// Reports claims by others than parties, and claims for which no person answers.
void CheckDoors(const Words&, Reporter&);

}  // namespace writ::compiler::check
