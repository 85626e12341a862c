// Import: what goes in comes out in order, and everything that is wrong is refused with its own
// words.
#include "corpus_support.h"

namespace writ::evals {
namespace {

using testing::CorpusTest;
using ::testing::HasSubstr;

class CorpusImport : public CorpusTest {};

TEST_F(CorpusImport, BringsRunsEventsFactsAndLabels) {
  const auto summary = Import(Lines(), Mapping());
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->lines, 2u);
  EXPECT_EQ(summary->runs, 2u);
  EXPECT_EQ(summary->events, 4u);
  EXPECT_EQ(summary->facts, 4u);
  EXPECT_EQ(summary->labels, 2u);
  const auto corpus = Corpus::Open(Path("runs.db"));
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_EQ(corpus->digest(), summary->digest);
  EXPECT_EQ(corpus->cluster("b"), "y");
  EXPECT_EQ(corpus->Meta("mapping"), "map.sql");
  EXPECT_TRUE(corpus->VerifyDigest());
  std::string seen;
  ASSERT_TRUE(corpus->ForEachEvent(false, [&seen](const CorpusEvent& event) {
    seen += std::string(event.run) + std::to_string(event.seq) + "@" + std::to_string(event.at_ms) +
            " ";
    for (const CorpusFact& fact : event.facts)
      seen += std::string(fact.name) + "=" + std::string(fact.value) + " ";
    return true;
  }));
  EXPECT_EQ(seen,
            "a0@1000 amount=10.00 EUR a1@2000 amount=20.00 EUR b0@1500 amount=15.00 EUR b1@2500 "
            "amount=25.00 EUR ");
  EXPECT_EQ(corpus->Labels()->size(), 2u);
  EXPECT_EQ(corpus->Clusters()->front().second, "x");
}

TEST_F(CorpusImport, OrdersByTimeAcrossRuns) {
  ASSERT_TRUE(Import(Lines(), Mapping()));
  const auto corpus = Corpus::Open(Path("runs.db"));
  std::string seen;
  ASSERT_TRUE(corpus->ForEachEvent(true, [&seen](const CorpusEvent& event) {
    seen += std::string(event.run) + std::to_string(event.seq) + " ";
    return event.at_ms < 2000;
  }));
  EXPECT_EQ(seen, "a0 b0 a1 ") << "and stops when told to";
}

TEST_F(CorpusImport, TheDigestIsOfTheRowsAlone) {
  const auto first = Import(Lines(), Mapping());
  const auto again = Import(
      Lines(), "-- the same rows\n" + Mapping() + "INSERT INTO meta VALUES ('note', 'x');\n");
  const auto other = Import(Lines(), Mapping() + "DELETE FROM labels WHERE run = 'a';\n");
  ASSERT_TRUE(first && again && other);
  EXPECT_EQ(first->digest, again->digest);
  EXPECT_NE(first->digest, other->digest);
}

TEST_F(CorpusImport, AnEarlierCorpusIsReplacedOnlyByAWholeOne) {
  ASSERT_TRUE(Import(Lines(), Mapping()));
  EXPECT_FALSE(Import("{\n", Mapping()));
  EXPECT_TRUE(Corpus::Open(Path("runs.db")));
}

TEST_F(CorpusImport, AFileThatIsNoCorpusIsLeftAlone) {
  const std::string lines = Write("runs.jsonl", Lines());
  const auto result = ImportCorpus({lines}, Write("map.sql", Mapping()), {}, lines);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("exists and is not a corpus"));
  EXPECT_EQ(std::filesystem::file_size(lines), Lines().size());
}

TEST_F(CorpusImport, BadLinesAreNamed) {
  ExpectRefused("{\"run\":\"a\"}\n{\"run\":\n", Mapping(), CorpusErrorCode::kBadJson,
                "runs.jsonl:2: ");
  ExpectRefused("{}\n\n[1]\n", Mapping(), CorpusErrorCode::kBadJson,
                "runs.jsonl:3: the line is not a JSON object");
  ExpectRefused("{\"a\":\"\xFF\"}\n", Mapping(), CorpusErrorCode::kBadJson,
                "runs.jsonl:1: the line is not valid UTF-8");
  ExpectRefused("{\"a\":\"b", Mapping(), CorpusErrorCode::kBadJson, "not closed");
  ExpectRefused("{} {}\n", Mapping(), CorpusErrorCode::kBadJson, "runs.jsonl:1: ");
  ImportOptions options;
  options.max_line_bytes = 10;
  ExpectRefused("{\"run\":\"" + std::string(300'000, 'a') + "\"}\n", Mapping(),
                CorpusErrorCode::kTooLarge, "longer than 10 bytes", options);
  options = {};
  options.max_lines = 1;
  ExpectRefused(Lines(), Mapping(), CorpusErrorCode::kTooLarge, "more than 1 lines", options);
}

TEST_F(CorpusImport, UnreadableFilesAreNamed) {
  ExpectRefused("", Mapping(), CorpusErrorCode::kRead, "holds no lines");
  ExpectRefused("\n  \n", Mapping(), CorpusErrorCode::kRead, "holds no lines");
  const auto import = [this](const std::string& input, const std::string& map) {
    const auto result = ImportCorpus({input}, map, {}, Path("runs.db"));
    return result ? std::string("fine") : result.error().message;
  };
  const std::string map = Write("map.sql", Mapping());
  EXPECT_THAT(import(Path("absent.jsonl"), map), HasSubstr("absent.jsonl: cannot be opened"));
  EXPECT_THAT(import(folder_.string(), map), HasSubstr("is a folder"));
  EXPECT_THAT(import(Write("runs.jsonl", Lines()), Path("absent.sql")),
              HasSubstr("absent.sql: cannot be opened"));
  EXPECT_THAT(import(Write("runs.jsonl", Lines()), Write("zero.sql", std::string("\0", 1))),
              HasSubstr("not a text file"));
  const auto nowhere =
      ImportCorpus({Write("runs.jsonl", Lines())}, map, {}, Path("no/such/runs.db"));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, CorpusErrorCode::kWrite);
}

constexpr unsigned char kPacked[] = {  // {"run":"packed"}
    0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x01, 0x69, 0x22, 0xde, 0x36, 0x02, 0x00, 0x21,
    0x01, 0x16, 0x00, 0x00, 0x00, 0x74, 0x2f, 0xe5, 0xa3, 0x01, 0x00, 0x10, 0x7b, 0x22, 0x72,
    0x75, 0x6e, 0x22, 0x3a, 0x22, 0x70, 0x61, 0x63, 0x6b, 0x65, 0x64, 0x22, 0x7d, 0x0a, 0x00,
    0x00, 0x00, 0x00, 0x70, 0xbe, 0xbe, 0x59, 0x00, 0x01, 0x25, 0x11, 0x3e, 0x45, 0xc5, 0xa2,
    0x90, 0x42, 0x99, 0x0d, 0x01, 0x00, 0x00, 0x00, 0x00, 0x01, 0x59, 0x5a};

TEST_F(CorpusImport, PackedFilesAreUnpacked) {
  const std::string packed(reinterpret_cast<const char*>(kPacked), sizeof(kPacked));
  const auto summary = Import(packed, "INSERT INTO runs SELECT json ->> 'run', 'x' FROM lines;");
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(Corpus::Open(Path("runs.db"))->cluster("packed"), "x");
}

TEST_F(CorpusImport, DamagedPackedFilesAreRefused) {
  const std::string packed(reinterpret_cast<const char*>(kPacked), sizeof(kPacked));
  ExpectRefused(packed.substr(0, 50), Mapping(), CorpusErrorCode::kRead, "truncated");
  std::string damaged = packed;
  damaged[30] = static_cast<char>(damaged[30] ^ 4);
  ExpectRefused(damaged, Mapping(), CorpusErrorCode::kRead, "damaged");
}

class CorpusMapping : public CorpusTest {
 protected:
  static constexpr const char* kRuns = "INSERT INTO runs SELECT json ->> 'run', 'c' FROM lines;\n";
  static constexpr const char* kEvents =
      "INSERT INTO events (event, run, seq, at, capability) SELECT line, json ->> 'run', 1, 5, "
      "'go' FROM lines;\n";
  static constexpr const char* kEvent =
      "INSERT INTO events (run, seq, at, capability, effect, observed) VALUES ";
};

TEST_F(CorpusMapping, ErrorsNameTheirLine) {
  ExpectRefused(Lines(), "-- first\n\nSELEC 1;\n", CorpusErrorCode::kBadMapping,
                "map.sql:3: near \"SELEC\"");
  ExpectRefused(Lines(),
                std::string(kRuns) + "INSERT INTO events (run)\n  SELECT nowhere\n  FROM lines;\n",
                CorpusErrorCode::kBadMapping, "map.sql:3: no such column: nowhere");
  ExpectRefused(Lines(),
                std::string(kRuns) + "\n-- what follows fails as it runs\nSELECT iso_ms('soon');\n",
                CorpusErrorCode::kBadMapping, "map.sql:4: iso_ms: `soon`");
  ExpectRefused(Lines(), "", CorpusErrorCode::kBadMapping, "made no runs");
  ExpectRefused(Lines(), "INSERT INTO runs VALUES ('a', 'b'", CorpusErrorCode::kBadMapping,
                "map.sql:1: incomplete input");
}

TEST_F(CorpusMapping, NullsWhereAValueWasMeant) {
  ExpectRefused(Lines(), "INSERT INTO runs SELECT json ->> 'run', json ->> 'team' FROM lines;",
                CorpusErrorCode::kNullValue, "a run without a cluster");
  ExpectRefused(Lines(), std::string(kRuns) + kEvent + "('a', 1, NULL, 'go', NULL, NULL);",
                CorpusErrorCode::kNullValue,
                "map.sql:2: an event without a time: `events.at` is NULL: run `a`, seq 1");
  ExpectRefused(Lines(), std::string(kRuns) + kEvent + "('a', 1, 5, NULL, NULL, NULL);",
                CorpusErrorCode::kNullValue, "an event without a capability");
  ExpectRefused(Lines(),
                std::string(kRuns) + kEvents +
                    "INSERT INTO facts (event, name, value) SELECT event, 'x', NULL FROM events;",
                CorpusErrorCode::kNullValue,
                "NULL where a value was meant (say `missing = 1` if it is known to be missing): "
                "event 1, fact `x`");
  ExpectRefused(Lines(),
                std::string(kRuns) +
                    "INSERT INTO labels (run, name, value, origin) VALUES ('a', 'x', NULL, 't');",
                CorpusErrorCode::kNullValue, "a label with a NULL");
  EXPECT_TRUE(Import(Lines(), std::string(kRuns) + kEvents +
                                  "INSERT INTO facts (event, name, value, missing) SELECT event, "
                                  "'x', NULL, 1 FROM events;"));
}

TEST_F(CorpusMapping, RowsThatAJoinDoubled) {
  ExpectRefused(
      Lines(), "INSERT INTO runs SELECT json ->> 'run', 'c' FROM lines, (SELECT 1 UNION SELECT 2);",
      CorpusErrorCode::kDoubledEvent, "a run given twice (does a join double its rows?): run `a`");
  ExpectRefused(
      Lines(),
      std::string(kRuns) + kEvent + "('a', 1, 5, 'go', NULL, NULL), ('a', 1, 5, 'go', NULL, NULL);",
      CorpusErrorCode::kDoubledEvent,
      "the same run and seq (does a join double its rows?): run `a`, seq 1, 2 times");
  ExpectRefused(Lines(),
                std::string(kRuns) + kEvents +
                    "INSERT INTO facts (event, name, value) VALUES (1, 'x', 'a'), (1, 'x', 'b');",
                CorpusErrorCode::kDoubledEvent, "a fact given twice for one event");
}

TEST_F(CorpusMapping, ValuesOfTheWrongType) {
  ExpectRefused(Lines(), std::string(kRuns) + kEvent + "('a', 1, '2026-10-01', 'go', NULL, NULL);",
                CorpusErrorCode::kBadRow,
                "`events.at` is not whole milliseconds since 1970 (`iso_ms(text)` makes them): run "
                "`a`, seq 1, at = '2026-10-01'");
  ExpectRefused(Lines(), std::string(kRuns) + kEvent + "('a', 1, 0.5, 'go', NULL, NULL);",
                CorpusErrorCode::kBadRow, "at = 0.5");
  ExpectRefused(Lines(), std::string(kRuns) + kEvent + "('a', 1, 5, 'go', 'done', NULL);",
                CorpusErrorCode::kBadRow, "unknown word in `events.effect`");
  ExpectRefused(Lines(), std::string(kRuns) + kEvent + "('a', 1, 5, 'go', NULL, 'escalate');",
                CorpusErrorCode::kBadRow, "unknown decision in `events.observed`");
  ExpectRefused(Lines(),
                std::string(kRuns) + kEvents +
                    "INSERT INTO facts (event, name, value) VALUES (1, 'x', x'00');",
                CorpusErrorCode::kBadRow, "a fact of the wrong type");
}

TEST_F(CorpusMapping, RowsThatBelongNowhere) {
  ExpectRefused(Lines(), std::string(kRuns) + kEvent + "('z', 1, 5, 'go', NULL, NULL);",
                CorpusErrorCode::kBadRow, "an event whose run is not in `runs`: run `z`, seq 1");
  ExpectRefused(Lines(),
                std::string(kRuns) + "INSERT INTO facts (event, name, value) VALUES (7, 'x', 'a');",
                CorpusErrorCode::kBadRow, "a fact of an event that is not in `events`");
  ExpectRefused(Lines(),
                std::string(kRuns) + "INSERT INTO labels VALUES ('z', NULL, 'x', 'a', 't');",
                CorpusErrorCode::kBadRow, "a label of a run that is not in `runs`");
  ExpectRefused(Lines(),
                std::string(kRuns) + kEvents + "INSERT INTO labels VALUES ('a', 2, 'x', 'a', 't');",
                CorpusErrorCode::kBadRow, "a label of an event that is not in its run");
}

TEST_F(CorpusMapping, NothingReachesOutside) {
  for (const char* hostile : {"ATTACH 'other.db' AS other;",
                              "DETACH temp;",
                              "PRAGMA writable_schema = 1;",
                              "PRAGMA user_version;",
                              "SELECT load_extension('x');",
                              "SELECT writefile('x', 'y');",
                              "SELECT readfile('map.sql');",
                              "VACUUM INTO 'x.db';",
                              "CREATE TABLE mine (x);",
                              "CREATE TABLE main.mine (x);",
                              "DROP TABLE events;",
                              "ALTER TABLE events ADD COLUMN x;",
                              "CREATE TRIGGER t AFTER INSERT ON events BEGIN SELECT 1; END;",
                              "CREATE VIRTUAL TABLE temp.v USING fts5(x);",
                              "BEGIN;",
                              "COMMIT;",
                              "ROLLBACK;",
                              "SAVEPOINT s;",
                              "DELETE FROM sqlite_master;",
                              "SELECT random();",
                              "SELECT current_timestamp;",
                              "CREATE INDEX slow ON events (at);",
                              "INSERT INTO runs VALUES (hex(randomblob(4)), 'c');"}) {
    SCOPED_TRACE(hostile);
    ExpectRefused(Lines(), std::string(kRuns) + hostile, CorpusErrorCode::kBadMapping,
                  "map.sql:2: ");
  }
  EXPECT_TRUE(std::filesystem::exists(Path("map.sql")));
}

TEST_F(CorpusMapping, CirclesEnd) {
  ImportOptions options;
  options.max_mapping_steps = 1'000'000;
  ExpectRefused(
      Lines(),
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n;",
      CorpusErrorCode::kTooLarge, "map.sql:1: the mapping took more than 1000000 steps", options);
}

TEST_F(CorpusMapping, MayHaveTablesOfItsOwn) {
  const auto summary = Import(
      Lines(), std::string("CREATE TEMP TABLE pair AS SELECT json ->> 'run' AS run FROM lines;\n") +
                   "CREATE INDEX temp.pair_run ON pair (run);\nCREATE TEMP VIEW seen AS SELECT * "
                   "FROM pair;\n"
                   "INSERT INTO runs SELECT run, 'c' FROM seen;\nDROP TABLE pair;\n");
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->runs, 2u);
}

TEST_F(CorpusMapping, JoinsAttachments) {
  const std::string map = Write("map.sql",
                                "INSERT INTO runs SELECT l.json ->> 'run', p.json ->> 'team' FROM "
                                "lines l JOIN people p ON p.json ->> 'name' = l.json ->> 'who';\n"
                                "INSERT INTO meta SELECT 'extra', json ->> 'k' FROM more;\n");
  const std::string lines = Write("runs.jsonl", Lines());
  const std::string people =
      Write("people.csv", "name,team\r\nx,\"red, \"\"one\"\"\"\r\n\r\ny,\"blue\nline\"\r\n");
  const std::string more = Write("more.jsonl", "{\"k\":\"v\"}\n");
  const auto summary =
      ImportCorpus({lines}, map, {{"people", people}, {"more", more}}, Path("runs.db"));
  ASSERT_TRUE(summary) << summary.error().message;
  const auto corpus = Corpus::Open(Path("runs.db"));
  EXPECT_EQ(corpus->cluster("a"), "red, \"one\"");
  EXPECT_EQ(corpus->cluster("b"), "blue\nline");
  EXPECT_EQ(corpus->Meta("extra"), "v");
  for (const char* name : {"events", "Up", "a b", "", "1st", "sqlite_x", "x\"; DROP"}) {
    EXPECT_FALSE(ImportCorpus({lines}, map, {{name, people}}, Path("other.db"))) << name;
  }
  const auto ragged = ImportCorpus(
      {lines}, map, {{"people", Write("ragged.csv", "name,team\nx\n")}}, Path("other.db"));
  ASSERT_FALSE(ragged);
  EXPECT_THAT(ragged.error().message,
              HasSubstr("ragged.csv:2: 1 fields where the first row names 2"));
  EXPECT_FALSE(ImportCorpus({lines}, map, {{"people", Write("open.csv", "name,team\nx,\"y\n")}},
                            Path("other.db")));
}

TEST_F(CorpusMapping, HelpersSpellValuesAsPoliciesDo) {
  const std::pair<const char*, const char*> cases[] = {
      {"money(120, 'EUR')", "120.00 EUR"},
      {"money(98.7, 'EUR')", "98.70 EUR"},
      {"money('5', 'JPY', 0)", "5 JPY"},
      {"money(10.0, 'JPY', 0)", "10 JPY"},
      {"money(0.125, 'EUR')", "0.125 EUR"},
      {"money('all', 'EUR')", "all EUR"},
      {"money(1e15, 'EUR')", "1000000000000000.00 EUR"},
      {"decimal(0.9, 2)", "0.90"},
      {"decimal(7.0, 0)", "7"},
      {"truth(1)", "true"},
      {"truth('false')", "false"},
      {"truth(1 > 2)", "false"},
      {"iso_ms('1970-01-01T00:00:01Z')", "1000"},
      {"iso_ms('1970-01-01 01:00:00.250+01:00')", "250"},
      {"iso_ms('2000-02-29T12:00:00-0530')", "951845400000"},
      {"ms_iso(1500)", "1970-01-01T00:00:01.500Z"},
      {"ms_iso(-1)", "1969-12-31T23:59:59.999Z"},
      {"ifnull(money(NULL, 'EUR'), 'null')", "null"},
      {"ifnull(iso_ms(NULL), 'null')", "null"},
      {"sha256('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}};
  std::string mapping = kRuns;
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    mapping += "INSERT INTO meta VALUES ('k" + std::to_string(i) + "', " + cases[i].first + ");\n";
  }
  const auto summary = Import(Lines(), mapping);
  ASSERT_TRUE(summary) << summary.error().message;
  const auto corpus = Corpus::Open(Path("runs.db"));
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    EXPECT_EQ(corpus->Meta("k" + std::to_string(i)), cases[i].second) << cases[i].first;
  }
  std::filesystem::remove(Path("runs.db"));
  for (const char* wrong :
       {"iso_ms('2026-10-01')", "iso_ms('2026-02-30T00:00:00Z')", "iso_ms('2026-10-01T24:00:00Z')",
        "iso_ms('2026-10-01T00:00:00')", "iso_ms('2026-10-01T00:00:00.0001Z')", "iso_ms(5)",
        "truth(2)", "truth('yes')", "ms_iso('x')", "ms_iso(1e3)", "decimal(1, 99)", "money(1, 2)",
        "money(9e999, 'EUR')"}) {
    ExpectRefused(Lines(), std::string("SELECT ") + wrong + ";", CorpusErrorCode::kBadMapping,
                  "map.sql:1: ");
  }
}

TEST_F(CorpusImport, ReportsProgress) {
  std::string lines;
  for (int i = 0; i < 40'000; ++i)
    lines += "{\"run\":\"r" + std::to_string(i) + "\",\"who\":\"x\",\"times\":[]}\n";
  std::vector<std::uint64_t> seen;
  ImportOptions options;
  options.progress = [&seen](std::uint64_t count, std::uint64_t) { seen.push_back(count); };
  ASSERT_TRUE(Import(lines, Mapping(), options));
  EXPECT_THAT(seen, ::testing::ElementsAre(16'384u, 32'768u, 40'000u));
}

}  // namespace
}  // namespace writ::evals
