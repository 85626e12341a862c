// Who may do, propose, grant what: delegations from people, hops from agents, exceptions, grants.
#include <algorithm>

#include "generator.h"

namespace writ::oracle {

std::string NamesOf(const CapabilityTexts& capabilities) {
  std::string names;
  for (const CapabilityText& capability : capabilities)
    names += (names.empty() ? "" : ", ") + capability.name;
  return names;
}

std::vector<std::string> SharedInputs(const CapabilityTexts& capabilities) {
  std::vector<std::string> shared = capabilities.at(0).inputs;
  for (const CapabilityText& other : capabilities) {
    std::erase_if(shared, [&](const std::string& input) {
      return std::find(other.inputs.begin(), other.inputs.end(), input) == other.inputs.end();
    });
  }
  return shared;
}

namespace {

CapabilityTexts Together(const CapabilityTexts& a, const CapabilityTexts& b) {
  CapabilityTexts all = a;
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

bool Has(const CapabilityTexts& capabilities, const CapabilityText& wanted) {
  return std::any_of(capabilities.begin(), capabilities.end(),
                     [&](const CapabilityText& one) { return one.name == wanted.name; });
}

// Blocks for the same capabilities are one.
void AddItem(Block item, std::vector<Block>& items) {
  const auto same = std::find_if(items.begin(), items.end(), [&](const Block& other) {
    return item.braces && other.head == item.head;
  });
  if (same == items.end()) return items.push_back(std::move(item));
  same->items.insert(same->items.end(), item.items.begin(), item.items.end());
}

}  // namespace

Block Generator::ForBlock(const CapabilityTexts& capabilities, bool limited) {
  const std::vector<std::string> inputs = SharedInputs(capabilities);
  Block block = Braces("for " + NamesOf(capabilities), Clauses(inputs, true, shape_.clauses));
  if (!limited) return block;
  if (approvals_ && random_.Chance(40))
    block.items.push_back(Line("require approval ok " + Reason()));
  ConditionWriter writer(random_, vocabulary_, inputs);
  Block limit = Line("limit");  // of the four questions: a limit that escalates
  limit.condition = writer.Condition(shape_.depth);
  block.items.push_back(limit);
  return block;
}

// M15.4: at the top over all that it may do, propose or grant, or over what it may grant.
void Generator::Ceilings(const Giving& giving, std::vector<Block>& items) {
  const CapabilityTexts all = Together(Together(giving.may, giving.propose), giving.grant);
  if (all.empty() || random_.Chance(60)) return;
  const bool top = giving.grant.empty() || random_.Chance(50);
  const CapabilityTexts covered = top ? all : CapabilityTexts{random_.Pick(giving.grant)};
  ConditionWriter writer(random_, vocabulary_, SharedInputs(covered));
  Block ceiling = Line("ceiling");
  ceiling.condition = writer.Joined(" or ", shape_.depth);  // not too seldom true
  ceiling.tail = Reason();
  items.push_back(top ? ceiling : Braces("for " + NamesOf(covered), {ceiling}));
}

void Generator::Delegation(const Giving& giving) {
  std::vector<Block> items = {Line("from " + giving.from + " to " + giving.to)};
  const bool grouped = NamesOf(giving.may) == "pay, ship" && random_.Chance(50);
  if (!giving.may.empty())
    items.push_back(Line("may " + (grouped ? "deeds" : NamesOf(giving.may))));
  if (!giving.propose.empty()) items.push_back(Line("may propose " + NamesOf(giving.propose)));
  if (!giving.freely.empty()) items.push_back(Line("may freely " + NamesOf(giving.freely)));
  for (const std::string& grant : giving.grants) items.push_back(Line(grant));
  CapabilityTexts abstained;
  for (const CapabilityText& capability : giving.grant) {
    const bool free = !Has(giving.may, capability) && !Has(giving.propose, capability) &&
                      !Has(giving.freely, capability) && !Has(abstained, capability);
    if (free && random_.Chance(50)) abstained.push_back(capability);
  }
  if (!abstained.empty()) items.push_back(Line("abstain from " + NamesOf(abstained)));
  items.push_back(Line("anchor " + Anchor()));
  items.push_back(Line("review every 90 days"));
  if (random_.Chance(60)) items.push_back(Line("expires " + Expiry()));
  Ceilings(giving, items);
  const CapabilityTexts ruled = Together(giving.may, giving.propose);
  if (!ruled.empty() && random_.Chance(40)) {
    for (const Block& clause : Clauses(SharedInputs(ruled), random_.Chance(50), 2))
      items.push_back(clause);
  }
  if (!ruled.empty() && random_.Chance(30)) {
    AddItem(ForBlock(ruled, true), items);
    if (ruled.size() > 1 && random_.Chance(30)) AddItem(ForBlock({ruled[0]}, false), items);
  } else {
    for (const CapabilityText& capability : giving.may)
      AddItem(ForBlock({capability}, true), items);
    for (const CapabilityText& capability : giving.propose) {
      if (random_.Chance(70)) AddItem(ForBlock({capability}, false), items);
    }
  }
  const Block delegation = Braces("delegation " + giving.name, items);
  Add(delegation);
  while (!ruled.empty() && random_.Chance(40)) Exception(giving, delegation);
}

namespace {

// What the clauses of this kind name, as far as it is among `known`.
void CollectNames(const Block& block, const std::string& kind, const std::set<std::string>& known,
                  std::set<std::string>& names) {
  if (block.head.starts_with(kind) && block.condition && !block.tail.starts_with("else deny")) {
    for (const std::string& word : WordsIn(block.condition->text)) {
      if (known.contains(word)) names.insert(word);
    }
  }
  for (const Block& item : block.items) CollectNames(item, kind, known, names);
}

}  // namespace

void Generator::Exception(const Giving& giving, const Block& delegation) {
  std::set<std::string> known;
  Vocabulary open;  // M16.4: no text from tools or models
  open.strict = vocabulary_.strict;
  open.thresholds = vocabulary_.thresholds;
  open.roles = vocabulary_.roles;
  for (const Variable& variable : vocabulary_.variables) {
    known.insert(variable.name);
    if (!variable.reads_text) open.variables.push_back(variable);
  }
  for (const Variable& threshold : vocabulary_.thresholds) known.insert(threshold.name);
  std::vector<Block> items;
  for (const char* kind : {"limit", "escalate"}) {
    std::set<std::string> names;
    CollectNames(delegation, kind, known, names);
    if (names.empty() || (!items.empty() && random_.Chance(50))) continue;
    const std::vector<std::string> all(names.begin(), names.end());
    const std::string one = random_.Pick(all);
    const std::string other = random_.Pick(all);
    items.push_back(Line("lifts " + std::string(kind) + " " + one +
                         (other == one || random_.Chance(50) ? "" : ", " + other)));
  }
  if (items.empty()) return;
  const CapabilityTexts ruled = Together(giving.may, giving.propose);
  ConditionWriter writer(random_, open, SharedInputs(ruled));
  Block up_to = Line("up to");
  up_to.condition = writer.Condition(shape_.depth);
  items.push_back(up_to);
  items.push_back(Line("expires " + Expiry()));
  items.push_back(Line("by boss because \"It is a holiday\""));
  const std::string roles =
      random_.Chance(50) ? giving.to : giving.to.substr(0, giving.to.find(','));
  Add(Braces("exception e" + std::to_string(exceptions_++) + " to " + giving.name + " for " + roles,
             items));
}

Generator::Giving Generator::FirstDelegation(int number) {
  Giving giving;
  giving.name = "d" + std::to_string(number);
  giving.from = "boss";
  giving.to = number == 0 ? random_.Pick<std::string>({"bot", "bot, lead"})
                          : random_.Pick<std::string>({"aide", "aide, clerk"});
  for (const CapabilityText& capability : capabilities_) {
    if (!capability.acts) {
      if (random_.Chance(60)) giving.freely.push_back(capability);
    } else if (capability.name == "pay" ? random_.Chance(85) : random_.Chance(55)) {
      giving.may.push_back(capability);
    } else if (random_.Chance(50)) {
      giving.propose.push_back(capability);
    }
  }
  return giving;
}

// M15: `above` gets a few capabilities to grant to mate, and mate, perhaps, to hand.
void Generator::Hops(const Giving& above) {
  Giving first = above;
  const bool further = random_.Chance(40);
  for (const CapabilityText& capability : capabilities_) {
    if (random_.Chance(60)) first.grant.push_back(capability);
  }
  if (first.grant.empty()) first.grant.push_back(capabilities_[0]);
  const std::string granted = NamesOf(first.grant);
  first.grants = {"may grant " + granted + " to mate" +
                  (further ? " depth " + std::to_string(2 + random_.Below(8)) : "")};
  Delegation(first);
  if (random_.Chance(25)) {  // two are above it
    Giving second;
    second.name = "also";
    second.from = "boss";
    second.to = "bot";
    second.grant = first.grant;
    second.grants = first.grants;
    Add(Braces("delegation also",
               {Line("from boss to bot"), Line(first.grants[0]), Line("anchor desk"),
                Line("review every 90 days"),
                Line("expires 2026-12-0" + std::to_string(1 + random_.Below(9)))}));
  }
  const auto give = [&](const CapabilityTexts& from, Giving& giving) {
    for (const CapabilityText& capability : from) {
      if (random_.Chance(20)) continue;
      (!capability.acts     ? giving.freely
       : random_.Chance(75) ? giving.may
                            : giving.propose)
          .push_back(capability);
    }
  };
  Giving hop;
  hop.name = "h0";
  hop.from = random_.Chance(85) ? "bot" : "boss";  // a person needs no leave
  hop.to = "mate";
  give(first.grant, hop);
  if (further) {
    hop.grant = {random_.Pick(first.grant)};
    hop.grants = {"may grant " + NamesOf(hop.grant) + " to hand"};
  }
  if (hop.may.empty() && hop.propose.empty() && hop.freely.empty() && hop.grant.empty()) return;
  Delegation(hop);
  if (!further) return;
  Giving last;
  last.name = "h1";
  last.from = "mate";
  last.to = "hand";
  give(hop.grant, last);
  if (!last.may.empty() || !last.propose.empty() || !last.freely.empty()) Delegation(last);
}

void Generator::Grants() {
  Add(Line("grant boss pay, look" + std::string(computes_ ? ", compute" : "") +
           std::string(finishes_ ? ", finish" : "") + " under top" +
           std::string(random_.Chance(50) ? " expires 2026-11-30" : "")));
  if (random_.Chance(50)) Add(Line("grant keeper look, ship under desk"));
}

void Generator::Delegations() {
  const Giving first = FirstDelegation(0);
  if (random_.Chance(40)) {
    Hops(first);
  } else if (!first.may.empty() || !first.propose.empty() || !first.freely.empty()) {
    Delegation(first);
  }
  if (shape_.small) return;
  const Giving second = FirstDelegation(1);
  if (!second.may.empty() || !second.propose.empty() || !second.freely.empty()) Delegation(second);
  Grants();
}

}  // namespace writ::oracle
