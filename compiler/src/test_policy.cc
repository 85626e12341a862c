// Entry point: TestPolicy.
#include <algorithm>
#include <expected>
#include <map>
#include <optional>
#include <utility>

#include "mutate.h"
#include "verify.h"
#include "writ/analysis/exact_diff.h"
#include "writ/compiler/test.h"
#include "writ/table/write.h"

namespace writ::compiler {

using analysis::Outcome;

namespace {

constexpr std::size_t kMostWords = 50;  // bytes of a clause in the title of an example

// A request as an `example` that the policy keeps and a mutant breaks.
class ExampleWriter {
 public:
  ExampleWriter(const Program& program, const runtime::Table& policy)
      : program_(program), policy_(policy) {}

  // Nothing: the request cannot be written down so that the example holds for all that it leaves
  // open. The first form names what matters, the second one all that is read.
  std::optional<Example> Write(const analysis::Witness& request, const MadeMutant& made,
                               const runtime::Table& mutant) const {
    if (!request.role.valid()) return std::nullopt;
    const runtime::Decision decision =
        runtime::Decide(policy_, nullptr, analysis::WitnessRequest(request).request());
    for (const bool all : {false, true}) {
      Example example{.role = request.role, .capability = request.capability};
      example.verdict = decision.verdict;
      if (decision.verdict == Verdict::kEscalate) example.anchor = decision.anchor;
      example.given = GivenOf(request, all);
      example.title = Title(request, example, decision, made);
      if (Holds(policy_, example) && !Holds(mutant, example)) return example;
    }
    return std::nullopt;
  }

  [[nodiscard]] bool Holds(const runtime::Table& table, const Example& example) const {
    const ExampleQuestion question(program_, table, example);
    analysis::Budget budget{.limit = 2'000'000};
    return analysis::FindCounterexample(question.space, question.expectation, budget).outcome ==
           Outcome::kNone;
  }

  // As the policy would say it.
  [[nodiscard]] std::string Text(const Example& example) const {
    const table::Model& vocabulary = program_.vocabulary;
    std::string values;
    for (const Given& given : example.given)
      values += (values.empty() ? " " : ", ") + vocabulary.facts[given.fact.value].name + ": " +
                ValueText(given);
    return "example \"" + example.title + "\" { " + vocabulary.roles[example.role.value].name +
           " " + vocabulary.capabilities[example.capability.value].name + " {" + values +
           (values.empty() ? "" : " ") + "} -> " + OutcomeText(example) + " }";
  }

 private:
  std::string OutcomeText(const Example& example) const {
    std::string outcome = VerdictWord(example.verdict);
    if (example.anchor.valid())
      outcome += " to " + program_.vocabulary.anchors[example.anchor.value].name;
    return outcome;
  }

  std::string ValueText(const Given& given) const {
    analysis::ConcreteValue value;
    if (!given.missing) {
      value = {runtime::ValueKind::kNumber, given.number, given.text, given.texts};
      const ValueType type = program_.vocabulary.facts[given.fact.value].type;
      if (type == ValueType::kId || type == ValueType::kText)
        value.kind = runtime::ValueKind::kText;
      if (type == ValueType::kIdSet) value.kind = runtime::ValueKind::kTextSet;
    }
    return analysis::FormatValue(policy_, given.fact, value);
  }

  // What it shows, in a few words.
  std::string Title(const analysis::Witness& request, const Example& example,
                    const runtime::Decision& decision, const MadeMutant& made) const {
    const table::Model& vocabulary = program_.vocabulary;
    std::string title = vocabulary.capabilities[request.capability.value].name;
    const auto about = std::ranges::find(example.given, made.fact, &Given::fact);
    if (made.role) {
      title += " by " + vocabulary.roles[request.role.value].name;
    } else if (made.fact.valid() && about != example.given.end()) {
      title += " with " + vocabulary.facts[made.fact.value].name + " " + ValueText(*about);
    }
    const bool by_row = !made.role && !made.fact.valid() && decision.clause.valid() &&
                        policy_.Clause(decision.clause).line != 0;
    std::string shows = OutcomeText(example);
    if (by_row) {
      shows = policy_.Clause(decision.clause).words;
      shows = shows.substr(0, shows.find('"'));
      if (shows.size() > kMostWords) shows = shows.substr(0, shows.rfind(' ', kMostWords)) + " ...";
      while (shows.ends_with(' ')) shows.pop_back();
    }
    title += ": " + shows;
    std::erase(title, '"');  // of an id
    return title;
  }

  // What matters; or all that the capability's rows read.
  std::vector<Given> GivenOf(const analysis::Witness& request, bool all) const {
    std::vector<FactId> facts = request.matters;
    if (all) {
      facts.clear();
      const runtime::MatrixView matrix = policy_.Matrix(request.capability);
      for (std::uint32_t i = 0; i < matrix.signature_count(); ++i)
        facts.push_back(matrix.Signature(i).fact);
    }
    std::vector<Given> given;
    for (const FactId fact : facts) {
      if (!CanBeGiven(fact)) continue;
      const analysis::ConcreteValue& value = request.values[fact.value];
      if (value.kind == runtime::ValueKind::kMalformed) continue;
      Given one{.fact = fact};
      one.missing = value.kind == runtime::ValueKind::kMissing;
      one.number = value.number;
      one.text = value.text;
      one.texts = value.texts;
      given.push_back(std::move(one));
    }
    for (std::size_t i = 0; i < request.evidence_matters.size(); ++i) {
      if (request.evidence_fresh[i]) continue;
      Given stale{.fact = program_.vocabulary.evidence[request.evidence_matters[i].value].at};
      stale.missing = true;
      given.push_back(std::move(stale));
    }
    return given;
  }

  // Evidence is there or not, and about this request; times are those in which the policy stands.
  bool CanBeGiven(FactId id) const {
    const table::Fact& fact = program_.vocabulary.facts[id.value];
    return fact.source != Source::kBuiltin || fact.name == "header" ||
           fact.name.starts_with("confirmation.");
  }

  const Program& program_;
  const runtime::Table& policy_;
};

class Tester {
 public:
  Tester(const Compiled& compiled, const TestOptions& options)
      : compiled_(compiled),
        options_(options),
        policy_(table::WriteAndOpen(compiled.model)),
        writer_(compiled.program, policy_->table) {}

  PolicyTest Run() {
    for (const Example& example : compiled_.program.examples)
      out_.examples.push_back(example.title);
    for (std::uint32_t c = 0; c < compiled_.model.capabilities.size(); ++c) {
      if (compiled_.model.capabilities[c].kind == CapabilityKind::kEvent) continue;
      CoverRows(CapabilityId{c});
      if (!options_.mutate) continue;
      written_.clear();
      ForEachMutant(compiled_.model, CapabilityId{c},
                    [&](const MadeMutant& made, const table::Model& model) {
                      Judge(CapabilityId{c}, made, model);
                    });
    }
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
      if (!id.valid() || policy_->table.Clause(id).line == 0) continue;
      const runtime::ClauseView clause = policy_->table.Clause(id);
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
    const auto changed = table::WriteAndOpen(model);
    if (!changed) {
      mutant.why = "it makes no table";
      return;
    }
    ForEachExample(
        capability, changed->table, [&](const Example& example, const ExampleQuestion& question) {
          analysis::Budget budget{.limit = options_.max_steps};
          const bool killed =
              analysis::FindCounterexample(question.space, question.expectation, budget).outcome ==
              Outcome::kFound;
          if (killed) mutant.by = example.title;
          return !killed;
        });
    if (!mutant.by.empty()) {
      mutant.state = MutantState::kKilled;
      return;
    }
    Compare(made, changed->table, mutant);
  }

  // No example noticed. Is there anything to notice?
  void Compare(const MadeMutant& made, const runtime::Table& changed, Mutant& mutant) {
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
    // An example that was written for another mutant may notice this one as well.
    for (const Example& example : written_) {
      if (writer_.Holds(changed, example)) continue;
      mutant.example = writer_.Text(example);
      return;
    }
    for (const analysis::DiffRegion& region : diff.regions) {
      auto example = writer_.Write(region.request, made, changed);
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
  std::vector<Example> written_;  // of the capability at hand
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

PolicyTest TestPolicy(const Compiled& compiled, const TestOptions& options) {
  return Tester(compiled, options).Run();
}

}  // namespace writ::compiler
