// The hand-worked cases of docs/semantics.md, rule by rule, against the bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lower_builder.h"

namespace writ::compiler::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LowerM1, BuiltinRowsComeFirst) {
  Builder b;
  const AnchorId a = b.Anchor("refunds");
  const FactId amount = b.Number("amount", ValueType::kMoney, 0, 5'000'000),
               confidence = b.Integer("confidence", 0, 100);
  const CapabilityId refund = b.Capability("issue_refund", {amount});
  const std::size_t d = b.Delegation("refunding", {b.agent}, {refund}, a);
  b.Say(d, ClauseKind::kEscalate, b.Lt(b.F(confidence), b.N(80)));
  Bench t(b.p);
  EXPECT_EQ(t.Decide(CapabilityId{}, b.agent, {}), "deny unknown capability");
  EXPECT_EQ(t.Decide(refund, b.agent, {{amount, -1}}), "deny malformed amount");
  EXPECT_EQ(t.Decide(refund, b.agent, {{confidence, 90}}), "deny missing input amount");
  EXPECT_EQ(t.Decide(refund, b.agent, {{confidence, 700}}), "deny malformed confidence");
  EXPECT_EQ(t.Decide(refund, b.agent, {{amount, 1}, {confidence, 80}}), "allow ~default_allow");
}

TEST(LowerM1, WhatIsNotReadHasNoInfluence) {
  Builder b;
  const AnchorId a = b.Anchor("refunds");
  const FactId other = b.Integer("other", 0, 10), seen = b.Integer("seen", 0, 10);
  const CapabilityId c = b.Capability("c");
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, a);
  b.Say(d, ClauseKind::kDeny, b.Gt(seen, 5));
  b.Region("r", b.Gt(other, 3));
  Bench t(b.p);
  ASSERT_EQ(t.matrix(c).signature.size(), 1u);
  EXPECT_EQ(t.matrix(c).signature[0].fact, seen);
}

TEST(LowerM3, MostRestrictiveWinsAndRankDecidesBetweenAnchors) {
  Builder b;
  const AnchorId refunds = b.Anchor("refunds"), board = b.Anchor("board", {refunds});
  const FactId x = b.Bool("x"), y = b.Bool("y"), z = b.Bool("z");
  const CapabilityId c = b.Capability("c");
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, refunds);
  b.Say(d, ClauseKind::kEscalate, b.F(x));
  b.Say(d, ClauseKind::kEscalate, b.F(y)).anchor = board;
  b.Say(d, ClauseKind::kDeny, b.F(z));
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 0}, {y, 0}, {z, 0}}), "allow ~default_allow");
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 1}, {y, 0}, {z, 0}}), "escalate to refunds d/*/escalate.1");
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 1}, {y, 1}, {z, 0}}), "escalate to board d/*/escalate.2");
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 1}, {y, 1}, {z, 1}}), "deny d/*/deny.1");
}

TEST(LowerM3, TiesGoToTheFirstNameAndTrueBeforeUnknown) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const FactId x = b.Bool("x"), y = b.Bool("y");
  const CapabilityId c = b.Capability("c");
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, a);
  b.Say(d, ClauseKind::kDeny, b.Or(b.F(x), b.F(y)));
  b.Say(d, ClauseKind::kDeny, b.F(y));
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 0}, {y, 1}}), "deny d/*/deny.1");
  EXPECT_EQ(t.Decide(c, b.agent, {{y, 1}}), "deny d/*/deny.1");
  EXPECT_EQ(t.Decide(c, b.agent, {{y, 0}}), "deny d/*/deny.1 (unknown)");
}

TEST(LowerM4, NoAuthorityByDefault) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const CapabilityId c = b.Capability("c"), nobody = b.Capability("nobody");
  b.Delegation("d", {b.agent}, {c}, a);
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {}), "allow ~default_allow");
  EXPECT_EQ(t.decision.anchor, a);
  EXPECT_EQ(t.Decide(c, b.lead, {}), "deny ~no_authority");
  EXPECT_FALSE(t.decision.authority.valid());
  EXPECT_EQ(t.Decide(c, RoleId{}, {}), "deny ~no_authority");
  EXPECT_EQ(t.Decide(nobody, b.agent, {}), "deny ~no_authority");
}

TEST(LowerM4, GuardsHoldUnderEachAuthorityWithItsAnchor) {
  Builder b;
  const AnchorId one = b.Anchor("one"), two = b.Anchor("two", {one});
  const FactId x = b.Bool("x");
  const CapabilityId c = b.Capability("c");
  b.Delegation("d", {b.agent}, {c}, one);
  const std::size_t free = b.Delegation("g", {b.lead}, {}, two, {c});
  b.SayInGuard("guard", ClauseKind::kEscalate, b.F(x), {c});
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 1}}), "escalate to one guard/*/escalate.1");
  EXPECT_EQ(t.Decide(c, b.lead, {{x, 1}}), "escalate to two guard/*/escalate.1");
  EXPECT_EQ(t.decision.authority, b.p.authorities[free].id);
  EXPECT_EQ(t.Decide(c, b.lead, {{x, 0}}), "allow ~default_allow");
}

TEST(LowerM5, Limits) {
  Builder b;
  const AnchorId refunds = b.Anchor("refunds"), board = b.Anchor("board", {refunds});
  const FactId amount = b.Number("amount", ValueType::kMoney, 0, 5'000'000);
  const FactId status = b.Enum("order.status", {"open", "shipped", "delivered", "fraud_hold"});
  const CapabilityId c = b.Capability("c", {amount});
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, refunds);
  b.Say(d, ClauseKind::kLimit, b.AtMost(amount, 20'000));
  b.Say(d, ClauseKind::kEscalate, b.Gt(amount, 500'000)).anchor = board;
  b.Say(d, ClauseKind::kDeny, b.Eq(b.F(status), b.N(3)));
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {{amount, 20'000}, {status, 0}}), "allow ~default_allow");
  EXPECT_EQ(t.Decide(c, b.agent, {{amount, 20'001}, {status, 0}}),
            "escalate to refunds d/*/limit.1");
  EXPECT_EQ(t.Decide(c, b.agent, {{amount, 500'001}, {status, 0}}),
            "escalate to board d/*/escalate.1");
  EXPECT_EQ(t.Decide(c, b.agent, {{amount, 500'001}, {status, 3}}), "deny d/*/deny.1");
}

TEST(LowerM5, LimitElseDeny) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const FactId amount = b.Integer("amount", 0, 100, MissingWord::kEscalate);
  const CapabilityId c = b.Capability("c");
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, a);
  b.Say(d, ClauseKind::kLimit, b.AtMost(amount, 10)).else_deny = true;
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {{amount, 11}}), "deny d/*/limit.1");
  EXPECT_EQ(t.Decide(c, b.agent, {}), "escalate to a d/*/limit.1 (unknown)");
}

TEST(LowerM5, OtherwiseAndAllowWhen) {
  Builder b;
  const AnchorId anchor = b.Anchor("a");
  const FactId x = b.Bool("a"), y = b.Bool("b"), z = b.Bool("c");
  const CapabilityId c = b.Capability("cap");
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, anchor);
  b.Say(d, ClauseKind::kAllow, b.F(x));
  b.Say(d, ClauseKind::kAllow, b.F(y));
  b.Say(d, ClauseKind::kOtherwise).otherwise = Verdict::kEscalate;
  b.Say(d, ClauseKind::kDeny, b.F(z));
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 1}, {y, 0}, {z, 0}}), "allow d/*/allow.1");
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 0}, {y, 0}, {z, 0}}), "escalate to a d/*/otherwise.1");
  EXPECT_EQ(t.Decide(c, b.agent, {{y, 0}, {z, 0}}), "escalate to a d/*/otherwise.1");
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 1}, {y, 1}, {z, 1}}), "deny d/*/deny.1");
}

TEST(LowerM5, GapIsUndecided) {
  Builder b;
  const AnchorId anchor = b.Anchor("a");
  const FactId x = b.Bool("x");
  const CapabilityId c = b.Capability("cap");
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, anchor);
  b.Say(d, ClauseKind::kAllow, b.F(x));
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 0}}), "deny undecided");
}

TEST(LowerM7, StrictestWordOfWhatIsMissingDecides) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const FactId x = b.Integer("x", 0, 100, MissingWord::kEscalate), y = b.Bool("y");
  const CapabilityId c = b.Capability("c");
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, a);
  b.Say(d, ClauseKind::kDeny, b.Or(b.Gt(x, 10), b.F(y)));
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 11}}), "deny d/*/deny.1");
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 5}}), "deny d/*/deny.1 (unknown)");
  EXPECT_EQ(t.Decide(c, b.agent, {{y, 0}}), "escalate to a d/*/deny.1 (unknown)");
  EXPECT_EQ(t.Decide(c, b.agent, {}), "deny d/*/deny.1 (unknown)");
  EXPECT_EQ(t.Decide(c, b.agent, {{y, 1}}), "deny d/*/deny.1");
}

TEST(LowerM7, SubstitutesGoInWhereTheyMay) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const FactId tier = b.Enum("tier", {"bronze", "silver", "gold"}, MissingWord::kValue, 0);
  const CapabilityId limited = b.Capability("limited"), allowed = b.Capability("allowed"),
                     asked = b.Capability("asked");
  const std::size_t d = b.Delegation("d", {b.agent}, {limited, allowed, asked}, a);
  b.Say(d, ClauseKind::kLimit, b.Ge(tier, 1), {limited});
  b.Say(d, ClauseKind::kAllow, b.Ge(tier, 0), {allowed});
  b.Say(d, ClauseKind::kDeny, b.Missing(tier), {asked});
  b.Region("bronze", b.Eq(b.F(tier), b.N(0)));
  Bench t(b.p);
  EXPECT_EQ(t.Decide(limited, b.agent, {}), "escalate to a d/*/limit.1");
  EXPECT_EQ(t.Decide(limited, b.agent, {{tier, 1}}), "allow ~default_allow");
  EXPECT_THAT(t.Reported(limited), IsEmpty());
  EXPECT_EQ(t.Decide(allowed, b.agent, {}), "deny undecided");
  EXPECT_EQ(t.Decide(allowed, b.agent, {{tier, 0}}), "allow d/*/allow.1");
  EXPECT_THAT(t.Reported(allowed), ElementsAre("bronze"));
  EXPECT_EQ(t.Decide(asked, b.agent, {}), "deny d/*/deny.1");
}

TEST(LowerM7, SubstitutesGoThroughLet) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const FactId x = b.Integer("x", 0, 100, MissingWord::kValue, 7),
               y = b.Integer("y", 0, 100, MissingWord::kEscalate);
  const CapabilityId c = b.Capability("c"), e = b.Capability("e");
  const std::size_t d = b.Delegation("d", {b.agent}, {c, e}, a);
  const ExprId sum = b.Let("sum", b.Arithmetic(NodeKind::kAdd, b.F(x), b.F(y), 0, 200));
  b.Say(d, ClauseKind::kDeny, b.Not(b.Le(sum, b.N(50))), {c});
  b.Say(d, ClauseKind::kAllow, b.Le(sum, b.N(50)), {e});
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {{y, 44}}), "deny d/*/deny.1");
  EXPECT_EQ(t.Decide(c, b.agent, {{y, 43}}), "allow ~default_allow");
  EXPECT_EQ(t.Decide(c, b.agent, {{x, 3}}), "escalate to a d/*/deny.1 (unknown)");
  EXPECT_EQ(t.Decide(e, b.agent, {{y, 1}}), "deny undecided");
  EXPECT_EQ(t.Decide(e, b.agent, {{x, 1}, {y, 1}}), "allow d/*/allow.1");
}

TEST(LowerM7, OptionalInputIsMissingWithDeny) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const FactId note = b.Integer("note", 0, 9);
  const CapabilityId c = b.Capability("c", {}, {note});
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, a);
  b.Say(d, ClauseKind::kEscalate, b.Gt(note, 3));
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {}), "deny d/*/escalate.1 (unknown)");
  EXPECT_EQ(t.Decide(c, b.agent, {{note, 4}}), "escalate to a d/*/escalate.1");
}

TEST(LowerM8, FreshEvidence) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const FactId order = b.Id("order");
  const CapabilityId c = b.Capability("c", {order});
  const FactId at =
      b.Number("evidence.lookup", ValueType::kTime, kYear1, kYear9999, Source::kBuiltin);
  const FactId about = b.Id("evidence.lookup.about.order");
  b.p.vocabulary.facts[about.value].source = Source::kBuiltin;
  table::Evidence lookup;
  lookup.name = "lookup", lookup.by = {c}, lookup.within_ms = 600'000, lookup.at = at,
  lookup.about_given = {about}, lookup.about_wanted = {order};
  b.p.vocabulary.evidence.push_back(lookup);
  const FactId total = b.Integer("order.total", 0, 100);
  b.p.vocabulary.facts[total.value].source = Source::kEvidence;
  b.p.vocabulary.facts[total.value].evidence = EvidenceId{0};
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, a);
  b.Say(d, ClauseKind::kRequireEvidence).evidence = {EvidenceId{0}};
  b.Say(d, ClauseKind::kRequire, b.AtMost(total, 50));
  Bench t(b.p);
  const std::int64_t noon = 43'200'000;
  const auto ask = [&](std::int64_t obtained, const std::string& what) {
    return t.Decide(c, b.agent, {{order, 0, "A1"}, {at, obtained}, {about, 0, what}, {total, 10}},
                    noon);
  };
  EXPECT_EQ(ask(noon - 600'000, "A1"), "allow ~default_allow");
  EXPECT_EQ(ask(noon - 600'001, "A1"), "deny d/*/evidence.1");
  EXPECT_EQ(ask(noon - 300'000, "A2"), "deny d/*/evidence.1");
  EXPECT_EQ(ask(noon + 1, "A1"), "deny d/*/evidence.1");
  EXPECT_EQ(
      t.Decide(c, b.agent, {{order, 0, "A1"}, {at, noon}, {about, 0, "A1"}, {total, 51}}, noon),
      "deny d/*/require.1");
}

TEST(LowerM10, EffectiveAndExpiry) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const CapabilityId c = b.Capability("c");
  const std::size_t d = b.Delegation("d", {b.agent}, {c}, a);
  b.p.vocabulary.has_effective = true;
  b.p.vocabulary.effective_ms = 1000;
  b.p.authorities[d].expires_ms = 5000;
  Bench t(b.p);
  EXPECT_EQ(t.Decide(c, b.agent, {}, 999), "deny ~effective");
  EXPECT_EQ(t.decision.authority, b.p.authorities[d].id);
  EXPECT_EQ(t.Decide(c, b.agent, {}, 999, true), "allow ~default_allow");
  EXPECT_EQ(t.Decide(c, b.agent, {}, 1000), "allow ~default_allow");
  EXPECT_EQ(t.Decide(c, b.agent, {}, 4999), "allow ~default_allow");
  EXPECT_EQ(t.Decide(c, b.agent, {}, 5000), "deny ~expires");
  EXPECT_EQ(t.Decide(c, b.lead, {}, 999), "deny ~effective");
  EXPECT_EQ(t.Decide(c, b.lead, {}, 1000), "deny ~no_authority");
}

TEST(LowerM11, RegionsAndInvariants) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const FactId amount = b.Integer("amount", 0, 100);
  const CapabilityId c = b.Capability("c", {amount}), other = b.Capability("other");
  b.Delegation("d", {b.agent}, {c, other}, a);
  Node in;
  in.kind = NodeKind::kCapabilityIn, in.capabilities = {c};
  b.Region("big", b.And(b.Make(in), b.Gt(amount, 50)));
  Node other_in;
  other_in.kind = NodeKind::kCapabilityIn, other_in.capabilities = {other};
  b.Region("either", b.Or(b.Make(other_in), b.Gt(amount, 70)));
  Node by;
  by.kind = NodeKind::kRoleIn, by.roles = {b.lead};
  b.Region("human", b.Make(by));
  b.Never("calm", Verdict::kAllow, {c}, b.Gt(amount, 90));
  Bench t(b.p);
  t.Decide(c, b.agent, {{amount, 60}});
  EXPECT_THAT(t.Reported(c), ElementsAre("big"));
  t.Decide(c, b.lead, {{amount, 91}});
  EXPECT_THAT(t.Reported(c), ElementsAre("big", "either", "human", "calm"));
  t.Decide(other, RoleId{}, {});
  EXPECT_THAT(t.Reported(other), IsEmpty());
}

TEST(LowerM2, EventsAreReportedAndNotDecided) {
  Builder b;
  const AnchorId a = b.Anchor("a");
  const FactId x = b.Bool("x");
  const CapabilityId e = b.Capability("e", {}, {}, CapabilityKind::kEvent);
  b.SayInGuard("watch", ClauseKind::kNote, b.F(x), {e});
  b.SayInGuard("tell", ClauseKind::kNotify, b.Not(b.F(x)), {e}).anchor = a;
  Bench t(b.p);
  EXPECT_EQ(t.Decide(e, RoleId{}, {{x, 1}}), "allow ~event");
  EXPECT_THAT(t.Reported(e), ElementsAre("watch/*/note.1"));
  t.Decide(e, b.agent, {});
  EXPECT_THAT(t.Reported(e), ElementsAre("watch/*/note.1 (unknown)", "tell/*/notify.1 (unknown)"));
}

}  // namespace
}  // namespace writ::compiler::testing
