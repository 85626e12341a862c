// Candidates for each fact are both ends of each of its atoms, so that a condition that is off by
// one step is off in a request. Entry point: Sampler::Draw.
#include "scan_sample.h"

#include <algorithm>
#include <limits>
#include <string>

#include "lower_index.h"

namespace writ::compiler {
namespace {

SampleValue NumberValue(std::int64_t number) { return {false, number, {}, {}}; }
SampleValue TextValue(std::string text) { return {false, 0, std::move(text), {}}; }

constexpr std::int64_t kDay = 86'400'000;

}  // namespace

Sampler::Sampler(const Program& program, const runtime::Table& table, CapabilityId capability,
                 std::vector<RoleId> roles)
    : program_(program),
      table_(table),
      capability_(capability),
      roles_(std::move(roles)),
      candidates_(program.vocabulary.facts.size()) {
  std::vector<bool> read(candidates_.size(), false);
  const runtime::MatrixView matrix = table.Matrix(capability);
  for (std::uint32_t i = 0; i < matrix.signature_count(); ++i)
    read[matrix.Signature(i).fact.value] = true;
  const auto reads = [&](ExprId condition) {
    if (!condition.valid()) return;
    for (const ExprId e : PostOrder(program, condition, [](ExprId) { return false; }))
      if (program.node(e).kind == NodeKind::kFact || program.node(e).kind == NodeKind::kIsMissing)
        read[program.node(e).fact.value] = true;
  };
  for (const Region& region : program.regions) reads(region.condition);
  for (const Invariant& invariant : program.invariants) reads(invariant.condition);
  for (std::uint32_t e = 0; e < program.vocabulary.evidence.size(); ++e) {
    const table::Evidence& evidence = program.vocabulary.evidence[e];
    evidence_.push_back(EvidenceId{e});
    read[evidence.at.value] = true;
    for (const FactId f : evidence.about_given) read[f.value] = true;
    for (const FactId f : evidence.about_wanted) read[f.value] = true;
  }
  for (std::uint32_t f = 0; f < read.size(); ++f) {
    if (!read[f]) continue;
    read_.push_back(FactId{f});
    AddCandidates(FactId{f});
  }
  const FactId now = FactNow(program);
  times_ = now.valid() ? CutsOf(now) : std::vector<std::int64_t>{};
  for (std::size_t i = times_.size(); i-- > 0;) times_.push_back(times_[i] - 1);
  times_.push_back(1'800'000'000'000);
  for (const FactId f : read_)
    for (const SampleValue& value : candidates_[f.value]) visits_.push_back({f, value});
  std::shuffle(visits_.begin(), visits_.end(), random_);
}

std::vector<std::int64_t> Sampler::CutsOf(FactId fact) const {
  std::vector<std::int64_t> cuts;
  for (std::uint32_t c = 0; c < table_.capability_count(); ++c) {
    const runtime::MatrixView matrix = table_.Matrix(CapabilityId{c});
    for (std::uint32_t d = 0; d < matrix.dimension_count(); ++d) {
      const runtime::DimensionView dimension = matrix.Dimension(d);
      if (dimension.kind != static_cast<std::uint8_t>(table::DimensionKind::kFact) ||
          dimension.index != fact.value)
        continue;
      const runtime::AtomMapView map = table_.AtomMap(dimension.atoms);
      cuts.assign(map.cuts.begin(), map.cuts.end());
      return cuts;  // the same in every matrix
    }
  }
  return cuts;
}

void Sampler::AddNumbers(FactId fact, const std::vector<std::int64_t>& cuts) {
  const table::Fact& declared = program_.vocabulary.facts[fact.value];
  std::vector<std::int64_t> numbers{declared.low, declared.high};
  for (const std::int64_t cut : cuts) numbers.insert(numbers.end(), {cut, cut - 1});
  if (declared.low <= 0 && 0 <= declared.high) numbers.push_back(0);
  std::ranges::sort(numbers);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  for (const std::int64_t number : numbers)
    if (declared.low <= number && number <= declared.high)
      candidates_[fact.value].push_back(NumberValue(number));
}

void Sampler::AddCandidates(FactId fact) {
  const table::Fact& declared = program_.vocabulary.facts[fact.value];
  std::vector<SampleValue>& out = candidates_[fact.value];
  const auto count = [&](std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) out.push_back(NumberValue(i));
  };
  switch (declared.type) {
    case ValueType::kBool:
      count(2);
      break;
    case ValueType::kEnum:
      count(static_cast<std::int64_t>(declared.values.size()));
      break;
    case ValueType::kRole:
      count(static_cast<std::int64_t>(program_.vocabulary.roles.size()));
      break;
    case ValueType::kEnumSet:
      out.push_back(NumberValue(0));
      for (std::size_t i = 0; i < declared.values.size(); ++i)
        out.push_back(NumberValue(std::int64_t{1} << i));
      break;
    case ValueType::kInteger:
    case ValueType::kDecimal:
    case ValueType::kMoney:
    case ValueType::kDuration:
    case ValueType::kTime:
      AddNumbers(fact, CutsOf(fact));
      break;
    case ValueType::kId:
    case ValueType::kText:
    case ValueType::kIdSet: {
      std::vector<std::string> texts{"any other", "a"};
      for (const Node& node : program_.nodes)
        if (texts.size() < 64) texts.insert(texts.end(), node.texts.begin(), node.texts.end());
      for (std::string& text : texts)
        out.push_back(declared.type == ValueType::kIdSet
                          ? SampleValue{false, 0, {}, {std::move(text)}}
                          : TextValue(std::move(text)));
      break;
    }
  }
  const auto& inputs = program_.vocabulary.capabilities[capability_.value].inputs;
  if (std::ranges::find(inputs, fact) == inputs.end()) out.push_back(SampleValue{});
}

// Mostly fresh, so that facts from evidence are there; else a step too old, from the future, about
// something else, or missing.
void Sampler::DrawEvidence(Sample& sample) {
  for (const EvidenceId id : evidence_) {
    const table::Evidence& evidence = program_.vocabulary.evidence[id.value];
    const std::int64_t ages[] = {0,  evidence.within_ms,     evidence.within_ms + 1,
                                 -1, evidence.within_ms / 2, evidence.within_ms / 3};
    const table::Fact& at = program_.vocabulary.facts[evidence.at.value];
    const std::uint64_t kind = Random(8);
    const std::int64_t time =
        std::clamp(sample.now_ms - ages[kind % 6], at.low, std::max(at.low, at.high));
    sample.values[evidence.at.value] = kind == 7 ? SampleValue{} : NumberValue(time);
    for (std::size_t i = 0; i < evidence.about_given.size(); ++i)
      if (Random(6) != 0)
        sample.values[evidence.about_given[i].value] =
            sample.values[evidence.about_wanted[i].value];
  }
}

Sample Sampler::Draw(std::uint32_t i) {
  Sample sample;
  sample.capability = capability_;
  sample.now_ms = times_[Random(times_.size())] +
                  (Random(4) == 0 ? static_cast<std::int64_t>(Random(kDay)) : 0);
  const std::uint64_t role = Random(roles_.size() + 1);
  if (role < roles_.size()) sample.role = roles_[role];
  sample.values.resize(program_.vocabulary.facts.size());
  for (const FactId f : read_) {
    const auto& candidates = candidates_[f.value];
    if (!candidates.empty()) sample.values[f.value] = candidates[Random(candidates.size())];
  }
  DrawEvidence(sample);
  const Visit& visit = visits_[i % visits_.size()];
  if (!visits_.empty()) sample.values[visit.fact.value] = visit.value;
  const FactId now = FactNow(program_);
  if (now.valid()) sample.values[now.value] = SampleValue{};
  return sample;
}

}  // namespace writ::compiler
