// The rules of a handbook: in short, each capability's table, thresholds, what ends when, guards
// and exceptions.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "handbook_source.h"
#include "writ/analysis/witness.h"

namespace writ::cli {

using analysis::Autonomy;

namespace {

Line ShortOf(const HandbookSource& source, std::uint32_t role) {
  std::array<std::size_t, 4> counts{};
  std::set<std::string> asked;
  for (std::uint32_t c = 0; c < source.reach.size(); ++c) {
    if (!source.HasReach(c)) continue;
    const analysis::Reach& reach = source.reach[c][role];
    if (!reach.covered) continue;
    ++counts[static_cast<std::size_t>(reach.autonomy)];
    for (const runtime::AnchorId anchor : reach.asked)
      asked.emplace(source.table.Anchor(anchor).name);
  }
  const std::size_t all = counts[0] + counts[1] + counts[2] + counts[3];
  if (all == 0) return {};
  Line line = {Strong(source.RoleName(role))};
  std::vector<std::string> parts;
  const auto part = [&](Autonomy autonomy, const char* how) {
    const std::size_t count = counts[static_cast<std::size_t>(autonomy)];
    if (count > 0) parts.push_back(fmt::format("{} {}", count, how));
  };
  part(Autonomy::kAlone, "alone");
  part(Autonomy::kWithinLimits, "within limits");
  part(Autonomy::kProposes, "only as a proposal");
  part(Autonomy::kNever, "not at all");
  std::string text =
      fmt::format(" has {}: {}", CountOf(all, "capability", "capabilities"), Joined(parts));
  text += asked.empty() ? "." : "; asks " + Joined({asked.begin(), asked.end()}) + ".";
  line.push_back({std::move(text), Look::kPlain, {}, {}});
  return line;
}

std::string Ends(const HandbookSource& source, std::int64_t last) {
  if (!source.today) return DayText(last);
  const std::int64_t left = last - *source.today;
  return left < 0 ? fmt::format("{}, lapsed {} ago", DayText(last), CountOf(-left, "day", "days"))
                  : fmt::format("{}, in {}", DayText(last), CountOf(left, "day", "days"));
}

}  // namespace

Part InShort(const HandbookSource& source) {
  Part part{"part-short", "In short", {}, {}};
  const runtime::Table& table = source.table;
  std::size_t capabilities = 0, irreversible = 0;
  for (std::uint32_t c = 0; c < table.capability_count(); ++c) {
    if (!source.HasReach(c)) continue;
    ++capabilities;
    irreversible += table.Capability({c}).irreversible ? 1 : 0;
  }
  std::string purpose;
  for (const analysis::PageNamed& account : source.document.accounts)
    if (account.name == source.document.policy) purpose = account.text;
  if (!purpose.empty()) part.blocks.emplace_back(Said("What it is for: " + purpose + "."));
  const auto& verified = source.policy.compiled->verification;
  part.blocks.emplace_back(Said(fmt::format(
      "This policy speaks of {}{}. Each request that can be made has exactly one decision: it is "
      "allowed, a person is asked, or it is refused. What is not granted is refused.",
      CountOf(capabilities, "thing that can be asked for", "things that can be asked for"),
      irreversible == 0 ? "" : fmt::format(", {} of them irreversible", irreversible))));
  Items roles{"What the roles come to", {}};
  for (std::uint32_t role = 0; role < table.role_count(); ++role) {
    if (Line line = ShortOf(source, role); !line.empty()) roles.lines.push_back(std::move(line));
  }
  if (!roles.lines.empty()) part.blocks.emplace_back(std::move(roles));
  std::optional<std::int64_t> first;
  for (const Mandate& mandate : source.mandates)
    if (mandate.last_day && (!first || *mandate.last_day < *first)) first = mandate.last_day;
  if (first)
    part.blocks.emplace_back(
        Said(fmt::format("The first mandate ends with {}.", Ends(source, *first))));
  part.blocks.emplace_back(Said(fmt::format(
      "Proved of the table from which decisions are made: nothing is left open, each rule matters, "
      "{} true of every request, and {} as written.",
      CountOf(verified.invariants_proved, "invariant is", "invariants are"),
      CountOf(verified.examples_passed, "example comes out", "examples come out"))));
  return part;
}

Part Capabilities(const HandbookSource& source) {
  Part part{"part-tables", "What decides: one table for each capability", {}, {}};
  part.blocks.emplace_back(
      Said("Rows stand in the order in which they win: refused before asked, asked before allowed, "
           "a higher anchor before a lower one. The first row that holds decides; the order in the "
           "policy never matters. A request that is malformed or lacks an input is refused before "
           "any row is looked at."));
  part.pages = source.document.pages;
  return part;
}

namespace {

// Where a threshold is used: capabilities, and who answers for the rules that use it.
struct Use {
  std::vector<std::string> capabilities, rules, owners, reviews;
};

void AddOnce(std::vector<std::string>* names, const std::string& name) {
  if (!name.empty() && std::ranges::find(*names, name) == names->end()) names->push_back(name);
}

// Where it stands in what a delegation says, through names for parts of conditions as well.
void AddWritten(const HandbookSource& source, std::string_view threshold, Use* use) {
  source.Each<lang::Delegation>([&](const lang::Delegation& delegation) {
    if (!MentionsWord(source.Words(delegation.span), threshold)) return;
    AddOnce(&use->rules, delegation.name.text);
    for (const lang::ForBlock& block : delegation.blocks) {
      if (!MentionsWord(source.Words(block.span), threshold)) continue;
      for (const lang::Name& name : block.capabilities) AddOnce(&use->capabilities, name.text);
    }
  });
}

Use UseOf(const HandbookSource& source, std::string_view threshold) {
  Use use;
  for (const analysis::CapabilityPage& page : source.document.pages) {
    for (const auto* rows : {&page.rows, &page.duties}) {
      for (const analysis::PageRow& row : *rows) {
        if (!MentionsWord(row.words, threshold)) continue;
        AddOnce(&use.capabilities, page.name);
        for (const std::string& under : row.under) AddOnce(&use.rules, under);
      }
    }
  }
  AddWritten(source, threshold, &use);
  for (const Mandate& mandate : source.mandates) {
    if (std::ranges::find(use.rules, mandate.name) == use.rules.end()) continue;
    AddOnce(&use.owners, mandate.owner.empty() ? mandate.from : mandate.owner);
    if (!mandate.review.empty()) AddOnce(&use.reviews, "every " + mandate.review);
  }
  return use;
}

}  // namespace

Part Thresholds(const HandbookSource& source) {
  Part part{"part-thresholds", "Thresholds", {}, {}};
  if (source.table.threshold_count() == 0) return part;
  part.blocks.emplace_back(
      Said("Each number that decides something has a name, and a reason. Whoever gives the mandate "
           "in which it is used answers for it, and looks at it again when the mandate is due."));
  Grid grid{
      "", {"Threshold", "Value", "Why", "Decides about", "Answered for by", "Review"}, {}, {}};
  std::map<std::string, std::string, std::less<>> ranges;
  source.Each<lang::Threshold>([&](const lang::Threshold& threshold) {
    if (!threshold.tunable) return;
    const lang::Tunable& range = *threshold.tunable;
    ranges[threshold.name.text] =
        source.Words(range.low.span) + " to " + source.Words(range.high.span) +
        (range.step ? ", in steps of " + source.Words(range.step->span) : "");
  });
  if (!ranges.empty()) grid.head.emplace_back("May become");
  for (std::uint32_t i = 0; i < source.table.threshold_count(); ++i) {
    const runtime::ThresholdView threshold = source.table.Threshold(i);
    const Use use = UseOf(source, threshold.name);
    grid.rows.push_back({{CodePiece(std::string(threshold.name))},
                         {Strong(std::string(threshold.value))},
                         Said(std::string(threshold.reason)),
                         use.capabilities.empty() ? Said("what other rules are made of")
                                                  : CapabilityLinks(source, use.capabilities),
                         Said(Joined(use.owners)),
                         Said(Joined(use.reviews))});
    if (ranges.empty()) continue;
    const auto range = ranges.find(threshold.name);
    grid.rows.back().push_back(Said(range == ranges.end() ? "" : range->second));
  }
  part.blocks.emplace_back(std::move(grid));
  if (!ranges.empty())
    part.blocks.emplace_back(
        Said("What may become something else may be tried out within its range, and is changed by "
             "whoever answers for it. Nothing that must always hold rests on it."));
  return part;
}

Part WhatExpires(const HandbookSource& source) {
  Part part{"part-expires", "What ends when", {}, {}};
  Timeline timeline;
  timeline.today = source.today;
  const std::int64_t begin = source.first_day.value_or(source.today.value_or(0));
  for (const Mandate& mandate : source.mandates) {
    if (!mandate.last_day && mandate.review_days == 0) continue;
    Stretch stretch;
    stretch.name = {Strong(mandate.grant ? "office" : mandate.name),
                    {" " + Joined(mandate.to), Look::kSoft, {}, {}}};
    stretch.from = begin;
    stretch.last = mandate.last_day;
    const std::int64_t end = mandate.last_day.value_or(begin + 365);
    constexpr std::size_t kMostTicks = 60;
    for (std::int64_t day = begin + mandate.review_days;
         mandate.review_days > 0 && day <= end && stretch.ticks.size() < kMostTicks;
         day += mandate.review_days)
      stretch.ticks.push_back(day);
    stretch.said = mandate.last_day ? "until " + Ends(source, *mandate.last_day) : "no end";
    if (!mandate.review.empty()) stretch.said += "; review every " + mandate.review;
    timeline.stretches.push_back(std::move(stretch));
  }
  for (const compiler::Exception& exception : source.policy.compiled->program.exceptions) {
    const std::int64_t last = source.DayThatBegins(exception.ends_ms) - 1;
    timeline.stretches.push_back({{Strong(exception.name), {" exception", Look::kSoft, {}, {}}},
                                  begin,
                                  last,
                                  {},
                                  "until " + Ends(source, last)});
  }
  if (timeline.stretches.empty()) return part;
  std::ranges::stable_sort(timeline.stretches, {}, [](const Stretch& stretch) {
    return std::pair(!stretch.last.has_value(), stretch.last.value_or(0));
  });
  std::string said =
      "Whatever is not renewed ends by itself, and what it allowed is refused from "
      "the next day on.";
  if (source.first_day) said += " The policy takes effect on " + DayText(*source.first_day) + ".";
  said += " Marks on a line are the days by which a review is due, counted from there.";
  part.blocks.emplace_back(Said(std::move(said)));
  part.blocks.emplace_back(std::move(timeline));
  return part;
}

namespace {

Line ClauseLine(const HandbookSource& source, const lang::Clause& clause) {
  Line line = {CodePiece(source.WordsWithout(clause.span, clause.reason))};
  if (!clause.reason) return line;
  std::string reason = " " + clause.reason->text;
  if (reason.ends_with('.')) reason.pop_back();  // more may follow
  line.push_back({std::move(reason), Look::kSoft, {}, {}});
  return line;
}

std::string Where(const HandbookSource& source, const lang::Guard& guard) {
  if (guard.every) return "everything";
  if (guard.where) return "where " + source.Words(guard.where->span);
  std::vector<std::string> names;
  for (const lang::Name& name : guard.capabilities) names.push_back(name.text);
  return Joined(names);
}

void AddExceptions(const HandbookSource& source, Part* part) {
  Grid grid{"Exceptions", {"Exception", "To", "For", "Lifts", "Up to", "Signed by", "Why"}, {}, {}};
  source.Each<lang::Exception>([&](const lang::Exception& exception) {
    std::vector<std::string> roles, lifts;
    for (const lang::Name& role : exception.roles) roles.push_back(role.text);
    for (const lang::Lift& lift : exception.lifts)
      for (const lang::Name& name : lift.names) lifts.push_back(name.text);
    grid.rows.push_back(
        {{Strong(exception.name.text)},
         Said(exception.delegation.text),
         Said(Joined(roles)),
         Names(lifts),
         exception.up_to ? Line{CodePiece(source.Words(exception.up_to->span))} : Line{},
         Said(exception.by ? exception.by->text : ""),
         Said(exception.because ? exception.because->text : "")});
  });
  if (!grid.rows.empty()) part->blocks.emplace_back(std::move(grid));
  Items assumed{"What is taken for granted: it cannot occur, and is refused if it does", {}};
  source.Each<lang::Assume>([&](const lang::Assume& assume) {
    Line line = {Strong(assume.name.text + " "),
                 CodePiece("never " + source.Words(assume.condition.span))};
    if (assume.reason) line.push_back({" " + assume.reason->text, Look::kSoft, {}, {}});
    assumed.lines.push_back(std::move(line));
  });
  if (!assumed.lines.empty()) part->blocks.emplace_back(std::move(assumed));
}

}  // namespace

Part Guards(const HandbookSource& source) {
  Part part{"part-guards", "What holds for everybody, and what is excepted", {}, {}};
  Grid grid{"Guards: no mandate loosens them", {"Guard", "Holds for", "Rules", "Owner"}, {}, {}};
  source.Each<lang::Guard>([&](const lang::Guard& guard) {
    Line name = {Strong(guard.name.text)};
    if (guard.reason) name.push_back({" " + guard.reason->text, Look::kSoft, {}, {}});
    if (guard.account.purpose)
      name.push_back({" " + guard.account.purpose->text, Look::kSoft, {}, {}});
    std::vector<std::string> controls;
    for (const lang::Text& risk : guard.account.controls) controls.push_back(risk.text);
    if (!controls.empty())
      name.push_back({" Keeps small: " + Joined(controls, "; ") + ".", Look::kSoft, {}, {}});
    Line rules;
    for (const lang::Clause& clause : guard.clauses) {
      if (clause.kind == lang::ClauseKind::kLet) continue;
      if (!rules.empty()) rules.push_back({"; ", Look::kPlain, {}, {}});
      const Line one = ClauseLine(source, clause);
      rules.insert(rules.end(), one.begin(), one.end());
    }
    grid.rows.push_back({std::move(name), Said(Where(source, guard)), std::move(rules),
                         Said(guard.account.owner ? guard.account.owner->text : "")});
  });
  if (!grid.rows.empty()) part.blocks.emplace_back(std::move(grid));
  Items pressures{"What makes every decision stricter as it rises, and never looser", {}};
  source.Each<lang::Pressure>([&](const lang::Pressure& pressure) {
    std::vector<std::string> values;
    for (const lang::Name& value : pressure.values) values.push_back(value.text);
    pressures.lines.push_back(
        {Strong("pressure " + pressure.name.text + ": "), CodePiece(Joined(values, " < "))});
  });
  source.Each<lang::Modes>([&](const lang::Modes& modes) {
    std::vector<std::string> values;
    for (const lang::Name& value : modes.values) values.push_back(value.text);
    pressures.lines.push_back({Strong("mode: "), CodePiece(Joined(values, " < "))});
  });
  if (!pressures.lines.empty()) part.blocks.emplace_back(std::move(pressures));
  AddExceptions(source, &part);
  return part;
}

}  // namespace writ::cli
