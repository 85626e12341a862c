// A policy in which everything has another name than before, and says so, decides as before: for
// hosts and recorded runs that use the old names, and beside the older version.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "desk_runs.h"

namespace writ::e2e {
namespace {

using namespace command;
using ::testing::HasSubstr;

bool IsPart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Whole words only.
std::string Rename(const std::string& text, const std::string& from, const std::string& to) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = i + from.size();
    const bool whole = text.compare(i, from.size(), from) == 0 &&
                       (i == 0 || !IsPart(text[i - 1])) &&
                       (end >= text.size() || !IsPart(text[end]));
    out += whole ? to : text.substr(i, 1);
    i = whole ? end : i + 1;
  }
  return out;
}

class Renames : public Workspace {
 protected:
  void SetUp() override {
    Workspace::SetUp();
    for (const char* folder : {"old", "new"}) std::filesystem::create_directory(Path(folder));
    for (const char* name : {"acme_org", "support_refunds"})
      Write("old/" + std::string(name) + ".writ",
            Read(Source("policies/" + std::string(name) + ".writ")));
    std::string org = Read(Path("old/acme_org.writ")),
                refunds = Read(Path("old/support_refunds.writ"));
    struct Change {
      const char *from, *to, *declaration;  // `declaration`: what stands before the new name there
    };
    for (const auto& [from, to, declaration] :
         {Change{"issue_refund", "repay", "capability "},
          Change{"get_order", "read_order", "capability "},
          Change{"refund_agent", "desk_agent", "\nrole "},
          Change{"refunds", "repayments", "\nanchor "},
          Change{"order_lookup", "order_read", "evidence "}, Change{"confidence", "sureness", "  "},
          Change{"total", "paid", "  order."}, Change{"refunds_today", "repaid_today", "meter "},
          Change{"amount", "sum_back", "input order: id, "},
          Change{"silver", "shiny", "{ bronze < "}}) {
      for (std::string* text : {&org, &refunds}) {
        *text = Rename(*text, from, to);
        const std::string before = declaration + std::string(to);
        std::size_t at = text->find(before);
        if (at == std::string::npos) continue;
        at += before.size();
        if (std::string(declaration) == "\nrole ") at = text->find('\n', at);
        const std::string old = std::string(to) == "paid" ? "order.total" : from;
        text->insert(at, " was " + old);
      }
    }
    // Names of the policy itself are no names of things.
    org = Rename(org, "acme.support.repayments", "acme.support.refunds");
    refunds = Rename(refunds, "acme.support.repayments", "acme.support.refunds");
    refunds.replace(refunds.find("1.4.0"), 5, "1.4.1");
    Write("new/acme_org.writ", org);
    Write("new/support_refunds.writ", refunds);
  }
  const std::string before_ = "old/support_refunds.writ", after_ = "new/support_refunds.writ";
};

TEST_F(Renames, DecideNothingOtherwise) {
  const Result check = Writ({"check", Path(after_)});
  ASSERT_EQ(check.exit, 0) << check.err << Read(Path(after_));
  const Result diff = Writ({"diff", Path(before_), Path(after_)});
  EXPECT_EQ(diff.exit, 0) << diff.out << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("proved equal: every request is decided as before"));
  // The other way round nobody says what became of the names.
  EXPECT_EQ(Writ({"diff", Path(after_), Path(before_)}).exit, 1);
}

TEST_F(Renames, HostsMayUseOldNames) {
  const std::vector<std::string> old = {
      "decide",          Path(after_),           "refund_agent",         "issue_refund",
      "order=A1",        "amount=120 EUR",       "order.total=300 EUR",  "order.status=open",
      "confidence=0.93", "customer.tier=silver", "refunds_today=120 EUR"};
  std::vector<std::string> today = {
      "decide",        Path(after_),          "desk_agent",          "repay",
      "order=A1",      "sum_back=120 EUR",    "order.paid=300 EUR",  "order.status=open",
      "sureness=0.93", "customer.tier=shiny", "repaid_today=120 EUR"};
  const Result a = Writ(old), b = Writ(today);
  EXPECT_EQ(a.exit, 0) << a.err;
  EXPECT_EQ(a.out, b.out);
  today.push_back("amount=130 EUR");
  const Result both = Writ(today);
  EXPECT_EQ(both.exit, 2);
  EXPECT_THAT(both.err, HasSubstr("`sum_back` and `amount` are one fact, called `sum_back`"));
}

TEST_F(Renames, RecordedRunsAreRead) {
  ImportDeskRuns(Path("runs"), 500, 3);
  for (const std::string& policy : {before_, after_})
    ASSERT_EQ(Writ({"build", Path(policy), "-o", Path(policy) + ".wtb"}).exit, 0);
  const std::string report = Path("replay.json");
  const Result replay =
      Writ({"replay", "--corpus", Path("runs.db"), "--baseline", Path(before_) + ".wtb",
            "--candidate", Path(after_) + ".wtb", "-o", "json:" + report});
  ASSERT_EQ(replay.exit, 0) << replay.err;
  const auto json = nlohmann::json::parse(Read(report), nullptr, false);
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["by_direction"]["same"]["events"], json["all"]["events"]);
  EXPECT_EQ(json["candidate"]["runs"], json["baseline"]["runs"]);
  EXPECT_EQ(json["candidate"]["evidence_derived"], json["baseline"]["evidence_derived"]);
  const Result known =
                   Writ({"corpus", "check", Path("runs.db"), "--table", Path(before_) + ".wtb"}),
               old = Writ({"corpus", "check", Path("runs.db"), "--table", Path(after_) + ".wtb"});
  EXPECT_EQ(known.exit, old.exit);
  EXPECT_EQ(known.out.find("unknown-"), std::string::npos) << known.out;
  EXPECT_EQ(old.out.find("unknown-"), std::string::npos) << old.out;
}

// A run may have both. The regions of the policy tell which sum was read.
TEST_F(Renames, TheNameOfTodayGoesFirstInARecord) {
  Write("runs.jsonl", R"({"x":1})"
                      "\n");
  const auto mapping = [](const std::string& facts) {
    return "INSERT INTO runs(run, cluster) SELECT 'r', 'r' FROM lines;\n"
           "INSERT INTO events(event, run, seq, at, role, capability) SELECT 1, 'r', 1, "
           "1790845721714, 'desk_agent', 'repay' FROM lines;\n"
           "INSERT INTO facts(event, name, value) SELECT 1, column1, column2 FROM (VALUES "
           "('order','A1'),('order.status','open'),('sureness','0.93'),('customer.tier','gold'),"
           "('order.paid','300.00 EUR')," +
           facts + ");\n";
  };
  const auto decided = [&](const std::string& facts) {
    Write("map.sql", mapping(facts));
    const Result import = Writ(
        {"corpus", "import", Path("runs.jsonl"), "--map", Path("map.sql"), "-o", Path("both.db")});
    EXPECT_EQ(import.exit, 0) << import.err;
    const Result replay = Writ({"replay", "--corpus", Path("both.db"), "--baseline", Path(after_),
                                "--candidate", Path(after_), "-o", "json:" + Path("both.json")});
    EXPECT_EQ(replay.exit, 0) << replay.err;
    std::filesystem::remove(Path("both.db"));
    const auto json = nlohmann::json::parse(Read(Path("both.json")), nullptr, false);
    return json.is_object() ? json.at("regions").dump() : std::string("no report");
  };
  const std::string today = decided("('sum_back','120.00 EUR')");
  const std::string old = decided("('amount','9000.00 EUR')");
  EXPECT_NE(today, old);
  EXPECT_EQ(decided("('sum_back','120.00 EUR'),('amount','9000.00 EUR')"), today);
  EXPECT_EQ(decided("('amount','9000.00 EUR'),('sum_back','120.00 EUR')"), today);
}

// `done(CAP)`, `own(CAP)`, `retry.CAP.tried` and `skill.K` are named after something.
TEST_F(Renames, WhatIsNamedAfterItGoesWithIt) {
  const auto policy = [](const std::string& version, const std::string& pay,
                         const std::string& was) {
    return "policy a.pay " + version +
           "\nrole boss human\nrole bot agent\n"
           "anchor desk { held by boss reached by \"q\" within 1 hours on silence deny }\n"
           "capability look { kind verify risk read_only input order: id }\n"
           "capability " +
           pay + was +
           " { kind act risk local_write input order: id, n: integer in 0..9 idempotent by order"
           " verify with look retry 2 times within 10 minutes dead letters to desk }\n"
           "delegation paying { from boss to bot may freely look may " +
           pay + " anchor desk limit n <= 5 deny when done(" + pay + ") > 1 or own(" + pay +
           ") > 0 review every 90 days expires 2030-12-31 }\n";
  };
  const std::string first = Write("first.writ", policy("1.0.0", "pay", "")),
                    second = Write("second.writ", policy("1.0.1", "repay", " was pay"));
  const Result diff = Writ({"diff", first, second});
  EXPECT_EQ(diff.exit, 0) << diff.out << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("proved equal"));
  EXPECT_THAT(diff.out, HasSubstr("former name retry.pay.tried: now retry.repay.tried"));
}

TEST_F(Renames, PoliciesUseTheNewName) {
  std::string text = Read(Path(after_));
  text.replace(text.find("limit sum_back"), 14, "limit amount  ");
  Write(after_, text);
  const Result check = Writ({"check", Path(after_)});
  EXPECT_EQ(check.exit, 2);
  EXPECT_THAT(check.err, HasSubstr("it is called `sum_back` now"));
}

TEST_F(Renames, AnAmendmentReplacesTheBlockOfTheOldName) {
  Write("first.writ",
        "policy a.pay 1.0.0\nrole clerk human\nrole boss human\n"
        "anchor desk { held by boss deputies clerk reached by \"q\" within 1 hours on silence deny "
        "}\n"
        "capability look { kind observe risk read_only input order: id }\n"
        "grant clerk look under desk expires 2030-01-01\n");
  Write("second.writ",
        "policy a.pay 1.0.1 amends a.pay 1.0.0\nrole teller human was clerk\n"
        "anchor desk { held by boss deputies teller reached by \"q\" within 1 hours on silence "
        "deny }\n"
        "grant teller look under desk expires 2030-01-01\n");
  const Result check = Writ({"check", Path("second.writ")});
  EXPECT_EQ(check.exit, 0) << check.err;
  EXPECT_EQ(Writ({"diff", Path("first.writ"), Path("second.writ")}).exit, 0);
  Write("third.writ",
        "policy a.pay 1.0.1 amends a.pay 1.0.0\nrole teller human was clerk\n"
        "grant teller look under desk expires 2030-01-01\n");
  const Result left = Writ({"check", Path("third.writ")});
  EXPECT_EQ(left.exit, 2);  // the first version's anchor speaks of a clerk
  EXPECT_THAT(left.err, HasSubstr("it is called `teller` now"));
}

}  // namespace
}  // namespace writ::e2e
