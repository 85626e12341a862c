// The larger words of a policy in its handbook: who signs, what is remembered, what becomes the
// record, what may be used up, and what must have come before what.
#include <fmt/format.h>

#include <algorithm>

#include "handbook_source.h"

namespace writ::cli {
namespace {

constexpr const char* kTiers[] = {"working: ends with the session", "episodic", "semantic",
                                  "procedural"};

std::string DecayText(const HandbookSource& source, const lang::Decay& decay) {
  const std::string amount = decay.amount ? source.Words(decay.amount->span) : std::string();
  std::string text;
  switch (decay.when) {
    case lang::DecayWhen::kUnused:
      text = "not used for " + amount;
      break;
    case lang::DecayWhen::kContradicted:
      text = "contradicted " + amount + " times";
      break;
    case lang::DecayWhen::kSourceChanged:
      text = "its source has changed";
      break;
  }
  switch (decay.then) {
    case lang::DecayThen::kFlag:
      text += ": " + (decay.anchor ? decay.anchor->text : std::string("somebody")) + " is told";
      break;
    case lang::DecayThen::kDemote:
      text += ": a person decides";
      break;
    case lang::DecayThen::kExpire:
      text += ": recalled no more";
      break;
  }
  return decay.reason ? text + " (" + decay.reason->text + ")" : text;
}

Figure PromotionFigure(const lang::Promotion& promotion) {
  Figure figure;
  figure.title = "The way into the record";
  figure.caption = promotion.name.text + (promotion.title ? ": " + promotion.title->text : "");
  std::vector<std::string> states;
  const auto state = [&](const std::string& name) {
    const auto at = std::ranges::find(states, name);
    if (at != states.end()) return static_cast<std::size_t>(at - states.begin());
    states.push_back(name);
    const bool record = name == promotion.to.text;
    figure.graph.nodes.push_back(
        {{name, record ? "the record" : "no record"}, record ? "anchor" : "human"});
    return states.size() - 1;
  };
  state(promotion.from.text);
  for (const lang::Transition& step : promotion.transitions) {
    const std::size_t from = state(step.from.text), to = state(step.to.text);
    figure.graph.edges.push_back({from, to, step.by.text, "mandate", true});
  }
  return figure;
}

void AddPromotion(const HandbookSource& source, const lang::Promotion& promotion, Part* part) {
  part->blocks.emplace_back(PromotionFigure(promotion));
  Grid grid{"", {"From", "To", "By", "Asks for", "Why"}, {}, {}};
  for (const lang::Transition& step : promotion.transitions) {
    std::vector<std::string> asks;
    if (step.sources) asks.push_back(source.Words(step.sources->span) + " sources");
    if (step.not_author) asks.emplace_back("somebody other than the author");
    if (step.when) asks.push_back("that " + source.Words(step.when->span));
    grid.rows.push_back({Said(step.from.text), Said(step.to.text),
                         CapabilityLinks(source, {step.by.text}), Said(Joined(asks, "; ")),
                         Said(step.reason ? step.reason->text : "")});
  }
  part->blocks.emplace_back(std::move(grid));
  part->blocks.emplace_back(
      Said(fmt::format("Nothing else writes into {}: whatever acts on it and is none of these "
                       "steps is refused. Each way in passes a step that asks for sources and one "
                       "that is not the author's, and there is a way out.",
                       promotion.system.text)));
}

}  // namespace

std::string NamesText(const std::vector<lang::Name>& names) {
  std::vector<std::string> texts;
  for (const lang::Name& name : names) texts.push_back(name.text);
  return Joined(texts);
}

Line Titled(const lang::Name& name, const std::optional<lang::Text>& title) {
  Line line = {Strong(name.text)};
  if (title) line.push_back({" " + title->text, Look::kSoft, {}, {}});
  return line;
}

Line NameList(const HandbookSource& source, const std::vector<lang::Name>& names) {
  std::vector<std::string> texts;
  for (const lang::Name& name : names) texts.push_back(name.text);
  return CapabilityLinks(source, texts);
}

std::string DataClassText(lang::DataClass data_class) {
  static constexpr const char* kClasses[] = {"public", "internal", "confidential", "personal (pii)",
                                             "health"};
  return kClasses[static_cast<std::size_t>(data_class)];
}

Part Approvals(const HandbookSource& source) {
  Part part{"part-approvals", "Who signs, and what must come before", {}, {}};
  source.Each<lang::Approvals>([&](const lang::Approvals& approvals) {
    Line head = {Strong(approvals.name.text), {": who signs ", Look::kPlain, {}, {}}};
    for (Piece& piece : CapabilityLinks(source, {approvals.capability.text}))
      head.push_back(std::move(piece));
    if (approvals.title) head.push_back({" " + approvals.title->text, Look::kSoft, {}, {}});
    part.blocks.emplace_back(std::move(head));
    Grid grid{"", {"Stage", "Who", "Asked when", "Not asked"}, {}, {}};
    std::size_t number = 0;
    for (const lang::Stage& stage : approvals.stages) {
      grid.rows.push_back(
          {Said(std::to_string(++number)),
           {Strong(stage.role.text)},
           stage.when ? Line{CodePiece(source.Words(stage.when->span))} : Said("always"),
           Said(stage.same_as ? "if it is the same person as " + stage.same_as->text : "")});
    }
    part.blocks.emplace_back(std::move(grid));
  });
  if (!part.blocks.empty())
    part.blocks.emplace_back(Said("In this order. A new submission voids all signatures."));
  source.Each<lang::Sequence>([&](const lang::Sequence& sequence) {
    Line head = {Strong(sequence.name.text)};
    if (sequence.title) head.push_back({" " + sequence.title->text, Look::kSoft, {}, {}});
    if (sequence.when) {
      head.push_back({", where ", Look::kPlain, {}, {}});
      head.push_back(CodePiece(source.Words(sequence.when->span)));
    }
    head.push_back({": what must come before what", Look::kPlain, {}, {}});
    part.blocks.emplace_back(std::move(head));
    Items items{"", {}};
    for (const lang::Need& need : sequence.needs) {
      Line line = {CodePiece(source.WordsWithout(need.span, need.reason))};
      if (need.reason) line.push_back({" " + need.reason->text, Look::kSoft, {}, {}});
      items.lines.push_back(std::move(line));
    }
    part.blocks.emplace_back(std::move(items));
  });
  Items apart{"What one person does not do both of", {}};
  source.Each<lang::Separate>([&](const lang::Separate& separate) {
    Line line = NameList(source, separate.sides);
    if (separate.when)
      line.push_back({" where " + source.Words(separate.when->span), Look::kPlain, {}, {}});
    if (separate.reason) line.push_back({" " + separate.reason->text, Look::kSoft, {}, {}});
    apart.lines.push_back(std::move(line));
  });
  if (!apart.lines.empty()) part.blocks.emplace_back(std::move(apart));
  return part;
}

Part MemoryAndRecord(const HandbookSource& source) {
  Part part{"part-memory", "What is remembered, and what becomes the record", {}, {}};
  Grid consents{"Consent", {"Consent", "Over", "Given by", "Lasts"}, {}, {}};
  source.Each<lang::Consent>([&](const lang::Consent& consent) {
    consents.rows.push_back(
        {Titled(consent.name, consent.title), Said(DataClassText(consent.over)),
         Said(NamesText(consent.by)),
         Said(consent.lasts ? source.Words(consent.lasts->span) : "until revoked")});
  });
  Grid memories{
      "Memory",
      {"Memory", "Kind of data", "Kept as", "Consent", "Written by", "Recalled by", "How it ends"},
      {},
      {}};
  source.Each<lang::Memory>([&](const lang::Memory& memory) {
    std::vector<std::string> ends;
    for (const lang::Decay& decay : memory.decay) ends.push_back(DecayText(source, decay));
    memories.rows.push_back(
        {Titled(memory.name, memory.title),
         Said(memory.data_class ? DataClassText(*memory.data_class) : ""),
         Said(memory.tier ? kTiers[static_cast<std::size_t>(*memory.tier)] : ""),
         Said(memory.consent ? memory.consent->text : "none needed"),
         NameList(source, memory.written_by), NameList(source, memory.recalled_by),
         Said(Joined(ends, "; "))});
  });
  if (!consents.rows.empty()) part.blocks.emplace_back(std::move(consents));
  if (!memories.rows.empty()) part.blocks.emplace_back(std::move(memories));
  source.Each<lang::Promotion>(
      [&](const lang::Promotion& promotion) { AddPromotion(source, promotion, &part); });
  return part;
}

Part Budgets(const HandbookSource& source) {
  Part part{"part-budgets", "What may be used up", {}, {}};
  Grid grid{"", {"Budget", "For", "At most", "Then"}, {}, {}};
  source.Each<lang::Budget>([&](const lang::Budget& budget) {
    std::vector<std::string> lines;
    for (const lang::BudgetLine& line : budget.lines) {
      static constexpr const char* kMeasures[] = {"calls", "tokens", "cost", "time"};
      lines.push_back(source.Words(line.amount.span) + " " +
                      kMeasures[static_cast<std::size_t>(line.measure)]);
    }
    std::string then = "refused";
    if (budget.exhausted == lang::Verdict::kEscalate)
      then = budget.anchor ? budget.anchor->text + " is asked" : "a person is asked";
    Line name = Titled(budget.name, budget.title);
    if (budget.within) name.push_back({" part of " + budget.within->text, Look::kSoft, {}, {}});
    grid.rows.push_back(
        {std::move(name),
         budget.capabilities.empty() ? Said("everything") : NameList(source, budget.capabilities),
         Said(Joined(lines)), Said(std::move(then))});
  });
  if (grid.rows.empty()) return part;
  part.blocks.emplace_back(Said("Counted for each session."));
  part.blocks.emplace_back(std::move(grid));
  return part;
}

}  // namespace writ::cli
