// Bad input: each gets its own clear answer and the right exit code, and nothing is lost.
#include <string>

#include "support/command.h"
#include "writ/table/write.h"

namespace writ::e2e {
namespace {

using namespace command;

using ::testing::Test;

constexpr char kOrganisation[] = R"(
role director human
role lead     human  reports to director
role clerk    agent  identity "spiffe://acme.example/agent/clerk"
anchor desk {
  held by lead  deputies director  absorbs legal, risk
  reached by "queue:desk" within 4 hours
  on silence next deputy, then deny
}
capability pay { kind act  risk destructive  system bank  input amount: money(EUR) in 0..1_000  irreversible  idempotent by amount  verify with look }
capability look { kind verify  risk read_only  system bank }
fact sure : decimal(2) in 0..1  from host  missing deny
)";

std::string Policy(const std::string& rest, const std::string& organisation = kOrganisation) {
  return "policy acme.pay 1.0.0\n\"Payments.\"\neffective 2026-01-01\n" + organisation + rest;
}

std::string Delegation(const std::string& clauses, const std::string& anchor = "anchor desk") {
  return "delegation paying {\n  from lead  to clerk\n  may freely look\n  may pay\n  " + anchor +
         "\n  review every 90 days  expires 2030-01-01\n  for pay {\n" + clauses + "\n  }\n}\n";
}

constexpr char kGoodClauses[] = "limit amount <= 200 EUR\nescalate when sure < 0.80 as ambiguity";

class BadPolicy : public Workspace {
 protected:
  // The policy is refused with this code, exit code 2, and a `next:` line.
  void ExpectRefused(const std::string& text, const std::string& code) {
    const Result result = Writ({"check", Write("bad.writ", text)});
    EXPECT_EQ(result.exit, 2) << result.err;
    EXPECT_NE(result.err.find("[" + code + "]"), std::string::npos)
        << "expected " << code << " in:\n"
        << result.err;
    EXPECT_NE(result.err.find("next: "), std::string::npos) << result.err;
  }
};

TEST_F(BadPolicy, TheGoodOneCompiles) {
  const Result result = Writ({"check", Write("good.writ", Policy(Delegation(kGoodClauses)))});
  EXPECT_EQ(result.exit, 0) << result.err;
}

TEST_F(BadPolicy, ADelegationWithoutEscalation) {
  ExpectRefused(Policy(Delegation("limit amount <= 200 EUR else deny")), "no-escalation");
}

TEST_F(BadPolicy, AnAnchorThatIsAnAgent) {
  std::string organisation = kOrganisation;
  organisation.replace(organisation.find("held by lead"), 12, "held by clerk");
  ExpectRefused(Policy(Delegation(kGoodClauses), organisation), "anchor-not-human");
}

TEST_F(BadPolicy, EurosComparedWithDollars) {
  ExpectRefused(Policy(Delegation("limit amount <= 200 USD\nescalate when sure < 0.80")),
                "unit-mismatch");
}

TEST_F(BadPolicy, AnUnknownNameWithASuggestion) {
  const Result result = Writ(
      {"check", Write("bad.writ",
                      Policy(Delegation("limit amuont <= 200 EUR\nescalate when sure < 0.80")))});
  EXPECT_EQ(result.exit, 2);
  EXPECT_NE(result.err.find("amuont"), std::string::npos);
  EXPECT_NE(result.err.find("`amount`"), std::string::npos) << result.err;
}

TEST_F(BadPolicy, AGapIsShownWithARequestFromIt) {
  const Result result =
      Writ({"check",
            Write("bad.writ",
                  Policy(Delegation("allow when amount <= 200 EUR\nescalate when sure < 0.80")))});
  EXPECT_EQ(result.exit, 2);
  EXPECT_NE(result.err.find("[gap]"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("amount = 200.01 EUR"), std::string::npos) << result.err;
}

TEST_F(BadPolicy, AClauseWithoutEffect) {
  ExpectRefused(Policy(Delegation(std::string(kGoodClauses) +
                                  "\nescalate when amount > 500 EUR as threshold")),
                "no-effect");
}

TEST_F(BadPolicy, AnInvariantThatFails) {
  ExpectRefused(
      Policy(Delegation(kGoodClauses) + "invariant none: never allow pay when amount > 100 EUR\n"),
      "invariant-fails");
}

TEST_F(BadPolicy, AnExampleThatComesOutOtherwise) {
  ExpectRefused(
      Policy(Delegation(kGoodClauses) +
             "example \"too hopeful\" { clerk pay { amount: 300 EUR, sure: 0.90 } -> allow }\n"),
      "example-fails");
}

TEST_F(BadPolicy, BrokenSyntaxPastAStrayBrace) {
  const Result result =
      Writ({"check", Write("bad.writ",
                           Policy("}\nthreshold a = \nthreshold b = 1 EUR\nthreshold b = 2 EUR\n" +
                                  Delegation(kGoodClauses)))});
  EXPECT_EQ(result.exit, 2);
  EXPECT_NE(result.err.find("bad.writ:"), std::string::npos);
}

TEST_F(BadPolicy, AWordThatIsNotYetSupportedIsNeverIgnored) {
  ExpectRefused(
      Policy(Delegation(kGoodClauses) + "guard g { redact amount when amount > 5 EUR }\n"),
      "not-yet");
}

TEST_F(BadPolicy, AnUnreadableFile) {
  const Result result = Writ({"check", Path("nowhere.writ")});
  EXPECT_EQ(result.exit, 4) << result.err;
  EXPECT_NE(result.err.find("next: "), std::string::npos);
}

TEST_F(BadPolicy, JsonNamesTheCodeAndThePlace) {
  const Result result =
      Writ({"check", "--format", "json",
            Write("bad.writ", Policy(Delegation("limit amount <= 200 EUR else deny")))});
  EXPECT_EQ(result.exit, 2);
  EXPECT_NE(result.out.find("\"no-escalation\""), std::string::npos) << result.out;
}

class BadTable : public Workspace {
 protected:
  void SetUp() override {
    Workspace::SetUp();
    const Result built = Writ(
        {"build", Write("good.writ", Policy(Delegation(kGoodClauses))), "-o", Path("good.wtb")});
    ASSERT_EQ(built.exit, 0) << built.err;
    bytes_ = Read(Path("good.wtb"));
  }
  std::string bytes_;
};

TEST_F(BadTable, AFlippedByteIsADamagedTable) {
  std::string damaged = bytes_;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x10);
  const Result result = Writ({"table", Write("damaged.wtb", damaged)});
  EXPECT_EQ(result.exit, 5) << result.out;
  EXPECT_NE(result.err.find("digest"), std::string::npos) << result.err;
}

TEST_F(BadTable, ATruncatedTableSaysSo) {
  const Result result = Writ({"table", Write("cut.wtb", bytes_.substr(0, bytes_.size() / 2))});
  EXPECT_EQ(result.exit, 5) << result.out;
  EXPECT_NE(result.err.find("cut off"), std::string::npos) << result.err;
}

TEST_F(BadTable, FlippedAndSealedAgainIsRefusedOrSafe) {
  std::size_t refused = 0;
  for (std::size_t at = 0; at < bytes_.size(); at += 7) {
    std::vector<unsigned char> damaged(bytes_.begin(), bytes_.end());
    damaged[at] ^= 0x21;
    table::SealTable(damaged);
    const Result result =
        Writ({"table", Write("sealed.wtb", std::string(damaged.begin(), damaged.end()))});
    ASSERT_TRUE(result.exit == 0 || result.exit == 5) << "byte " << at << ": exit " << result.exit;
    refused += result.exit == 5 ? 1 : 0;
  }
  EXPECT_GT(refused, 0u);
}

TEST_F(BadTable, ATableThatIsNoTable) {
  EXPECT_EQ(Writ({"table", Write("text.wtb", "hello")}).exit, 5);
  EXPECT_EQ(Writ({"table", Path("nowhere.wtb")}).exit, 4);
}

constexpr char kRuns[] = R"({"run":"r1","at":1767600000000,"amount":"20 EUR","sure":"0.95"}
{"run":"r2","at":1767603600000,"amount":"250 EUR","sure":"0.97"}
)";
std::string Mapping(const std::string& facts) {
  return "INSERT INTO runs (run, cluster) SELECT json ->> 'run', json ->> 'run' FROM lines;\n"
         "INSERT INTO events (event, run, seq, at, role, capability, effect)\n"
         "SELECT line, json ->> 'run', 0, json ->> 'at', 'clerk', 'pay', 'executed' FROM lines;\n" +
         facts;
}
constexpr char kFacts[] =
    "INSERT INTO facts (event, name, value) SELECT line, 'amount', json ->> 'amount' FROM lines;\n"
    "INSERT INTO facts (event, name, value) SELECT line, 'sure', json ->> 'sure' FROM lines;\n";

class BadCorpus : public BadTable {
 protected:
  Result Import(const std::string& runs, const std::string& mapping) {
    return Writ({"corpus", "import", Write("runs.jsonl", runs), "--map", Write("runs.sql", mapping),
                 "-o", Path("runs.db")});
  }
};

TEST_F(BadCorpus, TheGoodOneImportsAndReplays) {
  const Result imported = Import(kRuns, Mapping(kFacts));
  ASSERT_EQ(imported.exit, 0) << imported.err;
  const Result checked = Writ({"corpus", "check", Path("runs.db"), "--table", Path("good.wtb")});
  EXPECT_EQ(checked.exit, 0) << checked.out << checked.err;
  const Result replayed = Writ({"replay", "--baseline", Path("good.wtb"), "--corpus",
                                Path("runs.db"), "--horizon", "event"});
  EXPECT_EQ(replayed.exit, 0) << replayed.err;
}

TEST_F(BadCorpus, ABrokenLineIsNamed) {
  const Result result = Import(std::string(kRuns) + "{\"run\": \n", Mapping(kFacts));
  EXPECT_EQ(result.exit, 4);
  EXPECT_NE(result.err.find("runs.jsonl:3"), std::string::npos) << result.err;
  EXPECT_FALSE(std::filesystem::exists(Path("runs.db"))) << "half a corpus was left behind";
}

TEST_F(BadCorpus, ANullWhereAValueWasMeant) {
  const Result result = Import(kRuns, Mapping("INSERT INTO facts (event, name, value) SELECT line, "
                                              "'amount', json ->> 'amuont' FROM lines;\n"));
  EXPECT_EQ(result.exit, 4);
  EXPECT_NE(result.err.find("NULL"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("amount"), std::string::npos) << result.err;
}

TEST_F(BadCorpus, AJoinThatDoublesEvents) {
  const Result result =
      Import(kRuns, Mapping(std::string(kFacts) +
                            "INSERT INTO events (event, run, seq, at, role, capability, effect)\n"
                            "SELECT line + 100, json ->> 'run', 0, json ->> 'at', 'clerk', 'pay', "
                            "'executed' FROM lines;\n"));
  EXPECT_EQ(result.exit, 4) << result.out;
  EXPECT_NE(result.err.find("given twice"), std::string::npos) << result.err;
}

TEST_F(BadCorpus, AMappingThatIsNoSql) {
  const Result result = Import(kRuns, Mapping("INSRT INTO facts;\n"));
  EXPECT_EQ(result.exit, 4);
  EXPECT_NE(result.err.find("runs.sql:"), std::string::npos) << result.err;
}

TEST_F(BadCorpus, AValueOfAWrongTypeIsFoundByCheck) {
  ASSERT_EQ(
      Import(
          kRuns,
          Mapping(
              "INSERT INTO facts (event, name, value) SELECT line, 'amount', '20 USD' FROM lines;\n"
              "INSERT INTO facts (event, name, value) SELECT line, 'sure', json ->> 'sure' FROM "
              "lines;\n"))
          .exit,
      0);
  const Result result = Writ({"corpus", "check", Path("runs.db"), "--table", Path("good.wtb")});
  EXPECT_EQ(result.exit, 1) << result.out;
  EXPECT_NE(result.out.find("20 USD"), std::string::npos) << result.out;
}

TEST_F(BadCorpus, MissingFactsAreCountedAsUnknown) {
  ASSERT_EQ(Import(kRuns, Mapping("INSERT INTO facts (event, name, value) SELECT line, 'amount', "
                                  "json ->> 'amount' FROM lines;\n"))
                .exit,
            0);
  const Result result = Writ({"replay", "--baseline", Path("good.wtb"), "--corpus", Path("runs.db"),
                              "--horizon", "event"});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_NE(result.out.find("sure"), std::string::npos) << result.out;
}

TEST_F(BadCorpus, AnUnreadableCorpus) {
  EXPECT_EQ(Writ({"corpus", "stat", Path("nowhere.db")}).exit, 4);
  EXPECT_EQ(Writ({"corpus", "stat", Write("text.db", "hello, I am no database at all")}).exit, 4);
}

TEST_F(BadCorpus, AGateFileWithASlip) {
  ASSERT_EQ(Import(kRuns, Mapping(kFacts)).exit, 0);
  const std::string gate = Write("bad.gate.yaml",
                                 "gate: x\nbaseline: good.wtb\ncandidate: good.wtb\ngates:\n  - "
                                 "name: a\n    kind: forbid\n    teir: critical\n");
  const Result result = Writ({"gate", gate, "--corpus", Path("runs.db")});
  EXPECT_EQ(result.exit, 2) << result.out;
  EXPECT_NE(result.err.find("teir"), std::string::npos) << result.err;
}

TEST(Usage, UnknownVerbsAndOptionsAreUsage) {
  EXPECT_EQ(Writ({"chekc"}).exit, 2);
  EXPECT_EQ(Writ({"check", "--colour"}).exit, 2);
  EXPECT_EQ(Writ({}).exit, 2);
}

TEST(Usage, HelpTeachesWithAnExample) {
  for (const std::string verb :
       {"new", "check", "build", "table", "explain", "decide", "corpus", "replay", "gate"}) {
    const Result result = Writ({verb, "--help"});
    EXPECT_EQ(result.exit, 0) << verb;
    EXPECT_NE(result.out.find("xample"), std::string::npos) << verb;
  }
}

}  // namespace
}  // namespace writ::e2e
