// The rules of the tableau for worked-out values: one per operation and wanted outcome.
//
// They follow the meaning of the operations (vocabulary.h, docs/semantics.md M6 and M7): Kleene's
// tables for connectives, "known iff all operands are" for arithmetic and comparisons.
//
// Entry points: Expander::Known, Expander::Unknown, Expander::TruthIs, Expander::Propagate.
#include <algorithm>
#include <limits>
#include <utility>

#include "tableau.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

NeedKind ForTruth(Truth truth) {
  switch (truth) {
    case Truth::kFalse:
      return NeedKind::kFalse;
    case Truth::kTrue:
      return NeedKind::kTrue;
    case Truth::kMissing:
    case Truth::kOpen:
      return NeedKind::kTruthMissing;
  }
  return NeedKind::kTruthMissing;
}

Range Hull(const InstructionView& in, Range a, Range b) {
  const auto range = [](Int128 low, Int128 high) { return Range{Clip(low), Clip(high)}; };
  switch (in.op) {
    case Op::kAdd:
      return range(Int128{a.low} + b.low, Int128{a.high} + b.high);
    case Op::kSubtract:
      return range(Int128{a.low} - b.high, Int128{a.high} - b.low);
    case Op::kNegate:
      return range(-Int128{a.high}, -Int128{a.low});
    case Op::kMin:
      return range(std::min(a.low, b.low), std::min(a.high, b.high));
    case Op::kMax:
      return range(std::max(a.low, b.low), std::max(a.high, b.high));
    case Op::kMultiply: {
      const Int128 corners[4] = {Int128{a.low} * b.low, Int128{a.low} * b.high,
                                 Int128{a.high} * b.low, Int128{a.high} * b.high};
      return range(*std::min_element(corners, corners + 4),
                   *std::max_element(corners, corners + 4));
    }
    default:
      return {kMin, kMax};
  }
}

}  // namespace

Alternatives Expander::Known(State* state, std::uint32_t i) const {
  const InstructionView& in = s_.code[c_.instructions[i]];
  if (ShapeOf(in.op).is_boolean) {
    const Range bounds = state->bounds[v_.Result(i)];
    Alternatives alternatives;
    if (bounds.low <= 1 && 1 <= bounds.high) alternatives.push_back({{NeedKind::kTrue, i}});
    if (bounds.low <= 0 && 0 <= bounds.high) alternatives.push_back({{NeedKind::kFalse, i}});
    return alternatives;
  }
  if (state->known[i] != Presence::kOpen) return If(state->known[i] == Presence::kPresent);
  state->known[i] = Presence::kPresent;
  const std::uint32_t result = v_.Result(i);
  const auto operand = [&](std::uint32_t v) { return code_at_[v]; };
  switch (in.op) {
    case Op::kFact: {
      const std::uint32_t fact = Fact(FactId{in.a});
      return {{{NeedKind::kPresent, fact}, {NeedKind::kEqual, result, v_.Seen(fact)}}};
    }
    case Op::kConst:
      return If(Bound(state, result, {in.immediate, in.immediate}));
    case Op::kSubstitute: {
      const std::uint32_t a = operand(in.a);
      return {{{NeedKind::kKnown, a}, {NeedKind::kEqual, result, v_.Result(a)}},
              {{NeedKind::kUnknown, a}, {NeedKind::kResultIn, i, 0, {in.immediate, in.immediate}}}};
    }
    case Op::kNegate:
      state->rows.push_back({{{result, 1}, {v_.Result(operand(in.a)), 1}}, 0, true});
      return {{{NeedKind::kKnown, operand(in.a)}}};
    default:
      break;
  }
  const std::uint32_t a = operand(in.a), b = operand(in.b), va = v_.Result(a), vb = v_.Result(b);
  const Needs both = {{NeedKind::kKnown, a}, {NeedKind::kKnown, b}};
  if (in.op == Op::kAdd) state->rows.push_back({{{result, 1}, {va, -1}, {vb, -1}}, 0, true});
  if (in.op == Op::kSubtract) state->rows.push_back({{{result, 1}, {va, -1}, {vb, 1}}, 0, true});
  if (in.op == Op::kMultiply) state->products.push_back({result, va, vb});
  if (in.op != Op::kMin && in.op != Op::kMax) return {both};
  Needs first = both, second = both;  // the first operand is the result, or the second is
  const bool is_min = in.op == Op::kMin;
  first.push_back({NeedKind::kGap, is_min ? va : vb, is_min ? vb : va, {0, 0}});
  first.push_back({NeedKind::kEqual, result, va});
  second.push_back({NeedKind::kGap, is_min ? vb : va, is_min ? va : vb, {0, -1}});
  second.push_back({NeedKind::kEqual, result, vb});
  return {first, second};
}

Alternatives Expander::Unknown(State* state, std::uint32_t i) const {
  const InstructionView& in = s_.code[c_.instructions[i]];
  if (ShapeOf(in.op).is_boolean) return {{{NeedKind::kTruthMissing, i}}};
  if (state->known[i] != Presence::kOpen) return If(state->known[i] == Presence::kMissing);
  state->known[i] = Presence::kMissing;
  switch (in.op) {
    case Op::kFact:
      return {{{NeedKind::kAbsent, Fact(FactId{in.a})}}};
    case Op::kConst:
    case Op::kSubstitute:
      return No();
    case Op::kNegate:
      return {{{NeedKind::kUnknown, code_at_[in.a]}}};
    default:  // arithmetic; the compiler proves that nothing overflows
      return {{{NeedKind::kUnknown, code_at_[in.a]}}, {{NeedKind::kUnknown, code_at_[in.b]}}};
  }
}

Alternatives Expander::TruthIs(State* state, std::uint32_t i, Truth truth) const {
  const InstructionView& in = s_.code[c_.instructions[i]];
  const std::int64_t number = truth == Truth::kTrue ? 1 : 0;
  if (!ShapeOf(in.op).is_boolean) {  // a boolean fact, constant or one of these with a substitute
    if (truth == Truth::kMissing) return {{{NeedKind::kUnknown, i}}};
    return {{{NeedKind::kResultIn, i, 0, {number, number}}}};
  }
  if (state->truth[i] != Truth::kOpen) return If(state->truth[i] == truth);
  state->truth[i] = truth;
  if (truth != Truth::kMissing && !Bound(state, v_.Result(i), {number, number})) return No();
  const bool is_true = truth == Truth::kTrue, is_missing = truth == Truth::kMissing;
  switch (in.op) {
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
      return Compare(in, code_at_[in.a], code_at_[in.b], truth);
    case Op::kAnd:
    case Op::kOr:
      return Connect(code_at_[in.a], code_at_[in.b], truth, in.op == Op::kAnd);
    case Op::kNot:
      if (is_missing) return {{{NeedKind::kTruthMissing, code_at_[in.a]}}};
      return {{{is_true ? NeedKind::kFalse : NeedKind::kTrue, code_at_[in.a]}}};
    case Op::kIsMissing:
      if (is_missing) return No();
      return {{{is_true ? NeedKind::kAbsent : NeedKind::kPresent, Fact(FactId{in.a})}}};
    case Op::kIsUnknown:
      if (is_missing) return No();
      return {{{is_true ? NeedKind::kUnknown : NeedKind::kKnown, code_at_[in.a]}}};
    case Op::kTextEqual:
    case Op::kTextEqualConst:
    case Op::kTextPrefix:
    case Op::kMatches:
      return Texts(in, truth);
    case Op::kSetHasText:
    case Op::kSetHasFact:
    case Op::kSetHasEnum:
      return Sets(in, truth);
    case Op::kEvidence:
      for (const std::uint32_t slot : c_.slots) {
        if (s_.slots[slot].evidence.value == in.a)
          return If(!is_missing && box_.fresh[slot] == is_true);
      }
      return No();
    default:
      return No();
  }
}

Alternatives Expander::Compare(const InstructionView& in, std::uint32_t a, std::uint32_t b,
                               Truth truth) const {
  if (truth == Truth::kMissing) return {{{NeedKind::kUnknown, a}}, {{NeedKind::kUnknown, b}}};
  const std::uint32_t va = v_.Result(a), vb = v_.Result(b);
  Needs both = {{NeedKind::kKnown, a}, {NeedKind::kKnown, b}};
  const bool is_true = truth == Truth::kTrue;
  const Need less = {NeedKind::kGap, va, vb, {0, -1}}, greater = {NeedKind::kGap, vb, va, {0, -1}};
  switch (in.op) {
    case Op::kLess:
      both.push_back(is_true ? less : Need{NeedKind::kGap, vb, va, {0, 0}});
      return {both};
    case Op::kLessEqual:
      both.push_back(is_true ? Need{NeedKind::kGap, va, vb, {0, 0}} : greater);
      return {both};
    default:
      break;
  }
  if (is_true) {
    both.push_back({NeedKind::kEqual, va, vb});
    return {both};
  }
  Needs first = both, second = both;
  first.push_back(greater);
  second.push_back(less);
  return {first, second};
}

// Kleene: for `and`, false if one is; missing if neither is false and one is missing. `or` is its
// mirror image.
Alternatives Expander::Connect(std::uint32_t a, std::uint32_t b, Truth truth, bool is_and) const {
  const Truth neutral = is_and ? Truth::kTrue : Truth::kFalse;
  const Truth decisive = is_and ? Truth::kFalse : Truth::kTrue;
  const auto pair = [&](Truth x, Truth y) { return Needs{{ForTruth(x), a}, {ForTruth(y), b}}; };
  if (truth == neutral) return {pair(neutral, neutral)};
  if (truth == decisive) return {{{ForTruth(decisive), a}}, {{ForTruth(decisive), b}}};
  return {pair(Truth::kMissing, neutral), pair(neutral, Truth::kMissing),
          pair(Truth::kMissing, Truth::kMissing)};
}

// A text operand is present, read as its substitute, or unknown; one alternative for each
// combination that the wanted outcome leaves.
Alternatives Expander::Texts(const InstructionView& in, Truth truth) const {
  const std::uint32_t a = Fact(FactId{in.a});
  const bool is_true = truth == Truth::kTrue, is_missing = truth == Truth::kMissing;
  if (in.op != Op::kTextEqual) {
    const bool prefix = in.op == Op::kTextPrefix, pattern = in.op == Op::kMatches;
    const bool substitute = pattern  ? s_.table.Pattern(in.b).Accepts(in.substitute_a)
                            : prefix ? in.substitute_a.starts_with(in.text)
                                     : in.substitute_a == in.text;
    if (is_missing) return in.has_substitute_a ? No() : Alternatives{{{NeedKind::kAbsent, a}}};
    const NeedKind kind = pattern  ? (is_true ? NeedKind::kMatches : NeedKind::kMatchesNot)
                          : prefix ? (is_true ? NeedKind::kPrefix : NeedKind::kNotPrefix)
                                   : (is_true ? NeedKind::kIs : NeedKind::kIsNot);
    Alternatives alternatives = {
        {{NeedKind::kPresent, a}, {kind, a, pattern ? in.b : 0, {}, in.text}}};
    if (in.has_substitute_a && substitute == is_true)
      alternatives.push_back({{NeedKind::kAbsent, a}});
    return alternatives;
  }
  const std::uint32_t b = Fact(FactId{in.b});
  Alternatives alternatives;
  if (is_missing) {
    if (!in.has_substitute_a) alternatives.push_back({{NeedKind::kAbsent, a}});
    if (!in.has_substitute_b) alternatives.push_back({{NeedKind::kAbsent, b}});
    return alternatives;
  }
  alternatives.push_back({{NeedKind::kPresent, a},
                          {NeedKind::kPresent, b},
                          {is_true ? NeedKind::kSame : NeedKind::kDifferent, a, b}});
  const NeedKind is = is_true ? NeedKind::kIs : NeedKind::kIsNot;
  if (in.has_substitute_a) {
    alternatives.push_back(
        {{NeedKind::kAbsent, a}, {NeedKind::kPresent, b}, {is, b, 0, {}, in.substitute_a}});
  }
  if (in.has_substitute_b) {
    alternatives.push_back(
        {{NeedKind::kPresent, a}, {NeedKind::kAbsent, b}, {is, a, 0, {}, in.substitute_b}});
  }
  if (in.has_substitute_a && in.has_substitute_b &&
      (in.substitute_a == in.substitute_b) == is_true) {
    alternatives.push_back({{NeedKind::kAbsent, a}, {NeedKind::kAbsent, b}});
  }
  return alternatives;
}

Alternatives Expander::Sets(const InstructionView& in, Truth truth) const {
  const std::uint32_t set = Fact(FactId{in.a});
  const bool is_true = truth == Truth::kTrue, is_missing = truth == Truth::kMissing;
  const bool by_fact = in.op == Op::kSetHasFact;
  Alternatives alternatives;
  if (is_missing) {
    alternatives.push_back({{NeedKind::kAbsent, set}});
    if (by_fact && !in.has_substitute_b)
      alternatives.push_back({{NeedKind::kAbsent, Fact(FactId{in.b})}});
    return alternatives;
  }
  if (in.op == Op::kSetHasEnum) {
    const auto bit = static_cast<std::uint32_t>(in.immediate);
    return {{{NeedKind::kPresent, set},
             {is_true ? NeedKind::kHasBit : NeedKind::kHasNotBit, set, bit}}};
  }
  const NeedKind has = is_true ? NeedKind::kHas : NeedKind::kHasNot;
  if (!by_fact) return {{{NeedKind::kPresent, set}, {has, set, 0, {}, in.text}}};
  const std::uint32_t b = Fact(FactId{in.b});
  alternatives.push_back({{NeedKind::kPresent, set},
                          {NeedKind::kPresent, b},
                          {is_true ? NeedKind::kHasFact : NeedKind::kHasNotFact, set, b}});
  if (in.has_substitute_b) {
    alternatives.push_back(
        {{NeedKind::kPresent, set}, {NeedKind::kAbsent, b}, {has, set, 0, {}, in.substitute_b}});
  }
  return alternatives;
}

bool Expander::Propagate(State* state) const {
  for (std::uint32_t i = 0; i < c_.instructions.size(); ++i) {
    if (state->known[i] != Presence::kPresent) continue;
    const InstructionView& in = s_.code[c_.instructions[i]];
    std::vector<Range> operands;
    ForEachOperand(
        in, [&](std::uint32_t v) { operands.push_back(state->bounds[v_.Result(code_at_[v])]); });
    Range range = {kMin, kMax};
    if (in.op == Op::kFact) {
      range = state->bounds[v_.Seen(Fact(FactId{in.a}))];
    } else if (in.op != Op::kSubstitute && !operands.empty()) {
      range = Hull(in, operands.front(), operands.back());
    }
    if (!Bound(state, v_.Result(i), range)) return false;
  }
  return true;
}

}  // namespace writ::analysis
