// What is searched for: a condition on the set of columns that hold.
#pragma once

#include <cstdint>
#include <vector>

#include "space_impl.h"
#include "writ/analysis/bits.h"
#include "writ/analysis/coverage.h"

namespace writ::analysis {

class SatEncoding;

enum class Judgement : std::uint8_t { kNo = 0, kYes = 1, kOpen = 2 };

// A condition on column sets that can be judged early. `maybe` has the columns that may still hold,
// `touch` those that later dimensions still constrain: `maybe` without `touch` holds for certain.
// INVARIANT: with an empty `touch`, Judge never answers kOpen.
class Goal {
 public:
  virtual ~Goal() = default;
  // The columns that can influence the answer.
  virtual ColumnSet Relevant() const = 0;
  // kNo: no completion is one; kYes: every completion is. Takes columns out of `maybe` that no
  // longer matter.
  virtual Judgement Judge(std::uint64_t* maybe, const std::uint64_t* touch) const = 0;
  // The same as clauses: they are met where the columns that hold are a solution.
  virtual void Encode(SatEncoding*) const = 0;
};

// `Where`, see coverage.h.
class WhereGoal : public Goal {
 public:
  WhereGoal(const Space::Impl&, const Where&);
  ColumnSet Relevant() const override;
  Judgement Judge(std::uint64_t* maybe, const std::uint64_t* touch) const override;
  void Encode(SatEncoding*) const override;

 private:
  struct Scan {
    bool allow_when_open = false;  // some `allow when` may hold, none does for certain
    std::uint32_t settled =
        0;  // the first column that decides for certain; columns if there is none
  };
  Scan Look(std::uint64_t* maybe, const std::uint64_t* touch) const;
  Judgement JudgeWinner(const std::uint64_t* maybe, const Scan&) const;
  void Drop(std::uint64_t* maybe, const Scan&, const std::vector<std::uint32_t>& met) const;

  const Space::Impl& s_;
  const Where where_;
};

// A decision that would differ without `removed`: verdict, or anchor of an escalation. The column
// `holds` holds and none of `none_of` does.
class MattersGoal : public Goal {
 public:
  MattersGoal(const Space::Impl&, const ColumnSet& removed, std::uint32_t holds,
              const ColumnSet& none_of);
  ColumnSet Relevant() const override;
  Judgement Judge(std::uint64_t* maybe, const std::uint64_t* touch) const override;
  void Encode(SatEncoding*) const override;

 private:
  bool Differs(const std::uint64_t* set) const;
  std::uint32_t Winner(const std::uint64_t* set, bool without_removed) const;

  const Space::Impl& s_;
  const ColumnSet removed_;
  const std::uint32_t holds_;
  const ColumnSet none_of_;
  bool lifts_;  // an `otherwise` may come back when `removed` goes
};

// Whether two columns decide the same: verdict, and anchor of an escalation.
bool SameOutcome(const runtime::ColumnView& a, const runtime::ColumnView& b);

}  // namespace writ::analysis
