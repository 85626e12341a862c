// One vocabulary for two tables. The newer one comes first and keeps its numbers; what only the
// older one has follows. Entry point: JoinVocabularies.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "declaration_text.h"
#include "join.h"
#include "writ/table/read.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

class VocabularyJoiner {
 public:
  VocabularyJoiner(const std::array<const Table*, kSides>& tables, JoinMode mode)
      : tables_(tables), mode_(mode) {
    for (std::size_t s = 0; s < kSides; ++s) models_[s] = table::ReadVocabulary(*tables[s]);
  }

  JoinedVocabulary Run() {
    // Numbers before contents: facts, evidence and meters name each other.
    Number(NameOf::kRole, &table::Model::roles, &SideNumbers::role);
    Number(NameOf::kAnchor, &table::Model::anchors, &SideNumbers::anchor);
    Number(NameOf::kCapability, &table::Model::capabilities, &SideNumbers::capability);
    Number(NameOf::kEvidence, &table::Model::evidence, &SideNumbers::evidence);
    NumberFacts();
    NumberMeters();
    NumberPatterns();
    out_.model.policy = models_[kNew].policy;
    out_.model.version = models_[kNew].version;
    out_.model.zone = models_[kNew].zone;
    out_.model.has_effective = models_[kNew].has_effective;
    out_.model.effective_ms = models_[kNew].effective_ms;
    // The names of the invariant columns that a joined matrix keeps.
    if (mode_ == JoinMode::kConditions || mode_ == JoinMode::kRequests)
      out_.model.invariants = models_[kOld].invariants;
    JoinZones();
    for (const std::size_t s : {kNew, kOld}) Fill(s);
    out_.model.matrices.resize(out_.model.capabilities.size());
    return std::move(out_);
  }

 private:
  template <typename Record>
  static std::uint32_t IndexOf(const std::vector<Record>& records, std::string_view name) {
    const auto at = std::ranges::find(records, name, &Record::name);
    return at == records.end() ? kNoIndex : static_cast<std::uint32_t>(at - records.begin());
  }

  // What the newer table calls `name`, one of the older one's; but two things are never made one.
  // `is_name_before`: of the older table's. `taken`: what others of them are called now.
  template <typename Names>
  std::string NameNow(NameOf of, const std::string& name, const Names& is_name_before,
                      std::set<std::string>& taken, FactId fact = {}) {
    std::string now = NameIn(*tables_[kNew], of, name, fact);
    if (now == name || (!is_name_before(now) && taken.insert(now).second)) return now;
    Note("`" + name + "` is called `" + now + "` now, as something else was before",
         "they are compared as two things");
    return name;
  }

  // Gives each name a number in the joined model, with a record that Fill completes.
  template <typename Record, typename Id>
  void Number(NameOf of, std::vector<Record> table::Model::* records,
              std::vector<Id> SideNumbers::* ids) {
    std::map<std::string, std::uint32_t, std::less<>> known;
    std::set<std::string> taken;
    const auto before = [&](std::string_view name) {
      return IndexOf(models_[kOld].*records, name) != kNoIndex;
    };
    for (const std::size_t s : {kNew, kOld}) {
      for (const Record& record : models_[s].*records) {
        const std::string name = s == kNew ? record.name : NameNow(of, record.name, before, taken);
        const auto [at, added] =
            known.emplace(name, static_cast<std::uint32_t>((out_.model.*records).size()));
        if (added) (out_.model.*records).emplace_back().name = name;
        (out_.side[s].*ids).push_back(Id{at->second});
      }
    }
  }

  // The values of the older table's fact, as the newer table's calls them.
  std::vector<std::string> ValuesNow(const table::Fact& before, const table::Fact& now) const {
    const FactId fact{static_cast<std::uint32_t>(&now - models_[kNew].facts.data())};
    std::vector<std::string> values;
    for (const std::string& value : before.values)
      values.push_back(NameIn(*tables_[kNew], NameOf::kValue, value, fact));
    return values;
  }

  // One fact, as far as values go (`a` the older table's): the same kind of number or text, and
  // missing for want of the same evidence.
  bool SameKind(const table::Fact& a, const table::Fact& b) const {
    const auto evidence = [this](const table::Model& m, const table::Fact& f) {
      if (!f.evidence.valid()) return std::string();
      const std::string& name = m.evidence[f.evidence.value].name;
      return &m == &models_[kOld] ? NameIn(*tables_[kNew], NameOf::kEvidence, name) : name;
    };
    return a.type == b.type && a.scale == b.scale && a.unit == b.unit &&
           (mode_ == JoinMode::kConditions ||
            (a.meter.valid() == b.meter.valid() &&
             evidence(models_[kOld], a) == evidence(models_[kNew], b))) &&
           (a.type != ValueType::kEnumSet || ValuesNow(a, b) == b.values);
  }

  void NumberFacts() {
    std::map<std::string, std::uint32_t, std::less<>> known;
    std::set<std::string> taken;
    const auto before = [&](std::string_view name) {
      return IndexOf(models_[kOld].facts, name) != kNoIndex;
    };
    for (const std::size_t s : {kNew, kOld}) {
      for (const table::Fact& fact : models_[s].facts) {
        std::string name = s == kNew ? fact.name : NameNow(NameOf::kFact, fact.name, before, taken);
        if (s == kOld) {
          const std::uint32_t now = IndexOf(models_[kNew].facts, name);
          if (now != kNoIndex && !SameKind(fact, models_[kNew].facts[now])) {
            Note("`" + name + "` means values of another kind",
                 "both readings are compared for all values of either");
            name += " (before)";
          }
        }
        const auto [at, added] =
            known.emplace(name, static_cast<std::uint32_t>(out_.model.facts.size()));
        if (added) out_.model.facts.emplace_back().name = name;
        out_.side[s].fact.push_back(FactId{at->second});
      }
    }
    for (SideNumbers& side : out_.side) {
      side.fact_of.assign(out_.model.facts.size(), kNoIndex);
      for (std::uint32_t f = 0; f < side.fact.size(); ++f) side.fact_of[side.fact[f].value] = f;
      side.role_of.assign(out_.model.roles.size(), kNoIndex);
      for (std::uint32_t r = 0; r < side.role.size(); ++r) side.role_of[side.role[r].value] = r;
    }
  }

  // Only windows of months need them, and one version may have none of these.
  void JoinZones() {
    const auto& before = models_[kOld].zone_changes;
    const auto& now = models_[kNew].zone_changes;
    out_.model.zone_changes = now.empty() ? before : now;
    if (before.empty() || now.empty() || before == now) return;
    Note("windows of months were on the clocks of " + models_[kOld].zone,
         "requests are compared as the newer version sees it");
  }

  // A meter is where its fact is.
  void NumberMeters() {
    std::map<std::uint32_t, std::uint32_t> of_fact;
    for (const std::size_t s : {kNew, kOld}) {
      for (const table::Meter& meter : models_[s].meters) {
        const FactId fact = out_.side[s].fact[meter.fact.value];
        const auto [at, added] =
            of_fact.emplace(fact.value, static_cast<std::uint32_t>(out_.model.meters.size()));
        if (added) out_.model.meters.emplace_back().name = out_.model.facts[fact.value].name;
        out_.side[s].meter.push_back(MeterId{at->second});
      }
    }
  }

  // A pattern that both have, spelled alike, is one.
  void NumberPatterns() {
    for (const std::size_t s : {kNew, kOld}) {
      for (const table::Pattern& pattern : models_[s].patterns) {
        std::vector<table::Pattern>& joined = out_.model.patterns;
        auto at = std::ranges::find(joined, pattern);
        if (at == joined.end()) at = joined.insert(at, pattern);
        out_.side[s].pattern.push_back(static_cast<std::uint32_t>(at - joined.begin()));
      }
    }
  }

  template <typename Id>
  static Id Renumbered(const std::vector<Id>& ids, Id own) {
    return own.valid() ? ids[own.value] : Id{};
  }
  template <typename Id>
  static std::vector<Id> AllRenumbered(const std::vector<Id>& ids, const std::vector<Id>& own) {
    std::vector<Id> joined;
    for (const Id id : own) joined.push_back(ids[id.value]);
    return joined;
  }

  void Note(std::string differs, std::string compared) {
    out_.notes.push_back({std::move(differs), std::move(compared)});
  }

  void Fill(std::size_t s) {
    const table::Model& m = models_[s];
    const SideNumbers& ids = out_.side[s];
    for (std::uint32_t i = 0; i < m.facts.size(); ++i) FillFact(s, i);
    for (std::uint32_t i = 0; i < m.roles.size(); ++i) {
      if (s == kOld && models_[kNew].roles.size() > ids.role[i].value) continue;
      table::Role& role = out_.model.roles[ids.role[i].value] = m.roles[i];
      role.reports_to = Renumbered(ids.role, role.reports_to);
    }
    // Anchors are names here: who holds them, and which stands above, is asked of the sides.
    for (std::uint32_t i = 0; i < m.anchors.size(); ++i) {
      table::Anchor& anchor = out_.model.anchors[ids.anchor[i].value];
      if (!anchor.held_by.valid()) anchor.held_by = ids.role[m.anchors[i].held_by.value];
      if (s == kNew && (mode_ == JoinMode::kConditions || mode_ == JoinMode::kRequests))
        anchor.below = AllRenumbered(ids.anchor, m.anchors[i].below);
    }
    for (std::uint32_t i = 0; i < m.capabilities.size(); ++i) {
      if (s == kOld && models_[kNew].capabilities.size() > ids.capability[i].value) continue;
      table::Capability& capability = out_.model.capabilities[ids.capability[i].value];
      capability = m.capabilities[i];
      capability.inputs = AllRenumbered(ids.fact, m.capabilities[i].inputs);
      capability.optional_inputs = AllRenumbered(ids.fact, m.capabilities[i].optional_inputs);
    }
    for (std::uint32_t i = 0; i < m.evidence.size(); ++i) FillEvidence(s, i);
    for (std::uint32_t i = 0; i < m.meters.size(); ++i) FillMeter(s, i);
  }

  void FillFact(std::size_t s, std::uint32_t own) {
    const SideNumbers& ids = out_.side[s];
    const table::Fact& from = models_[s].facts[own];
    table::Fact& to = out_.model.facts[ids.fact[own].value];
    const bool shared = s == kOld && out_.side[kNew].fact_of[ids.fact[own].value] != kNoIndex;
    if (!shared) {
      const std::string name = to.name;
      to = from;
      to.name = name;
      to.evidence = Renumbered(ids.evidence, from.evidence);
      to.meter = Renumbered(ids.meter, from.meter);
    } else {
      to.low = std::min(to.low, from.low);
      to.high = std::max(to.high, from.high);
      to.utf8 = to.utf8 || from.utf8;
    }
    out_.side[s].low.push_back(from.low);
    out_.side[s].high.push_back(from.high);
    std::vector<std::uint32_t>& value = out_.side[s].value.emplace_back();
    std::set<std::string> taken;
    const auto before = [&](std::string_view name) {
      return std::ranges::find(from.values, name) != from.values.end();
    };
    for (const std::string& own_name : from.values) {
      const std::string name =
          shared ? NameNow(NameOf::kValue, own_name, before, taken, OfNew(ids.fact[own]))
                 : own_name;
      auto at = std::ranges::find(to.values, name);
      if (at == to.values.end()) at = to.values.insert(at, name);
      value.push_back(static_cast<std::uint32_t>(at - to.values.begin()));
    }
  }

  // The number that the newer table has for what both name.
  FactId OfNew(FactId joined) const { return FactId{out_.side[kNew].fact_of[joined.value]}; }

  void FillEvidence(std::size_t s, std::uint32_t own) {
    const SideNumbers& ids = out_.side[s];
    table::Evidence joined = models_[s].evidence[own];
    joined.by = AllRenumbered(ids.capability, joined.by);
    joined.at = Renumbered(ids.fact, joined.at);
    joined.about_given = AllRenumbered(ids.fact, joined.about_given);
    joined.about_wanted = AllRenumbered(ids.fact, joined.about_wanted);
    table::Evidence& to = out_.model.evidence[ids.evidence[own].value];
    if (s == kNew || !to.at.valid()) {
      to = std::move(joined);
    } else if (to.within_ms != joined.within_ms || to.within_months != joined.within_months ||
               to.about_wanted != joined.about_wanted) {
      Note("evidence `" + to.name + "` counts as fresh by another rule: " + EvidenceLine(kOld, own),
           "requests are compared as the newer version sees it");
    }
  }

  std::string EvidenceLine(std::size_t s, std::uint32_t own) const {
    return "before, " + EvidenceText(*tables_[s], tables_[s]->Evidence(EvidenceId{own}));
  }

  void FillMeter(std::size_t s, std::uint32_t own) {
    const SideNumbers& ids = out_.side[s];
    table::Meter joined = models_[s].meters[own];
    joined.targets = AllRenumbered(ids.capability, joined.targets);
    joined.value = Renumbered(ids.fact, joined.value);
    joined.keys = AllRenumbered(ids.fact, joined.keys);
    joined.since = AllRenumbered(ids.capability, joined.since);
    joined.fact = Renumbered(ids.fact, joined.fact);
    table::Meter& to = out_.model.meters[ids.meter[own].value];
    joined.name = to.name;
    if (s == kNew || !to.fact.valid()) {
      to = std::move(joined);
    } else if (to.fold != joined.fold || to.targets != joined.targets || to.value != joined.value ||
               to.keys != joined.keys || to.since != joined.since ||
               to.window_ms != joined.window_ms || to.window_months != joined.window_months ||
               to.including_this != joined.including_this) {
      Note("meter `" + to.name + "` is kept by another rule: before, " +
               MeterText(*tables_[s], tables_[s]->Meter(MeterId{own})),
           "requests are compared at the same readings of it");
    }
  }

  std::array<const Table*, kSides> tables_;
  JoinMode mode_;
  std::array<table::Model, kSides> models_;
  JoinedVocabulary out_;
};

}  // namespace

std::array<CapabilityId, kSides> OwnCapabilities(const JoinedVocabulary& vocabulary,
                                                 CapabilityId joined) {
  std::array<CapabilityId, kSides> own;
  for (std::size_t s = 0; s < kSides; ++s) {
    const std::vector<CapabilityId>& ids = vocabulary.side[s].capability;
    if (const auto at = std::ranges::find(ids, joined); at != ids.end())
      own[s] = CapabilityId{static_cast<std::uint32_t>(at - ids.begin())};
  }
  return own;
}

JoinedVocabulary JoinVocabularies(const std::array<const Table*, kSides>& tables, JoinMode mode) {
  return VocabularyJoiner(tables, mode).Run();
}

}  // namespace writ::analysis
