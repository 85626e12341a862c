// What the questions to a table cost: which rules overlap, what no rule covers, whether an
// invariant holds, whether each rule matters. Entry point: `RegisterQuestionBenchmarks`.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/overlap.h"
#include "writ/analysis/space.h"
#include "writ/table/write.h"

namespace writ::bench {
namespace {

using analysis::Budget;
using analysis::ColumnSet;
using analysis::Outcome;
using analysis::Space;

struct AskedTable {
  explicit AskedTable(const table::Model& model) : bytes(table::WriteTable(model).value()) {
    ok = runtime::Table::Open(bytes.data(), bytes.size(), &table).code == runtime::OpenCode::kOk;
  }
  // Requests of the worker, whose capability it is.
  std::vector<Space> Spaces() const {
    std::vector<Space> spaces;
    for (std::uint32_t c = 0; c < table.capability_count(); ++c)
      spaces.emplace_back(table, runtime::CapabilityId{c},
                          analysis::Restriction{.roles = {table.FindRole("worker")}});
    return spaces;
  }
  std::vector<unsigned char> bytes;
  runtime::Table table;
  bool ok = false;
};

ColumnSet RulesOf(const Space& space) {
  ColumnSet rules = space.DecisionColumns();
  for (std::uint32_t c = 0; c < space.decision_column_count(); ++c) {
    const runtime::ColumnView column = space.table().Matrix(space.capability()).Column(c);
    if ((column.flags & runtime::kColumnBase) != 0) rules.Remove(c);
  }
  return rules;
}

// Each pair of rules with another outcome that some request meets both of, as atoms go.
void BenchOverlap(benchmark::State& state, const Policy& policy) {
  const AskedTable asked(ToModel(policy));
  if (!asked.ok) return state.SkipWithError("the table cannot be opened");
  std::uint64_t pairs = 0;
  for (auto _ : state) {
    pairs = 0;
    for (const Space& space : asked.Spaces()) {
      Budget budget;
      const analysis::ColumnPairs compared = analysis::CompareColumns(space, budget);
      const ColumnSet rules = RulesOf(space);
      for (const runtime::Verdict verdict :
           {runtime::Verdict::kDeny, runtime::Verdict::kEscalate, runtime::Verdict::kAllow}) {
        ColumnSet others = rules, mine = rules;
        others -= space.ColumnsWith(verdict);
        mine &= space.ColumnsWith(verdict);
        for (std::uint32_t c = mine.First(); c < mine.size(); c = mine.Next(c + 1))
          pairs += analysis::CountShared(compared.meeting[c].words(), others.words(),
                                         others.word_count());
      }
    }
  }
  state.counters["pairs"] = static_cast<double>(pairs / 2);
}

// The clauses that are told of, each with a request and a size.
void BenchListing(benchmark::State& state, const Policy& policy) {
  const AskedTable asked(ToModel(policy));
  if (!asked.ok) return state.SkipWithError("the table cannot be opened");
  std::size_t listed = 0, open = 0;
  for (auto _ : state) {
    listed = open = 0;
    for (const Space& space : asked.Spaces()) {
      Budget budget;
      const analysis::OverlapReport report = analysis::FindOverlaps(space, budget);
      listed += report.overlaps.size();
      open += report.open + report.more;
    }
  }
  state.counters["listed"] = static_cast<double>(listed);
  state.counters["open"] = static_cast<double>(open);
}

void CountAnswer(const analysis::Answer& answer, benchmark::State& state) {
  state.counters[answer.outcome == Outcome::kNone    ? "proved"
                 : answer.outcome == Outcome::kFound ? "refuted"
                                                     : "unknown"] += 1;
  state.counters["steps"] += static_cast<double>(answer.steps);
}

// A request that no rule says anything about.
void BenchGaps(benchmark::State& state, const Policy& policy) {
  const AskedTable asked(ToModel(policy));
  if (!asked.ok) return state.SkipWithError("the table cannot be opened");
  for (auto _ : state) {
    state.counters.clear();
    for (const Space& space : asked.Spaces()) {
      analysis::Where where;
      where.none_of = RulesOf(space);
      Budget budget;
      CountAnswer(FindWhere(space, where, budget), state);
    }
  }
}

// `never VERDICT when` the last number is at least 992, where each capability has its limit.
void BenchInvariant(benchmark::State& state, const Policy& policy, runtime::Verdict verdict) {
  table::Model model = ToModel(policy);
  model.invariants = {"bounded"};
  for (table::Matrix& matrix : model.matrices) {
    const auto last = static_cast<std::uint32_t>(policy.facts.size() - 1);
    const table::AtomMap& map = model.atom_maps[matrix.dimensions[last].atoms.value];
    table::Column column;
    column.kind = runtime::ColumnKind::kInvariant;
    column.verdict = verdict;
    table::Constraint high{last, std::vector<bool>(map.atom_count(), false)};
    high.atoms.back() = true;
    column.constraints.push_back(std::move(high));
    matrix.columns.push_back(std::move(column));
  }
  const AskedTable asked(model);
  if (!asked.ok) return state.SkipWithError("the table cannot be opened");
  for (auto _ : state) {
    state.counters.clear();
    for (const Space& space : asked.Spaces()) {
      Budget budget;
      CountAnswer(FindInvariantBreach(space, 0, budget), state);
    }
  }
}

// Whether each rule changes a decision.
void BenchEffects(benchmark::State& state, const Policy& policy) {
  const AskedTable asked(ToModel(policy));
  if (!asked.ok) return state.SkipWithError("the table cannot be opened");
  for (auto _ : state) {
    state.counters.clear();
    for (const Space& space : asked.Spaces()) {
      Budget budget;
      for (const analysis::ClauseEffect& effect : AllClausesMatter(space, budget))
        CountAnswer(effect.effect.answer, state);
    }
  }
}

}  // namespace

void RegisterQuestionBenchmarks() {
  // The policy is made when its benchmark runs.
  const auto add = [](const std::string& name, auto make, auto ask) {
    benchmark::RegisterBenchmark(name.c_str(), [make, ask](benchmark::State& state) {
      ask(state, make());
    })->Unit(benchmark::kMillisecond);
  };
  const auto never = [](runtime::Verdict verdict) {
    return [verdict](benchmark::State& state, const Policy& policy) {
      BenchInvariant(state, policy, verdict);
    };
  };
  for (const std::uint32_t rules : {1'000u, 10'000u}) {
    const std::string size = "scoped/" + std::to_string(rules);
    const auto scoped = [rules] { return Scoped(rules); };
    add("overlap/" + size, scoped, BenchOverlap);
    add("gaps/" + size, scoped, BenchGaps);
    add("invariant/" + size + "/holds", scoped, never(runtime::Verdict::kAllow));
    add("invariant/" + size + "/fails", scoped, never(runtime::Verdict::kDeny));
    const std::string wide_size = "wide/" + std::to_string(rules);
    const auto wide = [rules] { return Wide(rules); };
    add("overlap/" + wide_size, wide, BenchOverlap);
    add("invariant/" + wide_size + "/holds", wide, never(runtime::Verdict::kAllow));
    add("invariant/" + wide_size + "/fails", wide, never(runtime::Verdict::kDeny));
  }
  for (const std::uint32_t rules : {500u, 1'000u, 1'500u}) {
    for (const std::uint32_t facts : {3u, 5u, 7u, 13u}) {
      const std::string size = std::to_string(rules) + "x" + std::to_string(facts);
      const auto disjoint = [=] { return Disjoint(rules, facts, 0); };
      const auto disturbed = [=] { return Disjoint(rules, facts, 10); };
      add("overlap/disjoint/" + size, disjoint, BenchOverlap);
      add("overlap/disturbed/" + size, disturbed, BenchOverlap);
      add("overlap/listed/" + size, disturbed, BenchListing);
      add("gaps/disjoint/" + size, disjoint, BenchGaps);
      add("gaps/disturbed/" + size, disturbed, BenchGaps);
    }
  }
  const auto adversarial = [] { return Adversarial(1000, 40); };
  add("gaps/adversarial/1000x40", adversarial, BenchGaps);
  add("effects/adversarial/1000x40", adversarial, BenchEffects);
}

}  // namespace writ::bench
