// load(write(m)) == m: everything that a model says can be read back from the table, field by
// field; the same model gives the same bytes; and a model that makes no sense is refused in words.
#include <functional>

#include "exercise.h"
#include "support.h"
#include "writ/table/read.h"

namespace writ::test {
namespace {

template <typename Id>
std::vector<Id> Listed(Slice<Id> ids) {
  return {ids.begin(), ids.end()};
}

void CompareVocabulary(const table::Model& m, const Table& t) {
  EXPECT_EQ(t.policy(), m.policy);
  EXPECT_EQ(t.version(), m.version);
  EXPECT_EQ(t.title(), m.title);
  EXPECT_EQ(t.zone(), m.zone);
  EXPECT_EQ(t.has_effective(), m.has_effective);
  EXPECT_EQ(t.effective_ms(), m.effective_ms);
  ASSERT_EQ(t.fact_count(), m.facts.size());
  for (std::uint32_t i = 0; i < m.facts.size(); ++i) {
    const table::Fact& f = m.facts[i];
    const FactView v = t.Fact({i});
    EXPECT_EQ(v.name, f.name);
    EXPECT_EQ(v.unit, f.unit);
    EXPECT_EQ(v.type, f.type);
    EXPECT_EQ(v.source, f.source);
    EXPECT_EQ(v.scale, f.scale);
    EXPECT_EQ(v.ordered, f.ordered);
    EXPECT_EQ(v.missing, f.missing);
    EXPECT_EQ(v.low, f.low);
    EXPECT_EQ(v.high, f.high);
    EXPECT_EQ(v.substitute, f.substitute);
    EXPECT_EQ(v.substitute_text, f.substitute_text);
    EXPECT_EQ(v.evidence, f.evidence);
    EXPECT_EQ(v.meter, f.meter);
    ASSERT_EQ(v.value_count, f.values.size());
    for (std::uint32_t k = 0; k < v.value_count; ++k) EXPECT_EQ(t.FactValue({i}, k), f.values[k]);
    EXPECT_EQ(t.FindFact(f.name).value, i);
  }
  EXPECT_FALSE(t.FindFact("no such fact").valid());
  ASSERT_EQ(t.capability_count(), m.capabilities.size());
  for (std::uint32_t i = 0; i < m.capabilities.size(); ++i) {
    const table::Capability& c = m.capabilities[i];
    const CapabilityView v = t.Capability({i});
    EXPECT_EQ(v.name, c.name);
    EXPECT_EQ(v.title, c.title);
    EXPECT_EQ(v.system, c.system);
    EXPECT_EQ(v.kind, c.kind);
    EXPECT_EQ(v.risk, c.risk);
    EXPECT_EQ(v.irreversible, c.irreversible);
    EXPECT_EQ(Listed(v.inputs), c.inputs);
    EXPECT_EQ(Listed(v.optional_inputs), c.optional_inputs);
    EXPECT_EQ(t.FindCapability(c.name).value, i);
  }
}

void CompareFormerNames(const table::Model& m, const Table& t) {
  ASSERT_EQ(t.former_name_count(), m.former_names.size());
  for (std::uint32_t i = 0; i < m.former_names.size(); ++i) {
    const table::FormerName& f = m.former_names[i];
    const FormerNameView v = t.FormerName(i);
    EXPECT_EQ(v.of, f.of);
    EXPECT_EQ(v.fact, f.fact);
    EXPECT_EQ(v.name, f.name);
    EXPECT_EQ(v.index, f.index);
    EXPECT_EQ(t.FindFormer(f.of, f.name, f.fact), f.index);
    if (f.of == NameOf::kFact) {
      EXPECT_EQ(t.FindFact(f.name).value, f.index);
    }
    if (f.of == NameOf::kCapability) {
      EXPECT_EQ(t.FindCapability(f.name).value, f.index);
    }
    if (f.of == NameOf::kValue) {
      EXPECT_EQ(t.FindFactValue(f.fact, f.name), f.index);
    }
  }
  EXPECT_EQ(t.FindFormer(NameOf::kRole, "no such role"), kNotFound);
}

void CompareOrganisation(const table::Model& m, const Table& t) {
  ASSERT_EQ(t.role_count(), m.roles.size());
  for (std::uint32_t i = 0; i < m.roles.size(); ++i) {
    EXPECT_EQ(t.Role({i}).name, m.roles[i].name);
    EXPECT_EQ(t.Role({i}).identity, m.roles[i].identity);
    EXPECT_EQ(t.Role({i}).kind, m.roles[i].kind);
    EXPECT_EQ(t.Role({i}).reports_to, m.roles[i].reports_to);
    EXPECT_EQ(t.FindRole(m.roles[i].name).value, i);
  }
  ASSERT_EQ(t.anchor_count(), m.anchors.size());
  for (std::uint32_t i = 0; i < m.anchors.size(); ++i) {
    const table::Anchor& a = m.anchors[i];
    const AnchorView v = t.Anchor({i});
    EXPECT_EQ(v.name, a.name);
    EXPECT_EQ(v.title, a.title);
    EXPECT_EQ(v.channel, a.channel);
    EXPECT_EQ(v.asks_first, a.asks_first);
    EXPECT_EQ(v.held_by, a.held_by);
    EXPECT_EQ(Listed(v.also_held_by), a.also_held_by);
    EXPECT_EQ(Listed(v.deputies), a.deputies);
    EXPECT_EQ(Listed(v.below), a.below);
    EXPECT_EQ(v.within_ms, a.within_ms);
    EXPECT_EQ(v.next_deputy, a.next_deputy);
    EXPECT_EQ(v.silence, a.silence);
    EXPECT_EQ(v.silence_anchor, a.silence_anchor);
    ASSERT_EQ(v.absorbs_count, a.absorbs.size());
    for (std::uint32_t k = 0; k < v.absorbs_count; ++k)
      EXPECT_EQ(t.AnchorAbsorbs({i}, k), a.absorbs[k]);
    EXPECT_EQ(t.FindAnchor(a.name).value, i);
  }
  ASSERT_EQ(t.authority_count(), m.authorities.size());
  for (std::uint32_t i = 0; i < m.authorities.size(); ++i) {
    EXPECT_EQ(t.Authority({i}).name, m.authorities[i].name);
    EXPECT_EQ(t.Authority({i}).kind, m.authorities[i].kind);
    EXPECT_EQ(t.Authority({i}).anchor, m.authorities[i].anchor);
    EXPECT_EQ(t.Authority({i}).from, m.authorities[i].from);
  }
  ASSERT_EQ(t.clause_count(), m.clauses.size());
  for (std::uint32_t i = 0; i < m.clauses.size(); ++i) {
    const ClauseView v = t.Clause({i});
    EXPECT_EQ(v.name, m.clauses[i].name);
    EXPECT_EQ(v.words, m.clauses[i].words);
    EXPECT_EQ(v.reason, m.clauses[i].reason);
    EXPECT_EQ(v.file, m.clauses[i].file);
    EXPECT_EQ(v.line, m.clauses[i].line);
    EXPECT_EQ(v.authority, m.clauses[i].authority);
    EXPECT_EQ(v.trigger, m.clauses[i].trigger);
  }
}

void CompareMeasures(const table::Model& m, const Table& t) {
  ASSERT_EQ(t.evidence_count(), m.evidence.size());
  for (std::uint32_t i = 0; i < m.evidence.size(); ++i) {
    const EvidenceView v = t.Evidence({i});
    EXPECT_EQ(v.name, m.evidence[i].name);
    EXPECT_EQ(v.within_ms, m.evidence[i].within_ms);
    EXPECT_EQ(v.at, m.evidence[i].at);
    EXPECT_EQ(Listed(v.by), m.evidence[i].by);
    EXPECT_EQ(Listed(v.about_given), m.evidence[i].about_given);
    EXPECT_EQ(Listed(v.about_wanted), m.evidence[i].about_wanted);
  }
  ASSERT_EQ(t.meter_count(), m.meters.size());
  for (std::uint32_t i = 0; i < m.meters.size(); ++i) {
    const MeterView v = t.Meter({i});
    EXPECT_EQ(v.name, m.meters[i].name);
    EXPECT_EQ(v.fold, m.meters[i].fold);
    EXPECT_EQ(v.including_this, m.meters[i].including_this);
    EXPECT_EQ(v.value, m.meters[i].value);
    EXPECT_EQ(v.fact, m.meters[i].fact);
    EXPECT_EQ(v.window_ms, m.meters[i].window_ms);
    EXPECT_EQ(Listed(v.targets), m.meters[i].targets);
    EXPECT_EQ(Listed(v.keys), m.meters[i].keys);
  }
  ASSERT_EQ(t.threshold_count(), m.thresholds.size());
  for (std::uint32_t i = 0; i < m.thresholds.size(); ++i) {
    EXPECT_EQ(t.Threshold(i).name, m.thresholds[i].name);
    EXPECT_EQ(t.Threshold(i).value, m.thresholds[i].value);
    EXPECT_EQ(t.Threshold(i).reason, m.thresholds[i].reason);
  }
  ASSERT_EQ(t.region_count(), m.regions.size());
  for (std::uint32_t i = 0; i < m.regions.size(); ++i) EXPECT_EQ(t.Region(i), m.regions[i]);
  ASSERT_EQ(t.invariant_count(), m.invariants.size());
  for (std::uint32_t i = 0; i < m.invariants.size(); ++i)
    EXPECT_EQ(t.Invariant(i), m.invariants[i]);
  ASSERT_EQ(t.atom_map_count(), m.atom_maps.size());
  for (std::uint32_t i = 0; i < m.atom_maps.size(); ++i) {
    const AtomMapView v = t.AtomMap({i});
    EXPECT_EQ(v.kind, m.atom_maps[i].kind);
    EXPECT_EQ(v.atom_count, m.atom_maps[i].atom_count());
    EXPECT_EQ(std::vector<std::int64_t>(v.cuts.begin(), v.cuts.end()), m.atom_maps[i].cuts);
    for (std::uint32_t k = 0; k < m.atom_maps[i].strings.size(); ++k)
      EXPECT_EQ(t.AtomString({i}, k), m.atom_maps[i].strings[k]);
  }
}

void CompareInstruction(const table::Instruction& want, const InstructionView& got) {
  EXPECT_EQ(got.op, want.op);
  EXPECT_EQ(got.a, want.a);
  EXPECT_EQ(got.b, want.b);
  EXPECT_EQ(got.immediate, want.immediate);
  EXPECT_EQ(got.text, want.text);
  EXPECT_EQ(got.has_substitute_a, want.has_substitute_a);
  EXPECT_EQ(got.has_substitute_b, want.has_substitute_b);
  EXPECT_EQ(got.substitute_a, want.substitute_a);
  EXPECT_EQ(got.substitute_b, want.substitute_b);
}

void CompareMatrix(const table::Model& m, std::uint32_t capability, const MatrixView& v) {
  const table::Matrix& matrix = m.matrices[capability];
  ASSERT_EQ(v.signature_count(), matrix.signature.size());
  for (std::uint32_t i = 0; i < matrix.signature.size(); ++i) {
    EXPECT_EQ(v.Signature(i).fact, matrix.signature[i].fact);
    EXPECT_EQ(v.Signature(i).required, matrix.signature[i].required);
  }
  ASSERT_EQ(v.instruction_count(), matrix.code.size());
  for (std::uint32_t i = 0; i < matrix.code.size(); ++i)
    CompareInstruction(matrix.code[i], v.Instruction(i));
  ASSERT_EQ(v.column_count(), matrix.columns.size());
  ASSERT_EQ(v.dimension_count(), matrix.dimensions.size());
  std::uint32_t decisions = 0;
  for (std::uint32_t c = 0; c < matrix.columns.size(); ++c) {
    const table::Column& want = matrix.columns[c];
    const ColumnView got = v.Column(c);
    EXPECT_EQ(got.kind, want.kind);
    EXPECT_EQ(got.verdict, want.verdict);
    EXPECT_EQ(got.flags, want.flags);
    EXPECT_EQ(got.anchor, want.anchor);
    EXPECT_EQ(got.clause, want.clause);
    EXPECT_EQ(got.authority, want.authority);
    EXPECT_EQ(got.name, want.name);
    decisions += want.kind == ColumnKind::kDecision;
    EXPECT_EQ((v.AllowWhenBits()[c / 64] >> (c % 64)) & 1, (want.flags & kColumnAllowWhen) != 0);
  }
  EXPECT_EQ(v.decision_column_count(), decisions);
  for (std::uint32_t d = 0; d < matrix.dimensions.size(); ++d) {
    EXPECT_EQ(v.Dimension(d).kind, static_cast<std::uint8_t>(matrix.dimensions[d].kind));
    EXPECT_EQ(v.Dimension(d).index, matrix.dimensions[d].index);
    EXPECT_EQ(v.Dimension(d).atoms, matrix.dimensions[d].atoms);
    ASSERT_EQ(v.Dimension(d).atom_count,
              m.atom_maps[matrix.dimensions[d].atoms.value].atom_count());
    for (std::uint32_t atom = 0; atom < v.Dimension(d).atom_count; ++atom) {
      for (std::uint32_t c = 0; c < matrix.columns.size(); ++c) {
        bool admits = true;
        for (const table::Constraint& k : matrix.columns[c].constraints)
          admits = admits && (k.dimension != d || k.atoms[atom]);
        EXPECT_EQ((v.Bits(d, atom)[c / 64] >> (c % 64)) & 1, admits);
      }
    }
  }
}

TEST(RoundTrip, WhatIsWrittenIsReadBack) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    table::Model model = ModelMaker(seed, seed % 8 == 0 ? 600 : 20).Make();
    model.has_effective = true;
    model.effective_ms = -5;
    const Opened o = OpenWritten(model);
    CompareVocabulary(model, o.table);
    CompareFormerNames(model, o.table);
    CompareOrganisation(model, o.table);
    CompareMeasures(model, o.table);
    for (std::uint32_t c = 0; c < model.matrices.size(); ++c)
      CompareMatrix(model, c, o.table.Matrix({c}));
  }
}

TEST(RoundTrip, LongTextsSurvive) {
  table::Model model = ModelMaker(1).Make();
  for (const std::size_t size : {127u, 128u, 16383u, 16384u, (1u << 21) - 1}) {
    model.clauses[0].words = std::string(size, 'w');
    EXPECT_EQ(OpenWritten(model).table.Clause({0}).words, model.clauses[0].words);
  }
  model.clauses[0].words += 'w';
  EXPECT_FALSE(table::WriteTable(model).has_value());
}

TEST(RoundTrip, TheSameModelGivesTheSameBytes) {
  EXPECT_EQ(table::WriteTable(ModelMaker(3).Make()).value(),
            table::WriteTable(ModelMaker(3).Make()).value());
  EXPECT_NE(table::WriteTable(ModelMaker(3).Make()).value(),
            table::WriteTable(ModelMaker(4).Make()).value());
}

TEST(RoundTrip, AModelReadBackGivesTheSameBytes) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto bytes = table::WriteTable(ModelMaker(seed).Make()).value();
    Table table;
    ASSERT_EQ(Table::Open(bytes.data(), bytes.size(), &table).code, OpenCode::kOk);
    EXPECT_EQ(table::WriteTable(table::ReadModel(table)).value(), bytes) << "seed " << seed;
  }
}

TEST(RoundTrip, TheEmptyModelIsATable) {
  const Opened o = OpenWritten(table::Model());
  EXPECT_EQ(o.table.capability_count(), 0u);
  EXPECT_FALSE(o.table.FindFact("").valid());
}

std::string Refused(const std::function<void(table::Model&)>& spoil,
                    table::WriteOptions options = {}) {
  table::Model model = ModelMaker(2).Make();
  spoil(model);
  const auto bytes = table::WriteTable(model, options);
  return bytes ? "" : bytes.error().what;
}

TEST(RoundTrip, AModelThatMakesNoSenseIsRefusedInWords) {
  using table::Model;
  EXPECT_EQ(Refused([](Model& m) { m.facts[3].name = m.facts[4].name; }),
            "two of kind fact are named `f2`");
  EXPECT_EQ(Refused([](Model& m) { m.anchors[0].held_by = {99}; }),
            "anchor `desk` names something that is not there");
  EXPECT_EQ(Refused([](Model& m) { m.matrices.pop_back(); }),
            "there must be one matrix per capability");
  EXPECT_EQ(Refused([](Model&) {}, {.max_bytes = 100}), "the table would be larger than 100 bytes");
  EXPECT_NE(Refused([](Model& m) {
              m.atom_maps[0].kind = AtomMapKind::kCuts, m.atom_maps[0].cuts = {3, 3};
            }),
            "");
  EXPECT_NE(Refused([](Model& m) { m.facts[3].type = static_cast<ValueType>(99); }), "");
  EXPECT_NE(Refused([](Model& m) {
              m.matrices[0].dimensions.push_back({DimensionKind::kFact, 999, {0}});
            }),
            "");
}

}  // namespace
}  // namespace writ::test
