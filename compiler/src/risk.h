// Classes of risk, and the axes of which they are made (docs/semantics.md, M13.1).
#pragma once

#include <optional>

#include "names.h"
#include "writ/table/model.h"

namespace writ::compiler::check {

struct RiskOf {
  std::optional<runtime::Risk> risk;  // nothing: not said, and so reported
  bool irreversible = false;
  bool has_effect = false;
};

// What a capability says of its risk, held together: the class that its axes give, or the greater
// one that it states.
RiskOf CheckRisk(const lang::Capability&, Reporter&);

}  // namespace writ::compiler::check
