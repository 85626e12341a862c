// A policy and the ones it uses, with every name the oracle needs looked up: plain tables, by name.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "writ/oracle/value.h"

namespace writ::oracle {

// ------------------------------------------------------------------------------------- conditions

enum class Op : std::uint8_t {
  kOr,
  kAnd,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kInSet,    // operands: left, members
  kInRange,  // operands: left, low, high
  kIn,       // operands: left, a set
  kIsMissing,
  kStartsWith,
  kAdd,
  kSubtract,
  kMultiply,
  kNegate,
  kMin,
  kMax,
  kName,  // name: a fact, let, threshold, meter, `done(X)`, or a bare word
  kConstant,
};

struct Expr {
  Op op = Op::kConstant;
  bool negated = false;  // of the kIn…, kIsMissing and kStartsWith forms: `not in`, `is known`
  std::string name;
  Value constant;
  std::vector<Expr> operands;
};

using Lets = std::map<std::string, Expr>;

// A condition, and the lets of the block in which it stands.
struct Condition {
  Expr expr;
  std::shared_ptr<const Lets> lets;
};

// -------------------------------------------------------------------------------------
// declarations

enum class MissingWord : std::uint8_t { kDeny, kEscalate, kValue };

struct Fact {
  std::string name;
  Type type;
  std::string evidence;  // `from evidence E`; else empty
  MissingWord word = MissingWord::kDeny;
  std::optional<Value> substitute;  // kValue
};

struct Evidence {
  std::string name;
  std::vector<std::string> about;
  std::int64_t within_ms = 0;
};

struct Capability {  // or event
  std::string name, kind, risk, system;
  bool irreversible = false;
  bool is_event = false;
  std::vector<std::string> inputs;
  std::set<std::string> optional;  // of the inputs
};

struct Anchor {
  std::string name;
  std::vector<std::string> held_by, above;
};

enum class Fold : std::uint8_t { kCount, kSum, kLast, kExists };

struct Meter {
  std::string name;
  Fold fold = Fold::kCount;
  std::set<std::string> targets;  // capabilities and events
  std::string input;              // `sum CAP.input`, `last CAP.input`; else empty
  std::vector<std::string> keys;
  std::optional<std::int64_t> within_ms;
  bool including_this = false;
};

enum class ClauseKind : std::uint8_t {
  kRequire,
  kEvidence,
  kDeny,
  kLimit,
  kEscalate,
  kAllow,
  kOtherwise,
  kNote,
  kNotify
};

struct Clause {
  std::string name;  // M3.4: "refunding/issue_refund/limit.1"
  ClauseKind kind = ClauseKind::kRequire;
  std::optional<Condition> condition;  // absent: always
  std::vector<std::string> evidence;
  std::string anchor;  // as written, else empty
  bool else_deny = false;
  std::string decision;  // kOtherwise: "allow", "escalate", "deny"
  std::string trigger, reason;
  std::set<std::string> capabilities;  // where it applies
};

struct Authority {  // a delegation or a grant
  std::string name;
  bool is_grant = false;
  std::set<std::string> to, may, freely;  // roles; capabilities
  std::string anchor;
  std::optional<std::int64_t> expires_ms;  // the first instant at which it no longer holds
  std::vector<Clause> clauses;
};

struct Region {
  std::string name;
  Condition condition;
};

struct Invariant {
  std::string name, decision;
  std::set<std::string> capabilities;  // empty: any
  std::optional<Condition> condition;
};

struct Policy {
  std::string name;
  std::optional<std::int64_t> effective_ms;
  std::vector<std::string> case_is;
  std::map<std::string, Fact> facts;  // all that a condition can read (M1), meters included
  std::set<std::string> declared;     // of them: by `fact` or `facts`
  std::map<std::string, Evidence> evidence;
  std::map<std::string, Capability> capabilities;
  std::map<std::string, std::vector<std::string>> groups;
  std::map<std::string, std::string> reports_to;  // role -> role, "" at the top
  std::map<std::string, Anchor> anchors;
  std::set<std::pair<std::string, std::string>>
      ranks_above;  // (A, B): A ranks above B (M3.2), closed
  std::map<std::string, Meter> meters;
  std::map<std::string, Value> thresholds;
  Lets lets;
  std::vector<Authority> authorities;
  std::vector<Clause> guard_clauses;
  std::vector<Region> regions;
  std::vector<Invariant> invariants;
  std::vector<Value> constants;  // every literal that is written anywhere, for choosing test values
};

// `dumps`: the JSON dumps of the policy's file and of the files it uses, the policy first. Throws
// std::runtime_error about a dump that is none; a policy the checker would refuse gives no useful
// result.
Policy LoadPolicy(const std::vector<std::string>& dumps);

}  // namespace writ::oracle
