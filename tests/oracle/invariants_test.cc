// Many random invariants of each random policy, held to the oracle: none is proved that a
// representative refutes, and each refutation is one in the oracle too. What the oracle says of a
// request serves for all invariants at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "differential/compare.h"
#include "differential/requests.h"
#include "differential/subject.h"
#include "differential/witness_request.h"
#include "wanted.h"
#include "writ/analysis/coverage.h"

namespace writ::oracle {
namespace {

using analysis::Outcome;

constexpr std::uint64_t kMostRequests = 120;  // of one capability
constexpr int kInvariants = 50;               // of one policy
constexpr std::uint64_t kMostSteps = 200'000;

struct InvariantTally {
  std::uint64_t policies = 0, proofs = 0, refutations = 0, unknown = 0, confirmed = 0, requests = 0,
                wrong = 0;
};

// Whether it breaks `never DECISION when C`, or `always`.
bool BreaksInvariant(const Invariant& invariant, const Answer& answer) {
  const bool decided_so = answer.verdict == invariant.decision;
  return answer.invariants.contains(invariant.name) && decided_so == (invariant.kind == "never");
}

// One capability of one policy: what the oracle says of its representatives.
class InvariantJudge {
 public:
  InvariantJudge(const Subject& subject, const Policy& policy, runtime::CapabilityId capability)
      : subject_(subject), policy_(policy), space_(subject.table, capability) {
    const RequestSpace all(policy, std::string(subject.table.Capability(capability).name));
    const std::uint64_t stride =
        all.size() <= 2 * kMostRequests ? 1 : all.size() / (2 * kMostRequests) | 1;
    for (std::uint64_t i = 0; i < all.size() && answers_.size() < kMostRequests; i += stride) {
      Answer answer = Decide(policy, all.At(i), nullptr);
      if (answer.builtin.empty() || answer.builtin == "undecided")
        answers_.emplace_back(i, std::move(answer));
    }
  }

  std::size_t requests() const { return answers_.size(); }

  // What is wrong; empty if nothing is.
  std::string Run(std::uint32_t index, const Invariant& invariant, InvariantTally* tally) const {
    if (space_.InvariantColumns(index).Empty()) return "";
    analysis::Budget budget{kMostSteps};
    const analysis::Answer found = analysis::FindInvariantBreach(space_, index, budget);
    const auto refuted = std::ranges::find_if(
        answers_, [&](const auto& one) { return BreaksInvariant(invariant, one.second); });
    tally->confirmed += found.outcome == Outcome::kFound && refuted != answers_.end() ? 1 : 0;
    switch (found.outcome) {
      case Outcome::kUnknown:
        ++tally->unknown;
        return "";
      case Outcome::kFound: {
        ++tally->refutations;
        const Request request = ToRequest(subject_.table, *found.witness);
        const Answer answer = Decide(policy_, request, nullptr);
        if (BreaksInvariant(invariant, answer)) return "";
        return "said to be refuted, but not by\n" + ToText(request) + "\noracle: " + ToText(answer);
      }
      case Outcome::kNone:
        break;
    }
    ++tally->proofs;
    if (refuted == answers_.end()) return "";
    return "proved, but the oracle refutes it with representative " +
           std::to_string(refuted->first) + ": " + ToText(refuted->second);
  }

 private:
  const Subject& subject_;
  const Policy& policy_;
  const analysis::Space space_;
  std::vector<std::pair<std::uint64_t, Answer>> answers_;
};

void JudgeManyInvariants(const Subject& subject, const Policy& policy, std::uint64_t seed,
                         const std::string& text, InvariantTally* tally) {
  for (std::uint32_t c = 0; c < subject.table.capability_count(); ++c) {
    const InvariantJudge judge(subject, policy, {c});
    tally->requests += judge.requests();
    for (std::uint32_t i = 0; i < subject.table.invariant_count(); ++i) {
      const std::string name(subject.table.Invariant(i));
      const auto invariant = std::ranges::find(policy.invariants, name, &Invariant::name);
      if (name.starts_with("~") || invariant == policy.invariants.end()) continue;
      const std::string wrong = judge.Run(i, *invariant, tally);
      if (!wrong.empty() && ++tally->wrong == 1)
        ADD_FAILURE() << "seed " << seed << ", " << name << " of "
                      << subject.table.Capability({c}).name << ": " << wrong << "\n"
                      << text;
    }
  }
}

TEST(Invariants, AgreeWithTheOracle) {
  const std::uint64_t wanted = Wanted("WRIT_ORACLE_INVARIANTS", 500), first = FirstSeed();
  InvariantTally tally;
  for (std::uint64_t seed = first;
       tally.policies * kInvariants < wanted && seed < first + 20 * wanted; ++seed) {
    Random random(seed);
    const Shape shape{.facts = 2,
                      .meters = static_cast<int>(random.Below(2)),
                      .clauses = 2,
                      .depth = 1,
                      .small = true,
                      .relations = false,
                      .invariants = kInvariants};
    std::vector<std::string> texts;
    std::string text;
    for (const Block& file : GeneratePolicy(random, shape)) text += texts.emplace_back(Print(file));
    const SubjectResult made = MakeSubject(texts);
    if (!made.subject) continue;
    ++tally.policies;
    JudgeManyInvariants(*made.subject, LoadPolicy(made.subject->dumps), seed, text, &tally);
  }
  std::cout << tally.policies * kInvariants << " invariants of " << tally.policies
            << " policies: " << tally.proofs << " proofs, " << tally.refutations << " refutations ("
            << tally.confirmed << " of them by representatives too), " << tally.unknown
            << " unknown, over " << tally.requests << " requests; " << tally.wrong << " wrong\n";
  EXPECT_GE(tally.policies * kInvariants, wanted);
  EXPECT_EQ(tally.wrong, 0u);
  EXPECT_GT(tally.proofs, wanted / 20);
  EXPECT_GT(tally.refutations, wanted / 20);
}

}  // namespace
}  // namespace writ::oracle
