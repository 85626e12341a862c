#include "table_page.h"
#include "load.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "decision.h"
#include "writ/analysis/statement_text.h"
#include "writ/analysis/witness.h"

namespace writ::cli {

using analysis::CapabilityPage;
using analysis::PageAnchor;
using analysis::PageAuthority;
using analysis::PageNamed;
using analysis::PageRow;
using nlohmann::ordered_json;

namespace {

template <typename Item, typename Of>
std::vector<Item> EachOnce(const TableDocument& document, Of of) {
  std::vector<Item> all;
  for (const CapabilityPage& page : document.pages) {
    for (const Item& item : of(page)) {
      const auto same = [&](const Item& other) { return other.name == item.name; };
      if (std::ranges::none_of(all, same)) all.push_back(item);
    }
  }
  return all;
}

void Put(ordered_json& json, const char* key, const std::string& value) {
  if (!value.empty()) json[key] = value;
}

void Put(ordered_json& json, const char* key, const std::vector<std::string>& values) {
  if (!values.empty()) json[key] = values;
}

}  // namespace

ordered_json PageRowJson(const PageRow& row) {
  ordered_json json{{"verdict", VerdictName(row)}, {"decision", row.decision}};
  Put(json, "anchor", row.anchor);
  json["when"] = row.when;
  json["otherwise"] = row.otherwise;
  json["missing"] = row.missing;
  json["roles"] = row.roles;
  json["all_but_these_roles"] = row.other_roles;
  Put(json, "under", row.under);
  json["clauses"] = row.clauses;
  Put(json, "words", row.words);
  Put(json, "reason", row.reason);
  Put(json, "trigger", row.trigger);
  Put(json, "place", PlaceOf(row));
  json["columns"] = row.columns;
  if (std::ranges::find(row.for_critics, true) != row.for_critics.end()) json["for_critics"] = true;
  return json;
}

namespace {

ordered_json RowsJson(const std::vector<PageRow>& rows) {
  ordered_json json = ordered_json::array();
  for (const PageRow& row : rows) json.push_back(PageRowJson(row));
  return json;
}

ordered_json NamedJson(const std::vector<PageNamed>& named, const char* text) {
  ordered_json json = ordered_json::array();
  for (const PageNamed& item : named) {
    json.push_back({{"name", item.name}, {text, item.text}});
    Put(json.back(), "reason", item.reason);
  }
  return json;
}

ordered_json AnchorJson(const PageAnchor& anchor) {
  ordered_json json{{"name", anchor.name}};
  Put(json, "title", anchor.title);
  json["held_by"] = anchor.held_by;
  Put(json, "deputies", anchor.deputies);
  Put(json, "reached_by", anchor.channel);
  Put(json, "within", anchor.within);
  json["on_silence"] = anchor.silence;
  return json;
}

ordered_json PageJson(const CapabilityPage& page) {
  ordered_json json{{"capability", page.name},
                    {"title", page.title},
                    {"kind", page.kind},
                    {"risk", page.risk},
                    {"irreversible", page.irreversible},
                    {"system", page.system}};
  for (const auto& [word, text] : page.said) PutSaid(json, word, text);
  ordered_json facts = ordered_json::array(), authorities = ordered_json::array();
  for (const auto& fact : page.facts) {
    facts.push_back({{"name", fact.name},
                     {"type", fact.type},
                     {"source", fact.source},
                     {"missing", fact.missing}});
    if (fact.for_critics) facts.back()["for_critics"] = true;
  }
  for (const PageAuthority& authority : page.authorities) {
    authorities.push_back({{"name", authority.name},
                           {"kind", authority.kind},
                           {"from", authority.from},
                           {"accountable", authority.anchor},
                           {"roles", authority.roles}});
  }
  json["facts"] = std::move(facts);
  json["authorities"] = std::move(authorities);
  json["rows"] = RowsJson(page.rows);
  json["duties"] = RowsJson(page.duties);
  json["regions"] = NamedJson(page.regions, "where");
  json["invariants"] = NamedJson(page.invariants, "proved");
  json["evidence"] = NamedJson(page.evidence, "is");
  json["meters"] = NamedJson(page.meters, "is");
  return json;
}

// A cell of a spreadsheet. One that a spreadsheet would take for a formula gets an apostrophe.
std::string Cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos)
    text.insert(0, "'");
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2)
    text.insert(at, "\"");
  return '"' + text + '"';
}

}  // namespace

std::string Joined(const std::vector<std::string>& items, const char* between) {
  return fmt::format("{}", fmt::join(items, between));
}

std::string RolesOf(const PageRow& row) {
  if (!row.other_roles) return Joined(row.roles);
  return row.roles.empty() ? "anyone" : "anyone but " + Joined(row.roles);
}

std::string WhenAlways(const PageRow& row) {
  return row.otherwise ? "in every other case" : "always";
}

std::string SourceOf(const analysis::PageFact& fact) {
  return fact.source + (fact.for_critics ? ", for critics" : "");
}

std::string PlaceOf(const PageRow& row) {
  return row.line == 0 ? std::string() : fmt::format("{}:{}", row.file, row.line);
}

const char* VerdictName(const PageRow& row) {
  if (row.decision == "note" || row.decision.starts_with("notify")) return "note";
  switch (row.verdict) {
    case runtime::Verdict::kAllow:
      return "allow";
    case runtime::Verdict::kEscalate:
      return "escalate";
    case runtime::Verdict::kDeny:
      return "deny";
  }
  return "deny";
}

std::string NatureOf(const CapabilityPage& page) {
  if (page.kind == "event") return "event";
  std::string said;
  for (const auto& [word, text] : page.said)
    said += fmt::format(", {} {}", analysis::StatementPhrase(word), text);
  return fmt::format("{}, {}{}{}{}", page.kind, page.risk,
                     page.irreversible ? ", irreversible" : "", said,
                     page.system.empty() ? "" : "; in " + page.system);
}

std::vector<PageNamed> AllThresholds(const TableDocument& document) {
  return EachOnce<PageNamed>(document, [](const CapabilityPage& page) { return page.thresholds; });
}

std::vector<PageAnchor> AllAnchors(const TableDocument& document) {
  auto anchors =
      EachOnce<PageAnchor>(document, [](const CapabilityPage& page) { return page.anchors; });
  std::ranges::stable_sort(anchors, std::greater<>{}, &PageAnchor::above);
  return anchors;
}

std::string ReachedBy(const PageAnchor& anchor) {
  std::string text = anchor.channel;
  if (!anchor.within.empty()) text += (text.empty() ? "within " : " within ") + anchor.within;
  return text;
}

std::string StandsUnder(const PageAuthority& authority) {
  std::string text =
      fmt::format("{} under {}: a {}", Joined(authority.roles), authority.name, authority.kind);
  if (!authority.from.empty()) text += " by " + authority.from;
  if (!authority.anchor.empty()) text += fmt::format(", {} is accountable", authority.anchor);
  return text;
}

namespace {

bool Says(const runtime::StatementView& a, const runtime::StatementView& b) {
  return a.of == b.of && a.index == b.index;
}

// An owner that a rule has from its policy is said once, of the policy.
bool IsInherited(const runtime::Table& table, std::uint32_t i) {
  const runtime::StatementView said = table.Statement(i);
  if (said.of == runtime::StatementOf::kPolicy || said.word != runtime::StatementWord::kOwner ||
      (i > 0 && Says(table.Statement(i - 1), said)))
    return false;
  for (std::uint32_t p = 0; p < i; ++p) {
    const runtime::StatementView of_policy = table.Statement(p);
    if (of_policy.of == runtime::StatementOf::kPolicy && of_policy.word == said.word)
      return of_policy.text == said.text;
  }
  return false;
}

// Of the whole policy, and said at its head.
bool IsScope(const runtime::StatementView& said) {
  return said.word == runtime::StatementWord::kTenant ||
         said.word == runtime::StatementWord::kNarrows;
}

// `Refunds within a day; keeps small: paying twice; head_of_support answers for it`, of each part.
std::vector<PageNamed> Accounts(const runtime::Table& table) {
  std::vector<PageNamed> accounts;
  std::optional<std::pair<runtime::StatementOf, std::uint32_t>> last;
  bool controls = false;
  for (std::uint32_t i = 0; i < table.statement_count(); ++i) {
    const runtime::StatementView said = table.Statement(i);
    if (said.of == runtime::StatementOf::kCapability || analysis::NamesAThing(said.word) ||
        IsScope(said) || IsInherited(table, i))
      continue;
    if (last != std::pair(said.of, said.index)) {
      const bool whole = said.of == runtime::StatementOf::kPolicy;
      accounts.push_back(
          {std::string(whole ? table.policy() : table.Authority({said.index}).name), "", ""});
      last = {said.of, said.index};
      controls = false;
    }
    std::string& text = accounts.back().text;
    const bool another = controls && said.word == runtime::StatementWord::kControls;
    if (text.ends_with('.')) text.pop_back();
    if (!text.empty()) text += another ? ", " : "; ";
    if (said.word == runtime::StatementWord::kControls && !another) text += "keeps small: ";
    text += said.text;
    if (said.word == runtime::StatementWord::kOwner) text += " answers for it";
    controls = said.word == runtime::StatementWord::kControls;
  }
  return accounts;
}

// What whoever carries things out has to keep to: sandboxes, skills, breakers.
std::vector<PageNamed> CarriedOut(const runtime::Table& table) {
  std::vector<PageNamed> named;
  for (std::uint32_t i = 0; i < table.statement_count(); ++i) {
    const runtime::StatementView said = table.Statement(i);
    if (!analysis::NamesAThing(said.word)) continue;
    const std::size_t colon = said.text.find(": ");
    named.push_back(
        {fmt::format("{} {}", analysis::StatementPhrase(said.word), said.text.substr(0, colon)),
         std::string(said.text.substr(colon + 2)), ""});
  }
  return named;
}

}  // namespace

TableDocument DescribeTable(const runtime::Table& table, const std::string& capability) {
  TableDocument document{std::string(table.policy()),
                         std::string(table.version()),
                         std::string(table.title()),
                         std::string(table.zone()),
                         {},
                         {},
                         {},
                         Accounts(table),
                         CarriedOut(table),
                         {},
                         {}};
  for (std::uint32_t i = 0; i < table.statement_count(); ++i) {
    const runtime::StatementView said = table.Statement(i);
    if (said.word == runtime::StatementWord::kTenant) document.tenant = said.text;
    if (said.word == runtime::StatementWord::kNarrows) document.narrows = said.text;
  }
  document.digest = Hex(table.digest());
  if (table.has_effective()) {
    document.in_force =
        analysis::FormatNumber(runtime::ValueType::kTime, "", 0, table.effective_ms());
  }
  for (std::uint32_t i = 0; i < table.capability_count(); ++i) {
    const runtime::CapabilityId id{i};
    if (capability.empty() || table.Capability(id).name == capability) {
      document.pages.push_back(analysis::DescribeCapability(table, id));
    }
  }
  return document;
}

std::string TableJson(const TableDocument& document) {
  ordered_json json{{"policy", document.policy},
                    {"version", document.version},
                    {"title", document.title},
                    {"sha256", document.digest},
                    {"zone", document.zone}};
  Put(json, "in_force_from", document.in_force);
  Put(json, "tenant", document.tenant);
  Put(json, "narrows", document.narrows);
  if (!document.accounts.empty()) json["accounts"] = NamedJson(document.accounts, "is");
  if (!document.carried_out.empty()) json["carried_out"] = NamedJson(document.carried_out, "is");
  json["thresholds"] = NamedJson(AllThresholds(document), "value");
  json["anchors"] = ordered_json::array();
  for (const PageAnchor& anchor : AllAnchors(document))
    json["anchors"].push_back(AnchorJson(anchor));
  json["capabilities"] = ordered_json::array();
  for (const CapabilityPage& page : document.pages) json["capabilities"].push_back(PageJson(page));
  return json.dump(2) + "\n";
}

std::string TableCsv(const TableDocument& document) {
  std::string text =
      "capability,part,row,decision,when,roles,under,asked,reason,words,clauses,place\r\n";
  for (const CapabilityPage& page : document.pages) {
    std::size_t number = 0;
    const auto add = [&](const char* part, const std::vector<PageRow>& rows) {
      for (const PageRow& row : rows) {
        const std::string when = row.when.empty() ? WhenAlways(row) : Joined(row.when, " or ");
        std::vector<std::string> cells = {
            page.name,  part,         std::to_string(++number), row.decision,
            when,       RolesOf(row), Joined(row.under),        row.anchor,
            row.reason, row.words,    Joined(row.clauses),      PlaceOf(row)};
        for (std::string& cell : cells) cell = Cell(std::move(cell));
        text += Joined(cells, ",") + "\r\n";
      }
    };
    add("rule", page.rows);
    add("duty", page.duties);
  }
  return text;
}

}  // namespace writ::cli
