// Who works on what: M43 and M44.
#include <algorithm>

#include "load.h"

namespace writ::oracle {
namespace {

std::set<std::string> SetOf(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

std::string PlusOf(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "+") + name;
  return text;
}

Fact EnumOf(const std::string& name, const std::vector<std::string>& values) {
  Fact fact;
  fact.name = name;
  fact.type.kind = TypeKind::kEnum;
  fact.type.values = values;
  return fact;
}

}  // namespace

void Loader::DenyWhere(const std::string& name, std::set<std::string> targets, Expr expr,
                       const std::string& reason) {
  if (targets.empty()) return;
  Clause row;
  row.name = name;
  row.kind = ClauseKind::kDeny;
  row.capabilities = std::move(targets);
  row.condition = Condition{std::move(expr), std::make_shared<Lets>()};
  row.reason = reason;
  policy.guard_clauses.push_back(row);
}

std::set<std::string> Loader::Deeds(bool acts_only) const {
  std::set<std::string> deeds;
  for (const auto& [name, capability] : policy.capabilities) {
    if (!capability.is_event && capability.hands_over_to.empty() &&
        (!acts_only || capability.kind == "act"))
      deeds.insert(name);
  }
  return deeds;
}

// The facts that intents declare: they are read by everything else.
void Loader::ReadIntentFacts(const Json& json) {
  Fact& intent = policy.facts["intent"];
  if (intent.name.empty()) intent = EnumOf("intent", {});
  intent.type.values.push_back(TextOf(json, "name"));
  std::sort(intent.type.values.begin(), intent.type.values.end());
  for (const Json& decision : json.value("decisions", Json::array())) {
    Fact fact = EnumOf("decision." + TextOf(decision, "name"), NamesOf(decision, "outcomes"));
    fact.evidence = TextOf(decision, "evidence");
    policy.declared.insert(fact.name);
    policy.facts[fact.name] = fact;
  }
}

// M43
void Loader::ReadIntent(const Json& json) {
  const std::string name = TextOf(json, "name");
  const std::string title = TextOf(json, "title");
  const Expr here = Made(Op::kEqual, {Reading("intent"), Reading(name)});
  const std::string kind = TextOf(json, "class");
  if (kind == "decision_support" || kind == "information")
    DenyWhere(name + "/*/class.1", Deeds(true), here, title);
  if (!json.contains("complete")) return;
  const Json& complete = json.at("complete");
  const std::vector<std::string> by = NamesOf(complete, "by");
  const std::string block = name + "/" + PlusOf(by) + "/";
  DenyWhere(block + "intent.1", Expand(by), Made(Op::kNotEqual, {Reading("intent"), Reading(name)}),
            title);
  if (complete.contains("evidence")) {
    Clause row;
    row.name = block + "evidence.1";
    row.kind = ClauseKind::kEvidence;
    row.capabilities = Expand(by);
    row.evidence = NamesOf(complete, "evidence");
    row.reason = title;
    policy.guard_clauses.push_back(row);
  }
  if (!FlagOf(complete, "verified")) return;
  std::map<std::string, std::set<std::string>> acts;
  for (const auto& [act, capability] : policy.capabilities) {
    if (capability.kind == "act" && !capability.verify_with.empty() && !SetOf(by).contains(act))
      acts[capability.verify_with].insert(act);
  }
  int number = 0;
  for (const auto& [verifies, verified] : acts) {
    const std::string act = verified.size() == 1 ? *verified.begin() : "acts." + verifies;
    if (verified.size() > 1) policy.groups[act] = {verified.begin(), verified.end()};
    const std::string acted = Count("done", act, Json::object(), false);
    const std::string looked = Count("done", verifies, Json{{"since", act}}, false);
    DenyWhere(block + "verified." + std::to_string(++number), Expand(by),
              Made(Op::kAnd, {Made(Op::kGreater, {Reading(acted), Constant(Value::Of({0, 0}))}),
                              Made(Op::kEqual, {Reading(looked), Constant(Value::Of({0, 0}))})}),
              title);
  }
}

void Loader::ReadRoute(const Json& json) {
  const std::string name = TextOf(json, "name");
  std::set<std::string> routed = SetOf(NamesOf(json, "to"));
  routed.insert(TextOf(json, "by"));
  std::vector<Expr> others;
  for (const std::string& role : policy.workers) {
    if (!routed.contains(role))
      others.push_back(Made(Op::kEqual, {Reading("role"), Reading(role)}));
  }
  if (others.empty()) return;
  const std::string reason =
      json.contains("reason") ? TextOf(json, "reason") : policy.intent_titles[name];
  DenyWhere(
      name + "/*/route.1", Deeds(false),
      Made(Op::kAnd, {Made(Op::kEqual, {Reading("intent"), Reading(name)}), Made(Op::kOr, others)}),
      reason);
}

// M44: a case is in the part to which it was handed last.
void Loader::ReadBoundary(const Json& json) {
  const std::string owner = TextOf(json, "name");
  const std::string title = TextOf(json, "title");
  const Json parts = json.value("parts", Json::array());
  const Json handoffs = json.value("handoffs", Json::array());
  const std::string first = TextOf(parts.at(0), "name");
  std::map<std::string, std::set<std::string>> leads_to;
  std::set<std::string> all;
  for (const Json& handoff : handoffs) {
    leads_to[TextOf(handoff, "to")].insert(TextOf(handoff, "by"));
    all.insert(TextOf(handoff, "by"));
  }
  std::vector<Expr> elsewhere;
  for (const auto& [part, by] : leads_to) {
    if (part == first) continue;
    Meter meter;
    meter.name = "part." + owner + "." + part;
    meter.fold = Fold::kExists;
    meter.targets = by;
    meter.keys = {"case"};
    std::set_difference(all.begin(), all.end(), by.begin(), by.end(),
                        std::inserter(meter.since, meter.since.end()));
    policy.meters[meter.name] = meter;
    elsewhere.push_back(Reading(meter.name));
  }
  const auto in = [&](const std::string& part) {
    if (part != first) return Reading("part." + owner + "." + part);
    return Made(Op::kNot, {Made(Op::kOr, elsewhere)});
  };
  int number = 0;
  for (const Json& part : parts) {
    std::vector<Expr> roles;
    for (const std::string& role : NamesOf(part, "roles"))
      roles.push_back(Made(Op::kEqual, {Reading("role"), Reading(role)}));
    DenyWhere(owner + "/*/part." + std::to_string(++number), Deeds(false),
              Made(Op::kAnd, {Made(Op::kOr, roles), Made(Op::kNot, {in(TextOf(part, "name"))})}),
              title);
  }
  std::map<std::string, std::vector<Expr>> from;
  for (const Json& handoff : handoffs)
    from[TextOf(handoff, "by")].push_back(in(TextOf(handoff, "from")));
  for (const auto& [by, places] : from)
    DenyWhere(owner + "/" + by + "/handoff.1", Expand({by}),
              Made(Op::kNot, {Made(Op::kOr, places)}), title);
  std::map<std::string, int> conditions;
  for (const Json& handoff : handoffs) {
    if (!handoff.contains("when")) continue;
    const std::string by = TextOf(handoff, "by");
    DenyWhere(owner + "/" + by + "/when." + std::to_string(++conditions[by]), Expand({by}),
              Made(Op::kAnd,
                   {in(TextOf(handoff, "from")), Made(Op::kNot, {ReadExpr(handoff.at("when"))})}),
              handoff.contains("reason") ? TextOf(handoff, "reason") : title);
  }
}

}  // namespace writ::oracle
