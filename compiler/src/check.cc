// The checker: a line of phases, each over what the ones before it found, none of which looks back.
//
//   larger words -> names -> people, capabilities -> facts -> lets -> delegations, grants, guards
//   -> regions, invariants, examples
//
// Every phase reports all that it finds and goes on with the rest; what hangs on something that was
// refused is silent. Ids are positions in the order of names, so the order of declarations never
// shows in a table. Entry point: Check.
#include "writ/compiler/check.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "authority.h"
#include "claims.h"
#include "coordination.h"
#include "critic_facts.h"
#include "dates.h"
#include "derivations.h"
#include "doors.h"
#include "expand.h"
#include "expr.h"
#include "facts.h"
#include "former_names.h"
#include "names.h"
#include "people.h"
#include "relations.h"
#include "statements.h"
#include "types.h"
#include "unused.h"

namespace writ::compiler {
namespace check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;

void CheckZones(const House& house, Reporter& reporter) {
  for (const lang::Policy* policy : house.policies) {
    if (!policy->zone || KnownZone(policy->zone->text)) continue;
    reporter.Report(Diagnostic{DiagnosticKind::kUnknownZone, policy->zone->span,
                               "there is no time zone \"" + policy->zone->text + "\""}
                        .Hint("zones have names such as \"Europe/Berlin\" or \"America/New_York\"; "
                              "without one, days are those of UTC"));
  }
}

// True if nothing in it is seen.
bool IsBlank(std::string_view text) {
  constexpr std::array<std::string_view, 6> kBlanks = {" ",      "\t",     "\n",
                                                       "\u00A0", "\u202F", "\u3000"};
  while (!text.empty()) {
    const auto blank =
        std::ranges::find_if(kBlanks, [&](std::string_view one) { return text.starts_with(one); });
    if (blank == kBlanks.end()) return false;
    text.remove_prefix(blank->size());
  }
  return true;
}

// Nobody has such a name, so that everybody would be denied.
void CheckTenants(const House& house, Reporter& reporter) {
  for (const lang::Policy* policy : house.policies) {
    if (!policy->tenant || !IsBlank(policy->tenant->text)) continue;
    reporter.Report(
        Diagnostic{DiagnosticKind::kIncomplete, policy->tenant->span,
                   "`tenant` names nobody, so every request would be denied"}
            .Hint("name the tenant as requests do: `tenant \"northwind\"`; a policy for "
                  "everybody says no tenant"));
  }
}

// For all cases: a policy with all that it uses takes effect when the last of them does
// (docs/semantics.md, M10).
std::optional<std::int64_t> ReadEffective(const Words& words, Reporter& reporter) {
  std::optional<std::int64_t> latest;
  for (std::uint32_t i = 0; i < words.house.policies.size(); ++i) {
    const auto& date = words.house.policies[i]->effective;
    if (!date || words.house.policies[i]->cases_since) continue;
    if (const auto instant = ReadInstant(*date, words.Zone(i), reporter))
      latest = std::max(latest.value_or(*instant), *instant);
  }
  return latest;
}

std::optional<EarlierCases> FindEarlierCases(const Words& words, const Facts& facts,
                                             Reporter& reporter) {
  const lang::Policy& policy = *words.house.policies[0];
  if (policy.before.empty()) return std::nullopt;
  const auto first = facts.Find("first(" + policy.cases_since->text + ")");
  const auto date = ReadInstant(*policy.effective, words.Zone(0), reporter);
  if (!first || !date) return std::nullopt;  // reported
  return EarlierCases{*first, *date, "~cases/" + policy.name.text,
                      policy.before.front().version.text, policy.cases_since->span};
}

void CheckCase(const Words& words, const Facts& facts, Reporter& reporter) {
  for (const lang::Policy* policy : words.house.policies) {
    for (const lang::Name& name : policy->case_is) {
      const auto fact = facts.Find(name.text);
      const auto has = [&](const Facts::Inputs& inputs) {
        return fact && (Contains(inputs.required, *fact) || Contains(inputs.optional, *fact));
      };
      if (!std::ranges::any_of(facts.inputs, has)) {
        std::vector<std::string> inputs;
        for (const table::Fact& one : facts.facts) {
          if (one.source == runtime::Source::kInput) inputs.push_back(one.name);
        }
        reporter.UnknownName("input", name, inputs);
      } else if (facts.fact(*fact).type != runtime::ValueType::kId &&
                 facts.fact(*fact).type != runtime::ValueType::kText &&
                 !facts.broken[fact->value]) {
        reporter.Report(Diagnostic{DiagnosticKind::kTypeMismatch, name.span,
                                   "a case is named by ids, and `" + name.text + "` is " +
                                       Describe(TypeOf(facts.fact(*fact)))});
      }
    }
  }
}

void CheckSizes(const House& house, const Names& names, const Authorities& authorities,
                const ExprChecker& expr, Reporter& reporter) {
  const auto bound = [&](std::size_t size, std::uint32_t limit, std::string_view what) {
    if (size <= limit) return;
    reporter.Report(Diagnostic{DiagnosticKind::kTooLarge, house.policies[0]->name.span,
                               "there are " + std::to_string(size) + " " + std::string(what) +
                                   ", and at most " + std::to_string(limit) + " are possible"});
  };
  bound(names.deeds.size(), house.options.max_capabilities, "capabilities and events");
  bound(authorities.clauses.size(), house.options.max_clauses, "clauses");
  bound(expr.nodes.size(), house.options.max_nodes, "parts of conditions");
}

std::vector<table::Threshold> ListThresholds(const Words& words) {
  std::vector<table::Threshold> thresholds;
  for (const auto& entry : words.names.thresholds) {
    thresholds.push_back({std::string(entry.name),
                          OneLine(words.house.sources.Text(entry.tree->value.span)),
                          entry.tree->reason ? entry.tree->reason->text : std::string()});
  }
  return thresholds;
}

template <typename Table>
std::vector<lang::Span> Spans(const Table& table) {
  std::vector<lang::Span> spans;
  for (const auto& entry : table) spans.push_back(entry.span);
  return spans;
}

struct Parts {
  const Words& words;
  std::optional<std::int64_t> effective;
  std::optional<EarlierCases> earlier;
  People people;
  Deeds deeds;
  Facts facts;
  std::vector<table::Derivation> derivations;
  std::vector<table::Statement> statements;
  std::vector<table::FormerName> former_names;
  Authorities authorities;
  Claims claims;
};

Program Assemble(Parts parts, ExprChecker& expr) {
  const lang::Policy& policy = *parts.words.house.policies[0];
  Program program;
  table::Model& model = program.vocabulary;
  model.policy = policy.name.text;
  model.version = policy.version.text;
  if (policy.title) model.title = policy.title->text;
  if (policy.zone) model.zone = policy.zone->text;
  model.has_effective = parts.effective.has_value();
  model.effective_ms = parts.effective.value_or(0);
  for (std::size_t i = 0; i < parts.deeds.capabilities.size(); ++i) {
    parts.deeds.capabilities[i].inputs = std::move(parts.facts.inputs[i].required);
    parts.deeds.capabilities[i].optional_inputs = std::move(parts.facts.inputs[i].optional);
  }
  model.facts = std::move(parts.facts.facts);
  model.roles = std::move(parts.people.roles);
  model.anchors = std::move(parts.people.anchors);
  model.capabilities = std::move(parts.deeds.capabilities);
  model.derivations = std::move(parts.derivations);
  model.statements = std::move(parts.statements);
  model.former_names = std::move(parts.former_names);
  model.evidence = std::move(parts.facts.evidence);
  model.meters = std::move(parts.facts.meters);
  const auto monthly = [](const auto& m) { return m.window_months != 0; };
  const auto fresh_for_months = [](const auto& e) { return e.within_months != 0; };
  if (std::ranges::any_of(model.meters, monthly) ||
      std::ranges::any_of(model.evidence, fresh_for_months)) {
    model.zone_changes = ZoneChanges(model.zone);
  }
  model.thresholds = ListThresholds(parts.words);
  model.authorities = std::move(parts.authorities.table);
  model.clauses = std::move(parts.authorities.clauses);
  auto& invariants = parts.claims.invariants;
  std::ranges::move(parts.authorities.ceilings, std::back_inserter(invariants));
  std::ranges::sort(invariants, {}, &Invariant::name);
  const lang::SourceSet& sources = parts.words.house.sources;
  for (Region& region : parts.claims.regions) {
    region.id = ClauseId{static_cast<std::uint32_t>(model.clauses.size())};
    model.clauses.push_back(
        {.name = "~region/" + region.name,
         .words = OneLine(
             sources.Text(parts.words.names.regions.Find(region.name)->tree->condition.span)),
         .file = BaseName(sources.Path(lang::FileId{region.span.file})),
         .line = sources.LineColumn(region.span).line});
    model.regions.push_back(region.name);
  }
  for (const Invariant& invariant : parts.claims.invariants)
    model.invariants.push_back(invariant.name);
  for (const Exception& exception : parts.authorities.exceptions)
    model.invariants.push_back("~exception/" + exception.name);
  std::ranges::sort(model.invariants);
  model.relations = RelationsOf(parts.claims.invariants, model);
  model.patterns = std::move(expr.patterns);
  for (const std::uint32_t fact : expr.pattern_facts) model.facts[fact].utf8 = true;
  program.nodes = std::move(expr.nodes);
  for (CheckedLet& let : expr.lets)
    program.lets.push_back({std::move(let.name), let.value, let.span});
  program.authorities = std::move(parts.authorities.authorities);
  program.guards = std::move(parts.authorities.guards);
  program.exceptions = std::move(parts.authorities.exceptions);
  program.strict = parts.words.house.options.strict || policy.strict;
  program.earlier = std::move(parts.earlier);
  for (const lang::Policy& member : policy.narrowed) program.taken_over.push_back(member.span);
  if (!policy.narrowed.empty())
    for (const lang::Origin& origin : policy.narrowed.front().origins)
      program.taken_over.push_back(origin.span);
  program.regions = std::move(parts.claims.regions);
  program.invariants = std::move(parts.claims.invariants);
  program.examples = std::move(parts.claims.examples);
  program.fact_spans = std::move(parts.facts.spans);
  program.anchor_spans = Spans(parts.words.names.anchors);
  program.role_spans = Spans(parts.words.names.roles);
  program.capability_spans = Spans(parts.words.names.deeds);
  return program;
}

}  // namespace
}  // namespace check

std::optional<Program> Check(const std::vector<const lang::Policy*>& policies,
                             const lang::SourceSet& sources, lang::DiagnosticSink& sink,
                             const CheckOptions& options) {
  using namespace check;
  if (policies.empty()) return std::nullopt;
  const std::size_t errors_before = sink.error_count();
  Reporter reporter(sink);
  const House house{policies, sources, options};
  CheckZones(house, reporter);
  CheckTenants(house, reporter);
  const Expansion expansion = ExpandWords(house, reporter);
  const Names names = CollectNames(house, expansion, reporter);
  const Words words{house, names};
  const std::optional<std::int64_t> effective = ReadEffective(words, reporter);
  People people = CheckPeople(words, reporter);
  Deeds deeds = CheckCapabilities(words, reporter);
  Facts facts = CheckFacts(words, deeds, reporter);
  MarkForCritics(words, facts);
  std::vector<table::Derivation> derivations = CheckDerivations(words, facts, reporter);
  std::vector<table::FormerName> former_names = CollectFormerNames(words, facts, reporter);
  const std::optional<EarlierCases> earlier = FindEarlierCases(words, facts, reporter);
  CheckDoors(words, reporter);
  CheckCase(words, facts, reporter);
  ExprChecker expr(words, people, deeds, facts, reporter);
  expr.AddGlobalLets();
  for (const std::string& name : expansion.thresholds) {
    if (const auto threshold = names.thresholds.Index(name))
      expr.used_thresholds[*threshold] = true;
  }
  AuthorityChecker clauses(words, people, deeds, facts, expr, reporter);
  Authorities authorities = clauses.Run(effective);
  CheckRoutes(words, people, authorities, reporter);
  CheckForCritics(words, people, facts, authorities, reporter);
  std::vector<table::Statement> statements =
      CollectStatements(words, people, deeds, authorities, reporter);
  Claims claims = CheckClaims(words, deeds, facts, authorities, expr, clauses, reporter);
  CheckSizes(house, names, authorities, expr, reporter);
  if (sink.error_count() != errors_before) return std::nullopt;
  ReportUnused(words, facts, expr,
               reporter);  // not before: what a misspelt name meant is not unused
  return Assemble({words, effective, earlier, std::move(people), std::move(deeds), std::move(facts),
                   std::move(derivations), std::move(statements), std::move(former_names),
                   std::move(authorities), std::move(claims)},
                  expr);
}

}  // namespace writ::compiler
