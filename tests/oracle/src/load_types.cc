// Types and literals of the dumped tree (M6.1, M6.4).
#include <stdexcept>

#include "load.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {

std::string TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? "" : found->get<std::string>();
}

std::vector<std::string> NamesOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::vector<std::string>{}
                               : found->get<std::vector<std::string>>();
}

bool FlagOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->get<bool>();
}

Value Loader::ReadLiteral(const Json& literal) const {
  const std::string kind = TextOf(literal, "kind");
  const std::string text = TextOf(literal, "text");
  if (kind == "bool") return Value::Truth(text == "true");
  if (kind == "number" || kind == "money") {
    const std::optional<Number> number = ParseNumber(text);
    if (!number) throw std::runtime_error("not a number: " + text);
    return Value::Of(*number);
  }
  if (kind == "duration") return Value::Of({ReadDuration(literal), 0});
  if (kind == "date" || kind == "timestamp") {
    const std::optional<std::int64_t> ms =
        kind == "date" ? FirstInstant(text, zone) : ParseInstant(text);
    if (!ms) throw std::runtime_error("not an instant the oracle knows: " + text);
    return Value::Of({*ms, 0});
  }
  Value value = Value::Text(text);
  if (kind == "word") value.kind = Value::Kind::kWord;
  return value;
}

std::int64_t Loader::ReadDuration(const Json& literal) const {
  const std::optional<Number> count = ParseNumber(TextOf(literal, "text"));
  const std::optional<std::int64_t> unit = UnitMilliseconds(TextOf(literal, "unit"));
  if (!count || !unit) throw std::runtime_error("not a duration: " + literal.dump());
  return static_cast<std::int64_t>(count->units) * *unit;
}

Window Loader::ReadWindow(const Json& literal) const {
  if (TextOf(literal, "kind") == "word") return policy.windows.at(TextOf(literal, "text"));
  const std::string unit = TextOf(literal, "unit");
  if (unit != "month" && unit != "year") return {.ms = ReadDuration(literal)};
  return {.months = std::stoi(TextOf(literal, "text")) * (unit == "year" ? 12 : 1)};
}

namespace {

TypeKind TypeKindOf(const std::string& word) {
  static const std::map<std::string, TypeKind> kKinds = {{"bool", TypeKind::kBool},
                                                         {"integer", TypeKind::kInteger},
                                                         {"decimal", TypeKind::kDecimal},
                                                         {"money", TypeKind::kMoney},
                                                         {"duration", TypeKind::kDuration},
                                                         {"time", TypeKind::kTime},
                                                         {"id", TypeKind::kId},
                                                         {"text", TypeKind::kText},
                                                         {"role", TypeKind::kRole},
                                                         {"set", TypeKind::kSet},
                                                         {"enum", TypeKind::kEnum}};
  const auto found = kKinds.find(word);
  if (found == kKinds.end()) throw std::runtime_error("no such type: " + word);
  return found->second;
}

}  // namespace

Type Loader::ReadType(const Json& json) const {
  if (TextOf(json, "kind") == "named") {
    const auto alias = aliases.find(TextOf(json, "named"));
    if (alias == aliases.end()) throw std::runtime_error("no such type: " + TextOf(json, "named"));
    Type named = ReadType(alias->second);
    if (json.contains("low")) named.low = ReadLiteral(json.at("low")).number;
    if (json.contains("high")) named.high = ReadLiteral(json.at("high")).number;
    return named;
  }
  Type type;
  type.kind = TypeKindOf(TextOf(json, "kind"));
  type.currency = TextOf(json, "currency");
  if (type.kind == TypeKind::kDecimal) type.scale = json.value("scale", 0);
  if (type.kind == TypeKind::kMoney) type.scale = MinorDigits(type.currency);
  type.values = NamesOf(json, "values");
  type.ordered = FlagOf(json, "ordered");
  if (type.kind == TypeKind::kSet)
    type.element = std::make_shared<Type>(ReadType(json.at("element").at(0)));
  if (!IsNumeric(type.kind)) return type;
  SetDefaultRange(type);
  if (json.contains("low")) type.low = ReadLiteral(json.at("low")).number;
  if (json.contains("high")) type.high = ReadLiteral(json.at("high")).number;
  return type;
}

}  // namespace writ::oracle
