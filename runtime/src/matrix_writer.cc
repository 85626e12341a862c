// How a matrix is laid out so that deciding is fast: every value that it reads is listed once,
// sorted by how it becomes an atom, so that the reader's loops hold no branch that depends on the
// kind; and the bits of each dimension lie together, one row per atom. Entry points: `PlanReads`,
// `MatrixBits`.
#include "matrix_writer.h"

#include <algorithm>
#include <utility>

#include "view.h"

namespace writ::table {
namespace {

using format::kNone;

// Collects facts in the order in which they are first asked for.
class FactCollector {
 public:
  explicit FactCollector(const Model& model, CapabilityId capability)
      : model_(model), capability_(capability), seen_(model.facts.size()) {}

  void Add(FactId fact) {
    if (!fact.valid() || seen_[fact.value]) return;
    seen_[fact.value] = true;
    order_.push_back(fact);
  }
  void AddEvidence(EvidenceId id) {
    if (id.valid()) evidence_.push_back(id.value);
  }
  // What the facts found so far stand on: their evidence, and what a meter adds of this request.
  void Close();

  const std::vector<FactId>& order() const { return order_; }
  const std::vector<std::uint32_t>& evidence() const { return evidence_; }
  const std::vector<std::uint32_t>& meters() const { return meters_; }

 private:
  void AddMeter(MeterId id);

  const Model& model_;
  CapabilityId capability_;
  std::vector<bool> seen_;
  std::vector<FactId> order_;
  std::vector<std::uint32_t> evidence_, meters_;
};

void Unique(std::vector<std::uint32_t>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

void FactCollector::AddMeter(MeterId id) {
  if (!id.valid()) return;
  meters_.push_back(id.value);
  const Meter& meter = model_.meters[id.value];
  const bool target =
      std::find(meter.targets.begin(), meter.targets.end(), capability_) != meter.targets.end();
  if (meter.including_this && target) Add(meter.value);
  for (const FactId key : meter.keys) Add(key);
}

void FactCollector::Close() {
  std::size_t next_fact = 0, next_evidence = 0;
  while (next_fact < order_.size() || next_evidence < evidence_.size()) {
    if (next_evidence < evidence_.size()) {
      const std::uint32_t id = evidence_[next_evidence++];
      if (std::find(evidence_.begin(),
                    evidence_.begin() + static_cast<std::ptrdiff_t>(next_evidence) - 1,
                    id) != evidence_.begin() + static_cast<std::ptrdiff_t>(next_evidence) - 1) {
        continue;
      }
      const Evidence& evidence = model_.evidence[id];
      Add(evidence.at);
      for (const FactId fact : evidence.about_given) Add(fact);
      for (const FactId fact : evidence.about_wanted) Add(fact);
      continue;
    }
    const Fact& fact = model_.facts[order_[next_fact++].value];
    AddEvidence(fact.evidence);
    AddMeter(fact.meter);
  }
  Unique(evidence_);
  Unique(meters_);
}

format::ReadMap MapKind(AtomMapKind kind) {
  switch (kind) {
    case AtomMapKind::kCuts:
      return format::kMapCuts;
    case AtomMapKind::kDirect:
      return format::kMapDirect;
    case AtomMapKind::kStrings:
      return format::kMapStrings;
  }
  return format::kMapNone;
}

format::ReadRecord ReadRecordFor(const Model& model, const Matrix& matrix, FactId id) {
  const Fact& fact = model.facts[id.value];
  format::ReadRecord read = {
      id.value,         kNone, 0, {0, 0}, static_cast<std::uint8_t>(runtime::KindOf(fact.type)),
      format::kMapNone, 0,     0};
  bool in_signature = false;
  for (const SignatureFact& s : matrix.signature) {
    in_signature |= s.fact == id;
    if (s.fact == id && s.required) read.flags |= format::kReadRequired;
  }
  if (fact.evidence.valid()) read.flags |= format::kReadEvidence;
  if (fact.meter.valid()) read.flags |= format::kReadMeter;
  if (fact.utf8) read.flags |= format::kReadUtf8;
  if (runtime::IsNow(fact.name, fact.source, fact.type)) read.flags |= format::kReadNow;
  if (runtime::IsRole(fact.name, fact.source, fact.type)) read.flags |= format::kReadRole;
  const bool given = (read.flags & (format::kReadNow | format::kReadRole)) == 0;
  if (given && !in_signature) read.flags |= format::kReadWatched;
  return read;
}

// 0: an enum or bool that goes straight to its row; 1: a number by its cuts; 2: all else.
int Group(const Model& model, const format::ReadRecord& read) {
  if ((read.flags & ~format::kReadRequired) != 0 || read.dimension == kNone) return 2;
  const ValueType type = model.facts[read.fact].type;
  if (read.map_kind == format::kMapDirect && (type == ValueType::kBool || type == ValueType::kEnum))
    return 0;
  return read.map_kind == format::kMapCuts && read.map.count != 0 ? 1 : 2;
}

// Until the values have their place, `map.first` is the dimension.
void TakeDimension(const Model& model, const Matrix& matrix, std::uint32_t d,
                   const MatrixRows& rows, format::ReadRecord& read) {
  const AtomMap& map = model.atom_maps[matrix.dimensions[d].atoms.value];
  read.dimension = d;
  read.rows = rows.first_row[d];
  read.map_kind = static_cast<std::uint8_t>(MapKind(map.kind));
  read.map = {d, map.kind == AtomMapKind::kCuts ? static_cast<std::uint32_t>(rows.cuts[d].size())
                                                : map.atom_count()};
}

// Gives each dimension its read, and each read the first dimension that takes it as it stands.
std::uint32_t AttachDimensions(const Model& model, const Matrix& matrix, const MatrixRows& rows,
                               std::vector<format::ReadRecord>& reads) {
  std::vector<std::uint32_t> of_fact(model.facts.size(), kNone);
  for (std::uint32_t i = 0; i < reads.size(); ++i) of_fact[reads[i].fact] = i;
  std::uint32_t role_read = kNone, attached = 0;
  for (std::uint32_t d = 0; d < matrix.dimensions.size(); ++d) {
    const Dimension& dimension = matrix.dimensions[d];
    std::uint32_t read = kNone;
    if (dimension.kind == DimensionKind::kFact) read = of_fact[dimension.index];
    if (dimension.kind == DimensionKind::kRole) {
      if (role_read == kNone) {
        role_read = static_cast<std::uint32_t>(reads.size());
        reads.push_back(
            {kNone, kNone, 0, {0, 0}, format::kReadNumber, format::kMapNone, format::kReadRole, 0});
      }
      read = role_read;
    }
    if (read != kNone && reads[read].dimension == kNone) {
      TakeDimension(model, matrix, d, rows, reads[read]);
      ++attached;
    }
  }
  return attached;
}

}  // namespace

bool OperandAIsFact(Op op) { return ShapeOf(op).a == OperandKind::kFact; }
bool OperandBIsFact(Op op) { return ShapeOf(op).b == OperandKind::kFact; }

ReadPlan PlanReads(const Model& model, CapabilityId capability, const Matrix& matrix,
                   const MatrixRows& rows) {
  FactCollector facts(model, capability);
  for (const SignatureFact& s : matrix.signature) facts.Add(s.fact);
  for (const Dimension& d : matrix.dimensions) {
    if (d.kind == DimensionKind::kFact) facts.Add({d.index});
    if (d.kind == DimensionKind::kEvidence) facts.AddEvidence({d.index});
  }
  for (const Instruction& i : matrix.code) {
    if (OperandAIsFact(i.op)) facts.Add({i.a});
    if (OperandBIsFact(i.op)) facts.Add({i.b});
    if (i.op == Op::kEvidence) facts.AddEvidence({i.a});
  }
  facts.Close();

  ReadPlan plan;
  for (const FactId fact : facts.order()) plan.reads.push_back(ReadRecordFor(model, matrix, fact));
  const std::uint32_t attached = AttachDimensions(model, matrix, rows, plan.reads);
  std::vector<format::ReadRecord> grouped;
  for (int group = 0; group < 3; ++group) {
    for (const format::ReadRecord& read : plan.reads) {
      if (Group(model, read) == group) grouped.push_back(read);
    }
  }
  plan.reads = std::move(grouped);
  plan.evidence = facts.evidence();
  plan.meters = facts.meters();
  plan.plain = matrix.code.empty() && plan.evidence.empty() && plan.meters.empty() &&
               attached == matrix.dimensions.size();
  plan.dimension_read.assign(matrix.dimensions.size(), kNone);
  std::vector<std::uint32_t> of_fact(model.facts.size(), kNone);
  std::uint32_t role_read = kNone;
  for (std::uint32_t i = 0; i < plan.reads.size(); ++i) {
    const int group = Group(model, plan.reads[i]);
    plan.direct_count += group == 0;
    plan.cuts_count += group == 1;
    if (group == 1)
      plan.cut_steps = std::max(plan.cut_steps, format::StepCount(plan.reads[i].map.count));
    (plan.reads[i].fact == kNone ? role_read : of_fact[plan.reads[i].fact]) = i;
  }
  for (std::uint32_t d = 0; d < matrix.dimensions.size(); ++d) {
    const Dimension& dimension = matrix.dimensions[d];
    if (dimension.kind == DimensionKind::kFact) plan.dimension_read[d] = of_fact[dimension.index];
    if (dimension.kind == DimensionKind::kRole) plan.dimension_read[d] = role_read;
  }
  return plan;
}

std::uint32_t ReadOf(const ReadPlan& plan, FactId fact) {
  for (std::uint32_t i = 0; i < plan.reads.size(); ++i) {
    if (plan.reads[i].fact == fact.value) return i;
  }
  return kNone;
}

namespace {

using Words = std::vector<std::uint64_t>;

// The masks, and one row per atom of every dimension; `row_of_dimension`: where they begin.
Words FullRows(const Model& model, const Matrix& matrix,
               std::vector<std::size_t>& row_of_dimension) {
  const auto columns = static_cast<std::uint32_t>(matrix.columns.size());
  const std::uint32_t words = format::WordCount(columns);
  std::size_t rows = 3;
  for (const Dimension& d : matrix.dimensions) {
    row_of_dimension.push_back(rows);
    rows += model.atom_maps[d.atoms.value].atom_count();
  }
  Words bits(rows * words);
  for (std::size_t row = 3; row < rows; ++row) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      bits[row * words + c / 64] |= std::uint64_t{1} << (c % 64);
    }
  }
  for (std::uint32_t c = 0; c < columns; ++c) {
    const Column& column = matrix.columns[c];
    const std::uint64_t bit = std::uint64_t{1} << (c % 64);
    if ((column.flags & runtime::kColumnAllowWhen) != 0) bits[c / 64] |= bit;
    if ((column.flags & runtime::kColumnOtherwise) != 0) bits[words + c / 64] |= bit;
    if ((column.flags & runtime::kColumnEffective) != 0) bits[2 * words + c / 64] |= bit;
    for (const Constraint& constraint : column.constraints) {
      const std::size_t first = row_of_dimension[constraint.dimension];
      for (std::size_t atom = 0; atom < constraint.atoms.size(); ++atom) {
        if (!constraint.atoms[atom]) bits[(first + atom) * words + c / 64] &= ~bit;
      }
    }
  }
  return bits;
}

}  // namespace

MatrixRows BuildRows(const Model& model, const Matrix& matrix) {
  std::vector<std::size_t> row_of_dimension;
  const Words full = FullRows(model, matrix, row_of_dimension);
  const std::uint32_t words = format::WordCount(static_cast<std::uint32_t>(matrix.columns.size()));
  const auto row = [&](std::size_t i) {
    return full.begin() + static_cast<std::ptrdiff_t>(i * words);
  };
  MatrixRows out;
  out.bits.assign(row(0), row(3));
  for (std::size_t d = 0; d < matrix.dimensions.size(); ++d) {
    const AtomMap& map = model.atom_maps[matrix.dimensions[d].atoms.value];
    out.first_row.push_back(out.row_count);
    out.cuts.emplace_back();
    for (std::uint32_t atom = 0; atom < map.atom_count(); ++atom) {
      const std::size_t i = row_of_dimension[d] + atom;
      if (map.kind == AtomMapKind::kCuts && atom >= 2) {
        if (std::equal(row(i), row(i + 1), row(i - 1))) continue;  // no column changes at this cut
        out.cuts.back().push_back(map.cuts[atom - 2]);
      }
      out.bits.insert(out.bits.end(), row(i), row(i + 1));
      ++out.row_count;
    }
  }
  return out;
}

}  // namespace writ::table
