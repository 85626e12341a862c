// The rules of the tableau for facts, evidence and dimensions: what each need breaks down into.
//
// One rule per wanted outcome, after docs/semantics.md M6 to M9; freshness is written out as
// conditions on times. `expand_code.cc` has the rules for worked-out values, solve.cc says how all
// are used.
//
// Entry point: Expander::Expand.
#include <algorithm>
#include <limits>
#include <utility>

#include "month_window.h"
#include "tableau.h"
#include "writ/runtime/calendar.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

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
      return If(Bound(state, need.a, state->bounds[need.b]) &&
                Bound(state, need.b, state->bounds[need.a]));
    case NeedKind::kGap:
      state->rows.push_back({{{need.a, 1}, {need.b, -1}}, need.range.high, false});
      return If(BoundGap(state, need.a, need.b, need.range.high));
    case NeedKind::kWithinMonths:
    case NeedKind::kBeforeMonths: {
      const auto months = static_cast<std::uint32_t>(need.range.high);
      const bool within = need.kind == NeedKind::kWithinMonths;
      state->windows.push_back({need.a, need.b, months, within});
      const Range length = LengthOfMonths(s_.table, months);
      if (within) {
        state->rows.push_back({{{need.a, 1}, {need.b, -1}}, length.high, false});
      } else {
        state->rows.push_back({{{need.b, 1}, {need.a, -1}}, -Int128{length.low} - 1, false});
      }
      return Yes();
    }
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
    case NeedKind::kMatches:
    case NeedKind::kMatchesNot:
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

// a - b <= gap. What cannot hold is noticed before it is split any further: a lookup table is a sum
// over its cells, and each cell that the values so far rule out would double the alternatives.
bool Expander::BoundGap(State* state, std::uint32_t a, std::uint32_t b, std::int64_t gap) const {
  return Bound(state, a, {kMin, Clip(Int128{state->bounds[b].high} + gap)}) &&
         Bound(state, b, {Clip(Int128{state->bounds[a].low} - gap), kMax});
}

// --- Facts

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
    case Fold::kLast:
      if (domain.addend == kNoIndex)
        return {{{NeedKind::kFactIn, d, 0, {prefer_now_, prefer_now_}}}};
      return Last(domain, d);
    case Fold::kSum:
      needs.push_back({NeedKind::kPresent, domain_at_[domain.addend]});
      break;
    case Fold::kCount:
    case Fold::kFirst:  // these two never add here
    case Fold::kDistinct:
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

// What is recorded last is this request's value, kept inside the meter's range.
Alternatives Expander::Last(const FactDomain& domain, std::uint32_t d) const {
  const std::uint32_t addend = domain_at_[domain.addend];
  Alternatives alternatives = {
      {{NeedKind::kPresent, addend}, {NeedKind::kEqual, v_.Seen(d), v_.Seen(addend)}}};
  if (IsTextType(domain.type)) return alternatives;
  const FactView fact = s_.table.Fact(domain.fact);
  const FactDomain& added = s_.domains[domain.addend];
  const auto kept_at = [&](std::int64_t bound, Range beyond) {
    alternatives.push_back({{NeedKind::kPresent, addend},
                            {NeedKind::kFactIn, d, 0, {bound, bound}},
                            {NeedKind::kFactIn, addend, 0, beyond}});
  };
  if (added.low < fact.low) kept_at(fact.low, {added.low, fact.low});
  if (added.high > fact.high) kept_at(fact.high, {fact.high, added.high});
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
             view.within_months != 0
                 ? Need{NeedKind::kWithinMonths, v_.Seen(now), v_.Seen(at), {0, view.within_months}}
                 : Need{NeedKind::kGap, v_.Seen(now), v_.Seen(at), {0, view.within_ms}}};
  } else {
    const std::int64_t start =
        WindowStart(s_.table, prefer_now_, view.within_ms, view.within_months);
    needs = {{NeedKind::kFactIn, at, 0, {start, prefer_now_}}};
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
    alternatives.push_back(
        {{NeedKind::kPresent, at},
         {NeedKind::kPresent, now},
         view.within_months != 0
             ? Need{NeedKind::kBeforeMonths, v_.Seen(now), v_.Seen(at), {0, view.within_months}}
             : Need{NeedKind::kGap, v_.Seen(at), v_.Seen(now), {0, older}}});
    alternatives.push_back({{NeedKind::kPresent, at},
                            {NeedKind::kPresent, now},
                            {NeedKind::kGap, v_.Seen(now), v_.Seen(at), {0, -1}}});
  } else {
    const std::int64_t start =
        WindowStart(s_.table, prefer_now_, view.within_ms, view.within_months);
    alternatives.push_back({{NeedKind::kFactIn, at, 0, {kMin, Clip(Int128{start} - 1)}}});
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

}  // namespace writ::analysis
