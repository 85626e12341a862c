// The rules of a row, once as constraints that SQLite enforces and once as questions that find the
// row at fault.
//
// The constraints guard the store; their failure only says which rule. The questions in `kRowRules`
// say which row, in the words of the schema, and cover what spans tables. `CheckRows` asks them in
// order and answers with the first hit.
#include "corpus_schema.h"

#include <array>
#include <string>
#include <vector>

#include "hex.h"
#include "writ/runtime/sha256.h"

namespace writ::evals {

const std::string_view kCanonicalSchema = R"sql(
CREATE TABLE runs (
  run TEXT NOT NULL PRIMARY KEY CHECK (typeof(run) = 'text' AND run <> ''),
  cluster TEXT NOT NULL CHECK (typeof(cluster) = 'text')
);
CREATE TABLE events (
  event INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (typeof(seq) = 'integer'),
  at INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
  role TEXT,
  capability TEXT NOT NULL CHECK (typeof(capability) = 'text'),
  actor TEXT, case_id TEXT, session TEXT, agent TEXT, tenant TEXT,
  observed TEXT CHECK (observed IS NULL OR observed IN ('allow', 'deny') OR observed GLOB 'escalate ?*'),
  effect TEXT CHECK (effect IS NULL OR effect IN ('executed', 'refused', 'failed', 'noted')
                     OR effect GLOB 'executed after approval by ?*'),
  known_at INTEGER CHECK (known_at IS NULL OR typeof(known_at) = 'integer'),
  arguments TEXT CHECK (arguments IS NULL OR typeof(arguments) = 'text'),
  UNIQUE (run, seq)
);
CREATE TABLE facts (
  event INTEGER NOT NULL CHECK (typeof(event) = 'integer'),
  name TEXT NOT NULL CHECK (typeof(name) = 'text' AND name <> ''),
  value TEXT CHECK (value IS NULL OR typeof(value) = 'text'),
  missing INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1)),
  known_at INTEGER CHECK (known_at IS NULL OR typeof(known_at) = 'integer'),
  CHECK ((value IS NULL) = (missing = 1)),
  PRIMARY KEY (event, name)
) WITHOUT ROWID;
CREATE TABLE labels (
  run TEXT NOT NULL,
  event INTEGER CHECK (event IS NULL OR typeof(event) = 'integer'),
  name TEXT NOT NULL CHECK (typeof(name) = 'text' AND name <> ''),
  value TEXT NOT NULL CHECK (typeof(value) = 'text'),
  origin TEXT NOT NULL CHECK (typeof(origin) = 'text')
);
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
)sql";

namespace {

// A question that selects, for each row at fault, a text that names it; `code` and `what` say what
// is wrong with it.
// `$` stands for the database. Order matters: the plainest cause comes first.
struct RowRule {
  CorpusErrorCode code;
  std::string_view question;
  std::string_view what;
  bool spans_tables = false;  // no constraint of the schema covers it
};
#define WRIT_EVENT_NAME "'run `' || ifnull(run, 'NULL') || '`, seq ' || ifnull(seq, 'NULL')"
constexpr std::array kRowRules = {
    RowRule{CorpusErrorCode::kNullValue,
            "SELECT 'cluster `' || ifnull(cluster, 'NULL') || '`' FROM $.runs WHERE run IS NULL",
            "a run without a name: `runs.run` is NULL"},
    RowRule{CorpusErrorCode::kNullValue,
            "SELECT 'run `' || run || '`' FROM $.runs WHERE cluster IS NULL",
            "a run without a cluster: `runs.cluster` is NULL (give the run itself if runs are "
            "independent)"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT 'run `' || run || '`' FROM $.runs WHERE typeof(run) <> 'text' OR run = '' OR "
            "typeof(cluster) <> 'text'",
            "`runs.run` and `runs.cluster` are texts, and a run's name is not empty"},
    RowRule{CorpusErrorCode::kDoubledEvent,
            "SELECT 'run `' || run || '`' FROM $.runs GROUP BY run HAVING count(*) > 1",
            "a run given twice (does a join double its rows?)"},
    RowRule{CorpusErrorCode::kNullValue,
            "SELECT " WRIT_EVENT_NAME " FROM $.events WHERE run IS NULL OR seq IS NULL",
            "an event without run or seq: `events.run` or `events.seq` is NULL"},
    RowRule{CorpusErrorCode::kNullValue,
            "SELECT " WRIT_EVENT_NAME " FROM $.events WHERE at IS NULL",
            "an event without a time: `events.at` is NULL"},
    RowRule{CorpusErrorCode::kNullValue,
            "SELECT " WRIT_EVENT_NAME " FROM $.events WHERE capability IS NULL",
            "an event without a capability: `events.capability` is NULL"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT " WRIT_EVENT_NAME
            " || ', at = ' || quote(at) FROM $.events WHERE typeof(at) <> 'integer'",
            "`events.at` is not whole milliseconds since 1970 (`iso_ms(text)` makes them)"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT " WRIT_EVENT_NAME " || ', known_at = ' || quote(known_at) FROM $.events WHERE "
            "known_at IS NOT NULL AND typeof(known_at) <> 'integer'",
            "`events.known_at` is not whole milliseconds since 1970"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT " WRIT_EVENT_NAME " FROM $.events WHERE typeof(seq) <> 'integer'",
            "`events.seq` is not a whole number"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT " WRIT_EVENT_NAME " || ', event = ' || quote(event) FROM $.events WHERE event "
            "IS NOT NULL AND typeof(event) <> 'integer'",
            "`events.event` is not a whole number"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT " WRIT_EVENT_NAME " || ', capability = ' || quote(capability) FROM $.events "
            "WHERE typeof(capability) <> 'text'",
            "`events.capability` is not a text"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT " WRIT_EVENT_NAME
            " || ', arguments = ' || quote(arguments) FROM $.events WHERE "
            "arguments IS NOT NULL AND typeof(arguments) <> 'text'",
            "`events.arguments` is not a text"},
    RowRule{
        CorpusErrorCode::kBadRow,
        "SELECT " WRIT_EVENT_NAME
        " || ', observed = ' || quote(observed) FROM $.events WHERE observed IS NOT NULL AND "
        "observed NOT IN ('allow', 'deny') AND observed NOT GLOB 'escalate ?*'",
        "unknown decision in `events.observed`; it is `allow`, `deny`, `escalate ANCHOR` or NULL"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT " WRIT_EVENT_NAME
            " || ', effect = ' || quote(effect) FROM $.events WHERE effect IS NOT NULL AND effect "
            "NOT IN ('executed', 'refused', 'failed', 'noted') AND effect NOT GLOB 'executed after "
            "approval by ?*'",
            "unknown word in `events.effect`; it is `executed`, `executed after approval by "
            "ANCHOR`, `refused`, `failed`, `noted` or NULL"},
    RowRule{CorpusErrorCode::kDoubledEvent,
            "SELECT " WRIT_EVENT_NAME
            " || ', ' || count(*) || ' times' FROM $.events GROUP BY run, seq HAVING count(*) > 1",
            "an event given twice: the same run and seq (does a join double its rows?)"},
    RowRule{CorpusErrorCode::kDoubledEvent,
            "SELECT 'event ' || event || ', ' || count(*) || ' times' FROM $.events WHERE event IS "
            "NOT NULL GROUP BY event HAVING count(*) > 1",
            "two events with the same number in `events.event`"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT " WRIT_EVENT_NAME " FROM $.events WHERE run NOT IN (SELECT run FROM $.runs)",
            "an event whose run is not in `runs`", true},
    RowRule{CorpusErrorCode::kNullValue,
            "SELECT 'event ' || ifnull(event, 'NULL') || ', fact `' || ifnull(name, 'NULL') || '`' "
            "FROM $.facts WHERE event IS NULL OR name IS NULL",
            "a fact without event or name is NULL where a value was meant"},
    RowRule{CorpusErrorCode::kNullValue,
            "SELECT 'event ' || event || ', fact `' || name || '`' FROM $.facts WHERE value IS "
            "NULL AND missing IS NOT 1",
            "a fact's value is NULL where a value was meant (say `missing = 1` if it is known to "
            "be missing)"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT 'event ' || event || ', fact `' || name || '` = ' || quote(value) FROM $.facts "
            "WHERE value IS NOT NULL AND missing = 1",
            "a fact that is both missing and has a value"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT 'event ' || event || ', fact `' || name || '`, missing = ' || quote(missing) "
            "FROM $.facts WHERE missing IS NULL OR missing NOT IN (0, 1)",
            "`facts.missing` is neither 0 nor 1"},
    RowRule{
        CorpusErrorCode::kBadRow,
        "SELECT 'event ' || event || ', fact `' || name || '`' FROM $.facts WHERE typeof(event) <> "
        "'integer' OR typeof(name) <> 'text' OR name = '' OR typeof(value) NOT IN ('text', 'null')",
        "a fact of the wrong type: event is a whole number, name and value are texts"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT 'event ' || event || ', fact `' || name || '`, known_at = ' || quote(known_at) "
            "FROM $.facts WHERE known_at IS NOT NULL AND typeof(known_at) <> 'integer'",
            "`facts.known_at` is not whole milliseconds since 1970"},
    RowRule{CorpusErrorCode::kDoubledEvent,
            "SELECT 'event ' || event || ', fact `' || name || '`, ' || count(*) || ' times' FROM "
            "$.facts GROUP BY event, name HAVING count(*) > 1",
            "a fact given twice for one event (does a join double its rows?)"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT 'event ' || event || ', fact `' || name || '`' FROM $.facts WHERE event NOT IN "
            "(SELECT event FROM $.events)",
            "a fact of an event that is not in `events`", true},
    RowRule{CorpusErrorCode::kNullValue,
            "SELECT 'run `' || ifnull(run, 'NULL') || '`, label `' || ifnull(name, 'NULL') || '`' "
            "FROM $.labels WHERE run IS NULL OR name IS NULL OR value IS NULL OR origin IS NULL",
            "a label with a NULL where a value was meant: run, name, value and origin are needed"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT 'run `' || run || '`, label `' || name || '`' FROM $.labels WHERE name = '' OR "
            "typeof(event) NOT IN ('integer', 'null') OR typeof(value) <> 'text' OR typeof(origin) "
            "<> 'text'",
            "a label of the wrong type: event is a whole number or NULL, the others are texts"},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT 'run `' || run || '`, label `' || name || '`' FROM $.labels WHERE run NOT IN "
            "(SELECT run FROM $.runs)",
            "a label of a run that is not in `runs`", true},
    RowRule{CorpusErrorCode::kBadRow,
            "SELECT 'run `' || l.run || '`, event ' || l.event || ', label `' || l.name || '`' "
            "FROM $.labels l LEFT JOIN $.events e ON e.event = l.event AND e.run = l.run WHERE "
            "l.event IS NOT NULL AND e.event IS NULL",
            "a label of an event that is not in its run", true},
};
#undef WRIT_EVENT_NAME

std::string WithSchema(std::string_view question, const std::string& schema) {
  std::string sql;
  for (const char c : question) {
    if (c == '$') {
      sql += schema;
    } else {
      sql += c;
    }
  }
  return sql;
}

// What goes into the digest: each value by kind and length, so that no two different tables look
// alike.
class RowHash {
 public:
  void Add(const sqlite::Statement& row, int columns) {
    buffer_.clear();
    for (int i = 0; i < columns; ++i) {
      switch (row.type(i)) {
        case sqlite::Column::kNull:
          buffer_ += 'n';
          break;
        case sqlite::Column::kInteger:
          buffer_ += 'i';
          AddNumber(static_cast<std::uint64_t>(row.Int(i)));
          break;
        case sqlite::Column::kReal:
        case sqlite::Column::kText:
        case sqlite::Column::kBlob: {
          const std::string_view text = row.Text(i);
          buffer_ += 't';
          AddNumber(text.size());
          buffer_ += text;
        }
      }
    }
    buffer_ += ';';
    hash_.Update(buffer_.data(), buffer_.size());
  }

  void Section(std::string_view name) { hash_.Update(name.data(), name.size()); }

  std::string Finish();

 private:
  void AddNumber(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) buffer_ += static_cast<char>(value >> (8 * i) & 0xFF);
  }

  runtime::Sha256 hash_;
  std::string buffer_;
};

std::string RowHash::Finish() {
  std::array<unsigned char, 32> digest{};
  hash_.Finish(digest.data());
  return Hex(digest);
}

}  // namespace

CorpusError FromSqlite(const sqlite::Error& error, CorpusErrorCode code, const std::string& where) {
  CorpusErrorCode real = code;
  if (error.failure == sqlite::Failure::kNotADatabase) real = CorpusErrorCode::kNotACorpus;
  if (error.failure == sqlite::Failure::kFull) real = CorpusErrorCode::kTooLarge;
  return {real, where + ": " + error.message, 0};
}

std::expected<void, CorpusError> CheckRows(sqlite::Database& db, RowsOf rows_of) {
  const std::string schema = rows_of == RowsOf::kStore ? "main" : "temp";
  for (const RowRule& rule : kRowRules) {
    if (rows_of == RowsOf::kStore && !rule.spans_tables) continue;
    auto rows = db.Prepare(WithSchema(rule.question, schema));
    if (!rows) return std::unexpected(FromSqlite(rows.error(), CorpusErrorCode::kRead, "rows"));
    const auto found = rows->Step();
    if (!found) return std::unexpected(FromSqlite(found.error(), CorpusErrorCode::kRead, "rows"));
    if (!*found) continue;
    std::string message(rule.what);
    return std::unexpected(CorpusError{
        rule.code, message + ": " + (rows->IsNull(0) ? "NULL" : std::string(rows->Text(0))), 0});
  }
  return {};
}

std::expected<std::string, CorpusError> DigestRows(sqlite::Database& db) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSections = {{
      {"runs;", "SELECT run, cluster FROM main.runs ORDER BY rowid"},
      {"events;",
       "SELECT e.event, e.run, e.seq, e.at, e.role, e.capability, e.actor, e.case_id, e.session, "
       "e.agent, e.tenant,"
       " e.observed, e.effect, e.known_at FROM main.runs r CROSS JOIN main.events e ON e.run = "
       "r.run"
       " ORDER BY r.rowid, e.seq"},
      {"facts;", "SELECT event, name, value, known_at FROM main.facts ORDER BY event, name"},
      {"labels;",
       "SELECT run, event, name, value, origin FROM main.labels ORDER BY run, event, name, value, "
       "origin"},
      {"arguments;",
       "SELECT event, arguments FROM main.events WHERE arguments IS NOT NULL ORDER BY event"},
  }};
  RowHash hash;
  for (const auto& [name, question] : kSections) {
    hash.Section(name);
    auto rows = db.Prepare(question);
    if (!rows) return std::unexpected(FromSqlite(rows.error(), CorpusErrorCode::kRead, "digest"));
    const int columns = rows->column_count();
    while (true) {
      const auto more = rows->Step();
      if (!more) return std::unexpected(FromSqlite(more.error(), CorpusErrorCode::kRead, "digest"));
      if (!*more) break;
      hash.Add(*rows, columns);
    }
  }
  return hash.Finish();
}

}  // namespace writ::evals
