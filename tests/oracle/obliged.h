// A page of docs/semantics.md by hand: a few committed events, a request, and the rows of a larger
// word that hold for it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "differential/compare.h"
#include "differential/subject.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {

inline constexpr const char* kScenery = R"(policy test.obligations 1.0.0
role lead human
role clerk human
anchor desk { held by lead deputies lead absorbs legal reached by "q" within 4 hours on silence deny }
fact urgent : bool from host missing escalate
capability look { kind observe risk read_only system s input item: id }
capability order { kind act risk local_write system s input item: id verify with look }
capability receive { kind act risk local_write system s input item: id verify with look }
capability check { kind act risk local_write system s input item: id verify with look }
capability waive { kind act risk local_write system s input item: id verify with look }
capability pay { kind act risk destructive system s input item: id verify with look }
event delivered from s
threshold two_days = 2 days
grant clerk look, order, receive, check, waive, pay under desk
)";

struct Event {
  const char* capability;
  const char* actor = "ann";  // null: not given
  const char* now = "2026-10-05T12:00:00Z";
  const char* item = "1";
  const char* urgent = "false";  // null: not given
  const char* role = "clerk";
  const char* same = nullptr;  // whether aide and lead are one person
  std::map<std::string, std::string> facts = {};
};

struct Obliged {
  const char* name;
  const char* policy;
  std::vector<Event> before;
  Event request;
  std::set<std::string> rows;  // of the larger word
  const char* verdict;
};

inline void PrintTo(const Obliged& obliged, std::ostream* out) { *out << obliged.name; }

inline Request RequestOf(const Event& event) {
  Request request;
  request.capability = event.capability;
  request.role = event.role;
  request.now_ms = *ParseInstant(event.now);
  request.facts["item"] = {std::string("\"") + event.item + "\"", false};
  request.facts["case"] = {std::string("\"") + event.item + "\"", false};
  if (event.actor != nullptr)
    request.facts["actor"] = {std::string("\"") + event.actor + "\"", false};
  if (event.same != nullptr) request.facts["same_person.aide.lead"] = {event.same, false};
  for (const auto& [name, value] : event.facts) request.facts[name] = {value, false};
  if (event.urgent != nullptr) request.facts["urgent"] = {event.urgent, false};
  return request;
}

inline std::set<std::string> WordsRows(const Answer& answer) {
  std::set<std::string> rows;
  for (const std::string& row : answer.holds) {
    if (!row.starts_with('~')) rows.insert(row);
  }
  return rows;
}

// The oracle and the table both give what is written there.
inline void Check(const Obliged& obliged) {
  const SubjectResult made = MakeSubject({std::string(kScenery) + obliged.policy});
  ASSERT_TRUE(made.subject) << made.why;
  const Policy policy = LoadPolicy(made.subject->dumps);
  OwnedSession session(made.subject->table);
  History history;
  for (const Event& event : obliged.before) {
    history.push_back(RequestOf(event));
    session.get()->Commit(RuntimeRequest(made.subject->table, history.back()).request());
  }
  const Request request = RequestOf(obliged.request);
  const Answer oracle = Decide(policy, request, &history);
  const Answer table =
      Ask(*made.subject, RuntimeRequest(made.subject->table, request).request(), session.get());
  EXPECT_EQ(WordsRows(oracle), obliged.rows) << "the oracle: " << ToText(oracle);
  EXPECT_EQ(WordsRows(table), obliged.rows) << "the table: " << ToText(table);
  EXPECT_EQ(oracle.verdict, obliged.verdict);
  EXPECT_EQ(Difference(policy, oracle, table), "");
}

}  // namespace writ::oracle
