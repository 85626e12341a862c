// What is routed to somebody, he can work on (docs/semantics.md, M43.1).
#include "coordination.h"

#include <algorithm>
#include <string>

namespace writ::compiler::check {

using lang::Diagnostic;
using lang::DiagnosticKind;

namespace {

bool DoesSomething(const Authorities& authorities, RoleId role) {
  return std::ranges::any_of(authorities.authorities, [&](const Authority& authority) {
    return Contains(authority.to, role) &&
           !(authority.may.empty() && authority.freely.empty() && authority.propose.empty());
  });
}

void CheckRoute(const lang::Route& tree, const Words& words, const People& people,
                const Authorities& authorities, Reporter& reporter) {
  for (const lang::Name& to : tree.to) {
    const auto role = words.names.roles.Index(to.text);
    if (!role) continue;
    const runtime::RoleKind kind = people.roles[*role].kind;
    const bool works = kind == runtime::RoleKind::kAgent || kind == runtime::RoleKind::kCoordinator;
    if (!works || DoesSomething(authorities, RoleId{*role})) continue;
    reporter.Report(
        Diagnostic{DiagnosticKind::kRouteToNobody, to.span,
                   "`" + tree.name.text + "` is routed to `" + to.text + "`, which may do nothing"}
            .At(words.names.roles[*role].span, "declared here")
            .Hint("delegate something to it, or route it to somebody else"));
  }
}

}  // namespace

void CheckRoutes(const Words& words, const People& people, const Authorities& authorities,
                 Reporter& reporter) {
  for (const lang::Policy* policy : words.house.policies) {
    for (const lang::Declaration& declaration : policy->declarations) {
      if (const auto* route = std::get_if<lang::Route>(&declaration))
        CheckRoute(*route, words, people, authorities, reporter);
    }
  }
}

}  // namespace writ::compiler::check
