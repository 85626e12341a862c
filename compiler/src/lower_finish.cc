// Orders the columns of a matrix (M3: deny, escalations by rank, allow; then by clause name, true
// before unknown), drops dimensions and instructions that no column asks, and lists the facts that
// the capability reads (M1.3). Entry point: FinishMatrix.
#include "lower_finish.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>

#include "lower_assert.h"

namespace writ::compiler {
namespace {

constexpr std::uint32_t kUnused = 0xFFFFFFFFu;

void Order(const LowerContext& context, std::vector<RawColumn>& columns) {
  struct Key {
    std::uint32_t group, rank;
    std::string_view name;
    bool unknown;
    std::uint32_t at;
  };
  std::vector<Key> keys;
  keys.reserve(columns.size());
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    const table::Column& c = columns[i].column;
    Key key{0, 0, {}, (c.flags & kColumnUnknown) != 0, i};
    if (c.kind == ColumnKind::kDecision) {
      key.group = c.verdict == Verdict::kDeny ? 0 : c.verdict == Verdict::kEscalate ? 1 : 2;
      if (c.verdict == Verdict::kEscalate) key.rank = context.anchor_rank[c.anchor.value];
    } else {
      key.group = 2 + static_cast<std::uint32_t>(c.kind);
      key.rank = c.name;
    }
    if (c.clause.valid()) key.name = context.clauses[c.clause.value].name;
    keys.push_back(key);
  }
  std::ranges::sort(
      keys, {}, [](const Key& k) { return std::tie(k.group, k.rank, k.unknown, k.name, k.at); });
  std::vector<RawColumn> ordered;
  ordered.reserve(columns.size());
  for (const Key& key : keys) ordered.push_back(std::move(columns[key.at]));
  columns = std::move(ordered);
}

// The code that the used dimensions need, with operands renumbered. `renumbered[i]`: the new index
// of instruction i.
std::vector<table::Instruction> LiveCode(const std::vector<table::Instruction>& code,
                                         std::vector<bool> live,
                                         std::vector<std::uint32_t>& renumbered) {
  for (std::size_t i = code.size(); i-- > 0;) {
    if (!live[i]) continue;
    const auto [a, b] = ReadsValues(code[i].op);
    if (a) live[code[i].a] = true;
    if (b) live[code[i].b] = true;
  }
  std::vector<table::Instruction> kept;
  renumbered.assign(code.size(), kUnused);
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (!live[i]) continue;
    table::Instruction instruction = code[i];
    const auto [a, b] = ReadsValues(instruction.op);
    if (a) instruction.a = renumbered[instruction.a];
    if (b) instruction.b = renumbered[instruction.b];
    renumbered[i] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(std::move(instruction));
  }
  return kept;
}

std::vector<table::SignatureFact> Signature(const LowerContext& context, CapabilityId id,
                                            const Applications::ForCapability& applications) {
  const table::Model& vocabulary = context.index.program().vocabulary;
  const table::Capability& capability = vocabulary.capabilities[id.value];
  std::vector<bool> read(vocabulary.facts.size(), false);
  std::vector<FactId> work;
  const auto add = [&](FactId f) {
    if (!f.valid() || read[f.value]) return;
    read[f.value] = true;
    work.push_back(f);
  };
  const auto add_all = [&](const std::vector<FactId>& facts) {
    for (const FactId f : facts) add(f);
  };
  const auto add_evidence = [&](EvidenceId e) {
    const table::Evidence& evidence = vocabulary.evidence[e.value];
    add(evidence.at);
    add_all(evidence.about_given);
    add_all(evidence.about_wanted);
  };
  add_all(capability.inputs);
  add_all(capability.optional_inputs);
  for (const AppliedClause& applied : applications.clauses) {
    for (const EvidenceId e : applied.clause->evidence) add_evidence(e);
    if (!applied.clause->condition.valid()) continue;
    const Reads& reads = context.index.ReadsOf(applied.clause->condition);
    add_all(reads.facts);
    for (const EvidenceId e : reads.evidence) add_evidence(e);
    for (const std::uint32_t exception : applied.clause->lifted_by)
      add_all(context.index.ReadsOf(context.index.program().exceptions[exception].up_to).facts);
  }
  if (capability.kind != CapabilityKind::kEvent) add(FactHeader(context.index.program()));
  while (!work.empty()) {
    const table::Fact& fact = vocabulary.facts[work.back().value];
    work.pop_back();
    if (fact.source == Source::kEvidence && fact.evidence.valid()) add_evidence(fact.evidence);
    if (fact.source != Source::kMeter || !fact.meter.valid()) continue;
    add_all(vocabulary.meters[fact.meter.value].keys);
    add(vocabulary.meters[fact.meter.value].value);
  }
  std::vector<table::SignatureFact> signature;
  for (std::uint32_t f = 0; f < read.size(); ++f) {
    const bool required =
        std::ranges::find(capability.inputs, FactId{f}) != capability.inputs.end();
    if (read[f] && !context.index.IsAlwaysGiven(FactId{f}))
      signature.push_back({FactId{f}, required});
  }
  std::ranges::sort(signature, {}, [&](const table::SignatureFact& s) -> const std::string& {
    return vocabulary.facts[s.fact.value].name;
  });
  return signature;
}

std::vector<bool> Atoms(const AtomSets& sets, SetId set, std::uint32_t count) {
  std::vector<bool> atoms(count, false);
  const auto words = sets.Words(set);
  for (std::uint32_t a = 0; a < count && a / 64 < words.size(); ++a)
    atoms[a] = ((words[a / 64] >> (a % 64)) & 1u) != 0;
  return atoms;
}

}  // namespace

std::pair<bool, bool> ReadsValues(Op op) {
  const runtime::OpShape shape = runtime::ShapeOf(op);
  return {shape.a == runtime::OperandKind::kValue, shape.b == runtime::OperandKind::kValue};
}

table::Matrix FinishMatrix(LowerContext& context, const Formula& formula, CapabilityId capability,
                           const Applications::ForCapability& applications,
                           std::vector<RawColumn> columns) {
  Order(context, columns);
  const Dimensions& dimensions = formula.dimensions();
  std::vector<std::uint32_t> new_dimension(dimensions.size(), kUnused);
  std::vector<bool> live(formula.code().size(), false);
  for (const RawColumn& raw : columns)
    for (const auto& [d, set] : raw.box.parts) new_dimension[d] = 0;
  table::Matrix matrix;
  std::vector<std::uint32_t> renumbered;
  for (std::uint32_t d = 0; d < dimensions.size(); ++d)
    if (new_dimension[d] != kUnused && dimensions[d].kind == table::DimensionKind::kDerived)
      live[dimensions[d].index] = true;
  matrix.code = LiveCode(formula.code(), std::move(live), renumbered);
  for (std::uint32_t d = 0; d < dimensions.size(); ++d) {
    if (new_dimension[d] == kUnused) continue;
    new_dimension[d] = static_cast<std::uint32_t>(matrix.dimensions.size());
    table::Dimension dimension = dimensions[d];
    if (dimension.kind == table::DimensionKind::kDerived)
      dimension.index = renumbered[dimension.index];
    dimension.atoms = context.maps.Intern(dimensions.map(d));
    matrix.dimensions.push_back(dimension);
  }
  matrix.columns.reserve(columns.size());
  for (RawColumn& raw : columns) {
    raw.column.constraints.reserve(raw.box.parts.size());
    for (const auto& [d, set] : raw.box.parts)
      raw.column.constraints.push_back(
          {new_dimension[d], Atoms(context.sets, set, dimensions.map(d).atom_count())});
    matrix.columns.push_back(std::move(raw.column));
  }
  matrix.signature = Signature(context, capability, applications);
  return matrix;
}

}  // namespace writ::compiler
