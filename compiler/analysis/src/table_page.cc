// From columns to rows that people read.
//
// A column is a box: for some dimensions, the atoms that it admits. Two boxes of one clause that
// differ in one dimension are one box with both sets of atoms, so the matrix of a policy with
// twenty roles still reads as one row a clause. Merging changes no decision: the union of the boxes
// stays what it was.
//
// Entry point: DescribeCapability.
#include "writ/analysis/table_page.h"

#include <algorithm>
#include <compare>
#include <map>
#include <set>
#include <utility>

#include "critic_dimensions.h"
#include "declaration_text.h"
#include "describer.h"
#include "goal.h"
#include "page_scope.h"
#include "writ/analysis/relation.h"
#include "writ/analysis/witness.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

// Beyond, rows stay as the matrix has them: a page of that length is read by nobody.
constexpr std::size_t kMaxMergeWork = 500'000;  // boxes times dimensions of one clause

struct MergedBox {
  std::map<std::uint32_t, AtomSet> atoms;  // by dimension; what is not here is free
  std::vector<std::uint32_t> columns;
};

// What columns have in common that may share a row.
struct GroupKey {
  ColumnKind kind;
  Verdict verdict;
  std::uint32_t anchor, owner;
  bool unknown, otherwise;
  std::uint32_t run;
  auto operator<=>(const GroupKey&) const = default;
};

std::string KeyWithout(const MergedBox& box, std::uint32_t dimension) {
  std::string key;
  for (const auto& [d, set] : box.atoms) {
    if (d == dimension) continue;
    key.append(reinterpret_cast<const char*>(&d), sizeof d);
    key.append(reinterpret_cast<const char*>(set.words()),
               set.word_count() * sizeof(std::uint64_t));
  }
  return key;
}

// Joins boxes that differ in `dimension` alone. Returns whether there were any.
bool MergeAlong(std::uint32_t dimension, const AtomSet& all, std::vector<MergedBox>* boxes) {
  std::map<std::string, std::size_t> first;
  std::vector<MergedBox> merged;
  for (MergedBox& box : *boxes) {
    const auto [at, is_new] = first.emplace(KeyWithout(box, dimension), merged.size());
    if (is_new) {
      merged.push_back(std::move(box));
      continue;
    }
    MergedBox& into = merged[at->second];
    const auto mine = box.atoms.find(dimension), theirs = into.atoms.find(dimension);
    if (theirs != into.atoms.end()) {
      if (mine != box.atoms.end()) theirs->second |= mine->second;
      if (mine == box.atoms.end() || theirs->second == all) into.atoms.erase(theirs);
    }
    into.columns.insert(into.columns.end(), box.columns.begin(), box.columns.end());
  }
  const bool changed = merged.size() < boxes->size();
  *boxes = std::move(merged);
  return changed;
}

template <typename Names>
void AddName(Names* names, std::string_view name) {
  if (std::ranges::find(*names, name) == names->end()) names->emplace_back(name);
}

const char* Name(Trigger trigger) {
  switch (trigger) {
    case Trigger::kNone:
      return "";
    case Trigger::kThreshold:
      return "threshold";
    case Trigger::kAmbiguity:
      return "ambiguity";
    case Trigger::kNovelty:
      return "novelty";
    case Trigger::kConflict:
      return "conflict";
  }
  return "";
}

std::string SourceName(const Table& table, const FactView& fact) {
  switch (fact.source) {
    case Source::kInput:
      return "input";
    case Source::kHost:
      return "host";
    case Source::kEvidence:
      return "evidence " +
             std::string(fact.evidence.valid() ? table.Evidence(fact.evidence).name : "");
    case Source::kHeader:
      return "header";
    case Source::kMeter:
      return "meter";
    case Source::kPrincipal:
      return "principal";
    case Source::kTool:
      return "tool";
    case Source::kModel:
      return "model";
    case Source::kBuiltin:
      return "run";
    case Source::kClaimed:
      return "claim";
  }
  return "";
}

// Whether `name` stands in `words` as a word of its own.
bool Mentions(std::string_view words, std::string_view name) {
  const auto part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  };
  for (std::size_t at = words.find(name); at != std::string_view::npos;
       at = words.find(name, at + 1)) {
    const bool begins = at == 0 || !part(words[at - 1]);
    const bool ends = at + name.size() >= words.size() || !part(words[at + name.size()]);
    if (begins && ends) return true;
  }
  return false;
}

class PageMaker {
 public:
  explicit PageMaker(const PageScope& scope)
      : table_(scope.space.table()),
        scope_(scope),
        s_(scope.space.impl()),
        describer_(s_, Wording::kPlain),
        for_critics_(CriticDimensions(s_)) {
    for (std::uint32_t d = 0; d < s_.dimensions.size(); ++d) {
      if (KindOf(d) == DimensionKind::kRole) role_dimension_ = d;
    }
  }

  CapabilityPage Run() {
    Head();
    Columns();
    for (auto& [first, boxes] : groups_) Group(first, &boxes);
    const auto by_column = [](const PageRow& a, const PageRow& b) {
      return a.columns.front() < b.columns.front();
    };
    for (auto* rows : {&page_.rows, &page_.duties}) std::ranges::sort(*rows, by_column);
    Named(page_.regions, ColumnKind::kRegion);
    Named(page_.invariants, ColumnKind::kInvariant);
    Thresholds();
    Authorities();
    Facts();
    Anchors();
    return std::move(page_);
  }

 private:
  DimensionKind KindOf(std::uint32_t d) const {
    return static_cast<DimensionKind>(s_.dimensions[d].view.kind);
  }

  void Head() {
    const CapabilityView view = table_.Capability(s_.capability);
    page_.name = view.name;
    page_.title = view.title;
    page_.system = view.system;
    page_.kind = KindName(view.kind);
    page_.risk = RiskName(view.risk);
    page_.irreversible = view.irreversible;
    for (std::uint32_t i = 0; i < table_.statement_count(); ++i) {
      const StatementView said = table_.Statement(i);
      if (said.of != StatementOf::kCapability || said.index != s_.capability.value) continue;
      page_.said.emplace_back(said.word, said.text);
    }
  }

  MergedBox BoxOf(std::uint32_t c) const {
    MergedBox box;
    box.columns = {c};
    for (std::uint32_t d = 0; d < s_.dimensions.size(); ++d) {
      if (s_.dimensions[d].full.Has(c)) continue;
      AtomSet atoms = s_.AtomsOf(c, d);
      atoms &= scope_.possible[d];
      if (atoms != scope_.possible[d]) box.atoms.emplace(d, std::move(atoms));
    }
    return box;
  }

  // Columns of one clause that decide the same, and know it or do not.
  void Columns() {
    std::map<GroupKey, std::size_t> known;
    // Of neighbours with one outcome: rows that are joined never pass a row with another.
    std::uint32_t run = 0, last = s_.columns;
    const ColumnSet& columns = scope_.columns;
    for (std::uint32_t c = columns.First(); c < s_.columns; c = columns.Next(c + 1)) {
      const ColumnView& column = s_.column[c];
      if (last < s_.columns && !SameOutcome(column, s_.column[last])) ++run;
      last = c;
      const bool named =
          column.kind == ColumnKind::kRegion || column.kind == ColumnKind::kInvariant;
      const bool unknown =
          (column.flags & kColumnUnknown) != 0 && column.kind == ColumnKind::kDecision;
      const std::uint32_t owner = named ? column.name : unknown ? kNoIndex : column.clause.value;
      const GroupKey key{column.kind,    column.verdict, column.anchor.value,
                         owner,          unknown,        (column.flags & kColumnOtherwise) != 0,
                         named ? 0 : run};
      const auto [at, is_new] = known.emplace(key, groups_.size());
      if (is_new) groups_.push_back({c, {}});
      groups_[at->second].second.push_back(BoxOf(c));
    }
  }

  void Merge(std::vector<MergedBox>* boxes) const {
    std::set<std::uint32_t> dimensions;
    for (const MergedBox& box : *boxes) {
      for (const auto& [d, set] : box.atoms) dimensions.insert(d);
    }
    if (boxes->size() < 2 || boxes->size() * dimensions.size() > kMaxMergeWork) return;
    bool changed = true;
    for (int pass = 0; changed && pass < 16; ++pass) {
      changed = false;
      for (const std::uint32_t d : dimensions)
        changed = MergeAlong(d, scope_.possible[d], boxes) || changed;
    }
  }

  void Group(std::uint32_t first, std::vector<MergedBox>* group) {
    const ColumnView& column = s_.column[first];
    Merge(group);
    if (column.kind == ColumnKind::kRegion || column.kind == ColumnKind::kInvariant) return;
    const std::vector<MergedBox>& boxes = *group;
    std::map<std::string, std::vector<const MergedBox*>> by_roles;
    for (const MergedBox& box : boxes) {
      const auto roles = box.atoms.find(role_dimension_);
      std::string key;
      if (roles != box.atoms.end()) {
        for (std::uint32_t a = roles->second.First(); a < roles->second.size();
             a = roles->second.Next(a + 1))
          key += std::to_string(a) + ' ';
      }
      by_roles[key].push_back(&box);
    }
    for (const auto& [key, same] : by_roles) {
      PageRow row = Row(column, same);
      auto& rows = column.kind == ColumnKind::kDecision ? page_.rows : page_.duties;
      rows.push_back(std::move(row));
    }
  }

  PageRow Row(const ColumnView& column, const std::vector<const MergedBox*>& boxes) {
    PageRow row;
    row.verdict = column.verdict;
    row.decision = describer_.Outcome(column);
    if (row.decision.starts_with("otherwise ")) row.decision.erase(0, 10);
    if (column.anchor.valid()) {
      if (column.verdict == Verdict::kEscalate || column.kind == ColumnKind::kNotify)
        row.anchor = table_.Anchor(column.anchor).name;
      anchors_.insert(column.anchor.value);
    }
    row.missing = (column.flags & kColumnUnknown) != 0;
    row.otherwise = (column.flags & kColumnBase) != 0 && column.verdict == Verdict::kAllow;
    // Where nothing is allowed on a condition, `otherwise` is what is left.
    const bool otherwise = (column.flags & kColumnOtherwise) != 0;
    const bool on_condition = otherwise && scope_.columns.Meets(s_.allow_when);
    row.otherwise = row.otherwise || (otherwise && !on_condition);
    Roles(*boxes.front(), &row);
    std::set<std::uint32_t> clauses;
    for (const MergedBox* box : boxes) {
      for (const std::uint32_t c : box->columns) {
        row.columns.push_back(c);
        if (s_.column[c].authority.valid())
          AddName(&row.under, table_.Authority(s_.column[c].authority).name);
        if (s_.column[c].clause.valid()) clauses.insert(s_.column[c].clause.value);
      }
    }
    std::vector<NamedValue> names;
    for (const std::uint32_t id : clauses) {
      const ClauseView clause = table_.Clause(ClauseId{id});
      AddName(&row.clauses, clause.name);
      if (clauses.size() == 1) Clause(clause, &row);
      for (NamedValue& named : ThresholdsIn(clause.words)) names.push_back(std::move(named));
    }
    for (const MergedBox* box : boxes) {
      std::string where = Where(*box, names);
      if (on_condition) where = "no row that allows holds" + (where.empty() ? "" : " and " + where);
      if (where.empty()) continue;
      AddName(&row.when, where);
      if (row.for_critics.size() == row.when.size()) continue;  // the same again
      row.for_critics.push_back(std::ranges::any_of(
          box->atoms, [&](const auto& entry) { return bool{for_critics_[entry.first]}; }));
    }
    std::ranges::sort(row.columns);
    return row;
  }

  static void Clause(const ClauseView& clause, PageRow* row) {
    row->words = clause.words;
    row->reason = clause.reason;
    row->trigger = Name(clause.trigger);
    row->file = clause.file;
    row->line = clause.line;
  }

  // The smaller of the two lists: those that it is about, or those that it is not about.
  void Roles(const MergedBox& box, PageRow* row) const {
    const auto found = box.atoms.find(role_dimension_);
    row->other_roles = found == box.atoms.end() || found->second.Has(found->second.size() - 1);
    if (found == box.atoms.end()) return;
    for (std::uint32_t role = 0; role < table_.role_count(); ++role) {
      if (found->second.Has(role + 1) != row->other_roles)
        row->roles.emplace_back(table_.Role(RoleId{role}).name);
    }
  }

  // Inputs first, as people ask; then the rest in the order of the matrix.
  std::string Where(const MergedBox& box, const std::vector<NamedValue>& names) const {
    std::vector<std::string> inputs, others;
    for (const auto& [d, set] : box.atoms) {
      if (d == role_dimension_) continue;
      const bool input = KindOf(d) == DimensionKind::kFact &&
                         table_.Fact(FactId{s_.dimensions[d].view.index}).source == Source::kInput;
      (input ? inputs : others).push_back(describer_.Condition(d, set, names));
    }
    inputs.insert(inputs.end(), others.begin(), others.end());
    std::string text;
    for (const std::string& part : inputs) text += (text.empty() ? "" : " and ") + part;
    // A single alternative needs no parentheses.
    const bool whole = inputs.size() == 1 && text.starts_with('(') && text.ends_with(')') &&
                       text.find(')') + 1 == text.size();
    return whole ? text.substr(1, text.size() - 2) : text;
  }

  std::vector<NamedValue> ThresholdsIn(std::string_view words) {
    std::vector<NamedValue> names;
    for (std::uint32_t i = 0; i < table_.threshold_count(); ++i) {
      const ThresholdView threshold = table_.Threshold(i);
      if (!Mentions(words, threshold.name)) continue;
      names.push_back({std::string(threshold.name), std::string(threshold.value)});
      thresholds_.insert(i);
    }
    return names;
  }

  void Named(std::vector<PageNamed>& into, ColumnKind kind) {
    for (const auto& [first, merged] : groups_) {
      const ColumnView& column = s_.column[first];
      if (column.kind != kind) continue;
      constexpr std::string_view kException = "~exception/";
      std::string name(kind == ColumnKind::kRegion ? table_.Region(column.name)
                                                   : table_.Invariant(column.name));
      const bool exception = name.starts_with(kException);
      if (name.starts_with("~") && !exception) continue;  // a ceiling of what this stands on
      if (exception) name.replace(0, kException.size(), "exception ");
      std::string where;
      for (const MergedBox& box : merged) {
        std::string part = Where(box, {});
        if (const auto roles = box.atoms.find(role_dimension_); roles != box.atoms.end()) {
          part +=
              (part.empty() ? "" : " and ") + describer_.Condition(role_dimension_, roles->second);
        }
        if (part.empty()) part = "always";
        where += (where.empty() ? "" : " or ") + part;
      }
      if (exception) {
        where = "lifted when " + where;
      } else if (kind == ColumnKind::kInvariant) {
        static constexpr const char* kVerdicts[] = {"allow", "escalate", "deny"};
        const std::string said = Relations(column.name);
        where = (said.empty()
                     ? std::string("never ") + kVerdicts[static_cast<std::size_t>(column.verdict)]
                     : said) +
                " when " + where;
      }
      into.push_back({std::move(name), where, ""});
    }
    std::ranges::sort(into, {}, &PageNamed::name);
  }

  // What the invariant says about this capability and another one, or along a fact.
  std::string Relations(std::uint32_t invariant) const {
    std::string said;
    for (std::uint32_t i = 0; i < table_.relation_count(); ++i) {
      const RelationView relation = table_.Relation(i);
      if (relation.invariant != invariant || relation.capability[0] != s_.capability) continue;
      said += (said.empty() ? "" : "; ") + RelationText(table_, relation);
    }
    return said;
  }

  void Thresholds() {
    for (const std::uint32_t i : thresholds_) {
      const ThresholdView threshold = table_.Threshold(i);
      page_.thresholds.push_back({std::string(threshold.name), std::string(threshold.value),
                                  std::string(threshold.reason)});
    }
  }

  // Who stands under what: from the columns that a role's requests fall into.
  void Authorities() {
    std::map<std::uint32_t, std::set<std::uint32_t>> roles;
    const ColumnSet& columns = scope_.columns;
    for (std::uint32_t c = columns.First(); c < s_.columns; c = columns.Next(c + 1)) {
      const ColumnView& column = s_.column[c];
      if (column.kind != ColumnKind::kDecision || !column.authority.valid()) continue;
      const AuthorityKind kind = table_.Authority(column.authority).kind;
      if (kind != AuthorityKind::kDelegation && kind != AuthorityKind::kGrant) continue;
      std::set<std::uint32_t>& standing = roles[column.authority.value];
      if (role_dimension_ == kNoIndex) continue;
      const AtomSet atoms = s_.AtomsOf(c, role_dimension_);
      for (std::uint32_t role = 0; role < table_.role_count(); ++role) {
        if (atoms.Has(role + 1)) standing.insert(role);
      }
    }
    for (const auto& [id, standing] : roles) {
      const AuthorityView view = table_.Authority(AuthorityId{id});
      PageAuthority authority{std::string(view.name),
                              view.kind == AuthorityKind::kGrant ? "grant" : "delegation",
                              "",
                              "",
                              {}};
      if (view.from.valid()) authority.from = table_.Role(view.from).name;
      if (view.anchor.valid()) {
        authority.anchor = table_.Anchor(view.anchor).name;
        anchors_.insert(view.anchor.value);
      }
      for (const std::uint32_t role : standing)
        authority.roles.emplace_back(table_.Role(RoleId{role}).name);
      page_.authorities.push_back(std::move(authority));
    }
  }

  void Facts() {
    std::set<std::uint32_t> evidence;
    const auto add = [&](FactId id, bool required) {
      const FactView fact = table_.Fact(id);
      if (fact.evidence.valid()) evidence.insert(fact.evidence.value);
      if (fact.meter.valid()) {
        const MeterView meter = table_.Meter(fact.meter);
        page_.meters.push_back({std::string(meter.name), MeterText(table_, meter), ""});
      }
      std::string missing = required                                 ? "required"
                            : fact.missing == MissingWord::kEscalate ? "escalate"
                                                                     : "deny";
      if (!required && fact.missing == MissingWord::kValue)
        missing = "read as " + SubstituteText(table_, id);
      page_.facts.push_back({std::string(fact.name), TypeText(table_, id), SourceName(table_, fact),
                             missing, fact.for_critics});
    };
    const CapabilityView capability = table_.Capability(s_.capability);
    for (const FactId id : capability.inputs) add(id, true);
    for (const FactId id : capability.optional_inputs) add(id, false);
    std::vector<FactId> rest;
    for (std::uint32_t i = 0; i < s_.matrix.signature_count(); ++i) {
      const FactId id = s_.matrix.Signature(i).fact;
      const FactView fact = table_.Fact(id);
      const bool builtin =
          fact.source == Source::kBuiltin &&
          (fact.name == "now" || fact.name == "role" || fact.name.starts_with("evidence."));
      if (!builtin && fact.source != Source::kInput) rest.push_back(id);
    }
    std::ranges::sort(rest, {}, [&](FactId id) { return table_.Fact(id).name; });
    for (const FactId id : rest) add(id, false);
    for (const EvidenceSlot& slot : s_.slots) evidence.insert(slot.evidence.value);
    for (const std::uint32_t id : evidence) {
      page_.evidence.push_back({std::string(table_.Evidence(EvidenceId{id}).name),
                                EvidenceText(table_, table_.Evidence(EvidenceId{id})), ""});
    }
  }

  void Anchors() {
    for (const std::uint32_t id : anchors_) {
      const AnchorView view = table_.Anchor(AnchorId{id});
      PageAnchor anchor{std::string(view.name),
                        std::string(view.title),
                        std::string(view.channel),
                        "",
                        {},
                        {},
                        ""};
      if (view.held_by.valid()) anchor.held_by.emplace_back(table_.Role(view.held_by).name);
      for (const RoleId role : view.also_held_by)
        anchor.held_by.emplace_back(table_.Role(role).name);
      for (const RoleId role : view.deputies) anchor.deputies.emplace_back(table_.Role(role).name);
      if (view.within_ms > 0)
        anchor.within = FormatNumber(ValueType::kDuration, "", 0, view.within_ms);
      anchor.silence = view.next_deputy ? "next deputy, then " : "";
      anchor.silence += view.silence_anchor.valid()
                            ? "escalate to " + std::string(table_.Anchor(view.silence_anchor).name)
                            : "deny";
      anchor.above = static_cast<std::uint32_t>(view.below.size());
      page_.anchors.push_back(std::move(anchor));
    }
  }

  const Table& table_;
  const PageScope& scope_;
  const Space::Impl& s_;
  const Describer describer_;
  const std::vector<bool> for_critics_;  // by dimension
  std::uint32_t role_dimension_ = kNoIndex;
  std::vector<std::pair<std::uint32_t, std::vector<MergedBox>>>
      groups_;  // a column like all of the group, and the boxes
  std::set<std::uint32_t> anchors_, thresholds_;
  CapabilityPage page_;
};

}  // namespace

CapabilityPage DescribeScope(const PageScope& scope) { return PageMaker(scope).Run(); }

CapabilityPage DescribeCapability(const Table& table, CapabilityId capability) {
  const Space space(table, capability);
  PageScope scope{space, ColumnSet::All(space.column_count()), {}};
  for (const DimensionInfo& dimension : space.impl().dimensions)
    scope.possible.push_back(dimension.allowed);
  return DescribeScope(scope);
}

}  // namespace writ::analysis
