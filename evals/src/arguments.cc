// A path is walked step by step over all that it has matched so far; what is not there and what
// does not suit is noted, and counts in the end. Then the matches are folded. Entry point:
// `DeriveInputs`.
#include "writ/evals/arguments.h"

#include <algorithm>
#include <array>
#include <expected>
#include <optional>
#include <set>
#include <string_view>

#include "hex.h"
#include "writ/runtime/argument_path.h"

namespace writ::evals {
namespace {

using runtime::ArgumentFold;
using runtime::DerivationView;
using runtime::FactId;
using runtime::FactView;
using runtime::PathStep;
using runtime::PathStepKind;
using runtime::Table;
using runtime::Value;
using runtime::ValueKind;
using runtime::ValueType;

constexpr std::size_t kMaxMatches = 10'000;

std::string_view KindWord(JsonKind kind) {
  static constexpr std::array<std::string_view, 7> kWords = {
      "null", "false", "true", "a number", "a text", "an array", "an object"};
  return kWords[static_cast<std::size_t>(kind)];
}

struct Matches {
  std::vector<const JsonValue*> values;
  bool missing = false;   // something on the way is not there
  bool several = false;   // the path has `[*]`
  std::string malformed;  // why; empty: it is not
};

// What one step makes of one value.
void Step(const PathStep& step, const JsonValue& value, Matches& out) {
  const auto go = [&](const JsonValue* next) {
    if (next == nullptr || next->kind == JsonKind::kNull) {
      out.missing = true;
    } else if (out.values.size() == kMaxMatches) {
      out.malformed = "more than " + std::to_string(kMaxMatches) + " matches";
    } else {
      out.values.push_back(next);
    }
  };
  const JsonKind wanted = step.kind == PathStepKind::kMember ? JsonKind::kObject : JsonKind::kArray;
  if (value.kind != wanted) {
    out.malformed = std::string(KindWord(value.kind)) + " where the path needs " +
                    std::string(KindWord(wanted));
    return;
  }
  switch (step.kind) {
    case PathStepKind::kMember:
      return go(value.Find(step.name));
    case PathStepKind::kElement:
      return go(step.index < value.items.size() ? &value.items[step.index] : nullptr);
    case PathStepKind::kAll:
      for (const JsonValue& item : value.items) go(&item);
  }
}

// REQUIRES: path was checked when the table was opened.
Matches Walk(const JsonValue& arguments, std::string_view path) {
  Matches found;
  found.values = {&arguments};
  if (arguments.kind != JsonKind::kObject) found.malformed = "the arguments are no object";
  std::string_view rest = path.substr(1);
  while (!rest.empty() && found.malformed.empty()) {
    PathStep step;
    if (!TakePathStep(rest, &step)) break;
    Matches next;
    next.missing = found.missing;
    next.several = found.several || step.kind == PathStepKind::kAll;
    for (const JsonValue* value : found.values) Step(step, *value, next);
    found = std::move(next);
  }
  return found;
}

// The policy's spelling of a match. Nothing: it is no value of such a type.
std::optional<std::string> Spell(const FactView& fact, const JsonValue& value) {
  switch (value.kind) {
    case JsonKind::kText:
      return fact.type == ValueType::kBool ? std::nullopt : std::optional(value.text);
    case JsonKind::kFalse:
    case JsonKind::kTrue:
      if (fact.type != ValueType::kBool) return std::nullopt;
      return value.kind == JsonKind::kTrue ? "true" : "false";
    case JsonKind::kNumber:
      break;
    case JsonKind::kNull:
    case JsonKind::kArray:
    case JsonKind::kObject:
      return std::nullopt;
  }
  switch (fact.type) {
    case ValueType::kInteger:
    case ValueType::kDecimal:
    case ValueType::kId:
      return value.text;
    case ValueType::kMoney:
      return value.text + " " + std::string(fact.unit);
    case ValueType::kBool:
    case ValueType::kEnum:
    case ValueType::kDuration:
    case ValueType::kTime:
    case ValueType::kText:
    case ValueType::kRole:
    case ValueType::kIdSet:
    case ValueType::kEnumSet:
      break;
  }
  return std::nullopt;
}

class Folder {
 public:
  Folder(const Table& table, const DerivationView& derivation, ValueArena& arena)
      : table_(table), d_(derivation), fact_(table.Fact(derivation.fact)), arena_(arena) {}

  DerivedInput Run(const JsonValue* arguments) {
    if (arguments == nullptr) return Malformed("the arguments cannot be read");
    const Matches matches = Walk(*arguments, d_.path);
    if (!matches.malformed.empty()) return Malformed(matches.malformed);
    missing_ = matches.missing;
    if (matches.values.empty() && !matches.several) return Missing();
    switch (d_.fold) {
      case ArgumentFold::kCount:
        return Count(matches);
      case ArgumentFold::kSum:
      case ArgumentFold::kMin:
      case ArgumentFold::kMax:
        return Numbers(matches);
      case ArgumentFold::kFirst:
        return First(matches);
      case ArgumentFold::kDistinct:
        return Distinct(matches);
      case ArgumentFold::kDigest:
        return Digest(matches);
    }
    return Malformed("an unknown fold");
  }

 private:
  DerivedInput Missing() const { return {d_.fact, {}, {}}; }
  DerivedInput Malformed(std::string why) const {
    Value value;
    value.kind = ValueKind::kMalformed;
    return {d_.fact, value, "worked out from the arguments: " + why};
  }

  // Of what is missing only a part was read: it has no range.
  DerivedInput Number(std::int64_t number) const {
    if (missing_) return Missing();
    Value value;
    value.kind = ValueKind::kNumber;
    value.number = number;
    if (runtime::IsMalformed(table_, d_.fact, value))
      return Malformed("`" + FormatValue(table_, d_.fact, value) + "` is out of range");
    return {d_.fact, value, {}};
  }

  DerivedInput Parsed(std::string spelled) {
    std::string why;
    const Value value =
        ParseValue(table_, d_.fact, arena_.KeepText(std::move(spelled)), arena_, &why);
    if (value.kind == ValueKind::kMalformed) return Malformed(why);
    return missing_ ? Missing() : DerivedInput{d_.fact, value, {}};
  }

  DerivedInput Count(const Matches& matches) const {
    if (matches.several) return Number(static_cast<std::int64_t>(matches.values.size()));
    const JsonValue& value = *matches.values.front();
    if (value.kind != JsonKind::kArray)
      return Malformed(std::string(KindWord(value.kind)) + " is no array to count");
    return Number(static_cast<std::int64_t>(value.items.size()));
  }

  DerivedInput Numbers(const Matches& matches) const {
    std::optional<std::int64_t> result;
    if (d_.fold == ArgumentFold::kSum) result = 0;
    for (const JsonValue* match : matches.values) {
      const auto spelled = Spell(fact_, *match);
      if (!spelled) return Malformed(std::string(KindWord(match->kind)) + " is no such value");
      const auto number = ParseUnits(table_, d_.fact, *spelled);
      if (!number) return Malformed("`" + spelled->substr(0, 80) + "`: " + number.error());
      if (d_.fold == ArgumentFold::kSum) {
        if (__builtin_add_overflow(*result, *number, &*result))
          return Malformed("the sum does not fit 64 bits");
      } else if (!result) {
        result = *number;
      } else {
        result =
            d_.fold == ArgumentFold::kMin ? std::min(*result, *number) : std::max(*result, *number);
      }
    }
    return result ? Number(*result) : Missing();
  }

  bool IsSet() const {
    return fact_.type == ValueType::kIdSet || fact_.type == ValueType::kEnumSet;
  }

  DerivedInput First(const Matches& matches) {
    if (matches.values.empty()) return Missing();
    const JsonValue& value = *matches.values.front();
    if (!IsSet()) {
      auto spelled = Spell(fact_, value);
      if (!spelled) return Malformed(std::string(KindWord(value.kind)) + " is no such value");
      return Parsed(*std::move(spelled));
    }
    if (value.kind != JsonKind::kArray)
      return Malformed(std::string(KindWord(value.kind)) + " is no set");
    std::vector<const JsonValue*> members;
    for (const JsonValue& item : value.items) members.push_back(&item);
    return Set(members);
  }

  DerivedInput Set(const std::vector<const JsonValue*>& members) {
    JsonValue set{.kind = JsonKind::kArray};
    std::set<std::string> texts;
    for (const JsonValue* member : members) {
      const bool number = member->kind == JsonKind::kNumber && fact_.type == ValueType::kIdSet;
      if (member->kind != JsonKind::kText && !number)
        return Malformed(std::string(KindWord(member->kind)) + " is no member of a set of texts");
      texts.insert(member->text);
    }
    for (const std::string& text : texts)
      set.items.push_back({.kind = JsonKind::kText, .text = text});
    return Parsed(CanonicalJson(set));
  }

  DerivedInput Distinct(const Matches& matches) {
    if (IsSet()) return Set(matches.values);
    std::set<std::string> different;
    for (const JsonValue* match : matches.values) different.insert(CanonicalJson(*match));
    return Number(static_cast<std::int64_t>(different.size()));
  }

  DerivedInput Digest(const Matches& matches) {
    std::string text;
    if (matches.several) {
      for (const JsonValue* match : matches.values)
        text += (text.empty() ? "[" : ",") + CanonicalJson(*match);
      text += text.empty() ? "[]" : "]";
    } else {
      text = CanonicalJson(*matches.values.front());
    }
    return Parsed(Sha256Hex(text));
  }

  const Table& table_;
  const DerivationView d_;
  const FactView fact_;
  ValueArena& arena_;
  bool missing_ = false;
};

std::vector<std::string_view> Sorted(const Value& set) {
  std::vector<std::string_view> members(set.texts, set.texts + set.size);
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

bool SameValue(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case ValueKind::kMissing:
      return true;
    case ValueKind::kNumber:
      return a.number == b.number;
    case ValueKind::kText:
      return std::string_view(a.text, a.size) == std::string_view(b.text, b.size);
    case ValueKind::kTextSet:
      return Sorted(a) == Sorted(b);
    case ValueKind::kMalformed:
      break;
  }
  return false;
}

}  // namespace

std::vector<DerivedInput> DeriveInputs(const Table& table, runtime::CapabilityId capability,
                                       const JsonValue* arguments, ValueArena& arena) {
  std::vector<DerivedInput> inputs;
  for (std::uint32_t i = 0; i < table.derivation_count(); ++i) {
    const DerivationView derivation = table.Derivation(i);
    if (derivation.capability != capability) continue;
    inputs.push_back(Folder(table, derivation, arena).Run(arguments));
  }
  return inputs;
}

Value Agreed(const Value& given, const Value& derived) {
  if (given.kind == ValueKind::kMissing || SameValue(given, derived)) return derived;
  Value malformed;
  malformed.kind = ValueKind::kMalformed;
  return malformed;
}

}  // namespace writ::evals
