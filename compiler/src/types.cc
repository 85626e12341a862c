// A type is what the table will hold: a kind of value, its scale and unit, and the closed range of
// numbers it may be. Type words become types here, and literals become values of them; what does
// not fit is refused with the literal's own range.
#include "types.h"

#include <utility>

#include "dates.h"
#include "units.h"
#include "writ/compiler/print_expr.h"

namespace writ::compiler::check {
namespace {

constexpr std::int64_t kMostMonths = 1200;  // docs/semantics.md, M6.7

using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::Literal;
using lang::LiteralKind;
using lang::TypeKind;
using runtime::ValueType;

constexpr std::size_t kMaxSetValues = 63;    // one bit each, in the value of a set
constexpr std::uint32_t kMaxTypeScale = 12;  // leaves room for a product of two

std::string Shown(const Words& words, const lang::Span& span) {
  return OneLine(words.house.sources.Text(span));
}

void Mismatch(DiagnosticKind kind, const Literal& literal, const Type& type, std::string_view what,
              const Words& words, Reporter& reporter) {
  reporter.Report(Diagnostic{kind, literal.span,
                             std::string(what) + " is " + Describe(type) + ", and `" +
                                 Shown(words, literal.span) + "` is not"});
}

// ------------------------------------------------------------------------------------- literals

std::optional<std::int64_t> ScaledTo(const Literal& literal, const Type& type,
                                     std::string_view what, Reporter& reporter) {
  const auto number = ReadNumber(literal.text);
  if (number && number->scale > type.scale) {
    reporter.Report(Diagnostic{DiagnosticKind::kTooManyDecimals, literal.span,
                               std::string(what) + " has " + std::to_string(type.scale) +
                                   " digits after the point, and this has " +
                                   std::to_string(number->scale)});
    return std::nullopt;
  }
  const auto scaled = number ? Rescale(*number, type.scale) : std::nullopt;
  if (!scaled) {
    reporter.Report(
        Diagnostic{DiagnosticKind::kOverflow, literal.span, "this number does not fit 64 bits"});
  }
  return scaled;
}

std::optional<std::int64_t> EnumIndex(std::string_view word, const lang::Span& span,
                                      const std::vector<std::string>& values, std::string_view what,
                                      Reporter& reporter) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == word) return static_cast<std::int64_t>(i);
  }
  Diagnostic diagnostic{DiagnosticKind::kUnknownValue, span,
                        std::string(what) + " has no value `" + std::string(word) + "`"};
  std::string all;
  for (const std::string& value : values) all += (all.empty() ? "`" : ", `") + value + "`";
  if (const auto near = lang::NearestName(word, values))
    diagnostic.hints.push_back("did you mean `" + *near + "`?");
  diagnostic.notes.push_back("its values are " + all);
  reporter.Report(std::move(diagnostic));
  return std::nullopt;
}

std::optional<LiteralValue> ReadSet(const Literal& literal, const Type& type, std::string_view what,
                                    Reporter& reporter) {
  LiteralValue value;
  bool good = true;
  for (const lang::Name& word : literal.words) {
    if (type.kind == ValueType::kIdSet) {
      value.texts.push_back(word.text);
      continue;
    }
    const auto index = EnumIndex(word.text, word.span, type.values, what, reporter);
    good = good && index;
    if (index) value.number |= std::int64_t{1} << *index;
  }
  MakeSet(value.texts);
  return good ? std::optional{std::move(value)} : std::nullopt;
}

bool IsNumberKind(ValueType kind) {
  return kind == ValueType::kInteger || kind == ValueType::kDecimal || kind == ValueType::kMoney ||
         kind == ValueType::kDuration || kind == ValueType::kTime;
}

// Which literals can be a value of which type, before their content is looked at.
bool Suits(const Literal& literal, const Type& type) {
  switch (type.kind) {
    case ValueType::kBool:
      return literal.kind == LiteralKind::kBool;
    case ValueType::kEnum:
    case ValueType::kRole:
      return literal.kind == LiteralKind::kWord;
    case ValueType::kInteger:
    case ValueType::kDecimal:
      return literal.kind == LiteralKind::kNumber;
    case ValueType::kMoney:
      return literal.kind == LiteralKind::kMoney;
    case ValueType::kDuration:
      return literal.kind == LiteralKind::kDuration;
    case ValueType::kTime:
      return literal.kind == LiteralKind::kDate || literal.kind == LiteralKind::kTimestamp;
    case ValueType::kId:
    case ValueType::kText:
      return literal.kind == LiteralKind::kText;
    case ValueType::kIdSet:
    case ValueType::kEnumSet:
      return literal.kind == LiteralKind::kWords;
  }
  return false;
}

void ReportUnsuited(const Literal& literal, const Type& type, std::string_view what,
                    const Words& words, Reporter& reporter) {
  const bool units = IsNumberKind(type.kind) &&
                     (literal.kind == LiteralKind::kNumber || literal.kind == LiteralKind::kMoney ||
                      literal.kind == LiteralKind::kDuration);
  Diagnostic diagnostic{units ? DiagnosticKind::kUnitMismatch : DiagnosticKind::kTypeMismatch,
                        literal.span,
                        std::string(what) + " is " + Describe(type) + ", and `" +
                            Shown(words, literal.span) + "` is not"};
  const std::string shown = Shown(words, literal.span);
  if (type.kind == ValueType::kMoney && literal.kind == LiteralKind::kNumber) {
    diagnostic.hints.push_back("write `" + shown + " " + type.unit + "`");
  } else if ((type.kind == ValueType::kId || type.kind == ValueType::kText) &&
             (literal.kind == LiteralKind::kWord || literal.kind == LiteralKind::kNumber)) {
    diagnostic.hints.push_back("write `\"" + shown + "\"`");
  } else if (type.kind == ValueType::kEnum && literal.kind == LiteralKind::kText) {
    diagnostic.hints.push_back("write the value without quotes");
  }
  reporter.Report(std::move(diagnostic));
}

// REQUIRES: Suits(literal, type).
std::optional<std::int64_t> ReadNumeric(const Literal& literal, const Type& type,
                                        std::string_view what, const Words& words,
                                        std::uint32_t policy, Reporter& reporter) {
  switch (type.kind) {
    case ValueType::kBool:
      return literal.text == "true" ? 1 : 0;
    case ValueType::kEnum:
      return EnumIndex(literal.text, literal.span, type.values, what, reporter);
    case ValueType::kRole: {
      if (const auto role = words.names.roles.Index(literal.text)) return *role;
      reporter.UnknownName("role", {literal.text, literal.span}, words.names.roles.Names());
      return std::nullopt;
    }
    case ValueType::kMoney:
      if (literal.unit != type.unit) {
        Mismatch(DiagnosticKind::kUnitMismatch, literal, type, what, words, reporter);
        return std::nullopt;
      }
      return ScaledTo(literal, type, what, reporter);
    case ValueType::kInteger:
    case ValueType::kDecimal:
      return ScaledTo(literal, type, what, reporter);
    case ValueType::kDuration:
      return ReadDuration(literal, reporter);
    case ValueType::kTime:
      return ReadInstant(literal, words.Zone(policy), reporter);
    case ValueType::kId:
    case ValueType::kText:
    case ValueType::kIdSet:
    case ValueType::kEnumSet:
      break;
  }
  return std::nullopt;
}

// ------------------------------------------------------------------------------------- types

// An end of a range may leave out the unit: `money(EUR) in 0..100`.
std::optional<std::int64_t> ReadEnd(const Literal& literal, const Type& type, const Words& words,
                                    std::uint32_t policy, Reporter& reporter) {
  Literal end = literal;
  if (end.kind == LiteralKind::kNumber && type.kind == ValueType::kMoney) {
    end.kind = LiteralKind::kMoney;
    end.unit = type.unit;
  } else if (end.kind == LiteralKind::kNumber && type.kind == ValueType::kDuration &&
             end.text == "0") {
    return 0;
  }
  const std::string what = "the type";
  if (!Suits(end, type)) {
    ReportUnsuited(end, type, what, words, reporter);
    return std::nullopt;
  }
  return ReadNumeric(end, type, what, words, policy, reporter);
}

bool ReadRange(const lang::TypeRef& tree, Type& type, const Words& words, std::uint32_t policy,
               Reporter& reporter) {
  if (!tree.low && !tree.high) return true;
  if (!IsNumberKind(type.kind)) {
    reporter.Report(
        Diagnostic{DiagnosticKind::kBadType, tree.span, "only numbers and times have a range"});
    return false;
  }
  const Type plain = type;
  const auto low =
      tree.low ? ReadEnd(*tree.low, plain, words, policy, reporter) : std::optional{type.low};
  const auto high =
      tree.high ? ReadEnd(*tree.high, plain, words, policy, reporter) : std::optional{type.high};
  if (!low || !high) return false;
  if (*low > *high) {
    reporter.Report(
        Diagnostic{DiagnosticKind::kEmptyRange, tree.span, "no value lies in this range"}.Hint(
            "write the smaller end first"));
    return false;
  }
  type.low = *low;
  type.high = *high;
  return true;
}

std::optional<Type> ResolveSet(const lang::TypeRef& tree, const Words& words, std::uint32_t policy,
                               Reporter& reporter) {
  if (tree.element.size() != 1) return std::nullopt;
  const auto element = ResolveType(tree.element[0], words, policy, reporter);
  if (!element) return std::nullopt;
  Type type;
  if (element->kind == ValueType::kId || element->kind == ValueType::kText) {
    type.kind = ValueType::kIdSet;
    type.high = 0;
    return type;
  }
  if (element->kind == ValueType::kEnum && element->values.size() <= kMaxSetValues) {
    type.kind = ValueType::kEnumSet;
    type.values = element->values;
    type.high = static_cast<std::int64_t>((std::uint64_t{1} << element->values.size()) - 1);
    return type;
  }
  reporter.Report(
      Diagnostic{DiagnosticKind::kBadType, tree.span,
                 element->kind == ValueType::kEnum
                     ? "a set has at most " + std::to_string(kMaxSetValues) + " possible values"
                     : "a set is of ids, texts or enum values"});
  return std::nullopt;
}

// Follows `type a = b` to what is not a name. Nothing if it was refused.
const lang::TypeRef* FollowAlias(const lang::TypeRef& tree, const Words& words,
                                 Reporter& reporter) {
  const lang::TypeRef* at = &tree;
  for (std::size_t steps = 0; at->kind == TypeKind::kNamed && at->named; ++steps) {
    const auto* alias = words.names.types.Find(at->named->text);
    if (!alias) {
      std::vector<std::string> candidates = words.names.types.Names();
      for (const char* word :
           {"bool", "integer", "decimal", "money", "duration", "time", "id", "text", "role"}) {
        candidates.emplace_back(word);
      }
      reporter.UnknownName("type", *at->named, candidates);
      return nullptr;
    }
    if (steps > words.names.types.size()) {
      reporter.Report(Diagnostic{DiagnosticKind::kCircular, at->named->span,
                                 "type `" + at->named->text + "` is defined through itself"});
      return nullptr;
    }
    at = &alias->tree->type;
  }
  return at;
}

std::optional<Type> ResolvePlain(const lang::TypeRef& tree, const Words& words,
                                 std::uint32_t policy, Reporter& reporter) {
  Type type;
  switch (tree.kind) {
    case TypeKind::kBool:
      return BoolType();
    case TypeKind::kInteger:
      return IntegerType(-kDefaultBound, kDefaultBound);
    case TypeKind::kDecimal:
      if (tree.scale > kMaxTypeScale) {
        reporter.Report(Diagnostic{
            DiagnosticKind::kBadType, tree.span,
            "a decimal has at most " + std::to_string(kMaxTypeScale) + " digits after the point"});
        return std::nullopt;
      }
      type = IntegerType(-kDefaultBound, kDefaultBound);
      type.kind = ValueType::kDecimal;
      type.scale = static_cast<std::uint8_t>(tree.scale);
      return type;
    case TypeKind::kMoney:
      type = IntegerType(0, kDefaultBound);
      type.kind = ValueType::kMoney;
      type.unit = tree.currency;
      type.scale = CurrencyScale(tree.currency);
      return type;
    case TypeKind::kDuration:
      type = IntegerType(0, kDefaultBound);
      type.kind = ValueType::kDuration;
      return type;
    case TypeKind::kTime:
      return TimeType();
    case TypeKind::kId:
      return IdType();
    case TypeKind::kText:
      type = IdType();
      type.kind = ValueType::kText;
      return type;
    case TypeKind::kRole:
      return RoleType(words.names.roles.size());
    case TypeKind::kSet:
      return ResolveSet(tree, words, policy, reporter);
    case TypeKind::kEnum:
      return EnumType(tree.values, tree.ordered);
    case TypeKind::kNamed:
      break;
  }
  return std::nullopt;
}

bool DistinctValues(const lang::TypeRef& tree, Reporter& reporter) {
  std::map<std::string_view, lang::Span> seen;
  bool good = true;
  for (const lang::Name& value : tree.values) {
    const auto [at, fresh] = seen.emplace(value.text, value.span);
    if (fresh) continue;
    good = false;
    reporter.Report(Diagnostic{DiagnosticKind::kDuplicateName, value.span,
                               "value `" + value.text + "` is listed twice"}
                        .At(at->second, "first listed here"));
  }
  return good;
}

}  // namespace

Type BoolType() { return Type{}; }

Type IntegerType(std::int64_t low, std::int64_t high) {
  Type type;
  type.kind = ValueType::kInteger;
  type.low = low;
  type.high = high;
  return type;
}

Type TimeType() {
  Type type = IntegerType(kFirstTime, kLastTime);
  type.kind = ValueType::kTime;
  return type;
}

Type IdType() {
  Type type = IntegerType(0, 0);
  type.kind = ValueType::kId;
  return type;
}

Type RoleType(std::size_t roles) {
  Type type = IntegerType(0, roles == 0 ? 0 : static_cast<std::int64_t>(roles) - 1);
  type.kind = ValueType::kRole;
  return type;
}

Type EnumType(const std::vector<lang::Name>& values, bool ordered) {
  Type type;
  type.kind = ValueType::kEnum;
  type.ordered = ordered;
  for (const lang::Name& value : values) type.values.push_back(value.text);
  type.high = type.values.empty() ? 0 : static_cast<std::int64_t>(type.values.size()) - 1;
  return type;
}

std::string Describe(const Type& type) {
  const auto decimals = [&] { return "(" + std::to_string(type.scale) + ")"; };
  switch (type.kind) {
    case ValueType::kBool:
      return "true or false";
    case ValueType::kEnum:
    case ValueType::kEnumSet: {
      std::string text = type.kind == ValueType::kEnum ? "one of {" : "a set of {";
      for (std::size_t i = 0; i < type.values.size(); ++i) {
        if (i == 8) return text + ", … }";
        text += (i == 0 ? " " : type.ordered ? " < " : ", ") + type.values[i];
      }
      return text + " }";
    }
    case ValueType::kInteger:
      return "an integer";
    case ValueType::kDecimal:
      return "a decimal" + decimals();
    case ValueType::kMoney:
      return "money(" + type.unit + ")";
    case ValueType::kDuration:
      return "a duration";
    case ValueType::kTime:
      return "a time";
    case ValueType::kId:
      return "an id";
    case ValueType::kText:
      return "a text";
    case ValueType::kRole:
      return "a role";
    case ValueType::kIdSet:
      return "a set of ids";
  }
  return "";
}

std::string_view Words::Zone(std::uint32_t policy) const {
  const auto& zone = house.policies[policy]->zone;
  return zone && KnownZone(zone->text) ? std::string_view(zone->text) : std::string_view();
}

std::optional<Type> ResolveType(const lang::TypeRef& tree, const Words& words, std::uint32_t policy,
                                Reporter& reporter) {
  const lang::TypeRef* plain = FollowAlias(tree, words, reporter);
  if (!plain || !DistinctValues(*plain, reporter)) return std::nullopt;
  std::optional<Type> type = ResolvePlain(*plain, words, policy, reporter);
  if (!type || !ReadRange(*plain, *type, words, policy, reporter)) return std::nullopt;
  if (plain != &tree && !ReadRange(tree, *type, words, policy, reporter)) return std::nullopt;
  return type;
}

std::optional<LiteralValue> ReadValue(const Literal& literal, const Type& type,
                                      std::string_view what, const Words& words,
                                      std::uint32_t policy, Reporter& reporter) {
  if (!Suits(literal, type)) {
    ReportUnsuited(literal, type, what, words, reporter);
    return std::nullopt;
  }
  if (literal.kind == LiteralKind::kWords) return ReadSet(literal, type, what, reporter);
  if (literal.kind == LiteralKind::kText) return LiteralValue{.text = literal.text};
  const auto number = ReadNumeric(literal, type, what, words, policy, reporter);
  if (!number) return std::nullopt;
  if (IsNumberKind(type.kind) && (*number < type.low || *number > type.high)) {
    table::Fact range;
    range.type = type.kind;
    range.scale = type.scale;
    range.unit = type.unit;
    reporter.Report(Diagnostic{DiagnosticKind::kOutOfRange, literal.span,
                               std::string(what) + " lies between " + PrintValue(range, type.low) +
                                   " and " + PrintValue(range, type.high)});
    return std::nullopt;
  }
  return LiteralValue{.number = *number};
}

std::optional<std::uint32_t> CalendarMonths(const Literal& literal) {
  const bool years = literal.unit == "year";
  if (literal.kind != LiteralKind::kDuration || (!years && literal.unit != "month"))
    return std::nullopt;
  const auto number = ReadNumber(literal.text);
  const auto months = number ? Fit(static_cast<Wide>(number->digits) * (years ? 12 : 1))
                             : std::optional<std::int64_t>();
  // What does not fit is as wrong as none, and told like it.
  return months && *months > 0 && *months <= kMostMonths ? static_cast<std::uint32_t>(*months) : 0;
}

std::optional<Window> ReadWindow(const Literal& literal, const Words& words, Reporter& reporter) {
  Window window;
  const Literal* length = &literal;
  if (literal.kind == LiteralKind::kWord) {
    window.threshold = words.names.thresholds.Index(literal.text);
    if (!window.threshold) {
      reporter.UnknownName("threshold", {literal.text, literal.span},
                           words.names.thresholds.Names());
      return std::nullopt;
    }
    length = &words.names.thresholds[*window.threshold].tree->value;
  }
  if (length->kind != LiteralKind::kDuration) {
    reporter.Report(Diagnostic{DiagnosticKind::kTypeMismatch, literal.span,
                               "`" + literal.text + "` is no duration"}
                        .Hint("a window is as long as `24 hours` or `2 months`"));
    return std::nullopt;
  }
  if (const auto months = CalendarMonths(*length)) {
    window.months = *months;
    if (window.months != 0) return window;
    reporter.Report(Diagnostic{DiagnosticKind::kOutOfRange, literal.span,
                               "a window is 1 to " + std::to_string(kMostMonths) + " months long"});
    return std::nullopt;
  }
  const auto ms = ReadDuration(*length, reporter);
  if (!ms) return std::nullopt;
  window.ms = *ms;
  return window;
}

std::optional<std::int64_t> ReadDuration(const Literal& literal, Reporter& reporter) {
  if (literal.kind != LiteralKind::kDuration) {
    reporter.Report(
        Diagnostic{DiagnosticKind::kTypeMismatch, literal.span, "this is no duration"}.Hint(
            "write a number and a unit, such as `10 minutes`"));
    return std::nullopt;
  }
  const auto unit = UnitMilliseconds(literal.unit);
  if (!unit || *unit == 0) {
    reporter.Report(
        Diagnostic{DiagnosticKind::kNoLength, literal.span,
                   "a " + literal.unit + " has no length of its own: some are longer than others"}
            .Hint("write days; or count back from now, with `within " + literal.text + " " +
                  literal.unit + (literal.text == "1" ? "" : "s") + "` in a meter or evidence"));
    return std::nullopt;
  }
  const auto number = ReadNumber(literal.text);
  const auto ms = number ? Fit(static_cast<Wide>(number->digits) * *unit) : std::nullopt;
  if (!ms)
    reporter.Report(Diagnostic{DiagnosticKind::kOverflow, literal.span,
                               "this duration does not fit 64 bits of milliseconds"});
  return ms;
}

std::optional<std::int64_t> ReadInstant(const Literal& literal, std::string_view zone,
                                        Reporter& reporter) {
  const auto ms = literal.kind == LiteralKind::kDate        ? FirstInstant(literal.text, zone)
                  : literal.kind == LiteralKind::kTimestamp ? Instant(literal.text, zone)
                                                            : std::nullopt;
  if (!ms)
    reporter.Report(
        Diagnostic{DiagnosticKind::kBadDate, literal.span, "there is no such day or time"});
  return ms;
}

}  // namespace writ::compiler::check
