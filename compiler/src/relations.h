// Invariants as a table carries them.
#pragma once

#include <vector>

#include "writ/compiler/program.h"

namespace writ::compiler {

// The verdicts of an invariant's columns: what must not come out where its condition is true. Of
// one that is about two decisions, which only says where it is asked: allow.
[[nodiscard]] std::vector<Verdict> Forbidden(const Invariant&);

// Whether the invariant's condition has columns in this capability's matrix, if it can be read
// there.
[[nodiscard]] bool AsksAbout(const Invariant&, CapabilityId);

// Of `implies` one for each pair of both sides, of `disjoint` one for each two of its capabilities,
// of `monotone` one for each capability. REQUIRES: the names of the invariants are in
// `vocabulary`, ascending, as `invariants` are.
[[nodiscard]] std::vector<table::Relation> RelationsOf(const std::vector<Invariant>& invariants,
                                                       const table::Model& vocabulary);

}  // namespace writ::compiler
