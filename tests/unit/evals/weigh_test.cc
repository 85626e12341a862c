// Weights of regions: what is too much to be listed is still counted.
#include "writ/evals/weigh.h"

#include <gtest/gtest.h>

#include "replay_fixture.h"

namespace writ::evals::testing {
namespace {

// Event `i` asks for a capability of its own; the first also is asked for by another run.
ReplayResult Changed(std::uint32_t capabilities) {
  ReplayResult result;
  for (std::uint32_t i = 0; i < capabilities; ++i) {
    Shape shape;
    shape.capability = "c" + std::to_string(i);
    shape.direction = Direction::kLoosened;
    shape.lane[0].decision.builtin = runtime::BuiltinRow::kUndecided;
    shape.lane[1].decision.builtin = runtime::BuiltinRow::kUndecided;
    shape.lane[1].decision.unknown = i == 0;
    result.shapes.push_back(shape);
    result.records.push_back({.run = 0, .shape = i});
  }
  result.records.push_back({.run = 1, .shape = 0});
  result.runs.resize(2);
  return result;
}

TEST(Weigh, WhatIsNotListedIsCountedTogether) {
  const OpenTable table{RefundsPolicy{}};
  const std::uint32_t more = 50, all = static_cast<std::uint32_t>(kMostElsewhere) + more;
  const CorpusWeights weights = WeighRegions({}, *table, *table, Changed(all), {});
  EXPECT_EQ(weights.changed.events, all + 1);
  EXPECT_EQ(weights.changed.runs, 2u);
  EXPECT_EQ(weights.changed.leaned_on, 2u);
  ASSERT_EQ(weights.elsewhere.size(), kMostElsewhere + 1);
  EXPECT_EQ(weights.elsewhere.front().capability, "c0");
  EXPECT_EQ(weights.elsewhere.front().weight.events, 2u);
  EXPECT_EQ(weights.elsewhere.front().weight.runs, 2u);
  EXPECT_EQ(weights.elsewhere.back().capability, "");
  EXPECT_EQ(weights.elsewhere.back().weight.events, more);
  EXPECT_EQ(weights.elsewhere.back().weight.runs, 1u);
  std::uint64_t sum = 0;
  for (const WeightElsewhere& one : weights.elsewhere) sum += one.weight.events;
  EXPECT_EQ(sum, weights.changed.events);
}

TEST(Weigh, AnotherRoleIsNotCompared) {
  const OpenTable table{RefundsPolicy{}};
  ReplayResult result = Changed(3);
  result.shapes[1].role = "refund_agent";
  const CorpusWeights weights =
      WeighRegions({}, *table, *table, result, {.capability = {}, .role = "refund_agent"});
  EXPECT_EQ(weights.replayed.events, 4u);
  EXPECT_EQ(weights.compared.events, 1u);
  EXPECT_EQ(weights.changed.events, 1u);
}

TEST(Weigh, AnotherCapabilityIsNotCompared) {
  const OpenTable table{RefundsPolicy{}};
  const CorpusWeights weights =
      WeighRegions({}, *table, *table, Changed(3), {.capability = "c1", .role = {}});
  EXPECT_EQ(weights.replayed.events, 4u);
  EXPECT_EQ(weights.compared.events, 1u);
  EXPECT_EQ(weights.changed.events, 1u);
  EXPECT_EQ(weights.elsewhere.size(), 1u);
}

}  // namespace
}  // namespace writ::evals::testing
