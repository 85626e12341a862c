// The matrices of both requests side by side in one, over one vocabulary; what differs between the
// requests stands there twice. Entry point: FindRelationBreach.
#include "writ/analysis/relation.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "join.h"
#include "pair_goal.h"
#include "search.h"
#include "writ/analysis/space.h"
#include "writ/table/write.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

// Verdict, and anchor of an escalation: one degree of restriction.
struct Level {
  Verdict verdict = Verdict::kDeny;
  AnchorId anchor;
  friend auto operator<=>(const Level& a, const Level& b) {
    return std::pair(a.verdict, a.anchor.value) <=> std::pair(b.verdict, b.anchor.value);
  }
};

Level LevelOf(Verdict verdict, AnchorId anchor) {
  return {verdict, verdict == Verdict::kEscalate ? anchor : AnchorId{}};
}

class Question {
 public:
  Question(const Table& table, const RelationView& relation, Budget& budget)
      : tables_{&table, &table},
        table_(table),
        relation_(relation),
        budget_(budget),
        vocabulary_(JoinVocabularies(tables_, JoinMode::kRequests)) {}

  RelationAnswer Run() {
    if (relation_.kind == RelationKind::kMonotone && !SplitFacts()) return Unknown();
    joined_ = JoinMatrices(vocabulary_, tables_, relation_.capability, JoinMode::kRequests);
    budget_.Spend(joined_.columns.size());
    if (relation_.kind == RelationKind::kMonotone) {
      if (joined_.same) return {Outcome::kNone, std::nullopt, ""};
      for (const std::uint32_t condition : Conditions()) RequireTrue(condition);
    }
    table::Model& model = vocabulary_.model;
    model.matrices[relation_.capability[0].value] = joined_.matrix;
    const auto written = table::WriteAndOpen(model);
    if (!written) {
      why_ = "both requests together are too large: " + written.error().what;
      return Unknown();
    }
    return Ask(written->table);
  }

 private:
  RelationAnswer Unknown() const { return {Outcome::kUnknown, std::nullopt, why_}; }

  // --- what differs between the two requests

  // The fact, and each meter that takes it in with this request, as facts of their own on the
  // second side. False: `why_`.
  bool SplitFacts() {
    const CapabilityId capability = relation_.capability[0];
    Split(relation_.fact);
    for (std::uint32_t m = 0; m < table_.meter_count(); ++m) {
      const MeterView meter = table_.Meter(MeterId{m});
      const bool itself = meter.fact == relation_.fact;
      if (!meter.including_this || !Counts(meter, capability) || !Reads(capability, meter.fact) ||
          (!itself && meter.value != relation_.fact))
        continue;
      const bool adds = meter.fold == Fold::kSum || (itself && meter.fold == Fold::kCount);
      if (!adds || !SameUnit(meter)) {
        why_ = "`" + std::string(table_.Fact(meter.fact).name) +
               "` takes this request in, and not as a sum";
        return false;
      }
      vocabulary_.model.meters[m].including_this = false;
      recorded_.push_back(MeterId{m});
      if (!itself) Split(meter.fact);
    }
    return true;
  }

  bool SameUnit(const MeterView& meter) const {
    return !meter.value.valid() || table_.Fact(meter.fact).scale == table_.Fact(meter.value).scale;
  }
  static bool Counts(const MeterView& meter, CapabilityId capability) {
    return std::ranges::find(meter.targets, capability) != meter.targets.end();
  }
  bool Reads(CapabilityId capability, FactId fact) const {
    const MatrixView matrix = table_.Matrix(capability);
    for (std::uint32_t i = 0; i < matrix.signature_count(); ++i)
      if (matrix.Signature(i).fact == fact) return true;
    return false;
  }

  void Split(FactId fact) {
    std::vector<table::Fact>& facts = vocabulary_.model.facts;
    table::Fact second = facts[fact.value];
    second.name += " (second)";
    second.meter = {};
    if (second.source == Source::kMeter) second.source = Source::kHost;
    vocabulary_.side[1].fact[fact.value] = FactId{static_cast<std::uint32_t>(facts.size())};
    for (SideNumbers& side : vocabulary_.side) side.fact_of.push_back(kNoIndex);
    vocabulary_.side[1].fact_of[fact.value] = kNoIndex;
    vocabulary_.side[1].fact_of.back() = fact.value;
    facts.push_back(std::move(second));
    split_.push_back(fact);
  }

  FactId Second(FactId fact) const { return vocabulary_.side[1].fact[fact.value]; }

  std::uint32_t Emit(Op op, std::uint32_t a, std::uint32_t b = 0) {
    table::Instruction in;
    in.op = op;
    in.a = a;
    in.b = b;
    joined_.matrix.code.push_back(std::move(in));
    return static_cast<std::uint32_t>(joined_.matrix.code.size() - 1);
  }

  std::uint32_t Constant(std::int64_t number) {
    const std::uint32_t value = Emit(Op::kConst, 0);
    joined_.matrix.code[value].immediate = number;
    return value;
  }
  std::uint32_t Value(FactId fact, std::size_t side) {
    return Emit(Op::kFact, vocabulary_.side[side].fact[fact.value].value);
  }
  std::uint32_t Missing(FactId fact, std::size_t side) {
    return Emit(Op::kIsMissing, vocabulary_.side[side].fact[fact.value].value);
  }
  std::uint32_t Unless(std::uint32_t a, std::uint32_t b) { return Emit(Op::kOr, a, b); }

  // What the meter read before the request was added to it.
  std::uint32_t Recorded(const MeterView& meter, std::size_t side) {
    const std::uint32_t added = meter.value.valid() ? Value(meter.value, side) : Constant(1);
    return Emit(Op::kSubtract, Value(meter.fact, side), added);
  }

  // The second request has no less of the fact (no more, where it falls), and its meters have taken
  // in that much more.
  std::vector<std::uint32_t> Conditions() {
    const std::uint32_t first = Emit(Op::kFact, relation_.fact.value);
    const std::uint32_t second = Emit(Op::kFact, Second(relation_.fact).value);
    std::vector<std::uint32_t> all = {relation_.falling ? Emit(Op::kLessEqual, second, first)
                                                        : Emit(Op::kLessEqual, first, second)};
    for (const MeterId m : recorded_) {
      const MeterView meter = table_.Meter(m);
      const std::uint32_t before = Recorded(meter, 0), after = Recorded(meter, 1);
      const std::uint32_t low = Constant(table_.Fact(meter.fact).low);
      all.push_back(Unless(Missing(meter.fact, 0), Emit(Op::kLessEqual, low, before)));
      all.push_back(Unless(Missing(meter.fact, 1), Emit(Op::kLessEqual, low, after)));
      if (meter.fact == relation_.fact) continue;
      const std::uint32_t neither = Emit(Op::kAnd, Missing(meter.fact, 0), Missing(meter.fact, 1));
      all.push_back(Unless(neither, Emit(Op::kEqual, before, after)));
    }
    return all;
  }

  void RequireTrue(std::uint32_t instruction) {
    std::vector<table::AtomMap>& maps = vocabulary_.model.atom_maps;
    table::AtomMap truth;
    truth.kind = AtomMapKind::kDirect;
    truth.size = 2;
    table::Column note;
    note.kind = ColumnKind::kNote;
    note.verdict = Verdict::kAllow;
    note.constraints.push_back({static_cast<std::uint32_t>(joined_.matrix.dimensions.size()),
                                {false, false, true}});  // missing, false, true
    joined_.matrix.dimensions.push_back(
        {DimensionKind::kDerived, instruction, AtomMapId{static_cast<std::uint32_t>(maps.size())}});
    maps.push_back(std::move(truth));
    required_.push_back(static_cast<std::uint32_t>(joined_.matrix.columns.size()));
    joined_.matrix.columns.push_back(std::move(note));
  }

  // --- the question

  RelationAnswer Ask(const Table& joined) {
    Restriction restriction;
    if (const FactId header = joined.FindFact("header"); header.valid())
      restriction.facts.push_back({.fact = header, .low = 0, .high = 0});
    const Space space(joined, relation_.capability[0], restriction);
    const std::array<Lane, kSides> lanes = {LaneOf(joined_, 0), LaneOf(joined_, 1)};
    const PairOutcomes outcomes = NumberOutcomes();
    std::vector<ColumnSet> holds = Premises(space);
    if (std::ranges::any_of(holds, [](const ColumnSet& columns) { return columns.Empty(); }))
      return {Outcome::kNone, std::nullopt, ""};
    for (const std::uint32_t c : required_) {
      holds.push_back(space.NoColumns());
      holds.back().Add(c);
    }
    const PairGoal goal(space.impl(), lanes, outcomes, holds, Assumptions(space));
    const Answer answer = FindGoal(space.impl(), goal, nullptr, budget_);
    why_ = answer.why;
    if (answer.outcome == Outcome::kUnknown) return Unknown();
    if (answer.outcome == Outcome::kNone) return {Outcome::kNone, std::nullopt, ""};
    return Confirm(*answer.witness);
  }

  PairOutcomes NumberOutcomes() const {
    std::map<Level, std::uint32_t> numbers;
    std::vector<Level> levels;
    const auto number = [&](const Level& level) {
      const auto [at, added] = numbers.emplace(level, static_cast<std::uint32_t>(levels.size()));
      if (added) levels.push_back(level);
      return at->second;
    };
    PairOutcomes outcomes;
    outcomes.denied = number({});
    for (std::uint32_t c = 0; c < joined_.decisions; ++c) {
      const table::Column& column = joined_.matrix.columns[c];
      outcomes.of_column.push_back(number(LevelOf(column.verdict, column.anchor)));
    }
    for (const Level& first : levels) {
      std::vector<bool>& row = outcomes.wanted.emplace_back();
      for (const Level& second : levels) row.push_back(Breaks(first, second));
    }
    return outcomes;
  }

  bool Breaks(const Level& first, const Level& second) const {
    switch (relation_.kind) {
      case RelationKind::kImplies:
        return first.verdict == relation_.verdict[0] && second.verdict != relation_.verdict[1];
      case RelationKind::kDisjoint:
        return first.verdict == relation_.verdict[0] && second.verdict == relation_.verdict[1];
      case RelationKind::kMonotone:
        break;
    }
    if (first.verdict != second.verdict) return second.verdict < first.verdict;
    if (first.verdict != Verdict::kEscalate || first.anchor == second.anchor) return false;
    const auto below = table_.Anchor(second.anchor).below;
    return std::ranges::find(below, first.anchor) == below.end();
  }

  // Of each request of which it is asked, the columns of the premise. What is asked of both
  // together stands in the matrix of either.
  std::vector<ColumnSet> Premises(const Space& space) const {
    std::vector<ColumnSet> holds;
    for (std::size_t s = 0; s < kSides; ++s) {
      if (relation_.kind != RelationKind::kMonotone && !holds.empty()) {
        if (!holds[0].Empty()) break;
        holds.clear();
      }
      holds.push_back(space.NoColumns());
      const MatrixView matrix = table_.Matrix(relation_.capability[s]);
      for (std::uint32_t c = joined_.decisions; c < joined_.columns.size(); ++c) {
        const std::uint32_t own = joined_.columns[c].own[s];
        if (own != kNoIndex && matrix.Column(own).name == relation_.invariant) holds.back().Add(c);
      }
    }
    return holds;
  }

  // M17: what is assumed not to occur refutes nothing.
  ColumnSet Assumptions(const Space& space) const {
    ColumnSet columns = space.NoColumns();
    for (std::uint32_t c = 0; c < joined_.decisions; ++c) {
      for (std::size_t s = 0; s < kSides; ++s) {
        const std::uint32_t own = joined_.columns[c].own[s];
        if (own >= JoinedColumn::kUnknownCapability) continue;
        const ClauseId clause = table_.Matrix(relation_.capability[s]).Column(own).clause;
        if (clause.valid() && IsAssumption(table_.Clause(clause).name)) columns.Add(c);
      }
    }
    return columns;
  }

  // By the rows, not before them.
  static bool Decided(const Decision& decision) {
    return decision.builtin == BuiltinRow::kNone || decision.builtin == BuiltinRow::kUndecided;
  }

  // Both requests as the table knows them, decided by the runtime.
  RelationAnswer Confirm(const Witness& witness) {
    RelationBreach breach;
    for (std::size_t s = 0; s < kSides; ++s) {
      Witness& own = breach.request[s];
      own = OwnRequest(vocabulary_, tables_, s, relation_.capability[s], witness);
      for (const MeterId m : recorded_) {
        const MeterView meter = table_.Meter(m);
        ConcreteValue& value = own.values[meter.fact.value];
        if (value.kind != ValueKind::kNumber) continue;
        value.number -= meter.value.valid() ? own.values[meter.value.value].number : 1;
      }
      own.decision = Decide(table_, nullptr, WitnessRequest(own).request());
    }
    const Decision &first = breach.request[0].decision, &second = breach.request[1].decision;
    if (!Decided(first) || !Decided(second) ||
        !Breaks(LevelOf(first.verdict, first.anchor), LevelOf(second.verdict, second.anchor))) {
      why_ = "the runtime decides the requests that were found otherwise";
      return Unknown();
    }
    Witness shared = breach.request[0];
    if (relation_.kind == RelationKind::kMonotone) std::erase(shared.matters, relation_.fact);
    breach.shared = Describe(table_, shared);
    return {Outcome::kFound, std::move(breach), ""};
  }

  const std::array<const Table*, kSides> tables_;
  const Table& table_;
  const RelationView& relation_;
  Budget& budget_;
  JoinedVocabulary vocabulary_;
  JoinedMatrix joined_;
  std::vector<FactId> split_;      // facts that the second request has for itself
  std::vector<MeterId> recorded_;  // meters that are read as they are with the request in them
  std::vector<std::uint32_t> required_;  // columns that must hold
  std::string why_;
};

}  // namespace

std::string RelationText(const Table& table, const RelationView& relation) {
  static constexpr const char* kVerdicts[] = {"allow", "escalate", "deny"};
  const auto verdict = [&](std::size_t side) {
    return std::string(kVerdicts[static_cast<std::size_t>(relation.verdict[side])]);
  };
  const std::string first(table.Capability(relation.capability[0]).name);
  const std::string second(table.Capability(relation.capability[1]).name);
  switch (relation.kind) {
    case RelationKind::kImplies:
      return verdict(0) + " " + first + " implies " + verdict(1) + " " + second;
    case RelationKind::kDisjoint:
      return "disjoint " + verdict(0) + " " + first + ", " + second;
    case RelationKind::kMonotone:
      break;
  }
  return "monotone " + std::string(table.Fact(relation.fact).name) +
         (relation.falling ? " falling" : "") + " for " + first;
}

std::string SideText(const Table& table, const RelationView& relation, const RelationBreach& breach,
                     std::size_t side) {
  const Witness& request = breach.request[side];
  std::string text(table.Capability(relation.capability[side]).name);
  if (relation.kind == RelationKind::kMonotone) {
    text = table.Fact(relation.fact).name;
    text += " = " + FormatValue(table, relation.fact, request.values[relation.fact.value]);
  }
  return text + ": " + DescribeDecision(table, request.decision);
}

RelationAnswer FindRelationBreach(const Table& table, const RelationView& relation,
                                  Budget& budget) {
  return Question(table, relation, budget).Run();
}

}  // namespace writ::analysis
