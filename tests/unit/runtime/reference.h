// The meaning of a table, read off the model the slow and obvious way. Shares no code with the
// runtime.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "random_model.h"

namespace writ::test {

// What happened, for meters: every commit in order.
struct Happened {
  std::uint32_t capability;
  std::int64_t time;
  std::vector<Value> values;
  RoleId role;
};

class Reference {
 public:
  Reference(const table::Model& m, const Request& r, const std::vector<Happened>* history)
      : m_(m), r_(r), history_(history) {}

  struct Result {
    BuiltinRow builtin = BuiltinRow::kUndecided;
    std::uint32_t column = 0xFFFFFFFFu;
    std::uint32_t fact = 0xFFFFFFFFu;
    std::set<std::uint32_t> matched;
    std::vector<std::uint32_t> atoms;
  };
  Result Run();

  // A value of a meter, before this request; nullopt: missing.
  std::optional<std::int64_t> Recorded(const table::Meter& meter) const;

 private:
  using Number = std::optional<std::int64_t>;
  bool FromRequest(std::uint32_t f) const;
  bool Malformed(std::uint32_t f) const { return Malformed(f, r_.values[f]); }
  bool Malformed(std::uint32_t f, const Value& v) const;
  // Given, and not malformed.
  bool Known(std::uint32_t f) const {
    return r_.values[f].kind != ValueKind::kMissing && !Malformed(f);
  }
  bool Fresh(std::uint32_t e) const;
  bool Present(std::uint32_t f) const;
  Number NumberOf(std::uint32_t f) const;
  Number MeterNumber(const table::Meter& meter) const;
  std::string_view Text(std::uint32_t f) const { return {r_.values[f].text, r_.values[f].size}; }
  std::optional<std::string> TextOperand(std::uint32_t f, bool has,
                                         const std::string& substitute) const;
  Number Run(const table::Instruction& i, const std::vector<Number>& v) const;
  Number RunText(const table::Instruction& i) const;
  std::uint32_t AtomOf(const table::Dimension& d, const std::vector<Number>& values) const;
  using KeyPart = std::tuple<int, std::int64_t, std::string>;
  std::optional<std::vector<KeyPart>> KeyOf(const table::Meter& meter, const Value* values,
                                            RoleId role, std::int64_t now) const;
  bool AddsThis(const table::Meter& meter) const;
  void AddValue(const table::Meter& meter, const Value* values, std::set<KeyPart>* different,
                bool* complete) const;
  std::int64_t RoleNumber(RoleId role) const {
    return role.value < m_.roles.size() ? role.value : static_cast<std::int64_t>(m_.roles.size());
  }
  bool Is(std::uint32_t f, const char* name) const {
    return m_.facts[f].source == Source::kBuiltin && m_.facts[f].name == name;
  }

  const table::Model& m_;
  const Request& r_;
  const std::vector<Happened>* history_;
};

inline bool Reference::FromRequest(std::uint32_t f) const {
  return !Is(f, "now") && !Is(f, "role") && !(m_.facts[f].meter.valid() && history_ != nullptr);
}

inline bool Reference::Malformed(std::uint32_t f, const Value& v) const {
  const table::Fact& fact = m_.facts[f];
  if (v.kind == ValueKind::kMissing) return false;
  if (IsTextType(fact.type))
    return v.kind != ValueKind::kText || (fact.utf8 && Text(f).find('\xff') != Text(f).npos);
  if (fact.type == ValueType::kIdSet) return v.kind != ValueKind::kTextSet;
  if (v.kind != ValueKind::kNumber) return true;
  if (fact.type == ValueType::kBool) return v.number != 0 && v.number != 1;
  if (fact.type == ValueType::kEnum)
    return v.number < 0 || v.number >= static_cast<std::int64_t>(fact.values.size());
  if (fact.type == ValueType::kEnumSet)
    return v.number < 0 || v.number >= std::int64_t{1} << fact.values.size();
  if (fact.type == ValueType::kRole) return v.number < 0;
  return v.number < fact.low || v.number > fact.high;
}

inline bool Reference::Fresh(std::uint32_t e) const {
  const table::Evidence& evidence = m_.evidence[e];
  const Value& at = r_.values[evidence.at.value];
  if (!Known(evidence.at.value) || at.number > r_.now_ms ||
      r_.now_ms - at.number > evidence.within_ms)
    return false;
  for (std::size_t i = 0; i < evidence.about_given.size(); ++i) {
    const std::uint32_t given = evidence.about_given[i].value,
                        wanted = evidence.about_wanted[i].value;
    if (!Known(given) || !Known(wanted)) return false;
    if (Text(given) != Text(wanted)) return false;
  }
  return true;
}

inline std::optional<std::vector<Reference::KeyPart>> Reference::KeyOf(const table::Meter& meter,
                                                                       const Value* values,
                                                                       RoleId role,
                                                                       std::int64_t now) const {
  std::vector<KeyPart> key;
  for (const FactId f : meter.keys) {
    const Value& v = values[f.value];
    if (Is(f.value, "role"))
      key.emplace_back(1, RoleNumber(role), "");
    else if (Is(f.value, "now"))
      key.emplace_back(1, now, "");
    else if (v.kind == ValueKind::kNumber && !Malformed(f.value, v))
      key.emplace_back(1, v.number, "");
    else if (v.kind == ValueKind::kText && IsTextType(m_.facts[f.value].type))
      key.emplace_back(2, 0, std::string(v.text, v.size));
    else
      return std::nullopt;
  }
  return key;
}

inline bool Reference::AddsThis(const table::Meter& meter) const {
  return meter.including_this && std::find(meter.targets.begin(), meter.targets.end(),
                                           r_.capability) != meter.targets.end();
}

// Of `distinct`: the value that a request has, which may be a text.
inline void Reference::AddValue(const table::Meter& meter, const Value* values,
                                std::set<KeyPart>* different, bool* complete) const {
  table::Meter of_value;
  of_value.keys = {meter.value};
  if (const auto value = KeyOf(of_value, values, {}, 0))
    different->insert(value->front());
  else
    *complete = false;
}

inline std::optional<std::int64_t> Reference::Recorded(const table::Meter& meter) const {
  const auto key = KeyOf(meter, r_.values, r_.role, r_.now_ms);
  if (!key) return std::nullopt;
  std::int64_t count = 0, sum = 0, last_time = INT64_MIN, first_time = 0;
  Number last, first;
  std::set<KeyPart> different;
  bool sum_known = true;
  const auto has = [](const std::vector<CapabilityId>& ids, std::uint32_t id) {
    return std::find(ids.begin(), ids.end(), CapabilityId{id}) != ids.end();
  };
  for (const Happened& h : *history_) {
    if (has(meter.since, h.capability) &&
        KeyOf(meter, h.values.data(), h.role, h.time) == key) {  // nothing before it counts
      count = sum = 0;
      last_time = INT64_MIN;
      last.reset();
      first.reset();
      different.clear();
      sum_known = true;
    }
    if (!has(meter.targets, h.capability)) continue;
    if (KeyOf(meter, h.values.data(), h.role, h.time) != key) continue;
    if (meter.window_ms != 0 && (h.time > r_.now_ms || h.time < r_.now_ms - meter.window_ms))
      continue;
    Number value = h.time;
    if (meter.value.valid()) {
      const Value& v = h.values[meter.value.value];
      const table::Fact& f = m_.facts[meter.value.value];
      value = v.kind == ValueKind::kNumber && v.number >= f.low && v.number <= f.high
                  ? Number(v.number)
                  : Number();
    }
    ++count;
    if (meter.fold == Fold::kDistinct) {
      AddValue(meter, h.values.data(), &different, &sum_known);
      continue;
    }
    if (value)
      sum += *value;
    else
      sum_known = false;
    if (h.time >= last_time) last_time = h.time, last = value;
    if (count == 1 || h.time < first_time) first_time = h.time, first = value;
  }
  if (meter.fold == Fold::kDistinct && AddsThis(meter))
    AddValue(meter, r_.values, &different, &sum_known);
  switch (meter.fold) {
    case Fold::kCount:
      return count;
    case Fold::kSum:
      return sum_known ? Number(sum) : Number();
    case Fold::kLast:
      return last;
    case Fold::kExists:
      return count > 0;
    case Fold::kFirst:
      return first;
    case Fold::kDistinct:
      return sum_known ? Number(static_cast<std::int64_t>(different.size())) : Number();
  }
  return std::nullopt;
}

inline Reference::Number Reference::MeterNumber(const table::Meter& meter) const {
  Number n;
  const table::Fact& fact = m_.facts[meter.fact.value];
  const std::int64_t low = fact.type == ValueType::kBool ? 0 : fact.low,
                     high = fact.type == ValueType::kBool ? 1 : fact.high;
  if (history_ != nullptr)
    n = Recorded(meter);
  else if (Known(meter.fact.value))
    n = r_.values[meter.fact.value].number;
  if (n) n = std::clamp(*n, low, high);
  if (AddsThis(meter)) {
    Number input = r_.now_ms;
    if (meter.value.valid()) {
      input = Known(meter.value.value) ? Number(r_.values[meter.value.value].number) : Number();
    }
    switch (meter.fold) {
      case Fold::kCount:
        if (n) n = *n + 1;
        break;
      case Fold::kSum:
        n = n && input ? Number(*n + *input) : Number();
        break;
      case Fold::kLast:
        n = history_ != nullptr && !KeyOf(meter, r_.values, r_.role, r_.now_ms) ? Number() : input;
        break;
      case Fold::kExists:
        if (n) n = 1;
        break;
      case Fold::kFirst:
      case Fold::kDistinct:
        break;
    }
  }
  if (n) n = std::clamp(*n, low, high);
  return n;
}

inline bool Reference::Present(std::uint32_t f) const {
  if (Is(f, "now") || Is(f, "role")) return true;
  if (m_.facts[f].meter.valid()) return MeterNumber(m_.meters[m_.facts[f].meter.value]).has_value();
  if (m_.facts[f].evidence.valid() && !Fresh(m_.facts[f].evidence.value)) return false;
  return Known(f);
}

inline Reference::Number Reference::NumberOf(std::uint32_t f) const {
  if (Is(f, "now")) return r_.now_ms;
  if (Is(f, "role")) return RoleNumber(r_.role);
  if (m_.facts[f].meter.valid()) return MeterNumber(m_.meters[m_.facts[f].meter.value]);
  return Present(f) ? Number(r_.values[f].number) : Number();
}

inline std::optional<std::string> Reference::TextOperand(std::uint32_t f, bool has,
                                                         const std::string& substitute) const {
  if (Present(f)) return std::string(Text(f));
  return has ? std::optional<std::string>(substitute) : std::nullopt;
}

inline Reference::Number Reference::RunText(const table::Instruction& i) const {
  const auto a = IsTextType(m_.facts[i.a].type)
                     ? TextOperand(i.a, i.has_substitute_a, i.substitute_a)
                     : std::nullopt;
  if (i.op == Op::kTextEqualConst) return a ? Number(*a == i.text) : Number();
  if (i.op == Op::kMatches) {
    if (!a) return {};
    const table::Pattern& pattern = m_.patterns[i.b];
    std::uint32_t state = pattern.start;
    for (const char c : *a) {
      const std::uint16_t cls = pattern.class_of[static_cast<unsigned char>(c)];
      state = pattern.next[state * pattern.classes + cls];
    }
    return state < pattern.accepting ? 1 : 0;
  }
  if (i.op == Op::kTextPrefix) return a ? Number(a->starts_with(i.text)) : Number();
  std::optional<std::string> wanted = i.text;
  if (i.op == Op::kTextEqual || i.op == Op::kSetHasFact)
    wanted = TextOperand(i.b, i.has_substitute_b, i.substitute_b);
  if (i.op == Op::kTextEqual) return a && wanted ? Number(*a == *wanted) : Number();
  if (!Present(i.a) || !wanted) return {};
  for (std::uint32_t k = 0; k < r_.values[i.a].size; ++k) {
    if (r_.values[i.a].texts[k] == *wanted) return 1;
  }
  return 0;
}

inline Reference::Number Reference::Run(const table::Instruction& i,
                                        const std::vector<Number>& v) const {
  const auto a = [&] { return v[i.a]; };
  const auto b = [&] { return v[i.b]; };
  const bool both = i.op >= Op::kAdd && i.op <= Op::kLessEqual && i.op != Op::kNegate && a() && b();
  Number result;
  std::int64_t x = 0;
  switch (i.op) {
    case Op::kFact:
      return NumberOf(i.a);
    case Op::kConst:
      return i.immediate;
    case Op::kSubstitute:
      return a() ? a() : Number(i.immediate);
    case Op::kAdd:
      if (both && !__builtin_add_overflow(*a(), *b(), &x)) result = x;
      return result;
    case Op::kSubtract:
      if (both && !__builtin_sub_overflow(*a(), *b(), &x)) result = x;
      return result;
    case Op::kMultiply:
      if (both && !__builtin_mul_overflow(*a(), *b(), &x)) result = x;
      return result;
    case Op::kMin:
      return both ? Number(std::min(*a(), *b())) : result;
    case Op::kMax:
      return both ? Number(std::max(*a(), *b())) : result;
    case Op::kNegate:
      return a() && *a() != INT64_MIN ? Number(-*a()) : result;
    case Op::kEqual:
      return both ? Number(*a() == *b()) : result;
    case Op::kLess:
      return both ? Number(*a() < *b()) : result;
    case Op::kLessEqual:
      return both ? Number(*a() <= *b()) : result;
    case Op::kAnd:
      if (a() == Number(0) || b() == Number(0)) return 0;
      return a() && b() ? Number(1) : result;
    case Op::kOr:
      if (a() == Number(1) || b() == Number(1)) return 1;
      return a() && b() ? Number(0) : result;
    case Op::kNot:
      return a() ? Number(1 - *a()) : result;
    case Op::kIsMissing:
      return !Present(i.a);
    case Op::kIsUnknown:
      return !a().has_value();
    case Op::kSetHasEnum:
      return Present(i.a) ? Number((*NumberOf(i.a) >> i.immediate) & 1) : result;
    case Op::kEvidence:
      return Fresh(i.a);
    case Op::kTextEqual:
    case Op::kTextEqualConst:
    case Op::kTextPrefix:
    case Op::kMatches:
    case Op::kSetHasText:
    case Op::kSetHasFact:
      return RunText(i);
  }
  return result;
}

inline std::uint32_t Reference::AtomOf(const table::Dimension& d,
                                       const std::vector<Number>& values) const {
  const table::AtomMap& map = m_.atom_maps[d.atoms.value];
  Number n;
  switch (d.kind) {
    case DimensionKind::kFact:
      if (!Present(d.index)) return 0;
      if (map.kind == AtomMapKind::kStrings) {
        for (std::size_t i = 0; i < map.strings.size(); ++i) {
          if (map.strings[i] == Text(d.index)) return static_cast<std::uint32_t>(1 + i);
        }
        return static_cast<std::uint32_t>(1 + map.strings.size());
      }
      n = NumberOf(d.index);
      break;
    case DimensionKind::kDerived:
      n = values[d.index];
      break;
    case DimensionKind::kRole:
      n = RoleNumber(r_.role);
      break;
    case DimensionKind::kEvidence:
      return Fresh(d.index) ? 2 : 1;
  }
  if (!n) return 0;
  if (map.kind == AtomMapKind::kCuts) {
    return static_cast<std::uint32_t>(1 +
                                      std::count_if(map.cuts.begin(), map.cuts.end(),
                                                    [&](std::int64_t cut) { return cut <= *n; }));
  }
  return static_cast<std::uint32_t>(1 + std::min<std::int64_t>(*n, map.size - 1));
}

inline Reference::Result Reference::Run() {
  Result out;
  if (r_.capability.value >= m_.capabilities.size()) {
    out.builtin = BuiltinRow::kUnknownCapability;
    return out;
  }
  const table::Matrix& matrix = m_.matrices[r_.capability.value];
  for (const auto& s : matrix.signature) {
    if (FromRequest(s.fact.value) && Malformed(s.fact.value)) {
      out.builtin = BuiltinRow::kMalformed;
      out.fact = s.fact.value;
      return out;
    }
  }
  for (const auto& s : matrix.signature) {
    if (s.required && FromRequest(s.fact.value) &&
        r_.values[s.fact.value].kind == ValueKind::kMissing) {
      out.builtin = BuiltinRow::kMissingInput;
      out.fact = s.fact.value;
      return out;
    }
  }
  std::vector<Number> values;
  for (const auto& i : matrix.code) values.push_back(Run(i, values));
  for (const auto& d : matrix.dimensions) out.atoms.push_back(AtomOf(d, values));
  bool allow_when = false;
  for (std::uint32_t c = 0; c < matrix.columns.size(); ++c) {
    bool holds = !(r_.as_in_force && (matrix.columns[c].flags & kColumnEffective) != 0);
    for (const auto& constraint : matrix.columns[c].constraints)
      holds = holds && constraint.atoms[out.atoms[constraint.dimension]];
    if (holds) out.matched.insert(c);
    allow_when = allow_when || (holds && (matrix.columns[c].flags & kColumnAllowWhen) != 0);
  }
  for (std::uint32_t c = 0; c < matrix.columns.size(); ++c) {
    if (allow_when && (matrix.columns[c].flags & kColumnOtherwise) != 0) out.matched.erase(c);
    if (out.builtin == BuiltinRow::kUndecided && out.matched.contains(c) &&
        matrix.columns[c].kind == ColumnKind::kDecision) {
      out.builtin = BuiltinRow::kNone;
      out.column = c;
    }
  }
  return out;
}

}  // namespace writ::test
