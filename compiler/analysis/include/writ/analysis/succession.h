// A policy and the version that it amends, as one table: cases that began before a date are decided
// by the older version, all others by the newer one (docs/semantics.md, M23.4).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "writ/runtime/table.h"
#include "writ/table/model.h"

namespace writ::analysis {

// When a case began: its first event or committed capability of a kind; until there is one, now.
struct CaseDate {
  runtime::FactId first;     // of the newer table: a meter of times
  std::int64_t date_ms = 0;  // the first instant at which a case is a new one
  std::string clause;  // the newer table's clause that denies what began before; it has no row
                       // in the result
};

// What a succession has of the older version alone is called NAME@VERSION, with the older table's
// version. The numbers of the newer table's vocabulary, authorities and clauses stay what they are.
//
// Rows that both have, in all that they say, stand once; any other row only holds for the cases of
// its version. Errors: what both have, by one name, and mean differently (the types of facts, the
// inputs of capabilities, how evidence and meters are kept), a line each; no table could tell the
// cases apart by such values.
[[nodiscard]] std::expected<table::Model, std::vector<std::string>> Succeed(
    const runtime::Table& newer, const runtime::Table& older, const CaseDate&);

}  // namespace writ::analysis
