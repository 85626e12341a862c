// What is proved of a policy when it is compiled, asked of one request: M15.4, M18, M21.
#include <algorithm>

#include "rules.h"

namespace writ::oracle {

std::set<std::string> ClausesOnText(const Policy& policy) {
  std::set<std::string> names;
  const auto add = [&](const std::vector<Clause>& clauses) {
    for (const Clause& clause : clauses) {
      if (!clause.condition) continue;
      const std::set<std::string>& facts = clause.condition->behind;
      const bool reads = std::any_of(facts.begin(), facts.end(), [&](const std::string& fact) {
        return policy.facts.at(fact).text;
      });
      if (reads) names.insert(clause.name);
    }
  };
  for (const Authority& authority : policy.authorities) add(authority.clauses);
  add(policy.guard_clauses);
  add(policy.assumptions);
  return names;
}

std::string CeilingExceeded(const Policy& policy, const Request& request, const History* history) {
  if (Decide(policy, request, history).verdict != "allow") return "";
  const Authority* authority = FindAuthority(policy, request.role, request.capability);
  if (authority == nullptr) return "";  // an event
  const Situation situation(policy, request, history);
  for (const Authority* above : Chain(policy, *authority, request.role, request.capability)) {
    for (const Clause& clause : above->clauses) {
      const bool covers = above != authority && clause.kind == ClauseKind::kCeiling &&
                          clause.capabilities.contains(request.capability);
      if (covers && situation.Evaluate(*clause.condition, false) != true) return clause.name;
    }
  }
  return "";
}

bool AtLeastAsStrict(const Policy& policy, const Answer& a, const Answer& b) {
  const auto rank = [](const Answer& answer) {
    if (answer.builtin == "undecided" || answer.verdict == "deny") return 2;
    return answer.verdict == "escalate" ? 1 : 0;
  };
  if (rank(a) != rank(b) || rank(a) != 1) return rank(a) >= rank(b);
  return a.anchor == b.anchor || policy.ranks_above.contains({a.anchor, b.anchor});
}

}  // namespace writ::oracle
