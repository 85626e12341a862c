// Questions about one capability, each answered as: none exists (proved), here is one, or unknown.
//
// Every witness was confirmed by the runtime. "None" quantifies over all requests that meet the
// space's restriction and pass the builtin rows (well-formed values, required inputs given); meters
// are free inputs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "writ/analysis/bits.h"
#include "writ/analysis/region.h"
#include "writ/analysis/space.h"
#include "writ/analysis/witness.h"

namespace writ::analysis {

enum class Outcome : std::uint8_t {
  kNone = 0,     // proved: no such request
  kFound = 1,    // `witness` is one
  kUnknown = 2,  // `why` says what ran out; never a pass
};

struct Answer {
  Outcome outcome = Outcome::kUnknown;
  std::optional<Witness> witness;
  std::string
      why;  // kUnknown: "the budget of 50000000 steps ran out", "values of `a`, `b` are entangled"
  std::uint64_t steps = 0;
};

// A request that no decision column contains. kNone: the capability is total.
Answer FindUndecided(const Space&, Budget&);

// What a request has to be like. All parts hold at once.
struct Where {
  std::vector<ColumnSet> holds;         // of each set at least one column holds
  std::optional<ColumnSet> none_of;     // none of these holds
  std::optional<ColumnSet> winner;      // the winning column is one of these
  std::optional<ColumnSet> not_winner;  // the winning column is none of these, or there is none
};
Answer FindWhere(const Space&, const Where&, Budget&);

// A request in which a column of `a` and one of `b` hold, and no `deny` column does (a deny settles
// it anyway).
Answer FindBoth(const Space&, const ColumnSet& a, const ColumnSet& b, Budget&);

// Breaks `never VERDICT when C`: invariant column set and winner of that verdict.
Answer FindInvariantBreach(const Space&, std::uint32_t invariant, Budget&);

// Whether a clause changes a decision: a request whose verdict or anchor would differ without these
// columns.
struct Effect {
  Answer answer;  // kFound: it matters, and here; kNone: it never does
  std::vector<std::uint32_t>
      hidden_by;  // kNone: columns that decide the same or more strictly wherever it holds
};
Effect ColumnsMatter(const Space&, const ColumnSet& columns, Budget&);
Effect ClauseMatters(const Space&, runtime::ClauseId, Budget&);
// The clauses with decision columns, in the order of their first column, each with its effect.
struct ClauseEffect {
  runtime::ClauseId clause;
  Effect effect;
};
std::vector<ClauseEffect> AllClausesMatter(const Space&, Budget&);

// What an example says must come out. Put what it gives into the space's restriction (see Quiet).
struct Expectation {
  runtime::Verdict verdict = runtime::Verdict::kAllow;
  runtime::AnchorId anchor;                               // kEscalate: to this one; invalid: to any
  runtime::AuthorityId under;                             // invalid: not asked
  std::optional<std::vector<runtime::ClauseId>> because;  // the winning clause is one of these
  std::optional<ColumnSet> outside;  // nothing is said where one of these columns holds
};
// A request of the space that comes out otherwise. kNone: the example holds.
Answer FindCounterexample(const Space&, const Expectation&, Budget&);

// One-call forms of the above.
Answer FindUndecided(const runtime::Table&, runtime::CapabilityId, const Restriction&, Budget&);
Answer CheckExample(const runtime::Table&, runtime::CapabilityId, const Restriction&,
                    const Expectation&, Budget&);

}  // namespace writ::analysis
