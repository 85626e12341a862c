// By name. What is not the same in every respect that a decision could depend on counts as another
// thing, so that forgetting a name can only make a proof fail. Entry points: Ties, Ties::Differs.
#include "ties.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace writ::certificate {

using namespace writ::runtime;

namespace {

template <typename Id>
bool AllTied(const std::vector<std::uint32_t>& now_of, const Slice<Id>& before,
             const Slice<Id>& now) {
  return std::ranges::equal(before, now,
                            [&](const Id& b, const Id& n) { return now_of[b.value] == n.value; });
}

bool OneToOne(const std::vector<std::uint32_t>& now_of) {
  std::set<std::uint32_t> seen;
  return std::ranges::all_of(
      now_of, [&](std::uint32_t now) { return now == kNothing || seen.insert(now).second; });
}

}  // namespace

bool IsNow(const FactView& fact) {
  return fact.source == Source::kBuiltin && fact.type == ValueType::kTime && fact.name == "now";
}
bool IsRole(const FactView& fact) {
  return fact.source == Source::kBuiltin && fact.type == ValueType::kRole && fact.name == "role";
}

Reads ReadsOf(const Table& table, CapabilityId capability) {
  Reads reads{std::vector<bool>(table.fact_count()), std::vector<bool>(table.evidence_count())};
  if (!capability.valid()) return reads;
  const MatrixView matrix = table.Matrix(capability);
  for (std::uint32_t i = 0; i < matrix.signature_count(); ++i)
    reads.facts[matrix.Signature(i).fact.value] = true;
  for (std::uint32_t d = 0; d < matrix.dimension_count(); ++d) {
    const DimensionView dimension = matrix.Dimension(d);
    const auto kind = static_cast<DimensionKind>(dimension.kind);
    if (kind == DimensionKind::kFact) reads.facts[dimension.index] = true;
    if (kind == DimensionKind::kEvidence) reads.evidence[dimension.index] = true;
  }
  for (std::uint32_t i = 0; i < matrix.instruction_count(); ++i) {
    const InstructionView in = matrix.Instruction(i);
    const OpShape shape = ShapeOf(in.op);
    if (shape.a == OperandKind::kFact) reads.facts[in.a] = true;
    if (shape.b == OperandKind::kFact) reads.facts[in.b] = true;
    if (shape.a == OperandKind::kEvidence) reads.evidence[in.a] = true;
  }
  for (std::uint32_t f = 0; f < reads.facts.size(); ++f) {
    const EvidenceId evidence = table.Fact(FactId{f}).evidence;
    if (reads.facts[f] && evidence.valid()) reads.evidence[evidence.value] = true;
  }
  return reads;
}

Ties::Ties(const Table& before, const Table& now, bool as_read)
    : before_(before), now_(now), as_read_(as_read) {
  std::map<std::string_view, std::uint32_t> evidence_now;
  for (std::uint32_t e = 0; e < now.evidence_count(); ++e)
    evidence_now.emplace(now.Evidence(EvidenceId{e}).name, e);
  // What the newer table calls so now; only then what it called so before.
  for (std::uint32_t i = 0; i < before.fact_count(); ++i)
    fact.push_back(now.FindFact(before.Fact(FactId{i}).name).value);
  for (std::uint32_t i = 0; i < before.role_count(); ++i)
    role.push_back(now.FindRole(before.Role(RoleId{i}).name).value);
  for (std::uint32_t i = 0; i < before.anchor_count(); ++i)
    anchor.push_back(now.FindAnchor(before.Anchor(AnchorId{i}).name).value);
  for (std::uint32_t i = 0; i < before.capability_count(); ++i)
    capability.push_back(now.FindCapability(before.Capability(CapabilityId{i}).name).value);
  for (std::uint32_t i = 0; i < before.evidence_count(); ++i) {
    const std::string_view name = before.Evidence(EvidenceId{i}).name;
    const auto at = evidence_now.find(name);
    evidence.push_back(at != evidence_now.end() ? at->second
                                                : now.FindFormer(NameOf::kEvidence, name));
  }
  for (std::uint32_t i = 0; i < before.pattern_count(); ++i) {
    std::uint32_t p = 0;
    while (p < now.pattern_count() && !SamePattern(i, p)) ++p;
    pattern.push_back(p < now.pattern_count() ? p : kNothing);
  }
}

std::uint32_t Ties::Value(FactId before, std::uint32_t value) const {
  return now_.FindFactValue(FactId{fact[before.value]}, before_.FactValue(before, value));
}

// The same kind of value, and missing for want of the same.
bool Ties::SameKind(FactId id) const {
  const FactView a = before_.Fact(id), b = now_.Fact(FactId{fact[id.value]});
  if (a.type != b.type || a.scale != b.scale || a.unit != b.unit || IsNow(a) != IsNow(b) ||
      IsRole(a) != IsRole(b))
    return false;
  if (as_read_) return true;
  const std::uint32_t from = a.evidence.valid() ? evidence[a.evidence.value] : kNothing;
  return a.evidence.valid() == b.evidence.valid() && a.meter.valid() == b.meter.valid() &&
         (!b.evidence.valid() || from == b.evidence.value);
}

// What is well formed is so for both, and has the same number.
bool Ties::SameValues(FactId id) const {
  const FactView a = before_.Fact(id), b = now_.Fact(FactId{fact[id.value]});
  if (a.low != b.low || a.high != b.high || (a.utf8 != b.utf8 && !as_read_) ||
      a.value_count != b.value_count)
    return false;
  for (std::uint32_t v = 0; v < a.value_count; ++v)
    if (Value(id, v) != v) return false;
  if (a.type != ValueType::kRole) return true;
  if (before_.role_count() != now_.role_count()) return false;
  for (std::uint32_t r = 0; r < role.size(); ++r)
    if (role[r] != r) return false;
  return true;
}

bool Ties::SameShape(FactId before, FactId now) const {
  if (before.valid() != now.valid()) return false;
  if (!before.valid()) return true;
  const FactView a = before_.Fact(before), b = now_.Fact(now);
  return fact[before.value] == now.value && a.type == b.type && a.scale == b.scale &&
         a.unit == b.unit && SameValues(before);
}

bool Ties::SameNumbers(FactId id) const {
  if (fact[id.value] == kNothing || !SameKind(id) || !SameValues(id)) return false;
  if (as_read_) return true;
  const FactView a = before_.Fact(id), b = now_.Fact(FactId{fact[id.value]});
  return (!a.meter.valid() || SameMeter(a.meter, b.meter)) &&
         (!a.evidence.valid() || SameEvidence(a.evidence));
}

bool Ties::SameEvidence(EvidenceId id) const {
  if (evidence[id.value] == kNothing) return false;
  const EvidenceView a = before_.Evidence(id), b = now_.Evidence(EvidenceId{evidence[id.value]});
  const auto same = [&](FactId x, FactId y) { return SameShape(x, y); };
  return a.within_ms == b.within_ms && SameMonths(a.within_months, b.within_months) &&
         SameShape(a.at, b.at) && std::ranges::equal(a.about_given, b.about_given, same) &&
         std::ranges::equal(a.about_wanted, b.about_wanted, same);
}

bool Ties::SameMeter(MeterId before, MeterId now) const {
  const MeterView a = before_.Meter(before), b = now_.Meter(now);
  return a.fold == b.fold && a.including_this == b.including_this && SameShape(a.value, b.value) &&
         a.window_ms == b.window_ms && SameMonths(a.window_months, b.window_months) &&
         AllTied(capability, a.targets, b.targets) && AllTied(capability, a.since, b.since) &&
         std::ranges::equal(a.keys, b.keys, [&](FactId x, FactId y) { return SameShape(x, y); });
}

// Months are on the clocks of a zone.
bool Ties::SameMonths(std::uint32_t before, std::uint32_t now) const {
  if (before != now || before == 0) return before == now;
  if (before_.zone_change_count() != now_.zone_change_count()) return false;
  for (std::uint32_t i = 0; i < now_.zone_change_count(); ++i) {
    const ZoneChangeView a = before_.ZoneChange(i), b = now_.ZoneChange(i);
    if (a.from_ms != b.from_ms || a.offset_ms != b.offset_ms) return false;
  }
  return true;
}

bool Ties::SamePattern(std::uint32_t before, std::uint32_t now) const {
  const PatternView a = before_.Pattern(before), b = now_.Pattern(now);
  return a.start == b.start && a.accepting == b.accepting && a.states == b.states &&
         a.classes == b.classes && std::equal(a.class_of, a.class_of + 256, b.class_of) &&
         std::equal(a.next, a.next + std::size_t{a.states} * a.classes, b.next);
}

std::string Ties::Differs(CapabilityId before, CapabilityId now) const {
  if (!OneToOne(fact) || !OneToOne(role) || !OneToOne(anchor) || !OneToOne(capability) ||
      !OneToOne(evidence))
    return "two names of the older table are one now";
  const Reads old_reads = ReadsOf(before_, before), new_reads = ReadsOf(now_, now);
  for (std::uint32_t f = 0; f < fact.size(); ++f) {
    if (fact[f] == kNothing || (!old_reads.facts[f] && !new_reads.facts[fact[f]])) continue;
    const FactView a = before_.Fact(FactId{f}), b = now_.Fact(FactId{fact[f]});
    const bool kept = a.evidence.valid() || b.evidence.valid() || a.meter.valid() ||
                      b.meter.valid() || (a.type == ValueType::kRole && !IsRole(a));
    const bool exact = kept || as_read_ || a.utf8 != b.utf8 || a.type == ValueType::kEnumSet;
    if (!SameKind(FactId{f}) || (exact && !IsRole(a) && !SameNumbers(FactId{f})))
      return "`" + std::string(b.name) + "` means something else in the other table";
  }
  for (std::uint32_t e = 0; e < evidence.size(); ++e) {
    if (evidence[e] == kNothing || (!old_reads.evidence[e] && !new_reads.evidence[evidence[e]]))
      continue;
    if (!SameEvidence(EvidenceId{e}))
      return "evidence `" + std::string(before_.Evidence(EvidenceId{e}).name) +
             "` counts as fresh by another rule in the other table";
  }
  return "";
}

}  // namespace writ::certificate
