// `writ table` as text for a terminal, and as Markdown.
#include <fmt/format.h>

#include <algorithm>

#include "markdown.h"
#include "table_page.h"
#include "table_sections.h"

namespace writ::cli {

using analysis::CapabilityPage;
using analysis::PageAnchor;
using analysis::PageNamed;
using analysis::PageRow;

namespace {

constexpr std::size_t kWidth = 100;

}  // namespace

std::string Wrapped(std::string_view text, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (column > indent && column + 1 + word.size() > kWidth) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

namespace {

std::string WithReason(const PageRow& row) {
  if (!row.reason.empty()) return fmt::format("\"{}\"", row.reason);
  return row.line == 0 ? row.words : std::string();
}

std::string RowText(std::size_t number, const PageRow& row) {
  std::string text;
  const std::string head = row.when.empty() ? fmt::format("{} {}", row.decision, WhenAlways(row))
                                            : row.decision + " when";
  text += fmt::format("  {:>3}  {}", number, head);
  for (std::size_t i = 0; i < row.when.size(); ++i) {
    const std::string part = (i == 0 ? " " : "or ") + row.when[i];
    text += i == 0 ? Wrapped(part.substr(1), 8).insert(0, " ") : "\n         " + Wrapped(part, 9);
  }
  text += fmt::format("\n         for {}{}\n", RolesOf(row),
                      row.under.empty() ? "" : " (under " + Joined(row.under) + ")");
  if (const std::string why = WithReason(row); !why.empty())
    text += "         " + Wrapped(why, 9) + "\n";
  if (row.missing)
    return text + "         " + Wrapped("cannot be judged without it: " + Joined(row.clauses), 11) +
           "\n";
  if (row.line == 0) return text;
  std::string rule = fmt::format("{}  ({})", row.words, PlaceOf(row));
  // The reason stands above; once is enough.
  if (const std::string quoted = fmt::format(" \"{}\"", row.reason);
      !row.reason.empty() && rule.find(quoted) != std::string::npos) {
    rule.erase(rule.find(quoted), quoted.size());
  }
  return text + "         " + Wrapped(rule, 9) + "\n";
}

std::string NamedText(const char* title, const std::vector<PageNamed>& named) {
  if (named.empty()) return {};
  std::size_t width = 0;
  for (const PageNamed& item : named) width = std::max(width, item.name.size());
  std::string text = fmt::format("  {}\n", title);
  for (const PageNamed& item : named) {
    const std::string said =
        item.text + (item.reason.empty() ? "" : fmt::format("  \"{}\"", item.reason));
    text += fmt::format("    {:<{}}  {}\n", item.name, width, Wrapped(said, width + 6));
  }
  return text;
}

std::string Asked(const PageAnchor& anchor) {
  std::string text = Joined(anchor.held_by);
  if (!anchor.deputies.empty()) text += ", then " + Joined(anchor.deputies);
  if (const std::string reached = ReachedBy(anchor); !reached.empty()) text += "; " + reached;
  return text + "; on silence " + anchor.silence;
}

std::string PageText(const CapabilityPage& page) {
  std::string text = fmt::format("{}{}{}\n  {}\n", page.name, page.title.empty() ? "" : " - ",
                                 page.title, NatureOf(page));
  for (const auto& authority : page.authorities)
    text += "  " + Wrapped(StandsUnder(authority), 4) + "\n";
  text += '\n';
  std::size_t number = 0;
  for (const PageRow& row : page.rows) text += RowText(++number, row);
  if (!page.duties.empty()) text += "  besides, without a decision of their own\n";
  for (const PageRow& row : page.duties) text += RowText(++number, row);
  std::vector<PageNamed> facts;
  for (const auto& fact : page.facts) {
    facts.push_back({fact.name,
                     fmt::format("{}, {}; missing: {}", fact.type, SourceOf(fact), fact.missing),
                     ""});
  }
  text += NamedText("it reads", facts);
  text += NamedText("evidence", page.evidence);
  text += NamedText("meters", page.meters);
  text += NamedText("regions", page.regions);
  text += NamedText("proved", page.invariants);
  return text + '\n';
}

// --- Markdown

}  // namespace

std::string RowsMarkdown(const std::vector<PageRow>& rows, std::size_t* number) {
  std::string text =
      "| # | Decision | When | For | Under | Why | Clause |\n|---:|---|---|---|---|---|---|\n";
  for (const PageRow& row : rows) {
    std::vector<std::string> when;
    for (const std::string& part : row.when) when.push_back(MarkdownCode(part));
    const std::string place = PlaceOf(row);
    text += fmt::format(
        "| {} | **{}** | {} | {} | {} | {} | {} |\n", ++*number, MarkdownText(row.decision),
        when.empty() ? WhenAlways(row) : Joined(when, "<br>or "), MarkdownText(RolesOf(row)),
        MarkdownText(Joined(row.under)),
        MarkdownText(row.reason.empty() && row.line == 0 ? row.words : row.reason),
        row.missing || row.line == 0
            ? MarkdownCode(Joined(row.clauses))
            : fmt::format("{}<br>{}", MarkdownCode(row.words), MarkdownText(place)));
  }
  return text;
}

std::string NamedMarkdown(const char* title, const std::vector<PageNamed>& named) {
  if (named.empty()) return {};
  std::string text = fmt::format("\n{}\n\n", title);
  for (const PageNamed& item : named) {
    text += fmt::format("- {}: {}{}\n", MarkdownCode(item.name), MarkdownCode(item.text),
                        item.reason.empty() ? "" : " - " + MarkdownText(item.reason));
  }
  return text;
}

std::string CapabilityMarkdown(const CapabilityPage& page, const char* heading) {
  std::string text =
      fmt::format("\n{} {}\n\n{}{}{}.\n\n", heading, MarkdownText(page.name),
                  MarkdownText(page.title), page.title.empty() ? "" : ". ", NatureOf(page));
  for (const auto& authority : page.authorities)
    text += "- " + MarkdownText(StandsUnder(authority)) + "\n";
  text += "\nThe first row that holds decides.\n\n";
  std::size_t number = 0;
  text += RowsMarkdown(page.rows, &number);
  if (!page.duties.empty())
    text += "\nBesides, without a decision of their own:\n\n" + RowsMarkdown(page.duties, &number);
  text += "\n| Fact | Type | From | Missing |\n|---|---|---|---|\n";
  for (const auto& fact : page.facts) {
    text += fmt::format("| {} | {} | {} | {} |\n", MarkdownCode(fact.name), MarkdownCode(fact.type),
                        MarkdownText(SourceOf(fact)), MarkdownText(fact.missing));
  }
  text += NamedMarkdown("Evidence:", page.evidence) + NamedMarkdown("Meters:", page.meters);
  return text + NamedMarkdown("Regions:", page.regions) + NamedMarkdown("Proved:", page.invariants);
}

std::string TableText(const TableDocument& document) {
  std::string text = fmt::format("{} {}{}{}\n", document.policy, document.version,
                                 document.title.empty() ? "" : " - ", document.title);
  if (!document.in_force.empty())
    text += fmt::format("  in force from {}; times are UTC{}\n", document.in_force,
                        document.zone.empty() || document.zone == "UTC"
                            ? ""
                            : ", dates were set in " + document.zone);
  if (!document.tenant.empty()) text += fmt::format("  for tenant {} alone\n", document.tenant);
  if (!document.narrows.empty()) text += fmt::format("  within {}\n", document.narrows);
  text += fmt::format("  sha256 {}\n", document.digest);
  std::vector<PageNamed> asked;
  for (const PageAnchor& anchor : AllAnchors(document))
    asked.push_back({anchor.name, Asked(anchor), ""});
  text += NamedText("who is asked, the highest first", asked) +
          NamedText("what it is for, and who answers", document.accounts) +
          NamedText("how things are carried out", document.carried_out) +
          NamedText("thresholds", AllThresholds(document));
  text += "\nThe first row that holds decides.\n\n";
  for (const CapabilityPage& page : document.pages) text += PageText(page);
  return text;
}

std::string TableMarkdown(const TableDocument& document) {
  std::string text = fmt::format("# {} {}\n\n{}\n\n", MarkdownText(document.policy),
                                 MarkdownText(document.version), MarkdownText(document.title));
  if (!document.in_force.empty())
    text += fmt::format("In force from {} (UTC). ", document.in_force);
  if (!document.tenant.empty())
    text += fmt::format("For tenant {} alone. ", MarkdownText(document.tenant));
  if (!document.narrows.empty()) text += fmt::format("Within {}. ", MarkdownText(document.narrows));
  text += fmt::format("Table {}.\n", MarkdownCode(document.digest));
  if (const auto anchors = AllAnchors(document); !anchors.empty()) {
    text += "\n| Asked | Held by | Then | Reached by | On silence |\n|---|---|---|---|---|\n";
    for (const PageAnchor& anchor : anchors) {
      text +=
          fmt::format("| {} | {} | {} | {} | {} |\n", MarkdownText(anchor.name),
                      MarkdownText(Joined(anchor.held_by)), MarkdownText(Joined(anchor.deputies)),
                      MarkdownText(ReachedBy(anchor)), MarkdownText(anchor.silence));
    }
  }
  text += NamedMarkdown("What it is for, and who answers:", document.accounts);
  text += NamedMarkdown("How things are carried out:", document.carried_out);
  text += NamedMarkdown("Thresholds:", AllThresholds(document));
  for (const CapabilityPage& page : document.pages) text += CapabilityMarkdown(page, "##");
  return text;
}

}  // namespace writ::cli
