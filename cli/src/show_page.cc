// What one role may do: a standing for each capability, and what all of them have in common.
#include "show_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "load.h"
#include "table_page.h"

namespace writ::cli {

using analysis::Autonomy;
using analysis::PageRow;
using analysis::Standing;
using nlohmann::ordered_json;

namespace {

// Rows of the term that are the same for several capabilities are said once.
void CollectTerm(ShowDocument& document) {
  std::map<std::string, std::pair<PageRow, std::vector<std::string>>> rows;
  std::vector<std::string> order;
  std::size_t had = 0;
  for (const Standing& standing : document.standings) {
    if (!standing.reach.covered || standing.term.empty()) continue;
    ++had;
    for (const PageRow& row : standing.term) {
      const std::string key =
          row.words + "\n" + Joined(row.clauses) + "\n" + Joined(row.when, "\n");
      const auto [at, is_new] = rows.try_emplace(key, row, std::vector<std::string>());
      if (is_new) order.push_back(key);
      at->second.second.push_back(standing.page.name);
    }
  }
  for (const std::string& key : order) {
    auto& [row, of] = rows.at(key);
    document.term.emplace_back(row, of.size() == had ? std::string() : Joined(of));
  }
}

std::string AutonomyJson(Autonomy autonomy) {
  std::string name = Name(autonomy);
  std::ranges::replace(name, ' ', '_');
  return name;
}

ordered_json StandingJson(const Standing& standing) {
  const analysis::CapabilityPage& page = standing.page;
  ordered_json json{{"capability", page.name},
                    {"title", page.title},
                    {"autonomy", AutonomyJson(standing.reach.autonomy)},
                    {"covered", standing.reach.covered}};
  json["asked"] = ordered_json::array();
  for (const analysis::PageRow& row : page.rows) {
    const auto same = [&](const ordered_json& other) { return other == row.anchor; };
    if (!row.anchor.empty() && std::ranges::none_of(json["asked"], same))
      json["asked"].push_back(row.anchor);
  }
  json["rows"] = ordered_json::array();
  for (std::size_t i = 0; i < page.rows.size(); ++i) {
    json["rows"].push_back(PageRowJson(page.rows[i]));
    json["rows"].back()["for_example"] = standing.examples[i];
  }
  json["duties"] = ordered_json::array();
  for (const PageRow& row : page.duties) json["duties"].push_back(PageRowJson(row));
  json["term"] = ordered_json::array();
  for (const PageRow& row : standing.term) json["term"].push_back(PageRowJson(row));
  if (standing.builtin != runtime::BuiltinRow::kNone) json["denied_for"] = standing.builtin_fact;
  if (standing.reach.undecided) json["undecided"] = true;
  if (!standing.reach.open.empty()) json["open"] = standing.reach.open;
  return json;
}

}  // namespace

const char* RoleKindName(runtime::RoleKind kind) {
  static constexpr const char* kNames[] = {"human", "agent", "coordinator", "party"};
  return kNames[static_cast<std::size_t>(kind)];
}

ShowDocument DescribeRole(const runtime::Table& table, runtime::RoleId role,
                          const std::string& capability, const analysis::Restriction& where) {
  const runtime::RoleView view = table.Role(role);
  ShowDocument document;
  document.policy = table.policy();
  document.version = table.version();
  document.title = table.title();
  document.digest = Hex(table.digest());
  document.role = view.name;
  document.kind = RoleKindName(view.kind);
  analysis::Budget budget;
  for (std::uint32_t i = 0; i < table.capability_count(); ++i) {
    const runtime::CapabilityView shown = table.Capability({i});
    if (!capability.empty() && shown.name != capability) continue;
    if (shown.kind == runtime::CapabilityKind::kEvent) continue;  // reported, not requested
    document.standings.push_back(analysis::DescribeStanding(table, {i}, where, budget));
    document.whole = document.whole && document.standings.back().reach.open.empty();
  }
  std::ranges::stable_sort(document.standings, [](const Standing& a, const Standing& b) {
    return a.reach.autonomy > b.reach.autonomy;
  });
  CollectTerm(document);
  return document;
}

std::string HowDecided(const PageRow& row) {
  switch (row.verdict) {
    case runtime::Verdict::kAllow:
      return "alone";
    case runtime::Verdict::kEscalate:
      return row.anchor.empty() ? "asks" : "asks " + row.anchor;
    case runtime::Verdict::kDeny:
      break;
  }
  return "never";
}

std::string WhyOf(const PageRow& row) {
  if (!row.reason.empty()) return row.reason;
  return row.line == 0 && !row.missing ? row.words : std::string();
}

std::vector<std::string> Uncovered(const ShowDocument& document) {
  std::vector<std::string> names;
  for (const Standing& standing : document.standings) {
    if (!standing.reach.covered && standing.builtin == runtime::BuiltinRow::kNone)
      names.push_back(standing.page.name);
  }
  return names;
}

std::string ShowJson(const ShowDocument& document) {
  ordered_json json{{"policy", document.policy}, {"version", document.version},
                    {"sha256", document.digest}, {"role", document.role},
                    {"kind", document.kind},     {"given", ordered_json::object()},
                    {"whole", document.whole},   {"capabilities", ordered_json::array()}};
  for (const auto& [name, value] : document.given) json["given"][name] = value;
  if (!document.intent.empty()) {
    json["intent"] = document.intent;
    json["within"] = ShortJson(document);
  }
  for (const Standing& standing : document.standings)
    json["capabilities"].push_back(StandingJson(standing));
  return json.dump(2) + "\n";
}

}  // namespace writ::cli
