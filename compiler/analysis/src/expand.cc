// The rules of the tableau: what each need breaks down into.
//
// One rule per operation and wanted outcome, after the meaning of the operation (vocabulary.h,
// docs/semantics.md M6 to M9): Kleene's tables for connectives, "known iff all operands are" for
// arithmetic and comparisons, freshness written out as conditions on times. See solve.cc for how
// they are used.
//
// Entry point: Expander::Expand.
#include <algorithm>
#include <limits>
#include <utility>

#include "tableau.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

std::int64_t Clip(Int128 x) {
  return static_cast<std::int64_t>(std::clamp(x, Int128{kMin}, Int128{kMax}));
}

bool IsBooleanOp(Op op) {
  switch (op) {
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
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
      return true;
    case Op::kFact:
    case Op::kConst:
    case Op::kSubstitute:
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kMin:
    case Op::kMax:
    case Op::kNegate:
      return false;
  }
  return false;
}

Alternatives Yes() { return {{}}; }
Alternatives No() { return {}; }
Alternatives If(bool holds) { return holds ? Yes() : No(); }

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
    case Op::kFact:
    case Op::kConst:
    case Op::kSubstitute:
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
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
      break;
  }
  return {kMin, kMax};
}

}  // namespace

Expander::Expander(const Space::Impl& space, std::uint32_t component, const Box& box,
                   std::int64_t prefer_now)
    : s_(space),
      c_(space.components[component]),
      box_(box),
      prefer_now_(prefer_now),
      number_(component) {
  domain_at_.assign(space.domains.size(), kNoIndex);
  code_at_.assign(space.code.size(), kNoIndex);
  for (std::uint32_t i = 0; i < c_.domains.size(); ++i) domain_at_[c_.domains[i]] = i;
  for (std::uint32_t i = 0; i < c_.instructions.size(); ++i) code_at_[c_.instructions[i]] = i;
  v_.domains = static_cast<std::uint32_t>(c_.domains.size());
}

State Expander::Start() const {
  State state;
  state.presence.assign(c_.domains.size(), Presence::kOpen);
  state.known.assign(c_.instructions.size(), Presence::kOpen);
  state.truth.assign(c_.instructions.size(), Truth::kOpen);
  state.must.assign(c_.domains.size(), 0);
  state.must_not.assign(c_.domains.size(), 0);
  for (const std::uint32_t d : c_.domains)
    state.bounds.push_back({s_.domains[d].low, s_.domains[d].high});
  for (const std::uint32_t d : c_.domains)
    state.bounds.push_back({s_.domains[d].given_low, s_.domains[d].given_high});
  state.bounds.resize(state.bounds.size() + c_.instructions.size(), Range{kMin, kMax});
  for (const std::uint32_t slot : c_.slots) {
    if (s_.slots[slot].explicit_time) {
      if (s_.slots[slot].component != number_) continue;
      state.agenda.push_back({box_.fresh[slot] ? NeedKind::kFresh : NeedKind::kStale, slot});
    } else if (box_.fresh[slot]) {
      for (const FactId wanted : s_.table.Evidence(s_.slots[slot].evidence).about_wanted) {
        if (Fact(wanted) != kNoIndex) state.agenda.push_back({NeedKind::kPresent, Fact(wanted)});
      }
    }
  }
  for (const std::uint32_t d : c_.dimensions) {
    if (box_.atoms[d] != AtomSet::All(box_.atoms[d].size()))
      state.agenda.push_back({NeedKind::kDimension, d});
  }
  return state;
}

Alternatives Expander::Expand(State* state, const Need& need) const {
  switch (need.kind) {
    case NeedKind::kPresent:
      return Present(state, need.a);
    case NeedKind::kAbsent:
      return Absent(state, need.a);
    case NeedKind::kKnown:
      return Known(state, need.a);
    case NeedKind::kUnknown:
      return Unknown(state, need.a);
    case NeedKind::kFalse:
      return TruthIs(state, need.a, Truth::kFalse);
    case NeedKind::kTrue:
      return TruthIs(state, need.a, Truth::kTrue);
    case NeedKind::kTruthMissing:
      return TruthIs(state, need.a, Truth::kMissing);
    case NeedKind::kFactIn:
      return Bound(state, v_.Seen(need.a), need.range)
                 ? Alternatives{{{NeedKind::kPresent, need.a}}}
                 : No();
    case NeedKind::kResultIn:
      return Bound(state, v_.Result(need.a), need.range)
                 ? Alternatives{{{NeedKind::kKnown, need.a}}}
                 : No();
    case NeedKind::kEqual:
      state->rows.push_back({{{need.a, 1}, {need.b, -1}}, 0, true});
      return Yes();
    case NeedKind::kGap:
      state->rows.push_back({{{need.a, 1}, {need.b, -1}}, need.range.high, false});
      return Yes();
    case NeedKind::kAdded:
    case NeedKind::kCapped:
    case NeedKind::kFloored: {
      const FactDomain& domain = Domain(need.a);
      std::vector<Term> sum = {{v_.Given(need.a), 1}};
      if (domain.fold == Fold::kSum) sum.push_back({v_.Seen(domain_at_[domain.addend]), 1});
      const Int128 plus = domain.fold == Fold::kCount ? 1 : 0;
      const FactView fact = s_.table.Fact(domain.fact);
      if (need.kind == NeedKind::kAdded) {
        sum.push_back({v_.Seen(need.a), -1});
        state->rows.push_back({std::move(sum), -plus, true});
        return Yes();
      }
      const bool top = need.kind == NeedKind::kCapped;
      for (Term& term : sum) term.coefficient = top ? -1 : 1;
      state->rows.push_back({std::move(sum),
                             top ? -Int128{fact.high} - 1 + plus : Int128{fact.low} - 1 - plus,
                             false});
      return If(Bound(state, v_.Seen(need.a),
                      top ? Range{fact.high, fact.high} : Range{fact.low, fact.low}));
    }
    case NeedKind::kSame:
    case NeedKind::kDifferent:
    case NeedKind::kIs:
    case NeedKind::kIsNot:
    case NeedKind::kPrefix:
    case NeedKind::kNotPrefix:
    case NeedKind::kTextAtoms:
    case NeedKind::kHas:
    case NeedKind::kHasNot:
    case NeedKind::kHasFact:
    case NeedKind::kHasNotFact:
      state->texts.push_back({need.kind, need.a, need.b, need.text});
      return Yes();
    case NeedKind::kHasBit:
      state->must[need.a] |= std::uint64_t{1} << (need.b & 63);
      return Yes();
    case NeedKind::kHasNotBit:
      state->must_not[need.a] |= std::uint64_t{1} << (need.b & 63);
      return Yes();
    case NeedKind::kDimension:
      return Dimension(need.a);
    case NeedKind::kFresh:
      return Fresh(need.a);
    case NeedKind::kStale:
      return Stale(need.a);
  }
  return No();
}

bool Expander::Bound(State* state, std::uint32_t variable, Range range) const {
  Range& bounds = state->bounds[variable];
  bounds.low = std::max(bounds.low, range.low);
  bounds.high = std::min(bounds.high, range.high);
  return bounds.low <= bounds.high;
}

// --- Facts
// -----------------------------------------------------------------------------------------------------------

Alternatives Expander::Present(State* state, std::uint32_t d) const {
  if (state->presence[d] != Presence::kOpen) return If(state->presence[d] == Presence::kPresent);
  const FactDomain& domain = Domain(d);
  const bool is_last =
      domain.adds_this && domain.fold == Fold::kLast;  // what was before does not show
  if ((!domain.may_be_present && !is_last) || (domain.slot != kNoIndex && !box_.fresh[domain.slot]))
    return No();
  state->presence[d] = Presence::kPresent;
  Alternatives alternatives = Seen(domain, d);
  if (domain.ranges.empty()) return alternatives;
  Alternatives each;
  for (const Range range : domain.ranges) {
    each.push_back(alternatives.front());
    each.back().push_back({NeedKind::kFactIn, d, 0, range});
  }
  return each;
}

// Ties what conditions see to what a request gives.
Alternatives Expander::Seen(const FactDomain& domain, std::uint32_t d) const {
  if (!domain.adds_this) return {{{NeedKind::kEqual, v_.Seen(d), v_.Given(d)}}};
  Needs needs;
  switch (domain.fold) {
    case Fold::kExists:
      return {{{NeedKind::kFactIn, d, 0, {1, 1}}}};
    case Fold::kLast: {
      if (domain.addend == kNoIndex)
        return {{{NeedKind::kFactIn, d, 0, {prefer_now_, prefer_now_}}}};
      const std::uint32_t addend = domain_at_[domain.addend];
      return {{{NeedKind::kPresent, addend}, {NeedKind::kEqual, v_.Seen(d), v_.Seen(addend)}}};
    }
    case Fold::kSum:
      needs.push_back({NeedKind::kPresent, domain_at_[domain.addend]});
      break;
    case Fold::kCount:
      break;
  }
  const FactView fact = s_.table.Fact(domain.fact);
  Alternatives alternatives = {needs};
  alternatives[0].push_back({NeedKind::kAdded, d});
  // The sum stays inside the meter's range. Where anything may be recorded, another record gives
  // the same value.
  if (domain.given_low == fact.low && domain.given_high == fact.high) return alternatives;
  for (const NeedKind kind : {NeedKind::kCapped, NeedKind::kFloored}) {
    alternatives.push_back(needs);
    alternatives.back().push_back({kind, d});
  }
  return alternatives;
}

Alternatives Expander::Absent(State* state, std::uint32_t d) const {
  if (state->presence[d] != Presence::kOpen) return If(state->presence[d] == Presence::kMissing);
  const FactDomain& domain = Domain(d);
  state->presence[d] = Presence::kMissing;
  Alternatives alternatives;
  const bool stale = domain.slot != kNoIndex && !box_.fresh[domain.slot];
  const bool is_last = domain.adds_this && domain.fold == Fold::kLast;
  if ((domain.may_be_missing || stale) && !is_last) alternatives.push_back({});
  if (domain.adds_this && domain.addend != kNoIndex && (is_last || domain.fold == Fold::kSum)) {
    alternatives.push_back({{NeedKind::kAbsent, domain_at_[domain.addend]}});
  }
  return alternatives;
}

// --- Dimensions and evidence
// -----------------------------------------------------------------------------------------

Alternatives Expander::Dimension(std::uint32_t d) const {
  const DimensionInfo& info = s_.dimensions[d];
  const AtomSet& atoms = box_.atoms[d];
  const AtomMapView map = s_.table.AtomMap(info.view.atoms);
  const auto kind = static_cast<DimensionKind>(info.view.kind);
  Alternatives alternatives;
  if (kind == DimensionKind::kEvidence || (kind == DimensionKind::kRole && info.domain == kNoIndex))
    return Yes();
  if (kind == DimensionKind::kDerived) {
    const std::uint32_t i = code_at_[info.view.index];
    for (const Range range : s_.RangesOf(map, atoms))
      alternatives.push_back({{NeedKind::kResultIn, i, 0, range}});
    if (atoms.Has(0)) alternatives.push_back({{NeedKind::kUnknown, i}});
    return alternatives;
  }
  const std::uint32_t f = domain_at_[info.domain];
  if (IsTextType(Domain(f).type)) {
    if (atoms.Next(1) < atoms.size())
      alternatives.push_back({{NeedKind::kPresent, f}, {NeedKind::kTextAtoms, f, d}});
  } else {
    for (const Range range : s_.RangesOf(map, atoms))
      alternatives.push_back({{NeedKind::kFactIn, f, 0, range}});
  }
  if (atoms.Has(0)) alternatives.push_back({{NeedKind::kAbsent, f}});
  return alternatives;
}

Needs Expander::Same(std::uint32_t a, std::uint32_t b) const {
  if (IsTextType(Domain(a).type)) return {{NeedKind::kSame, a, b}};
  return {{NeedKind::kEqual, v_.Seen(a), v_.Seen(b)}};
}

// Given, not later than now, at most `within` before it, and about what the request is about.
Alternatives Expander::Fresh(std::uint32_t slot) const {
  const EvidenceView view = s_.table.Evidence(s_.slots[slot].evidence);
  const std::uint32_t at = Fact(view.at);
  Needs needs;
  if (s_.now_fact.valid()) {
    const std::uint32_t now = Fact(s_.now_fact);
    needs = {{NeedKind::kPresent, at},
             {NeedKind::kPresent, now},
             {NeedKind::kGap, v_.Seen(at), v_.Seen(now), {0, 0}},
             {NeedKind::kGap, v_.Seen(now), v_.Seen(at), {0, view.within_ms}}};
  } else {
    needs = {{NeedKind::kFactIn, at, 0, {Clip(Int128{prefer_now_} - view.within_ms), prefer_now_}}};
  }
  for (std::uint32_t i = 0; i < view.about_given.size(); ++i) {
    const std::uint32_t given = Fact(view.about_given[i]), wanted = Fact(view.about_wanted[i]);
    needs.push_back({NeedKind::kPresent, given});
    needs.push_back({NeedKind::kPresent, wanted});
    const Needs same = Same(given, wanted);
    needs.insert(needs.end(), same.begin(), same.end());
  }
  return {needs};
}

Alternatives Expander::Stale(std::uint32_t slot) const {
  const EvidenceView view = s_.table.Evidence(s_.slots[slot].evidence);
  const std::uint32_t at = Fact(view.at);
  Alternatives alternatives = {{{NeedKind::kAbsent, at}}};
  if (s_.now_fact.valid()) {
    const std::uint32_t now = Fact(s_.now_fact);
    const std::int64_t older = Clip(-Int128{view.within_ms} - 1);
    alternatives.push_back({{NeedKind::kPresent, at},
                            {NeedKind::kPresent, now},
                            {NeedKind::kGap, v_.Seen(at), v_.Seen(now), {0, older}}});
    alternatives.push_back({{NeedKind::kPresent, at},
                            {NeedKind::kPresent, now},
                            {NeedKind::kGap, v_.Seen(now), v_.Seen(at), {0, -1}}});
  } else {
    alternatives.push_back(
        {{NeedKind::kFactIn, at, 0, {kMin, Clip(Int128{prefer_now_} - view.within_ms - 1)}}});
    alternatives.push_back({{NeedKind::kFactIn, at, 0, {Clip(Int128{prefer_now_} + 1), kMax}}});
  }
  for (std::uint32_t i = 0; i < view.about_given.size(); ++i) {
    const std::uint32_t given = Fact(view.about_given[i]), wanted = Fact(view.about_wanted[i]);
    const Needs both = {{NeedKind::kPresent, given}, {NeedKind::kPresent, wanted}};
    alternatives.push_back({{NeedKind::kAbsent, given}});
    alternatives.push_back({{NeedKind::kAbsent, wanted}});
    Needs unlike = both;
    if (IsTextType(Domain(given).type)) {
      unlike.push_back({NeedKind::kDifferent, given, wanted});
    } else {
      unlike.push_back({NeedKind::kGap, v_.Seen(given), v_.Seen(wanted), {0, -1}});
      alternatives.push_back(both);
      alternatives.back().push_back({NeedKind::kGap, v_.Seen(wanted), v_.Seen(given), {0, -1}});
    }
    alternatives.push_back(std::move(unlike));
  }
  return alternatives;
}

// --- Code
// ------------------------------------------------------------------------------------------------------------

Alternatives Expander::Known(State* state, std::uint32_t i) const {
  const InstructionView& in = s_.code[c_.instructions[i]];
  if (IsBooleanOp(in.op)) {
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
  if (IsBooleanOp(in.op)) return {{{NeedKind::kTruthMissing, i}}};
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
  if (!IsBooleanOp(in.op)) {  // a boolean fact, constant or one of these with a substitute
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
    const bool prefix = in.op == Op::kTextPrefix;
    const bool substitute =
        prefix ? in.substitute_a.starts_with(in.text) : in.substitute_a == in.text;
    if (is_missing) return in.has_substitute_a ? No() : Alternatives{{{NeedKind::kAbsent, a}}};
    const NeedKind kind = prefix ? (is_true ? NeedKind::kPrefix : NeedKind::kNotPrefix)
                                 : (is_true ? NeedKind::kIs : NeedKind::kIsNot);
    Alternatives alternatives = {{{NeedKind::kPresent, a}, {kind, a, 0, {}, in.text}}};
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
