// Replay of generated support-desk runs: with all events in memory, which is deciding and counting
// alone, and from the store, so that what SQLite takes can be told apart. Entry point:
// `RegisterReplayBenchmarks`.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench.h"
#include "support_desk/generate.h"
#include "writ/compiler/compile.h"
#include "writ/evals/corpus.h"
#include "writ/evals/replay.h"
#include "writ/lang/house.h"

namespace writ::bench {
namespace {

constexpr std::uint32_t kRuns = 20'000;

std::string Shipped(const std::string& path) { return std::string(WRIT_SOURCE_DIR) + "/" + path; }

struct OpenPolicy {
  std::vector<unsigned char> bytes;
  runtime::Table table;
};

// A policy of the house, compiled. Null if it does not compile.
std::unique_ptr<OpenPolicy> CompileShipped(const std::string& path) {
  lang::SourceSet sources;
  lang::DiagnosticSink sink;
  const lang::LoadResult loaded = lang::LoadHouse(sources, path, {}, sink);
  if (!loaded.house) return nullptr;
  std::vector<const lang::Policy*> policies;
  for (const lang::HousePolicy& member : loaded.house->policies) policies.push_back(&member.policy);
  auto compiled = compiler::Compile(policies, sources, sink);
  if (!compiled) return nullptr;
  auto open = std::make_unique<OpenPolicy>();
  open->bytes = std::move(compiled->bytes);
  const auto code = runtime::Table::Open(open->bytes.data(), open->bytes.size(), &open->table).code;
  return code == runtime::OpenCode::kOk ? std::move(open) : nullptr;
}

// The runs as a corpus in a folder that goes away, and copies of its events in both orders.
class Recorded {
 public:
  static std::unique_ptr<Recorded> Make() {
    auto recorded = std::unique_ptr<Recorded>(new Recorded());
    return recorded->Import() ? std::move(recorded) : nullptr;
  }
  ~Recorded() { std::filesystem::remove_all(folder_); }
  Recorded(const Recorded&) = delete;
  Recorded& operator=(const Recorded&) = delete;

  const evals::Corpus& corpus() const { return *corpus_; }
  evals::EventSource InMemory() const {
    evals::EventSource source = *evals::SourceOf(*corpus_);
    source.for_each = [this](bool by_time,
                             const std::function<bool(const evals::CorpusEvent&)>& visit)
        -> std::expected<void, evals::CorpusError> {
      for (const evals::CorpusEvent& event : events_[by_time ? 1 : 0])
        if (!visit(event)) break;
      return {};
    };
    return source;
  }

 private:
  Recorded()
      : folder_(std::filesystem::temp_directory_path() /
                ("writ_bench_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  bool Import() {
    const std::string lines = (folder_ / "runs.jsonl").string(),
                      db = (folder_ / "runs.db").string();
    std::ofstream out(lines, std::ios::binary);
    for (const std::string& line : support_desk::Generate({.runs = kRuns, .seed = 1}))
      out << line << '\n';
    out.close();
    const auto imported =
        evals::ImportCorpus({lines}, Shipped("corpora/support_desk/support_desk.sql"), {}, db);
    if (!imported) {
      std::fprintf(stderr, "%s\n", imported.error().message.c_str());
      return false;
    }
    auto corpus = evals::Corpus::Open(db);
    if (!corpus) return false;
    corpus_.emplace(*std::move(corpus));
    for (const bool by_time : {false, true}) {
      const auto read = corpus_->ForEachEvent(by_time, [&](const evals::CorpusEvent& event) {
        events_[by_time ? 1 : 0].push_back(Copy(event));
        return true;
      });
      if (!read) return false;
    }
    return true;
  }
  std::string_view Keep(std::string_view text) { return texts_.emplace_back(text); }
  evals::CorpusEvent Copy(const evals::CorpusEvent& event) {
    evals::CorpusEvent copy = event;
    for (std::string_view* text :
         {&copy.run, &copy.role, &copy.capability, &copy.actor, &copy.case_id, &copy.session,
          &copy.agent, &copy.tenant, &copy.effect})
      *text = Keep(*text);
    if (copy.observed) copy.observed = Keep(*copy.observed);
    for (evals::CorpusFact& fact : copy.facts) {
      fact.name = Keep(fact.name);
      fact.value = Keep(fact.value);
    }
    return copy;
  }

  std::filesystem::path folder_;
  std::optional<evals::Corpus> corpus_;
  std::deque<std::string> texts_;
  std::vector<evals::CorpusEvent> events_[2];  // run by run, by time
};

void BenchReplay(benchmark::State& state, evals::Horizon horizon, bool from_store) {
  const auto baseline = CompileShipped(Shipped("policies/support_refunds.writ"));
  const auto candidate = CompileShipped(Shipped("policies/support_refunds_next.writ"));
  if (!baseline || !candidate) return state.SkipWithError("a shipped policy does not compile");
  static const std::unique_ptr<Recorded> recorded = Recorded::Make();
  if (!recorded) return state.SkipWithError("the runs can't be imported");
  const auto source = from_store ? *evals::SourceOf(recorded->corpus()) : recorded->InMemory();
  for (auto _ : state) {
    const auto result =
        evals::Replay(source, baseline->table, candidate->table, {.horizon = horizon});
    if (!result) return state.SkipWithError(result.error().message.c_str());
    benchmark::DoNotOptimize(result->records.data());
  }
  const double events =
      static_cast<double>(source.event_count) * static_cast<double>(state.iterations());
  state.counters["events_per_s"] = benchmark::Counter(events, benchmark::Counter::kIsRate);
}

}  // namespace

void RegisterReplayBenchmarks() {
  const auto replay = [](const char* name, evals::Horizon horizon, bool from_store) {
    benchmark::RegisterBenchmark(name, [=](benchmark::State& state) {
      BenchReplay(state, horizon, from_store);
    })->Unit(benchmark::kMillisecond);
  };
  replay("replay/memory/run", evals::Horizon::kRun, false);
  replay("replay/memory/event", evals::Horizon::kEvent, false);
  replay("replay/store/run", evals::Horizon::kRun, true);
}

}  // namespace writ::bench
