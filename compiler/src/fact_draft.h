// Facts while they are collected: by name, before they have ids.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "capabilities.h"
#include "facts.h"
#include "names.h"
#include "types.h"

namespace writ::compiler::check {

struct FactDraft {
  table::Fact fact;
  Type type;
  lang::Span span;
  bool broken = false;
  bool declared = false;  // by `fact` or `facts`
  bool used = false;      // other than in conditions
};

struct EvidenceDraft {
  std::vector<runtime::CapabilityId> by;
  std::int64_t within_ms = 0;
  std::uint32_t within_months = 0;
  std::vector<std::string> about;
};

struct MeterDraft {
  table::Meter meter;  // without ids of facts
  std::string value;   // the input that is summed or kept; empty: none
  std::vector<std::string> keys;
};

struct Drafts {
  std::map<std::string, FactDraft, std::less<>> facts;
  std::vector<EvidenceDraft> evidence;  // by position in Names::evidence
  std::map<std::string, MeterDraft, std::less<>> meters;
  std::set<std::uint32_t> window_thresholds;  // by position in Names::thresholds

  [[nodiscard]] const FactDraft* Find(std::string_view name) const {
    const auto at = facts.find(name);
    return at == facts.end() ? nullptr : &at->second;
  }
  [[nodiscard]] std::vector<std::string> FactNames() const {
    std::vector<std::string> names;
    for (const auto& [name, draft] : facts) names.push_back(name);
    return names;
  }
};

// These add to the drafts. Order: facts and inputs, then evidence, then meters.
void DraftDeclared(const Words&, Drafts&, Reporter&);
void DraftEvidence(const Words&, const Deeds&, Drafts&, Reporter&);
void DraftMeters(const Words&, const Deeds&, Drafts&, Reporter&);

// Adds a fact that the language or a meter brings.
void DraftBuiltIn(Drafts&, std::string name, const Type&, runtime::Source, lang::Span, bool broken);

}  // namespace writ::compiler::check
