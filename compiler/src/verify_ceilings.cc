// Claims that the language itself makes: no delegation allows what a ceiling above it rules out
// (docs/semantics.md, M15.4), and every exception permits something (M16.4). Both are annotation
// columns of the table. Entry points: CheckCeilings, CheckExceptions.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "verify.h"
#include "writ/analysis/witness.h"

namespace writ::compiler {

using analysis::Answer;
using analysis::Outcome;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

std::uint32_t InvariantIndex(const VerifyContext& context, const std::string& name) {
  const auto& names = context.program.vocabulary.invariants;
  return static_cast<std::uint32_t>(std::ranges::lower_bound(names, name) - names.begin());
}

void ReportWider(VerifyContext& context, const Invariant& ceiling, CapabilityId c,
                 const Answer& answer) {
  Diagnostic diagnostic{DiagnosticKind::kWiderThanCeiling, ceiling.span,
                        "this delegation allows " + Quoted(context.CapabilityName(c)) +
                            " beyond a ceiling of what it stands on"};
  diagnostic.labels.push_back({ceiling.ceiling, "the ceiling"});
  diagnostic.notes.push_back(DecidedBy(context, answer.witness->decision));
  diagnostic.hints.emplace_back("limit it here to what the ceiling leaves, or raise the ceiling");
  diagnostic.witness = analysis::Describe(context.table, *answer.witness);
  context.sink.Report(std::move(diagnostic));
}

// Columns that decide less restrictively than `row` (M3.1).
analysis::ColumnSet LessRestrictive(const VerifyContext& context, const analysis::Space& space,
                                    const runtime::ColumnView& row) {
  analysis::ColumnSet less = space.ColumnsWith(Verdict::kAllow);
  if (row.verdict == Verdict::kDeny) less |= space.ColumnsWith(Verdict::kEscalate);
  if (row.verdict == Verdict::kEscalate) {
    for (const AnchorId below : context.program.vocabulary.anchors[row.anchor.value].below)
      less |= space.ColumnsTo(below);
  }
  return less;
}

// Whether a request of `c` is decided less restrictively because the exception lifts a row of it.
Answer PermitsSomething(VerifyContext& context, CapabilityId c, std::uint32_t exception) {
  const analysis::Space space(context.table, c);
  const runtime::MatrixView matrix = context.table.Matrix(c);
  std::map<std::pair<Verdict, std::uint32_t>, analysis::ColumnSet> rows;
  for (std::uint32_t i = matrix.decision_column_count(); i < matrix.column_count(); ++i) {
    const runtime::ColumnView column = matrix.Column(i);
    if (column.kind != ColumnKind::kInvariant || column.name != exception) continue;
    rows.try_emplace({column.verdict, column.anchor.value}, space.NoColumns()).first->second.Add(i);
  }
  Answer last{Outcome::kNone, std::nullopt, {}, 0};
  for (const auto& [row, columns] : rows) {
    analysis::Where where;
    where.holds.push_back(columns);
    where.winner = LessRestrictive(context, space, matrix.Column(columns.First()));
    Answer answer = analysis::FindWhere(space, where, context.budget);
    if (answer.outcome == Outcome::kFound) return answer;
    if (answer.outcome == Outcome::kUnknown) last = std::move(answer);
  }
  return last;
}

}  // namespace

void CheckCeilings(VerifyContext& context) {
  for (const Invariant& ceiling : context.program.invariants) {
    if (!ceiling.unless) continue;
    const std::uint32_t index = InvariantIndex(context, ceiling.name);
    for (const CapabilityId c : ceiling.capabilities) {
      const analysis::Space space(context.table, c);
      const Answer answer = analysis::FindInvariantBreach(space, index, context.budget);
      if (answer.outcome == Outcome::kFound) ReportWider(context, ceiling, c, answer);
      if (answer.outcome == Outcome::kUnknown)
        ReportUnproved(context, ceiling.span,
                       "this delegation allows " + Quoted(context.CapabilityName(c)) +
                           " within the ceilings above it",
                       answer.why);
    }
  }
}

void CheckExceptions(VerifyContext& context) {
  for (const Exception& exception : context.program.exceptions) {
    const std::uint32_t index = InvariantIndex(context, "~exception/" + exception.name);
    Answer found{Outcome::kNone, std::nullopt, {}, 0};
    for (std::uint32_t c = 0; c < context.table.capability_count(); ++c) {
      Answer answer = PermitsSomething(context, CapabilityId{c}, index);
      if (answer.outcome != Outcome::kNone) found = std::move(answer);
      if (found.outcome == Outcome::kFound) break;
    }
    if (found.outcome == Outcome::kUnknown)
      ReportUnproved(context, exception.span,
                     "exception " + Quoted(exception.name) + " changes a decision", found.why);
    if (found.outcome != Outcome::kNone) continue;
    context.sink.Report(
        Diagnostic{DiagnosticKind::kNoEffect, exception.span,
                   "exception " + Quoted(exception.name) + " changes no decision"}
            .Note("what it lifts decides nothing where it speaks, or something else decides the "
                  "same")
            .Hint("remove it, or widen what it goes up to"));
  }
}

}  // namespace writ::compiler
