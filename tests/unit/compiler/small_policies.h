// Random policies so small that all their requests can be decided one by one.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "lower_builder.h"
#include "verify.h"

namespace writ::compiler::testing {

// One capability `act` with the input `n`, under the delegation `d` to the agent and, for some
// seeds, a grant-like second one to the lead. Facts: a host bool; text of a tool and of a model,
// and a meter that counts by it; two pressures, of three values and of two, and a mode of three
// that is read as its last value where missing.
class SmallPolicy {
 public:
  // `worse`: conditions read the pressures and the mode; else text.
  SmallPolicy(std::uint64_t seed, bool worse) : random_(seed), worse_(worse) {
    const AnchorId low = b.Anchor("low"), high = b.Anchor("high", {low});
    const AnchorId side = b.Anchor("side");
    anchors_ = {low, high, Below(3) == 0 ? side : high, AnchorId{}};
    n_ = b.Integer("n", 0, 2);
    plain_ = {n_, b.Bool("b", Word(), 1)};
    if (worse) {
      AddWorse();
    } else {
      AddText();
    }
    act_ = b.Capability("act", {n_});
    b.Delegation("d", {b.agent}, {act_}, low);
    if (Below(4) == 0) b.Delegation("e", {b.lead}, {act_}, high);
    for (std::size_t d = 0; d < b.p.authorities.size(); ++d) AddClauses(d);
    if (Below(3) == 0) {
      const ClauseKind kind = Below(2) == 0 ? ClauseKind::kEscalate : ClauseKind::kDeny;
      Note(b.SayInGuard("g", kind, Condition(1), {act_}));
    }
  }

  CapabilityId act() const { return act_; }
  const std::vector<FactId>& special() const { return special_; }

  // The policy without the clauses that read text: each holds nowhere.
  Program WithoutText() {
    Program p = b.p;
    const ExprId never = Append(p, false), always = Append(p, true);
    const auto mend = [&](std::vector<Clause>& clauses) {
      for (Clause& clause : clauses) {
        if (!reads_special_[clause.id.value]) continue;
        const bool demands =
            clause.kind == ClauseKind::kRequire || clause.kind == ClauseKind::kLimit;
        clause.condition = demands ? always : never;
      }
    };
    for (Authority& authority : p.authorities) mend(authority.clauses);
    for (Guard& guard : p.guards) mend(guard.clauses);
    return p;
  }

  // Every request: each fact is missing (but not the input) or has one of its values.
  void ForEachRequest(const std::function<void(RoleId, const std::vector<Given>&)>& on) const {
    std::vector<FactId> facts = plain_;
    facts.insert(facts.end(), special_.begin(), special_.end());
    for (const RoleId role : {b.agent, b.lead, RoleId{}}) {
      std::vector<Given> given;
      Choose(facts, 0, role, given, on);
    }
  }

  Builder b;

 private:
  std::uint64_t Below(std::uint64_t n) { return random_() % n; }
  MissingWord Word() { return static_cast<MissingWord>(Below(3)); }

  void AddText() {
    const FactId said = b.Enum("said", {"no", "maybe", "yes"}, Word(), 1);
    const FactId score = b.Integer("score", 0, 1, Word(), 1);
    b.p.vocabulary.facts[said.value].source = Source::kModel;
    b.p.vocabulary.facts[score.value].source = Source::kTool;
    const FactId before = b.Integer("before", 0, 1);
    b.p.vocabulary.facts[before.value].source = Source::kMeter;
    b.p.vocabulary.facts[before.value].meter = MeterId{0};
    b.p.vocabulary.meters.push_back({.name = "before",
                                     .fold = Fold::kCount,
                                     .targets = {CapabilityId{0}},
                                     .keys = {score},
                                     .window_ms = 1000,
                                     .fact = before});
    special_ = {said, score, before};
  }
  void AddWorse() {
    const FactId loop = b.Enum("pressure.loop", {"none", "rising", "stuck"}, Word(), 0);
    const FactId load = b.Enum("pressure.load", {"none", "high"});
    const FactId mode = b.Enum("mode", {"normal", "cautious", "frozen"}, MissingWord::kValue, 2);
    b.p.vocabulary.facts[mode.value].source = Source::kHeader;
    special_ = {loop, load, mode};
  }

  void AddClauses(std::size_t d) {
    const std::uint64_t count = 1 + Below(5);
    for (std::uint64_t i = 0; i < count; ++i) {
      static constexpr ClauseKind kKinds[] = {
          ClauseKind::kRequire, ClauseKind::kDeny,  ClauseKind::kLimit,    ClauseKind::kEscalate,
          ClauseKind::kAllow,   ClauseKind::kAllow, ClauseKind::kOtherwise};
      const ClauseKind kind = kKinds[Below(7)];
      reads_now_ = false;
      const ExprId condition =
          kind == ClauseKind::kOtherwise ? ExprId{} : Condition(static_cast<int>(Below(3)));
      Clause& clause = b.Say(d, kind, condition);
      clause.anchor = kind == ClauseKind::kAllow ? AnchorId{} : anchors_[Below(4)];
      clause.else_deny = Below(3) == 0;
      clause.otherwise = static_cast<Verdict>(Below(3));
      Note(clause);
    }
  }
  void Note(const Clause& clause) {
    reads_special_.resize(b.p.vocabulary.clauses.size(), false);
    reads_special_[clause.id.value] = reads_now_;
    reads_now_ = false;
  }

  ExprId Leaf() {
    const bool special = Below(worse_ ? 2 : 3) == 0;
    const std::vector<FactId>& from = special ? special_ : plain_;
    const FactId f = from[Below(from.size())];
    reads_now_ |= special;
    if (b.p.vocabulary.facts[f.value].type == ValueType::kBool) return b.F(f);
    const std::int64_t top = b.p.vocabulary.facts[f.value].high;
    const ExprId value = b.N(static_cast<std::int64_t>(Below(static_cast<std::uint64_t>(top) + 1)));
    switch (Below(8)) {
      case 0:
        return b.Missing(f);
      case 1: {  // worked out of two facts
        const FactId g = special_[Below(special_.size())];
        reads_now_ = true;
        return b.Le(b.F(f), b.F(g));
      }
      case 2:
        return b.Not(b.Eq(b.F(f), value));
      case 3:
      case 4:
        return b.Le(b.F(f), value);
      case 5:
        return b.Eq(b.Let("l" + std::to_string(b.p.lets.size()), b.F(f)), value);
      default:
        return b.Le(value, b.F(f));
    }
  }
  ExprId Condition(int depth) {
    if (depth == 0) return Leaf();
    const ExprId x = Condition(depth - 1), y = Leaf();
    switch (Below(4)) {
      case 0:
        return b.Not(b.And(x, y));
      case 1:
        return b.Or(x, y);
      default:
        return b.And(x, y);
    }
  }

  static ExprId Append(Program& p, bool value) {
    Node node;
    node.kind = NodeKind::kBool, node.number = value ? 1 : 0;
    p.nodes.push_back(std::move(node));
    return ExprId{static_cast<std::uint32_t>(p.nodes.size() - 1)};
  }

  void Choose(const std::vector<FactId>& facts, std::size_t at, RoleId role,
              std::vector<Given>& given,
              const std::function<void(RoleId, const std::vector<Given>&)>& on) const {
    if (at == facts.size()) return on(role, given);
    if (facts[at] != n_) Choose(facts, at + 1, role, given, on);
    const table::Fact& fact = b.p.vocabulary.facts[facts[at].value];
    for (std::int64_t v = fact.low; v <= fact.high; ++v) {
      given.push_back({facts[at], v, {}});
      Choose(facts, at + 1, role, given, on);
      given.pop_back();
    }
  }

  std::mt19937_64 random_;
  bool worse_, reads_now_ = false;
  std::vector<AnchorId> anchors_;
  std::vector<FactId> plain_, special_;
  std::vector<bool> reads_special_;  // by ClauseId
  FactId n_;
  CapabilityId act_;
};

// `a` is at least as restrictive as `b` (M3.1); what is undecided is denied.
inline bool AtLeastAsStrict(const Program& p, const runtime::Decision& a,
                            const runtime::Decision& b) {
  if (a.verdict != b.verdict) return a.verdict > b.verdict;
  if (a.verdict != Verdict::kEscalate || a.anchor == b.anchor) return true;
  const auto& below = p.vocabulary.anchors[a.anchor.value].below;
  return std::ranges::find(below, b.anchor) != below.end();
}

// The codes that verification reports.
inline std::vector<std::string> CodesOf(const Program& program, const Bench& bench) {
  lang::DiagnosticSink sink;
  Verify(program, bench.model, bench.table, 50'000'000, sink);
  std::vector<std::string> codes;
  for (const lang::Diagnostic& d : sink.Sorted()) {
    codes.emplace_back(lang::Info(d.kind).code);
  }
  return codes;
}

}  // namespace writ::compiler::testing
