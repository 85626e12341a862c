// Two requests in one table: a capability's matrix with one fact fixed twice.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "writ/runtime/table.h"
#include "writ/table/model.h"

namespace writ::compiler {

// Where a column admits a fact's value, as far as the fact alone says. A column that also asks a
// value which is worked out of the fact may hold, or not.
struct Admission {
  std::vector<bool> always;    // by value: whatever is worked out of the fact
  std::vector<bool> possible;  // by value
};

// How one matrix reads one fact. REQUIRES: an enum or boolean of `values` values. Borrows the
// model.
class FactUse {
 public:
  FactUse(const table::Model& model, const table::Matrix& matrix, runtime::FactId fact,
          std::uint32_t values);

  bool Reads() const { return reads_; }
  // By decision column.
  const std::vector<Admission>& admissions() const { return admissions_; }
  const table::Matrix& matrix() const { return matrix_; }
  std::uint32_t decision_count() const { return static_cast<std::uint32_t>(admissions_.size()); }

  // The matrix for requests in which the fact is `decides` in the decision columns. The same
  // columns follow once more as notes, for a fact that is `notes`; all else is shared.
  // `origin[i]` is the column of the old matrix that column i was.
  table::Matrix Product(std::int64_t decides, std::int64_t notes,
                        std::vector<std::uint32_t>& origin) const;

 private:
  std::uint32_t AtomOf(std::uint32_t dimension, std::int64_t value) const;
  bool Admits(const table::Column& column, std::int64_t value) const;
  void CopyCode(std::int64_t value, bool shared, std::vector<table::Instruction>& code,
                std::vector<std::uint32_t>& renumbered) const;
  table::Column CopyColumn(const table::Column& column,
                           const std::vector<std::uint32_t>& dimensions) const;

  const table::Model& model_;
  const table::Matrix& matrix_;
  runtime::FactId fact_;
  bool reads_ = false;
  std::vector<bool> code_reads_;       // by instruction
  std::vector<bool> dimension_is_it_;  // by dimension: the fact itself
  std::vector<bool> dimension_reads_;  // by dimension: worked out of the fact
  std::vector<Admission> admissions_;
};

}  // namespace writ::compiler
