// A clause that changes no decision is a mistake in the making: somebody believes that it does
// something. A clause matters if it does so in one of the capabilities that it applies to, under
// one of the delegations; else the clauses that hide it are named. Entry point: CheckEffects.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "verify.h"
#include "verify_probe.h"

namespace writ::compiler {

using analysis::Outcome;
using lang::ClauseKind;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

// What the capabilities say together about one clause.
struct ClauseEffects {
  bool matters = false;
  bool applies = false;               // somewhere it can hold
  bool hidden_by_unknown = false;     // also by rows that hold for want of a value
  std::string unknown;                // why one of them could not be settled
  std::set<std::uint32_t> hidden_by;  // clauses
};

bool Decides(ClauseKind kind) {
  return kind != ClauseKind::kNote && kind != ClauseKind::kNotify && kind != ClauseKind::kLet;
}

// A smallest set of clauses that together hide these columns: one after the other is left out, the
// least restrictive first, where the others still cover. Empty where that is too much to ask.
std::set<std::uint32_t> SmallestCover(const analysis::Space& space,
                                      const std::vector<std::uint32_t>& columns,
                                      const runtime::MatrixView& matrix) {
  constexpr std::size_t kMaxClauses = 64;  // each costs a proof
  analysis::Budget budget{500'000, 0};     // only an explanation: not worth more
  analysis::Where where;
  where.holds.push_back(space.NoColumns());
  for (const std::uint32_t c : columns) where.holds[0].Add(c);
  const auto same = [&](std::uint32_t o, std::uint32_t c) {
    const runtime::ColumnView a = matrix.Column(o), b = matrix.Column(c);
    return a.verdict == b.verdict && (a.verdict != Verdict::kEscalate || a.anchor == b.anchor);
  };
  // By clause, the most restrictive first.
  std::vector<std::pair<std::uint32_t, analysis::ColumnSet>> hiding;
  analysis::ColumnSet all = space.NoColumns();
  for (std::uint32_t o = 0; o < matrix.decision_column_count(); ++o) {
    const bool mine = where.holds[0].Has(o);
    if (mine || !std::ranges::all_of(columns, [&](auto c) { return o < c || same(o, c); }))
      continue;
    const std::uint32_t clause = matrix.Column(o).clause.value;
    auto at = std::ranges::find(hiding, clause, [](const auto& h) { return h.first; });
    if (at == hiding.end()) at = hiding.insert(hiding.end(), {clause, space.NoColumns()});
    at->second.Add(o);
    all.Add(o);
  }
  const auto covers = [&](const analysis::ColumnSet& set) {
    where.none_of = set;
    return analysis::FindWhere(space, where, budget).outcome == Outcome::kNone;
  };
  std::set<std::uint32_t> cover;
  if (hiding.size() > kMaxClauses || !covers(all)) return cover;
  for (std::size_t i = hiding.size(); i-- > 0;) {
    analysis::ColumnSet without = all;
    without -= hiding[i].second;
    if (covers(without)) {
      all = std::move(without);
    } else {
      cover.insert(hiding[i].first);
    }
  }
  return cover;
}

// Most clauses matter, and a guessed request shows it. The proofs are for the others.
void Collect(VerifyContext& context, CapabilityId c, std::vector<ClauseEffects>& effects) {
  const runtime::MatrixView matrix = context.table.Matrix(c);
  std::map<std::uint32_t, std::vector<std::uint32_t>> columns_of;  // by clause
  for (std::uint32_t i = 0; i < matrix.decision_column_count(); ++i) {
    const ClauseId clause = matrix.Column(i).clause;
    if (clause.value < effects.size()) columns_of[clause.value].push_back(i);
  }
  EffectProbe probe(context.table, c);
  std::optional<analysis::Space> space;
  for (const auto& [clause, columns] : columns_of) {
    ClauseEffects& effect = effects[clause];
    effect.applies = true;
    if (effect.matters) continue;  // in another capability
    if (probe.Matters(columns)) {
      effect.matters = true;
      continue;
    }
    if (!space) space.emplace(context.table, c);
    const analysis::Effect found =
        analysis::ClauseMatters(*space, ClauseId{clause}, context.budget);
    effect.matters |= found.answer.outcome == Outcome::kFound;
    if (found.answer.outcome == Outcome::kUnknown) effect.unknown = found.answer.why;
    if (found.answer.outcome != Outcome::kNone) continue;
    std::set<std::uint32_t> hiding = SmallestCover(*space, columns, matrix);
    for (const std::uint32_t column : found.hidden_by) {
      effect.hidden_by_unknown |= (matrix.Column(column).flags & kColumnUnknown) != 0;
      if (hiding.empty()) effect.hidden_by.insert(matrix.Column(column).clause.value);
    }
    effect.hidden_by.merge(hiding);
    effect.hidden_by.erase(clause);
  }
  context.budget.Spend(probe.steps());
}

void ReportNoEffect(VerifyContext& context, const Clause& clause, bool of_guard,
                    const ClauseEffects& effect) {
  const table::Clause& named = context.program.vocabulary.clauses[clause.id.value];
  const bool lenient = of_guard || clause.has_own_reason;
  Diagnostic diagnostic{lenient ? DiagnosticKind::kNoEffectKept : DiagnosticKind::kNoEffect,
                        clause.span, Quoted(named.name) + " changes no decision"};
  if (!effect.applies)
    diagnostic.notes.push_back("its rows are empty: no request ever meets its condition");
  constexpr std::size_t kNamed = 5;  // more than these nobody reads
  std::size_t count = 0;
  for (const std::uint32_t id : effect.hidden_by) {
    if (count++ == kNamed) break;
    const auto view = context.table.Clause(ClauseId{id});
    diagnostic.notes.push_back("hidden by " + Quoted(view.name) +
                               (view.words.empty() ? "" : ": " + std::string(view.words)));
    if (id < context.clause_of.size() && context.clause_of[id])
      diagnostic.labels.push_back(
          {context.clause_of[id]->span, effect.hidden_by.size() == 1
                                            ? "decides the same or more strictly wherever it holds"
                                            : "decides a part of it, the same or more strictly"});
  }
  if (count > kNamed)
    diagnostic.notes.push_back("and by " + std::to_string(effect.hidden_by.size() - kNamed) +
                               " more");
  diagnostic.hints.push_back(
      lenient
          ? "if it is there as a second line of defence, leave it"
          : "remove it, or give it a reason of its own if it is there as a second line of defence");
  context.sink.Report(std::move(diagnostic));
}

}  // namespace

void CheckEffects(VerifyContext& context) {
  std::vector<ClauseEffects> effects(context.program.vocabulary.clauses.size());
  std::vector<bool> used(effects.size(), false);
  for (std::uint32_t c = 0; c < context.table.capability_count(); ++c) {
    const auto& clauses = context.applications.capabilities[c].clauses;
    for (const AppliedClause& applied : clauses) used[applied.clause->id.value] = true;
    if (!clauses.empty()) Collect(context, CapabilityId{c}, effects);
  }
  const auto judge = [&](const Clause& clause, bool of_guard) {
    if (!Decides(clause.kind) || !used[clause.id.value]) return;
    const ClauseEffects& effect = effects[clause.id.value];
    ++context.result.clauses_checked;
    if (effect.matters) return;
    // Without fresh evidence its facts are missing, and that denies as well. But it says what to
    // bring, and is reported first.
    if (clause.kind == ClauseKind::kRequireEvidence && effect.applies && effect.hidden_by_unknown &&
        effect.unknown.empty())
      return;
    if (!effect.unknown.empty())
      return ReportUnproved(
          context, clause.span,
          Quoted(context.program.vocabulary.clauses[clause.id.value].name) + " changes a decision",
          effect.unknown);
    ReportNoEffect(context, clause, of_guard, effect);
  };
  for (const Authority& authority : context.program.authorities)
    for (const Clause& clause : authority.clauses) judge(clause, false);
  for (const Guard& guard : context.program.guards)
    for (const Clause& clause : guard.clauses) judge(clause, true);
}

}  // namespace writ::compiler
