// Capabilities, events and groups.
#pragma once

#include <map>
#include <vector>

#include "names.h"
#include "types.h"
#include "writ/table/model.h"

namespace writ::compiler::check {

struct Deeds {
  std::vector<table::Capability>
      capabilities;  // by position in Names::deeds; inputs are filled in by CheckFacts
  std::vector<std::vector<runtime::CapabilityId>>
      groups;  // by position in Names::groups, ascending, without repetition
};

[[nodiscard]] Deeds CheckCapabilities(const Words&, Reporter&);

// What a name of a capability, event or group stands for. Empty if it was refused. `what`:
// "capability or group".
[[nodiscard]] std::vector<runtime::CapabilityId> FindDeeds(const lang::Name&, const Names&,
                                                           const Deeds&, std::string_view what,
                                                           Reporter&);
// Several names together, in the order of ids, each once.
[[nodiscard]] std::vector<runtime::CapabilityId> FindAllDeeds(const std::vector<lang::Name>&,
                                                              const Names&, const Deeds&,
                                                              std::string_view what, Reporter&);

[[nodiscard]] std::string_view KindWord(runtime::CapabilityKind);
[[nodiscard]] std::string_view RiskWord(runtime::Risk);

}  // namespace writ::compiler::check
