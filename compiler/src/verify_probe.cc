// Greedy set cover: for a column, the others that could decide in its stead are counted, and for
// one fact after the other the atom is chosen (among those that the column admits) which rules out
// most of them. If none is left, the column wins and its removal changes the decision. The guess is
// a real request, mapped by the runtime, so it needs no proof. Entry point: EffectProbe::Matters.
#include "verify_probe.h"

#include <bit>

#include "writ/table/model.h"

namespace writ::compiler {

using runtime::ValueKind;
using table::DimensionKind;

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFFu;
constexpr std::int64_t kSomeTime =
    1'800'000'000'000;  // any will do: dates that decide are dimensions

}  // namespace

EffectProbe::EffectProbe(const runtime::Table& table, CapabilityId capability)
    : table_(table),
      matrix_(table.Matrix(capability)),
      capability_(capability),
      words_(matrix_.word_count()),
      decisions_(words_, 0),
      otherwise_(words_, 0),
      values_(table.fact_count()),
      atoms_(matrix_.dimension_count()) {
  for (std::uint32_t c = 0; c < matrix_.decision_column_count(); ++c) {
    columns_.push_back(matrix_.Column(c));
    decisions_[c / 64] |= std::uint64_t{1} << (c % 64);
    if ((columns_[c].flags & kColumnOtherwise) != 0)
      otherwise_[c / 64] |= std::uint64_t{1} << (c % 64);
  }
  SetDefaults();
  for (std::uint32_t d = 0; d < matrix_.dimension_count(); ++d) AddAxis(d);
  request_.capability = capability_;
  request_.values = values_.data();
}

// What no dimension asks is at its lowest, or there with some text.
void EffectProbe::SetDefaults() {
  defaults_.resize(values_.size());
  for (std::uint32_t i = 0; i < matrix_.signature_count(); ++i) {
    const FactId f = matrix_.Signature(i).fact;
    const runtime::FactView fact = table_.Fact(f);
    runtime::Value& value = defaults_[f.value];
    switch (fact.type) {
      case ValueType::kId:
      case ValueType::kText:
        value.kind = ValueKind::kText, value.text = "a", value.size = 1;
        break;
      case ValueType::kIdSet:
        value.kind = ValueKind::kTextSet;
        break;
      case ValueType::kBool:
      case ValueType::kEnum:
      case ValueType::kEnumSet:
      case ValueType::kRole:
        value.kind = ValueKind::kNumber;
        break;
      case ValueType::kInteger:
      case ValueType::kDecimal:
      case ValueType::kMoney:
      case ValueType::kDuration:
      case ValueType::kTime:
        value.kind = ValueKind::kNumber, value.number = fact.low;
        break;
    }
  }
}

void EffectProbe::AddNumbers(const runtime::DimensionView& dimension, const runtime::FactView& fact,
                             Axis& axis) {
  const runtime::AtomMapView map = table_.AtomMap(dimension.atoms);
  for (std::uint32_t atom = 1; atom < dimension.atom_count; ++atom) {
    std::int64_t number = std::int64_t{atom} - 1;
    if (map.kind == AtomMapKind::kCuts) number = atom == 1 ? fact.low : map.cuts[atom - 2];
    axis.choices.push_back({atom, true, number, {}});
  }
}

void EffectProbe::AddAxis(std::uint32_t d) {
  const runtime::DimensionView dimension = matrix_.Dimension(d);
  Axis axis{d, {}};
  switch (static_cast<DimensionKind>(dimension.kind)) {
    case DimensionKind::kDerived:
      return;  // follows from the others
    case DimensionKind::kEvidence:
      axis.choices = {{2, true, 0, {}}, {1, false, 0, {}}};
      break;
    case DimensionKind::kRole:
      for (std::uint32_t r = 0; r + 2 < dimension.atom_count; ++r)
        axis.choices.push_back({r + 1, true, r, {}});
      axis.choices.push_back({dimension.atom_count - 1, false, 0, {}});
      break;
    case DimensionKind::kFact: {
      const FactId f{dimension.index};
      const runtime::FactView fact = table_.Fact(f);
      const bool is_now = fact.source == Source::kBuiltin && fact.name == "now";
      if (table_.AtomMap(dimension.atoms).kind == AtomMapKind::kStrings) {
        for (std::uint32_t s = 0; s + 2 < dimension.atom_count; ++s)
          axis.choices.push_back(
              {s + 1, true, 0, std::string(table_.AtomString(dimension.atoms, s))});
        axis.choices.push_back({dimension.atom_count - 1, true, 0, "\x01 any other"});
      } else {
        AddNumbers(dimension, fact, axis);
      }
      bool required = is_now;
      for (std::uint32_t i = 0; i < matrix_.signature_count(); ++i)
        required |= matrix_.Signature(i).fact == f && matrix_.Signature(i).required;
      if (!required) axis.choices.push_back({0, false, 0, {}});
      break;
    }
  }
  axes_.push_back(std::move(axis));
}

void EffectProbe::Obtain(EvidenceId id, bool fresh) {
  const runtime::EvidenceView evidence = table_.Evidence(id);
  runtime::Value& at = values_[evidence.at.value];
  at.kind = fresh ? ValueKind::kNumber : ValueKind::kMissing;
  at.number = request_.now_ms;
  for (std::size_t i = 0; i < evidence.about_given.size(); ++i)
    values_[evidence.about_given[i].value] = values_[evidence.about_wanted[i].value];
}

void EffectProbe::Take(const Axis& axis, const Choice& choice) {
  const runtime::DimensionView dimension = matrix_.Dimension(axis.dimension);
  switch (static_cast<DimensionKind>(dimension.kind)) {
    case DimensionKind::kDerived:
    case DimensionKind::kEvidence:
      return;
    case DimensionKind::kRole:
      request_.role = choice.given ? RoleId{static_cast<std::uint32_t>(choice.number)} : RoleId{};
      return;
    case DimensionKind::kFact:
      break;
  }
  const runtime::FactView fact = table_.Fact(FactId{dimension.index});
  if (fact.source == Source::kBuiltin && fact.name == "now") {
    request_.now_ms = choice.number;
    return;
  }
  runtime::Value& value = values_[dimension.index];
  const bool text = fact.type == ValueType::kId || fact.type == ValueType::kText;
  value.kind = !choice.given ? ValueKind::kMissing : text ? ValueKind::kText : ValueKind::kNumber;
  value.number = choice.number;
  if (text)
    value.text = choice.text.data(), value.size = static_cast<std::uint32_t>(choice.text.size());
}

bool EffectProbe::SameOutcome(std::uint32_t a, std::uint32_t b) const {
  return columns_[a].verdict == columns_[b].verdict &&
         (columns_[a].verdict != Verdict::kEscalate || columns_[a].anchor == columns_[b].anchor);
}

bool EffectProbe::Matters(const std::vector<std::uint32_t>& columns) {
  Words removed(words_, 0);
  for (const std::uint32_t c : columns) removed[c / 64] |= std::uint64_t{1} << (c % 64);
  constexpr std::size_t kTried =
      8;  // rows of one clause; where these fail the others hardly do better
  for (std::size_t i = 0; i < columns.size() && i < kTried; ++i)
    if (Try(columns[i], removed, false) || Try(columns[i], removed, true)) return true;
  return false;
}

bool EffectProbe::Try(std::uint32_t column, const Words& removed, bool backwards) {
  Words rivals(words_, 0);
  for (std::uint32_t c = 0; c < columns_.size(); ++c)
    if (!Has(removed, c) && (c < column || SameOutcome(c, column)))
      rivals[c / 64] |= std::uint64_t{1} << (c % 64);
  if ((columns_[column].flags & kColumnAllowWhen) != 0)
    for (std::uint32_t w = 0; w < words_; ++w) rivals[w] &= ~otherwise_[w];
  values_ = defaults_;
  request_.values = values_.data();
  request_.now_ms = kSomeTime;
  request_.role = RoleId{};
  std::vector<bool> stale(table_.evidence_count(), false);
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    const Axis& axis = axes_[backwards ? axes_.size() - 1 - i : i];
    const Choice* best = nullptr;
    std::uint32_t fewest = kNone;
    for (const Choice& choice : axis.choices) {
      const std::uint64_t* bits = matrix_.Bits(axis.dimension, choice.atom);
      if (((bits[column / 64] >> (column % 64)) & 1u) == 0) continue;
      std::uint32_t left = 0;
      for (std::uint32_t w = 0; w < words_; ++w)
        left += static_cast<std::uint32_t>(std::popcount(rivals[w] & bits[w]));
      if (left < fewest) fewest = left, best = &choice;
    }
    steps_ += axis.choices.size();
    if (!best) return false;
    const std::uint64_t* bits = matrix_.Bits(axis.dimension, best->atom);
    for (std::uint32_t w = 0; w < words_; ++w) rivals[w] &= bits[w];
    Take(axis, *best);
    const runtime::DimensionView dimension = matrix_.Dimension(axis.dimension);
    if (dimension.kind == static_cast<std::uint8_t>(DimensionKind::kEvidence))
      stale[dimension.index] = !best->given;
  }
  for (std::uint32_t e = 0; e < stale.size(); ++e) Obtain(EvidenceId{e}, !stale[e]);
  return Confirm(removed);
}

std::uint32_t EffectProbe::Winner(const Words& held) const {
  bool allowed = false;
  for (std::uint32_t w = 0; w < words_; ++w) allowed |= (held[w] & matrix_.AllowWhenBits()[w]) != 0;
  for (std::uint32_t w = 0; w < words_; ++w) {
    const std::uint64_t word =
        held[w] & decisions_[w] & (allowed ? ~otherwise_[w] : ~std::uint64_t{0});
    if (word != 0) return w * 64 + static_cast<std::uint32_t>(std::countr_zero(word));
  }
  return kNone;
}

bool EffectProbe::Confirm(const Words& removed) {
  ++steps_;
  if (!runtime::MapAtoms(table_, nullptr, request_, atoms_.data(), atoms_.size())) return false;
  Words held(words_, ~std::uint64_t{0});
  for (std::uint32_t d = 0; d < atoms_.size(); ++d) {
    const std::uint64_t* bits = matrix_.Bits(d, atoms_[d]);
    for (std::uint32_t w = 0; w < words_; ++w) held[w] &= bits[w];
  }
  const std::uint32_t with = Winner(held);
  for (std::uint32_t w = 0; w < words_; ++w) held[w] &= ~removed[w];
  const std::uint32_t without = Winner(held);
  if (with == kNone || with == without) return false;
  return without == kNone || !SameOutcome(with, without);
}

}  // namespace writ::compiler
