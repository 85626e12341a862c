// Facts get their ids here: everything that brings a fact (declarations, inputs, evidence, meters,
// the language itself) has put a draft under its name; the drafts in the order of their names are
// the facts.
#include "facts.h"

#include "fact_draft.h"

namespace writ::compiler::check {
namespace {

using lang::Diagnostic;
using lang::DiagnosticKind;
using runtime::EvidenceId;
using runtime::FactId;
using runtime::MeterId;

class FactFinisher {
 public:
  FactFinisher(const Words& words, const Drafts& drafts, Reporter& reporter)
      : words_(words), drafts_(drafts), reporter_(reporter) {}

  Facts Run() {
    for (const auto& [name, draft] : drafts_.facts) {
      out_.facts.push_back(draft.fact);
      out_.facts.back().name = name;
      out_.spans.push_back(draft.span);
      out_.broken.push_back(draft.broken);
      out_.used.push_back(draft.used || draft.fact.source == runtime::Source::kBuiltin);
    }
    Bound();
    FinishEvidence();
    FinishMeters();
    FinishInputs();
    FinishNeeds();
    return std::move(out_);
  }

 private:
  void Bound() {
    const std::uint32_t limit = words_.house.options.max_facts;
    if (out_.facts.size() <= limit) return;
    reporter_.Report(Diagnostic{DiagnosticKind::kTooLarge, out_.spans[limit],
                                "there are " + std::to_string(out_.facts.size()) +
                                    " facts, and at most " + std::to_string(limit) +
                                    " are possible"});
  }

  FactId Find(std::string_view name) const { return out_.Find(name).value_or(FactId{}); }

  void FinishEvidence() {
    const auto& names = words_.names.evidence;
    for (std::uint32_t i = 0; i < names.size(); ++i) {
      const EvidenceDraft& draft = drafts_.evidence[i];
      table::Evidence evidence;
      evidence.name = names[i].name;
      evidence.by = draft.by;
      evidence.within_ms = draft.within_ms;
      evidence.within_months = draft.within_months;
      evidence.at = Find("evidence." + evidence.name);
      for (const std::string& about : draft.about) {
        const FactId wanted = Find(about);
        evidence.about_wanted.push_back(wanted);
        evidence.about_given.push_back(Find("evidence." + evidence.name + ".about." + about));
        if (wanted.valid()) out_.used[wanted.value] = true;
      }
      out_.evidence.push_back(std::move(evidence));
    }
  }

  void FinishMeters() {
    out_.window_thresholds = drafts_.window_thresholds;
    for (const auto& [name, draft] : drafts_.meters) {
      table::Meter meter = draft.meter;
      meter.fact = Find(name);
      if (!draft.value.empty()) meter.value = Find(draft.value);
      for (const std::string& key : draft.keys) {
        meter.keys.push_back(Find(key));
        if (meter.keys.back().valid()) out_.used[meter.keys.back().value] = true;
      }
      if (meter.fact.valid()) {
        out_.facts[meter.fact.value].meter =
            MeterId{static_cast<std::uint32_t>(out_.meters.size())};
      }
      out_.meters.push_back(std::move(meter));
    }
  }

  void FinishInputs() {
    for (const auto& deed : words_.names.deeds) {
      Facts::Inputs inputs;
      if (deed.tree.capability) {
        for (const lang::Input& input : deed.tree.capability->inputs) {
          const FactId fact = Find(input.name.text);
          if (!fact.valid()) continue;
          (input.optional ? inputs.optional : inputs.required).push_back(fact);
          out_.used[fact.value] = true;
        }
      }
      MakeSet(inputs.required);
      MakeSet(inputs.optional);
      out_.inputs.push_back(std::move(inputs));
    }
  }

  // No fact needs more than one step through evidence, and meters are no keys of meters, so two
  // rounds are all.
  void FinishNeeds() {
    const auto direct = [&](FactId id, std::vector<FactId>& needs) {
      if (id.valid() && out_.fact(id).source == runtime::Source::kInput) needs.push_back(id);
    };
    for (const table::Evidence& evidence : out_.evidence) {
      std::vector<FactId> needs;
      for (const FactId wanted : evidence.about_wanted) direct(wanted, needs);
      out_.evidence_needs.push_back(std::move(needs));
    }
    out_.needs.resize(out_.facts.size());
    const auto plain = [&](FactId id, std::vector<FactId>& needs) {
      if (!id.valid()) return;
      direct(id, needs);
      const EvidenceId evidence = out_.fact(id).evidence;
      if (!evidence.valid()) return;
      const auto& more = out_.evidence_needs[evidence.value];
      needs.insert(needs.end(), more.begin(), more.end());
    };
    for (std::uint32_t i = 0; i < out_.facts.size(); ++i) {
      std::vector<FactId>& needs = out_.needs[i];
      plain(FactId{i}, needs);
      if (const MeterId meter = out_.facts[i].meter; meter.valid()) {
        for (const FactId key : out_.meters[meter.value].keys) plain(key, needs);
      }
      MakeSet(needs);
    }
  }

  const Words& words_;
  const Drafts& drafts_;
  Reporter& reporter_;
  Facts out_;
};

}  // namespace

std::optional<FactId> Facts::Find(std::string_view name) const {
  const auto at = std::ranges::lower_bound(
      facts, name, {}, [](const table::Fact& f) { return std::string_view(f.name); });
  if (at == facts.end() || at->name != name) return std::nullopt;
  return FactId{static_cast<std::uint32_t>(at - facts.begin())};
}

Type TypeOf(const table::Fact& fact) {
  return Type{.kind = fact.type,
              .scale = fact.scale,
              .ordered = fact.ordered,
              .unit = fact.unit,
              .low = fact.low,
              .high = fact.high,
              .values = fact.values};
}

Facts CheckFacts(const Words& words, const Deeds& deeds, Reporter& reporter) {
  Drafts drafts;
  DraftDeclared(words, drafts, reporter);
  DraftEvidence(words, deeds, drafts, reporter);
  DraftMeters(words, deeds, drafts, reporter);
  return FactFinisher(words, drafts, reporter).Run();
}

}  // namespace writ::compiler::check
