// Back from the joined numbers to those of one side. Entry points: OwnRequest, DecidesAs.
#include <algorithm>

#include "join.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

ConcreteValue OwnValue(const SideNumbers& ids, const Table& table, std::uint32_t own,
                       ConcreteValue value) {
  const ValueType type = table.Fact(FactId{own}).type;
  if (value.kind != ValueKind::kNumber) return value;
  if (type == ValueType::kEnum) {
    const auto& values = ids.value[own];
    const auto at = std::ranges::find(values, static_cast<std::uint32_t>(value.number));
    if (at == values.end()) return {ValueKind::kMalformed, 0, "", {}};
    value.number = at - values.begin();
  } else if (type == ValueType::kRole) {
    const auto& role_of = ids.role_of;
    const auto joined = static_cast<std::size_t>(value.number);
    if (joined >= role_of.size() || role_of[joined] == kNoIndex)
      return {ValueKind::kMalformed, 0, "", {}};
    value.number = role_of[joined];
  }
  return value;
}

}  // namespace

Witness OwnRequest(const JoinedVocabulary& vocabulary,
                   const std::array<const Table*, kSides>& tables, std::size_t side,
                   CapabilityId capability, const Witness& witness) {
  const SideNumbers& ids = vocabulary.side[side];
  Witness own;
  own.capability = capability;
  own.now_ms = witness.now_ms;
  own.as_in_force = true;
  own.role_matters = witness.role_matters;
  own.now_matters = witness.now_matters;
  if (witness.role.valid() && ids.role_of[witness.role.value] != kNoIndex)
    own.role = RoleId{ids.role_of[witness.role.value]};
  for (std::uint32_t f = 0; f < ids.fact.size(); ++f) {
    own.values.push_back(OwnValue(ids, *tables[side], f, witness.values[ids.fact[f].value]));
    if (std::ranges::find(witness.matters, ids.fact[f]) != witness.matters.end())
      own.matters.push_back(FactId{f});
  }
  for (std::uint32_t e = 0; e < ids.evidence.size(); ++e) {
    const auto at = std::ranges::find(witness.evidence_matters, ids.evidence[e]);
    if (at == witness.evidence_matters.end()) continue;
    own.evidence_matters.push_back(EvidenceId{e});
    own.evidence_fresh.push_back(
        witness.evidence_fresh[static_cast<std::size_t>(at - witness.evidence_matters.begin())]);
  }
  return own;
}

bool DecidesAs(const JoinedVocabulary& vocabulary, const std::array<const Table*, kSides>& tables,
               std::size_t side, CapabilityId own, const Witness& witness,
               const table::Column* column) {
  const Witness request = OwnRequest(vocabulary, tables, side, own, witness);
  const Decision decision = Decide(*tables[side], nullptr, WitnessRequest(request).request());
  if (decision.verdict != (column == nullptr ? Verdict::kDeny : column->verdict)) return false;
  if (decision.verdict == Verdict::kDeny || !column->anchor.valid()) return true;
  return decision.anchor.valid() &&
         vocabulary.side[side].anchor[decision.anchor.value] == column->anchor;
}

}  // namespace writ::analysis
