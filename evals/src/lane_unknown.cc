// What a decision leaned on that was not there.
//
// A fact is missing where the event does not give it, or its evidence is not fresh. The rows that
// hold whatever the missing facts were (*sure*) and those that may hold (*possible*) bound what the
// policy would have said with all facts at hand; a decision is *unknown* if the first of each and
// the decision itself are not the same. So a row that wins for want of a fact does not count as
// unknown where a certain row says the same. What a policy substitutes for a missing fact is its
// own say, and not unknown; the missing fact is counted all the same. A required input that is
// missing is always unknown.
#include <algorithm>

#include "lane.h"
#include "writ/runtime/calendar.h"

namespace writ::evals {

using runtime::ColumnView;
using runtime::EvidenceId;
using runtime::EvidenceView;
using runtime::FactId;
using runtime::MatrixView;
using runtime::Value;
using runtime::ValueKind;
using runtime::Verdict;

namespace {

constexpr std::uint32_t kNoColumn = 0xFFFFFFFFu;

void SetBit(std::vector<std::uint64_t>& words, std::uint32_t bit) {
  words[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

bool AnyBit(const std::vector<std::uint64_t>& words) {
  return std::any_of(words.begin(), words.end(), [](std::uint64_t word) { return word != 0; });
}

std::uint32_t FirstBit(const std::vector<std::uint64_t>& words, std::uint32_t end) {
  for (std::uint32_t w = 0; w < words.size() && w * 64 < end; ++w) {
    if (words[w] == 0) continue;
    const auto bit = w * 64 + static_cast<std::uint32_t>(__builtin_ctzll(words[w]));
    return bit < end ? bit : kNoColumn;
  }
  return kNoColumn;
}

bool SameDecision(Verdict a, runtime::AnchorId a_anchor, Verdict b, runtime::AnchorId b_anchor) {
  return a == b && (a != Verdict::kEscalate || a_anchor == b_anchor);
}

}  // namespace

bool Lane::IsFresh(EvidenceId id) const {
  const EvidenceView evidence = table_.Evidence(id);
  const Value& at = values_[evidence.at.value];
  if (at.kind != ValueKind::kNumber || at.number > request_.now_ms) return false;
  if (at.number <
      runtime::WindowStart(table_, request_.now_ms, evidence.within_ms, evidence.within_months)) {
    return false;
  }
  for (std::size_t i = 0; i < evidence.about_given.size(); ++i) {
    const Value& given = values_[evidence.about_given[i].value];
    const Value& wanted = values_[evidence.about_wanted[i].value];
    if (given.kind != wanted.kind || given.kind == ValueKind::kMissing) return false;
    if (given.kind == ValueKind::kNumber && given.number != wanted.number) return false;
    if (given.kind == ValueKind::kText &&
        std::string_view(given.text, given.size) != std::string_view(wanted.text, wanted.size)) {
      return false;
    }
  }
  return true;
}

bool Lane::IsMissing(const FactNote& note, FactId fact) const {
  if (note.is_now) return false;
  if (note.is_role) return !request_.role.valid();
  if (values_[fact.value].kind == ValueKind::kMissing) return true;
  return note.evidence.valid() && !IsFresh(note.evidence);
}

void Lane::FindMissing() {
  answer_.missing.clear();
  open_facts_.clear();
  if (answer_.plan == nullptr) return;
  const CapabilityPlan& plan = *answer_.plan;
  answer_.missing.assign((plan.facts.size() + 63) / 64, 0);
  open_facts_.assign(answer_.missing.size(), 0);
  for (std::uint32_t i = 0; i < plan.facts.size(); ++i) {
    const FactNote& note = notes_[plan.facts[i].value];
    if (!IsMissing(note, plan.facts[i])) continue;
    SetBit(answer_.missing, i);
    if (!note.has_substitute) SetBit(open_facts_, i);
  }
}

bool Lane::IsOpen(std::uint32_t dimension) const {
  if (atoms_[dimension] != 0) return false;
  for (const std::uint32_t fact : answer_.plan->dimension_facts[dimension]) {
    if (HasBit(open_facts_.data(), fact)) return true;
  }
  return false;
}

// The rows that hold for every, and for some, value of the missing facts.
void Lane::BoundRows(const MatrixView& matrix) {
  const CapabilityPlan& plan = *answer_.plan;
  sure_.assign(plan.word_count, ~std::uint64_t{0});
  possible_.assign(plan.word_count, ~std::uint64_t{0});
  for (std::uint32_t d = 0; d < plan.dimension_count; ++d) {
    const bool open = IsOpen(d);
    const std::uint64_t* all = open ? plan.all_present.data() + std::size_t{d} * plan.word_count
                                    : matrix.Bits(d, atoms_[d]);
    const std::uint64_t* any =
        open ? plan.any_present.data() + std::size_t{d} * plan.word_count : all;
    for (std::uint32_t w = 0; w < plan.word_count; ++w) {
      sure_[w] &= all[w];
      possible_[w] &= any[w];
    }
  }
  // `otherwise` is sure where no `allow when` is possible, and possible where none is sure.
  const std::uint64_t* allow_when = matrix.AllowWhenBits();
  bool allow_sure = false, allow_possible = false;
  for (std::uint32_t w = 0; w < plan.word_count; ++w) {
    allow_sure = allow_sure || (sure_[w] & allow_when[w]) != 0;
    allow_possible = allow_possible || (possible_[w] & allow_when[w]) != 0;
  }
  for (std::uint32_t w = 0; w < plan.word_count; ++w) {
    sure_[w] &= ~plan.idle_columns[w];
    possible_[w] &= ~plan.idle_columns[w];
    if (allow_possible) sure_[w] &= ~plan.otherwise_columns[w];
    if (allow_sure) possible_[w] &= ~plan.otherwise_columns[w];
  }
}

// Marks the missing facts that `column` reads.
void Lane::LeanOn(const MatrixView& matrix, std::uint32_t column) {
  CapabilityPlan& plan = plans_[request_.capability.value];
  for (const std::uint32_t d : ConstrainedDimensions(matrix, plan, column)) {
    if (!IsOpen(d)) continue;
    for (const std::uint32_t fact : plan.dimension_facts[d]) {
      if (HasBit(open_facts_.data(), fact)) SetBit(answer_.leaned, fact);
    }
  }
}

void Lane::FindLeaning() {
  answer_.leaned.assign(answer_.missing.size(), 0);
  answer_.maybe_regions.clear();
  if (answer_.plan == nullptr) return;
  const CapabilityPlan& plan = *answer_.plan;
  answer_.maybe_regions.assign((plan.regions.size() + 63) / 64, 0);
  const runtime::Decision& decision = answer_.decision;
  if (decision.builtin != runtime::BuiltinRow::kNone) {
    // No row was looked at: the request may lie in any region of its capability.
    for (std::uint32_t i = 0; i < plan.regions.size(); ++i) SetBit(answer_.maybe_regions, i);
    answer_.unknown = decision.builtin == runtime::BuiltinRow::kMissingInput;
    return;
  }
  if (!AnyBit(open_facts_)) return;
  const MatrixView matrix = table_.Matrix(request_.capability);
  if (!runtime::MapAtoms(table_, nullptr, request_, atoms_.data(), atoms_.size())) return;
  BoundRows(matrix);

  const std::uint32_t end = matrix.decision_column_count();
  const std::uint32_t sure = FirstBit(sure_, end), possible = FirstBit(possible_, end);
  const auto says_same = [&](std::uint32_t c) {
    if (c == kNoColumn) return false;
    const ColumnView column = matrix.Column(c);
    return SameDecision(column.verdict, column.anchor, decision.verdict, decision.anchor);
  };
  if (!says_same(sure) || !says_same(possible)) {
    answer_.unknown = true;
    LeanOn(matrix, decision.column);
    if (possible != kNoColumn) LeanOn(matrix, possible);
  }
  for (std::uint32_t i = 0; i < plan.regions.size(); ++i) {
    const std::uint32_t column = plan.regions[i].column;
    if (!HasBit(answer_.columns, column) && HasBit(possible_.data(), column))
      SetBit(answer_.maybe_regions, i);
  }
}

}  // namespace writ::evals
