// Files in a folder of their own, and a table with a fact of every type, for tests of the corpus.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "writ/evals/corpus.h"
#include "writ/runtime/table.h"
#include "writ/table/write.h"

namespace writ::evals::testing {

class CorpusTest : public ::testing::Test {
 protected:
  CorpusTest() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              (std::string("writ_") + info->test_suite_name() + "_" + info->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~CorpusTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name), std::ios::binary) << text;
    return Path(name);
  }

  // Two runs of two lookups each, in the simplest spelling.
  static std::string Lines() {
    return "{\"run\":\"a\",\"who\":\"x\",\"times\":[1000,2000]}\n{\"run\":\"b\",\"who\":\"y\","
           "\"times\":[1500,2500]}\n";
  }
  static std::string Mapping() {
    return "INSERT INTO runs SELECT json ->> 'run', json ->> 'who' FROM lines ORDER BY line;\n"
           "INSERT INTO events (event, run, seq, at, role, capability, observed, effect, "
           "known_at)\n"
           "  SELECT line * 10 + t.key, lines.json ->> 'run', t.key, t.value, 'clerk', 'go', "
           "'allow', 'executed', t.value + 5\n"
           "  FROM lines, json_each(lines.json, '$.times') t;\n"
           "INSERT INTO facts (event, name, value) SELECT event, 'amount', money(at / 100.0, "
           "'EUR') FROM events;\n"
           "INSERT INTO labels (run, event, name, value, origin) SELECT run, NULL, 'solved', "
           "'true', 'test' FROM runs;\n";
  }

  std::expected<ImportSummary, CorpusError> Import(const std::string& lines,
                                                   const std::string& mapping,
                                                   const ImportOptions& options = {}) const {
    return ImportCorpus({Write("runs.jsonl", lines)}, Write("map.sql", mapping), {},
                        Path("runs.db"), options);
  }
  // The import is refused with this code and a message that says this; nothing is left behind.
  void ExpectRefused(const std::string& lines, const std::string& mapping, CorpusErrorCode code,
                     const std::string& says, const ImportOptions& options = {}) const {
    const auto result = Import(lines, mapping, options);
    ASSERT_FALSE(result) << mapping;
    EXPECT_EQ(result.error().code, code) << result.error().message;
    EXPECT_THAT(result.error().message, ::testing::HasSubstr(says));
    EXPECT_FALSE(std::filesystem::exists(Path("runs.db")));
    EXPECT_FALSE(std::filesystem::exists(Path("runs.db.importing")));
  }

  std::filesystem::path folder_;
};

// A table whose capability `go` reads one fact of every type, and allows.
class EveryType {
 public:
  EveryType() {
    using namespace runtime;
    Add("amount", ValueType::kMoney, 2, 0, 5'000'000).unit = "EUR";
    Add("yen", ValueType::kMoney, 0, 0, 1'000'000).unit = "JPY";
    Add("sure", ValueType::kDecimal, 2, 0, 100);
    Add("count", ValueType::kInteger, 0, -10, 10);
    Add("held", ValueType::kBool, 0, 0, 1);
    Add("tier", ValueType::kEnum, 0, 0, 1).values = {"bronze", "gold"};
    Add("wait", ValueType::kDuration, 0, 0, 1'000'000'000);
    Add("since", ValueType::kTime, 0, -62'135'596'800'000, 253'402'300'799'999);
    Add("order", ValueType::kId, 0, 0, 0);
    Add("text", ValueType::kText, 0, 0, 0);
    Add("by", ValueType::kRole, 0, 0, 0);
    Add("files", ValueType::kIdSet, 0, 0, 0);
    Add("tags", ValueType::kEnumSet, 0, 0, 0).values = {"red", "green"};
    model_.policy = "test.every_type";
    model_.version = "1.0.0";
    model_.zone = "UTC";
    model_.roles = {{"clerk", RoleKind::kAgent, "", {}}};
    table::Capability go;
    go.name = "go";
    go.inputs = {FactId{0}};
    go.optional_inputs = {FactId{3}};
    model_.derivations = {{CapabilityId{0}, FactId{3}, ArgumentFold::kSum, "$.count[*]"}};
    model_.capabilities = {go};
    table::Matrix matrix;
    for (std::uint32_t i = 0; i < model_.facts.size(); ++i)
      matrix.signature.push_back({FactId{i}, i == 0});
    table::Column column;
    column.verdict = Verdict::kAllow;
    matrix.columns = {column};
    model_.matrices = {matrix};
    const auto bytes = table::WriteTable(model_);
    EXPECT_TRUE(bytes) << bytes.error().what;
    if (!bytes) return;
    bytes_ = *bytes;
    const OpenError opened = Table::Open(bytes_.data(), bytes_.size(), &table_);
    EXPECT_EQ(opened.code, OpenCode::kOk);
  }
  EveryType(const EveryType&) = delete;
  EveryType& operator=(const EveryType&) = delete;

  const runtime::Table& table() const { return table_; }
  runtime::FactId Fact(std::string_view name) const { return table_.FindFact(name); }

 private:
  table::Fact& Add(std::string name, runtime::ValueType type, std::uint8_t scale, std::int64_t low,
                   std::int64_t high) {
    table::Fact& fact = model_.facts.emplace_back();
    fact.name = std::move(name);
    fact.type = type;
    fact.scale = scale;
    fact.low = low;
    fact.high = high;
    return fact;
  }

  table::Model model_;
  std::vector<unsigned char> bytes_;
  runtime::Table table_;
};

}  // namespace writ::evals::testing
