// Nearest requests with another decision.
//
// All that the request gives is fixed except one or two units of change; whether a request of that
// space is decided as wanted is a question like any other (coverage.h), so "no" is a proof. The
// nearest value of a number is found by halving the interval around the given one: with a wider
// interval a request can only be found more easily. What is found is put into the original request
// and decided again, and only what the runtime confirms is reported.
//
// Entry point: FindCounterfactuals.
#include "writ/analysis/counterfactual.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "space_impl.h"
#include "writ/analysis/coverage.h"
#include "writ/runtime/calendar.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

// What a requester can change, the easiest first.
enum Ease : std::uint8_t { kInput, kEvidenceAgain, kKnown, kAbout, kRecorded, kGiven };

struct Unit {
  ChangeOf what = ChangeOf::kFact;
  FactId fact;
  EvidenceId evidence;
  Ease ease = kInput;
  std::string name;
};

// A unit that is free to change, within bounds if it is a number.
struct Free {
  const Unit* unit = nullptr;
  bool may_be_missing = false;
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  std::optional<ConcreteValue> only = {};  // this value
};

FactRestriction AsGiven(FactId fact, const ConcreteValue& value) {
  switch (value.kind) {
    case ValueKind::kNumber:
      return Exactly(fact, value.number);
    case ValueKind::kText:
      return ExactlyText(fact, value.text);
    case ValueKind::kTextSet: {
      FactRestriction restriction = Present(fact);
      restriction.texts = value.texts;
      return restriction;
    }
    case ValueKind::kMissing:
      return Missing(fact);
    case ValueKind::kMalformed:
      break;
  }
  FactRestriction restriction = Present(fact);
  restriction.malformed = true;
  return restriction;
}

Ease EaseOf(const FactView& fact) {
  switch (fact.source) {
    case Source::kInput:
      return IsTextType(fact.type) ? kAbout : kInput;  // another order is another request
    case Source::kEvidence:
    case Source::kHost:
    case Source::kTool:
    case Source::kModel:
    case Source::kClaimed:
      return kKnown;
    case Source::kMeter:
      return kRecorded;
    case Source::kHeader:
    case Source::kPrincipal:
    case Source::kBuiltin:
      return kGiven;
  }
  return kGiven;
}

bool SameValue(const ConcreteValue& a, const ConcreteValue& b) {
  if (a.kind != b.kind) return false;
  return a.kind == ValueKind::kText ? a.text == b.text : a.number == b.number;
}

class Finder {
 public:
  Finder(const Table& table, const Request& request, const CounterfactualOptions& options)
      : table_(table),
        options_(options),
        base_(table, request.capability),
        budget_(options.budget) {
    given_.capability = request.capability;
    given_.role = request.role;
    given_.now_ms = request.now_ms;
    given_.as_in_force = request.as_in_force;
    for (std::uint32_t f = 0; f < table.fact_count(); ++f)
      given_.values.push_back(OwnedValue(request.values[f]));
    given_.decision = Decide(table, nullptr, request);
    MakeUnits(request);
  }

  Counterfactuals Run() {
    for (const Verdict verdict : {Verdict::kAllow, Verdict::kEscalate, Verdict::kDeny}) {
      if (verdict == given_.decision.verdict) continue;
      target_ = verdict;
      for (const bool missing : {false, true}) {
        if (Search(missing)) break;
      }
    }
    result_.complete = result_.complete && !budget_.exhausted();
    return std::move(result_);
  }

 private:
  const Space::Impl& base() const { return base_.impl(); }

  void MakeUnits(const Request& request) {
    std::set<std::uint32_t> of_evidence;
    for (const EvidenceSlot& slot : base().slots) {
      const EvidenceView view = table_.Evidence(slot.evidence);
      of_evidence.insert(view.at.value);
      for (const FactId fact : view.about_given) of_evidence.insert(fact.value);
      fresh_.push_back(IsFresh(table_, slot.evidence, request));
      const bool malformed =
          Malformed(view.at) ||
          std::ranges::any_of(view.about_given, [&](FactId f) { return Malformed(f); });
      Add({ChangeOf::kEvidence, {}, slot.evidence, kEvidenceAgain, std::string(view.name)},
          malformed);
    }
    for (const FactDomain& domain : base().domains) {
      if (domain.fact == base().now_fact || domain.fact == base().role_fact ||
          of_evidence.contains(domain.fact.value))
        continue;
      const FactView view = table_.Fact(domain.fact);
      const bool lacks =
          Malformed(domain.fact) ||
          (IsRequired(domain.fact) && given_.values[domain.fact.value].kind == ValueKind::kMissing);
      Add({ChangeOf::kFact, domain.fact, {}, EaseOf(view), std::string(view.name)}, lacks);
    }
    Add({ChangeOf::kRole, {}, {}, kGiven, "role"}, false);
    Add({ChangeOf::kNow, {}, {}, kGiven, "now"}, false);
    const auto by_ease = [](const Unit& a, const Unit& b) {
      return std::tie(a.ease, a.name) < std::tie(b.ease, b.name);
    };
    std::ranges::sort(units_, by_ease);
    std::ranges::sort(forced_, by_ease);
  }

  void Add(Unit unit, bool forced) { (forced ? forced_ : units_).push_back(std::move(unit)); }

  bool Malformed(FactId fact) const {
    return given_.values[fact.value].kind == ValueKind::kMalformed || IsMalformedNow(fact);
  }
  bool IsMalformedNow(FactId fact) const {
    const WitnessRequest request(given_);
    return IsMalformed(table_, fact, request.request().values[fact.value]);
  }
  bool IsRequired(FactId fact) const {
    for (const FactId input : table_.Capability(given_.capability).inputs) {
      if (input == fact) return true;
    }
    return false;
  }

  // The fewest changes that whoever asks can make; then what only the header or the clock could
  // make otherwise. `missing`: a fact may also become missing.
  bool Search(bool missing) {
    std::vector<Free> free;
    for (const Unit& unit : forced_) free.push_back({&unit, false});
    if (!free.empty() && Try(free)) return true;
    const auto mine = std::ranges::find(units_, kGiven, &Unit::ease);
    const std::span<const Unit> all(units_),
        own = all.first(static_cast<std::size_t>(mine - units_.begin()));
    const bool pairs = options_.max_changes >= 2;
    const bool found = Singles(free, own, missing) || (pairs && Pairs(free, own, missing));
    if (Singles(free, all.subspan(own.size()), missing) || found) return true;
    return pairs && Pairs(free, all, missing);
  }

  bool Singles(std::vector<Free> free, std::span<const Unit> units, bool missing) {
    std::uint32_t found = 0;
    free.emplace_back();
    for (const Unit& unit : units) {
      free.back() = {&unit, missing};
      if (found < options_.keep && Try(free)) ++found;
    }
    return found > 0;
  }

  // By the harder of the two, so that what nobody can change comes last.
  bool Pairs(std::vector<Free> free, std::span<const Unit> units, bool missing) {
    std::vector<std::pair<const Unit*, const Unit*>> pairs;
    for (std::size_t b = 1; b < units.size(); ++b) {
      for (std::size_t a = 0; a < b; ++a) pairs.emplace_back(&units[a], &units[b]);
    }
    std::ranges::stable_sort(
        pairs, {}, [](const auto& pair) { return std::pair(pair.second->ease, pair.first->ease); });
    std::uint32_t found = 0;
    free.resize(free.size() + 2);
    for (const auto& [a, b] : pairs) {
      free[free.size() - 2] = {a, missing};
      free[free.size() - 1] = {b, missing};
      if (found < options_.keep && Try(free)) ++found;
    }
    return found > 0;
  }

  // Whether these changes give the verdict; if so, with the nearest values.
  bool Try(std::vector<Free> free) {
    std::optional<Witness> found = Ask(free);
    if (!found) return false;
    for (std::size_t i = 0; i < free.size(); ++i) Narrow(i, &free, &*found);
    Keep(free, *std::move(found));
    return true;
  }

  // Closes in on the given number, the other changes as free as they still are; then stays with
  // what was found.
  void Narrow(std::size_t i, std::vector<Free>* free, Witness* found) {
    Free& one = (*free)[i];
    const std::optional<std::int64_t> from = NumberOf(*one.unit, given_);
    if (const auto now = NumberOf(*one.unit, *found); from && now && IsMeasured(*one.unit)) {
      std::uint64_t near = 0, far = Distance(*from, *now);
      while (far - near > 1) {
        const std::uint64_t middle = near + (far - near) / 2;
        one.low = Below(*from, middle);
        one.high = Above(*from, middle);
        if (std::optional<Witness> nearer = Ask(*free)) {
          *found = *std::move(nearer);
          far = Distance(*from, *NumberOf(*one.unit, *found));
        } else {
          near = middle;
        }
      }
    }
    if (const auto now = NumberOf(*one.unit, *found)) one.low = one.high = *now;
  }

  static std::uint64_t Distance(std::int64_t a, std::int64_t b) {
    return a < b ? static_cast<std::uint64_t>(b) - static_cast<std::uint64_t>(a)
                 : static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b);
  }
  static std::int64_t Below(std::int64_t from, std::uint64_t by) {
    return Distance(from, kMin) <= by
               ? kMin
               : static_cast<std::int64_t>(static_cast<std::uint64_t>(from) - by);
  }
  static std::int64_t Above(std::int64_t from, std::uint64_t by) {
    return Distance(from, kMax) <= by
               ? kMax
               : static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + by);
  }

  // A set of enum values is a number too, but not one that is near to another.
  bool IsMeasured(const Unit& unit) const {
    return unit.what == ChangeOf::kNow ||
           (unit.what == ChangeOf::kFact && !IsSetType(table_.Fact(unit.fact).type));
  }

  static std::optional<std::int64_t> NumberOf(const Unit& unit, const Witness& witness) {
    if (unit.what == ChangeOf::kNow) return witness.now_ms;
    if (unit.what != ChangeOf::kFact) return std::nullopt;
    const ConcreteValue& value = witness.values[unit.fact.value];
    return value.kind == ValueKind::kNumber ? std::optional(value.number) : std::nullopt;
  }

  Restriction Around(const std::vector<Free>& free) const {
    Restriction r;
    r.as_in_force = given_.as_in_force;
    std::set<std::uint32_t> changing;
    std::set<std::uint32_t> renewed;
    bool role = false, now = false;
    for (const Free& one : free) {
      if (one.unit->what == ChangeOf::kRole) role = true;
      if (one.unit->what == ChangeOf::kEvidence) renewed.insert(one.unit->evidence.value);
      if (one.unit->what == ChangeOf::kNow) now = true;
      if (one.unit->what != ChangeOf::kFact && one.unit->what != ChangeOf::kNow) continue;
      const FactId fact = one.unit->what == ChangeOf::kNow ? base().now_fact : one.unit->fact;
      if (!fact.valid()) continue;
      changing.insert(fact.value);
      if (one.only) {
        r.facts.push_back(AsGiven(fact, *one.only));
        continue;
      }
      FactRestriction bounds = Between(fact, one.low, one.high);
      bounds.may_be_missing = one.may_be_missing;
      r.facts.push_back(std::move(bounds));
    }
    if (!role) r.roles = {given_.role};
    r.known_role = role;
    if (!now && base().now_fact.valid()) r.facts.push_back(Exactly(base().now_fact, given_.now_ms));
    FixEvidence(free, changing, renewed, &r);
    FixFacts(&changing, &r);
    return r;
  }

  void FixFacts(std::set<std::uint32_t>* changing, Restriction* r) const {
    std::set<std::uint32_t> of_evidence;
    for (const EvidenceSlot& slot : base().slots) {
      of_evidence.insert(table_.Evidence(slot.evidence).at.value);
      for (const FactId fact : table_.Evidence(slot.evidence).about_given)
        of_evidence.insert(fact.value);
    }
    for (const FactDomain& domain : base().domains) {
      const bool other = domain.fact == base().now_fact || domain.fact == base().role_fact ||
                         of_evidence.contains(domain.fact.value);
      if (!other && !changing->contains(domain.fact.value))
        r->facts.push_back(AsGiven(domain.fact, given_.values[domain.fact.value]));
    }
  }

  // Evidence stays as fresh as it is, unless its freshness may follow from what changes.
  void FixEvidence(const std::vector<Free>& free, const std::set<std::uint32_t>& changing,
                   const std::set<std::uint32_t>& renewed, Restriction* r) const {
    const bool now = Changing(free, ChangeOf::kNow, {}) != nullptr;
    for (std::size_t i = 0; i < base().slots.size(); ++i) {
      const EvidenceId id = base().slots[i].evidence;
      const EvidenceView view = table_.Evidence(id);
      if (renewed.contains(id.value)) {
        r->evidence.push_back({id, true});
        if (base().slots[i].explicit_time) FixRenewed(view, free, r);
        continue;
      }
      const bool follows = now || base().slots[i].explicit_time ||
                           std::ranges::any_of(view.about_wanted, [&](FactId fact) {
                             return changing.contains(fact.value);
                           });
      if (!follows) {
        r->evidence.push_back({id, fresh_[i]});
        continue;
      }
      r->facts.push_back(AsGiven(view.at, given_.values[view.at.value]));
      for (const FactId fact : view.about_given)
        r->facts.push_back(AsGiven(fact, given_.values[fact.value]));
    }
  }

  // Null: it stays as it is.
  static const Free* Changing(const std::vector<Free>& free, ChangeOf what, FactId fact) {
    const auto at = std::ranges::find_if(free, [&](const Free& one) {
      return one.unit->what == what && (what != ChangeOf::kFact || one.unit->fact == fact);
    });
    return at == free.end() ? nullptr : &*at;
  }

  // A condition reads its time or object itself: these are what Renew will make them, as far as
  // that is known.
  void FixRenewed(const EvidenceView& view, const std::vector<Free>& free, Restriction* r) const {
    const Free* now = Changing(free, ChangeOf::kNow, {});
    r->facts.push_back(now ? Between(view.at, now->low, now->high)
                           : Exactly(view.at, given_.now_ms));
    for (std::size_t i = 0; i < view.about_given.size(); ++i) {
      const FactId wanted = view.about_wanted[i];
      const Free* changing = Changing(free, ChangeOf::kFact, wanted);
      if (changing && !changing->only) continue;
      r->facts.push_back(
          AsGiven(view.about_given[i], changing ? *changing->only : given_.values[wanted.value]));
    }
  }

  // A request with these changes that the runtime decides as wanted. Evidence that is obtained
  // again has the time and the object of the request, which no restriction says where these change
  // as well. Where a request is found in which they differ, the instants are split between the two,
  // or the object is held to be one of both.
  std::optional<Witness> Ask(const std::vector<Free>& free) {
    std::vector<std::vector<Free>> open = {free};
    while (!open.empty()) {
      const std::vector<Free> at = std::move(open.back());
      open.pop_back();
      std::optional<Witness> differs;
      if (std::optional<Witness> found = AskOnce(at, &differs)) return found;
      if (differs) Split(at, *differs, &open);
    }
    return std::nullopt;
  }

  void Split(const std::vector<Free>& free, const Witness& differs,
             std::vector<std::vector<Free>>* open) const {
    for (const Free& one : free) {
      if (one.unit->what != ChangeOf::kEvidence) continue;
      const EvidenceView view = table_.Evidence(one.unit->evidence);
      const ConcreteValue& at = differs.values[view.at.value];
      const Free* now = Changing(free, ChangeOf::kNow, {});
      if (now && at.kind == ValueKind::kNumber && at.number != differs.now_ms) {
        const std::int64_t last =
            std::min(at.number, differs.now_ms) +
            static_cast<std::int64_t>(Distance(at.number, differs.now_ms) / 2);
        for (const bool later : {true, false}) {
          open->push_back(free);
          Free& half = open->back()[static_cast<std::size_t>(now - free.data())];
          (later ? half.low : half.high) = later ? last + 1 : last;
        }
        return;
      }
      for (std::size_t i = 0; i < view.about_given.size(); ++i) {
        const Free* wanted = Changing(free, ChangeOf::kFact, view.about_wanted[i]);
        if (!wanted || wanted->only) continue;
        const ConcreteValue& a = differs.values[view.about_wanted[i].value];
        const ConcreteValue& b = differs.values[view.about_given[i].value];
        for (const ConcreteValue& only : {b, a}) {
          open->push_back(free);
          open->back()[static_cast<std::size_t>(wanted - free.data())].only = only;
        }
        return;
      }
    }
  }

  // `differs`: one that would be decided so, were it not for what is obtained again.
  std::optional<Witness> AskOnce(const std::vector<Free>& free, std::optional<Witness>* differs) {
    if (++questions_ > options_.max_questions || budget_.exhausted()) {
      result_.complete = false;
      return std::nullopt;
    }
    const Space space(table_, given_.capability, Around(free));
    if (space.empty() || space.forced_builtin() != BuiltinRow::kNone) return std::nullopt;
    Where where;
    where.winner = space.ColumnsWith(target_);
    const Answer answer = FindWhere(space, where, budget_);
    if (answer.outcome == Outcome::kUnknown) result_.complete = false;
    if (answer.outcome != Outcome::kFound) return std::nullopt;
    Witness changed = given_;
    for (const Free& one : free) Apply(*one.unit, *answer.witness, &changed);
    for (const Free& one : free) Renew(*one.unit, &changed);
    const WitnessRequest request(changed);
    changed.decision = Decide(table_, nullptr, request.request());
    if (changed.decision.verdict == target_ && changed.decision.builtin == BuiltinRow::kNone)
      return changed;
    *differs = *answer.witness;
    return std::nullopt;
  }

  static void Apply(const Unit& unit, const Witness& from, Witness* to) {
    switch (unit.what) {
      case ChangeOf::kFact:
        to->values[unit.fact.value] = from.values[unit.fact.value];
        break;
      case ChangeOf::kRole:
        to->role = from.role;
        break;
      case ChangeOf::kNow:
        to->now_ms = from.now_ms;
        break;
      case ChangeOf::kEvidence:
        break;
    }
  }

  // Evidence that is obtained again, after everything else is known: now, about this request.
  void Renew(const Unit& unit, Witness* changed) const {
    if (unit.what != ChangeOf::kEvidence) return;
    const EvidenceView view = table_.Evidence(unit.evidence);
    changed->values[view.at.value] = {ValueKind::kNumber, changed->now_ms, "", {}};
    for (std::size_t i = 0; i < view.about_given.size(); ++i) {
      changed->values[view.about_given[i].value] = changed->values[view.about_wanted[i].value];
    }
  }

  std::string RoleText(RoleId role) const {
    return role.valid() && role.value < table_.role_count() ? std::string(table_.Role(role).name)
                                                            : "a role not declared here";
  }

  void Keep(const std::vector<Free>& free, Witness found) {
    Counterfactual one;
    one.decision = found.decision;
    for (const Free& f : free) {
      const Unit& unit = *f.unit;
      FactChange change{unit.what, unit.fact, unit.evidence, unit.name, "", ""};
      switch (unit.what) {
        case ChangeOf::kFact:
          change.from = FormatValue(table_, unit.fact, given_.values[unit.fact.value]);
          change.to = FormatValue(table_, unit.fact, found.values[unit.fact.value]);
          break;
        case ChangeOf::kRole:
          change.from = RoleText(given_.role);
          change.to = RoleText(found.role);
          break;
        case ChangeOf::kNow:
          change.from = FormatNumber(ValueType::kTime, "", 0, given_.now_ms);
          change.to = FormatNumber(ValueType::kTime, "", 0, found.now_ms);
          break;
        case ChangeOf::kEvidence:
          change.from = "not fresh";
          change.to = "fresh";
          break;
      }
      if (change.from != change.to) one.changes.push_back(std::move(change));
    }
    one.changed = std::move(found);
    result_.nearest.push_back(std::move(one));
  }

  const Table& table_;
  const CounterfactualOptions& options_;
  const Space base_;
  Budget budget_;
  Witness given_;
  std::vector<Unit> units_, forced_;  // forced: has to change before any row is looked at
  std::vector<bool> fresh_;           // by slot of the base
  Verdict target_ = Verdict::kAllow;
  std::uint32_t questions_ = 0;
  Counterfactuals result_;
};

}  // namespace

Counterfactuals FindCounterfactuals(const Table& table, const Request& request,
                                    const CounterfactualOptions& options) {
  return Finder(table, request, options).Run();
}

ConcreteValue OwnedValue(const Value& value) {
  ConcreteValue owned;
  owned.kind = value.kind;
  owned.number = value.number;
  if (value.kind == ValueKind::kText) owned.text.assign(value.text, value.size);
  for (std::uint32_t i = 0; value.kind == ValueKind::kTextSet && i < value.size; ++i)
    owned.texts.emplace_back(value.texts[i]);
  return owned;
}

bool IsFresh(const Table& table, EvidenceId id, const Request& request) {
  const EvidenceView view = table.Evidence(id);
  const Value& at = request.values[view.at.value];
  if (at.kind != ValueKind::kNumber || at.number > request.now_ms) return false;
  if (at.number < WindowStart(table, request.now_ms, view.within_ms, view.within_months))
    return false;
  for (std::size_t i = 0; i < view.about_given.size(); ++i) {
    const ConcreteValue given = OwnedValue(request.values[view.about_given[i].value]);
    const ConcreteValue wanted = OwnedValue(request.values[view.about_wanted[i].value]);
    if (given.kind != ValueKind::kText && given.kind != ValueKind::kNumber) return false;
    if (!SameValue(given, wanted)) return false;
  }
  return true;
}

std::string WhyItLost(const Table& table, const Decision& winner, std::uint32_t column) {
  const MatrixView matrix = table.Matrix(winner.capability);
  const ColumnView won = matrix.Column(winner.column), lost = matrix.Column(column);
  static constexpr const char* kVerdicts[] = {"allow", "escalate", "deny"};
  if (lost.verdict != won.verdict) {
    return std::string(kVerdicts[static_cast<std::size_t>(won.verdict)]) + " wins over " +
           kVerdicts[static_cast<std::size_t>(lost.verdict)];
  }
  if (won.verdict == Verdict::kEscalate && won.anchor != lost.anchor) {
    return std::string(table.Anchor(won.anchor).name) + " ranks above " +
           std::string(table.Anchor(lost.anchor).name);
  }
  const bool unsure = (lost.flags & kColumnUnknown) != 0 && (won.flags & kColumnUnknown) == 0;
  if (unsure) return "a row that is known to hold goes before one for want of a fact";
  return "the same decision; the clause that comes first by name is reported";
}

}  // namespace writ::analysis
