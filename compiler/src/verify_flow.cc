// Text that tools and models bring makes decisions stricter, and never looser (M18). Set beside the
// policy P is P0, which has none of the clauses that read such text. Every row of P0 is a row of P,
// with one exception: an `otherwise` that such an `allow when` switches off. So P can only be
// looser where P0 is decided by an `otherwise`, or by nothing, which counts as denied; and only
// there it is asked. Entry point: CheckFlow.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lower_index.h"
#include "rank.h"
#include "text_facts.h"
#include "verify.h"

namespace writ::compiler {

using analysis::Answer;
using analysis::ColumnSet;
using analysis::Outcome;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

// One capability under one delegation or grant.
class FlowCheck {
 public:
  FlowCheck(VerifyContext& context, const Authority& authority, CapabilityId capability,
            const std::vector<FactId>& text_of, std::set<std::uint32_t>& reported)
      : context_(context),
        authority_(authority),
        matrix_(context.table.Matrix(capability)),
        space_(context.table, capability, Roles(authority)),
        text_of_(text_of),
        reported_(reported) {}

  void Run();

 private:
  static analysis::Restriction Roles(const Authority& authority) {
    analysis::Restriction restriction;
    restriction.roles = authority.to;
    return restriction;
  }
  FactId TextOf(std::uint32_t column) const {
    const ClauseId clause = matrix_.Column(column).clause;
    return clause.value < text_of_.size() ? text_of_[clause.value] : FactId{};
  }
  bool AtLeast(const runtime::ColumnView& a, const runtime::ColumnView& b) const;
  analysis::Where WhereOtherwise(std::uint32_t otherwise) const;
  analysis::Where WhereOpen() const;
  void Ask(analysis::Where where, std::optional<std::uint32_t> otherwise);
  std::uint32_t Culprit(const analysis::Where& where, const analysis::Witness& witness) const;
  void Report(std::uint32_t culprit, const analysis::Witness& witness,
              std::optional<std::uint32_t> otherwise);

  VerifyContext& context_;
  const Authority& authority_;
  runtime::MatrixView matrix_;
  analysis::Space space_;
  const std::vector<FactId>& text_of_;  // by ClauseId: the text that it reads
  std::set<std::uint32_t>& reported_;   // clauses
};

bool FlowCheck::AtLeast(const runtime::ColumnView& a, const runtime::ColumnView& b) const {
  if (a.verdict != b.verdict) return a.verdict > b.verdict;
  return a.verdict != Verdict::kEscalate ||
         AtLeastAsHigh(context_.program.vocabulary.anchors, a.anchor, b.anchor);
}

// The first `otherwise` of the authority decides P0 where none of P0's `allow when` holds and
// nothing stricter does. An anchor that has no rank beside its own is not at least as strict.
analysis::Where FlowCheck::WhereOtherwise(std::uint32_t otherwise) const {
  analysis::Where where;
  where.holds.push_back(space_.NoColumns());
  where.none_of = space_.NoColumns();
  where.winner = space_.NoColumns();
  const runtime::ColumnView decides = matrix_.Column(otherwise);
  for (std::uint32_t c = 0; c < matrix_.decision_column_count(); ++c) {
    const runtime::ColumnView column = matrix_.Column(c);
    if ((column.flags & kColumnOtherwise) != 0) continue;
    const bool text = TextOf(c).valid();
    const bool allow_when = (column.flags & kColumnAllowWhen) != 0;
    if (text && allow_when) where.holds[0].Add(c);
    if (!text && allow_when) where.none_of->Add(c);
    if (!AtLeast(column, decides)) where.winner->Add(c);
  }
  return where;
}

// P0 leaves it open, and P does not deny it.
analysis::Where FlowCheck::WhereOpen() const {
  analysis::Where where;
  where.none_of = space_.NoColumns();
  where.winner = space_.NoColumns();
  for (std::uint32_t c = 0; c < matrix_.decision_column_count(); ++c) {
    const bool text = TextOf(c).valid();
    if (!text) where.none_of->Add(c);
    if (text && matrix_.Column(c).verdict != Verdict::kDeny) where.winner->Add(c);
  }
  return where;
}

void FlowCheck::Run() {
  for (std::uint32_t c = 0; c < matrix_.decision_column_count(); ++c) {
    const runtime::ColumnView column = matrix_.Column(c);
    if (column.authority == authority_.id && (column.flags & kColumnOtherwise) != 0)
      return Ask(WhereOtherwise(c), c);
  }
  Ask(WhereOpen(), std::nullopt);
}

// The row through which the text had its way.
std::uint32_t FlowCheck::Culprit(const analysis::Where& where,
                                 const analysis::Witness& witness) const {
  if (where.holds.empty()) return witness.decision.column;
  ColumnSet held = where.holds[0];
  held &= witness.columns;
  return held.First();
}

// All clauses that do it, one request for each.
void FlowCheck::Ask(analysis::Where where, std::optional<std::uint32_t> otherwise) {
  ColumnSet& blamed = where.holds.empty() ? *where.winner : where.holds[0];
  while (!blamed.Empty() && !where.winner->Empty()) {
    const Answer answer = analysis::FindWhere(space_, where, context_.budget);
    if (answer.outcome == Outcome::kUnknown)
      ReportUnproved(context_, authority_.span,
                     "text from tools or models makes `" +
                         std::string(context_.table.Capability(space_.capability()).name) +
                         "` less strict under `" +
                         std::string(context_.table.Authority(authority_.id).name) + "`",
                     answer.why);
    if (answer.outcome != Outcome::kFound) return;
    const std::uint32_t culprit = Culprit(where, *answer.witness);
    Report(culprit, *answer.witness, otherwise);
    blamed -= space_.ColumnsOfClause(matrix_.Column(culprit).clause);
  }
}

void FlowCheck::Report(std::uint32_t culprit, const analysis::Witness& witness,
                       std::optional<std::uint32_t> otherwise) {
  const ClauseId clause = matrix_.Column(culprit).clause;
  if (!reported_.insert(clause.value).second) return;
  const runtime::FactView fact = context_.table.Fact(TextOf(culprit));
  const std::string without =
      otherwise ? "`" + std::string(context_.table.Clause(matrix_.Column(*otherwise).clause).name) +
                      "` would decide"
                : "nothing would decide it, and it would be denied";
  Diagnostic diagnostic{DiagnosticKind::kTextLoosens, context_.clause_of[clause.value]->span,
                        Quoted(fact.name) + " makes " +
                            Quoted(context_.table.Capability(space_.capability()).name) +
                            " less strict"};
  diagnostic.notes.push_back(
      "with it: " + analysis::DescribeDecision(context_.table, witness.decision) + ", " +
      DecidedBy(context_, witness.decision));
  diagnostic.notes.push_back("without the clauses that read text from tools or models " + without);
  if (otherwise) {
    const ClauseId other = matrix_.Column(*otherwise).clause;
    diagnostic.labels.push_back(
        {context_.clause_of[other.value]->span, "decides this request otherwise"});
  }
  diagnostic.hints.push_back(
      "let it make things stricter only (`deny when`, `require`, `limit`, `escalate when`), take "
      "the fact from the host or from evidence, or let somebody answer for it (`claimed by`, "
      "`require confirmation by`)");
  diagnostic.witness = analysis::Describe(context_.table, witness);
  context_.sink.Report(std::move(diagnostic));
}

// What makes a question necessary: an `allow when` that reads text; or any clause that does, where
// its escalation could be all that decides.
bool MayLoosen(const Authority& authority, CapabilityId capability,
               const std::vector<AppliedClause>& clauses, const std::vector<FactId>& text_of) {
  bool any = false;
  for (const AppliedClause& applied : clauses) {
    if (applied.authority != &authority || !text_of[applied.clause->id.value].valid()) continue;
    if (applied.clause->kind == lang::ClauseKind::kAllow) return true;
    any = true;
  }
  return any && MayHaveGap(authority, capability, clauses);
}

}  // namespace

std::vector<FactId> TextByClause(const VerifyContext& context) {
  const table::Model& vocabulary = context.program.vocabulary;
  const std::vector<bool> text = TextFacts(vocabulary.facts, vocabulary.meters);
  if (std::ranges::find(text, true) == text.end()) return {};
  const ProgramIndex index(context.program);
  std::vector<FactId> text_of(context.clause_of.size());
  for (std::size_t i = 0; i < text_of.size(); ++i) {
    const Clause* clause = context.clause_of[i];
    if (!clause || !clause->condition.valid()) continue;
    for (const FactId fact : index.ReadsOf(clause->condition).facts)
      if (text[fact.value] && !text_of[i].valid()) text_of[i] = fact;
  }
  return text_of;
}

void CheckFlow(VerifyContext& context) {
  const table::Model& vocabulary = context.program.vocabulary;
  const std::vector<FactId> text_of = TextByClause(context);
  if (text_of.empty()) return;
  std::set<std::uint32_t> reported;
  for (std::uint32_t c = 0; c < context.table.capability_count(); ++c) {
    if (vocabulary.capabilities[c].kind == CapabilityKind::kEvent) continue;
    const auto& applications = context.applications.capabilities[c];
    for (const Authority* authority : applications.authorities)
      if (MayLoosen(*authority, CapabilityId{c}, applications.clauses, text_of))
        FlowCheck(context, *authority, CapabilityId{c}, text_of, reported).Run();
  }
}

}  // namespace writ::compiler
