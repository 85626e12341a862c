// `writ table`: a decision table as rows in the policy's words, and the rows in which two tables differ.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "context.h"
#include "load.h"
#include "writ/analysis/table_diff.h"

namespace writ::cli {
namespace {

using nlohmann::ordered_json;

struct Options { std::string path, capability, against; };

const char* Name(runtime::ColumnKind kind) {
  switch (kind) {
    case runtime::ColumnKind::kDecision: return "decision";
    case runtime::ColumnKind::kNote: return "note";
    case runtime::ColumnKind::kNotify: return "notify";
    case runtime::ColumnKind::kRegion: return "region";
    case runtime::ColumnKind::kInvariant: return "invariant";
  }
  return "decision";
}

ordered_json Row(const runtime::Table& table, runtime::CapabilityId capability, std::uint32_t index) {
  const runtime::ColumnView column = table.Matrix(capability).Column(index);
  ordered_json row{{"kind", Name(column.kind)}, {"row", analysis::DescribeColumn(table, capability, index)}};
  if (column.clause.valid()) {
    const runtime::ClauseView clause = table.Clause(column.clause);
    row["clause"] = clause.name;
    if (clause.line != 0) row["place"] = fmt::format("{}:{}", clause.file, clause.line);
    if (!clause.reason.empty()) row["reason"] = clause.reason;
  }
  return row;
}

void PrintCapability(const Context& context, const runtime::Table& table, runtime::CapabilityId id) {
  const runtime::CapabilityView capability = table.Capability(id);
  const runtime::MatrixView matrix = table.Matrix(id);
  context.out << fmt::format("{}{}{}\n", capability.name, capability.title.empty() ? "" : " - ", capability.title);
  for (std::uint32_t c = 0; c < matrix.column_count(); ++c) {
    const ordered_json row = Row(table, id, c);
    context.out << fmt::format("  {:>3}  {}\n", c + 1, row["row"].get<std::string>());
    const std::string place = row.contains("place") ? row["place"].get<std::string>() : std::string();
    const std::string reason = row.contains("reason") ? fmt::format("  \"{}\"", row["reason"].get<std::string>()) : std::string();
    if (row.contains("clause")) context.out << fmt::format("         {}  {}{}\n", row["clause"].get<std::string>(), place, reason);
  }
  context.out << '\n';
}

Exit PrintTable(const Context& context, const runtime::Table& table, const std::string& only) {
  ordered_json all = ordered_json::array();
  bool found = only.empty();
  for (std::uint32_t i = 0; i < table.capability_count(); ++i) {
    const runtime::CapabilityId id{i};
    if (!only.empty() && table.Capability(id).name != only) continue;
    found = true;
    if (!context.json) {
      PrintCapability(context, table, id);
      continue;
    }
    ordered_json rows = ordered_json::array();
    for (std::uint32_t c = 0; c < table.Matrix(id).column_count(); ++c) rows.push_back(Row(table, id, c));
    all.push_back({{"capability", table.Capability(id).name}, {"rows", std::move(rows)}});
  }
  if (!found) return context.Fail(Exit::kUsage, fmt::format("the table has no capability `{}`", only), "writ table TABLE lists them all");
  if (context.json) context.out << ordered_json{{"policy", table.policy()}, {"version", table.version()}, {"capabilities", all}}.dump(2) << '\n';
  return Exit::kPass;
}

const char* Name(analysis::ChangeKind kind) {
  switch (kind) {
    case analysis::ChangeKind::kAdded: return "added";
    case analysis::ChangeKind::kRemoved: return "removed";
    case analysis::ChangeKind::kWords: return "words";
    case analysis::ChangeKind::kMeaning: return "meaning";
  }
  return "words";
}

Exit PrintDifference(const Context& context, const runtime::Table& before, const runtime::Table& after) {
  const analysis::TableDiff diff = analysis::DiffTables(before, after);
  if (!context.json) {
    context.out << (diff.empty() ? std::string("no clause and no declaration differs\n") : analysis::FormatDiff(diff));
    return Exit::kPass;
  }
  ordered_json clauses = ordered_json::array(), declarations = ordered_json::array();
  for (const auto& change : diff.clauses) {
    clauses.push_back({{"change", Name(change.kind)}, {"capability", change.capability}, {"clause", change.clause},
                       {"old_words", change.old_words}, {"new_words", change.new_words}, {"old_rows", change.old_rows},
                       {"new_rows", change.new_rows}, {"file", change.file}, {"line", change.line}});
  }
  for (const auto& change : diff.declarations) {
    declarations.push_back({{"change", Name(change.kind)}, {"what", change.what}, {"name", change.name}, {"old", change.old_text}, {"new", change.new_text}});
  }
  context.out << ordered_json{{"clauses", clauses}, {"declarations", declarations}}.dump(2) << '\n';
  return Exit::kPass;
}

Exit ShowTable(const Context& context, const Options& options) {
  const auto table = LoadTable(context, options.path);
  if (!table) return table.error();
  if (options.against.empty()) return PrintTable(context, (*table)->table, options.capability);
  const auto before = LoadTable(context, options.against);
  if (!before) return before.error();
  return PrintDifference(context, (*before)->table, (*table)->table);
}

}  // namespace

void AddTable(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("table", "show a decision table, or the rows in which two differ");
  verb->footer("Examples:\n  writ table policies/support_refunds.writ issue_refund\n"
               "  writ table policies/support_refunds_next.writ --against policies/support_refunds.writ\n\n"
               "Rows stand in the order in which they win: the most restrictive first.");
  verb->add_option("TABLE", options->path, "table (.wtb) or policy (.writ)")->required();
  auto* capability = verb->add_option("CAPABILITY", options->capability, "only this one");
  verb->add_option("--against", options->against, "show what differs from this older table")->type_name("TABLE")->excludes(capability);
  verb->callback([&context, options, exit] { *exit = ShowTable(context, *options); });
}

}  // namespace writ::cli
