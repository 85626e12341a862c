// What the benchmarks make of a generated policy: its text, its table, requests, and the naive way
// to decide. Entry points: `ToSource`, `ToModel`, `Samples`, `DecideNaively`.
#include <algorithm>
#include <functional>
#include <map>

#include "generator.h"

namespace writ::bench {
namespace {

using namespace writ::runtime;

std::string ConditionText(const Policy& policy, const Condition& c) {
  const FactSpec& fact = policy.facts[c.fact];
  switch (fact.kind) {
    case FactKind::kEnum:
      return fact.name + " = v" + std::to_string(c.low);
    case FactKind::kText:
      return fact.name + " = \"" + fact.stem + std::to_string(c.low) + "\"";
    case FactKind::kNumber:
      break;
  }
  const std::string above = fact.name + " >= " + std::to_string(c.low);
  const std::string below = fact.name + " < " + std::to_string(c.high);
  if (c.low == 0) return below;
  return c.high > kNumberMax ? above : above + " and " + below;
}

std::string RuleText(const Policy& policy, const Rule& rule) {
  if (rule.is_limit) {
    return "limit " + policy.facts[rule.conditions[0].fact].name + " < " +
           std::to_string(rule.conditions[0].low);
  }
  std::string text = rule.verdict == Verdict::kDeny       ? "deny when "
                     : rule.verdict == Verdict::kEscalate ? "escalate when "
                                                          : "allow when ";
  for (std::size_t i = 0; i < rule.conditions.size(); ++i) {
    text += (i == 0 ? "" : " and ") + ConditionText(policy, rule.conditions[i]);
  }
  return text;
}

std::string FactText(const Policy& policy, const FactSpec& fact) {
  if (fact.kind == FactKind::kText) return fact.name + " : id";
  const bool number = fact.kind == FactKind::kNumber;
  std::string text = fact.name + " : ";
  if (number) text += "integer in 0.." + std::to_string(kNumberMax);
  for (std::uint32_t v = 0; v < fact.value_count; ++v)
    text += (v == 0 ? "{ v" : ", v") + std::to_string(v);
  if (!number) text += " }";
  return text + (policy.missing_deny ? "" : number ? "  missing 0" : "  missing v0");
}

// The atom map of each fact of a matrix, made of what the capability's rules ask, shared where
// equal.
class Maps {
 public:
  explicit Maps(table::Model& model) : model_(model) {}
  AtomMapId Add(table::AtomMap map) {
    const auto key = std::make_tuple(map.kind, map.size, map.cuts, map.strings);
    const auto [at, is_new] =
        ids_.try_emplace(key, AtomMapId{static_cast<std::uint32_t>(model_.atom_maps.size())});
    if (is_new) model_.atom_maps.push_back(std::move(map));
    return at->second;
  }

 private:
  table::Model& model_;
  std::map<
      std::tuple<AtomMapKind, std::uint32_t, std::vector<std::int64_t>, std::vector<std::string>>,
      AtomMapId>
      ids_;
};

// The range [low, high) of values that each atom but `missing` stands for.
std::vector<std::pair<std::int64_t, std::int64_t>> AtomRanges(
    const FactSpec& fact, const std::vector<std::int64_t>& cuts) {
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  if (fact.kind == FactKind::kNumber) {
    std::int64_t low = 0;
    for (const std::int64_t cut : cuts) {
      ranges.emplace_back(low, cut);
      low = cut;
    }
    ranges.emplace_back(low, kNumberMax + 1);
  } else if (fact.kind == FactKind::kEnum) {
    for (std::int64_t v = 0; v < fact.value_count; ++v) ranges.emplace_back(v, v + 1);
  } else {
    for (const std::int64_t v : cuts) ranges.emplace_back(v, v + 1);
    ranges.emplace_back(-2, -2);  // any other
  }
  return ranges;
}

class Lowering {
 public:
  explicit Lowering(const Policy& policy) : p_(policy), maps_(m_) {}

  table::Model Run() {
    m_.policy = p_.name;
    m_.version = "1.0.0";
    m_.title = p_.origin;
    m_.zone = "UTC";
    m_.roles = {{"boss", RoleKind::kHuman, "", {}},
                {"lead", RoleKind::kHuman, "", {0}},
                {"worker", RoleKind::kAgent, "", {}}};
    table::Anchor anchor;
    anchor.name = "desk";
    anchor.held_by = {1};
    anchor.deputies = {{0}};
    m_.anchors = {anchor};
    m_.authorities = {{"work", AuthorityKind::kDelegation, {0}, {1}}};
    for (const FactSpec& f : p_.facts) {
      table::Fact fact;
      fact.name = f.name;
      fact.type = f.kind == FactKind::kEnum   ? ValueType::kEnum
                  : f.kind == FactKind::kText ? ValueType::kId
                                              : ValueType::kInteger;
      fact.high = kNumberMax;
      fact.missing = p_.missing_deny ? MissingWord::kDeny : MissingWord::kValue;
      if (f.kind == FactKind::kEnum) {
        for (std::uint32_t v = 0; v < f.value_count; ++v)
          fact.values.push_back("v" + std::to_string(v));
      }
      m_.facts.push_back(fact);
    }
    const auto rules = ByCapability(p_);
    for (std::uint32_t c = 0; c < p_.capability_count; ++c) {
      table::Capability capability;
      capability.name = CapabilityName(c);
      capability.system = "bench";
      capability.risk = Risk::kLocalWrite;
      m_.capabilities.push_back(capability);
      m_.matrices.push_back(LowerCapability(c, rules[c]));
    }
    return std::move(m_);
  }

 private:
  table::Matrix LowerCapability(std::uint32_t capability, const std::vector<const Rule*>& rules) {
    table::Matrix matrix;
    cuts_.assign(p_.facts.size(), {});
    for (const Rule* rule : rules) {
      for (const Condition& c : rule->conditions) {
        cuts_[c.fact].push_back(c.low);
        if (p_.facts[c.fact].kind == FactKind::kNumber) cuts_[c.fact].push_back(c.high);
      }
    }
    for (std::uint32_t f = 0; f < p_.facts.size(); ++f) {
      matrix.signature.push_back({{f}, false});
      matrix.dimensions.push_back({DimensionKind::kFact, f, MapOf(f)});
    }
    const auto role = static_cast<std::uint32_t>(matrix.dimensions.size());
    matrix.dimensions.push_back(
        {DimensionKind::kRole, 0, maps_.Add({AtomMapKind::kDirect, 4, {}, {}})});
    AddBase(matrix, Verdict::kDeny, role, {true, true, true, false, true});
    for (const Rule* rule : rules) AddClause(capability, *rule);
    for (const Rule* rule : rules) AddColumns(matrix, *rule);
    if (p_.otherwise_deny) {
      AddBase(matrix, Verdict::kDeny, role, {});
      matrix.columns.back().flags = kColumnOtherwise;
    } else {
      AddBase(matrix, Verdict::kAllow, role, {});
    }
    std::vector<table::Column> columns;  // the most restrictive first
    for (const Verdict verdict : {Verdict::kDeny, Verdict::kEscalate, Verdict::kAllow}) {
      for (const table::Column& column : matrix.columns) {
        if (column.verdict == verdict) columns.push_back(column);
      }
    }
    matrix.columns = std::move(columns);
    return matrix;
  }

  AtomMapId MapOf(std::uint32_t f) {
    std::vector<std::int64_t>& cuts = cuts_[f];
    const FactSpec& fact = p_.facts[f];
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    if (fact.kind == FactKind::kEnum)
      return maps_.Add({AtomMapKind::kDirect, fact.value_count, {}, {}});
    if (fact.kind == FactKind::kText) {
      std::vector<std::string> strings;
      for (const std::int64_t v : cuts) strings.push_back(fact.stem + std::to_string(v));
      // In order of bytes, as the map wants them: u10 comes before u2.
      std::sort(strings.begin(), strings.end());
      std::sort(cuts.begin(), cuts.end(), [&](std::int64_t a, std::int64_t b) {
        return std::to_string(a) < std::to_string(b);
      });
      return maps_.Add({AtomMapKind::kStrings, 0, {}, strings});
    }
    std::erase_if(cuts, [](std::int64_t cut) { return cut <= 0 || cut > kNumberMax; });
    return maps_.Add({AtomMapKind::kCuts, 0, cuts, {}});
  }

  void AddBase(table::Matrix& matrix, Verdict verdict, std::uint32_t dimension,
               std::vector<bool> atoms) {
    table::Column column;
    column.verdict = verdict;
    column.flags = kColumnBase;
    if (verdict == Verdict::kAllow) column.anchor = {0}, column.authority = {0};
    if (!atoms.empty()) column.constraints.push_back({dimension, std::move(atoms)});
    matrix.columns.push_back(column);
  }

  void AddClause(std::uint32_t capability, const Rule& rule) {
    table::Clause clause;
    clause.words = RuleText(p_, rule);
    const std::string kind = clause.words.substr(0, clause.words.find(' '));
    if (capability != counted_) counters_.clear();
    counted_ = capability;
    clause.name =
        "work/" + CapabilityName(capability) + "/" + kind + "." + std::to_string(++counters_[kind]);
    clause.file = "bench.writ";
    clause.line = static_cast<std::uint32_t>(m_.clauses.size() + 1);
    clause.authority = {0};
    clause_of_[&rule] = {static_cast<std::uint32_t>(m_.clauses.size())};
    m_.clauses.push_back(clause);
  }

  // `missing`: the condition that is missing; those that may be missing too are true or missing.
  table::Column ColumnOf(const Rule& rule, Verdict verdict, std::size_t missing, bool others_may) {
    table::Column column;
    column.verdict = verdict;
    column.anchor = verdict == Verdict::kDeny ? AnchorId{} : AnchorId{0};
    column.clause = clause_of_[&rule];
    column.authority = {0};
    if (verdict == Verdict::kAllow) column.flags = kColumnAllowWhen;
    if (missing != SIZE_MAX) column.flags |= kColumnUnknown;
    for (std::size_t i = 0; i < rule.conditions.size(); ++i) {
      const Condition& c = rule.conditions[i];
      std::vector<bool> atoms = {p_.missing_deny ? others_may || missing == i : c.low == 0};
      for (const auto& [low, high] : AtomRanges(p_.facts[c.fact], cuts_[c.fact])) {
        atoms.push_back(i != missing && low < high && c.low <= low && high <= c.high);
      }
      column.constraints.push_back({c.fact, atoms});
    }
    return column;
  }

  // Where the condition is true, and, as missing facts deny, where it is unknown.
  void AddColumns(table::Matrix& matrix, const Rule& rule) {
    matrix.columns.push_back(
        ColumnOf(rule, rule.verdict, SIZE_MAX, rule.verdict == Verdict::kDeny));
    if (rule.verdict != Verdict::kEscalate || !p_.missing_deny) return;
    for (std::size_t i = 0; i < rule.conditions.size(); ++i) {
      matrix.columns.push_back(ColumnOf(rule, Verdict::kDeny, i, true));
    }
  }

  const Policy& p_;
  table::Model m_;
  Maps maps_;
  std::vector<std::vector<std::int64_t>> cuts_;
  std::map<const Rule*, ClauseId> clause_of_;
  std::map<std::string, int> counters_;
  std::uint32_t counted_ = 0;
};

std::string Join(std::uint32_t count, const std::function<std::string(std::uint32_t)>& name) {
  std::string text;
  for (std::uint32_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + name(i);
  return text;
}

}  // namespace

std::string CapabilityName(std::uint32_t c) {
  const std::string digits = std::to_string(c);
  return "c" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

namespace {

std::string Header(const Policy& policy, const std::string& name) {
  return "// Made by tests/bench/generator.cc: " + policy.origin + ".\npolicy " + name +
         " 1.0.0\n\"" + policy.origin + "\"\neffective 2026-01-01\n\n";
}

// People, facts, and the capability that verifies.
std::string CommonText(const Policy& policy) {
  std::string text =
      "role boss human\nrole lead human reports to boss\nrole worker agent\n\n"
      "anchor desk \"The desk\" {\n  held by lead\n  deputies boss\n  absorbs risk\n"
      "  reached by \"queue:desk\" within 1 hour\n  on silence deny\n}\n\nfacts from host missing "
      "deny {\n";
  for (const FactSpec& fact : policy.facts) text += "  " + FactText(policy, fact) + "\n";
  return text +
         "}\n\ncapability look \"See what was done\" { kind verify  risk read_only  system bench  "
         "input ref: id }\n";
}

std::string CapabilityText(std::uint32_t c) {
  return "capability " + CapabilityName(c) + " \"Do " + std::to_string(c) +
         "\" { kind act  risk local_write  system bench  input ref: id  verify with look }\n";
}

std::string DelegationText(const std::string& name, const std::string& may) {
  return "\ndelegation " + name + " {\n  from lead to worker\n" + may +
         "  anchor desk\n  review every 90 days  expires 2030-01-01\n";
}

std::string RulesText(const Policy& policy, std::uint32_t c,
                      const std::vector<const Rule*>& rules) {
  std::string text = "\n  for " + CapabilityName(c) + " {\n";
  for (const Rule* rule : rules) {
    text += "    " + RuleText(policy, *rule);
    if (policy.reasons) text += "  \"Rule " + std::to_string(rule - policy.rules.data()) + "\"";
    text += "\n";
  }
  if (policy.otherwise_deny) text += "    otherwise deny\n";
  return text + "  }\n";
}

constexpr const char* kFreely = "  may freely look\n";

}  // namespace

std::string ToSource(const Policy& policy) {
  std::string text = Header(policy, policy.name) + CommonText(policy);
  for (std::uint32_t c = 0; c < policy.capability_count; ++c) text += CapabilityText(c);
  text += DelegationText(
      "work", kFreely + ("  may " + Join(policy.capability_count, CapabilityName)) + "\n");
  const auto rules = ByCapability(policy);
  for (std::uint32_t c = 0; c < policy.capability_count; ++c)
    text += RulesText(policy, c, rules[c]);
  return text + "}\n";
}

std::vector<SourceFile> ToFiles(const Policy& policy, std::uint32_t count) {
  const std::uint32_t parts = count - 2;
  std::string main = Header(policy, policy.name) + "use " + policy.name + ".common 1.0.0\n";
  std::vector<SourceFile> files = {
      {"main.writ", ""},
      {"common.writ", Header(policy, policy.name + ".common") + CommonText(policy)}};
  const auto rules = ByCapability(policy);
  for (std::uint32_t part = 0; part < parts; ++part) {
    const std::string name = "part" + std::to_string(part);
    std::string text =
        Header(policy, policy.name + "." + name) + "use " + policy.name + ".common 1.0.0\n\n";
    std::string may;
    for (std::uint32_t c = part; c < policy.capability_count; c += parts) {
      text += CapabilityText(c);
      may += "  may " + CapabilityName(c) + "\n";
    }
    if (may.empty()) continue;
    text += DelegationText("work_" + name, may);
    for (std::uint32_t c = part; c < policy.capability_count; c += parts)
      text += RulesText(policy, c, rules[c]);
    files.push_back({name + ".writ", text + "}\n"});
    main += "use " + policy.name + "." + name + " 1.0.0\n";
  }
  files[0].text = main + DelegationText("looking", kFreely) + "}\n";
  return files;
}

table::Model ToModel(const Policy& policy) { return Lowering(policy).Run(); }

std::vector<std::vector<const Rule*>> ByCapability(const Policy& policy) {
  std::vector<std::vector<const Rule*>> rules(policy.capability_count);
  for (const Rule& rule : policy.rules) rules[rule.capability].push_back(&rule);
  return rules;
}

std::vector<Sample> Samples(const Policy& policy, std::size_t count, std::uint64_t seed) {
  std::uint64_t state = seed;
  const auto below = [&](std::uint64_t n) {  // Knuth's MMIX generator, high bits
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::int64_t>((state >> 33) % n);
  };
  std::vector<Sample> samples(count);
  for (Sample& sample : samples) {
    sample.capability = static_cast<std::uint32_t>(below(policy.capability_count));
    for (const FactSpec& fact : policy.facts) {
      const std::int64_t value =
          below(fact.kind == FactKind::kNumber ? kNumberMax + 1 : fact.value_count);
      sample.values.push_back(below(100) == 0 ? kMissing : value);
    }
  }
  return samples;
}

Verdict DecideNaively(const Policy& policy,
                      const std::vector<std::vector<const Rule*>>& by_capability,
                      const Sample& sample) {
  Verdict verdict = Verdict::kAllow;
  bool allowed = false;
  for (const Rule* rule : by_capability[sample.capability]) {
    bool some_false = false, some_missing = false;
    for (const Condition& c : rule->conditions) {
      const std::int64_t given = sample.values[c.fact];
      const std::int64_t value = given == kMissing && !policy.missing_deny ? 0 : given;
      if (value == kMissing) {
        some_missing = true;
      } else if (value < c.low || value >= c.high) {
        some_false = true;
        break;
      }
    }
    if (some_false) continue;
    if (rule->verdict == Verdict::kAllow) {
      allowed = allowed || !some_missing;
      continue;
    }
    const Verdict own = some_missing ? Verdict::kDeny : rule->verdict;
    if (own > verdict) verdict = own;
    if (verdict == Verdict::kDeny) return verdict;
  }
  return policy.otherwise_deny && !allowed ? Verdict::kDeny : verdict;
}

}  // namespace writ::bench
