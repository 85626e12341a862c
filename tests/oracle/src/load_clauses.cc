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
    Clause clause = ReadClause(json, lets);
    clause.name = owner + "/" + block + "/" + kind + "." + std::to_string(++numbers[kind]);
    clause.capabilities = capabilities;
    read.push_back(clause);
  }
  return read;
}

void Loader::ReadDelegation(const Json& json) {
  Authority delegation;
  delegation.name = TextOf(json, "name");
  for (const std::string& role : NamesOf(json, "to")) delegation.to.insert(role);
  for (const Json& may : json.value("may", Json::array())) {
    (FlagOf(may, "freely") ? delegation.freely : delegation.may)
        .merge(Expand(NamesOf(may, "capabilities")));
  }
  delegation.anchor = TextOf(json, "anchor");
  if (json.contains("expires"))
    delegation.expires_ms = FirstInstant(TextOf(json.at("expires"), "text"), zone, 1);
  const Json none = Json::array();
  const Json& top = json.contains("clauses") ? json.at("clauses") : none;
  delegation.clauses =
      ReadBlock(top, delegation.name, "*", delegation.may, std::make_shared<Lets>());
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
  policy.authorities.push_back(delegation);
}

void Loader::ReadGrant(const Json& json) {
  Authority grant;
  grant.is_grant = true;
  grant.name = TextOf(json, "role");
  grant.to.insert(TextOf(json, "role"));
  grant.freely = Expand(NamesOf(json, "capabilities"));
  grant.anchor = TextOf(json, "anchor");
  if (json.contains("expires"))
    grant.expires_ms = FirstInstant(TextOf(json.at("expires"), "text"), zone, 1);
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

void Loader::ReadInvariant(const Json& json) {
  Invariant invariant;
  invariant.name = TextOf(json, "name");
  invariant.decision = TextOf(json, "decision");
  invariant.capabilities = Expand(NamesOf(json, "capabilities"));
  if (json.contains("condition"))
    invariant.condition = ReadCondition(json.at("condition"), std::make_shared<Lets>());
  policy.invariants.push_back(invariant);
}

}  // namespace writ::oracle
