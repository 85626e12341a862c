// Interning: what is said of an event is folded into a few words (decision, bits of the rows that
// hold, bits of what was missing), and everything that reports need is worked out once per distinct
// key instead of once per event.
//
// Entry point: ShapeTable::Intern. Also here: the direction of a change between two decisions.
#include "replay_shapes.h"

#include <algorithm>

#include "sort_unique.h"

namespace writ::evals {

using runtime::AnchorId;
using runtime::AnchorView;
using runtime::ClauseId;
using runtime::ColumnKind;
using runtime::FactId;
using runtime::Table;
using runtime::Verdict;

namespace {

enum class Rank : std::uint8_t { kUnknown, kSame, kEqual, kAbove, kBelow, kIncomparable };

bool Contains(runtime::Slice<AnchorId> anchors, AnchorId anchor) {
  return std::find(anchors.begin(), anchors.end(), anchor) != anchors.end();
}

// Where `a` stands against `b` in one table.
Rank Compare(const Table& table, std::string_view a, std::string_view b) {
  if (a == b) return Rank::kSame;
  const AnchorId first = table.FindAnchor(a), second = table.FindAnchor(b);
  if (!first.valid() || !second.valid()) return Rank::kUnknown;
  if (first == second) return Rank::kSame;  // one of the names is a former one
  const AnchorView x = table.Anchor(first), y = table.Anchor(second);
  if (Contains(x.below, second)) return Rank::kAbove;
  if (Contains(y.below, first)) return Rank::kBelow;
  return x.held_by == y.held_by ? Rank::kEqual : Rank::kIncomparable;
}

Rank CompareIn(const Table& first, const Table& second, std::string_view a, std::string_view b) {
  const Rank rank = Compare(first, a, b);
  return rank == Rank::kUnknown ? Compare(second, a, b) : rank;
}

std::string_view AnchorName(const Table& table, AnchorId anchor) {
  return anchor.valid() ? table.Anchor(anchor).name : std::string_view();
}

Direction DecisionDirection(const Table& baseline, const Table& candidate, const LaneDecision& from,
                            const LaneDecision& to) {
  if (from.verdict != to.verdict)
    return to.verdict < from.verdict ? Direction::kLoosened : Direction::kTightened;
  if (from.verdict == Verdict::kDeny) return Direction::kSame;
  const Rank rank = CompareIn(baseline, candidate, AnchorName(candidate, to.anchor),
                              AnchorName(baseline, from.anchor));
  if (from.verdict == Verdict::kAllow)
    return rank == Rank::kSame ? Direction::kSame : Direction::kRerouted;
  switch (rank) {
    case Rank::kSame:
      return Direction::kSame;
    case Rank::kAbove:
      return Direction::kTightened;
    case Rank::kEqual:
      return Direction::kRerouted;
    case Rank::kBelow:
    case Rank::kIncomparable:
    case Rank::kUnknown:
      return Direction::kLoosened;
  }
  return Direction::kLoosened;
}

}  // namespace

bool SameOrHigher(const Table& first, const Table& second, std::string_view anchor,
                  std::string_view other) {
  const Rank rank = CompareIn(first, second, anchor, other);
  return rank == Rank::kSame || rank == Rank::kAbove;
}

void CompareLanes(const Table& baseline, const Table& candidate, Shape* shape) {
  const LaneShape &from = shape->lane[0], &to = shape->lane[1];
  shape->direction = DecisionDirection(baseline, candidate, from.decision, to.decision);
  const auto lacks = [](const std::vector<std::string>& all, const std::vector<std::string>& part) {
    return !std::includes(all.begin(), all.end(), part.begin(), part.end());
  };
  // Obligations of a request that is denied on either side are nobody's loss.
  if (from.decision.verdict == Verdict::kDeny || to.decision.verdict == Verdict::kDeny) return;
  shape->obligation_dropped = lacks(to.obligations, from.obligations);
  shape->obligation_added = lacks(from.obligations, to.obligations);
  if (shape->direction == Direction::kTightened || shape->direction == Direction::kLoosened) return;
  if (shape->obligation_dropped) {
    shape->direction = Direction::kLoosened;
  } else if (shape->obligation_added && shape->direction == Direction::kSame) {
    shape->direction = Direction::kTightened;
  }
}

std::size_t ShapeTable::Hash::operator()(const Key& key) const {
  std::uint64_t hash = 0x9e3779b97f4a7c15u ^ key.size();
  for (const std::uint64_t word : key) {
    hash = (hash ^ word) * 0xbf58476d1ce4e5b9u;
    hash ^= hash >> 29;
  }
  return static_cast<std::size_t>(hash ^ (hash >> 32));
}

std::uint64_t ShapeTable::NameId(std::string_view name) {
  return names_.emplace(std::string(name), names_.size()).first->second;
}

void ShapeTable::AppendKey(const Answer& answer) {
  const runtime::Decision& decision = answer.decision;
  key_.push_back(static_cast<std::uint64_t>(decision.builtin) << 32 | decision.column);
  key_.push_back(static_cast<std::uint64_t>(decision.fact.value) << 32 |
                 (answer.unknown ? 1u : 0u));
  if (answer.plan == nullptr) return;
  if (decision.builtin == runtime::BuiltinRow::kNone) {
    key_.insert(key_.end(), answer.columns, answer.columns + answer.plan->word_count);
  }
  key_.insert(key_.end(), answer.missing.begin(), answer.missing.end());
  key_.insert(key_.end(), answer.leaned.begin(), answer.leaned.end());
  key_.insert(key_.end(), answer.maybe_regions.begin(), answer.maybe_regions.end());
}

std::uint32_t ShapeTable::Intern(std::string_view capability, std::string_view role,
                                 const Answer& baseline, const Answer& candidate) {
  key_.clear();
  const std::string_view names[2] = {capability, role};
  for (std::size_t i = 0; i < 2; ++i) {
    if (last_name_[i] != names[i] || names_.empty()) {
      last_name_[i] = names[i];
      last_id_[i] = NameId(names[i]);
    }
  }
  key_.push_back(last_id_[0] << 32 | last_id_[1]);
  AppendKey(baseline);
  AppendKey(candidate);
  const auto found = index_.find(key_);
  if (found != index_.end()) return found->second;
  if (shapes_.size() >= max_shapes_) return kNoIndex;

  Shape shape;
  shape.capability = capability;
  shape.role = role;
  shape.lane[0] = Describe(0, baseline);
  shape.lane[1] = Describe(1, candidate);
  CompareLanes(*tables_[0], *tables_[1], &shape);
  const auto index = static_cast<std::uint32_t>(shapes_.size());
  shapes_.push_back(std::move(shape));
  index_.emplace(key_, index);
  return index;
}

LaneShape ShapeTable::Describe(std::size_t lane, const Answer& answer) const {
  const Table& table = *tables_[lane];
  LaneShape shape;
  const runtime::Decision& decision = answer.decision;
  shape.decision = {
      .verdict = decision.verdict,
      .builtin = decision.builtin,
      .clause = decision.builtin == runtime::BuiltinRow::kNone ? decision.clause : ClauseId{},
      .anchor = decision.anchor,
      .fact = decision.fact,
      .unknown = answer.unknown};
  if (answer.plan == nullptr) return shape;
  const CapabilityPlan& plan = *answer.plan;
  if (decision.builtin == runtime::BuiltinRow::kNone) {
    const std::uint8_t flags = table.Matrix(decision.capability).Column(decision.column).flags;
    shape.decision.for_want = (flags & runtime::kColumnUnknown) != 0;
  }
  for (std::uint32_t i = 0; i < plan.facts.size(); ++i) {
    if (HasBit(answer.missing.data(), i)) shape.missing.push_back(plan.facts[i]);
    if (HasBit(answer.leaned.data(), i)) shape.leaned_on.push_back(plan.facts[i]);
  }
  if (decision.builtin == runtime::BuiltinRow::kMissingInput && decision.fact.valid()) {
    shape.leaned_on.push_back(decision.fact);
    if (std::find(shape.missing.begin(), shape.missing.end(), decision.fact) ==
        shape.missing.end()) {
      shape.missing.push_back(decision.fact);
    }
  }
  for (std::uint32_t i = 0; i < plan.regions.size(); ++i) {
    if (HasBit(answer.maybe_regions.data(), i)) shape.maybe_regions.push_back(plan.regions[i].name);
  }
  if (decision.builtin == runtime::BuiltinRow::kNone) {
    const runtime::MatrixView matrix = table.Matrix(decision.capability);
    for (std::uint32_t c = 0; c < matrix.column_count(); ++c) {
      if (!HasBit(answer.columns, c)) continue;
      const runtime::ColumnView column = matrix.Column(c);
      if (column.clause.valid()) shape.inside.push_back(column.clause);
      if (column.kind == ColumnKind::kRegion) shape.regions.push_back(column.name);
      if (column.kind == ColumnKind::kNotify) {
        // By the candidate's name for it, so that a new name is no other obligation.
        const std::string_view name = AnchorName(table, column.anchor);
        const AnchorId now = tables_[1]->FindAnchor(name);
        shape.obligations.push_back("notify " +
                                    std::string(now.valid() ? tables_[1]->Anchor(now).name : name));
      }
      if (column.kind == ColumnKind::kNote) {
        const runtime::ClauseView clause = table.Clause(column.clause);
        shape.obligations.push_back(
            "note " + std::string(clause.reason.empty() ? clause.words : clause.reason));
      }
    }
  }
  SortUnique(shape.inside);
  SortUnique(shape.regions);
  SortUnique(shape.maybe_regions);
  SortUnique(shape.obligations);
  std::erase_if(shape.maybe_regions, [&](std::uint32_t region) {
    return std::binary_search(shape.regions.begin(), shape.regions.end(), region);
  });
  return shape;
}

}  // namespace writ::evals
