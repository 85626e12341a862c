// What can be asked for. A capability says its kind and its risk; one that only looks has no
// effect, and one that acts names the capability that verifies it. Groups are replaced by their
// members once, here.
#include "capabilities.h"

#include "risk.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::CapabilityId;
using runtime::CapabilityKind;
using runtime::Risk;

CapabilityKind Convert(lang::CapabilityKind kind) {
  switch (kind) {
    case lang::CapabilityKind::kObserve:
      return CapabilityKind::kObserve;
    case lang::CapabilityKind::kRecall:
      return CapabilityKind::kRecall;
    case lang::CapabilityKind::kThinkSupport:
      return CapabilityKind::kThinkSupport;
    case lang::CapabilityKind::kAct:
      return CapabilityKind::kAct;
    case lang::CapabilityKind::kVerify:
      return CapabilityKind::kVerify;
  }
  return CapabilityKind::kAct;
}

class DeedChecker {
 public:
  DeedChecker(const Names& names, Reporter& reporter) : names_(names), reporter_(reporter) {}

  Deeds Run() {
    for (const auto& entry : names_.deeds) {
      deeds_.capabilities.push_back(entry.tree.capability ? AddCapability(*entry.tree.capability)
                                                          : AddEvent(*entry.tree.event));
    }
    for (const auto& entry : names_.groups) deeds_.groups.push_back(ExpandGroup(*entry.tree));
    return std::move(deeds_);
  }

 private:
  table::Capability AddEvent(const lang::Event& tree) {
    table::Capability event;
    event.name = tree.name.text;
    if (tree.title) event.title = tree.title->text;
    event.system = tree.from.text;
    event.kind = CapabilityKind::kEvent;
    return event;
  }

  table::Capability AddCapability(const lang::Capability& tree) {
    table::Capability capability;
    capability.name = tree.name.text;
    if (tree.title) capability.title = tree.title->text;
    if (tree.system) capability.system = tree.system->text;
    if (tree.hands_over_to) capability.kind = CapabilityKind::kThinkSupport;
    if (tree.kind) capability.kind = Convert(*tree.kind);
    const RiskOf risk = CheckRisk(tree, reporter_);
    capability.irreversible = risk.irreversible;
    if (risk.risk) capability.risk = *risk.risk;
    if (tree.hands_over_to) {
      CheckHandOver(tree);
    } else if (!tree.kind || !risk.risk) {
      reporter_.Report(Diagnostic{DiagnosticKind::kIncomplete, tree.name.span,
                                  "capability `" + tree.name.text + "` does not say its " +
                                      (tree.kind   ? "risk"
                                       : risk.risk ? "kind"
                                                   : "kind and its risk")}
                           .Hint("write, for example, `kind act  risk destructive`"));
    } else if (capability.kind != CapabilityKind::kAct && risk.has_effect) {
      ReportEffect(tree, capability);
    }
    CheckVerify(tree, capability);
    CheckUndo(tree);
    CheckNames(tree);
    return capability;
  }

  void ReportEffect(const lang::Capability& tree, const table::Capability& capability) {
    const auto effect =
        std::ranges::find(tree.axes, lang::RiskAxis::kEffect, &lang::RiskPart::axis);
    const std::string what = effect != tree.axes.end() && effect->value != "none"
                                 ? "has `effect: " + effect->value + "`"
                             : tree.irreversible || capability.irreversible
                                 ? "is `irreversible`"
                                 : "has `risk " + std::string(RiskWord(capability.risk)) + "`";
    reporter_.Report(Diagnostic{DiagnosticKind::kEffectOnObservation, tree.name.span,
                                "capability `" + tree.name.text + "` is `kind " +
                                    std::string(KindWord(capability.kind)) + "`, and yet " + what}
                         .Hint("what has an effect is `kind act`"));
  }

  // It does nothing but bring a person in.
  void CheckHandOver(const lang::Capability& tree) {
    const bool risk = tree.risk || !tree.axes.empty();
    if (!tree.kind && !risk && !tree.irreversible) return;
    reporter_.Report(Diagnostic{DiagnosticKind::kEffectOnObservation, tree.hands_over_to->span,
                                "capability `" + tree.name.text +
                                    "` hands a case over, and has a " +
                                    (tree.kind ? "kind"
                                     : risk    ? "risk"
                                               : "lasting effect") +
                                    " besides"}
                         .Hint("leave it out, or declare what it does as a capability of its own"));
  }

  void CheckUndo(const lang::Capability& tree) {
    if (!tree.undone_by) return;
    const auto refuse = [&](DiagnosticKind kind, std::string what, std::string hint) {
      reporter_.Report(
          Diagnostic{kind, tree.undone_by->span, std::move(what)}.Hint(std::move(hint)));
    };
    const std::string quoted = "`" + tree.undone_by->text + "`";
    const auto* target = names_.deeds.Find(tree.undone_by->text);
    if (!target) {
      reporter_.UnknownName("capability", *tree.undone_by, names_.deeds.Names());
    } else if (tree.irreversible) {
      refuse(DiagnosticKind::kNoWayBack,
             "`" + tree.name.text + "` is `irreversible`, and yet undone by " + quoted,
             "leave out one of them");
    } else if (!target->tree.capability ||
               target->tree.capability->kind != lang::CapabilityKind::kAct ||
               target->tree.capability == &tree) {
      refuse(DiagnosticKind::kNoWayBack, quoted + " undoes nothing of `" + tree.name.text + "`",
             "name another capability, one that is `kind act`");
    }
  }

  void CheckVerify(const lang::Capability& tree, const table::Capability& capability) {
    if (!tree.verify_with) {
      if (tree.kind && capability.kind == CapabilityKind::kAct) {
        reporter_.Report(
            Diagnostic{DiagnosticKind::kNoVerify, tree.name.span,
                       "nothing verifies the effect of capability `" + tree.name.text + "`"}
                .Hint("write `verify with CAPABILITY`, one that observes or verifies"));
      }
      return;
    }
    const auto* target = names_.deeds.Find(tree.verify_with->text);
    if (!target) {
      reporter_.UnknownName("capability", *tree.verify_with, names_.deeds.Names());
      return;
    }
    if (target->tree.capability && target->tree.capability->kind != lang::CapabilityKind::kAct)
      return;
    reporter_.Report(Diagnostic{DiagnosticKind::kWrongKind, tree.verify_with->span,
                                "`" + tree.verify_with->text + "` cannot verify: it is " +
                                    (target->tree.event ? "an event" : "`kind act`")}
                         .At(target->span, "declared here"));
  }

  void CheckNames(const lang::Capability& tree) {
    std::vector<std::string> inputs;
    for (const lang::Input& input : tree.inputs) inputs.push_back(input.name.text);
    for (const lang::Name& key : tree.idempotent_by) {
      if (std::ranges::find(inputs, key.text) == inputs.end())
        reporter_.UnknownName("input of `" + tree.name.text + "`", key, inputs);
    }
  }

  // Members can be groups; an explicit stack, since groups can be nested as deep as there are
  // groups.
  std::vector<CapabilityId> ExpandGroup(const lang::Group& tree) {
    std::vector<CapabilityId> members;
    std::set<std::string_view> entered = {tree.name.text};
    std::vector<const lang::Name*> open;
    for (const lang::Name& name : tree.members) open.push_back(&name);
    while (!open.empty()) {
      const lang::Name& name = *open.back();
      open.pop_back();
      if (const auto index = names_.deeds.Index(name.text)) {
        members.push_back(CapabilityId{*index});
      } else if (const auto* group = names_.groups.Find(name.text)) {
        if (name.text == tree.name.text) {
          reporter_.Report(Diagnostic{DiagnosticKind::kCircular, name.span,
                                      "group `" + tree.name.text + "` contains itself"});
        } else if (entered.insert(name.text).second) {
          for (const lang::Name& inner : group->tree->members) open.push_back(&inner);
        }
      } else {
        reporter_.UnknownName("capability, event or group", name, names_.deeds.Names());
      }
    }
    MakeSet(members);
    return members;
  }

  const Names& names_;
  Reporter& reporter_;
  Deeds deeds_;
};

}  // namespace

Deeds CheckCapabilities(const Words& words, Reporter& reporter) {
  return DeedChecker(words.names, reporter).Run();
}

std::vector<CapabilityId> FindDeeds(const lang::Name& name, const Names& names, const Deeds& deeds,
                                    std::string_view what, Reporter& reporter) {
  if (const auto index = names.deeds.Index(name.text)) return {CapabilityId{*index}};
  if (const auto group = names.groups.Index(name.text)) return deeds.groups[*group];
  std::vector<std::string> candidates = names.deeds.Names();
  for (std::string& group : names.groups.Names()) candidates.push_back(std::move(group));
  reporter.UnknownName(what, name, candidates);
  return {};
}

std::vector<CapabilityId> FindAllDeeds(const std::vector<lang::Name>& list, const Names& names,
                                       const Deeds& deeds, std::string_view what,
                                       Reporter& reporter) {
  std::vector<CapabilityId> all;
  for (const lang::Name& name : list) {
    const auto found = FindDeeds(name, names, deeds, what, reporter);
    all.insert(all.end(), found.begin(), found.end());
  }
  MakeSet(all);
  return all;
}

std::string_view KindWord(CapabilityKind kind) {
  switch (kind) {
    case CapabilityKind::kObserve:
      return "observe";
    case CapabilityKind::kRecall:
      return "recall";
    case CapabilityKind::kThinkSupport:
      return "think_support";
    case CapabilityKind::kAct:
      return "act";
    case CapabilityKind::kVerify:
      return "verify";
    case CapabilityKind::kEvent:
      return "event";
  }
  return "";
}

std::string_view RiskWord(Risk risk) {
  switch (risk) {
    case Risk::kReadOnly:
      return "read_only";
    case Risk::kLocalWrite:
      return "local_write";
    case Risk::kNetwork:
      return "network";
    case Risk::kDelegated:
      return "delegated";
    case Risk::kDestructive:
      return "destructive";
  }
  return "";
}

}  // namespace writ::compiler::check
