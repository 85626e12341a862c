// Conditions at random: an atom of the variable's type, joined by and, or, not.
#include "vocabulary.h"

#include <algorithm>

namespace writ::oracle {

const std::vector<EnumType>& Enums() {
  static const std::vector<EnumType> kEnums = {
      {"tier", {"bronze", "silver", "gold"}, true},
      {"state", {"opened", "shipped", "held"}, false},
      {"loop", {"none", "rising", "stuck"}, true},
      {"mode", {"normal", "cautious", "frozen"}, true},
      {"model", {"untried", "tried", "proven"}, true},
      {"header", {"valid", "unsigned", "expired", "foreign_tenant", "unpinned"}, false}};
  return kEnums;
}

namespace {

bool IsQuantity(const std::string& type) {
  return type == "integer" || type == "decimal" || type == "EUR" || type == "JPY" ||
         type == "duration" || type == "time";
}

const std::vector<std::string>& Relations() {
  static const std::vector<std::string> kRelations = {" = ", " != ", " < ", " <= ", " > ", " >= "};
  return kRelations;
}

}  // namespace

bool ConditionWriter::CanRead(const Variable& variable) const {
  return variable.needs.empty() ||
         std::find(inputs_.begin(), inputs_.end(), variable.needs) != inputs_.end();
}

std::vector<Variable> ConditionWriter::Readable(const std::string& type) const {
  std::vector<Variable> readable;
  for (const Variable& variable : vocabulary_.variables) {
    if ((type.empty() || variable.type == type) && CanRead(variable)) readable.push_back(variable);
  }
  return readable;
}

std::string ConditionWriter::Literal(const std::string& type) {
  std::vector<std::string> named;
  for (const Variable& threshold : vocabulary_.thresholds) {
    if (threshold.type == type) named.push_back(threshold.name);
  }
  if (vocabulary_.strict && !named.empty()) return random_.Pick(named);
  const std::string small = std::to_string(random_.Below(8));
  if (type == "integer") return small;
  if (type == "decimal") return "0." + small + (random_.Chance(50) ? "5" : "");
  if (type == "EUR")
    return std::to_string(random_.Below(6) * 100) + (random_.Chance(30) ? ".50" : "") + " EUR";
  if (type == "JPY") return std::to_string(random_.Below(6) * 100) + " JPY";
  if (type == "duration")
    return small + random_.Pick<std::string>({" minutes", " hours", "min", "h", " days"});
  if (random_.Chance(50))
    return "2026-1" + std::to_string(random_.Below(3)) + "-0" +
           std::to_string(1 + random_.Below(9));
  return "2026-10-01T0" + small + ":30:00Z";
}

std::string ConditionWriter::Quantity(const std::string& type, int depth) {
  std::vector<std::string> names;
  for (const Variable& variable : Readable(type)) names.push_back(variable.name);
  for (const Variable& threshold : vocabulary_.thresholds) {
    if (threshold.type == type) names.push_back(threshold.name);
  }
  if (depth > 0 && random_.Chance(40)) {
    const std::string left = Quantity(type, depth - 1);
    if (type == "time")
      return left + random_.Pick<std::string>({" + ", " - "}) + Quantity("duration", 0);
    if (type == "duration" && random_.Chance(40))
      return "(" + Quantity("time", 0) + " - " + Quantity("time", 0) + ")";
    const std::string right = Quantity(type, depth - 1);
    switch (random_.Below(5)) {
      case 0:
        return "(" + left + " + " + right + ")";
      case 1:
        return "(" + left + " - " + right + ")";
      case 2:
        return Quantity(random_.Chance(50) ? "integer" : "decimal", 0) + " * " + left;
      case 3:
        return "min(" + left + ", " + right + ")";
      default:
        return "max(" + left + ", " + right + ")";
    }
  }
  return names.empty() || random_.Chance(40) ? Literal(type) : random_.Pick(names);
}

std::string ConditionWriter::NumberAtom(const Variable& variable) {
  const std::string left = random_.Chance(70) ? variable.name : Quantity(variable.type, 2);
  switch (random_.Below(6)) {
    case 0: {
      return left + (random_.Chance(50) ? " in " : " not in ") + Literal(variable.type) + ".." +
             Quantity(variable.type, 0);
    }
    case 1:
      return left + " in { " + Literal(variable.type) + ", " + Quantity(variable.type, 0) + " }";
    case 2:
      return left + random_.Pick(Relations()) + Quantity(variable.type, 2);
    default:
      return left + random_.Pick(Relations()) + Quantity(variable.type, 0);
  }
}

std::string ConditionWriter::EnumAtom(const Variable& variable, const EnumType& type) {
  const std::string value = random_.Pick(type.values);
  const std::vector<Variable> peers = Readable(variable.type);
  const std::string other = random_.Chance(20) ? random_.Pick(peers).name : value;
  if (random_.Chance(25))
    return variable.name + " in { " + value + ", " + random_.Pick(type.values) + " }";
  if (type.ordered && random_.Chance(20))
    return variable.name + " in " + type.values[0] + ".." + value;
  if (type.ordered && random_.Chance(70)) return variable.name + random_.Pick(Relations()) + other;
  return variable.name + random_.Pick<std::string>({" = ", " != "}) + other;
}

std::string ConditionWriter::TextAtom(const Variable& variable) {
  const std::vector<std::string> words = {"\"A1\"", "\"B2\"", "\"A\""};
  if (variable.type == "text" && random_.Chance(30))
    return variable.name + " starts with " + random_.Pick(words);
  if (variable.type == "text" && random_.Chance(50)) {
    return variable.name + random_.Pick<std::string>({" matches ", " not matches "}) +
           random_.Pick<std::string>({R"("A.*")", R"(".*1x?")", R"("[A-Z][0-9]")", R"("(?i)a1|zz")",
                                      R"("[^A]*")", R"("A?1?x?")", R"(domain "ex.org")"});
  }
  if (random_.Chance(30))
    return variable.name + random_.Pick<std::string>({" in { ", " not in { "}) + words[0] + ", " +
           random_.Pick(words) + " }";
  const std::vector<Variable> peers = Readable(variable.type);
  const std::string other = random_.Chance(30) ? random_.Pick(peers).name : random_.Pick(words);
  return variable.name + random_.Pick<std::string>({" = ", " != "}) + other;
}

std::string ConditionWriter::Atom() {
  const std::vector<Variable> readable = Readable("");
  const Variable& variable = random_.Pick(readable);
  if (variable.declared && variable.name != "now" && variable.name != "role" && random_.Chance(8)) {
    return variable.name + random_.Pick<std::string>({" is missing", " is known"});
  }
  if (variable.type == "bool") {
    return random_.Chance(70)
               ? variable.name
               : variable.name + random_.Pick<std::string>({" = true", " = false", " != true"});
  }
  if (IsQuantity(variable.type)) return NumberAtom(variable);
  if (variable.type == "role") {
    if (random_.Chance(40))
      return variable.name + " in { " + random_.Pick(vocabulary_.roles) + ", " +
             random_.Pick(vocabulary_.roles) + " }";
    return variable.name + random_.Pick<std::string>({" = ", " != "}) +
           random_.Pick(vocabulary_.roles);
  }
  if (variable.type == "ids") {
    const std::vector<Variable> ids = Readable("id");
    return (ids.empty() || random_.Chance(50) ? "\"A1\"" : random_.Pick(ids).name) +
           random_.Pick<std::string>({" in ", " not in "}) + variable.name;
  }
  for (const EnumType& type : Enums()) {
    if (variable.type == type.name) return EnumAtom(variable, type);
    if (variable.type == "set of " + type.name && random_.Chance(30)) {
      const std::vector<Variable> peers = Readable(type.name);
      if (!peers.empty())
        return random_.Pick(peers).name + random_.Pick<std::string>({" in ", " not in "}) +
               variable.name;
    }
    if (variable.type == "set of " + type.name)
      return random_.Pick(type.values) + random_.Pick<std::string>({" in ", " not in "}) +
             variable.name;
  }
  return TextAtom(variable);
}

ConditionText ConditionWriter::Condition(int depth) {
  if (depth == 0 || random_.Chance(30)) return {Atom(), {}};
  ConditionText condition;
  if (random_.Chance(20)) {
    condition.parts = {Condition(depth - 1)};
    condition.text = "not (" + condition.parts[0].text + ")";
    return condition;
  }
  return Joined(random_.Chance(50) ? " and " : " or ", depth - 1);
}

ConditionText ConditionWriter::Joined(const std::string& joint, int depth) {
  ConditionText condition;
  const std::size_t count = 2 + random_.Below(2);
  for (std::size_t i = 0; i < count; ++i) {
    condition.parts.push_back(Condition(depth));
    condition.text += (i == 0 ? "(" : joint + "(") + condition.parts.back().text + ")";
  }
  return condition;
}

}  // namespace writ::oracle
