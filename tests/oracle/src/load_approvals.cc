// Who signs: M33.
#include <algorithm>

#include "load.h"

namespace writ::oracle {

void Loader::ReadApprovals(const Json& json) {
  const std::string name = TextOf(json, "name");
  Approvals approvals;
  for (const Json& tree : json.value("stages", Json::array())) {
    Stage stage;
    stage.role = TextOf(tree, "role");
    if (tree.contains("when"))
      stage.when = ReadCondition(tree.at("when"), std::make_shared<Lets>());
    Capability event;
    event.name = "approval." + name + "." + stage.role;
    event.is_event = true;
    policy.capabilities[event.name] = event;
    Meter meter;
    meter.name = stage.is_signed = "signed." + name + "." + stage.role;
    meter.fold = Fold::kExists;
    meter.targets = {event.name};
    meter.keys = {"case"};
    meter.since = Expand({TextOf(json, "capability")});
    policy.meters[meter.name] = meter;
    if (const std::string other = TextOf(tree, "same_as"); !other.empty()) {
      stage.same_person =
          "same_person." + std::min(stage.role, other) + "." + std::max(stage.role, other);
      Fact fact;
      fact.name = stage.same_person;
      fact.word = MissingWord::kValue;
      fact.substitute = Value::Truth(false);
      policy.facts[fact.name] = fact;
      policy.declared.insert(fact.name);
    }
    approvals.push_back(stage);
  }
  policy.approvals[name] = approvals;
}

std::vector<Clause> Loader::ReadStages(const Json& json) {
  const std::string name = TextOf(json, "approval");
  std::vector<Clause> rows;
  const Approvals& stages = policy.approvals.at(name);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    Clause row;
    row.kind = ClauseKind::kEscalate;
    row.anchor = stages[i].role;
    row.reason = TextOf(json, "reason");
    row.condition = Always();
    row.stage = {name, i};
    rows.push_back(row);
  }
  return rows;
}

void ImplyAnchors(Policy& policy) {
  std::set<std::string> declared;
  for (const auto& [name, anchor] : policy.anchors) declared.insert(name);
  for (const auto& [like, approvals] : policy.required) {
    for (const Stage& stage : policy.approvals.at(approvals)) {
      if (declared.contains(stage.role)) continue;
      policy.anchors[stage.role] = {stage.role, {stage.role}, {}};
      Anchor& upper = policy.anchors.at(like);
      const bool higher = std::all_of(
          upper.held_by.begin(), upper.held_by.end(),
          [&](const std::string& holder) { return StandsAbove(policy, stage.role, holder); });
      if (!higher) upper.above.push_back(stage.role);
    }
  }
}

}  // namespace writ::oracle
