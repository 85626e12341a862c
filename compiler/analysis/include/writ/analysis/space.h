// One capability's matrix under one restriction, prepared for questions.
//
// Holds what every question shares: which atoms of each dimension can occur, which columns are
// unconstrained where, which dimensions hang together through worked-out values. Borrows the table;
// immutable, so threads may share one.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "writ/analysis/bits.h"
#include "writ/analysis/region.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::analysis {

// By its name the clause says what cannot be: an `assume`, a case from before the policy, or a
// tenant that is not its own.
[[nodiscard]] bool IsAssumption(std::string_view clause);

class Space {
 public:
  // REQUIRES: `capability` is one of the table's.
  Space(const runtime::Table& table, runtime::CapabilityId capability,
        const Restriction& restriction = {});
  ~Space();
  Space(Space&&) noexcept;
  Space& operator=(Space&&) noexcept;

  const runtime::Table& table() const;
  runtime::CapabilityId capability() const;
  const Restriction& restriction() const;

  std::uint32_t column_count() const;
  std::uint32_t decision_column_count() const;
  // Columns picked by what they are.
  ColumnSet NoColumns() const;
  ColumnSet DecisionColumns() const;
  ColumnSet ColumnsOfClause(runtime::ClauseId) const;  // decision columns of a clause
  ColumnSet ColumnsWith(runtime::Verdict) const;       // decision columns
  ColumnSet ColumnsTo(runtime::AnchorId) const;        // escalations to this anchor
  ColumnSet InvariantColumns(std::uint32_t invariant) const;
  ColumnSet RegionColumns(std::uint32_t region) const;
  ColumnSet AssumptionColumns() const;  // what they deny is held not to occur (M17)

  // The restriction alone puts every request into this builtin row (malformed, missing input);
  // kNone otherwise.
  runtime::BuiltinRow forced_builtin(runtime::FactId* fact = nullptr) const;
  // No request meets the restriction, on sight.
  bool empty() const;

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace writ::analysis
