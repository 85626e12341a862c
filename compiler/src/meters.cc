// Evidence and meters: what they are brought by, kept of and keyed by; and the facts in which
// conditions read them.
#include "fact_draft.h"
#include "units.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::CapabilityId;
using runtime::Source;
using runtime::ValueType;

constexpr std::int64_t kMostCounted = 1'000'000'000;  // docs/semantics.md, M9.5

bool HasInput(const Words& words, CapabilityId id, std::string_view input) {
  const lang::Capability* capability = words.names.deeds[id.value].tree.capability;
  return capability && std::ranges::any_of(capability->inputs, [&](const lang::Input& i) {
           return i.name.text == input;
         });
}

runtime::Fold Convert(lang::Fold fold) {
  switch (fold) {
    case lang::Fold::kCount:
      return runtime::Fold::kCount;
    case lang::Fold::kSum:
      return runtime::Fold::kSum;
    case lang::Fold::kLast:
      return runtime::Fold::kLast;
    case lang::Fold::kExists:
      return runtime::Fold::kExists;
    case lang::Fold::kFirst:
      return runtime::Fold::kFirst;
    case lang::Fold::kDistinct:
      return runtime::Fold::kDistinct;
  }
  return runtime::Fold::kCount;
}

class EvidenceDrafter {
 public:
  EvidenceDrafter(const Words& words, const Deeds& deeds, Drafts& drafts, Reporter& reporter)
      : words_(words), deeds_(deeds), drafts_(drafts), reporter_(reporter) {}

  void Add(const lang::Evidence& tree) {
    EvidenceDraft draft;
    draft.by = FindAllDeeds(tree.by, words_.names, deeds_, "capability or group", reporter_);
    const Window window = ReadWindow(tree.within, words_, reporter_).value_or(Window());
    draft.within_ms = window.ms;
    draft.within_months = window.months;
    if (window.threshold) drafts_.window_thresholds.insert(*window.threshold);
    for (const CapabilityId by : draft.by) {
      if (words_.names.deeds[by.value].tree.event) {
        reporter_.Report(Diagnostic{DiagnosticKind::kWrongKind, tree.by.front().span,
                                    "`" + std::string(words_.names.deeds[by.value].name) +
                                        "` is an event, and brings no evidence"});
      }
    }
    const std::string name = "evidence." + tree.name.text;
    DraftBuiltIn(drafts_, name, TimeType(), Source::kBuiltin, tree.name.span, false);
    for (const lang::Name& about : tree.about) {
      const FactDraft* wanted = FindAbout(tree, about, draft.by);
      if (!wanted) continue;
      draft.about.push_back(about.text);
      const Type type = wanted->type;
      const bool broken = wanted->broken;
      DraftBuiltIn(drafts_, name + ".about." + about.text, type, Source::kBuiltin, about.span,
                   broken);
    }
    drafts_.evidence.push_back(std::move(draft));
  }

 private:
  const FactDraft* FindAbout(const lang::Evidence& tree, const lang::Name& about,
                             const std::vector<CapabilityId>& by) {
    bool good = true;
    for (const CapabilityId id : by) {
      if (HasInput(words_, id, about.text)) continue;
      good = false;
      reporter_.Report(Diagnostic{DiagnosticKind::kLacksInput, about.span,
                                  "`" + std::string(words_.names.deeds[id.value].name) +
                                      "` brings evidence `" + tree.name.text + "` about `" +
                                      about.text + "`, and has no such input"}
                           .At(words_.names.deeds[id.value].span, "declared here"));
      break;
    }
    return good ? drafts_.Find(about.text) : nullptr;
  }

  const Words& words_;
  const Deeds& deeds_;
  Drafts& drafts_;
  Reporter& reporter_;
};

class MeterDrafter {
 public:
  MeterDrafter(const Words& words, const Deeds& deeds, Drafts& drafts, Reporter& reporter)
      : words_(words), deeds_(deeds), drafts_(drafts), reporter_(reporter) {}

  void Add(const lang::Meter& tree) {
    MeterDraft draft;
    draft.meter.name = tree.name.text;
    draft.meter.fold = Convert(tree.fold);
    draft.meter.including_this = tree.including_this;
    const std::optional<Type> type = AddTarget(tree, draft);
    AddKeys(tree, draft);
    if (tree.since) AddSince(tree, draft);
    if (tree.within) {
      const Window window = ReadWindow(*tree.within, words_, reporter_).value_or(Window{.ms = 1});
      draft.meter.window_ms = window.ms;
      draft.meter.window_months = window.months;
      if (window.threshold) drafts_.window_thresholds.insert(*window.threshold);
    }
    AddWindow(tree, draft);
    DraftBuiltIn(drafts_, tree.name.text, type.value_or(BoolType()), Source::kMeter, tree.name.span,
                 !type);
    drafts_.meters.insert_or_assign(tree.name.text, std::move(draft));
  }

  // `done(X)`, `first(X)`, `last(X)`: of the case; `own(X)`: what whoever acts did himself in it.
  void AddCall(const std::string& text, const Names::Call& call) {
    MeterDraft draft;
    draft.meter.name = text;
    draft.meter.fold = Convert(call.fold);
    draft.meter.targets =
        FindDeeds(*call.name, words_.names, deeds_, "capability, event or group", reporter_);
    draft.keys = {"case"};
    if (call.of_actor) draft.keys.emplace_back("actor");
    const Type type = call.fold == lang::Fold::kCount ? IntegerType(0, kMostCounted) : TimeType();
    DraftBuiltIn(drafts_, text, type, Source::kMeter, call.name->span, draft.meter.targets.empty());
    drafts_.meters.insert_or_assign(text, std::move(draft));
  }

 private:
  // Splits `a.b.c` into a target and an input, at the last point that leaves the name of something.
  std::optional<Type> AddTarget(const lang::Meter& tree, MeterDraft& draft) {
    const Names& names = words_.names;
    lang::Name target = tree.target;
    while (!names.deeds.Find(target.text) && !names.groups.Find(target.text)) {
      const std::size_t point = target.text.rfind('.');
      if (point == std::string::npos) {
        std::ignore = FindDeeds(target, names, deeds_, "capability, event or group", reporter_);
        return std::nullopt;
      }
      target.text.resize(point);
    }
    if (target.text.size() < tree.target.text.size())
      draft.value = tree.target.text.substr(target.text.size() + 1);
    draft.meter.targets = FindDeeds(target, names, deeds_, "capability, event or group", reporter_);
    if (draft.meter.targets.empty()) return std::nullopt;
    return TypeOfFold(tree, target, draft);
  }

  std::optional<Type> TypeOfFold(const lang::Meter& tree, const lang::Name& target,
                                 const MeterDraft& draft) {
    const bool has_value = !draft.value.empty();
    if (has_value && (tree.fold == lang::Fold::kCount || tree.fold == lang::Fold::kExists)) {
      reporter_.Report(Diagnostic{
          DiagnosticKind::kWrongKind, tree.target.span,
          "this meter asks how often `" + target.text + "` was done, not for an input of it"}
                           .Hint("write `" + target.text + "` alone"));
      return std::nullopt;
    }
    if (tree.fold == lang::Fold::kCount) return IntegerType(0, kMostCounted);
    if (tree.fold == lang::Fold::kExists) return BoolType();
    if (!has_value) {
      if (tree.fold == lang::Fold::kLast || tree.fold == lang::Fold::kFirst) return TimeType();
      const bool sum = tree.fold == lang::Fold::kSum;
      reporter_.Report(
          Diagnostic{DiagnosticKind::kIncomplete, tree.target.span,
                     sum ? "this does not say what is summed" : "this does not say what differs"}
              .Hint("write `" + std::string(sum ? "sum " : "distinct ") + target.text + ".INPUT`"));
      return std::nullopt;
    }
    return TypeOfValue(tree, target, draft);
  }

  std::optional<Type> TypeOfValue(const lang::Meter& tree, const lang::Name& target,
                                  const MeterDraft& draft) {
    for (const CapabilityId id : draft.meter.targets) {
      if (HasInput(words_, id, draft.value)) continue;
      reporter_.Report(Diagnostic{DiagnosticKind::kLacksInput, tree.target.span,
                                  "`" + std::string(words_.names.deeds[id.value].name) +
                                      "` has no input `" + draft.value + "`"}
                           .At(words_.names.deeds[id.value].span, "declared here"));
      return std::nullopt;
    }
    const FactDraft* value = drafts_.Find(draft.value);
    if (!value || value->broken) return std::nullopt;
    Type type = value->type;
    const bool number = type.kind == ValueType::kInteger || type.kind == ValueType::kDecimal ||
                        type.kind == ValueType::kMoney || type.kind == ValueType::kDuration;
    if (tree.fold == lang::Fold::kSum && number) {
      type.low = type.low < 0 ? -kDefaultBound : 0;
      type.high = kDefaultBound;
      return type;
    }
    const bool set = type.kind == ValueType::kIdSet || type.kind == ValueType::kEnumSet;
    if (tree.fold == lang::Fold::kDistinct && !set) return IntegerType(0, kMostCounted);
    const bool scalar = number || type.kind == ValueType::kBool || type.kind == ValueType::kEnum ||
                        type.kind == ValueType::kTime || type.kind == ValueType::kRole;
    const bool keeps = tree.fold == lang::Fold::kLast || tree.fold == lang::Fold::kFirst;
    if (keeps && scalar) return type;
    RefuseValue(tree, target, draft, type);
    return std::nullopt;
  }

  void RefuseValue(const lang::Meter& tree, const lang::Name& target, const MeterDraft& draft,
                   const Type& type) {
    const bool keeps = tree.fold == lang::Fold::kLast || tree.fold == lang::Fold::kFirst;
    const std::string input = target.text + "." + draft.value;
    Diagnostic diagnostic{
        DiagnosticKind::kTypeMismatch, tree.target.span,
        "`" + input + "` is " + Describe(type) + ", and " +
            (tree.fold == lang::Fold::kSum ? "only numbers, money and durations add up"
             : keeps                       ? "a meter holds numbers, times and words of an enum"
                                           : "a set is not one value")};
    if (keeps)
      diagnostic.hints.emplace_back("`distinct " + input +
                                    "` counts how many different ones there were");
    reporter_.Report(std::move(diagnostic));
  }

  void AddKeys(const lang::Meter& tree, MeterDraft& draft) {
    for (const lang::Name& key : tree.per) {
      const FactDraft* fact = drafts_.Find(key.text);
      const bool is_meter =
          drafts_.meters.contains(key.text) || words_.names.meters.Find(key.text) != nullptr;
      if (is_meter) {
        reporter_.Report(
            Diagnostic{DiagnosticKind::kWrongKind, key.span, "a meter cannot be kept per meter"});
      } else if (!fact) {
        reporter_.UnknownName("fact", key, drafts_.FactNames());
      } else if (fact->type.kind == ValueType::kIdSet || fact->type.kind == ValueType::kEnumSet ||
                 key.text == "now" || key.text == "role") {
        reporter_.Report(Diagnostic{DiagnosticKind::kTypeMismatch, key.span,
                                    "a meter cannot be kept per `" + key.text + "`"}
                             .Hint("keys are `case`, `session`, `run`, `agent`, `tenant`, `actor`, "
                                   "inputs and facts"));
      } else {
        draft.keys.push_back(key.text);
        CheckTargetsHave(tree, key, *fact, draft.meter.targets);
      }
    }
  }

  void AddSince(const lang::Meter& tree, MeterDraft& draft) {
    draft.meter.since =
        FindDeeds(*tree.since, words_.names, deeds_, "capability, event or group", reporter_);
    const auto both = std::ranges::find_if(
        draft.meter.since, [&](CapabilityId id) { return Contains(draft.meter.targets, id); });
    if (both != draft.meter.since.end()) {
      const std::string name(words_.names.deeds[both->value].name);
      reporter_.Report(Diagnostic{DiagnosticKind::kWrongKind, tree.since->span,
                                  "`" + name + "` would be counted, and start the count anew"}
                           .At(tree.target.span, "it is counted here")
                           .Hint("count since something else"));
    }
    for (const lang::Name& key : tree.per) {
      if (const FactDraft* fact = drafts_.Find(key.text))
        CheckTargetsHave(tree, key, *fact, draft.meter.since);
    }
  }

  // Where a target lacks the key, nothing that it does would ever be found again.
  void CheckTargetsHave(const lang::Meter& tree, const lang::Name& key, const FactDraft& fact,
                        const std::vector<CapabilityId>& targets) {
    if (fact.fact.source != Source::kInput) return;
    for (const CapabilityId id : targets) {
      if (HasInput(words_, id, key.text)) continue;
      reporter_.Report(Diagnostic{DiagnosticKind::kLacksInput, key.span,
                                  "meter `" + tree.name.text + "` is kept per `" + key.text +
                                      "`, and `" + std::string(words_.names.deeds[id.value].name) +
                                      "` has no such input"}
                           .At(words_.names.deeds[id.value].span, "declared here")
                           .Hint("`per case` works for all, with `case is " + key.text + "`"));
      return;
    }
  }

  void AddWindow(const lang::Meter& tree, const MeterDraft& draft) {
    if (tree.fold == lang::Fold::kFirst && tree.including_this) {
      reporter_.Report(Diagnostic{DiagnosticKind::kUnexpected, tree.span,
                                  "`first` does not include this request: what came first is there "
                                  "before it"}
                           .Hint("leave out `including this`; where `" + tree.name.text +
                                 " is missing`, this request is the first"));
    }
    if (tree.within) return;
    const auto ends = [](const std::string& key) {
      return key == "case" || key == "session" || key == "run";
    };
    if (std::ranges::any_of(draft.keys, ends)) return;
    reporter_.Report(
        Diagnostic{DiagnosticKind::kMeterUnbounded, tree.name.span,
                   "meter `" + tree.name.text + "` would have to remember for ever"}
            .Hint("write `within 24 hours`, or keep it `per case`, `per session` or `per run`"));
  }

  const Words& words_;
  const Deeds& deeds_;
  Drafts& drafts_;
  Reporter& reporter_;
};

}  // namespace

void DraftEvidence(const Words& words, const Deeds& deeds, Drafts& drafts, Reporter& reporter) {
  EvidenceDrafter drafter(words, deeds, drafts, reporter);
  for (const auto& entry : words.names.evidence) drafter.Add(*entry.tree);
}

void DraftMeters(const Words& words, const Deeds& deeds, Drafts& drafts, Reporter& reporter) {
  MeterDrafter drafter(words, deeds, drafts, reporter);
  for (const auto& [text, call] : words.names.calls) drafter.AddCall(text, call);
  for (const auto& entry : words.names.meters) drafter.Add(*entry.tree);
}

}  // namespace writ::compiler::check
