// Exceptions: which clauses each lifts, where, until when, and who signed for it
// (docs/semantics.md, M16). Entry point: AuthorityChecker::AddExceptions.
#include "authority.h"
#include "text_facts.h"

namespace writ::compiler::check {

using lang::ClauseKind;
using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

// Deputies and holders stand in the order in which they are written.
bool Has(const std::vector<RoleId>& roles, RoleId role) {
  return std::ranges::find(roles, role) != roles.end();
}

// What every exception says, or is refused.
void RequireParts(const lang::Exception& tree, Reporter& reporter) {
  const auto require = [&](bool said, const char* what, const char* hint) {
    if (said) return;
    reporter.Report(Diagnostic{DiagnosticKind::kIncomplete, tree.name.span,
                               "exception `" + tree.name.text + "` does not say " + what}
                        .Hint(hint));
  };
  require(!tree.lifts.empty(), "what it lifts", "write `lifts limit NAME`");
  require(tree.up_to.has_value(), "how far it goes", "write `up to CONDITION`");
  require(tree.expires.has_value(), "when it ends", "write `expires 2026-12-31`");
  require(tree.by.has_value(), "who signed for it", "write `by ROLE`");
  require(tree.because.has_value(), "why", "write `because \"…\"`");
}

}  // namespace

void AuthorityChecker::AddExceptions() {
  for (const auto& entry : words_.names.exceptions) AddException(*entry.tree, entry.policy);
}

void AuthorityChecker::AddException(const lang::Exception& tree, std::uint32_t policy) {
  RequireParts(tree, reporter_);
  const auto owner = std::ranges::find_if(out_.owners, [&](const Owner& one) {
    return one.delegation && one.name == tree.delegation.text;
  });
  if (owner == out_.owners.end())
    return reporter_.UnknownName("delegation", tree.delegation, words_.names.delegations.Names());
  const AuthorityId id{static_cast<std::uint32_t>(owner - out_.owners.begin())};
  Authority& authority = *std::ranges::find(out_.authorities, id, &Authority::id);
  Exception exception{.name = tree.name.text, .delegation = id, .span = tree.span};
  for (const lang::Name& name : tree.roles) {
    const RoleId role = FindRole(name);
    if (!role.valid()) continue;
    if (!Contains(authority.to, role)) {
      reporter_.Report(
          Diagnostic{DiagnosticKind::kNotDelegated, name.span,
                     "delegation `" + tree.delegation.text + "` is not to `" + name.text + "`"}
              .At(authority.span, "declared here"));
    }
    exception.roles.push_back(role);
  }
  std::vector<Clause*> lifted;
  for (const lang::Lift& lift : tree.lifts) {
    for (Clause* clause : Lifted(tree, lift, authority)) lifted.push_back(clause);
  }
  if (tree.up_to) {
    if (IsStrict(policy)) RefuseBareNumbers(*tree.up_to);
    exception.up_to =
        expr_.Condition(*tree.up_to, Scope{.policy = policy, .locals = &expr_.global});
    CheckRegion(*tree.up_to, exception.up_to, lifted);
  }
  if (const auto end = ReadExpiry(tree.expires, policy, "exception `" + tree.name.text + "`"))
    exception.ends_ms = *end;
  CheckSigner(tree, lifted, authority);
  const auto number = static_cast<std::uint32_t>(out_.exceptions.size());
  for (Clause* clause : lifted) {
    if (!Contains(clause->lifted_by, number)) clause->lifted_by.push_back(number);
  }
  out_.exceptions.push_back(std::move(exception));
}

// The condition reads what the lifted clauses' capabilities have, and no text (M16.4).
void AuthorityChecker::CheckRegion(const lang::Expr& tree, ExprId up_to,
                                   const std::vector<Clause*>& lifted) {
  std::vector<CapabilityId> capabilities;
  for (const Clause* clause : lifted) {
    capabilities.insert(capabilities.end(), clause->capabilities.begin(),
                        clause->capabilities.end());
  }
  MakeSet(capabilities);
  RequireInputs(up_to, capabilities, "this exception");
  if (!up_to.valid()) return;
  const std::vector<bool> text = TextFacts(facts_.facts, facts_.meters);
  for (const auto& [fact, span] : ReadsOf(up_to).facts) {
    if (!text[fact]) continue;
    reporter_.Report(Diagnostic{DiagnosticKind::kTextLoosens, span,
                                "an exception permits, and `" + facts_.facts[fact].name +
                                    "` is text from a tool or a model"}
                         .At(tree.span, "what the exception is for")
                         .Hint("read what the host or evidence says"));
  }
}

// The clauses of the kind whose condition names one of the words.
std::vector<Clause*> AuthorityChecker::Lifted(const lang::Exception& tree, const lang::Lift& lift,
                                              Authority& authority) {
  std::vector<Clause*> all;
  for (const lang::Name& name : lift.names) {
    bool found = false, denies = false;
    for (Clause& clause : authority.clauses) {
      const auto written = conditional_.find(clause.id.value);
      if (clause.kind != lift.kind || !clause.condition.valid() || written == conditional_.end() ||
          !CanBeNamed(name.text) || !Names(*written->second, name.text))
        continue;
      denies |= clause.else_deny;
      if (clause.else_deny) continue;
      found = true;
      all.push_back(&clause);
    }
    if (found) continue;
    reporter_.Report(
        Diagnostic{
            DiagnosticKind::kLiftsNothing, name.span,
            denies ? "the limit on `" + name.text + "` denies, and stands"
                   : "no `" + std::string(lift.kind == ClauseKind::kLimit ? "limit" : "escalate") +
                         "` of delegation `" + tree.delegation.text + "` names `" + name.text + "`"}
            .At(authority.span, "the delegation")
            .Hint(denies ? "an exception lifts what goes to a person, never what is denied"
                         : "name a threshold, fact, let or meter of the clause's condition"));
  }
  return all;
}

// Whether the condition names this threshold, fact, let or meter itself, not through another let.
bool AuthorityChecker::Names(const lang::Expr& condition, std::string_view name) {
  if (condition.kind == lang::ExprKind::kName && condition.name && condition.name->text == name)
    return true;
  return std::ranges::any_of(condition.operands,
                             [&](const lang::Expr& operand) { return Names(operand, name); });
}

// A word of an enum can stand in a condition as well, and is nothing that could be lifted.
bool AuthorityChecker::CanBeNamed(std::string_view name) const {
  return words_.names.thresholds.Index(name) || facts_.Find(name) ||
         std::ranges::find(expr_.lets, name, &CheckedLet::name) != expr_.lets.end();
}

// M16.3. Somebody who could say yes to each lifted case.
void AuthorityChecker::CheckSigner(const lang::Exception& tree, const std::vector<Clause*>& lifted,
                                   const Authority& authority) {
  if (!tree.by) return;
  const RoleId by = FindRole(*tree.by);
  if (!by.valid()) return;
  if (people_.roles[by.value].kind != RoleKind::kHuman) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kNotHuman, tree.by->span,
                   "an exception is signed for by a person, and `" + tree.by->text + "` is none"}
            .At(words_.names.roles[by.value].span, "declared here"));
    return;
  }
  for (const Clause* clause : lifted) {
    const AnchorId id = clause->anchor.valid() ? clause->anchor : authority.anchor;
    if (!id.valid()) continue;
    const table::Anchor& anchor = people_.anchors[id.value];
    const bool may = anchor.held_by == by || Has(anchor.also_held_by, by) ||
                     Has(anchor.deputies, by) ||
                     (anchor.held_by.valid() && StandsAbove(people_.roles, by, anchor.held_by));
    if (may) continue;
    reporter_.Report(Diagnostic{
        DiagnosticKind::kCannotSign, tree.by->span,
        "`" + tree.by->text + "` could not decide a case that goes to `" + anchor.name + "`"}
                         .At(clause->span, "this clause is lifted")
                         .Hint("a holder or deputy of `" + anchor.name +
                               "`, or somebody above its holder, signs for it"));
    return;
  }
}

}  // namespace writ::compiler::check
