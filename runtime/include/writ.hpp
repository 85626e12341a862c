// A thin C++17 cover over writ.h: handles close themselves, texts are string_views. Nothing is
// hidden and nothing added; it throws nothing and is safe to use where exceptions are off.
#ifndef WRIT_HPP_
#define WRIT_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "writ.h"

namespace writ::host {

inline writ_value Missing() { return writ_value{}; }
inline writ_value Number(std::int64_t number) {
  writ_value value{};
  value.number = number;
  value.kind = WRIT_VALUE_NUMBER;
  return value;
}
// Borrows `text`.
inline writ_value Text(std::string_view text) {
  writ_value value{};
  value.at.text = text.data();
  value.size = static_cast<std::uint32_t>(text.size());
  value.kind = WRIT_VALUE_TEXT;
  return value;
}

class Table {
 public:
  Table() = default;
  Table(Table&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Table& operator=(Table&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Table() { writ_table_close(handle_); }

  // An empty table (false) where the bytes are refused. Keeps a copy of the bytes.
  static Table Open(const void* bytes, std::size_t size, writ_error* error = nullptr) {
    writ_open_options options{};
    options.struct_size = sizeof options;
    options.flags = WRIT_OPEN_COPY;
    Table table;
    writ_table_open(bytes, size, &options, &table.handle_, error);
    return table;
  }
  explicit operator bool() const { return handle_ != nullptr; }
  const writ_table* get() const { return handle_; }

  std::uint32_t Fact(const char* name) const { return writ_fact(handle_, name); }
  std::uint32_t Capability(const char* name) const { return writ_capability(handle_, name); }
  std::uint32_t Role(const char* name) const { return writ_role(handle_, name); }
  std::uint32_t FactValue(std::uint32_t fact, const char* name) const {
    return writ_fact_value(handle_, fact, name);
  }
  std::uint32_t fact_count() const { return writ_fact_count(handle_); }
  bool IsForCritics(std::uint32_t fact) const { return writ_fact_for_critics(handle_, fact) != 0; }

  writ_decision Decide(const writ_request& request, const writ_session* session = nullptr) const {
    writ_decision decision{};
    decision.struct_size = sizeof decision;
    writ_decide(handle_, session, &request, &decision);
    return decision;
  }
  std::string Explain(const writ_decision& decision) const {
    std::string text(writ_explain(handle_, &decision, nullptr, 0) + 1, '\0');
    text.resize(writ_explain(handle_, &decision, text.data(), text.size()));
    return text;
  }

 private:
  writ_table* handle_ = nullptr;
};

class Session {
 public:
  Session(const Table& table, std::size_t capacity) {
    writ_session_open(table.get(), capacity, &handle_);
  }
  Session(Session&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Session& operator=(Session&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Session() { writ_session_close(handle_); }
  explicit operator bool() const { return handle_ != nullptr; }
  const writ_session* get() const { return handle_; }
  writ_status Commit(const writ_request& request) { return writ_session_commit(handle_, &request); }

 private:
  writ_session* handle_ = nullptr;
};

// A request with room for every fact of a table, all missing.
class Request {
 public:
  Request(const Table& table, std::uint32_t capability, std::uint32_t role, std::int64_t now_ms)
      : values_(table.fact_count()) {
    request_.struct_size = sizeof request_;
    request_.capability = capability;
    request_.role = role;
    request_.now_ms = now_ms;
  }
  writ_value& operator[](std::uint32_t fact) {
    return values_[fact];
  }  // REQUIRES: fact < table.fact_count()
  const writ_request& get() {
    request_.values = values_.data();
    request_.value_count = values_.size();
    return request_;
  }

 private:
  std::vector<writ_value> values_;
  writ_request request_{};
};

}  // namespace writ::host

#endif  // WRIT_HPP_
