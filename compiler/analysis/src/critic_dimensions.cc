#include "critic_dimensions.h"

#include "writ/analysis/table_page.h"

namespace writ::analysis {

using runtime::DimensionKind;
using runtime::FactId;

std::vector<bool> CriticDimensions(const Space::Impl& space) {
  std::vector<bool> code(space.code.size());
  for (std::uint32_t i = 0; i < space.code.size(); ++i) {
    ForEachFact(space.code[i], [&](FactId fact) {
      if (space.table.Fact(fact).for_critics) code[i] = true;
    });
    ForEachOperand(space.code[i], [&](std::uint32_t value) {
      if (code[value]) code[i] = true;
    });
  }
  std::vector<bool> dimensions;
  for (const DimensionInfo& dimension : space.dimensions) {
    const auto kind = static_cast<DimensionKind>(dimension.view.kind);
    dimensions.push_back((kind == DimensionKind::kFact &&
                          space.table.Fact(FactId{dimension.view.index}).for_critics) ||
                         (kind == DimensionKind::kDerived && code[dimension.view.index]));
  }
  return dimensions;
}

std::vector<bool> ColumnsForCritics(const runtime::Table& table, runtime::CapabilityId capability) {
  const Space space(table, capability);
  const Space::Impl& s = space.impl();
  const std::vector<bool> critics = CriticDimensions(s);
  std::vector<bool> columns(s.columns);
  for (std::uint32_t d = 0; d < critics.size(); ++d) {
    for (std::uint32_t c = 0; critics[d] && c < s.columns; ++c)
      if (!s.dimensions[d].full.Has(c)) columns[c] = true;
  }
  return columns;
}

}  // namespace writ::analysis
