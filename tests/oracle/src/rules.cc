// M4, M11, M15 and M16, each a search through all that was declared.
#include "rules.h"

#include <algorithm>

namespace writ::oracle {

bool Covers(const Authority& authority, const std::string& capability) {
  return authority.may.contains(capability) || authority.freely.contains(capability) ||
         authority.propose.contains(capability) || authority.abstain.contains(capability);
}

const Authority* FindAuthority(const Policy& policy, const std::string& role,
                               const std::string& capability) {
  for (const Authority& authority : policy.authorities) {
    if (authority.to.contains(role) && Covers(authority, capability)) return &authority;
  }
  return nullptr;
}

// What its own clauses reach was settled when they were read (M4.3, M15.4).
std::vector<const Clause*> ClausesFor(const Policy& policy, const Authority& authority,
                                      const std::string& capability) {
  std::vector<const Clause*> clauses;
  for (const std::vector<Clause>* from : {&authority.clauses, &policy.guard_clauses}) {
    for (const Clause& clause : *from) {
      if (clause.capabilities.contains(capability)) clauses.push_back(&clause);
    }
  }
  for (const Clause& assumption : policy.assumptions) {
    if (HasInputs(policy, policy.capabilities.at(capability), assumption.condition->needed))
      clauses.push_back(&assumption);
  }
  return clauses;
}

std::vector<const Clause*> ClausesOnEvent(const Policy& policy, const std::string& event,
                                          const std::string* role) {
  std::vector<const Clause*> clauses;
  for (const Authority& authority : policy.authorities) {
    for (const Clause& clause : authority.clauses) {
      if (clause.capabilities.contains(event) && (role == nullptr || authority.to.contains(*role)))
        clauses.push_back(&clause);
    }
  }
  for (const Clause& clause : policy.guard_clauses) {
    if (clause.capabilities.contains(event)) clauses.push_back(&clause);
  }
  return clauses;
}

namespace {

// M15.1 and M15.2: by `above`, `from` may grant the capability to the role, and from there it may
// go on over so many further hops.
bool IsAbove(const Authority& above, const std::string& from, const std::string& role,
             const std::string& capability, int hops) {
  return above.to.contains(from) &&
         std::any_of(above.grants.begin(), above.grants.end(), [&](const MayGrant& grant) {
           return grant.capabilities.contains(capability) && grant.to.contains(role) &&
                  grant.depth > hops;
         });
}

// Ends where no depth is left.
void AddChain(const Policy& policy, const Authority& authority, const std::string& role,
              const std::string& capability, int hops, std::vector<const Authority*>& chain) {
  chain.push_back(&authority);
  if (authority.is_grant || policy.people.contains(authority.from)) return;
  for (const Authority& above : policy.authorities) {
    if (IsAbove(above, authority.from, role, capability, hops))
      AddChain(policy, above, authority.from, capability, hops + 1, chain);
  }
}

}  // namespace

std::vector<const Authority*> Chain(const Policy& policy, const Authority& authority,
                                    const std::string& role, const std::string& capability) {
  std::vector<const Authority*> chain;
  AddChain(policy, authority, role, capability, 0, chain);
  return chain;
}

std::optional<std::int64_t> EndOf(const Policy& policy, const Authority& authority,
                                  const std::string& role, const std::string& capability) {
  std::optional<std::int64_t> end;
  for (const Authority* one : Chain(policy, authority, role, capability)) {
    if (one->expires_ms) end = std::min(end.value_or(*one->expires_ms), *one->expires_ms);
  }
  return end;
}

bool IsAbout(const Exception& exception, const Authority& authority, const Clause& clause) {
  const bool own = std::any_of(authority.clauses.begin(), authority.clauses.end(),
                               [&](const Clause& one) { return &one == &clause; });
  if (!own || authority.is_grant || exception.delegation != authority.name) return false;
  if (!clause.condition || clause.else_deny) return false;
  const std::set<std::string> names = NamesIn(clause.condition->expr);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return exception.lifts.contains({clause.kind, name});
  });
}

bool IsLifted(const Policy& policy, const Authority& authority, const Clause& clause,
              const Request& request, const Situation& situation,
              const std::set<std::string>& without) {
  return std::any_of(
      policy.exceptions.begin(), policy.exceptions.end(), [&](const Exception& exception) {
        return !without.contains(exception.name) && IsAbout(exception, authority, clause) &&
               exception.roles.contains(request.role) && request.now_ms < exception.ends_ms &&
               situation.Evaluate(exception.up_to, false) == true;
      });
}

bool HasInputs(const Policy& policy, const Capability& capability,
               const std::set<std::string>& facts) {
  return std::none_of(facts.begin(), facts.end(), [&](const std::string& fact) {
    const bool own = std::find(capability.inputs.begin(), capability.inputs.end(), fact) !=
                     capability.inputs.end();
    return policy.inputs.contains(fact) && !own && !policy.declared.contains(fact);
  });
}

}  // namespace writ::oracle
