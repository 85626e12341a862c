// The closed lists that a table is made of. On disk: never renumber.
#pragma once

#include <cstdint>

namespace writ::runtime {

inline constexpr std::uint32_t kNotFound = 0xFFFFFFFFu;

// Typed indices. `None` marks an absent one.
#define WRIT_DEFINE_ID(Type)                                                        \
  struct Type {                                                                     \
    std::uint32_t value = 0xFFFFFFFFu;                                              \
    constexpr bool valid() const { return value != 0xFFFFFFFFu; }                   \
    friend constexpr bool operator==(Type a, Type b) { return a.value == b.value; } \
    friend constexpr bool operator!=(Type a, Type b) { return a.value != b.value; } \
    friend constexpr bool operator<(Type a, Type b) { return a.value < b.value; }   \
  }
WRIT_DEFINE_ID(FactId);        // facts, inputs, meters, evidence times, built-in facts: all that a
                               // condition can read
WRIT_DEFINE_ID(CapabilityId);  // capabilities and events
WRIT_DEFINE_ID(RoleId);
WRIT_DEFINE_ID(AnchorId);
WRIT_DEFINE_ID(EvidenceId);
WRIT_DEFINE_ID(MeterId);
WRIT_DEFINE_ID(ClauseId);  // a clause as written (several columns may come from one)
WRIT_DEFINE_ID(AtomMapId);
WRIT_DEFINE_ID(AuthorityId);  // a delegation, grant or guard
#undef WRIT_DEFINE_ID

// Numbers are exact: a value of scale s and digits n is n / 10^s, held as the int64 n.
enum class ValueType : std::uint8_t {
  kBool = 0,  // 0, 1
  kEnum = 1,  // index into the declared values
  kInteger = 2,
  kDecimal = 3,   // scale as declared
  kMoney = 4,     // minor units of `unit` (scale as the currency has: EUR 2, JPY 0)
  kDuration = 5,  // milliseconds
  kTime = 6,      // milliseconds since 1970-01-01T00:00:00Z
  kId = 7,        // bytes; equality only
  kText = 8,      // bytes
  kRole = 9,      // index of a role
  kIdSet = 10,    // set of id or text: array of byte strings
  kEnumSet = 11,  // set of enum: bit i is value i; at most 63 values
};

enum class Source : std::uint8_t {
  kInput = 0,
  kHost = 1,
  kEvidence = 2,
  kHeader = 3,
  kMeter = 4,
  kPrincipal = 5,
  kTool = 6,
  kModel = 7,
  kBuiltin = 8,  // now, role, case, session, agent, tenant, actor, evidence.E, evidence.E.about.X
  kClaimed = 9,  // a party says so, and a person answers for believing it
};

enum class MissingWord : std::uint8_t { kDeny = 0, kEscalate = 1, kValue = 2 };

enum class Verdict : std::uint8_t { kAllow = 0, kEscalate = 1, kDeny = 2 };

enum class RoleKind : std::uint8_t { kHuman = 0, kAgent = 1, kCoordinator = 2, kParty = 3 };
enum class CapabilityKind : std::uint8_t {
  kObserve = 0,
  kRecall = 1,
  kThinkSupport = 2,
  kAct = 3,
  kVerify = 4,
  kEvent = 5
};
enum class Risk : std::uint8_t {
  kReadOnly = 0,
  kLocalWrite = 1,
  kNetwork = 2,
  kDelegated = 3,
  kDestructive = 4
};
enum class Fold : std::uint8_t {
  kCount = 0,
  kSum = 1,
  kLast = 2,
  kExists = 3,
  kFirst = 4,
  kDistinct = 5
};
// How an input is worked out from the JSON arguments of a call (docs/semantics.md, M1.5).
enum class ArgumentFold : std::uint8_t {
  kCount = 0,
  kSum = 1,
  kMin = 2,
  kMax = 3,
  kFirst = 4,
  kDistinct = 5,
  kDigest = 6
};
enum class Trigger : std::uint8_t {
  kNone = 0,
  kThreshold = 1,
  kAmbiguity = 2,
  kNovelty = 3,
  kConflict = 4
};
// What had another name before.
enum class NameOf : std::uint8_t {
  kFact = 0,
  kRole = 1,
  kAnchor = 2,
  kCapability = 3,
  kEvidence = 4,
  kValue = 5  // of an enum
};
// Among the former names of values: what every name means that nothing else has.
inline constexpr char kAnyOtherValue[] = "*";
// What the author says of a part of his policy, and what it is said of. Nothing of it decides.
enum class StatementOf : std::uint8_t { kPolicy = 0, kCapability = 1, kAuthority = 2 };
enum class StatementWord : std::uint8_t {
  kPurpose = 0,
  kControls = 1,       // a risk
  kOwner = 2,          // a role
  kUndoneBy = 3,       // a capability
  kHandsOverTo = 4,    // an anchor
  kRunsIn = 5,         // a sandbox
  kRetry = 6,          // how often, within which time
  kDeadLettersTo = 7,  // an anchor
  kStoppedBy = 8,      // a breaker, which its failures trip
  // Of the policy, and begun with the name: `workshop: image sha256:…`.
  kSandbox = 9,
  kSkill = 10,
  kBreaker = 11,
  kSendsOn = 12,   // channels
  kRetained = 13,  // by whom
  kChannel = 14,   // this and what follows: again of the policy, and begun with the name
  kExposure = 15,
  kTunable = 16,  // a threshold
  kHook = 17,
  kCheckpoint = 18,
  kCompaction = 19,
  kTenant = 20,   // whose requests alone it decides
  kNarrows = 21   // a policy, its version and the digest of its table
};

enum class AuthorityKind : std::uint8_t { kDelegation = 0, kGrant = 1, kGuard = 2, kPolicy = 3 };

// An invariant about two decisions: of two capabilities asked with the same facts, or of one for
// two values of a fact.
enum class RelationKind : std::uint8_t {
  kImplies = 0,   // where the first is decided so, the second is decided so
  kDisjoint = 1,  // never is the first decided so and the second too
  kMonotone = 2,  // the second, with more of the fact, is decided no less strictly than the first
};

// What a column of a matrix is for. Only decision columns decide; the others are reported where
// they hold.
enum class ColumnKind : std::uint8_t {
  kDecision = 0,
  kNote = 1,       // obligation: note (clause reason says what)
  kNotify = 2,     // obligation: notify `anchor`
  kRegion = 3,     // a declared region contains the request
  kInvariant = 4,  // the condition of an invariant holds (verdict = the one that is forbidden
                   // there; a relation forbids none)
};

enum ColumnFlags : std::uint8_t {
  kColumnAllowWhen = 1,  // from an `allow when`
  kColumnOtherwise = 2,  // takes part only where no kColumnAllowWhen column of the matrix is set
  kColumnEffective = 4,  // the policy's plain `effective` row: off under "as in force"
  kColumnUnknown = 8,    // holds where the clause's condition is unknown for want of a value
  kColumnBase = 16,      // not written by the author: default allow, no authority, expiry
};

// How values become atoms. Atom 0 is always "missing" (or unknown).
enum class AtomMapKind : std::uint8_t {
  kCuts = 0,     // number: atom = 1 + (count of cuts <= value); cuts strictly ascending
  kDirect = 1,   // enum, bool, role: atom = 1 + value; `size` values. Role: value `size-1` stands
                 // for any other role
  kStrings = 2,  // id, text: atom = 1 + index of the known string, 1 + count for any other
};

// What a dimension of a matrix reads.
// kFact: a fact. kDerived: an instruction of the matrix (boolean: kDirect of size 2; number:
// kCuts). kRole: the acting role (kDirect over all roles plus one for any other). kEvidence:
// boolean, never missing.
enum class DimensionKind : std::uint8_t { kFact = 0, kDerived = 1, kRole = 2, kEvidence = 3 };

// Straight-line code for values that are worked out (`let`, comparisons of two facts, big
// formulas). Instruction i of a matrix defines value i; operands name earlier values. Numbers and
// booleans may be missing; a boolean is true, false or missing (Kleene). Overflow gives missing
// (the compiler proves that there is none).
enum class Op : std::uint8_t {
  kFact = 0,   // number, enum, bool, role, time value of fact a; missing if missing or its evidence
               // is not fresh
  kConst = 1,  // immediate
  kSubstitute = 2,  // value a, or immediate where a is missing
  kAdd = 3,
  kSubtract = 4,
  kMultiply = 5,
  kMin = 6,
  kMax = 7,
  kNegate = 8,
  kEqual = 9,
  kLess = 10,
  kLessEqual = 11,  // number a against number b -> bool
  kAnd = 12,
  kOr = 13,
  kNot = 14,        // Kleene
  kIsMissing = 15,  // fact a is missing (after freshness) -> bool, never missing
  kIsUnknown = 16,  // value a is missing -> bool, never missing
  kTextEqual = 17,  // text of fact a = text of fact b -> bool; immediate: substitutes, see format
  kTextEqualConst = 18,  // text of fact a = string b
  kTextPrefix = 19,      // text of fact a starts with string b
  kSetHasText = 20,      // id set a has string b
  kSetHasFact = 21,      // id set a has the text of fact b
  kSetHasEnum = 22,      // enum set a has value immediate
  kEvidence = 23,        // evidence a is there, fresh and about this request -> bool, never missing
  kMatches = 24,         // text of fact a is one that pattern b describes -> bool
};

// What an operand of an instruction is the number of.
enum class OperandKind : std::uint8_t { kNone, kFact, kEvidence, kValue, kPattern };

struct OpShape {
  OperandKind a = OperandKind::kNone, b = OperandKind::kNone;
  bool is_boolean = false;  // gives a boolean whatever its operands are
};

constexpr OpShape ShapeOf(Op op) {
  using Kind = OperandKind;
  switch (op) {
    case Op::kConst:
      return {};
    case Op::kFact:
      return {Kind::kFact};
    case Op::kSubstitute:
    case Op::kNegate:
      return {Kind::kValue};
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kMin:
    case Op::kMax:
      return {Kind::kValue, Kind::kValue};
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kAnd:
    case Op::kOr:
      return {Kind::kValue, Kind::kValue, true};
    case Op::kNot:
    case Op::kIsUnknown:
      return {Kind::kValue, Kind::kNone, true};
    case Op::kIsMissing:
    case Op::kTextEqualConst:
    case Op::kTextPrefix:
    case Op::kSetHasText:
    case Op::kSetHasEnum:
      return {Kind::kFact, Kind::kNone, true};
    case Op::kTextEqual:
    case Op::kSetHasFact:
      return {Kind::kFact, Kind::kFact, true};
    case Op::kEvidence:
      return {Kind::kEvidence, Kind::kNone, true};
    case Op::kMatches:
      return {Kind::kFact, Kind::kPattern, true};
  }
  return {};
}

}  // namespace writ::runtime
