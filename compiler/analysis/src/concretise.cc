// From a box of atoms to a request that people can read.
//
// Each component is solved by itself (solve.cc); evidence that is fresh was obtained now and is
// about this request. The request then goes through the runtime: only what `Match` confirms is a
// witness. To say what matters, each dimension is opened to all its atoms in turn; where the goal
// still holds for every one of them, the dimension does not matter (a greedy reduction: what is
// left is minimal for this order, not the smallest of all).
//
// Entry point: Concretise.
#include <algorithm>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "search.h"

namespace writ::analysis {

using namespace writ::runtime;
using table::DimensionKind;

namespace {

class Maker {
 public:
  Maker(const Space::Impl& space, const Goal& goal, const Box& box, std::uint64_t* steps)
      : s_(space), goal_(goal), box_(box), steps_(steps) {}

  std::optional<Witness> Run() {
    witness_.capability = s_.capability;
    witness_.as_in_force = s_.restriction.as_in_force;
    witness_.values.resize(s_.table.fact_count());
    witness_.now_ms = s_.preferred_now;
    const std::uint32_t now = s_.DomainOf(s_.now_fact);
    if (now != kNoIndex) {  // first, since other times gather around it
      if (!Fill(s_.domains[now].component)) return std::nullopt;
      witness_.now_ms = witness_.values[s_.now_fact.value].number;
    }
    for (std::uint32_t c = 0; c < s_.components.size(); ++c) {
      if (now != kNoIndex && c == s_.domains[now].component) continue;
      if (!Fill(c)) return std::nullopt;
    }
    FillRole();
    FillEvidence();
    if (!Confirm()) return std::nullopt;
    Reduce();
    return std::move(witness_);
  }

 private:
  bool Fill(std::uint32_t c) {
    const Component& component = s_.components[c];
    if (component.domains.empty()) return true;
    if (!component.entangled && FillPlain(component)) return true;
    SolveResult result = SolveComponent(s_, c, box_, witness_.now_ms);
    *steps_ += result.steps;
    if (result.feasibility != Feasibility::kFeasible) return false;
    for (std::size_t i = 0; i < component.domains.size(); ++i) {
      witness_.values[s_.domains[component.domains[i]].fact.value] = std::move(result.given[i]);
    }
    return true;
  }

  // The common case, without a solver: a number by itself, in one dimension or none. False: not of
  // that kind.
  bool FillPlain(const Component& component) {
    const FactDomain& domain = s_.domains[component.domains.front()];
    if (IsTextType(domain.type) || IsSetType(domain.type) || domain.adds_this ||
        domain.slot != kNoIndex)
      return false;
    if (!component.slots.empty() || !domain.ranges.empty()) return false;
    ConcreteValue& value = witness_.values[domain.fact.value];
    std::vector<Range> ranges = {{domain.low, domain.high}};
    bool may_be_missing = domain.may_be_missing;
    if (!component.dimensions.empty()) {
      const std::uint32_t d = component.dimensions.front();
      ranges = s_.RangesOf(s_.table.AtomMap(s_.dimensions[d].view.atoms), box_.atoms[d]);
      may_be_missing = may_be_missing && box_.atoms[d].Has(0);
    }
    for (const Range range : ranges) {
      const std::int64_t low = std::max(range.low, domain.low),
                         high = std::min(range.high, domain.high);
      if (low > high || !domain.may_be_present) continue;
      value.kind = ValueKind::kNumber;
      value.number = std::clamp(domain.type == ValueType::kTime ? witness_.now_ms : 0, low, high);
      return true;
    }
    return may_be_missing;
  }

  void FillRole() {
    const std::uint32_t count = s_.table.role_count();
    std::uint32_t role = s_.roles.First();
    for (std::uint32_t d = 0; d < s_.dimensions.size(); ++d) {
      if (static_cast<DimensionKind>(s_.dimensions[d].view.kind) == DimensionKind::kRole)
        role = box_.atoms[d].First() - 1;
    }
    if (s_.DomainOf(s_.role_fact) != kNoIndex) {
      role = static_cast<std::uint32_t>(witness_.values[s_.role_fact.value].number);
    }
    if (role < count) witness_.role = RoleId{role};
  }

  void FillEvidence() {
    for (std::uint32_t i = 0; i < s_.slots.size(); ++i) {
      if (!box_.fresh[i] || s_.slots[i].explicit_time) continue;
      const EvidenceView view = s_.table.Evidence(s_.slots[i].evidence);
      ConcreteValue& at = witness_.values[view.at.value];
      at.kind = ValueKind::kNumber;
      at.number = witness_.now_ms;
      for (std::uint32_t k = 0; k < view.about_given.size(); ++k) {
        witness_.values[view.about_given[k].value] = witness_.values[view.about_wanted[k].value];
      }
    }
  }

  // The runtime gives these atoms, and the columns that hold for them meet the goal.
  bool Confirm() {
    const WitnessRequest request(witness_);
    witness_.columns = ColumnSet(s_.columns);
    std::vector<std::uint64_t> bits(s_.matrix.word_count() + 1);
    witness_.decision =
        Match(s_.table, nullptr, request.request(), bits.data(), s_.matrix.word_count());
    std::copy(bits.begin(), bits.begin() + s_.words, witness_.columns.words());
    atoms_.assign(s_.dimensions.size(), 0);
    if (!MapAtoms(s_.table, nullptr, request.request(), atoms_.data(), atoms_.size())) return false;
    for (std::uint32_t d = 0; d < atoms_.size(); ++d) {
      if (!box_.atoms[d].Has(atoms_[d])) return false;
    }
    // `Match` leaves out an `otherwise` that takes no part; the goal judges that by itself.
    const ColumnSet relevant = goal_.Relevant();
    std::copy(relevant.words(), relevant.words() + s_.words, bits.begin());
    for (std::uint32_t d = 0; d < atoms_.size(); ++d) {
      for (std::uint32_t w = 0; w < s_.words; ++w) bits[w] &= s_.Bits(d, atoms_[d])[w];
    }
    const std::vector<std::uint64_t> untouched(s_.words, 0);
    return goal_.Judge(bits.data(), untouched.data()) == Judgement::kYes;
  }

  // Opens dimension after dimension as long as the goal holds throughout.
  void Reduce() {
    const std::uint32_t count = static_cast<std::uint32_t>(atoms_.size());
    open_.assign(count, false);
    full_.resize(count);
    any_.resize(count);
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    const auto late =
        [&](std::uint32_t d) {  // worked-out values are opened first: they are the hardest to read
          return static_cast<DimensionKind>(s_.dimensions[d].view.kind) != DimensionKind::kDerived;
        };
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return late(a) < late(b); });
    const ColumnSet relevant = goal_.Relevant();
    for (const std::uint32_t d : order) {
      Prepare(d);
      open_[d] = true;
      if (!HoldsThroughout(relevant)) open_[d] = false;
      ++*steps_;
    }
    Collect();
  }

  void Prepare(std::uint32_t d) {
    full_[d] = ColumnSet::All(s_.columns);
    any_[d] = ColumnSet(s_.columns);
    const AtomSet& allowed = s_.dimensions[d].allowed;
    for (std::uint32_t a = allowed.First(); a < allowed.size(); a = allowed.Next(a + 1)) {
      const std::uint64_t* bits = s_.Bits(d, a);
      for (std::uint32_t w = 0; w < s_.words; ++w) {
        full_[d].words()[w] &= bits[w];
        any_[d].words()[w] |= bits[w];
      }
    }
  }

  bool HoldsThroughout(const ColumnSet& relevant) const {
    std::vector<std::uint64_t> maybe(relevant.words(), relevant.words() + s_.words),
        touch(s_.words, 0);
    for (std::uint32_t d = 0; d < open_.size(); ++d) {
      const std::uint64_t* bits = open_[d] ? any_[d].words() : s_.Bits(d, atoms_[d]);
      for (std::uint32_t w = 0; w < s_.words; ++w) {
        maybe[w] &= bits[w];
        if (open_[d]) touch[w] |= ~full_[d].words()[w];
      }
    }
    return goal_.Judge(maybe.data(), touch.data()) == Judgement::kYes;
  }

  void CollectCode(std::uint32_t instruction, std::set<std::uint32_t>* facts) const {
    std::vector<std::uint32_t> pending = {instruction};
    std::set<std::uint32_t> seen;
    while (!pending.empty()) {
      const std::uint32_t i = pending.back();
      pending.pop_back();
      if (!seen.insert(i).second) continue;
      ForEachFact(s_.code[i], [&](FactId fact) { facts->insert(fact.value); });
      ForEachOperand(s_.code[i], [&](std::uint32_t v) { pending.push_back(v); });
    }
  }

  void Collect() {
    std::set<std::uint32_t> facts, stale;
    for (std::uint32_t d = 0; d < open_.size(); ++d) {
      if (open_[d]) continue;
      const DimensionInfo& info = s_.dimensions[d];
      switch (static_cast<DimensionKind>(info.view.kind)) {
        case DimensionKind::kFact:
          facts.insert(info.view.index);
          break;
        case DimensionKind::kDerived:
          CollectCode(info.view.index, &facts);
          break;
        case DimensionKind::kRole:
          witness_.role_matters = true;
          break;
        case DimensionKind::kEvidence:
          witness_.evidence_matters.push_back(EvidenceId{info.view.index});
          witness_.evidence_fresh.push_back(box_.fresh[info.slot]);
          if (!box_.fresh[info.slot]) stale.insert(info.view.index);
          break;
      }
    }
    if (s_.now_fact.valid()) witness_.now_matters = facts.erase(s_.now_fact.value) != 0;
    if (s_.role_fact.valid() && facts.erase(s_.role_fact.value) != 0) witness_.role_matters = true;
    AddMeterInputs(&facts);
    const CapabilityView capability = s_.table.Capability(s_.capability);
    for (const Slice<FactId>& inputs : {capability.inputs, capability.optional_inputs}) {
      for (const FactId input : inputs) {
        if (facts.erase(input.value) != 0) witness_.matters.push_back(input);
      }
    }
    std::vector<FactId> rest;
    for (const std::uint32_t fact : facts) {
      const EvidenceId evidence = s_.table.Fact(FactId{fact}).evidence;
      if (IsValidHeader(FactId{fact})) continue;
      if (!evidence.valid() || !stale.contains(evidence.value)) rest.push_back(FactId{fact});
    }
    std::sort(rest.begin(), rest.end(),
              [&](FactId a, FactId b) { return s_.table.Fact(a).name < s_.table.Fact(b).name; });
    witness_.matters.insert(witness_.matters.end(), rest.begin(), rest.end());
  }

  // A header that is in order goes without saying.
  bool IsValidHeader(FactId id) const {
    const FactView fact = s_.table.Fact(id);
    const ConcreteValue& value = witness_.values[id.value];
    return fact.source == Source::kHeader && fact.name == "header" &&
           (value.kind == ValueKind::kMissing || value.number == 0);
  }

  void AddMeterInputs(std::set<std::uint32_t>* facts) {
    for (const FactDomain& domain : s_.domains) {
      if (!domain.adds_this || domain.addend == kNoIndex || !facts->contains(domain.fact.value))
        continue;
      const FactId addend = s_.domains[domain.addend].fact;
      if (addend == s_.now_fact) {
        witness_.now_matters = true;
      } else {
        facts->insert(addend.value);
      }
    }
  }

  const Space::Impl& s_;
  const Goal& goal_;
  const Box& box_;
  std::uint64_t* steps_;
  Witness witness_;
  std::vector<std::uint32_t> atoms_;
  std::vector<bool> open_;             // dimensions that do not matter
  std::vector<ColumnSet> full_, any_;  // of opened dimensions
};

}  // namespace

std::optional<Witness> Concretise(const Space::Impl& space, const Goal& goal, const Box& box,
                                  std::uint64_t* steps) {
  return Maker(space, goal, box, steps).Run();
}

WitnessRequest::WitnessRequest(const Witness& witness) {
  texts_.resize(witness.values.size());
  values_.resize(witness.values.size());
  for (std::size_t i = 0; i < witness.values.size(); ++i) {
    const ConcreteValue& from = witness.values[i];
    Value& to = values_[i];
    to.kind = from.kind;
    to.number = from.number;
    if (from.kind == ValueKind::kText) {
      to.text = from.text.data();
      to.size = static_cast<std::uint32_t>(from.text.size());
    } else if (from.kind == ValueKind::kTextSet) {
      texts_[i].assign(from.texts.begin(), from.texts.end());
      to.texts = texts_[i].data();
      to.size = static_cast<std::uint32_t>(texts_[i].size());
    }
  }
  request_.capability = witness.capability;
  request_.role = witness.role;
  request_.now_ms = witness.now_ms;
  request_.as_in_force = witness.as_in_force;
  request_.values = values_.data();
}

}  // namespace writ::analysis
