// Travel claims of a university, 2017 and 2018: which payments each version of the rules would have
// held. Who is whose supervisor, and when a director signs, is not in the log: a payment that only
// lacks these signatures is not known, and is not held.
#include <array>
#include <iostream>
#include <map>
#include <tuple>

#include "replayed.h"
#include "support/command.h"

namespace writ::e2e {
namespace {

using namespace command;

struct PaymentTally {
  std::size_t paid = 0, held = 0, unknown = 0, clear = 0;
  friend bool operator==(const PaymentTally&, const PaymentTally&) = default;
};
std::ostream& operator<<(std::ostream& out, const PaymentTally& tally) {
  return out << tally.paid << " payments: " << tally.held << " held, " << tally.unknown
             << " not known, " << tally.clear << " clear";
}

// By the year in which the claim was handed in, and the trip.
std::map<std::pair<std::string, std::string>, PaymentTally> Payments(const Replayed& replayed) {
  std::map<std::string, std::map<std::string, std::string>> labels;
  for (const evals::CorpusLabel& label : replayed.labels())
    labels[label.run][label.name] = label.value;
  std::map<std::pair<std::string, std::string>, PaymentTally> payments;
  const evals::ReplayResult& result = replayed.result();
  for (const evals::EventRecord& record : result.records) {
    const evals::Shape& shape = result.shapes[record.shape];
    if (shape.capability != "request_payment") continue;
    auto& of_run = labels[result.runs[record.run].run];
    PaymentTally& tally =
        payments[{of_run.contains("handed_in") ? of_run["handed_in"] : "never", of_run["trip"]}];
    const evals::LaneDecision& decision = shape.lane[1].decision;
    ++tally.paid;
    if (decision.unknown) {
      ++tally.unknown;
    } else {
      ++(decision.verdict == runtime::Verdict::kAllow ? tally.clear : tally.held);
    }
  }
  return payments;
}

class Travel : public Workspace {};

TEST_F(Travel, HoldsPaymentsByTheRulesOfTheirYear) {
  const std::string domestic = SharedCorpus("bpic2020_travel/DomesticDeclarations.jsonl.xz");
  const std::string abroad = SharedCorpus("bpic2020_travel/InternationalDeclarations.jsonl.xz");
  if (domestic.empty() || abroad.empty())
    GTEST_SKIP() << "the travel corpus is not here; set WRIT_CORPORA to the folder that has it";
  const Result imported =
      Writ({"corpus", "import", domestic, abroad, "--map",
            Source("corpora/bpic2020_travel/travel.sql"), "-o", Path("travel.db")});
  ASSERT_EQ(imported.exit, 0) << imported.err;

  using ByYear = std::map<std::pair<std::string, std::string>, PaymentTally>;
  const std::array<std::pair<const char*, ByYear>, 2> versions = {{
      {"travel_claims",
       {{{"2017", "domestic"}, {2143, 1, 2142, 0}},
        {{"2017", "abroad"}, {1297, 0, 1297, 0}},
        {{"2018", "domestic"}, {7896, 0, 7896, 0}},
        {{"2018", "abroad"}, {4886, 0, 4841, 45}},
        {{"never", "domestic"}, {1, 1, 0, 0}}}},
      {"travel_claims_next",
       {{{"2017", "domestic"}, {2143, 2125, 18, 0}},
        {{"2017", "abroad"}, {1297, 1289, 8, 0}},
        {{"2018", "domestic"}, {7896, 0, 7896, 0}},
        {{"2018", "abroad"}, {4886, 0, 4841, 45}},
        {{"never", "domestic"}, {1, 1, 0, 0}}}},
  }};
  for (const auto& [policy, expected] : versions) {
    Replayed replayed(Source("policies/" + std::string(policy) + ".writ"), Path("travel.db"),
                      evals::Horizon::kEvent);
    ASSERT_TRUE(replayed.ok()) << replayed.error();
    const auto payments = Payments(replayed);
    for (const auto& [of, tally] : payments)
      std::cout << policy << ", " << of.first << ", " << of.second << ": " << tally << '\n';
    EXPECT_EQ(payments, expected) << policy;
    EXPECT_EQ(replayed.RunsInside("Claimed later than two months after the trip.").size(), 308u);
    EXPECT_EQ(replayed.RunsInside("A trip abroad began without a permit.").size(), 1553u)
        << "of them 448 whose permit is not in the record";
  }
  const Result gate = Writ({"gate", Source("policies/travel_claims.gate.yaml"), "--corpus",
                            Path("travel.db"), "--as-of", "2026-11-21"});
  EXPECT_EQ(gate.exit, 3) << "what nobody recorded is not settled by replay" << gate.out
                          << gate.err;
}

}  // namespace
}  // namespace writ::e2e
