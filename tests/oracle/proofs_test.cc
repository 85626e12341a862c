// What a policy must prove in order to compile, held to brute force on small generated policies:
// where the compiler does not refuse it, no request among the representatives may refute it.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "differential/compare.h"
#include "differential/requests.h"
#include "differential/subject.h"
#include "wanted.h"

namespace writ::oracle {
namespace {

constexpr std::uint64_t kRequestsPerClaim = 300;

// A claim, and the code with which a policy is refused that does not keep it.
struct Claim {
  std::string code;
  // What is wrong with the request, in words; empty if nothing is.
  std::string (*refutes)(const Policy&, const Request&);
};

std::string Ceiling(const Policy& policy, const Request& request) {
  const std::string ceiling = CeilingExceeded(policy, request, nullptr);
  return ceiling.empty() ? "" : "allowed beyond " + ceiling;
}

std::string Text(const Policy& policy, const Request& request) {
  const Answer with = Decide(policy, request, nullptr);
  const Answer without = DecideWithout(policy, request, nullptr, ClausesOnText(policy));
  if (!with.rivals.empty() || AtLeastAsStrict(policy, with, without)) return "";
  return "without text: " + ToText(without);
}

// M21: the same request with a higher value.
std::string Looser(const Policy& policy, const Request& request) {
  for (const char* fact : {"pressure.loop", "mode"}) {
    const auto declared = policy.facts.find(fact);
    const auto given = request.facts.find(fact);
    if (declared == policy.facts.end() || given == request.facts.end()) continue;
    const std::vector<std::string>& values = declared->second.type.values;
    const Answer before = Decide(policy, request, nullptr);
    for (auto value = std::find(values.begin(), values.end(), given->second.text);
         value != values.end(); ++value) {
      Request worse = request;
      worse.facts[fact].text = *value;
      const Answer after = Decide(policy, worse, nullptr);
      const bool ordered = before.rivals.empty() && after.rivals.empty();
      if (ordered && !AtLeastAsStrict(policy, after, before))
        return std::string(fact) + " = " + *value + ": " + ToText(after);
    }
  }
  return "";
}

const std::vector<Claim>& Claims() {
  static const std::vector<Claim> kClaims = {
      {"wider-than-ceiling", Ceiling}, {"text-loosens", Text}, {"looser-under-pressure", Looser}};
  return kClaims;
}

struct Found {
  std::uint64_t policies = 0, requests = 0, kept = 0, refused = 0, confirmed = 0, wrong = 0;
};

std::vector<Request> Representatives(const Policy& policy, const std::string& capability) {
  const RequestSpace space(policy, capability);
  std::vector<Request> requests;
  const std::uint64_t stride =
      space.size() <= kRequestsPerClaim ? 1 : space.size() / kRequestsPerClaim | 1;
  for (std::uint64_t i = 0; i < space.size(); i += stride) requests.push_back(space.At(i));
  return requests;
}

void Judge(const Policy& policy, const std::vector<std::string>& texts, const Claim& claim,
           bool refused, const std::vector<Request>& requests, Found& tally) {
  const auto refuted = std::find_if(requests.begin(), requests.end(), [&](const Request& request) {
    return !claim.refutes(policy, request).empty();
  });
  ++(refused ? tally.refused : tally.kept);
  if (refuted == requests.end()) return;
  ++(refused ? tally.confirmed : tally.wrong);
  if (refused || tally.wrong > 1) return;
  std::string all;
  for (const std::string& text : texts) all += text;
  ADD_FAILURE() << "not refused with " << claim.code << ", but here is a counterexample:\n"
                << ToText(*refuted) << "\n"
                << ToText(Decide(policy, *refuted, nullptr)) << "\n"
                << claim.refutes(policy, *refuted) << "\n"
                << all;
}

TEST(Proofs, HaveNoCounterexampleAmongRepresentatives) {
  const std::uint64_t wanted = Wanted("WRIT_ORACLE_POLICIES", 60), first = FirstSeed();
  std::vector<Found> tallies(Claims().size());
  for (std::uint64_t seed = first; tallies[0].policies < wanted && seed < first + 40 * wanted;
       ++seed) {
    Random random(seed);
    const Shape shape{
        .facts = 2, .meters = 0, .clauses = 2, .depth = 1, .small = true, .relations = false};
    std::vector<std::string> texts;
    for (const Block& file : GeneratePolicy(random, shape)) texts.push_back(Print(file));
    const SubjectResult made = MakeSubject(texts);
    if (!made.subject) continue;
    const std::set<std::string> errors = ErrorsOf(texts);
    if (errors.contains("unproved")) continue;
    const Policy policy = LoadPolicy(made.subject->dumps);
    std::vector<Request> requests;
    for (const auto& [name, capability] : policy.capabilities) {
      const std::vector<Request> some = Representatives(policy, name);
      requests.insert(requests.end(), some.begin(), some.end());
    }
    for (std::size_t i = 0; i < tallies.size(); ++i) {
      ++tallies[i].policies;
      tallies[i].requests += requests.size();
      Judge(policy, texts, Claims()[i], errors.contains(Claims()[i].code), requests, tallies[i]);
    }
  }
  std::uint64_t confirmed = 0;  // of all claims: some are refuted in one policy of hundreds
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    const Found& tally = tallies[i];
    confirmed += tally.confirmed;
    std::cout << Claims()[i].code << ": " << tally.refused << " of " << tally.policies
              << " policies refused, " << tally.confirmed << " of them by representatives too; "
              << tally.requests << " requests, " << tally.wrong << " wrong\n";
    EXPECT_EQ(tally.wrong, 0u);
    EXPECT_GT(tally.kept, 0u);
  }
  EXPECT_GT(confirmed, 0u);
}

}  // namespace
}  // namespace writ::oracle
