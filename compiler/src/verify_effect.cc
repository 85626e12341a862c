// A clause that changes no decision is a mistake in the making: somebody believes that it does
// something. A clause matters if it does so in one of the capabilities that it applies to, under
// one of the delegations; else the clauses that hide it are named. Entry point: CheckEffects.
#include <algorithm>
#include <array>
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
  return kind != ClauseKind::kNote && kind != ClauseKind::kNotify && kind != ClauseKind::kLet &&
         kind != ClauseKind::kCeiling;  // what it is for lies below it
}

// Columns of one other clause, and how much of the hidden clause's rows they cover.
struct Hiding {
  std::uint32_t clause = 0;
  analysis::ColumnSet columns;
  double share = 0;
};

// Which part of the atoms of column `c` column `o` admits, as if atoms were equally likely.
double Share(const runtime::MatrixView& matrix, std::uint32_t c, std::uint32_t o) {
  double share = 1;
  for (std::uint32_t d = 0; d < matrix.dimension_count() && share > 0; ++d) {
    std::uint32_t mine = 0, both = 0;
    for (std::uint32_t a = 0; a < matrix.Dimension(d).atom_count; ++a) {
      const std::uint64_t* bits = matrix.Bits(d, a);
      if (((bits[c / 64] >> (c % 64)) & 1u) == 0) continue;
      ++mine;
      both += ((bits[o / 64] >> (o % 64)) & 1u) != 0 ? 1 : 0;
    }
    share *= mine == 0 ? 0.0 : static_cast<double>(both) / mine;
  }
  return share;
}

// The clauses that could hide these columns, those that cover most of them first.
std::vector<Hiding> Candidates(const analysis::Space& space, const runtime::MatrixView& matrix,
                               const std::vector<std::uint32_t>& columns) {
  const auto same = [&](std::uint32_t o, std::uint32_t c) {
    const runtime::ColumnView a = matrix.Column(o), b = matrix.Column(c);
    return a.verdict == b.verdict && (a.verdict != Verdict::kEscalate || a.anchor == b.anchor);
  };
  std::vector<Hiding> hiding;
  for (std::uint32_t o = 0; o < matrix.decision_column_count(); ++o) {
    if (std::ranges::find(columns, o) != columns.end()) continue;
    double share = 0;
    for (const std::uint32_t c : columns)
      if (o < c || same(o, c)) share += Share(matrix, c, o);
    if (share == 0) continue;
    const std::uint32_t clause = matrix.Column(o).clause.value;
    auto at = std::ranges::find(hiding, clause, &Hiding::clause);
    if (at == hiding.end()) at = hiding.insert(hiding.end(), {clause, space.NoColumns(), 0});
    at->columns.Add(o);
    at->share += share;
  }
  std::ranges::stable_sort(hiding, std::ranges::greater{}, &Hiding::share);
  return hiding;
}

// A small set of clauses that together hide these columns: twice as many of the largest as before,
// until they do; then without those that are not needed. Empty where that is too much to ask.
std::set<std::uint32_t> SmallCover(const analysis::Space& space,
                                   const std::vector<std::uint32_t>& columns,
                                   const runtime::MatrixView& matrix) {
  analysis::Budget budget{100'000, 0};  // only an explanation: not worth more
  analysis::Where where;
  where.holds.push_back(space.NoColumns());
  for (const std::uint32_t c : columns) where.holds[0].Add(c);
  const std::vector<Hiding> hiding = Candidates(space, matrix, columns);
  const auto covers = [&](const std::vector<bool>& chosen) {
    where.none_of = space.NoColumns();
    for (std::size_t i = 0; i < chosen.size(); ++i)
      if (chosen[i]) *where.none_of |= hiding[i].columns;
    return analysis::FindWhere(space, where, budget).outcome == Outcome::kNone;
  };
  std::vector<bool> chosen(hiding.size(), false);
  constexpr std::size_t kMost = 16;  // more is no explanation
  std::size_t count = 0;
  for (std::size_t next = 1; count < std::min(hiding.size(), kMost); next *= 2) {
    for (; count < std::min(next, hiding.size()); ++count) chosen[count] = true;
    if (!covers(chosen)) continue;
    std::set<std::uint32_t> cover;
    for (std::size_t i = count; i-- > 0;) {
      chosen[i] = false;
      if (covers(chosen)) continue;
      chosen[i] = true;
      cover.insert(hiding[i].clause);
    }
    return cover;
  }
  return {};
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
    std::set<std::uint32_t> hiding = SmallCover(*space, columns, matrix);
    for (const std::uint32_t column : found.hidden_by) {
      effect.hidden_by_unknown |= (matrix.Column(column).flags & kColumnUnknown) != 0;
      if (hiding.empty()) effect.hidden_by.insert(matrix.Column(column).clause.value);
    }
    effect.hidden_by.merge(hiding);
    effect.hidden_by.erase(clause);
  }
  context.budget.Spend(probe.steps());
}

// M18 lets an `allow` that reads text stand only where it permits nothing: so that is all it can
// do.
void ReportTextAllows(VerifyContext& context, const Clause& clause) {
  const table::Clause& named = context.program.vocabulary.clauses[clause.id.value];
  context.sink.Report(
      Diagnostic{DiagnosticKind::kNoEffectKept, clause.span,
                 Quoted(named.name) + " changes no decision: it reads text from a tool or a model, "
                                      "which permits nothing that is not permitted anyway"}
          .Hint(
              "leave it out; or ask a party who can be believed: `require confirmation by …`, or a "
              "fact `claimed by … believed by …`"));
}

// A row that a larger word brings with it, whether or not the policy leaves room for it: nobody
// wrote it, and nobody can leave it out.
bool ComesWithItsWord(std::string_view name) {
  constexpr std::array<std::string_view, 9> kKinds = {
      "checkpoint", "class", "handoff", "intent", "keeps", "part", "route", "skill", "verified"};
  const std::size_t kind = name.rfind('/') + 1;
  return std::ranges::find(kKinds, name.substr(kind, name.rfind('.') - kind)) != kKinds.end();
}

void ReportNoEffect(VerifyContext& context, const Clause& clause, bool of_guard,
                    const ClauseEffects& effect) {
  const table::Clause& named = context.program.vocabulary.clauses[clause.id.value];
  if (ComesWithItsWord(named.name)) return;
  const bool lenient = of_guard || clause.has_own_reason;
  Diagnostic diagnostic{
      clause.stage ? DiagnosticKind::kUnreachableStage
      : lenient    ? DiagnosticKind::kNoEffectKept
                   : DiagnosticKind::kNoEffect,
      clause.span,
      Quoted(named.name) + (clause.stage ? " is never asked" : " changes no decision")};
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
      clause.stage ? "take the stage out, or change when it is needed"
      : lenient
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
  const std::vector<FactId> text_of = TextByClause(context);
  const auto is_taken_over = [&](const Clause& clause) {
    return std::ranges::any_of(context.program.taken_over, [&](const lang::Span& span) {
      return span.Holds(clause.span);
    });
  };
  const auto judge = [&](const Clause& clause, bool of_guard) {
    if (!Decides(clause.kind) || clause.assumption || !used[clause.id.value] ||
        is_taken_over(clause))
      return;
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
    if (clause.kind == ClauseKind::kAllow && clause.id.value < text_of.size() &&
        text_of[clause.id.value].valid())
      return ReportTextAllows(context, clause);
    ReportNoEffect(context, clause, of_guard, effect);
  };
  for (const Authority& authority : context.program.authorities)
    for (const Clause& clause : authority.clauses) judge(clause, false);
  for (const Guard& guard : context.program.guards)
    for (const Clause& clause : guard.clauses) judge(clause, true);
}

}  // namespace writ::compiler
