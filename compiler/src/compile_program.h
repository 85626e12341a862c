// The part of Compile after Check: for programs that are made by hand.
#pragma once

#include <optional>

#include "writ/compiler/compile.h"

namespace writ::compiler {

// The table of a program, with whatever was found wrong with it in the sink: returned as soon as
// there is one, so that more can be asked of it. It may ship if the sink has no new errors.
// REQUIRES: `program` is what Check would give: names resolved, types and units right, numbers in
// range.
std::optional<Compiled> WriteAndVerify(Program program, lang::DiagnosticSink& sink,
                                       const CompileOptions& options);

// As WriteAndVerify, and nothing of what may not ship.
std::optional<Compiled> CompileProgram(Program program, lang::DiagnosticSink& sink,
                                       const CompileOptions& options = {});

// `program`: of `policy`, that is, the house that it is compiled with. REQUIRES: program.earlier.
std::optional<Compiled> CompileSuccession(Program program, const lang::Policy& policy,
                                          const lang::SourceSet& sources,
                                          lang::DiagnosticSink& sink,
                                          const CompileOptions& options);

// `program`: of `policy`, that is, the house that it is compiled with. REQUIRES: policy.narrowed.
std::optional<Compiled> CompileNarrowing(Program program, const lang::Policy& policy,
                                         const lang::SourceSet& sources, lang::DiagnosticSink& sink,
                                         const CompileOptions& options);

// Both policies of one compilation have many blocks in common, and each of their mistakes is said
// once: reports those of `from` that `sink` does not have.
void ReportOthers(const lang::DiagnosticSink& from, lang::DiagnosticSink& sink);

}  // namespace writ::compiler
