// Atoms back into conditions: a run of neighbouring atoms is a range, a set of direct atoms a list
// of values.
//
// Entry point: RegionWordsFromTable. A bound between two values of a discrete type can be written
// from either side
// (`> 1000.00`, `>= 1000.01`); the rounder number is taken, since that is what people write.
#include "replay_words.h"

#include <optional>
#include <vector>

#include "writ/evals/values.h"

namespace writ::evals {
namespace {

using runtime::CapabilityId;
using runtime::FactId;
using runtime::MatrixView;
using runtime::Table;

std::vector<bool> AdmittedAtoms(const MatrixView& matrix, std::uint32_t d, std::uint32_t column) {
  std::vector<bool> admits(matrix.Dimension(d).atom_count);
  for (std::uint32_t atom = 0; atom < admits.size(); ++atom) {
    admits[atom] = (matrix.Bits(d, atom)[column / 64] >> (column % 64) & 1u) != 0;
  }
  return admits;
}

std::string NumberText(const Table& table, FactId fact, std::int64_t number) {
  runtime::Value value;
  value.kind = runtime::ValueKind::kNumber;
  value.number = number;
  return FormatValue(table, fact, value);
}

bool IsRounder(std::int64_t a, std::int64_t b) {
  const auto zeros = [](std::int64_t n) {
    int count = n == 0 ? 20 : 0;
    for (; n != 0 && n % 10 == 0; n /= 10) ++count;
    return count;
  };
  return zeros(a) > zeros(b);
}

// The values at or above `cut`, or below it.
std::string Bound(const Table& table, FactId fact, std::int64_t cut, bool above) {
  const std::string name(table.Fact(fact).name);
  const bool before = IsRounder(cut - 1, cut);
  const std::string number = NumberText(table, fact, before ? cut - 1 : cut);
  if (above) return name + (before ? " > " : " >= ") + number;
  return name + (before ? " <= " : " < ") + number;
}

// Ranges of a number, joined by `or`.
std::string CutsText(const Table& table, FactId fact, runtime::Slice<std::int64_t> cuts,
                     const std::vector<bool>& admits) {
  std::string text;
  for (std::size_t first = 1; first < admits.size();) {
    if (!admits[first]) {
      ++first;
      continue;
    }
    std::size_t last = first;
    while (last + 1 < admits.size() && admits[last + 1]) ++last;
    std::string range;
    if (first > 1) range = Bound(table, fact, cuts[first - 2], true);
    if (last + 1 < admits.size())
      range += (range.empty() ? "" : " and ") + Bound(table, fact, cuts[last - 1], false);
    text += (text.empty() ? "" : " or ") + range;
    first = last + 1;
  }
  return text;
}

std::string ValueName(const Table& table, FactId fact, std::size_t value) {
  if (table.Fact(fact).type == runtime::ValueType::kEnum) {
    return std::string(table.FactValue(fact, static_cast<std::uint32_t>(value)));
  }
  return value == 0 ? "false" : "true";
}

std::string FactText(const Table& table, FactId fact, const runtime::AtomMapView& map,
                     runtime::AtomMapId id, const std::vector<bool>& admits) {
  const std::string name(table.Fact(fact).name);
  std::string present;
  switch (map.kind) {
    case runtime::AtomMapKind::kCuts:
      present = CutsText(table, fact, map.cuts, admits);
      break;
    case runtime::AtomMapKind::kDirect:
    case runtime::AtomMapKind::kStrings:
      for (std::size_t atom = 1; atom < admits.size(); ++atom) {
        if (!admits[atom]) continue;
        const bool strings = map.kind == runtime::AtomMapKind::kStrings;
        const std::string value =
            !strings ? ValueName(table, fact, atom - 1)
            : atom + 1 == admits.size()
                ? "any other"
                : std::string(table.AtomString(id, static_cast<std::uint32_t>(atom - 1)));
        present += (present.empty() ? name + " = " : " or ") + value;
      }
      break;
  }
  if (!admits[0]) return present;
  return present.empty() ? name + " is missing" : present + " or is missing";
}

std::string RoleText(const Table& table, const std::vector<bool>& admits) {
  std::string text;
  for (std::uint32_t atom = 1; atom < admits.size(); ++atom) {
    if (!admits[atom]) continue;
    text += text.empty() ? "role = " : " or ";
    text += atom - 1 < table.role_count() ? table.Role(runtime::RoleId{atom - 1}).name
                                          : std::string_view("any other");
  }
  return text;
}

std::string DimensionText(const Table& table, const MatrixView& matrix, std::uint32_t d,
                          const std::vector<bool>& admits) {
  const runtime::DimensionView dimension = matrix.Dimension(d);
  switch (static_cast<runtime::DimensionKind>(dimension.kind)) {
    case runtime::DimensionKind::kFact:
      return FactText(table, FactId{dimension.index}, table.AtomMap(dimension.atoms),
                      dimension.atoms, admits);
    case runtime::DimensionKind::kRole:
      return RoleText(table, admits);
    case runtime::DimensionKind::kEvidence:
      return (admits.size() > 2 && admits[2] ? "evidence " : "no evidence ") +
             std::string(table.Evidence(runtime::EvidenceId{dimension.index}).name);
    case runtime::DimensionKind::kDerived:
      return "a worked-out condition";
  }
  return {};
}

}  // namespace

std::string ColumnWords(const Table& table, CapabilityId capability, std::uint32_t column) {
  const MatrixView matrix = table.Matrix(capability);
  std::string words;
  for (std::uint32_t d = 0; d < matrix.dimension_count(); ++d) {
    const std::vector<bool> admits = AdmittedAtoms(matrix, d, column);
    bool all = true;
    for (std::size_t atom = 1; atom < admits.size(); ++atom) all = all && admits[atom];
    if (all && (admits.empty() || admits[0])) continue;
    std::string text = all ? std::string() : DimensionText(table, matrix, d, admits);
    if (text.empty()) continue;  // every present value: only the missing one is left out
    words += (words.empty() ? "" : " and ") + text;
  }
  return words.empty() ? "always" : words;
}

std::string RegionWordsFromTable(const Table& table, std::uint32_t region) {
  std::string words;
  for (std::uint32_t c = 0; c < table.capability_count(); ++c) {
    const MatrixView matrix = table.Matrix(CapabilityId{c});
    std::string conditions;
    for (std::uint32_t k = matrix.decision_column_count(); k < matrix.column_count(); ++k) {
      const runtime::ColumnView column = matrix.Column(k);
      if (column.kind != runtime::ColumnKind::kRegion || column.name != region) continue;
      conditions += (conditions.empty() ? "" : "; or ") + ColumnWords(table, CapabilityId{c}, k);
    }
    if (conditions.empty()) continue;
    words += (words.empty() ? "" : "; ") + std::string(table.Capability(CapabilityId{c}).name);
    if (conditions != "always") words += " when " + conditions;
  }
  return words;
}

}  // namespace writ::evals
