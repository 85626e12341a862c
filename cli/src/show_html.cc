// `writ show` as one page that needs nothing else.
#include <fmt/format.h>

#include "html.h"
#include "show_page.h"
#include "table_page.h"
#include "table_sections.h"

namespace writ::cli {

using analysis::Autonomy;
using analysis::Standing;

namespace {

const char* BadgeOf(Autonomy autonomy) {
  static constexpr const char* kBadges[] = {"deny", "escalate", "note", "allow"};
  return kBadges[static_cast<std::size_t>(autonomy)];
}

std::string StandingHtml(const Standing& standing) {
  const auto& page = standing.page;
  std::string text = fmt::format(
      "<section id=\"{}\"><h2>{}</h2>\n<p><span class=\"badge {}\">{}</span> {} "
      "<span class=\"tag\">{}</span></p>\n<ul class=\"stand\">",
      Html(page.name), Html(page.title.empty() ? page.name : page.title),
      BadgeOf(standing.reach.autonomy), Name(standing.reach.autonomy), Code(page.name),
      Html(NatureOf(page)));
  for (const auto& authority : page.authorities)
    text += "<li>" + Html(StandsUnder(authority)) + "</li>";
  text += "</ul>\n";
  if (standing.builtin != runtime::BuiltinRow::kNone) {
    return text + fmt::format("<p>Denied: {} is {}.</p></section>\n", Code(standing.builtin_fact),
                              standing.builtin == runtime::BuiltinRow::kMalformed
                                  ? "malformed"
                                  : "a required input, and is not given");
  }
  std::size_t number = 0;
  text += "<h3>What remains: the first row that holds decides</h3>" + RowsHtml(page.rows, &number);
  if (standing.reach.undecided) text += "<p>What is left is denied: no row decides it.</p>\n";
  if (!page.duties.empty())
    text += "<h3>Besides, without a decision of their own</h3>" + RowsHtml(page.duties, &number);
  if (!standing.reach.open.empty())
    text += "<p>Not proved: " + Html(standing.reach.open) + ".</p>\n";
  return text + "</section>\n";
}

}  // namespace

std::string ShowHtml(const ShowDocument& document) {
  std::string text =
      PageStart(fmt::format("What {} may do", document.role)) +
      fmt::format("<h1>What {} may do</h1><p class=\"lead\">{}</p>\n<ul class=\"facts\">",
                  Html(document.role), Html(document.title));
  text += fmt::format("<li>{}</li><li><b>{} {}</b></li><li>table <b>{}</b></li></ul>\n",
                      Html(document.kind), Html(document.policy), Html(document.version),
                      Html(document.digest.substr(0, 16)));
  std::string head;
  if (!document.given.empty()) head += "<h3>What is fixed; all else is open</h3><p>";
  for (const auto& [name, value] : document.given) head += Code(name + " = " + value) + "<br>";
  if (!document.given.empty()) head += "</p>";
  if (!document.term.empty()) head += "<h3>None of it</h3><ul>";
  for (const auto& [row, of] : document.term) {
    head += fmt::format("<li>{}{}: {}{}</li>", row.when.empty() ? "always" : "when ",
                        row.when.empty() ? "" : Code(Joined(row.when, " or ")), Html(WhyOf(row)),
                        of.empty() ? "" : " (" + Html(of) + ")");
  }
  if (!document.term.empty()) head += "</ul>";
  const auto names = Uncovered(document);
  if (!names.empty())
    head += "<h3>Nothing covers it, so never</h3><p>" + Html(Joined(names)) + "</p>";
  text += "<nav>";
  for (const Standing& standing : document.standings) {
    if (!standing.reach.covered && standing.builtin == runtime::BuiltinRow::kNone) continue;
    text +=
        fmt::format("<a href=\"#{}\"><b>{}</b><span>{}</span></a>\n", Html(standing.page.name),
                    Html(standing.page.title.empty() ? standing.page.name : standing.page.title),
                    Name(standing.reach.autonomy));
  }
  text += "</nav>\n";
  if (!document.intent.empty()) text += ShortHtml(document);
  if (!head.empty()) text += "<section class=\"first\">" + head + "</section>\n";
  for (const Standing& standing : document.standings) {
    if (standing.reach.covered || standing.builtin != runtime::BuiltinRow::kNone)
      text += StandingHtml(standing);
  }
  text += fmt::format("<footer>Read from the table sha256 {}.</footer>\n", Html(document.digest));
  return text + PageEnd();
}

}  // namespace writ::cli
