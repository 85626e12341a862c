// Who works on what in a handbook, what may leave the house, and how much somebody answers for.
#include <fmt/format.h>

#include <algorithm>

#include "handbook_source.h"

namespace writ::cli {
namespace {

std::string KindOfWork(const lang::Intent& intent) {
  static constexpr const char* kKinds[] = {"something is done", "helps to decide; nothing is done",
                                           "a question; nothing is done",
                                           "something is done, in several steps"};
  return intent.intent_class ? kKinds[static_cast<std::size_t>(*intent.intent_class)] : "";
}

std::string DecisionText(const lang::Decision& decision) {
  std::string text = decision.name.text + ": " + NamesText(decision.outcomes);
  if (decision.owner) text += "; " + decision.owner->text + " answers for it";
  if (decision.evidence) text += "; known from " + decision.evidence->text;
  return text;
}

Line DoneWhen(const HandbookSource& source, const lang::Intent& intent) {
  if (!intent.complete) return Said("");
  Line line = NameList(source, intent.complete->by);
  std::vector<std::string> asks;
  if (!intent.complete->evidence.empty())
    asks.push_back("with " + NamesText(intent.complete->evidence));
  if (intent.complete->verified)
    asks.emplace_back("once each effect was looked at since it took place");
  if (!asks.empty()) line.push_back(Soft(", " + Joined(asks, ", and ")));
  return line;
}

void AddIntents(const HandbookSource& source, Part* part) {
  Grid grid{
      "",
      {"What somebody wants", "Kind of work", "Who works on it", "Settled on the way", "Done by"},
      {},
      {}};
  source.Each<lang::Intent>([&](const lang::Intent& intent) {
    Line who;
    source.Each<lang::Route>([&](const lang::Route& route) {
      if (route.name.text != intent.name.text || !who.empty()) return;
      who.push_back(Strong(NamesText(route.to)));
      if (route.by) who.push_back(Soft(" sent by " + route.by->text));
    });
    std::vector<std::string> settled;
    for (const lang::Decision& decision : intent.decisions)
      settled.push_back(DecisionText(decision));
    grid.rows.push_back({Titled(intent.name, intent.title), Said(KindOfWork(intent)),
                         std::move(who), Said(Joined(settled, ". ")), DoneWhen(source, intent)});
  });
  if (grid.rows.empty()) return;
  part->blocks.emplace_back(
      Said("Each request says which wish it is made for. Agents to whom it is not sent cannot work "
           "on it; people can always take over."));
  part->blocks.emplace_back(std::move(grid));
}

void AddBoundary(const HandbookSource& source, const lang::Boundary& boundary, Part* part) {
  Figure figure;
  figure.title = "Where a case is: " + boundary.name.text;
  figure.caption = boundary.title ? boundary.title->text : std::string();
  std::vector<std::string> parts;
  for (const lang::Part& one : boundary.parts) {
    parts.push_back(one.name.text);
    figure.graph.nodes.push_back({{one.name.text, NamesText(one.roles)}, "agent"});
  }
  Grid grid{"", {"From", "To", "By", "When", "Why not otherwise"}, {}, {}};
  for (const lang::Handoff& handoff : boundary.handoffs) {
    const auto at = [&](const lang::Name& name) {
      return static_cast<std::size_t>(std::ranges::find(parts, name.text) - parts.begin());
    };
    if (at(handoff.from) < parts.size() && at(handoff.to) < parts.size())
      figure.graph.edges.push_back(
          {at(handoff.from), at(handoff.to), handoff.by.text, "mandate", true});
    grid.rows.push_back(
        {Said(handoff.from.text), Said(handoff.to.text), CapabilityLinks(source, {handoff.by.text}),
         handoff.when ? Line{CodePiece(source.Words(handoff.when->span))} : Said("always"),
         Said(handoff.reason ? handoff.reason->text : "")});
  }
  part->blocks.emplace_back(std::move(figure));
  part->blocks.emplace_back(std::move(grid));
  if (boundary.parts.empty()) return;
  part->blocks.emplace_back(
      Said(fmt::format("A case begins in {}. Whoever works in another part does nothing with it "
                       "until it is handed on; a person can be brought in from anywhere.",
                       boundary.parts.front().name.text)));
}

std::string Above(const std::optional<lang::Above>& above,
                  const std::optional<lang::Name>& anchor) {
  if (above == lang::Above::kNotify) return anchor->text + " is told";
  if (above != lang::Above::kEscalate) return "refused";
  return (anchor ? anchor->text : std::string("who answers for it")) + " is asked";
}

}  // namespace

Part WhoWorksOnWhat(const HandbookSource& source) {
  Part part{"part-work", "Who works on what", {}, {}};
  AddIntents(source, &part);
  source.Each<lang::Boundary>(
      [&](const lang::Boundary& boundary) { AddBoundary(source, boundary, &part); });
  return part;
}

Part WhatMayLeave(const HandbookSource& source) {
  Part part{"part-leave", "What may leave, what people keep, and how much is answered for", {}, {}};
  Grid channels{"Ways out", {"Way out", "Up to", "What is confided more", "Used by"}, {}, {}};
  Line kept;
  source.Each<lang::Channel>([&](const lang::Channel& channel) {
    std::vector<std::string> senders;
    source.Each<lang::Capability>([&](const lang::Capability& capability) {
      if (std::ranges::find(capability.sends_on, channel.name.text, &lang::Name::text) !=
          capability.sends_on.end())
        senders.push_back(capability.name.text);
    });
    const bool asks = channel.above == lang::Verdict::kEscalate;
    channels.rows.push_back(
        {Titled(channel.name, channel.title),
         Said(channel.carries ? DataClassText(*channel.carries) : ""),
         Said(Above(asks ? lang::Above::kEscalate : lang::Above::kDeny, channel.anchor)),
         CapabilityLinks(source, senders)});
  });
  if (!channels.rows.empty()) {
    part.blocks.emplace_back(std::move(channels));
    part.blocks.emplace_back(
        Said("From public through internal, confidential and personal to health. Where nobody says "
             "what it is, it counts as health; and nothing is sent more easily the more it is "
             "confided, which is proved."));
  }
  Grid exposures{"What somebody answers for",
                 {"Limit", "Who", "What is counted", "Within", "At most", "Above"},
                 {},
                 {}};
  source.Each<lang::Exposure>([&](const lang::Exposure& exposure) {
    Line counted = Said("how often they are asked");
    if (exposure.sums) {
      counted = {Strong(exposure.sums->text), {" of ", Look::kPlain, {}, {}}};
      for (Piece& piece : NameList(source, exposure.capabilities))
        counted.push_back(std::move(piece));
    }
    exposures.rows.push_back({Titled(exposure.name, exposure.title),
                              Said(NamesText(exposure.of)),
                              std::move(counted),
                              Said(exposure.within ? source.Amount(*exposure.within) : ""),
                              {Strong(exposure.up_to ? source.Amount(*exposure.up_to) : "")},
                              Said(Above(exposure.above, exposure.anchor))});
  });
  if (!exposures.rows.empty()) part.blocks.emplace_back(std::move(exposures));
  std::vector<std::string> retained;
  source.Each<lang::Capability>([&](const lang::Capability& capability) {
    if (capability.retained) retained.push_back(capability.name.text);
  });
  if (!retained.empty())
    part.blocks.emplace_back(Items{"What people do themselves; no agent may even propose it",
                                   {CapabilityLinks(source, retained)}});
  return part;
}

}  // namespace writ::cli
