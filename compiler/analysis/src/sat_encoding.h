// A space as clauses: which atom each dimension has, which columns hold, who decides.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "sat_solver.h"
#include "solve.h"
#include "space_impl.h"
#include "writ/analysis/bits.h"

namespace writ::analysis {

// Which of some columns decides: the first that holds and takes part.
struct Deciding {
  std::vector<Literal> by_column;  // it decides; kFalse of columns that have no part
  Literal none = kTrueLiteral;     // none of them does
};

class SatEncoding {
 public:
  // Borrows all. `allowed`: one set a dimension, none empty. `relevant`: the columns that the goal
  // looks at.
  SatEncoding(const Space::Impl&, const std::vector<AtomSet>& allowed, const ColumnSet& relevant,
              SatSolver&);

  Literal Holds(std::uint32_t column);
  // The column holds and takes part: an `otherwise` does not where one of `allow_when` holds.
  Literal TakesPart(std::uint32_t column, const ColumnSet& otherwise, const ColumnSet& allow_when);
  Deciding Decide(const ColumnSet& columns, const ColumnSet& otherwise,
                  const ColumnSet& allow_when);
  Literal AnyHolds(const ColumnSet&);

  Literal And(Literal, Literal);
  Literal And(std::vector<Literal>);
  Literal Or(std::vector<Literal>);
  void Require(std::span<const Literal> clause) { solver_.Add(clause); }
  void Require(std::initializer_list<Literal> clause) { solver_.Add(clause); }

  // The atoms and freshness that the solver has chosen: all atoms of a dimension that look the same
  // to the relevant columns.
  Box Chosen() const;
  // From now on not all of this: the component's atoms in `box`, with its evidence as there.
  // Dimensions in `free` may be anything.
  void Forbid(const Component&, const Box& box, const std::vector<bool>& free);
  // From now on not all of this.
  void ForbidAll(const Box& box);

 private:
  // Atoms that no relevant column tells apart, in order; the first k of the parts hold its atom:
  // below[k].
  struct Line {
    bool used = false;
    std::vector<AtomSet> parts;
    std::vector<Literal> below;  // parts.size() + 1: false, one variable a cut, true
    std::vector<Literal> is;     // parts.size(); 0: not asked yet
    bool ordered = false;
  };

  void MakeLine(std::uint32_t d);
  bool SameToAll(std::uint32_t d, std::uint32_t a, std::uint32_t b) const;
  void TieToEvidence(std::uint32_t d);
  Literal Is(Line&, std::size_t part);
  // The atom of dimension `d` is in a part that lies within these.
  Literal In(std::uint32_t d, const AtomSet&);
  Literal InRuns(Line&, const std::vector<bool>& member);

  const Space::Impl& s_;
  const std::vector<AtomSet>& allowed_;
  const ColumnSet& relevant_;
  SatSolver& solver_;
  std::vector<Line> lines_;     // by dimension
  std::vector<Literal> fresh_;  // by slot
  std::vector<Literal> holds_;  // by column; 0: not asked yet
  std::map<std::pair<Literal, Literal>, Literal> ands_;
  std::map<std::pair<std::uint32_t, std::vector<bool>>, Literal> members_;
};

}  // namespace writ::analysis
