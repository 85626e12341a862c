// Entry points: MarkForCritics, CheckForCritics.
#include "critic_facts.h"

#include <algorithm>
#include <set>
#include <string>

namespace writ::compiler::check {

using lang::Diagnostic;
using lang::DiagnosticKind;
using lang::SourceKind;

namespace {

class CriticFactChecker {
 public:
  CriticFactChecker(const Words& words, const People& people, const Facts& facts,
                    const Authorities& authorities, Reporter& reporter)
      : words_(words),
        people_(people),
        facts_(facts),
        authorities_(authorities),
        reporter_(reporter) {}

  void Run() {
    std::set<const lang::Facts*> seen;
    for (const auto& entry : words_.names.facts) {
      const lang::Facts& group = *entry.tree.group;
      if (!group.source.for_critics) continue;
      if (seen.insert(&group).second) CheckSource(group.source);
      CheckInputs(entry.name, entry.span);
    }
  }

 private:
  // An agent or a coordinator to which the capability is given; null where there is none.
  const Authority* GivenToModel(CapabilityId capability, RoleId* role) const {
    for (const Authority& authority : authorities_.authorities) {
      if (!Contains(authority.may, capability) && !Contains(authority.freely, capability) &&
          !Contains(authority.propose, capability))
        continue;
      for (const RoleId to : authority.to) {
        const runtime::RoleKind kind = people_.roles[to.value].kind;
        if (kind != runtime::RoleKind::kAgent && kind != runtime::RoleKind::kCoordinator) continue;
        *role = to;
        return &authority;
      }
    }
    return nullptr;
  }

  void CheckSource(const lang::FactSource& source) {
    switch (source.kind) {
      case SourceKind::kHost:
      case SourceKind::kHeader:
      case SourceKind::kMeter:  // refused as such
        return;
      case SourceKind::kEvidence:
        return CheckEvidence(source);
      case SourceKind::kPrincipal:
      case SourceKind::kClaimed:
        return Refuse(source.span, "what somebody says is said to a model");
      case SourceKind::kTool:
      case SourceKind::kModel:
        return Refuse(source.span, "what a tool or a model brings, a model has seen");
    }
  }

  void Refuse(lang::Span span, const std::string& what) {
    reporter_.Report(
        Diagnostic{DiagnosticKind::kShownToModel, span, what + ", so it is not for critics alone"}
            .Hint("let the host work it out: `from host for critics`"));
  }

  // Who obtains evidence has seen what it says.
  void CheckEvidence(const lang::FactSource& source) {
    if (!source.evidence) return;
    const auto index = words_.names.evidence.Index(source.evidence->text);
    if (!index) return;
    for (const CapabilityId by : facts_.evidence[*index].by) {
      RoleId role;
      const Authority* given = GivenToModel(by, &role);
      if (given == nullptr) continue;
      reporter_.Report(Diagnostic{DiagnosticKind::kShownToModel, source.span,
                                  "`" + std::string(words_.names.roles[role.value].name) +
                                      "` may do `" +
                                      std::string(words_.names.deeds[by.value].name) +
                                      "`, and has then seen what is for critics alone"}
                           .At(given->span, "given here")
                           .Hint("let the host obtain it, or a person: `from host for critics`"));
      return;
    }
  }

  // What is asked for, whoever asks has said.
  void CheckInputs(std::string_view name, lang::Span declared) {
    for (std::uint32_t i = 0; i < words_.names.deeds.size(); ++i) {
      const lang::Capability* tree = words_.names.deeds[i].tree.capability;
      if (tree == nullptr) continue;
      const auto input = std::ranges::find(tree->inputs, name,
                                           [](const lang::Input& one) { return one.name.text; });
      RoleId role;
      if (input == tree->inputs.end() || GivenToModel(CapabilityId{i}, &role) == nullptr) continue;
      reporter_.Report(Diagnostic{DiagnosticKind::kShownToModel, input->name.span,
                                  "`" + std::string(words_.names.roles[role.value].name) +
                                      "` would have to say `" + std::string(name) +
                                      "`, to ask for `" + tree->name.text + "`" + Onward(*tree)}
                           .At(declared, "for critics alone")
                           .Hint("rename the input: what a model asks for is another thing than "
                                 "what is kept from it"));
    }
  }

  // Where it would go from there.
  [[nodiscard]] std::string Onward(const lang::Capability& tree) const {
    if (!tree.sends_on.empty())
      return ", which sends it on channel `" + tree.sends_on.front().text + "`";
    for (const lang::Policy* policy : words_.house.policies) {
      for (const lang::Declaration& declaration : policy->declarations) {
        const auto* memory = std::get_if<lang::Memory>(&declaration);
        if (memory == nullptr) continue;
        if (std::ranges::find(memory->written_by, tree.name.text, &lang::Name::text) !=
            memory->written_by.end())
          return ", which writes memory `" + memory->name.text + "`";
      }
    }
    return "";
  }

  const Words& words_;
  const People& people_;
  const Facts& facts_;
  const Authorities& authorities_;
  Reporter& reporter_;
};

}  // namespace

void MarkForCritics(const Words& words, Facts& facts) {
  for (table::Fact& fact : facts.facts) fact.for_critics = fact.name.starts_with("pressure.");
  for (const auto& entry : words.names.facts) {
    const auto id = facts.Find(entry.name);
    if (id && entry.tree.group->source.for_critics) facts.facts[id->value].for_critics = true;
  }
  const auto kept = [&](FactId id) { return id.valid() && facts.fact(id).for_critics; };
  for (const table::Meter& meter : facts.meters) {
    const bool reads = kept(meter.value) || std::ranges::any_of(meter.keys, kept);
    if (reads && meter.fact.valid()) facts.facts[meter.fact.value].for_critics = true;
  }
}

void CheckForCritics(const Words& words, const People& people, const Facts& facts,
                     const Authorities& authorities, Reporter& reporter) {
  CriticFactChecker(words, people, facts, authorities, reporter).Run();
}

}  // namespace writ::compiler::check
