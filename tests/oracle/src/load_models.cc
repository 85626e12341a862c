// Classes of models, and which of them act alone: M52.
#include "load.h"

namespace writ::oracle {

namespace {

std::string PlusJoined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "+") + name;
  return text;
}

}  // namespace

// What is named in no class is of the first, as what nobody names. Comes before all conditions.
void Loader::ReadModelClasses(const Json& json) {
  Fact model;
  model.name = "model";
  model.type.kind = TypeKind::kEnum;
  model.type.ordered = true;
  for (const Json& one : json.at("classes")) {
    model.type.values.push_back(TextOf(one, "name"));
    for (const std::string& name : NamesOf(one, "models"))
      model.type.called[name] = model.type.values.back();
  }
  model.type.any_other = model.type.values.front();
  model.word = MissingWord::kValue;
  model.substitute = ParseValue(model.type, model.type.values.front());
  Declare(model);
}

// Comes after all capabilities.
void Loader::ReadModels(const Json& json) {
  if (FlagOf(json, "ordered")) {
    Invariant ordered;
    ordered.name = "models.ordered";
    ordered.kind = "monotone";
    ordered.fact = "model";
    ordered.falling = true;
    policy.invariants.push_back(ordered);
  }
  std::map<std::string, int> number;
  for (const Json& alone : json.value("alone", Json::array())) {
    std::vector<Expr> workers;
    for (const std::string& role : policy.workers)
      workers.push_back(Made(Op::kEqual, {Reading("role"), Reading(role)}));
    const std::vector<std::string> listed = NamesOf(alone, "capabilities");
    const std::set<std::string> targets = listed.empty() ? Deeds(true) : Expand(listed);
    if (workers.empty() || targets.empty()) continue;
    Clause row;
    const std::string block = listed.empty() ? "*" : PlusJoined(listed);
    row.name = "models/" + block + "/alone." + std::to_string(++number[block]);
    row.kind = TextOf(alone, "below") == "deny" ? ClauseKind::kDeny : ClauseKind::kEscalate;
    row.anchor = TextOf(alone, "anchor");
    row.capabilities = targets;
    const Expr weaker = Made(Op::kLess, {Reading("model"), Reading(TextOf(alone, "from"))});
    row.condition = Condition{Made(Op::kAnd, {weaker, Made(Op::kOr, std::move(workers))}),
                              std::make_shared<Lets>()};
    row.reason = alone.contains("reason") ? TextOf(alone, "reason") : TextOf(json, "title");
    policy.guard_clauses.push_back(row);
  }
}

}  // namespace writ::oracle
