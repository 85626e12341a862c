// Hand-made tables, one rule of meaning each: missing and malformed values, `otherwise` and `allow
// when`, evidence, meters, every operation of derived values.
#include <functional>

#include "support.h"

namespace writ::test {
namespace {

using table::Column;
using table::Constraint;
using table::Model;

// One capability, facts given by the test, and the means to add columns in words.
class Small {
 public:
  Small() {
    model.policy = "test";
    model.roles = {{"clerk", RoleKind::kHuman, "", {}}};
    table::Anchor anchor;
    anchor.name = "desk";
    anchor.held_by = {0};
    model.anchors = {anchor};
    model.capabilities.resize(1);
    model.capabilities[0].name = "pay";
    model.matrices.resize(1);
  }
  std::uint32_t Fact(const std::string& name, ValueType type, Source source = Source::kInput,
                     bool required = false) {
    table::Fact fact;
    fact.name = name;
    fact.type = type;
    fact.source = source;
    fact.high = 1000;
    if (type == ValueType::kEnum || type == ValueType::kEnumSet) fact.values = {"a", "b", "c"};
    model.facts.push_back(fact);
    const auto id = static_cast<std::uint32_t>(model.facts.size() - 1);
    matrix().signature.push_back({{id}, required});
    return id;
  }
  std::uint32_t Dimension(DimensionKind kind, std::uint32_t index, table::AtomMap map) {
    model.atom_maps.push_back(std::move(map));
    matrix().dimensions.push_back(
        {kind, index, {static_cast<std::uint32_t>(model.atom_maps.size() - 1)}});
    return static_cast<std::uint32_t>(matrix().dimensions.size() - 1);
  }
  std::uint32_t Cuts(std::uint32_t fact, std::vector<std::int64_t> cuts) {
    return Dimension(DimensionKind::kFact, fact, {AtomMapKind::kCuts, 0, std::move(cuts), {}});
  }
  std::uint32_t Boolean(std::uint32_t value) {
    return Dimension(DimensionKind::kDerived, value, {AtomMapKind::kDirect, 2, {}, {}});
  }
  std::uint32_t Code(Op op, std::uint32_t a = 0, std::uint32_t b = 0, std::int64_t immediate = 0,
                     std::string text = "") {
    table::Instruction i;
    i.op = op;
    i.a = a;
    i.b = b;
    i.immediate = immediate;
    i.text = std::move(text);
    matrix().code.push_back(i);
    return static_cast<std::uint32_t>(matrix().code.size() - 1);
  }
  Column& Row(Verdict verdict, std::vector<Constraint> constraints = {}, std::uint8_t flags = 0) {
    Column column;
    column.verdict = verdict;
    column.constraints = std::move(constraints);
    column.flags = flags;
    if (verdict != Verdict::kDeny) column.anchor = {0};
    matrix().columns.push_back(column);
    return matrix().columns.back();
  }
  table::Matrix& matrix() { return model.matrices[0]; }
  Model model;
};

TEST(Decide, TheFirstColumnThatHoldsWins) {
  Small s;
  const std::uint32_t amount = s.Fact("amount", ValueType::kMoney);
  const std::uint32_t d = s.Cuts(amount, {100, 500});
  s.Row(Verdict::kDeny, {{d, {true, false, false, true}}});
  s.Row(Verdict::kEscalate, {{d, {false, false, true, true}}});
  s.Row(Verdict::kAllow);
  const Opened o = OpenWritten(s.model);
  const auto verdict = [&](Value v) {
    return Decide(o.table, nullptr, Asked(o.table).Set(amount, v).request).verdict;
  };
  EXPECT_EQ(verdict(Number(99)), Verdict::kAllow);
  EXPECT_EQ(verdict(Number(100)), Verdict::kEscalate);
  EXPECT_EQ(verdict(Number(499)), Verdict::kEscalate);
  EXPECT_EQ(verdict(Number(500)), Verdict::kDeny);
  EXPECT_EQ(verdict(Value()), Verdict::kDeny);
}

TEST(Decide, ADecisionNamesItsColumnAnchorAndCapability) {
  Small s;
  s.Row(Verdict::kEscalate);
  const Opened o = OpenWritten(s.model);
  const Decision d = Decide(o.table, nullptr, Asked(o.table).request);
  EXPECT_EQ(d.builtin, BuiltinRow::kNone);
  EXPECT_EQ(d.column, 0u);
  EXPECT_EQ(d.anchor.value, 0u);
  EXPECT_EQ(d.capability.value, 0u);
  EXPECT_FALSE(d.clause.valid());
}

TEST(Decide, AnUnknownCapabilityIsDenied) {
  Small s;
  s.Row(Verdict::kAllow);
  const Opened o = OpenWritten(s.model);
  EXPECT_EQ(Decide(o.table, nullptr, Asked(o.table, 1).request).builtin,
            BuiltinRow::kUnknownCapability);
  Request nothing;
  EXPECT_EQ(Decide(o.table, nullptr, nothing).builtin, BuiltinRow::kUnknownCapability);
}

TEST(Decide, WhatNoColumnHoldsIsDenied) {
  const Opened o = OpenWritten(Small().model);
  const Decision d = Decide(o.table, nullptr, Asked(o.table).request);
  EXPECT_EQ(d.builtin, BuiltinRow::kUndecided);
  EXPECT_EQ(d.verdict, Verdict::kDeny);
}

TEST(Decide, MalformedComesBeforeMissingAndBothInOrderOfTheSignature) {
  Small s;
  const std::uint32_t first = s.Fact("first", ValueType::kInteger, Source::kInput, true);
  const std::uint32_t second = s.Fact("second", ValueType::kId, Source::kInput, true);
  s.Row(Verdict::kAllow);
  const Opened o = OpenWritten(s.model);
  Decision d = Decide(o.table, nullptr, Asked(o.table).request);
  EXPECT_EQ(d.builtin, BuiltinRow::kMissingInput);
  EXPECT_EQ(d.fact.value, first);
  d = Decide(o.table, nullptr, Asked(o.table).Set(second, Number(3)).request);
  EXPECT_EQ(d.builtin, BuiltinRow::kMalformed);
  EXPECT_EQ(d.fact.value, second);
  d = Decide(o.table, nullptr,
             Asked(o.table).Set(first, Number(1001)).Set(second, Malformed()).request);
  EXPECT_EQ(d.fact.value, first);
  d = Decide(o.table, nullptr, Asked(o.table).Set(first, Number(3)).Set(second, Text("x")).request);
  EXPECT_EQ(d.verdict, Verdict::kAllow);
}

// M11.1: what only a region reads changes no decision.
TEST(Decide, AMalformedValueOfAWatchedFactCountsAsMissing) {
  for (const bool plain : {true, false}) {
    Small s;
    const std::uint32_t amount = s.Fact("amount", ValueType::kMoney);
    const std::uint32_t seen = s.Fact("seen", ValueType::kBool, Source::kHost);
    const std::uint32_t score = s.Fact("score", ValueType::kInteger, Source::kHost);
    const std::uint32_t word = s.Fact("word", ValueType::kId, Source::kHost);
    s.matrix().signature.resize(1);
    if (!plain) s.Code(Op::kIsMissing, seen);
    const std::uint32_t big = s.Cuts(amount, {100});
    const std::uint32_t high = s.Cuts(score, {10});
    const std::uint32_t given =
        s.Dimension(DimensionKind::kFact, seen, {AtomMapKind::kDirect, 2, {}, {}});
    const std::uint32_t known =
        s.Dimension(DimensionKind::kFact, word, {AtomMapKind::kStrings, 0, {}, {"x"}});
    s.Row(Verdict::kDeny, {{big, {true, false, true}}});
    s.Row(Verdict::kAllow);
    s.model.regions = {"missing"};
    s.Row(Verdict::kAllow, {{high, {true, false, false}},
                            {given, {true, false, false}},
                            {known, {true, false, false}}})
        .kind = ColumnKind::kRegion;
    s.matrix().columns.back().anchor = {};
    const Opened o = OpenWritten(s.model);
    const auto ask = [&](Value first, Value second, Value third, Value fourth) {
      Asked asked(o.table);
      asked.Set(amount, first).Set(seen, second).Set(score, third).Set(word, fourth);
      std::uint64_t bits = 0;
      const Decision d = Match(o.table, nullptr, asked.request, &bits, 1);
      EXPECT_EQ(Decide(o.table, nullptr, asked.request).column, d.column);
      return std::pair(d.builtin == BuiltinRow::kMalformed, (bits & 4) != 0);
    };
    using Result = std::pair<bool, bool>;  // denied as malformed; in the region
    EXPECT_EQ(ask(Number(1), Number(1), Number(1), Text("x")), Result(false, false));
    EXPECT_EQ(ask(Number(1), Value(), Value(), Value()), Result(false, true));
    EXPECT_EQ(ask(Number(1), Malformed(), Malformed(), Malformed()), Result(false, true));
    EXPECT_EQ(ask(Number(1), Number(2), Number(1001), Number(1)), Result(false, true));
    EXPECT_EQ(ask(Number(1), Text("x"), Malformed(), Text("x")), Result(false, false));
    EXPECT_EQ(ask(Malformed(), Number(1), Number(1), Text("x")), Result(true, false));
  }
}

// The same for what evidence and meters rest on, where only a region asks for them.
TEST(Decide, WatchedEvidenceThatIsMalformedIsNotFresh) {
  Small s;
  const std::uint32_t order = s.Fact("order", ValueType::kId);
  const std::uint32_t at = s.Fact("evidence.e", ValueType::kTime, Source::kBuiltin);
  const std::uint32_t about = s.Fact("evidence.e.about.order", ValueType::kId, Source::kBuiltin);
  s.matrix().signature.resize(1);
  s.model.evidence = {{"e", {{0}}, 1000, 0, {at}, {{about}}, {{order}}}};
  const std::uint32_t fresh =
      s.Dimension(DimensionKind::kEvidence, 0, {AtomMapKind::kDirect, 2, {}, {}});
  s.Row(Verdict::kAllow);
  s.model.regions = {"stale"};
  s.Row(Verdict::kAllow, {{fresh, {false, true, false}}}).kind = ColumnKind::kRegion;
  s.matrix().columns.back().anchor = {};
  const Opened o = OpenWritten(s.model);
  const auto stale = [&](Value obtained, Value its_order) {
    Asked asked(o.table);
    asked.Set(order, Text("A")).Set(at, obtained).Set(about, its_order);
    asked.request.now_ms = 900;
    std::uint64_t bits = 0;
    EXPECT_EQ(Match(o.table, nullptr, asked.request, &bits, 1).builtin, BuiltinRow::kNone);
    return (bits & 2) != 0;
  };
  EXPECT_FALSE(stale(Number(500), Text("A")));
  EXPECT_TRUE(stale(Number(-1), Text("A")));  // before the first time that there is
  EXPECT_TRUE(stale(Text("A"), Text("A")));
  EXPECT_TRUE(stale(Number(500), Number(1)));
  EXPECT_TRUE(stale(Number(500), Malformed()));
}

TEST(Decide, EachTypeHasItsRange) {
  Small s;
  for (std::uint32_t t = 0; t < 12; ++t) s.Fact("f" + std::to_string(t), static_cast<ValueType>(t));
  const Opened o = OpenWritten(s.model);
  const std::string_view members[] = {"x", "y"};
  Value set;
  set.texts = members;
  set.size = 2;
  set.kind = ValueKind::kTextSet;
  for (std::uint32_t t = 0; t < 12; ++t) {
    const auto type = static_cast<ValueType>(t);
    const bool text = type == ValueType::kId || type == ValueType::kText;
    EXPECT_EQ(IsMalformed(o.table, {t}, Text("x")), !text) << t;
    EXPECT_EQ(IsMalformed(o.table, {t}, set), type != ValueType::kIdSet) << t;
    EXPECT_EQ(IsMalformed(o.table, {t}, Number(1)), text || type == ValueType::kIdSet) << t;
    EXPECT_TRUE(IsMalformed(o.table, {t}, Number(-1))) << t;
    EXPECT_EQ(IsMalformed(o.table, {t}, Number(1 << 20)), type != ValueType::kRole) << t;
    EXPECT_FALSE(IsMalformed(o.table, {t}, Value())) << t;
    EXPECT_TRUE(IsMalformed(o.table, {t}, Malformed())) << t;
  }
  EXPECT_TRUE(IsMalformed(o.table, {0}, Number(2)));    // bool
  EXPECT_TRUE(IsMalformed(o.table, {1}, Number(3)));    // enum of three
  EXPECT_FALSE(IsMalformed(o.table, {11}, Number(7)));  // all three of an enum set
  EXPECT_TRUE(IsMalformed(o.table, {11}, Number(8)));
}

TEST(Decide, OtherwiseStepsBackWhereAnAllowWhenHolds) {
  for (const std::uint32_t filler : {0u, 70u, 600u}) {  // one word, two, blocks
    Small s;
    const std::uint32_t vip = s.Fact("vip", ValueType::kBool);
    const std::uint32_t d =
        s.Dimension(DimensionKind::kFact, vip, {AtomMapKind::kDirect, 2, {}, {}});
    s.Row(Verdict::kDeny, {}, kColumnOtherwise);
    for (std::uint32_t i = 0; i < filler; ++i) s.Row(Verdict::kDeny, {{d, {false, false, false}}});
    s.Row(Verdict::kEscalate, {{d, {true, false, false}}});
    s.Row(Verdict::kAllow, {{d, {false, false, true}}}, kColumnAllowWhen);
    const Opened o = OpenWritten(s.model);
    const auto decide = [&](Value v) {
      return Decide(o.table, nullptr, Asked(o.table).Set(vip, v).request);
    };
    EXPECT_EQ(decide(Number(1)).verdict, Verdict::kAllow);
    EXPECT_EQ(decide(Number(0)).verdict, Verdict::kDeny);
    EXPECT_EQ(decide(Value()).column, 0u);  // otherwise is the stricter
  }
}

TEST(Decide, TheEffectiveRowIsOffAsInForce) {
  Small s;
  s.Row(Verdict::kDeny, {}, kColumnEffective);
  s.Row(Verdict::kAllow);
  const Opened o = OpenWritten(s.model);
  Asked asked(o.table);
  EXPECT_EQ(Decide(o.table, nullptr, asked.request).verdict, Verdict::kDeny);
  asked.request.as_in_force = true;
  EXPECT_EQ(Decide(o.table, nullptr, asked.request).verdict, Verdict::kAllow);
}

TEST(Decide, AnnotationColumnsAreMatchedButDoNotDecide) {
  Small s;
  s.model.regions = {"everything"};
  s.Row(Verdict::kAllow);
  s.Row(Verdict::kDeny).kind = ColumnKind::kRegion;
  const Opened o = OpenWritten(s.model);
  std::uint64_t bits[1] = {};
  const Decision d = Match(o.table, nullptr, Asked(o.table).request, bits, 1);
  EXPECT_EQ(d.verdict, Verdict::kAllow);
  EXPECT_EQ(bits[0], 3u);
}

TEST(Decide, TheActingRoleAndTheClockAreFacts) {
  Small s;
  const std::uint32_t now = s.Fact("now", ValueType::kTime, Source::kBuiltin);
  const std::uint32_t late = s.Cuts(now, {5000});
  const std::uint32_t role =
      s.Dimension(DimensionKind::kRole, 0, {AtomMapKind::kDirect, 2, {}, {}});
  s.Row(Verdict::kDeny, {{late, {false, false, true}}});
  s.Row(Verdict::kAllow, {{role, {false, true, false}}});
  const Opened o = OpenWritten(s.model);
  Asked asked(o.table);
  EXPECT_EQ(Decide(o.table, nullptr, asked.request).verdict, Verdict::kAllow);
  asked.request.role = {};
  EXPECT_EQ(Decide(o.table, nullptr, asked.request).builtin, BuiltinRow::kUndecided);
  asked.request.role = {0};
  asked.request.now_ms = 5000;
  EXPECT_EQ(Decide(o.table, nullptr, asked.request).verdict, Verdict::kDeny);
}

// A fact that stands on evidence about an order.
struct WithEvidence : Small {
  WithEvidence() {
    at = Fact("evidence.lookup", ValueType::kTime, Source::kBuiltin);
    model.facts[at].high = 1'000'000;
    given = Fact("evidence.lookup.about.order", ValueType::kId, Source::kBuiltin);
    order = Fact("order", ValueType::kId);
    total = Fact("total", ValueType::kMoney, Source::kEvidence);
    model.facts[total].evidence = {0};
    table::Evidence e;
    e.name = "lookup";
    e.within_ms = 100;
    e.at = {at};
    e.about_given = {{given}};
    e.about_wanted = {{order}};
    model.evidence = {e};
  }
  std::uint32_t at, given, order, total;
};

TEST(Decide, EvidenceCountsWhileFreshAndAboutThisRequest) {
  WithEvidence s;
  const std::uint32_t present =
      s.Dimension(DimensionKind::kEvidence, 0, {AtomMapKind::kDirect, 2, {}, {}});
  const std::uint32_t known = s.Cuts(s.total, {});
  s.Row(Verdict::kEscalate, {{known, {false, true}},
                             {present, {false, true, false}}});  // never: known without evidence
  s.Row(Verdict::kAllow, {{known, {false, true}}});
  const Opened o = OpenWritten(s.model);
  const auto allowed = [&](std::int64_t at, const char* about) {
    Asked asked(o.table);
    asked.Set(s.at, Number(at))
        .Set(s.given, Text(about))
        .Set(s.order, Text("A1"))
        .Set(s.total, Number(5));
    return Decide(o.table, nullptr, asked.request).verdict == Verdict::kAllow;
  };
  EXPECT_TRUE(allowed(1000, "A1"));
  EXPECT_TRUE(allowed(900, "A1"));    // exactly as old as it may be
  EXPECT_FALSE(allowed(899, "A1"));   // too old
  EXPECT_FALSE(allowed(1001, "A1"));  // from the future
  EXPECT_FALSE(allowed(1000, "A2"));  // about another order
}

// One boolean worked out by the code that `build` adds; true allows, false escalates, missing
// denies.
Verdict Work(
    const std::function<std::uint32_t(Small&)>& build,
    const std::function<void(Asked&)>& ask = [](Asked&) {}) {
  Small s;
  s.Fact("x", ValueType::kInteger);
  s.Fact("t", ValueType::kId);
  s.Fact("u", ValueType::kText);
  s.Fact("ids", ValueType::kIdSet);
  s.Fact("flags", ValueType::kEnumSet);
  s.Fact("b", ValueType::kBool);
  const std::uint32_t d = s.Boolean(build(s));
  s.Row(Verdict::kDeny, {{d, {true, false, false}}});
  s.Row(Verdict::kEscalate, {{d, {false, true, false}}});
  s.Row(Verdict::kAllow, {{d, {false, false, true}}});
  const Opened o = OpenWritten(s.model);
  Asked asked(o.table);
  ask(asked);
  return Decide(o.table, nullptr, asked.request).verdict;
}
constexpr Verdict kTrue = Verdict::kAllow, kFalse = Verdict::kEscalate, kUnknown = Verdict::kDeny;

TEST(Code, ArithmeticIsExactAndOverflowIsMissing) {
  const auto equal = [](Op op, std::int64_t a, std::int64_t b, std::int64_t result) {
    return Work([=](Small& s) {
      const std::uint32_t x = s.Code(Op::kConst, 0, 0, a), y = s.Code(Op::kConst, 0, 0, b);
      return s.Code(Op::kEqual, s.Code(op, x, y), s.Code(Op::kConst, 0, 0, result));
    });
  };
  EXPECT_EQ(equal(Op::kAdd, 2, 3, 5), kTrue);
  EXPECT_EQ(equal(Op::kSubtract, 2, 3, -1), kTrue);
  EXPECT_EQ(equal(Op::kMultiply, -4, 3, -12), kTrue);
  EXPECT_EQ(equal(Op::kMin, -4, 3, -4), kTrue);
  EXPECT_EQ(equal(Op::kMax, -4, 3, 3), kTrue);
  EXPECT_EQ(equal(Op::kNegate, 7, 0, -7), kTrue);
  EXPECT_EQ(equal(Op::kAdd, 2, 3, 6), kFalse);
  EXPECT_EQ(equal(Op::kAdd, INT64_MAX, 1, 0), kUnknown);
  EXPECT_EQ(equal(Op::kSubtract, INT64_MIN, 1, 0), kUnknown);
  EXPECT_EQ(equal(Op::kMultiply, INT64_MAX, 2, 0), kUnknown);
  EXPECT_EQ(equal(Op::kNegate, INT64_MIN, 0, 0), kUnknown);
}

TEST(Code, ComparisonsAndSubstitutes) {
  const auto less = [](Op op, Value x, std::int64_t than, bool substitute) {
    return Work(
        [=](Small& s) {
          std::uint32_t fact = s.Code(Op::kFact, 0);
          if (substitute) fact = s.Code(Op::kSubstitute, fact, 0, 4);
          return s.Code(op, fact, s.Code(Op::kConst, 0, 0, than));
        },
        [&](Asked& a) { a.Set(0, x); });
  };
  EXPECT_EQ(less(Op::kLess, Number(4), 5, false), kTrue);
  EXPECT_EQ(less(Op::kLess, Number(5), 5, false), kFalse);
  EXPECT_EQ(less(Op::kLessEqual, Number(5), 5, false), kTrue);
  EXPECT_EQ(less(Op::kLess, Value(), 5, false), kUnknown);
  EXPECT_EQ(less(Op::kLess, Value(), 5, true), kTrue);
  EXPECT_EQ(less(Op::kLess, Value(), 4, true), kFalse);
}

TEST(Code, ConnectivesFollowKleene) {
  // 0 false, 1 true, 2 unknown.
  const auto connective = [](Op op, int a, int b) {
    return Work([=](Small& s) {
      const auto value = [&](int v) {
        return v == 2 ? s.Code(Op::kFact, 5) : s.Code(Op::kConst, 0, 0, v);
      };
      const std::uint32_t x = value(a), y = value(b);
      return s.Code(op, x, y);
    });
  };
  const Verdict names[] = {kFalse, kTrue, kUnknown};
  const int conjunction[3][3] = {{0, 0, 0}, {0, 1, 2}, {0, 2, 2}},
            disjunction[3][3] = {{0, 1, 2}, {1, 1, 1}, {2, 1, 2}};
  for (int a = 0; a < 3; ++a) {
    for (int b = 0; b < 3; ++b) {
      EXPECT_EQ(connective(Op::kAnd, a, b), names[conjunction[a][b]]) << a << b;
      EXPECT_EQ(connective(Op::kOr, a, b), names[disjunction[a][b]]) << a << b;
    }
    EXPECT_EQ(connective(Op::kNot, a, 0), names[a == 2 ? 2 : 1 - a]);
    EXPECT_EQ(connective(Op::kIsUnknown, a, 0), a == 2 ? kTrue : kFalse);
  }
}

TEST(Code, TextsAndSets) {
  const std::string_view members[] = {"A1", "B2"};
  const auto ask = [&](Asked& a) {
    Value set;
    set.texts = members;
    set.size = 2;
    set.kind = ValueKind::kTextSet;
    a.Set(1, Text("A1")).Set(2, Text("A1 and more")).Set(3, set).Set(4, Number(5));
  };
  const auto work = [&](Op op, std::uint32_t a, std::uint32_t b, std::int64_t immediate,
                        std::string text) {
    return Work([=](Small& s) { return s.Code(op, a, b, immediate, text); }, ask);
  };
  EXPECT_EQ(work(Op::kTextEqual, 1, 2, 0, ""), kFalse);
  EXPECT_EQ(work(Op::kTextEqualConst, 1, 0, 0, "A1"), kTrue);
  EXPECT_EQ(work(Op::kTextPrefix, 2, 0, 0, "A1 "), kTrue);
  EXPECT_EQ(work(Op::kTextPrefix, 1, 0, 0, "A1 "), kFalse);
  EXPECT_EQ(work(Op::kSetHasText, 3, 0, 0, "B2"), kTrue);
  EXPECT_EQ(work(Op::kSetHasText, 3, 0, 0, "B"), kFalse);
  EXPECT_EQ(work(Op::kSetHasFact, 3, 1, 0, ""), kTrue);
  EXPECT_EQ(work(Op::kSetHasFact, 3, 2, 0, ""), kFalse);
  EXPECT_EQ(work(Op::kSetHasEnum, 4, 0, 2, ""), kTrue);
  EXPECT_EQ(work(Op::kSetHasEnum, 4, 0, 1, ""), kFalse);
  EXPECT_EQ(work(Op::kIsMissing, 0, 0, 0, ""), kTrue);
  EXPECT_EQ(work(Op::kIsMissing, 1, 0, 0, ""), kFalse);
  const auto nothing = [](Asked&) {};
  EXPECT_EQ(Work([](Small& s) { return s.Code(Op::kTextEqualConst, 1, 0, 0, "A1"); }, nothing),
            kUnknown);
  EXPECT_EQ(Work([](Small& s) { return s.Code(Op::kSetHasText, 3, 0, 0, "A1"); }, nothing),
            kUnknown);
  EXPECT_EQ(Work([](Small& s) { return s.Code(Op::kSetHasEnum, 4, 0, 0); }, nothing), kUnknown);
  const auto substituted = [](Small& s) {
    s.Code(Op::kTextEqualConst, 1, 0, 0, "A1");
    s.matrix().code.back().has_substitute_a = true;
    s.matrix().code.back().substitute_a = "A1";
    return 0u;
  };
  EXPECT_EQ(Work(substituted, nothing), kTrue);
}

// Texts of the letter `a` alone, and none.
table::Pattern OnlyA() {
  table::Pattern p;
  p.text = "a*";
  p.states = p.classes = 2;
  p.accepting = 1;
  p.class_of.assign(256, 1);
  p.class_of['a'] = 0;
  p.next = {0, 1, 1, 1};
  return p;
}

TEST(Code, Patterns) {
  const auto work = [](std::optional<std::string_view> text, bool substitute) {
    return Work(
        [=](Small& s) {
          s.model.patterns = {OnlyA()};
          s.model.facts[2].utf8 = true;
          const std::uint32_t value = s.Code(Op::kMatches, 2);
          s.matrix().code.back().has_substitute_a = substitute;
          s.matrix().code.back().substitute_a = "aa";
          return value;
        },
        [=](Asked& a) {
          if (text) a.Set(2, Text(*text));
        });
  };
  EXPECT_EQ(work("", false), kTrue);
  EXPECT_EQ(work("aaa", false), kTrue);
  EXPECT_EQ(work("aab", false), kFalse);
  EXPECT_EQ(work("a\xc3\xa9", false), kFalse);
  EXPECT_EQ(work(std::nullopt, false), kUnknown);
  EXPECT_EQ(work(std::nullopt, true), kTrue);
}

}  // namespace
}  // namespace writ::test
