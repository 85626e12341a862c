// One decision in the making: the request, the matrix, and what has been worked out so far. Private
// to deciding. Lives on the stack of `Decide`; about 30 KiB, of which only what a matrix uses is
// touched.
#pragma once

#include "view.h"
#include "writ/runtime/decide.h"

namespace writ::runtime {

// As in calendar.h.
std::int64_t WindowStart(View, std::int64_t now_ms, std::int64_t window_ms, std::uint32_t months);

struct Frame {
  View v;
  const format::MatrixRecord& m;
  const Session* session;
  const Request& request;
  const format::ReadRecord* reads;
};

// REQUIRES: the capability exists.
inline Frame MakeFrame(View v, const Session* session, const Request& request) {
  const format::MatrixRecord& m = v.matrix(request.capability.value);
  return {v, m, session, request, v.Records<format::ReadRecord>(format::kReads) + m.reads.first};
}

enum class State : std::uint8_t { kMissing = 0, kPresent = 1 };

// Values after meters, evidence and derivation. Left uninitialised on purpose; `Evaluate` fills
// what is used.
struct Scratch {
  std::int64_t read_number[format::kMaxReads];
  State read_state[format::kMaxReads];
  std::int64_t value[kMaxInstructions];
  State value_state[kMaxInstructions];
  std::uint64_t fresh[format::kMaxEvidence / 64];
};

// Fills the scratch. False where a value is malformed or a required one missing (`Diagnose` says
// which).
bool Evaluate(const Frame&, Scratch&);
// REQUIRES: Evaluate was true.
std::uint32_t AtomOfDimension(const Frame&, const Scratch&, std::uint32_t dimension);
const std::uint64_t* RowOfDimension(const Frame&, const Scratch&, std::uint32_t dimension);
// The built-in row of a request that `Evaluate` refuses.
Decision Diagnose(const Frame&);

// A number, or not: `value` against the type and range of a fact.
bool Suits(View, std::uint32_t fact, const Value&);

// Count of cuts that are <= value. No branch depends on the value, and once there is one candidate
// left further steps change nothing, so searches of different length may run the same number of
// steps. REQUIRES: count > 0, steps >= StepCount(count).
inline std::uint32_t CountCuts(const std::int64_t* cuts, std::uint32_t count, std::int64_t value,
                               std::uint32_t steps) {
  const std::int64_t* at = cuts;
  std::size_t left = count;
  for (std::uint32_t s = 0; s < steps; ++s) {
    const std::size_t half = left / 2;
    at = __builtin_expect_with_probability(at[half] <= value, 1, 0.5) ? at + half : at;
    left -= half;
  }
  return static_cast<std::uint32_t>(at - cuts) + (*at <= value ? 1u : 0u);
}
inline std::uint32_t CountCuts(const std::int64_t* cuts, std::uint32_t count, std::int64_t value) {
  return count == 0 ? 0 : CountCuts(cuts, count, value, format::StepCount(count));
}

// The atom of a text: 1 + its place among the known strings, or one more for any other.
std::uint32_t TextAtom(View, format::Range strings, std::string_view text);

// The acting role as a number; one that the table does not know is one beyond the last.
inline std::int64_t RoleNumber(View v, const Request& request) {
  const std::uint32_t roles = v.Count(format::kRoles);
  return request.role.value < roles ? request.role.value : roles;
}

}  // namespace writ::runtime
