// A decision in words and as JSON; shared by `decide` and `explain`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::cli {

// {"verdict", "anchor", "clause", "words", "reason", "place", "under", "trigger"}; what does not
// apply is left out.
nlohmann::ordered_json DecisionJson(const runtime::Table&, const runtime::Decision&);

// What a capability says of itself: "undone_by": "forget".
void PutSaid(nlohmann::ordered_json&, runtime::StatementWord, std::string_view text);
// What whoever carries a capability out has to keep to: {"runs_code_in", "sandbox", "retry",
// "dead_letters_to", "stopped_by"}; null if there is nothing.
nlohmann::ordered_json CarriedOutJson(const runtime::Table&, runtime::CapabilityId);

}  // namespace writ::cli
