// JSON lines and the values in them: any bytes are read or refused with a place, and what is read
// is written back as it was.
//
// The input is a text of JSON lines; each of its lines is also tried as the spelling of a value of
// every type.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "writ/evals/corpus.h"
#include "writ/evals/values.h"
#include "writ/table/write.h"

namespace {

using namespace writ;
using runtime::ValueType;

struct Types {
  std::vector<unsigned char> bytes;
  runtime::Table table;

  Types() {
    table::Model model;
    model.policy = "fuzz.values";
    model.version = "1.0.0";
    model.zone = "UTC";
    const auto add = [&model](const char* name, ValueType type, std::int64_t low, std::int64_t high,
                              std::uint8_t scale = 0) -> table::Fact& {
      table::Fact& fact = model.facts.emplace_back();
      fact.name = name;
      fact.type = type;
      fact.low = low;
      fact.high = high;
      fact.scale = scale;
      return fact;
    };
    constexpr std::int64_t kWide = 1'000'000'000'000'000;
    add("amount", ValueType::kMoney, 0, kWide, 2).unit = "EUR";
    add("sure", ValueType::kDecimal, -kWide, kWide, 6);
    add("count", ValueType::kInteger, -kWide, kWide);
    add("held", ValueType::kBool, 0, 1);
    add("tier", ValueType::kEnum, 0, 1).values = {"bronze", "gold"};
    add("wait", ValueType::kDuration, 0, kWide);
    add("since", ValueType::kTime, -62'135'596'800'000, 253'402'300'799'999);
    add("order", ValueType::kId, 0, 0);
    add("files", ValueType::kIdSet, 0, 0);
    add("tags", ValueType::kEnumSet, 0, 0).values = {"red", "green"};
    model.roles = {{"clerk", runtime::RoleKind::kAgent, "", {}}};
    table::Capability go;
    go.name = "go";
    model.capabilities = {go};
    table::Matrix matrix;
    table::Column column;
    column.verdict = runtime::Verdict::kAllow;
    matrix.columns = {column};
    model.matrices = {matrix};
    const auto written = table::WriteTable(model);
    if (!written) std::abort();
    bytes = *written;
    if (runtime::Table::Open(bytes.data(), bytes.size(), &table).code != runtime::OpenCode::kOk)
      std::abort();
  }
};

// Numbers come back as the same number; sets as the same text once written.
void TryValue(const runtime::Table& table, runtime::FactId fact, std::string_view text,
              evals::ValueArena& arena) {
  const runtime::Value value = evals::ParseValue(table, fact, text, arena);
  if (value.kind == runtime::ValueKind::kMalformed) return;
  const std::string once = evals::FormatValue(table, fact, value);
  const runtime::Value again = evals::ParseValue(table, fact, once, arena);
  if (again.kind != value.kind) std::abort();
  if (value.kind == runtime::ValueKind::kNumber && again.number != value.number) std::abort();
  if (evals::FormatValue(table, fact, again) != once) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Types types;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  evals::ImportOptions options;
  options.max_line_bytes = 1 << 16;
  const auto lines = evals::CheckJsonLines("input", text, options);
  if (!lines && lines.error().message.empty()) std::abort();
  evals::ValueArena arena;
  // The first lines do; a long input is many short ones.
  std::string_view rest = text.substr(0, 1024);
  for (int line = 0; line < 16 && !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    for (std::uint32_t fact = 0; fact < types.table.fact_count(); ++fact) {
      TryValue(types.table, runtime::FactId{fact}, rest.substr(0, end), arena);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return 0;
}
