// Inputs that are worked out from the arguments of a call.
#pragma once

#include <vector>

#include "facts.h"
#include "types.h"

namespace writ::compiler::check {

// Ascending by capability, then fact.
std::vector<table::Derivation> CheckDerivations(const Words&, const Facts&, Reporter&);

}  // namespace writ::compiler::check
