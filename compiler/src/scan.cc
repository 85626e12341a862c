// The bits of the opened table against the model, one by one. The model's constraints are read as
// they stand; nothing of the writer is used, so a mistake in writing, in reading or in the digest's
// coverage shows here. Entry point: ScanBits.
#include "scan.h"

#include <algorithm>
#include <string>
#include <vector>

#include "lower_assert.h"

namespace writ::compiler {
namespace {

void ScanColumn(const std::string& who, const table::Column& wanted,
                const runtime::ColumnView& found) {
  WRIT_CHECK(
      wanted.kind == found.kind && wanted.verdict == found.verdict && wanted.flags == found.flags,
      who + ": a row has another decision");
  WRIT_CHECK(wanted.anchor == found.anchor && wanted.clause == found.clause &&
                 wanted.authority == found.authority && wanted.name == found.name,
             who + ": a row belongs to something else");
}

void ScanCode(const std::string& who, const table::Matrix& wanted,
              const runtime::MatrixView& found) {
  WRIT_CHECK(wanted.code.size() == found.instruction_count(),
             who + ": the code has another length");
  for (std::uint32_t i = 0; i < wanted.code.size(); ++i) {
    const table::Instruction& a = wanted.code[i];
    const runtime::InstructionView b = found.Instruction(i);
    WRIT_CHECK(
        a.op == b.op && a.a == b.a && a.b == b.b && a.immediate == b.immediate && a.text == b.text,
        who + ": an instruction differs");
    WRIT_CHECK(a.has_substitute_a == b.has_substitute_a &&
                   a.has_substitute_b == b.has_substitute_b && a.substitute_a == b.substitute_a &&
                   a.substitute_b == b.substitute_b,
               who + ": a substitute differs");
  }
}

void ScanAtoms(const std::string& who, const table::AtomMap& wanted, const runtime::Table& table,
               AtomMapId id) {
  const runtime::AtomMapView found = table.AtomMap(id);
  WRIT_CHECK(wanted.kind == found.kind && wanted.atom_count() == found.atom_count,
             who + ": a value has other atoms");
  if (wanted.kind == AtomMapKind::kCuts)
    for (std::uint32_t i = 0; i < wanted.cuts.size(); ++i)
      WRIT_CHECK(wanted.cuts[i] == found.cuts[i], who + ": a cut moved");
  if (wanted.kind == AtomMapKind::kStrings)
    for (std::uint32_t i = 0; i < wanted.strings.size(); ++i)
      WRIT_CHECK(wanted.strings[i] == table.AtomString(id, i), who + ": a known text differs");
}

// Bit by bit: is column c in the row of this atom exactly when its constraints admit the atom?
void ScanDimension(const std::string& who, const table::Matrix& wanted,
                   const runtime::MatrixView& found, std::uint32_t d, std::uint32_t atoms) {
  std::vector<const std::vector<bool>*> constraint(wanted.columns.size(), nullptr);
  for (std::size_t c = 0; c < wanted.columns.size(); ++c)
    for (const table::Constraint& part : wanted.columns[c].constraints)
      if (part.dimension == d) constraint[c] = &part.atoms;
  for (std::uint32_t atom = 0; atom < atoms; ++atom) {
    const std::uint64_t* bits = found.Bits(d, atom);
    for (std::size_t c = 0; c < constraint.size(); ++c) {
      const bool admits = !constraint[c] || (*constraint[c])[atom];
      WRIT_CHECK((((bits[c / 64] >> (c % 64)) & 1u) != 0) == admits,
                 who + ": a bit differs from its rule");
    }
    for (std::size_t c = constraint.size(); c < std::size_t{found.word_count()} * 64; ++c)
      WRIT_CHECK(((bits[c / 64] >> (c % 64)) & 1u) == 0, who + ": a bit belongs to no rule");
  }
}

void ScanMatrix(const table::Model& model, const runtime::Table& table, CapabilityId id) {
  const std::string who = "the table of `" + model.capabilities[id.value].name + "`";
  const table::Matrix& wanted = model.matrices[id.value];
  const runtime::MatrixView found = table.Matrix(id);
  WRIT_CHECK(wanted.columns.size() == found.column_count() &&
                 wanted.dimensions.size() == found.dimension_count() &&
                 wanted.signature.size() == found.signature_count(),
             who + ": another size");
  std::uint32_t decisions = 0;
  for (std::uint32_t c = 0; c < wanted.columns.size(); ++c) {
    ScanColumn(who, wanted.columns[c], found.Column(c));
    decisions += wanted.columns[c].kind == ColumnKind::kDecision ? 1 : 0;
    const bool allow_when = (wanted.columns[c].flags & kColumnAllowWhen) != 0;
    WRIT_CHECK((((found.AllowWhenBits()[c / 64] >> (c % 64)) & 1u) != 0) == allow_when,
               who + ": an `allow when` is not marked");
  }
  WRIT_CHECK(decisions == found.decision_column_count(), who + ": another number of decisions");
  for (std::uint32_t i = 0; i < wanted.signature.size(); ++i) {
    const runtime::SignatureView signature = found.Signature(i);
    WRIT_CHECK(wanted.signature[i].fact == signature.fact &&
                   wanted.signature[i].required == signature.required,
               who + ": reads another fact");
  }
  ScanCode(who, wanted, found);
  for (std::uint32_t d = 0; d < wanted.dimensions.size(); ++d) {
    const runtime::DimensionView dimension = found.Dimension(d);
    WRIT_CHECK(static_cast<std::uint8_t>(wanted.dimensions[d].kind) == dimension.kind &&
                   wanted.dimensions[d].index == dimension.index &&
                   wanted.dimensions[d].atoms == dimension.atoms,
               who + ": a dimension differs");
    ScanAtoms(who, model.atom_maps[dimension.atoms.value], table, dimension.atoms);
    ScanDimension(who, wanted, found, d, dimension.atom_count);
  }
}

void ScanDerivations(const table::Model& model, const runtime::Table& table) {
  WRIT_CHECK(model.derivations.size() == table.derivation_count(),
             "another number of inputs is worked out from arguments");
  for (std::uint32_t i = 0; i < model.derivations.size(); ++i) {
    const table::Derivation& wanted = model.derivations[i];
    const runtime::DerivationView found = table.Derivation(i);
    WRIT_CHECK(wanted.capability == found.capability && wanted.fact == found.fact &&
                   wanted.fold == found.fold && wanted.path == found.path,
               "an input is worked out from arguments in another way");
  }
}

void ScanPatterns(const table::Model& model, const runtime::Table& table) {
  WRIT_CHECK(model.patterns.size() == table.pattern_count(), "another number of patterns");
  for (std::uint32_t i = 0; i < model.patterns.size(); ++i) {
    const table::Pattern& wanted = model.patterns[i];
    const runtime::PatternView found = table.Pattern(i);
    WRIT_CHECK(wanted.text == found.text && wanted.start == found.start &&
                   wanted.accepting == found.accepting && wanted.states == found.states &&
                   wanted.classes == found.classes,
               "a pattern differs");
    WRIT_CHECK(std::equal(wanted.class_of.begin(), wanted.class_of.end(), found.class_of) &&
                   std::equal(wanted.next.begin(), wanted.next.end(), found.next),
               "the automaton of a pattern differs");
  }
}

}  // namespace

void ScanBits(const table::Model& model, const runtime::Table& table) {
  WRIT_CHECK(model.capabilities.size() == table.capability_count() &&
                 model.facts.size() == table.fact_count() &&
                 model.clauses.size() == table.clause_count() &&
                 model.roles.size() == table.role_count() &&
                 model.anchors.size() == table.anchor_count() &&
                 model.authorities.size() == table.authority_count(),
             "the opened table has another vocabulary than the model");
  ScanDerivations(model, table);
  ScanPatterns(model, table);
  for (std::uint32_t c = 0; c < model.capabilities.size(); ++c)
    ScanMatrix(model, table, CapabilityId{c});
}

}  // namespace writ::compiler
