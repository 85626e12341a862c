// `writ table`: a decision table as rows in the policy's words, and the rows in which two tables
// differ.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "context.h"
#include "load.h"
#include "table_expand.h"
#include "table_page.h"
#include "writ/analysis/table_diff.h"

namespace writ::cli {
namespace {

using nlohmann::ordered_json;

struct TableFlags {
  std::string path, capability, against;
  bool expand = false;
};

Exit PrintTable(const Context& context, const runtime::Table& table, const std::string& only) {
  const TableDocument document = DescribeTable(table, only);
  if (document.pages.empty() && !only.empty()) {
    return context.Fail(Exit::kUsage, fmt::format("the table has no capability `{}`", only),
                        "writ table TABLE lists them all");
  }
  if (context.format == "html")
    context.out << TableHtml(document);
  else if (context.format == "markdown")
    context.out << TableMarkdown(document);
  else if (context.format == "csv")
    context.out << TableCsv(document);
  else if (context.json)
    context.out << TableJson(document);
  else
    context.out << TableText(document);
  return Exit::kPass;
}

const char* Name(analysis::ChangeKind kind) {
  switch (kind) {
    case analysis::ChangeKind::kAdded:
      return "added";
    case analysis::ChangeKind::kRemoved:
      return "removed";
    case analysis::ChangeKind::kWords:
      return "words";
    case analysis::ChangeKind::kMeaning:
      return "meaning";
  }
  return "words";
}

Exit PrintDifference(const Context& context, const runtime::Table& before,
                     const runtime::Table& after) {
  const analysis::TableDiff diff = analysis::DiffTables(before, after);
  if (!context.json) {
    context.out << (diff.empty() ? std::string("no clause and no declaration differs\n")
                                 : analysis::FormatDiff(diff));
    return Exit::kPass;
  }
  ordered_json clauses = ordered_json::array(), declarations = ordered_json::array();
  for (const auto& change : diff.clauses) {
    clauses.push_back({{"change", Name(change.kind)},
                       {"capability", change.capability},
                       {"clause", change.clause},
                       {"old_words", change.old_words},
                       {"new_words", change.new_words},
                       {"old_rows", change.old_rows},
                       {"new_rows", change.new_rows},
                       {"file", change.file},
                       {"line", change.line}});
  }
  for (const auto& change : diff.declarations) {
    declarations.push_back({{"change", Name(change.kind)},
                            {"what", change.what},
                            {"name", change.name},
                            {"old", change.old_text},
                            {"new", change.new_text}});
  }
  context.out << ordered_json{{"clauses", clauses}, {"declarations", declarations}}.dump(2) << '\n';
  return Exit::kPass;
}

Exit ShowTable(const Context& context, const TableFlags& options) {
  if (options.expand) {
    if (context.format == "text" || context.json) return PrintExpansion(context, options.path);
    return context.Fail(
        Exit::kUsage,
        fmt::format("larger words are printed as text or json, not as {}", context.format),
        "leave out --format, or --expand");
  }
  const auto table = LoadTable(context, options.path);
  if (!table) return table.error();
  if (options.against.empty()) return PrintTable(context, (*table)->table, options.capability);
  if (context.format != "text" && !context.json) {
    return context.Fail(
        Exit::kUsage,
        fmt::format("differences are printed as text or json, not as {}", context.format),
        "leave out --format, or --against");
  }
  const auto before = LoadTable(context, options.against);
  if (!before) return before.error();
  return PrintDifference(context, (*before)->table, (*table)->table);
}

}  // namespace

void AddTable(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<TableFlags>();
  CLI::App* verb =
      app.add_subcommand("table", "show a decision table, or the rows in which two differ");
  verb->footer(
      "Examples:\n  writ table policies/support_refunds.writ issue_refund\n"
      "  writ table policies/support_refunds_next.writ --against policies/support_refunds.writ\n"
      "  writ table refunds.wtb --format html > refunds.html\n"
      "  writ table policies/p2p_coatings.writ --expand\n\n"
      "Rows stand in the order in which they win: the most restrictive first.");
  OfferFormats(*verb, context, {"markdown", "csv", "html"});
  verb->add_option("TABLE", options->path, "table (.wtb) or policy (.writ)")->required();
  auto* capability = verb->add_option("CAPABILITY", options->capability, "only this one");
  verb->add_option("--against", options->against, "show what differs from this older table")
      ->type_name("TABLE")
      ->excludes(capability);
  verb->add_flag("--expand", options->expand, "show what the larger words of a policy stand for")
      ->excludes(capability);
  verb->callback([&context, options, exit] { *exit = ShowTable(context, *options); });
}

}  // namespace writ::cli
