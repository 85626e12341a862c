// The inverse of the writer, through the reader's own views. Entry points: ReadModel,
// ReadVocabulary, ReadMatrix.
#include "writ/table/read.h"

namespace writ::table {
namespace {

using runtime::Slice;
using runtime::Table;

template <typename T>
std::vector<T> Listed(Slice<T> items) {
  return {items.begin(), items.end()};
}

void ReadFacts(const Table& t, Model& m) {
  for (std::uint32_t i = 0; i < t.fact_count(); ++i) {
    const runtime::FactView v = t.Fact({i});
    Fact& f = m.facts.emplace_back();
    f.name = v.name;
    f.type = v.type;
    f.source = v.source;
    f.scale = v.scale;
    f.ordered = v.ordered;
    f.unit = v.unit;
    f.low = v.low;
    f.high = v.high;
    for (std::uint32_t k = 0; k < v.value_count; ++k) f.values.emplace_back(t.FactValue({i}, k));
    f.evidence = v.evidence;
    f.meter = v.meter;
    f.missing = v.missing;
    f.substitute = v.substitute;
    f.substitute_text = v.substitute_text;
    f.utf8 = v.utf8;
    f.for_critics = v.for_critics;
  }
}

void ReadPeople(const Table& t, Model& m) {
  for (std::uint32_t i = 0; i < t.role_count(); ++i) {
    const runtime::RoleView v = t.Role({i});
    m.roles.push_back({std::string(v.name), v.kind, std::string(v.identity), v.reports_to});
  }
  for (std::uint32_t i = 0; i < t.anchor_count(); ++i) {
    const runtime::AnchorView v = t.Anchor({i});
    Anchor& a = m.anchors.emplace_back();
    a.name = v.name;
    a.title = v.title;
    a.held_by = v.held_by;
    a.also_held_by = Listed(v.also_held_by);
    a.deputies = Listed(v.deputies);
    for (std::uint32_t k = 0; k < v.absorbs_count; ++k)
      a.absorbs.emplace_back(t.AnchorAbsorbs({i}, k));
    a.channel = v.channel;
    a.within_ms = v.within_ms;
    a.next_deputy = v.next_deputy;
    a.silence = v.silence;
    a.silence_anchor = v.silence_anchor;
    a.below = Listed(v.below);
    a.asks_first = v.asks_first;
  }
}

void ReadCapabilities(const Table& t, Model& m) {
  for (std::uint32_t i = 0; i < t.capability_count(); ++i) {
    const runtime::CapabilityView v = t.Capability({i});
    Capability& c = m.capabilities.emplace_back();
    c.name = v.name;
    c.title = v.title;
    c.system = v.system;
    c.kind = v.kind;
    c.risk = v.risk;
    c.irreversible = v.irreversible;
    c.inputs = Listed(v.inputs);
    c.optional_inputs = Listed(v.optional_inputs);
  }
  for (std::uint32_t i = 0; i < t.derivation_count(); ++i) {
    const runtime::DerivationView v = t.Derivation(i);
    m.derivations.push_back({v.capability, v.fact, v.fold, std::string(v.path)});
  }
  for (std::uint32_t i = 0; i < t.statement_count(); ++i) {
    const runtime::StatementView v = t.Statement(i);
    m.statements.push_back({v.of, v.index, v.word, std::string(v.text)});
  }
  for (std::uint32_t i = 0; i < t.former_name_count(); ++i) {
    const runtime::FormerNameView v = t.FormerName(i);
    m.former_names.push_back({v.of, v.fact, std::string(v.name), v.index});
  }
}

void ReadMeasures(const Table& t, Model& m) {
  for (std::uint32_t i = 0; i < t.evidence_count(); ++i) {
    const runtime::EvidenceView v = t.Evidence({i});
    m.evidence.push_back({std::string(v.name), Listed(v.by), v.within_ms, v.within_months, v.at,
                          Listed(v.about_given), Listed(v.about_wanted)});
  }
  for (std::uint32_t i = 0; i < t.meter_count(); ++i) {
    const runtime::MeterView v = t.Meter({i});
    Meter& meter = m.meters.emplace_back();
    meter.name = v.name;
    meter.fold = v.fold;
    meter.targets = Listed(v.targets);
    meter.value = v.value;
    meter.keys = Listed(v.keys);
    meter.since = Listed(v.since);
    meter.window_ms = v.window_ms;
    meter.window_months = v.window_months;
    meter.including_this = v.including_this;
    meter.fact = v.fact;
  }
  for (std::uint32_t i = 0; i < t.zone_change_count(); ++i)
    m.zone_changes.push_back({t.ZoneChange(i).from_ms, t.ZoneChange(i).offset_ms});
  for (std::uint32_t i = 0; i < t.relation_count(); ++i) {
    const runtime::RelationView v = t.Relation(i);
    m.relations.push_back({v.invariant, v.kind, v.capability, v.verdict, v.fact, v.falling});
  }
}

void ReadProvenance(const Table& t, Model& m) {
  for (std::uint32_t i = 0; i < t.threshold_count(); ++i) {
    const runtime::ThresholdView v = t.Threshold(i);
    m.thresholds.push_back({std::string(v.name), std::string(v.value), std::string(v.reason)});
  }
  for (std::uint32_t i = 0; i < t.authority_count(); ++i) {
    const runtime::AuthorityView v = t.Authority({i});
    m.authorities.push_back({std::string(v.name), v.kind, v.anchor, v.from});
  }
  for (std::uint32_t i = 0; i < t.clause_count(); ++i) {
    const runtime::ClauseView v = t.Clause({i});
    m.clauses.push_back({std::string(v.name), std::string(v.words), std::string(v.reason),
                         std::string(v.file), v.line, v.authority, v.trigger});
  }
  for (std::uint32_t i = 0; i < t.region_count(); ++i) m.regions.emplace_back(t.Region(i));
  for (std::uint32_t i = 0; i < t.invariant_count(); ++i) m.invariants.emplace_back(t.Invariant(i));
}

void ReadAtomMaps(const Table& t, Model& m) {
  for (std::uint32_t i = 0; i < t.atom_map_count(); ++i) {
    const runtime::AtomMapView v = t.AtomMap({i});
    AtomMap& map = m.atom_maps.emplace_back();
    map.kind = v.kind;
    map.cuts = Listed(v.cuts);
    if (v.kind == AtomMapKind::kDirect) map.size = v.atom_count - 1;
    for (std::uint32_t k = 0; v.kind == AtomMapKind::kStrings && k + 2 < v.atom_count; ++k)
      map.strings.emplace_back(t.AtomString({i}, k));
  }
}

void ReadPatterns(const Table& t, Model& m) {
  for (std::uint32_t i = 0; i < t.pattern_count(); ++i) {
    const runtime::PatternView v = t.Pattern(i);
    const std::size_t edges = std::size_t{v.states} * v.classes;
    m.patterns.push_back({std::string(v.text),
                          v.start,
                          v.accepting,
                          v.states,
                          v.classes,
                          {v.class_of, v.class_of + 256},
                          {v.next, v.next + edges}});
  }
}

// A row constrains the dimensions of which it does not admit every atom.
std::vector<Constraint> ReadConstraints(const runtime::MatrixView& v, std::uint32_t column) {
  std::vector<Constraint> constraints;
  for (std::uint32_t d = 0; d < v.dimension_count(); ++d) {
    Constraint constraint{d, {}};
    bool all = true;
    for (std::uint32_t a = 0; a < v.Dimension(d).atom_count; ++a) {
      constraint.atoms.push_back(((v.Bits(d, a)[column / 64] >> (column % 64)) & 1) != 0);
      all = all && constraint.atoms.back();
    }
    if (!all) constraints.push_back(std::move(constraint));
  }
  return constraints;
}

}  // namespace

Matrix ReadMatrix(const Table& t, CapabilityId capability) {
  const runtime::MatrixView v = t.Matrix(capability);
  Matrix m;
  for (std::uint32_t i = 0; i < v.signature_count(); ++i)
    m.signature.push_back({v.Signature(i).fact, v.Signature(i).required});
  for (std::uint32_t i = 0; i < v.instruction_count(); ++i) {
    const runtime::InstructionView in = v.Instruction(i);
    m.code.push_back({in.op, in.a, in.b, in.immediate, std::string(in.text), in.has_substitute_a,
                      in.has_substitute_b, std::string(in.substitute_a),
                      std::string(in.substitute_b)});
  }
  for (std::uint32_t d = 0; d < v.dimension_count(); ++d) {
    const runtime::DimensionView in = v.Dimension(d);
    m.dimensions.push_back({static_cast<DimensionKind>(in.kind), in.index, in.atoms});
  }
  for (std::uint32_t c = 0; c < v.column_count(); ++c) {
    const runtime::ColumnView in = v.Column(c);
    m.columns.push_back({in.kind, in.verdict, in.flags, in.anchor, in.clause, in.authority, in.name,
                         ReadConstraints(v, c)});
  }
  return m;
}

Model ReadVocabulary(const Table& t) {
  Model m;
  m.policy = t.policy();
  m.version = t.version();
  m.title = t.title();
  m.zone = t.zone();
  m.has_effective = t.has_effective();
  m.effective_ms = t.effective_ms();
  ReadFacts(t, m);
  ReadPeople(t, m);
  ReadCapabilities(t, m);
  ReadMeasures(t, m);
  ReadProvenance(t, m);
  ReadPatterns(t, m);
  return m;
}

Model ReadModel(const Table& t) {
  Model m = ReadVocabulary(t);
  ReadAtomMaps(t, m);
  for (std::uint32_t c = 0; c < t.capability_count(); ++c)
    m.matrices.push_back(ReadMatrix(t, CapabilityId{c}));
  return m;
}

}  // namespace writ::table
