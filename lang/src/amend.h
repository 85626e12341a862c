// One version of a policy over the one that it amends.
#pragma once

#include "writ/lang/ast.h"

namespace writ::lang {

// Takes over what `policy` leaves as it was in `amended`, which it has no block of the same kind
// and name for, and lines of the head that it does not say.
void TakeOver(Policy& policy, Policy amended);

}  // namespace writ::lang
