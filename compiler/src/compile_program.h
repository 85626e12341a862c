// The part of Compile after Check: for programs that are made by hand.
#pragma once

#include <optional>

#include "writ/compiler/compile.h"

namespace writ::compiler {

// REQUIRES: `program` is what Check would give: names resolved, types and units right, numbers in
// range.
std::optional<Compiled> CompileProgram(Program program, lang::DiagnosticSink& sink,
                                       const CompileOptions& options = {});

}  // namespace writ::compiler
