// A decision in words and as JSON; shared by `decide` and `explain`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::cli {

// {"verdict", "anchor", "clause", "words", "reason", "place", "under", "trigger"}; what does not
// apply is left out.
nlohmann::ordered_json DecisionJson(const runtime::Table&, const runtime::Decision&);

}  // namespace writ::cli
