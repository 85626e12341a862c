// An example says what must come out for every request that it does not rule out (M12): what it
// gives is given, what is quiet is quiet, and it ranges over the rest. So it is a small theorem,
// and its counterexample a request. Entry point: CheckExamples.
#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "verify.h"
#include "writ/analysis/witness.h"

namespace writ::compiler {

using analysis::Outcome;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

analysis::FactRestriction RestrictionOf(const Program& program, const Given& given) {
  if (given.missing) return analysis::Missing(given.fact);
  switch (program.vocabulary.facts[given.fact.value].type) {
    case ValueType::kId:
    case ValueType::kText:
      return analysis::ExactlyText(given.fact, given.text);
    case ValueType::kIdSet: {
      analysis::FactRestriction restriction = analysis::Present(given.fact);
      restriction.texts = given.texts;
      return restriction;
    }
    case ValueType::kBool:
    case ValueType::kEnum:
    case ValueType::kInteger:
    case ValueType::kDecimal:
    case ValueType::kMoney:
    case ValueType::kDuration:
    case ValueType::kTime:
    case ValueType::kRole:
    case ValueType::kEnumSet:
      break;
  }
  return analysis::Exactly(given.fact, given.number);
}

// Where it does not say when the case began, the case is a new one.
std::int64_t BeginOfCase(const EarlierCases& earlier, const Example& example) {
  const auto first = std::ranges::find(example.given, earlier.first, &Given::fact);
  return first == example.given.end() || first->missing ? earlier.date_ms : first->number;
}

// M12.3: the times at which policy and delegation are in force.
void AddTimes(const Program& program, const Example& example, analysis::Restriction& restriction) {
  const FactId now = FactNow(program);
  if (!now.valid() ||
      std::ranges::any_of(example.given, [&](const Given& g) { return g.fact == now; }))
    return;
  analysis::FactRestriction times{.fact = now};
  if (program.vocabulary.has_effective) times.low = program.vocabulary.effective_ms;
  if (program.earlier) times.low = std::max(times.low, BeginOfCase(*program.earlier, example));
  const auto contains = [](const auto& ids, auto id) {
    return std::ranges::find(ids, id) != ids.end();
  };
  for (const Authority& authority : program.authorities) {
    const bool covers = contains(authority.may, example.capability) ||
                        contains(authority.freely, example.capability) ||
                        contains(authority.propose, example.capability);
    const auto end_ms = authority.EndOf(example.capability, example.role);
    if (covers && contains(authority.to, example.role) && end_ms) times.high = *end_ms - 1;
  }
  restriction.facts.push_back(times);
}

analysis::Restriction Restrict(const Program& program, const Example& example) {
  analysis::Restriction given;
  given.roles = {example.role};
  for (const Given& value : example.given) given.facts.push_back(RestrictionOf(program, value));
  AddTimes(program, example, given);
  return given;
}

bool IsNameCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

// Whether the clause's words name it, outside quotes.
bool Names(std::string_view words, std::string_view name) {
  for (std::size_t i = 0; i < words.size();) {
    if (words[i] == '"') {
      const std::size_t end = words.find('"', i + 1);
      if (end == std::string_view::npos) return false;
      i = end + 1;
    } else if (IsNameCharacter(words[i])) {
      std::size_t end = i;
      while (end < words.size() && IsNameCharacter(words[end])) ++end;
      if (words.substr(i, end - i) == name) return true;
      i = end;
    } else {
      ++i;
    }
  }
  return false;
}

// M12.4: the clauses that may be the reason.
std::optional<std::vector<ClauseId>> Because(const Program& program, const Example& example) {
  if (!example.because && example.because_name.empty()) return std::nullopt;
  const table::Model& vocabulary = program.vocabulary;
  std::vector<ClauseId> clauses;
  for (std::uint32_t c = 0; c < vocabulary.clauses.size(); ++c) {
    const table::Clause& clause = vocabulary.clauses[c];
    const bool owned = clause.authority.valid() &&
                       vocabulary.authorities[clause.authority.value].name == example.because_name;
    const bool suits = example.because ? clause.reason.starts_with(*example.because)
                                       : owned || Names(clause.words, example.because_name);
    if (suits) clauses.push_back(ClauseId{c});
  }
  return clauses;
}

// In which way it came out otherwise.
std::string Difference(const VerifyContext& context, const Example& example,
                       const runtime::Decision& decision) {
  const table::Model& vocabulary = context.program.vocabulary;
  const std::string came_out = analysis::DescribeDecision(context.table, decision);
  const bool same_anchor = example.verdict != Verdict::kEscalate || !example.anchor.valid() ||
                           decision.anchor == example.anchor;
  if (decision.verdict != example.verdict || !same_anchor) {
    std::string wanted = VerdictWord(example.verdict);
    if (example.verdict == Verdict::kEscalate && example.anchor.valid())
      wanted += " to " + vocabulary.anchors[example.anchor.value].name;
    return "comes out as " + Quoted(came_out) + ", not " + Quoted(wanted);
  }
  if (example.under.valid() && decision.authority != example.under)
    return "comes out as " + Quoted(came_out) + ", but not under " +
           Quoted(vocabulary.authorities[example.under.value].name);
  return "comes out as " + Quoted(came_out) + ", but for another reason";
}

void ReportFailure(VerifyContext& context, const Example& example,
                   const analysis::Witness& witness) {
  Diagnostic diagnostic{
      DiagnosticKind::kExampleFails, example.span,
      "\"" + example.title + "\" " + Difference(context, example, witness.decision)};
  diagnostic.notes.push_back(DecidedBy(context, witness.decision));
  PointAtClause(context, witness.decision, diagnostic);
  diagnostic.witness = analysis::Describe(context.table, witness);
  if (diagnostic.witness.empty()) diagnostic.witness = "any request that the example allows";
  context.sink.Report(std::move(diagnostic));
}

}  // namespace

ExampleQuestion::ExampleQuestion(const Program& program, const runtime::Table& table,
                                 const Example& example)
    : space(table, example.capability,
            analysis::Quiet(table, example.capability, Restrict(program, example))),
      expectation{example.verdict, example.anchor, example.under, Because(program, example),
                  space.AssumptionColumns()} {}

void CheckExamples(VerifyContext& context) {
  for (const Example& example : context.program.examples) {
    const auto [space, expectation] = ExampleQuestion(context.program, context.table, example);
    const analysis::Answer answer =
        analysis::FindCounterexample(space, expectation, context.budget);
    switch (answer.outcome) {
      case Outcome::kNone:
        ++context.result.examples_passed;
        break;
      case Outcome::kFound:
        ReportFailure(context, example, *answer.witness);
        break;
      case Outcome::kUnknown:
        ReportUnproved(context, example.span,
                       "\"" + example.title + "\" comes out as written for every request",
                       answer.why);
        break;
    }
  }
}

}  // namespace writ::compiler
