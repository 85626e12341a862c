// Random programs: the opened table agrees with an interpreter of the conditions, whatever the
// limit on boxes.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "lower_builder.h"
#include "scan.h"

namespace writ::compiler::testing {
namespace {

// Small vocabularies with every kind of fact, and conditions of every kind of node.
class RandomProgram {
 public:
  explicit RandomProgram(std::uint64_t seed) : random_(seed) {
    const AnchorId low = b.Anchor("low"), high = b.Anchor("high", {low}), side = b.Anchor("side");
    const auto word = [&] { return static_cast<MissingWord>(Below(3)); };
    numbers_ = {b.Integer("n0", 0, 20, word(), 7), b.Integer("n1", -5, 20, word(), -5),
                b.Integer("n2", 0, 1000, word(), 500)};
    bools_ = {b.Bool("b0", word(), 1), b.Bool("b1", word(), 0)};
    enums_ = {b.Enum("e0", {"a", "b", "c"}, word(), 1), b.Enum("e1", {"p", "q"}, word(), 0)};
    ids_ = {b.Id("i0", word(), "x"), b.Id("i1", word(), "other")};
    set_ = b.Add({.name = "s0",
                  .type = ValueType::kIdSet,
                  .source = Source::kHost,
                  .missing = static_cast<MissingWord>(Below(2))});
    tags_ = b.Add({.name = "t0",
                   .type = ValueType::kEnumSet,
                   .source = Source::kHost,
                   .high = 7,
                   .values = {"u", "v", "w"},
                   .missing = word(),
                   .substitute = 5});
    const FactId in = b.Integer("in", 0, 20), optional = b.Integer("opt", 0, 20);
    c_ = b.Capability("cap", {in}, {optional});
    e_ = b.Capability("event", {}, {}, CapabilityKind::kEvent);
    other_ = b.Capability("other", {in});
    inputs_ = {in, optional};
    AddEvidence(in);
    AddMeter(in);
    const RoleId second = b.Role("second", RoleKind::kAgent);
    std::vector<std::size_t> delegations = {b.Delegation("d", {b.agent}, {c_}, low, {other_}),
                                            b.Delegation("g", {second, b.lead}, {c_}, high)};
    b.p.authorities[1].expires_ms = 5'000'000;
    b.p.vocabulary.has_effective = Below(2) == 0;
    b.p.vocabulary.effective_ms = 1'000'000;
    const AnchorId anchors[] = {low, high, side, AnchorId{}};
    for (const std::size_t d : delegations) {
      const std::uint64_t clauses = 1 + Below(5);
      for (std::uint64_t i = 0; i < clauses; ++i) {
        static constexpr ClauseKind kKinds[] = {
            ClauseKind::kRequire,  ClauseKind::kDeny,      ClauseKind::kLimit,
            ClauseKind::kEscalate, ClauseKind::kAllow,     ClauseKind::kNote,
            ClauseKind::kNotify,   ClauseKind::kOtherwise, ClauseKind::kRequireEvidence};
        const ClauseKind kind = kKinds[Below(9)];
        const bool bare = kind == ClauseKind::kOtherwise || kind == ClauseKind::kRequireEvidence;
        Clause& clause = b.Say(d, kind, bare ? ExprId{} : Condition(3));
        if (kind == ClauseKind::kRequireEvidence) clause.evidence = {EvidenceId{0}};
        clause.anchor = anchors[Below(4)];
        clause.else_deny = Below(3) == 0;
        clause.otherwise = static_cast<Verdict>(Below(3));
      }
    }
    inputs_ = {};
    b.SayInGuard("guard", ClauseKind::kEscalate, Condition(2), {c_, other_});
    b.SayInGuard("watch", ClauseKind::kNote, Condition(2), {e_, c_});
    inputs_ = {in};
    b.Region("r0", Condition(2));
    b.Never("i0", Verdict::kAllow, {}, Condition(2));
    b.Never("i1", Verdict::kDeny, {c_}, Condition(3));
  }

  Builder b;

 private:
  std::uint64_t Below(std::uint64_t n) { return random_() % n; }
  FactId Pick(const std::vector<FactId>& facts) { return facts[Below(facts.size())]; }

  void AddEvidence(FactId about) {
    const FactId at =
        b.Number("evidence.ev", ValueType::kTime, kYear1, kYear9999, Source::kBuiltin);
    const FactId given = b.Integer("evidence.ev.about.in", 0, 20);
    b.p.vocabulary.facts[given.value].source = Source::kBuiltin;
    b.p.vocabulary.evidence.push_back({.name = "ev",
                                       .by = {c_},
                                       .within_ms = 1000,
                                       .at = at,
                                       .about_given = {given},
                                       .about_wanted = {about}});
    const FactId proved = b.Integer("proved", 0, 20, MissingWord::kEscalate);
    b.p.vocabulary.facts[proved.value].source = Source::kEvidence;
    b.p.vocabulary.facts[proved.value].evidence = EvidenceId{0};
    numbers_.push_back(proved);
  }
  void AddMeter(FactId value) {
    const FactId key = b.Id("agent");
    b.p.vocabulary.facts[key.value].source = Source::kBuiltin;
    const FactId fact = b.Add({.name = "spent",
                               .type = ValueType::kInteger,
                               .source = Source::kMeter,
                               .low = 0,
                               .high = 1000,
                               .meter = MeterId{0}});
    b.p.vocabulary.meters.push_back({.name = "spent",
                                     .fold = Fold::kSum,
                                     .targets = {c_},
                                     .value = value,
                                     .keys = {key},
                                     .window_ms = 1000,
                                     .including_this = Below(2) == 0,
                                     .fact = fact});
    numbers_.push_back(fact);
  }

  FactId NumberFact() {
    std::vector<FactId> facts = numbers_;
    facts.insert(facts.end(), inputs_.begin(), inputs_.end());
    return Pick(facts);
  }
  ExprId Number(int depth) {
    const std::uint64_t kind = depth == 0 ? Below(2) : Below(8);
    if (kind == 0) return b.N(static_cast<std::int64_t>(Below(25)) - 5);
    if (kind == 1) return b.F(NumberFact());
    if (kind == 7) {
      Node node;
      node.kind = NodeKind::kNegate, node.operands = {Number(depth - 1)};
      node.low = -b.p.node(node.operands[0]).high, node.high = -b.p.node(node.operands[0]).low;
      return b.Make(std::move(node));
    }
    static constexpr NodeKind kKinds[] = {NodeKind::kAdd, NodeKind::kSubtract, NodeKind::kMultiply,
                                          NodeKind::kMin, NodeKind::kMax};
    const ExprId x = Number(depth - 1), y = Number(depth - 1);
    const ExprId value = Ranged(kKinds[kind - 2], x, y);
    return Below(3) == 0 ? b.Let("l" + std::to_string(b.p.lets.size()), value) : value;
  }
  ExprId Ranged(NodeKind kind, ExprId x, ExprId y) {
    const Node &l = b.p.node(x), &r = b.p.node(y);
    const std::int64_t all[] = {l.low * r.low, l.low * r.high, l.high * r.low, l.high * r.high};
    std::int64_t low = 0, high = 0;
    if (kind == NodeKind::kAdd) low = l.low + r.low, high = l.high + r.high;
    if (kind == NodeKind::kSubtract) low = l.low - r.high, high = l.high - r.low;
    if (kind == NodeKind::kMultiply)
      low = *std::ranges::min_element(all), high = *std::ranges::max_element(all);
    if (kind == NodeKind::kMin) low = std::min(l.low, r.low), high = std::min(l.high, r.high);
    if (kind == NodeKind::kMax) low = std::max(l.low, r.low), high = std::max(l.high, r.high);
    return b.Arithmetic(kind, x, y, low, high);
  }

  ExprId Leaf() {
    Node node;
    switch (Below(13)) {
      case 0:
      case 1:
      case 2: {
        static constexpr NodeKind kKinds[] = {NodeKind::kEqual, NodeKind::kLess,
                                              NodeKind::kLessEqual};
        const NodeKind kind = kKinds[Below(3)];
        const ExprId x = Number(2), y = Number(1);
        return b.Make(kind, {x, y});
      }
      case 3:
        return b.F(Pick(bools_));
      case 4: {
        const FactId e = Pick(enums_);
        return b.Le(b.F(e), b.N(static_cast<std::int64_t>(Below(3))));
      }
      case 5: {
        node.kind = NodeKind::kInValues, node.operands = {Number(1)},
        node.values = {1, 2, 3, 7, 19};
        return b.Make(std::move(node));
      }
      case 6:
        return b.Make(NodeKind::kTextEqual,
                      {b.F(Pick(ids_)), Below(2) == 0 ? b.T("x") : b.F(Pick(ids_))});
      case 7: {
        node.kind = NodeKind::kInTexts, node.operands = {b.F(Pick(ids_))}, node.texts = {"x", "yy"};
        return b.Make(std::move(node));
      }
      case 8:
        return b.Make(NodeKind::kTextPrefix, {b.F(Pick(ids_)), b.T("a")});
      case 9:
        if (Below(2) == 0)
          return b.Make(NodeKind::kSetHas, {b.F(tags_), b.N(static_cast<std::int64_t>(Below(3)))});
        return b.Make(NodeKind::kSetHas, {b.F(set_), Below(2) == 0 ? b.T("yy") : b.F(Pick(ids_))});
      case 10: {
        const FactId any[] = {NumberFact(), Pick(bools_), Pick(enums_), Pick(ids_), set_, tags_};
        return b.Missing(any[Below(6)]);
      }
      case 11: {
        if (Below(2) == 0) {
          node.kind = NodeKind::kFresh, node.evidence = EvidenceId{0};
          return b.Make(std::move(node));
        }
        node.kind = NodeKind::kRoleIn, node.roles = {b.agent};
        return b.Make(std::move(node));
      }
      default: {
        node.kind = NodeKind::kCapabilityIn, node.capabilities = {c_};
        return b.Make(std::move(node));
      }
    }
  }
  ExprId Condition(int depth) {
    if (depth == 0) return Leaf();
    switch (Below(6)) {
      case 0:
        return b.Not(Condition(depth - 1));
      case 1:
      case 2:
        return b.Make(NodeKind::kAnd, {Condition(depth - 1), Condition(depth - 1), Leaf()});
      case 3:
      case 4:
        return b.Make(NodeKind::kOr, {Condition(depth - 1), Condition(depth - 1)});
      default: {
        const ExprId let = b.Let("c" + std::to_string(b.p.lets.size()), Condition(depth - 1));
        return Below(2) == 0 ? let : b.Eq(let, b.B(Below(2) == 0));
      }
    }
  }

  std::mt19937_64 random_;
  std::vector<FactId> numbers_, bools_, enums_, ids_, inputs_;
  FactId set_, tags_;
  CapabilityId c_, e_, other_;
};

class LowerRandom : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(LowerRandom, TableAgreesWithTheConditions) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    const RandomProgram program(seed);
    Bench t(program.b.p, {.max_rows_per_condition = GetParam()});
    ASSERT_TRUE(t.ok);
    ScanBits(t.model, t.table);
    EXPECT_GT(ScanTranslation(program.b.p, t.table,
                              {.max_requests_per_capability = 150, .max_evaluations = 100'000}),
              0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Limits, LowerRandom, ::testing::Values(1u, 4u, 64u));

TEST(LowerBoxes, BeyondTheLimitAConditionIsWorkedOut) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const CapabilityId c = b.Capability("c");
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, a);
  std::vector<ExprId> pairs;
  for (int i = 0; i < 70; ++i) {
    const FactId x = b.Integer("x" + std::to_string(i), 0, 9,
                               i % 2 == 0 ? MissingWord::kDeny : MissingWord::kEscalate);
    const FactId y = b.Integer("y" + std::to_string(i), 0, 9, MissingWord::kValue, 8);
    pairs.push_back(b.And(b.Gt(x, 4), b.Gt(y, 4)));
  }
  b.Say(d, ClauseKind::kDeny, b.Make(NodeKind::kOr, pairs));
  Bench t(b.p);
  ASSERT_TRUE(t.ok);
  EXPECT_LT(t.matrix(c).columns.size(), 10u);
  EXPECT_FALSE(t.matrix(c).code.empty());
  ScanBits(t.model, t.table);
  EXPECT_GT(ScanTranslation(b.p, t.table,
                            {.max_requests_per_capability = 2000, .max_evaluations = 100'000}),
            1000u);
}

}  // namespace
}  // namespace writ::compiler::testing
