#include "stated_limits.h"

#include <algorithm>
#include <array>
#include <string>

#include "execution.h"
#include "expand.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::StatementOf;
using runtime::StatementWord;

std::string ToAnchor(std::string_view verdict, const std::optional<lang::Name>& anchor) {
  return std::string(verdict) + (anchor ? " to " + anchor->text : std::string());
}

std::string ChannelText(const lang::Channel& tree) {
  return tree.name.text + ": carries up to " + std::string(ClassWord(*tree.carries)) + ", above " +
         (tree.above == lang::Verdict::kEscalate ? ToAnchor("escalate", tree.anchor) : "deny");
}

std::string ExposureText(const lang::Exposure& tree, const Names& names) {
  const std::string above = tree.above == lang::Above::kDeny ? "deny"
                            : tree.above == lang::Above::kNotify
                                ? "notify " + tree.anchor->text
                                : ToAnchor("escalate", tree.anchor);
  return tree.name.text + ": of " + JoinNames(tree.of, ", ") + ", " +
         (tree.sums ? "sums " + tree.sums->text + " of " + JoinNames(tree.capabilities, ", ")
                    : "counts approvals") +
         " within " + ValueText(*tree.within, names) + ", up to " + ValueText(*tree.up_to, names) +
         ", above " + above;
}

std::string HookText(const lang::Hook& tree) {
  std::string text = tree.name.text + ": runs \"" + tree.runs->text + "\" before " +
                     JoinNames(tree.before, ", ") + ", passes " + tree.passes->text;
  for (const lang::HookResult& result : tree.results) {
    constexpr std::array<std::string_view, 5> kThen = {"deny", "escalate", "notify", "note",
                                                       "allow"};
    const std::string_view then = kThen[static_cast<std::size_t>(result.then)];
    text += ", on " + result.name.text + " " +
            (result.then == lang::HookThen::kNotify ? "notify " + result.anchor->text
                                                    : ToAnchor(then, result.anchor));
  }
  return text;
}

}  // namespace

void CollectLimits(const Words& words, std::vector<table::Statement>& statements) {
  const auto say = [&](StatementOf of, std::uint32_t index, StatementWord word, std::string text) {
    statements.push_back({of, index, word, std::move(text)});
  };
  for (const lang::Policy* policy : words.house.policies) {
    for (const lang::Declaration& declaration : policy->declarations) {
      const auto* channel = std::get_if<lang::Channel>(&declaration);
      if (channel && channel->carries)
        say(StatementOf::kPolicy, 0, StatementWord::kChannel, ChannelText(*channel));
      const auto* hook = std::get_if<lang::Hook>(&declaration);
      if (hook && hook->runs && hook->passes)
        say(StatementOf::kPolicy, 0, StatementWord::kHook, HookText(*hook));
      if (const auto* checkpoint = std::get_if<lang::Checkpoint>(&declaration))
        say(StatementOf::kPolicy, 0, StatementWord::kCheckpoint,
            checkpoint->name.text + ": after " + JoinNames(checkpoint->after, ", "));
      if (const auto* compaction = std::get_if<lang::Compaction>(&declaration))
        say(StatementOf::kPolicy, 0, StatementWord::kCompaction,
            "of a run: keeps " + JoinNames(compaction->keeps, ", "));
      const auto* exposure = std::get_if<lang::Exposure>(&declaration);
      const bool whole = exposure && exposure->within && exposure->up_to && exposure->above &&
                         (exposure->sums || exposure->counts_approvals);
      if (whole)
        say(StatementOf::kPolicy, 0, StatementWord::kExposure,
            ExposureText(*exposure, words.names));
    }
  }
  for (std::uint32_t i = 0; i < words.names.deeds.size(); ++i) {
    const lang::Capability* tree = words.names.deeds[i].tree.capability;
    if (!tree) continue;
    if (!tree->sends_on.empty())
      say(StatementOf::kCapability, i, StatementWord::kSendsOn, JoinNames(tree->sends_on, ", "));
    if (tree->retained) say(StatementOf::kCapability, i, StatementWord::kRetained, "by people");
  }
}

void CheckRetained(const Words& words, const People& people, const Authorities& authorities,
                   Reporter& reporter) {
  const auto refuse = [&](const lang::Capability& tree, RoleId role, lang::Span span) {
    const std::string name(words.names.roles[role.value].name);
    reporter.Report(
        Diagnostic{DiagnosticKind::kRetainedDelegated, span,
                   "`" + tree.name.text + "` is retained by people, and `" + name + "` is none"}
            .At(*tree.retained, "said here")
            .Hint("grant it to a person, or take `retained` out"));
  };
  for (const Authority& authority : authorities.authorities) {
    for (const RoleId role : authority.to) {
      if (people.roles[role.value].kind == runtime::RoleKind::kHuman) continue;
      for (std::uint32_t i = 0; i < words.names.deeds.size(); ++i) {
        const lang::Capability* tree = words.names.deeds[i].tree.capability;
        const CapabilityId id{i};
        if (tree && tree->retained &&
            (Contains(authority.may, id) || Contains(authority.freely, id) ||
             Contains(authority.propose, id)))
          refuse(*tree, role, authority.span);
      }
    }
  }
}

}  // namespace writ::compiler::check
