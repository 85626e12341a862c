// Facts: all that a condition can read, with evidence and meters.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities.h"
#include "names.h"
#include "types.h"
#include "writ/table/model.h"

namespace writ::compiler::check {

struct Facts {
  std::vector<table::Fact> facts;  // ascending by name
  std::vector<lang::Span> spans;
  std::vector<bool> broken;  // its declaration was refused: whatever reads it stays silent
  std::vector<bool> used;    // by declarations: keys, evidence, inputs, the language itself
  std::vector<table::Evidence> evidence;  // by position in Names::evidence
  std::vector<table::Meter> meters;       // ascending by name, `done(…)` among them
  struct Inputs {
    std::vector<runtime::FactId> required, optional;
  };
  std::vector<Inputs> inputs;                 // by capability
  std::set<std::uint32_t> window_thresholds;  // that say how long windows are
  // The inputs that reading a fact asks of a capability, through keys of meters and what evidence
  // is about: those that no declared fact can stand in for. Ascending.
  std::vector<std::vector<runtime::FactId>> needs;
  std::vector<std::vector<runtime::FactId>> evidence_needs;

  [[nodiscard]] std::optional<runtime::FactId> Find(std::string_view name) const;
  [[nodiscard]] const table::Fact& fact(runtime::FactId id) const { return facts[id.value]; }
};

[[nodiscard]] Facts CheckFacts(const Words&, const Deeds&, Reporter&);

[[nodiscard]] Type TypeOf(const table::Fact&);

}  // namespace writ::compiler::check
