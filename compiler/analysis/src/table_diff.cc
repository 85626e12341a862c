// What changed between two tables, clause by clause.
//
// Clauses are matched by capability and name, which are stable; their rows are compared as
// multisets of sentences (describe.cc), so that renumbered facts, other atoms or another order of
// columns are no change, while a threshold that moved under unchanged words is one.
//
// Entry point: DiffTables.
#include "writ/analysis/table_diff.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "declaration_text.h"
#include "space_impl.h"
#include "writ/analysis/statement_text.h"
#include "writ/analysis/witness.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

struct ClauseRows {
  std::string words, file;
  std::uint32_t line = 0;
  std::vector<std::string> rows;  // sorted
};

using ClauseKey = std::pair<std::string, std::string>;       // capability, clause
using DeclarationKey = std::pair<std::string, std::string>;  // kind, name

std::map<ClauseKey, ClauseRows> LoadClauses(const Table& table, const Table& newer) {
  std::map<ClauseKey, ClauseRows> clauses;
  for (std::uint32_t i = 0; i < table.capability_count(); ++i) {
    const std::vector<std::string> columns = DescribeColumns(table, CapabilityId{i});
    const MatrixView matrix = table.Matrix(CapabilityId{i});
    for (std::uint32_t c = 0; c < columns.size(); ++c) {
      const ColumnView column = matrix.Column(c);
      if (!column.clause.valid()) continue;
      const ClauseView clause = table.Clause(column.clause);
      ClauseRows& rows =
          clauses[{NameIn(newer, NameOf::kCapability, table.Capability(CapabilityId{i}).name),
                   std::string(clause.name)}];
      rows.words = clause.words;
      rows.file = clause.file;
      rows.line = clause.line;
      rows.rows.push_back(columns[c]);
    }
  }
  for (auto& [key, rows] : clauses) std::sort(rows.rows.begin(), rows.rows.end());
  return clauses;
}

std::map<DeclarationKey, std::string> LoadDeclarations(const Table& table, const Table& newer) {
  std::map<DeclarationKey, std::string> all;
  const auto add = [&](std::string_view kind, std::string_view name, std::string text) {
    all[{std::string(kind), std::string(name)}] = std::move(text);
  };
  for (std::uint32_t i = 0; i < table.capability_count(); ++i) {
    add("capability", NameIn(newer, NameOf::kCapability, table.Capability(CapabilityId{i}).name),
        CapabilityText(table, CapabilityId{i}));
  }
  for (std::uint32_t i = 0; i < table.threshold_count(); ++i) {
    add("threshold", table.Threshold(i).name, std::string(table.Threshold(i).value));
  }
  for (std::uint32_t i = 0; i < table.fact_count(); ++i) {
    if (table.Fact(FactId{i}).source == Source::kBuiltin) continue;
    add("fact", NameIn(newer, NameOf::kFact, table.Fact(FactId{i}).name),
        FactText(table, FactId{i}));
  }
  for (std::uint32_t i = 0; i < table.role_count(); ++i) {
    add("role", NameIn(newer, NameOf::kRole, table.Role(RoleId{i}).name),
        RoleText(table, table.Role(RoleId{i})));
  }
  for (std::uint32_t i = 0; i < table.anchor_count(); ++i) {
    add("anchor", NameIn(newer, NameOf::kAnchor, table.Anchor(AnchorId{i}).name),
        AnchorText(table, AnchorId{i}));
  }
  for (std::uint32_t i = 0; i < table.evidence_count(); ++i) {
    add("evidence", NameIn(newer, NameOf::kEvidence, table.Evidence(EvidenceId{i}).name),
        EvidenceText(table, table.Evidence(EvidenceId{i})));
  }
  for (std::uint32_t i = 0; i < table.meter_count(); ++i) {
    add("meter", NameIn(newer, NameOf::kFact, table.Meter(MeterId{i}).name),
        MeterText(table, table.Meter(MeterId{i})));
  }
  for (std::uint32_t i = 0; i < table.former_name_count(); ++i) {
    const FormerNameView former = table.FormerName(i);
    const bool of_value = former.of == NameOf::kValue;
    if (of_value && table.FindFormer(NameOf::kValue, kAnyOtherValue, former.fact) != kNotFound) {
      const bool any_other = former.name == kAnyOtherValue;
      add("model", any_other ? "any other" : former.name,
          "class " + NameToday(table, former.of, former.fact, former.index));
      continue;
    }
    std::string what = of_value ? std::string(table.Fact(former.fact).name) + " " : std::string();
    add("former name", what + std::string(former.name),
        "now " + NameToday(table, former.of, former.fact, former.index));
  }
  for (std::uint32_t i = 0; i < table.region_count(); ++i) add("region", table.Region(i), "");
  for (std::uint32_t i = 0; i < table.invariant_count(); ++i)
    add("invariant", table.Invariant(i), "");
  for (std::uint32_t i = 0; i < table.statement_count(); ++i) {
    const StatementView said = table.Statement(i);
    if (said.of == StatementOf::kCapability) continue;  // part of its text
    if (NamesAThing(said.word)) {
      const std::size_t colon = said.text.find(": ");
      add(StatementPhrase(said.word), said.text.substr(0, colon),
          std::string(said.text.substr(colon + 2)));
      continue;
    }
    std::string& text =
        all[{"account", std::string(said.of == StatementOf::kPolicy
                                        ? table.policy()
                                        : table.Authority(AuthorityId{said.index}).name)}];
    if (!text.empty()) text += ' ';
    text += std::string(StatementPhrase(said.word)) + " " + std::string(said.text);
  }
  if (table.has_effective())
    add("policy", "effective", FormatNumber(ValueType::kTime, "", 0, table.effective_ms()));
  return all;
}

std::vector<std::string> Without(const std::vector<std::string>& rows,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> rest;
  std::set_difference(rows.begin(), rows.end(), others.begin(), others.end(),
                      std::back_inserter(rest));
  return rest;
}

// Walks two maps in the order of their keys: `on_pair(key, old or null, new or null)`.
template <typename Map, typename OnPair>
void Zip(const Map& old_map, const Map& new_map, OnPair on_pair) {
  auto a = old_map.begin();
  auto b = new_map.begin();
  while (a != old_map.end() || b != new_map.end()) {
    const bool only_old = b == new_map.end() || (a != old_map.end() && a->first < b->first);
    const bool only_new = a == old_map.end() || (b != new_map.end() && b->first < a->first);
    on_pair(only_new ? b->first : a->first, only_new ? nullptr : &a->second,
            only_old ? nullptr : &b->second);
    if (!only_new) ++a;
    if (!only_old) ++b;
  }
}

}  // namespace

TableDiff DiffTables(const Table& old_table, const Table& new_table) {
  TableDiff diff;
  Zip(LoadClauses(old_table, new_table), LoadClauses(new_table, new_table),
      [&](const ClauseKey& key, const ClauseRows* before, const ClauseRows* after) {
        static const ClauseRows kNothing;
        const ClauseRows& from = before != nullptr ? *before : kNothing;
        const ClauseRows& to = after != nullptr ? *after : kNothing;
        if (before != nullptr && after != nullptr && from.words == to.words && from.rows == to.rows)
          return;
        ClauseChange change;
        change.kind = before == nullptr        ? ChangeKind::kAdded
                      : after == nullptr       ? ChangeKind::kRemoved
                      : from.words != to.words ? ChangeKind::kWords
                                               : ChangeKind::kMeaning;
        change.capability = key.first;
        change.clause = key.second;
        change.old_words = from.words;
        change.new_words = to.words;
        change.old_rows = Without(from.rows, to.rows);
        change.new_rows = Without(to.rows, from.rows);
        change.file = after != nullptr ? to.file : from.file;
        change.line = after != nullptr ? to.line : from.line;
        diff.clauses.push_back(std::move(change));
      });
  Zip(LoadDeclarations(old_table, new_table), LoadDeclarations(new_table, new_table),
      [&](const DeclarationKey& key, const std::string* before, const std::string* after) {
        if (before != nullptr && after != nullptr && *before == *after) return;
        DeclarationChange change;
        change.kind = before == nullptr  ? ChangeKind::kAdded
                      : after == nullptr ? ChangeKind::kRemoved
                                         : ChangeKind::kWords;
        change.what = key.first;
        change.name = key.second;
        if (before != nullptr) change.old_text = *before;
        if (after != nullptr) change.new_text = *after;
        diff.declarations.push_back(std::move(change));
      });
  return diff;
}

std::string FormatDiff(const TableDiff& diff) {
  std::string text;
  for (const DeclarationChange& change : diff.declarations) {
    const std::string name = change.what + " " + change.name;
    switch (change.kind) {
      case ChangeKind::kAdded:
        text += "+ " + name + ": " + change.new_text + "\n";
        break;
      case ChangeKind::kRemoved:
        text += "- " + name + ": " + change.old_text + "\n";
        break;
      case ChangeKind::kWords:
      case ChangeKind::kMeaning:
        text += "~ " + name + ": " + change.old_text + " -> " + change.new_text + "\n";
        break;
    }
  }
  for (const ClauseChange& change : diff.clauses) {
    const bool both = change.kind == ChangeKind::kWords || change.kind == ChangeKind::kMeaning;
    const char* mark = both ? "~ " : change.kind == ChangeKind::kAdded ? "+ " : "- ";
    text += mark + change.capability + ": " + change.clause + "\n";
    if (change.kind == ChangeKind::kMeaning) text += "    same words: " + change.new_words + "\n";
    if (change.kind != ChangeKind::kMeaning && !change.old_words.empty())
      text += "  - " + change.old_words + "\n";
    if (change.kind != ChangeKind::kMeaning && !change.new_words.empty())
      text += "  + " + change.new_words + "\n";
    for (const std::string& row : change.old_rows) text += "    - " + row + "\n";
    for (const std::string& row : change.new_rows) text += "    + " + row + "\n";
  }
  return text;
}

}  // namespace writ::analysis
