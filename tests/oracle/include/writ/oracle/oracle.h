// The oracle: docs/semantics.md once more, as a slow and obvious interpreter of the dumped syntax
// tree.
//
// It shares no code with lang, compiler or runtime, and keeps nothing between two requests: a meter
// is a scan of the history, a clause is evaluated where it stands. Where the oracle and a table
// disagree, the page decides.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "writ/oracle/policy.h"

namespace writ::oracle {

// What a request gives for a fact; a fact without an entry is missing.
struct Given {
  std::string text;        // in the policy's spelling: "200.01 EUR"
  bool malformed = false;  // marked as malformed, whatever the text says
  friend bool operator==(const Given&, const Given&) = default;
};

struct Request {
  std::string capability, role;
  std::int64_t now_ms = 0;
  std::map<std::string, Given> facts;
  bool as_in_force = false;  // M10
  friend bool operator==(const Request&, const Request&) = default;
};

// The requests that were committed before, oldest first.
using History = std::vector<Request>;

struct Answer {
  std::string verdict;  // "allow", "escalate", "deny"
  std::string anchor;   // of an escalate: to whom; of an allow: who is accountable
  std::string clause, reason, trigger;
  std::string under;    // the delegation or grant, or empty
  std::string builtin;  // "", "unknown_capability", "malformed", "missing_input", "undecided"
  std::string fact;     // of a malformed value or a missing input
  std::set<std::string> holds;       // the names of all clauses of which a row contains the request
  std::set<std::string> regions;     // that contain it
  std::set<std::string> invariants;  // whose condition is true for it
  std::set<std::string>
      rivals;  // incomparable anchors to which it can be escalated, if several (M3.3)
};

// `history` null: there is no session (M9.6).
Answer Decide(const Policy& policy, const Request& request, const History* history);

// The facts that regions and invariants read, whatever the capability.
std::set<std::string> FactsClaimed(const Policy& policy);

// The answer without the rows of these clauses and without these exceptions, by their names (for
// "has no effect").
Answer DecideWithout(const Policy& policy, const Request& request, const History* history,
                     const std::set<std::string>& without);

// M18: the clauses that read text from tools or models, and the answer without their rows.
std::set<std::string> ClausesOnText(const Policy& policy);

// M15.4: the name of a ceiling above the delegation under which the request is allowed, outside of
// which it lies; empty if there is none, or if it is not allowed.
std::string CeilingExceeded(const Policy& policy, const Request& request, const History* history);

// M3.1, as far as anchors stand in an order; what is undecided counts as denied (M18).
bool AtLeastAsStrict(const Policy& policy, const Answer& a, const Answer& b);

}  // namespace writ::oracle
