// Larger words about what happened before: M30 to M32.
#include <algorithm>

#include "load.h"

namespace writ::oracle {

std::string Loader::Count(const std::string& function, const std::string& target,
                          const Json& obligation, bool within) {
  Meter meter;
  meter.name = function + "(" + target + ")";
  meter.targets = Expand({target});
  meter.keys = {"case"};
  if (function == "own") meter.keys.emplace_back("actor");
  if (const std::string since = TextOf(obligation, "since"); !since.empty()) {
    meter.since = Expand({since});
    meter.name += " since " + since;
  }
  if (within && obligation.contains("within")) {
    const Json& window = obligation.at("within");
    const std::string number = TextOf(window, "text");
    const std::string unit = TextOf(window, "unit");
    meter.within = ReadWindow(window);
    meter.name += " within " + number + (unit.size() > 2 ? " " : "") + unit +
                  (unit.size() > 2 && number != "1" ? "s" : "");
  }
  policy.meters[meter.name] = meter;
  return meter.name;
}

ClauseKind Loader::Consequence(const std::string& word,
                               const std::set<std::string>& targets) const {
  if (word == "escalate") return ClauseKind::kEscalate;
  if (word == "note") return ClauseKind::kNote;
  if (word == "notify") return ClauseKind::kNotify;
  const bool events = std::all_of(targets.begin(), targets.end(), [&](const std::string& target) {
    return policy.capabilities.at(target).is_event;
  });
  return word != "deny" && events ? ClauseKind::kNote : ClauseKind::kDeny;
}

void Loader::ReadSeparate(const Json& json) {
  const std::vector<std::string> sides = NamesOf(json, "sides");
  std::string owner;
  for (const std::string& side : sides) owner += (owner.empty() ? "" : ", ") + side;
  for (const std::string& side : sides) {
    Clause clause;
    clause.name = "separate(" + owner + ")/" + side + "/separate.1";
    clause.reason = TextOf(json, "reason");
    clause.capabilities = Expand({side});
    clause.kind = Consequence("", clause.capabilities);
    clause.condition = Always();
    if (json.contains("when")) clause.condition->expr.operands.push_back(ReadExpr(json.at("when")));
    clause.obligation.emplace();
    for (const std::string& other : sides) {
      if (other != side) clause.obligation->others.push_back(Count("own", other, Json(), false));
    }
    policy.guard_clauses.push_back(clause);
  }
}

Clause Loader::ReadObligation(const Json& json, const Json& sequence) {
  Clause clause;
  clause.capabilities = Expand({TextOf(json, "target")});
  clause.kind = Consequence(TextOf(json, "else"), clause.capabilities);
  clause.anchor = TextOf(json, "anchor");
  clause.trigger = TextOf(json, "trigger");
  clause.reason = TextOf(json.contains("reason") ? json : sequence,
                         json.contains("reason") ? "reason" : "title");
  Condition condition = Always();
  for (const Json* when : {&sequence, &json}) {
    if (when->contains("when")) condition.expr.operands.push_back(ReadExpr(when->at("when")));
  }
  clause.condition = condition;
  Obligation asks;
  if (json.contains("needs")) {
    asks.needed = Count("done", TextOf(json, "needs"), json, true);
    if (FlagOf(json, "one_each")) asks.each = Count("done", TextOf(json, "target"), json, false);
  }
  asks.approval = TextOf(json, "approval");
  if (json.contains("until")) asks.until = Count("done", TextOf(json, "until"), Json(), false);
  clause.obligation = asks;
  return clause;
}

void Loader::ReadSequence(const Json& json) {
  std::map<std::string, int> numbers;
  for (const Json& obligation : json.value("needs", Json::array())) {
    Clause clause = ReadObligation(obligation, json);
    const std::string kind =
        TextOf(json, "name") + "/" + TextOf(obligation, "target") +
        (obligation.contains("needs") || obligation.contains("approval") ? "/needs." : "/never.");
    clause.name = kind + std::to_string(++numbers[kind]);
    policy.guard_clauses.push_back(clause);
  }
}

}  // namespace writ::oracle
