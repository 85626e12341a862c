// How much a share that was counted may be trusted about the next quarter.
//
// Replay is deterministic; what is uncertain is the cases that come next. What is counted is
// clusters (sets of runs that are not independent), never events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace writ::evals {

struct Interval {
  double low = 0.0;  // 0 <= low <= high <= 1
  double high = 1.0;
};

// Exact two-sided binomial interval (Clopper and Pearson, Biometrika 26, 1934): each tail at most
// (1 - confidence) / 2. REQUIRES: successes <= trials, 0 < confidence < 1. With no trials: [0, 1].
Interval ClopperPearson(std::uint64_t successes, std::uint64_t trials, double confidence);

// The upper bound of a share of which no instance was seen in n independent trials: 1 - (1 -
// confidence)^(1/n), which at 95% is about 3/n (Hanley and Lippman-Hand, JAMA 249, 1983). With n =
// 0: 1.
double ZeroUpperBound(std::uint64_t n, double confidence);

// Regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (Numerical
// Recipes, 6.4).
double IncompleteBeta(double a, double b, double x);

// One cluster's contribution to a share.
struct ClusterCount {
  std::uint64_t key =
      0;  // hash of the cluster's name: its weight in resample r is a function of (key, r)
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 0;
};
std::uint64_t ClusterKey(std::string_view cluster);

struct BootstrapOptions {
  double confidence = 0.95;
  std::uint32_t resamples = 2000;
  std::uint32_t min_clusters = 5;  // fewer say nothing about the next: [0, 1]
};

// Percentile interval of sum(numerator) / sum(denominator) over resampled clusters (Efron and
// Tibshirani 1993, ch. 13; Poisson weights: Chamandy et al., "Estimating uncertainty for massive
// data streams", 2012). Weights are hashed from the cluster's name, so the answer depends neither
// on order nor on shards. Where all clusters show the property in none (all) of their cases the
// resamples cannot vary: then the bound for zero in n clusters is used on that side.
Interval ClusterBootstrap(std::span<const ClusterCount>, const BootstrapOptions& = {});

// The share, its interval and how it was got.
struct Share {
  std::uint64_t numerator = 0, denominator = 0, clusters = 0;
  Interval interval;
  bool exact = false;  // Clopper-Pearson, for each cluster is a single case; else cluster bootstrap
  double value() const {
    return denominator == 0 ? 0.0
                            : static_cast<double>(numerator) / static_cast<double>(denominator);
  }
};
// Exact where no cluster counts more than one case, else the bootstrap.
Share EstimateShare(std::span<const ClusterCount>, double confidence);

}  // namespace writ::evals
