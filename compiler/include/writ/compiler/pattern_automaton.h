// A pattern's minimal deterministic automaton over bytes: what a table holds.
#pragma once

#include <optional>

#include "writ/compiler/pattern.h"
#include "writ/table/model.h"

namespace writ::compiler {

// Nothing: it would have more than runtime::kMaxPatternStates states, or take too long to find.
// `text` is what the table calls it.
std::optional<table::Pattern> CompileAutomaton(const PatternTree&, std::string_view text);

// Whether the automaton accepts the bytes.
bool Accepts(const table::Pattern&, std::string_view text);

}  // namespace writ::compiler
