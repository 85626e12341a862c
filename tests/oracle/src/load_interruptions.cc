// What comes between the steps of a run: M49 to M51.
#include "load.h"

namespace writ::oracle {
namespace {

Clause GuardLike(const std::string& name, const std::string& decision,
                 std::set<std::string> targets, Expr expr, const std::string& reason) {
  Clause row;
  row.name = name;
  row.kind = decision == "escalate" ? ClauseKind::kEscalate
             : decision == "notify" ? ClauseKind::kNotify
             : decision == "note"   ? ClauseKind::kNote
                                    : ClauseKind::kDeny;
  row.capabilities = std::move(targets);
  row.condition = Condition{std::move(expr), std::make_shared<Lets>()};
  row.reason = reason;
  return row;
}

std::string WithPlus(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "+") + name;
  return text;
}

}  // namespace

// M49: what the hook found, one row for each finding that is not a pass.
void Loader::ReadHook(const Json& json) {
  Fact found;
  found.name = "hook." + TextOf(json, "name");
  found.type.kind = TypeKind::kEnum;
  found.type.values = {TextOf(json, "passes")};
  found.text = true;
  const Json results = json.value("results", Json::array());
  for (const Json& result : results) found.type.values.push_back(TextOf(result, "name"));
  Declare(found);
  const std::vector<std::string> before = NamesOf(json, "before");
  std::map<std::string, int> number;
  for (const Json& result : results) {
    const std::string then = TextOf(result, "then");
    Clause row = GuardLike(
        TextOf(json, "name") + "/" + WithPlus(before) + "/hook." + std::to_string(++number["hook"]),
        then, Expand(before),
        Made(Op::kEqual, {Reading(found.name), Reading(TextOf(result, "name"))}),
        TextOf(result.contains("reason") ? result : json,
               result.contains("reason") ? "reason" : "title"));
    row.anchor = TextOf(result, "anchor");
    policy.guard_clauses.push_back(row);
  }
}

// M50
void Loader::ReadCheckpoint(const Json& json) {
  const std::string taken = "checkpoint." + TextOf(json, "name");
  Capability event;
  event.name = taken;
  event.is_event = true;
  policy.capabilities[taken] = event;
  Meter due;
  due.name = taken + ".due";
  due.fold = Fold::kExists;
  due.targets = Expand(NamesOf(json, "after"));
  due.keys = {"session"};
  due.since = {taken};
  policy.meters[due.name] = due;
  const std::vector<std::string> listed = NamesOf(json, "capabilities");
  const std::set<std::string> targets = listed.empty() ? Deeds(true) : Expand(listed);
  if (targets.empty()) return;
  policy.guard_clauses.push_back(GuardLike(
      TextOf(json, "name") + "/" + (listed.empty() ? "*" : WithPlus(listed)) + "/checkpoint.1",
      "deny", targets, Reading(due.name), TextOf(json, "reason")));
}

// M51
void Loader::ReadCompaction(const Json& json) {
  int number = 0;
  for (const std::string& kept : NamesOf(json, "keeps")) {
    const std::string lost = "compaction.lost." + kept;
    Declare(FromHost(lost, TypeKind::kBool));
    if (Deeds(true).empty()) continue;
    policy.guard_clauses.push_back(GuardLike("compaction/*/keeps." + std::to_string(++number),
                                             "deny", Deeds(true), Reading(lost),
                                             TextOf(json, "reason")));
  }
}

}  // namespace writ::oracle
