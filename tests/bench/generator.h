// Policies of any size for benchmarks: the same shape, count and seed give the same policy on every
// machine.
//
//   Scoped(n)          n rules over n / 50 capabilities. 20 facts that every capability reads: 13
//   enums of 3 to 8
//                      values and 7 whole numbers in 0..1000 that rules cut at 31 places (32, 64, …
//                      992). A rule is `deny when` or `escalate when`, with 2 to 4 conditions, 3 on
//                      average. As in a real house, one delegation, one anchor, a limit per
//                      capability. A missing fact counts as its first value.
//   ScopedDeny(n)      the same, but missing facts deny: every `escalate when` then has a row more
//   per condition. Wide(n)            the same rules, all for one capability. Acl(n) one
//   capability; n rules `allow when user = … and object = … and action = …` on n/10 users and
//                      n/10 objects, one `escalate when`, and `otherwise deny`: exact matches, the
//                      shape of an access control list.
//   Adversarial(n, d)  one capability, d numbers, every rule bounds 2 to 5 of them on both sides at
//   random places:
//                      little is shared between rules, so decision diagrams grow exponentially.
//   Disjoint(n, d, p)  one capability, d numbers, n rules that tile all requests without overlap,
//   as
//                      in the published benchmark of decision tables (D. Calvanese et al. 2018);
//                      of p rules in a hundred, one bound is then moved. Rules allow or escalate.
//
// Every rule has an effect: for each there is a request that no other rule decides as strictly. Not
// so in Wide, where that many rules of this shape can't all matter; its clauses have reasons, so
// that the compiler only warns.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "writ/table/model.h"

namespace writ::bench {

enum class FactKind : std::uint8_t { kEnum, kNumber, kText };

struct FactSpec {
  std::string name;
  FactKind kind = FactKind::kNumber;
  std::uint32_t value_count = 0;  // kEnum: v0, v1, …; kText: how many texts rules may name
  std::string stem;               // kText: "user" gives "user0", "user1", …
};

// Requests with low <= fact < high; an enum or text value v is [v, v + 1).
struct Condition {
  std::uint32_t fact;
  std::int64_t low, high;
};

struct Rule {
  std::uint32_t capability = 0;
  runtime::Verdict verdict = runtime::Verdict::kDeny;
  std::vector<Condition> conditions;
  bool is_limit = false;
};

struct Policy {
  std::string name, origin;  // origin: "scoped(1000), seed 1"
  std::uint32_t capability_count = 1;
  std::vector<FactSpec> facts;
  std::vector<Rule> rules;
  bool otherwise_deny = false;
  bool reasons = false;      // each clause says which rule it is
  bool missing_deny = true;  // else a missing enum is v0 and a missing number 0
};

inline constexpr std::int64_t kNumberMax = 1000;

std::string CapabilityName(std::uint32_t c);  // c000, c001, …

Policy Scoped(std::uint32_t n, std::uint64_t seed = 1);
Policy ScopedDeny(std::uint32_t n, std::uint64_t seed = 1);
Policy Wide(std::uint32_t n, std::uint64_t seed = 1);
Policy Acl(std::uint32_t n, std::uint64_t seed = 1);
Policy Adversarial(std::uint32_t n, std::uint32_t d, std::uint64_t seed = 1);
Policy Disjoint(std::uint32_t n, std::uint32_t d, std::uint32_t percent, std::uint64_t seed = 1);

// The policy as text that the compiler reads.
std::string ToSource(const Policy&);
// The same in `count` files, at least 3 and at most 2 more than there are capabilities: `main.writ`
// uses all others, which share `common.writ`.
struct SourceFile {
  std::string name, text;
};
std::vector<SourceFile> ToFiles(const Policy&, std::uint32_t count);
// The policy as a table, lowered by hand as the rules of meaning say; the benchmarks of deciding
// use it so that they measure deciding and nothing else.
table::Model ToModel(const Policy&);

// The values of one request: per fact a value, or kMissing.
inline constexpr std::int64_t kMissing = -1;
struct Sample {
  std::uint32_t capability;
  std::vector<std::int64_t> values;
};
// Uniform over the facts' values, one value in a hundred missing.
std::vector<Sample> Samples(const Policy&, std::size_t count, std::uint64_t seed = 7);

// What a straightforward program would do: go through the rules of the capability one by one.
runtime::Verdict DecideNaively(const Policy&,
                               const std::vector<std::vector<const Rule*>>& by_capability,
                               const Sample&);
std::vector<std::vector<const Rule*>> ByCapability(const Policy&);

}  // namespace writ::bench
