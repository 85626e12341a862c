// Asks, again and again, for a request that a column decides which is not known to decide any; when
// there is none, the columns that are known are all that remain. Entry points: FindReach,
// DescribeStanding.
#include "writ/analysis/standing.h"

#include <algorithm>
#include <map>
#include <utility>

#include "candidate.h"
#include "page_scope.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/witness.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

// The rows that say when a capability can be had at all.
bool IsTerm(const Table& table, const ColumnView& column) {
  if (!column.clause.valid()) return false;
  const ClauseView clause = table.Clause(column.clause);
  return clause.name == "~effective" || clause.name == "~expires" || clause.name == "~header" ||
         IsAssumption(clause.name);
}

// What can occur of each dimension, where values that are fixed settle what is worked out from
// them.
class Possible {
 public:
  Possible(const Space::Impl& space, Budget& budget) : s_(space), candidates_(space, budget) {}

  std::vector<AtomSet> Run() {
    std::vector<AtomSet> all;
    for (const DimensionInfo& info : s_.dimensions) all.push_back(info.allowed);
    const bool fixed = !s_.restriction.facts.empty() || !s_.restriction.evidence.empty();
    if (!fixed || s_.empty || s_.slots.size() > kMostSlots) return all;
    std::vector<AtomSet> found;
    for (const AtomSet& atoms : all) found.emplace_back(atoms.size());
    for (std::uint32_t bits = 0; bits < 1u << s_.slots.size(); ++bits) Under(bits, &found);
    return found;
  }

 private:
  void Under(std::uint32_t bits, std::vector<AtomSet>* found) {
    Box box;
    for (std::uint32_t i = 0; i < s_.slots.size(); ++i) {
      const bool fresh = ((bits >> i) & 1) != 0;
      if (!(fresh ? s_.slots[i].may_be_fresh : s_.slots[i].may_be_stale)) return;
      box.fresh.push_back(fresh);
    }
    for (std::uint32_t d = 0; d < s_.dimensions.size(); ++d) {
      box.atoms.push_back(s_.AllowedUnder(d, box.fresh));
      if (box.atoms.back().Empty()) return;
    }
    for (std::uint32_t c = 0; c < s_.components.size(); ++c) {
      if (s_.components[c].entangled && candidates_.Check(c, box) == Feasibility::kInfeasible)
        return;
    }
    for (std::uint32_t d = 0; d < s_.dimensions.size(); ++d) Along(d, box, &(*found)[d]);
  }

  void Along(std::uint32_t d, Box& box, AtomSet* found) {
    const std::uint32_t component = s_.dimensions[d].component;
    if (!s_.components[component].entangled) {
      *found |= box.atoms[d];
      return;
    }
    const AtomSet whole = box.atoms[d];
    for (std::uint32_t a = whole.First(); a < whole.size(); a = whole.Next(a + 1)) {
      if (found->Has(a)) continue;
      box.atoms[d] = AtomSet(whole.size());
      box.atoms[d].Add(a);
      if (candidates_.Check(component, box) != Feasibility::kInfeasible) found->Add(a);
    }
    box.atoms[d] = whole;
  }

  const Space::Impl& s_;
  Candidates candidates_;
};

class StandingFinder {
 public:
  StandingFinder(const Table& table, CapabilityId capability, const Restriction& where,
                 Budget& budget)
      : table_(table), space_(table, capability, where), s_(space_.impl()), budget_(budget) {
    term_ = can_hold_ = space_.NoColumns();
    for (std::uint32_t c = 0; c < s_.columns; ++c) {
      const bool empty = [&] {
        for (std::uint32_t d = 0; d < s_.dimensions.size(); ++d)
          if (!s_.dimensions[d].full.Has(c) && s_.AtomsOf(c, d).Empty()) return true;
        return false;
      }();
      if (empty || s_.switched_off.Has(c)) continue;
      can_hold_.Add(c);
      if (s_.column[c].kind == ColumnKind::kDecision && IsTerm(table_, s_.column[c])) term_.Add(c);
    }
  }

  Reach FindReach() {
    for (std::uint32_t c = can_hold_.First(); c < s_.columns; c = can_hold_.Next(c + 1)) {
      reach_.covered = reach_.covered || (s_.column[c].kind == ColumnKind::kDecision &&
                                          s_.column[c].clause.valid() && IsOwn(s_.column[c]));
    }
    if (space_.empty()) return reach_;
    const bool allowed = Decided(Of(Verdict::kAllow));
    ColumnSet escalations = Of(Verdict::kEscalate);
    while (!escalations.Empty()) {
      const std::uint32_t first = escalations.First();
      ColumnSet to = escalations;
      to &= space_.ColumnsTo(s_.column[first].anchor);
      if (Decided(to)) reach_.asked.push_back(s_.column[first].anchor);
      escalations -= to;
    }
    const bool escalated = !reach_.asked.empty();
    if (allowed) {
      const bool limited = escalated || Decided(Of(Verdict::kDeny)) || Undecided();
      reach_.autonomy = limited ? Autonomy::kWithinLimits : Autonomy::kAlone;
    } else if (escalated) {
      reach_.autonomy = Autonomy::kProposes;
    }
    return reach_;
  }

  Standing Describe() {
    Standing standing;
    FindReach();
    if (FactId fact; space_.forced_builtin(&fact) != BuiltinRow::kNone) {
      standing.builtin = space_.forced_builtin();
      standing.builtin_fact = table_.Fact(fact).name;
    }
    const PageScope scope{space_, Deciding(), Possible(s_, budget_).Run()};
    standing.page = DescribeScope(scope);
    std::vector<PageRow> rows = std::exchange(standing.page.rows, {});
    for (PageRow& row : rows) {
      Own(&row);
      if (term_.Has(row.columns.front())) {
        standing.term.push_back(std::move(row));
        continue;
      }
      standing.examples.push_back(ExampleOf(row));
      standing.page.rows.push_back(std::move(row));
    }
    for (PageRow& row : standing.page.duties) Own(&row);
    std::erase_if(standing.page.authorities,
                  [](const PageAuthority& a) { return a.roles.empty(); });
    if (standing.builtin == BuiltinRow::kNone) Undecided();
    standing.reach = std::move(reach_);
    return standing;
  }

 private:
  bool IsOwn(const ColumnView& column) const {
    return table_.Clause(column.clause).name != "~no_authority" && column.authority.valid() &&
           !IsTerm(table_, column);
  }

  // Columns that may decide so, those of the term aside.
  ColumnSet Of(Verdict verdict) const {
    ColumnSet set = space_.ColumnsWith(verdict);
    set &= can_hold_;
    return set -= term_;
  }

  bool Decided(const ColumnSet& winners) {
    if (winners.Empty()) return false;
    Where where;
    where.winner = winners;
    where.none_of = term_;
    return Found(FindWhere(space_, where, budget_));
  }

  // Some request that no row decides.
  bool Undecided() {
    if (!reach_.undecided) {
      Where where;
      where.none_of = space_.DecisionColumns();
      reach_.undecided = Found(FindWhere(space_, where, budget_));
    }
    return reach_.undecided;
  }

  bool Found(const Answer& answer) {
    if (answer.outcome == Outcome::kUnknown) reach_.open = answer.why;
    return answer.outcome == Outcome::kFound;
  }

  // The columns that decide some request, and the annotations that can hold.
  ColumnSet Deciding() {
    ColumnSet found = space_.NoColumns();
    if (space_.empty()) return found;
    ColumnSet open = space_.DecisionColumns();
    open &= can_hold_;
    while (!open.Empty()) {
      Where where;
      where.winner = open;
      const Answer answer = FindWhere(space_, where, budget_);
      if (answer.outcome == Outcome::kNone) break;
      if (!Found(answer)) {  // any of them may decide
        found |= open;
        break;
      }
      const std::uint32_t winner = answer.witness->decision.column;
      open.Remove(winner);
      found.Add(winner);
      examples_.emplace(winner, analysis::Describe(table_, *answer.witness));
    }
    KeepSwitches(&found);
    for (std::uint32_t c = s_.matrix.decision_column_count(); c < s_.columns; ++c) {
      const ColumnKind kind = s_.column[c].kind;
      if (kind != ColumnKind::kNote && kind != ColumnKind::kNotify) continue;
      if (can_hold_.Has(c) && MayHold(c)) found.Add(c);
    }
    return found;
  }

  // An `allow when` that never decides still keeps an `otherwise` from taking part.
  void KeepSwitches(ColumnSet* found) {
    if (!found->Meets(s_.otherwise)) return;
    for (std::uint32_t c = s_.allow_when.First(); c < s_.columns; c = s_.allow_when.Next(c + 1)) {
      if (!found->Has(c) && can_hold_.Has(c) && MayHold(c)) found->Add(c);
    }
  }

  bool MayHold(std::uint32_t column) {
    Where where;
    where.holds = {space_.NoColumns()};
    where.holds[0].Add(column);
    const Answer answer = FindWhere(space_, where, budget_);
    return Found(answer) || answer.outcome == Outcome::kUnknown;
  }

  // The page is about one role.
  void Own(PageRow* row) const {
    row->other_roles = false;
    row->roles.clear();
    for (const RoleId role : s_.restriction.roles) {
      if (role.value < table_.role_count()) row->roles.emplace_back(table_.Role(role).name);
    }
  }

  std::string ExampleOf(const PageRow& row) const {
    for (const std::uint32_t c : row.columns) {
      const auto found = examples_.find(c);
      if (found != examples_.end()) return found->second;
    }
    return {};
  }

  const Table& table_;
  const Space space_;
  const Space::Impl& s_;
  Budget& budget_;
  ColumnSet term_, can_hold_;
  std::map<std::uint32_t, std::string> examples_;  // by column that decides
  Reach reach_;
};

}  // namespace

const char* Name(Autonomy autonomy) {
  static constexpr const char* kNames[] = {"never", "only proposes", "within limits", "alone"};
  return kNames[static_cast<std::size_t>(autonomy)];
}

Reach FindReach(const Table& table, CapabilityId capability, const Restriction& where,
                Budget& budget) {
  return StandingFinder(table, capability, where, budget).FindReach();
}

Standing DescribeStanding(const Table& table, CapabilityId capability, const Restriction& where,
                          Budget& budget) {
  return StandingFinder(table, capability, where, budget).Describe();
}

}  // namespace writ::analysis
