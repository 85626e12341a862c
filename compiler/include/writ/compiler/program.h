// A checked policy: every name resolved, every type and unit known, every number exact.
//
// `Check` makes it from syntax trees, `Lower` reads it. Immutable once made. Ids index the vectors
// of `Program`; the vocabulary (facts, roles, anchors, capabilities, evidence, meters) is already
// that of the table to be written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "writ/lang/ast.h"
#include "writ/table/model.h"

namespace writ::compiler {

using namespace writ::runtime;  // ids and closed lists

struct ExprId {
  std::uint32_t value = 0xFFFFFFFFu;
  bool valid() const { return value != 0xFFFFFFFFu; }
  friend bool operator==(ExprId, ExprId) = default;
};
struct LetId {
  std::uint32_t value = 0xFFFFFFFFu;
  friend bool operator==(LetId, LetId) = default;
};

enum class NodeKind : std::uint8_t {
  // boolean
  kBool,  // number: 0 or 1
  kAnd,
  kOr,   // operands: 2 or more
  kNot,  // operands: 1
  kEqual,
  kLess,
  kLessEqual,   // operands: two numbers of one scale (the rest is written with kNot and swapped
                // sides)
  kTextEqual,   // operands: kFact or kText each
  kTextPrefix,  // operands: kFact, kText
  kMatches,     // operands: kFact; number: of the vocabulary's patterns
  kInValues,  // operands: a number; `values`: sorted constants it may equal  (enum and number sets)
  kInTexts,   // operands: kFact; `texts`: sorted strings
  kSetHas,    // operands: kFact of set type, then kText, kFact or kNumber (enum)
  kIsMissing,     // fact: as given, before substitution
  kFresh,         // evidence
  kCapabilityIn,  // capabilities: true for these (settled per capability when lowering)
  kRoleIn,        // roles: true for these acting roles
  // numbers (bool, enum, integer, decimal, money, duration, time, role as integers of a known
  // scale)
  kNumber,  // number; `texts`: names of the thresholds that it comes from
  kFact,    // fact (bool facts too; id, text and set facts under the text and set nodes)
  kLet,     // let
  kAdd,
  kSubtract,
  kMultiply,
  kMin,
  kMax,
  kNegate,
  kText,  // texts[0]; texts[1], if there: the threshold that it comes from
};

struct Node {
  NodeKind kind = NodeKind::kBool;
  std::int64_t number = 0;
  FactId fact;
  LetId let;
  EvidenceId evidence;
  std::vector<ExprId> operands;
  std::vector<std::int64_t> values;
  std::vector<std::string> texts;
  std::vector<CapabilityId> capabilities;
  std::vector<RoleId> roles;
  // Of numbers: the closed range of possible values when not missing, and digits after the point.
  std::int64_t low = 0, high = 0;
  std::uint8_t scale = 0;
  lang::Span span;
};

struct Let {
  std::string name;
  ExprId value;
  lang::Span span;
};

struct Clause {
  lang::ClauseKind kind = lang::ClauseKind::kRequire;  // never kLet
  ExprId condition;                                    // invalid: always
  std::vector<EvidenceId> evidence;                    // kRequireEvidence
  AnchorId anchor;  // kEscalate, kOtherwise, kNotify: as written; invalid: the delegation's
  bool else_deny = false;
  Verdict otherwise = Verdict::kDeny;
  Trigger trigger = Trigger::kNone;
  ClauseId id;  // into Program::vocabulary.clauses (name, words, reason, file, line)
  std::vector<CapabilityId> capabilities;  // where it applies, resolved: the block's, or all `may`
                                           // of the delegation; events for guards on events
  std::string block;                       // as in the clause's name: "issue_refund", "a+b", "*"
  lang::Span span;
  bool has_own_reason = false;
  std::vector<std::uint32_t> lifted_by;  // into Program::exceptions
  bool assumption = false;               // holds only where true: no substitutes, no unknown rows
  bool stage = false;                    // of `require approval`
};

// A delegation or a grant: who may do what, and under which anchor.
struct Authority {
  AuthorityId id;  // into vocabulary.authorities
  bool is_grant = false;
  std::vector<RoleId> to;
  std::vector<CapabilityId> may;      // with clauses (empty for grants)
  std::vector<CapabilityId> propose;  // drafts: always escalated
  std::vector<CapabilityId> abstain;  // granted on, and never done
  std::vector<CapabilityId> freely;   // `may freely`, and a grant's capabilities
  AnchorId anchor;
  std::optional<std::int64_t> expires_ms;  // first instant at which it no longer holds
  // Where what it stands on ends earlier.
  struct End {
    CapabilityId capability;
    RoleId role;
    std::int64_t ms = 0;
  };
  std::vector<End> ends_with;
  std::vector<Clause> clauses;
  lang::Span span;
  // The first instant at which it no longer gives this capability to this role.
  std::optional<std::int64_t> EndOf(CapabilityId, RoleId) const;
};

// Also an assumption: one `deny` clause, where its condition is true.
struct Guard {
  AuthorityId id;
  std::vector<Clause> clauses;
  lang::Span span;
  bool assumption = false;
};
// Its lifted clauses are no rows for these roles where the condition is true, until it ends.
struct Exception {
  std::string name;
  AuthorityId delegation;
  std::vector<RoleId> roles;
  ExprId up_to;
  std::int64_t ends_ms = 0;
  lang::Span span;
};
// `id`: its words, as a clause of the vocabulary. `substitutes`: missing facts are read as the
// value that their declaration names, as in clauses; no region that an author writes does so.
struct Region {
  std::string name;
  ExprId condition;
  lang::Span span;
  ClauseId id;
  bool substitutes = false;
};
// Never VERDICT where the condition is true. A ceiling over a delegation further down is one as
// well: never allowed, for these roles, where the condition is not true (false or unknown).
struct Invariant {
  std::string name;
  lang::InvariantKind kind = lang::InvariantKind::kNever;
  Verdict verdict = Verdict::kAllow;  // kMonotone: not used
  std::vector<CapabilityId> capabilities;
  Verdict implied = Verdict::kAllow;               // kImplies
  std::vector<CapabilityId> implied_capabilities;  // kImplies
  FactId fact;                                     // kMonotone
  bool falling = false;                            // kMonotone
  ExprId condition;
  lang::Span span;
  bool unless = false;
  std::vector<RoleId> roles;  // no roles: any
  lang::Span ceiling;
};  // unless: where the ceiling is written

// Whether it is about two decisions, see verify_relations.cc.
[[nodiscard]] constexpr bool IsRelation(lang::InvariantKind kind) {
  return kind != lang::InvariantKind::kNever && kind != lang::InvariantKind::kAlways;
}

// A value that an example gives. `missing`: written as missing.
struct Given {
  FactId fact;
  bool missing = false;
  std::int64_t number = 0;
  std::string text;
  std::vector<std::string> texts;
  lang::Span span;
};
struct Example {
  std::string title;
  RoleId role;
  CapabilityId capability;
  std::vector<Given> given;  // sample's pairs with those of the example laid over, by fact
  Verdict verdict = Verdict::kAllow;
  AnchorId anchor;                     // escalate
  AuthorityId under;                   // invalid: not asked
  std::optional<std::string> because;  // start of the reason
  std::string because_name;            // or a declared name; empty: not asked
  lang::Span span;
};

// Of an amendment `for cases since`: cases that began earlier are decided by the version before.
struct EarlierCases {
  FactId first;              // when the case began
  std::int64_t date_ms = 0;  // the first instant of the newer version
  std::string clause;        // of its own, by which the newer version alone denies them
  std::string before;        // the version that decides them
  lang::Span span;
};

struct Program {
  // Vocabulary of the table, ready to write: policy, facts, roles, anchors (with `below` closed),
  // capabilities, evidence, meters, thresholds, authorities, clauses (author's), regions,
  // invariants. `matrices` and `atom_maps` are empty.
  table::Model vocabulary;
  std::vector<Node> nodes;
  std::vector<Let> lets;
  std::vector<Authority> authorities;
  std::vector<Guard> guards;
  std::vector<Exception> exceptions;
  std::vector<Region> regions;        // ascending by name, as vocabulary.regions
  std::vector<Invariant> invariants;  // ascending by name, as vocabulary.invariants
  bool strict = false;
  std::optional<EarlierCases> earlier;
  // Of a policy that narrows another: what it has taken over, which may come to nothing here.
  std::vector<lang::Span> taken_over;
  std::vector<Example> examples;
  std::vector<lang::Span> fact_spans, anchor_spans, role_spans,
      capability_spans;  // declarations, by id

  const Node& node(ExprId id) const { return nodes[id.value]; }
};

}  // namespace writ::compiler
