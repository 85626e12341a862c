// `writ table` as one page that needs nothing else: to be read, printed and handed on.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "table_page.h"

namespace writ::cli {

using analysis::CapabilityPage;
using analysis::PageAnchor;
using analysis::PageNamed;
using analysis::PageRow;

namespace {

constexpr const char* kStyle = R"(
:root { --ink:#1c2430; --soft:#5d6878; --line:#dfe4ea; --paper:#fff; --wash:#f6f8fa;
  --deny:#a61b1b; --deny-bg:#fdecec; --escalate:#8a5300; --escalate-bg:#fff3d9; --allow:#14653a; --allow-bg:#e4f6ea; --note:#33507a; --note-bg:#e8f0fb; }
* { box-sizing:border-box; }
body { margin:0; background:var(--wash); color:var(--ink); font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif; }
main { max-width:1180px; margin:0 auto; padding:36px 28px 64px; }
h1 { font-size:28px; line-height:1.2; margin:0 0 4px; letter-spacing:-.01em; }
h2 { font-size:21px; margin:0; }
section > h3:first-child { margin-top:0; }
h3 { font-size:12px; text-transform:uppercase; letter-spacing:.07em; color:var(--soft); margin:26px 0 8px; }
p { margin:0 0 10px; }
.lead { font-size:17px; color:var(--soft); }
.facts { display:flex; flex-wrap:wrap; gap:6px 28px; margin:18px 0 0; padding:0; list-style:none; font-size:13px; color:var(--soft); }
.facts b { color:var(--ink); font-weight:600; }
section { background:var(--paper); border:1px solid var(--line); border-radius:10px; padding:24px 26px 28px; margin-top:26px; }
nav { margin-top:22px; display:grid; grid-template-columns:repeat(auto-fill,minmax(250px,1fr)); gap:12px; }
nav a { display:block; background:var(--paper); border:1px solid var(--line); border-radius:10px; padding:12px 16px; color:inherit; text-decoration:none; }
nav a:hover { border-color:var(--soft); }
nav b { display:block; font-size:15px; overflow-wrap:anywhere; }
nav span { font-size:13px; color:var(--soft); }
.scroll { overflow-x:auto; }
table { border-collapse:collapse; width:100%; font-size:14px; }
th { text-align:left; font-weight:600; font-size:12px; color:var(--soft); padding:6px 12px 6px 0; border-bottom:2px solid var(--line); white-space:nowrap; }
td { vertical-align:top; padding:11px 14px 11px 0; border-bottom:1px solid var(--line); }
tr:last-child td { border-bottom:0; }
td.n { color:var(--soft); width:34px; font-variant-numeric:tabular-nums; }
code { font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace; overflow-wrap:anywhere; }
.when code { display:block; }
.when code + code::before { content:"or "; font-family:system-ui,sans-serif; color:var(--soft); }
.badge { display:inline-block; padding:2px 10px; border-radius:99px; font-weight:600; font-size:13px; white-space:nowrap; }
.deny { color:var(--deny); background:var(--deny-bg); } .escalate { color:var(--escalate); background:var(--escalate-bg); }
.allow { color:var(--allow); background:var(--allow-bg); } .note { color:var(--note); background:var(--note-bg); }
.why { font-weight:500; } .rule, td small { display:block; color:var(--soft); font-size:12.5px; } .rule code { font-size:12px; }
.tag { display:inline-block; border:1px solid var(--line); border-radius:6px; padding:0 8px; font-size:12px; color:var(--soft); margin-right:6px; }
.tag.hot { color:var(--deny); border-color:#efc4c4; }
.stand { margin:12px 0 0; padding:0; list-style:none; font-size:14px; color:var(--soft); } .stand b { color:var(--ink); }
.always { color:var(--soft); font-style:italic; }
footer { margin-top:28px; font-size:12.5px; color:var(--soft); overflow-wrap:anywhere; }
@media print { body { background:#fff; font-size:12px; } main { max-width:none; padding:0; } nav { display:none; }
  section { border:0; padding:0; break-before:page; } section.first { break-before:auto; } tr { break-inside:avoid; }
  .badge { border:1px solid currentColor; } }
)";

std::string Html(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string Code(std::string_view text) { return "<code>" + Html(text) + "</code>"; }

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

std::string Rows(const std::vector<PageRow>& rows, std::size_t* number) {
  std::string text =
      "<div "
      "class=\"scroll\"><table><thead><tr><th></th><th>Decision</th><th>When</th><th>For</"
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

std::string Named(const char* title, const char* first, const char* second,
                  const std::vector<PageNamed>& named) {
  if (named.empty()) return {};
  const bool reasons =
      std::ranges::any_of(named, [](const PageNamed& item) { return !item.reason.empty(); });
  std::string text = fmt::format(
      "<h3>{}</h3><div "
      "class=\"scroll\"><table><thead><tr><th>{}</th><th>{}</th>{}</tr></thead><tbody>\n",
      title, first, second, reasons ? "<th>Why</th>" : "");
  for (const PageNamed& item : named) {
    text += fmt::format("<tr><td>{}</td><td>{}</td>", Code(item.name), Code(item.text));
    if (reasons) text += "<td>" + Html(item.reason) + "</td>";
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string Anchors(const std::vector<PageAnchor>& anchors) {
  if (anchors.empty()) return {};
  std::string text =
      "<h3>Who is asked, and who answers for it</h3><div "
      "class=\"scroll\"><table><thead><tr><th>Anchor</th><th>Held by</th>"
      "<th>Deputies</th><th>Reached by</th><th>If nobody answers</th></tr></thead><tbody>\n";
  for (const PageAnchor& anchor : anchors) {
    text += fmt::format(
        "<tr><td>{}<br><small>{}</small></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        Code(anchor.name), Html(anchor.title), Html(Joined(anchor.held_by)),
        Html(Joined(anchor.deputies)), Html(ReachedBy(anchor)), Html(anchor.silence));
  }
  return text + "</tbody></table></div>\n";
}

std::string Facts(const CapabilityPage& page) {
  if (page.facts.empty()) return {};
  std::string text =
      "<h3>What it reads</h3><div "
      "class=\"scroll\"><table><thead><tr><th>Fact</th><th>Values</th><th>Comes from</th>"
      "<th>If it is missing</th></tr></thead><tbody>\n";
  for (const auto& fact : page.facts) {
    const std::string missing =
        fact.missing == "required" ? "deny: every request has to give it" : fact.missing;
    text += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", Code(fact.name),
                        Code(fact.type), Html(fact.source), Html(missing));
  }
  return text + "</tbody></table></div>\n";
}

std::string Page(const CapabilityPage& page) {
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
  text += "<h3>Decisions: the first row that holds decides</h3>" + Rows(page.rows, &number);
  if (!page.duties.empty())
    text += "<h3>Besides, without a decision of their own</h3>" + Rows(page.duties, &number);
  text += Facts(page);
  text += Named("Evidence", "Evidence", "Brought", page.evidence) +
          Named("Meters", "Meter", "Counts", page.meters);
  text += Named("Regions that gates and reports name", "Region", "Where", page.regions);
  return text + Named("Proved for every request", "Invariant", "Says", page.invariants) +
         "</section>\n";
}

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
  std::string text = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src "
      "'none'; style-src 'unsafe-inline'\">\n<title>{0} {1}: who may do "
      "what</title><style>{2}</style></head><body><main>\n<h1>{0} "
      "{1}</h1><p class=\"lead\">{3}</p>\n",
      Html(document.policy), Html(document.version), kStyle, Html(document.title));
  text += "<ul class=\"facts\">";
  if (!document.in_force.empty())
    text += fmt::format("<li>in force from <b>{}</b></li>", Html(document.in_force));
  text += fmt::format("<li>dates set in <b>{}</b>, times shown in UTC</li>",
                      Html(document.zone.empty() ? "UTC" : document.zone));
  text += fmt::format("<li>table <b>{}</b></li></ul>\n<nav>", Html(document.digest.substr(0, 16)));
  for (const CapabilityPage& page : document.pages) text += Link(page);
  text += "</nav>\n";
  const std::string people = Anchors(AllAnchors(document)) +
                             Named("Thresholds", "Threshold", "Value", AllThresholds(document));
  if (!people.empty()) text += "<section class=\"first\">" + people + "</section>\n";
  for (const CapabilityPage& page : document.pages) text += Page(page);
  text += fmt::format(
      "<footer>Deny wins over escalate, escalate over allow, and the higher anchor over the lower; "
      "the order in the policy never matters. "
      "A request that is malformed or lacks an input is denied before any row is looked at. Read "
      "from the table sha256 {}.</footer>\n",
      Html(document.digest));
  return text + "</main></body></html>\n";
}

}  // namespace writ::cli
