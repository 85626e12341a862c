// Who is who, who is asked, and what each may do: parts of the handbook that are read from the
// table.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "handbook_source.h"
#include "show_page.h"
#include "writ/analysis/witness.h"

namespace writ::cli {

using analysis::Autonomy;
using runtime::AnchorView;
using runtime::RoleKind;
using runtime::RoleView;

namespace {

constexpr std::size_t kMostNodes = 120;  // of a picture that anybody can read
constexpr std::size_t kLongestLabel = 34;

std::vector<std::string> HoldersOf(const HandbookSource& source, const AnchorView& anchor) {
  std::vector<std::string> holders;
  if (anchor.held_by.valid()) holders.push_back(source.RoleName(anchor.held_by.value));
  for (const runtime::RoleId role : anchor.also_held_by)
    holders.push_back(source.RoleName(role.value));
  return holders;
}

std::vector<std::string> DeputiesOf(const HandbookSource& source, const AnchorView& anchor) {
  std::vector<std::string> deputies;
  for (const runtime::RoleId role : anchor.deputies)
    deputies.push_back(source.RoleName(role.value));
  return deputies;
}

bool Has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string Within(const AnchorView& anchor) {
  if (anchor.within_ms == 0) return {};
  return "within " + analysis::FormatNumber(runtime::ValueType::kDuration, "", 0, anchor.within_ms);
}

// Anchors, the highest first.
std::vector<std::uint32_t> ByRank(const HandbookSource& source) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < source.table.anchor_count(); ++i) order.push_back(i);
  std::ranges::stable_sort(order, [&](auto a, auto b) {
    return source.table.Anchor({a}).below.size() > source.table.Anchor({b}).below.size();
  });
  return order;
}

Figure Organisation(const HandbookSource& source) {
  Figure figure;
  figure.title = "The reporting line, and who gives whom a mandate";
  figure.caption =
      "Whoever stands higher is reported to. An arrow is a mandate: from who gives it to who acts "
      "under it.";
  const runtime::Table& table = source.table;
  for (std::uint32_t i = 0; i < table.role_count(); ++i) {
    const RoleView role = table.Role({i});
    GraphNode node{{std::string(role.name), RoleKindName(role.kind)}, RoleKindName(role.kind)};
    for (std::uint32_t a = 0; a < table.anchor_count(); ++a) {
      const AnchorView anchor = table.Anchor({a});
      if (Has(HoldersOf(source, anchor), role.name))
        node.lines.push_back("answers for " + std::string(anchor.name));
      if (Has(DeputiesOf(source, anchor), role.name))
        node.lines.push_back("deputy for " + std::string(anchor.name));
    }
    figure.graph.nodes.push_back(std::move(node));
    if (role.reports_to.valid())
      figure.graph.edges.push_back({role.reports_to.value, i, "", "reports", false});
  }
  std::map<std::pair<std::size_t, std::size_t>, std::string> mandates;
  for (const Mandate& mandate : source.mandates) {
    if (mandate.grant || mandate.from.empty()) continue;
    for (const std::string& to : mandate.to) {
      std::string& label = mandates[{table.FindRole(mandate.from).value, table.FindRole(to).value}];
      label += (label.empty() ? "" : ", ") + mandate.name;
    }
  }
  for (const auto& [ends, label] : mandates)
    figure.graph.edges.push_back({ends.first, ends.second, label, "mandate", true});
  return figure;
}

// For each anchor one chain, from who asks down to what silence comes to.
Figure Chains(const HandbookSource& source) {
  Figure figure;
  figure.title = "Whom a question goes to, and what happens if nobody answers";
  figure.caption = "Each chain is read downwards. Nobody's silence ever allows anything.";
  Graph& graph = figure.graph;
  const runtime::Table& table = source.table;
  const auto add = [&](std::vector<std::string> lines, const char* style) {
    graph.nodes.push_back({std::move(lines), style});
    return graph.nodes.size() - 1;
  };
  std::vector<std::size_t> top(table.anchor_count());
  for (const std::uint32_t i : ByRank(source)) {
    const AnchorView anchor = table.Anchor({i});
    top[i] = add({std::string(anchor.name), "is asked"}, "anchor");
  }
  for (const std::uint32_t i : ByRank(source)) {
    const AnchorView anchor = table.Anchor({i});
    std::size_t last = top[i];
    std::string label(anchor.channel.size() <= kLongestLabel ? anchor.channel : "");
    for (const std::string& holder : HoldersOf(source, anchor)) {
      const std::string within = Within(anchor);
      std::vector<std::string> lines = {holder, "answers"};
      if (!within.empty()) lines.push_back(within);
      const std::size_t node = add(std::move(lines), "human");
      graph.edges.push_back({last, node, label, "mandate", true});
      last = node;
      label = "or";
    }
    for (const std::string& deputy : DeputiesOf(source, anchor)) {
      const std::size_t node = add({deputy, "deputy"}, "human");
      graph.edges.push_back(
          {last, node, anchor.next_deputy ? "then" : "in their place", "mandate", true});
      last = node;
    }
    const std::size_t end =
        anchor.silence_anchor.valid() ? top[anchor.silence_anchor.value] : add({"denied"}, "end");
    graph.edges.push_back({last, end, "silence", "silence", true});
  }
  return figure;
}

std::string Absorbed(const runtime::Table& table, std::uint32_t anchor) {
  std::string text;
  for (std::uint32_t i = 0; i < table.Anchor({anchor}).absorbs_count; ++i)
    text += (text.empty() ? "" : ", ") + std::string(table.AnchorAbsorbs({anchor}, i));
  return text;
}

Line Joint(std::vector<Line> lines) {
  Line all;
  for (Line& line : lines) {
    if (!all.empty() && !line.empty()) all.push_back({"; ", Look::kPlain, {}, {}});
    all.insert(all.end(), line.begin(), line.end());
  }
  return all;
}

Line WithWord(const HandbookSource& source, const char* word,
              const std::vector<std::string>& names) {
  if (names.empty()) return {};
  Line line = Said(std::string(word) + " ");
  const Line linked = CapabilityLinks(source, names);
  line.insert(line.end(), linked.begin(), linked.end());
  return line;
}

}  // namespace

Part WhoIsWho(const HandbookSource& source) {
  Part part{"part-who", "Who is who", {}, {}};
  part.blocks.emplace_back(
      Said("Roles are offices, not persons, and not programs either: whoever holds one may change "
           "without a change of the policy. Humans can be accountable. Agents and coordinators act "
           "under a mandate, and are never accountable. Parties stand outside."));
  if (source.table.role_count() <= kMostNodes) part.blocks.emplace_back(Organisation(source));
  Grid grid{"Roles", {"Role", "Is", "Reports to", "Known by", "Stands under"}, {}, {}};
  for (std::uint32_t i = 0; i < source.table.role_count(); ++i) {
    const RoleView role = source.table.Role({i});
    std::vector<std::string> under;
    for (const Mandate& mandate : source.mandates) {
      if (Has(mandate.to, role.name))
        under.push_back(mandate.grant ? "a grant, by office" : mandate.name);
    }
    grid.rows.push_back(
        {{Strong(std::string(role.name))},
         Said(RoleKindName(role.kind)),
         Said(role.reports_to.valid() ? source.RoleName(role.reports_to.value) : ""),
         role.identity.empty() ? Line{} : Line{CodePiece(std::string(role.identity))},
         Said(Joined(under))});
  }
  part.blocks.emplace_back(std::move(grid));
  return part;
}

Part WhoIsAsked(const HandbookSource& source) {
  Part part{"part-asked", "Who answers, and who is asked", {}, {}};
  if (source.table.anchor_count() == 0) return part;
  part.blocks.emplace_back(
      Said("An anchor is the office that answers for what is done under it, and that is asked "
           "where a rule says so. Where two could be asked, the higher one is."));
  if (source.table.anchor_count() * 4 <= kMostNodes) part.blocks.emplace_back(Chains(source));
  Grid grid{"Anchors, the highest first",
            {"Anchor", "Held by", "Deputies", "Reached by", "If nobody answers", "Carries"},
            {},
            {}};
  for (const std::uint32_t i : ByRank(source)) {
    const AnchorView anchor = source.table.Anchor({i});
    Line name = {Strong(std::string(anchor.name))};
    if (!anchor.title.empty())
      name.push_back({" " + std::string(anchor.title), Look::kSoft, {}, {}});
    const std::string end =
        anchor.silence_anchor.valid()
            ? "goes on to " + std::string(source.table.Anchor(anchor.silence_anchor).name)
            : "denied";
    std::string reached(anchor.channel);
    if (const std::string within = Within(anchor); !within.empty())
      reached += (reached.empty() ? "" : " ") + within;
    grid.rows.push_back({std::move(name), Said(Joined(HoldersOf(source, anchor))),
                         Said(Joined(DeputiesOf(source, anchor))), Said(std::move(reached)),
                         Said((anchor.next_deputy ? "the next deputy, then " : "") + end),
                         Said(Absorbed(source.table, i))});
  }
  part.blocks.emplace_back(std::move(grid));
  return part;
}

Part Mandates(const HandbookSource& source) {
  Part part{"part-mandates", "Mandates", {}, {}};
  if (source.mandates.empty()) return part;
  part.blocks.emplace_back(
      Said("What nobody was given, nobody may do. A delegation is given by a person, with limits; "
           "a grant is what a person may do by office."));
  Grid grid{"",
            {"Mandate", "From", "To", "What", "Answered for by", "Review", "Last day"},
            {},
            "mandates"};
  for (const Mandate& mandate : source.mandates) {
    Line name = {Strong(mandate.grant ? "by office" : mandate.name)};
    if (!mandate.title.empty()) name.push_back({" " + mandate.title, Look::kSoft, {}, {}});
    if (!mandate.purpose.empty()) name.push_back({" " + mandate.purpose, Look::kSoft, {}, {}});
    if (!mandate.controls.empty()) {
      name.push_back(
          {" Keeps small: " + Joined(mandate.controls, "; ") + ".", Look::kSoft, {}, {}});
    }
    Line answers = {Strong(mandate.anchor)};
    if (!mandate.owner.empty())
      answers.push_back({" its text: " + mandate.owner, Look::kSoft, {}, {}});
    grid.rows.push_back(
        {std::move(name), Said(mandate.from), Said(Joined(mandate.to)),
         Joint({WithWord(source, mandate.grant ? "may" : "may freely", mandate.freely),
                WithWord(source, "may, within limits,", mandate.may),
                WithWord(source, "may propose", mandate.propose),
                WithWord(source, "abstains from", mandate.abstain)}),
         std::move(answers), Said(mandate.review.empty() ? "" : "every " + mandate.review),
         Said(mandate.last_day ? DayText(*mandate.last_day) : "no end")});
  }
  part.blocks.emplace_back(std::move(grid));
  return part;
}

namespace {

const char* AutonomyStyle(Autonomy autonomy) {
  static constexpr const char* kStyles[] = {"deny", "escalate", "note", "allow"};
  return kStyles[static_cast<std::size_t>(autonomy)];
}

Line AutonomyCell(const HandbookSource& source, const analysis::Reach& reach) {
  if (!reach.open.empty()) return Said("not proved");
  if (!reach.covered && reach.autonomy == Autonomy::kNever) return {};
  Line cell = {Badge(Name(reach.autonomy), AutonomyStyle(reach.autonomy))};
  std::string asked;
  for (const runtime::AnchorId anchor : reach.asked)
    asked += (asked.empty() ? " asks " : ", ") + std::string(source.table.Anchor(anchor).name);
  if (!asked.empty()) cell.push_back({asked, Look::kSoft, {}, {}});
  return cell;
}

}  // namespace

Part MapOfAutonomy(const HandbookSource& source) {
  Part part{"part-map", "The map of autonomy", {}, {}};
  part.blocks.emplace_back(Said(
      "What each role may do, worked out from the decision table for all requests that can be "
      "made while the mandate holds: nothing here was written by hand, and nothing was sampled."));
  Items words{"", {}};
  words.lines.push_back(
      {Badge("alone", "allow"), {" each request is allowed", Look::kPlain, {}, {}}});
  words.lines.push_back(
      {Badge("within limits", "note"),
       {" some are allowed; the others are refused, or a person is asked", Look::kPlain, {}, {}}});
  words.lines.push_back({Badge("only proposes", "escalate"),
                         {" nothing is allowed without a person", Look::kPlain, {}, {}}});
  words.lines.push_back(
      {Badge("never", "deny"),
       {" each request is refused, though a mandate names it", Look::kPlain, {}, {}}});
  words.lines.push_back({{"\u2013 no mandate covers it, so it is refused", Look::kPlain, {}, {}}});
  part.blocks.emplace_back(std::move(words));
  std::vector<std::uint32_t> roles;
  std::vector<std::string> without;
  for (std::uint32_t role = 0; role < source.table.role_count(); ++role) {
    bool any = false;
    for (std::uint32_t c = 0; c < source.reach.size(); ++c)
      any = any || (source.HasReach(c) && source.reach[c][role].covered);
    if (any)
      roles.push_back(role);
    else
      without.push_back(source.RoleName(role));
  }
  Grid grid{"", {"Capability"}, {}, "map"};
  for (const std::uint32_t role : roles) grid.head.push_back(source.RoleName(role));
  for (std::uint32_t c = 0; c < source.reach.size(); ++c) {
    if (!source.HasReach(c)) continue;
    const runtime::CapabilityView view = source.table.Capability({c});
    const std::string name(view.name);
    Line first = {CodePiece(name, name)};
    if (!view.title.empty()) first.push_back({" " + std::string(view.title), Look::kSoft, {}, {}});
    if (view.irreversible) first.push_back({" irreversible", Look::kStrong, {}, {}});
    std::vector<Line> row = {std::move(first)};
    for (const std::uint32_t role : roles)
      row.push_back(AutonomyCell(source, source.reach[c][role]));
    grid.rows.push_back(std::move(row));
  }
  part.blocks.emplace_back(std::move(grid));
  if (!without.empty())
    part.blocks.emplace_back(Said("No mandate of their own: " + Joined(without) + "."));
  if (!source.whole)
    part.blocks.emplace_back(
        Said("Some of it could not be proved within the effort that was allowed."));
  return part;
}

}  // namespace writ::cli
