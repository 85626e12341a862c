// What a condition means for one request, read straight from the nodes: no atoms, no boxes, no
// code. The other side of the translation check.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "writ/compiler/pattern.h"
#include "writ/compiler/program.h"

namespace writ::compiler {

struct SampleValue {
  bool missing = true;
  std::int64_t number = 0;  // meters: what was recorded before this request
  std::string text;
  std::vector<std::string> texts;
};

struct Sample {
  CapabilityId capability;
  RoleId role;  // invalid: one that the table does not know
  std::int64_t now_ms = 0;
  std::vector<SampleValue> values;  // by FactId
};

// One for many requests: the order in which a condition's parts are read is worked out once.
class DirectEvaluator {
 public:
  explicit DirectEvaluator(const Program& program);

  // Speaks of this request from now on. Borrows it.
  [[nodiscard]] RoleId role() const { return sample_->role; }
  void Begin(const Sample& sample);

  // Nothing: unknown. `substitute`: missing facts are read as the value that their declaration
  // names (M7.2).
  std::optional<bool> Condition(ExprId condition, bool substitute);
  bool Fresh(EvidenceId evidence) const;
  // As given, after freshness.
  bool Missing(FactId fact) const;

 private:
  using Number = std::optional<std::int64_t>;
  Number Compute(const Node& node, bool substitute) const;
  Number Fold(const Node& node, bool substitute) const;
  Number Compare(const Node& node, bool substitute) const;
  Number FactNumber(FactId fact, bool substitute) const;
  Number MeterNumber(const table::Fact& fact, FactId id) const;
  Number Ready(ExprId id, bool substitute) const;
  Number Texts(const Node& node, bool substitute) const;
  std::optional<std::string> TextOf(ExprId id, bool substitute) const;
  Number SetHas(const Node& node, bool substitute) const;
  Number Matches(const Node& node, bool substitute) const;
  ExprId Resolve(ExprId id) const;

  const Program& program_;
  std::vector<PatternTree> patterns_;  // read again, and followed place by place
  const Sample* sample_ = nullptr;
  struct Known {
    std::uint32_t request[2] = {0, 0};
    Number value[2];
  };  // without and with substitutes
  std::vector<Known> known_;                                      // by node
  std::uint32_t request_ = 0;                                     // counts Begin
  std::unordered_map<std::uint32_t, std::vector<ExprId>> order_;  // by condition
};

}  // namespace writ::compiler
