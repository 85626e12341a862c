// One capability's matrix under one restriction, prepared for questions.
//
// Everything that holds for each request of the space is worked out once: which values a fact can
// have (its type, the signature, the restriction), which atoms that leaves, which evidence the
// matrix depends on, and which dimensions hang together, so that a question can treat the rest as a
// plain product of atom sets.
//
// Entry point: Space::Impl::Impl.
#include "writ/analysis/space.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "space_impl.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

constexpr std::int64_t kNewYear2026Ms =
    1'767'225'600'000;  // a `now` to show where the policy names no date

Range TypeRange(const Table& table, FactId id) {
  const FactView fact = table.Fact(id);
  switch (fact.type) {
    case ValueType::kBool:
      return {0, 1};
    case ValueType::kEnum:
      return {0, std::int64_t{fact.value_count} - 1};
    case ValueType::kEnumSet:
      return {0, static_cast<std::int64_t>((std::uint64_t{1} << (fact.value_count & 63)) - 1)};
    case ValueType::kRole:
      return {0,
              std::int64_t{table.role_count()}};  // role_count(): one that the table does not know
    case ValueType::kInteger:
    case ValueType::kDecimal:
    case ValueType::kMoney:
    case ValueType::kDuration:
    case ValueType::kTime:
      return {fact.low, fact.high};
    case ValueType::kId:
    case ValueType::kText:
    case ValueType::kIdSet:
      return {0, 0};
  }
  return {0, -1};
}

// Merges sets of small numbers (Tarjan 1975, path halving).
class UnionFind {
 public:
  explicit UnionFind(std::size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t Find(std::size_t x) {
    while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
    return x;
  }
  void Join(std::size_t a, std::size_t b) { parent_[Find(a)] = Find(b); }

 private:
  std::vector<std::size_t> parent_;
};

class Builder {
 public:
  explicit Builder(Space::Impl* space) : s_(*space), table_(space->table) {}

  void Run() {
    LoadColumns();
    CollectReads();
    MakeDomains();
    Restrict();
    MakeSlots();
    MakeDimensions();
    MakeComponents();
    CheckEmpty();
  }

 private:
  void LoadColumns() {
    s_.matrix = table_.Matrix(s_.capability);
    s_.columns = s_.matrix.column_count();
    // The table pads long rows of bits; sets of columns have only the words that can have any.
    s_.words = static_cast<std::uint32_t>(ColumnSet(s_.columns).word_count());
    s_.decisions = s_.otherwise = s_.allow_when = s_.switched_off = ColumnSet(s_.columns);
    for (std::uint32_t c = 0; c < s_.columns; ++c) {
      s_.column.push_back(s_.matrix.Column(c));
      const ColumnView& column = s_.column.back();
      const bool off = s_.restriction.as_in_force && (column.flags & kColumnEffective) != 0;
      if (off) s_.switched_off.Add(c);
      if (column.kind != ColumnKind::kDecision || off) continue;
      s_.decisions.Add(c);
      if ((column.flags & kColumnOtherwise) != 0) s_.otherwise.Add(c);
      if ((column.flags & kColumnAllowWhen) != 0) s_.allow_when.Add(c);
    }
    for (std::uint32_t d = 0; d < s_.matrix.dimension_count(); ++d) {
      s_.first_row.push_back(static_cast<std::uint32_t>(s_.rows.size()));
      for (std::uint32_t a = 0; a < s_.matrix.Dimension(d).atom_count; ++a)
        s_.rows.push_back(s_.matrix.Bits(d, a));
    }
    for (std::uint32_t i = 0; i < s_.matrix.instruction_count(); ++i)
      s_.code.push_back(s_.matrix.Instruction(i));
    const FactId now = table_.FindFact("now");
    if (now.valid() && table_.Fact(now).source == Source::kBuiltin) s_.now_fact = now;
    const FactId role = table_.FindFact("role");
    if (role.valid() && table_.Fact(role).source == Source::kBuiltin) s_.role_fact = role;
    s_.preferred_now = table_.has_effective() ? table_.effective_ms() : kNewYear2026Ms;
    if (!s_.now_fact.valid()) return;
    const Range range = TypeRange(table_, s_.now_fact);
    if (range.low <= range.high)
      s_.preferred_now = std::clamp(s_.preferred_now, range.low, range.high);
  }

  void Read(FactId fact) {
    if (fact.valid() && reads_.insert(fact.value).second) pending_.push_back(fact);
  }
  bool Reads(FactId fact) const { return fact.valid() && reads_.contains(fact.value); }
  // Whether what is seen of the meter is what is given with this request on top. Of `distinct` the
  // request gives what it comes to with this request in it.
  bool AddsThis(const MeterView& meter) const {
    return meter.including_this && meter.fold != Fold::kDistinct &&
           std::find(meter.targets.begin(), meter.targets.end(), s_.capability) !=
               meter.targets.end();
  }

  // All facts that the columns depend on, through code, meters and evidence.
  void CollectReads() {
    for (std::uint32_t d = 0; d < s_.matrix.dimension_count(); ++d) {
      const DimensionView view = s_.matrix.Dimension(d);
      if (static_cast<DimensionKind>(view.kind) == DimensionKind::kFact) Read(FactId{view.index});
      if (static_cast<DimensionKind>(view.kind) == DimensionKind::kEvidence)
        evidence_.insert(view.index);
    }
    for (const InstructionView& in : s_.code) {
      ForEachFact(in, [&](FactId fact) { Read(fact); });
      if (in.op == Op::kEvidence) evidence_.insert(in.a);
    }
    for (std::uint32_t i = 0; i < s_.matrix.signature_count(); ++i)
      Read(s_.matrix.Signature(i).fact);
    Spread();
    for (const EvidenceRestriction& r :
         s_.restriction.evidence) {  // asked for, and its time is read
      const EvidenceView view = table_.Evidence(r.evidence);
      bool read = Reads(view.at);
      for (const FactId fact : view.about_given) read = read || Reads(fact);
      if (read) evidence_.insert(r.evidence.value);
    }
    Spread();
    // Evidence whose time or object is itself read or restricted: its freshness follows from them.
    std::set<std::uint32_t> restricted;
    for (const FactRestriction& r : s_.restriction.facts) restricted.insert(r.fact.value);
    for (bool more = true; std::exchange(more, false);) {
      for (const std::uint32_t e : std::set<std::uint32_t>(evidence_)) {
        const EvidenceView view = table_.Evidence(EvidenceId{e});
        bool named = Reads(view.at) || restricted.contains(view.at.value);
        for (const FactId fact : view.about_given)
          named = named || Reads(fact) || restricted.contains(fact.value);
        if (!named || !explicit_.insert(e).second) continue;
        more = true;
        Read(view.at);
        Read(s_.now_fact);
        for (const FactId fact : view.about_given) Read(fact);
        Spread();
      }
    }
  }

  void Spread() {
    while (!pending_.empty()) {
      const FactView fact = table_.Fact(pending_.back());
      pending_.pop_back();
      if (fact.evidence.valid()) evidence_.insert(fact.evidence.value);
      if (fact.meter.valid()) {
        const MeterView meter = table_.Meter(fact.meter);
        if (AddsThis(meter)) {
          Read(meter.value);
          if (meter.fold == Fold::kLast && !meter.value.valid()) Read(s_.now_fact);
        }
      }
      for (const std::uint32_t e : evidence_) {
        for (const FactId wanted : table_.Evidence(EvidenceId{e}).about_wanted) Read(wanted);
      }
    }
    for (const std::uint32_t e : evidence_) {
      for (const FactId wanted : table_.Evidence(EvidenceId{e}).about_wanted) Read(wanted);
    }
    if (!pending_.empty()) Spread();  // at most once per evidence
  }

  void MakeDomains() {
    for (const std::uint32_t id : reads_) {
      const FactId fact{id};
      FactDomain domain;
      domain.fact = fact;
      domain.type = table_.Fact(fact).type;
      const Range range = TypeRange(table_, fact);
      domain.low = domain.given_low = range.low;
      domain.high = domain.given_high = range.high;
      if (fact == s_.now_fact || fact == s_.role_fact) domain.may_be_missing = false;
      s_.domains.push_back(std::move(domain));
    }
    for (FactDomain& domain : s_.domains) {
      const FactView fact = table_.Fact(domain.fact);
      if (!fact.meter.valid()) continue;
      const MeterView meter = table_.Meter(fact.meter);
      if (!AddsThis(meter)) continue;
      domain.adds_this = true;
      domain.fold = meter.fold;
      domain.addend = s_.DomainOf(meter.value);
      if (meter.fold == Fold::kLast && domain.addend == kNoIndex)
        domain.addend = s_.DomainOf(s_.now_fact);
    }
    for (std::uint32_t i = 0; i < s_.matrix.signature_count(); ++i) {
      const SignatureView signature = s_.matrix.Signature(i);
      signature_.insert(signature.fact.value);
      if (signature.required) required_.insert(signature.fact.value);
    }
  }

  void ForceBuiltin(BuiltinRow row, FactId fact) {
    const std::string_view name = table_.Fact(fact).name;
    // Malformed comes before missing; of several, the first fact by name is named.
    const bool first = s_.builtin == BuiltinRow::kNone || row < s_.builtin ||
                       (row == s_.builtin && name < table_.Fact(s_.builtin_fact).name);
    if (!first) return;
    s_.builtin = row;
    s_.builtin_fact = fact;
  }

  void RestrictRole() {
    const std::uint32_t other = table_.role_count();
    s_.roles = s_.restriction.roles.empty() ? BitSet::All(other + 1) : BitSet(other + 1);
    for (const RoleId role : s_.restriction.roles) s_.roles.Add(std::min(role.value, other));
    if (s_.restriction.known_role) s_.roles.Remove(other);
    const std::uint32_t at = s_.DomainOf(s_.role_fact);
    if (at == kNoIndex) return;
    for (std::uint32_t role = s_.roles.First(); role <= other; role = s_.roles.Next(role + 1)) {
      s_.domains[at].ranges.push_back({role, role});
    }
  }

  void Restrict() {
    RestrictRole();
    for (const FactRestriction& r : s_.restriction.facts) {
      if (r.fact == s_.now_fact && r.low <= r.high)
        s_.preferred_now = std::clamp(s_.preferred_now, r.low, r.high);
      const std::uint32_t at = s_.DomainOf(r.fact);
      if (at == kNoIndex) continue;  // not read: without influence
      FactDomain& domain = s_.domains[at];
      domain.may_be_missing = domain.may_be_missing && r.may_be_missing;
      domain.may_be_present = domain.may_be_present && r.may_be_present;
      if (r.text) {
        if (domain.text && *domain.text != *r.text) domain.may_be_present = false;
        domain.text = r.text;
      }
      if (r.texts) domain.texts = r.texts;
      domain.given_low = std::max(domain.given_low, r.low);
      domain.given_high = std::min(domain.given_high, r.high);
      if (!domain.adds_this) {
        domain.low = std::max(domain.low, r.low);
        domain.high = std::min(domain.high, r.high);
      }
      const Range type = TypeRange(table_, r.fact);
      const bool outside = r.low > type.high || r.high < type.low;
      if (r.malformed ||
          (outside && !IsTextType(domain.type) && domain.type != ValueType::kIdSet)) {
        domain.may_be_present = false;
        if (!signature_.contains(r.fact.value)) {
          domain.may_be_missing |= r.malformed;  // only watched: malformed counts as missing
        } else if (r.malformed || !r.may_be_missing) {
          ForceBuiltin(BuiltinRow::kMalformed, r.fact);
        }
      } else if (domain.given_low > domain.given_high) {
        domain.may_be_present = false;
      }
    }
    for (FactDomain& domain : s_.domains) {
      if (!domain.adds_this) continue;
      const Range type = TypeRange(table_, domain.fact);
      if (domain.fold == Fold::kExists) domain.low = 1;
      if (domain.fold != Fold::kCount || domain.given_low > domain.given_high) continue;
      domain.low = std::min(type.high, domain.given_low + 1);
      domain.high = domain.given_high < type.high ? domain.given_high + 1 : type.high;
    }
    for (FactDomain& domain : s_.domains) {
      if (!required_.contains(domain.fact.value)) continue;
      if (!domain.may_be_present) ForceBuiltin(BuiltinRow::kMissingInput, domain.fact);
      domain.may_be_missing = false;
    }
  }

  void MakeSlots() {
    for (const std::uint32_t e : evidence_) {
      EvidenceSlot slot;
      slot.evidence = EvidenceId{e};
      slot.explicit_time = explicit_.contains(e);
      const EvidenceView view = table_.Evidence(slot.evidence);
      const auto never = [&](FactId fact) {
        const std::uint32_t at = s_.DomainOf(fact);
        return at != kNoIndex && !s_.domains[at].may_be_present;
      };
      if (never(view.at)) slot.may_be_fresh = false;
      for (const FactId fact : view.about_given)
        slot.may_be_fresh = slot.may_be_fresh && !never(fact);
      for (const FactId fact : view.about_wanted)
        slot.may_be_fresh = slot.may_be_fresh && !never(fact);
      for (const EvidenceRestriction& r : s_.restriction.evidence) {
        if (r.evidence != slot.evidence) continue;
        (r.fresh ? slot.may_be_stale : slot.may_be_fresh) = false;
      }
      s_.slots.push_back(slot);
    }
    for (FactDomain& domain : s_.domains) {
      const EvidenceId evidence = table_.Fact(domain.fact).evidence;
      if (!evidence.valid()) continue;
      domain.slot = SlotOf(evidence.value);
    }
  }

  std::uint32_t SlotOf(std::uint32_t evidence) const {
    for (std::uint32_t i = 0; i < s_.slots.size(); ++i) {
      if (s_.slots[i].evidence.value == evidence) return i;
    }
    return kNoIndex;
  }

  void MakeDimensions() {
    for (std::uint32_t d = 0; d < s_.matrix.dimension_count(); ++d) {
      DimensionInfo info;
      info.view = s_.matrix.Dimension(d);
      info.allowed = AtomSet::All(info.view.atom_count);
      switch (static_cast<DimensionKind>(info.view.kind)) {
        case DimensionKind::kFact:
          AllowFact(&info);
          break;
        case DimensionKind::kRole:
          AllowRole(&info);
          break;
        case DimensionKind::kEvidence:
          AllowEvidence(d, &info);
          break;
        case DimensionKind::kDerived:
          break;
      }
      info.full = ColumnSet::All(s_.columns);
      for (std::uint32_t a = info.allowed.First(); a < info.allowed.size();
           a = info.allowed.Next(a + 1)) {
        const std::uint64_t* bits = s_.Bits(d, a);
        for (std::uint32_t w = 0; w < s_.words; ++w) info.full.words()[w] &= bits[w];
      }
      s_.dimensions.push_back(std::move(info));
    }
    for (std::uint32_t i = 0; i < s_.slots.size(); ++i) {
      for (const FactId fact : table_.Evidence(s_.slots[i].evidence).about_wanted) {
        for (DimensionInfo& info : s_.dimensions) {
          if (info.domain != kNoIndex && s_.domains[info.domain].fact == fact)
            info.wanted_by.push_back(i);
        }
      }
    }
  }

  void AllowFact(DimensionInfo* info) {
    info->domain = s_.DomainOf(FactId{info->view.index});
    const FactDomain& domain = s_.domains[info->domain];
    const AtomMapView map = table_.AtomMap(info->view.atoms);
    // What is seen of a meter that adds this request depends on what it adds.
    const bool is_last = domain.adds_this && domain.fold == Fold::kLast;
    const bool adds = domain.adds_this && domain.addend != kNoIndex;
    const EvidenceSlot* slot = domain.slot == kNoIndex ? nullptr : &s_.slots[domain.slot];
    const bool given_missing =
        (domain.may_be_missing && !is_last) || (slot != nullptr && slot->may_be_stale);
    const bool given_present =
        (domain.may_be_present || is_last) && (slot == nullptr || slot->may_be_fresh);
    const bool missing = given_missing || (adds && s_.domains[domain.addend].may_be_missing);
    const bool present = given_present && (!adds || s_.domains[domain.addend].may_be_present);
    if (!missing) info->allowed.Remove(0);
    for (std::uint32_t a = 1; a < info->view.atom_count; ++a) {
      bool possible = present;
      if (IsTextType(domain.type)) {
        if (domain.text) {
          const bool known = map.kind == AtomMapKind::kStrings && a + 1 < map.atom_count;
          possible = possible && (known ? table_.AtomString(info->view.atoms, a - 1) == *domain.text
                                        : !IsKnownString(info->view.atoms, map, *domain.text));
        }
      } else if (domain.fact == s_.role_fact) {
        possible = s_.roles.Has(a - 1);
      } else if (!IsSetType(domain.type)) {
        const Range range = s_.RangeOf(map, a);
        possible = possible && range.low <= domain.high && range.high >= domain.low;
      }
      if (!possible) info->allowed.Remove(a);
    }
  }

  bool IsKnownString(AtomMapId id, const AtomMapView& map, std::string_view text) const {
    for (std::uint32_t i = 0; map.kind == AtomMapKind::kStrings && i + 2 < map.atom_count; ++i) {
      if (table_.AtomString(id, i) == text) return true;
    }
    return false;
  }

  void AllowRole(DimensionInfo* info) {
    info->domain = s_.DomainOf(s_.role_fact);
    info->allowed.Remove(0);
    for (std::uint32_t role = 0; role < s_.roles.size(); ++role) {
      if (!s_.roles.Has(role)) info->allowed.Remove(role + 1);
    }
  }

  void AllowEvidence(std::uint32_t d, DimensionInfo* info) {
    info->slot = SlotOf(info->view.index);
    EvidenceSlot& slot = s_.slots[info->slot];
    slot.dimension = d;
    info->allowed.Remove(0);
    if (!slot.may_be_stale) info->allowed.Remove(1);
    if (!slot.may_be_fresh) info->allowed.Remove(2);
  }

  // Nodes of the union: dimensions, then domains, then instructions.
  void MakeComponents() {
    const std::size_t dimensions = s_.dimensions.size(), domains = s_.domains.size();
    UnionFind sets(dimensions + domains + s_.code.size());
    const auto domain_node = [&](std::uint32_t domain) { return dimensions + domain; };
    const auto code_node = [&](std::uint32_t i) { return dimensions + domains + i; };
    for (std::uint32_t d = 0; d < dimensions; ++d) {
      const DimensionInfo& info = s_.dimensions[d];
      if (info.domain != kNoIndex) sets.Join(d, domain_node(info.domain));
      if (static_cast<DimensionKind>(info.view.kind) == DimensionKind::kDerived)
        sets.Join(d, code_node(info.view.index));
    }
    for (std::uint32_t i = 0; i < s_.code.size(); ++i) {
      ForEachFact(s_.code[i],
                  [&](FactId fact) { sets.Join(code_node(i), domain_node(s_.DomainOf(fact))); });
      if (s_.code[i].op == Op::kConst) continue;
      ForEachOperand(s_.code[i], [&](std::uint32_t v) {
        if (s_.code[v].op != Op::kConst) sets.Join(code_node(i), code_node(v));
      });
    }
    for (std::uint32_t i = 0; i < domains; ++i) {
      if (s_.domains[i].addend != kNoIndex)
        sets.Join(domain_node(i), domain_node(s_.domains[i].addend));
    }
    for (const EvidenceSlot& slot : s_.slots) {
      if (!slot.explicit_time) continue;
      const EvidenceView view = table_.Evidence(slot.evidence);
      const std::size_t at = domain_node(s_.DomainOf(view.at));
      if (s_.now_fact.valid()) sets.Join(at, domain_node(s_.DomainOf(s_.now_fact)));
      for (std::uint32_t i = 0; i < view.about_given.size(); ++i) {
        sets.Join(at, domain_node(s_.DomainOf(view.about_given[i])));
        sets.Join(at, domain_node(s_.DomainOf(view.about_wanted[i])));
      }
    }
    NumberComponents(&sets);
  }

  void NumberComponents(UnionFind* sets) {
    const std::size_t dimensions = s_.dimensions.size(), domains = s_.domains.size();
    std::vector<std::uint32_t> number(dimensions + domains + s_.code.size(), kNoIndex);
    const auto component_of = [&](std::size_t node) {
      std::uint32_t& n = number[sets->Find(node)];
      if (n == kNoIndex) {
        n = static_cast<std::uint32_t>(s_.components.size());
        s_.components.emplace_back();
      }
      return n;
    };
    for (std::uint32_t d = 0; d < dimensions; ++d) {
      s_.dimensions[d].component = component_of(d);
      s_.components[s_.dimensions[d].component].dimensions.push_back(d);
    }
    for (std::uint32_t i = 0; i < domains; ++i) {
      s_.domains[i].component = component_of(dimensions + i);
      s_.components[s_.domains[i].component].domains.push_back(i);
    }
    for (std::uint32_t i = 0; i < s_.code.size(); ++i) {
      s_.components[component_of(dimensions + domains + i)].instructions.push_back(i);
    }
    for (Component& component : s_.components) CopyConstants(&component);
    for (std::uint32_t i = 0; i < s_.slots.size(); ++i) AttachSlot(i);
    for (Component& component : s_.components) {
      component.entangled = component.dimensions.size() > 1 || component.domains.size() > 1 ||
                            !component.instructions.empty();
    }
  }

  // A constant ties nothing together; each component that reads it has it.
  void CopyConstants(Component* component) {
    std::set<std::uint32_t> all(component->instructions.begin(), component->instructions.end());
    for (const std::uint32_t i : component->instructions) {
      ForEachOperand(s_.code[i], [&](std::uint32_t v) { all.insert(v); });
    }
    component->instructions.assign(all.begin(), all.end());
  }

  // Lists the slot with each component that depends on it.
  void AttachSlot(std::uint32_t slot) {
    std::set<std::uint32_t> components;
    const EvidenceView view = table_.Evidence(s_.slots[slot].evidence);
    for (const FactDomain& domain : s_.domains) {
      if (domain.slot == slot) components.insert(domain.component);
    }
    for (const FactId wanted : view.about_wanted)
      components.insert(s_.domains[s_.DomainOf(wanted)].component);
    for (std::uint32_t c = 0; c < s_.components.size(); ++c) {
      for (const std::uint32_t i : s_.components[c].instructions) {
        if (s_.code[i].op == Op::kEvidence && s_.code[i].a == s_.slots[slot].evidence.value)
          components.insert(c);
      }
    }
    if (s_.slots[slot].explicit_time) {
      s_.slots[slot].component = s_.domains[s_.DomainOf(view.at)].component;
      components.insert(s_.slots[slot].component);
    }
    for (const std::uint32_t c : components) s_.components[c].slots.push_back(slot);
  }

  void CheckEmpty() {
    s_.empty = s_.builtin != BuiltinRow::kNone || s_.roles.Empty();
    for (const FactDomain& domain : s_.domains)
      s_.empty = s_.empty || (!domain.may_be_missing && !domain.may_be_present);
    for (const EvidenceSlot& slot : s_.slots)
      s_.empty = s_.empty || (!slot.may_be_fresh && !slot.may_be_stale);
    for (const DimensionInfo& info : s_.dimensions) s_.empty = s_.empty || info.allowed.Empty();
  }

  Space::Impl& s_;
  const Table& table_;
  std::set<std::uint32_t> reads_, evidence_, explicit_, required_, signature_;
  std::vector<FactId> pending_;
};

}  // namespace

Space::Impl::Impl(const Table& table_in, CapabilityId capability_in,
                  const Restriction& restriction_in)
    : table(table_in), capability(capability_in), restriction(restriction_in) {
  Builder(this).Run();
}

}  // namespace writ::analysis
