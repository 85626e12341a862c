// What changed between two tables: the exact set of requests whose decision differs.
//
// A *region* is (capability, older row, newer row): all requests that the one row decided before
// and the other decides now, with another outcome. Regions are disjoint, and together they are the
// whole change: what lies in none of them is proved to be decided as before. Each has a request
// that both tables were asked about.
//
// Requests are those that both tables take for well formed, or that one of them denies as malformed
// or as lacking an input; meters are free inputs; both tables are read as in force, so that a later
// `effective` date alone is no change.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "writ/analysis/region.h"
#include "writ/analysis/witness.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"
#include "writ/table/write.h"

namespace writ::analysis {

enum class Direction : std::uint8_t {
  kSame = 0,
  kRerouted = 1,   // to an anchor of equal rank, or another person answers for the same permission
  kTightened = 2,  // towards deny; to a higher anchor; an obligation more
  kLoosened = 3,   // towards allow; to an anchor that is lower or incomparable; one less
};
// "loosened".
[[nodiscard]] const char* Name(Direction);

// What decides on one side of a region.
struct DiffRow {
  std::string outcome;  // "escalate to refunds", "allow", "deny"
  std::string clause;   // its stable name; empty for what no row says (malformed, missing input)
  std::string words;    // as written, or what a builtin row says
  std::string reason;
  std::string file;
  std::uint32_t line = 0;  // 0: not written by an author
  // What decides before any row of the table, or that none does.
  runtime::BuiltinRow builtin = runtime::BuiltinRow::kNone;
};

struct DiffRegion {
  std::string capability;
  DiffRow before, after;
  // A column of each row, in its own table; kNoColumn: something before the rows decides, or
  // nothing.
  static constexpr std::uint32_t kNoColumn = 0xFFFFFFFFu;
  std::uint32_t column_before = kNoColumn, column_after = kNoColumn;
  Direction direction = Direction::kSame;
  std::string witness;  // a request in it: "amount = 200.01 EUR, confidence = 0.80"; empty: any
  Witness request;      // the same as values of the older table's facts
  // Disjoint boxes that make up the region, each in the policy's words and on top of what the
  // capability's regions share; "always" where nothing more constrains it. Not all of them where
  // `more_boxes`.
  std::vector<std::string> boxes;
  bool more_boxes = false;
  // The number of requests in it: values of numbers, enums and booleans, atoms of ids, texts and of
  // what is worked out; decimal digits of any length. Empty: too many boxes to be counted.
  std::string size;
  bool at_most = false;  // worked-out values tie facts together: some of the counted may not occur
};

// An obligation (`note`, `notify`) that holds on one side alone, for some request.
struct ObligationChange {
  std::string capability;
  bool dropped = false;  // else added
  DiffRow row;
  std::string witness;
};

struct SharedCondition {
  std::string capability, where;
};

struct ExactDiff {
  // Loosened first, then by capability; what is now allowed before what is not.
  std::vector<DiffRegion> regions;
  std::vector<SharedCondition> shared;  // holds in every region of the capability
  std::vector<ObligationChange> obligations;
  // What both tables name and mean differently, and how it was compared.
  std::vector<std::string> notes;
  // Capabilities for which the set is not known to be whole, each with the reason. Never a pass.
  std::vector<std::string> unknown;
  std::uint64_t steps = 0;

  // Proved: every request is decided as before, with the same obligations.
  [[nodiscard]] bool equal() const {
    return regions.empty() && obligations.empty() && unknown.empty() && notes.empty();
  }
  [[nodiscard]] Direction worst() const;
};

struct ExactDiffOptions {
  std::size_t most_boxes = 64;       // shown of one region; 0: none, and no size
  std::size_t most_regions = 4'096;  // of one capability; beyond, the rest is unknown
  std::string capability;            // only this one; empty: all
  Restriction where;                 // only these requests; numbers are SharedVocabulary's
};

// What both tables name, as a table without rows, in which they are compared. A thing is called as
// the newer one calls it. A fact of which both have a reading of its own stands there twice, the
// older one's as `NAME (before)`. The error is a sentence.
[[nodiscard]] std::expected<table::WrittenTable, std::string> SharedVocabulary(
    const runtime::Table& before, const runtime::Table& after);

[[nodiscard]] ExactDiff DiffExactly(const runtime::Table& before, const runtime::Table& after,
                                    Budget&, const ExactDiffOptions& = {});

// The step that a change demands of the version, after Semantic Versioning.
enum class Step : std::uint8_t { kNone = 0, kPatch = 1, kMinor = 2, kMajor = 3 };
[[nodiscard]] const char* Name(Step);
[[nodiscard]] Step DemandedStep(const ExactDiff&);
// The step from one version to another: kNone where the later one is not later.
[[nodiscard]] Step StatedStep(std::string_view before, std::string_view after);

}  // namespace writ::analysis
