// Plans are read off the matrix: a dimension is a fact, a role, a piece of evidence or a worked-out
// value, and worked-out values are straight-line code, so one forward pass gives the facts behind
// each of them.
//
// Entry point: PlanCapabilities.
#include "lane_plan.h"

#include <algorithm>

#include "sort_unique.h"

namespace writ::evals {
namespace {

using runtime::CapabilityId;
using runtime::EvidenceId;
using runtime::FactId;
using runtime::InstructionView;
using runtime::MatrixView;
using runtime::Table;

// What an instruction reads: facts, evidence, earlier values.
struct Reads {
  std::vector<FactId> facts;
  std::vector<EvidenceId> evidence;
  std::vector<std::uint32_t> values;
};

Reads ReadsOf(const InstructionView& instruction) {
  Reads reads;
  const auto add = [&](runtime::OperandKind kind, std::uint32_t operand) {
    if (kind == runtime::OperandKind::kFact) reads.facts.push_back(FactId{operand});
    if (kind == runtime::OperandKind::kEvidence) reads.evidence.push_back(EvidenceId{operand});
    if (kind == runtime::OperandKind::kValue) reads.values.push_back(operand);
  };
  const runtime::OpShape shape = runtime::ShapeOf(instruction.op);
  add(shape.a, instruction.a);
  add(shape.b, instruction.b);
  return reads;
}

void FoldColumns(const MatrixView& matrix, CapabilityPlan& plan) {
  plan.idle_columns.resize(plan.word_count);
  plan.otherwise_columns.resize(plan.word_count);
  for (std::uint32_t c = 0; c < matrix.column_count(); ++c) {
    const runtime::ColumnView column = matrix.Column(c);
    const std::uint64_t bit = std::uint64_t{1} << (c % 64);
    if (column.kind == runtime::ColumnKind::kRegion) plan.regions.push_back({c, column.name});
    // Replay takes the policy as in force, so its plain `effective` row is never on.
    if ((column.flags & (runtime::kColumnUnknown | runtime::kColumnEffective)) != 0)
      plan.idle_columns[c / 64] |= bit;
    if ((column.flags & runtime::kColumnOtherwise) != 0) plan.otherwise_columns[c / 64] |= bit;
  }
  const std::size_t words = plan.word_count;
  plan.any_present.resize(plan.dimension_count * words);
  plan.all_present.assign(plan.dimension_count * words, ~std::uint64_t{0});
  for (std::uint32_t d = 0; d < plan.dimension_count; ++d) {
    const std::uint32_t atoms = matrix.Dimension(d).atom_count;
    for (std::uint32_t atom = 1; atom < atoms; ++atom) {
      const std::uint64_t* bits = matrix.Bits(d, atom);
      for (std::size_t w = 0; w < words; ++w) {
        plan.any_present[d * words + w] |= bits[w];
        plan.all_present[d * words + w] &= bits[w];
      }
    }
  }
}

// What each worked-out value reads, through the values it is made of.
std::vector<Reads> ReadCode(const MatrixView& matrix) {
  std::vector<Reads> code(matrix.instruction_count());
  for (std::uint32_t i = 0; i < code.size(); ++i) {
    code[i] = ReadsOf(matrix.Instruction(i));
    for (const std::uint32_t operand : code[i].values) {
      code[i].facts.insert(code[i].facts.end(), code[operand].facts.begin(),
                           code[operand].facts.end());
      code[i].evidence.insert(code[i].evidence.end(), code[operand].evidence.begin(),
                              code[operand].evidence.end());
    }
    SortUnique(code[i].facts);
    SortUnique(code[i].evidence);
  }
  return code;
}

CapabilityPlan PlanOne(const Table& table, CapabilityId capability) {
  const MatrixView matrix = table.Matrix(capability);
  CapabilityPlan plan;
  plan.word_count = matrix.word_count();
  plan.dimension_count = matrix.dimension_count();
  plan.constrained.resize(matrix.column_count());

  const std::vector<Reads> code = ReadCode(matrix);
  std::vector<std::vector<FactId>> behind(plan.dimension_count);
  for (std::uint32_t d = 0; d < plan.dimension_count; ++d) {
    const runtime::DimensionView dimension = matrix.Dimension(d);
    switch (static_cast<runtime::DimensionKind>(dimension.kind)) {
      case runtime::DimensionKind::kFact:
        behind[d] = {FactId{dimension.index}};
        break;
      case runtime::DimensionKind::kDerived:
        behind[d] = code[dimension.index].facts;
        plan.evidence.insert(plan.evidence.end(), code[dimension.index].evidence.begin(),
                             code[dimension.index].evidence.end());
        break;
      case runtime::DimensionKind::kEvidence:
        plan.evidence.push_back(EvidenceId{dimension.index});
        break;
      case runtime::DimensionKind::kRole:
        break;
    }
    plan.facts.insert(plan.facts.end(), behind[d].begin(), behind[d].end());
  }
  SortUnique(plan.facts);
  for (const FactId fact : plan.facts) {
    const runtime::FactView view = table.Fact(fact);
    if (view.source == runtime::Source::kEvidence && view.evidence.valid())
      plan.evidence.push_back(view.evidence);
    if (view.source == runtime::Source::kMeter && view.meter.valid())
      plan.meters.push_back(view.meter);
  }
  SortUnique(plan.evidence);
  SortUnique(plan.meters);
  plan.dimension_facts.resize(plan.dimension_count);
  for (std::uint32_t d = 0; d < plan.dimension_count; ++d) {
    for (const FactId fact : behind[d]) {
      const auto at = std::lower_bound(plan.facts.begin(), plan.facts.end(), fact);
      plan.dimension_facts[d].push_back(static_cast<std::uint32_t>(at - plan.facts.begin()));
    }
  }

  FoldColumns(matrix, plan);
  return plan;
}

}  // namespace

std::vector<CapabilityPlan> PlanCapabilities(const Table& table) {
  std::vector<CapabilityPlan> plans;
  plans.reserve(table.capability_count());
  for (std::uint32_t c = 0; c < table.capability_count(); ++c)
    plans.push_back(PlanOne(table, CapabilityId{c}));
  return plans;
}

const std::vector<std::uint32_t>& ConstrainedDimensions(const MatrixView& matrix,
                                                        CapabilityPlan& plan,
                                                        std::uint32_t column) {
  std::optional<std::vector<std::uint32_t>>& memo = plan.constrained[column];
  if (!memo) {
    memo.emplace();
    for (std::uint32_t d = 0; d < plan.dimension_count; ++d) {
      const std::uint32_t atoms = matrix.Dimension(d).atom_count;
      for (std::uint32_t atom = 0; atom < atoms; ++atom) {
        if (HasBit(matrix.Bits(d, atom), column)) continue;
        memo->push_back(d);
        break;
      }
    }
  }
  return *memo;
}

}  // namespace writ::evals
