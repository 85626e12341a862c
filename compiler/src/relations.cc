// Entry point: RelationsOf.
#include "relations.h"

#include <algorithm>

namespace writ::compiler {

using runtime::RelationKind;

namespace {

std::vector<CapabilityId> EveryCapability(const table::Model& vocabulary) {
  std::vector<CapabilityId> all;
  for (std::uint32_t c = 0; c < vocabulary.capabilities.size(); ++c)
    if (vocabulary.capabilities[c].kind != CapabilityKind::kEvent) all.push_back({c});
  return all;
}

}  // namespace

std::vector<Verdict> Forbidden(const Invariant& invariant) {
  if (invariant.kind == lang::InvariantKind::kNever) return {invariant.verdict};
  if (IsRelation(invariant.kind)) return {Verdict::kAllow};
  std::vector<Verdict> forbidden = {Verdict::kAllow, Verdict::kEscalate, Verdict::kDeny};
  std::erase(forbidden, invariant.verdict);
  return forbidden;
}

bool AsksAbout(const Invariant& invariant, CapabilityId capability) {
  const auto has = [&](const std::vector<CapabilityId>& capabilities) {
    return std::ranges::find(capabilities, capability) != capabilities.end();
  };
  return invariant.capabilities.empty() || has(invariant.capabilities) ||
         has(invariant.implied_capabilities);
}

std::vector<table::Relation> RelationsOf(const std::vector<Invariant>& invariants,
                                         const table::Model& vocabulary) {
  std::vector<table::Relation> relations;
  for (const Invariant& invariant : invariants) {
    const auto at = std::ranges::lower_bound(vocabulary.invariants, invariant.name);
    table::Relation relation;
    relation.invariant = static_cast<std::uint32_t>(at - vocabulary.invariants.begin());
    relation.verdict = {invariant.verdict, invariant.verdict};
    const auto add = [&](CapabilityId first, CapabilityId second) {
      relation.capability = {first, second};
      relations.push_back(relation);
    };
    const std::vector<CapabilityId>& capabilities = invariant.capabilities;
    switch (invariant.kind) {
      case lang::InvariantKind::kNever:
      case lang::InvariantKind::kAlways:
        break;
      case lang::InvariantKind::kImplies:
        relation.kind = RelationKind::kImplies;
        relation.verdict[1] = invariant.implied;
        for (const CapabilityId first : capabilities)
          for (const CapabilityId second : invariant.implied_capabilities) add(first, second);
        break;
      case lang::InvariantKind::kDisjoint:
        relation.kind = RelationKind::kDisjoint;
        for (std::size_t i = 0; i < capabilities.size(); ++i)
          for (std::size_t j = i + 1; j < capabilities.size(); ++j)
            add(capabilities[i], capabilities[j]);
        break;
      case lang::InvariantKind::kMonotone:
        relation.kind = RelationKind::kMonotone;
        relation.verdict = {};
        relation.fact = invariant.fact;
        relation.falling = invariant.falling;
        for (const CapabilityId c :
             capabilities.empty() ? EveryCapability(vocabulary) : capabilities)
          add(c, c);
        break;
    }
  }
  return relations;
}

}  // namespace writ::compiler
