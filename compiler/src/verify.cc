// The proofs that a policy owes before it ships: no gap (M5.2), invariants (M11), anchors that can
// be told apart (M3.3), text that never loosens (M18), nothing looser as it gets worse (M21),
// clauses that matter, examples (M12). The questions are data for the algebra over tables, which
// answers with a proof, a request, or not at all; what it could not answer is reported as
// `unproved` and refuses the policy. Entry point: Verify.
#include "verify.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "lower_index.h"
#include "rank.h"
#include "writ/analysis/witness.h"

namespace writ::compiler {

using analysis::Answer;
using analysis::Outcome;
using lang::Diagnostic;
using lang::DiagnosticKind;

std::string Quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

std::string VerdictWord(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllow:
      return "allow";
    case Verdict::kEscalate:
      return "escalate";
    case Verdict::kDeny:
      return "deny";
  }
  return {};
}

void ReportUnproved(VerifyContext& context, lang::Span span, const std::string& question,
                    const std::string& why) {
  context.sink.Report(
      Diagnostic{DiagnosticKind::kUnproved, span, "it could not be settled whether " + question}
          .Note(why)
          .Hint("say it with fewer conditions, or give the compiler more steps"));
}

std::string DecidedBy(const VerifyContext& context, const runtime::Decision& decision) {
  if (decision.builtin != runtime::BuiltinRow::kNone || !decision.clause.valid())
    return "no clause decides it";
  const runtime::ClauseView clause = context.table.Clause(decision.clause);
  std::string words = "decided by " + Quoted(clause.name);
  if (!clause.words.empty()) words += ": " + std::string(clause.words);
  return words;
}

void PointAtClause(const VerifyContext& context, const runtime::Decision& decision,
                   Diagnostic& diagnostic) {
  if (decision.builtin != runtime::BuiltinRow::kNone ||
      decision.clause.value >= context.clause_of.size())
    return;
  const Clause* clause = context.clause_of[decision.clause.value];
  if (clause) diagnostic.labels.push_back({clause->span, "this clause decides it"});
}

namespace {

std::string Request(const VerifyContext& context, const Answer& answer) {
  std::string words = analysis::Describe(context.table, *answer.witness);
  return words.empty() ? "any request" : words;
}

// Once the policy is in force, with a header that is valid or not there.
analysis::Restriction InForce(const VerifyContext& context) {
  analysis::Restriction restriction;
  const FactId now = FactNow(context.program);
  if (context.program.vocabulary.has_effective && now.valid())
    restriction.facts.push_back({.fact = now, .low = context.program.vocabulary.effective_ms});
  if (const FactId header = FactHeader(context.program); header.valid())
    restriction.facts.push_back({.fact = header, .low = 0, .high = 0});
  return restriction;
}

void ReportGap(VerifyContext& context, const Authority& authority, CapabilityId c,
               const Answer& answer) {
  const std::string& name = context.program.vocabulary.authorities[authority.id.value].name;
  context.sink.Report(Diagnostic{DiagnosticKind::kGap, authority.span,
                                 Quoted(context.CapabilityName(c)) + " under " + Quoted(name) +
                                     " is not decided for every request"}
                          .Note("with an `allow when`, what no clause decides is open")
                          .Hint("add `otherwise escalate` or `otherwise deny` for " +
                                Quoted(context.CapabilityName(c)) +
                                ", or a clause that decides this request")
                          .Witness(Request(context, answer)));
}

}  // namespace

void CheckGaps(VerifyContext& context) {
  for (const Authority& authority : context.program.authorities) {
    for (const CapabilityId c : authority.may) {
      ++context.result.gaps_checked;
      if (!MayHaveGap(authority, c, context.applications.capabilities[c.value].clauses)) continue;
      analysis::Restriction restriction;
      restriction.roles = authority.to;
      const analysis::Space space(context.table, c, restriction);
      const Answer answer = analysis::FindUndecided(space, context.budget);
      if (answer.outcome == Outcome::kFound) ReportGap(context, authority, c, answer);
      if (answer.outcome == Outcome::kUnknown)
        ReportUnproved(context, authority.span,
                       Quoted(context.CapabilityName(c)) + " is decided for every request",
                       answer.why);
    }
  }
}

namespace {

void ReportBreach(VerifyContext& context, const Invariant& invariant, CapabilityId c,
                  const Answer& answer) {
  Diagnostic diagnostic{
      DiagnosticKind::kInvariantFails, invariant.span,
      Quoted(invariant.name) + " does not hold: " + Quoted(context.CapabilityName(c)) +
          " can come out as `" + VerdictWord(answer.witness->decision.verdict) + "`"};
  diagnostic.notes.push_back(DecidedBy(context, answer.witness->decision));
  PointAtClause(context, answer.witness->decision, diagnostic);
  diagnostic.witness = Request(context, answer);
  context.sink.Report(std::move(diagnostic));
}

}  // namespace

void CheckInvariants(VerifyContext& context) {
  const auto& names = context.program.vocabulary.invariants;
  const analysis::Restriction in_force = InForce(context);
  for (const Invariant& invariant : context.program.invariants) {
    if (invariant.unless || IsRelation(invariant.kind)) continue;  // a ceiling; about two
    const auto index =
        static_cast<std::uint32_t>(std::ranges::lower_bound(names, invariant.name) - names.begin());
    bool proved = true;
    for (std::uint32_t c = 0; c < context.table.capability_count() && proved; ++c) {
      const analysis::Space space(context.table, CapabilityId{c}, in_force);
      if (space.InvariantColumns(index).Empty()) continue;
      const Answer answer = analysis::FindInvariantBreach(space, index, context.budget);
      proved = answer.outcome == Outcome::kNone;
      if (answer.outcome == Outcome::kFound)
        ReportBreach(context, invariant, CapabilityId{c}, answer);
      if (answer.outcome == Outcome::kUnknown)
        ReportUnproved(context, invariant.span,
                       Quoted(invariant.name) + " holds for " +
                           Quoted(context.CapabilityName(CapabilityId{c})),
                       answer.why);
    }
    context.result.invariants_proved += proved ? 1 : 0;
  }
}

namespace {

void CheckAnchorPair(VerifyContext& context, const analysis::Space& space, AnchorId a, AnchorId b,
                     bool& settled) {
  const auto& anchors = context.program.vocabulary.anchors;
  const std::string &first = anchors[a.value].name, &second = anchors[b.value].name;
  const Answer answer =
      analysis::FindBoth(space, space.ColumnsTo(a), space.ColumnsTo(b), context.budget);
  const lang::Span span = a.value < context.program.anchor_spans.size()
                              ? context.program.anchor_spans[a.value]
                              : lang::Span{};
  if (answer.outcome == Outcome::kNone) return;
  settled = true;
  if (answer.outcome == Outcome::kUnknown)
    return ReportUnproved(
        context, span,
        Quoted(first) + " and " + Quoted(second) + " are ever both asked for one request",
        answer.why);
  Diagnostic diagnostic{DiagnosticKind::kAnchorsIncomparable, span,
                        "one request of " + Quoted(context.CapabilityName(space.capability())) +
                            " is escalated to " + Quoted(first) + " and to " + Quoted(second) +
                            ", and neither ranks above the other"};
  if (b.value < context.program.anchor_spans.size())
    diagnostic.labels.push_back({context.program.anchor_spans[b.value], "the other anchor"});
  diagnostic.hints.push_back("say which one decides, for example `above " + second +
                             "` in anchor " + Quoted(first));
  diagnostic.witness = Request(context, answer);
  context.sink.Report(std::move(diagnostic));
}

}  // namespace

// M3.3. One report for each pair, whichever capability shows it first.
void CheckAnchors(VerifyContext& context) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> settled;
  for (std::uint32_t c = 0; c < context.table.capability_count(); ++c) {
    const runtime::MatrixView matrix = context.table.Matrix(CapabilityId{c});
    std::set<std::uint32_t> asked;
    for (std::uint32_t i = 0; i < matrix.decision_column_count(); ++i)
      if (matrix.Column(i).verdict == Verdict::kEscalate)
        asked.insert(matrix.Column(i).anchor.value);
    std::optional<analysis::Space> space;
    for (auto a = asked.begin(); a != asked.end(); ++a) {
      for (auto b = std::next(a); b != asked.end(); ++b) {
        if (settled.contains({*a, *b}) ||
            !Incomparable(context.program.vocabulary.anchors, AnchorId{*a}, AnchorId{*b}))
          continue;
        if (!space) space.emplace(context.table, CapabilityId{c});
        bool done = false;
        CheckAnchorPair(context, *space, AnchorId{*a}, AnchorId{*b}, done);
        if (done) settled.emplace(*a, *b);
      }
    }
  }
}

Verification Verify(const Program& program, const table::Model& model, const runtime::Table& table,
                    std::uint64_t max_steps, lang::DiagnosticSink& sink) {
  const Applications applications = ApplyClauses(program);
  VerifyContext context{program, model, table, applications, sink, analysis::Budget{max_steps, 0},
                        {},      {}};
  context.clause_of.assign(program.vocabulary.clauses.size(), nullptr);
  for (const Authority& authority : program.authorities)
    for (const Clause& clause : authority.clauses) context.clause_of[clause.id.value] = &clause;
  for (const Guard& guard : program.guards)
    for (const Clause& clause : guard.clauses) context.clause_of[clause.id.value] = &clause;
  CheckGaps(context);
  CheckAnchors(context);
  CheckInvariants(context);
  CheckRelations(context);
  CheckCeilings(context);
  CheckExceptions(context);
  CheckFlow(context);
  CheckMonotone(context);
  CheckExamples(context);
  CheckEffects(context);
  context.result.steps = context.budget.used;
  return context.result;
}

}  // namespace writ::compiler
