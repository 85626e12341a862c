// Invariants about two decisions: `implies`, `disjoint`, `monotone` (M11). Entry point:
// CheckRelations.
#include <algorithm>
#include <string>
#include <utility>

#include "verify.h"
#include "writ/analysis/relation.h"

namespace writ::compiler {

using analysis::Outcome;
using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::RelationKind;

namespace {

std::string Say(const VerifyContext& context, const runtime::RelationView& relation) {
  const std::string first = Quoted(context.CapabilityName(relation.capability[0]));
  const std::string second = Quoted(context.CapabilityName(relation.capability[1]));
  const auto comes_out = [&](std::size_t side) {
    return " comes out as `" + std::string(VerdictWord(relation.verdict[side])) + "`";
  };
  switch (relation.kind) {
    case RelationKind::kImplies:
      return first + comes_out(0) + " and " + second + " as something else than `" +
             VerdictWord(relation.verdict[1]) + "`";
    case RelationKind::kDisjoint:
      return first + " and " + second + " both come out as `" + VerdictWord(relation.verdict[0]) +
             "`";
    case RelationKind::kMonotone:
      break;
  }
  return first + " becomes less strict as " +
         Quoted(context.model.facts[relation.fact.value].name) +
         (relation.falling ? " falls" : " rises");
}

void Report(VerifyContext& context, const Invariant& invariant,
            const runtime::RelationView& relation, const analysis::RelationBreach& breach) {
  Diagnostic diagnostic{DiagnosticKind::kInvariantFails, invariant.span,
                        Quoted(invariant.name) + " does not hold: " + Say(context, relation)};
  std::string witness = breach.shared.empty() ? "any request" : breach.shared;
  for (std::size_t side = 0; side < breach.request.size(); ++side) {
    const runtime::Decision& decision = breach.request[side].decision;
    const std::string text = analysis::SideText(context.table, relation, breach, side);
    diagnostic.notes.push_back(text + ", " + DecidedBy(context, decision));
    PointAtClause(context, decision, diagnostic);
    witness += "; " + text;
  }
  diagnostic.witness = std::move(witness);
  context.sink.Report(std::move(diagnostic));
}

}  // namespace

void CheckRelations(VerifyContext& context) {
  std::uint32_t refuted = context.table.invariant_count();  // once for each invariant
  for (std::uint32_t i = 0; i < context.table.relation_count(); ++i) {
    const runtime::RelationView relation = context.table.Relation(i);
    if (relation.invariant == refuted) continue;
    const std::string& name = context.model.invariants[relation.invariant];
    const auto invariant = std::ranges::find(context.program.invariants, name, &Invariant::name);
    const analysis::RelationAnswer answer =
        analysis::FindRelationBreach(context.table, relation, context.budget);
    const bool last = i + 1 == context.table.relation_count() ||
                      context.table.Relation(i + 1).invariant != relation.invariant;
    if (answer.outcome == Outcome::kNone) {
      context.result.invariants_proved += last ? 1 : 0;
      continue;
    }
    refuted = relation.invariant;
    if (answer.outcome == Outcome::kFound) {
      Report(context, *invariant, relation, *answer.breach);
    } else {
      ReportUnproved(context, invariant->span,
                     Quoted(name) + " holds: never that " + Say(context, relation), answer.why);
    }
  }
}

}  // namespace writ::compiler
