// One reader and one writer of a fact's spelling. Entry points: `ParseValue` and `FormatValue`.
//
// The type decides how a text is read; the range is checked here as the runtime checks it, only to
// say why. The runtime has the last word on what is malformed.
#include "writ/evals/values.h"

#include <algorithm>
#include <expected>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

#include "values_time.h"

namespace writ::evals {
namespace {

using runtime::FactId;
using runtime::FactView;
using runtime::Table;
using runtime::Value;
using runtime::ValueKind;
using runtime::ValueType;
using Number = std::expected<std::int64_t, std::string>;

std::string Quoted(std::string_view text) { return "`" + std::string(text.substr(0, 80)) + "`"; }

// One spelling each, so that a value is one text everywhere. Who writes another is told it.
Number ParseBool(std::string_view text) {
  if (text == "true" || text == "false") return text == "true" ? 1 : 0;
  std::string lower(text.substr(0, 8));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, lower) != words.end();
  };
  std::string reason = "neither `true` nor `false`";
  if (is_one_of({"true", "yes", "y", "on", "1"})) reason += "; yes is written `true`";
  if (is_one_of({"false", "no", "n", "off", "0"})) reason += "; no is written `false`";
  return std::unexpected(std::move(reason));
}

Number ParseEnum(const Table& table, FactId fact, std::string_view text) {
  const std::uint32_t value = table.FindFactValue(fact, text);
  if (value == runtime::kNotFound) return std::unexpected("not one of its values");
  return value;
}

Number ParseMoney(const FactView& view, std::string_view text) {
  const std::size_t blank = text.rfind(' ');
  if (blank == text.npos)
    return std::unexpected("no currency, such as `" + std::string(view.unit) + "`");
  const std::string_view unit = text.substr(blank + 1);
  if (unit != view.unit) {
    return std::unexpected("in " + std::string(unit.substr(0, 16)) + ", not in " +
                           std::string(view.unit));
  }
  return ParseDecimal(text.substr(0, blank), view.scale);
}

std::expected<std::vector<std::string>, std::string> ParseMembers(std::string_view text) {
  if (!text.starts_with('[')) return std::unexpected("a set is a JSON array of texts");
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) return std::unexpected("a set is a JSON array of texts");
  std::vector<std::string> members;
  for (const nlohmann::json& member : json) {
    if (!member.is_string()) return std::unexpected("a set is a JSON array of texts");
    members.push_back(member.get<std::string>());
  }
  return members;
}

Number ParseEnumSet(const Table& table, FactId fact, std::string_view text) {
  const auto members = ParseMembers(text);
  if (!members) return std::unexpected(members.error());
  std::uint64_t bits = 0;
  for (const std::string& member : *members) {
    const Number value = ParseEnum(table, fact, member);
    if (!value) return std::unexpected(Quoted(member) + " is " + value.error());
    bits |= std::uint64_t{1} << *value;
  }
  return static_cast<std::int64_t>(bits);
}

Number ParseNumber(const Table& table, FactId fact, const FactView& view, std::string_view text) {
  switch (view.type) {
    case ValueType::kBool:
      return ParseBool(text);
    case ValueType::kEnum:
      return ParseEnum(table, fact, text);
    case ValueType::kInteger:
      return ParseDecimal(text, 0);
    case ValueType::kDecimal:
      return ParseDecimal(text, view.scale);
    case ValueType::kMoney:
      return ParseMoney(view, text);
    case ValueType::kDuration:
      return ParseDuration(text);
    case ValueType::kTime:
      return ParseTime(text);
    case ValueType::kRole: {
      const runtime::RoleId role = table.FindRole(text);
      return role.valid() ? role.value : table.role_count();
    }
    case ValueType::kEnumSet:
      return ParseEnumSet(table, fact, text);
    case ValueType::kId:
    case ValueType::kText:
    case ValueType::kIdSet:
      break;
  }
  return std::unexpected("not a number");
}

bool HasRange(ValueType type) {
  return type == ValueType::kInteger || type == ValueType::kDecimal || type == ValueType::kMoney ||
         type == ValueType::kDuration || type == ValueType::kTime;
}

std::string FormatNumber(const Table& table, FactId fact, const FactView& view,
                         std::int64_t number) {
  const auto index = static_cast<std::uint32_t>(number);
  switch (view.type) {
    case ValueType::kBool:
      return number != 0 ? "true" : "false";
    case ValueType::kEnum:
      return index < view.value_count ? std::string(table.FactValue(fact, index)) : "malformed";
    case ValueType::kInteger:
      return std::to_string(number);
    case ValueType::kDecimal:
      return FormatDecimal(number, view.scale);
    case ValueType::kMoney:
      return FormatDecimal(number, view.scale) + " " + std::string(view.unit);
    case ValueType::kDuration:
      return FormatDuration(number);
    case ValueType::kTime:
      return FormatTime(number);
    case ValueType::kRole:
      return index < table.role_count() ? std::string(table.Role(runtime::RoleId{index}).name)
                                        : "another role";
    case ValueType::kEnumSet: {
      nlohmann::json members = nlohmann::json::array();
      for (std::uint32_t i = 0; i < view.value_count && i < 63; ++i) {
        if ((static_cast<std::uint64_t>(number) >> i & 1) != 0)
          members.push_back(table.FactValue(fact, i));
      }
      return members.dump();
    }
    case ValueType::kId:
    case ValueType::kText:
    case ValueType::kIdSet:
      break;
  }
  return "malformed";
}

Value Malformed(std::string* reason, std::string_view text, const std::string& why) {
  if (reason != nullptr) *reason = Quoted(text) + ": " + why;
  Value value;
  value.kind = ValueKind::kMalformed;
  return value;
}

}  // namespace

const std::string_view* ValueArena::Keep(const std::vector<std::string>& members) {
  std::vector<std::string_view>& set = sets_.emplace_back();
  set.reserve(members.size());
  for (const std::string& member : members) set.push_back(texts_.emplace_back(member));
  return set.data();
}

void ValueArena::Clear() {
  texts_.clear();
  sets_.clear();
}

Value ParseValue(const Table& table, FactId fact, std::string_view text, ValueArena& arena,
                 std::string* reason) {
  const FactView view = table.Fact(fact);
  Value value;
  if (view.type == ValueType::kId || view.type == ValueType::kText) {
    value.kind = ValueKind::kText;
    value.text = text.data() == nullptr ? "" : text.data();
    value.size = static_cast<std::uint32_t>(text.size());
    return value;
  }
  if (view.type == ValueType::kIdSet) {
    const auto members = ParseMembers(text);
    if (!members) return Malformed(reason, text, members.error());
    value.kind = ValueKind::kTextSet;
    value.texts = arena.Keep(*members);
    value.size = static_cast<std::uint32_t>(members->size());
    return value;
  }
  const Number number = ParseNumber(table, fact, view, text);
  if (!number) return Malformed(reason, text, number.error());
  if (HasRange(view.type) && (*number < view.low || *number > view.high)) {
    return Malformed(reason, text,
                     "outside " + FormatNumber(table, fact, view, view.low) + " to " +
                         FormatNumber(table, fact, view, view.high));
  }
  value.kind = ValueKind::kNumber;
  value.number = *number;
  if (runtime::IsMalformed(table, fact, value))
    return Malformed(reason, text, "not a value of its type");
  return value;
}

std::expected<std::int64_t, std::string> ParseUnits(const Table& table, FactId fact,
                                                    std::string_view text) {
  return ParseNumber(table, fact, table.Fact(fact), text);
}

std::string FormatValue(const Table& table, FactId fact, const Value& value) {
  switch (value.kind) {
    case ValueKind::kMissing:
      return "missing";
    case ValueKind::kMalformed:
      return "malformed";
    case ValueKind::kText:
      return std::string(value.text, value.size);
    case ValueKind::kTextSet: {
      nlohmann::json members = nlohmann::json::array();
      for (std::uint32_t i = 0; i < value.size; ++i) members.push_back(value.texts[i]);
      return members.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
    case ValueKind::kNumber:
      break;
  }
  return FormatNumber(table, fact, table.Fact(fact), value.number);
}

}  // namespace writ::evals
