// Two answers to one request, and a smaller policy for which they still differ.
#pragma once

#include <string>
#include <vector>

#include "generate.h"
#include "writ/oracle/oracle.h"

namespace writ::oracle {

// What differs, in words; empty if nothing does. Where the oracle says that anchors are rivals
// (M3.3), any of them will do.
std::string Difference(const Policy& policy, const Answer& oracle, const Answer& subject);

std::string ToText(const Answer& answer);

// A case: a policy, what was committed before (if there is a session), and a request.
struct Case {
  std::vector<Block> files;
  bool session = false;
  History history;
  Request request;
};

// Runs both sides. Empty if they agree, or if the policy is refused.
std::string DifferenceIn(const Case& a_case);

// Drops declarations, clauses, parts of conditions, events and facts for as long as the answers
// differ, and prints what is left: policy, history, request, both answers.
std::string ShrinkAndPrint(Case a_case);

}  // namespace writ::oracle
