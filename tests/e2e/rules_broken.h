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
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "replayed.h"

namespace writ::e2e {

// Runs inside a rule's rows, winning or not, by what they are labelled.
struct RuleBroken {
  std::string reason;
  std::set<std::string> runs, without_reward;
  std::set<std::string> went_through;  // runs in which such a call took effect
  std::set<std::string> forced;  // runs with a reward whose task cannot be done right otherwise
  std::set<std::string> tasks;   // whose right actions break it
  std::size_t calls = 0;

  // Adds another rule's runs.
  void Add(const RuleBroken& other) {
    runs.insert(other.runs.begin(), other.runs.end());
    without_reward.insert(other.without_reward.begin(), other.without_reward.end());
    tasks.insert(other.tasks.begin(), other.tasks.end());
    forced.insert(other.forced.begin(), other.forced.end());
    went_through.insert(other.went_through.begin(), other.went_through.end());
    calls += other.calls;
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
  // Of the runs for which these rules were written (label `rules`); of all, without a name.
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
    std::map<std::string, std::string> rewarded;  // run to task
    const evals::ReplayResult& result = replayed_.result();
    for (const std::uint32_t index :
         evals::RecordsInside(result, evals::LaneId::kCandidate, reason)) {
      const std::string& run = result.runs[result.records[index].run].run;
      if (!IsUnderTheRules(run)) continue;
      const std::string& task = result.clusters[result.runs[result.records[index].run].cluster];
      if (Label(run, "kind") == "gold") {
        broken.tasks.insert(task);
        continue;
      }
      ++broken.calls;
      broken.runs.insert(run);
      if (result.records[index].effect == evals::EffectKind::kExecuted)
        broken.went_through.insert(run);
      if (Label(run, "reward") == "0") {
        broken.without_reward.insert(run);
      } else {
        rewarded.emplace(run, task);
      }
    }
    for (const auto& [run, task] : rewarded)
      if (broken.tasks.contains(task)) broken.forced.insert(run);
    return broken;
  }

  // Whatever decides against a call that writes: the capabilities whose calls carry `write`.
  Decided OfWrites(const std::set<std::string>& writes) const {
    Decided decided;
    const evals::ReplayResult& result = replayed_.result();
    for (const evals::EventRecord& record : result.records) {
      const evals::Shape& shape = result.shapes[record.shape];
      const std::string& run = result.runs[record.run].run;
      if (!writes.contains(shape.capability) || !IsUnderTheRules(run)) continue;
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
      count += labels.contains("reward") && labels.at("reward") == reward && IsUnderTheRules(run)
                   ? 1
                   : 0;
    }
    return count;
  }

 private:
  bool IsUnderTheRules(const std::string& run) const {
    return rules_.empty() || Label(run, "rules") == rules_;
  }

  const Replayed& replayed_;
  std::string rules_;
  std::map<std::string, std::map<std::string, std::string>> labels_;
  std::set<std::int64_t> refused_;  // events: by the API
};

// Runs in all, without reward, forced by their task; and tasks whose right actions break it.
inline std::array<std::size_t, 4> Counts(const RuleBroken& broken) {
  return {broken.runs.size(), broken.without_reward.size(), broken.forced.size(),
          broken.tasks.size()};
}

// The same, of runs in which a call that breaks the rule took effect.
inline std::array<std::size_t, 4> WentThrough(const RuleBroken& broken) {
  const auto through = [&](const std::string& run) { return broken.went_through.contains(run); };
  return {broken.went_through.size(),
          static_cast<std::size_t>(std::ranges::count_if(broken.without_reward, through)),
          static_cast<std::size_t>(std::ranges::count_if(broken.forced, through)),
          broken.tasks.size()};
}

inline void Print(const RuleBroken& broken) {
  std::cout << broken.reason << '\n'
            << "  " << broken.runs.size() << " runs, of them " << broken.without_reward.size()
            << " without reward, " << broken.forced.size() << " forced by the task ("
            << broken.calls << " calls); " << broken.tasks.size()
            << " tasks whose right actions break it\n";
  for (const std::string& run : broken.runs)
    std::cout << "    reward " << (broken.without_reward.contains(run) ? 0 : 1) << "  " << run
              << '\n';
  for (const std::string& task : broken.tasks) std::cout << "    right     " << task << '\n';
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

// A rule by its reason, and Counts of it.
struct RuleCounts {
  const char* reason;
  std::array<std::size_t, 4> counts;
};

// Prints all rules and what is said of the writing calls, and compares. Rules from `about_what` on
// are about what is done, those before it about how the agent goes about it.
inline Decided ExpectBroken(const RulesBroken& rules, std::span<const RuleCounts> expected,
                            std::string_view about_what,
                            const std::array<std::size_t, 4>& went_through,
                            const std::set<std::string>& writes) {
  RuleBroken done{.reason = "What was done, not how"};
  bool is_about_what = false;
  for (const RuleCounts& rule : expected) {
    const RuleBroken broken = rules.Of(rule.reason);
    Print(broken);
    EXPECT_EQ(Counts(broken), rule.counts) << rule.reason;
    is_about_what = is_about_what || rule.reason == about_what;
    if (is_about_what) done.Add(broken);
  }
  const std::array<std::size_t, 4> through = WentThrough(done);
  std::cout << "went through: " << through[0] << ", " << through[1] << ", " << through[2] << ", "
            << through[3] << '\n';
  EXPECT_EQ(through, went_through);
  const Decided decided = rules.OfWrites(writes);
  Print(decided);
  std::cout << rules.RunsWith("0") << " runs without reward, " << rules.RunsWith("1") << " with\n";
  EXPECT_EQ(decided.unknown, 0u);
  return decided;
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

// A corpus of conversations, joined with the books and the tasks that lie beside it.
inline Result ImportWithBooks(const std::string& runs, const std::string& mapping,
                              const std::string& folder, const std::vector<std::string>& books,
                              const std::string& to) {
  std::vector<std::string> args = {"corpus",
                                   "import",
                                   runs,
                                   "--map",
                                   mapping,
                                   "--attach",
                                   "tasks=" + SharedCorpus(folder + "/tasks_tau2.jsonl.xz"),
                                   "-o",
                                   to};
  for (const std::string& book : books) {
    args.push_back("--attach");
    args.push_back(book + "=" +
                   Unpacked(SharedCorpus(folder + "/db/" + book + ".json.xz"), to + "." + book));
  }
  return Writ(args);
}

}  // namespace writ::e2e
