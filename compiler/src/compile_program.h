// The part of Compile after Check: for programs that are made by hand.
#pragma once

#include <optional>

#include "writ/compiler/compile.h"

namespace writ::compiler {

// REQUIRES: `program` is what Check would give: names resolved, types and units right, numbers in
// range.
std::optional<Compiled> CompileProgram(Program program, lang::DiagnosticSink& sink,
                                       const CompileOptions& options = {});

// `program`: of `policy`, that is, the house that it is compiled with. REQUIRES: program.earlier.
std::optional<Compiled> CompileSuccession(Program program, const lang::Policy& policy,
                                          const lang::SourceSet& sources,
                                          lang::DiagnosticSink& sink,
                                          const CompileOptions& options);

}  // namespace writ::compiler
