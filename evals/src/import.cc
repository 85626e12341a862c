// From JSON lines and a mapping in SQL to a corpus.
//
// The database is built beside its final place and renamed when everything is right, so a corpus is
// whole or absent. The lines live in temporary tables; the mapping runs under a guard, statement by
// statement, so that an error names its own line. If a statement meets a constraint, it runs once
// more into unconstrained copies, only to find the row at fault. Entry point: `ImportCorpus`.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "corpus_schema.h"
#include "hex.h"
#include "import_functions.h"
#include "import_lines.h"
#include "sqlite.h"
#include "writ/evals/corpus.h"

#ifndef WRIT_VERSION
#define WRIT_VERSION "0"
#endif

namespace writ::evals {
namespace {

using Done = std::expected<void, CorpusError>;

constexpr std::uint64_t kLinesPerReport = 1 << 14;

std::unexpected<CorpusError> Fail(CorpusErrorCode code, std::string message,
                                  std::uint64_t line = 0) {
  return std::unexpected(CorpusError{code, std::move(message), line});
}

std::string BaseName(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

Done Run(sqlite::Database& db, const std::string& sql, const std::string& where) {
  if (auto done = db.Run(sql); !done) {
    return std::unexpected(FromSqlite(done.error(), CorpusErrorCode::kWrite, where));
  }
  return {};
}

// A mapping's own tables have plain names; nothing else may be spliced into a statement.
bool IsTableName(std::string_view name) {
  if (name.empty() || name.size() > 64 || (name[0] >= '0' && name[0] <= '9')) return false;
  if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != name.npos) return false;
  for (const char* taken : {"lines", "runs", "events", "facts", "labels", "meta"}) {
    if (name == taken) return false;
  }
  return !name.starts_with("sqlite_");
}

class Importer {
 public:
  Importer(sqlite::Database& db, const ImportOptions& options) : db_(db), options_(options) {}

  Done Prepare() {
    if (auto done = Run(db_,
                        "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                        "PRAGMA cache_size = -65536; PRAGMA temp.cache_size = -65536;"
                        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA encoding = 'UTF-8';"
                        "PRAGMA max_page_count = " +
                            std::to_string(options_.max_bytes / 4096) +
                            ";"
                            "PRAGMA temp.max_page_count = " +
                            std::to_string(options_.max_bytes / 4096) + "; BEGIN;",
                        "store");
        !done) {
      return done;
    }
    if (auto done = Run(db_, std::string(kCanonicalSchema), "store"); !done) return done;
    if (auto done = RegisterMappingFunctions(db_); !done) {
      return std::unexpected(FromSqlite(done.error(), CorpusErrorCode::kWrite, "store"));
    }
    // A table-valued function declares itself at its first use, which the guard would refuse.
    return Run(db_,
               "CREATE TEMP TABLE lines (file TEXT, line INTEGER, json TEXT);"
               "SELECT 1 FROM json_each('[]'), json_tree('[]')",
               "store");
  }

  Done LoadLines(const std::string& path) {
    auto insert = db_.Prepare("INSERT INTO temp.lines VALUES (?1, ?2, ?3)");
    if (!insert) return std::unexpected(FromSqlite(insert.error(), CorpusErrorCode::kWrite, path));
    auto source = OpenFile(path);
    if (!source) return std::unexpected(source.error());
    LineReader reader(path, std::move(*source), options_.max_line_bytes);
    const std::string file = BaseName(path);
    const std::uint64_t bytes_before = bytes_;
    auto done =
        ForEachJsonLine(reader, options_.max_lines, [&](std::uint64_t line, std::string_view json) {
          insert->Bind(1, std::string_view(file));
          insert->Bind(2, static_cast<std::int64_t>(line));
          insert->Bind(3, json);
          bytes_ = bytes_before + reader.bytes();
          return Store(*insert, path, true);
        });
    bytes_ = bytes_before + reader.bytes();
    return done;
  }

  Done LoadAttachment(const std::string& name, const std::string& path) {
    if (!IsTableName(name)) {
      return Fail(CorpusErrorCode::kBadMapping,
                  "`" + name +
                      "` cannot name an attachment: lower-case letters, digits and `_`, and not a "
                      "table of the corpus");
    }
    if (auto done = Run(db_, "CREATE TEMP TABLE \"" + name + "\" (line INTEGER, json TEXT)", name);
        !done) {
      return done;
    }
    auto insert = db_.Prepare("INSERT INTO temp.\"" + name + "\" VALUES (?1, ?2)");
    if (!insert) return std::unexpected(FromSqlite(insert.error(), CorpusErrorCode::kWrite, path));
    auto source = OpenFile(path);
    if (!source) return std::unexpected(source.error());
    LineReader reader(path, std::move(*source), options_.max_line_bytes);
    const auto store = [&](std::uint64_t line, std::string_view json) {
      insert->Bind(1, static_cast<std::int64_t>(line));
      insert->Bind(2, json);
      return Store(*insert, path, false);
    };
    const bool csv = path.ends_with(".csv") || path.ends_with(".csv.xz");
    return csv ? ForEachCsvRow(reader, options_.max_lines, store)
               : ForEachJsonLine(reader, options_.max_lines, store);
  }

  Done RunMapping(const std::string& path, const std::string& text) {
    db_.StartGuard({.max_steps = options_.max_mapping_steps});
    std::string_view rest = text;
    Done done;
    while (done && !rest.empty()) done = RunStatement(path, text, rest);
    db_.EndGuard();
    return done;
  }

  std::uint64_t lines() const { return lines_; }
  void Report() const {
    if (options_.progress) options_.progress(lines_, bytes_);
  }

 private:
  Done Store(sqlite::Statement& insert, const std::string& path, bool counts) {
    const auto stored = insert.Step();
    if (!stored) return std::unexpected(FromSqlite(stored.error(), CorpusErrorCode::kWrite, path));
    insert.Reset();
    if (counts && ++lines_ % kLinesPerReport == 0) Report();
    return {};
  }

  // Runs the first statement of `rest` and moves past it.
  Done RunStatement(const std::string& path, std::string_view text, std::string_view& rest) {
    const std::string_view before = rest;
    auto statement = db_.PrepareFirst(rest);
    if (!statement) return Explain(path, text, before, before, statement.error());
    if (statement->empty()) return {};
    while (true) {
      const auto row = statement->Step();
      if (!row) {
        const sqlite::Error error = row.error();
        *statement = sqlite::Statement();
        return Explain(path, text, before, before.substr(0, before.size() - rest.size()), error);
      }
      if (!*row) return {};
    }
  }

  // The error in the mapping's words, with its line.
  Done Explain(const std::string& path, std::string_view text, std::string_view rest,
               std::string_view statement, const sqlite::Error& error) {
    const std::size_t start = text.size() - rest.size();
    std::size_t place = SkipBlank(text, start);
    if (error.offset_bytes >= 0) place = start + static_cast<std::size_t>(error.offset_bytes);
    std::uint64_t line = 1;
    for (const char c : text.substr(0, std::min(place, text.size()))) line += c == '\n' ? 1 : 0;
    const std::string where = path + ":" + std::to_string(line) + ": ";
    switch (error.failure) {
      case sqlite::Failure::kConstraint: {
        const auto found = FindRow(statement);
        if (!found) return Fail(found.error().code, where + found.error().message, line);
        return Fail(CorpusErrorCode::kBadRow, where + error.message, line);
      }
      case sqlite::Failure::kForbidden:
        return Fail(CorpusErrorCode::kBadMapping,
                    where +
                        "a mapping only reads its lines, makes temporary tables and fills the "
                        "tables of the corpus (" +
                        error.message + ")",
                    line);
      case sqlite::Failure::kStopped:
        return Fail(CorpusErrorCode::kTooLarge,
                    where + "the mapping took more than " +
                        std::to_string(options_.max_mapping_steps) + " steps and was stopped",
                    line);
      case sqlite::Failure::kFull:
        return Fail(CorpusErrorCode::kTooLarge,
                    where + "the corpus grew beyond its bound or the disk is full", line);
      case sqlite::Failure::kNotADatabase:
      case sqlite::Failure::kOther:
        break;
    }
    return Fail(CorpusErrorCode::kBadMapping, where + error.message, line);
  }

  // Past white space and comments, so that a line number points at the statement itself.
  static std::size_t SkipBlank(std::string_view text, std::size_t at) {
    while (at < text.size()) {
      if (text.substr(at, 2) == "--") {
        at = std::min(text.find('\n', at), text.size());
      } else if (text.substr(at, 2) == "/*") {
        const std::size_t end = text.find("*/", at + 2);
        at = end == text.npos ? text.size() : end + 2;
      } else if (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r') {
        ++at;
      } else {
        break;
      }
    }
    return at;
  }

  // Runs `statement` into copies without constraints, which an unqualified name finds first.
  Done FindRow(std::string_view statement) {
    db_.EndGuard();
    auto copied = db_.Run(
        "CREATE TEMP TABLE runs AS SELECT * FROM main.runs;"
        "CREATE TEMP TABLE events AS SELECT * FROM main.events;"
        "CREATE TEMP TABLE facts AS SELECT * FROM main.facts;"
        "CREATE TEMP TABLE labels AS SELECT * FROM main.labels;");
    // As in the schema: a fact is not missing unless the mapping says so.
    if (copied)
      copied = db_.Run(
          "CREATE TEMP TRIGGER not_missing AFTER INSERT ON temp.facts WHEN NEW.missing IS NULL"
          " BEGIN UPDATE facts SET missing = 0 WHERE rowid = NEW.rowid; END");
    if (!copied) return {};
    db_.StartGuard({.max_steps = options_.max_mapping_steps});
    const auto again = db_.Run(statement);
    db_.EndGuard();
    if (!again) return {};
    return CheckRows(db_, RowsOf::kCopies);
  }

  sqlite::Database& db_;
  const ImportOptions& options_;
  std::uint64_t lines_ = 0, bytes_ = 0;
};

// Removes what was begun unless it was kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) { Remove(); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { Remove(); }
  const std::string& path() const { return path_; }
  Done MoveTo(const std::string& target) {
    std::error_code code;
    std::filesystem::permissions(path_,
                                 std::filesystem::perms::owner_read |
                                     std::filesystem::perms::group_read |
                                     std::filesystem::perms::others_read,
                                 code);
    std::filesystem::rename(path_, target, code);
    if (code)
      return Fail(CorpusErrorCode::kWrite, target + ": cannot be written: " + code.message());
    return {};
  }

 private:
  void Remove() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::string path_;
};

// A slip in `-o` must not cost somebody his file.
Done MayReplace(const std::string& output) {
  std::error_code code;
  if (!std::filesystem::exists(output, code) || Corpus::Open(output)) return {};
  return Fail(CorpusErrorCode::kWrite, output + ": exists and is not a corpus; it was left alone");
}

Done WriteMeta(sqlite::Database& db, std::string_view key, std::string_view value) {
  auto insert = db.Prepare("INSERT OR REPLACE INTO main.meta VALUES (?1, ?2)");
  if (!insert) return std::unexpected(FromSqlite(insert.error(), CorpusErrorCode::kWrite, "meta"));
  insert->Bind(1, key);
  insert->Bind(2, value);
  if (auto done = insert->Step(); !done) {
    return std::unexpected(FromSqlite(done.error(), CorpusErrorCode::kWrite, "meta"));
  }
  return {};
}

// Everything that follows the mapping: the questions across tables, counts, digest, provenance.
std::expected<ImportSummary, CorpusError> Seal(sqlite::Database& db, std::uint64_t lines,
                                               const std::string& mapping_path,
                                               const std::string& mapping) {
  if (auto right = CheckRows(db, RowsOf::kStore); !right) {
    right.error().message = mapping_path + ": " + right.error().message;
    return std::unexpected(right.error());
  }
  ImportSummary summary;
  summary.lines = lines;
  const std::pair<const char*, std::uint64_t*> counts[] = {{"runs", &summary.runs},
                                                           {"events", &summary.events},
                                                           {"facts", &summary.facts},
                                                           {"labels", &summary.labels}};
  for (const auto& [table, count] : counts) {
    const auto number = db.Number(std::string("SELECT count(*) FROM main.") + table);
    if (!number) return std::unexpected(FromSqlite(number.error(), CorpusErrorCode::kRead, table));
    *count = static_cast<std::uint64_t>(*number);
  }
  if (summary.runs == 0)
    return Fail(CorpusErrorCode::kBadMapping, mapping_path + ": the mapping made no runs");
  auto digest = DigestRows(db);
  if (!digest) return std::unexpected(digest.error());
  summary.digest = *digest;
  const std::pair<const char*, std::string> rows[] = {{"digest", summary.digest},
                                                      {"mapping", BaseName(mapping_path)},
                                                      {"mapping_digest", Sha256Hex(mapping)},
                                                      {"lines", std::to_string(lines)},
                                                      {"tool_version", WRIT_VERSION}};
  for (const auto& [key, value] : rows) {
    if (auto done = WriteMeta(db, key, value); !done) return std::unexpected(done.error());
  }
  const std::string pragmas = "COMMIT; PRAGMA application_id = " + std::to_string(kApplicationId) +
                              "; PRAGMA user_version = " + std::to_string(kSchemaVersion);
  if (auto done = Run(db, pragmas, "store"); !done) return std::unexpected(done.error());
  return summary;
}

}  // namespace

std::expected<ImportSummary, CorpusError> ImportCorpus(
    const std::vector<std::string>& inputs, const std::string& mapping_path,
    const std::vector<std::pair<std::string, std::string>>& attachments, const std::string& output,
    const ImportOptions& options) {
  const auto mapping = ReadMapping(mapping_path);
  if (!mapping) return std::unexpected(mapping.error());
  if (auto done = MayReplace(output); !done) return std::unexpected(done.error());
  TemporaryFile temporary(output + ".importing");
  std::optional<ImportSummary> summary;
  {
    auto db = sqlite::Database::Open(temporary.path(), sqlite::Mode::kCreate);
    if (!db) return std::unexpected(FromSqlite(db.error(), CorpusErrorCode::kWrite, output));
    Importer importer(*db, options);
    if (auto done = importer.Prepare(); !done) return std::unexpected(done.error());
    for (const std::string& input : inputs) {
      if (auto done = importer.LoadLines(input); !done) return std::unexpected(done.error());
    }
    importer.Report();
    if (importer.lines() == 0) {
      return Fail(CorpusErrorCode::kRead, inputs.empty() ? std::string("no file to import")
                                                         : inputs.front() + ": holds no lines");
    }
    for (const auto& [name, path] : attachments) {
      if (auto done = importer.LoadAttachment(name, path); !done)
        return std::unexpected(done.error());
    }
    if (auto done = importer.RunMapping(mapping_path, *mapping); !done)
      return std::unexpected(done.error());
    auto sealed = Seal(*db, importer.lines(), mapping_path, *mapping);
    if (!sealed) return std::unexpected(sealed.error());
    summary = *sealed;
  }
  if (auto done = temporary.MoveTo(output); !done) return std::unexpected(done.error());
  return *summary;
}

}  // namespace writ::evals
