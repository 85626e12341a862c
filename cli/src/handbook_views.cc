// Five views of one table, and what is proved of it.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "handbook_source.h"

namespace writ::cli {

using analysis::Autonomy;

namespace {

struct FactUse {
  analysis::PageFact fact;
  std::vector<std::string> capabilities;
};

Grid Surfaced(const HandbookSource& source) {
  Grid grid{"Surfaced: what has to be known before a decision",
            {"Fact", "Comes from", "If it is missing", "Decides about"},
            {},
            {}};
  std::map<std::string, FactUse> facts;
  std::vector<std::string> order;
  std::size_t capabilities = 0;
  for (const analysis::CapabilityPage& page : source.document.pages) {
    if (page.kind == "event") continue;
    ++capabilities;
    for (const analysis::PageFact& fact : page.facts) {
      const auto [at, is_new] = facts.try_emplace(fact.name, FactUse{fact, {}});
      if (is_new) order.push_back(fact.name);
      auto& names = at->second.capabilities;
      if (names.empty() || names.back() != page.name) names.push_back(page.name);
    }
  }
  for (const std::string& name : order) {
    const FactUse& use = facts.at(name);
    const std::string& missing = use.fact.missing;
    const std::string means = missing == "required"   ? "refused: each request gives it"
                              : missing == "deny"     ? "refused where a rule reads it"
                              : missing == "escalate" ? "a person is asked where a rule reads it"
                                                      : missing;
    grid.rows.push_back({{CodePiece(name)},
                         Said(use.fact.source),
                         Said(means),
                         use.capabilities.size() == capabilities && capabilities > 1
                             ? Said("everything")
                             : CapabilityLinks(source, use.capabilities)});
  }
  return grid;
}

// By role: the capabilities for which `holds`.
template <typename Holds>
Items ByRole(const HandbookSource& source, const char* title, Holds holds) {
  Items items{title, {}};
  for (std::uint32_t role = 0; role < source.table.role_count(); ++role) {
    std::vector<std::string> names;
    for (std::uint32_t c = 0; c < source.reach.size(); ++c)
      if (source.HasReach(c) && holds(source.reach[c][role]))
        names.push_back(source.CapabilityName(c));
    if (names.empty()) continue;
    Line line = {Strong(source.RoleName(role) + ": ")};
    const Line links = CapabilityLinks(source, names);
    line.insert(line.end(), links.begin(), links.end());
    items.lines.push_back(std::move(line));
  }
  if (items.lines.empty()) items.lines.push_back(Said("nobody, nothing"));
  return items;
}

Items Paused(const HandbookSource& source) {
  Items items{"Paused: where a person is asked first, by whom", {}};
  for (std::uint32_t a = 0; a < source.table.anchor_count(); ++a) {
    std::vector<std::string> pairs;
    for (std::uint32_t role = 0; role < source.table.role_count(); ++role) {
      std::vector<std::string> names;
      for (std::uint32_t c = 0; c < source.reach.size(); ++c) {
        if (!source.HasReach(c)) continue;
        const auto& asked = source.reach[c][role].asked;
        const bool asks = std::ranges::any_of(asked, [&](auto id) { return id.value == a; });
        if (asks) names.push_back(source.CapabilityName(c));
      }
      if (!names.empty()) pairs.push_back(source.RoleName(role) + " for " + Joined(names));
    }
    if (pairs.empty()) continue;
    items.lines.push_back({Strong(std::string(source.table.Anchor({a}).name) + ": "),
                           {Joined(pairs, "; "), Look::kPlain, {}, {}}});
  }
  if (items.lines.empty()) items.lines.push_back(Said("nowhere: what is not allowed is refused"));
  return items;
}

Items Promoted(const HandbookSource& source) {
  Items items{"Promoted: what becomes the record", {}};
  source.Each<lang::Promotion>([&](const lang::Promotion& promotion) {
    items.lines.push_back({Strong(promotion.name.text),
                           {fmt::format(", from {} to {} in {}, by ", promotion.from.text,
                                        promotion.to.text, promotion.system.text),
                            Look::kPlain,
                            {},
                            {}}});
    std::vector<std::string> steps;
    for (const lang::Transition& step : promotion.transitions)
      if (std::ranges::find(steps, step.by.text) == steps.end()) steps.push_back(step.by.text);
    const Line links = CapabilityLinks(source, steps);
    Line& line = items.lines.back();
    line.insert(line.end(), links.begin(), links.end());
  });
  if (items.lines.empty())
    items.lines.push_back(
        Said("nothing: the policy has no promotion, so no draft becomes a record"));
  return items;
}

}  // namespace

Part FiveViews(const HandbookSource& source) {
  Part part{"part-views", "Five views of one table", {}, {}};
  part.blocks.emplace_back(Said(
      "The same table, asked five questions: what has to be put before a decision, which tools "
      "a role is shown at all, what it can then do, where work waits for a person, and what "
      "may become the record. All five are derived, so they cannot disagree."));
  part.blocks.emplace_back(Surfaced(source));
  part.blocks.emplace_back(ByRole(source, "Exposed: what a role is shown",
                                  [](const analysis::Reach& reach) { return reach.covered; }));
  part.blocks.emplace_back(ByRole(
      source, "Allowed: what a role can do without asking, at least within limits",
      [](const analysis::Reach& reach) {
        return reach.autonomy == Autonomy::kAlone || reach.autonomy == Autonomy::kWithinLimits;
      }));
  part.blocks.emplace_back(Paused(source));
  part.blocks.emplace_back(Promoted(source));
  return part;
}

Part WhatIsProved(const HandbookSource& source) {
  Part part{"part-proved", "What is proved, and what is watched", {}, {}};
  const auto& verified = source.policy.compiled->verification;
  Items proved{"Proved when this was compiled, of the bytes that decide", {}};
  proved.lines.push_back(Said("each request that can be made has exactly one decision"));
  proved.lines.push_back(Said("each rule changes some decision; what never matters is refused"));
  proved.lines.push_back(Said("each question ends at a person, and no silence allows anything"));
  proved.lines.push_back(Said(
      fmt::format("{} as written, for every request that is not ruled out",
                  CountOf(verified.examples_passed, "example comes out", "examples come out"))));
  part.blocks.emplace_back(std::move(proved));
  Grid invariants{"Invariants: true of every request", {"Invariant", "Says", "Why"}, {}, {}};
  source.Each<lang::Invariant>([&](const lang::Invariant& invariant) {
    std::string words = source.WordsWithout(invariant.span, invariant.reason);
    if (const std::size_t colon = words.find(": "); colon != std::string::npos)
      words.erase(0, colon + 2);
    invariants.rows.push_back({{Strong(invariant.name.text)},
                               {CodePiece(words)},
                               Said(invariant.reason ? invariant.reason->text : "")});
  });
  if (!invariants.rows.empty()) part.blocks.emplace_back(std::move(invariants));
  Grid regions{"Regions that gates and reports watch", {"Region", "Where"}, {}, {}};
  source.Each<lang::Region>([&](const lang::Region& region) {
    regions.rows.push_back(
        {{Strong(region.name.text)}, {CodePiece(source.Words(region.condition.span))}});
  });
  if (!regions.rows.empty()) part.blocks.emplace_back(std::move(regions));
  Items words{"How to read the words", {}};
  words.lines.push_back(
      {Strong("missing: "),
       {"a fact that nobody gave. It counts against the request, as each fact says.",
        Look::kPlain,
        {},
        {}}});
  words.lines.push_back({Strong("evidence: "),
                         {"a look at a system of record, about the very thing that is asked for, "
                          "and not older than is said.",
                          Look::kPlain,
                          {},
                          {}}});
  words.lines.push_back({Strong("run header: "),
                         {"what whoever runs the agent signs: who acts, for whom, under which "
                          "table. One that is known to be bad refuses everything.",
                          Look::kPlain,
                          {},
                          {}}});
  part.blocks.emplace_back(std::move(words));
  return part;
}

}  // namespace writ::cli
