// A house of many files, as a large organisation would have it: how long reading with checking
// takes, how long compiling does, and the most memory that was in use. Entry point:
// `RegisterHouseBenchmarks`.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bench.h"
#include "writ/compiler/check.h"
#include "writ/compiler/compile.h"
#include "writ/lang/house.h"

namespace writ::bench {
namespace {

// Linux keeps the peak per process, and forgets it when asked to.
void ForgetPeakMemory() { std::ofstream("/proc/self/clear_refs") << "5"; }
double PeakMebibytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  double kibibytes = 0;
  while (status >> word && word != "VmHWM:") continue;
  status >> kibibytes;
  return kibibytes / 1024;
}

double MillisecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

class Folder {
 public:
  explicit Folder(const std::vector<SourceFile>& files)
      : path_(std::filesystem::temp_directory_path() /
              ("writ_bench_house_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
    for (const SourceFile& file : files) std::ofstream(path_ / file.name) << file.text;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string main() const { return (path_ / "main.writ").string(); }

 private:
  std::filesystem::path path_;
};

void BenchHouse(benchmark::State& state, std::uint32_t rules, std::uint32_t count) {
  const Folder folder(ToFiles(Scoped(rules), count));
  double load_ms = 1e300, check_ms = 1e300, compile_ms = 1e300, peak = 0;
  for (auto _ : state) {
    ForgetPeakMemory();
    lang::SourceSet sources;
    lang::DiagnosticSink sink;
    auto start = std::chrono::steady_clock::now();
    const lang::LoadResult loaded = lang::LoadHouse(sources, folder.main(), {}, sink);
    load_ms = std::min(load_ms, MillisecondsSince(start));
    if (!loaded.house || sink.HasErrors()) return state.SkipWithError("the house has errors");
    std::vector<const lang::Policy*> policies;
    for (const lang::HousePolicy& member : loaded.house->policies)
      policies.push_back(&member.policy);
    start = std::chrono::steady_clock::now();
    if (!compiler::Check(policies, sources, sink)) return state.SkipWithError("does not check");
    check_ms = std::min(check_ms, MillisecondsSince(start));
    start = std::chrono::steady_clock::now();
    if (!compiler::Compile(policies, sources, sink)) return state.SkipWithError("does not compile");
    compile_ms = std::min(compile_ms, MillisecondsSince(start));
    peak = std::max(peak, PeakMebibytes());
  }
  state.counters["load_ms"] = load_ms;
  state.counters["check_ms"] = check_ms;
  state.counters["compile_ms"] = compile_ms;  // checks once more, lowers, writes, proves
  state.counters["peak_MiB"] = peak;
}

}  // namespace

void RegisterHouseBenchmarks() {
  benchmark::RegisterBenchmark("house/10000_rules/200_files", [](benchmark::State& state) {
    BenchHouse(state, 10'000, 200);
  })->Unit(benchmark::kMillisecond);
}

}  // namespace writ::bench
