// Says in policy words what is wrong with a model. Only what the writer itself relies on (indices,
// sizes, limits): everything else is the reader's to refuse, and the writer opens what it wrote.
// Entry point: `FindFault`.
#include "model_check.h"

#include <set>
#include <tuple>

#include "format.h"
#include "matrix_writer.h"
#include "writ/runtime/decide.h"

namespace writ::table {
namespace {

class Checker {
 public:
  explicit Checker(const Model& model) : m_(model) {}

  std::optional<std::string> Run() {
    CheckNames();
    CheckVocabulary();
    CheckMeasures();
    for (const Pattern& p : m_.patterns) {
      if (p.class_of.size() != 256 || p.next.size() != std::size_t{p.states} * p.classes)
        Fault("a pattern is no whole automaton");
    }
    if (m_.matrices.size() != m_.capabilities.size())
      Fault("there must be one matrix per capability");
    for (std::size_t i = 0; !fault_ && i < m_.matrices.size(); ++i)
      CheckMatrix(m_.capabilities[i], m_.matrices[i]);
    return fault_;
  }

 private:
  void Fault(std::string what) {
    if (!fault_) fault_ = std::move(what);
  }
  template <typename Id, typename T>
  void Need(Id id, const std::vector<T>& in, const std::string& who, bool optional = false) {
    if ((!optional || id.valid()) && id.value >= in.size())
      Fault(who + " names something that is not there");
  }
  template <typename Id, typename T>
  void NeedAll(const std::vector<Id>& ids, const std::vector<T>& in, const std::string& who) {
    for (const Id id : ids) Need(id, in, who);
  }
  template <typename T>
  void NeedUnique(const std::vector<T>& records, const char* kind) {
    std::set<std::string> names;
    for (const T& r : records) {
      if (!names.insert(r.name).second)
        Fault(std::string("two of kind ") + kind + " are named `" + r.name + "`");
    }
  }

  void CheckNames() {
    NeedUnique(m_.facts, "fact");
    NeedUnique(m_.roles, "role");
    NeedUnique(m_.anchors, "anchor");
    NeedUnique(m_.capabilities, "capability");
    if (m_.evidence.size() > format::kMaxEvidence) Fault("too many evidence declarations");
    if (m_.meters.size() > format::kMaxMeters) Fault("too many meters");
    if (m_.zone_changes.size() > format::kMaxZoneChanges) Fault("too many changes of clocks");
    if (m_.anchors.size() >= format::kNone16) Fault("too many anchors");
    if (m_.regions.size() >= format::kNone16) Fault("too many regions");
    if (m_.invariants.size() >= format::kNone16) Fault("too many invariants");
    std::set<std::string> files;
    for (const Clause& c : m_.clauses) files.insert(c.file);
    if (files.size() >= format::kNone16) Fault("too many files");
    if (m_.authorities.size() >= format::kNone16) Fault("too many delegations, grants and guards");
  }

  void CheckVocabulary() {
    for (const Fact& f : m_.facts) {
      Need(f.evidence, m_.evidence, "fact `" + f.name + "`", true);
      Need(f.meter, m_.meters, "fact `" + f.name + "`", true);
    }
    for (const Role& r : m_.roles) Need(r.reports_to, m_.roles, "role `" + r.name + "`", true);
    for (const Anchor& a : m_.anchors) {
      const std::string who = "anchor `" + a.name + "`";
      Need(a.held_by, m_.roles, who);
      NeedAll(a.also_held_by, m_.roles, who);
      NeedAll(a.deputies, m_.roles, who);
      NeedAll(a.below, m_.anchors, who);
      Need(a.silence_anchor, m_.anchors, who, true);
    }
    for (const Capability& c : m_.capabilities) {
      NeedAll(c.inputs, m_.facts, "capability `" + c.name + "`");
      NeedAll(c.optional_inputs, m_.facts, "capability `" + c.name + "`");
    }
    for (const Derivation& d : m_.derivations) {
      Need(d.capability, m_.capabilities, "a derivation");
      Need(d.fact, m_.facts, "a derivation");
    }
    for (const Relation& r : m_.relations) {
      if (r.invariant >= m_.invariants.size()) Fault("a relation is of no invariant");
      for (const CapabilityId capability : r.capability)
        Need(capability, m_.capabilities, "a relation");
      Need(r.fact, m_.facts, "a relation", true);
    }
    for (std::size_t i = 0; i < m_.statements.size(); ++i) {
      const Statement& s = m_.statements[i];
      const std::size_t known = s.of == StatementOf::kPolicy       ? 1
                                : s.of == StatementOf::kCapability ? m_.capabilities.size()
                                                                   : m_.authorities.size();
      if (s.index >= known || s.text.empty()) Fault("a statement about nothing");
      if (i > 0 && !(m_.statements[i - 1] < s)) Fault("statements that do not ascend");
    }
    for (std::size_t i = 0; i < m_.former_names.size(); ++i) {
      const FormerName& f = m_.former_names[i];
      const auto key = [](const FormerName& n) { return std::tie(n.of, n.fact.value, n.name); };
      if (f.name.empty()) Fault("a former name that is empty");
      if (i > 0 && key(m_.former_names[i - 1]) >= key(f)) Fault("former names that do not ascend");
    }
    for (const Authority& a : m_.authorities) {
      Need(a.anchor, m_.anchors, "`" + a.name + "`", true);
      Need(a.from, m_.roles, "`" + a.name + "`", true);
    }
    for (const Clause& c : m_.clauses) {
      Need(c.authority, m_.authorities, "clause `" + c.name + "`", true);
      if (c.line >= 1u << 28)
        Fault("clause `" + c.name + "` stands on a line beyond the format's limit");
    }
  }

  void CheckMeasures() {
    for (const Evidence& e : m_.evidence) {
      const std::string who = "evidence `" + e.name + "`";
      NeedAll(e.by, m_.capabilities, who);
      Need(e.at, m_.facts, who);
      NeedAll(e.about_given, m_.facts, who);
      NeedAll(e.about_wanted, m_.facts, who);
      if (e.about_given.size() != e.about_wanted.size())
        Fault(who + " pairs what is given and what is wanted unevenly");
    }
    for (const Meter& m : m_.meters) {
      const std::string who = "meter `" + m.name + "`";
      NeedAll(m.targets, m_.capabilities, who);
      Need(m.value, m_.facts, who, m.fold != Fold::kSum && m.fold != Fold::kDistinct);
      NeedAll(m.keys, m_.facts, who);
      NeedAll(m.since, m_.capabilities, who);
      Need(m.fact, m_.facts, who);
    }
  }

  void CheckMatrix(const Capability& capability, const Matrix& matrix) {
    const std::string who = "the table of `" + capability.name + "`";
    if (matrix.columns.size() > runtime::kMaxColumns) Fault(who + " has too many rows");
    if (matrix.dimensions.size() > runtime::kMaxDimensions) Fault(who + " reads too many values");
    if (matrix.code.size() > runtime::kMaxInstructions) Fault(who + " works out too many values");
    for (const SignatureFact& s : matrix.signature) Need(s.fact, m_.facts, who);
    for (const Instruction& i : matrix.code) {
      if (OperandAIsFact(i.op)) Need(FactId{i.a}, m_.facts, who);
      if (OperandBIsFact(i.op)) Need(FactId{i.b}, m_.facts, who);
      if (i.op == Op::kEvidence) Need(EvidenceId{i.a}, m_.evidence, who);
      if (i.op == Op::kMatches) Need(FactId{i.b}, m_.patterns, who);
    }
    for (const Dimension& d : matrix.dimensions) {
      Need(d.atoms, m_.atom_maps, who);
      if (d.kind == DimensionKind::kFact) Need(FactId{d.index}, m_.facts, who);
      if (d.kind == DimensionKind::kDerived) Need(FactId{d.index}, matrix.code, who);
      if (d.kind == DimensionKind::kEvidence) Need(EvidenceId{d.index}, m_.evidence, who);
    }
    if (fault_) return;
    for (const Column& column : matrix.columns) CheckColumn(who, matrix, column);
  }

  void CheckColumn(const std::string& who, const Matrix& matrix, const Column& column) {
    Need(column.anchor, m_.anchors, who, true);
    Need(column.clause, m_.clauses, who, true);
    Need(column.authority, m_.authorities, who, true);
    if (column.name >= format::kNone16)
      Fault(who + " has a row whose region or invariant is not there");
    for (const Constraint& c : column.constraints) {
      if (c.dimension >= matrix.dimensions.size())
        return Fault(who + " constrains a value that it does not read");
      if (c.atoms.size() != m_.atom_maps[matrix.dimensions[c.dimension].atoms.value].atom_count()) {
        return Fault(who + " constrains a value by another number of atoms than it has");
      }
    }
  }

  const Model& m_;
  std::optional<std::string> fault_;
};

}  // namespace

std::optional<std::string> FindFault(const Model& model) { return Checker(model).Run(); }

}  // namespace writ::table
