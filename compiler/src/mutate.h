// One small mistake at a time in the rows of one capability.
#pragma once

#include <functional>
#include <string>

#include "writ/compiler/test.h"
#include "writ/table/model.h"

namespace writ::compiler {

struct MadeMutant {
  MutantKind kind = MutantKind::kDroppedRow;
  ClauseId clause;
  std::string what;
  // What a dropped condition or a moved threshold is about: this fact, or the role; else neither.
  FactId fact;
  bool role = false;
};

// Calls `use` with each mutant of the capability's rows and the model that has it. All other
// matrices of the model are empty. Only what an author wrote is changed.
void ForEachMutant(const table::Model& model, CapabilityId capability,
                   const std::function<void(const MadeMutant&, const table::Model&)>& use);

}  // namespace writ::compiler
