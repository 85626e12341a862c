// Opening what was just written, and requests by name.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "writ/runtime/decide.h"
#include "writ/runtime/session.h"
#include "writ/table/write.h"

namespace writ::test {

using namespace writ::runtime;

// Bytes and the table over them, together.
struct Opened {
  std::vector<unsigned char> bytes;
  Table table;
};

inline Opened OpenWritten(const table::Model& model) {
  Opened opened;
  auto bytes = table::WriteTable(model);
  if (!bytes) {
    ADD_FAILURE() << bytes.error().what;
    return opened;
  }
  opened.bytes = *std::move(bytes);
  EXPECT_EQ(Table::Open(opened.bytes.data(), opened.bytes.size(), &opened.table).code,
            OpenCode::kOk);
  return opened;
}

inline Value Number(std::int64_t n) {
  Value v;
  v.number = n;
  v.kind = ValueKind::kNumber;
  return v;
}
inline Value Text(std::string_view text) {
  Value v;
  v.text = text.data();
  v.size = static_cast<std::uint32_t>(text.size());
  v.kind = ValueKind::kText;
  return v;
}
inline Value Malformed() {
  Value v;
  v.kind = ValueKind::kMalformed;
  return v;
}

// A request with every value missing until it is set.
struct Asked {
  explicit Asked(const Table& table, std::uint32_t capability = 0) : values(table.fact_count()) {
    request.capability = {capability};
    request.role = {0};
    request.now_ms = 1000;
    request.values = values.data();
  }
  Asked& Set(std::uint32_t fact, Value value) {
    values[fact] = value;
    return *this;
  }
  std::vector<Value> values;
  Request request;
};

}  // namespace writ::test
