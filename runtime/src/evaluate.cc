// From a request to values: meters, freshness of evidence, derived values. The obvious way, one
// value after the other, for matrices that need any of these (and for explaining and analysis);
// `Decide` has a shorter way for those that need none. Entry points: `Evaluate`, `AtomOfDimension`,
// `RowOfDimension`, `Diagnose`.
#include <algorithm>
#include <cstring>

#include "frame.h"
#include "writ/runtime/pattern.h"
#include "writ/runtime/session.h"

namespace writ::runtime {
namespace {

using format::kNone;

std::string_view TextOf(const Value& value) { return {value.text, value.size}; }

bool Contains(View v, format::Range list, std::uint32_t id) {
  const std::uint32_t* begin = v.lists() + list.first;
  return std::find(begin, begin + list.count, id) != begin + list.count;
}

bool SameValue(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  return a.kind == ValueKind::kNumber ? a.number == b.number
                                      : a.kind == ValueKind::kText && TextOf(a) == TextOf(b);
}

// What the request gives for a fact; missing where that is malformed. Only what is watched can be
// malformed by the time that a decision comes of it.
Value GivenFor(const Frame& f, std::uint32_t fact) {
  const Value& value = f.request.values[fact];
  return Suits(f.v, fact, value) ? value : Value{};
}

// There, not from the future, not too old, and about what this request is about.
bool IsFresh(const Frame& f, std::uint32_t id) {
  const format::EvidenceRecord& e = f.v.evidence(id);
  const Value at = GivenFor(f, e.at);
  if (at.kind != ValueKind::kNumber || at.number > f.request.now_ms) return false;
  if (at.number < WindowStart(f.v, f.request.now_ms, e.within_ms, e.within_months)) return false;
  const std::uint32_t* given = f.v.lists() + e.about_given.first;
  const std::uint32_t* wanted = f.v.lists() + e.about_wanted.first;
  for (std::uint32_t i = 0; i < e.about_given.count; ++i) {
    if (!SameValue(GivenFor(f, given[i]), GivenFor(f, wanted[i]))) return false;
  }
  return true;
}

struct Number {
  std::int64_t value = 0;
  State state = State::kMissing;
};

Number NumberOf(const Value& value) {
  if (value.kind != ValueKind::kNumber) return {};
  return {value.number, State::kPresent};
}

std::int64_t SaturatingAdd(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? (b < 0 ? INT64_MIN : INT64_MAX) : sum;
}

// What was recorded before, with this request on top where the meter says so.
Number MeterNumber(const Frame& f, std::uint32_t id) {
  const format::MeterRecord& meter = f.v.meter(id);
  Number n =
      NumberOf(f.session != nullptr ? f.session->Read({id}, f.request) : GivenFor(f, meter.fact));
  if (meter.including_this != 0 && Contains(f.v, meter.targets, f.request.capability.value)) {
    const Number input = meter.value == kNone ? Number{f.request.now_ms, State::kPresent}
                                              : NumberOf(GivenFor(f, meter.value));
    switch (static_cast<Fold>(meter.fold)) {
      case Fold::kCount:
        n.value = SaturatingAdd(n.value, 1);
        break;
      case Fold::kSum:
        n.value = SaturatingAdd(n.value, input.value);
        if (input.state == State::kMissing) n.state = State::kMissing;
        break;
      case Fold::kLast:  // missing before may mean "never", unless a key is missing
        n = f.session != nullptr && !f.session->KeysGiven({id}, f.request) ? NumberOf(Value{})
                                                                           : input;
        break;
      case Fold::kExists:
        n.value = 1;
        break;
      case Fold::kFirst:     // never includes this
      case Fold::kDistinct:  // what is read has this request in it
        break;
    }
  }
  const format::CheckRecord& check = f.v.checks()[meter.fact];
  if (n.state == State::kPresent) n.value = std::max(check.low, std::min(check.high, n.value));
  return n;
}

bool IsFreshBit(const Scratch& s, std::uint32_t id) {
  return ((s.fresh[id / 64] >> (id % 64)) & 1) != 0;
}

bool EvaluateRead(const Frame& f, std::uint32_t i, Scratch& s) {
  const format::ReadRecord& r = f.reads[i];
  s.read_state[i] = State::kPresent;
  if ((r.flags & format::kReadNow) != 0) {
    s.read_number[i] = f.request.now_ms;
    return true;
  }
  if ((r.flags & format::kReadRole) != 0) {
    s.read_number[i] = RoleNumber(f.v, f.request);
    return true;
  }
  if ((r.flags & format::kReadMeter) != 0 && f.session != nullptr) {
    const Number n = MeterNumber(f, f.v.fact(r.fact).meter);
    s.read_number[i] = n.value;
    s.read_state[i] = n.state;
    return true;
  }
  const Value& value = f.request.values[r.fact];
  s.read_number[i] = value.number;
  if (value.kind == ValueKind::kMissing) {
    s.read_state[i] = State::kMissing;
    if ((r.flags & format::kReadRequired) != 0) return false;
  } else if (!Suits(f.v, r.fact, value)) {
    s.read_state[i] = State::kMissing;
    if ((r.flags & format::kReadWatched) == 0) return false;
  }
  if ((r.flags & format::kReadMeter) != 0) {
    const Number n = MeterNumber(f, f.v.fact(r.fact).meter);
    s.read_number[i] = n.value;
    s.read_state[i] = n.state;
  }
  if ((r.flags & format::kReadEvidence) != 0 && !IsFreshBit(s, f.v.fact(r.fact).evidence)) {
    s.read_state[i] = State::kMissing;
  }
  return true;
}

// A text operand with its substitute: null where it is unknown.
struct TextOperand {
  std::string_view text;
  bool known;
};
TextOperand TextOperandOf(const Frame& f, const Scratch& s, std::uint32_t read, bool has_substitute,
                          format::StringAt substitute) {
  if (s.read_state[read] == State::kPresent)
    return {TextOf(f.request.values[f.reads[read].fact]), true};
  if (has_substitute) return {f.v.String(substitute), true};
  return {{}, false};
}

Number EvaluateText(const Frame& f, const Scratch& s, const format::InstructionRecord& i) {
  const auto boolean = [](bool b) { return Number{b ? 1 : 0, State::kPresent}; };
  const auto a = [&] {
    return TextOperandOf(f, s, i.read_a, (i.flags & format::kHasSubstituteA) != 0, i.substitute_a);
  };
  const auto b = [&] {
    return TextOperandOf(f, s, i.read_b, (i.flags & format::kHasSubstituteB) != 0, i.substitute_b);
  };
  const auto has = [&](std::string_view wanted) {
    const Value& set = f.request.values[f.reads[i.read_a].fact];
    return boolean(std::find(set.texts, set.texts + set.size, wanted) != set.texts + set.size);
  };
  const bool set_known = s.read_state[i.read_a] == State::kPresent;
  switch (static_cast<Op>(i.op)) {
    case Op::kTextEqual:
      return a().known && b().known ? boolean(a().text == b().text) : Number{};
    case Op::kTextEqualConst:
      return a().known ? boolean(a().text == f.v.String(i.text)) : Number{};
    case Op::kTextPrefix:
      return a().known
                 ? boolean(a().text.substr(0, f.v.String(i.text).size()) == f.v.String(i.text))
                 : Number{};
    case Op::kMatches:
      return a().known ? boolean(f.v.Pattern(i.b).Accepts(a().text)) : Number{};
    case Op::kSetHasText:
      return set_known ? has(f.v.String(i.text)) : Number{};
    case Op::kSetHasFact:
      return set_known && b().known ? has(b().text) : Number{};
    case Op::kFact:
    case Op::kConst:
    case Op::kSubstitute:
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kMin:
    case Op::kMax:
    case Op::kNegate:
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kAnd:
    case Op::kOr:
    case Op::kNot:
    case Op::kIsMissing:
    case Op::kIsUnknown:
    case Op::kSetHasEnum:
    case Op::kEvidence:
      break;
  }
  return {};
}

// Both operands known, and the result representable; else missing.
Number Arithmetic(Op op, const Number& a, const Number& b) {
  if (a.state == State::kMissing || b.state == State::kMissing) return {};
  const auto boolean = [](bool x) { return Number{x ? 1 : 0, State::kPresent}; };
  Number n = {0, State::kPresent};
  bool overflow = false;
  switch (op) {
    case Op::kAdd:
      overflow = __builtin_add_overflow(a.value, b.value, &n.value);
      break;
    case Op::kSubtract:
      overflow = __builtin_sub_overflow(a.value, b.value, &n.value);
      break;
    case Op::kMultiply:
      overflow = __builtin_mul_overflow(a.value, b.value, &n.value);
      break;
    case Op::kMin:
      n.value = std::min(a.value, b.value);
      break;
    case Op::kMax:
      n.value = std::max(a.value, b.value);
      break;
    case Op::kEqual:
      return boolean(a.value == b.value);
    case Op::kLess:
      return boolean(a.value < b.value);
    case Op::kLessEqual:
      return boolean(a.value <= b.value);
    case Op::kFact:
    case Op::kConst:
    case Op::kSubstitute:
    case Op::kNegate:
    case Op::kAnd:
    case Op::kOr:
    case Op::kNot:
    case Op::kIsMissing:
    case Op::kIsUnknown:
    case Op::kTextEqual:
    case Op::kTextEqualConst:
    case Op::kTextPrefix:
    case Op::kSetHasText:
    case Op::kSetHasFact:
    case Op::kSetHasEnum:
    case Op::kEvidence:
    case Op::kMatches:
      break;
  }
  return overflow ? Number{} : n;
}

// Kleene: `decisive` (false for and, true for or) settles it whatever the other is.
Number Connective(const Number& a, const Number& b, std::int64_t decisive) {
  const auto settles = [&](const Number& n) {
    return n.state == State::kPresent && n.value == decisive;
  };
  if (settles(a) || settles(b)) return {decisive, State::kPresent};
  if (a.state == State::kMissing || b.state == State::kMissing) return {};
  return {1 - decisive, State::kPresent};
}

Number EvaluateInstruction(const Frame& f, const Scratch& s, const format::InstructionRecord& i) {
  const auto value = [&](std::uint32_t operand) {
    return Number{s.value[operand], s.value_state[operand]};
  };
  const auto boolean = [](bool b) { return Number{b ? 1 : 0, State::kPresent}; };
  const auto op = static_cast<Op>(i.op);
  switch (op) {
    case Op::kFact:
      return {s.read_number[i.read_a], s.read_state[i.read_a]};
    case Op::kConst:
      return {i.immediate, State::kPresent};
    case Op::kSubstitute:
      return value(i.a).state == State::kPresent ? value(i.a)
                                                 : Number{i.immediate, State::kPresent};
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kMin:
    case Op::kMax:
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
      return Arithmetic(op, value(i.a), value(i.b));
    case Op::kNegate:
      return Arithmetic(Op::kSubtract, {0, State::kPresent}, value(i.a));
    case Op::kAnd:
      return Connective(value(i.a), value(i.b), 0);
    case Op::kOr:
      return Connective(value(i.a), value(i.b), 1);
    case Op::kNot:
      return {1 - value(i.a).value, value(i.a).state};
    case Op::kIsMissing:
      return boolean(s.read_state[i.read_a] == State::kMissing);
    case Op::kIsUnknown:
      return boolean(value(i.a).state == State::kMissing);
    case Op::kSetHasEnum:
      if (s.read_state[i.read_a] == State::kMissing) return {};
      return boolean(((s.read_number[i.read_a] >> i.immediate) & 1) != 0);
    case Op::kEvidence:
      return boolean(IsFreshBit(s, i.a));
    case Op::kTextEqual:
    case Op::kTextEqualConst:
    case Op::kTextPrefix:
    case Op::kMatches:
    case Op::kSetHasText:
    case Op::kSetHasFact:
      return EvaluateText(f, s, i);
  }
  return {};
}

// `values`: of the atom map for an atom, of the dimension for a row.
std::uint32_t NumberAtom(const Frame& f, std::uint32_t map_kind, format::Range values,
                         std::int64_t number) {
  if (map_kind == static_cast<std::uint32_t>(AtomMapKind::kCuts)) {
    return 1 + CountCuts(f.v.cuts() + values.first, values.count, number);
  }
  // Only a role can be beyond the last value, which then stands for any other.
  return 1 +
         static_cast<std::uint32_t>(std::min<std::int64_t>(number, std::int64_t{values.count} - 1));
}

std::uint32_t PlaceOf(const Frame& f, const Scratch& s, const format::DimensionRecord& d,
                      std::uint32_t map_kind, format::Range values) {
  switch (static_cast<DimensionKind>(d.kind)) {
    case DimensionKind::kFact:
      if (s.read_state[d.read] == State::kMissing) return 0;
      if (map_kind == static_cast<std::uint32_t>(AtomMapKind::kStrings)) {
        return TextAtom(f.v, values, TextOf(f.request.values[d.index]));
      }
      return NumberAtom(f, map_kind, values, s.read_number[d.read]);
    case DimensionKind::kRole:
      return NumberAtom(f, map_kind, values, s.read_number[d.read]);
    case DimensionKind::kDerived:
      if (s.value_state[d.index] == State::kMissing) return 0;
      return NumberAtom(f, map_kind, values, s.value[d.index]);
    case DimensionKind::kEvidence:
      return IsFreshBit(s, d.index) ? 2 : 1;
  }
  return 0;
}

const format::DimensionRecord& DimensionOf(const Frame& f, std::uint32_t dimension) {
  return f.v.Records<format::DimensionRecord>(
      format::kDimensions)[f.m.dimensions.first + dimension];
}

}  // namespace

bool Suits(View v, std::uint32_t fact, const Value& value) {
  const format::ReadKind kind = KindOf(static_cast<ValueType>(v.fact(fact).type));
  if (static_cast<std::uint8_t>(value.kind) != kind) return false;
  if (kind != format::kReadNumber)
    return (v.fact(fact).flags & format::kFactUtf8) == 0 || IsUtf8(TextOf(value));
  const format::CheckRecord& check = v.checks()[fact];
  return check.low <= value.number && value.number <= check.high;
}

bool Evaluate(const Frame& f, Scratch& s) {
  std::memset(s.fresh, 0, sizeof s.fresh);
  const std::uint32_t* evidence = f.v.lists() + f.m.evidence.first;
  for (std::uint32_t i = 0; i < f.m.evidence.count; ++i) {
    if (IsFresh(f, evidence[i]))
      s.fresh[evidence[i] / 64] |= std::uint64_t{1} << (evidence[i] % 64);
  }
  for (std::uint32_t i = 0; i < f.m.reads.count; ++i) {
    if (!EvaluateRead(f, i, s)) return false;
  }
  const auto* code = f.v.Records<format::InstructionRecord>(format::kInstructions) + f.m.code.first;
  for (std::uint32_t i = 0; i < f.m.code.count; ++i) {
    const Number n = EvaluateInstruction(f, s, code[i]);
    s.value[i] = n.value;
    s.value_state[i] = n.state;
  }
  return true;
}

std::uint32_t AtomOfDimension(const Frame& f, const Scratch& s, std::uint32_t dimension) {
  const format::DimensionRecord& d = DimensionOf(f, dimension);
  const format::AtomMapRecord& map = f.v.atom_map(d.atoms);
  return PlaceOf(f, s, d, map.kind, map.values);
}

const std::uint64_t* RowOfDimension(const Frame& f, const Scratch& s, std::uint32_t dimension) {
  const format::DimensionRecord& d = DimensionOf(f, dimension);
  const std::size_t row = PlaceOf(f, s, d, f.v.atom_map(d.atoms).kind, d.values);
  return f.v.bits() + d.rows + row * f.m.word_count;
}

std::uint32_t TextAtom(View v, format::Range strings, std::string_view text) {
  std::uint32_t low = 0, high = strings.count;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const int order = v.Name(strings, middle).compare(text);
    if (order == 0) return 1 + middle;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return 1 + strings.count;
}

Decision Diagnose(const Frame& f) {
  Decision d;
  d.capability = f.request.capability;
  const auto from_request = [&](std::uint32_t fact) {
    const format::FactRecord& r = f.v.fact(fact);
    const auto type = static_cast<ValueType>(r.type);
    const auto source = static_cast<Source>(r.source);
    return !(r.meter != kNone && f.session != nullptr) &&
           !IsNow(f.v.String(r.name), source, type) && !IsRole(f.v.String(r.name), source, type);
  };
  const auto malformed = [&](std::uint32_t fact) {
    const Value& value = f.request.values[fact];
    return from_request(fact) && value.kind != ValueKind::kMissing && !Suits(f.v, fact, value);
  };
  const std::uint32_t* signature = f.v.lists() + f.m.signature.first;
  const auto found = [&](BuiltinRow row, std::uint32_t fact) {
    d.builtin = row;
    d.fact = {fact};
    return d;
  };
  for (std::uint32_t i = 0; i < f.m.signature.count; ++i) {
    if (malformed(signature[i] / 2)) return found(BuiltinRow::kMalformed, signature[i] / 2);
  }
  for (std::uint32_t i = 0; i < f.m.signature.count; ++i) {
    const std::uint32_t fact = signature[i] / 2;
    if (signature[i] % 2 != 0 && from_request(fact) &&
        f.request.values[fact].kind == ValueKind::kMissing) {
      return found(BuiltinRow::kMissingInput, fact);
    }
  }
  return d;  // the table says that it requires what its signature does not: undecided, so denied
}

}  // namespace writ::runtime
