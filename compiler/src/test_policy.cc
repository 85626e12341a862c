// Entry point: TestPolicy.
#include <algorithm>
#include <expected>
#include <map>
#include <memory>
#include <utility>

#include "example_writer.h"
#include "mutate.h"
#include "past_probes.h"
#include "verify.h"
#include "writ/analysis/exact_diff.h"
#include "writ/compiler/test.h"
#include "writ/table/write.h"

namespace writ::compiler {

using analysis::Outcome;

namespace {

class Tester {
 public:
  Tester(const Compiled& compiled, const TestOptions& options)
      : compiled_(compiled),
        options_(options),
        policy_(table::WriteAndOpen(compiled.model)),
        writer_(compiled.program, policy_->table),
        past_(options.past),
        written_(options.written) {}

  PolicyTest Run() {
    for (const Example& example : compiled_.program.examples)
      out_.examples.push_back(example.title);
    for (std::uint32_t c = 0; c < compiled_.model.capabilities.size(); ++c) {
      if (compiled_.model.capabilities[c].kind == CapabilityKind::kEvent) continue;
      CoverRows(CapabilityId{c});
      if (!options_.mutate) continue;
      ForEachMutant(compiled_.model, CapabilityId{c},
                    [&](const MadeMutant& made, const table::Model& model) {
                      Judge(CapabilityId{c}, made, model);
                    });
    }
    if (options_.past) CountPast();
    past_.Finish();
    return std::move(out_);
  }

 private:
  template <typename Use>
  void ForEachExample(CapabilityId capability, const runtime::Table& table, Use use) const {
    for (const Example& example : compiled_.program.examples) {
      if (example.capability != capability) continue;
      const ExampleQuestion question(compiled_.program, table, example);
      if (!use(example, question)) return;
    }
  }

  void CoverRows(CapabilityId capability) {
    const runtime::MatrixView matrix = policy_->table.Matrix(capability);
    std::map<std::string, RowCoverage> rows;
    for (std::uint32_t i = 0; i < matrix.decision_column_count(); ++i) {
      const ClauseId id = matrix.Column(i).clause;
      if (!id.valid()) continue;
      const runtime::ClauseView clause = policy_->table.Clause(id);
      if (clause.line == 0 || analysis::IsAssumption(clause.name)) continue;
      const auto [at, added] = rows.try_emplace(std::string(clause.name));
      if (!added) continue;
      RowCoverage& row = at->second;
      row.capability = compiled_.model.capabilities[capability.value].name;
      row.clause = clause.name;
      row.words = clause.words;
      row.file = clause.file;
      row.line = clause.line;
      ForEachExample(
          capability, policy_->table, [&](const Example& example, const ExampleQuestion& question) {
            analysis::Where where;
            where.winner = question.space.ColumnsOfClause(id);
            analysis::Budget budget{.limit = options_.max_steps};
            const bool reached =
                analysis::FindWhere(question.space, where, budget).outcome == Outcome::kFound;
            if (reached) row.reached_by = example.title;
            return !reached;
          });
    }
    for (auto& [name, row] : rows) out_.rows.push_back(std::move(row));
  }

  void Judge(CapabilityId capability, const MadeMutant& made, const table::Model& model) {
    Mutant& mutant = out_.mutants.emplace_back();
    mutant.kind = made.kind;
    mutant.capability = compiled_.model.capabilities[capability.value].name;
    mutant.clause = compiled_.model.clauses[made.clause.value].name;
    mutant.what = made.what;
    auto written = table::WriteAndOpen(model);
    if (!written) {
      mutant.why = "it makes no table";
      return;
    }
    const auto changed = std::make_shared<const table::WrittenTable>(*std::move(written));
    ForEachExample(
        capability, changed->table, [&](const Example& example, const ExampleQuestion& question) {
          analysis::Budget budget{.limit = options_.max_steps};
          const bool killed =
              analysis::FindCounterexample(question.space, question.expectation, budget).outcome ==
              Outcome::kFound;
          if (killed) mutant.by = example.title;
          return !killed;
        });
    if (mutant.by.empty())
      Compare(capability, made, changed->table, mutant);
    else
      mutant.state = MutantState::kKilled;
    if (mutant.state != MutantState::kEquivalent) AskPast(capability, changed);
  }

  // Of the mutant made last.
  void AskPast(CapabilityId capability, std::shared_ptr<const table::WrittenTable> changed) {
    const std::size_t bytes = changed->bytes.size();
    past_.Add({.capability = capability,
               .bytes = bytes,
               .shows =
                   [this, changed = std::move(changed)](const runtime::Request& request) {
                     const runtime::Decision was =
                         runtime::Decide(policy_->table, nullptr, request);
                     const runtime::Decision is = runtime::Decide(changed->table, nullptr, request);
                     return was.verdict != is.verdict ||
                            (is.verdict == Verdict::kEscalate && was.anchor != is.anchor);
                   },
               .found = [this, at = out_.mutants.size() - 1](
                            std::string where) { out_.mutants[at].past = std::move(where); }});
  }

  void CountPast() {
    std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> decided;
    options_.past([&](const PastRequest& past) {
      const CapabilityId capability = past.request.capability;
      if (!capability.valid()) return true;
      const runtime::CapabilityView view = policy_->table.Capability(capability);
      if (view.kind == CapabilityKind::kEvent) return true;
      ++out_.past_requests;
      const ClauseId clause = runtime::Decide(policy_->table, nullptr, past.request).clause;
      if (clause.valid()) ++decided[{view.name, policy_->table.Clause(clause).name}];
      return true;
    });
    for (RowCoverage& row : out_.rows) row.past = decided[{row.capability, row.clause}];
  }

  // No example noticed. Is there anything to notice?
  void Compare(CapabilityId capability, const MadeMutant& made, const runtime::Table& changed,
               Mutant& mutant) {
    analysis::Budget budget{.limit = options_.max_steps};
    const analysis::ExactDiff diff = analysis::DiffExactly(
        policy_->table, changed, budget, {.most_boxes = 0, .capability = mutant.capability});
    if (diff.regions.empty()) {
      if (diff.equal()) mutant.state = MutantState::kEquivalent;
      if (!diff.unknown.empty()) mutant.why = diff.unknown.front();
      return;
    }
    mutant.state = MutantState::kSurvived;
    mutant.request = diff.regions.front().witness;
    // An example that was written for another reason may notice this one as well.
    for (const Example& example : written_) {
      if (example.capability != capability || writer_.Holds(changed, example)) continue;
      mutant.example = writer_.Text(example);
      return;
    }
    for (const analysis::DiffRegion& region : diff.regions) {
      auto example = writer_.Write(
          region.request, {}, {made.fact, made.role},
          [&](const Example& candidate) { return !writer_.Holds(changed, candidate); });
      if (!example) continue;
      mutant.example = writer_.Text(*example);
      written_.push_back(std::move(*example));
      return;
    }
  }

  const Compiled& compiled_;
  const TestOptions& options_;
  const std::expected<table::WrittenTable, table::WriteError> policy_;
  const ExampleWriter writer_;
  PastProbes past_;
  std::vector<Example> written_;
  PolicyTest out_;
};

}  // namespace

std::size_t PolicyTest::Count(MutantState state) const {
  return static_cast<std::size_t>(std::ranges::count(mutants, state, &Mutant::state));
}

double PolicyTest::score() const {
  const std::size_t counted = mutants.size() - Count(MutantState::kEquivalent);
  return counted == 0
             ? 1.0
             : static_cast<double>(Count(MutantState::kKilled)) / static_cast<double>(counted);
}

std::size_t PolicyTest::noticed_by_past() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(mutants, [](const Mutant& mutant) { return !mutant.past.empty(); }));
}

double PolicyTest::past_score() const {
  const std::size_t counted = mutants.size() - Count(MutantState::kEquivalent);
  return counted == 0 ? 1.0 : static_cast<double>(noticed_by_past()) / static_cast<double>(counted);
}

PolicyTest TestPolicy(const Compiled& compiled, const TestOptions& options) {
  return Tester(compiled, options).Run();
}

}  // namespace writ::compiler
