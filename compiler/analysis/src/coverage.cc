// The questions, each put as a goal for the recursion.
//
// Entry points: the functions of coverage.h except those about clauses (effect.cc).
#include "writ/analysis/coverage.h"

#include <algorithm>
#include <string>
#include <utility>

#include "goal.h"
#include "search.h"

namespace writ::analysis {

using namespace writ::runtime;

Answer FindWhere(const Space& space, const Where& where, Budget& budget) {
  const WhereGoal goal(space.impl(), where);
  return FindGoal(space.impl(), goal, nullptr, budget);
}

Answer FindUndecided(const Space& space, Budget& budget) {
  Where where;
  where.none_of = space.DecisionColumns();
  return FindWhere(space, where, budget);
}

Answer FindBoth(const Space& space, const ColumnSet& a, const ColumnSet& b, Budget& budget) {
  Where where;
  where.holds = {a, b};
  where.none_of = space.ColumnsWith(Verdict::kDeny);
  return FindWhere(space, where, budget);
}

Answer FindInvariantBreach(const Space& space, std::uint32_t invariant, Budget& budget) {
  const ColumnSet columns = space.InvariantColumns(invariant);
  Answer answer{Outcome::kNone, std::nullopt, "", 0};
  for (const Verdict verdict : {Verdict::kAllow, Verdict::kEscalate, Verdict::kDeny}) {
    Where where;
    where.holds.emplace_back(space.column_count());
    for (std::uint32_t c = columns.First(); c < columns.size(); c = columns.Next(c + 1)) {
      if (space.impl().column[c].verdict == verdict) where.holds[0].Add(c);
    }
    if (where.holds[0].Empty()) continue;
    // A request that no column decides is denied. So is what is assumed not to occur, which refutes
    // nothing.
    if (verdict == Verdict::kDeny) {
      where.none_of = space.AssumptionColumns();
      where.not_winner = space.ColumnsWith(Verdict::kAllow);
      *where.not_winner |= space.ColumnsWith(Verdict::kEscalate);
    } else {
      where.winner = space.ColumnsWith(verdict);
    }
    Answer one = FindWhere(space, where, budget);
    answer.steps += one.steps;
    if (one.outcome == Outcome::kNone) continue;
    one.steps = answer.steps;
    if (one.outcome == Outcome::kFound) return one;
    answer = std::move(one);
  }
  return answer;
}

namespace {

// The request that a restriction alone puts into a builtin row: what it names, and nothing else.
Witness ForcedWitness(const Space& space) {
  Witness witness;
  witness.capability = space.capability();
  witness.now_ms = space.impl().preferred_now;
  witness.as_in_force = space.restriction().as_in_force;
  witness.values.resize(space.table().fact_count());
  witness.columns = space.NoColumns();
  if (!space.restriction().roles.empty()) witness.role = space.restriction().roles.front();
  for (const FactRestriction& r : space.restriction().facts) {
    ConcreteValue& value = witness.values[r.fact.value];
    if (!r.may_be_present) continue;
    if (r.malformed) {
      value.kind = ValueKind::kMalformed;
    } else if (r.text) {
      value = {ValueKind::kText, 0, *r.text, {}};
    } else if (r.texts) {
      value = {ValueKind::kTextSet, 0, "", *r.texts};
    } else if (r.low == r.high) {
      value = {ValueKind::kNumber, r.low, "", {}};
    }
  }
  FactId fact;
  space.forced_builtin(&fact);
  witness.matters = {fact};
  witness.decision = Decide(space.table(), nullptr, WitnessRequest(witness).request());
  return witness;
}

bool Meets(const Space::Impl& s, const ColumnView& column, const Expectation& expected) {
  (void)s;
  if (column.verdict != expected.verdict) return false;
  if (expected.verdict == Verdict::kEscalate && expected.anchor.valid() &&
      column.anchor != expected.anchor)
    return false;
  if (expected.under.valid() && column.authority != expected.under) return false;
  if (!expected.because) return true;
  return std::find(expected.because->begin(), expected.because->end(), column.clause) !=
         expected.because->end();
}

}  // namespace

Answer FindCounterexample(const Space& space, const Expectation& expected, Budget& budget) {
  const Space::Impl& s = space.impl();
  if (space.forced_builtin() != BuiltinRow::kNone) {
    if (expected.verdict == Verdict::kDeny && !expected.under.valid() && !expected.because) {
      return {Outcome::kNone, std::nullopt, "", 0};
    }
    return {Outcome::kFound, ForcedWitness(space), "", 0};
  }
  Where where;
  where.not_winner = space.NoColumns();
  for (std::uint32_t c = 0; c < s.columns; ++c) {
    if (s.decisions.Has(c) && Meets(s, s.column[c], expected)) where.not_winner->Add(c);
  }
  where.none_of = expected.outside;
  return FindWhere(space, where, budget);
}

Answer FindUndecided(const Table& table, CapabilityId capability, const Restriction& restriction,
                     Budget& budget) {
  return FindUndecided(Space(table, capability, restriction), budget);
}

Answer CheckExample(const Table& table, CapabilityId capability, const Restriction& restriction,
                    const Expectation& expected, Budget& budget) {
  return FindCounterexample(Space(table, capability, restriction), expected, budget);
}

}  // namespace writ::analysis
