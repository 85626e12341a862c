// One matrix for two. Code is shared where both sides work out the same (value numbering, Cocke and
// Schwartz 1970); a dimension that both have gets the cuts of both. Entry point: JoinMatrices.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "join.h"
#include "join_rows.h"
#include "writ/table/read.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

class MatrixJoiner {
 public:
  MatrixJoiner(JoinedVocabulary& vocabulary, const std::array<const Table*, kSides>& tables,
               const std::array<CapabilityId, kSides>& capability, JoinMode mode)
      : vocabulary_(vocabulary), tables_(tables), capability_(capability), mode_(mode) {}

  JoinedMatrix Run() {
    for (std::size_t s = 0; s < kSides; ++s) {
      if (capability_[s].valid()) own_[s] = table::ReadMatrix(*tables_[s], capability_[s]);
      AddCode(s);
    }
    JoinSignatures();
    for (std::size_t s = 0; s < kSides; ++s) {
      for (std::uint32_t d = 0; d < own_[s].dimensions.size(); ++d) AddDimension(s, d);
      if (mode_ != JoinMode::kSuccession) FindMalformed(s);
    }
    for (const auto& [fact, cut] : vocabulary_.cuts)
      DraftOf(DimensionKind::kFact, fact.value).cuts.insert(cut);
    MakeDimensions();
    for (std::size_t s = 0; s < kSides; ++s) DraftRows(s);
    MergeDecisions();
    for (std::size_t s = 0; s < kSides; ++s) AddObligations(s);
    out_.same =
        out_.aligned && SameDecisions() && (mode_ != JoinMode::kVersions || SameObligations());
    return std::move(out_);
  }

 private:
  // A dimension of the joined matrix while it is put together.
  struct Draft {
    DimensionKind kind = DimensionKind::kFact;
    std::uint32_t index = 0;
    AtomMapKind map = AtomMapKind::kDirect;
    std::uint32_t size = 0;
    std::set<std::int64_t> cuts;
    std::set<std::string> strings;
  };
  using Key = std::pair<DimensionKind, std::uint32_t>;

  const SideNumbers& Numbers(std::size_t s) const { return vocabulary_.side[s]; }
  const table::Fact& JoinedFact(std::uint32_t fact) const { return vocabulary_.model.facts[fact]; }

  // --- code

  std::uint32_t Emit(table::Instruction in) {
    auto key = std::tuple(in.op, in.a, in.b, in.immediate, in.text, in.has_substitute_a,
                          in.has_substitute_b, in.substitute_a, in.substitute_b);
    const auto [at, added] =
        known_.emplace(std::move(key), static_cast<std::uint32_t>(out_.matrix.code.size()));
    if (added) out_.matrix.code.push_back(std::move(in));
    return at->second;
  }
  std::uint32_t Emit(Op op, std::uint32_t a = 0, std::uint32_t b = 0, std::int64_t immediate = 0) {
    table::Instruction in;
    in.op = op;
    in.a = a;
    in.b = b;
    in.immediate = immediate;
    return Emit(std::move(in));
  }

  void AddCode(std::size_t s) {
    for (const table::Instruction& in : own_[s].code) {
      table::Instruction copy = in;
      const OpShape shape = ShapeOf(in.op);
      const auto operand = [&](OperandKind kind, std::uint32_t own) {
        switch (kind) {
          case OperandKind::kFact:
            return Numbers(s).fact[own].value;
          case OperandKind::kEvidence:
            return Numbers(s).evidence[own].value;
          case OperandKind::kValue:
            return code_[s][own];
          case OperandKind::kPattern:
            return Numbers(s).pattern[own];
          case OperandKind::kNone:
            break;
        }
        return std::uint32_t{0};
      };
      copy.a = operand(shape.a, in.a);
      copy.b = operand(shape.b, in.b);
      if (in.op == Op::kSetHasEnum)
        copy.immediate = Numbers(s).value[in.a][static_cast<std::size_t>(in.immediate)];
      code_[s].push_back(in.op == Op::kFact ? ReadFact(s, in.a) : Emit(std::move(copy)));
    }
  }

  // The fact's value as this side numbers it: where it numbers enum values or roles otherwise, a
  // sum of its number times "is this one".
  std::uint32_t ReadFact(std::size_t s, std::uint32_t own) {
    const std::uint32_t joined = Numbers(s).fact[own].value;
    const std::uint32_t fact = Emit(Op::kFact, joined);
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;  // joined, own
    const ValueType type = JoinedFact(joined).type;
    if (type == ValueType::kEnum) {
      for (std::uint32_t v = 0; v < Numbers(s).value[own].size(); ++v)
        pairs.emplace_back(Numbers(s).value[own][v], v);
    } else if (type == ValueType::kRole) {
      const auto roles = static_cast<std::uint32_t>(Numbers(s).role_of.size());
      for (std::uint32_t r = 0; r <= roles; ++r)
        pairs.emplace_back(r, r < roles ? OwnRole(s, r) : tables_[s]->role_count());
    }
    if (std::ranges::all_of(pairs, [](const auto& p) { return p.first == p.second; })) return fact;
    std::optional<std::uint32_t> sum;
    for (const auto& [number, value] : pairs) {
      if (value == 0 && sum) continue;
      const std::uint32_t is = Emit(Op::kEqual, fact, Emit(Op::kConst, 0, 0, number));
      const std::uint32_t part = Emit(Op::kMultiply, is, Emit(Op::kConst, 0, 0, value));
      sum = sum ? Emit(Op::kAdd, *sum, part) : part;
    }
    return *sum;
  }

  std::uint32_t OwnRole(std::size_t s, std::uint32_t joined) const {
    const std::uint32_t own =
        joined < Numbers(s).role_of.size() ? Numbers(s).role_of[joined] : kNoIndex;
    return own == kNoIndex ? tables_[s]->role_count() : own;
  }

  // --- what is checked before the rows

  void JoinSignatures() {
    std::map<std::uint32_t, int> required;  // joined facts that are read: sides that require it
    int sides = 0;
    for (std::size_t s = 0; s < kSides; ++s) {
      sides += capability_[s].valid() ? 1 : 0;
      for (const table::SignatureFact& fact : own_[s].signature) {
        required[Numbers(s).fact[fact.fact.value].value] += fact.required ? 1 : 0;
      }
    }
    for (const auto& [fact, cut] : vocabulary_.cuts) required.try_emplace(fact.value, 0);
    for (const auto& [fact, count] : required) {
      const bool all = mode_ == JoinMode::kRequests ? count > 0 : count == sides;
      out_.matrix.signature.push_back({FactId{fact}, all});
    }
  }

  bool RequiredByBoth(std::uint32_t joined) const {
    return std::ranges::any_of(out_.matrix.signature, [&](const table::SignatureFact& s) {
      return s.fact.value == joined && s.required;
    });
  }

  // --- dimensions

  Draft& DraftOf(DimensionKind kind, std::uint32_t index) {
    const auto [at, added] = drafts_.try_emplace(Key{kind, index});
    Draft& draft = at->second;
    if (!added) return draft;
    draft.kind = kind;
    draft.index = index;
    if (kind == DimensionKind::kRole) draft.size = RoleCount() + 1;
    if (kind == DimensionKind::kEvidence || kind == DimensionKind::kDerived) draft.size = 2;
    if (kind != DimensionKind::kFact) return draft;
    switch (JoinedFact(index).type) {
      case ValueType::kBool:
        draft.size = 2;
        break;
      case ValueType::kEnum:
        draft.size = static_cast<std::uint32_t>(JoinedFact(index).values.size());
        break;
      case ValueType::kRole:
        draft.size = RoleCount() + 1;
        break;
      case ValueType::kId:
      case ValueType::kText:
        draft.map = AtomMapKind::kStrings;
        break;
      default:
        draft.map = AtomMapKind::kCuts;
        break;
    }
    return draft;
  }
  std::uint32_t RoleCount() const {
    return static_cast<std::uint32_t>(vocabulary_.model.roles.size());
  }

  Key KeyOf(std::size_t s, const table::Dimension& d) const {
    switch (d.kind) {
      case DimensionKind::kFact:
        return {d.kind, Numbers(s).fact[d.index].value};
      case DimensionKind::kDerived:
        return {d.kind, code_[s][d.index]};
      case DimensionKind::kEvidence:
        return {d.kind, Numbers(s).evidence[d.index].value};
      case DimensionKind::kRole:
        break;
    }
    return {d.kind, 0};
  }

  void AddDimension(std::size_t s, std::uint32_t d) {
    const table::Dimension& own = own_[s].dimensions[d];
    const Key key = KeyOf(s, own);
    Draft& draft = DraftOf(key.first, key.second);
    const AtomMapView map = tables_[s]->AtomMap(own.atoms);
    if (draft.map == AtomMapKind::kStrings) {
      for (std::uint32_t i = 0; i + 2 < map.atom_count; ++i)
        draft.strings.emplace(tables_[s]->AtomString(own.atoms, i));
    } else if (map.kind == AtomMapKind::kCuts &&
               (draft.kind == DimensionKind::kDerived || draft.map == AtomMapKind::kCuts)) {
      draft.map = AtomMapKind::kCuts;
      draft.cuts.insert(map.cuts.begin(), map.cuts.end());
      // The other side may read the same value as a boolean.
      if (draft.kind == DimensionKind::kDerived) draft.cuts.insert(1);
    }
  }

  // What one side takes for malformed, or for a missing input, and the other does not.
  void FindMalformed(std::size_t s) {
    for (const table::SignatureFact& fact : own_[s].signature) {
      const std::uint32_t joined = Numbers(s).fact[fact.fact.value].value;
      const table::Fact& both = JoinedFact(joined);
      const FactView own = tables_[s]->Fact(fact.fact);
      if (fact.required && !RequiredByBoth(joined)) {
        if (both.type == ValueType::kIdSet || both.type == ValueType::kEnumSet) {
          DraftOf(DimensionKind::kDerived, Emit(Op::kIsMissing, joined));
        } else {
          DraftOf(DimensionKind::kFact, joined);
        }
        missing_[s].push_back(joined);
      }
      if (both.type == ValueType::kEnum && own.value_count < both.values.size()) {
        DraftOf(DimensionKind::kFact, joined);
        malformed_[s].push_back(joined);
      }
      if (IsNumber(both.type) && (own.low > both.low || own.high < both.high)) {
        Draft& draft = DraftOf(DimensionKind::kFact, joined);
        if (own.low > both.low) draft.cuts.insert(own.low);
        if (own.high < both.high) draft.cuts.insert(own.high + 1);
        malformed_[s].push_back(joined);
      }
    }
  }

  static bool IsNumber(ValueType type) {
    return type == ValueType::kInteger || type == ValueType::kDecimal ||
           type == ValueType::kMoney || type == ValueType::kDuration || type == ValueType::kTime;
  }

  void MakeDimensions() {
    for (auto& [key, draft] : drafts_) {
      place_[key] = static_cast<std::uint32_t>(out_.matrix.dimensions.size());
      table::AtomMap map;
      map.kind = draft.map;
      map.size = draft.map == AtomMapKind::kDirect ? draft.size : 0;
      map.cuts.assign(draft.cuts.begin(), draft.cuts.end());
      map.strings.assign(draft.strings.begin(), draft.strings.end());
      std::vector<table::AtomMap>& maps = vocabulary_.model.atom_maps;
      out_.matrix.dimensions.push_back(
          {draft.kind, draft.index, AtomMapId{static_cast<std::uint32_t>(maps.size())}});
      maps.push_back(std::move(map));
    }
  }

  const table::AtomMap& MapOf(std::uint32_t dimension) const {
    return vocabulary_.model.atom_maps[out_.matrix.dimensions[dimension].atoms.value];
  }

  // --- rows

  // The atom of the side's own dimension in which a joined atom lies; kNoIndex: malformed there.
  std::uint32_t OwnAtom(std::size_t s, const table::Dimension& own, std::uint32_t dimension,
                        std::uint32_t atom) const {
    if (atom == 0) return 0;
    const AtomMapView map = tables_[s]->AtomMap(own.atoms);
    const table::AtomMap& joined = MapOf(dimension);
    if (joined.kind == AtomMapKind::kStrings) {
      const std::uint32_t other = map.atom_count - 1;
      if (atom > joined.strings.size()) return other;
      const std::string& wanted = joined.strings[atom - 1];
      std::uint32_t low = 0, high = other - 1;  // ascending by bytes
      while (low < high) {
        const std::uint32_t middle = (low + high) / 2;
        if (tables_[s]->AtomString(own.atoms, middle) < wanted) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      const bool known = low + 1 < other && tables_[s]->AtomString(own.atoms, low) == wanted;
      return known ? low + 1 : other;
    }
    std::int64_t value = atom - 1;
    if (joined.kind == AtomMapKind::kCuts)
      value = atom == 1 ? (joined.cuts.empty() ? 0 : joined.cuts[0] - 1) : joined.cuts[atom - 2];
    const bool role = own.kind == DimensionKind::kRole ||
                      (own.kind == DimensionKind::kFact &&
                       tables_[s]->Fact(FactId{own.index}).type == ValueType::kRole);
    if (role) {
      value = OwnRole(s, static_cast<std::uint32_t>(value));
    } else if (own.kind == DimensionKind::kFact &&
               tables_[s]->Fact(FactId{own.index}).type == ValueType::kEnum) {
      const auto& values = Numbers(s).value[own.index];
      const auto at = std::ranges::find(values, static_cast<std::uint32_t>(value));
      if (at == values.end()) return kNoIndex;
      value = at - values.begin();
    }
    if (map.kind == AtomMapKind::kDirect)
      return 1 + static_cast<std::uint32_t>(std::clamp<std::int64_t>(value, 0, map.atom_count - 2));
    return 1 + static_cast<std::uint32_t>(
                   std::upper_bound(map.cuts.begin(), map.cuts.end(), value) - map.cuts.begin());
  }

  std::vector<table::Constraint> Constraints(std::size_t s, const table::Column& own) const {
    std::vector<table::Constraint> constraints;
    for (const table::Constraint& c : own.constraints) {
      const table::Dimension& dimension = own_[s].dimensions[c.dimension];
      table::Constraint joined{place_.at(KeyOf(s, dimension)), {}};
      for (std::uint32_t a = 0; a < MapOf(joined.dimension).atom_count(); ++a) {
        const std::uint32_t atom = OwnAtom(s, dimension, joined.dimension, a);
        joined.atoms.push_back(atom != kNoIndex && c.atoms[atom]);
      }
      constraints.push_back(std::move(joined));
    }
    std::ranges::sort(constraints, {}, &table::Constraint::dimension);
    return constraints;
  }

  // Where the side denies before any row of its own is looked at.
  void DraftBuiltins(std::size_t s) {
    const auto add = [&](std::uint32_t builtin, std::vector<table::Constraint> constraints) {
      RowDraft& row = rows_[s].emplace_back();
      row.own = builtin;
      row.constraints = std::move(constraints);
    };
    if (!capability_[s].valid()) return add(JoinedColumn::kUnknownCapability, {});
    for (const std::uint32_t fact : malformed_[s]) {
      const std::uint32_t d = place_.at({DimensionKind::kFact, fact});
      const FactView own = tables_[s]->Fact(FactId{Numbers(s).fact_of[fact]});
      table::Constraint constraint{d, std::vector<bool>(MapOf(d).atom_count(), false)};
      for (std::uint32_t a = 1; a < constraint.atoms.size(); ++a) {
        if (MapOf(d).kind == AtomMapKind::kDirect) {
          const auto& values = Numbers(s).value[Numbers(s).fact_of[fact]];
          constraint.atoms[a] = std::ranges::find(values, a - 1) == values.end();
        } else {
          const std::vector<std::int64_t>& cuts = MapOf(d).cuts;
          const bool below = a - 1 < cuts.size() && cuts[a - 1] <= own.low;
          constraint.atoms[a] = below || (a >= 2 && cuts[a - 2] > own.high);
        }
      }
      add(JoinedColumn::kMalformed, {std::move(constraint)});
    }
    for (const std::uint32_t fact : missing_[s]) {
      auto at = place_.find({DimensionKind::kFact, fact});
      const bool derived = at == place_.end();
      if (derived) at = place_.find({DimensionKind::kDerived, Emit(Op::kIsMissing, fact)});
      table::Constraint constraint{at->second,
                                   std::vector<bool>(MapOf(at->second).atom_count(), false)};
      constraint.atoms[derived ? 2 : 0] = true;
      add(JoinedColumn::kMissingInput, {std::move(constraint)});
    }
  }

  // As in force: the plain `effective` row is no difference between two versions.
  void DraftRows(std::size_t s) {
    if (mode_ == JoinMode::kConditions && s == 0) return;
    const bool whole = mode_ == JoinMode::kSuccession;
    if (!whole) DraftBuiltins(s);
    for (std::uint32_t c = 0; c < own_[s].columns.size(); ++c) {
      const table::Column& own = own_[s].columns[c];
      if (own.kind != ColumnKind::kDecision) continue;
      if (!whole && (own.flags & kColumnEffective) != 0) continue;
      const bool named = own.verdict != Verdict::kDeny && own.anchor.valid();
      RowDraft& row = rows_[s].emplace_back();
      row.verdict = own.verdict;
      if (named) row.anchor = Numbers(s).anchor[own.anchor.value];
      row.flags = whole ? own.flags : own.flags & (kColumnAllowWhen | kColumnOtherwise);
      row.own = c;
      row.constraints = Constraints(s, own);
      if (whole) row.clause = ClauseIdentity(*tables_[s], own);
    }
  }

  void AddDecision(const RowDraft& row, const std::array<std::uint32_t, kSides>& own) {
    table::Column joined;
    joined.verdict = row.verdict;
    joined.anchor = row.anchor;
    joined.constraints = row.constraints;
    if (mode_ == JoinMode::kConditions || mode_ == JoinMode::kSuccession) joined.flags = row.flags;
    if (mode_ == JoinMode::kConditions && Assumed(own[1])) joined.clause = AssumptionClause();
    out_.matrix.columns.push_back(std::move(joined));
    out_.columns.push_back({own, row.flags});
  }

  bool Assumed(std::uint32_t own) const {
    if (own >= JoinedColumn::kUnknownCapability) return false;
    const ClauseId clause = own_[1].columns[own].clause;
    return clause.valid() && IsAssumption(tables_[1]->Clause(clause).name);
  }

  // One for all: what a clause says is asked of the table itself.
  ClauseId AssumptionClause() {
    std::vector<table::Clause>& clauses = vocabulary_.model.clauses;
    if (clauses.empty()) clauses.emplace_back().name = "~/assume.1";
    return ClauseId{0};
  }

  void MergeDecisions() {
    MergedRows merged = MergeRows(rows_);
    out_.aligned = merged.aligned;
    for (const MergedRow& row : merged.rows) AddDecision(*row.row, row.own);
    out_.decisions = static_cast<std::uint32_t>(out_.columns.size());
  }

  void AddObligations(std::size_t s) {
    for (std::uint32_t c = 0; c < own_[s].columns.size(); ++c) {
      const table::Column& own = own_[s].columns[c];
      const bool obligation = own.kind == ColumnKind::kNote || own.kind == ColumnKind::kNotify;
      const bool condition =
          own.kind == ColumnKind::kInvariant &&
          (mode_ == JoinMode::kRequests || (s == 0 && mode_ == JoinMode::kConditions));
      const bool region = own.kind == ColumnKind::kRegion && mode_ == JoinMode::kChanges;
      const bool whole = mode_ == JoinMode::kSuccession && own.kind != ColumnKind::kDecision;
      if (mode_ == JoinMode::kVersions ? !obligation : !condition && !region && !whole) continue;
      table::Column joined;
      joined.kind = condition ? ColumnKind::kInvariant : ColumnKind::kNote;
      joined.verdict = condition ? own.verdict : Verdict::kAllow;
      joined.name = condition ? own.name : 0;
      if (whole) joined = own;
      joined.constraints = Constraints(s, own);
      out_.matrix.columns.push_back(std::move(joined));
      JoinedColumn& origin = out_.columns.emplace_back();
      origin.own[s] = c;
    }
  }

  bool SameDecisions() const {
    return std::all_of(
        out_.columns.begin(), out_.columns.begin() + out_.decisions,
        [](const JoinedColumn& c) { return c.own[0] != kNoIndex && c.own[1] != kNoIndex; });
  }

  // One after the other, the same in name and rows.
  bool SameObligations() const {
    std::array<std::vector<std::uint32_t>, kSides> all;
    for (std::uint32_t c = out_.decisions; c < out_.columns.size(); ++c)
      all[out_.columns[c].own[0] != kNoIndex ? 0 : 1].push_back(c);
    return std::ranges::equal(all[0], all[1], [&](std::uint32_t a, std::uint32_t b) {
      const table::Column& x = own_[0].columns[out_.columns[a].own[0]];
      const table::Column& y = own_[1].columns[out_.columns[b].own[1]];
      const auto name = [&](std::size_t s, const table::Column& c) {
        return c.clause.valid() ? tables_[s]->Clause(c.clause).name : std::string_view();
      };
      const auto anchor = [&](std::size_t s, const table::Column& c) {
        return c.anchor.valid() ? Numbers(s).anchor[c.anchor.value] : AnchorId{};
      };
      return x.kind == y.kind && name(0, x) == name(1, y) && anchor(0, x) == anchor(1, y) &&
             SameConstraints(out_.matrix.columns[a].constraints,
                             out_.matrix.columns[b].constraints);
    });
  }

  JoinedVocabulary& vocabulary_;
  const std::array<const Table*, kSides>& tables_;
  const std::array<CapabilityId, kSides>& capability_;
  const JoinMode mode_;
  std::array<table::Matrix, kSides> own_;
  std::array<std::vector<std::uint32_t>, kSides> code_;  // joined, by own instruction
  std::map<std::tuple<Op, std::uint32_t, std::uint32_t, std::int64_t, std::string, bool, bool,
                      std::string, std::string>,
           std::uint32_t>
      known_;
  std::map<Key, Draft> drafts_;
  std::map<Key, std::uint32_t> place_;
  std::array<std::vector<std::uint32_t>, kSides> malformed_, missing_;  // joined facts
  std::array<std::vector<RowDraft>, kSides> rows_;
  JoinedMatrix out_;
};

}  // namespace

JoinedMatrix JoinMatrices(JoinedVocabulary& vocabulary,
                          const std::array<const Table*, kSides>& tables,
                          const std::array<CapabilityId, kSides>& capability, JoinMode mode) {
  return MatrixJoiner(vocabulary, tables, capability, mode).Run();
}

}  // namespace writ::analysis
