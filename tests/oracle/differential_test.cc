// The oracle against the compiled table: every combination of representatives on small policies,
// then random requests and histories on large ones. WRIT_ORACLE_CASES sets the number of cases of
// both tests together (label `long`: a hundred million).
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <utility>

#include "differential/compare.h"
#include "differential/requests.h"
#include "differential/subject.h"

namespace writ::oracle {
namespace {

// A million in the builds that are fast; fewer where every check is on.
#ifdef NDEBUG
constexpr std::uint64_t kCases = 1'000'000;
#else
constexpr std::uint64_t kCases = 60'000;
#endif

std::uint64_t EnvironmentNumber(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::uint64_t Cases() { return EnvironmentNumber("WRIT_ORACLE_CASES", kCases); }

// One case in ten is of a large policy, which takes some ten times as long as one of a small.
std::uint64_t LargeCases() { return Cases() / 10; }

struct Tally {
  std::uint64_t cases = 0, policies = 0, refused = 0;
  std::uint64_t mismatches = 0, shown = 0;
  bool shown_this_policy = false;
};

// Whether to go on with another policy.
bool MoreOf(const Tally& tally, std::uint64_t wanted) {
  const bool unreadable = testing::Test::HasFailure() && tally.shown == 0;
  return tally.cases < wanted && tally.policies + tally.refused < wanted && !unreadable &&
         tally.shown < EnvironmentNumber("WRIT_ORACLE_SHOW", 1);
}

// A policy that both sides took, or null.
struct Pair {
  std::vector<Block> files;
  std::unique_ptr<Subject> subject;
  Policy policy;
};

std::optional<Pair> MakePair(Random& random, const Shape& shape, Tally& tally) {
  tally.shown_this_policy = false;
  Pair pair;
  pair.files = GeneratePolicy(random, shape);
  std::vector<std::string> texts;
  for (const Block& file : pair.files) texts.push_back(Print(file));
  SubjectResult made = MakeSubject(texts);
  if (!made.subject) {
    ++tally.refused;
    if (std::getenv("WRIT_ORACLE_SHOW_REFUSED") != nullptr) std::cout << made.why << "\n";
    // Every generated policy is syntactically right; the checker may refuse some.
    EXPECT_TRUE(made.parsed) << made.why << texts[0];
    return std::nullopt;
  }
  ++tally.policies;
  pair.subject = std::move(made.subject);
  pair.policy = LoadPolicy(pair.subject->dumps);
  return pair;
}

// Reports the first mismatch of a policy, shrunk.
void Mismatch(const Pair& pair, const Request& request, const History* history, Tally& tally) {
  ++tally.mismatches;
  if (std::exchange(tally.shown_this_policy, true)) return;
  ++tally.shown;
  Case a_case{pair.files, history != nullptr, history == nullptr ? History{} : *history, request};
  ADD_FAILURE() << ShrinkAndPrint(std::move(a_case));
}

// Asks both sides. The table's session, if any, has committed `history`.
Answer Check(const Pair& pair, const Request& request, const History* history,
             const OwnedSession* session, Tally& tally) {
  ++tally.cases;
  const Answer oracle = Decide(pair.policy, request, history);
  const RuntimeRequest runtime_request(pair.subject->table, request);
  const Answer table =
      Ask(*pair.subject, runtime_request.request(), session == nullptr ? nullptr : session->get());
  if (!Difference(pair.policy, oracle, table).empty()) Mismatch(pair, request, history, tally);
  return oracle;
}

void Print(const Tally& tally) {
  std::cout << tally.cases << " cases over " << tally.policies << " policies, " << tally.refused
            << " refused by the checker, " << tally.mismatches << " disagreements\n";
  EXPECT_EQ(tally.mismatches, 0u);
  EXPECT_GT(tally.policies, tally.refused / 4)
      << "the generator writes too little that is well typed";
}

// Small policies, every combination of representatives.
void AllCombinations(std::uint64_t wanted) {
  constexpr std::uint64_t kPerCapability = 400;  // beyond, as many evenly spread combinations
  Tally tally;
  for (std::uint64_t seed = EnvironmentNumber("WRIT_ORACLE_SEED", 1); MoreOf(tally, wanted);
       ++seed) {
    Random random(seed);
    const int meters = static_cast<int>(random.Below(2));
    const Shape shape{.facts = 2,
                      .meters = meters,
                      .clauses = 2,
                      .depth = 1,
                      .small = true,
                      .case_is = random.Chance(20),
                      .strict = random.Chance(15)};
    const std::optional<Pair> pair = MakePair(random, shape, tally);
    if (!pair) continue;
    for (const auto& [name, capability] : pair->policy.capabilities) {
      const RequestSpace space(pair->policy, name);
      const std::uint64_t stride =
          space.size() <= kPerCapability ? 1 : space.size() / kPerCapability | 1;
      for (std::uint64_t i = 0; i < space.size(); i += stride) {
        Check(*pair, space.At(i), nullptr, nullptr, tally);
      }
    }
  }
  Print(tally);
}

// Requests in the order of their times, each committed if it took effect (M9).
void RunSession(const Pair& pair, const std::vector<RequestSpace>& spaces, Random& random,
                Tally& tally) {
  std::vector<Request> requests;
  for (int i = 0; i < 16; ++i) requests.push_back(random.Pick(spaces).Any(random));
  std::int64_t now = requests[0].now_ms;
  OwnedSession session(pair.subject->table);
  History history;
  for (Request& request : requests) {
    now += static_cast<std::int64_t>(random.Below(4)) * 1'800'000 + (random.Chance(20) ? 1 : 0);
    // Evidence was spelled relative to the time first drawn; keep its age.
    const std::int64_t moved = now - request.now_ms;
    request.now_ms = now;
    MoveEvidence(request, moved);
    const Answer answer = Check(pair, request, &history, &session, tally);
    const bool event = pair.policy.capabilities.contains(request.capability) &&
                       pair.policy.capabilities.at(request.capability).is_event;
    if (!answer.builtin.empty() || answer.verdict == "deny") continue;
    if (answer.verdict == "escalate" && !event && random.Chance(30))
      continue;  // nobody approved it
    session.get()->Commit(RuntimeRequest(pair.subject->table, request).request());
    history.push_back(request);
  }
}

// Large policies, random requests with and without a session.
void RandomRequests(std::uint64_t wanted) {
  Tally tally;
  for (std::uint64_t seed = EnvironmentNumber("WRIT_ORACLE_SEED", 1); MoreOf(tally, wanted);
       ++seed) {
    Random random(~seed);
    const int facts = 6 + static_cast<int>(random.Below(6));
    const Shape shape{.facts = facts,
                      .meters = 3,
                      .clauses = 5,
                      .depth = 2,
                      .small = false,
                      .case_is = random.Chance(20),
                      .strict = random.Chance(15),
                      .tenant = random.Chance(10)};
    const std::optional<Pair> pair = MakePair(random, shape, tally);
    if (!pair) continue;
    std::vector<RequestSpace> spaces;  // of each capability, in order of names
    for (const auto& [name, capability] : pair->policy.capabilities)
      spaces.emplace_back(pair->policy, name);
    for (int i = 0; i < 12; ++i) RunSession(*pair, spaces, random, tally);
    auto space = spaces.begin();
    for (const auto& [name, capability] : pair->policy.capabilities) {
      const RequestSpace& requests_of = *space++;
      const int requests = capability.is_event ? 5 : 70;
      for (int i = 0; i < requests; ++i) Check(*pair, requests_of.Any(random), nullptr, nullptr, tally);
    }
  }
  Print(tally);
}

TEST(Differential, SmallPoliciesOnAllCombinations) {
  AllCombinations(Cases() - LargeCases());
}

TEST(Differential, LargePoliciesOnRandomRequestsAndHistories) {
  RandomRequests(LargeCases());
}

}  // namespace
}  // namespace writ::oracle
