// The layout of `.wtb`, version 2: the constants and records that the writer and the reader share.
// docs/table-format.md explains them. On disk: never renumber, never reorder.
#pragma once

#include <cstddef>
#include <cstdint>

namespace writ::format {

inline constexpr std::uint32_t kMagic = 0x54495257;  // "WRIT"
inline constexpr std::uint32_t kVersion = 2;
inline constexpr std::uint32_t kNone = 0xFFFFFFFF;  // an absent index
inline constexpr std::uint16_t kNone16 = 0xFFFF;
inline constexpr std::uint64_t kSectionAlignment = 64;
inline constexpr std::uint64_t kMaxTableBytes = std::uint64_t{1}
                                                << 30;  // so that word and byte indices fit 32 bits
inline constexpr std::uint32_t kMaxStringBytes = (1u << 21) - 1;  // what three length bytes can say
inline constexpr std::uint32_t kMaxEvidence = 1024;  // so that freshness fits a few words of stack
inline constexpr std::uint32_t kMaxMeters = 1024;
inline constexpr std::uint32_t kMaxZoneChanges = 1024;
inline constexpr std::uint32_t kMaxMonths = 1200;  // of one window
// How far the clocks of a zone may be from UTC.
inline constexpr std::int64_t kMaxZoneOffsetMs = 26 * std::int64_t{3'600'000};
inline constexpr std::uint32_t kMaxReads = 2048;      // of one matrix: likewise
inline constexpr std::uint32_t kMaxAtoms = 1u << 20;  // of one direct map

enum Section : std::uint32_t {
  kPolicy = 0,
  kFacts = 1,
  kRoles = 2,
  kAnchors = 3,
  kCapabilities = 4,
  kEvidence = 5,
  kMeters = 6,
  kThresholds = 7,
  kAuthorities = 8,
  kClauses = 9,
  kAtomMaps = 10,
  kMatrices = 11,
  kReads = 12,
  kInstructions = 13,
  kDimensions = 14,
  kColumns = 15,
  kChecks = 16,
  kCuts = 17,
  kBits = 18,
  kLists = 19,
  kNames = 20,
  kStrings = 21,
  kDerivations = 22,
  kZone = 23,
  kRelations = 24,
  kPatterns = 25,
  kAutomata = 26,
  kStatements = 27,
  kFormerNames = 28,
};
inline constexpr std::uint32_t kSectionCount = 29;

struct SectionEntry {
  std::uint32_t section, count;
  std::uint64_t offset;
};  // records, first byte

struct Header {
  std::uint32_t magic, version;
  std::uint64_t size_bytes;
  std::uint32_t section_count, zero[3];
  unsigned char digest[32];     // SHA-256 of all bytes but these 32 and the signature
  unsigned char signature[64];  // Ed25519 of the digest, or zero: not part of the digest
  SectionEntry sections[kSectionCount];
};
inline constexpr std::size_t kDigestOffset = 32, kSignatureOffset = 64, kAfterSignature = 128;

// A string is its offset in kStrings; there: length in one to three bytes of 7 bits, lowest first,
// then the bytes.
using StringAt = std::uint32_t;
// A run of u32 in kLists, or of strings in kNames, cuts in kCuts, records.
struct Range {
  std::uint32_t first, count;
};

struct PolicyRecord {
  StringAt policy, version, title, zone;
  std::int64_t effective_ms;
  std::uint32_t has_effective;
  Range regions, invariants, files;                                           // kNames
  Range facts_by_name, roles_by_name, anchors_by_name, capabilities_by_name;  // kLists
  std::uint32_t zero;
};
enum FactFlags : std::uint8_t { kFactOrdered = 1, kFactUtf8 = 2, kFactForCritics = 4 };
struct FactRecord {
  StringAt name, unit, substitute_text;
  std::uint8_t type, source, scale, flags;
  std::int64_t low, high, substitute;
  std::uint32_t evidence, meter;
  Range values;  // kNames
  std::uint32_t missing, zero;
};
struct RoleRecord {
  StringAt name, identity;
  std::uint32_t kind, reports_to;
};
struct AnchorRecord {
  StringAt name, title, channel, asks_first;
  std::int64_t within_ms;
  std::uint32_t held_by, silence_anchor;
  std::uint8_t next_deputy, silence, zero[2];
  Range also_held_by, deputies, below;  // kLists
  Range absorbs;                        // kNames
  std::uint32_t zero_end;
};
struct CapabilityRecord {
  StringAt name, title, system;
  std::uint8_t kind, risk, irreversible, zero;
  Range inputs, optional_inputs;  // kLists
};
struct EvidenceRecord {
  std::int64_t within_ms;
  StringAt name;
  std::uint32_t at;
  Range by, about_given, about_wanted;  // kLists
  std::uint32_t within_months, zero;
};
struct MeterRecord {
  std::int64_t window_ms;
  StringAt name;
  std::uint32_t fold, including_this, value, fact;
  Range targets, keys, since;  // kLists
  std::uint32_t window_months;
};
struct ZoneChangeRecord {
  std::int64_t from_ms, offset_ms;
};
struct RelationRecord {
  std::uint32_t invariant, kind, first, second, first_verdict, second_verdict, fact, falling;
};

struct DerivationRecord {
  std::uint32_t capability, fact, fold;
  StringAt path;
};
struct PatternRecord {
  StringAt text;
  std::uint32_t start, accepting, states, classes;
  Range automaton;  // kAutomata: 256 classes by byte, then states * classes next states
};

struct StatementRecord {
  std::uint32_t of, index, word;
  StringAt text;
};
struct FormerNameRecord {
  std::uint32_t of, fact;  // kNone in `fact` unless it is of a value
  StringAt name;
  std::uint32_t index;
};
struct ThresholdRecord {
  StringAt name, value, reason;
};
struct AuthorityRecord {
  StringAt name;
  std::uint32_t kind, anchor, from;
};
struct ClauseRecord {
  StringAt name, reason;           // in kStrings the words follow right behind the name
  std::uint32_t line_and_trigger;  // line * 8 + trigger
  std::uint16_t authority, file;   // file: of the policy's files
};
struct AtomMapRecord {
  std::uint32_t kind;
  Range values;
};  // kDirect: {0, size}; kCuts: kCuts; kStrings: kNames

enum MatrixFlags : std::uint32_t {
  kHasAllowWhen = 1,
  kHasOtherwise = 2,
  kHasEffective = 4,  // a decision column has the flag
  kPlain = 8,  // no code, evidence or meter, and every dimension belongs to a read of its own
};
struct MatrixRecord {
  Range signature;  // kLists: fact * 2 + required
  Range reads;      // kReads: `direct_count`, then `cuts_count`, then the others
  std::uint32_t direct_count, cuts_count;
  Range code;        // kInstructions
  Range dimensions;  // kDimensions
  Range columns;     // kColumns
  std::uint32_t decision_count, word_count;
  std::uint32_t masks;  // word of kBits: allow-when, otherwise, effective columns; the rows follow
  std::uint32_t row_count, flags;
  Range evidence, meters;   // kLists: what deciding has to work out first, ascending
  std::uint32_t cut_steps;  // halvings that the longest of the `cuts_count` searches takes
};

// A value that the matrix reads: what it must be, and, where a dimension reads it as it stands,
// that dimension.
enum ReadKind : std::uint8_t {
  kReadNumber = 1,
  kReadText = 2,
  kReadTextSet = 3
};  // = runtime::ValueKind
enum ReadMap : std::uint8_t { kMapNone = 0, kMapDirect = 1, kMapCuts = 2, kMapStrings = 3 };
enum ReadFlags : std::uint8_t {
  kReadRequired = 1,
  kReadEvidence = 2,
  kReadMeter = 4,
  kReadNow = 8,
  kReadRole = 16,
  kReadWatched = 32,  // not in the signature: changes no decision, so malformed counts as missing
  kReadUtf8 = 64,     // other bytes are malformed
};
struct ReadRecord {
  std::uint32_t fact;       // kNone: the acting role where no fact names it
  std::uint32_t dimension;  // of this matrix, or kNone
  std::uint32_t rows;       // word of kBits: the row of atom 0
  Range map;                // as the dimension's `values`
  std::uint8_t kind, map_kind, flags, zero;
};
struct CheckRecord {
  std::int64_t low, high;
};  // per fact: what a number of its type may be

enum InstructionFlags : std::uint8_t { kHasSubstituteA = 1, kHasSubstituteB = 2 };
struct InstructionRecord {
  std::uint8_t op, flags;
  std::uint16_t zero;
  std::uint32_t a, b;
  std::uint32_t read_a, read_b;  // the reads of facts a and b, or kNone
  StringAt text, substitute_a, substitute_b;
  std::int64_t immediate;
};
struct DimensionRecord {
  std::uint32_t index, atoms, rows;
  // What tells the rows apart. kCuts: those cuts of the atom map at which some column changes, so
  // that atoms with the same columns share a row; else as the atom map.
  Range values;
  std::uint16_t read;  // or kNone16
  std::uint8_t kind, zero;
};
struct ColumnRecord {
  std::uint32_t clause;
  std::uint16_t anchor, authority, name;
  std::uint8_t kind_and_verdict, flags;  // kind * 4 + verdict

  std::uint32_t kind() const { return kind_and_verdict / 4u; }
  std::uint32_t verdict() const { return kind_and_verdict % 4u; }
};

static_assert(sizeof(SectionEntry) == 16);
static_assert(sizeof(Header) == 128 + 16 * kSectionCount &&
              offsetof(Header, digest) == kDigestOffset &&
              offsetof(Header, signature) == kSignatureOffset &&
              offsetof(Header, sections) == kAfterSignature);
static_assert(sizeof(PolicyRecord) == 88);
static_assert(sizeof(FactRecord) == 64);
static_assert(sizeof(RoleRecord) == 16);
static_assert(sizeof(AnchorRecord) == 72);
static_assert(sizeof(CapabilityRecord) == 32);
static_assert(sizeof(EvidenceRecord) == 48);
static_assert(sizeof(MeterRecord) == 56);
static_assert(sizeof(ZoneChangeRecord) == 16);
static_assert(sizeof(ClauseRecord) == 16);
static_assert(sizeof(DerivationRecord) == 16);
static_assert(sizeof(RelationRecord) == 32);
static_assert(sizeof(PatternRecord) == 28);
static_assert(sizeof(StatementRecord) == 16);
static_assert(sizeof(FormerNameRecord) == 16);
static_assert(sizeof(AtomMapRecord) == 12);
static_assert(sizeof(MatrixRecord) == 88);
static_assert(sizeof(ReadRecord) == 24);
static_assert(sizeof(InstructionRecord) == 40);
static_assert(sizeof(DimensionRecord) == 24);
static_assert(sizeof(ColumnRecord) == 12);

// Bytes of one record of each section.
inline constexpr std::uint32_t kRecordSize[kSectionCount] = {sizeof(PolicyRecord),
                                                             sizeof(FactRecord),
                                                             sizeof(RoleRecord),
                                                             sizeof(AnchorRecord),
                                                             sizeof(CapabilityRecord),
                                                             sizeof(EvidenceRecord),
                                                             sizeof(MeterRecord),
                                                             sizeof(ThresholdRecord),
                                                             sizeof(AuthorityRecord),
                                                             sizeof(ClauseRecord),
                                                             sizeof(AtomMapRecord),
                                                             sizeof(MatrixRecord),
                                                             sizeof(ReadRecord),
                                                             sizeof(InstructionRecord),
                                                             sizeof(DimensionRecord),
                                                             sizeof(ColumnRecord),
                                                             sizeof(CheckRecord),
                                                             8,
                                                             8,
                                                             4,
                                                             4,
                                                             1,
                                                             sizeof(DerivationRecord),
                                                             sizeof(ZoneChangeRecord),
                                                             sizeof(RelationRecord),
                                                             sizeof(PatternRecord),
                                                             2,
                                                             sizeof(StatementRecord),
                                                             sizeof(FormerNameRecord)};

// Words per bit row: up to 512 columns as many as they need, beyond that whole blocks of 512.
constexpr std::uint32_t WordCount(std::uint32_t columns) {
  return columns <= 512 ? (columns + 63) / 64 : (columns + 511) / 512 * 8;
}
// Halvings until `count` candidates are one.
constexpr std::uint32_t StepCount(std::uint32_t count) {
  std::uint32_t steps = 0;
  for (; count > 1; count -= count / 2) ++steps;
  return steps;
}
constexpr std::uint64_t Align(std::uint64_t n, std::uint64_t to) { return (n + to - 1) / to * to; }

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "the format is little-endian, and so must be the host");

}  // namespace writ::format
