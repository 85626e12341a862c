// `writ table` in its five shapes, from a policy and from its table.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Table : public Workspace {
 protected:
  static std::string Refunds() { return Source("policies/support_refunds.writ"); }
};

TEST_F(Table, APolicyAndItsTableReadTheSame) {
  const std::string table = Path("refunds.wtb");
  ASSERT_EQ(Writ({"build", Refunds(), "-o", table}).exit, 0);
  for (const char* format : {"text", "markdown", "csv", "html", "json"}) {
    const Result from_policy = Writ({"table", Refunds(), "--format", format});
    const Result from_table = Writ({"table", table, "--format", format});
    EXPECT_EQ(from_policy.exit, 0) << from_policy.err;
    EXPECT_EQ(from_policy.out, from_table.out) << format;
  }
}

TEST_F(Table, TextNamesThresholdsPeopleAndPlaces) {
  const std::string text = Writ({"table", Refunds(), "issue_refund"}).out;
  EXPECT_THAT(text, HasSubstr("escalate to board when amount > board_money (5_000 EUR)"));
  EXPECT_THAT(
      text,
      HasSubstr("board    coo, then head_of_support; mail:board within 2 days; on silence deny"));
  EXPECT_THAT(text, HasSubstr("\"Never more than was paid.\"\n         require amount <= "
                              "order.total  (support_refunds.writ:47)"));
  EXPECT_THAT(text, HasSubstr("read as bronze"));
  EXPECT_THAT(text, Not(HasSubstr("get_order -"))) << "only the capability that was named";
}

// For whom alone it decides, and within what it is, stand at the head and not among purposes.
TEST_F(Table, SaysWhoseItIsAndWithinWhat) {
  const std::string tenant = Source("policies/northwind_refunds.writ");
  const std::string within = "acme.support.refunds 1.4.0 sha256:";
  const std::string text = Writ({"table", tenant}).out;
  EXPECT_THAT(text, HasSubstr("\n  for tenant northwind alone\n  within " + within));
  EXPECT_THAT(text, Not(HasSubstr("what it is for")));
  EXPECT_THAT(Writ({"table", tenant, "--format", "markdown"}).out,
              HasSubstr("For tenant northwind alone. Within " + within));
  EXPECT_THAT(Writ({"table", tenant, "--format", "html"}).out,
              HasSubstr("<li>for tenant <b>northwind</b> alone</li><li>within <b>" + within));
  const auto json = nlohmann::json::parse(Writ({"table", tenant, "--format", "json"}).out);
  EXPECT_EQ(json["tenant"], "northwind");
  EXPECT_THAT(json["narrows"].get<std::string>(), StartsWith(within));
  EXPECT_THAT(Writ({"doc", tenant}).out, HasSubstr("for this tenant alone: **northwind**"));
}

TEST_F(Table, LargerWordsAreShownAsWhatTheyStandFor) {
  const std::string policy = Source("policies/p2p_coatings.writ");
  const Result text = Writ({"table", policy, "--expand"});
  EXPECT_EQ(text.exit, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("sequence two_way  p2p_coatings.writ:"));
  EXPECT_THAT(text.out,
              HasSubstr("meter own(create_order_item) = count create_order_item per case, "
                        "actor"));
  EXPECT_THAT(text.out, HasSubstr("for record_goods_receipt: escalate when flow = consignment and "
                                  "done(record_goods_receipt) >= done(create_order_item)"));
  EXPECT_THAT(text.out, HasSubstr("named consignment/record_goods_receipt/needs.2"));
  const auto json =
      nlohmann::json::parse(Writ({"table", policy, "--expand", "--format", "json"}).out);
  EXPECT_EQ(json["larger_words"].size(), 4u);
  EXPECT_THAT(Writ({"table", Refunds(), "--expand"}).out, StartsWith("there are no larger words"));
  const std::string table = Path("refunds.wtb");
  ASSERT_EQ(Writ({"build", Refunds(), "-o", table}).exit, 0);
  EXPECT_EQ(Writ({"table", table, "--expand"}).exit, 2);
  EXPECT_EQ(Writ({"table", policy, "--expand", "--format", "html"}).exit, 2);
}

TEST_F(Table, JsonIsCompleteForMachines) {
  const auto json =
      nlohmann::json::parse(Writ({"table", Refunds(), "issue_refund", "--format", "json"}).out);
  ASSERT_EQ(json["capabilities"].size(), 1u);
  const auto& rows = json["capabilities"][0]["rows"];
  std::size_t columns = 0;
  int rank = 2;
  for (const auto& row : rows) {
    columns += row["columns"].size();
    const int own = row["verdict"] == "deny" ? 2 : row["verdict"] == "escalate" ? 1 : 0;
    EXPECT_LE(own, rank) << "the most restrictive first";
    rank = own;
  }
  EXPECT_EQ(columns, 29u) << "each decision column once";
  EXPECT_EQ(json["thresholds"].size(), 5u);
  EXPECT_EQ(json["sha256"].get<std::string>().size(), 64u);
}

TEST_F(Table, CsvHasOneRecordARowAndNoFormula) {
  const std::string policy = Write("p.writ", R"(policy t.p 1.0.0
"T."
effective 2026-01-01
role lead human
role clerk human reports to lead
anchor desk "Desk" { held by lead  reached by "queue:x" within 4 hours  on silence deny }
threshold most = 10
capability pay "Pay" { kind observe  risk read_only  system s  input n: integer in 0..100 }
delegation d { from lead  to clerk  may pay  anchor desk  review every 90 days  expires 2030-01-01
  for pay { limit n <= most "=1+1, \"quoted\"" }
}
)");
  const Result result = Writ({"table", policy, "--format", "csv"});
  ASSERT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(
      result.out,
      StartsWith(
          "capability,part,row,decision,when,roles,under,asked,reason,words,clauses,place\r\n"));
  EXPECT_THAT(result.out,
              HasSubstr("escalate to desk,n > most (10),clerk,d,desk,\"'=1+1, \"\"quoted\"\"\","));
}

TEST_F(Table, HtmlEscapesWhatThePolicySays) {
  const std::string policy = Write("p.writ", R"(policy t.p 1.0.0
"<script>alert(1)</script>"
effective 2026-01-01
role lead human
role clerk human reports to lead
anchor desk "Desk & co" { held by lead  reached by "queue:x" within 4 hours  on silence deny }
capability look "<b>" { kind observe  risk read_only  system s  input n: integer in 0..100 }
grant clerk look under desk expires 2030-01-01
)");
  const Result result = Writ({"table", policy, "--format", "html"});
  ASSERT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, Not(HasSubstr("<script")));
  EXPECT_THAT(result.out, HasSubstr("default-src 'none'"));
  EXPECT_THAT(result.out, HasSubstr("&lt;b&gt;"));
  EXPECT_THAT(result.out, HasSubstr("Desk &amp; co"));
  EXPECT_THAT(result.out, Not(HasSubstr("http:"))) << "a page that needs nothing else";
}

TEST_F(Table, SaysWhatItCannotShow) {
  const Result unknown = Writ({"table", Refunds(), "fly"});
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_THAT(unknown.err, HasSubstr("no capability `fly`"));
  const Result format = Writ({"table", Refunds(), "--format", "pdf"});
  EXPECT_EQ(format.exit, 2);
  EXPECT_THAT(format.err, HasSubstr("`pdf` is none of text, json, markdown, csv, html"));
  EXPECT_EQ(Writ({"table", Refunds(), "--against", Refunds(), "--format", "html"}).exit, 2);
  EXPECT_EQ(Writ({"check", Refunds(), "--format", "html"}).exit, 2) << "formats belong to verbs";
}

}  // namespace
}  // namespace writ::cli
