// Deciding: a request in, a decision out. No allocation, no lock, no exception.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "writ/runtime/table.h"

namespace writ::runtime {

class Session;

enum class ValueKind : std::uint8_t {
  kMissing = 0,
  kNumber = 1,   // number: bool, enum, integer, decimal, money, duration, time, role, enum set - as
                 // ValueType says
  kText = 2,     // text, size: id or text
  kTextSet = 3,  // texts, size: array of string_views
  kMalformed = 4,  // given, but not a value of its type
};

// A value of a fact in a request. Borrowed: text must live until the call returns.
struct Value {
  std::int64_t number = 0;
  union {
    const char* text = nullptr;
    const std::string_view* texts;
  };
  std::uint32_t size = 0;
  ValueKind kind = ValueKind::kMissing;
};

struct Request {
  CapabilityId capability;  // invalid: no such capability, denied
  RoleId role;              // invalid: a role the table does not know
  std::int64_t now_ms = 0;
  const Value* values = nullptr;  // one per fact of the table, indexed by FactId; built-in `now`
                                  // and `role` are taken from above
  bool as_in_force = false;       // leave out the policy's plain `effective` row (replay)
};

// Rows that are not columns. They deny before any column is looked at.
enum class BuiltinRow : std::uint32_t {
  kNone = 0,  // a column decided
  kUnknownCapability = 1,
  kMalformed = 2,     // `fact` says which
  kMissingInput = 3,  // `fact` says which
  kUndecided = 4,     // no column holds: cannot happen in a table the compiler wrote
};

struct Decision {
  Verdict verdict = Verdict::kDeny;
  BuiltinRow builtin = BuiltinRow::kUndecided;
  std::uint32_t column = 0xFFFFFFFFu;  // of the capability's matrix
  AnchorId anchor;                     // kEscalate: to whom; kAllow: who is accountable
  ClauseId clause;
  AuthorityId authority;  // delegation or grant under which it stands; invalid where none
  FactId fact;            // kMalformed, kMissingInput
  CapabilityId capability;
};

// Bound on the columns, dimensions and code of one matrix, so that scratch space fits a stack
// frame; the writer and the reader refuse more.
inline constexpr std::uint32_t kMaxColumns = 1u << 16;
inline constexpr std::uint32_t kMaxDimensions = 1024;
inline constexpr std::uint32_t kMaxInstructions = 1024;

// `session` gives the meters; without one a meter's value is what the request gives for its fact
// (what was recorded before; `including this` is added), else missing.
Decision Decide(const Table&, const Session* session, const Request&);

// All columns that hold for the request (decision and annotation columns alike; an `otherwise` that
// takes no part is not set), into `bits`, word_count() words of the capability's matrix. Also gives
// the decision. REQUIRES: word_capacity >= word_count(). With a built-in row, all bits are zero.
Decision Match(const Table&, const Session*, const Request&, std::uint64_t* bits,
               std::size_t word_capacity);

// The atom of each dimension of the capability's matrix, for explaining and for analysis. Returns
// false with a built-in row.
bool MapAtoms(const Table&, const Session*, const Request&, std::uint32_t* atoms,
              std::size_t capacity);

// Puts a value through the fact's type: range and enum checks as Decide does them.
bool IsMalformed(const Table&, FactId, const Value&);

}  // namespace writ::runtime
