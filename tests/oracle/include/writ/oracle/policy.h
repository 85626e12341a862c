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
  kMatches,  // operands: left, a pattern; name: `domain`, or nothing
  kAdd,
  kSubtract,
  kMultiply,
  kNegate,
  kMin,
  kMax,
  kName,      // name: a fact, let, threshold, meter, `done(X)`, or a bare word
  kLookup,    // name: a table; operands: the keys
  kApproval,  // name: of `approvals`
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
  // The facts that it names, through `let`, a meter as itself (M7.3); and these with what is behind
  // them (M1.3): keys and value of a meter, time and subject of evidence; and what a request must
  // have for it: the same but for the values of meters, which are of other requests.
  std::set<std::string> named = {}, behind = {}, needed = {};
};

// ------------------------------------------------------------------------------------ declarations

enum class MissingWord : std::uint8_t { kDeny, kEscalate, kValue };

struct Fact {
  std::string name;
  Type type;
  std::string evidence;  // `from evidence E`; else empty
  bool text = false;     // from tools or models (M18)
  MissingWord word = MissingWord::kDeny;
  std::optional<Value> substitute;  // kValue
};

// A length, or so many months on the calendar of the policy's zone.
struct Window {
  std::int64_t ms = 0;
  int months = 0;
};

struct Evidence {
  std::string name;
  std::vector<std::string> about;
  Window within;
};

struct Capability {  // or event
  std::string name, kind, risk, system;
  std::string hands_over_to;       // an anchor (M34)
  std::string runs_in;             // a sandbox (M39)
  std::string verify_with;         // a capability
  std::set<std::string> sends_on;  // channels (M45)
  bool irreversible = false;
  bool is_event = false;
  std::vector<std::string> inputs;
  std::set<std::string> optional;  // of the inputs
};

struct Anchor {
  std::string name;
  std::vector<std::string> held_by, above;
};

enum class Fold : std::uint8_t { kCount, kSum, kLast, kExists, kFirst, kDistinct };

struct Meter {
  std::string name;
  Fold fold = Fold::kCount;
  std::set<std::string> targets;  // capabilities and events
  std::string input;              // `sum CAP.input`, `last CAP.input`; else empty
  std::vector<std::string> keys;
  std::optional<Window> within;
  bool including_this = false;
  std::set<std::string> since;  // capabilities and events after which it begins anew
};

// `table T(K1, K2)`: `cells` has a row for each value of the first key, and in it a cell for each
// of the second (one key: one cell).
struct Lookup {
  std::string name;
  std::vector<Value> columns;  // empty with one key
  std::vector<std::pair<Value, std::vector<Value>>> rows;
};

enum class ClauseKind : std::uint8_t {
  kRequire,
  kEvidence,
  kConfirmation,
  kCeiling,
  kAssume,  // a declaration, and the clause that it stands for (M17)
  kDeny,
  kLimit,
  kEscalate,
  kAllow,
  kOtherwise,
  kNote,
  kNotify
};

// What a larger word asks of the history: M31, M32. Each of its names is that of a meter.
struct Obligation {
  std::vector<std::string> others;  // `separate`: broken if one of these is above 0
  std::string needed;               // `needs`; empty with `never`
  std::string each;                 // `one each`: what must stay below `needed`
  std::string until;                // ended if it is above 0
  std::string approval;             // `needs approval`
};

// M33. `same_person` and `is_signed` are facts; the first is empty where the stage does not ask it.
struct Stage {
  std::string role, is_signed, same_person;
  std::optional<Condition> when;
};
using Approvals = std::vector<Stage>;

struct Clause {
  std::string name;  // M3.4: "refunding/issue_refund/limit.1"
  ClauseKind kind = ClauseKind::kRequire;
  std::optional<Condition> condition;  // absent: always
  std::vector<std::string> evidence;
  std::string party;   // kConfirmation
  std::string anchor;  // as written, else empty
  bool else_deny = false;
  std::string decision;  // kOtherwise: "allow", "escalate", "deny"
  std::string trigger, reason;
  std::set<std::string> capabilities;  // where it applies
  // M33.3: the row of this stage of `approvals`.
  std::optional<std::pair<std::string, std::size_t>> stage;
  std::optional<Obligation> obligation;  // the clause is about where it is broken and `condition`
};

struct MayGrant {
  std::set<std::string> capabilities, to;
  int depth = 1;
};

struct Authority {  // a delegation or a grant
  std::string name;
  bool is_grant = false;
  std::string from;
  std::set<std::string> to;                             // roles
  std::set<std::string> may, freely, propose, abstain;  // capabilities
  std::vector<MayGrant> grants;
  std::string anchor;
  std::optional<std::int64_t> expires_ms;  // the first instant at which it no longer holds
  std::vector<Clause> clauses;
};

struct Exception {
  std::string name, delegation;
  std::set<std::string> roles;
  std::set<std::pair<ClauseKind, std::string>> lifts;  // a kind, and what a condition names
  Condition up_to;
  std::int64_t ends_ms = 0;  // the first instant at which it no longer lifts
};

struct Region {
  std::string name;
  Condition condition;
};

// `kind`: "never", "always", "implies", "disjoint", "monotone".
struct Invariant {
  std::string name, kind, decision;
  std::set<std::string> capabilities;  // empty: any
  std::string implied;                 // the decision that is implied
  std::set<std::string> implied_capabilities;
  std::string fact;  // along which it is monotone
  bool falling = false;
  std::optional<Condition> condition;
};

struct Policy {
  std::string name;
  // M23.4: by what cases from before are decided; null: by this one.
  std::shared_ptr<const Policy> before;
  std::string case_began;  // the fact that says when
  std::optional<std::int64_t> effective_ms;
  std::string zone;
  std::map<std::string, Window> windows;  // thresholds that are one
  bool strict = false;
  std::vector<std::string> case_is;
  std::map<std::string, Fact> facts;  // all that a condition can read (M1), meters included
  std::set<std::string> declared;     // of them: by `fact` or `facts`
  std::map<std::string, Evidence> evidence;
  std::map<std::string, Capability> capabilities;
  std::map<std::string, std::vector<std::string>> groups;
  std::map<std::string, std::string> reports_to;  // role -> role, "" at the top
  std::set<std::string> people, parties;          // roles by kind
  std::set<std::string> workers;                  // agents and coordinators
  std::map<std::string, std::string> intent_titles;
  std::map<std::string, Anchor> anchors;
  std::set<std::pair<std::string, std::string>>
      ranks_above;  // (A, B): A ranks above B (M3.2), closed
  std::map<std::string, Meter> meters;
  std::map<std::string, Value> thresholds;
  std::map<std::string, Lookup> lookups;
  std::set<std::string> steps;  // of promotions: capabilities
  std::map<std::string, Approvals> approvals;
  // M33.4: the anchor of a delegation, and the `approvals` that it requires.
  std::set<std::pair<std::string, std::string>> required;
  Lets lets;
  std::vector<Authority> authorities;
  std::vector<Clause> guard_clauses;
  std::vector<Clause> assumptions;
  std::vector<Exception> exceptions;
  std::vector<Region> regions;
  std::vector<Invariant> invariants;
  std::map<std::string, std::set<std::string>> reads;  // the facts that a capability reads (M1.3)
  std::set<std::string> inputs;                        // of all capabilities
  std::vector<Value> constants;  // every literal that is written anywhere, for choosing test values
};

// `dumps`: the JSON dumps of the policy's file and of the files it uses, the policy first. Throws
// std::runtime_error about a dump that is none; a policy the checker would refuse gives no useful
// result.
Policy LoadPolicy(const std::vector<std::string>& dumps);

}  // namespace writ::oracle
