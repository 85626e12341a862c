// SQLite behind a fence: what the rest of the library may know of it.
//
// A connection and its statements as owned objects, errors as values. `sqlite3.h` is included by
// sqlite.cc alone.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace writ::evals::sqlite {

enum class Failure : std::uint8_t {
  kOther,       // syntax, unknown names, misuse
  kConstraint,  // a CHECK, NOT NULL, UNIQUE or PRIMARY KEY of the schema
  kForbidden,   // the guard said no
  kStopped,     // the step bound was reached
  kNotADatabase,
  kFull,  // disk, or the bound on pages
};
struct Error {
  Failure failure = Failure::kOther;
  std::string message;             // SQLite's own words
  std::int64_t offset_bytes = -1;  // into the statement; -1: unknown
};
template <typename T>
using Result = std::expected<T, Error>;

// A value handed to or returned from an SQL function. monostate is NULL.
using Argument = std::variant<std::monostate, std::int64_t, double, std::string_view>;
using Returned = std::variant<std::monostate, std::int64_t, std::string>;
// The error is a message in the words of the one who calls the function.
using Function = std::expected<Returned, std::string> (*)(std::span<const Argument>);

enum class Column : std::uint8_t { kInteger, kReal, kText, kBlob, kNull };

// A prepared statement. Owned; must not outlive its database. Views live until the next Step, Reset
// or destruction.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  bool empty() const { return handle_ == nullptr; }  // only white space and comments
  // Parameters are 1-based. Text is borrowed until the next Reset.
  void Bind(int parameter, std::int64_t value);
  void Bind(int parameter, std::string_view text);
  // True: a row is there. False: done.
  Result<bool> Step();
  void Reset();

  // Columns are 0-based.
  int column_count() const;
  Column type(int column) const;
  bool IsNull(int column) const { return type(column) == Column::kNull; }
  std::int64_t Int(int column) const;
  std::string_view Text(int column) const;  // of a blob: its bytes

 private:
  friend class Database;
  void* handle_ = nullptr;
};

enum class Mode : std::uint8_t { kRead, kCreate };

// What a guarded connection refuses, while it is guarded. Everything is refused that reaches
// outside the connection's own tables: ATTACH, PRAGMA, extensions, virtual tables, transactions,
// permanent tables and changes of the schema. Temporary tables, views and indexes are the mapping's
// own.
struct Guard {
  std::uint64_t max_steps = 0;  // virtual machine steps of all statements together; 0: none
};

// One connection. Not thread-safe.
class Database {
 public:
  static Result<Database> Open(const std::string& path, Mode mode);
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  ~Database();

  Result<void> Run(std::string_view sql);  // every statement of `sql`
  // Prepares the first statement of `sql` and moves `sql` to what follows it.
  Result<Statement> PrepareFirst(std::string_view& sql);
  Result<Statement> Prepare(std::string_view sql);
  Result<std::int64_t> Number(
      std::string_view sql);  // first column of the first row, 0 where there is none
  Result<void> Register(const char* name, int arguments, Function function);

  void StartGuard(const Guard& guard);
  void EndGuard();

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace writ::evals::sqlite
