// Uses everything of an open table: whatever bytes `Table::Open` accepts must survive this. Header
// only, as the fuzz target uses it as well.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "random_model.h"
#include "writ/runtime/explain.h"
#include "writ/runtime/session.h"

namespace writ::test {

// Adds up bytes, so that reading them can't be left out.
class Sink {
 public:
  void operator()(std::string_view text) {
    for (const char c : text) sum_ += static_cast<unsigned char>(c);
  }
  void operator()(std::uint64_t n) { sum_ += n; }
  template <typename Id>
  void Ids(Slice<Id> ids) {
    for (const Id id : ids) sum_ += id.value;
  }
  std::uint64_t sum() const { return sum_; }

 private:
  std::uint64_t sum_ = 0;
};

inline void ReadVocabulary(const Table& t, Sink& sink) {
  sink(t.policy()), sink(t.version()), sink(t.title()), sink(t.zone());
  for (std::uint32_t i = 0; i < t.fact_count(); ++i) {
    const FactView f = t.Fact({i});
    sink(f.name), sink(f.unit), sink(f.substitute_text);
    for (std::uint32_t v = 0; v < f.value_count; ++v) sink(t.FactValue({i}, v));
    if (t.FindFact(f.name).value != i) std::abort();
  }
  for (std::uint32_t i = 0; i < t.role_count(); ++i) {
    sink(t.Role({i}).name), sink(t.Role({i}).identity);
    if (t.FindRole(t.Role({i}).name).value != i) std::abort();
  }
  for (std::uint32_t i = 0; i < t.anchor_count(); ++i) {
    const AnchorView a = t.Anchor({i});
    sink(a.name), sink(a.title), sink(a.channel), sink(a.asks_first);
    sink.Ids(a.also_held_by), sink.Ids(a.deputies), sink.Ids(a.below);
    for (std::uint32_t k = 0; k < a.absorbs_count; ++k) sink(t.AnchorAbsorbs({i}, k));
  }
  for (std::uint32_t i = 0; i < t.evidence_count(); ++i) {
    const EvidenceView e = t.Evidence({i});
    sink(e.name), sink.Ids(e.by), sink.Ids(e.about_given), sink.Ids(e.about_wanted);
  }
  for (std::uint32_t i = 0; i < t.meter_count(); ++i)
    sink(t.Meter({i}).name), sink.Ids(t.Meter({i}).targets), sink.Ids(t.Meter({i}).keys);
  for (std::uint32_t i = 0; i < t.threshold_count(); ++i)
    sink(t.Threshold(i).name), sink(t.Threshold(i).value), sink(t.Threshold(i).reason);
  for (std::uint32_t i = 0; i < t.authority_count(); ++i) sink(t.Authority({i}).name);
  for (std::uint32_t i = 0; i < t.clause_count(); ++i) {
    const ClauseView c = t.Clause({i});
    sink(c.name), sink(c.words), sink(c.reason), sink(c.file);
  }
  for (std::uint32_t i = 0; i < t.atom_map_count(); ++i) {
    const AtomMapView map = t.AtomMap({i});
    for (const std::int64_t cut : map.cuts) sink(static_cast<std::uint64_t>(cut));
    for (std::uint32_t k = 0; map.kind == AtomMapKind::kStrings && k + 2 < map.atom_count; ++k)
      sink(t.AtomString({i}, k));
  }
  for (std::uint32_t i = 0; i < t.region_count(); ++i) sink(t.Region(i));
  for (std::uint32_t i = 0; i < t.invariant_count(); ++i) sink(t.Invariant(i));
}

inline void ReadMatrix(const Table& t, CapabilityId id, Sink& sink) {
  const CapabilityView c = t.Capability(id);
  sink(c.name), sink(c.title), sink(c.system), sink.Ids(c.inputs), sink.Ids(c.optional_inputs);
  const MatrixView m = t.Matrix(id);
  for (std::uint32_t i = 0; i < m.signature_count(); ++i) sink(t.Fact(m.Signature(i).fact).name);
  for (std::uint32_t i = 0; i < m.column_count(); ++i) sink(m.Column(i).name);
  for (std::uint32_t i = 0; i < m.instruction_count(); ++i)
    sink(m.Instruction(i).text), sink(m.Instruction(i).substitute_a),
        sink(m.Instruction(i).substitute_b);
  for (std::uint32_t w = 0; w < m.word_count(); ++w) sink(m.AllowWhenBits()[w]);
  for (std::uint32_t d = 0; d < m.dimension_count(); ++d) {
    for (std::uint32_t atom = 0; atom < m.Dimension(d).atom_count; ++atom) {
      for (std::uint32_t w = 0; w < m.word_count(); ++w) sink(m.Bits(d, atom)[w]);
    }
  }
}

// `seed` chooses the requests; `deep` reads every byte that can be reached.
inline std::uint64_t Exercise(const Table& t, std::uint64_t seed, int requests, bool deep = true) {
  Sink sink;
  if (deep) {
    ReadVocabulary(t, sink);
    for (std::uint32_t c = 0; c < t.capability_count(); ++c) ReadMatrix(t, {c}, sink);
  }
  std::vector<ValueType> types;
  for (std::uint32_t f = 0; f < t.fact_count(); ++f) types.push_back(t.Fact({f}).type);
  std::vector<std::uint64_t> memory(Session::BytesFor(t, 8) / 8 + 1);
  Session* session = Session::Create(t, memory.data(), memory.size() * 8);
  Random random(seed);
  std::vector<std::uint64_t> bits;
  std::vector<std::uint32_t> atoms(kMaxDimensions);
  char text[200];
  for (int i = 0; i < requests; ++i) {
    OwnedRequest owned = RandomRequest(types, random, 2);
    owned.request.capability = {random.Below(std::uint64_t{t.capability_count()} + 1)};
    for (const Session* s :
         {static_cast<const Session*>(nullptr), static_cast<const Session*>(session)}) {
      const Decision d = Decide(t, s, owned.request);
      const bool known = owned.request.capability.value < t.capability_count();
      bits.assign(known ? t.Matrix(owned.request.capability).word_count() : 0, 0);
      const Decision m = Match(t, s, owned.request, bits.data(), bits.size());
      // Two ways to the same answer, on hostile bytes too.
      if (d.builtin != m.builtin || d.column != m.column || d.verdict != m.verdict) std::abort();
      if (MapAtoms(t, s, owned.request, atoms.data(), atoms.size())) {
        const MatrixView matrix = t.Matrix(owned.request.capability);
        for (std::uint32_t k = 0; k < matrix.dimension_count(); ++k) {
          if (atoms[k] >= matrix.Dimension(k).atom_count) std::abort();
        }
      }
      sink(Explain(t, d, text, sizeof text));
    }
    if (owned.request.capability.value < t.capability_count()) sink(session->Commit(owned.request));
  }
  return sink.sum();
}

}  // namespace writ::test
