// `writ show --intent`: what a role has within one intent, in a few lines. A capability stands
// under what its role has of it at best: always; when or unless something holds; only asking;
// never.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "html.h"
#include "markdown.h"
#include "show_page.h"
#include "table_page.h"
#include "table_sections.h"

namespace writ::cli {

using analysis::Autonomy;
using analysis::PageRow;
using analysis::Standing;
using nlohmann::ordered_json;

namespace {

// One condition and what it comes to: "unless", "amount > 50 EUR", "asks service".
struct ShortTerm {
  std::string word, condition, outcome;
};

struct Short {
  std::string name;
  std::vector<ShortTerm> terms;
};

struct ShortGroup {
  const char* title;
  std::vector<Short> capabilities;
};

std::string ConditionOf(const PageRow& row) {
  if (row.missing) return "what it reads is missing";
  return Joined(row.when, " or ");
}

// The rows up to the last that allows are exceptions from it; what comes after is what happens
// else.
std::vector<ShortTerm> TermsOf(const Standing& standing) {
  const std::vector<PageRow>& rows = standing.page.rows;
  const auto allows = [](const PageRow& row) { return row.verdict == runtime::Verdict::kAllow; };
  const auto after_last = std::find_if(rows.rbegin(), rows.rend(), allows).base();
  std::vector<ShortTerm> terms;
  for (auto row = rows.begin(); row != rows.end(); ++row) {
    const bool before = row < after_last;
    ShortTerm term{allows(*row)        ? "when"
                   : before            ? "unless"
                   : row->when.empty() ? "else"
                                       : "when",
                   ConditionOf(*row), allows(*row) ? "" : HowDecided(*row)};
    if (term.condition.empty() && allows(*row)) continue;  // in every other case
    const bool said = std::ranges::any_of(terms, [&](const ShortTerm& other) {
      return other.condition == term.condition && other.outcome == term.outcome;
    });
    if (!said) terms.push_back(std::move(term));
  }
  if (standing.reach.undecided) terms.push_back({"else", "", "never"});
  std::ranges::stable_sort(terms, [](const ShortTerm& a, const ShortTerm& b) {
    const auto rank = [](const ShortTerm& t) {
      return t.word == "when" && t.outcome.empty() ? 0 : 1;
    };
    return rank(a) < rank(b);
  });
  return terms;
}

// By what is had at best. Nothing is in two groups.
std::vector<ShortGroup> GroupsOf(const ShowDocument& document) {
  std::vector<ShortGroup> groups = {
      {"always", {}}, {"when", {}}, {"unless", {}}, {"only asks", {}}, {"never", {}}};
  for (const Standing& standing : document.standings) {
    Short one{standing.page.name, {}};
    if (standing.builtin == runtime::BuiltinRow::kNone &&
        standing.reach.autonomy != Autonomy::kNever)
      one.terms = TermsOf(standing);
    const bool conditional = std::ranges::any_of(one.terms, [](const ShortTerm& term) {
      return term.word == "when" && term.outcome.empty();
    });
    const std::size_t group = standing.reach.autonomy == Autonomy::kAlone ? 0
                              : standing.reach.autonomy == Autonomy::kWithinLimits
                                  ? (conditional ? 1 : 2)
                              : standing.reach.autonomy == Autonomy::kProposes ? 3
                                                                               : 4;
    groups[group].capabilities.push_back(std::move(one));
  }
  std::erase_if(groups, [](const ShortGroup& group) { return group.capabilities.empty(); });
  for (ShortGroup& group : groups) std::ranges::stable_sort(group.capabilities, {}, &Short::name);
  return groups;
}

std::string TermText(const ShortTerm& term) {
  std::string text = term.word;
  if (!term.condition.empty()) text += " " + term.condition;
  if (!term.outcome.empty()) text += (term.condition.empty() ? " " : ": ") + term.outcome;
  return text;
}

std::vector<std::string> WithoutTerms(const ShortGroup& group) {
  std::vector<std::string> names;
  for (const Short& one : group.capabilities)
    if (one.terms.empty()) names.push_back(one.name);
  return names;
}

}  // namespace

std::string ShortText(const ShowDocument& document) {
  std::string text = fmt::format("{} {}: what {} has within {}\n", document.policy,
                                 document.version, document.role, document.intent);
  for (const ShortGroup& group : GroupsOf(document)) {
    text += fmt::format("\n== {}\n", group.title);
    if (const auto bare = WithoutTerms(group); !bare.empty())
      text += "  " + Wrapped(Joined(bare), 2) + "\n";
    for (const Short& one : group.capabilities) {
      if (one.terms.empty()) continue;
      text += "  " + one.name + "\n";
      for (const ShortTerm& term : one.terms) text += "    " + Wrapped(TermText(term), 6) + "\n";
    }
  }
  return text;
}

std::string ShortMarkdown(const ShowDocument& document) {
  std::string text =
      fmt::format("# What {} has within {}\n\n{} {}. Table {}.\n", MarkdownText(document.role),
                  MarkdownText(document.intent), MarkdownText(document.policy),
                  MarkdownText(document.version), MarkdownCode(document.digest));
  for (const ShortGroup& group : GroupsOf(document)) {
    text += fmt::format("\n## {}\n\n", group.title);
    for (const Short& one : group.capabilities) {
      text += fmt::format("- {}\n", MarkdownCode(one.name));
      for (const ShortTerm& term : one.terms)
        text += fmt::format("  - {}\n", MarkdownText(TermText(term)));
    }
  }
  return text;
}

std::string ShortHtml(const ShowDocument& document) {
  std::string text = "<section class=\"first\"><h3>Within " + Code(document.intent) + "</h3>\n";
  for (const ShortGroup& group : GroupsOf(document)) {
    text += fmt::format("<h4>{}</h4><ul>\n", group.title);
    for (const Short& one : group.capabilities) {
      text += "<li>" + Code(one.name);
      for (const ShortTerm& term : one.terms) text += "<br>" + Html(TermText(term));
      text += "</li>\n";
    }
    text += "</ul>\n";
  }
  return text + "</section>\n";
}

nlohmann::ordered_json ShortJson(const ShowDocument& document) {
  ordered_json json = ordered_json::object();
  for (const ShortGroup& group : GroupsOf(document)) {
    ordered_json list = ordered_json::array();
    for (const Short& one : group.capabilities) {
      ordered_json terms = ordered_json::array();
      for (const ShortTerm& term : one.terms)
        terms.push_back({{"word", term.word},
                         {"condition", term.condition},
                         {"outcome", term.outcome.empty() ? "alone" : term.outcome}});
      list.push_back({{"capability", one.name}, {"terms", std::move(terms)}});
    }
    std::string key = group.title;
    std::ranges::replace(key, ' ', '_');
    json[key] = std::move(list);
  }
  return json;
}

}  // namespace writ::cli
