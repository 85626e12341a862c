// Values as a policy writes them; the inverse of reading a literal.
#include "writ/compiler/print_expr.h"

#include "dates.h"
#include "units.h"

namespace writ::compiler {
namespace {

std::string PrintSet(const table::Fact& fact, std::int64_t value) {
  std::string text = "{";
  for (std::size_t i = 0; i < fact.values.size(); ++i) {
    if ((value >> i & 1) != 0) text += (text.size() == 1 ? " " : ", ") + fact.values[i];
  }
  return text + " }";
}

}  // namespace

std::string PrintValue(const table::Fact& fact, std::int64_t value) {
  switch (fact.type) {
    case table::ValueType::kBool:
      return value != 0 ? "true" : "false";
    case table::ValueType::kEnum:
      return value >= 0 && static_cast<std::size_t>(value) < fact.values.size()
                 ? fact.values[static_cast<std::size_t>(value)]
                 : "value " + std::to_string(value);
    case table::ValueType::kInteger:
    case table::ValueType::kDecimal:
      return check::PrintNumber({value, fact.scale});
    case table::ValueType::kMoney:
      return check::PrintNumber({value, fact.scale}) + " " + fact.unit;
    case table::ValueType::kDuration:
      return check::PrintDuration(value);
    case table::ValueType::kTime:
      return check::PrintInstant(value);
    case table::ValueType::kRole:
      return "role " + std::to_string(value);
    case table::ValueType::kEnumSet:
      return PrintSet(fact, value);
    case table::ValueType::kId:
    case table::ValueType::kText:
    case table::ValueType::kIdSet:
      break;
  }
  return std::to_string(value);
}

std::string PrintValue(const table::Model& model, table::FactId id, std::int64_t value) {
  const table::Fact& fact = model.facts[id.value];
  if (fact.type == table::ValueType::kRole && value >= 0 &&
      static_cast<std::size_t>(value) < model.roles.size()) {
    return model.roles[static_cast<std::size_t>(value)].name;
  }
  return PrintValue(fact, value);
}

std::string PrintText(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace writ::compiler
