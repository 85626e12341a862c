// Random tables over facts with few values, and all requests over them: the truth that answers are
// held to.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "table_builder.h"
#include "writ/analysis/bits.h"
#include "writ/analysis/region.h"
#include "writ/analysis/witness.h"
#include "writ/compiler/pattern_automaton.h"

namespace writ::test {

using analysis::ConcreteValue;

// Facts by place; the same in each table, though each reads only some.
enum : std::uint32_t {
  kNow,
  kRole,
  kA,
  kB,
  kC,
  kE,
  kS,
  kT,
  kAt,
  kAbout,
  kX,
  kY,
  kM,
  kG,
  kFactCount
};

// Neither tells texts apart that Choices has one of.
inline const std::vector<table::Pattern>& Patterns() {
  static const std::vector<table::Pattern> kPatterns = [] {
    std::vector<table::Pattern> patterns;
    for (const std::string_view text : {"p.+|q", "([^p].*)?|pq"})
      patterns.push_back(*compiler::CompileAutomaton(*compiler::ReadPattern(text), text));
    return patterns;
  }();
  return kPatterns;
}

class SmallTableMaker {
 public:
  explicit SmallTableMaker(std::uint64_t seed) : r_(seed), patterns_(~seed) {}

  table::Model Make() {
    MakeFacts();
    PickFacts();
    const std::uint32_t code = r_.Chance(35) ? 0 : 1 + r_.Below(7);
    for (std::uint32_t i = 0; i < code; ++i) AddInstruction();
    AddDimensions();
    AddColumns();
    return std::move(b_.model());
  }

 private:
  void MakeFacts() {
    b_.Fact("now", ValueType::kTime, 0, 3, Source::kBuiltin);
    b_.Fact("role", ValueType::kRole, 0, 0, Source::kBuiltin);
    b_.Fact("a", ValueType::kInteger, 0, 3);
    b_.Fact("b", ValueType::kInteger, r_.Chance(50) ? -1 : 0, 3);
    b_.Fact("c", ValueType::kBool, 0, 1);
    b_.Enum("e", {"red", "green", "blue"});
    b_.Fact("s", ValueType::kId, 0, 0);
    b_.Fact("t", ValueType::kText, 0, 0);
    b_.Fact("evidence.E", ValueType::kTime, 0, 3, Source::kBuiltin);
    b_.Fact("evidence.E.about.s", ValueType::kId, 0, 0, Source::kBuiltin);
    b_.Fact("x", ValueType::kInteger, 0, 2, Source::kEvidence);
    b_.Fact("y", ValueType::kBool, 0, 1, Source::kEvidence);
    b_.Fact("m", ValueType::kInteger, 0, 4, Source::kMeter);
    b_.Fact("g", ValueType::kIdSet, 0, 0);
    table::Model& m = b_.model();
    m.facts[kX].evidence = m.facts[kY].evidence = {0};
    m.facts[kM].meter = {0};
    table::Evidence evidence;
    evidence.name = "E";
    evidence.by = {{0}};
    evidence.within_ms = 1;
    evidence.at = {kAt};
    evidence.about_given = {{kAbout}};
    evidence.about_wanted = {{kS}};
    m.evidence = {evidence};
    table::Meter meter;
    meter.name = "m";
    meter.fold = static_cast<Fold>(r_.Below(6));
    meter.fact = {kM};
    if (meter.fold == Fold::kSum || (meter.fold == Fold::kLast && r_.Chance(50)))
      meter.value = {r_.Chance(50) ? kA : kB};
    if (meter.fold == Fold::kDistinct) meter.value = {kS};
    if (r_.Chance(80)) meter.targets = {{0}};
    meter.including_this = meter.fold != Fold::kFirst && r_.Chance(70);
    if (meter.fold == Fold::kExists) m.facts[kM].type = ValueType::kBool;
    m.meters = {meter};
    m.patterns = Patterns();
    if (patterns_.Chance(50)) std::swap(m.patterns[0], m.patterns[1]);
    m.facts[kT].utf8 = true;
    m.regions = {"r"};
    m.invariants = {"i"};
    b_.Sign({kA}, true);
    b_.Sign({kB}, r_.Chance(30));
    b_.Sign({kS}, r_.Chance(50));
  }

  void PickFacts() {
    const std::vector<std::uint32_t> all = {kNow, kRole, kA, kB, kC, kE, kS,
                                            kT,   kAt,   kX, kY, kM, kG};
    const std::uint32_t count = 2 + r_.Below(3);
    while (used_.size() < count) {
      const std::uint32_t fact = all[r_.Below(all.size())];
      if (fact == kAt && !r_.Chance(30)) continue;
      if (std::find(used_.begin(), used_.end(), fact) == used_.end()) used_.push_back(fact);
    }
  }

  ValueType TypeOf(std::uint32_t fact) { return b_.model().facts[fact].type; }
  bool IsText(std::uint32_t fact) {
    return TypeOf(fact) == ValueType::kId || TypeOf(fact) == ValueType::kText;
  }

  std::uint32_t UsedFact(auto suits) {
    std::vector<std::uint32_t> found;
    for (const std::uint32_t fact : used_) {
      if (suits(fact)) found.push_back(fact);
    }
    return found.empty() ? kFactCount : found[r_.Below(found.size())];
  }

  std::uint32_t Any(const std::vector<std::uint32_t>& from) { return from[r_.Below(from.size())]; }

  // One instruction over the facts in use; some draws find no operand and become constants.
  void AddInstruction() {
    const auto number = [&](std::uint32_t f) {
      return !IsText(f) && TypeOf(f) != ValueType::kIdSet;
    };
    const auto text = [&](std::uint32_t f) { return IsText(f); };
    auto op = static_cast<Op>(r_.Below(24));
    if (op == Op::kTextPrefix && patterns_.Chance(50)) op = Op::kMatches;
    table::Instruction in;
    in.op = op;
    in.immediate = r_.Below(4);
    in.text = r_.Chance(50) ? "p" : "pq";
    in.has_substitute_a = r_.Chance(30);
    in.has_substitute_b = r_.Chance(30);
    in.substitute_a = r_.Chance(50) ? "p" : "w";
    in.substitute_b = r_.Chance(50) ? "pq" : "w";
    bool boolean = op >= Op::kEqual, fine = true;
    switch (op) {
      case Op::kFact:
        in.a = UsedFact(number);
        fine = in.a != kFactCount;
        boolean = fine && TypeOf(in.a) == ValueType::kBool;
        break;
      case Op::kConst:
      case Op::kEvidence:
        in.a = 0;
        break;
      case Op::kIsMissing:
        in.a = UsedFact([](std::uint32_t) { return true; });
        break;
      case Op::kTextEqualConst:
      case Op::kTextPrefix:
        in.a = UsedFact(text);
        fine = in.a != kFactCount;
        break;
      case Op::kMatches:
        in.a = UsedFact([&](std::uint32_t f) { return TypeOf(f) == ValueType::kText; });
        in.b = patterns_.Below(2);
        fine = in.a != kFactCount;
        break;
      case Op::kTextEqual:
        in.a = UsedFact(text);
        in.b = UsedFact(text);
        fine = in.a != kFactCount;
        break;
      case Op::kSetHasText:
      case Op::kSetHasFact:
        in.a = UsedFact([&](std::uint32_t f) { return TypeOf(f) == ValueType::kIdSet; });
        in.b = UsedFact(text);
        fine = in.a != kFactCount && (op == Op::kSetHasText || in.b != kFactCount);
        if (op == Op::kSetHasText) in.b = 0;
        break;
      case Op::kSetHasEnum:
        fine = false;
        break;
      case Op::kAnd:
      case Op::kOr:
      case Op::kNot:
        fine = !booleans_.empty();
        if (fine) in.a = Any(booleans_), in.b = Any(booleans_);
        break;
      case Op::kSubstitute:
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kMultiply:
      case Op::kMin:
      case Op::kMax:
      case Op::kNegate:
      case Op::kEqual:
      case Op::kLess:
      case Op::kLessEqual:
      case Op::kIsUnknown:
        fine = !values_.empty();
        if (fine) in.a = Any(values_), in.b = Any(values_);
        break;
    }
    if (!fine) {
      in = {};
      in.op = Op::kFact;
      in.a = UsedFact(number);
      if (in.a == kFactCount) in.op = Op::kConst, in.a = 0;
      boolean = in.op == Op::kFact && TypeOf(in.a) == ValueType::kBool;
    }
    if (in.op == Op::kConst) boolean = in.immediate <= 1;
    if (in.op == Op::kSubstitute) {
      boolean = in.immediate <= 1 &&
                std::find(booleans_.begin(), booleans_.end(), in.a) != booleans_.end();
    }
    if (in.op == Op::kEvidence) evidence_used_ = true;
    const auto index = static_cast<std::uint32_t>(b_.matrix().code.size());
    values_.push_back(index);
    if (boolean) booleans_.push_back(index);
    b_.matrix().code.push_back(in);
  }

  void AddDimensions() {
    for (const std::uint32_t fact : used_) {
      if (r_.Chance(25)) continue;
      switch (TypeOf(fact)) {
        case ValueType::kBool:
          b_.Direct({fact}, 2);
          break;
        case ValueType::kEnum:
          b_.Direct({fact}, 3);
          break;
        case ValueType::kRole:
          r_.Chance(50) ? b_.Direct({fact}, 3) : b_.RoleDimension();
          break;
        case ValueType::kId:
        case ValueType::kText:
          b_.Strings({fact}, r_.Chance(50) ? std::vector<std::string>{"p"}
                                           : std::vector<std::string>{"p", "q"});
          break;
        case ValueType::kIdSet:
          break;
        default:
          b_.Cuts({fact},
                  r_.Chance(50) ? std::vector<std::int64_t>{1, 3} : std::vector<std::int64_t>{2});
          break;
      }
    }
    for (std::uint32_t i = 0; i < values_.size() && b_.matrix().dimensions.size() < 7; ++i) {
      const std::uint32_t v = values_[values_.size() - 1 - i];
      if (!r_.Chance(40)) continue;
      if (std::find(booleans_.begin(), booleans_.end(), v) != booleans_.end()) {
        b_.Derived(v);
      } else {
        b_.Dimension(table::DimensionKind::kDerived, v, {AtomMapKind::kCuts, 0, {0, 2, 4}, {}});
      }
    }
    if (r_.Chance(30))
      b_.Dimension(table::DimensionKind::kEvidence, 0, {AtomMapKind::kDirect, 2, {}, {}});
  }

  void AddColumns() {
    const std::uint32_t clauses = 2 + r_.Below(3);
    for (std::uint32_t i = 0; i < clauses; ++i) b_.Clause("clause." + std::to_string(i), "words");
    std::vector<Verdict> verdicts;
    for (std::uint32_t i = 1 + r_.Below(7); i > 0; --i)
      verdicts.push_back(static_cast<Verdict>(r_.Below(3)));
    std::sort(verdicts.begin(), verdicts.end(), [](Verdict a, Verdict b) { return a > b; });
    const unsigned density = 20 + r_.Below(60);
    for (const Verdict verdict : verdicts) {
      std::uint8_t flags = 0;
      if (verdict == Verdict::kAllow && r_.Chance(40))
        flags = kColumnAllowWhen;
      else if (r_.Chance(20))
        flags = kColumnOtherwise;
      if (r_.Chance(10)) flags |= kColumnEffective;
      b_.Column(verdict, {r_.Below(clauses)}, RandomWhere(density), flags, {r_.Below(2)});
    }
    for (const ColumnKind kind : {ColumnKind::kRegion, ColumnKind::kInvariant}) {
      const std::uint32_t c =
          b_.Column(static_cast<Verdict>(r_.Below(3)), {0}, RandomWhere(density));
      b_.matrix().columns[c].kind = kind;
    }
  }

  std::vector<TableBuilder::Where> RandomWhere(unsigned density) {
    std::vector<TableBuilder::Where> where;
    for (std::uint32_t d = 0; d < b_.matrix().dimensions.size(); ++d) {
      if (!r_.Chance(density)) continue;
      TableBuilder::Where w{d, {}};
      const AtomMapId map = b_.matrix().dimensions[d].atoms;
      for (std::uint32_t a = 0; a < b_.model().atom_maps[map.value].atom_count(); ++a) {
        if (r_.Chance(55)) w.atoms.push_back(a);
      }
      where.push_back(w);
    }
    return where;
  }

  Random r_;
  Random patterns_;  // draws apart: tables without patterns are what they were
  TableBuilder b_;
  std::vector<std::uint32_t> used_, values_, booleans_;
  bool evidence_used_ = false;
};

// One request that passes the builtin rows.
struct SmallRequest {
  std::vector<ConcreteValue> values;
  RoleId role;
  std::int64_t now = 0;
  analysis::ColumnSet raw;  // columns whose atoms hold, an `otherwise` that takes no part included
  bool fresh = false;
};

// Every request over the facts that the table reads; nothing if there are more than `limit`.
class SmallRequests {
 public:
  SmallRequests(const table::Model& model, const Table& table) : model_(model), table_(table) {}

  // Whether the table depends on the fact at all; kAt stands for the evidence.
  bool Reads(std::uint32_t fact) const { return reads_[fact]; }

  // Facts and the role that a restriction speaks of take all their values, too.
  void AlsoRead(const analysis::Restriction& restriction) {
    all_roles_ = !restriction.roles.empty() || restriction.known_role;
    for (const analysis::FactRestriction& r : restriction.facts) {
      if (r.fact.value == kA || r.fact.value == kB || r.fact.value == kS)
        signed_.push_back(r.fact.value);
    }
  }

  bool Make(std::size_t limit, std::vector<SmallRequest>* out) {
    FindReads();
    std::vector<std::vector<ConcreteValue>> choices(kFactCount);
    const std::size_t roles = ReadsRole() ? 3 : 1;
    std::size_t total = roles;
    for (std::uint32_t f = 0; f < kFactCount; ++f) {
      choices[f] = reads_[f] ? Choices(f) : std::vector<ConcreteValue>{Unread(f)};
      total *= choices[f].size();
      if (total > limit) return false;
    }
    std::vector<std::size_t> at(kFactCount + 1, 0);
    for (bool more = true; more;) {
      Add(choices, at, out);
      std::uint32_t f = 0;
      for (; f <= kFactCount; ++f) {
        if (++at[f] < (f == kFactCount ? roles : choices[f].size())) break;
        at[f] = 0;
      }
      more = f <= kFactCount;
    }
    return true;
  }

 private:
  void FindReads() {
    reads_.assign(kFactCount, false);
    for (const std::uint32_t fact : signed_) reads_[fact] = true;
    bool evidence = false;
    for (const table::Dimension& d : model_.matrices[0].dimensions) {
      if (d.kind == table::DimensionKind::kFact) reads_[d.index] = true;
      if (d.kind == table::DimensionKind::kEvidence) evidence = true;
    }
    for (const table::Instruction& in : model_.matrices[0].code) {
      if (in.op == Op::kEvidence) evidence = true;
      const bool a = in.op == Op::kFact || in.op == Op::kIsMissing || in.op == Op::kMatches ||
                     (in.op >= Op::kTextEqual && in.op <= Op::kSetHasEnum);
      if (a) reads_[in.a] = true;
      if (in.op == Op::kTextEqual || in.op == Op::kSetHasFact) reads_[in.b] = true;
    }
    if (reads_[kX] || reads_[kY] || reads_[kAt] || evidence)
      reads_[kNow] = reads_[kAt] = reads_[kAbout] = reads_[kS] = true;
    if (!reads_[kM]) return;
    const table::Meter& meter = model_.meters[0];
    if (meter.value.valid()) reads_[meter.value.value] = true;
    reads_[kNow] = reads_[kNow] || meter.fold == Fold::kLast;
  }

  bool ReadsRole() const {
    const auto& dimensions = model_.matrices[0].dimensions;
    return all_roles_ || reads_[kRole] ||
           std::any_of(dimensions.begin(), dimensions.end(), [](const table::Dimension& d) {
             return d.kind == table::DimensionKind::kRole;
           });
  }

  // A required input has to be given even where nothing depends on it.
  static ConcreteValue Unread(std::uint32_t f) {
    if (f == kA || f == kB) return {ValueKind::kNumber, 0, "", {}};
    if (f == kS) return {ValueKind::kText, 0, "u", {}};
    return {};
  }

  std::vector<ConcreteValue> Choices(std::uint32_t f) const {
    const FactView fact = table_.Fact({f});
    std::vector<ConcreteValue> all;
    const auto number = [&](std::int64_t n) { all.push_back({ValueKind::kNumber, n, "", {}}); };
    if (f != kNow && f != kRole) all.push_back({});
    switch (fact.type) {
      case ValueType::kId:
      case ValueType::kText:
        for (const char* text : {"p", "q", "pq", "pz", "u"})
          all.push_back({ValueKind::kText, 0, text, {}});
        break;
      case ValueType::kIdSet:
        for (const std::vector<std::string>& set : std::vector<std::vector<std::string>>{
                 {}, {"p"}, {"pq"}, {"p", "pq"}, {"u"}, {"p", "q"}, {"p", "pq", "w"}, {"w"}}) {
          all.push_back({ValueKind::kTextSet, 0, "", set});
        }
        break;
      case ValueType::kEnum:
        for (std::int64_t n = 0; n < 3; ++n) number(n);
        break;
      case ValueType::kBool:
        for (std::int64_t n = 0; n < 2; ++n) number(n);
        break;
      case ValueType::kRole:
        number(0);
        break;  // the role itself is chosen apart
      default:
        for (std::int64_t n = fact.low; n <= fact.high; ++n) number(n);
        break;
    }
    return all;
  }

  void Add(const std::vector<std::vector<ConcreteValue>>& choices,
           const std::vector<std::size_t>& at, std::vector<SmallRequest>* out) {
    analysis::Witness witness;
    witness.capability = {0};
    for (std::uint32_t f = 0; f < kFactCount; ++f) witness.values.push_back(choices[f][at[f]]);
    if (at[kFactCount] < 2) witness.role = {static_cast<std::uint32_t>(at[kFactCount])};
    witness.now_ms = witness.values[kNow].number;
    const analysis::WitnessRequest request(witness);
    const MatrixView matrix = table_.Matrix({0});
    std::vector<std::uint32_t> atoms(matrix.dimension_count() + 1);
    if (!MapAtoms(table_, nullptr, request.request(), atoms.data(), atoms.size())) return;
    SmallRequest small{std::move(witness.values), witness.role, witness.now_ms,
                       analysis::ColumnSet::All(matrix.column_count()), false};
    for (std::uint32_t d = 0; d < matrix.dimension_count(); ++d) {
      for (std::uint32_t w = 0; w < matrix.word_count(); ++w)
        small.raw.words()[w] &= matrix.Bits(d, atoms[d])[w];
    }
    const ConcreteValue& given = small.values[kAt];
    small.fresh = given.kind == ValueKind::kNumber && given.number <= small.now &&
                  small.now - given.number <= 1 && small.values[kAbout].kind == ValueKind::kText &&
                  small.values[kAbout] == small.values[kS];
    out->push_back(std::move(small));
  }

  const table::Model& model_;
  const Table& table_;
  std::vector<bool> reads_;
  std::vector<std::uint32_t> signed_;
  bool all_roles_ = false;
};

// Whether the restriction admits the request.
inline bool Within(const analysis::Restriction& restriction, const SmallRequest& request,
                   const SmallRequests& all) {
  for (const analysis::FactRestriction& r : restriction.facts) {
    if (!all.Reads(r.fact.value)) continue;
    const ConcreteValue& value = request.values[r.fact.value];
    if (value.kind == ValueKind::kMissing) {
      if (!r.may_be_missing) return false;
      continue;
    }
    if (!r.may_be_present) return false;
    if (value.kind == ValueKind::kNumber && (value.number < r.low || value.number > r.high))
      return false;
    if (r.text && value.text != *r.text) return false;
  }
  for (const analysis::EvidenceRestriction& e : restriction.evidence) {
    if (all.Reads(kAt) && e.fresh != request.fresh) return false;
  }
  if (restriction.known_role && !request.role.valid()) return false;
  if (restriction.roles.empty()) return true;
  return std::find(restriction.roles.begin(), restriction.roles.end(), request.role) !=
         restriction.roles.end();
}

inline analysis::Restriction RandomRestriction(Random& r) {
  using namespace analysis;
  Restriction restriction;
  restriction.as_in_force = r.Chance(30);
  restriction.known_role = r.Chance(20);
  if (r.Chance(30)) restriction.roles = {RoleId{r.Below(2)}};
  if (r.Chance(30)) restriction.roles.push_back(r.Chance(50) ? RoleId{} : RoleId{1});
  if (r.Chance(25)) restriction.evidence = {{EvidenceId{0}, r.Chance(60)}};
  for (std::uint32_t f : {kA, kB, kC, kE, kX, kM, kS, kT, kNow, kAt}) {
    if (!r.Chance(12)) continue;
    FactRestriction one;
    switch (r.Below(4)) {
      case 0:
        one = f == kNow ? Present({f}) : Missing({f});
        break;
      case 1:
        one = Present({f});
        break;
      case 2:
        one = f == kS || f == kT ? ExactlyText({f}, r.Chance(50) ? "p" : "u")
                                 : Exactly({f}, r.Below(3));
        break;
      default:
        one = f == kS || f == kT ? Present({f}) : Between({f}, r.Below(2), 1 + r.Below(2));
        break;
    }
    if (f == kM && one.low > 1) one.low = 0;
    restriction.facts.push_back(one);
  }
  return restriction;
}

}  // namespace writ::test
