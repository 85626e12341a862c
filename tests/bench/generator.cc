// Draws the rules of generator.h with a generator of its own (SplitMix64), since those of the
// standard library may differ between implementations. Entry points: `Scoped`, `ScopedDeny`,
// `Wide`, `Acl`, `Adversarial`; what is made of a policy is in generated_policy.cc.
#include "generator.h"

#include <algorithm>
#include <set>
#include <utility>

namespace writ::bench {
namespace {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint32_t Below(std::uint32_t n) {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return static_cast<std::uint32_t>((z ^ (z >> 31)) % n);
  }

 private:
  std::uint64_t state_;
};

using Point = std::vector<std::int64_t>;  // a value per fact

bool Holds(const Rule& rule, const Point& point) {
  return std::all_of(rule.conditions.begin(), rule.conditions.end(), [&](const Condition& c) {
    return c.low <= point[c.fact] && point[c.fact] < c.high;
  });
}

Point PointInside(const Policy& policy, const Rule& rule, Random& random) {
  Point point;
  for (const FactSpec& fact : policy.facts) {
    const bool number = fact.kind == FactKind::kNumber;
    point.push_back(random.Below(number ? kNumberMax + 1 : fact.value_count));
  }
  for (const Condition& c : rule.conditions) {
    point[c.fact] = c.low + random.Below(static_cast<std::uint32_t>(c.high - c.low));
  }
  return point;
}

// The rules of one capability, each with a request that no other rule decides as strictly: proof
// that it matters.
class RulesWithEffect {
 public:
  RulesWithEffect(Policy& policy, Random& random)
      : policy_(policy), random_(random), first_(policy.rules.size()) {}

  // False, and nothing is added, if some rule would then be without effect.
  bool Add(Rule rule) {
    for (std::size_t i = 0; i < witnesses_.size(); ++i) {
      if (rule.verdict >= policy_.rules[first_ + i].verdict && Holds(rule, witnesses_[i])) {
        return false;
      }
    }
    for (int attempt = 0; attempt < 50; ++attempt) {
      Point point = PointInside(policy_, rule, random_);
      const bool covered = std::any_of(
          policy_.rules.begin() + static_cast<std::ptrdiff_t>(first_), policy_.rules.end(),
          [&](const Rule& r) { return r.verdict >= rule.verdict && Holds(r, point); });
      if (covered) continue;
      witnesses_.push_back(std::move(point));
      policy_.rules.push_back(std::move(rule));
      return true;
    }
    return false;
  }
  std::size_t size() const { return witnesses_.size(); }

 private:
  Policy& policy_;
  Random& random_;
  std::size_t first_;
  std::vector<Point> witnesses_;
};

// `count` different facts of the policy.
std::vector<std::uint32_t> PickFacts(std::uint32_t count, std::uint32_t facts, Random& random) {
  std::vector<std::uint32_t> picked;
  while (picked.size() < count) {
    const std::uint32_t fact = random.Below(facts);
    if (std::find(picked.begin(), picked.end(), fact) == picked.end()) picked.push_back(fact);
  }
  std::sort(picked.begin(), picked.end());
  return picked;
}

std::vector<FactSpec> TwentyFacts() {
  std::vector<FactSpec> facts;
  for (std::uint32_t i = 0; i < 13; ++i)
    facts.push_back({"e" + std::to_string(i), FactKind::kEnum, 3 + i % 6, ""});
  for (std::uint32_t i = 0; i < 7; ++i)
    facts.push_back({"n" + std::to_string(i), FactKind::kNumber, 0, ""});
  return facts;
}

Rule DrawRule(const Policy& policy, std::uint32_t capability, Random& random) {
  Rule rule;
  rule.capability = capability;
  rule.verdict = random.Below(2) == 0 ? runtime::Verdict::kDeny : runtime::Verdict::kEscalate;
  for (const std::uint32_t fact :
       PickFacts(2 + random.Below(3), static_cast<std::uint32_t>(policy.facts.size()), random)) {
    if (policy.facts[fact].kind == FactKind::kEnum) {
      const std::int64_t value = random.Below(policy.facts[fact].value_count);
      rule.conditions.push_back({fact, value, value + 1});
    } else {
      const std::int64_t cut = 32 * (1 + std::int64_t{random.Below(31)});
      rule.conditions.push_back(random.Below(2) == 0 ? Condition{fact, cut, kNumberMax + 1}
                                                     : Condition{fact, 0, cut});
    }
  }
  return rule;
}

// The question of the limit: the last number stays below 992, the highest cut.
Rule Limit(std::uint32_t capability, std::uint32_t fact) {
  return {capability, runtime::Verdict::kEscalate, {{fact, 992, kNumberMax + 1}}, true};
}

std::string Origin(const std::string& shape, std::uint64_t seed) {
  return shape + ", seed " + std::to_string(seed);
}

}  // namespace

Policy Scoped(std::uint32_t n, std::uint64_t seed) {
  Policy policy;
  policy.name = "bench.scoped";
  policy.origin = Origin("scoped(" + std::to_string(n) + ")", seed);
  policy.missing_deny = false;
  policy.capability_count = std::max(1u, n / 50);
  policy.facts = TwentyFacts();
  Random random(seed);
  for (std::uint32_t c = 0; c < policy.capability_count; ++c) {
    const std::uint32_t wanted =
        n / policy.capability_count + (c < n % policy.capability_count ? 1 : 0);
    RulesWithEffect rules(policy, random);
    rules.Add(Limit(c, 19));
    while (rules.size() < wanted) rules.Add(DrawRule(policy, c, random));
  }
  return policy;
}

Policy ScopedDeny(std::uint32_t n, std::uint64_t seed) {
  Policy policy = Scoped(n, seed);
  policy.name = "bench.scoped_deny";
  policy.origin = Origin("scoped_deny(" + std::to_string(n) + ")", seed);
  policy.missing_deny = true;
  return policy;
}

Policy Wide(std::uint32_t n, std::uint64_t seed) {
  Policy policy;
  policy.name = "bench.wide";
  policy.origin = Origin("wide(" + std::to_string(n) + ")", seed);
  policy.missing_deny = false;
  policy.reasons = true;
  policy.facts = TwentyFacts();
  Random random(seed);
  policy.rules.push_back(Limit(0, 19));
  while (policy.rules.size() < n) policy.rules.push_back(DrawRule(policy, 0, random));
  return policy;
}

Policy Acl(std::uint32_t n, std::uint64_t seed) {
  Policy policy;
  policy.name = "bench.acl";
  policy.origin = Origin("acl(" + std::to_string(n) + ")", seed);
  policy.otherwise_deny = true;
  const std::uint32_t names = std::max(4u, n / 10);
  policy.facts = {{"user", FactKind::kText, names, "u"},
                  {"object", FactKind::kText, names, "o"},
                  {"action", FactKind::kEnum, 4, ""},
                  {"load", FactKind::kNumber, 0, ""}};
  Random random(seed);
  std::set<std::vector<std::int64_t>> seen;
  policy.rules.push_back({0, runtime::Verdict::kEscalate, {{3, 900, kNumberMax + 1}}, false});
  while (policy.rules.size() < n) {
    Rule rule;
    rule.verdict = runtime::Verdict::kAllow;
    std::vector<std::int64_t> key;
    for (std::uint32_t fact = 0; fact < 3; ++fact) {
      const std::int64_t value = random.Below(policy.facts[fact].value_count);
      rule.conditions.push_back({fact, value, value + 1});
      key.push_back(value);
    }
    if (seen.insert(key).second) policy.rules.push_back(std::move(rule));
  }
  return policy;
}

Policy Adversarial(std::uint32_t n, std::uint32_t d, std::uint64_t seed) {
  Policy policy;
  policy.name = "bench.adversarial";
  policy.origin = Origin("adversarial(" + std::to_string(n) + ", " + std::to_string(d) + ")", seed);
  for (std::uint32_t i = 0; i < d; ++i)
    policy.facts.push_back({"n" + std::to_string(i), FactKind::kNumber, 0, ""});
  Random random(seed);
  RulesWithEffect rules(policy, random);
  rules.Add(Limit(0, d - 1));
  while (rules.size() < n) {
    Rule rule;
    rule.verdict = random.Below(2) == 0 ? runtime::Verdict::kDeny : runtime::Verdict::kEscalate;
    for (const std::uint32_t fact : PickFacts(std::min(d, 2 + random.Below(4)), d, random)) {
      const std::int64_t low = random.Below(900);
      rule.conditions.push_back({fact, low, low + 1 + random.Below(100)});
    }
    rules.Add(std::move(rule));
  }
  return policy;
}

namespace {

// A box that is cut in two at random, again and again.
std::vector<std::vector<Condition>> Tiles(std::uint32_t n, std::uint32_t d, Random& random) {
  std::vector<std::vector<Condition>> tiles(1);
  for (std::uint32_t i = 0; i < d; ++i) tiles[0].push_back({i, 0, kNumberMax + 1});
  while (tiles.size() < n) {
    std::vector<Condition>& tile = tiles[random.Below(static_cast<std::uint32_t>(tiles.size()))];
    Condition& side = tile[random.Below(d)];
    const auto width = static_cast<std::uint32_t>(side.high - side.low);
    if (width < 40) continue;
    const std::int64_t cut = (side.low + 1 + random.Below(width - 1)) / 20 * 20;
    if (cut <= side.low || cut >= side.high) continue;
    std::vector<Condition> upper = tile;
    upper[side.fact].low = cut;
    side.high = cut;
    tiles.push_back(std::move(upper));
  }
  return tiles;
}

// Moves one bound of a tile that has one, up or down.
void Disturb(std::vector<Condition>* tile, Random& random) {
  for (int attempt = 0; attempt < 50; ++attempt) {
    Condition& side = (*tile)[random.Below(static_cast<std::uint32_t>(tile->size()))];
    const std::int64_t by = 20 * (random.Below(2) == 0 ? -1 : 1);
    const bool low = random.Below(2) == 0;
    const std::int64_t moved = (low ? side.low : side.high) + by;
    if ((low && side.low == 0) || (!low && side.high > kNumberMax)) continue;
    if (moved <= 0 || moved > kNumberMax || (low ? moved >= side.high : moved <= side.low))
      continue;
    (low ? side.low : side.high) = moved;
    return;
  }
}

}  // namespace

Policy Disjoint(std::uint32_t n, std::uint32_t d, std::uint32_t percent, std::uint64_t seed) {
  Policy policy;
  policy.name = "bench.disjoint";
  policy.origin = Origin("disjoint(" + std::to_string(n) + ", " + std::to_string(d) + ", " +
                             std::to_string(percent) + ")",
                         seed);
  policy.missing_deny = false;
  for (std::uint32_t i = 0; i < d; ++i)
    policy.facts.push_back({"n" + std::to_string(i), FactKind::kNumber, 0, ""});
  Random random(seed);
  for (std::vector<Condition>& tile : Tiles(n, d, random)) {
    if (random.Below(100) < percent) Disturb(&tile, random);
    std::erase_if(tile, [](const Condition& c) { return c.low == 0 && c.high > kNumberMax; });
    Rule rule;
    rule.verdict = random.Below(2) == 0 ? runtime::Verdict::kAllow : runtime::Verdict::kEscalate;
    rule.conditions = std::move(tile);
    policy.rules.push_back(std::move(rule));
  }
  return policy;
}

}  // namespace writ::bench
