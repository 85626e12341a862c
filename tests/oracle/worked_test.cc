// Both sides, asked for each row of the tables.
#include "worked.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "differential/compare.h"
#include "differential/requests.h"
#include "differential/subject.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {
namespace {

// People, anchors and the capability that verifies.
constexpr const char* kHouse = R"(role coo human
role support_lead human reports to coo
role fraud_desk human reports to coo
role refund_agent agent
role helper agent
role scribe agent
role customer party
anchor refunds { held by support_lead deputies coo absorbs legal reached by "q" within 4 hours on silence deny }
anchor board { held by coo deputies support_lead absorbs strategic reached by "q" within 4 hours on silence deny }
anchor fraud { above holder held by fraud_desk deputies coo absorbs legal reached by "q" within 4 hours on silence deny }
anchor holder { held by fraud_desk deputies coo absorbs legal reached by "q" within 4 hours on silence deny }
capability get_order { kind observe risk read_only system orders input order: id }
)";

std::vector<std::pair<std::string, std::string>> Pairs(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(", ", begin), text.size());
    const std::string pair = text.substr(begin, end - begin);
    const std::size_t colon = pair.find(": ");
    pairs.emplace_back(pair.substr(0, colon), pair.substr(colon + 2));
    begin = end + 2;
  }
  return pairs;
}

std::string TextOf(const Row& row) {
  return "policy test.tables 1.0.0\n" + row.head + "\n" + kHouse + row.policy;
}

Request RequestOf(const Row& row) {
  Request request;
  request.capability = row.capability;
  request.role = row.role;
  request.now_ms = *ParseInstant(row.now);
  request.as_in_force = row.as_in_force;
  for (const auto& [fact, value] : Pairs(row.request)) {
    if (value != "missing") request.facts[fact] = {value, false};
  }
  return request;
}

// As much of the answer as the page speaks of.
std::string Outcome(const Answer& answer, const std::string& wanted) {
  std::string text = answer.verdict;
  if (answer.verdict == "escalate") text += " to " + answer.anchor;
  if (answer.builtin == "malformed") return text + ", malformed " + answer.fact;
  if (answer.builtin == "missing_input") return text + ", missing input " + answer.fact;
  if (answer.builtin == "unknown_capability") return text + ", unknown capability";
  if (wanted.find(" by ") != std::string::npos) text += " by " + answer.clause;
  if (wanted.find(" under ") != std::string::npos)
    text += " under " + (answer.under.empty() ? "nothing" : answer.under);
  if (wanted.find(" in {") != std::string::npos) {
    text += " in {";
    for (const std::string& region : answer.regions) text += region;
    text += "}";
  }
  return text;
}

}  // namespace

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.section << " { " << row.request << " }";
}

std::string Delegation(const std::string& clauses) {
  return "delegation refunding { from support_lead to refund_agent may issue_refund anchor refunds "
         "review every 90 days "
         "for issue_refund { " +
         clauses + " } }\n";
}

std::string RefundCapability(const std::string& inputs) {
  return "capability issue_refund { kind act risk destructive system payments " + inputs +
         " irreversible verify with get_order }\n";
}

TEST_P(Tables, OracleSaysWhatThePageSays) {
  const Row& row = GetParam();
  const DumpResult read = MakeDumps({TextOf(row)});
  ASSERT_FALSE(read.dumps.empty()) << read.why;
  const Answer oracle = Decide(LoadPolicy(read.dumps), RequestOf(row), nullptr);
  EXPECT_EQ(Outcome(oracle, row.outcome), row.outcome) << ToText(oracle);
}

TEST_P(Tables, TableSaysWhatThePageSays) {
  const Row& row = GetParam();
  const SubjectResult made = MakeSubject({TextOf(row)});
  ASSERT_TRUE(made.subject) << made.why;
  const Policy policy = LoadPolicy(made.subject->dumps);
  const Request request = RequestOf(row);
  const Answer table =
      Ask(*made.subject, RuntimeRequest(made.subject->table, request).request(), nullptr);
  EXPECT_EQ(Outcome(table, row.outcome), row.outcome) << ToText(table);
  EXPECT_EQ(Difference(policy, Decide(policy, request, nullptr), table), "");
}

}  // namespace writ::oracle
