// One side of a condition or boundary, as a question to a table made for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "writ/analysis/coverage.h"
#include "writ/compiler/program.h"
#include "writ/table/write.h"

namespace writ::compiler {

// Requests in which rows of `clause` decide, and the region of the model's last name holds
// (`inside`) or does not. Not the rows that hold for want of a value: these are rows of their own.
class CoverQuestion {
 public:
  // Null: it makes no table.
  static std::shared_ptr<const CoverQuestion> Make(const table::Model& model,
                                                   CapabilityId capability, ClauseId clause,
                                                   bool inside);

  const runtime::Table& table() const { return written_.table; }
  CapabilityId capability() const { return capability_; }
  std::size_t bytes() const { return written_.bytes.size(); }

  // One of these requests in the space, a space of this table.
  analysis::Answer Find(const analysis::Space& space, analysis::Budget& budget) const;
  // There is one, and what an assumption rules out aside, there are no others.
  bool HoldsThroughout(const analysis::Space& space, analysis::Budget& budget) const;
  // It is one of these requests. REQUIRES: the request is one of this table's capability.
  bool Holds(const runtime::Request& request) const;

 private:
  CoverQuestion(table::WrittenTable written, CapabilityId capability, ClauseId clause,
                std::uint32_t region, bool inside);
  analysis::ColumnSet Rows(const analysis::Space& space) const;

  table::WrittenTable written_;
  CapabilityId capability_;
  ClauseId clause_;
  std::uint32_t region_;
  bool inside_;
};

// A model with this one capability's rows.
[[nodiscard]] table::Model Alone(const table::Model& model, CapabilityId capability);

}  // namespace writ::compiler
