// How things are carried out: M39 to M42.
#include "load.h"

namespace writ::oracle {
namespace {

Clause GuardRow(const std::string& name, ClauseKind kind, std::set<std::string> targets, Expr expr,
                const std::string& reason) {
  Clause row;
  row.name = name;
  row.kind = kind;
  row.capabilities = std::move(targets);
  row.condition = Condition{std::move(expr), std::make_shared<Lets>()};
  row.reason = reason;
  return row;
}

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "+") + name;
  return text;
}

}  // namespace

// M41: after so many retries a person looks at it.
void Loader::ReadRetry(const Json& json) {
  const std::string name = TextOf(json, "name");
  const std::string tried = "retry." + name + ".tried";
  Declare(FromHost(tried, TypeKind::kInteger));
  Clause row =
      GuardRow("retry(" + name + ")/" + name + "/retry.1", ClauseKind::kEscalate, {name},
               Made(Op::kGreater, {Reading(tried), ReadAmount(json.at("retry").at("times"))}), "");
  row.anchor = TextOf(json, "dead_letters_to");
  policy.guard_clauses.push_back(row);
}

// M39. Comes after all capabilities.
void Loader::ReadSandbox(const Json& json) {
  const std::string fact = "sandbox." + TextOf(json, "name");
  for (const auto& [name, capability] : policy.capabilities) {
    if (capability.runs_in != TextOf(json, "name")) continue;
    Declare(FromHost(fact, TypeKind::kBool));
    policy.guard_clauses.push_back(
        GuardRow("runs_code(" + name + ")/" + name + "/sandbox.1", ClauseKind::kDeny, {name},
                 Made(Op::kNot, {Reading(fact)}), TextOf(json, "title")));
  }
}

// M40
void Loader::ReadSkill(const Json& json) {
  const std::string name = TextOf(json, "name");
  const std::string fact = "skill." + name;
  Declare(FromHost(fact, TypeKind::kBool));
  const std::vector<std::string> listed = NamesOf(json, "uses");
  const std::set<std::string> uses = Expand(listed);
  std::set<std::string> others;
  for (const auto& [other, capability] : policy.capabilities) {
    if (!capability.is_event && capability.hands_over_to.empty() && !uses.contains(other))
      others.insert(other);
  }
  if (!others.empty())
    policy.guard_clauses.push_back(GuardRow(name + "/*/skill.1", ClauseKind::kDeny, others,
                                            Reading(fact), TextOf(json, "title")));
  std::vector<Expr> parts = {Reading(fact)};
  for (const std::string& role : NamesOf(json, "roles"))
    parts.push_back(Made(Op::kNotEqual, {Reading("role"), Reading(role)}));
  policy.guard_clauses.push_back(GuardRow(name + "/" + Listed(listed) + "/skill.1",
                                          ClauseKind::kDeny, uses, Made(Op::kAnd, parts),
                                          TextOf(json, "title")));
}

// M42: what failed, for everybody and whatever it was about, since it was last taken into service.
void Loader::ReadBreaker(const Json& json) {
  const std::string name = "breaker." + TextOf(json, "name");
  for (const char* what : {".failed", ".reset"}) {
    Capability event;
    event.name = name + what;
    event.is_event = true;
    policy.capabilities[event.name] = event;
  }
  Meter meter;
  meter.name = name;
  meter.targets = {name + ".failed"};
  meter.since = {name + ".reset"};
  meter.within = ReadWindow(json.at("within"));
  policy.meters[name] = meter;
  const std::vector<std::string> listed = NamesOf(json, "capabilities");
  Clause row = GuardRow(TextOf(json, "name") + "/" + Listed(listed) + "/breaker.1",
                        TextOf(json, "open") == "deny" ? ClauseKind::kDeny : ClauseKind::kEscalate,
                        Expand(listed),
                        Made(Op::kGreaterEqual, {Reading(name), ReadAmount(json.at("failures"))}),
                        TextOf(json, "title"));
  row.anchor = TextOf(json, "anchor");
  policy.guard_clauses.push_back(row);
}

}  // namespace writ::oracle
