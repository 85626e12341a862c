// Inputs that a policy derives from the arguments of a call (docs/semantics.md, M1.5).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "writ/evals/exact_json.h"
#include "writ/evals/values.h"
#include "writ/runtime/table.h"

namespace writ::evals {

struct DerivedInput {
  runtime::FactId fact;
  runtime::Value value;  // may be missing or malformed
  std::string why;       // malformed: a few words
};

// What `capability` derives, in the order of the table. `arguments` null: they could not be read,
// and everything is malformed. Texts and sets are kept in `arena`.
std::vector<DerivedInput> DeriveInputs(const runtime::Table&, runtime::CapabilityId capability,
                                       const JsonValue* arguments, ValueArena& arena);

// What becomes of a derived input that the request gives as well: the derived value, or malformed
// where the two are not one value.
runtime::Value Agreed(const runtime::Value& given, const runtime::Value& derived);

}  // namespace writ::evals
