// `writ show` as text for a terminal, and as Markdown.
#include <fmt/format.h>

#include <algorithm>

#include "markdown.h"
#include "show_page.h"
#include "table_page.h"
#include "table_sections.h"

namespace writ::cli {

using analysis::Autonomy;
using analysis::PageRow;
using analysis::Standing;

namespace {

constexpr std::string_view kUndecided = "what is left, since no row decides it";

std::string DeniedFor(const Standing& standing) {
  return fmt::format("never: `{}` is {}", standing.builtin_fact,
                     standing.builtin == runtime::BuiltinRow::kMalformed
                         ? "malformed"
                         : "a required input, and is not given");
}

void AddRow(const PageRow& row, bool only, std::string* text) {
  const std::string always = only ? "always" : WhenAlways(row);
  if (row.when.empty()) *text += "    " + always + "\n";
  for (std::size_t i = 0; i < row.when.size(); ++i)
    *text += (i == 0 ? "    when " : "      or ") + Wrapped(row.when[i], 9) + "\n";
  std::string why = WhyOf(row);
  if (!why.empty() && row.line != 0) why = "\"" + why + "\"";
  if (row.missing)
    why = "cannot be judged without it" + (row.clauses.empty() ? "" : ": " + Joined(row.clauses));
  if (row.line != 0) why += fmt::format("{}({})", why.empty() ? "" : "  ", PlaceOf(row));
  if (!why.empty()) *text += "         " + Wrapped(why, 9) + "\n";
}

std::string StandingText(const Standing& standing) {
  const auto& page = standing.page;
  std::string text = fmt::format("\n{}{}{}\n  {}\n", page.name, page.title.empty() ? "" : " - ",
                                 page.title, NatureOf(page));
  for (const auto& authority : page.authorities)
    text += "  " + Wrapped(StandsUnder(authority), 4) + "\n";
  if (standing.builtin != runtime::BuiltinRow::kNone) text += "  " + DeniedFor(standing) + "\n";
  std::string last;
  for (const PageRow& row : page.rows) {
    if (const std::string how = HowDecided(row); how != last) text += "  " + how + "\n";
    last = HowDecided(row);
    AddRow(row, page.rows.size() == 1 && !standing.reach.undecided, &text);
  }
  if (standing.reach.undecided) text += fmt::format("  never\n    {}\n", kUndecided);
  if (!page.duties.empty()) text += "  besides\n";
  for (const PageRow& row : page.duties) {
    text += "    " + row.decision + "\n  ";
    AddRow(row, true, &text);
  }
  if (!standing.reach.open.empty())
    text += "  not proved: rows that never decide may stand here; " + standing.reach.open + "\n";
  return text;
}

}  // namespace

std::string ShowText(const ShowDocument& document) {
  std::string text =
      fmt::format("{} {}: what {} may do\n  {}{}{}\n  sha256 {}\n", document.policy,
                  document.version, document.role, document.kind,
                  document.title.empty() ? "" : "; ", document.title, document.digest);
  if (!document.given.empty()) text += "  what is fixed; all else is open\n";
  for (const auto& [name, value] : document.given)
    text += fmt::format("    {} = {}\n", name, value);
  if (!document.term.empty()) text += "  none of it\n";
  for (const auto& [row, of] : document.term) {
    text += "    " + Wrapped((row.when.empty() ? "" : "when ") + Joined(row.when, " or "), 9);
    text += fmt::format("{}: {}\n", of.empty() ? "" : " (" + of + ")", WhyOf(row));
  }
  std::string last;
  for (const Standing& standing : document.standings) {
    if (!standing.reach.covered && standing.builtin == runtime::BuiltinRow::kNone) continue;
    if (const std::string level = Name(standing.reach.autonomy); level != last)
      text += fmt::format("\n== {}\n", level);
    last = Name(standing.reach.autonomy);
    text += StandingText(standing);
  }
  if (const auto names = Uncovered(document); !names.empty()) {
    text += fmt::format("\n== nothing covers it, so never\n\n  {}\n", Wrapped(Joined(names), 2));
  }
  return text;
}

std::string ShowMarkdown(const ShowDocument& document) {
  std::string text =
      fmt::format("# What {} may do\n\n{} {}: {}\n\nTable {}.\n", MarkdownText(document.role),
                  MarkdownText(document.policy), MarkdownText(document.version),
                  MarkdownText(document.title), MarkdownCode(document.digest));
  if (!document.given.empty()) text += "\nWhat is fixed; all else is open:\n\n";
  for (const auto& [name, value] : document.given)
    text += fmt::format("- {}\n", MarkdownCode(name + " = " + value));
  if (!document.term.empty()) text += "\nNone of it:\n\n";
  for (const auto& [row, of] : document.term) {
    text += fmt::format("- {}{}: {}\n", row.when.empty() ? "always" : "when ",
                        MarkdownCode(Joined(row.when, " or ")), MarkdownText(WhyOf(row)));
    if (!of.empty()) text.insert(text.size() - 1, " (" + MarkdownText(of) + ")");
  }
  for (const Standing& standing : document.standings) {
    if (!standing.reach.covered && standing.builtin == runtime::BuiltinRow::kNone) continue;
    const auto& page = standing.page;
    text += fmt::format("\n## {}: {}\n\n{}{}{}.\n\n", MarkdownText(page.name),
                        Name(standing.reach.autonomy), MarkdownText(page.title),
                        page.title.empty() ? "" : ". ", MarkdownText(NatureOf(page)));
    if (standing.builtin != runtime::BuiltinRow::kNone) {
      text += MarkdownText(DeniedFor(standing)) + ".\n";
      continue;
    }
    std::size_t number = 0;
    text += "The first row that holds decides.\n\n" + RowsMarkdown(page.rows, &number);
    if (standing.reach.undecided) text += fmt::format("\nDenied: {}.\n", kUndecided);
    if (!page.duties.empty())
      text +=
          "\nBesides, without a decision of their own:\n\n" + RowsMarkdown(page.duties, &number);
    if (!standing.reach.open.empty())
      text += fmt::format("\nNot proved: {}.\n", MarkdownText(standing.reach.open));
  }
  if (const auto names = Uncovered(document); !names.empty())
    text += fmt::format("\n## Nothing covers it, so never\n\n{}\n", MarkdownText(Joined(names)));
  return text;
}

}  // namespace writ::cli
