// Small tables with a bit of everything, from a seed: for the property test, the damage test and
// the fuzz target.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "writ/runtime/decide.h"
#include "writ/table/model.h"

namespace writ::test {

using namespace writ::runtime;

// SplitMix64: the same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  std::uint32_t Below(std::uint64_t n) { return static_cast<std::uint32_t>(Next() % n); }
  bool Chance(unsigned percent) { return Below(100) < percent; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

 private:
  std::uint64_t state_;
};

// The last is no UTF-8.
inline constexpr std::array<std::string_view, 6> kWords = {"",    "a",          "ab",
                                                           "abc", "order-4711", "\xff"};

inline bool IsNumberType(ValueType t) {
  return t == ValueType::kInteger || t == ValueType::kDecimal || t == ValueType::kMoney ||
         t == ValueType::kDuration || t == ValueType::kTime;
}
inline bool IsTextType(ValueType t) { return t == ValueType::kId || t == ValueType::kText; }

// Shapes a random model; every name and number is small, so that values meet conditions often.
class ModelMaker {
 public:
  explicit ModelMaker(std::uint64_t seed, std::uint32_t max_columns = 12)
      : r_(seed), max_columns_(max_columns) {}

  table::Model Make() {
    m_.policy = "test.random";
    m_.version = "1.0.0";
    m_.zone = "Europe/Berlin";
    MakePeople();
    MakeFacts();
    MakeMeasures();
    for (int i = 0; i < 3; ++i)
      m_.clauses.push_back({"clause." + std::to_string(i),
                            "deny when x",
                            "because",
                            "a.writ",
                            3u,
                            {0},
                            Trigger::kThreshold});
    MakePatterns();
    m_.regions = {"big", "small"};
    m_.invariants = {"never_big"};
    m_.thresholds = {{"autonomy", "200 EUR", "board"}};
    for (std::uint32_t c = 0; c < m_.capabilities.size(); ++c) m_.matrices.push_back(MakeMatrix());
    return m_;
  }

 private:
  static constexpr std::uint32_t kCapabilities = 3;

  void MakePeople() {
    m_.roles = {{"boss", RoleKind::kHuman, "", {}},
                {"clerk", RoleKind::kHuman, "", {0}},
                {"agent", RoleKind::kAgent, "spiffe://x", {}}};
    table::Anchor a;
    a.name = "desk";
    a.held_by = {1};
    a.deputies = {{0}};
    a.absorbs = {"legal", "risk"};
    a.within_ms = 1000;
    a.next_deputy = true;
    table::Anchor b;
    b.name = "board";
    b.held_by = {0};
    b.also_held_by = {{1}};
    b.below = {{0}};
    b.silence = Verdict::kEscalate;
    b.silence_anchor = {0};
    m_.anchors = {a, b};
    m_.authorities = {{"selling", AuthorityKind::kDelegation, {0}, {1}},
                      {"house", AuthorityKind::kGuard, {}, {}}};
    for (std::uint32_t c = 0; c < kCapabilities; ++c) {
      table::Capability capability;
      capability.name = "do_" + std::to_string(kCapabilities - c);
      capability.irreversible = r_.Chance(50);
      capability.kind = c == 2 ? CapabilityKind::kEvent : CapabilityKind::kAct;
      m_.capabilities.push_back(capability);
    }
  }

  std::uint32_t AddFact(std::string name, ValueType type, Source source = Source::kHost) {
    table::Fact f;
    f.name = std::move(name);
    f.type = type;
    f.source = source;
    f.low = -static_cast<std::int64_t>(r_.Below(10));
    f.high = 10 + r_.Below(10);
    if (type == ValueType::kEnum) f.values = {"red", "green", "blue"};
    if (type == ValueType::kEnumSet) f.values = {"mail", "phone", "chat", "post"};
    if (type == ValueType::kMoney) f.unit = "EUR", f.scale = 2;
    m_.facts.push_back(f);
    return static_cast<std::uint32_t>(m_.facts.size() - 1);
  }

  void MakeFacts() {
    AddFact("now", ValueType::kTime, Source::kBuiltin);
    AddFact("role", ValueType::kRole, Source::kBuiltin);
    for (std::uint32_t t = 0; t < 12; ++t)
      AddFact("f" + std::to_string(t), static_cast<ValueType>(t), Source::kInput);
    for (std::uint32_t i = 0; i < 4; ++i)
      AddFact("g" + std::to_string(i), static_cast<ValueType>(r_.Below(12)));
    m_.capabilities[0].inputs = {{3}, {4}};
    m_.capabilities[0].optional_inputs = {{5}};
    m_.relations = {
        {0, RelationKind::kImplies, {{{0}, {1}}}, {Verdict::kAllow, Verdict::kEscalate}, {}, false},
        {0, RelationKind::kDisjoint, {{{0}, {1}}}, {Verdict::kAllow, Verdict::kDeny}, {}, false},
        {0, RelationKind::kMonotone, {{{0}, {0}}}, {}, {4}, true}};
    m_.statements = {{StatementOf::kPolicy, 0, StatementWord::kPurpose, "To try."},
                     {StatementOf::kCapability, 0, StatementWord::kUndoneBy, "c1"}};
    m_.former_names = {{NameOf::kFact, {}, "old fact", 3},
                       {NameOf::kCapability, {}, "old capability", 1},
                       {NameOf::kValue, {3}, "old value", 1}};
    m_.derivations = {{{0}, {4}, ArgumentFold::kFirst, "$.a[0]"},
                      {{0}, {5}, ArgumentFold::kMax, "$[\"b c\"][*]"}};
  }

  void MakeMeasures() {
    const std::uint32_t id = 2 + static_cast<std::uint32_t>(ValueType::kId);
    const std::uint32_t number = 2 + static_cast<std::uint32_t>(ValueType::kInteger);
    table::Evidence e;
    e.name = "lookup";
    e.by = {{1}};
    e.within_ms = 5;
    e.at = {AddFact("evidence.lookup", ValueType::kTime, Source::kBuiltin)};
    if (r_.Chance(70)) {
      e.about_given = {{AddFact("evidence.lookup.about.f7", ValueType::kId, Source::kBuiltin)}};
      e.about_wanted = {{id}};
    }
    m_.evidence = {e};
    for (std::uint32_t i = 0; i < 4; ++i) {
      const std::uint32_t f = AddFact("seen" + std::to_string(i),
                                      static_cast<ValueType>(r_.Below(10)), Source::kEvidence);
      m_.facts[f].evidence = {0};
    }
    for (std::uint32_t i = 0; i < 6; ++i) {
      table::Meter meter;
      meter.fold = static_cast<Fold>(i);
      meter.name = "meter" + std::to_string(i);
      meter.targets = {{r_.Below(kCapabilities)}};
      if (r_.Chance(50)) meter.targets.push_back({r_.Below(kCapabilities)});
      const bool keeps = meter.fold == Fold::kLast || meter.fold == Fold::kFirst;
      if (meter.fold == Fold::kSum || (keeps && r_.Chance(50))) meter.value = {number};
      if (meter.fold == Fold::kDistinct) meter.value = {r_.Chance(50) ? number : id};
      if (r_.Chance(60)) meter.keys.push_back({id});
      if (r_.Chance(30)) meter.keys.push_back({1});
      if (r_.Chance(30)) meter.since.push_back({r_.Below(kCapabilities)});
      meter.window_ms = r_.Chance(50) ? 3 + r_.Below(5) : 0;
      meter.including_this = meter.fold != Fold::kFirst && r_.Chance(60);
      const ValueType type = meter.fold == Fold::kExists ? ValueType::kBool : ValueType::kInteger;
      meter.fact = {AddFact(meter.name, type, Source::kMeter)};
      m_.facts[meter.fact.value].meter = {i};
      m_.meters.push_back(meter);
    }
  }

  // Any automaton will do.
  void MakePatterns() {
    for (std::uint32_t n = 0; n < 2; ++n) {
      table::Pattern pattern;
      pattern.text = "p" + std::to_string(n);
      pattern.states = 1 + r_.Below(4);
      pattern.classes = 1 + r_.Below(3);
      pattern.start = r_.Below(pattern.states);
      pattern.accepting = r_.Below(pattern.states + 1);
      for (int byte = 0; byte < 256; ++byte)
        pattern.class_of.push_back(static_cast<std::uint16_t>(r_.Below(pattern.classes)));
      for (std::uint32_t i = 0; i < pattern.states * pattern.classes; ++i)
        pattern.next.push_back(static_cast<std::uint16_t>(r_.Below(pattern.states)));
      m_.patterns.push_back(std::move(pattern));
    }
    for (table::Fact& fact : m_.facts) fact.utf8 = fact.type == ValueType::kText;
  }

  AtomMapId AddMap(table::AtomMap map) {
    m_.atom_maps.push_back(std::move(map));
    return {static_cast<std::uint32_t>(m_.atom_maps.size() - 1)};
  }
  AtomMapId Direct(std::uint32_t size) { return AddMap({AtomMapKind::kDirect, size, {}, {}}); }
  AtomMapId Cuts() {
    table::AtomMap map;
    map.kind = AtomMapKind::kCuts;
    for (std::int64_t cut = -12; cut < 22; ++cut) {
      if (r_.Chance(20)) map.cuts.push_back(cut);
    }
    return AddMap(map);
  }
  AtomMapId Strings() {
    table::AtomMap map;
    map.kind = AtomMapKind::kStrings;
    for (const std::string_view word : kWords) {
      if (r_.Chance(60)) map.strings.emplace_back(word);
    }
    return AddMap(map);
  }
  AtomMapId MapFor(ValueType type) {
    switch (type) {
      case ValueType::kBool:
        return r_.Chance(20) ? Cuts() : Direct(2);
      case ValueType::kEnum:
        return r_.Chance(20) ? Cuts() : Direct(3);
      case ValueType::kRole:
        return Direct(static_cast<std::uint32_t>(m_.roles.size()) + 1);
      case ValueType::kId:
      case ValueType::kText:
        return Strings();
      case ValueType::kInteger:
      case ValueType::kDecimal:
      case ValueType::kMoney:
      case ValueType::kDuration:
      case ValueType::kTime:
      case ValueType::kIdSet:
      case ValueType::kEnumSet:
        return Cuts();
    }
    return Cuts();
  }

  std::uint32_t FactOfType(auto suits) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t f = 0; f < m_.facts.size(); ++f) {
      if (suits(m_.facts[f].type)) found.push_back(f);
    }
    return r_.Pick(found);
  }

  // Appends one instruction with operands of the right type; `booleans_` and `any_` are the values
  // so far.
  void AddInstruction(table::Matrix& matrix) {
    table::Instruction i;
    i.op = static_cast<Op>(r_.Below(25));
    bool needs_any = (i.op >= Op::kSubstitute && i.op <= Op::kLessEqual) || i.op == Op::kIsUnknown;
    bool needs_boolean = i.op >= Op::kAnd && i.op <= Op::kNot;
    if ((needs_any && any_.empty()) || (needs_boolean && booleans_.empty())) {
      i.op = Op::kFact;
      needs_any = needs_boolean = false;
    }
    i.immediate = static_cast<std::int64_t>(r_.Below(4)) - 1;
    if (r_.Chance(5)) i.immediate = INT64_MAX;
    i.has_substitute_a = r_.Chance(30);
    i.has_substitute_b = r_.Chance(30);
    i.text = kWords[r_.Below(kWords.size())];
    i.substitute_a = kWords[r_.Below(kWords.size())];
    i.substitute_b = kWords[r_.Below(kWords.size())];
    bool boolean = i.op >= Op::kEqual;
    if (needs_any) {
      i.a = r_.Pick(any_);
      i.b = r_.Pick(any_);
    } else if (needs_boolean) {
      i.a = r_.Pick(booleans_);
      i.b = r_.Pick(booleans_);
    }
    if (i.op == Op::kFact) {
      i.a = FactOfType([](ValueType t) { return !IsTextType(t) && t < ValueType::kIdSet; });
      boolean = m_.facts[i.a].type == ValueType::kBool;
    }
    if (i.op == Op::kIsMissing) i.a = r_.Below(m_.facts.size());
    if (i.op >= Op::kTextEqual && i.op <= Op::kTextPrefix) i.a = FactOfType(IsTextType);
    if (i.op == Op::kMatches) {
      i.a = FactOfType([](ValueType t) { return t == ValueType::kText; });
      i.b = r_.Below(m_.patterns.size());
    }
    if (i.op == Op::kSetHasText || i.op == Op::kSetHasFact)
      i.a = FactOfType([](ValueType t) { return t == ValueType::kIdSet; });
    if (i.op == Op::kTextEqual || i.op == Op::kSetHasFact) i.b = FactOfType(IsTextType);
    if (i.op == Op::kSetHasEnum) {
      i.a = FactOfType([](ValueType t) { return t == ValueType::kEnumSet; });
      i.immediate = r_.Below(4);
    }
    if (i.op == Op::kEvidence) i.a = 0;
    const auto index = static_cast<std::uint32_t>(matrix.code.size());
    if (boolean) booleans_.push_back(index);
    any_.push_back(index);
    matrix.code.push_back(i);
  }

  void AddDimension(table::Matrix& matrix) {
    table::Dimension d;
    d.kind = static_cast<DimensionKind>(r_.Below(4));
    if (matrix.code.empty() && d.kind != DimensionKind::kRole) d.kind = DimensionKind::kFact;
    switch (d.kind) {
      case DimensionKind::kFact:
        d.index = FactOfType([](ValueType t) { return t < ValueType::kIdSet; });
        d.atoms = MapFor(m_.facts[d.index].type);
        break;
      case DimensionKind::kDerived: {
        d.index = r_.Pick(any_);
        const bool boolean =
            std::find(booleans_.begin(), booleans_.end(), d.index) != booleans_.end();
        d.atoms = boolean ? Direct(2) : Cuts();
        break;
      }
      case DimensionKind::kRole:
        d.atoms = Direct(static_cast<std::uint32_t>(m_.roles.size()) + 1);
        break;
      case DimensionKind::kEvidence:
        d.atoms = Direct(2);
        break;
    }
    matrix.dimensions.push_back(d);
  }

  table::Column MakeColumn(const table::Matrix& matrix, ColumnKind kind, Verdict verdict) {
    table::Column c;
    c.kind = kind;
    c.verdict = verdict;
    c.anchor = {r_.Below(2)};
    c.clause = {r_.Below(3)};
    if (r_.Chance(80)) c.authority = {r_.Below(2)};
    if (kind == ColumnKind::kRegion) c.name = r_.Below(2);
    if (kind == ColumnKind::kDecision) {
      if (verdict == Verdict::kAllow && r_.Chance(30))
        c.flags |= kColumnAllowWhen;
      else if (r_.Chance(25))
        c.flags |= kColumnOtherwise;
      if (r_.Chance(10)) c.flags |= kColumnEffective;
    }
    if (r_.Chance(20)) c.flags |= kColumnUnknown;
    for (std::uint32_t d = 0; d < matrix.dimensions.size(); ++d) {
      if (!r_.Chance(40)) continue;
      table::Constraint constraint;
      constraint.dimension = d;
      const unsigned density = 40 + r_.Below(60);
      for (std::uint32_t a = 0; a < m_.atom_maps[matrix.dimensions[d].atoms.value].atom_count();
           ++a) {
        constraint.atoms.push_back(r_.Chance(density));
      }
      c.constraints.push_back(constraint);
    }
    return c;
  }

  table::Matrix MakeMatrix() {
    table::Matrix matrix;
    any_.clear();
    booleans_.clear();
    for (std::uint32_t f = 2; f < m_.facts.size(); ++f) {
      if (r_.Chance(50)) matrix.signature.push_back({{f}, r_.Chance(5)});
    }
    const bool plain = r_.Chance(40);
    const std::uint32_t code = plain ? 0 : r_.Below(25);
    for (std::uint32_t i = 0; i < code; ++i) AddInstruction(matrix);
    const std::uint32_t dimensions = r_.Below(9);
    for (std::uint32_t i = 0; i < dimensions; ++i) AddDimension(matrix);
    const std::uint32_t decisions = r_.Below(max_columns_);
    std::vector<Verdict> verdicts;
    for (std::uint32_t i = 0; i < decisions; ++i)
      verdicts.push_back(static_cast<Verdict>(r_.Below(3)));
    std::sort(verdicts.begin(), verdicts.end(), [](Verdict a, Verdict b) { return a > b; });
    for (const Verdict v : verdicts)
      matrix.columns.push_back(MakeColumn(matrix, ColumnKind::kDecision, v));
    const std::uint32_t notes = r_.Below(4);
    for (std::uint32_t i = 0; i < notes; ++i) {
      matrix.columns.push_back(
          MakeColumn(matrix, static_cast<ColumnKind>(1 + r_.Below(4)), Verdict::kAllow));
    }
    return matrix;
  }

  Random r_;
  std::uint32_t max_columns_;
  table::Model m_;
  std::vector<std::uint32_t> any_, booleans_;
};

// A request over the facts of a random model. Owns its values.
struct OwnedRequest {
  Request request;
  std::vector<Value> values;
  std::vector<std::vector<std::string_view>> sets;
};

inline OwnedRequest RandomRequest(const std::vector<ValueType>& types, Random& r,
                                  unsigned percent_malformed = 1) {
  OwnedRequest out;
  out.sets.resize(types.size());
  for (std::size_t f = 0; f < types.size(); ++f) {
    Value v;
    if (r.Chance(15)) {
      out.values.push_back(v);
      continue;
    }
    v.kind = ValueKind::kNumber;
    switch (types[f]) {
      case ValueType::kBool:
        v.number = r.Below(2);
        break;
      case ValueType::kEnum:
        v.number = r.Below(3);
        break;
      case ValueType::kRole:
        v.number = r.Below(5);
        break;
      case ValueType::kEnumSet:
        v.number = r.Below(16);
        break;
      case ValueType::kInteger:
      case ValueType::kDecimal:
      case ValueType::kMoney:
      case ValueType::kDuration:
      case ValueType::kTime:
        v.number = r.Below(10);
        break;
      case ValueType::kId:
      case ValueType::kText: {
        const std::string_view word = kWords[r.Below(kWords.size())];
        v.kind = ValueKind::kText;
        v.text = word.data();
        v.size = static_cast<std::uint32_t>(word.size());
        break;
      }
      case ValueType::kIdSet:
        for (const std::string_view word : kWords) {
          if (r.Chance(40)) out.sets[f].push_back(word);
        }
        v.kind = ValueKind::kTextSet;
        v.texts = out.sets[f].data();
        v.size = static_cast<std::uint32_t>(out.sets[f].size());
        break;
    }
    if (r.Chance(percent_malformed)) {
      v = Value();
      v.kind = r.Chance(50) ? ValueKind::kMalformed : ValueKind::kNumber;
      v.number = r.Chance(50) ? 1000 : -1000;
    }
    out.values.push_back(v);
  }
  out.request.role = {r.Below(5)};
  if (r.Chance(5)) out.request.role = {};
  out.request.now_ms = r.Below(12);
  out.request.as_in_force = r.Chance(30);
  out.request.values = out.values.data();
  return out;
}

inline std::vector<ValueType> TypesOf(const table::Model& m) {
  std::vector<ValueType> types;
  for (const table::Fact& f : m.facts) types.push_back(f.type);
  return types;
}

}  // namespace writ::test
