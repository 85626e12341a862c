// What a Space holds. Private to the library; see space.h for what it is.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "writ/analysis/space.h"
#include "writ/table/model.h"

namespace writ::analysis {

inline constexpr std::uint32_t kNoIndex = 0xFFFFFFFFu;
inline constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

struct Range {
  std::int64_t low = 0, high = 0;  // inclusive
  friend bool operator==(const Range&, const Range&) = default;
};

// What one fact can be in the space's requests.
struct FactDomain {
  runtime::FactId fact;
  runtime::ValueType type = runtime::ValueType::kBool;
  bool may_be_missing = true, may_be_present = true;
  std::int64_t low = 0, high = 0;  // of the value that conditions see; text: unused
  std::int64_t given_low = 0,
               given_high = 0;  // of what a request gives: differs for meters `including this`
  std::vector<Range> ranges;    // inside low..high; empty: all of it
  std::optional<std::string> text;
  std::optional<std::vector<std::string>> texts;
  std::uint32_t slot = kNoIndex;  // from this evidence: missing unless it is fresh
  // A meter `including this` whose target is this capability: what is seen is what is given with
  // the request added.
  bool adds_this = false;
  runtime::Fold fold = runtime::Fold::kCount;
  std::uint32_t addend =
      kNoIndex;  // domain index of the input that a sum or `last` takes; none: 1, true or `now`
  std::uint32_t component = kNoIndex;
};

// Evidence that the matrix depends on, whether or not it is a dimension.
struct EvidenceSlot {
  runtime::EvidenceId evidence;
  std::uint32_t dimension = kNoIndex;
  bool may_be_fresh = true, may_be_stale = true;
  bool explicit_time = false;  // its time or what it is about is read: freshness is worked out
  std::uint32_t component = kNoIndex;  // explicit_time: where it is worked out
};

struct DimensionInfo {
  runtime::DimensionView view;
  AtomSet allowed;
  ColumnSet full;                   // columns that admit every allowed atom
  std::uint32_t domain = kNoIndex;  // kFact
  std::uint32_t slot = kNoIndex;    // kEvidence
  std::uint32_t component = kNoIndex;
  std::vector<std::uint32_t> wanted_by;  // slots that are fresh only where this fact is present
};

// Dimensions and facts that hang together: through worked-out values, meters that add this request,
// or evidence whose time is read. Different components are independent, given which evidence is
// fresh.
struct Component {
  std::vector<std::uint32_t> dimensions, domains, slots, instructions;
  bool entangled =
      false;  // more than one fact with at most one dimension: atoms alone do not settle it
};

struct Space::Impl {
  Impl(const runtime::Table& table_in, runtime::CapabilityId capability_in,
       const Restriction& restriction_in);

  const runtime::Table& table;
  runtime::CapabilityId capability;
  Restriction restriction;
  runtime::MatrixView matrix;
  std::uint32_t columns = 0, words = 0;

  std::vector<runtime::ColumnView> column;
  std::vector<const std::uint64_t*> rows;  // of all dimensions and atoms
  std::vector<std::uint32_t> first_row;    // by dimension
  std::vector<FactDomain> domains;         // ascending by fact
  std::vector<EvidenceSlot> slots;
  std::vector<DimensionInfo> dimensions;
  std::vector<Component> components;
  std::vector<runtime::InstructionView> code;

  ColumnSet decisions, otherwise, allow_when, switched_off;  // decisions: without switched_off
  runtime::FactId now_fact, role_fact;                       // invalid where the table has none
  std::int64_t preferred_now = 0;
  BitSet roles;  // that may act; the last stands for any other
  runtime::BuiltinRow builtin = runtime::BuiltinRow::kNone;
  runtime::FactId builtin_fact;
  bool empty = false;

  std::uint32_t DomainOf(runtime::FactId fact) const;  // kNoIndex: the capability does not read it
  const std::uint64_t* Bits(std::uint32_t d, std::uint32_t atom) const {
    return rows[first_row[d] + atom];
  }
  // The atoms of dimension `d` that column `c` admits.
  AtomSet AtomsOf(std::uint32_t c, std::uint32_t d) const;
  // The values that `atoms` (0, missing, aside) stand for, as ascending disjoint ranges.
  std::vector<Range> RangesOf(const runtime::AtomMapView& map, const AtomSet& atoms) const;
  Range RangeOf(const runtime::AtomMapView& map, std::uint32_t atom) const;
  // What is left of `allowed` where these slots are fresh or stale (kNoIndex-free, by slot: 1
  // fresh, 0 stale).
  AtomSet AllowedUnder(std::uint32_t d, const std::vector<bool>& fresh) const;
};

// Which facts the instruction names itself; calls `on_fact(FactId)`.
template <typename OnFact>
void ForEachFact(const runtime::InstructionView& in, OnFact on_fact) {
  const runtime::OpShape shape = runtime::ShapeOf(in.op);
  if (shape.a == runtime::OperandKind::kFact) on_fact(runtime::FactId{in.a});
  if (shape.b == runtime::OperandKind::kFact) on_fact(runtime::FactId{in.b});
}

// Which earlier instructions it reads.
template <typename OnValue>
void ForEachOperand(const runtime::InstructionView& in, OnValue on_value) {
  const runtime::OpShape shape = runtime::ShapeOf(in.op);
  if (shape.a == runtime::OperandKind::kValue) on_value(in.a);
  if (shape.b == runtime::OperandKind::kValue) on_value(in.b);
}

constexpr bool IsTextType(runtime::ValueType type) {
  return type == runtime::ValueType::kId || type == runtime::ValueType::kText;
}
constexpr bool IsSetType(runtime::ValueType type) {
  return type == runtime::ValueType::kIdSet || type == runtime::ValueType::kEnumSet;
}

}  // namespace writ::analysis
