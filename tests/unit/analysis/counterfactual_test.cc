// Every change that is reported decides as said, none smaller exists, and no value is nearer: on
// random tables, against all their requests.
#include "writ/analysis/counterfactual.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "small_tables.h"

namespace writ::analysis {
namespace {

using namespace writ::runtime;
using namespace writ::test;

Witness WitnessOf(const SmallRequest& small) {
  Witness witness;
  witness.capability = {0};
  witness.role = small.role;
  witness.now_ms = small.now;
  witness.values = small.values;
  return witness;
}

Decision DecideAgain(const Table& table, const Witness& witness) {
  const WitnessRequest request(witness);
  return Decide(table, nullptr, request.request());
}

// How many things are otherwise in `b`; nothing if that cannot be said in facts that are given, one
// role, one time, and evidence that is obtained anew.
std::optional<std::uint32_t> CountChanges(const SmallRequest& a, const SmallRequest& b) {
  std::uint32_t count = 0;
  for (std::uint32_t f = 0; f < kFactCount; ++f) {
    if (f == kNow || f == kRole || f == kAt || f == kAbout || a.values[f] == b.values[f]) continue;
    if (b.values[f].kind == ValueKind::kMissing) return std::nullopt;
    ++count;
  }
  if (a.role != b.role && !b.role.valid()) return std::nullopt;
  if (a.role != b.role) ++count;
  if (a.now != b.now) ++count;
  if (a.values[kAt] != b.values[kAt] || a.values[kAbout] != b.values[kAbout]) {
    if (!b.fresh || b.values[kAt].kind != ValueKind::kNumber || b.values[kAt].number != b.now ||
        b.values[kAbout] != b.values[kS])
      return std::nullopt;
    ++count;
  }
  return count;
}

struct Nearest {
  std::uint32_t changes = 3;
  std::map<std::uint32_t, std::uint64_t> distance;  // by fact that changes alone
};

// The truth, by looking at all requests.
std::map<Verdict, Nearest> LookAtAll(const Table& table, const std::vector<SmallRequest>& all,
                                     const SmallRequest& from) {
  std::map<Verdict, Nearest> truth;
  for (const SmallRequest& other : all) {
    const auto changes = CountChanges(from, other);
    if (!changes || *changes > 2) continue;
    const Decision decision = DecideAgain(table, WitnessOf(other));
    if (decision.builtin != BuiltinRow::kNone) continue;
    Nearest& nearest = truth[decision.verdict];
    nearest.changes = std::min(nearest.changes, *changes);
    for (std::uint32_t f = 0; *changes == 1 && f < kFactCount; ++f) {
      const ConcreteValue &was = from.values[f], &is = other.values[f];
      if (f == kNow || f == kRole || was.kind != ValueKind::kNumber ||
          is.kind != ValueKind::kNumber || was == is)
        continue;
      const auto apart = static_cast<std::uint64_t>(std::abs(was.number - is.number));
      const auto [at, is_new] = nearest.distance.emplace(f, apart);
      if (!is_new) at->second = std::min(at->second, apart);
    }
  }
  return truth;
}

TEST(Counterfactual, DecidesAsSaidAndNothingIsSmaller) {
  std::uint64_t checked = 0, singles = 0, pairs = 0, nearer = 0;
  for (std::uint64_t seed = 1; seed <= 1'500; ++seed) {
    const table::Model model = SmallTableMaker(seed).Make();
    const auto opened = OpenModel(model);
    ASSERT_TRUE(opened);
    const Table& table = opened->table;
    std::vector<SmallRequest> all;
    if (!SmallRequests(model, table).Make(1'500, &all) || all.empty()) continue;
    for (std::size_t i = 0; i < 4; ++i) {
      const SmallRequest& from = all[(seed * 7 + i * 131) % all.size()];
      const Witness witness = WitnessOf(from);
      const WitnessRequest request(witness);
      const Decision given = DecideAgain(table, witness);
      const Counterfactuals found = FindCounterfactuals(table, request.request());
      EXPECT_TRUE(found.complete) << seed;
      std::map<Verdict, std::uint32_t> fewest;
      auto truth = LookAtAll(table, all, from);
      for (const Counterfactual& one : found.nearest) {
        EXPECT_NE(one.decision.verdict, given.verdict) << seed;
        EXPECT_EQ(DecideAgain(table, one.changed).verdict, one.decision.verdict) << seed;
        ASSERT_FALSE(one.changes.empty()) << seed;
        const auto changes = static_cast<std::uint32_t>(one.changes.size());
        const auto [at, is_new] = fewest.emplace(one.decision.verdict, changes);
        if (!is_new) at->second = std::min(at->second, changes);
        (one.changes.size() == 1 ? singles : pairs)++;
        const FactChange& change = one.changes[0];
        if (one.changes.size() != 1 || change.what != ChangeOf::kFact) continue;
        const ConcreteValue &was = from.values[change.fact.value],
                            &is = one.changed.values[change.fact.value];
        const auto& distance = truth[one.decision.verdict].distance;
        if (was.kind != ValueKind::kNumber || is.kind != ValueKind::kNumber ||
            !distance.contains(change.fact.value))
          continue;
        EXPECT_LE(static_cast<std::uint64_t>(std::abs(was.number - is.number)),
                  distance.at(change.fact.value))
            << seed << " " << change.name;
        ++nearer;
      }
      for (const auto& [verdict, nearest] : truth) {
        if (verdict == given.verdict || nearest.changes > 2) continue;
        ASSERT_TRUE(fewest.contains(verdict))
            << seed << ": one of " << nearest.changes << " changes was not found";
        EXPECT_LE(fewest[verdict], nearest.changes) << seed;
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 500u);
  EXPECT_GT(singles, 500u);
  EXPECT_GT(pairs, 100u);
  EXPECT_GT(nearer, 100u);
}

// Allowed at 5 or from 8 on by the time of the evidence, and from 6 on by the clock: so at 8, where
// both are the same, though one request after the other has evidence of 5 at 6.
TEST(Counterfactual, WhatIsObtainedAgainIsOfTheSameInstant) {
  TableBuilder b;
  const FactId now = b.Fact("now", ValueType::kTime, 0, 100, Source::kBuiltin);
  const FactId at = b.Fact("evidence.look", ValueType::kTime, 0, 100, Source::kBuiltin);
  table::Evidence look;
  look.name = "look";
  look.by = {{0}};
  look.within_ms = 3;
  look.at = at;
  b.model().evidence = {look};
  const std::uint32_t clock = b.Cuts(now, {6}), seen = b.Cuts(at, {5, 6, 8});
  const std::uint32_t fresh =
      b.Dimension(table::DimensionKind::kEvidence, 0, {AtomMapKind::kDirect, 2, {}, {}});
  b.Column(Verdict::kDeny, b.Clause("a", "otherwise deny"), {}, kColumnOtherwise);
  b.Column(Verdict::kAllow, b.Clause("b", "allow when"),
           {{clock, {2}}, {seen, {2, 4}}, {fresh, {2}}}, kColumnAllowWhen, {0});
  const auto opened = b.Open();
  ASSERT_TRUE(opened);
  Witness witness;
  witness.capability = {0};
  witness.role = {1};
  witness.values.resize(2);
  const WitnessRequest request(witness);
  const Counterfactuals found = FindCounterfactuals(opened->table, request.request());
  EXPECT_TRUE(found.complete);
  ASSERT_EQ(found.nearest.size(), 1u);
  EXPECT_EQ(found.nearest[0].decision.verdict, Verdict::kAllow);
  EXPECT_EQ(found.nearest[0].changes.size(), 2u);
  EXPECT_EQ(found.nearest[0].changed.now_ms, 8);
}

class Refund : public ::testing::Test {
 protected:
  Refund() {
    amount_ = b_.Money("amount", 1'000'00);
    b_.Sign(amount_, true);
    sure_ = b_.Fact("sure", ValueType::kBool, 0, 1);
    const std::uint32_t cuts = b_.Cuts(amount_, {200'01, 500'01});
    const std::uint32_t sure = b_.Direct(sure_, 2);
    const std::uint32_t role = b_.RoleDimension();
    b_.Column(Verdict::kDeny, b_.Clause("a", "limit amount <= 500 EUR else deny"), {{cuts, {3}}});
    b_.Column(Verdict::kDeny, b_.Clause("~no_authority", ""), {{role, {1, 3}}}, kColumnBase);
    b_.Column(Verdict::kEscalate, b_.Clause("b", "limit amount <= 200 EUR"), {{cuts, {2, 3}}}, 0,
              {1});
    b_.Column(Verdict::kEscalate, b_.Clause("c", "escalate when not sure"), {{sure, {0, 1}}}, 0,
              {0});
    b_.Column(Verdict::kAllow, b_.Clause("~default_allow", ""), {}, kColumnBase, {0});
    opened_ = b_.Open();
  }

  Counterfactuals Find(ConcreteValue amount, ConcreteValue sure,
                       CounterfactualOptions options = {}) {
    Witness witness;
    witness.capability = {0};
    witness.role = {1};
    witness.values.resize(2);
    witness.values[amount_.value] = std::move(amount);
    witness.values[sure_.value] = std::move(sure);
    const WitnessRequest request(witness);
    return FindCounterfactuals(opened_->table, request.request(), options);
  }
  static ConcreteValue Number(std::int64_t n) { return {ValueKind::kNumber, n, "", {}}; }
  // `allow: amount = 200 EUR (350 EUR)`.
  std::vector<std::string> Said(const Counterfactuals& found) {
    std::vector<std::string> all;
    for (const Counterfactual& one : found.nearest) {
      std::string text = DescribeDecision(opened_->table, one.decision) + ":";
      for (const FactChange& change : one.changes)
        text += " " + change.name + " = " + change.to + " (" + change.from + ")";
      all.push_back(text);
    }
    return all;
  }

  TableBuilder b_;
  FactId amount_, sure_;
  std::unique_ptr<OpenedTable> opened_;
};

TEST_F(Refund, NearestValueOfOneFact) {
  EXPECT_THAT(
      Said(Find(Number(350'00), Number(1))),
      ::testing::ElementsAre("allow: amount = 200 EUR (350 EUR)",
                             "deny: amount = 500.01 EUR (350 EUR)", "deny: role = clerk (bot)"));
}

TEST_F(Refund, TwoFactsWhereOneIsNotEnough) {
  const auto said = Said(Find(Number(350'00), Number(0)));
  ASSERT_FALSE(said.empty());
  EXPECT_EQ(said[0], "allow: amount = 200 EUR (350 EUR) sure = true (false)");
}

TEST_F(Refund, WhatIsMalformedOrLacksHasToChangeFirst) {
  const auto lacks = Said(Find({}, Number(1)));
  EXPECT_THAT(lacks, ::testing::Contains("allow: amount = 0 EUR (missing)"));
  const auto malformed = Said(Find({ValueKind::kMalformed, 0, "", {}}, Number(0)));
  EXPECT_THAT(malformed, ::testing::Contains("escalate to desk: amount = 0 EUR (malformed)"));
  EXPECT_THAT(malformed,
              ::testing::Contains("allow: amount = 0 EUR (malformed) sure = true (false)"));
}

TEST_F(Refund, SaysWhenItCouldNotLookEverywhere) {
  CounterfactualOptions options;
  options.max_questions = 1;
  EXPECT_FALSE(Find(Number(350'00), Number(0), options).complete);
}

TEST_F(Refund, WhyOneRowGoesBeforeAnother) {
  Decision winner;
  winner.capability = {0};
  winner.column = 0;
  EXPECT_EQ(WhyItLost(opened_->table, winner, 2), "deny wins over escalate");
  winner.column = 2;
  EXPECT_EQ(WhyItLost(opened_->table, winner, 3), "board ranks above desk");
}

}  // namespace
}  // namespace writ::analysis
