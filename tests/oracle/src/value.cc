// M6: what is a value of a type, and how two values compare.
#include "writ/oracle/value.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "writ/oracle/calendar.h"

namespace writ::oracle {

bool IsNumeric(TypeKind kind) {
  return kind == TypeKind::kInteger || kind == TypeKind::kDecimal || kind == TypeKind::kMoney ||
         kind == TypeKind::kDuration || kind == TypeKind::kTime;
}

int MinorDigits(const std::string& currency) {
  for (const char* none : {"JPY", "KRW", "CLP", "VND", "ISK"}) {
    if (currency == none) return 0;
  }
  for (const char* three : {"BHD", "KWD", "OMR", "TND", "JOD"}) {
    if (currency == three) return 3;
  }
  return 2;
}

void SetDefaultRange(Type& type) {
  const Int128 most = PowerOfTen(15);
  const bool from_zero = type.kind == TypeKind::kMoney || type.kind == TypeKind::kDuration;
  type.low = {from_zero ? Int128{0} : -most, type.scale};
  type.high = {most, type.scale};
  if (type.kind == TypeKind::kTime) {
    type.low = {FirstOfAllInstants(), 0};
    type.high = {LastOfAllInstants(), 0};
  }
}

Value Value::Truth(bool truth) {
  Value value;
  value.truth = truth;
  return value;
}

Value Value::Of(Number number) {
  Value value;
  value.kind = Kind::kNumber;
  value.number = number;
  return value;
}

Value Value::Text(std::string text) {
  Value value;
  value.kind = Kind::kText;
  value.text = std::move(text);
  return value;
}

bool Equal(const Value& a, const Value& b) {
  if (a.kind == Value::Kind::kTruth) return a.truth == b.truth;
  if (a.kind == Value::Kind::kNumber) return Compare(a.number, b.number) == 0;
  return a.text == b.text;
}

bool Less(const Value& a, const Value& b) {
  if (a.kind == Value::Kind::kNumber) return Compare(a.number, b.number) < 0;
  const std::vector<std::string>& order = a.kind == Value::Kind::kEnum ? a.values : b.values;
  return std::find(order.begin(), order.end(), a.text) <
         std::find(order.begin(), order.end(), b.text);
}

namespace {

std::string Trim(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

bool IsQuoted(const std::string& text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"';
}

// "12.34 EUR" -> "12.34", "EUR"; "10min" -> "10", "min".
void SplitUnit(const std::string& text, std::string& digits, std::string& unit) {
  const std::size_t end = text.find_last_of("0123456789") + 1;
  digits = Trim(text.substr(0, end));
  unit = Trim(text.substr(end));
}

// M6.2: more decimals than the type has are malformed, even zeros.
std::optional<Number> ParseQuantity(const Type& type, const std::string& text) {
  std::string digits;
  std::string unit;
  SplitUnit(text, digits, unit);
  std::optional<Number> number = ParseNumber(digits);
  if (!number) return std::nullopt;
  if (type.kind == TypeKind::kDuration) {
    const std::optional<std::int64_t> ms = UnitMilliseconds(unit);
    if (!ms || number->scale != 0) return std::nullopt;
    return Number{number->units * *ms, 0};
  }
  if (unit != type.currency || number->scale > type.scale) return std::nullopt;
  return AtScale(*number, type.scale);
}

std::optional<Value> ParseNumeric(const Type& type, const std::string& text) {
  std::optional<Number> number;
  if (type.kind == TypeKind::kTime) {
    std::optional<std::int64_t> ms = ParseInstant(text);
    if (ms) number = Number{*ms, 0};
  } else {
    number = ParseQuantity(type, text);
  }
  if (!number || Compare(*number, type.low) < 0 || Compare(*number, type.high) > 0)
    return std::nullopt;
  return Value::Of(*number);
}

std::optional<Value> ParseEnum(const Type& type, const std::string& text) {
  std::string meant = text;
  if (std::find(type.values.begin(), type.values.end(), text) == type.values.end()) {
    const auto called = type.called.find(text);
    meant = called != type.called.end() ? called->second : type.any_other;
    if (meant.empty()) return std::nullopt;
  }
  Value value;
  value.kind = Value::Kind::kEnum;
  value.text = meant;
  value.values = type.values;
  return value;
}

std::optional<Value> ParseSet(const Type& type, const std::string& text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return std::nullopt;
  Value value;
  value.kind = Value::Kind::kSet;
  std::string inner = Trim(text.substr(1, text.size() - 2));
  while (!inner.empty()) {
    const std::size_t comma = inner.find(',');
    const std::string member = Trim(inner.substr(0, comma));
    const std::optional<Value> parsed = ParseValue(*type.element, member);
    if (!parsed) return std::nullopt;
    value.values.push_back(parsed->text);
    inner = comma == std::string::npos ? "" : Trim(inner.substr(comma + 1));
  }
  return value;
}

}  // namespace

std::optional<Value> ParseValue(const Type& type, const std::string& text) {
  if (IsNumeric(type.kind)) return ParseNumeric(type, text);
  switch (type.kind) {
    case TypeKind::kBool:
      if (text != "true" && text != "false") return std::nullopt;
      return Value::Truth(text == "true");
    case TypeKind::kEnum:
      return ParseEnum(type, text);
    case TypeKind::kSet:
      return ParseSet(type, text);
    case TypeKind::kId:
    case TypeKind::kText:
      if (!IsQuoted(text)) return std::nullopt;
      return Value::Text(text.substr(1, text.size() - 2));
    default:  // a role, by its name; which there are is known once all files are read
      if (!type.values.empty() &&
          std::find(type.values.begin(), type.values.end(), text) == type.values.end())
        return std::nullopt;
      return Value::Text(text);
  }
}

std::string ToString(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kTruth:
      return value.truth ? "true" : "false";
    case Value::Kind::kNumber:
      return ToString(value.number);
    case Value::Kind::kSet: {
      std::string text = "{";
      for (const std::string& member : value.values) text += " " + member;
      return text + " }";
    }
    default:
      return value.text;
  }
}

}  // namespace writ::oracle
