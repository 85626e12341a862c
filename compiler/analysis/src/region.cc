// Restrictions in words, and what an example leaves out.
//
// Entry point: Quiet.
#include "writ/analysis/region.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "space_impl.h"
#include "writ/analysis/larger_facts.h"

namespace writ::analysis {

using namespace writ::runtime;

FactRestriction Missing(FactId fact) {
  FactRestriction r;
  r.fact = fact;
  r.may_be_present = false;
  return r;
}

FactRestriction Present(FactId fact) {
  FactRestriction r;
  r.fact = fact;
  r.may_be_missing = false;
  return r;
}

FactRestriction Between(FactId fact, std::int64_t low, std::int64_t high) {
  FactRestriction r = Present(fact);
  r.low = low;
  r.high = high;
  return r;
}

FactRestriction Exactly(FactId fact, std::int64_t number) { return Between(fact, number, number); }

FactRestriction ExactlyText(FactId fact, std::string text) {
  FactRestriction r = Present(fact);
  r.text = std::move(text);
  return r;
}

namespace {

// What is quiet about one fact that the example does not name; nothing for facts that evidence
// brings with it.
void AddQuiet(const Table& table, CapabilityId capability, FactId id,
              std::vector<FactRestriction>* out) {
  const FactView fact = table.Fact(id);
  if (fact.meter.valid()) {
    const MeterView meter = table.Meter(fact.meter);
    const bool unset = meter.fold == Fold::kLast || meter.fold == Fold::kFirst;
    const bool this_alone =
        meter.fold == Fold::kDistinct && meter.including_this &&
        std::find(meter.targets.begin(), meter.targets.end(), capability) != meter.targets.end();
    out->push_back(unset ? Missing(id) : Exactly(id, this_alone ? 1 : 0));
  } else if (fact.name.starts_with("sandbox.")) {
    out->push_back(Exactly(id, 1));
  } else if (table.FindFormer(runtime::NameOf::kValue, runtime::kAnyOtherValue, id) !=
             runtime::kNotFound) {
    out->push_back(Exactly(id, fact.high));  // the best class of models
  } else if (fact.name.starts_with("pressure.") || fact.name.starts_with("same_person.") ||
             IsFactOfLargerWord(fact.name) ||
             (fact.source == Source::kHeader && (fact.name == "header" || fact.name == "mode"))) {
    out->push_back(Exactly(id, 0));
  } else if (fact.name == "now" && fact.source == Source::kBuiltin) {
    if (table.has_effective())
      out->push_back(Between(id, table.effective_ms(), std::max(fact.high, table.effective_ms())));
  } else if (!fact.name.starts_with("evidence.") && fact.name != "role") {
    out->push_back(Present(id));
  }
}

}  // namespace

Restriction Quiet(const Table& table, CapabilityId capability, Restriction given) {
  std::set<std::uint32_t> named, named_evidence;
  for (const FactRestriction& r : given.facts) named.insert(r.fact.value);
  for (const EvidenceRestriction& r : given.evidence) named_evidence.insert(r.evidence.value);
  const Space space(table, capability);
  for (const EvidenceSlot& slot : space.impl().slots) {
    if (named_evidence.contains(slot.evidence.value)) continue;
    const EvidenceView view = table.Evidence(slot.evidence);
    // The example speaks of its time or object itself: then freshness follows from that.
    bool spoken = named.contains(view.at.value);
    for (const FactId fact : view.about_given) spoken = spoken || named.contains(fact.value);
    if (!spoken) given.evidence.push_back({slot.evidence, true});
  }
  for (const FactDomain& domain : space.impl().domains) {
    if (!named.contains(domain.fact.value)) AddQuiet(table, capability, domain.fact, &given.facts);
  }
  return given;
}

}  // namespace writ::analysis
