// The rows of two sides that decide, in one order.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "join.h"
#include "writ/table/model.h"

namespace writ::analysis {

// A row that decides, of one side, over the joined dimensions.
struct RowDraft {
  runtime::Verdict verdict = runtime::Verdict::kDeny;
  runtime::AnchorId anchor;  // of the joined vocabulary; invalid where it denies
  std::uint8_t flags = 0;
  std::uint32_t own = 0;
  std::vector<table::Constraint> constraints;
  std::string clause;  // what has to be alike for two rows to be one, beside all of the above

  [[nodiscard]] std::pair<runtime::Verdict, std::uint32_t> Outcome() const {
    return {verdict, anchor.value};
  }
  [[nodiscard]] bool Says(const RowDraft&) const;
};

struct MergedRow {
  const RowDraft* row = nullptr;
  std::array<std::uint32_t, kSides> own = {kNoIndex, kNoIndex};
};

struct MergedRows {
  std::vector<MergedRow> rows;
  bool aligned = false;  // see JoinedMatrix
};

// Most restrictive first, in an order that keeps each side's own. Rows that say the same are one.
// Without a common order of outcomes none are. The result points into `rows`.
[[nodiscard]] MergedRows MergeRows(const std::array<std::vector<RowDraft>, kSides>& rows);

// What its author said, and under whose authority: what an answer reports of a row.
[[nodiscard]] std::string ClauseIdentity(const runtime::Table&, const table::Column&);

// Lists of constraints by dimension.
[[nodiscard]] bool SameConstraints(const std::vector<table::Constraint>&,
                                   const std::vector<table::Constraint>&);

}  // namespace writ::analysis
