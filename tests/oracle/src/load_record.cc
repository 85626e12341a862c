// What is remembered, what becomes the record, what is used up, who takes over: M34 to M38.
#include <algorithm>

#include "load.h"

namespace writ::oracle {

Expr Made(Op op, std::vector<Expr> operands) {
  Expr expr;
  expr.op = op;
  expr.operands = std::move(operands);
  return expr;
}

Expr Reading(const std::string& name) {
  Expr expr;
  expr.op = Op::kName;
  expr.name = name;
  return expr;
}

Expr Constant(Value value) {
  Expr expr;
  expr.constant = std::move(value);
  return expr;
}

Fact FromHost(const std::string& name, TypeKind kind) {
  Fact fact;
  fact.name = name;
  fact.type.kind = kind;
  return fact;
}

namespace {

Clause RowFor(const std::string& name, ClauseKind kind, const std::string& target, Expr expr) {
  Clause row;
  row.name = name;
  row.kind = kind;
  row.capabilities = {target};
  row.condition = Always();
  row.condition->expr.operands.push_back(std::move(expr));
  return row;
}

Meter Happened(const std::string& name, const std::set<std::string>& targets,
               const std::set<std::string>& since) {
  Meter meter;
  meter.name = name;
  meter.fold = Fold::kExists;
  meter.targets = targets;
  meter.keys = {"case"};
  meter.since = since;
  return meter;
}

std::string ReasonOf(const Json& part, const Json& whole) {
  return part.contains("reason") ? TextOf(part, "reason") : TextOf(whole, "title");
}

}  // namespace

void Loader::Declare(Fact fact) {
  SetDefaultRange(fact.type);
  policy.declared.insert(fact.name);
  policy.facts[fact.name] = std::move(fact);
}

// An amount as written, or what the threshold of this name is worth.
Expr Loader::ReadAmount(const Json& literal) {
  if (TextOf(literal, "kind") == "word") return Reading(TextOf(literal, "text"));
  policy.constants.push_back(ReadLiteral(literal));
  return Constant(policy.constants.back());
}

void Loader::ReadConsent(const Json& json) {
  const std::string name = "consent." + TextOf(json, "name");
  for (const char* what : {".given", ".revoked"}) {
    Capability event;
    event.name = name + what;
    event.is_event = true;
    policy.capabilities[event.name] = event;
  }
  Meter meter = Happened(name, {name + ".given"}, {name + ".revoked"});
  meter.within = ReadWindow(json.at("lasts"));
  policy.meters[name] = meter;
}

void Loader::ReadMemory(const Json& json) {
  const std::string owner = TextOf(json, "name");
  std::map<std::string, int> numbers;
  const auto add = [&](const std::string& target, const std::string& kind, Clause row,
                       const std::string& reason) {
    const std::string name = owner + "/" + target + "/" + kind + ".";
    row.name = name + std::to_string(++numbers[name]);
    row.reason = reason;
    policy.guard_clauses.push_back(row);
  };
  if (const std::string consent = TextOf(json, "consent"); !consent.empty()) {
    for (const char* list : {"written_by", "recalled_by"}) {
      for (const std::string& target : NamesOf(json, list))
        add(target, "consent",
            RowFor("", ClauseKind::kDeny, target, Made(Op::kNot, {Reading("consent." + consent)})),
            TextOf(json, "title"));
    }
  }
  for (const Json& decay : json.value("decay", Json::array())) {
    const std::string when = TextOf(decay, "when");
    const std::string fact = "memory." + owner + "." + when;
    Declare(FromHost(fact, when == "unused"         ? TypeKind::kDuration
                           : when == "contradicted" ? TypeKind::kInteger
                                                    : TypeKind::kBool));
    Expr condition = Reading(fact);
    if (decay.contains("amount"))
      condition = Made(Op::kGreaterEqual, {condition, ReadAmount(decay.at("amount"))});
    const std::string then = TextOf(decay, "then");
    for (const std::string& target : NamesOf(json, "recalled_by")) {
      Clause row = RowFor("",
                          then == "flag"     ? ClauseKind::kNotify
                          : then == "demote" ? ClauseKind::kEscalate
                                             : ClauseKind::kDeny,
                          target, condition);
      row.anchor = TextOf(decay, "anchor");
      add(target, "decay", row, ReasonOf(decay, json));
    }
  }
}

// M37: a case is in the state to which its latest step led.
void Loader::ReadPromotion(const Json& json) {
  const std::string owner = TextOf(json, "name");
  const std::string first = TextOf(json, "from");
  const Json transitions = json.value("transitions", Json::array());
  std::map<std::string, std::set<std::string>> leads_to;
  std::set<std::string> all, authors;
  for (const Json& transition : transitions) {
    leads_to[TextOf(transition, "to")].insert(TextOf(transition, "by"));
    all.insert(TextOf(transition, "by"));
    if (TextOf(transition, "from") == first) authors.insert(TextOf(transition, "by"));
  }
  std::vector<Expr> moved;
  for (const auto& [state, steps] : leads_to) {
    if (state == first) continue;
    std::set<std::string> others;
    std::set_difference(all.begin(), all.end(), steps.begin(), steps.end(),
                        std::inserter(others, others.end()));
    const std::string name = "state." + owner + "." + state;
    policy.meters[name] = Happened(name, steps, others);
    moved.push_back(Reading(name));
  }
  const auto in = [&](const std::string& state) {
    if (state != first) return Reading("state." + owner + "." + state);
    return Made(Op::kNot, {Made(Op::kOr, moved)});
  };
  std::map<std::string, int> numbers;
  const auto add = [&](const Json& transition, const std::string& kind, Expr condition) {
    const std::string target = TextOf(transition, "by");
    const std::string name = owner + "/" + target + "/" + kind + ".";
    Clause row =
        RowFor(name + std::to_string(++numbers[name]), ClauseKind::kDeny, target, condition);
    row.reason = kind == "step" ? TextOf(json, "title") : ReasonOf(transition, json);
    policy.guard_clauses.push_back(row);
  };
  std::set<std::string> stepped;
  for (const Json& transition : transitions) {
    if (!stepped.insert(TextOf(transition, "by")).second) continue;
    std::vector<Expr> starts;
    for (const Json& other : transitions) {
      if (TextOf(other, "by") == TextOf(transition, "by"))
        starts.push_back(in(TextOf(other, "from")));
    }
    add(transition, "step", Made(Op::kNot, {Made(Op::kOr, starts)}));
  }
  for (const Json& transition : transitions) {
    const Expr here = in(TextOf(transition, "from"));
    if (transition.contains("when"))
      add(transition, "when",
          Made(Op::kAnd, {here, Made(Op::kNot, {ReadExpr(transition.at("when"))})}));
    if (transition.contains("sources")) {
      const std::string fact = "promotion." + owner + ".sources";
      Declare(FromHost(fact, TypeKind::kInteger));
      add(transition, "sources",
          Made(Op::kAnd,
               {here, Made(Op::kLess, {Reading(fact), ReadAmount(transition.at("sources"))})}));
    }
    if (!FlagOf(transition, "not_author")) continue;
    std::vector<Expr> own;
    for (const std::string& author : authors)
      own.push_back(Made(Op::kGreater, {Reading(Count("own", author, Json(), false)),
                                        Constant(Value::Of({0, 0}))}));
    add(transition, "author", Made(Op::kAnd, {here, Made(Op::kOr, own)}));
  }
  vaults.emplace_back(owner, TextOf(json, "system"), TextOf(json, "title"));
  policy.steps.insert(all.begin(), all.end());
}

// Once all steps are known.
void Loader::CloseVaults() {
  for (const auto& [owner, system, reason] : vaults) {
    for (const auto& [name, capability] : policy.capabilities) {
      if (capability.kind != "act" || capability.system != system || policy.steps.contains(name))
        continue;
      Clause row = RowFor(owner + "/" + name + "/outside.1", ClauseKind::kDeny, name,
                          Constant(Value::Truth(true)));
      row.reason = reason;
      policy.guard_clauses.push_back(row);
    }
  }
}

void Loader::ReadBudget(const Json& json) {
  const std::string owner = TextOf(json, "name");
  const std::vector<std::string> listed = NamesOf(json, "capabilities");
  std::set<std::string> targets = Expand(listed);
  std::string block;
  for (const std::string& name : listed) block += (block.empty() ? "" : "+") + name;
  if (listed.empty()) {
    block = "*";
    for (const auto& [name, capability] : policy.capabilities) {
      if (!capability.is_event && capability.hands_over_to.empty()) targets.insert(name);
    }
  }
  int number = 0;
  for (const Json& line : json.value("lines", Json::array())) {
    const std::string measure = TextOf(line, "measure");
    const std::string spent = "budget." + owner + "." + measure;
    if (measure == "calls") {
      Meter meter;
      meter.name = spent;
      meter.targets = targets;
      meter.keys = {"session"};
      policy.meters[spent] = meter;
    } else {
      Fact fact = FromHost(spent, measure == "tokens" ? TypeKind::kInteger
                                  : measure == "cost" ? TypeKind::kMoney
                                                      : TypeKind::kDuration);
      fact.type.currency = measure == "cost" ? TextOf(line.at("amount"), "unit") : "";
      fact.type.scale = measure == "cost" ? MinorDigits(fact.type.currency) : 0;
      Declare(fact);
    }
    Clause row =
        RowFor(owner + "/" + block + "/budget." + std::to_string(++number),
               TextOf(json, "exhausted") == "deny" ? ClauseKind::kDeny : ClauseKind::kEscalate, "",
               Made(Op::kGreaterEqual, {Reading(spent), ReadAmount(line.at("amount"))}));
    row.capabilities = targets;
    row.anchor = TextOf(json, "anchor");
    row.reason = TextOf(json, "title");
    policy.guard_clauses.push_back(row);
  }
}

// M34.3: where a case is handed over, the anchor hears of it.
void Loader::ReadHandOver(const Json& json) {
  const std::string name = TextOf(json, "name");
  Clause row = RowFor("hands_over(" + name + ")/" + name + "/notify.1", ClauseKind::kNotify, name,
                      Constant(Value::Truth(true)));
  row.anchor = TextOf(json, "hands_over_to");
  row.reason = TextOf(json, "title");
  policy.guard_clauses.push_back(row);
}

}  // namespace writ::oracle
