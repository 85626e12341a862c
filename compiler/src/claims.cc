// Regions and invariants are conditions over requests; examples are requests, value by value. An
// example may only give what its capability can be asked with, so that it never proves something
// about a request that nobody can make.
#include "claims.h"

#include <map>
#include "expand.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;

class ClaimChecker {
 public:
  ClaimChecker(const Words& words, const Deeds& deeds, const Facts& facts,
               const Authorities& authorities, ExprChecker& expr, AuthorityChecker& clauses,
               Reporter& reporter)
      : words_(words),
        names_(words.names),
        deeds_(deeds),
        facts_(facts),
        authorities_(authorities),
        expr_(expr),
        clauses_(clauses),
        reporter_(reporter) {}

  Claims Run() {
    for (const auto& entry : names_.regions) {
      const Scope scope{.policy = entry.policy, .asks = Asks::kCapability};
      out_.regions.push_back({std::string(entry.name),
                              expr_.Condition(entry.tree->condition, scope), entry.tree->span});
    }
    for (const auto& entry : names_.invariants) AddInvariant(*entry.tree, entry.policy);
    for (const auto& entry : names_.samples) CheckSample(*entry.tree, entry.policy);
    for (const auto& entry : names_.examples) AddExample(*entry.tree, entry.policy);
    return std::move(out_);
  }

 private:
  void AddInvariant(const lang::Invariant& tree, std::uint32_t policy) {
    Invariant invariant;
    invariant.name = tree.name.text;
    invariant.kind = tree.kind;
    invariant.verdict = ConvertVerdict(tree.decision);
    invariant.span = tree.span;
    invariant.capabilities = FindAsked(tree.capabilities);
    invariant.implied = ConvertVerdict(tree.implied);
    invariant.implied_capabilities = FindAsked(tree.implied_capabilities);
    if (tree.kind == lang::InvariantKind::kDisjoint && tree.capabilities.size() == 1 &&
        invariant.capabilities.size() < 2) {
      reporter_.Report(Diagnostic{DiagnosticKind::kIncomplete, tree.capabilities.front().span,
                                  "`disjoint` takes two capabilities or more"});
    }
    if (tree.fact) {
      invariant.fact = FindOrdered(*tree.fact);
      invariant.falling = tree.falling;
      if (!invariant.fact.valid()) return;
    }
    const Scope scope{.policy = policy, .asks = Asks::kCapability};
    invariant.condition =
        tree.condition ? expr_.Condition(*tree.condition, scope) : expr_.True(tree.span);
    // What implies another decision may be asked about with the inputs of either.
    const bool by_second = tree.kind == lang::InvariantKind::kImplies &&
                           clauses_.HasInputs(invariant.condition, invariant.implied_capabilities);
    if (!by_second)
      clauses_.RequireInputs(invariant.condition, invariant.capabilities, "this invariant");
    out_.invariants.push_back(std::move(invariant));
  }

  // Capabilities that are decided on.
  std::vector<CapabilityId> FindAsked(const std::vector<lang::Name>& names) {
    std::vector<CapabilityId> found =
        FindAllDeeds(names, names_, deeds_, "capability or group", reporter_);
    for (const CapabilityId id : found) {
      if (deeds_.capabilities[id.value].kind != CapabilityKind::kEvent) continue;
      reporter_.Report(Diagnostic{DiagnosticKind::kEventDecides, names.front().span,
                                  "nobody asks for event `" + deeds_.capabilities[id.value].name +
                                      "`, so nothing is decided on it"}
                           .At(names_.deeds[id.value].span, "declared here"));
      break;
    }
    return found;
  }

  // A fact whose values have an order.
  FactId FindOrdered(const lang::Name& name) {
    const auto found = facts_.Find(name.text);
    if (!found) {
      std::vector<std::string> candidates;
      for (const table::Fact& fact : facts_.facts) candidates.push_back(fact.name);
      reporter_.UnknownName("fact", name, candidates);
      return {};
    }
    const table::Fact& fact = facts_.fact(*found);
    switch (fact.type) {
      case ValueType::kBool:
      case ValueType::kInteger:
      case ValueType::kDecimal:
      case ValueType::kMoney:
      case ValueType::kDuration:
      case ValueType::kTime:
        if (fact.name != "now") return *found;
        break;
      case ValueType::kEnum:
        if (fact.ordered) return *found;
        break;
      default:
        break;
    }
    Diagnostic diagnostic{DiagnosticKind::kNotOrdered, name.span,
                          "nothing can be monotone along `" + fact.name +
                              (fact.name == "now" ? "`, which every decision is made at"
                                                  : "`, whose values have no order")};
    if (fact.type == ValueType::kEnum)
      diagnostic.hints.emplace_back("declare its values with `<` between them");
    reporter_.Report(std::move(diagnostic));
    return {};
  }

  RoleId FindRole(const lang::Name& name) {
    if (const auto index = names_.roles.Index(name.text)) return RoleId{*index};
    reporter_.UnknownName("role", name, names_.roles.Names());
    return {};
  }
  CapabilityId FindCapability(const lang::Name& name) {
    if (const auto index = names_.deeds.Index(name.text)) return CapabilityId{*index};
    reporter_.UnknownName("capability", name, names_.deeds.Names());
    return {};
  }

  // ----------------------------------------------------------------------------------- values

  // By fact, so that what an example says lies over what its sample says.
  using Values = std::map<std::uint32_t, Given>;

  void Give(const std::vector<lang::Pair>& pairs, CapabilityId capability, std::uint32_t policy,
            Values& values) {
    std::map<std::uint32_t, lang::Span> seen;
    for (const lang::Pair& pair : pairs) {
      if (!pair.call &&
          (pair.name.text == "approvals" || pair.name.text.starts_with("approvals."))) {
        GiveSignatures(pair, values);
        continue;
      }
      const std::optional<FactId> fact = FindFact(pair);
      if (!fact || !CanBeGiven(pair, *fact, capability)) continue;
      if (const auto [at, fresh] = seen.emplace(fact->value, pair.span); !fresh) {
        reporter_.Report(Diagnostic{DiagnosticKind::kDuplicateName, pair.span,
                                    "`" + facts_.fact(*fact).name + "` is given twice"}
                             .At(at->second, "first given here"));
        continue;
      }
      if (auto given = ReadPair(pair, *fact, policy))
        values.insert_or_assign(fact->value, *std::move(given));
    }
  }

  // `approvals.NAME: { ROLE }`: these have signed, and nobody else; without a name, of all lists.
  void GiveSignatures(const lang::Pair& pair, Values& values) {
    const std::string wanted =
        pair.name.text.substr(std::min<std::size_t>(10, pair.name.text.size()));
    if (pair.value.kind != lang::LiteralKind::kWords) {
      reporter_.Report(Diagnostic{DiagnosticKind::kTypeMismatch, pair.value.span,
                                  "who has signed is a list of roles"}
                           .Hint("write `" + pair.name.text + ": { ROLE, ROLE }`"));
      return;
    }
    std::set<std::string_view> signers;
    for (const lang::Name& role : pair.value.words) signers.insert(role.text);
    std::set<std::string_view> stages;
    bool found = wanted.empty();
    for (const auto& entry : names_.approvals) {
      if (!wanted.empty() && entry.name != wanted) continue;
      found = true;
      for (const lang::Stage& stage : entry.tree->tree->stages) {
        stages.insert(stage.role.text);
        const auto fact = facts_.Find("signed." + std::string(entry.name) + "." + stage.role.text);
        if (!fact) continue;
        Given given{.fact = *fact, .span = pair.span};
        given.number = signers.contains(stage.role.text) ? 1 : 0;
        values.insert_or_assign(fact->value, std::move(given));
      }
    }
    const std::vector<std::string> known(stages.begin(), stages.end());
    if (!found)
      reporter_.UnknownName("list of approvals", {wanted, pair.name.span},
                            names_.approvals.Names());
    for (const lang::Name& role : pair.value.words) {
      if (found && !stages.contains(role.text)) reporter_.UnknownName("stage", role, known);
    }
  }

  std::optional<FactId> FindFact(const lang::Pair& pair) {
    std::string name = pair.name.text;
    if (pair.call) {
      if (!FoldOfCall(pair.call->text)) {
        const std::vector<std::string> known = {"done", "own", "first", "last"};
        reporter_.UnknownName("function", *pair.call, known);
        return std::nullopt;
      }
      name = pair.call->text + "(" + name + ")";
    }
    if (pair.since || pair.within) {
      if (pair.call && pair.call->text == "done")
        name = NameOf(Counter{pair.name, pair.since, pair.within});
      if (const auto fact = facts_.Find(name); fact && pair.call) return fact;
      reporter_.Report(
          Diagnostic{DiagnosticKind::kUnknownName, pair.span, "no sequence counts `" + name + "`"}
              .Hint("write it as the sequence does"));
      return std::nullopt;
    }
    if (const auto fact = facts_.Find(name)) return fact;
    std::vector<std::string> candidates;
    for (const table::Fact& fact : facts_.facts) candidates.push_back(fact.name);
    reporter_.UnknownName("fact", pair.name, candidates);
    return std::nullopt;
  }

  bool CanBeGiven(const lang::Pair& pair, FactId id, CapabilityId capability) {
    const table::Fact& fact = facts_.fact(id);
    if (facts_.broken[id.value]) return false;
    if (fact.source == Source::kBuiltin && fact.name == "role") {
      reporter_.Report(Diagnostic{DiagnosticKind::kReservedName, pair.name.span,
                                  "the role stands before the capability"});
      return false;
    }
    if (fact.source != Source::kInput || !capability.valid()) return true;
    const Facts::Inputs& inputs = facts_.inputs[capability.value];
    if (Contains(inputs.required, id) || Contains(inputs.optional, id)) return true;
    reporter_.Report(Diagnostic{
        DiagnosticKind::kLacksInput, pair.name.span,
        "`" + deeds_.capabilities[capability.value].name + "` has no input `" + fact.name + "`"}
                         .At(names_.deeds[capability.value].span, "declared here"));
    return false;
  }

  std::optional<Given> ReadPair(const lang::Pair& pair, FactId id, std::uint32_t policy) {
    Given given;
    given.fact = id;
    given.span = pair.span;
    if (pair.value.kind == lang::LiteralKind::kMissing) {
      given.missing = true;
      return given;
    }
    const table::Fact& fact = facts_.fact(id);
    // A threshold may stand for its value.
    const lang::Literal* literal = &pair.value;
    if (literal->kind == lang::LiteralKind::kWord && fact.type != ValueType::kEnum &&
        fact.type != ValueType::kRole) {
      if (const auto threshold = names_.thresholds.Index(literal->text)) {
        expr_.used_thresholds[*threshold] = true;
        literal = &names_.thresholds[*threshold].tree->value;
      }
    }
    auto value =
        ReadValue(*literal, TypeOf(fact), "`" + fact.name + "`", words_, policy, reporter_);
    if (!value) return std::nullopt;
    given.number = value->number;
    given.text = std::move(value->text);
    given.texts = std::move(value->texts);
    return given;
  }

  // ----------------------------------------------------------------------------------- samples and
  // examples

  // Also where no example uses it.
  void CheckSample(const lang::Sample& tree, std::uint32_t policy) {
    std::ignore = FindRole(tree.role);
    Values values;
    Give(tree.pairs, FindCapability(tree.capability), policy, values);
    samples_.emplace(tree.name.text, std::move(values));
  }

  void AddExample(const lang::Example& tree, std::uint32_t policy) {
    Example example;
    example.title = tree.title.text;
    example.span = tree.span;
    Values values;
    if (tree.sample) {
      const auto* sample = names_.samples.Find(tree.sample->text);
      if (!sample) {
        reporter_.UnknownName("sample", *tree.sample, names_.samples.Names());
        return;
      }
      // A role or capability that is unknown was reported with the sample.
      if (const auto role = names_.roles.Index(sample->tree->role.text))
        example.role = RoleId{*role};
      if (const auto deed = names_.deeds.Index(sample->tree->capability.text))
        example.capability = CapabilityId{*deed};
      values = samples_.at(sample->tree->name.text);
    } else if (tree.role && tree.capability) {
      example.role = FindRole(*tree.role);
      example.capability = FindCapability(*tree.capability);
    }
    Give(tree.pairs, example.capability, policy, values);
    for (auto& [fact, given] : values) example.given.push_back(std::move(given));
    AddOutcome(tree.outcome, example);
    out_.examples.push_back(std::move(example));
  }

  void AddOutcome(const lang::Outcome& tree, Example& example) {
    example.verdict = ConvertVerdict(tree.verdict);
    if (tree.anchor) {
      if (const auto index = names_.anchors.Index(tree.anchor->text))
        example.anchor = AnchorId{*index};
      else
        reporter_.UnknownName("anchor", *tree.anchor, names_.anchors.Names());
    }
    if (tree.under) example.under = FindAuthority(*tree.under, example);
    if (tree.because) example.because = tree.because->text;
    if (tree.because_name) {
      example.because_name = tree.because_name->text;
      CheckBecause(*tree.because_name);
    }
  }

  // Several grants can have the name of their role: the one that gives the capability is meant.
  AuthorityId FindAuthority(const lang::Name& name, const Example& example) {
    AuthorityId found;
    std::vector<std::string> candidates;
    for (const Authority& authority : authorities_.authorities) {
      const Owner& owner = authorities_.owners[authority.id.value];
      candidates.push_back(owner.name);
      const std::string_view called =
          owner.grant ? std::string_view(owner.grant->role.text) : std::string_view(owner.name);
      if (called != name.text && owner.name != name.text) continue;
      const bool gives = Contains(authority.freely, example.capability);
      if (!found.valid() || gives) found = authority.id;
    }
    if (!found.valid()) reporter_.UnknownName("delegation or grant", name, candidates);
    return found;
  }

  void CheckBecause(const lang::Name& name) {
    std::vector<std::string> candidates;
    bool found = false;
    for (const Owner& owner : authorities_.owners) {
      candidates.push_back(owner.name);
      found =
          found || owner.name == name.text || (owner.grant && owner.grant->role.text == name.text);
    }
    for (const auto& entry : names_.thresholds) candidates.emplace_back(entry.name);
    for (const CheckedLet& let : expr_.lets) candidates.push_back(let.name);
    for (const table::Fact& fact : facts_.facts) candidates.push_back(fact.name);
    if (!found && std::ranges::find(candidates, name.text) == candidates.end()) {
      reporter_.UnknownName("delegation, guard, threshold, fact or let", name, candidates);
    }
  }

  const Words& words_;
  const Names& names_;
  const Deeds& deeds_;
  const Facts& facts_;
  const Authorities& authorities_;
  ExprChecker& expr_;
  AuthorityChecker& clauses_;
  Reporter& reporter_;
  std::map<std::string_view, Values> samples_;
  Claims out_;
};

}  // namespace

Claims CheckClaims(const Words& words, const Deeds& deeds, const Facts& facts,
                   const Authorities& authorities, ExprChecker& expr, AuthorityChecker& clauses,
                   Reporter& reporter) {
  return ClaimChecker(words, deeds, facts, authorities, expr, clauses, reporter).Run();
}

}  // namespace writ::compiler::check
