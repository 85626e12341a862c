// Invariants about two decisions, held to brute force on small generated policies: none is proved
// that two representatives refute, and each refutation is one in the oracle too.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "differential/compare.h"
#include "differential/requests.h"
#include "differential/subject.h"
#include "differential/witness_request.h"
#include "wanted.h"
#include "writ/analysis/relation.h"

namespace writ::oracle {
namespace {

using analysis::Outcome;
using runtime::RelationKind;

constexpr std::uint64_t kRequestsPerSide = 40;
constexpr std::size_t kValuesAlong = 6;
constexpr std::uint64_t kMaxStepsOfOne = 100'000;

struct Settled {
  std::uint64_t proofs = 0, refutations = 0, unknown = 0, pairs = 0, wrong = 0;
};

const char* Word(runtime::Verdict verdict) {
  static constexpr const char* kWords[] = {"allow", "escalate", "deny"};
  return kWords[static_cast<std::size_t>(verdict)];
}

// One relation of one policy.
class RelationJudge {
 public:
  RelationJudge(const Subject& subject, const Policy& policy, const runtime::RelationView& relation)
      : subject_(subject),
        policy_(policy),
        relation_(relation),
        name_(subject.table.Invariant(relation.invariant)) {}

  // What is wrong; empty if nothing is.
  std::string Run(Settled& tally) {
    analysis::Budget budget{kMaxStepsOfOne};
    const analysis::RelationAnswer answer =
        analysis::FindRelationBreach(subject_.table, relation_, budget);
    switch (answer.outcome) {
      case Outcome::kUnknown:
        ++tally.unknown;
        return "";
      case Outcome::kFound:
        ++tally.refutations;
        return ConfirmBreach(*answer.breach);
      case Outcome::kNone:
        break;
    }
    ++tally.proofs;
    return relation_.kind == RelationKind::kMonotone ? SearchAlong(tally) : SearchPairs(tally);
  }

 private:
  std::string ConfirmBreach(const analysis::RelationBreach& breach) const {
    const Request first = ToRequest(subject_.table, breach.request[0]);
    const Request second = ToRequest(subject_.table, breach.request[1]);
    if (Breaks(first, second, true)) return "";
    return "said to be refuted, but not by\n" + Text(first) + Text(second);
  }

  std::string Text(const Request& request) const {
    return ToText(request) + "\noracle: " + ToText(Decide(policy_, request, nullptr)) + "\n";
  }

  // `rivals_break`: what counts where anchors that have no order leave it open.
  bool Breaks(const Request& first, const Request& second, bool rivals_break) const {
    return Breaks(Decide(policy_, first, nullptr), Decide(policy_, second, nullptr), rivals_break);
  }

  bool Breaks(const Answer& a, const Answer& b, bool rivals_break) const {
    for (const Answer* answer : {&a, &b}) {
      if (!answer->builtin.empty() && answer->builtin != "undecided") return false;
      for (const std::string& clause : answer->holds)
        if (clause.find("/assume.") != std::string::npos) return false;
    }
    const bool in_a = a.invariants.contains(name_), in_b = b.invariants.contains(name_);
    switch (relation_.kind) {
      case RelationKind::kImplies:
        return (in_a || in_b) && a.verdict == Word(relation_.verdict[0]) &&
               b.verdict != Word(relation_.verdict[1]);
      case RelationKind::kDisjoint:
        return (in_a || in_b) && a.verdict == Word(relation_.verdict[0]) &&
               b.verdict == Word(relation_.verdict[1]);
      case RelationKind::kMonotone:
        break;
    }
    if (!a.rivals.empty() || !b.rivals.empty()) return in_a && in_b && rivals_break;
    return in_a && in_b && !AtLeastAsStrict(policy_, b, a);
  }

  // In force, with a header that is valid or not there.
  std::vector<Request> Representatives(runtime::CapabilityId capability) const {
    const RequestSpace space(policy_, std::string(subject_.table.Capability(capability).name));
    const std::uint64_t stride =
        space.size() <= 2 * kRequestsPerSide ? 1 : space.size() / (2 * kRequestsPerSide) | 1;
    std::vector<Request> requests;
    for (std::uint64_t i = 0; i < space.size() && requests.size() < kRequestsPerSide; i += stride) {
      Request request = space.At(i);
      request.as_in_force = true;
      const auto header = request.facts.find("header");
      if (header == request.facts.end() || header->second.text == "valid")
        requests.push_back(std::move(request));
    }
    return requests;
  }

  // Both capabilities asked with the facts of one, and what only the other has.
  std::string SearchPairs(Settled& tally) const {
    const std::vector<Request> others = Representatives(relation_.capability[1]);
    std::uint64_t at = 0;
    for (const Request& one : Representatives(relation_.capability[0])) {
      Request both = one;
      if (!others.empty()) {
        const Request& other = others[at++ * 7 % others.size()];
        both.facts.insert(other.facts.begin(), other.facts.end());
      }
      Request second = both;
      second.capability = subject_.table.Capability(relation_.capability[1]).name;
      ++tally.pairs;
      if (Breaks(both, second, false))
        return "proved, but here is a counterexample:\n" + Text(both) + Text(second);
    }
    return "";
  }

  std::string SearchAlong(Settled& tally) const {
    const std::string fact(subject_.table.Fact(relation_.fact).name);
    const std::vector<Request> requests = Representatives(relation_.capability[0]);
    std::map<std::int64_t, Given> values;  // by size
    for (const Request& request : requests) {
      const auto given = request.facts.find(fact);
      if (given == request.facts.end()) continue;
      const RuntimeRequest converted(subject_.table, request);
      const runtime::Value& value = converted.request().values[relation_.fact.value];
      if (value.kind == runtime::ValueKind::kNumber) values.emplace(value.number, given->second);
    }
    std::vector<Given> values_in_order;
    const std::size_t stride = values.size() / kValuesAlong + 1;
    std::size_t at = 0;
    for (const auto& [number, value] : values)
      if (at++ % stride == 0 || at == values.size()) values_in_order.push_back(value);
    if (relation_.falling) std::ranges::reverse(values_in_order);
    for (const Request& request : requests) {
      std::vector<std::pair<Request, Answer>> along;
      for (const Given& value : values_in_order) {
        Request one = request;
        one.facts[fact] = value;
        along.emplace_back(one, Decide(policy_, one, nullptr));
        for (const auto& [before, answer] : along) {
          ++tally.pairs;
          if (Breaks(answer, along.back().second, false))
            return "proved, but here is a counterexample:\n" + Text(before) + Text(one);
        }
      }
    }
    return "";
  }

  const Subject& subject_;
  const Policy& policy_;
  const runtime::RelationView& relation_;
  const std::string name_;
};

TEST(Relations, AgreeWithBruteForce) {
  const std::uint64_t wanted = Wanted("WRIT_ORACLE_POLICIES", 200), first = FirstSeed();
  std::map<RelationKind, Settled> tallies;
  std::uint64_t policies = 0;
  for (std::uint64_t seed = first; policies < wanted && seed < first + 20 * wanted; ++seed) {
    Random random(seed);
    const Shape shape{.facts = 2,
                      .meters = static_cast<int>(random.Below(2)),
                      .clauses = 2,
                      .depth = 1,
                      .small = true};
    std::string texts_together;
    std::vector<std::string> texts;
    for (const Block& file : GeneratePolicy(random, shape)) {
      texts.push_back(Print(file));
      texts_together += texts.back();
    }
    const SubjectResult made = MakeSubject(texts);
    if (!made.subject) continue;
    ++policies;
    const Policy policy = LoadPolicy(made.subject->dumps);
    for (std::uint32_t i = 0; i < made.subject->table.relation_count(); ++i) {
      const runtime::RelationView relation = made.subject->table.Relation(i);
      Settled& tally = tallies[relation.kind];
      const std::string wrong = RelationJudge(*made.subject, policy, relation).Run(tally);
      if (!wrong.empty() && ++tally.wrong == 1)
        ADD_FAILURE() << "seed " << seed << ": "
                      << analysis::RelationText(made.subject->table, relation) << ": " << wrong
                      << texts_together;
    }
  }
  static constexpr const char* kNames[] = {"implies", "disjoint", "monotone"};
  for (const auto& [kind, tally] : tallies) {
    std::cout << kNames[static_cast<std::size_t>(kind)] << ": " << tally.proofs << " proofs, "
              << tally.refutations << " refutations, " << tally.unknown << " unknown, over "
              << policies << " policies and " << tally.pairs << " pairs; " << tally.wrong
              << " wrong\n";
    EXPECT_EQ(tally.wrong, 0u);
    EXPECT_GT(tally.proofs, 0u);
    EXPECT_GT(tally.refutations, 0u);
  }
  EXPECT_EQ(tallies.size(), 3u);
}

}  // namespace
}  // namespace writ::oracle
