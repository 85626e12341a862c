// Delegations, grants and guards: which clause applies to what, and what it is called (M3.4, M4).
#include "load.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {

std::set<std::string> Loader::Expand(const std::vector<std::string>& names) const {
  std::set<std::string> all;
  for (const std::string& name : names) {
    const auto group = policy.groups.find(name);
    if (group == policy.groups.end()) {
      all.insert(name);
    } else {
      all.merge(Expand(group->second));
    }
  }
  return all;
}

namespace {

ClauseKind KindOf(const std::string& word) {
  if (word == "require") return ClauseKind::kRequire;
  if (word == "require_evidence") return ClauseKind::kEvidence;
  if (word == "confirmation") return ClauseKind::kConfirmation;
  if (word == "ceiling") return ClauseKind::kCeiling;
  if (word == "deny") return ClauseKind::kDeny;
  if (word == "limit") return ClauseKind::kLimit;
  if (word == "escalate") return ClauseKind::kEscalate;
  if (word == "allow") return ClauseKind::kAllow;
  if (word == "otherwise") return ClauseKind::kOtherwise;
  return word == "notify" ? ClauseKind::kNotify : ClauseKind::kNote;
}

std::string Join(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : "+") + name;
  return joined;
}

// M4.4: the attributes that `where` reads. It is settled per capability, by substituting them.
bool Selects(const Expr& where, const Capability& capability) {
  switch (where.op) {
    case Op::kAnd:
      for (const Expr& part : where.operands) {
        if (!Selects(part, capability)) return false;
      }
      return true;
    case Op::kOr:
      for (const Expr& part : where.operands) {
        if (Selects(part, capability)) return true;
      }
      return false;
    case Op::kNot:
      return !Selects(where.operands[0], capability);
    case Op::kConstant:
      return where.constant.truth;
    case Op::kName:
      return where.name == "irreversible" && capability.irreversible;
    default:
      break;
  }
  const std::string& attribute = where.operands[0].name;
  const std::string value = attribute == "capability" ? capability.name
                            : attribute == "kind"     ? capability.kind
                            : attribute == "risk"     ? capability.risk
                            : attribute == "system"   ? capability.system
                            : capability.irreversible ? "true"
                                                      : "false";
  bool found = false;
  for (std::size_t i = 1; i < where.operands.size(); ++i) {
    const Expr& member = where.operands[i];
    found = found || value == (member.op == Op::kName ? member.name : ToString(member.constant));
  }
  return found != (where.negated || where.op == Op::kNotEqual);
}

}  // namespace

Clause Loader::ReadClause(const Json& json, std::shared_ptr<const Lets> lets) {
  Clause clause;
  clause.kind = KindOf(TextOf(json, "kind"));
  if (json.contains("condition"))
    clause.condition = ReadCondition(json.at("condition"), std::move(lets));
  clause.evidence = NamesOf(json, "evidence");
  clause.party = TextOf(json, "party");
  clause.anchor = TextOf(json, "anchor");
  clause.else_deny = FlagOf(json, "else_deny");
  clause.decision = TextOf(json, "otherwise");
  clause.trigger = TextOf(json, "trigger");
  clause.reason = TextOf(json, "reason");
  return clause;
}

std::vector<Clause> Loader::ReadBlock(const Json& clauses, const std::string& owner,
                                      const std::string& block,
                                      const std::set<std::string>& capabilities,
                                      std::shared_ptr<const Lets> outer) {
  auto lets = std::make_shared<Lets>(*outer);
  for (const Json& json : clauses) {
    if (json.contains("let"))
      (*lets)[TextOf(json.at("let"), "name")] = ReadExpr(json.at("let").at("value"));
  }
  std::vector<Clause> read;
  std::map<std::string, int> numbers;
  for (const Json& json : clauses) {
    std::string kind = TextOf(json, "kind");
    if (kind == "let") continue;
    if (kind == "require_evidence") kind = "evidence";
    if (kind == "approval") {
      const std::string number = std::to_string(++numbers[kind]);
      for (Clause& stage : ReadStages(json)) {
        stage.name = owner + "/" + block + "/approval." + number + "." + stage.anchor;
        stage.capabilities = capabilities;
        read.push_back(stage);
      }
      continue;
    }
    Clause clause = ReadClause(json, lets);
    clause.name = owner + "/" + block + "/" + kind + "." + std::to_string(++numbers[kind]);
    clause.capabilities = capabilities;
    read.push_back(clause);
  }
  return read;
}

void Loader::Confine(Clause& clause, const Authority& delegation) const {
  std::set<std::string> reached = delegation.may;
  reached.insert(delegation.propose.begin(), delegation.propose.end());
  for (const MayGrant& grant : delegation.grants) {
    if (clause.kind == ClauseKind::kCeiling)
      reached.insert(grant.capabilities.begin(), grant.capabilities.end());
  }
  std::erase_if(clause.capabilities, [&](const std::string& name) {
    const auto capability = policy.capabilities.find(name);
    const bool event = capability != policy.capabilities.end() && capability->second.is_event;
    return !event && !reached.contains(name);
  });
}

void Loader::ReadDelegation(const Json& json) {
  Authority delegation;
  delegation.name = TextOf(json, "name");
  delegation.from = TextOf(json, "from");
  for (const std::string& role : NamesOf(json, "to")) delegation.to.insert(role);
  for (const Json& may : json.value("may", Json::array())) {
    const std::string kind = TextOf(may, "kind");
    (kind == "freely"    ? delegation.freely
     : kind == "propose" ? delegation.propose
                         : delegation.may)
        .merge(Expand(NamesOf(may, "capabilities")));
  }
  std::set<std::string> all = delegation.may;
  all.insert(delegation.propose.begin(), delegation.propose.end());
  for (const Json& grant : json.value("may_grant", Json::array())) {
    const std::vector<std::string> to = NamesOf(grant, "to");
    delegation.grants.push_back({Expand(NamesOf(grant, "capabilities")),
                                 std::set(to.begin(), to.end()), grant.value("depth", 1)});
    all.merge(Expand(NamesOf(grant, "capabilities")));
  }
  delegation.abstain = Expand(NamesOf(json, "abstain"));
  delegation.anchor = TextOf(json, "anchor");
  if (json.contains("expires")) delegation.expires_ms = ReadEnd(json.at("expires"));
  const Json none = Json::array();
  const Json& top = json.contains("clauses") ? json.at("clauses") : none;
  delegation.clauses = ReadBlock(top, delegation.name, "*", all, std::make_shared<Lets>());
  Lets top_lets;
  for (const Json& clause : top) {
    if (clause.contains("let"))
      top_lets[TextOf(clause.at("let"), "name")] = ReadExpr(clause.at("let").at("value"));
  }
  const auto outer = std::make_shared<Lets>(top_lets);
  for (const Json& block : json.value("blocks", none)) {
    const std::vector<std::string> names = NamesOf(block, "capabilities");
    for (const Clause& clause : ReadBlock(block.value("clauses", none), delegation.name,
                                          Join(names), Expand(names), outer)) {
      delegation.clauses.push_back(clause);
    }
  }
  for (Clause& clause : delegation.clauses) {
    Confine(clause, delegation);
    if (clause.stage) policy.required.emplace(delegation.anchor, clause.stage->first);
  }
  policy.authorities.push_back(delegation);
}

// M10: after the last day, or so long after the first day of the file.
std::int64_t Loader::ReadEnd(const Json& expires) const {
  if (TextOf(expires, "kind") == "date")
    return FirstInstant(TextOf(expires, "text"), zone, 1).value();
  const Window window = ReadWindow(expires);
  if (window.months != 0) return FirstInstantAfterMonths(effective, zone, window.months).value();
  constexpr std::int64_t kDayMs = 86'400'000;
  return FirstInstant(effective, zone, static_cast<int>(window.ms / kDayMs)).value();
}

void Loader::ReadGrant(const Json& json) {
  Authority grant;
  grant.is_grant = true;
  grant.name = TextOf(json, "role");
  grant.to.insert(TextOf(json, "role"));
  grant.freely = Expand(NamesOf(json, "capabilities"));
  grant.anchor = TextOf(json, "anchor");
  if (json.contains("expires")) grant.expires_ms = ReadEnd(json.at("expires"));
  policy.authorities.push_back(grant);
}

void Loader::ReadGuard(const Json& json) {
  std::set<std::string> selected = Expand(NamesOf(json, "capabilities"));
  for (const auto& [name, capability] : policy.capabilities) {
    if (capability.is_event) continue;
    if (FlagOf(json, "every")) selected.insert(name);
    if (json.contains("where") && Selects(ReadExpr(json.at("where")), capability))
      selected.insert(name);
  }
  const Json clauses = json.value("clauses", Json::array());
  for (const Clause& clause :
       ReadBlock(clauses, TextOf(json, "name"), "*", selected, std::make_shared<Lets>())) {
    policy.guard_clauses.push_back(clause);
  }
}

void Loader::ReadException(const Json& json) {
  Exception exception;
  exception.name = TextOf(json, "name");
  exception.delegation = TextOf(json, "delegation");
  for (const std::string& role : NamesOf(json, "roles")) exception.roles.insert(role);
  for (const Json& lift : json.value("lifts", Json::array())) {
    for (const std::string& name : NamesOf(lift, "names"))
      exception.lifts.emplace(KindOf(TextOf(lift, "kind")), name);
  }
  exception.up_to = ReadCondition(json.at("up_to"), std::make_shared<Lets>());
  exception.ends_ms = ReadEnd(json.at("expires"));
  policy.exceptions.push_back(exception);
}

void Loader::ReadAssume(const Json& json) {
  Clause clause;
  clause.kind = ClauseKind::kAssume;
  clause.name = TextOf(json, "name") + "/*/assume.1";
  clause.condition = ReadCondition(json.at("condition"), std::make_shared<Lets>());
  clause.reason = TextOf(json, "reason");
  policy.assumptions.push_back(clause);
}

// M10.1
void Loader::ReadCaseStart(const Json& json) {
  Expr date, now, missing;
  date.constant = Value::Of({FirstInstant(effective, zone).value(), 0});
  policy.constants.push_back(date.constant);
  now.op = Op::kName;
  now.name = "now";
  const Expr first = OfTheCase("first", TextOf(json, "cases_since"));
  missing.op = Op::kIsMissing;
  missing.operands = {first};
  const auto both = [](Op op, const Expr& a, const Expr& b) {
    Expr expr;
    expr.op = op;
    expr.operands = {a, b};
    return expr;
  };
  Clause clause;
  clause.kind = ClauseKind::kAssume;
  clause.name = "~cases/" + TextOf(json, "name");
  Condition condition;
  condition.expr = both(Op::kOr, both(Op::kLess, first, date),
                        both(Op::kAnd, missing, both(Op::kLess, now, date)));
  condition.lets = std::make_shared<Lets>();
  clause.condition = std::move(condition);
  clause.reason = "the case began before the policy took effect";
  policy.assumptions.push_back(clause);
}

// M23.6
void Loader::ReadTenant(const Json& json) {
  Expr tenant, id, missing, other, either;
  tenant.op = Op::kName;
  tenant.name = "tenant";
  id.constant = Value::Text(TextOf(json, "tenant"));
  policy.constants.push_back(id.constant);
  missing.op = Op::kIsMissing;
  missing.operands = {tenant};
  other.op = Op::kNotEqual;
  other.operands = {tenant, id};
  either.op = Op::kOr;
  either.operands = {missing, other};
  Clause clause;
  clause.kind = ClauseKind::kAssume;
  clause.name = "~tenant/" + TextOf(json, "name");
  Condition condition;
  condition.expr = either;
  condition.lets = std::make_shared<Lets>();
  clause.condition = std::move(condition);
  clause.reason = "the policy is another tenant's";
  policy.assumptions.push_back(clause);
}

void Loader::ReadInvariant(const Json& json) {
  Invariant invariant;
  invariant.name = TextOf(json, "name");
  invariant.kind = TextOf(json, "kind");
  invariant.decision = TextOf(json, "decision");
  invariant.capabilities = Expand(NamesOf(json, "capabilities"));
  invariant.implied = TextOf(json, "implied");
  invariant.implied_capabilities = Expand(NamesOf(json, "implied_capabilities"));
  invariant.fact = TextOf(json, "fact");
  invariant.falling = json.contains("falling") && json.at("falling") == true;
  if (json.contains("condition"))
    invariant.condition = ReadCondition(json.at("condition"), std::make_shared<Lets>());
  policy.invariants.push_back(invariant);
}

}  // namespace writ::oracle
