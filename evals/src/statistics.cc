// Intervals for shares: exact where cases are independent, resampled by cluster where they are not.
//
// Entry point: EstimateShare. The beta function is evaluated by its continued fraction, the exact
// bounds by bisection (they are monotone, so sixty halvings give the last bit that matters); the
// bootstrap draws Poisson(1) weights from a hash of (cluster, resample), so no generator carries
// state from one cluster to the next.
#include "writ/evals/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace writ::evals {
namespace {

// Lentz's method for the continued fraction of the incomplete beta function.
double BetaFraction(double a, double b, double x) {
  constexpr int kMaxSteps =
      500;  // converges in O(sqrt(max(a, b))) steps; enough for millions of trials
  constexpr double kTiny = 1e-300, kEpsilon = 1e-15;
  const auto guard = [](double v) { return std::fabs(v) < kTiny ? kTiny : v; };
  double c = 1.0;
  double d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
  double h = d;
  const int steps = kMaxSteps + static_cast<int>(10.0 * std::sqrt(std::max(a, b)));
  for (int m = 1; m <= steps; ++m) {
    const double m2 = 2.0 * m;
    const double even = m * (b - m) * x / ((a + m2 - 1.0) * (a + m2));
    d = 1.0 / guard(1.0 + even * d);
    c = guard(1.0 + even / c);
    h *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + m2) * (a + m2 + 1.0));
    d = 1.0 / guard(1.0 + odd * d);
    c = guard(1.0 + odd / c);
    const double step = d * c;
    h *= step;
    if (std::fabs(step - 1.0) < kEpsilon) break;
  }
  return h;
}

// The x with I_x(a, b) = p.
double BetaQuantile(double a, double b, double p) {
  double low = 0.0, high = 1.0;
  for (int i = 0; i < 64; ++i) {
    const double mid = 0.5 * (low + high);
    (IncompleteBeta(a, b, mid) < p ? low : high) = mid;
  }
  return 0.5 * (low + high);
}

// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a bijection that mixes well.
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// A Poisson(1) weight from a uniform 64-bit hash, by inverting the distribution function.
std::uint32_t PoissonWeight(std::uint64_t hash) {
  static constexpr std::array<double, 9> kCumulative = {
      0.36787944117144233, 0.73575888234288467, 0.91969860292860584,
      0.98101184312384626, 0.99634015317265630, 0.99940581518241835,
      0.99991675885071204, 0.99998975080332547, 0.99999887479740212};
  const double u = static_cast<double>(hash >> 11) * 0x1.0p-53;
  std::uint32_t k = 0;
  while (k < kCumulative.size() && u >= kCumulative[k]) ++k;
  return k;
}

}  // namespace

double IncompleteBeta(double a, double b, double x) {
  if (x <= 0.0) return 0.0;
  if (x >= 1.0) return 1.0;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1.0) / (a + b + 2.0)) return front * BetaFraction(a, b, x) / a;
  return 1.0 - front * BetaFraction(b, a, 1.0 - x) / b;
}

Interval ClopperPearson(std::uint64_t successes, std::uint64_t trials, double confidence) {
  if (trials == 0) return {};
  const double tail = (1.0 - confidence) / 2.0;
  const auto k = static_cast<double>(successes);
  const auto n = static_cast<double>(trials);
  Interval interval;
  interval.low = successes == 0 ? 0.0 : BetaQuantile(k, n - k + 1.0, tail);
  interval.high = successes == trials ? 1.0 : BetaQuantile(k + 1.0, n - k, 1.0 - tail);
  return interval;
}

double ZeroUpperBound(std::uint64_t n, double confidence) {
  if (n == 0) return 1.0;
  return -std::expm1(std::log1p(-confidence) / static_cast<double>(n));
}

std::uint64_t ClusterKey(std::string_view cluster) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a, then mixed
  for (const char c : cluster) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return Mix(hash);
}

Interval ClusterBootstrap(std::span<const ClusterCount> clusters, const BootstrapOptions& options) {
  std::vector<ClusterCount> counted;
  std::uint64_t numerator = 0, denominator = 0;
  for (const ClusterCount& cluster : clusters) {
    if (cluster.denominator == 0) continue;
    counted.push_back(cluster);
    numerator += cluster.numerator;
    denominator += cluster.denominator;
  }
  if (counted.size() < options.min_clusters || counted.empty()) return {};
  const double tail = (1.0 - options.confidence) / 2.0;
  const double zero = ZeroUpperBound(counted.size(), 1.0 - tail);
  if (numerator == 0) return {0.0, zero};
  if (numerator == denominator) return {1.0 - zero, 1.0};

  std::vector<double> shares;
  shares.reserve(options.resamples);
  for (std::uint32_t r = 0; r < options.resamples; ++r) {
    const std::uint64_t salt = Mix(r);
    std::uint64_t top = 0, bottom = 0;
    for (const ClusterCount& cluster : counted) {
      const std::uint64_t weight = PoissonWeight(Mix(cluster.key ^ salt));
      top += weight * cluster.numerator;
      bottom += weight * cluster.denominator;
    }
    if (bottom != 0) shares.push_back(static_cast<double>(top) / static_cast<double>(bottom));
  }
  if (shares.empty()) return {};
  std::sort(shares.begin(), shares.end());
  const auto last = static_cast<double>(shares.size() - 1);
  return {shares[static_cast<std::size_t>(std::floor(tail * last))],
          shares[static_cast<std::size_t>(std::ceil((1.0 - tail) * last))]};
}

Share EstimateShare(std::span<const ClusterCount> clusters, double confidence) {
  Share share;
  bool single = true;
  for (const ClusterCount& cluster : clusters) {
    if (cluster.denominator == 0) continue;
    ++share.clusters;
    share.numerator += cluster.numerator;
    share.denominator += cluster.denominator;
    single = single && cluster.denominator == 1;
  }
  share.exact = single;
  if (single) {
    share.interval = ClopperPearson(share.numerator, share.denominator, confidence);
    return share;
  }
  // Fewer resamples over many clusters: the interval is narrow there, and the work stays below two
  // seconds.
  constexpr std::uint64_t kDraws = 200'000'000, kMinResamples = 400, kMaxResamples = 2000;
  BootstrapOptions options{.confidence = confidence};
  options.resamples = static_cast<std::uint32_t>(std::clamp(
      kDraws / std::max<std::uint64_t>(share.clusters, 1), kMinResamples, kMaxResamples));
  share.interval = ClusterBootstrap(clusters, options);
  return share;
}

}  // namespace writ::evals
