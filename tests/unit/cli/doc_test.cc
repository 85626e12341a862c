// `writ doc`: the handbook as Markdown and as a page; and the layout of its pictures.
#include <gmock/gmock.h>

#include <random>
#include <set>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::HasSubstr;
using ::testing::Not;

class Doc : public Workspace {};

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST_F(Doc, SaysWhoMayDoWhatAndWhoAnswers) {
  const Result result = Writ({"doc", Source("policies/support_refunds.writ")});
  ASSERT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("# acme.support.refunds 1.4.0: the handbook\n"));
  EXPECT_THAT(result.out, HasSubstr("**refund\\_agent** has 3 capabilities: 3 within limits; asks "
                                    "board, refunds."));
  EXPECT_THAT(result.out,
              HasSubstr("| [`issue_refund`](#issue_refund) Pay money back to a customer "
                        "**irreversible** | **within limits** asks board, refunds |"));
  EXPECT_THAT(result.out, HasSubstr("<a id=\"issue_refund\"></a>"));
  EXPECT_THAT(result.out, HasSubstr("- in force from **2026-10-01**")) << "not the day in UTC";
  EXPECT_THAT(result.out,
              HasSubstr("| `refund_autonomy` | **200 EUR** | Board decision 2026-03 |"));
  EXPECT_THAT(result.out, HasSubstr("until 2027-03-31; review every 90 days"));
  EXPECT_THAT(result.out, HasSubstr("- support\\_lead → refund\\_agent: refunding\n"));
  EXPECT_THAT(result.out, HasSubstr("### get\\_order\n")) << "the tables of the capabilities";
}

TEST_F(Doc, LargerWordsHaveTheirParts) {
  const std::string text = Writ({"doc", Source("policies/knowledge.writ")}).out;
  EXPECT_THAT(text, HasSubstr("## What is remembered, and what becomes the record"));
  EXPECT_THAT(text,
              HasSubstr("contradicted 2 times: a person decides (Two people said otherwise.)"));
  EXPECT_THAT(text, HasSubstr("- draft → proposed: propose\\_article\n"));
  EXPECT_THAT(text, HasSubstr("2 sources"));
  EXPECT_THAT(text, HasSubstr("60 calls, 200\\_000 tokens, 3.00 USD cost, 15 minutes time"));
  EXPECT_THAT(text, HasSubstr("answered for by **head\\_of\\_content**"));
  const std::string plain = Writ({"doc", Source("policies/support_refunds.writ")}).out;
  EXPECT_THAT(plain, Not(HasSubstr("part-memory"))) << "no part about what is not there";
  const std::string sequence = Writ({"doc", Source("policies/p2p_coatings.writ")}).out;
  EXPECT_THAT(sequence,
              HasSubstr("**two\\_way**, where `flow = two_way`: what must come before what"));
}

TEST_F(Doc, WhoWorksOnWhatAndWhatMayLeave) {
  const Result result = Writ({"doc", Source("policies/front_desk.writ")});
  ASSERT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("## Who works on what"));
  EXPECT_THAT(result.out, HasSubstr("| **answer\\_agent, service\\_agent** sent by triage |"));
  EXPECT_THAT(result.out, HasSubstr("- front → investigation: report\\_fraud\n"));
  EXPECT_THAT(result.out, HasSubstr("| **mail** This is not for a letter. | internal | service is "
                                    "asked | [`write_mail`](#write_mail) |"));
  EXPECT_THAT(result.out,
              HasSubstr("### What people do themselves; no agent may even propose it\n"));
  EXPECT_THAT(result.out, HasSubstr("20 EUR to 100 EUR, in steps of 10 EUR"));
  EXPECT_THAT(result.out, HasSubstr("unclear: service is asked (Somebody reads it first.)"));
  EXPECT_THAT(result.out, HasSubstr("**rules, evidence, classes**. While something of it is lost"));
  EXPECT_THAT(result.out, HasSubstr("| **tried** | `acme-small-2`, `acme-small-3` |"));
  EXPECT_THAT(result.out, HasSubstr("- `pressure.strain`\n"));
}

TEST_F(Doc, HowThingsAreCarriedOut) {
  const Result result = Writ({"doc", Source("policies/coding_agent.writ")});
  ASSERT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("## How things are carried out"));
  EXPECT_THAT(result.out, HasSubstr("Where code runs"));
}

TEST_F(Doc, IsTheSameOnEachDayUnlessItIsTold) {
  const std::string policy = Source("policies/support_refunds.writ");
  for (const char* format : {"markdown", "html"})
    EXPECT_EQ(Writ({"doc", policy, "--format", format}).out,
              Writ({"doc", policy, "--format", format}).out);
  const std::string plain = Writ({"doc", policy, "--format", "html"}).out;
  EXPECT_EQ(Count(plain, "class=\"today\""), 0u);
  const Result seen = Writ({"doc", policy, "--format", "html", "--as-of", "2027-04-10"});
  ASSERT_EQ(seen.exit, 0) << seen.err;
  EXPECT_EQ(Count(seen.out, "class=\"today\""), 2u) << "one on each line of time";
  EXPECT_THAT(seen.out, HasSubstr("2027-03-31, lapsed 10 days ago"));
  EXPECT_THAT(Writ({"doc", policy, "--as-of", "2027-03-01"}).out,
              HasSubstr("2027-03-31, in 30 days"));
}

TEST_F(Doc, WritesBothIntoAFolder) {
  const std::string policy = Source("policies/support_refunds.writ");
  const Result result = Writ({"doc", policy, "-o", Path("deep/handbook")});
  ASSERT_EQ(result.exit, 0) << result.err;
  EXPECT_EQ(Read(Path("deep/handbook/handbook.md")), Writ({"doc", policy}).out);
  EXPECT_EQ(Read(Path("deep/handbook/handbook.html")),
            Writ({"doc", policy, "--format", "html"}).out);
  Write("file", "");
  EXPECT_EQ(Writ({"doc", policy, "-o", Path("file/below")}).exit, 4);
}

TEST_F(Doc, TheMapIsWhatShowSays) {
  const std::string policy = Source("policies/knowledge.writ");
  const std::string text = Writ({"doc", policy}).out;
  EXPECT_THAT(text, HasSubstr("| [`ask_a_person`](#ask_a_person) Hand the question over | – | – | "
                              "**alone** |"));
  EXPECT_THAT(text,
              HasSubstr("| [`edit_article`](#edit_article) Write into the record directly | – "
                        "| **never** | – |"));
}

TEST_F(Doc, AThresholdBehindANameIsAnsweredForToo) {
  const std::string text = Writ({"doc", Source("policies/airline_desk.writ")}).out;
  EXPECT_THAT(text, HasSubstr("| `cooling_off` | **24 hours** | Conditions of carriage: a booking "
                              "may be undone within a day | "
                              "[`cancel_reservation`](#cancel_reservation) | head\\_of\\_care | "
                              "every 90 days |"));
}

TEST_F(Doc, SignaturesExceptionsAndDaysOnThePolicysClocks) {
  const std::string policy = Write("s.writ", R"(policy t.signed 1.0.0
"Who signs."
effective 2026-01-31
zone "Pacific/Auckland"
case is order
role boss human
role lead human reports to boss
role clerk human reports to lead
role bot agent
anchor desk "Desk" { held by lead  deputies boss  reached by "queue:x" within 4 hours  on silence next deputy, then deny }
anchor top "Top" { held by boss  reached by "queue:y" within 4 hours  on silence escalate to desk }
threshold most = 100 EUR "Board"
fact calm : bool from host missing deny
capability order_it { kind act  risk local_write  system s  input order: id, amount: money(EUR) in 0..1_000  verify with look }
capability pay { kind act  risk local_write  system s  input order: id, amount: money(EUR) in 0..1_000  verify with look }
capability look { kind observe  risk read_only  system s }
grant clerk order_it, look under desk expires 2029-06-30
approvals ok for order_it "Two of them." { lead then boss when amount > most unless same person as lead }
assume always_calm: never not calm "It is a calm house."
delegation paying { from lead to bot  may pay  may freely look  anchor desk  review every 90 days  expires 180 days
  require approval ok "Not signed."
  for pay { limit amount <= most "Ask above that." }
}
exception holidays to paying for bot { lifts limit most  up to amount <= 500 EUR  expires 2026-06-30  by boss  because "Nobody is there." }
)");
  const Result result = Writ({"doc", policy, "--as-of", "2026-02-10"});
  ASSERT_EQ(result.exit, 0) << result.err;
  // Midnight in Auckland is noon of the day before in UTC.
  EXPECT_THAT(result.out, HasSubstr("in force from **2026-01-31**"));
  EXPECT_THAT(result.out, HasSubstr("**office** clerk, from 2026-01-31: until 2029-06-30"));
  EXPECT_THAT(result.out, HasSubstr("**paying** bot, from 2026-01-31: until 2026-07-29, in 169 "
                                    "days; review every 90 days"));
  EXPECT_THAT(result.out, HasSubstr("**holidays** exception, from 2026-01-31: until 2026-06-30"));
  EXPECT_THAT(result.out,
              HasSubstr("| **holidays** | paying | bot | `most` | `amount <= 500 EUR` | "
                        "boss | Nobody is there. |"));
  EXPECT_THAT(result.out, HasSubstr("**ok**: who signs [`order_it`](#order_it) Two of them."));
  EXPECT_THAT(result.out,
              HasSubstr("| 2 | **boss** | `amount > most` | if it is the same person as "
                        "lead |"));
  EXPECT_THAT(result.out, HasSubstr("- **always\\_calm** `never not calm` It is a calm house."));
  EXPECT_THAT(result.out, HasSubstr("- boss → desk: silence\n")) << "one anchor goes on to another";
}

TEST_F(Doc, HostileNamesStayText) {
  const std::string policy = Write("p.writ", R"(policy t.p 1.0.0
"</title><script>alert(1)</script>"
effective 2026-01-01
role lead human
role clerk agent
anchor desk "<b>" { held by lead  reached by "queue:</td><script>" within 4 hours  on silence deny }
threshold most = 10 "</svg><script>2</script>"
capability look "<script>3</script>" { kind observe  risk read_only  system s  input n: integer in 0..100 }
delegation d "| a `b`" { purpose "<i>"  controls "</ul>"  owner lead  from lead  to clerk  may look
  anchor desk  review every 90 days  expires 2030-01-01
  for look { limit n <= most "<script>4</script>" }
}
)");
  const Result html = Writ({"doc", policy, "--format", "html"});
  ASSERT_EQ(html.exit, 0) << html.err;
  EXPECT_THAT(html.out, Not(HasSubstr("<script")));
  EXPECT_THAT(html.out, HasSubstr("&lt;script&gt;4&lt;/script&gt;"));
  EXPECT_THAT(html.out, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html.out, Not(HasSubstr("http:")));
  const Result markdown = Writ({"doc", policy});
  EXPECT_THAT(markdown.out, HasSubstr("\\| a \\`b\\`")) << "a cell stays one cell";
  EXPECT_EQ(Count(markdown.out, " <script>"), 0u);
}

TEST_F(Doc, SaysWhatItCannotWrite) {
  const std::string policy = Source("policies/support_refunds.writ");
  const std::string table = Path("t.wtb");
  ASSERT_EQ(Writ({"build", policy, "-o", table}).exit, 0);
  EXPECT_EQ(Writ({"doc", table}).exit, 2);
  EXPECT_EQ(Writ({"doc", policy, "--format", "json"}).exit, 2);
  EXPECT_EQ(Writ({"doc", policy, "--as-of", "2027-02-30"}).exit, 2);
  EXPECT_EQ(Writ({"doc", Source("docs/examples/gap.writ")}).exit, 2);
  EXPECT_EQ(Writ({"doc", Path("none.writ")}).exit, 4);
}

}  // namespace
}  // namespace writ::cli
