// What changed between two tables, by clause: names, words, and the rows they became.
//
// This level names causes; the exact set of requests whose decision changed joins it as further
// members, keyed by the same clause names, without changing these.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "writ/runtime/table.h"

namespace writ::analysis {

enum class ChangeKind : std::uint8_t {
  kAdded = 0,
  kRemoved = 1,
  kWords = 2,    // the words differ
  kMeaning = 3,  // same words, other rows: a threshold, let, fact or anchor that they name changed
};

// One clause under one capability.
struct ClauseChange {
  ChangeKind kind = ChangeKind::kAdded;
  std::string capability, clause;               // names
  std::string old_words, new_words;             // empty where absent
  std::vector<std::string> old_rows, new_rows;  // in policy words: "deny where amount >= 200.01
                                                // EUR"; only rows not on the other side
  std::string file;                             // of the new side, else of the old one
  std::uint32_t line = 0;
};

// A declaration: capability, threshold, anchor, role, fact, meter, evidence, region, invariant.
struct DeclarationChange {
  ChangeKind kind = ChangeKind::kAdded;
  std::string what, name, old_text, new_text;
};

struct TableDiff {
  std::vector<ClauseChange> clauses;  // by capability, then clause name
  std::vector<DeclarationChange> declarations;
  bool empty() const { return clauses.empty() && declarations.empty(); }
};

TableDiff DiffTables(const runtime::Table& old_table, const runtime::Table& new_table);

// One line a change, `+`, `-` and `~` first.
std::string FormatDiff(const TableDiff&);

// A column in policy words, as above; a row of `writ table`.
std::string DescribeColumn(const runtime::Table&, runtime::CapabilityId, std::uint32_t column);

// That a dimension's number lies below one of its cuts: `now - order.placed <= 14 days`.
std::string DescribeBelow(const runtime::Table&, runtime::CapabilityId, std::uint32_t dimension,
                          std::int64_t cut);

// All columns of a capability, in order.
std::vector<std::string> DescribeColumns(const runtime::Table&, runtime::CapabilityId);

}  // namespace writ::analysis
