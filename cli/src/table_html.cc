// `writ table` as one page that needs nothing else: to be read, printed and handed on.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "html.h"
#include "table_page.h"
#include "table_sections.h"

namespace writ::cli {

using analysis::CapabilityPage;
using analysis::PageAnchor;
using analysis::PageNamed;
using analysis::PageRow;

namespace {

std::string WhyCell(const PageRow& row) {
  std::string text;
  if (row.missing) {
    for (const std::string& clause : row.clauses) text += Code(clause) + ' ';
    return "<span class=\"rule\">cannot be judged without it: " + text + "</span>";
  }
  if (!row.reason.empty()) text += fmt::format("<span class=\"why\">{}</span>", Html(row.reason));
  if (row.line == 0) {
    if (row.reason.empty() && !row.words.empty())
      text += fmt::format("<span class=\"why\">{}</span>", Html(row.words));
    return text;
  }
  std::string words = row.words;
  const std::string quoted = " \"" + row.reason + "\"";
  if (const std::size_t at = words.find(quoted); !row.reason.empty() && at != std::string::npos)
    words.erase(at, quoted.size());
  return text +
         fmt::format("<span class=\"rule\">{} &middot; {}</span>", Code(words), Html(PlaceOf(row)));
}

}  // namespace

std::string RowsHtml(const std::vector<PageRow>& rows, std::size_t* number) {
  std::string text =
      "<div "
      "class=\"scroll\"><table "
      "class=\"rows\"><thead><tr><th></th><th>Decision</th><th>When</th><th>For</"
      "th><th>Why, and the clause as written</th></tr></thead><tbody>\n";
  for (const PageRow& row : rows) {
    std::string when;
    for (const std::string& part : row.when) when += Code(part);
    if (when.empty()) when = fmt::format("<span class=\"always\">{}</span>", WhenAlways(row));
    const std::string under =
        row.under.empty() ? std::string() : "<small>under " + Html(Joined(row.under)) + "</small>";
    text += fmt::format(
        "<tr><td class=\"n\">{}</td><td><span class=\"badge {}\">{}</span>{}</td><td "
        "class=\"when\">{}</td>"
        "<td class=\"who\">{}{}</td><td>{}</td></tr>\n",
        ++*number, VerdictName(row), Html(row.decision),
        row.missing ? "<small>a fact is missing</small>" : "", when, Html(RolesOf(row)), under,
        WhyCell(row));
  }
  return text + "</tbody></table></div>\n";
}

std::string NamedHtml(const char* title, const char* first, const char* second,
                      const std::vector<PageNamed>& named) {
  if (named.empty()) return {};
  const bool reasons =
      std::ranges::any_of(named, [](const PageNamed& item) { return !item.reason.empty(); });
  std::string text = fmt::format(
      "<h3>{}</h3><div "
      "class=\"scroll\"><table "
      "class=\"rows\"><thead><tr><th>{}</th><th>{}</th>{}</tr></thead><tbody>\n",
      title, first, second, reasons ? "<th>Why</th>" : "");
  for (const PageNamed& item : named) {
    text += fmt::format("<tr><td>{}</td><td>{}</td>", Code(item.name), Code(item.text));
    if (reasons) text += "<td>" + Html(item.reason) + "</td>";
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string AnchorsHtml(const std::vector<PageAnchor>& anchors) {
  if (anchors.empty()) return {};
  std::string text =
      "<h3>Who is asked, and who answers for it</h3><div "
      "class=\"scroll\"><table class=\"rows\"><thead><tr><th>Anchor</th><th>Held by</th>"
      "<th>Deputies</th><th>Reached by</th><th>If nobody answers</th></tr></thead><tbody>\n";
  for (const PageAnchor& anchor : anchors) {
    text += fmt::format(
        "<tr><td>{}<br><small>{}</small></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        Code(anchor.name), Html(anchor.title), Html(Joined(anchor.held_by)),
        Html(Joined(anchor.deputies)), Html(ReachedBy(anchor)), Html(anchor.silence));
  }
  return text + "</tbody></table></div>\n";
}

namespace {

std::string Facts(const CapabilityPage& page) {
  if (page.facts.empty()) return {};
  std::string text =
      "<h3>What it reads</h3><div "
      "class=\"scroll\"><table class=\"rows\"><thead><tr><th>Fact</th><th>Values</th><th>Comes "
      "from</th>"
      "<th>If it is missing</th></tr></thead><tbody>\n";
  for (const auto& fact : page.facts) {
    const std::string missing =
        fact.missing == "required" ? "deny: every request has to give it" : fact.missing;
    text += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", Code(fact.name),
                        Code(fact.type), Html(SourceOf(fact)), Html(missing));
  }
  return text + "</tbody></table></div>\n";
}

}  // namespace

std::string CapabilityHtml(const CapabilityPage& page) {
  std::string text = fmt::format("<section id=\"{0}\"><h2>{1}</h2>\n{2}<p>", Html(page.name),
                                 Html(page.title.empty() ? page.name : page.title),
                                 page.title.empty() ? "" : "<p>" + Code(page.name) + "</p>");
  text += fmt::format("<span class=\"tag\">{}</span>", Html(page.kind));
  if (page.kind != "event")
    text += fmt::format("<span class=\"tag{}\">risk: {}</span>",
                        page.risk == "destructive" ? " hot" : "", Html(page.risk));
  if (page.irreversible) text += "<span class=\"tag hot\">irreversible</span>";
  if (!page.system.empty())
    text += fmt::format("<span class=\"tag\">system: {}</span>", Html(page.system));
  text += "</p>\n<ul class=\"stand\">";
  for (const auto& authority : page.authorities) {
    text += fmt::format("<li><b>{}</b> under the {} <b>{}</b>", Html(Joined(authority.roles)),
                        Html(authority.kind), Html(authority.name));
    if (!authority.from.empty()) text += fmt::format(", given by <b>{}</b>", Html(authority.from));
    if (!authority.anchor.empty())
      text += fmt::format("; <b>{}</b> is accountable", Html(authority.anchor));
    text += "</li>\n";
  }
  text += "</ul>\n";
  std::size_t number = 0;
  text += "<h3>Decisions: the first row that holds decides</h3>" + RowsHtml(page.rows, &number);
  if (!page.duties.empty())
    text += "<h3>Besides, without a decision of their own</h3>" + RowsHtml(page.duties, &number);
  text += Facts(page);
  text += NamedHtml("Evidence", "Evidence", "Brought", page.evidence) +
          NamedHtml("Meters", "Meter", "Counts", page.meters);
  text += NamedHtml("Regions that gates and reports name", "Region", "Where", page.regions);
  return text + NamedHtml("Proved for every request", "Invariant", "Says", page.invariants) +
         "</section>\n";
}

namespace {

std::string Link(const CapabilityPage& page) {
  std::array<std::size_t, 3> counts{};
  for (const PageRow& row : page.rows) ++counts[static_cast<std::size_t>(row.verdict)];
  return fmt::format(
      "<a href=\"#{}\"><b>{}</b><span>{} rows deny, {} escalate, {} allow</span></a>\n",
      Html(page.name), Html(page.title.empty() ? page.name : page.title), counts[2], counts[1],
      counts[0]);
}

}  // namespace

std::string TableHtml(const TableDocument& document) {
  std::string text =
      PageStart(fmt::format("{} {}: who may do what", document.policy, document.version)) +
      fmt::format("<h1>{} {}</h1><p class=\"lead\">{}</p>\n", Html(document.policy),
                  Html(document.version), Html(document.title));
  text += "<ul class=\"facts\">";
  if (!document.in_force.empty())
    text += fmt::format("<li>in force from <b>{}</b></li>", Html(document.in_force));
  if (!document.tenant.empty())
    text += fmt::format("<li>for tenant <b>{}</b> alone</li>", Html(document.tenant));
  if (!document.narrows.empty())
    text += fmt::format("<li>within <b>{}</b></li>", Html(document.narrows));
  text += fmt::format("<li>dates set in <b>{}</b>, times shown in UTC</li>",
                      Html(document.zone.empty() ? "UTC" : document.zone));
  text += fmt::format("<li>table <b>{}</b></li></ul>\n<nav>", Html(document.digest.substr(0, 16)));
  for (const CapabilityPage& page : document.pages) text += Link(page);
  text += "</nav>\n";
  const std::string people =
      AnchorsHtml(AllAnchors(document)) +
      NamedHtml("What it is for", "Part", "Account", document.accounts) +
      NamedHtml("How things are carried out", "Part", "What it says", document.carried_out) +
      NamedHtml("Thresholds", "Threshold", "Value", AllThresholds(document));
  if (!people.empty()) text += "<section class=\"first\">" + people + "</section>\n";
  for (const CapabilityPage& page : document.pages) text += CapabilityHtml(page);
  text += fmt::format(
      "<footer>Deny wins over escalate, escalate over allow, and the higher anchor over the lower; "
      "the order in the policy never matters. "
      "A request that is malformed or lacks an input is denied before any row is looked at. Read "
      "from the table sha256 {}.</footer>\n",
      Html(document.digest));
  return text + PageEnd();
}

}  // namespace writ::cli
