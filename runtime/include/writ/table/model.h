// A decision table as plain data: what the compiler lowers to, and what `WriteTable` turns into
// bytes.
//
// This is the meaning of a `.wtb` file, one level above its bytes. `WriteTable` (one writer) and
// `runtime::Table::Open` (one reader) are the only code that knows the layout; docs/table-format.md
// documents it.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "writ/runtime/vocabulary.h"

namespace writ::table {

using namespace writ::runtime;  // the vocabulary is shared word for word

struct Fact {
  std::string name;  // "order.total", "now", "refunds_today", "evidence.order_lookup",
                     // "evidence.order_lookup.about.order"
  ValueType type = ValueType::kBool;
  Source source = Source::kHost;
  std::uint8_t scale = 0;  // digits after the point: kDecimal, kMoney
  bool ordered = false;    // kEnum
  std::string unit;        // kMoney: currency
  std::int64_t low = 0;    // numbers: inclusive range; outside is malformed
  std::int64_t high = 0;
  std::vector<std::string> values;  // kEnum, kEnumSet; kRole: unused
  EvidenceId evidence;              // kEvidence: missing unless this is fresh
  MeterId meter;                    // kMeter
  MissingWord missing = MissingWord::kDeny;
  std::int64_t substitute = 0;  // kValue, numbers and enums
  std::string substitute_text;  // kValue, ids and texts; sets of these: a JSON array
  bool utf8 = false;            // kText: other bytes are malformed; a pattern is held against it
  bool for_critics = false;     // never shown to a model
};

struct Role {
  std::string name;
  RoleKind kind = RoleKind::kHuman;
  std::string identity;
  RoleId reports_to;
};

struct Anchor {
  std::string name, title;
  RoleId held_by;  // exactly one accountable holder role is first; further ones in `also_held_by`
  std::vector<RoleId> also_held_by, deputies;
  std::vector<std::string> absorbs;
  std::string channel;
  std::int64_t within_ms = 0;
  bool next_deputy = false;
  Verdict silence = Verdict::kDeny;  // kDeny or kEscalate (then silence_anchor)
  AnchorId silence_anchor;
  std::vector<AnchorId> below;  // every anchor that ranks strictly below this one (transitive)
  std::string asks_first;       // party asked first, or empty
};

// A capability or an event.
struct Capability {
  std::string name, title, system;
  CapabilityKind kind = CapabilityKind::kAct;
  Risk risk = Risk::kReadOnly;
  bool irreversible = false;
  std::vector<FactId> inputs, optional_inputs;  // disjoint
};

// The minimal automaton of a pattern, over bytes. States 0 to accepting - 1 accept.
struct Pattern {
  std::string text;  // as the policy writes it
  std::uint32_t start = 0, accepting = 0, states = 0, classes = 0;
  std::vector<std::uint16_t> class_of;  // 256, by byte
  std::vector<std::uint16_t> next;      // state * classes + class

  friend bool operator==(const Pattern&, const Pattern&) = default;
};

// An input that a request with arguments has worked out.
struct Derivation {
  CapabilityId capability;
  FactId fact;  // one of its inputs
  ArgumentFold fold = ArgumentFold::kCount;
  std::string path;  // see writ/runtime/argument_path.h
};

// What its author says of a part of the policy.
struct Statement {
  StatementOf of = StatementOf::kPolicy;
  std::uint32_t index = 0;  // of a capability or authority; of the policy 0
  StatementWord word = StatementWord::kPurpose;
  std::string text;  // not empty
  friend auto operator<=>(const Statement&, const Statement&) = default;
};

// What something was called before: hosts and records may still call it so.
struct FormerName {
  NameOf of = NameOf::kFact;
  FactId fact;       // of values; else invalid
  std::string name;  // not empty, and none that it or another one has now
  std::uint32_t index = 0;
  friend bool operator==(const FormerName&, const FormerName&) = default;
};

// Brought by any of `by`; a session-less host gives `at` and `about` values as facts.
struct Evidence {
  std::string name;
  std::vector<CapabilityId> by;
  std::int64_t within_ms = 0;
  std::uint32_t within_months = 0;  // not 0: calendar months instead
  FactId at;                        // built-in time fact "evidence.NAME"
  std::vector<FactId> about_given;  // "evidence.NAME.about.X": what the evidence is about
  std::vector<FactId>
      about_wanted;  // X of the request; the same length, pairwise equal for freshness
};

struct Meter {
  std::string name;
  Fold fold = Fold::kCount;
  std::vector<CapabilityId> targets;
  FactId value;  // kSum, kDistinct, kLast and kFirst of an input: which; invalid otherwise
  std::vector<FactId> keys;
  std::vector<CapabilityId> since;  // each of these starts it anew; none is a target
  std::int64_t window_ms = 0;       // 0: no window, unless there are months
  std::uint32_t window_months = 0;  // not 0: calendar months instead
  bool including_this = false;
  FactId fact;  // where conditions read it
};

// From this instant on the clocks of the policy's zone are this far ahead of UTC.
struct ZoneChange {
  std::int64_t from_ms = 0, offset_ms = 0;
  friend bool operator==(const ZoneChange&, const ZoneChange&) = default;
};

// What an invariant says about two decisions: see RelationView.
struct Relation {
  std::uint32_t invariant = 0;  // index into Model::invariants
  RelationKind kind = RelationKind::kImplies;
  std::array<CapabilityId, 2> capability;
  std::array<Verdict, 2> verdict = {};
  FactId fact;  // kMonotone; invalid otherwise
  bool falling = false;
};

struct Threshold {
  std::string name, value, reason;
};  // value in the policy's spelling: "200 EUR"

// A delegation, grant or guard; or the policy itself for rows that belong to nobody.
struct Authority {
  std::string name;
  AuthorityKind kind = AuthorityKind::kDelegation;
  AnchorId anchor;
  RoleId from;
};

// A clause as written.
struct Clause {
  std::string name;        // stable: "refunding/issue_refund/limit.1"
  std::string words;       // the source text on one line
  std::string reason;      // may be empty
  std::string file;        // base name only, so that bytes do not depend on where it was built
  std::uint32_t line = 0;  // 1-based; 0: not written by the author
  AuthorityId authority;
  Trigger trigger = Trigger::kNone;
};

struct AtomMap {
  AtomMapKind kind = AtomMapKind::kDirect;
  std::uint32_t size = 0;             // kDirect: number of values
  std::vector<std::int64_t> cuts;     // kCuts
  std::vector<std::string> strings;   // kStrings: ascending by bytes
  std::uint32_t atom_count() const {  // missing included
    switch (kind) {
      case AtomMapKind::kCuts:
        return static_cast<std::uint32_t>(cuts.size()) + 2;
      case AtomMapKind::kDirect:
        return size + 1;
      case AtomMapKind::kStrings:
        return static_cast<std::uint32_t>(strings.size()) + 2;
    }
    return 0;
  }
};

struct Instruction {
  Op op = Op::kConst;
  std::uint32_t a = 0;  // value index, FactId, or EvidenceId as the op says
  std::uint32_t b = 0;  // value index, FactId, index of a pattern; text constants use `text`
  std::int64_t immediate = 0;
  std::string text;  // kTextEqualConst, kTextPrefix, kSetHasText
  // kTextEqual, kTextEqualConst, kTextPrefix, kMatches, kSetHasFact: substitutes for a missing text
  // operand
  bool has_substitute_a = false, has_substitute_b = false;
  std::string substitute_a, substitute_b;
};

// One input of a matrix.
// kFact: index = FactId. kDerived: index = instruction of this matrix (boolean: kDirect of size 2;
// number: kCuts). kRole: the acting role (kDirect over all roles plus one for any other).
// kEvidence: EvidenceId, boolean (never missing).
struct Dimension {
  DimensionKind kind = DimensionKind::kFact;
  std::uint32_t index = 0;
  AtomMapId atoms;
};

// `atoms[i]` true: the row admits atom i of dimension `dimension`. Dimensions that are left out are
// unconstrained.
struct Constraint {
  std::uint32_t dimension = 0;
  std::vector<bool> atoms;
};

struct Column {
  ColumnKind kind = ColumnKind::kDecision;
  Verdict verdict = Verdict::kDeny;
  std::uint8_t flags = 0;
  AnchorId anchor;  // kEscalate, kNotify; also the accountable anchor of an allow
  ClauseId clause;
  AuthorityId authority;  // under which delegation or grant the request stands here (invalid: none)
  std::uint32_t name = 0;  // kRegion, kInvariant: index into Model::regions / invariants
  std::vector<Constraint> constraints;  // a conjunction
};

// What is checked before the rows: values outside their type are `malformed`, absent required ones
// `missing input`.
struct SignatureFact {
  FactId fact;
  bool required = false;
};

// One capability's table. Decision columns come first, most restrictive first; then the annotation
// columns.
struct Matrix {
  std::vector<SignatureFact> signature;
  std::vector<Instruction> code;
  std::vector<Dimension> dimensions;
  std::vector<Column> columns;
};

struct Model {
  std::string policy, version, title, zone;
  std::int64_t effective_ms = 0;  // 0 with has_effective = false
  bool has_effective = false;
  std::vector<Fact> facts;
  std::vector<Role> roles;
  std::vector<Anchor> anchors;
  std::vector<Capability> capabilities;
  std::vector<Matrix> matrices;          // one per capability, same index
  std::vector<Derivation> derivations;   // ascending by capability, then fact
  std::vector<Statement> statements;     // strictly ascending
  std::vector<FormerName> former_names;  // strictly ascending by `of`, `fact`, `name`
  std::vector<Evidence> evidence;
  std::vector<Meter> meters;
  std::vector<ZoneChange> zone_changes;  // ascending; where calendar months are counted
  std::vector<Threshold> thresholds;
  std::vector<Authority> authorities;
  std::vector<Clause> clauses;
  std::vector<AtomMap> atom_maps;
  std::vector<Pattern> patterns;
  std::vector<std::string> regions, invariants;  // names, ascending
  std::vector<Relation> relations;               // ascending by invariant
};

}  // namespace writ::table
