// What may leave, and what an anchor answers for: M45 and M46.
#include "load.h"

namespace writ::oracle {
namespace {

const std::vector<std::string> kDataClasses = {"public", "internal", "confidential", "pii",
                                               "health"};

Clause LimitRow(const std::string& name, const std::string& decision, std::set<std::string> targets,
                Expr expr, const Json& word) {
  Clause row;
  row.name = name;
  row.kind = decision == "escalate" ? ClauseKind::kEscalate
             : decision == "notify" ? ClauseKind::kNotify
                                    : ClauseKind::kDeny;
  row.anchor = TextOf(word, "anchor");
  row.capabilities = std::move(targets);
  row.condition = Condition{std::move(expr), std::make_shared<Lets>()};
  row.reason = TextOf(word, "title");
  return row;
}

std::string PlusBetween(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "+") + name;
  return text;
}

}  // namespace

// M45: what is above the class that a channel carries does not leave by it. Comes after all
// capabilities.
void Loader::ReadChannel(const Json& json) {
  const std::string name = TextOf(json, "name");
  const std::string most = TextOf(json, "carries");
  if (most == kDataClasses.back()) return;
  for (const auto& [sender, capability] : policy.capabilities) {
    if (!capability.sends_on.contains(name)) continue;
    Fact content;
    content.name = "content.class";
    content.type.kind = TypeKind::kEnum;
    content.type.values = kDataClasses;
    content.type.ordered = true;
    content.word = MissingWord::kValue;
    content.substitute = ParseValue(content.type, kDataClasses.back());
    Declare(content);
    policy.guard_clauses.push_back(
        LimitRow(name + "/" + sender + "/carries.1", TextOf(json, "above"), {sender},
                 Made(Op::kGreater, {Reading(content.name), Reading(most)}), json));
  }
}

// M46
void Loader::ReadExposure(const Json& json) {
  Meter meter;
  meter.name = "exposure." + TextOf(json, "name");
  meter.within = ReadWindow(json.at("within"));
  if (!json.contains("sums")) {
    for (const std::string& anchor : NamesOf(json, "of")) {
      Capability event;
      event.name = "asked." + anchor;
      event.is_event = true;
      policy.capabilities[event.name] = event;
      meter.targets.insert(event.name);
    }
    policy.meters[meter.name] = meter;
    loads.push_back(json);
    return;
  }
  const std::vector<std::string> listed = NamesOf(json, "capabilities");
  meter.fold = Fold::kSum;
  meter.targets = Expand(listed);
  meter.input = TextOf(json, "sums");
  meter.including_this = true;
  policy.meters[meter.name] = meter;
  policy.guard_clauses.push_back(
      LimitRow(TextOf(json, "name") + "/" + PlusBetween(listed) + "/exposure.1",
               TextOf(json, "above"), meter.targets,
               Made(Op::kGreater, {Reading(meter.name), ReadAmount(json.at("up_to"))}), json));
}

// Who may ask at an anchor is known once all delegations and grants are.
void Loader::CloseExposures() {
  for (const Json& json : loads) {
    std::map<std::string, std::set<std::string>> roles;
    for (const Authority& authority : policy.authorities) {
      bool ours = false;
      for (const std::string& anchor : NamesOf(json, "of")) ours |= anchor == authority.anchor;
      if (!ours) continue;
      std::set<std::string> asks = authority.may;
      asks.insert(authority.propose.begin(), authority.propose.end());
      if (authority.is_grant) asks.insert(authority.freely.begin(), authority.freely.end());
      for (const std::string& one : asks)
        roles[one].insert(authority.to.begin(), authority.to.end());
    }
    for (const auto& [asked, who] : roles) {
      std::vector<Expr> any;
      for (const std::string& role : who)
        any.push_back(Made(Op::kEqual, {Reading("role"), Reading(role)}));
      policy.guard_clauses.push_back(LimitRow(
          TextOf(json, "name") + "/" + asked + "/asked.1", TextOf(json, "above"), {asked},
          Made(Op::kAnd, {Made(Op::kGreaterEqual, {Reading("exposure." + TextOf(json, "name")),
                                                   ReadAmount(json.at("up_to"))}),
                          Made(Op::kOr, any)}),
          json));
    }
  }
}

}  // namespace writ::oracle
