// M1 to M5, M10 and M11: builtin rows, then all rows that contain the request, then the strictest
// of them. Decide is the entry point.
#include "writ/oracle/oracle.h"

#include <algorithm>
#include <tuple>

#include "situation.h"

namespace writ::oracle {

namespace {

// A row that contains the request.
struct Row {
  std::string verdict, anchor, clause, reason, trigger;
  bool unknown = false;  // holds for want of a value
};

bool Applies(const Clause& clause, const std::string& capability) {
  return clause.capabilities.contains(capability);
}

bool Annotates(const Clause& clause) {
  return clause.kind == ClauseKind::kNote || clause.kind == ClauseKind::kNotify;
}

// M4.1: the delegation or grant under which role and capability stand; null where they stand under
// none.
const Authority* FindAuthority(const Policy& policy, const Request& request) {
  for (const Authority& authority : policy.authorities) {
    const bool covers =
        authority.may.contains(request.capability) || authority.freely.contains(request.capability);
    if (covers && authority.to.contains(request.role)) return &authority;
  }
  return nullptr;
}

// The clauses in force for a request under `authority`: its own (not for `may freely`, M4.3), and
// the guards'.
std::vector<const Clause*> ClausesFor(const Policy& policy, const Authority& authority,
                                      const std::string& capability) {
  std::vector<const Clause*> clauses;
  for (const Clause& clause : authority.clauses) {
    if (authority.may.contains(capability) && Applies(clause, capability))
      clauses.push_back(&clause);
  }
  for (const Clause& clause : policy.guard_clauses) {
    if (Applies(clause, capability)) clauses.push_back(&clause);
  }
  return clauses;
}

// M4.5: guards speak of events whoever acts, a delegation of those of its roles (`role` null: of
// any).
std::vector<const Clause*> ClausesOnEvent(const Policy& policy, const std::string& event,
                                          const std::string* role) {
  std::vector<const Clause*> clauses;
  for (const Authority& authority : policy.authorities) {
    for (const Clause& clause : authority.clauses) {
      if (Applies(clause, event) && (role == nullptr || authority.to.contains(*role)))
        clauses.push_back(&clause);
    }
  }
  for (const Clause& clause : policy.guard_clauses) {
    if (Applies(clause, event)) clauses.push_back(&clause);
  }
  return clauses;
}

// The facts behind a fact that is read: keys and value of a meter, time and subject of evidence
// (M1.3).
void AddWithWhatIsBehind(const Policy& policy, const std::string& fact,
                         std::set<std::string>& read) {
  if (!read.insert(fact).second) return;
  if (const auto meter = policy.meters.find(fact); meter != policy.meters.end()) {
    for (const std::string& key : meter->second.keys) AddWithWhatIsBehind(policy, key, read);
    if (!meter->second.input.empty()) AddWithWhatIsBehind(policy, meter->second.input, read);
  }
  const auto declared = policy.facts.find(fact);
  if (declared != policy.facts.end() && !declared->second.evidence.empty()) {
    AddWithWhatIsBehind(policy, "?" + declared->second.evidence, read);
  }
  if (fact.starts_with("?")) {  // evidence, as a whole
    read.erase(fact);
    const Evidence& evidence = policy.evidence.at(fact.substr(1));
    AddWithWhatIsBehind(policy, "evidence." + evidence.name, read);
    for (const std::string& about : evidence.about) {
      AddWithWhatIsBehind(policy, "evidence." + evidence.name + ".about." + about, read);
      AddWithWhatIsBehind(policy, about, read);
    }
  }
}

std::string Escalation(const Clause& clause, const Authority& authority) {
  return clause.anchor.empty() ? authority.anchor : clause.anchor;
}

// The row of the table in M5 that contains the request, if one does.
std::optional<Row> RowOf(const Clause& clause, const Authority& authority,
                         const Situation& situation) {
  Row row{"", "", clause.name, clause.reason, clause.trigger};
  if (clause.kind == ClauseKind::kEvidence) {
    const bool fresh =
        std::all_of(clause.evidence.begin(), clause.evidence.end(),
                    [&](const std::string& evidence) { return situation.IsFresh(evidence); });
    row.verdict = "deny";
    return fresh ? std::nullopt : std::optional(row);
  }
  const Truth truth = clause.condition
                          ? situation.Evaluate(*clause.condition, clause.kind != ClauseKind::kAllow)
                          : Truth(true);
  if (clause.kind == ClauseKind::kAllow) {
    row.verdict = "allow";
    row.anchor = authority.anchor;
    return truth == true ? std::optional(row) : std::nullopt;
  }
  const bool wants_true = clause.kind == ClauseKind::kDeny || clause.kind == ClauseKind::kEscalate;
  const bool denies =
      clause.kind == ClauseKind::kRequire || clause.kind == ClauseKind::kDeny || clause.else_deny;
  if (truth && *truth != wants_true) return std::nullopt;
  const bool deny = truth ? denies : situation.UnknownMeansDeny(*clause.condition);
  row.unknown = !truth;
  row.verdict = deny ? "deny" : "escalate";
  row.anchor = deny ? "" : Escalation(clause, authority);
  return row;
}

bool Reported(const Clause& clause, const Situation& situation) {
  return !clause.condition || situation.Evaluate(*clause.condition, true) != false;
}

// M5, M5.1, M5.4 and M10, for a request under `authority`. `without` names a clause that is left
// out.
std::vector<Row> RowsUnder(const Policy& policy, const Authority& authority, const Request& request,
                           const Situation& situation, const std::string& without) {
  std::vector<Row> rows;
  bool has_allow = false;
  bool has_otherwise = false;
  bool allowed = false;
  const std::vector<const Clause*> clauses = ClausesFor(policy, authority, request.capability);
  for (const Clause* clause : clauses) {
    has_allow = has_allow || clause->kind == ClauseKind::kAllow;
    has_otherwise = has_otherwise || clause->kind == ClauseKind::kOtherwise;
    if (Annotates(*clause) || clause->kind == ClauseKind::kOtherwise || clause->name == without)
      continue;
    const std::optional<Row> row = RowOf(*clause, authority, situation);
    if (!row) continue;
    rows.push_back(*row);
    allowed = allowed || clause->kind == ClauseKind::kAllow;
  }
  for (const Clause* clause : clauses) {
    if (clause->kind != ClauseKind::kOtherwise || allowed || clause->name == without) continue;
    const std::string anchor = clause->decision == "escalate" ? Escalation(*clause, authority)
                               : clause->decision == "allow"  ? authority.anchor
                                                              : "";
    rows.push_back({clause->decision, anchor, clause->name, clause->reason, ""});
  }
  const bool needs_no_allow = authority.freely.contains(request.capability);
  if (needs_no_allow || (!has_allow && !has_otherwise))
    rows.push_back({"allow", authority.anchor, "~default_allow", "", ""});
  if (authority.expires_ms && request.now_ms >= *authority.expires_ms)
    rows.push_back({"deny", "", "~expires", "", ""});
  return rows;
}

// M3.1 and M3.4. REQUIRES: rows is not empty.
void Choose(const Policy& policy, const std::vector<Row>& rows, Answer& answer) {
  const auto is = [&](const char* verdict) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const Row& row) { return row.verdict == verdict; });
  };
  answer.verdict = is("deny") ? "deny" : is("escalate") ? "escalate" : "allow";
  std::set<std::string> highest;  // anchors above which no other one of the rows stands
  for (const Row& row : rows) {
    if (row.verdict != answer.verdict) continue;
    const bool topped = answer.verdict == "escalate" &&
                        std::any_of(rows.begin(), rows.end(), [&](const Row& other) {
                          return other.verdict == "escalate" &&
                                 policy.ranks_above.contains({other.anchor, row.anchor});
                        });
    if (!topped) highest.insert(row.anchor);
  }
  const Row* first = nullptr;
  for (const Row& row : rows) {
    if (row.verdict != answer.verdict || !highest.contains(row.anchor)) continue;
    if (first == nullptr ||
        std::tie(row.unknown, row.clause) < std::tie(first->unknown, first->clause))
      first = &row;
  }
  if (first == nullptr) return;  // ranks in a circle: the policy is refused (M3.3)
  if (highest.size() > 1) answer.rivals = highest;
  answer.anchor = first->anchor;
  answer.clause = first->clause;
  answer.reason = first->reason;
  answer.trigger = first->trigger;
}

// M1.4, in its order. True if one of them decides.
bool BuiltinRow(const Policy& policy, const Request& request, const Situation& situation,
                Answer& answer) {
  answer.verdict = "deny";
  if (!policy.capabilities.contains(request.capability)) {
    answer.builtin = "unknown_capability";
    return true;
  }
  for (const std::string& fact : FactsRead(policy, request.capability)) {  // ascending by name
    if (!situation.IsMalformed(fact)) continue;
    answer.builtin = "malformed";
    answer.fact = fact;
    return true;
  }
  const Capability& capability = situation.capability();
  const std::set<std::string> inputs(capability.inputs.begin(), capability.inputs.end());
  for (const std::string& input : inputs) {
    if (capability.optional.contains(input) || situation.ValueOf(input)) continue;
    answer.builtin = "missing_input";
    answer.fact = input;
    return true;
  }
  return false;
}

// M11: a region that reads an input holds only for capabilities that have it, or where a fact has
// its name.
bool CanRead(const Policy& policy, const Capability& capability, const Condition& condition) {
  const std::set<std::string> all_inputs = [&] {
    std::set<std::string> inputs;
    for (const auto& [name, other] : policy.capabilities)
      inputs.insert(other.inputs.begin(), other.inputs.end());
    return inputs;
  }();
  for (const std::string& fact : FactsNamed(policy, condition)) {
    const bool own = std::find(capability.inputs.begin(), capability.inputs.end(), fact) !=
                     capability.inputs.end();
    if (all_inputs.contains(fact) && !own && !policy.declared.contains(fact)) return false;
  }
  return true;
}

bool Holds(const Policy& policy, const Situation& situation, const Condition& condition) {
  return CanRead(policy, situation.capability(), condition) &&
         situation.Evaluate(condition, false) == true;
}

void Claims(const Policy& policy, const Situation& situation, Answer& answer) {
  const Capability& capability = situation.capability();
  for (const Region& region : policy.regions) {
    if (Holds(policy, situation, region.condition)) answer.regions.insert(region.name);
  }
  for (const Invariant& invariant : policy.invariants) {
    const bool meant =
        invariant.capabilities.empty() || invariant.capabilities.contains(capability.name);
    if (meant && (!invariant.condition || Holds(policy, situation, *invariant.condition)))
      answer.invariants.insert(invariant.name);
  }
}

}  // namespace

std::set<std::string> FactsRead(const Policy& policy, const std::string& capability) {
  std::set<std::string> read;
  const auto declared = policy.capabilities.find(capability);
  if (declared == policy.capabilities.end()) return read;
  for (const std::string& input : declared->second.inputs) AddWithWhatIsBehind(policy, input, read);
  const auto add = [&](const Clause& clause) {
    for (const std::string& evidence : clause.evidence)
      AddWithWhatIsBehind(policy, "?" + evidence, read);
    if (!clause.condition) return;
    for (const std::string& fact : FactsNamed(policy, *clause.condition))
      AddWithWhatIsBehind(policy, fact, read);
  };
  if (declared->second.is_event) {
    for (const Clause* clause : ClausesOnEvent(policy, capability, nullptr)) add(*clause);
  }
  for (const Authority& authority : policy.authorities) {
    if (!authority.may.contains(capability) && !authority.freely.contains(capability)) continue;
    for (const Clause* clause : ClausesFor(policy, authority, capability)) add(*clause);
  }
  return read;
}

std::set<std::string> FactsClaimed(const Policy& policy) {
  std::set<std::string> read;
  const auto add = [&](const Condition& condition) {
    for (const std::string& fact : FactsNamed(policy, condition))
      AddWithWhatIsBehind(policy, fact, read);
  };
  for (const Region& region : policy.regions) add(region.condition);
  for (const Invariant& invariant : policy.invariants) {
    if (invariant.condition) add(*invariant.condition);
  }
  return read;
}

Answer DecideWithout(const Policy& policy, const Request& request, const History* history,
                     const std::string& without) {
  Answer answer;
  const Situation situation(policy, request, history);
  if (BuiltinRow(policy, request, situation, answer)) return answer;
  std::vector<Row> rows;
  const auto report = [&](const Clause& clause) {
    if (Annotates(clause) && Reported(clause, situation)) answer.holds.insert(clause.name);
  };
  const Authority* authority = FindAuthority(policy, request);
  if (situation.capability().is_event) {  // M2.1
    rows.push_back({"allow", "", "~event", "", ""});
    for (const Clause* clause : ClausesOnEvent(policy, request.capability, &request.role))
      report(*clause);
  } else {
    if (policy.effective_ms && !request.as_in_force && request.now_ms < *policy.effective_ms) {
      rows.push_back({"deny", "", "~effective", "", ""});
    }
    if (authority == nullptr) {
      rows.push_back({"deny", "", "~no_authority", "", ""});  // M4.2
    } else {
      answer.under = authority->name;
      for (const Row& row : RowsUnder(policy, *authority, request, situation, without))
        rows.push_back(row);
      for (const Clause* clause : ClausesFor(policy, *authority, request.capability))
        report(*clause);
    }
  }
  for (const Row& row : rows) answer.holds.insert(row.clause);
  Claims(policy, situation, answer);
  if (rows.empty()) {
    answer.builtin = "undecided";  // M5.2: a gap
  } else {
    Choose(policy, rows, answer);
  }
  return answer;
}

Answer Decide(const Policy& policy, const Request& request, const History* history) {
  return DecideWithout(policy, request, history, "");
}

}  // namespace writ::oracle
