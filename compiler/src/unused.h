// Warnings about declarations that nothing reads.
#pragma once

#include "expr.h"

namespace writ::compiler::check {

// After everything else: `expr` knows what was named.
void ReportUnused(const Words&, const Facts&, const ExprChecker& expr, Reporter&);

}  // namespace writ::compiler::check
