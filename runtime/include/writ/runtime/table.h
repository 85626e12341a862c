// An open table: a checked, read-only view of `.wtb` bytes.
//
// `Table::Open` is the one reader of the format. It checks every size and index once; afterwards
// nothing is checked again and nothing allocates. The view points into the caller's bytes, which
// must outlive it and not change. Immutable, so any number of threads may share one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "writ/runtime/vocabulary.h"

namespace writ::runtime {

// A pointer and a count (std::span is C++20; this header stays C++17).
template <typename T>
class Slice {
 public:
  constexpr Slice() = default;
  constexpr Slice(const T* data, std::size_t size) : data_(data), size_(size) {}
  constexpr const T* begin() const { return data_; }
  constexpr const T* end() const { return data_ + size_; }
  constexpr const T* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](std::size_t i) const { return data_[i]; }  // REQUIRES: i < size()

 private:
  const T* data_ = nullptr;
  std::size_t size_ = 0;
};

// Why bytes were refused. Closed list; docs/table-format.md explains each.
enum class OpenCode : std::uint8_t {
  kOk = 0,
  kTruncated = 1,
  kBadMagic = 2,
  kBadVersion = 3,
  kBadDigest = 4,
  kBadSection = 5,
  kBadIndex = 6,
  kBadValue = 7,
  kTooLarge = 8,
  kMisaligned = 9,
};
struct OpenError {
  OpenCode code = OpenCode::kOk;
  std::uint64_t offset = 0;
};

struct FactView {
  std::string_view name, unit, substitute_text;
  ValueType type;
  Source source;
  std::uint8_t scale;
  bool ordered;
  MissingWord missing;
  std::int64_t low, high, substitute;
  EvidenceId evidence;
  MeterId meter;
  std::uint32_t value_count;  // kEnum, kEnumSet; names by Table::FactValue
  bool utf8;                  // kText: other bytes are malformed
  bool for_critics;           // read by rules and critics; the host shows it to no model
};
struct RoleView {
  std::string_view name, identity;
  RoleKind kind;
  RoleId reports_to;
};
struct AnchorView {
  std::string_view name, title, channel, asks_first;
  RoleId held_by;
  std::int64_t within_ms;
  bool next_deputy;
  Verdict silence;
  AnchorId silence_anchor;
  Slice<RoleId> also_held_by, deputies;
  Slice<AnchorId> below;
  std::uint32_t absorbs_count;  // by Table::AnchorAbsorbs
};
struct CapabilityView {
  std::string_view name, title, system;
  CapabilityKind kind;
  Risk risk;
  bool irreversible;
  Slice<FactId> inputs, optional_inputs;
};
// Borrows the table's bytes. States 0 to accepting - 1 accept.
struct PatternView {
  std::string_view text;  // as the policy writes it
  std::uint32_t start, accepting, states, classes;
  const std::uint16_t* class_of;  // 256, by byte
  const std::uint16_t* next;      // state * classes + class

  std::uint32_t Next(std::uint32_t state, unsigned char byte) const {
    return next[state * classes + class_of[byte]];
  }
  // One step per byte, whatever the pattern.
  bool Accepts(std::string_view bytes) const {
    std::uint32_t state = start;
    for (const char c : bytes) state = Next(state, static_cast<unsigned char>(c));
    return state < accepting;
  }
};
struct DerivationView {
  CapabilityId capability;
  FactId fact;
  ArgumentFold fold;
  std::string_view path;
};
struct StatementView {
  StatementOf of;
  std::uint32_t index;  // of a capability or authority; of the policy 0
  StatementWord word;
  std::string_view text;
};
struct FormerNameView {
  NameOf of;
  FactId fact;  // of values; else invalid
  std::string_view name;
  std::uint32_t index;  // of what has another name now: of its section, or the fact's value
};
struct EvidenceView {
  std::string_view name;
  std::int64_t within_ms;
  std::uint32_t within_months;  // not 0: calendar months instead
  FactId at;
  Slice<CapabilityId> by;
  Slice<FactId> about_given, about_wanted;
};
struct MeterView {
  std::string_view name;
  Fold fold;
  bool including_this;
  FactId value, fact;
  std::int64_t window_ms;       // 0: none, unless there are months
  std::uint32_t window_months;  // not 0: calendar months instead
  bool windowed() const { return window_ms != 0 || window_months != 0; }
  Slice<CapabilityId> targets;
  Slice<FactId> keys;
  Slice<CapabilityId> since;
};
// From this instant on the clocks of the policy's zone are this far ahead of UTC.
struct ZoneChangeView {
  std::int64_t from_ms, offset_ms;
};
// What an invariant says about two decisions, wherever its columns hold: in the matrix of the first
// capability or, if it has none there, of the second; of kMonotone, for both requests.
struct RelationView {
  std::uint32_t invariant;  // index of its name
  RelationKind kind;
  std::array<CapabilityId, 2> capability;  // kMonotone: one, twice
  std::array<Verdict, 2> verdict;          // kImplies, kDisjoint
  FactId fact;                             // kMonotone: a number or an ordered enum
  bool falling;                            // kMonotone: the second request has less of it
};
struct ThresholdView {
  std::string_view name, value, reason;
};
struct AuthorityView {
  std::string_view name;
  AuthorityKind kind;
  AnchorId anchor;
  RoleId from;
};
struct ClauseView {
  std::string_view name, words, reason, file;
  std::uint32_t line;
  AuthorityId authority;
  Trigger trigger;
};
struct AtomMapView {
  AtomMapKind kind;
  std::uint32_t atom_count;
  Slice<std::int64_t> cuts; /* strings by Table::AtomString */
};
struct ColumnView {
  ColumnKind kind;
  Verdict verdict;
  std::uint8_t flags;
  AnchorId anchor;
  ClauseId clause;
  AuthorityId authority;
  std::uint32_t name;
};
struct DimensionView {
  std::uint8_t kind; /* table::DimensionKind */
  std::uint32_t index;
  AtomMapId atoms;
  std::uint32_t atom_count;
};
struct SignatureView {
  FactId fact;
  bool required;
};
struct InstructionView {
  Op op;
  std::uint32_t a, b;
  std::int64_t immediate;
  std::string_view text;
  bool has_substitute_a, has_substitute_b;
  std::string_view substitute_a, substitute_b;
};

// The matrix of one capability: for each dimension and atom, one bit per column.
class MatrixView {
 public:
  std::uint32_t column_count() const;  // decision columns first
  std::uint32_t decision_column_count() const;
  std::uint32_t word_count() const;  // 64-bit words per bit row
  std::uint32_t dimension_count() const;
  DimensionView Dimension(std::uint32_t d) const;
  ColumnView Column(std::uint32_t c) const;
  // The columns that admit `atom` of dimension `d`: word_count() words, bit c % 64 of word c / 64
  // for column c.
  const std::uint64_t* Bits(std::uint32_t d, std::uint32_t atom) const;
  // The kColumnAllowWhen columns, word_count() words.
  const std::uint64_t* AllowWhenBits() const;
  std::uint32_t signature_count() const;
  SignatureView Signature(std::uint32_t i) const;
  std::uint32_t instruction_count() const;
  InstructionView Instruction(std::uint32_t i) const;

 private:
  friend class Table;
  const unsigned char* base_ = nullptr;  // the table's bytes
  std::uint64_t record_ = 0;             // offset of this matrix's record
};

class Table {
 public:
  // Checks `size` bytes at `bytes` (8-byte aligned) and fills `*table`. On failure `*table` is
  // untouched.
  static OpenError Open(const void* bytes, std::size_t size, Table* table);

  std::string_view policy() const;
  std::string_view version() const;
  std::string_view title() const;
  std::string_view zone() const;
  Slice<unsigned char> digest() const;  // SHA-256, 32 bytes
  bool has_effective() const;
  std::int64_t effective_ms() const;

  std::uint32_t fact_count() const;
  std::uint32_t role_count() const;
  std::uint32_t anchor_count() const;
  std::uint32_t capability_count() const;  // events included
  std::uint32_t derivation_count() const;
  std::uint32_t statement_count() const;
  std::uint32_t former_name_count() const;
  std::uint32_t evidence_count() const;
  std::uint32_t meter_count() const;
  std::uint32_t zone_change_count() const;
  std::uint32_t threshold_count() const;
  std::uint32_t authority_count() const;
  std::uint32_t clause_count() const;
  std::uint32_t atom_map_count() const;
  std::uint32_t pattern_count() const;
  std::uint32_t region_count() const;
  std::uint32_t invariant_count() const;
  std::uint32_t relation_count() const;

  FactView Fact(FactId) const;
  std::string_view FactValue(FactId, std::uint32_t value) const;  // name of an enum value
  RoleView Role(RoleId) const;
  AnchorView Anchor(AnchorId) const;
  std::string_view AnchorAbsorbs(AnchorId, std::uint32_t i) const;
  CapabilityView Capability(CapabilityId) const;
  DerivationView Derivation(std::uint32_t) const;  // ascending by capability, then fact
  StatementView Statement(std::uint32_t) const;    // strictly ascending
  FormerNameView FormerName(std::uint32_t) const;  // ascending by what it is of, then name
  EvidenceView Evidence(EvidenceId) const;
  MeterView Meter(MeterId) const;
  ZoneChangeView ZoneChange(std::uint32_t) const;  // ascending
  ThresholdView Threshold(std::uint32_t) const;
  AuthorityView Authority(AuthorityId) const;
  ClauseView Clause(ClauseId) const;
  AtomMapView AtomMap(AtomMapId) const;
  std::string_view AtomString(AtomMapId, std::uint32_t i) const;  // kStrings: the i-th known string
  PatternView Pattern(std::uint32_t) const;
  std::string_view Region(std::uint32_t) const;
  std::string_view Invariant(std::uint32_t) const;
  RelationView Relation(std::uint32_t) const;  // ascending by invariant
  MatrixView Matrix(CapabilityId) const;

  // By name, or by a name that it had before; an invalid id where there is none. Logarithmic.
  FactId FindFact(std::string_view) const;
  RoleId FindRole(std::string_view) const;
  AnchorId FindAnchor(std::string_view) const;
  CapabilityId FindCapability(std::string_view) const;
  // Of an enum, or of a set of one; kNotFound where there is none. Linear in the values.
  std::uint32_t FindFactValue(FactId, std::string_view) const;
  // What had this name before; kNotFound where nothing had. `fact`: of values. Logarithmic.
  std::uint32_t FindFormer(NameOf, std::string_view, FactId fact = {}) const;

 private:
  friend struct TableAccess;
  const unsigned char* base_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace writ::runtime
