// `writ prove`: what every table has to answer, and what it is asked.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class Prove : public Workspace {
 protected:
  std::string Refunds() {
    const std::string table = Path("refunds.wtb");
    EXPECT_EQ(Writ({"build", Source("policies/support_refunds.writ"), "-o", table}).exit, 0);
    return table;
  }
  Result Ask(const std::string& question) { return Writ({"prove", Refunds(), question}); }
};

TEST_F(Prove, EveryShippedTableAnswersEveryQuestion) {
  for (const char* name :
       {"support_refunds", "support_refunds_next", "agentdojo_banking", "p2p_coatings"}) {
    const Result result =
        Writ({"prove", Source("policies/" + std::string(name) + ".writ"), "--format", "json"});
    EXPECT_EQ(result.exit, 0) << name << "\n" << result.err;
    for (const auto& answer : nlohmann::json::parse(result.out)["answers"])
      EXPECT_EQ(answer["answer"], "proved") << answer.dump();
  }
}

// Nothing is refuted by it: both clauses hold, and one of them has to decide.
TEST_F(Prove, ListsClausesThatOverlapWithAnotherDecision) {
  const Result result = Writ({"prove", Refunds()});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(
      result.out,
      AllOf(
          ContainsRegex("overlap  `issue_refund`: `escalate to board when amount > board_money as "
                        "threshold` decides, `escalate when confidence < unsure as ambiguity` "
                        "holds as well\n +amount = 5_000.01 EUR, confidence = 0.00"),
          ContainsRegex("comes out as: escalate to board, not escalate to refunds; at most about "
                        "[0-9.]+e[0-9]+ requests\n")));
  // A limit is made to stand over what it limits.
  EXPECT_THAT(result.out, ::testing::Not(ContainsRegex("overlap.*`limit ")));
  const auto json =
      nlohmann::json::parse(Writ({"prove", Refunds(), "--format", "json"}).out)["overlaps"];
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["outcome"], "escalate to board");
  EXPECT_EQ(json[0]["other_outcome"], "escalate to refunds");
}

// An invariant of a policy and the same words put to its table mean one thing (M17): what is
// assumed not to occur is denied, and refutes neither.
TEST_F(Prove, WhatIsAssumedNotToOccurRefutesNothing) {
  const std::string policy = R"(policy test.assumed 1.0.0
role lead human
role bot agent
anchor desk { held by lead reached by "queue:desk" within 4 hours on silence deny }
capability look { kind verify risk read_only input order: id }
capability pay {
  kind act risk destructive input order: id, amount: money(EUR) in 0..1_000 verify with look
}
facts from host missing false { known, closed : bool }
assume orders_are_known: never not known
delegation paying {
  from lead to bot may pay anchor desk review every 90 days expires 2030-12-31
  limit amount <= 200 EUR
  deny when closed
}
)";
  struct Judged {
    std::string asks;
    bool holds;
  };
  const std::string of_bot = " and role = bot and now < 2030-01-01";
  for (const Judged& one :
       {Judged{"never deny pay when amount < 100 EUR and (not closed)" + of_bot, true},
        Judged{"always allow pay when amount < 100 EUR and (not closed)" + of_bot, true},
        Judged{"never deny pay when amount < 100 EUR" + of_bot, false},
        Judged{"always allow pay when amount < 300 EUR and (not closed)" + of_bot, false},
        Judged{"never deny pay when (not known)" + of_bot, true},
        // Nobody else may pay, known or not.
        Judged{"never deny pay when amount < 100 EUR and (not closed)", false}}) {
    const std::string path = Write("assumed.writ", policy + "invariant asked: " + one.asks + "\n");
    const Result with = Writ({"check", path});
    EXPECT_EQ(with.exit, one.holds ? 0 : 2) << one.asks << "\n" << with.err;
    const std::string table = Path("assumed.wtb"), proof = Path("assumed.proof");
    ASSERT_EQ(Writ({"build", Write("plain.writ", policy), "-o", table}).exit, 0);
    const Result asked = Writ({"prove", table, one.asks, "--certificate", proof});
    EXPECT_EQ(asked.exit, one.holds ? 0 : 1) << one.asks << "\n" << asked.out << asked.err;
    if (!one.holds) continue;
    EXPECT_THAT(asked.out, HasSubstr("written  question")) << one.asks;
    EXPECT_EQ(Writ({"prove", table, "--check", proof}).exit, 0) << one.asks;
  }
}

TEST_F(Prove, WritesACertificateThatIsCheckedByItself) {
  const std::string table = Refunds(), proof = Path("refunds.proof");
  const Result written = Writ({"prove", table, "--certificate", proof});
  EXPECT_EQ(written.exit, 0) << written.err;
  EXPECT_THAT(written.out, HasSubstr("written  every request of `issue_refund` is decided\n"));
  const Result checked = Writ({"prove", table, "--check", proof});
  EXPECT_EQ(checked.exit, 0) << checked.err;
  EXPECT_THAT(checked.out, AllOf(HasSubstr("holds    every request of `issue_refund` is decided\n"),
                                 HasSubstr("holds    invariant `no_big_money_alone`: never allow "
                                           "`issue_refund` where its condition holds\n")));
  const Result other =
      Writ({"prove", Source("policies/support_refunds_next.writ"), "--check", proof});
  EXPECT_EQ(other.exit, 5);
  EXPECT_THAT(other.err, HasSubstr("it is of another table"));
  EXPECT_EQ(Writ({"prove", table, "--check", Path("none.proof")}).exit, 4);
  EXPECT_EQ(Writ({"prove", table, "--check", proof, "--certificate", proof}).exit, 2);
}

TEST_F(Prove, TheAnswerToAQuestionHasACertificate) {
  const std::string table = Refunds(), proof = Path("answer.proof");
  const std::string question =
      "never allow issue_refund when amount > 500 EUR and role = refund_agent";
  const Result written = Writ({"prove", table, question, "--certificate", proof});
  EXPECT_EQ(written.exit, 0) << written.err;
  const std::string claim =
      "question `" + question + "`: never allow `issue_refund` where its condition holds\n";
  EXPECT_THAT(written.out, HasSubstr("written  " + claim));
  const Result checked = Writ({"prove", table, "--check", proof});
  EXPECT_EQ(checked.exit, 0) << checked.err;
  EXPECT_EQ(checked.out, "holds    " + claim + "1 proofs checked\n");
  EXPECT_EQ(Writ({"prove", table, question, "--check", proof}).exit, 2);
  // What is refuted is left out, and what speaks of two decisions.
  const Result refuted = Writ(
      {"prove", table, "never allow issue_refund when amount > 500 EUR", "--certificate", proof});
  EXPECT_EQ(refuted.exit, 1);
  EXPECT_THAT(refuted.out, HasSubstr("left out question `never allow"));
  EXPECT_EQ(Writ({"prove", table, "--check", proof}).out, "0 proofs checked\n");
  const Result two =
      Writ({"prove", table, "monotone amount for issue_refund", "--certificate", proof});
  EXPECT_EQ(two.exit, 0) << two.err;
  EXPECT_THAT(two.out, HasSubstr("left out question `monotone amount for issue_refund`\n"));
}

// Every input that the capability requires is there, or the question does not arise.
TEST_F(Prove, WhatIsAlwaysDecidedSoHasACertificate) {
  const std::string table = Refunds(), proof = Path("answer.proof");
  const Result written =
      Writ({"prove", table, "always deny issue_refund when pressure.loop = stuck", "--certificate",
            proof});
  EXPECT_EQ(written.exit, 0) << written.err;
  EXPECT_THAT(written.out, AllOf(HasSubstr("never allow `issue_refund`"),
                                 HasSubstr("never escalate `issue_refund`"),
                                 ::testing::Not(HasSubstr("left out"))));
  const Result checked = Writ({"prove", table, "--check", proof, "--format", "json"});
  EXPECT_EQ(nlohmann::json::parse(checked.out)["certified"].size(), 2u);
}

TEST_F(Prove, WhatIsSaidOfTwoRequestsHasACertificate) {
  const auto policy = [&](const std::string& require) {
    return Write("pay.writ", R"(policy t.p 1.0.0
"T."
role boss human
role lead human reports to boss
role bot agent
anchor desk { held by lead  deputies boss  reached by "q" within 1 hours  on silence deny }
capability pay { kind act  risk local_write  system bank  input amount: money(EUR) in 0..1_000, fee: money(EUR) in 0..9  idempotent by amount  verify with look }
capability look { kind verify  risk read_only  system bank }
meter paid = sum pay.amount per case within 24 hours including this
delegation paying { from lead  to bot  may pay  may freely look  anchor desk  limit amount <= 50 EUR  limit paid <= 90 EUR  )" +
                                 require + R"(  review every 90 days  expires 2030-12-31 }
invariant costly: monotone fee for pay
invariant seen: allow pay implies allow look
)");
  };
  const std::string proof = Path("pay.proof"), plain = policy("require fee <= 5 EUR \"Too much.\"");
  const std::string costly =
      "invariant `costly`: `pay` is decided no less strictly for more `fee`\n";
  const Result written = Writ({"prove", plain, "--certificate", proof});
  EXPECT_EQ(written.exit, 0) << written.err;
  EXPECT_THAT(written.out, HasSubstr("written  " + costly));
  EXPECT_THAT(Writ({"prove", plain, "--check", proof}).out,
              AllOf(HasSubstr("holds    " + costly),
                    HasSubstr("holds    invariant `seen`: allow `pay` implies allow `look`\n")));
  // What is worked out of the fact that differs is free in the clauses.
  const Result free =
      Writ({"prove", policy("require fee <= amount \"Too much.\""), "--certificate", proof});
  EXPECT_EQ(free.exit, 0) << free.err;
  EXPECT_THAT(free.out, HasSubstr("left out " + costly));
}

TEST_F(Prove, AQuestionIsProvedOrRefutedWithARequest) {
  EXPECT_EQ(Ask("never allow issue_refund when amount > 500 EUR and role = refund_agent").exit, 0);
  const Result refuted = Ask("never allow issue_refund when amount > 500 EUR");
  EXPECT_EQ(refuted.exit, 1);
  EXPECT_THAT(refuted.out, AllOf(HasSubstr("amount = 500.01 EUR"), HasSubstr("role = support_lead"),
                                 HasSubstr("comes out as: allow")));
}

// One step inside the limit it is allowed, one step outside it is not.
TEST_F(Prove, AnswersAreExactAtTheBoundary) {
  EXPECT_EQ(Ask("never allow issue_refund when amount > 200 EUR and role = refund_agent").exit, 0);
  EXPECT_EQ(Ask("never allow issue_refund when amount >= 200 EUR and role = refund_agent").exit, 1);
}

TEST_F(Prove, EvenWithApprovalMeansDeny) {
  const std::string held =
      "never allow issue_refund when order.status = fraud_hold and "
      "role = refund_agent even with approval";
  EXPECT_EQ(Ask(held).exit, 0);
  const Result asked = Ask(
      "never allow issue_refund when amount > 200 EUR and role = refund_agent even with approval");
  EXPECT_EQ(asked.exit, 1);
  EXPECT_THAT(asked.out, HasSubstr("comes out as: escalate to refunds"));
}

// Thresholds, meters, evidence and pressures are named as the policy names them.
TEST_F(Prove, AQuestionKnowsThePolicysWords) {
  EXPECT_EQ(Ask("never allow issue_refund when refunds_today > 9_000 EUR and confidence < unsure "
                "and role = refund_agent")
                .exit,
            0);
  EXPECT_EQ(Ask("never allow when pressure.loop = stuck").exit, 0);
  EXPECT_EQ(Ask("never deny get_order when role = refund_agent").exit, 1);
}

TEST_F(Prove, AQuestionAboutNothingSaysSo) {
  const Result nothing = Ask("never allow issue_refund when amount < 0 EUR");
  EXPECT_EQ(nothing.exit, 0);
  EXPECT_THAT(nothing.out, HasSubstr("no request meets its condition"));
}

TEST_F(Prove, AQuestionThatMakesNoSenseIsRefused) {
  const Result unknown = Ask("never allow issue_refund when amnt > 5 EUR");
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_THAT(unknown.err, HasSubstr("unknown-name"));
  EXPECT_EQ(Ask("never allow fly").exit, 2);
  EXPECT_EQ(Ask("always look").exit, 2);
  EXPECT_EQ(Ask("never allow issue_refund\nrole intruder human").exit, 2);
}

TEST_F(Prove, AsksAboutTwoDecisions) {
  const Result rises = Ask("monotone amount for issue_refund");
  EXPECT_EQ(rises.exit, 0) << rises.out << rises.err;
  const Result falls = Ask("monotone amount falling for issue_refund");
  EXPECT_EQ(falls.exit, 1);
  EXPECT_THAT(falls.out, HasSubstr("falling for issue_refund: `issue_refund`"));
  EXPECT_THAT(falls.out, ContainsRegex("comes out as: amount = .*; amount = .*: allow"));
  EXPECT_EQ(Ask("disjoint allow get_order, issue_refund").exit, 1);
  const Result implied = Ask("allow get_order implies allow issue_refund");
  EXPECT_EQ(implied.exit, 1);
  EXPECT_THAT(implied.out, HasSubstr("`get_order, issue_refund`"));
  EXPECT_THAT(implied.out, HasSubstr("comes out as: get_order: allow; issue_refund: "));
  EXPECT_EQ(Ask("allow issue_refund implies allow get_order").exit, 0);
  EXPECT_EQ(Ask("always deny issue_refund when amount > order.total").exit, 1);
  EXPECT_EQ(Ask("monotone order").exit, 2);
}

TEST_F(Prove, WhatTheBudgetDoesNotReachIsInconclusive) {
  const Result open = Writ(
      {"prove", Refunds(), "never allow issue_refund when amount > 500 EUR", "--max-steps", "1"});
  EXPECT_EQ(open.exit, 3);
  EXPECT_THAT(open.out, HasSubstr("unknown"));
}

}  // namespace
}  // namespace writ::cli
