// The command line itself: mistakes in arguments, exit codes, and that each failure ends with what
// to do next.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/command.h"

namespace writ::cli {
namespace {

using namespace command;

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class Command : public Workspace {
 protected:
  static std::string Refunds() { return Source("policies/support_refunds.writ"); }
};

// The last line says what to do; standard output has nothing that a script could take for a result.
void ExpectFailure(const Result& result, int exit) {
  EXPECT_EQ(result.exit, exit) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  const std::size_t last = result.err.rfind('\n', result.err.size() - 2);
  EXPECT_THAT(result.err.substr(last == std::string::npos ? 0 : last + 1),
              MatchesRegex("next: .+\n"));
}

TEST_F(Command, ArgumentErrorsAreUsage) {
  ExpectFailure(Writ({}), 2);
  ExpectFailure(Writ({"fly"}), 2);
  ExpectFailure(Writ({"check"}), 2);
  ExpectFailure(Writ({"check", Refunds(), "--no-such-option"}), 2);
  ExpectFailure(Writ({"check", Refunds(), "--format"}), 2);
  ExpectFailure(Writ({"check", Refunds(), "--format", "yaml"}), 2);
  ExpectFailure(Writ({"corpus"}), 2);
  ExpectFailure(Writ({"decide", Refunds(), "refund_agent"}), 2);
  ExpectFailure(Writ({"explain", Refunds(), "refund_agent", "get_order", "order"}), 2);
  ExpectFailure(Writ({"explain", Refunds(), "refund_agent", "get_order", "ordr=A1"}), 2);
  ExpectFailure(
      Writ({"explain", Refunds(), "refund_agent", "get_order", "order=A1", "--now", "noon"}), 2);
}

TEST_F(Command, FilesThatCannotBeReadAreFour) {
  ExpectFailure(Writ({"check", Path("none.writ")}), 4);
  ExpectFailure(Writ({"table", Path("none.wtb")}), 4);
  ExpectFailure(Writ({"table", Path("")}), 4);
  ExpectFailure(Writ({"build", Refunds(), "-o", Path("no/such/folder.wtb")}), 4);
  ExpectFailure(Writ({"gate", Path("none.yaml"), "--corpus", Path("none.db")}), 4);
}

TEST_F(Command, DamagedTablesAreFive) {
  const std::string table = Path("refunds.wtb");
  ASSERT_EQ(Writ({"build", Refunds(), "-o", table}).exit, 0);
  std::string bytes = Read(table);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ExpectFailure(Writ({"table", Write("damaged.wtb", bytes)}), 5);
  ExpectFailure(Writ({"decide", Write("text.wtb", "not a table at all"), "r", "c"}), 5);
  ExpectFailure(Writ({"explain", Write("empty.wtb", ""), "r", "c"}), 5);
}

TEST_F(Command, SharedOptionsStandBeforeOrBehindTheVerb) {
  const Result before =
      Writ({"--format", "json", "decide", Refunds(), "refund_agent", "get_order", "order=A1"});
  const Result behind =
      Writ({"decide", Refunds(), "refund_agent", "get_order", "order=A1", "--format", "json"});
  EXPECT_EQ(before.exit, 0) << before.err;
  EXPECT_EQ(before.out, behind.out);
  EXPECT_EQ(nlohmann::json::parse(before.out)["verdict"], "deny");
}

TEST_F(Command, HelpAndVersionPass) {
  EXPECT_EQ(Writ({"--version"}).exit, 0);
  EXPECT_THAT(Writ({"--help"}).out, HasSubstr("Exit codes"));
  for (const char* verb : {"new", "check", "build", "table", "explain", "decide", "corpus",
                           "replay", "gate", "dump"}) {
    const Result help = Writ({verb, "--help"});
    EXPECT_EQ(help.exit, 0) << verb;
    EXPECT_THAT(help.out, HasSubstr("Example")) << verb;
  }
  EXPECT_THAT(Writ({"table", "--help"}).out,
              HasSubstr("Formats: text, json, markdown, csv, html."));
}

TEST_F(Command, RequestsInLinesGoOnAfterABadOne) {
  const Result result = Writ({"decide", Refunds(), "--requests", "-", "--format", "json"},
                             "{\"role\": \"refund_agent\", \"capability\": \"fly\"}\nnot json\n\n"
                             "{\"role\": \"refund_agent\", \"capability\": \"get_order\", "
                             "\"facts\": {\"order\": null}}\n");
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.err, HasSubstr("line 2: a request is a JSON object"));
  EXPECT_THAT(result.out, HasSubstr("unknown capability"));
  EXPECT_THAT(result.out, HasSubstr("missing input order"));
}

// A yes or no is `true` or `false`, as JSON has it or as a text; what else means yes to people is
// malformed, and who writes it is told how to.
TEST_F(Command, AYesIsWrittenTrue) {
  const std::string policy = Write("held.writ", R"(policy test.held 1.0.0
role lead human
role bot agent
anchor desk { held by lead reached by "queue:desk" within 4 hours on silence deny }
capability look { kind verify risk read_only input order: id }
capability pay { kind act risk destructive input order: id, amount: integer in 0..9 verify with look }
fact held : bool from host
delegation paying {
  from lead to bot may pay anchor desk review every 90 days expires 2030-12-31
  limit amount <= 5
  deny when held
}
)");
  const auto line = [](const std::string& held) {
    return R"({"role": "bot", "capability": "pay", "now": "2026-01-01T00:00:00Z", "facts": )"
           R"({"order": "A1", "amount": 1, "held": )" +
           held + "}}\n";
  };
  const Result lines = Writ({"decide", policy, "--requests", "-"},
                            line("true") + line("false") + line("\"true\"") + line("\"false\"") +
                                line("\"yes\"") + line("\"No\"") + line("1") + line("\"maybe\""));
  EXPECT_EQ(lines.exit, 0);
  EXPECT_EQ(lines.out,
            "deny\nallow\ndeny\nallow\ndeny (malformed held)\ndeny (malformed held)\n"
            "deny (malformed held)\ndeny (malformed held)\n");
  EXPECT_EQ(lines.err,
            "writ: line 5: held: `yes`: neither `true` nor `false`; yes is written `true`\n"
            "writ: line 6: held: `No`: neither `true` nor `false`; no is written `false`\n"
            "writ: line 7: held: `1`: neither `true` nor `false`; yes is written `true`\n"
            "writ: line 8: held: `maybe`: neither `true` nor `false`\n");
  for (const char* verb : {"decide", "explain"}) {
    const Result words = Writ({verb, policy, "bot", "pay", "order=A1", "amount=1", "held=yes",
                               "--now", "2026-01-01T00:00:00Z"});
    EXPECT_EQ(words.err, "writ: held: `yes`: neither `true` nor `false`; yes is written `true`\n");
  }
}

}  // namespace
}  // namespace writ::cli
