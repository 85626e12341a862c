// Declarations of the dumped tree, in an order in which each finds what it names: types, then
// inputs, then the rest, then clauses. LoadPolicy is the entry point.
#include <algorithm>
#include <stdexcept>

#include "load.h"
#include "writ/oracle/calendar.h"

namespace writ::oracle {

void Loader::ReadFacts(const Json& facts) {
  for (const Json& line : facts.value("lines", Json::array())) {
    Fact fact;
    fact.type = ReadType(line.at("type"));
    const Json source = facts.value("source", Json::object());
    fact.evidence = TextOf(source, "evidence");
    fact.text = TextOf(source, "kind") == "tool" || TextOf(source, "kind") == "model";
    const Json none;
    const Json& missing = line.contains("missing")    ? line.at("missing")
                          : facts.contains("missing") ? facts.at("missing")
                                                      : none;
    const std::string word = missing.is_object() ? TextOf(missing, "word") : "deny";
    if (word == "escalate") fact.word = MissingWord::kEscalate;
    if (word == "value") {
      fact.word = MissingWord::kValue;
      Value value = ReadLiteral(missing.at("value"));
      if (fact.type.kind == TypeKind::kEnum)
        value = ParseValue(fact.type, value.text).value_or(value);
      if (fact.type.kind == TypeKind::kSet) {
        value.kind = Value::Kind::kSet;
        value.values = NamesOf(missing.at("value"), "words");
      }
      fact.substitute = value;
    }
    for (const std::string& name : NamesOf(line, "names")) {
      fact.name = name;
      policy.facts[name] = fact;
      policy.declared.insert(name);
    }
  }
}

namespace {

// M13.1: the greatest class that the stated one or an axis asks for.
std::string RiskOf(const Json& json) {
  static const std::vector<std::string> kOrder = {"read_only", "local_write", "network",
                                                  "delegated", "destructive"};
  std::size_t risk = 0;
  const auto ask = [&](const std::string& word) {
    const auto at = std::find(kOrder.begin(), kOrder.end(), word);
    if (at != kOrder.end()) risk = std::max(risk, static_cast<std::size_t>(at - kOrder.begin()));
  };
  ask(TextOf(json, "risk"));
  bool may_change = true;
  for (const Json& part : json.value("axes", Json::array())) {
    if (TextOf(part, "axis") == "effect") may_change = TextOf(part, "value") != "none";
  }
  for (const Json& part : json.value("axes", Json::array())) {
    const std::string said = TextOf(part, "axis") + ": " + TextOf(part, "value");
    if (said == "effect: local") ask("local_write");
    if (said == "effect: external" || said == "interaction: open") ask("network");
    if (said == "authority: delegated") ask("delegated");
    if (said == "reversible: no" || (said == "data: all" && may_change)) ask("destructive");
  }
  return kOrder[risk];
}

bool IsIrreversible(const Json& json) {
  for (const Json& part : json.value("axes", Json::array())) {
    if (TextOf(part, "axis") == "reversible" && TextOf(part, "value") == "no") return true;
  }
  return FlagOf(json, "irreversible");
}

}  // namespace

void Loader::ReadCapability(const Json& json) {
  Capability capability;
  capability.name = TextOf(json, "name");
  capability.is_event = TextOf(json, "decl") == "event";
  capability.kind = TextOf(json, "kind");
  capability.risk = RiskOf(json);
  capability.system = TextOf(json, "system");
  capability.irreversible = IsIrreversible(json);
  capability.verify_with = TextOf(json, "verify_with");
  capability.hands_over_to = TextOf(json, "hands_over_to");
  if (!capability.hands_over_to.empty()) {
    capability.kind = "think_support";
    capability.risk = "read_only";
    ReadHandOver(json);
  }
  if (json.contains("runs_code")) capability.runs_in = TextOf(json.at("runs_code"), "sandbox");
  for (const std::string& channel : NamesOf(json, "sends_on")) capability.sends_on.insert(channel);
  if (json.contains("retry")) ReadRetry(json);
  for (const Json& input : json.value("inputs", Json::array())) {
    Fact fact;
    fact.name = TextOf(input, "name");
    fact.type = ReadType(input.at("type"));
    policy.facts.try_emplace(fact.name,
                             fact);  // M1.1: a declared fact of this name is the same fact
    capability.inputs.push_back(fact.name);
    if (FlagOf(input, "optional")) capability.optional.insert(fact.name);
  }
  policy.capabilities[capability.name] = capability;
}

void Loader::ReadMeter(const Json& json) {
  Meter meter;
  meter.name = TextOf(json, "name");
  const std::string fold = TextOf(json, "fold");
  meter.fold = fold == "sum"        ? Fold::kSum
               : fold == "last"     ? Fold::kLast
               : fold == "exists"   ? Fold::kExists
               : fold == "first"    ? Fold::kFirst
               : fold == "distinct" ? Fold::kDistinct
                                    : Fold::kCount;
  const std::string target = TextOf(json, "target");
  if (policy.capabilities.contains(target) || policy.groups.contains(target)) {
    meter.targets = Expand({target});
  } else {
    const std::size_t point = target.find('.');
    meter.targets = Expand({target.substr(0, point)});
    meter.input = target.substr(point + 1);
  }
  meter.keys = NamesOf(json, "per");
  if (json.contains("within")) meter.within = ReadWindow(json.at("within"));
  meter.including_this = FlagOf(json, "including_this");
  if (json.contains("since")) meter.since = Expand({TextOf(json, "since")});
  policy.meters[meter.name] = meter;
}

void Loader::ReadLookup(const Json& json) {
  std::optional<Type> type;
  if (json.contains("type")) type = ReadType(json.at("type"));
  const auto read = [&](const Json& literal) {
    policy.constants.push_back(ReadLiteral(literal));
    return policy.constants.back();
  };
  const auto cell = [&](const Json& literal) {
    const Value value = read(literal);
    return type && type->kind == TypeKind::kEnum ? ParseValue(*type, value.text).value_or(value)
                                                 : value;
  };
  Lookup lookup;
  lookup.name = TextOf(json, "name");
  for (const Json& key : json.value("head", Json::array())) lookup.columns.push_back(read(key));
  for (const Json& row : json.value("rows", Json::array())) {
    lookup.rows.emplace_back(read(row.at("key")), std::vector<Value>());
    for (const Json& literal : row.value("values", Json::array()))
      lookup.rows.back().second.push_back(cell(literal));
  }
  policy.lookups[lookup.name] = lookup;
}

void Loader::ReadRole(const Json& json) {
  const std::string name = TextOf(json, "name");
  policy.reports_to[name] = TextOf(json, "reports_to");
  if (TextOf(json, "kind") == "human") policy.people.insert(name);
  if (TextOf(json, "kind") == "party") policy.parties.insert(name);
  if (TextOf(json, "kind") == "agent" || TextOf(json, "kind") == "coordinator")
    policy.workers.insert(name);
}

// M20: missing is read as the last.
void Loader::ReadModes(const Json& json) {
  Fact fact;
  fact.name = "mode";
  fact.type.kind = TypeKind::kEnum;
  fact.type.values = NamesOf(json, "values");
  fact.type.ordered = true;
  fact.word = MissingWord::kValue;
  fact.substitute = ParseValue(fact.type, fact.type.values.back());
  policy.facts[fact.name] = fact;
}

void Loader::ReadDeclaration(const Json& json) {
  const std::string decl = TextOf(json, "decl");
  const std::string name = TextOf(json, "name");
  if (decl == "threshold") {
    const Json& value = json.at("value");
    if (TextOf(value, "kind") == "duration") policy.windows[name] = ReadWindow(value);
    if (policy.windows.contains(name) && policy.windows[name].months != 0) return;  // no value
    policy.thresholds[name] = ReadLiteral(value);
    policy.constants.push_back(policy.thresholds[name]);
  } else if (decl == "facts") {
    ReadFacts(json);
  } else if (decl == "evidence") {
    policy.evidence[name] = {name, NamesOf(json, "about"), ReadWindow(json.at("within"))};
  } else if (decl == "role") {
    ReadRole(json);
  } else if (decl == "anchor") {
    policy.anchors[name] = {name, NamesOf(json, "held_by"), NamesOf(json, "above")};
  } else if (decl == "pressure") {
    Fact fact;
    fact.name = "pressure." + name;
    fact.type.kind = TypeKind::kEnum;
    fact.type.values = NamesOf(json, "values");
    fact.type.ordered = true;
    policy.facts[fact.name] = fact;
  } else if (decl == "modes") {
    ReadModes(json);
  } else if (decl == "lookup") {
    ReadLookup(json);
  } else if (decl == "meter") {
    ReadMeter(json);
  } else if (decl == "let") {
    policy.lets[name] = ReadExpr(json.at("value"));
  } else if (decl == "region") {
    policy.regions.push_back({name, ReadCondition(json.at("condition"), std::make_shared<Lets>())});
  } else if (decl == "invariant") {
    ReadInvariant(json);
  } else if (decl == "delegation") {
    ReadDelegation(json);
  } else if (decl == "grant") {
    ReadGrant(json);
  } else if (decl == "guard") {
    ReadGuard(json);
  } else if (decl == "exception") {
    ReadException(json);
  } else if (decl == "assume") {
    ReadAssume(json);
  } else if (decl == "separate") {
    ReadSeparate(json);
  } else if (decl == "sequence") {
    ReadSequence(json);
  } else if (decl == "approvals") {
    ReadApprovals(json);
  } else if (decl == "consent") {
    ReadConsent(json);
  } else if (decl == "memory") {
    ReadMemory(json);
  } else if (decl == "promotion") {
    ReadPromotion(json);
  } else if (decl == "budget") {
    ReadBudget(json);
  } else if (decl == "sandbox") {
    ReadSandbox(json);
  } else if (decl == "skill") {
    ReadSkill(json);
  } else if (decl == "breaker") {
    ReadBreaker(json);
  } else if (decl == "intent") {
    ReadIntent(json);
  } else if (decl == "route") {
    ReadRoute(json);
  } else if (decl == "boundary") {
    ReadBoundary(json);
  } else if (decl == "channel") {
    ReadChannel(json);
  } else if (decl == "exposure") {
    ReadExposure(json);
  } else if (decl == "hook") {
    ReadHook(json);
  } else if (decl == "checkpoint") {
    ReadCheckpoint(json);
  } else if (decl == "compaction") {
    ReadCompaction(json);
  } else if (decl == "models") {
    ReadModels(json);
  }
}

void AddBuiltInFacts(Policy& policy) {
  const auto add = [&](const std::string& name, TypeKind kind) {
    Fact fact;
    fact.name = name;
    fact.type.kind = kind;
    if (kind == TypeKind::kTime) SetDefaultRange(fact.type);
    policy.facts[name] = fact;
  };
  add("now", TypeKind::kTime);
  add("role", TypeKind::kRole);
  for (const char* id : {"case", "session", "agent", "tenant", "actor", "run", "trace", "pin.table",
                         "pin.pack", "pin.knowledge"})
    add(id, TypeKind::kId);
  add("header", TypeKind::kEnum);
  policy.facts["header"].type.values = {"valid", "unsigned", "expired", "foreign_tenant",
                                        "unpinned"};
  for (const std::string& party : policy.parties) add("confirmation." + party, TypeKind::kBool);
  for (const auto& [name, evidence] : policy.evidence) {
    add("evidence." + name, TypeKind::kTime);
    for (const std::string& about : evidence.about) {
      Fact fact = policy.facts[about];
      fact.name = "evidence." + name + ".about." + about;
      fact.evidence.clear();
      fact.word = MissingWord::kDeny;
      policy.facts[fact.name] = fact;
    }
  }
}

void AddMeterFacts(Policy& policy) {
  for (const auto& [name, meter] : policy.meters) {
    Fact fact;
    fact.name = name;
    if (meter.fold == Fold::kCount || meter.fold == Fold::kDistinct) {
      fact.type.kind = TypeKind::kInteger;
      fact.type.high = {PowerOfTen(9), 0};
    } else if (meter.fold != Fold::kExists && meter.input.empty()) {
      fact.type = policy.facts["now"].type;
    } else if (meter.fold != Fold::kExists) {
      fact.type = policy.facts[meter.input].type;
    }
    if (meter.fold == Fold::kSum) {
      const bool below_zero = fact.type.low.units < 0;
      fact.type.low = {below_zero ? -PowerOfTen(15) : Int128{0}, fact.type.scale};
      fact.type.high = {PowerOfTen(15), fact.type.scale};
    }
    policy.facts[name] = fact;
  }
}

bool StandsAbove(const Policy& policy, const std::string& high, const std::string& low) {
  std::set<std::string> seen;
  std::string role = low;
  while (!role.empty() && seen.insert(role).second) {
    const auto next = policy.reports_to.find(role);
    role = next == policy.reports_to.end() ? "" : next->second;
    if (role == high) return true;
  }
  return false;
}

void RankAnchors(Policy& policy) {
  std::set<std::pair<std::string, std::string>> said;  // by `above`, closed
  for (const auto& [name, anchor] : policy.anchors) {
    for (const std::string& lower : anchor.above) said.emplace(name, lower);
  }
  const auto close = [](std::set<std::pair<std::string, std::string>>& order) {
    for (bool grew = true; grew;) {
      grew = false;
      for (const auto& [a, b] : std::set(order)) {
        for (const auto& [c, d] : std::set(order))
          grew = (b == c && order.emplace(a, d).second) || grew;
      }
    }
  };
  close(said);
  policy.ranks_above = said;
  for (const auto& [a, high] : policy.anchors) {
    for (const auto& [b, low] : policy.anchors) {
      bool all = !high.held_by.empty() && !low.held_by.empty();
      for (const std::string& above : high.held_by) {
        for (const std::string& below : low.held_by) all = all && StandsAbove(policy, above, below);
      }
      if (all && !said.contains({b, a})) policy.ranks_above.emplace(a, b);
    }
  }
  close(policy.ranks_above);
}

Policy LoadPolicy(const std::vector<std::string>& dumps) {
  Policy policy;
  std::vector<std::pair<Loader, Json>> files;
  for (const std::string& dump : dumps) {
    const Json tree = Json::parse(dump);
    for (const Json& json : tree.at("policies")) {
      const std::string effective =
          json.contains("effective") ? TextOf(json.at("effective"), "text") : "";
      files.emplace_back(Loader{policy, TextOf(json, "zone"), effective, {}}, json);
      if (!KnowsZone(files.back().first.zone)) throw std::runtime_error("unknown zone");
    }
  }
  const auto each = [&](const std::vector<std::string>& kinds) {
    for (auto& [loader, file] : files) {
      for (const Json& declaration : file.value("declarations", Json::array())) {
        if (std::find(kinds.begin(), kinds.end(), TextOf(declaration, "decl")) != kinds.end()) {
          loader.ReadDeclaration(declaration);
        }
      }
    }
  };
  const Json& head = files.at(0).second;
  policy.name = TextOf(head, "name");
  policy.zone = files[0].first.zone;
  policy.case_is = NamesOf(head, "case_is");
  policy.strict = FlagOf(head, "strict");
  if (head.contains("effective") && !head.contains("cases_since")) {
    policy.effective_ms = FirstInstant(TextOf(head.at("effective"), "text"), files[0].first.zone);
  }
  std::map<std::string, Json> aliases;
  for (const auto& [loader, file] : files) {
    for (const Json& declaration : file.value("declarations", Json::array())) {
      if (TextOf(declaration, "decl") == "type_alias")
        aliases[TextOf(declaration, "name")] = declaration.at("type");
      if (TextOf(declaration, "decl") == "group")
        policy.groups[TextOf(declaration, "name")] = NamesOf(declaration, "members");
    }
  }
  for (auto& [loader, file] : files) loader.aliases = aliases;
  each({"threshold"});
  each({"facts", "evidence", "role", "anchor", "pressure", "modes", "lookup"});
  for (auto& [loader, file] : files) {
    for (const Json& json : file.value("declarations", Json::array())) {
      const std::string decl = TextOf(json, "decl");
      if (decl == "capability" || decl == "event") loader.ReadCapability(json);
    }
  }
  for (auto& [loader, file] : files) {
    for (const Json& json : file.value("declarations", Json::array())) {
      if (TextOf(json, "decl") != "intent") continue;
      policy.intent_titles[TextOf(json, "name")] = TextOf(json, "title");
      loader.ReadIntentFacts(json);
    }
  }
  for (auto& [loader, file] : files) {
    for (const Json& json : file.value("declarations", Json::array()))
      if (TextOf(json, "decl") == "models") loader.ReadModelClasses(json);
  }
  each({"approvals", "consent", "breaker", "channel", "exposure", "hook", "checkpoint",
        "compaction", "models"});
  each({"meter", "let", "region", "invariant", "delegation", "grant", "guard", "exception",
        "assume", "separate", "sequence", "memory", "promotion", "budget", "sandbox", "skill",
        "intent", "route", "boundary"});
  for (auto& [loader, file] : files) loader.CloseVaults();
  for (auto& [loader, file] : files) loader.CloseExposures();
  for (auto& [loader, file] : files) {
    if (file.contains("cases_since")) loader.ReadCaseStart(file);
    if (file.contains("tenant")) loader.ReadTenant(file);
  }
  if (head.contains("before")) {
    std::vector<std::string> house;
    for (const Json& member : head.at("before"))
      house.push_back(Json{{"policies", Json::array({member})}}.dump());
    policy.case_began = "first(" + TextOf(head, "cases_since") + ")";
    policy.before = std::make_shared<const Policy>(LoadPolicy(house));
    policy.constants.insert(policy.constants.end(), policy.before->constants.begin(),
                            policy.before->constants.end());
  }
  AddBuiltInFacts(policy);
  for (auto& [name, fact] : policy.facts) {
    for (const auto& [role, above] : policy.reports_to) {
      if (fact.type.kind == TypeKind::kRole) fact.type.values.push_back(role);
    }
  }
  AddMeterFacts(policy);
  ImplyAnchors(policy);
  RankAnchors(policy);
  SettleReads(policy);
  return policy;
}

}  // namespace writ::oracle
