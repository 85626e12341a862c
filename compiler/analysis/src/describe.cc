// A column in policy words: `escalate to board where amount >= 5_000.01 EUR and order.status in {
// open, shipped }`.
//
// Atoms are turned back into ranges and names; worked-out values into expressions, built in the
// order of the code, long ones shortened with a digest so that different expressions stay
// different.
//
// Entry point: DescribeColumn.
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "describer.h"
#include "writ/analysis/table_diff.h"
#include "writ/analysis/witness.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

constexpr std::size_t kMaxExpression = 400;  // bytes; longer ones are no help to a reader
// A key of a table has at most 64 values: so many terms, and the additions between them.
constexpr std::size_t kMostLookupSteps = 128;

std::string Shortened(std::string text) {
  if (text.size() <= kMaxExpression) return text;
  std::uint64_t hash = 0xCBF29CE484222325u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  char digest[24];
  std::snprintf(digest, sizeof digest, "%016llx", static_cast<unsigned long long>(hash));
  return text.substr(0, kMaxExpression / 2) + " ... #" + digest;
}

std::string Joined(const std::vector<std::string>& items, const char* between) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : between) + item;
  return text;
}

std::string OneOf(const std::string& name, const std::vector<std::string>& items) {
  return items.size() == 1 ? name + " = " + items[0] : name + " in { " + Joined(items, ", ") + " }";
}

// Without the parentheses around the whole.
std::string_view Bare(std::string_view text) {
  if (!text.starts_with('(') || !text.ends_with(')')) return text;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0) return i + 1 == text.size() ? text.substr(1, text.size() - 2) : text;
  }
  return text;
}

// How round a number looks: its digits, without zeros at the end or the beginning.
std::size_t DigitsThatCount(std::string_view value) {
  std::size_t count = 0, zeros = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') continue;
    zeros = c == '0' ? zeros + 1 : 0;
    if (count > 0 || c != '0') ++count;
  }
  return count - std::min(count, zeros);
}

// `2000 EUR` and `2_000.00 EUR` are one value.
bool SameNumber(std::string_view a, std::string_view b) {
  const auto normal = [](std::string_view text) {
    std::string digits(text.substr(0, text.find(' ')));
    std::erase(digits, '_');
    if (digits.find('.') != std::string::npos) {
      digits.erase(digits.find_last_not_of('0') + 1);
      if (digits.ends_with('.')) digits.pop_back();
    }
    return digits + std::string(text.substr(std::min(text.find(' '), text.size())));
  };
  return normal(a) == normal(b);
}

}  // namespace

Describer::Describer(const Space::Impl& space, Wording wording) : s_(space), wording_(wording) {
  for (std::uint32_t i = 0; i < s_.code.size(); ++i) Write(i);
}

std::string Describer::Column(std::uint32_t c) const {
  std::vector<std::string> conditions;
  for (std::uint32_t d = 0; d < s_.dimensions.size(); ++d) {
    if (!s_.dimensions[d].full.Has(c)) conditions.push_back(Condition(d, s_.AtomsOf(c, d)));
  }
  const std::string where = Joined(conditions, " and ");
  return Outcome(s_.column[c]) + (where.empty() ? "" : " where " + where);
}

std::string Describer::Outcome(const ColumnView& column) const {
  const auto anchor = [&] {
    return column.anchor.valid() ? " to " + std::string(s_.table.Anchor(column.anchor).name)
                                 : std::string();
  };
  switch (column.kind) {
    case ColumnKind::kNote:
      return "note";
    case ColumnKind::kNotify:
      return "notify" + anchor();
    case ColumnKind::kRegion:
      return "region " + std::string(s_.table.Region(column.name));
    case ColumnKind::kInvariant:
      return "invariant " + std::string(s_.table.Invariant(column.name));
    case ColumnKind::kDecision:
      break;
  }
  const std::string otherwise = (column.flags & kColumnOtherwise) != 0 ? "otherwise " : "";
  switch (column.verdict) {
    case Verdict::kAllow:
      return otherwise + "allow";
    case Verdict::kEscalate:
      return otherwise + "escalate" + anchor();
    case Verdict::kDeny:
      return otherwise + "deny";
  }
  return otherwise;
}

std::string Describer::Condition(std::uint32_t d, const AtomSet& atoms, const Names& names) const {
  const DimensionInfo& info = s_.dimensions[d];
  if (atoms.Empty()) return "never";
  switch (static_cast<DimensionKind>(info.view.kind)) {
    case DimensionKind::kRole:
      return Roles(d, atoms);
    case DimensionKind::kEvidence:
      return "evidence " + std::string(s_.table.Evidence(EvidenceId{info.view.index}).name) +
             (atoms.Has(2) ? " is fresh" : " is not fresh");
    case DimensionKind::kFact: {
      const FactId fact{info.view.index};
      return WithMissing(d, {std::string(s_.table.Fact(fact).name), fact}, atoms, names);
    }
    case DimensionKind::kDerived:
      if (wording_ == Wording::kPlain) return PlainDerived(d, atoms, names);
      return WithMissing(d, {text_[info.view.index], format_[info.view.index]}, atoms, names);
  }
  return "";
}

std::string Describer::WithMissing(std::uint32_t d, const Subject& subject, const AtomSet& atoms,
                                   const Names& names) const {
  AtomSet others = s_.dimensions[d].allowed, present = atoms;
  others.Remove(0);
  present.Remove(0);
  if (present == others) return subject.name + " is known";
  std::string text = present.Empty() ? "" : Values(d, subject, present, names);
  if (!atoms.Has(0)) return text;
  return text.empty() ? subject.name + " is missing"
                      : "(" + subject.name + " is missing or " + text + ")";
}

std::string Describer::Values(std::uint32_t d, const Subject& subject, const AtomSet& atoms,
                              const Names& names) const {
  const DimensionInfo& info = s_.dimensions[d];
  const FactId* const fact = std::get_if<FactId>(&subject.format);
  const AtomMapView map = s_.table.AtomMap(info.view.atoms);
  if (map.kind == AtomMapKind::kStrings) return Strings(info.view.atoms, subject.name, atoms);
  const bool is_bool =
      map.kind == AtomMapKind::kDirect && map.atom_count == 3 &&
      (fact == nullptr || s_.table.Fact(*fact).type == ValueType::kBool || info.domain == kNoIndex);
  if (is_bool) return (atoms.Has(2) ? "" : "not ") + subject.name;
  std::vector<std::string> items, comparisons;
  for (const Range range : s_.RangesOf(map, atoms)) {
    if (map.kind == AtomMapKind::kDirect) {
      for (std::int64_t v = range.low; v <= range.high; ++v)
        items.push_back(Value(subject.format, v));
    } else {
      comparisons.push_back(Compare(subject, Clip(info, range), names));
    }
  }
  if (!items.empty()) return OneOf(subject.name, items);
  const std::string text = Joined(comparisons, " or ");
  return comparisons.size() > 1 ? "(" + text + ")" : text;
}

Range Describer::Clip(const DimensionInfo& info, Range range) const {
  if (info.domain == kNoIndex) return range;
  const FactDomain& domain = s_.domains[info.domain];
  return {range.low <= domain.low ? kMin : range.low,
          range.high >= domain.high ? kMax : range.high};
}

std::string Describer::Compare(const Subject& subject, Range range, const Names& names) const {
  if (range.low == range.high) return subject.name + " = " + Value(subject.format, range.low);
  if (range.low == kMin) return CompareBound(subject, range.high, true, names);
  if (range.high == kMax) return CompareBound(subject, range.low, false, names);
  return subject.name + " in " + Value(subject.format, range.low) + ".." +
         Value(subject.format, range.high);
}

// Of the two ways to say a bound, `>= 200.01 EUR` and `> 200 EUR`, the one with a name, else the
// rounder one.
std::string Describer::CompareBound(const Subject& subject, std::int64_t bound, bool upper,
                                    const Names& names) const {
  const std::string closed = Value(subject.format, bound);
  const std::string said = subject.name + (upper ? " <= " : " >= ") + closed;
  if (wording_ == Wording::kExact || (upper ? bound == kMax : bound == kMin)) return said;
  const std::string open = Value(subject.format, upper ? bound + 1 : bound - 1);
  const std::string strict = subject.name + (upper ? " < " : " > ");
  for (const NamedValue& named : names) {
    if (SameNumber(named.value, closed))
      return subject.name + (upper ? " <= " : " >= ") + named.name + " (" + named.value + ")";
    if (SameNumber(named.value, open)) return strict + named.name + " (" + named.value + ")";
  }
  return DigitsThatCount(open) < DigitsThatCount(closed) ? strict + open : said;
}

std::string Describer::Value(const Format& format, std::int64_t number) const {
  if (const FactId* const fact = std::get_if<FactId>(&format))
    return FormatValue(s_.table, *fact, {ValueKind::kNumber, number, "", {}});
  if (std::holds_alternative<Elapsed>(format))
    return FormatNumber(ValueType::kDuration, "", 0, number);
  return std::to_string(number);
}

std::string Describer::Strings(AtomMapId id, const std::string& name, const AtomSet& atoms) const {
  const std::uint32_t other = atoms.size() - 1;
  std::vector<std::string> in, out;
  for (std::uint32_t a = 1; a < other; ++a) {
    (atoms.Has(a) ? in : out).push_back("\"" + std::string(s_.table.AtomString(id, a - 1)) + "\"");
  }
  if (!atoms.Has(other)) return OneOf(name, in);
  return "not " + OneOf(name, out);
}

std::string Describer::Roles(std::uint32_t d, const AtomSet& atoms) const {
  const std::uint32_t other = s_.dimensions[d].view.atom_count - 1;
  std::vector<std::string> in, out;
  for (std::uint32_t a = 1; a < other; ++a) {
    (atoms.Has(a) ? in : out).push_back(std::string(s_.table.Role(RoleId{a - 1}).name));
  }
  if (atoms.Has(other)) return "not " + OneOf("role", out);
  return OneOf("role", in);
}

std::string Describer::PlainDerived(std::uint32_t d, const AtomSet& atoms,
                                    const Names& names) const {
  const DimensionInfo& info = s_.dimensions[d];
  const std::uint32_t value = info.view.index;
  const AtomMapView map = s_.table.AtomMap(info.view.atoms);
  const bool is_bool = map.kind == AtomMapKind::kDirect && map.atom_count == 3;
  AtomSet present = atoms;
  present.Remove(0);
  std::vector<std::string> parts;
  if (atoms.Has(0)) parts.push_back(FactsOf(value) + " is missing");
  if (present.Count() + 1 == s_.dimensions[d].allowed.Count() && s_.dimensions[d].allowed.Has(0)) {
    parts.push_back(FactsOf(value) + " is known");
  } else if (is_bool && !present.Empty()) {
    parts.push_back(present.Has(2) ? std::string(Bare(text_[value])) : Negated(value));
  } else if (!present.Empty()) {
    parts.push_back(Values(d, {text_[value], format_[value]}, present, names));
  }
  const std::string text = Joined(parts, " or ");
  return parts.size() > 1 ? "(" + text + ")" : text;
}

// The facts that a worked-out value is made of.
std::string Describer::FactsOf(std::uint32_t value) const {
  std::vector<bool> reached(value + 1, false);
  reached[value] = true;
  std::vector<std::string> facts;
  for (std::uint32_t i = value + 1; i-- > 0;) {
    if (!reached[i]) continue;
    ForEachOperand(s_.code[i], [&](std::uint32_t v) { reached[v] = true; });
  }
  for (std::uint32_t i = 0; i <= value; ++i) {
    if (!reached[i]) continue;
    ForEachFact(s_.code[i], [&](FactId fact) {
      std::string name(s_.table.Fact(fact).name);
      if (std::ranges::find(facts, name) == facts.end()) facts.push_back(std::move(name));
    });
  }
  return Shortened(Joined(facts, " or "));
}

std::string Describer::Negated(std::uint32_t i) const {
  const InstructionView& in = s_.code[i];
  switch (in.op) {
    case Op::kLess:
      return std::string(Bare(Binary(in, " >= ")));
    case Op::kLessEqual:
      return std::string(Bare(Binary(in, " > ")));
    case Op::kEqual:
      return std::string(Bare(Binary(in, " != ")));
    case Op::kNot:
      return std::string(Bare(text_[in.a]));
    default:  // the rest has no shorter opposite
      return "not " + text_[i];
  }
}

std::string Describer::Operand(std::uint32_t i, std::uint32_t beside) const {
  if (s_.code[i].op == Op::kConst) return Value(format_[beside], s_.code[i].immediate);
  if (const auto lookup = LookupOf(i, format_[beside])) return Shortened(lookup->Text());
  return text_[i];
}

// `(key = value) * cell`, in either order.
std::optional<Describer::LookupCell> Describer::CellOf(std::uint32_t i) const {
  const InstructionView& product = s_.code[i];
  if (product.op != Op::kMultiply) return std::nullopt;
  for (const auto& [test, cell] : {std::pair(product.a, product.b), {product.b, product.a}}) {
    const InstructionView& equal = s_.code[test];
    if (equal.op != Op::kEqual) continue;
    for (const auto& [key, value] : {std::pair(equal.a, equal.b), {equal.b, equal.a}}) {
      if (s_.code[value].op == Op::kConst && s_.code[key].op != Op::kConst)
        return LookupCell{text_[key], Value(format_[key], s_.code[value].immediate), cell};
    }
  }
  return std::nullopt;
}

// A table of a policy has become a sum of cells, each times the equality of its key.
std::optional<Describer::Lookup> Describer::LookupOf(std::uint32_t i, const Format& format,
                                                     std::uint32_t most_keys) const {
  if (most_keys == 0 || s_.code[i].op != Op::kAdd) return std::nullopt;
  Lookup lookup;
  std::string key, inner;
  std::vector<std::uint32_t> pending = {i};
  for (std::size_t steps = 0; !pending.empty(); ++steps) {
    if (steps == kMostLookupSteps) return std::nullopt;
    const std::uint32_t at = pending.back();
    pending.pop_back();
    if (s_.code[at].op == Op::kAdd) {
      pending.insert(pending.end(), {s_.code[at].b, s_.code[at].a});
      continue;
    }
    const auto one = CellOf(at);
    if (!one) return std::nullopt;
    Lookup nested{.cells = {}, .keys = {}};
    if (s_.code[one->cell].op == Op::kConst) {
      nested.cells = Value(format, s_.code[one->cell].immediate);
    } else if (const auto below = LookupOf(one->cell, format, most_keys - 1)) {
      nested = *below;
    } else {
      return std::nullopt;
    }
    const bool first = lookup.cells.empty();
    if (!first && (key != one->key || inner != nested.keys)) return std::nullopt;
    key = one->key;
    inner = nested.keys;
    lookup.cells += (first ? "{ " : ", ") + one->value + ": " + nested.cells;
  }
  lookup.cells += " }";
  lookup.keys = key + (inner.empty() ? "" : ", " + inner);
  return lookup;
}

bool Describer::IsInstant(std::uint32_t i) const {
  const FactId* const fact = std::get_if<FactId>(&format_[i]);
  return fact != nullptr && s_.table.Fact(*fact).type == ValueType::kTime;
}

void Describer::Write(std::uint32_t i) {
  const InstructionView& in = s_.code[i];
  text_.emplace_back();
  format_.emplace_back();
  ForEachOperand(in, [&](std::uint32_t v) {
    const bool bare = std::holds_alternative<Digits>(format_[i]);
    if (bare && in.op != Op::kMultiply) format_[i] = format_[v];
  });
  if (in.op == Op::kSubtract && IsInstant(in.a) && IsInstant(in.b)) format_[i] = Elapsed{};
  text_[i] = Shortened(Expression(i, in));
}

std::string Describer::Fact(std::uint32_t fact) const {
  return std::string(s_.table.Fact(FactId{fact}).name);
}

// What the question fixes is said as its value, so that only what is open stands as a name.
std::string Describer::Number(std::uint32_t fact) const {
  for (const FactRestriction& r : s_.restriction.facts) {
    if (wording_ == Wording::kExact || r.fact.value != fact || r.low != r.high) continue;
    const std::uint32_t at = s_.DomainOf(r.fact);
    if (at != kNoIndex && !s_.domains[at].adds_this && !s_.domains[at].may_be_missing)
      return Value(r.fact, r.low);
  }
  return Fact(fact);
}

std::string Describer::Binary(const InstructionView& in, const char* between) const {
  return "(" + Operand(in.a, in.b) + between + Operand(in.b, in.a) + ")";
}

std::string Describer::TextOperand(std::uint32_t fact, bool substitute,
                                   std::string_view text) const {
  return Fact(fact) + (substitute ? " missing \"" + std::string(text) + "\"" : "");
}

std::string Describer::Expression(std::uint32_t i, const InstructionView& in) {
  const auto text = [&] { return "\"" + std::string(in.text) + "\""; };
  const auto a = [&] { return TextOperand(in.a, in.has_substitute_a, in.substitute_a); };
  const auto b = [&] { return TextOperand(in.b, in.has_substitute_b, in.substitute_b); };
  switch (in.op) {
    case Op::kFact:
      format_[i] = FactId{in.a};
      return Number(in.a);
    case Op::kConst:
      return std::to_string(in.immediate);
    case Op::kSubstitute:
      return text_[in.a] + " missing " + Value(format_[in.a], in.immediate);
    case Op::kAdd:
      if (const auto lookup = LookupOf(i, Digits{})) return lookup->Text();
      return Binary(in, " + ");
    case Op::kSubtract:
      return Binary(in, " - ");
    case Op::kMultiply:
      return "(" + text_[in.a] + " * " + text_[in.b] + ")";
    case Op::kMin:
      return "min" + Binary(in, ", ");
    case Op::kMax:
      return "max" + Binary(in, ", ");
    case Op::kNegate:
      return "-" + text_[in.a];
    case Op::kEqual:
      return Binary(in, " = ");
    case Op::kLess:
      return Binary(in, " < ");
    case Op::kLessEqual:
      return Binary(in, " <= ");
    case Op::kAnd:
      return Binary(in, " and ");
    case Op::kOr:
      return Binary(in, " or ");
    case Op::kNot:
      return "not " + text_[in.a];
    case Op::kIsMissing:
      return "(" + Fact(in.a) + " is missing)";
    case Op::kIsUnknown:
      return "(" + text_[in.a] + " is missing)";
    case Op::kTextEqual:
      return "(" + a() + " = " + b() + ")";
    case Op::kTextEqualConst:
      return "(" + a() + " = " + text() + ")";
    case Op::kTextPrefix:
      return "(" + a() + " starts with " + text() + ")";
    case Op::kMatches:
      return "(" + a() + " matches \"" + std::string(s_.table.Pattern(in.b).text) + "\")";
    case Op::kSetHasText:
      return "(" + Fact(in.a) + " has " + text() + ")";
    case Op::kSetHasFact:
      return "(" + Fact(in.a) + " has " + b() + ")";
    case Op::kSetHasEnum:
      return "(" + Fact(in.a) + " has " +
             std::string(
                 s_.table.FactValue(FactId{in.a}, static_cast<std::uint32_t>(in.immediate))) +
             ")";
    case Op::kEvidence:
      return "(evidence " + std::string(s_.table.Evidence(EvidenceId{in.a}).name) + " is fresh)";
  }
  return "";
}

std::string DescribeColumn(const Table& table, CapabilityId capability, std::uint32_t column) {
  const Space space(table, capability);
  return Describer(space.impl()).Column(column);
}

std::string DescribeBelow(const Table& table, CapabilityId capability, std::uint32_t dimension,
                          std::int64_t cut) {
  const Space space(table, capability);
  const AtomMapView map = table.AtomMap(space.impl().dimensions[dimension].view.atoms);
  AtomSet below(map.atom_count);
  for (std::uint32_t a = 1; a < map.atom_count; ++a)
    if (space.impl().RangeOf(map, a).high < cut) below.Add(a);
  return Describer(space.impl(), Wording::kPlain).Condition(dimension, below);
}

std::vector<std::string> DescribeColumns(const Table& table, CapabilityId capability) {
  const Space space(table, capability);
  const Describer describer(space.impl());
  std::vector<std::string> columns;
  for (std::uint32_t c = 0; c < space.column_count(); ++c) columns.push_back(describer.Column(c));
  return columns;
}

}  // namespace writ::analysis
