// How things are carried out, what comes between the steps of a run, and which models there are.
#include <fmt/format.h>

#include <algorithm>

#include "handbook_source.h"

namespace writ::cli {
namespace {

std::string IsAsked(const std::optional<lang::Name>& anchor) {
  return (anchor ? anchor->text : std::string("who answers for it")) + " is asked";
}

void AddSandboxes(const HandbookSource& source, Part* part) {
  Grid grid{"Where code runs", {"Surroundings", "Run here", "At most", "Network", "Image"}, {}, {}};
  source.Each<lang::Sandbox>([&](const lang::Sandbox& sandbox) {
    std::vector<std::string> here, limits, hosts;
    source.Each<lang::Capability>([&](const lang::Capability& capability) {
      if (capability.runs_code && capability.runs_code->sandbox &&
          capability.runs_code->sandbox->text == sandbox.name.text)
        here.push_back(capability.name.text);
    });
    const auto limit = [&](const std::optional<lang::Literal>& value, const char* what) {
      if (value) limits.push_back(source.Words(value->span) + what);
    };
    limit(sandbox.cpu, " processors");
    limit(sandbox.memory, " of memory");
    limit(sandbox.processes, " processes");
    limit(sandbox.time, "");
    for (const lang::Text& host : sandbox.hosts) hosts.push_back(host.text);
    Line image;
    if (sandbox.image) image.push_back(CodePiece(sandbox.image->text.substr(0, 19) + "…"));
    grid.rows.push_back(
        {Titled(sandbox.name, sandbox.title), CapabilityLinks(source, here), Said(Joined(limits)),
         Said(hosts.empty() ? "none" : "only out, to " + Joined(hosts)), std::move(image)});
  });
  if (grid.rows.empty()) return;
  part->blocks.emplace_back(std::move(grid));
  part->blocks.emplace_back(
      Said("Nothing of the house is mounted there, and nothing comes in. What would run elsewhere "
           "is refused."));
}

void AddSkills(const HandbookSource& source, Part* part) {
  Grid grid{"Skills", {"Skill", "Whose", "Uses", "Read from", "Tested by"}, {}, {}};
  source.Each<lang::Skill>([&](const lang::Skill& skill) {
    std::vector<std::string> suites;
    for (const lang::Text& suite : skill.tested_by) suites.push_back(suite.text);
    Line name = Titled(skill.name, skill.title);
    name.insert(name.begin() + 1, Soft(" " + skill.version.text));
    Line pins;
    for (const lang::Text& pin : skill.pins) {
      if (!pins.empty()) pins.push_back({", ", Look::kPlain, {}, {}});
      pins.push_back(CodePiece(pin.text.substr(0, 19) + "…"));
    }
    grid.rows.push_back({std::move(name), Said(NamesText(skill.roles)),
                         NameList(source, skill.uses), std::move(pins), Said(Joined(suites))});
  });
  if (!grid.rows.empty()) part->blocks.emplace_back(std::move(grid));
}

void AddFailures(const HandbookSource& source, Part* part) {
  Grid grid{"When something fails", {"What", "Tried again", "Then", "Stopped"}, {}, {}};
  source.Each<lang::Capability>([&](const lang::Capability& capability) {
    std::vector<std::string> stops;
    source.Each<lang::Breaker>([&](const lang::Breaker& breaker) {
      const bool stopped = std::ranges::find(breaker.capabilities, capability.name.text,
                                             &lang::Name::text) != breaker.capabilities.end();
      if (!stopped || !breaker.failures || !breaker.within) return;
      stops.push_back(fmt::format(
          "after {} failures within {}: {} ({})", source.Amount(*breaker.failures),
          source.Amount(*breaker.within),
          breaker.open == lang::Verdict::kEscalate ? IsAsked(breaker.anchor) : "refused",
          breaker.name.text));
    });
    if (!capability.retry && stops.empty()) return;
    std::string tries, then;
    if (capability.retry)
      tries = fmt::format("{} times within {}", source.Amount(capability.retry->times),
                          source.Amount(capability.retry->within));
    if (capability.dead_letters_to) then = IsAsked(capability.dead_letters_to);
    grid.rows.push_back({CapabilityLinks(source, {capability.name.text}), Said(std::move(tries)),
                         Said(std::move(then)), Said(Joined(stops, "; "))});
  });
  if (!grid.rows.empty()) part->blocks.emplace_back(std::move(grid));
}

std::string ThenText(const lang::HookResult& result) {
  switch (result.then) {
    case lang::HookThen::kEscalate:
      return IsAsked(result.anchor);
    case lang::HookThen::kNotify:
      return result.anchor->text + " is told";
    case lang::HookThen::kNote:
      return "noted";
    default:
      return "refused";
  }
}

std::string BelowText(const lang::ActsAlone& alone) {
  return alone.below == lang::Verdict::kDeny ? "refused" : IsAsked(alone.anchor);
}

}  // namespace

Part CarriedOut(const HandbookSource& source) {
  Part part{"part-running", "How things are carried out", {}, {}};
  AddSandboxes(source, &part);
  AddSkills(source, &part);
  AddFailures(source, &part);
  return part;
}

Part BetweenSteps(const HandbookSource& source) {
  Part part{"part-between", "What comes between the steps of a run", {}, {}};
  Grid hooks{
      "Checks that look first", {"Check", "Before", "Lets pass", "Else", "What runs"}, {}, {}};
  source.Each<lang::Hook>([&](const lang::Hook& hook) {
    std::vector<std::string> results;
    for (const lang::HookResult& result : hook.results)
      results.push_back(result.name.text + ": " + ThenText(result) +
                        (result.reason ? " (" + result.reason->text + ")" : ""));
    hooks.rows.push_back({Titled(hook.name, hook.title),
                          NameList(source, hook.before),
                          Said(hook.passes ? hook.passes->text : ""),
                          Said(Joined(results, "; ")),
                          {CodePiece(hook.runs ? hook.runs->text : "")}});
  });
  if (!hooks.rows.empty()) {
    part.blocks.emplace_back(std::move(hooks));
    part.blocks.emplace_back(
        Said("They can stop something, send it to a person, or tell one. What they let pass is "
             "decided by everything else; where one gives no answer, the request is refused."));
  }
  Items saved{"What is saved before work goes on", {}};
  source.Each<lang::Checkpoint>([&](const lang::Checkpoint& checkpoint) {
    Line line = {Strong(checkpoint.name.text), {": after ", Look::kPlain, {}, {}}};
    for (Piece& piece : NameList(source, checkpoint.after)) line.push_back(std::move(piece));
    line.push_back({", before ", Look::kPlain, {}, {}});
    if (checkpoint.capabilities.empty()) line.push_back({"anything acts.", Look::kPlain, {}, {}});
    for (Piece& piece : NameList(source, checkpoint.capabilities)) line.push_back(std::move(piece));
    if (!checkpoint.capabilities.empty()) line.push_back({".", Look::kPlain, {}, {}});
    if (checkpoint.reason) line.push_back(Soft(" " + checkpoint.reason->text));
    saved.lines.push_back(std::move(line));
  });
  if (!saved.lines.empty()) part.blocks.emplace_back(std::move(saved));
  source.Each<lang::Compaction>([&](const lang::Compaction& compaction) {
    Line line = {Strong(NamesText(compaction.keeps)),
                 {". While something of it is lost, nothing acts.", Look::kPlain, {}, {}}};
    if (compaction.reason) line.push_back(Soft(" " + compaction.reason->text));
    part.blocks.emplace_back(Items{"What a run keeps when it is made shorter", {std::move(line)}});
  });
  return part;
}

Part ModelsAndCritics(const HandbookSource& source) {
  Part part{"part-models", "Which models act alone, and what none of them sees", {}, {}};
  source.Each<lang::Models>([&](const lang::Models& models) {
    Grid grid{"", {"Class, the weakest first", "Models"}, {}, {}};
    for (const lang::ModelClass& one : models.classes) {
      std::vector<std::string> names;
      for (const lang::Text& model : one.models) names.push_back(model.text);
      Line which = Names(names);
      if (&one == &models.classes.front())
        which.push_back({names.empty() ? "whatever is not named below" : ", and what is not named",
                         Look::kPlain,
                         {},
                         {}});
      grid.rows.push_back({{Strong(one.name.text)}, std::move(which)});
    }
    part.blocks.emplace_back(std::move(grid));
    Items alone{"Who acts alone", {}};
    for (const lang::ActsAlone& one : models.alone) {
      Line line = {{"from ", Look::kPlain, {}, {}}, Strong(one.from.text)};
      if (!one.capabilities.empty()) line.push_back({" for ", Look::kPlain, {}, {}});
      for (Piece& piece : NameList(source, one.capabilities)) line.push_back(std::move(piece));
      line.push_back({"; below, " + BelowText(one) + ".", Look::kPlain, {}, {}});
      const std::optional<lang::Text>& reason = one.reason ? one.reason : models.title;
      if (reason) line.push_back(Soft(" " + reason->text));
      alone.lines.push_back(std::move(line));
    }
    if (!alone.lines.empty()) part.blocks.emplace_back(std::move(alone));
    if (models.ordered)
      part.blocks.emplace_back(Said("A weaker class never gets more than a better one: proved."));
  });
  std::vector<std::string> hidden;
  for (std::uint32_t f = 0; f < source.table.fact_count(); ++f)
    if (source.table.Fact({f}).for_critics) hidden.emplace_back(source.table.Fact({f}).name);
  if (!hidden.empty())
    part.blocks.emplace_back(
        Items{"What rules and critics read, and no model is shown", {Names(hidden)}});
  return part;
}

}  // namespace writ::cli
