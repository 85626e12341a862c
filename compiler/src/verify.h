// Proofs about a policy, asked of the bytes that ship.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lower_matrix.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/space.h"
#include "writ/compiler/compile.h"
#include "writ/compiler/program.h"
#include "writ/lang/diagnostic.h"
#include "writ/runtime/table.h"

namespace writ::compiler {

// What all proofs of one run share. Context only: each proof is a function in a file of its own.
struct VerifyContext {
  const Program& program;
  const table::Model& model;  // what `table` was written from
  const runtime::Table& table;
  const Applications& applications;
  lang::DiagnosticSink& sink;
  analysis::Budget budget;
  Verification result;
  std::vector<const Clause*> clause_of;  // author's clauses by ClauseId

  const std::string& CapabilityName(CapabilityId capability) const {
    return program.vocabulary.capabilities[capability.value].name;
  }
};

// Everything that M3.3, M5.2, M11, M12, M18, M21 and the list of refusals ask of a table. Every
// answer that is not a proof is reported. REQUIRES: Lower made `model` of `program`, and `table`
// was written from it.
Verification Verify(const Program& program, const table::Model& model, const runtime::Table& table,
                    std::uint64_t max_steps, lang::DiagnosticSink& sink);

// verify.cc
void CheckGaps(VerifyContext& context);
void CheckInvariants(VerifyContext& context);
void CheckAnchors(VerifyContext& context);
// verify_ceilings.cc
void CheckCeilings(VerifyContext& context);
void CheckExceptions(VerifyContext& context);
// verify_relations.cc
void CheckRelations(VerifyContext& context);
// verify_effect.cc
void CheckEffects(VerifyContext& context);
// verify_flow.cc
void CheckFlow(VerifyContext& context);
// By ClauseId: a fact of text from tools or models that the clause reads; invalid where there is
// none. Empty where no fact is of such text.
std::vector<FactId> TextByClause(const VerifyContext& context);
// verify_monotone.cc
void CheckMonotone(VerifyContext& context);
// examples.cc
void CheckExamples(VerifyContext& context);

// An example as a question, to the policy's own table or to another one of its vocabulary.
struct ExampleQuestion {
  ExampleQuestion(const Program&, const runtime::Table&, const Example&);
  analysis::Space space;
  analysis::Expectation expectation;
};

// Reports that a question was not answered: never a pass.
void ReportUnproved(VerifyContext& context, lang::Span span, const std::string& question,
                    const std::string& why);
// "by `refunding/issue_refund/limit.1` (limit amount <= refund_autonomy)", or what else decided.
std::string DecidedBy(const VerifyContext& context, const runtime::Decision& decision);
// Points at the clause that decided, where an author wrote it.
void PointAtClause(const VerifyContext& context, const runtime::Decision& decision,
                   lang::Diagnostic& diagnostic);
std::string Quoted(std::string_view name);
std::string VerdictWord(Verdict verdict);

}  // namespace writ::compiler
