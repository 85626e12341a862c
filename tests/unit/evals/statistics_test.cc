// Intervals against published values, and the properties that make the bootstrap safe to merge.
#include "writ/evals/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace writ::evals {
namespace {

TEST(IncompleteBeta, IsABinomialTail) {
  // I_0.4(2, 3) = P(Bin(4, 0.4) >= 2) = 1 - 0.6^4 - 4 * 0.4 * 0.6^3
  EXPECT_NEAR(IncompleteBeta(2, 3, 0.4), 0.5248, 1e-12);
  EXPECT_NEAR(IncompleteBeta(1, 1, 0.3), 0.3, 1e-12);
  EXPECT_EQ(IncompleteBeta(5, 5, 0.0), 0.0);
  EXPECT_EQ(IncompleteBeta(5, 5, 1.0), 1.0);
}

TEST(ClopperPearson, PublishedValues) {
  // 0 of 10 and 5 of 10 at 95%: the tables of Documenta Geigy, and R's binom.test.
  EXPECT_NEAR(ClopperPearson(0, 10, 0.95).high, 0.3084971, 1e-6);
  EXPECT_NEAR(ClopperPearson(5, 10, 0.95).low, 0.1870860, 1e-6);
  EXPECT_NEAR(ClopperPearson(5, 10, 0.95).high, 0.8129140, 1e-6);
  EXPECT_NEAR(ClopperPearson(1, 20, 0.95).low, 0.0012651, 1e-6);
  EXPECT_NEAR(ClopperPearson(1, 20, 0.95).high, 0.2487328, 1e-6);
  EXPECT_EQ(ClopperPearson(0, 10, 0.95).low, 0.0);
  EXPECT_EQ(ClopperPearson(10, 10, 0.95).high, 1.0);
  EXPECT_EQ(ClopperPearson(0, 0, 0.95).high, 1.0);
}

TEST(ClopperPearson, HoldsAtAMillionTrials) {
  const Interval interval = ClopperPearson(50'000, 1'000'000, 0.95);
  EXPECT_NEAR(interval.low, 0.04957, 1e-5);
  EXPECT_NEAR(interval.high, 0.05043, 1e-5);
}

TEST(ZeroUpperBound, IsAboutThreeOverN) {
  EXPECT_NEAR(ZeroUpperBound(100, 0.95), 0.0295130, 1e-6);
  EXPECT_NEAR(ZeroUpperBound(10'000, 0.95) * 10'000, 3.0, 0.005);
  EXPECT_EQ(ZeroUpperBound(0, 0.95), 1.0);
  // The same as the exact interval with the whole error on one side.
  EXPECT_NEAR(ZeroUpperBound(100, 0.95), ClopperPearson(0, 100, 0.90).high, 1e-9);
}

std::vector<ClusterCount> Clusters(std::size_t n, std::uint64_t size, std::uint64_t every) {
  std::vector<ClusterCount> clusters;
  for (std::size_t i = 0; i < n; ++i)
    clusters.push_back({ClusterKey("c" + std::to_string(i)), i % every == 0 ? size : 0, size});
  return clusters;
}

TEST(ClusterBootstrap, DoesNotDependOnOrder) {
  std::vector<ClusterCount> clusters = Clusters(200, 7, 5);
  const Interval one = ClusterBootstrap(clusters);
  std::reverse(clusters.begin(), clusters.end());
  const Interval two = ClusterBootstrap(clusters);
  EXPECT_EQ(one.low, two.low);
  EXPECT_EQ(one.high, two.high);
}

TEST(ClusterBootstrap, IsAsWideAsTheClustersSay) {
  // 200 clusters that are wholly one or the other are worth 200 trials, however many events each
  // has.
  const Interval boot = ClusterBootstrap(Clusters(200, 50, 5)),
                 exact = ClopperPearson(40, 200, 0.95);
  EXPECT_NEAR(boot.low, exact.low, 0.02);
  EXPECT_NEAR(boot.high, exact.high, 0.02);
}

TEST(ClusterBootstrap, NothingSeenStillBounds) {
  std::vector<ClusterCount> none = Clusters(100, 3, 1000);
  none[0].numerator = 0;
  EXPECT_EQ(ClusterBootstrap(none, {.confidence = 0.90}).low, 0.0);
  EXPECT_NEAR(ClusterBootstrap(none, {.confidence = 0.90}).high, 0.0295, 1e-4);
  for (ClusterCount& cluster : none) cluster.numerator = cluster.denominator;
  EXPECT_NEAR(ClusterBootstrap(none, {.confidence = 0.90}).low, 1 - 0.0295, 1e-4);
}

TEST(ClusterBootstrap, FewClustersSayNothing) {
  const Interval interval = ClusterBootstrap(Clusters(4, 100, 2));
  EXPECT_EQ(interval.low, 0.0);
  EXPECT_EQ(interval.high, 1.0);
}

TEST(EstimateShare, IsExactWhereClustersAreSingleCases) {
  const Share single = EstimateShare(Clusters(20, 1, 20), 0.95);
  EXPECT_TRUE(single.exact);
  EXPECT_NEAR(single.interval.high, 0.2487328, 1e-6);
  EXPECT_FALSE(EstimateShare(Clusters(20, 2, 20), 0.95).exact);
  EXPECT_EQ(EstimateShare(Clusters(20, 2, 4), 0.95).clusters, 20u);
}

}  // namespace
}  // namespace writ::evals
