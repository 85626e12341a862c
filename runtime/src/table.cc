// The accessors of an open table: each turns one record into a view of it. Nothing is checked here;
// `Table::Open` (open.cc) has checked it all.
#include "writ/runtime/table.h"

#include <algorithm>
#include <tuple>

#include "view.h"

namespace writ::runtime {
namespace {

using format::StringAt;

// The id of the record named `name`, by binary search over the ids in order of name.
template <typename Record>
std::uint32_t Find(View view, format::Section section, format::Range by_name,
                   std::string_view name) {
  const Record* records = view.Records<Record>(section);
  const std::uint32_t* ids = view.lists() + by_name.first;
  std::uint32_t low = 0, high = by_name.count;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const int order = view.String(records[ids[middle]].name).compare(name);
    if (order == 0) return ids[middle];
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return format::kNone;
}

std::uint32_t From16(std::uint16_t id) { return id == format::kNone16 ? format::kNone : id; }

}  // namespace

std::string_view Table::policy() const { return View{base_}.String(View{base_}.policy().policy); }
std::string_view Table::version() const { return View{base_}.String(View{base_}.policy().version); }
std::string_view Table::title() const { return View{base_}.String(View{base_}.policy().title); }
std::string_view Table::zone() const { return View{base_}.String(View{base_}.policy().zone); }
Slice<unsigned char> Table::digest() const { return {base_ + format::kDigestOffset, 32}; }
bool Table::has_effective() const { return View{base_}.policy().has_effective != 0; }
std::int64_t Table::effective_ms() const { return View{base_}.policy().effective_ms; }

std::uint32_t Table::fact_count() const { return View{base_}.Count(format::kFacts); }
std::uint32_t Table::role_count() const { return View{base_}.Count(format::kRoles); }
std::uint32_t Table::anchor_count() const { return View{base_}.Count(format::kAnchors); }
std::uint32_t Table::capability_count() const { return View{base_}.Count(format::kCapabilities); }
std::uint32_t Table::statement_count() const { return View{base_}.Count(format::kStatements); }
std::uint32_t Table::former_name_count() const { return View{base_}.Count(format::kFormerNames); }
std::uint32_t Table::derivation_count() const { return View{base_}.Count(format::kDerivations); }
std::uint32_t Table::evidence_count() const { return View{base_}.Count(format::kEvidence); }
std::uint32_t Table::meter_count() const { return View{base_}.Count(format::kMeters); }
std::uint32_t Table::relation_count() const { return View{base_}.Count(format::kRelations); }
std::uint32_t Table::zone_change_count() const { return View{base_}.Count(format::kZone); }
std::uint32_t Table::threshold_count() const { return View{base_}.Count(format::kThresholds); }
std::uint32_t Table::authority_count() const { return View{base_}.Count(format::kAuthorities); }
std::uint32_t Table::clause_count() const { return View{base_}.Count(format::kClauses); }
std::uint32_t Table::atom_map_count() const { return View{base_}.Count(format::kAtomMaps); }
std::uint32_t Table::pattern_count() const { return View{base_}.Count(format::kPatterns); }
std::uint32_t Table::region_count() const { return View{base_}.policy().regions.count; }
std::uint32_t Table::invariant_count() const { return View{base_}.policy().invariants.count; }

FactView Table::Fact(FactId id) const {
  const View v{base_};
  const format::FactRecord& r = v.fact(id.value);
  return {v.String(r.name),
          v.String(r.unit),
          v.String(r.substitute_text),
          static_cast<ValueType>(r.type),
          static_cast<Source>(r.source),
          r.scale,
          (r.flags & format::kFactOrdered) != 0,
          static_cast<MissingWord>(r.missing),
          r.low,
          r.high,
          r.substitute,
          {r.evidence},
          {r.meter},
          r.values.count,
          (r.flags & format::kFactUtf8) != 0,
          (r.flags & format::kFactForCritics) != 0};
}

std::string_view Table::FactValue(FactId id, std::uint32_t value) const {
  return View{base_}.Name(View{base_}.fact(id.value).values, value);
}

RoleView Table::Role(RoleId id) const {
  const View v{base_};
  const auto& r = v.Records<format::RoleRecord>(format::kRoles)[id.value];
  return {v.String(r.name), v.String(r.identity), static_cast<RoleKind>(r.kind), {r.reports_to}};
}

AnchorView Table::Anchor(AnchorId id) const {
  const View v{base_};
  const auto& r = v.Records<format::AnchorRecord>(format::kAnchors)[id.value];
  return {v.String(r.name),
          v.String(r.title),
          v.String(r.channel),
          v.String(r.asks_first),
          {r.held_by},
          r.within_ms,
          r.next_deputy != 0,
          static_cast<Verdict>(r.silence),
          {r.silence_anchor},
          v.Ids<RoleId>(r.also_held_by),
          v.Ids<RoleId>(r.deputies),
          v.Ids<AnchorId>(r.below),
          r.absorbs.count};
}

std::string_view Table::AnchorAbsorbs(AnchorId id, std::uint32_t i) const {
  const View v{base_};
  return v.Name(v.Records<format::AnchorRecord>(format::kAnchors)[id.value].absorbs, i);
}

CapabilityView Table::Capability(CapabilityId id) const {
  const View v{base_};
  const auto& r = v.Records<format::CapabilityRecord>(format::kCapabilities)[id.value];
  return {v.String(r.name),          v.String(r.title),
          v.String(r.system),        static_cast<CapabilityKind>(r.kind),
          static_cast<Risk>(r.risk), r.irreversible != 0,
          v.Ids<FactId>(r.inputs),   v.Ids<FactId>(r.optional_inputs)};
}

DerivationView Table::Derivation(std::uint32_t i) const {
  const View v{base_};
  const auto& r = v.Records<format::DerivationRecord>(format::kDerivations)[i];
  return {{r.capability}, {r.fact}, static_cast<ArgumentFold>(r.fold), v.String(r.path)};
}

StatementView Table::Statement(std::uint32_t i) const {
  const View v{base_};
  const auto& r = v.Records<format::StatementRecord>(format::kStatements)[i];
  return {static_cast<StatementOf>(r.of), r.index, static_cast<StatementWord>(r.word),
          v.String(r.text)};
}

FormerNameView Table::FormerName(std::uint32_t i) const {
  const View v{base_};
  const auto& r = v.Records<format::FormerNameRecord>(format::kFormerNames)[i];
  return {static_cast<NameOf>(r.of), {r.fact}, v.String(r.name), r.index};
}

EvidenceView Table::Evidence(EvidenceId id) const {
  const View v{base_};
  const format::EvidenceRecord& r = v.evidence(id.value);
  return {v.String(r.name),
          r.within_ms,
          r.within_months,
          {r.at},
          v.Ids<CapabilityId>(r.by),
          v.Ids<FactId>(r.about_given),
          v.Ids<FactId>(r.about_wanted)};
}

MeterView Table::Meter(MeterId id) const {
  const View v{base_};
  const format::MeterRecord& r = v.meter(id.value);
  return {v.String(r.name),
          static_cast<Fold>(r.fold),
          r.including_this != 0,
          {r.value},
          {r.fact},
          r.window_ms,
          r.window_months,
          v.Ids<CapabilityId>(r.targets),
          v.Ids<FactId>(r.keys),
          v.Ids<CapabilityId>(r.since)};
}

RelationView Table::Relation(std::uint32_t i) const {
  const auto& r = View{base_}.Records<format::RelationRecord>(format::kRelations)[i];
  return {r.invariant,
          static_cast<RelationKind>(r.kind),
          {CapabilityId{r.first}, CapabilityId{r.second}},
          {static_cast<Verdict>(r.first_verdict), static_cast<Verdict>(r.second_verdict)},
          FactId{r.fact},
          r.falling != 0};
}

ZoneChangeView Table::ZoneChange(std::uint32_t i) const {
  const auto& r = View{base_}.Records<format::ZoneChangeRecord>(format::kZone)[i];
  return {r.from_ms, r.offset_ms};
}

ThresholdView Table::Threshold(std::uint32_t i) const {
  const View v{base_};
  const auto& r = v.Records<format::ThresholdRecord>(format::kThresholds)[i];
  return {v.String(r.name), v.String(r.value), v.String(r.reason)};
}

AuthorityView Table::Authority(AuthorityId id) const {
  const View v{base_};
  const auto& r = v.Records<format::AuthorityRecord>(format::kAuthorities)[id.value];
  return {v.String(r.name), static_cast<AuthorityKind>(r.kind), {r.anchor}, {r.from}};
}

ClauseView Table::Clause(ClauseId id) const {
  const View v{base_};
  const auto& r = v.Records<format::ClauseRecord>(format::kClauses)[id.value];
  return {v.String(r.name),
          v.NextString(r.name),
          v.String(r.reason),
          v.Name(v.policy().files, r.file),
          r.line_and_trigger / 8,
          {From16(r.authority)},
          static_cast<Trigger>(r.line_and_trigger % 8)};
}

AtomMapView Table::AtomMap(AtomMapId id) const {
  const View v{base_};
  const format::AtomMapRecord& r = v.atom_map(id.value);
  const auto kind = static_cast<AtomMapKind>(r.kind);
  const Slice<std::int64_t> cuts =
      kind == AtomMapKind::kCuts ? Slice<std::int64_t>(v.cuts() + r.values.first, r.values.count)
                                 : Slice<std::int64_t>();
  return {kind, r.values.count + (kind == AtomMapKind::kDirect ? 1 : 2), cuts};
}

std::string_view Table::AtomString(AtomMapId id, std::uint32_t i) const {
  return View{base_}.Name(View{base_}.atom_map(id.value).values, i);
}

PatternView Table::Pattern(std::uint32_t i) const { return View{base_}.Pattern(i); }
std::string_view Table::Region(std::uint32_t i) const {
  return View{base_}.Name(View{base_}.policy().regions, i);
}
std::string_view Table::Invariant(std::uint32_t i) const {
  return View{base_}.Name(View{base_}.policy().invariants, i);
}

MatrixView Table::Matrix(CapabilityId id) const {
  MatrixView m;
  m.base_ = base_;
  m.record_ = View{base_}.header().sections[format::kMatrices].offset +
              id.value * sizeof(format::MatrixRecord);
  return m;
}

FactId Table::FindFact(std::string_view name) const {
  const View v{base_};
  const std::uint32_t at =
      Find<format::FactRecord>(v, format::kFacts, v.policy().facts_by_name, name);
  return {at != format::kNone ? at : FindFormer(NameOf::kFact, name)};
}
RoleId Table::FindRole(std::string_view name) const {
  const View v{base_};
  const std::uint32_t at =
      Find<format::RoleRecord>(v, format::kRoles, v.policy().roles_by_name, name);
  return {at != format::kNone ? at : FindFormer(NameOf::kRole, name)};
}
AnchorId Table::FindAnchor(std::string_view name) const {
  const View v{base_};
  const std::uint32_t at =
      Find<format::AnchorRecord>(v, format::kAnchors, v.policy().anchors_by_name, name);
  return {at != format::kNone ? at : FindFormer(NameOf::kAnchor, name)};
}
CapabilityId Table::FindCapability(std::string_view name) const {
  const View v{base_};
  const std::uint32_t at = Find<format::CapabilityRecord>(v, format::kCapabilities,
                                                          v.policy().capabilities_by_name, name);
  return {at != format::kNone ? at : FindFormer(NameOf::kCapability, name)};
}
std::uint32_t Table::FindFactValue(FactId fact, std::string_view name) const {
  const std::uint32_t count = Fact(fact).value_count;
  for (std::uint32_t i = 0; i < count; ++i)
    if (FactValue(fact, i) == name) return i;
  const std::uint32_t former = FindFormer(NameOf::kValue, name, fact);
  return former != kNotFound ? former : FindFormer(NameOf::kValue, kAnyOtherValue, fact);
}

std::uint32_t Table::FindFormer(NameOf of, std::string_view name, FactId fact) const {
  const View v{base_};
  const auto* records = v.Records<format::FormerNameRecord>(format::kFormerNames);
  const auto* end = records + v.Count(format::kFormerNames);
  const auto key = [&](const format::FormerNameRecord& r) {
    return std::tuple(r.of, r.fact, v.String(r.name));
  };
  const std::tuple wanted(static_cast<std::uint32_t>(of), fact.value, name);
  const auto* at = std::lower_bound(records, end, wanted,
                                    [&](const auto& r, const auto& w) { return key(r) < w; });
  return at != end && key(*at) == wanted ? at->index : kNotFound;
}

static const format::MatrixRecord& RecordOf(const unsigned char* base, std::uint64_t offset) {
  return *reinterpret_cast<const format::MatrixRecord*>(base + offset);
}

std::uint32_t MatrixView::column_count() const { return RecordOf(base_, record_).columns.count; }
std::uint32_t MatrixView::decision_column_count() const {
  return RecordOf(base_, record_).decision_count;
}
std::uint32_t MatrixView::word_count() const { return RecordOf(base_, record_).word_count; }
std::uint32_t MatrixView::dimension_count() const {
  return RecordOf(base_, record_).dimensions.count;
}
std::uint32_t MatrixView::signature_count() const {
  return RecordOf(base_, record_).signature.count;
}
std::uint32_t MatrixView::instruction_count() const { return RecordOf(base_, record_).code.count; }

DimensionView MatrixView::Dimension(std::uint32_t d) const {
  const View v{base_};
  const std::uint32_t i = RecordOf(base_, record_).dimensions.first + d;
  const auto& r = v.Records<format::DimensionRecord>(format::kDimensions)[i];
  const format::AtomMapRecord& map = v.atom_map(r.atoms);
  const bool direct = map.kind == static_cast<std::uint32_t>(AtomMapKind::kDirect);
  return {r.kind, r.index, {r.atoms}, map.values.count + (direct ? 1 : 2)};
}

ColumnView MatrixView::Column(std::uint32_t c) const {
  const View v{base_};
  const std::uint32_t i = RecordOf(base_, record_).columns.first + c;
  const auto& r = v.Records<format::ColumnRecord>(format::kColumns)[i];
  return {static_cast<ColumnKind>(r.kind()),
          static_cast<Verdict>(r.verdict()),
          r.flags,
          {From16(r.anchor)},
          {r.clause},
          {From16(r.authority)},
          r.name};
}

const std::uint64_t* MatrixView::Bits(std::uint32_t d, std::uint32_t atom) const {
  const View v{base_};
  const format::MatrixRecord& m = RecordOf(base_, record_);
  const auto& r = v.Records<format::DimensionRecord>(format::kDimensions)[m.dimensions.first + d];
  const format::AtomMapRecord& map = v.atom_map(r.atoms);
  std::size_t row = atom;
  if (map.kind == static_cast<std::uint32_t>(AtomMapKind::kCuts) && atom >= 2) {
    // The row is that of the atom's lowest value.
    const std::int64_t value = v.cuts()[map.values.first + atom - 2];
    const std::int64_t* cuts = v.cuts() + r.values.first;
    row = 1 + static_cast<std::size_t>(std::upper_bound(cuts, cuts + r.values.count, value) - cuts);
  }
  return v.bits() + r.rows + row * m.word_count;
}

const std::uint64_t* MatrixView::AllowWhenBits() const {
  return View{base_}.bits() + RecordOf(base_, record_).masks;
}

SignatureView MatrixView::Signature(std::uint32_t i) const {
  const std::uint32_t entry = View{base_}.lists()[RecordOf(base_, record_).signature.first + i];
  return {{entry / 2}, entry % 2 != 0};
}

InstructionView MatrixView::Instruction(std::uint32_t i) const {
  const View v{base_};
  const auto& r = v.Records<format::InstructionRecord>(
      format::kInstructions)[RecordOf(base_, record_).code.first + i];
  return {static_cast<Op>(r.op),
          r.a,
          r.b,
          r.immediate,
          v.String(r.text),
          (r.flags & format::kHasSubstituteA) != 0,
          (r.flags & format::kHasSubstituteB) != 0,
          v.String(r.substitute_a),
          v.String(r.substitute_b)};
}

}  // namespace writ::runtime
