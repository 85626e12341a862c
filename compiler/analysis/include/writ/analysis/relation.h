// Invariants about two decisions of one table: of two capabilities, asked by one role with the same
// facts; or of one capability, for two values of one fact.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "writ/analysis/coverage.h"
#include "writ/analysis/region.h"
#include "writ/analysis/witness.h"
#include "writ/runtime/table.h"

namespace writ::analysis {

// A pair of requests that breaks it. Both are complete requests of the table; what both read is the
// same in both, but for the fact of kMonotone.
struct RelationBreach {
  std::array<Witness, 2> request;  // each with its decision
  std::string shared;              // what matters in both, in words; empty: any request
};

struct RelationAnswer {
  Outcome outcome = Outcome::kUnknown;  // kNone: it holds, proved
  std::optional<RelationBreach> breach;
  std::string why;  // kUnknown
};

// Asked of the table as in force, with a header that is valid or not there, of requests that are
// well formed for both and have the inputs that either requires. Meters are free inputs, and the
// same for both requests; one that takes this request in takes in what each of the two gives.
[[nodiscard]] RelationAnswer FindRelationBreach(const runtime::Table&, const runtime::RelationView&,
                                                Budget&);

// As written: "allow refund implies allow look", "monotone amount for refund".
[[nodiscard]] std::string RelationText(const runtime::Table&, const runtime::RelationView&);
// How one of the two requests comes out: "refund: allow", "amount = 200 EUR: deny".
[[nodiscard]] std::string SideText(const runtime::Table&, const runtime::RelationView&,
                                   const RelationBreach&, std::size_t side);

}  // namespace writ::analysis
