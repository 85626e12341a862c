// Regions, invariants and examples: what a policy says about itself.
#pragma once

#include <vector>

#include "authority.h"
#include "expr.h"

namespace writ::compiler::check {

struct Claims {
  std::vector<Region> regions;        // ascending by name
  std::vector<Invariant> invariants;  // ascending by name
  std::vector<Example> examples;      // as written, the compiled policy's first
};

[[nodiscard]] Claims CheckClaims(const Words&, const Deeds&, const Facts&, const Authorities&,
                                 ExprChecker&, AuthorityChecker&, Reporter&);

}  // namespace writ::compiler::check
