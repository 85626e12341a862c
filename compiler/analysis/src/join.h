// Two tables as one: the rows of both, side by side, over one vocabulary.
//
// A joined matrix answers questions about both decisions of one request at once. Whatever the two
// tables call by one name is one thing in it, if they mean values of one kind by it; a value that
// one side does not have is malformed there, and denied by a row that only the joined matrix has.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "space_impl.h"
#include "writ/analysis/witness.h"
#include "writ/runtime/table.h"
#include "writ/table/model.h"

namespace writ::analysis {

// What is joined: two versions of a policy; a policy, as the newer side, and conditions over its
// words, as the older one, of which only invariant columns count; or a table with itself, for
// requests that both of two capabilities can be asked with, the invariant columns of either side
// beside them.
// kChanges: two versions, with the region columns of either instead of what is owed.
// kSuccession: a policy and the version that it amends, with all their columns and flags.
enum class JoinMode : std::uint8_t { kVersions, kConditions, kRequests, kChanges, kSuccession };

inline constexpr std::size_t kSides = 2, kOld = 0, kNew = 1;  // the older table, the newer one

// How one side numbers what the joined vocabulary names.
struct SideNumbers {
  std::vector<runtime::FactId> fact;              // of the joined facts, by the side's own
  std::vector<std::uint32_t> fact_of;             // the side's own, by joined; kNoIndex: none
  std::vector<std::vector<std::uint32_t>> value;  // by own fact: joined enum value of each own one
  std::vector<std::int64_t> low, high;            // by own fact: its own range
  std::vector<runtime::RoleId> role;              // joined, by own
  std::vector<std::uint32_t> role_of;             // own, by joined; kNoIndex: unknown to it
  std::vector<runtime::AnchorId> anchor;
  std::vector<runtime::CapabilityId> capability;
  std::vector<runtime::EvidenceId> evidence;
  std::vector<runtime::MeterId> meter;
  std::vector<std::uint32_t> pattern;  // joined, by own
};

// What both tables name and mean differently, and what a comparison of them does about it.
struct JoinNote {
  std::string differs, compared;
  [[nodiscard]] std::string Text() const { return differs + "; " + compared; }
};

struct JoinedVocabulary {
  table::Model model;  // with empty matrices
  std::array<SideNumbers, kSides> side;
  std::vector<JoinNote> notes;
  // What every joined matrix reads, and tells apart here, whether a side does or not.
  std::vector<std::pair<runtime::FactId, std::int64_t>> cuts;
};

[[nodiscard]] JoinedVocabulary JoinVocabularies(
    const std::array<const runtime::Table*, kSides>& tables, JoinMode = JoinMode::kVersions);

// A row of the joined matrix: of one side, or of both where they say the same.
struct JoinedColumn {
  // Rows that a side has before its own columns.
  static constexpr std::uint32_t kMalformed = 0xFFFFFFFEu, kMissingInput = 0xFFFFFFFDu,
                                 kUnknownCapability = 0xFFFFFFFCu;
  // By side: its own column, or one of the above; kNoIndex: it has no such row.
  std::array<std::uint32_t, kSides> own = {kNoIndex, kNoIndex};
  std::uint8_t flags = 0;  // kColumnAllowWhen, kColumnOtherwise
};

struct JoinedMatrix {
  // Of two versions, columns have no flags of their own: which of them take part is asked side by
  // side.
  table::Matrix matrix;
  // Beside matrix.columns: first those that decide, in an order that keeps each side's own (most
  // restrictive first), then the obligations of either side.
  std::vector<JoinedColumn> columns;
  std::uint32_t decisions = 0;
  // What both have in common keeps its order of restrictiveness, so that only rows of one side
  // alone can make a difference.
  bool aligned = false;
  bool same = false;  // row by row, both sides say the same
};

// `capability`: by side; invalid: it has no such capability, and denies. Adds to the model's atom
// maps.
[[nodiscard]] JoinedMatrix JoinMatrices(JoinedVocabulary&,
                                        const std::array<const runtime::Table*, kSides>& tables,
                                        const std::array<runtime::CapabilityId, kSides>& capability,
                                        JoinMode = JoinMode::kVersions);

// A joined capability, as either side numbers it; invalid where it has none.
[[nodiscard]] std::array<runtime::CapabilityId, kSides> OwnCapabilities(const JoinedVocabulary&,
                                                                        runtime::CapabilityId);

// Both tables number everything alike, so that matrices can be compared as they stand.
[[nodiscard]] bool SameNumbers(const JoinedVocabulary&);

// A request of the joined model, as one side's table knows it.
[[nodiscard]] Witness OwnRequest(const JoinedVocabulary&,
                                 const std::array<const runtime::Table*, kSides>& tables,
                                 std::size_t side, runtime::CapabilityId own, const Witness&);

// One side's table decides the request as `column` of the joined matrix says; null: denies.
[[nodiscard]] bool DecidesAs(const JoinedVocabulary&,
                             const std::array<const runtime::Table*, kSides>& tables,
                             std::size_t side, runtime::CapabilityId own, const Witness&,
                             const table::Column* column);

// The matrices are the same bit by bit. REQUIRES: SameNumbers. False where they are merely equal.
[[nodiscard]] bool SameMatrices(const std::array<const runtime::Table*, kSides>& tables,
                                runtime::CapabilityId capability);

}  // namespace writ::analysis
