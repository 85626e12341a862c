// Verification held to brute force, on small generated policies. What the algebra over tables says
// to have proved must have no counterexample among the representatives; what it refutes must be
// refuted by its own request, in the oracle.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "differential/compare.h"
#include "differential/requests.h"
#include "differential/subject.h"
#include "differential/witness_request.h"
#include "wanted.h"
#include "writ/analysis/coverage.h"

namespace writ::oracle {
namespace {

using analysis::Outcome;
using runtime::CapabilityId;
using runtime::ClauseId;
using runtime::FactId;

constexpr std::uint64_t kRequestsPerCapability = 300;

// Of one question. What takes more is counted as unknown: it is the answers that are judged here.
constexpr std::uint64_t kMaxSteps = 500'000;

struct Verdicts {
  std::uint64_t proofs = 0, refutations = 0, unknown = 0, requests = 0, policies = 0, wrong = 0;
};

// ---- one question
// --------------------------------------------------------------------------------------

// Everything about one capability of one policy.
struct Scene {
  const std::vector<Block>& files;
  const Subject& subject;
  const Policy& policy;
  std::vector<Request> requests;  // representatives that pass the builtin rows
  Verdicts& tally;

  std::string Text() const {
    std::string text;
    for (const Block& file : files) text += Print(file);
    return text;
  }
};

// `shows`: whether the oracle says that a request refutes what was asked.
template <typename Shows>
void Judge(Scene& scene, const std::string& question, const analysis::Answer& answer,
           const Shows& shows) {
  const auto wrong = [&](const std::string& what, const Request& request) {
    if (++scene.tally.wrong > 1) return;
    ADD_FAILURE() << question << ": " << what << "\n"
                  << ToText(request)
                  << "\noracle: " << ToText(Decide(scene.policy, request, nullptr)) << "\n"
                  << scene.Text();
  };
  switch (answer.outcome) {
    case Outcome::kUnknown:
      ++scene.tally.unknown;
      return;
    case Outcome::kFound: {
      ++scene.tally.refutations;
      const Request request = ToRequest(scene.subject.table, *answer.witness);
      if (!shows(request)) wrong("the witness shows nothing", request);
      return;
    }
    case Outcome::kNone:
      break;
  }
  ++scene.tally.proofs;
  for (const Request& request : scene.requests) {
    if (shows(request)) return wrong("said to be proved, but here is a counterexample", request);
  }
}

void JudgeGaps(Scene& scene, const analysis::Space& space) {
  analysis::Budget budget{kMaxSteps};
  Judge(scene, "no gap", analysis::FindUndecided(space, budget), [&](const Request& request) {
    return Decide(scene.policy, request, nullptr).builtin == "undecided";
  });
}

void JudgeInvariants(Scene& scene, const analysis::Space& space) {
  const runtime::Table& table = scene.subject.table;
  for (std::uint32_t i = 0; i < table.invariant_count(); ++i) {
    if (space.InvariantColumns(i).Empty()) continue;
    const std::string name(table.Invariant(i));
    if (name.starts_with("~")) continue;  // ceilings and exceptions: proofs_test.cc
    const auto invariant = std::ranges::find(scene.policy.invariants, name, &Invariant::name);
    if (invariant->kind != "never" && invariant->kind != "always") continue;  // relations_test.cc
    analysis::Budget budget{kMaxSteps};
    Judge(scene, "invariant " + name, analysis::FindInvariantBreach(space, i, budget),
          [&](const Request& request) {
            const Answer answer = Decide(scene.policy, request, nullptr);
            const bool decided_so = answer.verdict == invariant->decision;
            return answer.invariants.contains(name) && decided_so == (invariant->kind == "never");
          });
  }
}

void JudgeClauses(Scene& scene, const analysis::Space& space) {
  analysis::Budget budget{kMaxSteps};
  for (const analysis::ClauseEffect& found : analysis::AllClausesMatter(space, budget)) {
    const std::string name(scene.subject.table.Clause(found.clause).name);
    if (name.starts_with("~")) continue;
    Judge(scene, "effect of " + name, found.effect.answer, [&](const Request& request) {
      const Answer with = Decide(scene.policy, request, nullptr);
      if (!with.rivals.empty())
        return found.effect.answer.outcome == Outcome::kFound;  // no order to go by
      const Answer without = DecideWithout(scene.policy, request, nullptr, {name});
      // A clause that closes a gap matters: without it, the policy would be refused (M5.2).
      return with.builtin != without.builtin || with.verdict != without.verdict ||
             with.anchor != without.anchor;
    });
  }
}

void JudgeCapability(Scene& scene, CapabilityId capability) {
  const RequestSpace representatives(scene.policy,
                                     std::string(scene.subject.table.Capability(capability).name));
  const std::uint64_t stride = representatives.size() <= 4 * kRequestsPerCapability
                                   ? 1
                                   : representatives.size() / (4 * kRequestsPerCapability) | 1;
  scene.requests.clear();
  for (std::uint64_t i = 0;
       i < representatives.size() && scene.requests.size() < kRequestsPerCapability; i += stride) {
    Request request = representatives.At(i);
    const Answer answer = Decide(scene.policy, request, nullptr);
    if (answer.builtin.empty() || answer.builtin == "undecided")
      scene.requests.push_back(std::move(request));
  }
  scene.tally.requests += scene.requests.size();
  const analysis::Space space(scene.subject.table, capability);
  JudgeGaps(scene, space);
  JudgeInvariants(scene, space);
  JudgeClauses(scene, space);
}

TEST(Verification, AgreesWithBruteForce) {
  const std::uint64_t wanted = Wanted("WRIT_ORACLE_POLICIES", 60), first = FirstSeed();
  Verdicts tally;
  for (std::uint64_t seed = first; tally.policies < wanted && seed < first + 20 * wanted; ++seed) {
    Random random(seed);
    const Shape shape{.facts = 2,
                      .meters = static_cast<int>(random.Below(2)),
                      .clauses = 2,
                      .depth = 1,
                      .small = true};
    const std::vector<Block> files = GeneratePolicy(random, shape);
    std::vector<std::string> texts;
    for (const Block& file : files) texts.push_back(Print(file));
    const SubjectResult made = MakeSubject(texts);
    if (!made.subject) continue;
    ++tally.policies;
    const Policy policy = LoadPolicy(made.subject->dumps);
    Scene scene{files, *made.subject, policy, {}, tally};
    for (std::uint32_t c = 0; c < made.subject->table.capability_count(); ++c)
      JudgeCapability(scene, CapabilityId{c});
  }
  std::cout << tally.proofs << " proofs, " << tally.refutations << " refutations, " << tally.unknown
            << " unknown, over " << tally.policies << " policies and " << tally.requests
            << " requests; " << tally.wrong << " wrong\n";
  EXPECT_EQ(tally.wrong, 0u);
  EXPECT_GT(tally.proofs, 0u);
  EXPECT_GT(tally.refutations, 0u);
}

}  // namespace
}  // namespace writ::oracle
