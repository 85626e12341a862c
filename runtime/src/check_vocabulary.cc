// Checks what a table says about the world: policy, facts, roles, anchors, capabilities, evidence,
// meters, clauses, atom maps. Entry point: `Checker::CheckVocabulary`.
#include <algorithm>
#include <array>
#include <tuple>

#include "checker.h"
#include "writ/runtime/argument_path.h"
#include "writ/runtime/pattern.h"

namespace writ::runtime {

using format::Range;
using format::Section;

std::uint64_t Checker::StringEnd(std::uint64_t at) const {
  const std::uint32_t size = Count(format::kStrings);
  const unsigned char* bytes = v_.base + v_.header().sections[format::kStrings].offset;
  std::uint64_t length = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (shift == 21 || at >= size) return 0;
    const unsigned char byte = bytes[at++];
    length |= std::uint64_t{byte & 0x7Fu} << shift;
    if ((byte & 0x80) == 0) break;
  }
  return length <= size - at ? at + length : 0;
}

bool Checker::String(const format::StringAt& at) {
  return StringEnd(at) != 0 || Fail(OpenCode::kBadIndex, &at);
}

bool Checker::StringAndNext(const format::StringAt& at) {
  const std::uint64_t end = StringEnd(at);
  return (end != 0 && StringEnd(end) != 0) || Fail(OpenCode::kBadIndex, &at);
}

bool Checker::Take(const Range& range, Section section) {
  if (range.first != taken_[section]) return Fail(OpenCode::kBadIndex, &range.first);
  if (range.count > Count(section) - taken_[section])
    return Fail(OpenCode::kBadIndex, &range.count);
  taken_[section] += range.count;
  return true;
}

bool Checker::List(const Range& range, std::uint32_t limit) {
  if (!Take(range, format::kLists)) return false;
  const std::uint32_t* ids = v_.lists() + range.first;
  for (std::uint32_t i = 0; i < range.count; ++i) {
    if (ids[i] >= limit) return Fail(OpenCode::kBadIndex, ids + i);
  }
  return true;
}

bool Checker::Names(const Range& range, bool ascending) {
  if (!Take(range, format::kNames)) return false;
  const auto* names = Records<format::StringAt>(format::kNames) + range.first;
  for (std::uint32_t i = 0; i < range.count; ++i) {
    if (!String(names[i])) return false;
    if (ascending && i > 0 && v_.String(names[i - 1]).compare(v_.String(names[i])) >= 0) {
      return Fail(OpenCode::kBadValue, names + i);
    }
  }
  return true;
}

// All records of `section` in strictly ascending order of name: a permutation, since names are then
// distinct.
template <typename Record>
bool Checker::ByName(const Range& range, Section section) {
  if (range.count != Count(section)) return Fail(OpenCode::kBadIndex, &range.count);
  if (!List(range, Count(section))) return false;
  const std::uint32_t* ids = v_.lists() + range.first;
  const Record* records = Records<Record>(section);
  for (std::uint32_t i = 0; i < range.count; ++i) {
    if (!String(records[ids[i]].name)) return false;
    if (i > 0 &&
        v_.String(records[ids[i - 1]].name).compare(v_.String(records[ids[i]].name)) >= 0) {
      return Fail(OpenCode::kBadValue, ids + i);
    }
  }
  return true;
}

bool Checker::CheckPolicy() {
  if (Count(format::kPolicy) != 1) {
    return Fail(OpenCode::kBadSection, &v_.header().sections[format::kPolicy]);
  }
  const format::PolicyRecord& p = v_.policy();
  return String(p.policy) && String(p.version) && String(p.title) && String(p.zone) &&
         Within(p.has_effective, 2) && Zero(p.zero) && Names(p.regions, false) &&
         Names(p.invariants, false) && Names(p.files, true) &&
         ByName<format::FactRecord>(p.facts_by_name, format::kFacts) &&
         ByName<format::RoleRecord>(p.roles_by_name, format::kRoles) &&
         ByName<format::AnchorRecord>(p.anchors_by_name, format::kAnchors) &&
         ByName<format::CapabilityRecord>(p.capabilities_by_name, format::kCapabilities);
}

bool Checker::CheckFact(const format::FactRecord& fact, const format::CheckRecord& check) {
  if (!(String(fact.name) && String(fact.unit) && String(fact.substitute_text) &&
        Within(fact.type, 12) && Within(fact.source, 10) && Within(fact.scale, 19) &&
        Within(fact.flags, 8) && Within(fact.missing, 3) && Zero(fact.zero) &&
        Optional(fact.evidence, Count(format::kEvidence)) &&
        Optional(fact.meter, Count(format::kMeters)) && Names(fact.values, false))) {
    return false;
  }
  const auto type = static_cast<ValueType>(fact.type);
  if ((fact.flags & format::kFactUtf8) != 0 && type != ValueType::kText)
    return Fail(OpenCode::kBadValue, &fact.flags);
  const bool listed = type == ValueType::kEnum || type == ValueType::kEnumSet;
  if (listed ? fact.values.count == 0 : fact.values.count != 0)
    return Fail(OpenCode::kBadValue, &fact.values.count);
  if (type == ValueType::kEnumSet && fact.values.count > 63)
    return Fail(OpenCode::kTooLarge, &fact.values.count);
  const format::CheckRecord wanted = CheckFor(type, fact.values.count, fact.low, fact.high);
  if (check.low != wanted.low) return Fail(OpenCode::kBadValue, &check.low);
  if (check.high != wanted.high) return Fail(OpenCode::kBadValue, &check.high);
  return true;
}

bool Checker::CheckFacts() {
  if (Count(format::kChecks) != Count(format::kFacts)) {
    return Fail(OpenCode::kBadSection, &v_.header().sections[format::kChecks]);
  }
  for (std::uint32_t i = 0; i < Count(format::kFacts); ++i) {
    if (!CheckFact(v_.fact(i), v_.checks()[i])) return false;
  }
  return true;
}

bool Checker::CheckRoles() {
  const auto* roles = Records<format::RoleRecord>(format::kRoles);
  for (std::uint32_t i = 0; i < Count(format::kRoles); ++i) {
    const format::RoleRecord& r = roles[i];
    if (!(String(r.name) && String(r.identity) && Within(r.kind, 4) &&
          Optional(r.reports_to, Count(format::kRoles)))) {
      return false;
    }
  }
  return true;
}

bool Checker::CheckAnchors() {
  const auto* anchors = Records<format::AnchorRecord>(format::kAnchors);
  const std::uint32_t roles = Count(format::kRoles), count = Count(format::kAnchors);
  if (count >= format::kNone16)
    return Fail(OpenCode::kTooLarge, &v_.header().sections[format::kAnchors]);
  for (std::uint32_t i = 0; i < count; ++i) {
    const format::AnchorRecord& a = anchors[i];
    if (!(String(a.name) && String(a.title) && String(a.channel) && String(a.asks_first) &&
          Index(a.held_by, roles) && Optional(a.silence_anchor, count) &&
          Within(a.next_deputy, 2) && Within(a.silence, 3) && Zero(a.zero[0]) && Zero(a.zero[1]) &&
          Zero(a.zero_end) && List(a.also_held_by, roles) && List(a.deputies, roles) &&
          List(a.below, count) && Names(a.absorbs, false))) {
      return false;
    }
    if (a.silence == static_cast<std::uint8_t>(Verdict::kAllow))
      return Fail(OpenCode::kBadValue, &a.silence);
    const bool passes_on = a.silence == static_cast<std::uint8_t>(Verdict::kEscalate);
    if (passes_on != (a.silence_anchor != format::kNone))
      return Fail(OpenCode::kBadValue, &a.silence_anchor);
  }
  return true;
}

bool Checker::CheckCapabilities() {
  const auto* capabilities = Records<format::CapabilityRecord>(format::kCapabilities);
  for (std::uint32_t i = 0; i < Count(format::kCapabilities); ++i) {
    const format::CapabilityRecord& c = capabilities[i];
    if (!(String(c.name) && String(c.title) && String(c.system) && Within(c.kind, 6) &&
          Within(c.risk, 5) && Within(c.irreversible, 2) && Zero(c.zero) &&
          List(c.inputs, Count(format::kFacts)) &&
          List(c.optional_inputs, Count(format::kFacts)))) {
      return false;
    }
  }
  return true;
}

// Ascending by all they say, so that each is said once.
bool Checker::CheckStatements() {
  const auto* statements = Records<format::StatementRecord>(format::kStatements);
  const auto key = [&](const format::StatementRecord& s) {
    return std::tuple(s.of, s.index, s.word, v_.String(s.text));
  };
  for (std::uint32_t i = 0; i < Count(format::kStatements); ++i) {
    const format::StatementRecord& s = statements[i];
    if (!(Within(s.of, 3) && Within(s.word, 22) && String(s.text))) return false;
    const auto of = static_cast<StatementOf>(s.of);
    const std::uint32_t known = of == StatementOf::kPolicy       ? 1
                                : of == StatementOf::kCapability ? Count(format::kCapabilities)
                                                                 : Count(format::kAuthorities);
    if (!Index(s.index, known)) return false;
    if (v_.String(s.text).empty()) return Fail(OpenCode::kBadValue, &s.text);
    if (i > 0 && key(statements[i - 1]) >= key(s)) return Fail(OpenCode::kBadValue, &s);
  }
  return true;
}

// Ascending by what they are of, so that each is of one thing.
bool Checker::CheckFormerNames() {
  const auto* names = Records<format::FormerNameRecord>(format::kFormerNames);
  const auto key = [&](const format::FormerNameRecord& r) {
    return std::tuple(r.of, r.fact, v_.String(r.name));
  };
  constexpr std::array kSections = {format::kFacts, format::kRoles, format::kAnchors,
                                    format::kCapabilities, format::kEvidence};
  for (std::uint32_t i = 0; i < Count(format::kFormerNames); ++i) {
    const format::FormerNameRecord& r = names[i];
    if (!(Within(r.of, 6) && String(r.name))) return false;
    const bool of_value = static_cast<NameOf>(r.of) == NameOf::kValue;
    if (of_value ? !Index(r.fact, Count(format::kFacts)) : r.fact != format::kNone)
      return Fail(OpenCode::kBadValue, &r.fact);
    const std::uint32_t known =
        of_value ? Records<format::FactRecord>(format::kFacts)[r.fact].values.count
                 : Count(kSections[r.of]);
    if (!Index(r.index, known)) return false;
    if (v_.String(r.name).empty()) return Fail(OpenCode::kBadValue, &r.name);
    if (i > 0 && key(names[i - 1]) >= key(r)) return Fail(OpenCode::kBadValue, &r);
  }
  return true;
}

// Each is of an input of its capability, of a type that the fold gives.
bool Checker::CheckDerivations() {
  const auto* derivations = Records<format::DerivationRecord>(format::kDerivations);
  const auto* capabilities = Records<format::CapabilityRecord>(format::kCapabilities);
  for (std::uint32_t i = 0; i < Count(format::kDerivations); ++i) {
    const format::DerivationRecord& d = derivations[i];
    if (!(Index(d.capability, Count(format::kCapabilities)) &&
          Index(d.fact, Count(format::kFacts)) && Within(d.fold, 7) && String(d.path))) {
      return false;
    }
    if (i > 0) {
      const format::DerivationRecord& before = derivations[i - 1];
      const bool ascends = before.capability < d.capability ||
                           (before.capability == d.capability && before.fact < d.fact);
      if (!ascends) return Fail(OpenCode::kBadValue, &d);
    }
    const auto has = [&](Range inputs) {  // in any other order, at worst a table is refused
      const std::uint32_t* ids = v_.lists() + inputs.first;
      return std::binary_search(ids, ids + inputs.count, d.fact);
    };
    const format::CapabilityRecord& c = capabilities[d.capability];
    if (!has(c.inputs) && !has(c.optional_inputs)) return Fail(OpenCode::kBadIndex, &d.fact);
    const auto fold = static_cast<ArgumentFold>(d.fold);
    if (!FoldGives(fold, static_cast<ValueType>(v_.fact(d.fact).type)))
      return Fail(OpenCode::kBadValue, &d.fold);
    if (!IsArgumentPath(v_.String(d.path))) return Fail(OpenCode::kBadValue, &d.path);
  }
  return true;
}

bool Checker::CheckEvidence() {
  const std::uint32_t facts = Count(format::kFacts);
  if (Count(format::kEvidence) > format::kMaxEvidence) {
    return Fail(OpenCode::kTooLarge, &v_.header().sections[format::kEvidence]);
  }
  for (std::uint32_t i = 0; i < Count(format::kEvidence); ++i) {
    const format::EvidenceRecord& e = v_.evidence(i);
    if (!(String(e.name) && Index(e.at, facts) && List(e.by, Count(format::kCapabilities)) &&
          List(e.about_given, facts) && List(e.about_wanted, facts))) {
      return false;
    }
    if (e.within_ms < 0) return Fail(OpenCode::kBadValue, &e.within_ms);
    if (!Within(e.within_months, format::kMaxMonths + 1) || !Zero(e.zero)) return false;
    if (e.within_months != 0 && !Zero(e.within_ms)) return false;
    if (v_.fact(e.at).type != static_cast<std::uint8_t>(ValueType::kTime))
      return Fail(OpenCode::kBadIndex, &e.at);
    if (e.about_given.count != e.about_wanted.count)
      return Fail(OpenCode::kBadValue, &e.about_wanted.count);
    for (std::uint32_t k = 0; k < e.about_given.count; ++k) {
      const auto type = [&](Range range) {
        return static_cast<ValueType>(v_.fact(v_.lists()[range.first + k]).type);
      };
      if (KindOf(type(e.about_given)) != KindOf(type(e.about_wanted)) ||
          KindOf(type(e.about_given)) == format::kReadTextSet) {
        return Fail(OpenCode::kBadIndex, v_.lists() + e.about_wanted.first + k);
      }
    }
  }
  return true;
}

bool Checker::CheckMeters() {
  const std::uint32_t facts = Count(format::kFacts);
  if (Count(format::kMeters) > format::kMaxMeters) {
    return Fail(OpenCode::kTooLarge, &v_.header().sections[format::kMeters]);
  }
  for (std::uint32_t i = 0; i < Count(format::kMeters); ++i) {
    const format::MeterRecord& m = v_.meter(i);
    if (!(String(m.name) && Within(m.fold, 6) && Within(m.including_this, 2) &&
          Optional(m.value, facts) && Index(m.fact, facts) &&
          List(m.targets, Count(format::kCapabilities)) && List(m.keys, facts) &&
          List(m.since, Count(format::kCapabilities)) &&
          Within(m.window_months, format::kMaxMonths + 1))) {
      return false;
    }
    if (m.window_ms < 0) return Fail(OpenCode::kBadValue, &m.window_ms);
    if (m.window_months != 0 && !Zero(m.window_ms)) return false;
    const auto is_number = [&](std::uint32_t f) {
      return KindOf(static_cast<ValueType>(v_.fact(f).type)) == format::kReadNumber;
    };
    // Meters hold numbers; a sum needs something to add, a count has nothing to do with a value.
    const auto fold = static_cast<Fold>(m.fold);
    if (fold == Fold::kFirst && m.including_this != 0)
      return Fail(OpenCode::kBadValue, &m.including_this);
    if (!is_number(m.fact)) return Fail(OpenCode::kBadIndex, &m.fact);
    const bool needs_value = fold == Fold::kSum || fold == Fold::kDistinct;
    const bool suits =
        m.value == format::kNone ? !needs_value
        : fold == Fold::kDistinct
            ? KindOf(static_cast<ValueType>(v_.fact(m.value).type)) != format::kReadTextSet
            : is_number(m.value);
    if (!suits) return Fail(OpenCode::kBadIndex, &m.value);
    for (std::uint32_t k = 0; k < m.keys.count; ++k) {
      const std::uint32_t* key = v_.lists() + m.keys.first + k;
      if (v_.fact(*key).type == static_cast<std::uint8_t>(ValueType::kIdSet))
        return Fail(OpenCode::kBadIndex, key);
    }
  }
  return true;
}

bool Checker::CheckZone() {
  const auto* changes = Records<format::ZoneChangeRecord>(format::kZone);
  if (Count(format::kZone) > format::kMaxZoneChanges)
    return Fail(OpenCode::kTooLarge, &v_.header().sections[format::kZone]);
  for (std::uint32_t i = 0; i < Count(format::kZone); ++i) {
    const format::ZoneChangeRecord& c = changes[i];
    if (i > 0 && changes[i - 1].from_ms >= c.from_ms) return Fail(OpenCode::kBadValue, &c.from_ms);
    if (c.offset_ms < -format::kMaxZoneOffsetMs || c.offset_ms > format::kMaxZoneOffsetMs)
      return Fail(OpenCode::kBadValue, &c.offset_ms);
  }
  return true;
}

// Of capabilities that can be asked for; along a fact that has an order.
bool Checker::CheckRelations() {
  const auto* relations = Records<format::RelationRecord>(format::kRelations);
  const auto* capabilities = Records<format::CapabilityRecord>(format::kCapabilities);
  const auto asked = [&](const std::uint32_t& capability) {
    if (!Index(capability, Count(format::kCapabilities))) return false;
    const bool event =
        capabilities[capability].kind == static_cast<std::uint8_t>(CapabilityKind::kEvent);
    return !event || Fail(OpenCode::kBadIndex, &capability);
  };
  for (std::uint32_t i = 0; i < Count(format::kRelations); ++i) {
    const format::RelationRecord& r = relations[i];
    if (!(Index(r.invariant, v_.policy().invariants.count) && Within(r.kind, 3) &&
          Within(r.first_verdict, 3) && Within(r.second_verdict, 3) && Within(r.falling, 2) &&
          asked(r.first) && asked(r.second)))
      return false;
    if (i > 0 && relations[i - 1].invariant > r.invariant)
      return Fail(OpenCode::kBadValue, &r.invariant);
    if (r.kind != static_cast<std::uint32_t>(RelationKind::kMonotone)) {
      if (r.fact != format::kNone) return Fail(OpenCode::kBadIndex, &r.fact);
      continue;
    }
    if (!Index(r.fact, Count(format::kFacts))) return false;
    if (r.first != r.second) return Fail(OpenCode::kBadIndex, &r.second);
    const format::FactRecord& fact = v_.fact(r.fact);
    const auto type = static_cast<ValueType>(fact.type);
    const bool number = type == ValueType::kInteger || type == ValueType::kDecimal ||
                        type == ValueType::kMoney || type == ValueType::kDuration ||
                        type == ValueType::kTime;
    const bool ordered = type == ValueType::kBool || (type == ValueType::kEnum && fact.flags == 1);
    if (!number && !ordered) return Fail(OpenCode::kBadIndex, &r.fact);
  }
  return true;
}

bool Checker::CheckProvenance() {
  const auto* thresholds = Records<format::ThresholdRecord>(format::kThresholds);
  for (std::uint32_t i = 0; i < Count(format::kThresholds); ++i) {
    const format::ThresholdRecord& t = thresholds[i];
    if (!(String(t.name) && String(t.value) && String(t.reason))) return false;
  }
  const auto* authorities = Records<format::AuthorityRecord>(format::kAuthorities);
  if (Count(format::kAuthorities) >= format::kNone16) {
    return Fail(OpenCode::kTooLarge, &v_.header().sections[format::kAuthorities]);
  }
  for (std::uint32_t i = 0; i < Count(format::kAuthorities); ++i) {
    const format::AuthorityRecord& a = authorities[i];
    if (!(String(a.name) && Within(a.kind, 4) && Optional(a.anchor, Count(format::kAnchors)) &&
          Optional(a.from, Count(format::kRoles)))) {
      return false;
    }
  }
  const auto* clauses = Records<format::ClauseRecord>(format::kClauses);
  for (std::uint32_t i = 0; i < Count(format::kClauses); ++i) {
    const format::ClauseRecord& c = clauses[i];
    if (!(StringAndNext(c.name) && String(c.reason) &&
          Optional16(c.authority, Count(format::kAuthorities)))) {
      return false;
    }
    if (c.file >= v_.policy().files.count) return Fail(OpenCode::kBadIndex, &c.file);
    if (c.line_and_trigger % 8 > 4) return Fail(OpenCode::kBadValue, &c.line_and_trigger);
  }
  return true;
}

bool Checker::CheckAtomMaps() {
  const auto* maps = Records<format::AtomMapRecord>(format::kAtomMaps);
  for (std::uint32_t i = 0; i < Count(format::kAtomMaps); ++i) {
    const format::AtomMapRecord& map = maps[i];
    if (!Within(map.kind, 3)) return false;
    switch (static_cast<AtomMapKind>(map.kind)) {
      case AtomMapKind::kDirect:
        if (!Zero(map.values.first)) return false;
        if (map.values.count == 0 || map.values.count > format::kMaxAtoms)
          return Fail(OpenCode::kTooLarge, &map.values.count);
        break;
      case AtomMapKind::kStrings:
        if (!Names(map.values, true)) return false;
        break;
      case AtomMapKind::kCuts: {
        if (!Take(map.values, format::kCuts)) return false;
        const std::int64_t* cuts = v_.cuts() + map.values.first;
        for (std::uint32_t c = 1; c < map.values.count; ++c) {
          if (cuts[c - 1] >= cuts[c]) return Fail(OpenCode::kBadValue, cuts + c);
        }
        break;
      }
    }
  }
  return true;
}

// Every byte has a class, every state and class a next state: nothing has to be checked while
// matching.
bool Checker::CheckAutomaton(const format::PatternRecord& p) {
  if (p.states == 0 || p.states > kMaxPatternStates) return Fail(OpenCode::kTooLarge, &p.states);
  if (p.classes == 0 || p.classes > 256) return Fail(OpenCode::kTooLarge, &p.classes);
  if (p.accepting > p.states) return Fail(OpenCode::kBadIndex, &p.accepting);
  if (!Index(p.start, p.states)) return false;
  if (p.automaton.count != 256 + p.states * p.classes)
    return Fail(OpenCode::kBadIndex, &p.automaton.count);
  if (!Take(p.automaton, format::kAutomata)) return false;
  const auto* entry = Records<std::uint16_t>(format::kAutomata) + p.automaton.first;
  for (std::uint32_t i = 0; i < p.automaton.count; ++i) {
    if (entry[i] >= (i < 256 ? p.classes : p.states)) return Fail(OpenCode::kBadIndex, entry + i);
  }
  return true;
}

bool Checker::CheckPatterns() {
  const auto* patterns = Records<format::PatternRecord>(format::kPatterns);
  for (std::uint32_t i = 0; i < Count(format::kPatterns); ++i) {
    if (!String(patterns[i].text) || !CheckAutomaton(patterns[i])) return false;
  }
  return true;
}

bool Checker::CheckVocabulary() {
  return CheckPolicy() && CheckFacts() && CheckRoles() && CheckAnchors() && CheckCapabilities() &&
         CheckDerivations() && CheckStatements() && CheckFormerNames() && CheckEvidence() &&
         CheckMeters() && CheckZone() && CheckRelations() && CheckProvenance() && CheckAtomMaps() &&
         CheckPatterns();
}

bool Checker::CheckAllUsed() {
  for (const Section s :
       {format::kLists, format::kNames, format::kCuts, format::kReads, format::kInstructions,
        format::kDimensions, format::kColumns, format::kBits, format::kAutomata}) {
    if (taken_[s] != Count(s)) return Fail(OpenCode::kBadSection, &v_.header().sections[s]);
  }
  return true;
}

}  // namespace writ::runtime
