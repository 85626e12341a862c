// The texts are those of the language, with their parts in one order, so that a host can read them.
#include "execution.h"

#include <algorithm>
#include <string>
#include <utility>

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::StatementOf;
using runtime::StatementWord;

std::string Quoted(const std::vector<lang::Text>& texts) {
  std::string joined;
  for (const lang::Text& text : texts) {
    joined += joined.empty() ? "\"" : ", \"";
    for (const char c : text.text) {
      if (c == '"' || c == '\\') joined += '\\';
      joined += c;
    }
    joined += '"';
  }
  return joined;
}

class ExecutionCollector {
 public:
  ExecutionCollector(const Words& words, const Deeds& deeds, const Authorities& authorities,
                     Reporter& reporter, std::vector<table::Statement>& statements)
      : words_(words),
        deeds_(deeds),
        authorities_(authorities),
        reporter_(reporter),
        statements_(statements) {}

  void Run() {
    for (const lang::Policy* policy : words_.house.policies) {
      for (const lang::Declaration& declaration : policy->declarations) {
        if (const auto* sandbox = std::get_if<lang::Sandbox>(&declaration)) Add(*sandbox);
        if (const auto* skill = std::get_if<lang::Skill>(&declaration)) Add(*skill);
        if (const auto* breaker = std::get_if<lang::Breaker>(&declaration)) Add(*breaker);
      }
    }
    for (std::uint32_t i = 0; i < words_.names.deeds.size(); ++i) {
      if (const lang::Capability* tree = words_.names.deeds[i].tree.capability) Add(i, *tree);
    }
  }

 private:
  void Add(const lang::Sandbox& tree) {
    std::string text = tree.name.text + ":";
    const auto part = [&](std::string_view word, const std::string& value) {
      text += (text.ends_with(':') ? " " : ", ") + std::string(word) + " " + value;
    };
    if (tree.image) part("image", tree.image->text);
    if (tree.cpu) part("cpu", AmountText(*tree.cpu));
    if (tree.memory) part("memory", AmountText(*tree.memory));
    if (tree.processes) part("processes", AmountText(*tree.processes));
    if (tree.time) part("time", AmountText(*tree.time));
    part("network", tree.hosts.empty() ? "none" : "outbound to " + Quoted(tree.hosts));
    part("mounts", "none");
    Say(StatementOf::kPolicy, 0, StatementWord::kSandbox, text);
  }

  void Add(const lang::Skill& tree) {
    std::string pins;
    for (const lang::Text& pin : tree.pins) pins += (pins.empty() ? "" : ", ") + pin.text;
    Say(StatementOf::kPolicy, 0, StatementWord::kSkill,
        tree.name.text + ": " + tree.version.text + " for " + JoinNames(tree.roles, ", ") +
            ", uses " + JoinNames(tree.uses, ", ") + ", pins " + pins + ", tested by " +
            Quoted(tree.tested_by));
    for (const lang::Name& role : tree.roles) {
      const auto id = words_.names.roles.Index(role.text);
      if (!id) continue;
      for (const lang::Name& name : tree.uses) CheckUse(tree, role, RoleId{*id}, name);
    }
  }

  // A skill gives nobody anything.
  void CheckUse(const lang::Skill& tree, const lang::Name& role, RoleId id,
                const lang::Name& name) {
    for (const CapabilityId capability :
         FindDeeds(name, words_.names, deeds_, "capability or group", reporter_)) {
      const bool given =
          std::ranges::any_of(authorities_.authorities, [&](const Authority& authority) {
            return Contains(authority.to, id) &&
                   (Contains(authority.may, capability) || Contains(authority.freely, capability) ||
                    Contains(authority.propose, capability));
          });
      if (given) continue;
      reporter_.Report(
          Diagnostic{DiagnosticKind::kSkillTooWide, name.span,
                     "skill `" + tree.name.text + "` uses `" +
                         std::string(words_.names.deeds[capability.value].name) + "`, and `" +
                         role.text + "` may not do that"}
              .At(role.span, "the skill is for this role")
              .Hint("delegate it to the role, or leave it out: a skill gives nobody anything"));
    }
  }

  void Add(const lang::Breaker& tree) {
    if (!tree.failures || !tree.within || !tree.open) return;
    const std::string open =
        *tree.open == lang::Verdict::kDeny
            ? "deny"
            : "escalate" + (tree.anchor ? " to " + tree.anchor->text : std::string());
    Say(StatementOf::kPolicy, 0, StatementWord::kBreaker,
        tree.name.text + ": for " + JoinNames(tree.capabilities, ", ") + ", trips after " +
            ValueText(*tree.failures, words_.names) + " failures within " +
            ValueText(*tree.within, words_.names) + ", while open " + open);
    for (const lang::Name& name : tree.capabilities) {
      for (const CapabilityId capability :
           FindDeeds(name, words_.names, deeds_, "capability, event or group", reporter_))
        Say(StatementOf::kCapability, capability.value, StatementWord::kStoppedBy, tree.name.text);
    }
  }

  void Add(std::uint32_t index, const lang::Capability& tree) {
    if (tree.runs_code && tree.runs_code->sandbox)
      Say(StatementOf::kCapability, index, StatementWord::kRunsIn, tree.runs_code->sandbox->text);
    if (tree.retry)
      Say(StatementOf::kCapability, index, StatementWord::kRetry,
          ValueText(tree.retry->times, words_.names) + " times within " +
              ValueText(tree.retry->within, words_.names));
    if (tree.dead_letters_to)
      Say(StatementOf::kCapability, index, StatementWord::kDeadLettersTo,
          tree.dead_letters_to->text);
  }

  void Say(StatementOf of, std::uint32_t index, StatementWord word, std::string text) {
    statements_.push_back({of, index, word, std::move(text)});
  }

  const Words& words_;
  const Deeds& deeds_;
  const Authorities& authorities_;
  Reporter& reporter_;
  std::vector<table::Statement>& statements_;
};

}  // namespace

std::string AmountText(const lang::Literal& literal) {
  if (literal.unit.ends_with("iB")) return literal.text + literal.unit;
  if (literal.unit.empty()) return literal.text;
  if (literal.kind == lang::LiteralKind::kDuration && literal.unit.size() <= 3 &&
      literal.unit != "day")
    return literal.text + literal.unit;
  const bool several = literal.kind == lang::LiteralKind::kDuration && literal.text != "1";
  return literal.text + " " + literal.unit + (several ? "s" : "");
}

std::string ValueText(const lang::Literal& literal, const Names& names) {
  if (literal.kind != lang::LiteralKind::kWord) return AmountText(literal);
  const auto* threshold = names.thresholds.Find(literal.text);
  return threshold ? AmountText(threshold->tree->value) : literal.text;
}

void CollectExecution(const Words& words, const Deeds& deeds, const Authorities& authorities,
                      Reporter& reporter, std::vector<table::Statement>& statements) {
  ExecutionCollector(words, deeds, authorities, reporter, statements).Run();
}

}  // namespace writ::compiler::check
