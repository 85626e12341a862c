// The typed syntax tree of a `.writ` file: what was written, and where.
//
// Nothing here is resolved. A name is the text of a name, a number is its digits, a unit is the
// word beside it; what they mean is the business of the checker (and, independently, of the oracle
// in `tests/oracle/`, which reads the JSON dump of this tree).
//
// INVARIANT: expressions nest at most `ParseOptions::max_depth` deep, so recursion over them is
// bounded. Ranges (`Span`) never take part in equality: two trees are equal when the same thing was
// written.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "writ/lang/ast_coordination.h"
#include "writ/lang/ast_execution.h"
#include "writ/lang/ast_interruptions.h"
#include "writ/lang/ast_larger.h"
#include "writ/lang/ast_models.h"
#include "writ/lang/ast_values.h"

namespace writ::lang {

// -------------------------------------------------------------------------------- declarations
// Each has the name it declares and the span of the whole declaration.

struct Threshold {
  Name name;
  Literal value;
  std::optional<Tunable> tunable;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Threshold&, const Threshold&) = default;
};

struct TypeAlias {
  Name name;
  TypeRef type;
  Span span;
  friend bool operator==(const TypeAlias&, const TypeAlias&) = default;
};

enum class SourceKind : std::uint8_t {
  kHost,
  kEvidence,
  kHeader,
  kMeter,
  kPrincipal,
  kTool,
  kModel,
  kClaimed
};
// kClaimed: `claimed by PARTY`.
struct FactSource {
  SourceKind kind = SourceKind::kHost;
  std::optional<Name> evidence, party;
  bool for_critics = false;  // no model ever sees it
  Span span;
  friend bool operator==(const FactSource&, const FactSource&) = default;
};

enum class MissingWord : std::uint8_t { kDeny, kEscalate, kValue };
struct Missing {
  MissingWord word = MissingWord::kDeny;
  std::optional<Literal> value;
  Span span;
  friend bool operator==(const Missing&, const Missing&) = default;
};

// `a, b : bool missing deny`. A word left out is inherited from the group, then `deny`.
struct FactLine {
  std::vector<Name> names;
  TypeRef type;
  std::optional<Missing> missing;
  std::vector<Former> was;  // of its names
  Span span;
  friend bool operator==(const FactLine&, const FactLine&) = default;
};

// `believed by ROLE because "…"`: who answers for taking a claim at its word.
struct Believed {
  Name by;
  Text because;
  Span span;
  friend bool operator==(const Believed&, const Believed&) = default;
};

// `facts from … { … }`, or a single `fact` (grouped = false, exactly one line).
struct Facts {
  bool grouped = false;
  FactSource source;
  std::optional<Missing> missing;
  std::optional<Believed> believed;
  std::vector<FactLine> lines;
  Span span;
  friend bool operator==(const Facts&, const Facts&) = default;
};

struct Evidence {
  Name name;
  std::vector<Name> by;
  std::vector<Name> about;
  Literal within;
  std::vector<Former> was;
  Span span;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

enum class RoleKind : std::uint8_t { kHuman, kAgent, kCoordinator, kParty };
struct Role {
  Name name;
  RoleKind kind = RoleKind::kHuman;
  std::optional<Text> identity;
  std::optional<Name> reports_to;
  std::vector<Former> was;
  Span span;
  friend bool operator==(const Role&, const Role&) = default;
};

// What silence does, in order: `next deputy` first if so written, then the end.
enum class SilenceEnd : std::uint8_t {
  kDeny,
  kEscalate,
  kAllow /* written, and refused by the checker */
};
struct OnSilence {
  bool next_deputy = false;
  SilenceEnd end = SilenceEnd::kDeny;
  std::optional<Name> anchor;
  Span span;
  friend bool operator==(const OnSilence&, const OnSilence&) = default;
};
struct ReachedBy {
  Text channel;
  Literal within;
  Span span;
  friend bool operator==(const ReachedBy&, const ReachedBy&) = default;
};
struct Anchor {
  Name name;
  std::optional<Text> title;
  std::vector<Name> held_by, deputies, absorbs, above;
  std::optional<ReachedBy> reached_by;
  std::optional<OnSilence> on_silence;
  std::optional<Name> asks_first;
  std::vector<Former> was;
  Span span;
  friend bool operator==(const Anchor&, const Anchor&) = default;
};

// What somebody says about a rule, or about all of a policy: what it is for, which risks it keeps
// small, who answers for its text.
struct Account {
  std::optional<Text> purpose;
  std::vector<Text> controls;
  std::optional<Name> owner;
  friend bool operator==(const Account&, const Account&) = default;
};

enum class CapabilityKind : std::uint8_t { kObserve, kRecall, kThinkSupport, kAct, kVerify };
enum class Risk : std::uint8_t { kReadOnly, kLocalWrite, kNetwork, kDelegated, kDestructive };
// What a class of risk is made of.
enum class RiskAxis : std::uint8_t { kEffect, kAuthority, kReversible, kInteraction, kData };
struct RiskPart {
  RiskAxis axis = RiskAxis::kEffect;
  std::string value;  // one of the axis: "external", "no"
  Span span;
  friend bool operator==(const RiskPart&, const RiskPart&) = default;
};
// `= count "$.passengers"`: worked out from the arguments of the call.
enum class ArgumentFold : std::uint8_t { kCount, kSum, kMin, kMax, kFirst, kDistinct, kDigest };
struct Derivation {
  ArgumentFold fold = ArgumentFold::kCount;
  Text path;
  Span span;
  friend bool operator==(const Derivation&, const Derivation&) = default;
};
struct Input {
  Name name;
  TypeRef type;
  bool optional = false;
  std::optional<Derivation> derivation;
  std::vector<Former> was;
  Span span;
  friend bool operator==(const Input&, const Input&) = default;
};
struct Capability {
  Name name;
  std::optional<Text> title;
  std::optional<CapabilityKind> kind;
  std::optional<Risk> risk;
  std::vector<RiskPart> axes;  // each axis at most once
  std::optional<Name> system;
  std::vector<Input> inputs;
  bool irreversible = false;
  std::vector<Name> idempotent_by;
  std::optional<Name> verify_with;
  std::optional<Name> undone_by;
  std::optional<Name> hands_over_to;  // an anchor; then neither kind nor risk
  std::optional<RunsCode> runs_code;
  std::optional<Retry> retry;
  std::optional<Name> dead_letters_to;  // an anchor
  std::vector<Name> sends_on;           // channels
  Span sends_span;
  std::optional<Span> retained;  // where it says so
  std::vector<Former> was;
  Span span;
  friend bool operator==(const Capability&, const Capability&) = default;
};

struct Let {
  Name name;
  Expr value;
  Span span;
  friend bool operator==(const Let&, const Let&) = default;
};

enum class Fold : std::uint8_t { kCount, kSum, kLast, kExists, kFirst, kDistinct };
// `target` is CAP, CAP.input, EVENT or GROUP or GROUP.input, unresolved.
struct Meter {
  Name name;
  Fold fold = Fold::kCount;
  Name target;
  std::vector<Name> per;
  std::optional<Name> since;
  std::optional<Literal> within;
  bool including_this = false;
  std::vector<Former> was;
  Span span;
  friend bool operator==(const Meter&, const Meter&) = default;
};

struct Group {
  Name name;
  std::vector<Name> members;
  Span span;
  friend bool operator==(const Group&, const Group&) = default;
};
struct Pressure {
  Name name;
  std::vector<Name> values;
  std::vector<Former> was;  // of its values
  Span span;                // ordered, first is quiet; read as `pressure.NAME`
  friend bool operator==(const Pressure&, const Pressure&) = default;
};
struct Event {
  Name name;
  std::optional<Text> title;
  Name from;
  Span span;
  friend bool operator==(const Event&, const Event&) = default;
};

// `regular: 0, 1, 2`: for the first key's value, one value for each of the second key's (or one
// alone).
struct LookupRow {
  Literal key;
  std::vector<Literal> values;
  Span span;
  friend bool operator==(const LookupRow&, const LookupRow&) = default;
};
// `table NAME(KEY, KEY) : TYPE { HEAD ROW … }`. `head`: the second key's values, empty with one
// key.
struct Lookup {
  Name name;
  std::vector<Name> keys;
  std::optional<TypeRef> type;
  std::vector<Literal> head;
  std::vector<LookupRow> rows;
  Span span;
  friend bool operator==(const Lookup&, const Lookup&) = default;
};
struct Modes {
  std::vector<Name> values;
  std::vector<Former> was;
  Span span;  // ordered, first is the normal one; read as `mode`
  friend bool operator==(const Modes&, const Modes&) = default;
};

enum class ClauseKind : std::uint8_t {
  kRequire,
  kRequireEvidence,
  kDeny,
  kLimit,
  kEscalate,
  kAllow,
  kOtherwise,
  kNote,
  kNotify,
  kLet,
  kConfirmation,
  kCeiling,
  kApproval,
};
struct Clause {
  ClauseKind kind = ClauseKind::kRequire;
  std::optional<Expr> condition;       // absent: always (`allow`, `escalate` without `when`)
  std::vector<Name> evidence;          // kRequireEvidence
  std::optional<Name> party;           // kConfirmation: by whom
  std::optional<Name> approval;        // kApproval: which `approvals`
  std::optional<Name> anchor;          // kEscalate and kOtherwise `to NAME`; kNotify: whom
  bool else_deny = false;              // kLimit … else deny
  Verdict otherwise = Verdict::kDeny;  // kOtherwise
  std::optional<Trigger> trigger;      // kEscalate … as NAME
  std::optional<Text> reason;
  std::optional<Let> let;  // kLet
  Span span;
  friend bool operator==(const Clause&, const Clause&) = default;
};
struct ForBlock {
  std::vector<Name> capabilities;
  std::vector<Clause> clauses;
  Span span;
  friend bool operator==(const ForBlock&, const ForBlock&) = default;
};
enum class MayKind : std::uint8_t { kDo, kFreely, kPropose };
struct May {
  MayKind kind = MayKind::kDo;
  std::vector<Name> capabilities;
  Span span;
  friend bool operator==(const May&, const May&) = default;
};
// `may grant CAP, CAP to ROLE depth N`: what may be delegated further, to whom, and over how many
// hops.
struct MayGrant {
  std::vector<Name> capabilities, to;
  std::uint32_t depth = 1;
  Span span;
  friend bool operator==(const MayGrant&, const MayGrant&) = default;
};
// When something ends: a date (the last day on which it holds) or nothing.
struct Delegation {
  Name name;
  std::optional<Text> title;
  std::optional<Name> from;
  std::vector<Name> to;
  std::vector<May> may;
  std::vector<MayGrant> may_grant;
  std::vector<Name> abstain;
  std::optional<Name> anchor;
  std::optional<Literal> review_every;
  std::optional<Literal> expires;
  std::vector<Clause> clauses;
  std::vector<ForBlock> blocks;
  Account account;
  Span span;
  friend bool operator==(const Delegation&, const Delegation&) = default;
};
struct Grant {
  Name role;
  std::vector<Name> capabilities;
  Name anchor;
  std::optional<Literal> expires;
  Span span;
  friend bool operator==(const Grant&, const Grant&) = default;
};

// `for every capability`, `for capability where C`, or `for a, b` (capabilities, groups or events).
struct Guard {
  Name name;
  std::optional<Text> reason;
  bool every = false;
  std::optional<Expr> where;
  std::vector<Name> capabilities;
  std::vector<Clause> clauses;
  Account account;
  Span span;
  friend bool operator==(const Guard&, const Guard&) = default;
};

// `lifts limit a, b`: the clauses of this kind whose condition names one of these.
struct Lift {
  ClauseKind kind = ClauseKind::kLimit;
  std::vector<Name> names;
  Span span;
  friend bool operator==(const Lift&, const Lift&) = default;
};
// `exception NAME to DELEGATION for ROLE, ROLE { lifts … up to C expires … by ROLE because "…" }`.
struct Exception {
  Name name, delegation;
  std::vector<Name> roles;
  std::vector<Lift> lifts;
  std::optional<Expr> up_to;
  std::optional<Literal> expires;
  std::optional<Name> by;
  std::optional<Text> because;
  Span span;
  friend bool operator==(const Exception&, const Exception&) = default;
};
// `assume NAME: never C`: what cannot occur.
struct Assume {
  Name name;
  Expr condition;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Assume&, const Assume&) = default;
};

struct Region {
  Name name;
  Expr condition;
  Span span;
  friend bool operator==(const Region&, const Region&) = default;
};
enum class InvariantKind : std::uint8_t { kNever, kAlways, kImplies, kDisjoint, kMonotone };
// `never DECISION CAPS`, `always DECISION CAPS` (no capability means any), `DECISION CAPS implies
// DECISION CAPS`, `disjoint DECISION CAPS`, `monotone FACT falling for CAPS`; each of them `when
// C`.
struct Invariant {
  Name name;
  InvariantKind kind = InvariantKind::kNever;
  Verdict decision = Verdict::kAllow;  // kMonotone: not used
  std::vector<Name> capabilities;
  Verdict implied = Verdict::kAllow;       // kImplies
  std::vector<Name> implied_capabilities;  // kImplies
  std::optional<Name> fact;                // kMonotone
  bool falling = false;                    // kMonotone: less of it asks for more care
  std::optional<Expr> condition;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const Invariant&, const Invariant&) = default;
};

// `amount: 120 EUR`, or `done(create_order_item) since ship within 2 days: 1` (call = "done", name
// = the argument).
struct Pair {
  Name name;
  std::optional<Name> call;
  std::optional<Name> since;
  std::optional<Literal> within;
  Literal value;
  Span span;
  friend bool operator==(const Pair&, const Pair&) = default;
};
struct Sample {
  Name name;
  Name role;
  Name capability;
  std::vector<Pair> pairs;
  Span span;
  friend bool operator==(const Sample&, const Sample&) = default;
};
// `-> allow under D`, `-> deny because "…"` / `because NAME`, `-> escalate to A under D`.
struct Outcome {
  Verdict verdict = Verdict::kAllow;
  std::optional<Name> anchor;
  std::optional<Name> under;
  std::optional<Text> because;
  std::optional<Name> because_name;
  Span span;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};
// Either `ROLE CAP { pairs }` or `SAMPLE with pairs` (sample set, role and capability not).
struct Example {
  Text title;
  std::optional<Name> sample;
  std::optional<Name> role;
  std::optional<Name> capability;
  std::vector<Pair> pairs;
  Outcome outcome;
  Span span;
  friend bool operator==(const Example&, const Example&) = default;
};

using Declaration =
    std::variant<Threshold, TypeAlias, Facts, Evidence, Role, Anchor, Capability, Let, Meter, Group,
                 Pressure, Event, Lookup, Modes, Delegation, Grant, Guard, Exception, Assume,
                 Separate, Sequence, Approvals, Consent, Memory, Promotion, Budget, Sandbox, Skill,
                 Breaker, Intent, Route, Boundary, Channel, Exposure, Hook, Checkpoint, Compaction,
                 Models, Region, Invariant, Sample, Example>;

// ------------------------------------------------------------------------------------- files

struct Use {
  Name name;
  std::optional<Text> version;
  Span span;  // version: "3.0.0"
  friend bool operator==(const Use&, const Use&) = default;
};

// A version whose blocks a policy has taken over, and what it says of itself.
struct Origin {
  Span span;
  std::optional<Literal> effective;
  friend bool operator==(const Origin&, const Origin&) = default;
};

struct Policy {
  Name name;
  Text version;                // "1.4.0"
  std::optional<Use> amends;   // what it leaves as it was in that version
  std::optional<Use> narrows;  // what it has to be at least as strict as, and is laid over
  std::optional<Text> title;
  std::optional<Literal> effective;  // a date: the first day on which it holds
  std::optional<Name> cases_since;   // for cases whose first such event or capability is that late
  std::optional<Text> zone;          // an IANA name; UTC if absent
  std::optional<Text> tenant;        // whose requests alone it decides
  bool strict = false;
  Account account;
  std::vector<Name> case_is;  // `case is INPUT, INPUT`
  std::vector<Use> uses;
  std::vector<Declaration> declarations;
  std::vector<Origin> origins;  // of what it is laid over, once that is taken over; never written
  // Of an amendment `for cases since`, once loaded: by what cases from before are decided, that is
  // the version that it amends and what that one uses, as in a house of its own. Never written.
  std::vector<Policy> before;
  // What it narrows, once loaded, likewise. Never written.
  std::vector<Policy> narrowed;
  Span span;
  friend bool operator==(const Policy&, const Policy&) = default;
};

// The tree of one file.
struct Ast {
  std::uint32_t file = 0;
  std::vector<Policy> policies;
  friend bool operator==(const Ast&, const Ast&) = default;
};

}  // namespace writ::lang
