// `writ show`: what one role may do, from a policy and from its table, with some of it fixed.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Show : public Workspace {
 protected:
  static std::string Refunds() { return Source("policies/support_refunds.writ"); }
  static nlohmann::json Json(std::vector<std::string> args) {
    args.insert(args.end(), {"--format", "json"});
    const Result result = Writ(args);
    EXPECT_EQ(result.exit, 0) << result.err;
    return nlohmann::json::parse(result.out);
  }
  // When and how the rows decide.
  static std::vector<std::string> Rows(const nlohmann::json& capability) {
    std::vector<std::string> rows;
    for (const auto& row : capability["rows"]) {
      std::string text = row["decision"];
      for (const auto& when : row["when"]) text += " / " + when.get<std::string>();
      rows.push_back(text);
    }
    return rows;
  }
};

TEST_F(Show, APolicyAndItsTableReadTheSame) {
  const std::string table = Path("refunds.wtb");
  ASSERT_EQ(Writ({"build", Refunds(), "-o", table}).exit, 0);
  for (const char* format : {"text", "markdown", "html", "json"}) {
    const std::vector<std::string> rest = {"--role", "refund_agent", "amount=120 EUR", "--format",
                                           format};
    std::vector<std::string> policy = {"show", Refunds()}, built = {"show", table};
    policy.insert(policy.end(), rest.begin(), rest.end());
    built.insert(built.end(), rest.begin(), rest.end());
    EXPECT_EQ(Writ(policy).exit, 0);
    EXPECT_EQ(Writ(policy).out, Writ(built).out) << format;
  }
}

TEST_F(Show, WhatIsFixedIsNoConditionAnyMore) {
  const auto json =
      Json({"show", Refunds(), "--role", "refund_agent", "--capability", "issue_refund",
            "amount=120 EUR", "order.total=300 EUR", "order.status=open", "pressure.loop=none",
            "evidence.order_lookup=fresh", "confidence=0.93", "--now", "2026-11-02T10:00:00Z"});
  ASSERT_EQ(json["capabilities"].size(), 1u);
  const auto& refund = json["capabilities"][0];
  EXPECT_EQ(refund["autonomy"], "within_limits");
  EXPECT_EQ(refund["term"].size(), 1u) << "of the term, only the header is open";
  EXPECT_THAT(
      Rows(refund),
      ::testing::ElementsAre(
          "deny / refunds_today is missing",
          "escalate to refunds / refunds_today > daily_autonomy (2_000 EUR)",
          "escalate to refunds / customer.tier is missing or customer.tier = bronze", "allow"));
  EXPECT_THAT(refund["rows"][1]["for_example"].get<std::string>(), HasSubstr("refunds_today = "));
}

TEST_F(Show, AValueStandsWhereItsFactIsFixed) {
  const auto json = Json({"show", Refunds(), "--role", "refund_agent", "--capability",
                          "issue_refund", "amount=120 EUR"});
  EXPECT_THAT(Rows(json["capabilities"][0]), ::testing::Contains("deny / 120 EUR > order.total"));
}

TEST_F(Show, OneLessOfTheTotalSettlesIt) {
  const auto json =
      Json({"show", Refunds(), "--role", "refund_agent", "--capability", "issue_refund",
            "amount=120 EUR", "order.total=119.99 EUR", "evidence.order_lookup=fresh"});
  const auto& refund = json["capabilities"][0];
  EXPECT_EQ(refund["autonomy"], "never");
  EXPECT_THAT(Rows(refund), ::testing::Contains("deny"));
}

TEST_F(Show, EachKindOfStanding) {
  const std::string policy = Write("p.writ", R"(policy t.p 1.0.0
"T."
effective 2026-01-01
role lead human
role clerk agent
role helper agent
role guest party
anchor desk "Desk" { held by lead  reached by "queue:x" within 4 hours  on silence deny }
threshold most = 10
capability look  { kind observe  risk read_only  system s }
capability pay   { kind observe  risk read_only  system s  input n: integer in 0..100 }
capability draft { kind act  risk local_write  system s  verify with look }
capability close { kind observe  risk read_only  system s }
delegation d { from lead  to clerk  may freely look  may pay  may propose draft
  may grant close to helper  abstain from close
  anchor desk  review every 90 days  expires 2030-01-01
  for pay { limit n <= most }
}
)");
  const auto autonomy = [&](const char* role) {
    std::map<std::string, std::string> found;
    const auto json = Json({"show", policy, "--role", role});
    for (const auto& one : json["capabilities"]) found[one["capability"]] = one["autonomy"];
    return found;
  };
  ASSERT_EQ(Writ({"check", policy}).exit, 0) << Writ({"check", policy}).err;
  const std::map<std::string, std::string> clerk = {
      {"look", "alone"}, {"pay", "within_limits"}, {"draft", "only_proposes"}, {"close", "never"}};
  EXPECT_EQ(autonomy("clerk"), clerk);
  const std::map<std::string, std::string> guest = {
      {"look", "never"}, {"pay", "never"}, {"draft", "never"}, {"close", "never"}};
  EXPECT_EQ(autonomy("guest"), guest);
  const std::string text = Writ({"show", policy, "--role", "clerk"}).out;
  EXPECT_THAT(text, HasSubstr("== only proposes\n\ndraft\n"));
  EXPECT_THAT(text, HasSubstr("the role grants this and abstains from doing it"));
  EXPECT_THAT(Writ({"show", policy, "--role", "guest"}).out,
              HasSubstr("== nothing covers it, so never\n\n  close, draft, look, pay\n"));
}

TEST_F(Show, ARequestInAFileIsFixed) {
  const std::string request = Write("r.json", R"({"role": "refund_agent",
    "capability": "get_order", "facts": {"pressure.loop": null}})");
  const Result result = Writ({"show", Refunds(), "--given", request});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, Not(HasSubstr("pressure.loop"))) << "no agent is told of it";
  EXPECT_THAT(result.out, HasSubstr("== never\n\nget_order"));
  const Result piped = Writ({"show", Refunds(), "--given", "-"}, Read(request));
  EXPECT_EQ(piped.out, result.out);
  const Result other = Writ({"show", Refunds(), "--given", request, "--role", "coo"});
  EXPECT_EQ(other.exit, 2);
  EXPECT_THAT(other.err, HasSubstr("the request says role `refund_agent`, --role says `coo`"));
}

TEST_F(Show, AMalformedValueDeniesWhatReadsIt) {
  const std::string text =
      Writ({"show", Refunds(), "--role", "refund_agent", "amount=12.345 EUR"}).out;
  EXPECT_THAT(text, HasSubstr("never: `amount` is malformed"));
  EXPECT_THAT(text, HasSubstr("== within limits\n\nget_order"));
}

TEST_F(Show, SaysWhatItCannotShow) {
  EXPECT_EQ(Writ({"show", Refunds()}).exit, 2);
  const Result role = Writ({"show", Refunds(), "--role", "refund_agnt"});
  EXPECT_EQ(role.exit, 2);
  EXPECT_THAT(role.err, HasSubstr("no role `refund_agnt`; do you mean `refund_agent`?"));
  const Result capability =
      Writ({"show", Refunds(), "--role", "coo", "--capability", "isue_refund"});
  EXPECT_EQ(capability.exit, 2);
  EXPECT_THAT(capability.err, HasSubstr("do you mean `issue_refund`?"));
  EXPECT_EQ(Writ({"show", Refunds(), "--role", "coo", "amount"}).exit, 2);
  EXPECT_EQ(Writ({"show", Refunds(), "--role", "coo", "amout=1 EUR"}).exit, 2);
  EXPECT_EQ(Writ({"show", Refunds(), "--role", "coo", "evidence.nothing=fresh"}).exit, 2);
  EXPECT_EQ(Writ({"show", Path("none.wtb"), "--role", "coo"}).exit, 4);
}

TEST_F(Show, HtmlEscapesWhatThePolicySays) {
  const std::string policy = Write("p.writ", R"(policy t.p 1.0.0
"<script>alert(1)</script>"
effective 2026-01-01
role lead human
role clerk human reports to lead
anchor desk "Desk & co" { held by lead  reached by "queue:x" within 4 hours  on silence deny }
capability look "<b>" { kind observe  risk read_only  system s  input n: id }
grant clerk look under desk expires 2030-01-01
)");
  const Result result = Writ({"show", policy, "--role", "clerk", "n=<script>", "--format", "html"});
  ASSERT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, Not(HasSubstr("<script")));
  EXPECT_THAT(result.out, HasSubstr("n = &lt;script&gt;"));
  EXPECT_THAT(result.out, HasSubstr("default-src 'none'"));
  const Result markdown = Writ({"show", policy, "--role", "clerk", "--format", "markdown"});
  EXPECT_THAT(markdown.out, StartsWith("# What clerk may do\n"));
  EXPECT_THAT(markdown.out, Not(HasSubstr("t.p 1.0.0: <script")));
}

// What a route, a class of work and a completion leave of it.
TEST_F(Show, AnIntentIsShownInShort) {
  const std::string desk = Source("policies/front_desk.writ");
  const auto names = [&](const std::string& role, const std::string& intent, const char* group) {
    const auto json = Json({"show", desk, "--role", role, "--intent", intent});
    EXPECT_EQ(json["intent"], intent);
    EXPECT_EQ(json["given"]["intent"], intent);
    std::string all;
    if (!json["within"].contains(group)) return all;
    for (const auto& one : json["within"][group])
      all += (all.empty() ? "" : " ") + one["capability"].get<std::string>();
    return all;
  };
  EXPECT_EQ(names("service_agent", "goodwill_request", "always"), "ask_a_person");
  EXPECT_THAT(names("service_agent", "goodwill_request", "unless"), HasSubstr("credit"));
  EXPECT_THAT(names("service_agent", "question", "never"), HasSubstr("credit"));
  EXPECT_EQ(names("answer_agent", "goodwill_request", "unless"), "") << "it is not routed to it";
  EXPECT_EQ(names("answer_agent", "goodwill_request", "when"), "");
  const Result text =
      Writ({"show", desk, "--role", "service_agent", "--intent", "goodwill_request"});
  EXPECT_EQ(text.exit, 0);
  EXPECT_THAT(text.out, HasSubstr("what service_agent has within goodwill_request"));
  EXPECT_THAT(text.out, HasSubstr("unless amount > goodwill (50 EUR): asks service"));
  for (const char* format : {"markdown", "html"}) {
    const Result page = Writ({"show", desk, "--role", "service_agent", "--intent",
                              "goodwill_request", "--format", format});
    EXPECT_THAT(page.out, HasSubstr("goodwill (50 EUR): asks service")) << format;
  }
}

TEST_F(Show, AnIntentThatThereIsNotIsRefused) {
  const std::string desk = Source("policies/front_desk.writ");
  const Result near = Writ({"show", desk, "--role", "service_agent", "--intent", "questions"});
  EXPECT_EQ(near.exit, 2);
  EXPECT_THAT(near.err, HasSubstr("no intent `questions`; do you mean `question`?"));
  const Result none = Writ({"show", Refunds(), "--role", "refund_agent", "--intent", "question"});
  EXPECT_EQ(none.exit, 2);
  EXPECT_THAT(none.err, HasSubstr("the policy has no intents"));
}

// M53: neither the facts nor the rows that read them, through `let` and meters as well.
TEST_F(Show, WhatIsForCriticsIsWithheldFromModels) {
  const std::string policy = Write("c.writ", R"(policy t.c 1.0.0
"T."
effective 2026-01-01
role lead human
role clerk human reports to lead
role bot agent
anchor desk "Desk" { held by lead  reached by "queue:x" within 4 hours  on silence deny }
threshold most = 10
pressure loop { none < rising < stuck }
facts from host for critics missing deny { strain : integer in 0..100  mood : text }
let agitated = strain >= 40
capability look { kind observe  risk read_only  system s }
capability pay  { kind act  risk local_write  system s  input n: integer in 0..100  verify with look }
delegation d { from lead to bot  may freely look  may pay  anchor desk  review every 90 days  expires 2030-01-01
  deny when agitated "Too agitated."
  escalate when mood = "sullen, grim"
  escalate when pressure.loop >= rising
  limit n <= most "Ask above."
}
grant clerk pay, look under desk expires 2030-01-01
guard g "Also people." { for pay  deny when strain > 90 "Nobody."  note when n = 7 }
)");
  ASSERT_EQ(Writ({"check", policy}).exit, 0) << Writ({"check", policy}).err;
  for (const char* format : {"text", "markdown", "html", "json"}) {
    const std::string shown =
        Writ({"show", policy, "--role", "bot", "strain=41", "n=5", "--format", format}).out;
    for (const char* secret :
         {"strain", "agitated", "Too ag", "mood", "sullen", "grim", "pressure", "Nobody"})
      EXPECT_THAT(shown, Not(HasSubstr(secret))) << format;
  }
  const std::string bot = Writ({"show", policy, "--role", "bot"}).out;
  EXPECT_THAT(bot, HasSubstr("when something holds that only critics read"));
  EXPECT_THAT(bot, HasSubstr("when n > most (10)\n         \"Ask above.\""));
  EXPECT_THAT(Writ({"show", policy, "--role", "clerk"}).out, HasSubstr("when strain > 90"));
}

TEST_F(Show, ADecisionSaysThatItIsForCritics) {
  const auto decide = [&](std::vector<std::string> more) {
    std::vector<std::string> args = {"decide",   Refunds(), "refund_agent",        "get_order",
                                     "order=A1", "--now",   "2026-11-02T10:00:00Z"};
    args.insert(args.end(), more.begin(), more.end());
    return Json(args);
  };
  EXPECT_EQ(decide({"pressure.loop=stuck"})["for_critics"], true);
  EXPECT_EQ(decide({"pressure.loop=odd"})["for_critics"], true) << "malformed";
  EXPECT_FALSE(decide({"pressure.loop=none"}).contains("for_critics"));
}

// M52.1
TEST_F(Show, AModelIsKnownByItsName) {
  const auto model = [&](const std::string& name) {
    const auto json = Json({"show", Source("policies/front_desk.writ"), "--role", "service_agent",
                            "--capability", "credit", "model=" + name});
    return json["given"]["model"].get<std::string>();
  };
  EXPECT_EQ(model("acme-large-1"), "proven");
  EXPECT_EQ(model("acme-small-3"), "tried");
  EXPECT_EQ(model("proven"), "proven");
  EXPECT_EQ(model("acme-large-2"), "untried") << "what nobody named is the weakest";
  EXPECT_EQ(model("*"), "untried");
}

}  // namespace
}  // namespace writ::cli
