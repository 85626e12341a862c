// The values of each fact are both ends of each of its atoms, so that a condition that is off by
// one step is off in a request. Entry point: Sampler::Draw.
#include "scan_sample.h"

#include <algorithm>
#include <string>

#include "dates.h"
#include "lower_index.h"
#include "writ/analysis/language.h"

namespace writ::compiler {
namespace {

SampleValue NumberValue(std::int64_t number) { return {false, number, {}, {}}; }
SampleValue TextValue(std::string text) { return {false, 0, std::move(text), {}}; }

constexpr std::int64_t kDay = 86'400'000;
constexpr std::size_t kMaxTexts = 64;  // named in conditions; the tests go further

// By fact: the cuts that its dimension has, in whichever matrix.
std::vector<std::vector<std::int64_t>> CutsByFact(const runtime::Table& table) {
  std::vector<std::vector<std::int64_t>> cuts(table.fact_count());
  for (std::uint32_t c = 0; c < table.capability_count(); ++c) {
    const runtime::MatrixView matrix = table.Matrix(CapabilityId{c});
    for (std::uint32_t d = 0; d < matrix.dimension_count(); ++d) {
      const runtime::DimensionView dimension = matrix.Dimension(d);
      if (dimension.kind != static_cast<std::uint8_t>(table::DimensionKind::kFact)) continue;
      if (!cuts[dimension.index].empty()) continue;  // the same in every matrix
      const runtime::AtomMapView map = table.AtomMap(dimension.atoms);
      if (map.kind == AtomMapKind::kCuts)
        cuts[dimension.index].assign(map.cuts.begin(), map.cuts.end());
    }
  }
  return cuts;
}

}  // namespace

SampleDomain::SampleDomain(const Program& program, const runtime::Table& table)
    : program_(program), values_(program.vocabulary.facts.size()), now_(FactNow(program)) {
  std::vector<std::string> texts{"any other", "a"};
  for (const Node& node : program.nodes)
    if (texts.size() < kMaxTexts) texts.insert(texts.end(), node.texts.begin(), node.texts.end());
  for (std::uint32_t i = 0; i < table.pattern_count(); ++i) {
    for (const bool matches : {true, false}) {
      std::vector<std::string> found;
      analysis::ShortestTexts({{{table.Pattern(i), matches}}, {}}, 2, {}, &found);
      texts.insert(texts.end(), found.begin(), found.end());
    }
  }
  const std::vector<std::vector<std::int64_t>> cuts = CutsByFact(table);
  for (std::uint32_t f = 0; f < values_.size(); ++f) AddValues(FactId{f}, cuts[f], texts);
  if (now_.valid()) {
    for (const std::int64_t cut : cuts[now_.value]) times_.insert(times_.end(), {cut, cut - 1});
  }
  times_.push_back(1'800'000'000'000);

  const auto reads = [&](ExprId condition) {
    if (!condition.valid()) return;
    for (const ExprId e : PostOrder(program, condition, [](ExprId) { return false; })) {
      const Node& node = program.node(e);
      if (node.kind == NodeKind::kFact || node.kind == NodeKind::kIsMissing)
        always_read_.push_back(node.fact);
    }
  };
  for (const Region& region : program.regions) reads(region.condition);
  for (const Exception& exception : program.exceptions) reads(exception.up_to);
  for (const Invariant& invariant : program.invariants) reads(invariant.condition);
  for (const table::Evidence& evidence : program.vocabulary.evidence) {
    always_read_.push_back(evidence.at);
    for (const FactId f : evidence.about_given) always_read_.push_back(f);
    for (const FactId f : evidence.about_wanted) always_read_.push_back(f);
  }
}

void SampleDomain::AddNumbers(FactId fact, const std::vector<std::int64_t>& cuts) {
  const table::Fact& declared = program_.vocabulary.facts[fact.value];
  std::vector<std::int64_t> numbers{declared.low, declared.high};
  for (const std::int64_t cut : cuts) numbers.insert(numbers.end(), {cut, cut - 1});
  if (declared.low <= 0 && 0 <= declared.high) numbers.push_back(0);
  SortUnique(numbers);
  for (const std::int64_t number : numbers)
    if (declared.low <= number && number <= declared.high)
      values_[fact.value].push_back(NumberValue(number));
}

void SampleDomain::AddValues(FactId fact, const std::vector<std::int64_t>& cuts,
                             const std::vector<std::string>& texts) {
  const table::Fact& declared = program_.vocabulary.facts[fact.value];
  std::vector<SampleValue>& out = values_[fact.value];
  const auto count = [&](std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) out.push_back(NumberValue(static_cast<std::int64_t>(i)));
  };
  switch (declared.type) {
    case ValueType::kBool:
      count(2);
      break;
    case ValueType::kEnum:
      count(declared.values.size());
      break;
    case ValueType::kRole:
      count(program_.vocabulary.roles.size());
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
      AddNumbers(fact, cuts);
      break;
    case ValueType::kId:
    case ValueType::kText:
      for (const std::string& text : texts) out.push_back(TextValue(text));
      break;
    case ValueType::kIdSet:
      for (const std::string& text : texts) out.push_back({false, 0, {}, {text}});
      break;
  }
}

Sampler::Sampler(const SampleDomain& domain, const runtime::Table& table, CapabilityId capability,
                 std::vector<RoleId> roles)
    : domain_(domain),
      capability_(capability),
      roles_(std::move(roles)),
      read_(domain.always_read()) {
  const runtime::MatrixView matrix = table.Matrix(capability);
  for (std::uint32_t i = 0; i < matrix.signature_count(); ++i)
    read_.push_back(matrix.Signature(i).fact);
  std::ranges::sort(read_, [](FactId a, FactId b) { return a < b; });
  read_.erase(std::unique(read_.begin(), read_.end()), read_.end());
  for (const FactId f : read_) {
    const auto count =
        static_cast<std::uint32_t>(domain.ValuesOf(f).size()) + (Required(f) ? 0u : 1u);
    for (std::uint32_t k = 0; k < count; ++k) visits_.emplace_back(f, k);
  }
  std::shuffle(visits_.begin(), visits_.end(), random_);
}

bool Sampler::Required(FactId fact) const {
  const auto& inputs = domain_.program().vocabulary.capabilities[capability_.value].inputs;
  return std::ranges::find(inputs, fact) != inputs.end();
}

SampleValue Sampler::ValueOf(FactId fact, std::uint64_t k) const {
  const std::vector<SampleValue>& values = domain_.ValuesOf(fact);
  return k < values.size() ? values[k] : SampleValue{};
}

// Mostly fresh, so that facts from evidence are there; else a step too old, from the future, about
// something else, or missing.
void Sampler::DrawEvidence(Sample& sample) {
  const table::Model& vocabulary = domain_.program().vocabulary;
  for (const table::Evidence& evidence : vocabulary.evidence) {
    const std::int64_t within =
        evidence.within_months != 0
            ? sample.now_ms -
                  check::MonthsBefore(sample.now_ms, vocabulary.zone, evidence.within_months)
            : evidence.within_ms;
    const std::int64_t ages[] = {0, within, within + 1, -1, within / 2, within / 3};
    const table::Fact& at = vocabulary.facts[evidence.at.value];
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
  sample.now_ms = domain_.times()[Random(domain_.times().size())] +
                  (Random(4) == 0 ? static_cast<std::int64_t>(Random(kDay)) : 0);
  const std::uint64_t role = Random(roles_.size() + 1);
  if (role < roles_.size()) sample.role = roles_[role];
  sample.values.resize(domain_.program().vocabulary.facts.size());
  for (const FactId f : read_)
    sample.values[f.value] = ValueOf(f, Random(domain_.ValuesOf(f).size() + (Required(f) ? 0 : 1)));
  DrawEvidence(sample);
  if (!visits_.empty()) {
    const auto& [fact, k] = visits_[i % visits_.size()];
    sample.values[fact.value] = ValueOf(fact, k);
  }
  if (domain_.now().valid()) sample.values[domain_.now().value] = SampleValue{};
  return sample;
}

}  // namespace writ::compiler
