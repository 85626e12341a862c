// The typed syntax tree as JSON: the printable form of the parser's output, and what the oracle
// reads.
//
// The format is mechanical, so that a reader of `ast.h` knows it:
//   struct      an object; its keys are the names of the fields, sorted
//   Name, Text  a string (its `text`)
//   enum        the enumerator in snake_case without its `k`: kThinkSupport "think_support",
//               kLessEqual "less_equal", kInSet "in_set", kMoney "money"
//   vector      an array
//   left out    an absent optional, `false`, an empty vector, an empty string that is a plain
//   std::string field numbers     as numbers (`scale` of a decimal type) Span        "at": [begin,
//   end) in bytes, on declarations, clauses and expressions only Declaration the object of its
//   struct with "decl": the struct's name in snake_case ("threshold",
//               "type_alias", "facts", "evidence", "role", "anchor", "capability", "let", "meter",
//               "group", "pressure", "event", "delegation", "grant", "guard", "region",
//               "invariant", "sample", "example")
//   Ast         {"policies": […]}
// Enums are always written, whatever their value; in an Expr, `op` only where it is a comparison,
// and in a Clause, `otherwise` only where it is an `otherwise`. Clauses (also those in `blocks`)
// and the `let` of a clause carry "at". A literal is {"kind", "text", "unit", "words"}.
//
// Example, `limit amount <= 200 EUR`:
//   {"at": [10, 34], "kind": "limit", "condition": {"at": [16, 34], "kind": "compare", "op":
//   "less_equal",
//    "operands": [{"at": […], "kind": "name", "name": "amount"},
//                 {"at": […], "kind": "literal", "literal": {"kind": "money", "text": "200",
//                 "unit": "EUR"}}]}}
#pragma once

#include <string>

#include "writ/lang/ast.h"

namespace writ::lang {

// Deterministic: equal trees with equal ranges give equal bytes. One line, or indented by two if
// `pretty`.
[[nodiscard]] std::string DumpJson(const Ast& ast, bool pretty = false);

}  // namespace writ::lang
