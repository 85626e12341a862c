// The route of a policy: Check, Lower, WriteTable, Open, Scan, Verify. Each phase reads the one
// before; the proofs read the bytes. Entry point: Compile.
#include "writ/compiler/compile.h"

#include <string>
#include <utility>

#include "compile_program.h"
#include "lower_assert.h"
#include "scan.h"
#include "verify.h"
#include "writ/table/write.h"

namespace writ::compiler {

std::optional<Compiled> WriteAndVerify(Program program, lang::DiagnosticSink& sink,
                                       const CompileOptions& options) {
  std::optional<table::Model> model = Lower(program, sink, options.lower);
  if (!model) return std::nullopt;
  auto written = table::WriteAndOpen(*model, {.max_bytes = options.max_table_bytes});
  if (!written) {
    sink.Report(lang::Diagnostic{lang::DiagnosticKind::kTooLarge,
                                 {},
                                 "the table cannot be written: " + written.error().what});
    return std::nullopt;
  }
  const runtime::Table& table = written->table;
  ScanBits(*model, table);
  (void)ScanTranslation(program, table);
  Verification verification = Verify(program, *model, table, options.max_steps, sink);
  verification.bits_compared_capabilities = table.capability_count();
  return Compiled{std::move(program), std::move(*model), std::move(written->bytes), verification};
}

std::optional<Compiled> CompileProgram(Program program, lang::DiagnosticSink& sink,
                                       const CompileOptions& options) {
  const std::size_t errors = sink.error_count();
  std::optional<Compiled> compiled = WriteAndVerify(std::move(program), sink, options);
  if (sink.error_count() != errors) return std::nullopt;
  return compiled;
}

std::optional<Compiled> Compile(const std::vector<const lang::Policy*>& policies,
                                const lang::SourceSet& sources, lang::DiagnosticSink& sink,
                                const CompileOptions& options) {
  std::optional<Program> program = Check(policies, sources, sink, options.check);
  if (!program || sink.HasErrors()) return std::nullopt;
  if (program->earlier)
    return CompileSuccession(std::move(*program), *policies.front(), sources, sink, options);
  if (!policies.front()->narrowed.empty())
    return CompileNarrowing(std::move(*program), *policies.front(), sources, sink, options);
  return CompileProgram(std::move(*program), sink, options);
}

}  // namespace writ::compiler
