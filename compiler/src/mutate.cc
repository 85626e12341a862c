// Mistakes are made in the rows, not in the text: what a clause means is what its rows are, so no
// mutant is one that only reads otherwise. Entry point: ForEachMutant.
#include "mutate.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "rank.h"
#include "writ/analysis/witness.h"

namespace writ::compiler {

using table::DimensionKind;

namespace {

class Mutator {
 public:
  using Use = std::function<void(const MadeMutant&, const table::Model&)>;

  Mutator(const table::Model& model, CapabilityId capability, const Use& use)
      : base_(model), capability_(capability), use_(use), rank_(RankAnchors(model.anchors)) {
    const table::Matrix own = model.matrices[capability.value];
    base_.matrices.assign(base_.matrices.size(), {});
    base_.matrices[capability.value] = own;
  }

  void Run() {
    std::set<std::uint32_t> clauses;
    for (const table::Column& column : Matrix().columns) {
      if (column.kind == ColumnKind::kDecision && column.clause.valid() &&
          base_.clauses[column.clause.value].line != 0)
        clauses.insert(column.clause.value);
    }
    for (const std::uint32_t clause : clauses) {
      DropRow(ClauseId{clause});
      Flip(ClauseId{clause});
      DropConditions(ClauseId{clause});
      MoveThresholds(ClauseId{clause});
    }
  }

 private:
  const table::Matrix& Matrix() const { return base_.matrices[capability_.value]; }
  static bool Of(const table::Column& column, ClauseId clause) {
    return column.kind == ColumnKind::kDecision && column.clause == clause;
  }

  // Gives out a copy that `change` has changed.
  template <typename Change>
  void Make(MadeMutant made, Change change) {
    table::Model mutant = base_;
    change(mutant, mutant.matrices[capability_.value]);
    Sort(mutant.matrices[capability_.value]);
    use_(made, mutant);
  }

  // About one dimension.
  MadeMutant About(std::uint32_t dimension, MutantKind kind, ClauseId clause,
                   std::string what) const {
    const table::Dimension& d = Matrix().dimensions[dimension];
    MadeMutant made{kind, clause, std::move(what)};
    if (d.kind == DimensionKind::kFact) made.fact = FactId{d.index};
    made.role = d.kind == DimensionKind::kRole;
    return made;
  }

  // Most restrictive first; rows that were in order stay so.
  void Sort(table::Matrix& matrix) const {
    const auto end = std::ranges::find_if(
        matrix.columns, [](const table::Column& c) { return c.kind != ColumnKind::kDecision; });
    const auto rank = [&](const table::Column& c) {
      return c.verdict == Verdict::kEscalate ? rank_[c.anchor.value] : 0;
    };
    std::stable_sort(matrix.columns.begin(), end,
                     [&](const table::Column& a, const table::Column& b) {
                       return a.verdict != b.verdict ? a.verdict > b.verdict : rank(a) < rank(b);
                     });
  }

  void DropRow(ClauseId clause) {
    Make({MutantKind::kDroppedRow, clause, "the row is gone"},
         [&](table::Model&, table::Matrix& matrix) {
           std::erase_if(matrix.columns, [&](const table::Column& c) { return Of(c, clause); });
         });
  }

  void Flip(ClauseId clause) {
    const auto first = std::ranges::find_if(Matrix().columns, [&](const table::Column& c) {
      return Of(c, clause) && (c.flags & kColumnUnknown) == 0;
    });
    if (first == Matrix().columns.end()) return;
    const AnchorId anchor =
        first->authority.valid() ? base_.authorities[first->authority.value].anchor : AnchorId{};
    const bool denies = first->verdict == Verdict::kDeny;
    if (denies && !anchor.valid()) return;
    const Verdict verdict = denies ? Verdict::kEscalate : Verdict::kDeny;
    const std::string what =
        denies ? "it escalates to `" + base_.anchors[anchor.value].name + "` instead of denying"
               : "it denies";
    Make({MutantKind::kFlippedDecision, clause, what}, [&](table::Model&, table::Matrix& matrix) {
      for (table::Column& c : matrix.columns) {
        if (!Of(c, clause) || c.verdict != first->verdict) continue;
        c.verdict = verdict;
        c.anchor = denies ? anchor : AnchorId{};
        c.flags &= static_cast<std::uint8_t>(~kColumnAllowWhen);
      }
    });
  }

  std::string NameOf(std::uint32_t dimension) const {
    const table::Dimension& d = Matrix().dimensions[dimension];
    switch (d.kind) {
      case DimensionKind::kFact:
        return "`" + base_.facts[d.index].name + "`";
      case DimensionKind::kRole:
        return "the role";
      case DimensionKind::kEvidence:
        return "evidence `" + base_.evidence[d.index].name + "`";
      case DimensionKind::kDerived:
        break;
    }
    return "a worked-out value";
  }

  std::set<std::uint32_t> Constrained(ClauseId clause) const {
    std::set<std::uint32_t> dimensions;
    for (const table::Column& column : Matrix().columns) {
      if (!Of(column, clause)) continue;
      for (const table::Constraint& c : column.constraints) dimensions.insert(c.dimension);
    }
    return dimensions;
  }

  void DropConditions(ClauseId clause) {
    for (const std::uint32_t d : Constrained(clause)) {
      Make(About(d, MutantKind::kDroppedCondition, clause, "whatever " + NameOf(d) + " is"),
           [&](table::Model&, table::Matrix& matrix) {
             for (table::Column& column : matrix.columns) {
               if (!Of(column, clause)) continue;
               std::erase_if(column.constraints,
                             [&](const table::Constraint& c) { return c.dimension == d; });
             }
           });
    }
  }

  // The cuts at which some row of the clause begins or ends.
  std::set<std::int64_t> Boundaries(ClauseId clause, std::uint32_t d) const {
    const table::AtomMap& map = base_.atom_maps[Matrix().dimensions[d].atoms.value];
    std::set<std::int64_t> cuts;
    if (map.kind != AtomMapKind::kCuts) return cuts;
    for (const table::Column& column : Matrix().columns) {
      if (!Of(column, clause)) continue;
      for (const table::Constraint& c : column.constraints) {
        for (std::uint32_t a = 1; c.dimension == d && a + 1 < c.atoms.size(); ++a)
          if (c.atoms[a] != c.atoms[a + 1]) cuts.insert(map.cuts[a - 1]);
      }
    }
    return cuts;
  }

  void MoveThresholds(ClauseId clause) {
    for (const std::uint32_t d : Constrained(clause)) {
      for (const std::int64_t cut : Boundaries(clause, d)) {
        for (const std::int64_t step : {-1, 1}) {
          if (cut <= std::numeric_limits<std::int64_t>::min() + 1 ||
              cut >= std::numeric_limits<std::int64_t>::max() - 1)
            continue;
          Make(
              About(d, MutantKind::kMovedThreshold, clause,
                    NameOf(d) + " cut at " + Value(d, cut + step) + " instead of " + Value(d, cut)),
              [&](table::Model& model, table::Matrix& matrix) {
                MoveCut(model, matrix, clause, d, cut, step);
              });
        }
      }
    }
  }

  std::string Value(std::uint32_t dimension, std::int64_t number) const {
    const table::Dimension& d = Matrix().dimensions[dimension];
    if (d.kind != DimensionKind::kFact) return std::to_string(number);
    const table::Fact& fact = base_.facts[d.index];
    return analysis::FormatNumber(fact.type, fact.unit, fact.scale, number);
  }

  // The sliver between the old and the new cut becomes an atom of its own; the clause's rows take
  // it from the side to which the cut moves.
  static void MoveCut(table::Model& model, table::Matrix& matrix, ClauseId clause, std::uint32_t d,
                      std::int64_t cut, std::int64_t step) {
    table::AtomMap map = model.atom_maps[matrix.dimensions[d].atoms.value];
    const std::int64_t moved = cut + step;
    const auto at = std::ranges::lower_bound(map.cuts, moved);
    const bool is_new = at == map.cuts.end() || *at != moved;
    const auto place = static_cast<std::size_t>(at - map.cuts.begin());
    if (is_new) map.cuts.insert(at, moved);
    const auto lower = static_cast<std::size_t>(
        std::ranges::lower_bound(map.cuts, std::min(cut, moved)) - map.cuts.begin());
    // Atom lower + 1 lies below the lower of both cuts, lower + 2 between them, lower + 3 above.
    for (table::Column& column : matrix.columns) {
      for (table::Constraint& c : column.constraints) {
        if (c.dimension != d) continue;
        if (is_new)
          c.atoms.insert(c.atoms.begin() + static_cast<std::ptrdiff_t>(place + 1),
                         c.atoms[place + 1]);
        if (!Of(column, clause)) continue;
        c.atoms[lower + 2] = step > 0 ? c.atoms[lower + 1] : c.atoms[lower + 3];
      }
    }
    matrix.dimensions[d].atoms = {static_cast<std::uint32_t>(model.atom_maps.size())};
    model.atom_maps.push_back(std::move(map));
  }

  table::Model base_;  // with this one matrix
  const CapabilityId capability_;
  const Use& use_;
  const std::vector<std::uint32_t> rank_;
};

}  // namespace

void ForEachMutant(const table::Model& model, CapabilityId capability,
                   const std::function<void(const MadeMutant&, const table::Model&)>& use) {
  Mutator(model, capability, use).Run();
}

}  // namespace writ::compiler
