// The tables of docs/semantics.md, worked out there by hand, as test data. A case is a request and
// what must come out of it, both in words.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace writ::oracle {

struct Row {
  std::string section;
  std::string policy;   // after the house: people, anchors, and the capability that verifies
  std::string request;  // "amount: 200 EUR, order.status: open"; "missing" takes a value away
  // "allow in {REGION}", "deny by CLAUSE", "escalate to A by CLAUSE under D", "deny, malformed F"
  std::string outcome;
  std::string capability = "issue_refund";
  std::string role = "refund_agent";
  std::string now = "2026-10-05T12:00:00Z";
  std::string head;  // of the policy: "strict"
  bool as_in_force = false;
};

void PrintTo(const Row& row, std::ostream* out);

// Its tests ask the oracle, and then the compiled table.
class Tables : public testing::TestWithParam<Row> {};

// `delegation refunding`, under which refund_agent may issue_refund.
std::string Delegation(const std::string& clauses);
// issue_refund, with these inputs.
std::string RefundCapability(const std::string& inputs);

}  // namespace writ::oracle
