// Mistakes are made in the rows, not in the text: what a clause means is what its rows are, so no
// mutant is one that only reads otherwise. Entry point: ForEachMutant.
#include "mutate.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "boundaries.h"
#include "rank.h"
#include "writ/analysis/space.h"

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
    const auto is_written = [&](ClauseId clause) {  // examples do not range over what is assumed
      return base_.clauses[clause.value].line != 0 &&
             !analysis::IsAssumption(base_.clauses[clause.value].name);
    };
    for (const table::Column& column : Matrix().columns) {
      if (column.kind == ColumnKind::kDecision && column.clause.valid() &&
          is_written(column.clause))
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
    Make({MutantKind::kDroppedRow, clause, "the row is gone"}, [&](table::Model&,
                                                                   table::Matrix& matrix) {
      std::erase_if(matrix.columns, [&](const table::Column& c) { return DecidesFor(c, clause); });
    });
  }

  void Flip(ClauseId clause) {
    const auto first = std::ranges::find_if(Matrix().columns, [&](const table::Column& c) {
      return DecidesFor(c, clause) && (c.flags & kColumnUnknown) == 0;
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
        if (!DecidesFor(c, clause) || c.verdict != first->verdict) continue;
        c.verdict = verdict;
        c.anchor = denies ? anchor : AnchorId{};
        c.flags &= static_cast<std::uint8_t>(~kColumnAllowWhen);
      }
    });
  }

  void DropConditions(ClauseId clause) {
    for (const std::uint32_t d : ConstrainedBy(Matrix(), clause)) {
      Make(About(d, MutantKind::kDroppedCondition, clause, "whatever " + NameOf(d) + " is"),
           [&](table::Model&, table::Matrix& matrix) {
             for (table::Column& column : matrix.columns) {
               if (!DecidesFor(column, clause)) continue;
               std::erase_if(column.constraints,
                             [&](const table::Constraint& c) { return c.dimension == d; });
             }
           });
    }
  }

  void MoveThresholds(ClauseId clause) {
    for (const std::uint32_t d : ConstrainedBy(Matrix(), clause)) {
      for (const std::int64_t cut : CutsOf(base_, Matrix(), clause, d)) {
        for (const std::int64_t step : {-1, 1}) {
          if (!CanMove(cut)) continue;
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

  std::string NameOf(std::uint32_t d) const { return DimensionName(base_, Matrix(), d); }
  std::string Value(std::uint32_t d, std::int64_t number) const {
    return DimensionValue(base_, Matrix(), d, number);
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
