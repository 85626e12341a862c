// Entry point: ExampleWriter::Write.
#include "example_writer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "verify.h"
#include "writ/analysis/coverage.h"

namespace writ::compiler {
namespace {

constexpr std::size_t kMostWords = 50;  // bytes of a clause in the title of an example

// `values`, with `over` in the place of what it gives as well.
std::vector<Given> LaidOver(std::vector<Given> values, const std::vector<Given>& over) {
  for (const Given& given : over) {
    const auto at = std::ranges::find(values, given.fact, &Given::fact);
    if (at == values.end())
      values.push_back(given);
    else
      *at = given;
  }
  return values;
}

}  // namespace

std::optional<Example> ExampleWriter::Write(const analysis::Witness& request,
                                            const std::vector<Given>& given, const About& about,
                                            const Suits& suits) const {
  if (!request.role.valid()) return std::nullopt;
  const runtime::Decision decision =
      runtime::Decide(policy_, nullptr, analysis::WitnessRequest(request).request());
  const auto suited = [&](std::vector<Given> values) -> std::optional<Example> {
    Example example{.role = request.role, .capability = request.capability};
    example.verdict = decision.verdict;
    if (decision.verdict == Verdict::kEscalate) example.anchor = decision.anchor;
    example.given = std::move(values);
    example.title = Title(request, example, decision, about);
    if (!Holds(policy_, example) || !suits(example)) return std::nullopt;
    return example;
  };
  const std::vector<Given> matters = GivenOf(request, false);
  if (!given.empty()) {
    std::vector<Given> all = LaidOver(given, matters);
    const std::vector<FactId>& inputs =
        program_.vocabulary.capabilities[request.capability.value].inputs;
    std::ranges::sort(all, {}, [&](const Given& one) {  // as people read it
      return std::pair(std::ranges::find(inputs, one.fact) - inputs.begin(),
                       std::string_view(program_.vocabulary.facts[one.fact.value].name));
    });
    if (auto example = suited(std::move(all))) return example;
  }
  if (auto example = suited(matters)) return example;
  return suited(GivenOf(request, true));
}

bool ExampleWriter::Holds(const runtime::Table& table, const Example& example) const {
  const ExampleQuestion question(program_, table, example);
  analysis::Budget budget{.limit = 2'000'000};
  return analysis::FindCounterexample(question.space, question.expectation, budget).outcome ==
         analysis::Outcome::kNone;
}

std::string ExampleWriter::RequestText(const Example& example) const {
  const table::Model& vocabulary = program_.vocabulary;
  std::string values;
  for (const Given& given : example.given)
    values += (values.empty() ? " " : ", ") + vocabulary.facts[given.fact.value].name + ": " +
              ValueText(given);
  return vocabulary.roles[example.role.value].name + " " +
         vocabulary.capabilities[example.capability.value].name + " {" + values +
         (values.empty() ? "" : " ") + "}";
}

std::string ExampleWriter::Text(const Example& example) const {
  return "example \"" + example.title + "\" { " + RequestText(example) + " -> " +
         OutcomeText(example) + " }";
}

std::string ExampleWriter::OutcomeText(const Example& example) const {
  std::string outcome = VerdictWord(example.verdict);
  if (example.anchor.valid())
    outcome += " to " + program_.vocabulary.anchors[example.anchor.value].name;
  return outcome;
}

std::string ExampleWriter::ValueText(const Given& given) const {
  analysis::ConcreteValue value;
  if (!given.missing) {
    value = {runtime::ValueKind::kNumber, given.number, given.text, given.texts};
    const ValueType type = program_.vocabulary.facts[given.fact.value].type;
    if (type == ValueType::kId || type == ValueType::kText) value.kind = runtime::ValueKind::kText;
    if (type == ValueType::kIdSet) value.kind = runtime::ValueKind::kTextSet;
  }
  return analysis::FormatValue(policy_, given.fact, value);
}

// What it shows, in a few words.
std::string ExampleWriter::Title(const analysis::Witness& request, const Example& example,
                                 const runtime::Decision& decision, const About& about) const {
  const table::Model& vocabulary = program_.vocabulary;
  std::string title = vocabulary.capabilities[request.capability.value].name;
  const auto named = std::ranges::find(example.given, about.fact, &Given::fact);
  if (about.role) {
    title += " by " + vocabulary.roles[request.role.value].name;
  } else if (about.fact.valid() && named != example.given.end()) {
    title += " with " + vocabulary.facts[about.fact.value].name + " " + ValueText(*named);
  }
  const bool by_row = !about.role && !about.fact.valid() && decision.clause.valid() &&
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
std::vector<Given> ExampleWriter::GivenOf(const analysis::Witness& request, bool all) const {
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
bool ExampleWriter::CanBeGiven(FactId id) const {
  const table::Fact& fact = program_.vocabulary.facts[id.value];
  return fact.source != Source::kBuiltin || fact.name == "header" ||
         fact.name.starts_with("confirmation.");
}

}  // namespace writ::compiler
