// The rows of one side, and what comes of them, as literals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "clause_maker.h"
#include "lines.h"

namespace writ::certificate {

// A verdict, and who answers for it where it is not a denial: the newer table's number of the
// anchor, or kNothing; what the newer table does not know follows its last.
struct Outcome {
  runtime::Verdict verdict = runtime::Verdict::kDeny;
  std::uint32_t anchor = kNothing;
  friend auto operator<=>(const Outcome&, const Outcome&) = default;
};

class Rows {
 public:
  // `in_force`: the policy's plain `effective` row takes no part. `ties`: null where the side's
  // own numbers count.
  Rows(ClauseMaker& maker, Lines& lines, const std::vector<Side>& sides, std::size_t number,
       const Ties* ties, bool in_force);

  [[nodiscard]] const runtime::MatrixView& matrix() const { return matrix_; }
  // What each dimension has to be for the column to hold; and that it also takes part.
  [[nodiscard]] std::int32_t Admits(std::uint32_t column);
  [[nodiscard]] std::int32_t Holds(std::uint32_t column);
  [[nodiscard]] Outcome OutcomeOf(std::uint32_t column) const;
  // As in an Outcome.
  [[nodiscard]] std::uint32_t AnchorOf(runtime::AnchorId) const;
  // By outcome: it is what comes out. One of them is, of each request.
  [[nodiscard]] const std::map<Outcome, std::int32_t>& Outcomes();
  // The column decides, or another of its clause, verdict and anchor; kNothing: none does.
  [[nodiscard]] std::int32_t Decides(std::uint32_t column);

 private:
  bool TakesPart(std::uint32_t column) const;
  bool Is(std::uint32_t column, runtime::ColumnFlags flag) const {
    return (matrix_.Column(column).flags & flag) != 0;
  }
  std::uint32_t decisions() const { return has_ ? matrix_.decision_column_count() : 0; }

  ClauseMaker& maker_;
  Lines& lines_;
  const std::size_t number_;
  const Ties* const ties_;
  const bool in_force_, has_;
  const std::uint32_t anchors_;  // of the newer table
  runtime::MatrixView matrix_;
  std::map<std::uint32_t, std::int32_t> admits_;
  std::optional<std::int32_t> allow_when_;
  std::map<Outcome, std::int32_t> outcomes_;
};

}  // namespace writ::certificate
