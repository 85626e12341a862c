// Benchmarks of the runtime. Each gives a ratio against something measured in the same run: the
// naive way to decide, or the floor (bytes touched over the bandwidth of this machine). Absolute
// figures are context only.
//   build/release/bin/writ_bench --benchmark_filter=decide
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>

#include "bench.h"
#include "count_allocations.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/session.h"
#include "writ/table/write.h"

namespace writ::bench {
namespace {

using namespace writ::runtime;

struct Loaded {
  Policy policy;
  std::vector<unsigned char> bytes;
  Table table;
  std::vector<Sample> samples;
  std::vector<std::unique_ptr<RequestOfSample>> owned;
  std::vector<Request> requests;
  std::vector<std::vector<const Rule*>> by_capability;
};

// Too many for the branch predictor to learn by heart (the naive way lives by it), few enough to
// stay near.
constexpr std::size_t kRequests = 512;

void MakeRequests(Loaded& l) {
  l.samples = Samples(l.policy, kRequests);
  for (const Sample& sample : l.samples) {
    l.owned.push_back(std::make_unique<RequestOfSample>(l.policy, l.table, sample));
    l.requests.push_back(l.owned.back()->get());
  }
}

std::vector<unsigned char> ByHand(const Policy& policy) {
  auto bytes = table::WriteTable(ToModel(policy));
  if (!bytes) std::fprintf(stderr, "%s: %s\n", policy.origin.c_str(), bytes.error().what.c_str());
  return bytes ? *std::move(bytes) : std::vector<unsigned char>();
}

using MakeBytes = std::vector<unsigned char> (*)(const Policy&);

// The table and requests to it, all decided as the naive way decides them. Null if the policy can't
// be made a table.
std::unique_ptr<Loaded> Load(Policy policy, MakeBytes make) {
  auto l = std::make_unique<Loaded>();
  l->policy = std::move(policy);
  l->bytes = make(l->policy);
  if (l->bytes.empty()) return nullptr;
  if (Table::Open(l->bytes.data(), l->bytes.size(), &l->table).code != OpenCode::kOk) std::abort();
  l->by_capability = ByCapability(l->policy);
  MakeRequests(*l);
  for (std::size_t i = 0; i < kRequests; ++i) {
    if (Decide(l->table, nullptr, l->requests[i]).verdict !=
        DecideNaively(l->policy, l->by_capability, l->samples[i])) {
      std::fprintf(stderr, "%s: request %zu is decided otherwise by the naive way\n",
                   l->policy.origin.c_str(), i);
      std::abort();
    }
  }
  return l;
}

// The best of many short bursts: other programs on the machine disturb some, hardly ever all.
template <typename Run>
double NanosecondsPerRun(Run run) {
  double best = 1e300;
  for (int repeat = 0; repeat < 100; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < kRequests; ++i) run(i);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count() / static_cast<double>(kRequests));
  }
  return best;
}

// Bytes per nanosecond that one core reads from memory that fits its second-level cache.
double Bandwidth() {
  std::vector<std::uint64_t> memory(32 * 1024);
  std::iota(memory.begin(), memory.end(), 1);
  double best = 0;
  for (int repeat = 0; repeat < 50; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t sum[8] = {};
    for (std::size_t i = 0; i < memory.size(); i += 8) {
      for (std::size_t k = 0; k < 8; ++k) sum[k] += memory[i + k];
    }
    benchmark::DoNotOptimize(sum);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(memory.size() * 8) / took.count());
  }
  return best;
}

// What a decision must read at least: each value once, one row per dimension (its first block), and
// log2 of the cuts.
double BytesTouched(const Loaded& l) {
  double bytes = 0;
  for (std::uint32_t c = 0; c < l.table.capability_count(); ++c) {
    const MatrixView matrix = l.table.Matrix({c});
    bytes += 32.0 * matrix.signature_count();
    for (std::uint32_t d = 0; d < matrix.dimension_count(); ++d) {
      bytes += 8.0 * std::min(8u, matrix.word_count());  // the first block, as if it always decided
      for (std::size_t cuts = l.table.AtomMap(matrix.Dimension(d).atoms).cuts.size(); cuts > 0;
           cuts /= 2)
        bytes += 8;
    }
  }
  return bytes / l.table.capability_count();
}

void BenchDecide(benchmark::State& state, const Policy& policy, MakeBytes make) {
  const std::unique_ptr<Loaded> l = Load(policy, make);
  if (l == nullptr) return state.SkipWithError("the policy does not become a table");
  std::size_t next = 0;
  const std::size_t before = AllocationCount();
  std::size_t decisions = 0;
  for (auto _ : state) {
    Decision d = Decide(l->table, nullptr, l->requests[next]);
    benchmark::DoNotOptimize(d);
    next = (next + 1) % kRequests;
    ++decisions;
  }
  state.counters["allocations"] = static_cast<double>(AllocationCount() - before);
  const double own = NanosecondsPerRun(
      [&](std::size_t i) { benchmark::DoNotOptimize(Decide(l->table, nullptr, l->requests[i])); });
  const double naive = NanosecondsPerRun([&](std::size_t i) {
    benchmark::DoNotOptimize(DecideNaively(l->policy, l->by_capability, l->samples[i]));
  });
  state.counters["best_ns"] = own;
  state.counters["naive_over_writ"] = naive / own;
  state.counters["writ_over_floor"] = own / (BytesTouched(*l) / Bandwidth());
  state.counters["table_KiB"] = static_cast<double>(l->bytes.size()) / 1024;
}

void BenchOpen(benchmark::State& state) {
  std::uint32_t rules = 1000;
  std::unique_ptr<Loaded> l = Load(Scoped(rules), ByHand);
  rules = static_cast<std::uint32_t>(1000.0 * (1 << 20) / static_cast<double>(l->bytes.size()));
  l = Load(Scoped(rules), ByHand);
  for (auto _ : state) {
    Table table;
    benchmark::DoNotOptimize(Table::Open(l->bytes.data(), l->bytes.size(), &table));
  }
  double plain = 1e300;
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::vector<unsigned char> copy(l->bytes.size());
    const auto start = std::chrono::steady_clock::now();
    std::memcpy(copy.data(), l->bytes.data(), copy.size());
    benchmark::DoNotOptimize(copy.data());
    plain = std::min(
        plain,
        std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count());
  }
  Table table;
  const auto start = std::chrono::steady_clock::now();
  benchmark::DoNotOptimize(Table::Open(l->bytes.data(), l->bytes.size(), &table));
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  state.counters["open_over_memcpy"] = took.count() / plain;
  state.counters["table_KiB"] = static_cast<double>(l->bytes.size()) / 1024;
}

void RegisterDecide(const std::string& group, MakeBytes make, bool compiled) {
  const auto decide = [&](const std::string& name, Policy policy) {
    benchmark::RegisterBenchmark(
        (group + "/" + name).c_str(),
        [policy, make](benchmark::State& state) { BenchDecide(state, policy, make); });
  };
  decide("scoped/1000", Scoped(1000));
  decide("scoped/10000", Scoped(10000));
  decide("scoped_deny/1000", ScopedDeny(1000));
  decide("acl/1000", Acl(1000));
  if (compiled)
    return;  // proving these takes the compiler minutes, and says nothing about deciding
  decide("wide/1000", Wide(1000));
  decide("wide/10000", Wide(10000));
  decide("adversarial/1000/20", Adversarial(1000, 20));
}

}  // namespace
}  // namespace writ::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  using namespace writ::bench;
  // `decide` is the table that users get; `decide_by_hand` the same rules lowered by the generator.
  RegisterDecide("decide", CompileToBytes, true);
  RegisterCompileBenchmarks();
  RegisterReplayBenchmarks();
  RegisterHouseBenchmarks();
  writ::bench::RegisterDiffBenchmarks();
  RegisterQuestionBenchmarks();
  RegisterDecide("decide_by_hand", ByHand, false);
  benchmark::RegisterBenchmark("open/1MiB", BenchOpen)->Unit(benchmark::kMicrosecond);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
