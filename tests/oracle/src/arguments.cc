// The page's sentences in their order: split the path, follow it from each value to the next, read
// what it matches, fold. Derive is the entry point.
#include "writ/oracle/arguments.h"

#include <algorithm>
#include <set>
#include <vector>

namespace writ::oracle {
namespace {

using Json = nlohmann::json;

// ".a", "[0]", "[*]", "[\"b c\"]", each as it stands.
std::vector<std::string> Steps(const std::string& path) {
  std::vector<std::string> steps;
  for (std::size_t at = 1; at < path.size();) {
    const std::size_t end = path[at] == '['
                                ? path.find(']', at) + 1
                                : std::min(path.find_first_of(".[", at + 1), path.size());
    steps.push_back(path.substr(at, end - at));
    at = end;
  }
  return steps;
}

struct Found {
  std::vector<Json> matches;
  bool missing = false, malformed = false;
};

void Follow(const std::vector<std::string>& steps, std::size_t at, const Json& value,
            Found& found) {
  if (value.is_null()) {
    found.missing = true;
  } else if (at == steps.size()) {
    found.matches.push_back(value);
  } else if (steps[at] == "[*]") {
    if (!value.is_array()) found.malformed = true;
    for (const Json& item : value.is_array() ? value : Json::array())
      Follow(steps, at + 1, item, found);
  } else if (steps[at][0] == '[' && steps[at][1] != '"') {
    const std::size_t index = std::stoul(steps[at].substr(1));
    if (!value.is_array()) {
      found.malformed = true;
    } else {
      Follow(steps, at + 1, index < value.size() ? value[index] : Json(), found);
    }
  } else {
    const bool quoted = steps[at][0] == '[';
    const std::string name =
        quoted ? steps[at].substr(2, steps[at].size() - 4) : steps[at].substr(1);
    if (!value.is_object()) {
      found.malformed = true;
    } else {
      Follow(steps, at + 1, value.contains(name) ? value[name] : Json(), found);
    }
  }
}

// M1.5.2: a match as one of `type`, whatever its range.
std::optional<Value> ReadMatch(Type type, const Json& match) {
  if (IsNumeric(type.kind)) {
    type.low = {-PowerOfTen(25), 0};
    type.high = {PowerOfTen(25), 0};
  }
  const bool text = type.kind == TypeKind::kId || type.kind == TypeKind::kText;
  if (match.is_boolean() && type.kind == TypeKind::kBool) return Value::Truth(match.get<bool>());
  if (match.is_string() && type.kind != TypeKind::kBool) {
    const auto written = match.get<std::string>();
    return ParseValue(type, text ? "\"" + written + "\"" : written);
  }
  if (!match.is_number()) return std::nullopt;
  if (type.kind == TypeKind::kId) return Value::Text(match.dump());
  if (type.kind == TypeKind::kMoney) return ParseValue(type, match.dump() + " " + type.currency);
  if (type.kind == TypeKind::kInteger || type.kind == TypeKind::kDecimal)
    return ParseValue(type, match.dump());
  return std::nullopt;
}

std::optional<Value> Folded(const Type& type, const std::string& fold,
                            const std::vector<Value>& all) {
  if (fold == "sum") {
    Number sum{0, type.scale};
    for (const Value& value : all) sum = Add(sum, value.number);
    return Value::Of(sum);
  }
  if (all.empty()) return std::nullopt;
  if (fold == "first") return all.front();
  Value best = all.front();
  for (const Value& value : all) {
    if (fold == "min" ? Less(value, best) : Less(best, value)) best = value;
  }
  return best;
}

bool Fits(const Type& type, const Value& value) {
  return !IsNumeric(type.kind) ||
         (Compare(value.number, type.low) >= 0 && Compare(value.number, type.high) <= 0);
}

FromArguments Malformed() { return {true, std::nullopt}; }

FromArguments Whole(const Type& type, std::size_t count, bool missing) {
  const Value value = Value::Of({static_cast<Int128>(count), 0});
  if (missing) return {};
  return Fits(type, value) ? FromArguments{false, value} : Malformed();
}

FromArguments SetOf(const Type& type, const std::vector<Json>& members, bool missing) {
  Value set;
  set.kind = Value::Kind::kSet;
  for (const Json& member : members) {
    const auto read = ReadMatch(*type.element, member);
    const bool text_of_number = member.is_number() && type.element->kind == TypeKind::kText;
    if (!read && !text_of_number) return Malformed();
    set.values.push_back(read ? read->text : member.dump());
  }
  return missing ? FromArguments{} : FromArguments{false, set};
}

}  // namespace

FromArguments Derive(const Type& type, const std::string& fold, const std::string& path,
                     const Json& arguments) {
  Found found;
  Follow(Steps(path), 0, arguments, found);
  const bool several = path.find("[*]") != std::string::npos;
  if (found.malformed) return Malformed();
  if (found.matches.empty() && !several) return {};
  if (fold == "count") {
    if (several) return Whole(type, found.matches.size(), found.missing);
    if (!found.matches[0].is_array()) return Malformed();
    return Whole(type, found.matches[0].size(), found.missing);
  }
  if (fold == "distinct") {
    if (type.kind == TypeKind::kSet) return SetOf(type, found.matches, found.missing);
    // 2 and 2.0 are one value of JSON, and so is what holds them.
    std::vector<Json> different;
    for (const Json& match : found.matches) {
      if (std::find(different.begin(), different.end(), match) == different.end())
        different.push_back(match);
    }
    return Whole(type, different.size(), found.missing);
  }
  if (fold == "first" && type.kind == TypeKind::kSet) {
    if (found.matches.empty()) return {};
    if (!found.matches[0].is_array()) return Malformed();
    return SetOf(type, found.matches[0].get<std::vector<Json>>(), found.missing);
  }
  std::vector<Value> all;
  for (const Json& match : found.matches) {
    if (fold == "first" && !all.empty()) break;
    const auto value = ReadMatch(type, match);
    if (!value) return Malformed();
    all.push_back(*value);
  }
  const std::optional<Value> value = Folded(type, fold, all);
  const bool fits = !value || Fits(type, *value);
  // `first` is read as a value of the type, range and all; of the others the result alone has one.
  if (!fits && (fold == "first" || !found.missing)) return Malformed();
  return found.missing ? FromArguments{} : FromArguments{false, value};
}

}  // namespace writ::oracle
