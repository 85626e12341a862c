// The rows of both versions over one vocabulary (JoinMatrices); those of one version alone are held
// to its cases by two facts, the date of the case and the time of the request. Entry point:
// Succeed.
#include "writ/analysis/succession.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "declaration_text.h"
#include "join.h"
#include "join_rows.h"
#include "writ/table/read.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

// Conjunctions of which at least one holds.
using Cases = std::vector<std::vector<table::Constraint>>;

class SuccessionMaker {
 public:
  SuccessionMaker(const Table& newer, const Table& older, const CaseDate& date)
      : tables_{&older, &newer},
        models_{table::ReadModel(older), table::ReadModel(newer)},
        date_(date) {}

  std::expected<table::Model, std::vector<std::string>> Run() {
    CompareFacts();
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    vocabulary_ = JoinVocabularies(tables_, JoinMode::kSuccession);
    for (const JoinNote& note : vocabulary_.notes) problems_.push_back(note.differs);
    CompareInputs();
    CompareEvidence();
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    const FactId now = tables_[kNew]->FindFact("now");
    vocabulary_.cuts = {{date_.first, date_.date_ms}};
    if (now.valid()) vocabulary_.cuts.emplace_back(now, date_.date_ms);
    FillVocabulary();
    for (std::uint32_t c = 0; c < model().capabilities.size(); ++c) FillMatrix(CapabilityId{c});
    return std::move(vocabulary_.model);
  }

 private:
  table::Model& model() { return vocabulary_.model; }
  const SideNumbers& Numbers(std::size_t s) const { return vocabulary_.side[s]; }

  void Problem(const std::string& what, const std::string& name, const std::string& before,
               const std::string& after) {
    problems_.push_back(what + " `" + name + "`: " + before + " in " + models_[kOld].version +
                        ", now " + after);
  }

  // --- what both mean by one name

  void CompareFacts() {
    const Table &newer = *tables_[kNew], &older = *tables_[kOld];
    for (std::uint32_t f = 0; f < models_[kOld].facts.size(); ++f) {
      const table::Fact& before = models_[kOld].facts[f];
      const FactId now = newer.FindFact(NameIn(newer, NameOf::kFact, before.name));
      if (!now.valid()) continue;
      const table::Fact& after = models_[kNew].facts[now.value];
      std::vector<std::string> values;
      for (const std::string& value : before.values)
        values.push_back(NameIn(newer, NameOf::kValue, value, now));
      const bool range = before.type == ValueType::kRole ||  // any role, of either version
                         (before.low == after.low && before.high == after.high);
      const bool same = before.type == after.type && before.scale == after.scale && range &&
                        before.unit == after.unit && values == after.values &&
                        before.meter.valid() == after.meter.valid();
      if (!same) Problem("fact", after.name, TypeText(older, FactId{f}), TypeText(newer, now));
    }
  }

  template <typename Id>
  static std::set<std::uint32_t> Numbered(const std::vector<Id>& ids, const std::vector<Id>& own) {
    std::set<std::uint32_t> joined;
    for (const Id id : own) joined.insert(ids[id.value].value);
    return joined;
  }

  // A request has the inputs that its capability has; and they are worked out in one way.
  void CompareInputs() {
    for (std::uint32_t c = 0; c < models_[kOld].capabilities.size(); ++c) {
      const std::uint32_t now = Numbers(kOld).capability[c].value;
      if (now >= models_[kNew].capabilities.size()) continue;
      const table::Capability& before = models_[kOld].capabilities[c];
      const table::Capability& after = models_[kNew].capabilities[now];
      const auto inputs = [&](std::size_t s, const std::vector<FactId>& facts) {
        return Numbered(Numbers(s).fact, facts);
      };
      if (inputs(kOld, before.inputs) != inputs(kNew, after.inputs) ||
          inputs(kOld, before.optional_inputs) != inputs(kNew, after.optional_inputs) ||
          Derivations(kOld, CapabilityId{c}) != Derivations(kNew, CapabilityId{now}))
        Problem("inputs of", after.name, CapabilityText(*tables_[kOld], CapabilityId{c}),
                CapabilityText(*tables_[kNew], CapabilityId{now}));
    }
  }

  std::set<std::tuple<std::uint32_t, ArgumentFold, std::string>> Derivations(
      std::size_t s, CapabilityId capability) const {
    std::set<std::tuple<std::uint32_t, ArgumentFold, std::string>> all;
    for (const table::Derivation& d : models_[s].derivations) {
      if (d.capability == capability)
        all.emplace(Numbers(s).fact[d.fact.value].value, d.fold, d.path);
    }
    return all;
  }

  // What brings it; how long it lasts is among the notes.
  void CompareEvidence() {
    for (std::uint32_t e = 0; e < models_[kOld].evidence.size(); ++e) {
      const std::uint32_t now = Numbers(kOld).evidence[e].value;
      if (now >= models_[kNew].evidence.size()) continue;
      if (Numbered(Numbers(kOld).capability, models_[kOld].evidence[e].by) ==
          Numbered(Numbers(kNew).capability, models_[kNew].evidence[now].by))
        continue;
      Problem("evidence", models_[kNew].evidence[now].name,
              EvidenceText(*tables_[kOld], tables_[kOld]->Evidence(EvidenceId{e})),
              EvidenceText(*tables_[kNew], tables_[kNew]->Evidence(EvidenceId{now})));
    }
  }

  // --- what is not rows

  // The joined vocabulary numbers what the newer version has as that does.
  void FillVocabulary() {
    const table::Model& newer = models_[kNew];
    model().title = newer.title;
    model().statements = newer.statements;
    model().former_names = newer.former_names;
    model().thresholds = newer.thresholds;
    model().authorities = newer.authorities;
    model().clauses = newer.clauses;
    model().derivations = newer.derivations;
    std::ranges::copy(newer.anchors, model().anchors.begin());
    for (std::uint32_t a = 0; a < models_[kOld].anchors.size(); ++a) {
      const AnchorId joined = Numbers(kOld).anchor[a];
      if (joined.value >= newer.anchors.size()) FillAnchor(a, joined);
    }
    for (const table::Threshold& threshold : models_[kOld].thresholds) {
      const auto same =
          std::ranges::find(newer.thresholds, threshold.name, &table::Threshold::name);
      if (same != newer.thresholds.end() && same->value == threshold.value) continue;
      model().thresholds.push_back(threshold);
      model().thresholds.back().name = NameBefore(threshold.name);
    }
    for (table::Derivation derivation : models_[kOld].derivations) {
      derivation.capability = Numbers(kOld).capability[derivation.capability.value];
      derivation.fact = Numbers(kOld).fact[derivation.fact.value];
      if (derivation.capability.value >= newer.capabilities.size())
        model().derivations.push_back(std::move(derivation));
    }
    std::ranges::sort(model().derivations, {}, [](const table::Derivation& d) {
      return std::pair(d.capability.value, d.fact.value);
    });
    for (const std::size_t s : {kNew, kOld}) {
      for (const auto names : {&table::Model::regions, &table::Model::invariants}) {
        std::vector<std::string>& all = model().*names;
        all.insert(all.end(), (models_[s].*names).begin(), (models_[s].*names).end());
        std::ranges::sort(all);
        all.erase(std::ranges::unique(all).begin(), all.end());
      }
    }
    FillRelations();
    for (std::uint32_t a = 0; a < newer.authorities.size(); ++a)
      authorities_.emplace(newer.authorities[a].name, AuthorityId{a});
  }

  // Two decisions are about one case, so what holds in both versions holds in the table of both.
  void FillRelations() {
    const auto renamed = [&](std::size_t s, table::Relation relation) {
      relation.invariant = IndexOf(model().invariants, models_[s].invariants[relation.invariant]);
      for (CapabilityId& capability : relation.capability)
        if (capability.valid()) capability = Numbers(s).capability[capability.value];
      if (relation.fact.valid()) relation.fact = Numbers(s).fact[relation.fact.value];
      return relation;
    };
    const auto key = [](const table::Relation& r) {
      return std::tuple(r.invariant, r.kind, r.capability[0].value, r.capability[1].value,
                        r.verdict, r.fact.value, r.falling);
    };
    std::set<decltype(key(table::Relation{}))> before;
    for (const table::Relation& relation : models_[kOld].relations)
      before.insert(key(renamed(kOld, relation)));
    for (const table::Relation& relation : models_[kNew].relations) {
      const table::Relation now = renamed(kNew, relation);
      if (before.contains(key(now))) model().relations.push_back(now);
    }
    std::ranges::stable_sort(model().relations, {}, &table::Relation::invariant);
  }

  void FillAnchor(std::uint32_t own, AnchorId joined) {
    const SideNumbers& ids = Numbers(kOld);
    table::Anchor anchor = models_[kOld].anchors[own];
    anchor.name = model().anchors[joined.value].name;
    if (anchor.held_by.valid()) anchor.held_by = ids.role[anchor.held_by.value];
    for (auto* roles : {&anchor.also_held_by, &anchor.deputies})
      for (RoleId& role : *roles) role = ids.role[role.value];
    if (anchor.silence_anchor.valid())
      anchor.silence_anchor = ids.anchor[anchor.silence_anchor.value];
    for (AnchorId& below : anchor.below) below = ids.anchor[below.value];
    model().anchors[joined.value] = std::move(anchor);
  }

  static std::uint32_t IndexOf(const std::vector<std::string>& sorted, const std::string& name) {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(sorted, name) - sorted.begin());
  }

  // What an earlier succession called so keeps its name.
  std::string NameBefore(const std::string& name) const {
    return name.starts_with('~') || name.find('@') != std::string::npos
               ? name
               : name + "@" + models_[kOld].version;
  }

  AuthorityId AuthorityBefore(AuthorityId own) {
    if (!own.valid()) return {};
    table::Authority authority = models_[kOld].authorities[own.value];
    if (authority.anchor.valid()) authority.anchor = Numbers(kOld).anchor[authority.anchor.value];
    if (authority.from.valid()) authority.from = Numbers(kOld).role[authority.from.value];
    auto at = authorities_.find(authority.name);
    if (at != authorities_.end()) {
      const table::Authority& other = model().authorities[at->second.value];
      if (other.kind == authority.kind && other.anchor == authority.anchor &&
          other.from == authority.from)
        return at->second;
      authority.name = NameBefore(authority.name);
    }
    const AuthorityId next{static_cast<std::uint32_t>(model().authorities.size())};
    const auto [found, added] = authorities_.emplace(authority.name, next);
    if (added) model().authorities.push_back(std::move(authority));
    return found->second;
  }

  ClauseId ClauseBefore(ClauseId own) {
    if (!own.valid()) return {};
    const auto [at, added] =
        clauses_.emplace(own.value, ClauseId{static_cast<std::uint32_t>(model().clauses.size())});
    if (!added) return at->second;
    table::Clause clause = models_[kOld].clauses[own.value];
    clause.authority = AuthorityBefore(clause.authority);
    clause.name = NameBefore(clause.name);
    model().clauses.push_back(std::move(clause));
    return at->second;
  }

  // --- rows

  void FillMatrix(CapabilityId capability) {
    const std::array<CapabilityId, kSides> own = OwnCapabilities(vocabulary_, capability);
    JoinedMatrix joined = JoinMatrices(vocabulary_, tables_, own, JoinMode::kSuccession);
    std::vector<table::Column> columns = std::move(joined.matrix.columns);
    joined.matrix.columns.clear();
    const Cases before = CasesOf(joined.matrix, true), now = CasesOf(joined.matrix, false);
    std::array<const table::Matrix*, kSides> sides = {};
    for (std::size_t s = 0; s < kSides; ++s)
      if (own[s].valid()) sides[s] = &models_[s].matrices[own[s].value];
    DenyUnknown(own, before, now, joined.matrix.columns);
    const std::set<std::uint32_t> twice = ShareAnnotations(columns, joined, sides);
    for (std::uint32_t c = 0; c < columns.size(); ++c) {
      if (twice.contains(c)) continue;
      table::Column& column = columns[c];
      const std::array<std::uint32_t, kSides>& from = joined.columns[c].own;
      const bool newer = from[kNew] != kNoIndex;
      Describe(newer ? kNew : kOld, sides[newer ? kNew : kOld]->columns[from[newer ? kNew : kOld]],
               column);
      if (newer && column.clause.valid() &&
          model().clauses[column.clause.value].name == date_.clause)
        continue;
      if ((from[kOld] != kNoIndex && newer) || IsOccurrence(column)) {
        joined.matrix.columns.push_back(std::move(column));
      } else {
        Confine(column, newer ? now : before, joined.matrix.columns);
      }
    }
    model().matrices[capability.value] = std::move(joined.matrix);
  }

  // Whatever the version says of it, an event has happened.
  bool IsOccurrence(const table::Column& column) {
    return column.clause.valid() && model().clauses[column.clause.value].name == "~event";
  }

  // A version that does not have the capability gives it to nobody.
  void DenyUnknown(const std::array<CapabilityId, kSides>& own, const Cases& before,
                   const Cases& now, std::vector<table::Column>& columns) {
    if (own[kOld].valid() == own[kNew].valid()) return;
    const std::size_t s = own[kNew].valid() ? kNew : kOld;
    if (models_[s].capabilities[own[s].value].kind == CapabilityKind::kEvent) return;
    const auto clause = std::ranges::find(model().clauses, "~no_authority", &table::Clause::name);
    if (clause == model().clauses.end()) return;
    table::Column column;
    column.verdict = Verdict::kDeny;
    column.flags = kColumnBase;
    column.clause = ClauseId{static_cast<std::uint32_t>(clause - model().clauses.begin())};
    Confine(column, s == kNew ? before : now, columns);
  }

  // Annotations of one side that the other has as well become those of both. The result: those that
  // are dropped for it.
  std::set<std::uint32_t> ShareAnnotations(const std::vector<table::Column>& columns,
                                           JoinedMatrix& joined,
                                           const std::array<const table::Matrix*, kSides>& sides) {
    std::multimap<std::string, std::uint32_t> known;
    std::set<std::uint32_t> twice;
    const auto own = [&](std::uint32_t c, std::size_t s) -> const table::Column& {
      return sides[s]->columns[joined.columns[c].own[s]];
    };
    const auto anchor = [&](std::uint32_t c, std::size_t s) {
      const AnchorId id = own(c, s).anchor;
      return id.valid() ? Numbers(s).anchor[id.value] : AnchorId{};
    };
    for (std::uint32_t c = joined.decisions; c < columns.size(); ++c) {
      if (joined.columns[c].own[kOld] != kNoIndex)
        known.emplace(
            ClauseIdentity(*tables_[kOld], own(c, kOld)) + NameOfColumn(kOld, own(c, kOld)), c);
    }
    for (std::uint32_t c = joined.decisions; c < columns.size(); ++c) {
      if (joined.columns[c].own[kNew] == kNoIndex) continue;
      const table::Column& after = own(c, kNew);
      auto [at, end] =
          known.equal_range(ClauseIdentity(*tables_[kNew], after) + NameOfColumn(kNew, after));
      for (; at != end; ++at) {
        const std::uint32_t b = at->second;
        const table::Column& before = own(b, kOld);
        if (before.kind != after.kind || before.verdict != after.verdict ||
            before.flags != after.flags || anchor(b, kOld) != anchor(c, kNew) ||
            !SameConstraints(columns[b].constraints, columns[c].constraints))
          continue;
        joined.columns[c].own[kOld] = joined.columns[b].own[kOld];
        twice.insert(b);
        known.erase(at);
        break;
      }
    }
    return twice;
  }

  // The region or invariant that it is of.
  std::string NameOfColumn(std::size_t s, const table::Column& own) const {
    if (own.kind == ColumnKind::kRegion) return models_[s].regions[own.name];
    return own.kind == ColumnKind::kInvariant ? models_[s].invariants[own.name] : std::string();
  }

  // What the row says, in the numbers of the joined model.
  void Describe(std::size_t s, const table::Column& own, table::Column& column) {
    column.clause = s == kNew ? own.clause : ClauseBefore(own.clause);
    column.authority = s == kNew ? own.authority : AuthorityBefore(own.authority);
    column.anchor = own.anchor.valid() ? Numbers(s).anchor[own.anchor.value] : AnchorId{};
    if (own.kind == ColumnKind::kRegion)
      column.name = IndexOf(model().regions, models_[s].regions[own.name]);
    if (own.kind == ColumnKind::kInvariant)
      column.name = IndexOf(model().invariants, models_[s].invariants[own.name]);
  }

  // Where the case began before the date, or not: at its first event, or now where it has none.
  Cases CasesOf(const table::Matrix& matrix, bool before) const {
    const auto constraint = [&](FactId fact, const auto& admits) {
      const auto at = std::ranges::find_if(matrix.dimensions, [&](const table::Dimension& d) {
        return d.kind == DimensionKind::kFact && d.index == fact.value;
      });
      const table::AtomMap& map = vocabulary_.model.atom_maps[at->atoms.value];
      table::Constraint result{static_cast<std::uint32_t>(at - matrix.dimensions.begin()), {}};
      for (std::uint32_t a = 0; a < map.atom_count(); ++a) {
        const bool earlier = a > 0 && a <= map.cuts.size() && map.cuts[a - 1] <= date_.date_ms;
        result.atoms.push_back(admits(a == 0, earlier));
      }
      return result;
    };
    const auto begun = [&](bool missing, bool earlier) { return !missing && earlier == before; };
    const auto not_begun = [](bool missing, bool) { return missing; };
    // A time that nobody knows is not before the date (M10.1).
    const auto then = [&](bool, bool earlier) { return earlier == before; };
    Cases cases = {{constraint(date_.first, begun)}};
    std::vector<table::Constraint> open = {constraint(date_.first, not_begun)};
    if (vocabulary_.cuts.size() > 1) open.push_back(constraint(vocabulary_.cuts[1].first, then));
    if (vocabulary_.cuts.size() > 1 || !before) cases.push_back(std::move(open));
    return cases;
  }

  // The row once for each of the cases.
  static void Confine(const table::Column& column, const Cases& cases,
                      std::vector<table::Column>& out) {
    for (const std::vector<table::Constraint>& bounds : cases) {
      table::Column confined = column;
      bool possible = true;
      for (const table::Constraint& bound : bounds) {
        const auto at =
            std::ranges::find(confined.constraints, bound.dimension, &table::Constraint::dimension);
        if (at == confined.constraints.end()) {
          confined.constraints.push_back(bound);
          continue;
        }
        for (std::size_t a = 0; a < bound.atoms.size(); ++a)
          at->atoms[a] = at->atoms[a] && bound.atoms[a];
        possible = possible && std::ranges::find(at->atoms, true) != at->atoms.end();
      }
      if (!possible) continue;
      std::ranges::sort(confined.constraints, {}, &table::Constraint::dimension);
      out.push_back(std::move(confined));
    }
  }

  const std::array<const Table*, kSides> tables_;
  const std::array<table::Model, kSides> models_;
  const CaseDate& date_;
  JoinedVocabulary vocabulary_;
  std::map<std::string, AuthorityId, std::less<>> authorities_;  // of the joined model, by name
  std::map<std::uint32_t, ClauseId> clauses_;                    // joined, by the older one's own
  std::vector<std::string> problems_;
};

}  // namespace

std::expected<table::Model, std::vector<std::string>> Succeed(const Table& newer,
                                                              const Table& older,
                                                              const CaseDate& date) {
  return SuccessionMaker(newer, older, date).Run();
}

}  // namespace writ::analysis
