// Which runs break which rule: for corpora of conversations with a reward and the actions that the
// task's authors think right.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "replayed.h"

namespace writ::e2e {

// Runs inside a rule's rows, winning or not, by what they are labelled.
struct RuleBroken {
  std::string reason;
  std::set<std::string> runs, without_reward, right_actions;
  std::set<std::string> went_through;  // runs in which such a call took effect
  std::size_t calls = 0;

  // Adds another rule's runs.
  void Add(const RuleBroken& other) {
    runs.insert(other.runs.begin(), other.runs.end());
    without_reward.insert(other.without_reward.begin(), other.without_reward.end());
    right_actions.insert(other.right_actions.begin(), other.right_actions.end());
    went_through.insert(other.went_through.begin(), other.went_through.end());
    calls += other.calls;
  }

  // Runs with a reward whose task cannot be done right without breaking the rule.
  std::size_t ForcedByTask() const {
    return static_cast<std::size_t>(std::ranges::count_if(runs, [&](const std::string& run) {
      return !without_reward.contains(run) &&
             right_actions.contains("gold/" + run.substr(0, run.rfind('/')));
    }));
  }
};

// What is said of all writing calls together.
struct Decided {
  std::size_t calls = 0, stopped = 0, unknown = 0, refused = 0, refused_stopped = 0,
              right_calls = 0;
  std::set<std::string> with_reward, without_reward, right_actions;
};

class RulesBroken {
 public:
  // Of the runs for which these rules were written (label `rules`).
  RulesBroken(const Replayed& replayed, std::string rules)
      : replayed_(replayed), rules_(std::move(rules)) {
    for (const evals::CorpusLabel& label : replayed.labels()) {
      if (!label.event) labels_[label.run][label.name] = label.value;
      if (label.event && label.name == "api" && label.value == "refused")
        refused_.insert(*label.event);
    }
  }

  RuleBroken Of(const std::string& reason) const {
    RuleBroken broken{.reason = reason};
    const evals::ReplayResult& result = replayed_.result();
    for (const std::uint32_t index :
         evals::RecordsInside(result, evals::LaneId::kCandidate, reason)) {
      const std::string& run = result.runs[result.records[index].run].run;
      if (Label(run, "rules") != rules_) continue;
      if (Label(run, "kind") == "gold") {
        broken.right_actions.insert(run);
        continue;
      }
      ++broken.calls;
      broken.runs.insert(run);
      if (result.records[index].effect == evals::EffectKind::kExecuted)
        broken.went_through.insert(run);
      if (Label(run, "reward") == "0") broken.without_reward.insert(run);
    }
    return broken;
  }

  // Whatever decides against a call that writes: the capabilities whose calls carry `write`.
  Decided OfWrites(const std::set<std::string>& writes) const {
    Decided decided;
    const evals::ReplayResult& result = replayed_.result();
    for (const evals::EventRecord& record : result.records) {
      const evals::Shape& shape = result.shapes[record.shape];
      const std::string& run = result.runs[record.run].run;
      if (!writes.contains(shape.capability) || Label(run, "rules") != rules_) continue;
      const evals::LaneDecision& decision = shape.lane[1].decision;
      const bool stopped = decision.verdict != runtime::Verdict::kAllow;
      if (Label(run, "kind") == "gold") {
        ++decided.right_calls;
        if (stopped) decided.right_actions.insert(run);
        continue;
      }
      ++decided.calls;
      decided.unknown += decision.unknown ? 1 : 0;
      decided.stopped += stopped ? 1 : 0;
      if (stopped)
        (Label(run, "reward") == "0" ? decided.without_reward : decided.with_reward).insert(run);
      if (!refused_.contains(record.event)) continue;
      ++decided.refused;
      decided.refused_stopped += stopped ? 1 : 0;
    }
    return decided;
  }

  std::string Label(const std::string& run, const std::string& name) const {
    const auto labels = labels_.find(run);
    if (labels == labels_.end()) return {};
    const auto found = labels->second.find(name);
    return found == labels->second.end() ? std::string() : found->second;
  }

  std::size_t RunsWith(const std::string& reward) const {
    std::size_t count = 0;
    for (const auto& [run, labels] : labels_) {
      count += labels.contains("reward") && labels.at("reward") == reward &&
               labels.at("rules") == rules_;
    }
    return count;
  }

 private:
  const Replayed& replayed_;
  std::string rules_;
  std::map<std::string, std::map<std::string, std::string>> labels_;
  std::set<std::int64_t> refused_;  // events: by the API
};

// Of several rules together: what came of the runs in which a call that breaks one took effect.
inline std::array<std::size_t, 4> WentThrough(const RuleBroken& broken) {
  RuleBroken through = broken;
  through.runs = broken.went_through;
  std::erase_if(through.without_reward,
                [&](const std::string& run) { return !through.runs.contains(run); });
  return {through.runs.size(), through.without_reward.size(), through.ForcedByTask(),
          through.right_actions.size()};
}

inline void Print(const RuleBroken& broken) {
  std::cout << broken.reason << '\n'
            << "  " << broken.runs.size() << " runs, of them " << broken.without_reward.size()
            << " without reward, " << broken.ForcedByTask() << " forced by the task ("
            << broken.calls << " calls); " << broken.right_actions.size()
            << " tasks whose right actions break it\n";
  for (const std::string& run : broken.runs)
    std::cout << "    reward " << (broken.without_reward.contains(run) ? 0 : 1) << "  " << run
              << '\n';
  for (const std::string& run : broken.right_actions) std::cout << "    right     " << run << '\n';
}

inline void Print(const Decided& decided) {
  std::cout << decided.calls << " writing calls: " << decided.stopped << " decided against, "
            << decided.unknown << " not known; of " << decided.refused << " that the API refused, "
            << decided.refused_stopped << " decided against\n"
            << "runs with a call decided against: " << decided.without_reward.size()
            << " without reward, " << decided.with_reward.size()
            << " with; right actions: " << decided.right_actions.size() << " tasks, "
            << decided.right_calls << " calls\n";
}

// A packed JSON object as lines {"key": …, "value": …}, for the mapping to join.
inline std::string Unpacked(const std::string& packed, const std::string& to) {
  const std::string plain = to + ".json";
  if (std::system(("xz -dc '" + packed + "' > '" + plain + "'").c_str()) != 0) return {};
  const nlohmann::json whole = nlohmann::json::parse(Read(plain));
  std::ofstream out(to, std::ios::binary);
  for (const auto& [key, value] : whole.items())
    out << nlohmann::json{{"key", key}, {"value", value}}.dump() << '\n';
  return to;
}

}  // namespace writ::e2e
