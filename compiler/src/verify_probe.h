// A quick way to show that a clause matters: guess a request, and let the runtime confirm it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "writ/compiler/program.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::compiler {

// Guesses requests of one capability. Finds most effects at the cost of a few decisions each; what
// it does not find may exist all the same, and is left to the proofs.
class EffectProbe {
 public:
  EffectProbe(const runtime::Table& table, CapabilityId capability);

  // True: in a request that the runtime has mapped, the decision without these columns would be
  // another one. REQUIRES: `columns` are decision columns, ascending.
  bool Matters(const std::vector<std::uint32_t>& columns);
  std::uint64_t steps() const { return steps_; }

 private:
  using Words = std::vector<std::uint64_t>;
  struct Choice {
    std::uint32_t atom = 0;
    bool given = true;  // else missing, stale, or a role that the table does not know
    std::int64_t number = 0;
    std::string text;
  };
  struct Axis {
    std::uint32_t dimension = 0;
    std::vector<Choice> choices;
  };

  void AddAxis(std::uint32_t d);
  void AddNumbers(const runtime::DimensionView& dimension, const runtime::FactView& fact,
                  Axis& axis);
  void SetDefaults();
  bool Try(std::uint32_t column, const Words& removed, bool backwards);
  void Take(const Axis& axis, const Choice& choice);
  void Obtain(EvidenceId evidence, bool fresh);
  bool Confirm(const Words& removed);
  std::uint32_t Winner(const Words& held) const;
  bool SameOutcome(std::uint32_t a, std::uint32_t b) const;
  static bool Has(const Words& set, std::uint32_t c) {
    return ((set[c / 64] >> (c % 64)) & 1u) != 0;
  }

  const runtime::Table& table_;
  runtime::MatrixView matrix_;
  CapabilityId capability_;
  std::uint32_t words_;
  std::vector<runtime::ColumnView> columns_;  // decision columns
  Words decisions_, otherwise_;
  std::vector<Axis> axes_;
  std::vector<runtime::Value> values_, defaults_;
  std::vector<std::uint32_t> atoms_;
  runtime::Request request_;
  std::uint64_t steps_ = 0;
};

}  // namespace writ::compiler
