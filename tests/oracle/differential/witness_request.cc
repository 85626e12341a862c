// Entry point: ToRequest.
#include "witness_request.h"

#include "writ/oracle/calendar.h"

namespace writ::oracle {
namespace {

using runtime::FactId;

std::string Spell(const runtime::Table& table, FactId id, const analysis::ConcreteValue& value) {
  const runtime::FactView fact = table.Fact(id);
  const std::string number = ToString(Number{value.number, fact.scale});
  switch (fact.type) {
    case runtime::ValueType::kBool:
      return value.number != 0 ? "true" : "false";
    case runtime::ValueType::kEnum:
      return std::string(table.FactValue(id, static_cast<std::uint32_t>(value.number)));
    case runtime::ValueType::kInteger:
    case runtime::ValueType::kDecimal:
      return number;
    case runtime::ValueType::kMoney:
      return number + " " + std::string(fact.unit);
    case runtime::ValueType::kDuration:
      return number + " ms";
    case runtime::ValueType::kTime:
      return FormatInstant(value.number);
    case runtime::ValueType::kRole: {
      const auto role = static_cast<std::uint32_t>(value.number);
      return role < table.role_count() ? std::string(table.Role({role}).name) : "stranger";
    }
    case runtime::ValueType::kId:
    case runtime::ValueType::kText:
      return "\"" + value.text + "\"";
    case runtime::ValueType::kIdSet:
    case runtime::ValueType::kEnumSet:
      break;
  }
  std::string text;
  for (const std::string& member : value.texts)
    text += (text.empty() ? "\"" : ", \"") + member + "\"";
  for (std::uint32_t i = 0; fact.type == runtime::ValueType::kEnumSet && i < fact.value_count;
       ++i) {
    if (((value.number >> i) & 1) != 0)
      text += (text.empty() ? "" : ", ") + std::string(table.FactValue(id, i));
  }
  return "{ " + text + " }";
}

}  // namespace

Request ToRequest(const runtime::Table& table, const analysis::Witness& witness) {
  Request request;
  request.capability = table.Capability(witness.capability).name;
  request.role = witness.role.valid() ? std::string(table.Role(witness.role).name) : "stranger";
  request.now_ms = witness.now_ms;
  request.as_in_force = witness.as_in_force;
  for (std::uint32_t i = 0; i < witness.values.size(); ++i) {
    const analysis::ConcreteValue& value = witness.values[i];
    if (value.kind == runtime::ValueKind::kMissing) continue;
    const bool malformed = value.kind == runtime::ValueKind::kMalformed;
    request.facts[std::string(table.Fact({i}).name)] = {malformed ? "" : Spell(table, {i}, value),
                                                        malformed};
  }
  return request;
}

}  // namespace writ::oracle
