// The decision of a request, and of another one that differs in one fact alone, as one question:
// the columns stand there twice, over the same dimensions, but for those that the fact decides.
// These are settled by its two values: the fact's own dimension goes, and what is worked out of the
// fact is worked out twice, of a constant. Entry points: FactUse, FactUse::Product.
#include "verify_product.h"

#include <algorithm>
#include <utility>

#include "lower_finish.h"

namespace writ::compiler {

using table::DimensionKind;

FactUse::FactUse(const table::Model& model, const table::Matrix& matrix, runtime::FactId fact,
                 std::uint32_t values)
    : model_(model), matrix_(matrix), fact_(fact) {
  for (const table::Instruction& i : matrix.code) {
    const auto [a, b] = ReadsValues(i.op);
    const bool itself = (i.op == Op::kFact || i.op == Op::kIsMissing) && i.a == fact.value;
    code_reads_.push_back(itself || (a && code_reads_[i.a]) || (b && code_reads_[i.b]));
  }
  for (const table::Dimension& d : matrix.dimensions) {
    dimension_is_it_.push_back(d.kind == DimensionKind::kFact && d.index == fact.value);
    dimension_reads_.push_back(d.kind == DimensionKind::kDerived && code_reads_[d.index]);
    reads_ |= dimension_is_it_.back() || dimension_reads_.back();
  }
  if (!reads_) return;
  for (const table::Column& column : matrix.columns) {
    if (column.kind != ColumnKind::kDecision) break;
    const bool worked_out = std::ranges::any_of(
        column.constraints, [&](const auto& c) { return dimension_reads_[c.dimension]; });
    Admission admission;
    for (std::uint32_t v = 0; v < values; ++v) {
      admission.possible.push_back(Admits(column, v));
      admission.always.push_back(!worked_out && admission.possible.back());
    }
    admissions_.push_back(std::move(admission));
  }
}

std::uint32_t FactUse::AtomOf(std::uint32_t dimension, std::int64_t value) const {
  const table::AtomMap& map = model_.atom_maps[matrix_.dimensions[dimension].atoms.value];
  if (map.kind == AtomMapKind::kDirect) return static_cast<std::uint32_t>(value) + 1;
  const auto cut = std::ranges::upper_bound(map.cuts, value);
  return static_cast<std::uint32_t>(cut - map.cuts.begin()) + 1;
}

bool FactUse::Admits(const table::Column& column, std::int64_t value) const {
  return std::ranges::all_of(column.constraints, [&](const table::Constraint& c) {
    return !dimension_is_it_[c.dimension] || c.atoms[AtomOf(c.dimension, value)];
  });
}

// `shared`: what does not read the fact; else what does. Operands come before, in either.
void FactUse::CopyCode(std::int64_t value, bool shared, std::vector<table::Instruction>& code,
                       std::vector<std::uint32_t>& renumbered) const {
  for (std::size_t i = 0; i < matrix_.code.size(); ++i) {
    if (code_reads_[i] == shared) continue;
    table::Instruction instruction = matrix_.code[i];
    const auto [a, b] = ReadsValues(instruction.op);
    if (a) instruction.a = renumbered[instruction.a];
    if (b) instruction.b = renumbered[instruction.b];
    const bool itself = instruction.op == Op::kFact || instruction.op == Op::kIsMissing;
    if (itself && instruction.a == fact_.value) {
      const std::int64_t constant = instruction.op == Op::kFact ? value : 0;
      instruction = {};
      instruction.op = Op::kConst, instruction.immediate = constant;
    }
    renumbered[i] = static_cast<std::uint32_t>(code.size());
    code.push_back(std::move(instruction));
  }
}

table::Column FactUse::CopyColumn(const table::Column& column,
                                  const std::vector<std::uint32_t>& dimensions) const {
  table::Column copy = column;
  std::erase_if(copy.constraints, [&](const auto& c) { return dimension_is_it_[c.dimension]; });
  for (table::Constraint& c : copy.constraints) c.dimension = dimensions[c.dimension];
  return copy;
}

table::Matrix FactUse::Product(std::int64_t decides, std::int64_t notes,
                               std::vector<std::uint32_t>& origin) const {
  table::Matrix product;
  std::ranges::copy_if(matrix_.signature, std::back_inserter(product.signature),
                       [&](const auto& s) { return s.fact != fact_; });
  std::vector<std::uint32_t> first_code(matrix_.code.size(), 0);
  CopyCode(0, true, product.code, first_code);
  std::vector<std::uint32_t> second_code = first_code;
  CopyCode(decides, false, product.code, first_code);
  CopyCode(notes, false, product.code, second_code);
  std::vector<std::uint32_t> first(matrix_.dimensions.size(), 0), second = first;
  for (std::uint32_t d = 0; d < matrix_.dimensions.size(); ++d) {
    if (dimension_is_it_[d]) continue;
    table::Dimension dimension = matrix_.dimensions[d];
    const std::uint32_t code = dimension.index;
    if (dimension.kind == DimensionKind::kDerived) dimension.index = first_code[code];
    first[d] = second[d] = static_cast<std::uint32_t>(product.dimensions.size());
    product.dimensions.push_back(dimension);
    if (!dimension_reads_[d]) continue;
    dimension.index = second_code[code];
    second[d] = static_cast<std::uint32_t>(product.dimensions.size());
    product.dimensions.push_back(dimension);
  }
  const auto add = [&](std::uint32_t c, const std::vector<std::uint32_t>& dimensions, bool note) {
    product.columns.push_back(CopyColumn(matrix_.columns[c], dimensions));
    if (note) product.columns.back().kind = ColumnKind::kNote, product.columns.back().flags = 0;
    origin.push_back(c);
  };
  origin.clear();
  for (std::uint32_t c = 0; c < decision_count(); ++c)
    if (Admits(matrix_.columns[c], decides)) add(c, first, false);
  for (std::uint32_t c = 0; c < decision_count(); ++c)
    if (Admits(matrix_.columns[c], notes)) add(c, second, true);
  return product;
}

}  // namespace writ::compiler
