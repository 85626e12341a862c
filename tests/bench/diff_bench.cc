// What the exact comparison of two tables costs, when one rule of many was edited and when nothing
// was. Entry point: `RegisterDiffBenchmarks`.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench.h"
#include "writ/analysis/exact_diff.h"
#include "writ/table/write.h"

namespace writ::bench {
namespace {

struct Opened {
  explicit Opened(const Policy& policy) : bytes(table::WriteTable(ToModel(policy)).value()) {
    ok = runtime::Table::Open(bytes.data(), bytes.size(), &table).code == runtime::OpenCode::kOk;
  }
  std::vector<unsigned char> bytes;
  runtime::Table table;
  bool ok = false;
};

// The middle rule, one step wider at the first of its conditions on a number.
Policy Edited(Policy policy) {
  Rule& rule = policy.rules[policy.rules.size() / 2];
  for (Condition& condition : rule.conditions) {
    if (policy.facts[condition.fact].kind != FactKind::kNumber) continue;
    if (condition.high < kNumberMax) {
      ++condition.high;
    } else {
      --condition.low;
    }
    return policy;
  }
  policy.rules.erase(policy.rules.begin() + static_cast<std::ptrdiff_t>(policy.rules.size() / 2));
  return policy;
}

void BenchDiff(benchmark::State& state, const Policy& before, const Policy& after,
               std::size_t most_boxes) {
  const Opened a(before), b(after);
  if (!a.ok || !b.ok) return state.SkipWithError("the tables cannot be opened");
  std::size_t regions = 0, unknown = 0;
  std::uint64_t steps = 0;
  for (auto _ : state) {
    analysis::Budget budget;
    const analysis::ExactDiff diff =
        analysis::DiffExactly(a.table, b.table, budget, {.most_boxes = most_boxes});
    regions = diff.regions.size();
    unknown = diff.unknown.size();
    steps = diff.steps;
  }
  state.counters["regions"] = static_cast<double>(regions);
  state.counters["unknown"] = static_cast<double>(unknown);
  state.counters["steps"] = static_cast<double>(steps);
}

}  // namespace

void RegisterDiffBenchmarks() {
  const auto add = [](const std::string& name, const Policy& before, const Policy& after,
                      std::size_t most_boxes) {
    benchmark::RegisterBenchmark(name.c_str(), [before, after,
                                                most_boxes](benchmark::State& state) {
      BenchDiff(state, before, after, most_boxes);
    })->Unit(benchmark::kMillisecond);
  };
  const auto diff = [&](const std::string& name, const Policy& policy) {
    add("diff/" + name + "/one_rule", policy, Edited(policy), 0);
    add("diff/" + name + "/one_rule_in_boxes", policy, Edited(policy), 64);
    add("diff/" + name + "/equal", policy, policy, 0);
  };
  diff("scoped/1000", Scoped(1000));
  diff("scoped/10000", Scoped(10000));
  diff("acl/1000", Acl(1000));
  diff("adversarial/200x20", Adversarial(200, 20));
}

}  // namespace writ::bench
