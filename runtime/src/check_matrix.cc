// Checks the matrices: that each reads only what there is, that its code is straight-line and
// typed, that its rows lie inside the bits with nothing set beyond the last column, and that what
// deciding takes for granted (which loops it may run, which columns have which flag) is so. Entry
// point: `Checker::CheckMatrices`.
#include <algorithm>

#include "checker.h"
#include "writ/runtime/decide.h"

namespace writ::runtime {

using format::kNone;
using format::MatrixRecord;

// An atom map can classify values of this type.
bool Checker::MapSuits(const format::AtomMapRecord& map, ValueType type,
                       std::uint32_t values) const {
  const auto kind = static_cast<AtomMapKind>(map.kind);
  switch (type) {
    case ValueType::kBool:
      return kind == AtomMapKind::kCuts || (kind == AtomMapKind::kDirect && map.values.count == 2);
    case ValueType::kEnum:
      return kind == AtomMapKind::kCuts ||
             (kind == AtomMapKind::kDirect && map.values.count == values);
    case ValueType::kRole:
      return kind == AtomMapKind::kDirect && map.values.count == Count(format::kRoles) + 1;
    case ValueType::kInteger:
    case ValueType::kDecimal:
    case ValueType::kMoney:
    case ValueType::kDuration:
    case ValueType::kTime:
      return kind == AtomMapKind::kCuts;
    case ValueType::kId:
    case ValueType::kText:
      return kind == AtomMapKind::kStrings;
    case ValueType::kIdSet:
    case ValueType::kEnumSet:
      return false;
  }
  return false;
}

bool Checker::CheckSignature(const MatrixRecord& m) {
  if (m.signature.count > format::kMaxReads) return Fail(OpenCode::kTooLarge, &m.signature.count);
  return List(m.signature, Count(format::kFacts) * 2) &&
         List(m.evidence, Count(format::kEvidence)) && List(m.meters, Count(format::kMeters));
}

bool Checker::InSignature(const MatrixRecord& m, std::uint32_t fact) const {
  const std::uint32_t* begin = v_.lists() + m.signature.first;
  return std::any_of(begin, begin + m.signature.count,
                     [&](std::uint32_t entry) { return entry / 2 == fact; });
}

bool Checker::CheckRead(const MatrixRecord& m, std::uint32_t i) {
  const format::ReadRecord& r = Records<format::ReadRecord>(format::kReads)[m.reads.first + i];
  if (!(Within(r.kind, 4) && Within(r.map_kind, 4) && Within(r.flags, 128) && Zero(r.zero)))
    return false;
  std::uint8_t flags = format::kReadRole;
  std::uint8_t kind = format::kReadNumber;
  if (r.fact != kNone) {
    if (!Index(r.fact, Count(format::kFacts))) return false;
    const format::FactRecord& f = v_.fact(r.fact);
    const auto type = static_cast<ValueType>(f.type);
    const auto source = static_cast<Source>(f.source);
    kind = KindOf(type);
    flags = r.flags & format::kReadRequired;
    if (f.evidence != kNone) flags |= format::kReadEvidence;
    if (f.meter != kNone) flags |= format::kReadMeter;
    if ((f.flags & format::kFactUtf8) != 0) flags |= format::kReadUtf8;
    if (IsNow(v_.String(f.name), source, type)) flags |= format::kReadNow;
    if (IsRole(v_.String(f.name), source, type)) flags |= format::kReadRole;
    const bool given = (flags & (format::kReadNow | format::kReadRole)) == 0;
    if (given && !InSignature(m, r.fact)) flags |= format::kReadWatched;
  }
  if (r.kind != kind) return Fail(OpenCode::kBadValue, &r.kind);
  if (r.flags != flags) return Fail(OpenCode::kBadValue, &r.flags);
  const bool special = (flags & ~format::kReadRequired) != 0;
  const ValueType type =
      r.fact == kNone ? ValueType::kRole : static_cast<ValueType>(v_.fact(r.fact).type);
  if (i < m.direct_count) {
    const bool direct = type == ValueType::kBool || type == ValueType::kEnum;
    if (special || !direct || r.map_kind != format::kMapDirect)
      return Fail(OpenCode::kBadValue, &r.map_kind);
  } else if (i < m.direct_count + m.cuts_count) {
    if (special || r.map_kind != format::kMapCuts || r.map.count == 0)
      return Fail(OpenCode::kBadValue, &r.map_kind);
  }
  return CheckReadDimension(m, i);
}

bool Checker::CheckReadDimension(const MatrixRecord& m, std::uint32_t i) {
  const format::ReadRecord& r = Records<format::ReadRecord>(format::kReads)[m.reads.first + i];
  if (r.dimension == kNone) {
    if (r.map_kind != format::kMapNone || r.rows != 0 || r.map.first != 0 || r.map.count != 0) {
      return Fail(OpenCode::kBadValue, &r.map_kind);
    }
    return true;
  }
  if (!Index(r.dimension, m.dimensions.count)) return false;
  // The dimension itself is checked later, and says which read is its own.
  const auto& d =
      Records<format::DimensionRecord>(format::kDimensions)[m.dimensions.first + r.dimension];
  const auto kind = static_cast<DimensionKind>(d.kind);
  if (d.read != i || d.rows != r.rows || d.atoms >= Count(format::kAtomMaps) ||
      (kind != DimensionKind::kFact && kind != DimensionKind::kRole)) {
    return Fail(OpenCode::kBadIndex, &r.dimension);
  }
  const format::AtomMapRecord& map = v_.atom_map(d.atoms);
  constexpr std::uint8_t kMapOf[3] = {format::kMapCuts, format::kMapDirect, format::kMapStrings};
  if (r.map_kind != kMapOf[map.kind]) return Fail(OpenCode::kBadValue, &r.map_kind);
  if (r.map.first != d.values.first || r.map.count != d.values.count)
    return Fail(OpenCode::kBadIndex, &r.map);
  return true;
}

bool Checker::CheckReads(const MatrixRecord& m) {
  if (!Take(m.reads, format::kReads)) return false;
  if (m.reads.count > format::kMaxReads) return Fail(OpenCode::kTooLarge, &m.reads.count);
  if (m.direct_count > m.reads.count) return Fail(OpenCode::kBadIndex, &m.direct_count);
  if (m.cuts_count > m.reads.count - m.direct_count)
    return Fail(OpenCode::kBadIndex, &m.cuts_count);
  std::uint32_t attached = 0, steps = 0;
  bool special = false;
  for (std::uint32_t i = 0; i < m.reads.count; ++i) {
    if (!CheckRead(m, i)) return false;
    const format::ReadRecord& r = Records<format::ReadRecord>(format::kReads)[m.reads.first + i];
    attached += r.dimension != kNone;
    const bool searched = i >= m.direct_count && i < m.direct_count + m.cuts_count;
    if (searched && format::StepCount(r.map.count) > steps) steps = format::StepCount(r.map.count);
    special |= (r.flags & (format::kReadEvidence | format::kReadMeter)) != 0;
  }
  if (m.cut_steps != steps) return Fail(OpenCode::kBadValue, &m.cut_steps);
  // As each dimension names one read, no two reads can share a dimension.
  const bool plain = m.code.count == 0 && m.evidence.count == 0 && m.meters.count == 0 &&
                     !special && attached == m.dimensions.count;
  if (plain != ((m.flags & format::kPlain) != 0)) return Fail(OpenCode::kBadValue, &m.flags);
  return true;
}

bool Checker::IsBoolean(const MatrixRecord& m, std::uint32_t value) const {
  return value < m.code.count && ((boolean_[value / 64] >> (value % 64)) & 1) != 0;
}

bool Checker::CheckFactOperand(const MatrixRecord& m, const std::uint32_t& fact,
                               const std::uint32_t& read, bool is_fact) {
  if (!is_fact) return read == kNone || Fail(OpenCode::kBadIndex, &read);
  if (!Index(fact, Count(format::kFacts)) || !Index(read, m.reads.count)) return false;
  const format::ReadRecord& r = Records<format::ReadRecord>(format::kReads)[m.reads.first + read];
  return r.fact == fact || Fail(OpenCode::kBadIndex, &read);
}

// The operands of instruction `i` exist before it and have the right type; notes whether it gives a
// boolean.
bool Checker::CheckOperands(const MatrixRecord& m, std::uint32_t i) {
  const auto& r = Records<format::InstructionRecord>(format::kInstructions)[m.code.first + i];
  const auto type_of = [&](std::uint32_t fact) {
    return static_cast<ValueType>(v_.fact(fact).type);
  };
  const auto earlier = [&](const std::uint32_t& operand) { return Index(operand, i); };
  const auto boolean = [&](const std::uint32_t& operand) {
    return Index(operand, i) && (IsBoolean(m, operand) || Fail(OpenCode::kBadValue, &operand));
  };
  const auto fact = [&](const std::uint32_t& operand, bool suits) {
    return suits || Fail(OpenCode::kBadIndex, &operand);
  };
  const bool bit = r.immediate == 0 || r.immediate == 1;
  bool gives_boolean = true, ok = true;
  switch (static_cast<Op>(r.op)) {
    case Op::kFact:
      gives_boolean = type_of(r.a) == ValueType::kBool;
      ok = fact(r.a,
                KindOf(type_of(r.a)) == format::kReadNumber && type_of(r.a) != ValueType::kEnumSet);
      break;
    case Op::kConst:
      gives_boolean = bit;
      break;
    case Op::kSubstitute:
      ok = earlier(r.a);
      gives_boolean = ok && IsBoolean(m, r.a) && bit;
      break;
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kMin:
    case Op::kMax:
      gives_boolean = false;
      ok = earlier(r.a) && earlier(r.b);
      break;
    case Op::kNegate:
      gives_boolean = false;
      ok = earlier(r.a);
      break;
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
      ok = earlier(r.a) && earlier(r.b);
      break;
    case Op::kAnd:
    case Op::kOr:
      ok = boolean(r.a) && boolean(r.b);
      break;
    case Op::kNot:
      ok = boolean(r.a);
      break;
    case Op::kIsMissing:
      break;
    case Op::kIsUnknown:
      ok = earlier(r.a);
      break;
    case Op::kTextEqual:
      ok = fact(r.a, IsText(type_of(r.a))) && fact(r.b, IsText(type_of(r.b)));
      break;
    case Op::kTextEqualConst:
    case Op::kTextPrefix:
      ok = fact(r.a, IsText(type_of(r.a)));
      break;
    case Op::kMatches:
      ok = fact(r.a, (v_.fact(r.a).flags & format::kFactUtf8) != 0) &&
           Index(r.b, Count(format::kPatterns));
      break;
    case Op::kSetHasText:
      ok = fact(r.a, type_of(r.a) == ValueType::kIdSet);
      break;
    case Op::kSetHasFact:
      ok = fact(r.a, type_of(r.a) == ValueType::kIdSet) && fact(r.b, IsText(type_of(r.b)));
      break;
    case Op::kSetHasEnum:
      ok = fact(r.a, type_of(r.a) == ValueType::kEnumSet);
      if (ok && (r.immediate < 0 || r.immediate >= v_.fact(r.a).values.count))
        return Fail(OpenCode::kBadValue, &r.immediate);
      break;
    case Op::kEvidence:
      ok = Index(r.a, Count(format::kEvidence));
      break;
  }
  const std::uint64_t mask = std::uint64_t{1} << (i % 64);
  boolean_[i / 64] = gives_boolean ? boolean_[i / 64] | mask : boolean_[i / 64] & ~mask;
  return ok;
}

bool Checker::CheckCode(const MatrixRecord& m) {
  if (!Take(m.code, format::kInstructions)) return false;
  if (m.code.count > kMaxInstructions) return Fail(OpenCode::kTooLarge, &m.code.count);
  for (std::uint32_t i = 0; i < m.code.count; ++i) {
    const auto& r = Records<format::InstructionRecord>(format::kInstructions)[m.code.first + i];
    if (!(Within(r.op, 25) && Within(r.flags, 4) && Zero(r.zero) && String(r.text) &&
          String(r.substitute_a) && String(r.substitute_b))) {
      return false;
    }
    const OpShape shape = ShapeOf(static_cast<Op>(r.op));
    const bool a_is_fact = shape.a == OperandKind::kFact, b_is_fact = shape.b == OperandKind::kFact;
    if (!CheckFactOperand(m, r.a, r.read_a, a_is_fact) ||
        !CheckFactOperand(m, r.b, r.read_b, b_is_fact) || !CheckOperands(m, i)) {
      return false;
    }
  }
  return true;
}

// The read of `fact` (kNone: of the acting role) that a dimension names.
bool Checker::CheckDimensionRead(const MatrixRecord& m, const format::DimensionRecord& d,
                                 std::uint32_t fact) {
  if (d.read >= m.reads.count) return Fail(OpenCode::kBadIndex, &d.read);
  const format::ReadRecord& r = Records<format::ReadRecord>(format::kReads)[m.reads.first + d.read];
  return r.fact == fact || Fail(OpenCode::kBadIndex, &d.read);
}

bool Checker::CheckDimension(const MatrixRecord& m, std::uint32_t i) {
  const auto& d = Records<format::DimensionRecord>(format::kDimensions)[m.dimensions.first + i];
  if (!Within(d.kind, 4) || !Zero(d.zero) || !Index(d.atoms, Count(format::kAtomMaps)))
    return false;
  const format::AtomMapRecord& map = v_.atom_map(d.atoms);
  const bool two =
      map.kind == static_cast<std::uint32_t>(AtomMapKind::kDirect) && map.values.count == 2;
  bool suits = true;
  switch (static_cast<DimensionKind>(d.kind)) {
    case DimensionKind::kFact: {
      if (!Index(d.index, Count(format::kFacts)) || !CheckDimensionRead(m, d, d.index))
        return false;
      const format::FactRecord& fact = v_.fact(d.index);
      suits = MapSuits(map, static_cast<ValueType>(fact.type), fact.values.count);
      break;
    }
    case DimensionKind::kDerived:
      if (!Index(d.index, m.code.count)) return false;
      suits = (two && IsBoolean(m, d.index)) ||
              map.kind == static_cast<std::uint32_t>(AtomMapKind::kCuts);
      break;
    case DimensionKind::kRole:
      if (!CheckDimensionRead(m, d, kNone)) return false;
      suits = MapSuits(map, ValueType::kRole, 0);
      break;
    case DimensionKind::kEvidence:
      if (!Index(d.index, Count(format::kEvidence))) return false;
      suits = two;
      break;
  }
  const auto kind = static_cast<DimensionKind>(d.kind);
  const bool reads = kind == DimensionKind::kFact || kind == DimensionKind::kRole;
  if (!reads && d.read != format::kNone16) return Fail(OpenCode::kBadIndex, &d.read);
  return suits || Fail(OpenCode::kBadIndex, &d.atoms);
}

// A dimension's own cuts are some of its atom map's; for other maps there is nothing of its own.
bool Checker::CheckDimensionValues(const format::DimensionRecord& d) {
  const format::AtomMapRecord& map = v_.atom_map(d.atoms);
  if (map.kind != static_cast<std::uint32_t>(AtomMapKind::kCuts)) {
    const bool same = d.values.first == map.values.first && d.values.count == map.values.count;
    return same || Fail(OpenCode::kBadIndex, &d.values);
  }
  if (!Take(d.values, format::kCuts)) return false;
  const std::int64_t* cuts = v_.cuts() + d.values.first;
  const std::int64_t* begin = v_.cuts() + map.values.first;
  const std::int64_t* end = begin + map.values.count;
  for (std::uint32_t i = 0; i < d.values.count; ++i) {
    begin = std::lower_bound(begin, end, cuts[i]);
    if (begin == end || *begin != cuts[i]) return Fail(OpenCode::kBadValue, cuts + i);
    ++begin;  // so they ascend as well
  }
  return true;
}

bool Checker::CheckDimensions(const MatrixRecord& m) {
  if (!Take(m.dimensions, format::kDimensions)) return false;
  if (m.dimensions.count > kMaxDimensions) return Fail(OpenCode::kTooLarge, &m.dimensions.count);
  std::uint64_t rows = 0;
  for (std::uint32_t i = 0; i < m.dimensions.count; ++i) {
    if (!CheckDimension(m, i)) return false;
    const auto& d = Records<format::DimensionRecord>(format::kDimensions)[m.dimensions.first + i];
    if (!CheckDimensionValues(d)) return false;
    if (d.rows != m.masks + (3 + rows) * m.word_count) return Fail(OpenCode::kBadIndex, &d.rows);
    const bool direct =
        v_.atom_map(d.atoms).kind == static_cast<std::uint32_t>(AtomMapKind::kDirect);
    rows += d.values.count + (direct ? 1u : 2u);
  }
  return rows == m.row_count || Fail(OpenCode::kBadValue, &m.row_count);
}

bool Checker::CheckColumns(const MatrixRecord& m) {
  if (!Take(m.columns, format::kColumns)) return false;
  if (m.columns.count > kMaxColumns) return Fail(OpenCode::kTooLarge, &m.columns.count);
  if (m.decision_count > m.columns.count) return Fail(OpenCode::kBadIndex, &m.decision_count);
  if (m.word_count != format::WordCount(m.columns.count))
    return Fail(OpenCode::kBadValue, &m.word_count);
  const auto* columns = Records<format::ColumnRecord>(format::kColumns) + m.columns.first;
  auto before = static_cast<std::uint32_t>(Verdict::kDeny);
  std::uint8_t seen = 0;
  for (std::uint32_t i = 0; i < m.columns.count; ++i) {
    const format::ColumnRecord& c = columns[i];
    if (!(Within(c.kind_and_verdict, 20) && Within(c.flags, 32) &&
          Optional16(c.anchor, Count(format::kAnchors)) &&
          Optional16(c.authority, Count(format::kAuthorities)) &&
          Optional(c.clause, Count(format::kClauses)))) {
      return false;
    }
    const auto kind = static_cast<ColumnKind>(c.kind());
    const std::uint32_t verdict = c.verdict();
    if (verdict > static_cast<std::uint32_t>(Verdict::kDeny))
      return Fail(OpenCode::kBadValue, &c.kind_and_verdict);
    const bool decides = kind == ColumnKind::kDecision;
    if (decides != (i < m.decision_count)) return Fail(OpenCode::kBadValue, &c.kind_and_verdict);
    if (decides) {
      if (verdict > before)
        return Fail(OpenCode::kBadValue, &c.kind_and_verdict);  // most restrictive first
      before = verdict;
      seen |= c.flags;
    } else if ((c.flags & (kColumnAllowWhen | kColumnOtherwise | kColumnEffective)) != 0) {
      return Fail(OpenCode::kBadValue, &c.flags);
    }
    const bool allow_when = (c.flags & kColumnAllowWhen) != 0;
    if (allow_when && ((c.flags & kColumnOtherwise) != 0 ||
                       verdict != static_cast<std::uint32_t>(Verdict::kAllow))) {
      return Fail(OpenCode::kBadValue, &c.flags);
    }
    const bool needs_anchor =
        (decides && verdict == static_cast<std::uint32_t>(Verdict::kEscalate)) ||
        kind == ColumnKind::kNotify;
    if (needs_anchor && c.anchor == format::kNone16) return Fail(OpenCode::kBadIndex, &c.anchor);
    const format::PolicyRecord& p = v_.policy();
    const std::uint32_t names = kind == ColumnKind::kRegion      ? p.regions.count
                                : kind == ColumnKind::kInvariant ? p.invariants.count
                                                                 : 1;
    if (c.name >= names) return Fail(OpenCode::kBadIndex, &c.name);
  }
  const std::uint32_t flags = (seen & kColumnAllowWhen ? format::kHasAllowWhen : 0u) |
                              (seen & kColumnOtherwise ? format::kHasOtherwise : 0u) |
                              (seen & kColumnEffective ? format::kHasEffective : 0u);
  return (m.flags & ~std::uint32_t{format::kPlain}) == flags || Fail(OpenCode::kBadValue, &m.flags);
}

// Alignment, the masks against the columns' flags, and nothing beyond the last column.
bool Checker::CheckBits(const MatrixRecord& m) {
  const std::uint64_t* bits = v_.bits();
  const std::uint32_t start = static_cast<std::uint32_t>(
      m.word_count >= 8 ? format::Align(taken_[format::kBits], 8) : taken_[format::kBits]);
  const std::uint64_t words = (std::uint64_t{m.row_count} + 3) * m.word_count;
  if (m.masks != start || start > Count(format::kBits) || words > Count(format::kBits) - start) {
    return Fail(OpenCode::kBadIndex, &m.masks);
  }
  for (std::uint32_t w = taken_[format::kBits]; w < start; ++w) {
    if (bits[w] != 0) return Fail(OpenCode::kBadValue, bits + w);
  }
  taken_[format::kBits] = start + static_cast<std::uint32_t>(words);
  const std::uint32_t full = m.columns.count / 64;
  for (std::uint64_t row = 0; row < std::uint64_t{m.row_count} + 3; ++row) {
    const std::uint64_t* line = bits + start + row * m.word_count;
    for (std::uint32_t w = full; w < m.word_count; ++w) {
      const unsigned used = w == full ? m.columns.count % 64 : 0;
      if ((line[w] >> used) != 0) return Fail(OpenCode::kBadValue, line + w);
    }
  }
  const auto* columns = Records<format::ColumnRecord>(format::kColumns) + m.columns.first;
  for (std::uint32_t c = 0; c < m.columns.count; ++c) {
    constexpr std::uint8_t kFlagOfMask[3] = {kColumnAllowWhen, kColumnOtherwise, kColumnEffective};
    for (std::uint32_t mask = 0; mask < 3; ++mask) {
      const std::uint64_t* word = bits + start + std::uint64_t{mask} * m.word_count + c / 64;
      if (((*word >> (c % 64)) & 1) != ((columns[c].flags & kFlagOfMask[mask]) != 0)) {
        return Fail(OpenCode::kBadValue, word);
      }
    }
  }
  return true;
}

bool Checker::CheckMatrix(std::uint32_t capability) {
  const MatrixRecord& m = v_.matrix(capability);
  if (!(CheckSignature(m) && Within(m.flags, 16))) return false;
  // Ranges first, so that reads and dimensions may look at each other.
  if (m.code.count > Count(format::kInstructions) ||
      m.dimensions.first > Count(format::kDimensions) ||
      m.dimensions.count > Count(format::kDimensions) - m.dimensions.first) {
    return Fail(OpenCode::kBadIndex, &m.dimensions);
  }
  return CheckReads(m) && CheckCode(m) && CheckColumns(m) && CheckDimensions(m) && CheckBits(m);
}

bool Checker::CheckMatrices() {
  if (Count(format::kMatrices) != Count(format::kCapabilities)) {
    return Fail(OpenCode::kBadSection, &v_.header().sections[format::kMatrices]);
  }
  for (std::uint32_t i = 0; i < Count(format::kMatrices); ++i) {
    if (!CheckMatrix(i)) return false;
  }
  return true;
}

}  // namespace writ::runtime
