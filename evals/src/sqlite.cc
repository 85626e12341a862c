// The only file that knows SQLite.
//
// Two ideas beyond owning handles: a *guard*, an authorizer plus a step counter that make it safe
// to run SQL that somebody else wrote, and errors that carry their place in the statement, so that
// a mapping's line can be named.
#include "sqlite.h"

#include <sqlite3.h>

#include <array>
#include <cstring>
#include <utility>
#include <vector>

namespace writ::evals::sqlite {
namespace {

// How many steps pass between two looks at the counter: rare enough to cost nothing.
constexpr int kStepsPerLook = 10'000;
// A mapping's query is written by a person; beyond these it is a mistake or an attack.
constexpr int kMaxSqlBytes = 1 << 20;
constexpr int kMaxExpressionDepth = 200;
constexpr int kMaxColumns = 500;
constexpr int kMaxCompound = 200;

sqlite3_stmt* Handle(void* handle) { return static_cast<sqlite3_stmt*>(handle); }

Failure FailureOf(int code) {
  switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return Failure::kConstraint;
    case SQLITE_AUTH:
      return Failure::kForbidden;
    case SQLITE_INTERRUPT:
      return Failure::kStopped;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return Failure::kNotADatabase;
    case SQLITE_FULL:
      return Failure::kFull;
    default:
      return Failure::kOther;
  }
}

Error ErrorOf(sqlite3* db) {
  if (db == nullptr) return {Failure::kOther, "out of memory", -1};
  return {FailureOf(sqlite3_extended_errcode(db)), sqlite3_errmsg(db), sqlite3_error_offset(db)};
}

bool Same(const char* a, const char* b) { return a != nullptr && sqlite3_stricmp(a, b) == 0; }

// Functions whose answer is not the same twice, or that reach outside.
bool IsForbiddenFunction(const char* name) {
  static constexpr std::array kForbidden = {"load_extension",    "random",       "randomblob",
                                            "current_timestamp", "current_date", "current_time",
                                            "readfile",          "writefile",    "edit",
                                            "fts3_tokenizer",    "sqlite_log",   "changes",
                                            "last_insert_rowid", "total_changes"};
  for (const char* forbidden : kForbidden) {
    if (Same(name, forbidden)) return true;
  }
  return false;
}

// `database` is "main" or "temp"; the mapping's own tables live in temp.
int Authorize(void*, int action, const char* first, const char*, const char* database,
              const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return SQLITE_OK;  // looked at below, where the name is known
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      return Same(database, "main") && first != nullptr && std::strncmp(first, "sqlite_", 7) == 0
                 ? SQLITE_DENY
                 : SQLITE_OK;
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_DROP_TEMP_TABLE:
    case SQLITE_DROP_TEMP_INDEX:
    case SQLITE_DROP_TEMP_VIEW:
      return SQLITE_OK;
    case SQLITE_CREATE_INDEX:
    case SQLITE_REINDEX:
    case SQLITE_ANALYZE:
      return Same(database, "temp") ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

int AuthorizeAll(void* context, int action, const char* first, const char* second,
                 const char* database, const char* trigger) {
  if (action == SQLITE_FUNCTION && IsForbiddenFunction(second)) return SQLITE_DENY;
  return Authorize(context, action, first, second, database, trigger);
}

Argument ArgumentOf(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_value_int64(value));
    case SQLITE_FLOAT:
      return sqlite3_value_double(value);
    case SQLITE_NULL:
      return std::monostate{};
    default: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      if (text == nullptr) return std::monostate{};
      return std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }
  }
}

void CallFunction(sqlite3_context* context, int count, sqlite3_value** values) {
  const auto function = reinterpret_cast<Function>(sqlite3_user_data(context));
  std::vector<Argument> arguments;
  arguments.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) arguments.push_back(ArgumentOf(values[i]));
  const std::expected<Returned, std::string> result = function(arguments);
  if (!result) {
    sqlite3_result_error(context, result.error().data(), static_cast<int>(result.error().size()));
  } else if (const auto* number = std::get_if<std::int64_t>(&*result)) {
    sqlite3_result_int64(context, *number);
  } else if (const auto* text = std::get_if<std::string>(&*result)) {
    sqlite3_result_text64(context, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } else {
    sqlite3_result_null(context);
  }
}

}  // namespace

Statement& Statement::operator=(Statement&& other) noexcept {
  if (this != &other) {
    sqlite3_finalize(Handle(handle_));
    handle_ = std::exchange(other.handle_, nullptr);
  }
  return *this;
}
Statement::~Statement() { sqlite3_finalize(Handle(handle_)); }

void Statement::Bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(Handle(handle_), parameter, value);
}
void Statement::Bind(int parameter, std::string_view text) {
  // A null pointer would bind NULL: an empty text is not a missing one.
  const char* data = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(Handle(handle_), parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(Handle(handle_));
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return std::unexpected(ErrorOf(sqlite3_db_handle(Handle(handle_))));
}
void Statement::Reset() { sqlite3_reset(Handle(handle_)); }

int Statement::column_count() const { return sqlite3_column_count(Handle(handle_)); }
Column Statement::type(int column) const {
  switch (sqlite3_column_type(Handle(handle_), column)) {
    case SQLITE_INTEGER:
      return Column::kInteger;
    case SQLITE_FLOAT:
      return Column::kReal;
    case SQLITE_TEXT:
      return Column::kText;
    case SQLITE_BLOB:
      return Column::kBlob;
    default:
      return Column::kNull;
  }
}
std::int64_t Statement::Int(int column) const {
  return sqlite3_column_int64(Handle(handle_), column);
}
std::string_view Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(Handle(handle_), column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(Handle(handle_), column))};
}

struct Database::State {
  sqlite3* db = nullptr;
  std::uint64_t steps_left = 0;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { sqlite3_close_v2(db); }

  static int Look(void* self) {
    auto* state = static_cast<State*>(self);
    if (state->steps_left <= kStepsPerLook) return 1;
    state->steps_left -= kStepsPerLook;
    return 0;
  }
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::Database(Database&& other) noexcept = default;
Database& Database::operator=(Database&& other) noexcept = default;
Database::~Database() = default;

Result<Database> Database::Open(const std::string& path, Mode mode) {
  auto state = std::make_unique<State>();
  const int flags =
      mode == Mode::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  // Never SQLITE_OPEN_URI: a path is a path.
  const int code = sqlite3_open_v2(path.c_str(), &state->db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) return std::unexpected(ErrorOf(state->db));
  sqlite3_db_config(state->db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(state->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(state->db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(state->db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_limit(state->db, SQLITE_LIMIT_SQL_LENGTH, kMaxSqlBytes);
  sqlite3_limit(state->db, SQLITE_LIMIT_EXPR_DEPTH, kMaxExpressionDepth);
  sqlite3_limit(state->db, SQLITE_LIMIT_COLUMN, kMaxColumns);
  sqlite3_limit(state->db, SQLITE_LIMIT_COMPOUND_SELECT, kMaxCompound);
  sqlite3_limit(state->db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(state->db, SQLITE_LIMIT_WORKER_THREADS, 0);
  return Database(std::move(state));
}

Result<Statement> Database::PrepareFirst(std::string_view& sql) {
  Statement statement;
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v2(state_->db, sql.data(), static_cast<int>(sql.size()), &handle, &rest);
  if (code != SQLITE_OK) return std::unexpected(ErrorOf(state_->db));
  statement.handle_ = handle;
  sql.remove_prefix(rest == nullptr ? sql.size() : static_cast<std::size_t>(rest - sql.data()));
  return statement;
}

Result<Statement> Database::Prepare(std::string_view sql) { return PrepareFirst(sql); }

Result<void> Database::Run(std::string_view sql) {
  while (!sql.empty()) {
    Result<Statement> statement = PrepareFirst(sql);
    if (!statement) return std::unexpected(statement.error());
    if (statement->empty()) continue;
    while (true) {
      const Result<bool> row = statement->Step();
      if (!row) return std::unexpected(row.error());
      if (!*row) break;
    }
  }
  return {};
}

Result<std::int64_t> Database::Number(std::string_view sql) {
  Result<Statement> statement = Prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  const Result<bool> row = statement->Step();
  if (!row) return std::unexpected(row.error());
  return *row ? statement->Int(0) : 0;
}

Result<void> Database::Register(const char* name, int arguments, Function function) {
  const int code = sqlite3_create_function_v2(
      state_->db, name, arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
      reinterpret_cast<void*>(function), &CallFunction, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(ErrorOf(state_->db));
  return {};
}

void Database::StartGuard(const Guard& guard) {
  sqlite3_set_authorizer(state_->db, &AuthorizeAll, nullptr);
  state_->steps_left = guard.max_steps;
  if (guard.max_steps > 0) {
    sqlite3_progress_handler(state_->db, kStepsPerLook, &State::Look, state_.get());
  }
}

void Database::EndGuard() {
  sqlite3_set_authorizer(state_->db, nullptr, nullptr);
  sqlite3_progress_handler(state_->db, 0, nullptr, nullptr);
}

}  // namespace writ::evals::sqlite
