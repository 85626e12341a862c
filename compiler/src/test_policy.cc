// Entry point: TestPolicy.
#include <algorithm>
#include <expected>
#include <map>
#include <memory>
#include <optional>
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
        past_(options.past) {}

  PolicyTest Run() {
    for (const Example& example : compiled_.program.examples) {
      out_.examples.push_back(example.title);
      own_.push_back(WithRequest(example));
    }
    for (const Example& example : options_.written) written_.push_back(WithRequest(example));
    for (std::uint32_t c = 0; c < compiled_.model.capabilities.size(); ++c) {
      if (compiled_.model.capabilities[c].kind == CapabilityKind::kEvent) continue;
      CoverRows(CapabilityId{c});
      if (!options_.mutate) continue;
      ForEachMutant(compiled_.model, CapabilityId{c},
                    [&](const MadeMutant& made, const table::Model& model) {
                      Judge(CapabilityId{c}, made, model);
                      if (options_.progress) options_.progress(out_.mutants.size());
                    });
    }
    if (options_.past) CountPast();
    past_.Finish();
    return std::move(out_);
  }

 private:
  // An example and one of the requests that it ranges over, which is decided in no time.
  struct Asked {
    Example example;
    std::optional<analysis::Witness> request;
  };

  Asked WithRequest(const Example& example) const {
    const ExampleQuestion question(compiled_.program, policy_->table, example);
    analysis::Where where;
    where.none_of = question.space.AssumptionColumns();
    analysis::Budget budget{.limit = options_.max_steps};
    return {example, analysis::FindWhere(question.space, where, budget).witness};
  }

  void CoverRows(CapabilityId capability) {
    const runtime::MatrixView matrix = policy_->table.Matrix(capability);
    std::map<std::string, std::pair<ClauseId, RowCoverage>> rows;
    for (std::uint32_t i = 0; i < matrix.decision_column_count(); ++i) {
      const ClauseId id = matrix.Column(i).clause;
      if (!id.valid()) continue;
      const runtime::ClauseView clause = policy_->table.Clause(id);
      if (clause.line == 0 || analysis::IsAssumption(clause.name)) continue;
      RowCoverage row;
      row.capability = compiled_.model.capabilities[capability.value].name;
      row.clause = clause.name;
      row.words = clause.words;
      row.file = clause.file;
      row.line = clause.line;
      rows.try_emplace(row.clause, id, std::move(row));
    }
    for (const Example& example : compiled_.program.examples) {
      if (example.capability != capability) continue;
      const ExampleQuestion question(compiled_.program, policy_->table, example);
      for (auto& [name, of] : rows) {
        auto& [id, row] = of;
        if (!row.reached_by.empty()) continue;
        analysis::Where where;
        where.winner = question.space.ColumnsOfClause(id);
        analysis::Budget budget{.limit = options_.max_steps};
        if (analysis::FindWhere(question.space, where, budget).outcome == Outcome::kFound)
          row.reached_by = example.title;
      }
    }
    for (auto& [name, of] : rows) out_.rows.push_back(std::move(of.second));
  }

  // Cheapest first: one request of each example, the exact comparison, each example in all that it
  // ranges over.
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
    if (const Asked* asked = NoticedAtOnce(own_, capability, changed->table)) {
      mutant.by = asked->example.title;
      mutant.state = MutantState::kKilled;
    } else {
      Compare(capability, made, changed->table, mutant);
    }
    if (mutant.state != MutantState::kEquivalent) AskPast(capability, changed);
  }

  const Asked* NoticedAtOnce(const std::vector<Asked>& all, CapabilityId capability,
                             const runtime::Table& changed) const {
    const auto found = std::ranges::find_if(all, [&](const Asked& asked) {
      return asked.example.capability == capability && asked.request &&
             IsOtherwise(changed, analysis::WitnessRequest(*asked.request).request());
    });
    return found == all.end() ? nullptr : &*found;
  }

  // Also by what an example leaves open, where rows of the clause can decide in it.
  const Asked* NoticedBy(const std::vector<Asked>& all, CapabilityId capability, ClauseId clause,
                         const runtime::Table& changed) const {
    if (const Asked* asked = NoticedAtOnce(all, capability, changed)) return asked;
    const auto found = std::ranges::find_if(all, [&](const Asked& asked) {
      return asked.example.capability == capability &&
             (MayDecide(policy_->table, clause, asked) || MayDecide(changed, clause, asked)) &&
             !writer_.Holds(changed, asked.example);
    });
    return found == all.end() ? nullptr : &*found;
  }

  // Some row of the clause admits every value that the example gives.
  static bool MayDecide(const runtime::Table& table, ClauseId clause, const Asked& asked) {
    const runtime::MatrixView matrix = table.Matrix(asked.example.capability);
    std::vector<std::uint32_t> atoms(matrix.dimension_count());
    if (!asked.request ||
        !runtime::MapAtoms(table, nullptr, analysis::WitnessRequest(*asked.request).request(),
                           atoms.data(), atoms.size()))
      return true;
    const auto given = [&](const runtime::DimensionView& dimension) {
      return static_cast<table::DimensionKind>(dimension.kind) == table::DimensionKind::kFact &&
             std::ranges::find(asked.example.given, FactId{dimension.index}, &Given::fact) !=
                 asked.example.given.end();
    };
    std::vector<std::uint32_t> columns;
    for (std::uint32_t c = 0; c < matrix.decision_column_count(); ++c)
      if (matrix.Column(c).clause == clause) columns.push_back(c);
    for (std::uint32_t d = 0; d < matrix.dimension_count() && !columns.empty(); ++d) {
      if (!given(matrix.Dimension(d))) continue;
      const std::uint64_t* bits = matrix.Bits(d, atoms[d]);
      std::erase_if(columns, [&](std::uint32_t c) { return (bits[c / 64] >> (c % 64) & 1) == 0; });
    }
    return !columns.empty();
  }

  bool IsOtherwise(const runtime::Table& changed, const runtime::Request& request) const {
    const runtime::Decision was = runtime::Decide(policy_->table, nullptr, request);
    const runtime::Decision is = runtime::Decide(changed, nullptr, request);
    return was.verdict != is.verdict ||
           (is.verdict == Verdict::kEscalate && was.anchor != is.anchor);
  }

  // An example that fails on it. Where decisions are `equal`, only one that asks for more can.
  const Example* Killer(CapabilityId capability, const runtime::Table& changed, bool equal) const {
    for (const Example& example : compiled_.program.examples) {
      if (example.capability != capability) continue;
      const bool asks_more =
          example.under.valid() || example.because || !example.because_name.empty();
      if (equal && !asks_more) continue;
      const ExampleQuestion question(compiled_.program, changed, example);
      analysis::Budget budget{.limit = options_.max_steps};
      if (analysis::FindCounterexample(question.space, question.expectation, budget).outcome ==
          Outcome::kFound)
        return &example;
    }
    return nullptr;
  }

  // Of the mutant made last.
  void AskPast(CapabilityId capability, std::shared_ptr<const table::WrittenTable> changed) {
    const std::size_t bytes = changed->bytes.size();
    past_.Add({.capability = capability,
               .bytes = bytes,
               .shows =
                   [this, changed = std::move(changed)](const runtime::Request& request) {
                     return IsOtherwise(changed->table, request);
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

  // Is there anything to notice?
  void Compare(CapabilityId capability, const MadeMutant& made, const runtime::Table& changed,
               Mutant& mutant) {
    analysis::Budget budget{.limit = options_.max_steps};
    const analysis::ExactDiff diff = analysis::DiffExactly(
        policy_->table, changed, budget, {.most_boxes = 0, .capability = mutant.capability});
    if (const Example* example = Killer(capability, changed, diff.equal())) {
      mutant.by = example->title;
      mutant.state = MutantState::kKilled;
      return;
    }
    if (diff.regions.empty()) {
      if (diff.equal()) mutant.state = MutantState::kEquivalent;
      if (!diff.unknown.empty()) mutant.why = diff.unknown.front();
      return;
    }
    mutant.state = MutantState::kSurvived;
    mutant.request = diff.regions.front().witness;
    // An example that was written for another reason may notice this one as well.
    if (const Asked* asked = NoticedBy(written_, capability, made.clause, changed)) {
      mutant.example = writer_.Text(asked->example);
      return;
    }
    for (const analysis::DiffRegion& region : diff.regions) {
      auto example = writer_.Write(
          region.request, {}, {made.fact, made.role},
          [&](const Example& candidate) { return !writer_.Holds(changed, candidate); });
      if (!example) continue;
      mutant.example = writer_.Text(*example);
      written_.push_back({*std::move(example), region.request});
      return;
    }
  }

  const Compiled& compiled_;
  const TestOptions& options_;
  const std::expected<table::WrittenTable, table::WriteError> policy_;
  const ExampleWriter writer_;
  PastProbes past_;
  std::vector<Asked> own_, written_;  // the policy's examples; those that were written here
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
