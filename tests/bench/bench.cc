// From a generated sample to a request. Entry point: `RequestOfSample`.
#include "bench.h"

namespace writ::bench {

RequestOfSample::RequestOfSample(const Policy& policy, const runtime::Table& table,
                                 const Sample& sample)
    : values_(table.fact_count()) {
  using namespace runtime;
  texts_.reserve(policy.facts.size());
  for (std::size_t f = 0; f < policy.facts.size(); ++f) {
    const FactId id = table.FindFact(policy.facts[f].name);
    if (!id.valid() || sample.values[f] == kMissing) continue;
    Value& value = values_[id.value];
    if (policy.facts[f].kind == FactKind::kText) {
      texts_.push_back(policy.facts[f].stem + std::to_string(sample.values[f]));
      value.kind = ValueKind::kText;
      value.text = texts_.back().data();
      value.size = static_cast<std::uint32_t>(texts_.back().size());
    } else {
      value.kind = ValueKind::kNumber;
      value.number = sample.values[f];
    }
  }
  if (const FactId ref = table.FindFact("ref"); ref.valid()) {
    values_[ref.value].kind = ValueKind::kText;
    values_[ref.value].text = "R1";
    values_[ref.value].size = 2;
  }
  request_.capability = table.FindCapability(CapabilityName(sample.capability));
  request_.role = table.FindRole("worker");
  request_.now_ms = 1'800'000'000'000;  // 2027, while the generated delegations are in force
  request_.values = values_.data();
}

}  // namespace writ::bench
