// M1.3: what a capability reads, and so what can be malformed for it.
#include "load.h"
#include "rules.h"

namespace writ::oracle {

namespace {

void AddWithWhatIsBehind(const Policy& policy, const std::string& fact,
                         std::set<std::string>& read);

void AddEvidence(const Policy& policy, const std::string& name, std::set<std::string>& read) {
  AddWithWhatIsBehind(policy, "evidence." + name, read);
  for (const std::string& about : policy.evidence.at(name).about) {
    AddWithWhatIsBehind(policy, "evidence." + name + ".about." + about, read);
    AddWithWhatIsBehind(policy, about, read);
  }
}

void AddWithWhatIsBehind(const Policy& policy, const std::string& fact,
                         std::set<std::string>& read) {
  if (!read.insert(fact).second) return;
  if (const auto meter = policy.meters.find(fact); meter != policy.meters.end()) {
    for (const std::string& key : meter->second.keys) AddWithWhatIsBehind(policy, key, read);
    if (!meter->second.input.empty()) AddWithWhatIsBehind(policy, meter->second.input, read);
  }
  const auto declared = policy.facts.find(fact);
  if (declared != policy.facts.end() && !declared->second.evidence.empty())
    AddEvidence(policy, declared->second.evidence, read);
}

void CollectNames(const Policy& policy, const Expr& expr, const Lets& lets,
                  std::set<std::string>& names);

// M33.3: what the first `count` stages read.
void CollectStages(const Policy& policy, const Approvals& stages, std::size_t count,
                   std::set<std::string>& names) {
  static const Lets kNone;
  for (std::size_t i = 0; i < count; ++i) {
    names.insert(stages[i].is_signed);
    if (!stages[i].same_person.empty()) names.insert(stages[i].same_person);
    if (stages[i].when) CollectNames(policy, stages[i].when->expr, kNone, names);
  }
}

void CollectNames(const Policy& policy, const Expr& expr, const Lets& lets,
                  std::set<std::string>& names) {
  static const Lets kNone;
  if (expr.op == Op::kName) {
    if (const auto let = lets.find(expr.name); let != lets.end()) {
      CollectNames(policy, let->second, lets, names);
    } else if (const auto outer = policy.lets.find(expr.name); outer != policy.lets.end()) {
      CollectNames(policy, outer->second, kNone, names);
    } else if (policy.facts.contains(expr.name) && !policy.thresholds.contains(expr.name)) {
      names.insert(expr.name);
    }
  }
  if (expr.op == Op::kApproval) {
    const Approvals& stages = policy.approvals.at(expr.name);
    CollectStages(policy, stages, stages.size(), names);
  }
  for (const Expr& operand : expr.operands) CollectNames(policy, operand, lets, names);
}

void SettleCondition(const Policy& policy, Condition& condition) {
  static const Lets kNone;
  CollectNames(policy, condition.expr, condition.lets ? *condition.lets : kNone, condition.named);
  for (const std::string& fact : condition.named) {
    AddWithWhatIsBehind(policy, fact, condition.behind);
    condition.needed.insert(fact);
    const auto meter = policy.meters.find(fact);
    std::set<std::string> behind;
    if (meter == policy.meters.end()) AddWithWhatIsBehind(policy, fact, behind);
    if (meter != policy.meters.end()) {
      for (const std::string& key : meter->second.keys) AddWithWhatIsBehind(policy, key, behind);
    }
    condition.needed.merge(behind);
  }
}

void SettleClauses(const Policy& policy, std::vector<Clause>& clauses) {
  for (Clause& clause : clauses) {
    if (clause.obligation) {  // it names what it counts
      const Obligation& asks = *clause.obligation;
      if (!asks.approval.empty()) {
        const Approvals& stages = policy.approvals.at(asks.approval);
        CollectStages(policy, stages, stages.size(), clause.condition->named);
      }
      clause.condition->named.insert(asks.others.begin(), asks.others.end());
      for (const std::string& meter : {asks.needed, asks.each, asks.until}) {
        if (!meter.empty()) clause.condition->named.insert(meter);
      }
    }
    if (clause.stage) {
      CollectStages(policy, policy.approvals.at(clause.stage->first), clause.stage->second + 1,
                    clause.condition->named);
    }
    if (clause.condition) SettleCondition(policy, *clause.condition);
  }
}

void Add(const std::set<std::string>& facts, std::set<std::string>& read) {
  read.insert(facts.begin(), facts.end());
}

void AddClause(const Policy& policy, const Clause& clause, std::set<std::string>& read) {
  for (const std::string& evidence : clause.evidence) AddEvidence(policy, evidence, read);
  if (!clause.party.empty()) read.insert("confirmation." + clause.party);
  if (clause.condition) Add(clause.condition->behind, read);
}

// M16.2: where a clause may be lifted, what the exception asks for is read too.
void AddExceptions(const Policy& policy, const Authority& authority, const Clause& clause,
                   std::set<std::string>& read) {
  for (const Exception& exception : policy.exceptions) {
    if (IsAbout(exception, authority, clause)) Add(exception.up_to.behind, read);
  }
}

std::set<std::string> ReadsOf(const Policy& policy, const Capability& capability) {
  const std::string& name = capability.name;
  std::set<std::string> read;
  for (const std::string& input : capability.inputs) AddWithWhatIsBehind(policy, input, read);
  if (capability.is_event) {
    for (const Clause* clause : ClausesOnEvent(policy, name, nullptr))
      AddClause(policy, *clause, read);
    return read;
  }
  read.insert("header");  // M20
  for (const Authority& authority : policy.authorities) {
    if (!Covers(authority, name)) continue;
    for (const Clause* clause : ClausesFor(policy, authority, name)) {
      AddClause(policy, *clause, read);
      AddExceptions(policy, authority, *clause, read);
    }
  }
  return read;
}

}  // namespace

void SettleReads(Policy& policy) {
  SettleClauses(policy, policy.guard_clauses);
  SettleClauses(policy, policy.assumptions);
  for (Authority& authority : policy.authorities) SettleClauses(policy, authority.clauses);
  for (Exception& exception : policy.exceptions) SettleCondition(policy, exception.up_to);
  for (Region& region : policy.regions) SettleCondition(policy, region.condition);
  for (Invariant& invariant : policy.invariants) {
    if (invariant.condition) SettleCondition(policy, *invariant.condition);
  }
  for (const auto& [name, capability] : policy.capabilities)
    policy.inputs.insert(capability.inputs.begin(), capability.inputs.end());
  for (const auto& [name, capability] : policy.capabilities)
    policy.reads[name] = ReadsOf(policy, capability);
}

std::set<std::string> FactsClaimed(const Policy& policy) {
  std::set<std::string> read;
  for (const Region& region : policy.regions) Add(region.condition.behind, read);
  for (const Invariant& invariant : policy.invariants) {
    if (invariant.condition) Add(invariant.condition->behind, read);
  }
  return read;
}

}  // namespace writ::oracle
