// A policy over what it amends or narrows.
#pragma once

#include "writ/lang/ast.h"

namespace writ::lang {

// Takes over what `policy` leaves as it is in `base`, which it has no block of the same kind and name
// for, and lines of the head that it does not say.
void TakeOver(Policy& policy, Policy base);

}  // namespace writ::lang
