// Both versions are checked, lowered and proved as they stand, each as if it were alone; then their
// tables become one, over which the examples range. Entry points: CompileSuccession,
// AddEarlierCases.
#include "writ/compiler/succession.h"

#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "compile_program.h"
#include "lower_index.h"
#include "scan.h"
#include "verify.h"
#include "writ/analysis/succession.h"
#include "writ/table/write.h"

namespace writ::compiler {

using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

void ReportUnwritable(const std::string& why, lang::DiagnosticSink& sink) {
  sink.Report(Diagnostic{DiagnosticKind::kTooLarge, {}, "the table cannot be written: " + why});
}

// What the program says of a table with the rows of both.
void TakeVocabulary(const table::Model& model, Program& program) {
  table::Model vocabulary = model;
  vocabulary.matrices.clear();
  vocabulary.atom_maps.clear();
  program.vocabulary = std::move(vocabulary);
  program.fact_spans.resize(model.facts.size());
  program.anchor_spans.resize(model.anchors.size());
  program.role_spans.resize(model.roles.size());
  program.capability_spans.resize(model.capabilities.size());
}

}  // namespace

void ReportOthers(const lang::DiagnosticSink& from, lang::DiagnosticSink& sink) {
  const auto key = [](const Diagnostic& d) {
    return std::tuple(d.kind, d.span.file, d.span.begin, d.span.end, d.message);
  };
  std::set<decltype(key(Diagnostic{}))> said;
  for (const Diagnostic& diagnostic : sink.Sorted()) said.insert(key(diagnostic));
  for (const Diagnostic& diagnostic : from.Sorted()) {
    if (said.insert(key(diagnostic)).second) sink.Report(diagnostic);
  }
}

std::vector<const lang::Policy*> HouseBefore(const lang::Policy& policy) {
  std::vector<const lang::Policy*> house;
  for (const lang::Policy& member : policy.before) house.push_back(&member);
  return house;
}

std::optional<table::Model> AddEarlierCases(const Program& program, const table::Model& model,
                                            const table::Model& before,
                                            lang::DiagnosticSink& sink) {
  const EarlierCases& earlier = *program.earlier;
  const auto newer = table::WriteAndOpen(model), older = table::WriteAndOpen(before);
  for (const auto* written : {&newer, &older}) {
    if (!*written) return ReportUnwritable(written->error().what, sink), std::nullopt;
  }
  auto both = analysis::Succeed(newer->table, older->table,
                                {earlier.first, earlier.date_ms, earlier.clause});
  if (both) return std::move(*both);
  Diagnostic diagnostic{DiagnosticKind::kAmendsSince, earlier.span,
                        "no table can decide cases from before by " + before.version +
                            " and the others by " + model.version};
  for (std::string& problem : both.error()) diagnostic.notes.push_back(std::move(problem));
  diagnostic.hints.emplace_back(
      "leave these as they were, and give what has to be otherwise a name of its own");
  sink.Report(std::move(diagnostic));
  return std::nullopt;
}

std::optional<Compiled> CompileSuccession(Program program, const lang::Policy& policy,
                                          const lang::SourceSet& sources,
                                          lang::DiagnosticSink& sink,
                                          const CompileOptions& options) {
  std::vector<Example> examples = std::exchange(program.examples, {});
  std::optional<Compiled> newer = CompileProgram(std::move(program), sink, options);
  lang::DiagnosticSink before;
  CompileOptions as_it_stood = options;
  as_it_stood.check.as_of.clear();  // what it says of the past may have ended
  const std::optional<Compiled> older = Compile(HouseBefore(policy), sources, before, as_it_stood);
  ReportOthers(before, sink);
  if (!newer || !older) return std::nullopt;
  std::optional<table::Model> model =
      AddEarlierCases(newer->program, newer->model, older->model, sink);
  if (!model) return std::nullopt;
  auto written = table::WriteAndOpen(*model, {.max_bytes = options.max_table_bytes});
  if (!written) return ReportUnwritable(written.error().what, sink), std::nullopt;
  ScanBits(*model, written->table);
  Compiled result{std::move(newer->program), std::move(*model), std::move(written->bytes),
                  newer->verification};
  TakeVocabulary(result.model, result.program);
  result.program.examples = std::move(examples);
  Verification& verification = result.verification;
  verification.gaps_checked += older->verification.gaps_checked;
  verification.clauses_checked += older->verification.clauses_checked;
  verification.invariants_proved += older->verification.invariants_proved;
  const std::size_t errors = sink.error_count();
  const Applications applications = ApplyClauses(result.program);
  VerifyContext context{result.program,
                        result.model,
                        written->table,
                        applications,
                        sink,
                        {.limit = options.max_steps},
                        {},
                        {}};
  CheckExamples(context);
  if (sink.error_count() != errors) return std::nullopt;
  verification.examples_passed = context.result.examples_passed;
  verification.steps += older->verification.steps + context.budget.used;
  verification.bits_compared_capabilities = written->table.capability_count();
  return result;
}

}  // namespace writ::compiler
