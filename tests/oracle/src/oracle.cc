// Builtin rows (M1.4), then all rows that contain the request, then the strictest of them. Decide
// is the entry point.
#include "writ/oracle/oracle.h"

#include <algorithm>
#include <tuple>

#include "rules.h"
#include "situation.h"

namespace writ::oracle {

namespace {

// A row that contains the request.
struct Row {
  std::string verdict, anchor, clause, reason, trigger;
  bool unknown = false;  // holds for want of a value
};

bool Annotates(const Clause& clause) {
  return clause.kind == ClauseKind::kNote || clause.kind == ClauseKind::kNotify;
}

std::string Escalation(const Clause& clause, const Authority& authority) {
  return clause.anchor.empty() ? authority.anchor : clause.anchor;
}

// Clauses that are never unknown: a row wherever something is not so, or cannot be.
bool IsDefinite(const Clause& clause) {
  return clause.kind == ClauseKind::kEvidence || clause.kind == ClauseKind::kConfirmation ||
         clause.kind == ClauseKind::kAssume;
}

bool DefinitelyDenies(const Clause& clause, const Situation& situation) {
  if (clause.kind == ClauseKind::kAssume)
    return situation.Evaluate(*clause.condition, false) == true;
  if (clause.kind == ClauseKind::kConfirmation) {
    const std::optional<Value> yes = situation.ValueOf("confirmation." + clause.party);
    return !yes || !yes->truth;
  }
  return !std::all_of(clause.evidence.begin(), clause.evidence.end(),
                      [&](const std::string& evidence) { return situation.IsFresh(evidence); });
}

// The row of the table in M5 that contains the request, if one does.
std::optional<Row> RowOf(const Clause& clause, const Authority& authority,
                         const Situation& situation) {
  Row row{"", "", clause.name, clause.reason, clause.trigger};
  if (IsDefinite(clause)) {
    row.verdict = "deny";
    return DefinitelyDenies(clause, situation) ? std::optional(row) : std::nullopt;
  }
  const Truth truth = situation.Concerned(clause, clause.kind != ClauseKind::kAllow);
  if (clause.kind == ClauseKind::kAllow) {
    row.verdict = "allow";
    row.anchor = authority.anchor;
    return truth == true ? std::optional(row) : std::nullopt;
  }
  const bool wants_true = clause.kind == ClauseKind::kDeny || clause.kind == ClauseKind::kEscalate;
  const bool denies = clause.kind == ClauseKind::kRequire || clause.kind == ClauseKind::kCeiling ||
                      clause.kind == ClauseKind::kDeny || clause.else_deny;
  if (truth && *truth != wants_true) return std::nullopt;
  const bool deny = truth ? denies : situation.UnknownMeansDeny(*clause.condition);
  row.unknown = !truth;
  row.verdict = deny ? "deny" : "escalate";
  row.anchor = deny ? "" : Escalation(clause, authority);
  return row;
}

bool Reported(const Clause& clause, const Situation& situation) {
  return situation.Concerned(clause, true) != false;
}

// The rows of M5.1, M10, M14 and M15.5, which no author wrote. `decides`: whether there is an
// `allow` or `otherwise`.
void AddUnwrittenRows(const Policy& policy, const Authority& authority, const Request& request,
                      bool decides, std::vector<Row>& rows) {
  const std::string& capability = request.capability;
  if (authority.freely.contains(capability) || (authority.may.contains(capability) && !decides))
    rows.push_back({"allow", authority.anchor, "~default_allow", "", ""});
  if (authority.propose.contains(capability))
    rows.push_back({"escalate", authority.anchor, "~propose", "", ""});
  if (authority.abstain.contains(capability)) rows.push_back({"deny", "", "~abstain", "", ""});
  const std::optional<std::int64_t> end = EndOf(policy, authority, request.role, capability);
  if (end && request.now_ms >= *end) rows.push_back({"deny", "", "~expires", "", ""});
}

// M5, for a request under `authority`. `without` names clauses and exceptions that are left out.
std::vector<Row> RowsUnder(const Policy& policy, const Authority& authority, const Request& request,
                           const Situation& situation, const std::set<std::string>& without) {
  std::vector<Row> rows;
  bool decides = false;
  bool allowed = false;
  const std::vector<const Clause*> clauses = ClausesFor(policy, authority, request.capability);
  for (const Clause* clause : clauses) {
    decides =
        decides || clause->kind == ClauseKind::kAllow || clause->kind == ClauseKind::kOtherwise;
    if (Annotates(*clause) || clause->kind == ClauseKind::kOtherwise ||
        without.contains(clause->name))
      continue;
    if (IsLifted(policy, authority, *clause, request, situation, without)) continue;
    const std::optional<Row> row = RowOf(*clause, authority, situation);
    if (!row) continue;
    rows.push_back(*row);
    allowed = allowed || clause->kind == ClauseKind::kAllow;
  }
  for (const Clause* clause : clauses) {
    if (clause->kind != ClauseKind::kOtherwise || allowed || without.contains(clause->name))
      continue;
    const std::string anchor = clause->decision == "escalate" ? Escalation(*clause, authority)
                               : clause->decision == "allow"  ? authority.anchor
                                                              : "";
    rows.push_back({clause->decision, anchor, clause->name, clause->reason, ""});
  }
  AddUnwrittenRows(policy, authority, request, decides, rows);
  return rows;
}

// M20
bool HeaderDenies(const Policy& policy, const Request& request, const Situation& situation) {
  const std::optional<Value> header = situation.ValueOf("header");
  return header ? header->text != "valid" : policy.strict && !request.as_in_force;
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

// Of any version (M23.4): what it reads of the request that is no value.
std::set<std::string> MalformedFacts(const Policy& policy, const Request& request,
                                     const History* history) {
  std::set<std::string> malformed;
  const Situation situation(policy, request, history);
  if (policy.before) {
    malformed = MalformedFacts(*policy.before, request, history);
    if (situation.IsMalformed(policy.case_began)) malformed.insert(policy.case_began);
  }
  if (!policy.capabilities.contains(request.capability)) return malformed;
  for (const std::string& fact : policy.reads.at(request.capability)) {
    if (situation.IsMalformed(fact)) malformed.insert(fact);
  }
  return malformed;
}

// M1.4, in its order. True if one of them decides.
bool BuiltinRow(const Policy& policy, const Request& request, const History* history,
                Answer& answer) {
  answer.verdict = "deny";
  if (!policy.capabilities.contains(request.capability)) {
    answer.builtin = "unknown_capability";
    return true;
  }
  const Situation situation(policy, request, history);
  const std::set<std::string> malformed = MalformedFacts(policy, request, history);
  if (!malformed.empty()) {
    answer.builtin = "malformed";
    answer.fact = *malformed.begin();  // ascending by name
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

bool Holds(const Policy& policy, const Situation& situation, const Condition& condition) {
  return HasInputs(policy, situation.capability(), condition.named) &&
         situation.Evaluate(condition, false) == true;
}

void Claims(const Policy& policy, const Situation& situation, Answer& answer) {
  const Capability& capability = situation.capability();
  for (const Region& region : policy.regions) {
    if (Holds(policy, situation, region.condition)) answer.regions.insert(region.name);
  }
  for (const Invariant& invariant : policy.invariants) {
    const bool meant = invariant.capabilities.empty() ||
                       invariant.capabilities.contains(capability.name) ||
                       invariant.implied_capabilities.contains(capability.name);
    if (meant && (!invariant.condition || Holds(policy, situation, *invariant.condition)))
      answer.invariants.insert(invariant.name);
  }
}

}  // namespace

Answer DecideWithout(const Policy& policy, const Request& request, const History* history,
                     const std::set<std::string>& without) {
  Answer answer;
  if (BuiltinRow(policy, request, history, answer)) return answer;
  const Situation situation(policy, request, history);
  std::vector<Row> rows;
  const auto report = [&](const Clause& clause) {
    if (Annotates(clause) && Reported(clause, situation)) answer.holds.insert(clause.name);
  };
  const Authority* authority = FindAuthority(policy, request.role, request.capability);
  if (situation.capability().is_event) {  // M2.1
    rows.push_back({"allow", "", "~event", "", ""});
    for (const Clause* clause : ClausesOnEvent(policy, request.capability, &request.role))
      report(*clause);
  } else {
    if (policy.effective_ms && !request.as_in_force && request.now_ms < *policy.effective_ms) {
      rows.push_back({"deny", "", "~effective", "", ""});
    }
    if (HeaderDenies(policy, request, situation)) rows.push_back({"deny", "", "~header", "", ""});
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

namespace {

// M10.1
bool BeganBefore(const Policy& policy, const Request& request, const History* history) {
  const Situation situation(policy, request, history);
  return std::any_of(policy.assumptions.begin(), policy.assumptions.end(), [&](const Clause& c) {
    return c.name == "~cases/" + policy.name && DefinitelyDenies(c, situation);
  });
}

// M23.4: a version that does not know the capability gives it to nobody.
Answer DecidedByNobody(bool is_event) {
  Answer answer;
  answer.verdict = is_event ? "allow" : "deny";
  answer.clause = is_event ? "~event" : "~no_authority";
  answer.holds.insert(answer.clause);
  return answer;
}

}  // namespace

Answer Decide(const Policy& policy, const Request& request, const History* history) {
  if (!policy.before) return DecideWithout(policy, request, history, {});
  const bool known = policy.capabilities.contains(request.capability),
             known_before = policy.before->capabilities.contains(request.capability);
  if (!known && !known_before) return DecideWithout(policy, request, history, {});
  Answer answer;
  answer.verdict = "deny";
  answer.builtin = "malformed";
  const std::set<std::string> malformed = MalformedFacts(policy, request, history);
  if (!malformed.empty()) return answer.fact = *malformed.begin(), answer;
  const bool before = BeganBefore(policy, request, history);
  if (before && known_before) return Decide(*policy.before, request, history);
  if (!before && known) return DecideWithout(policy, request, history, {});
  const Policy& other = known ? policy : *policy.before;
  // Inputs are those of the version that knows it.
  answer = DecideWithout(other, request, history, {});
  if (answer.builtin == "missing_input") return answer;
  return DecidedByNobody(other.capabilities.at(request.capability).is_event);
}

}  // namespace writ::oracle
