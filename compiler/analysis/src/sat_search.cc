// The search for a request by clauses.
//
// The goal and all that it stands on become clauses (sat_encoding.cc); a model of them gives each
// dimension its atoms. As in the other searches, worked-out values are only names there: whether a
// component's atoms can occur together is asked of the solver of values. Where they cannot, as many
// dimensions as possible are freed while they still cannot, and what is left is forbidden by one
// clause (refinement by counterexamples: E. Clarke et al. 2000; minimal cores by deletion); then
// the search goes on. No model left is the proof that there is no such request.
//
// Entry point: FindBySat.
#include "sat_search.h"

#include <algorithm>
#include <utility>

#include "sat_encoding.h"
#include "sat_solver.h"

namespace writ::analysis {

namespace {

constexpr std::uint64_t kStepsPerConflict = 200;
constexpr std::uint64_t kStepsPerConflictOfClauses = 500;  // this many clauses cost one step more
constexpr std::uint64_t kClausesPerStep = 16;              // to write them down
constexpr std::size_t kMostOpen = 32;  // boxes that could be neither shown nor ruled out

class SatSearch {
 public:
  SatSearch(const Space::Impl& space, const Goal& goal, const std::vector<AtomSet>* within,
            Candidates& candidates, Budget& budget)
      : s_(space),
        goal_(goal),
        candidates_(candidates),
        budget_(budget),
        relevant_(goal.Relevant()) {
    for (std::uint32_t d = 0; d < space.dimensions.size(); ++d) {
      allowed_.push_back(space.dimensions[d].allowed);
      if (within != nullptr) allowed_[d] &= (*within)[d];
    }
  }

  std::optional<Answer> Run() {
    Answer answer;
    answer.outcome = Outcome::kNone;
    const bool empty = std::ranges::any_of(allowed_, [](const AtomSet& a) { return a.Empty(); });
    if (s_.empty || empty) return answer;
    if (!Affordable()) return std::nullopt;
    SatEncoding encoding(s_, allowed_, relevant_, solver_);
    goal_.Encode(&encoding);
    if (!budget_.Spend(solver_.clauses() / kClausesPerStep)) return std::nullopt;
    for (std::size_t open = 0; open < kMostOpen;) {
      const SatSolver::Result result = Solve();
      if (result == SatSolver::Result::kUnknown) return std::nullopt;
      if (result == SatSolver::Result::kImpossible) {
        if (candidates_.open().empty()) return answer;
        break;
      }
      const Box box = encoding.Chosen();
      const Candidates::Result tried = candidates_.Try(goal_, box);
      if (tried.kind == Candidates::Kind::kWitness) {
        answer.outcome = Outcome::kFound;
        answer.witness = candidates_.TakeWitness();
        return answer;
      }
      if (budget_.exhausted()) return std::nullopt;
      if (tried.kind == Candidates::Kind::kImpossible) {
        Refine(tried.component, box, &encoding);
      } else {
        encoding.ForbidAll(box);
        ++open;
      }
    }
    answer.outcome = Outcome::kUnknown;
    answer.why = candidates_.open();
    return answer;
  }

 private:
  std::uint64_t left() const {
    return budget_.limit > budget_.used ? budget_.limit - budget_.used : 0;
  }

  // A clause for each atom that a column asks about, at most.
  bool Affordable() const {
    std::uint64_t clauses = 0;
    for (const DimensionInfo& info : s_.dimensions) {
      ColumnSet constrained = relevant_;
      constrained -= info.full;
      clauses += 2 * std::uint64_t{constrained.Count()} + 3 * info.allowed.size();
    }
    return clauses / kClausesPerStep < left();
  }

  // Ever longer, so that what is not used of the last stretch is not charged.
  SatSolver::Result Solve() {
    const std::uint64_t cost = kStepsPerConflict + solver_.clauses() / kStepsPerConflictOfClauses;
    std::uint64_t stretch = 64;
    while (true) {
      const std::uint64_t most = left() / cost;
      if (most == 0) return SatSolver::Result::kUnknown;
      const std::uint64_t before = solver_.conflicts();
      const SatSolver::Result result = solver_.Solve(std::min(stretch, most));
      budget_.Spend(1 + (solver_.conflicts() - before) * cost);
      if (result != SatSolver::Result::kUnknown) return result;
      stretch = std::min<std::uint64_t>(2 * stretch, 1 << 20);
      if (solver_.conflicts() == before) budget_.Spend(cost);
    }
  }

  // Frees dimension after dimension of the component as long as no values are left.
  void Refine(std::uint32_t c, const Box& found, SatEncoding* encoding) {
    const Component& component = s_.components[c];
    Box box = found;
    std::vector<bool> free(allowed_.size(), false);
    for (const std::uint32_t d : component.dimensions) {
      Box wider = box;
      wider.atoms[d] = allowed_[d];
      if (budget_.exhausted()) break;
      if (candidates_.Check(c, wider) != Feasibility::kInfeasible) continue;
      box = std::move(wider);
      free[d] = true;
    }
    for (const std::uint32_t d : component.dimensions)
      if (!free[d]) Stretch(c, d, &box);
    encoding->Forbid(component, box, free);
  }

  // Takes in the atoms below, and those above, as far as there are no values.
  void Stretch(std::uint32_t c, std::uint32_t d, Box* box) {
    for (const bool up : {false, true}) {
      // The reach that is known to be fine, and the first that is not.
      std::uint32_t fine = 0, reach = allowed_[d].size() + 1;
      const AtomSet from = box->atoms[d];
      while (reach - fine > 1 && !budget_.exhausted()) {
        const std::uint32_t middle = fine + (reach - fine) / 2;
        Box wider = *box;
        wider.atoms[d] = Reached(d, from, up, middle);
        if (wider.atoms[d] == Reached(d, from, up, fine)) {
          fine = middle;
        } else if (candidates_.Check(c, wider) == Feasibility::kInfeasible) {
          fine = middle;
        } else {
          reach = middle;
        }
      }
      box->atoms[d] = Reached(d, from, up, fine);
    }
  }

  // Missing is no neighbour of the lowest value.
  AtomSet Reached(std::uint32_t d, const AtomSet& from, bool up, std::uint32_t reach) const {
    AtomSet atoms = from;
    const std::uint32_t first = from.First();
    std::uint32_t last = first;
    for (std::uint32_t a = first; a < from.size(); a = from.Next(a + 1)) last = a;
    for (std::uint32_t a = allowed_[d].Next(1); a < allowed_[d].size();
         a = allowed_[d].Next(a + 1)) {
      if (first == 0) break;
      if (up ? a > last && a - last <= reach : a < first && first - a <= reach) atoms.Add(a);
    }
    return atoms;
  }

  const Space::Impl& s_;
  const Goal& goal_;
  Candidates& candidates_;
  Budget& budget_;
  const ColumnSet relevant_;
  std::vector<AtomSet> allowed_;
  SatSolver solver_;
};

}  // namespace

std::optional<Answer> FindBySat(const Space::Impl& space, const Goal& goal,
                                const std::vector<AtomSet>* within, Candidates& candidates,
                                Budget& budget) {
  return SatSearch(space, goal, within, candidates, budget).Run();
}

}  // namespace writ::analysis
