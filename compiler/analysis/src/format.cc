// Values, requests and decisions in the policy's spelling.
//
// Entry point: Describe.
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include "space_impl.h"
#include "writ/analysis/witness.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

// Digits in groups of three from 1_000 on.
std::string Grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, "_");
  }
  return digits;
}

std::uint64_t Magnitude(std::int64_t n) {
  return n < 0 ? ~static_cast<std::uint64_t>(n) + 1 : static_cast<std::uint64_t>(n);
}

// `keep_zeros`: the digits after the point are shown even if all are zero.
std::string Scaled(std::int64_t number, std::uint8_t scale, bool keep_zeros) {
  std::uint64_t unit = 1;
  for (std::uint8_t i = 0; i < scale && i < 18; ++i) unit *= 10;
  const std::uint64_t whole = Magnitude(number) / unit, part = Magnitude(number) % unit;
  std::string text = (number < 0 ? "-" : "") + Grouped(whole);
  if (scale == 0 || (part == 0 && !keep_zeros)) return text;
  std::string digits = std::to_string(part);
  digits.insert(0, scale - digits.size(), '0');
  return text + "." + digits;
}

std::string FormatDuration(std::int64_t ms) {
  struct DurationUnit {
    std::uint64_t ms;
    const char* name;
  };
  static constexpr DurationUnit kUnits[] = {{604'800'000, "weeks"},
                                            {86'400'000, "days"},
                                            {3'600'000, "hours"},
                                            {60'000, "minutes"},
                                            {1'000, "seconds"}};
  const std::string sign = ms < 0 ? "-" : "";
  const std::uint64_t size = Magnitude(ms);
  if (size == 0) return "0 seconds";
  // The largest unit of which it is a multiple, but not just one: 90 minutes, 24 hours, 60 seconds.
  for (const DurationUnit& unit : kUnits) {
    if (size % unit.ms == 0 && size / unit.ms > 1)
      return sign + Grouped(size / unit.ms) + " " + unit.name;
  }
  return size == 1'000 ? sign + "1s" : sign + Grouped(size) + "ms";
}

// UTC. Days to a date as in H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
std::string FormatTime(std::int64_t ms) {
  std::int64_t days = ms / 86'400'000, rest = ms % 86'400'000;
  if (rest < 0) {
    rest += 86'400'000;
    --days;
  }
  const std::int64_t z = days + 719'468, era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t doe = z - era * 146'097,
                     yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  const std::int64_t day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
  const std::int64_t year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  char text[64];
  const auto part = [](std::int64_t n) { return static_cast<int>(n); };
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", part(year), part(month),
                part(day), part(rest / 3'600'000), part(rest / 60'000 % 60),
                part(rest / 1'000 % 60));
  std::string result = text;
  if (rest % 1'000 != 0) {
    std::snprintf(text, sizeof text, ".%03d", part(rest % 1'000));
    result += text;
  }
  return result + "Z";
}

std::string Quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

std::string FormatEnumSet(const Table& table, FactId fact, std::int64_t mask) {
  std::string result = "{";
  for (std::uint32_t i = 0; i < table.Fact(fact).value_count; ++i) {
    if ((mask >> i & 1) == 0) continue;
    result += (result.size() > 1 ? ", " : " ") + std::string(table.FactValue(fact, i));
  }
  return result + (result.size() > 1 ? " }" : "}");
}

std::string RoleName(const Table& table, RoleId role) {
  return role.valid() && role.value < table.role_count() ? std::string(table.Role(role).name)
                                                         : "a role not declared here";
}

std::string Pair(const Table& table, FactId fact, const ConcreteValue& value) {
  return std::string(table.Fact(fact).name) + " = " + FormatValue(table, fact, value);
}

void Join(std::string* list, const std::string& item) {
  *list += (list->empty() ? "" : ", ") + item;
}

}  // namespace

std::string FormatNumber(ValueType type, std::string_view unit, std::uint8_t scale,
                         std::int64_t number) {
  switch (type) {
    case ValueType::kBool:
      return number != 0 ? "true" : "false";
    case ValueType::kMoney:
      return Scaled(number, scale, false) + (unit.empty() ? "" : " ") + std::string(unit);
    case ValueType::kDecimal:
      return Scaled(number, scale, true);
    case ValueType::kDuration:
      return FormatDuration(number);
    case ValueType::kTime:
      return FormatTime(number);
    case ValueType::kInteger:
    case ValueType::kEnum:
    case ValueType::kRole:
    case ValueType::kEnumSet:
      return Scaled(number, 0, false);
    case ValueType::kId:
    case ValueType::kText:
    case ValueType::kIdSet:
      break;
  }
  return "";
}

std::string FormatValue(const Table& table, FactId id, const ConcreteValue& value) {
  const FactView fact = table.Fact(id);
  switch (value.kind) {
    case ValueKind::kMissing:
      return "missing";
    case ValueKind::kMalformed:
      return "malformed";
    case ValueKind::kText:
      return Quoted(value.text);
    case ValueKind::kTextSet: {
      std::string result;
      for (const std::string& text : value.texts) Join(&result, Quoted(text));
      return result.empty() ? "{}" : "{ " + result + " }";
    }
    case ValueKind::kNumber:
      break;
  }
  if (fact.type == ValueType::kEnumSet) return FormatEnumSet(table, id, value.number);
  if (fact.type == ValueType::kEnum && value.number >= 0 &&
      value.number < std::int64_t{fact.value_count}) {
    return std::string(table.FactValue(id, static_cast<std::uint32_t>(value.number)));
  }
  if (fact.type == ValueType::kRole) {
    return RoleName(
        table,
        RoleId{static_cast<std::uint32_t>(std::clamp<std::int64_t>(value.number, 0, 0xFFFFFFFF))});
  }
  return FormatNumber(fact.type, fact.unit, fact.scale, value.number);
}

std::string Describe(const Table& table, const Witness& witness) {
  std::string text;
  for (const FactId fact : witness.matters)
    Join(&text, Pair(table, fact, witness.values[fact.value]));
  for (std::size_t i = 0; i < witness.evidence_matters.size(); ++i) {
    const std::string name(table.Evidence(witness.evidence_matters[i]).name);
    Join(&text, "evidence " + name + (witness.evidence_fresh[i] ? " is fresh" : " is not fresh"));
  }
  if (witness.role_matters) Join(&text, "role = " + RoleName(table, witness.role));
  if (witness.now_matters)
    Join(&text, "now = " + FormatNumber(ValueType::kTime, "", 0, witness.now_ms));
  return text;
}

std::string DescribeAll(const Table& table, const Witness& witness) {
  const Space space(table, witness.capability);
  Witness all = witness;
  const FactId now = table.FindFact("now"), role = table.FindFact("role");
  all.matters.clear();
  all.evidence_matters.clear();
  all.evidence_fresh.clear();
  all.role_matters = all.now_matters = true;
  std::vector<FactId> facts;
  for (const FactDomain& domain : space.impl().domains) {
    if (domain.fact != now && domain.fact != role) facts.push_back(domain.fact);
  }
  std::sort(facts.begin(), facts.end(),
            [&](FactId a, FactId b) { return table.Fact(a).name < table.Fact(b).name; });
  all.matters = std::move(facts);
  return Describe(table, all);
}

std::string DescribeDecision(const Table& table, const Decision& decision) {
  switch (decision.builtin) {
    case BuiltinRow::kUnknownCapability:
      return "deny (unknown capability)";
    case BuiltinRow::kMalformed:
      return "deny (malformed " + std::string(table.Fact(decision.fact).name) + ")";
    case BuiltinRow::kMissingInput:
      return "deny (missing input " + std::string(table.Fact(decision.fact).name) + ")";
    case BuiltinRow::kUndecided:
      return "deny (no row decides)";
    case BuiltinRow::kNone:
      break;
  }
  switch (decision.verdict) {
    case Verdict::kAllow:
      return "allow";
    case Verdict::kDeny:
      return "deny";
    case Verdict::kEscalate:
      break;
  }
  return decision.anchor.valid() ? "escalate to " + std::string(table.Anchor(decision.anchor).name)
                                 : "escalate";
}

std::string FormatWindow(std::int64_t ms, std::uint32_t months) {
  if (months == 0) return FormatNumber(ValueType::kDuration, "", 0, ms);
  const bool years = months % 12 == 0;
  const std::uint32_t count = years ? months / 12 : months;
  return std::to_string(count) + (years ? " year" : " month") + (count == 1 ? "" : "s");
}

}  // namespace writ::analysis
