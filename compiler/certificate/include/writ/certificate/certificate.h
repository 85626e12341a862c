// What was proved of a table, in a form that a program can check which searches nothing.
//
// A claim says of one capability that no request is of a certain kind. The table alone says which
// clauses describe such a request (ClausesOf); the proof is a list of clauses, each of which
// follows from those and from the ones before it by unit propagation, up to the empty one. So the
// checker has to be trusted with reading rows and with propagation, and with nothing else.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "writ/runtime/table.h"

namespace writ::certificate {

enum class ClaimKind : std::uint8_t {
  kDecided = 0,  // every request of the capability is decided by some row
  kNever = 1,    // where the invariant's condition holds, the capability is never decided so
};

struct Claim {
  ClaimKind kind = ClaimKind::kDecided;
  std::string capability;
  std::string invariant;                                // kNever
  runtime::Verdict verdict = runtime::Verdict::kAllow;  // kNever
  friend bool operator==(const Claim&, const Claim&) = default;
};

// In words: "every request of `refund` is decided".
[[nodiscard]] std::string Text(const Claim&);

// What a table can be asked for: for each capability that it decides, and each invariant about one
// decision that speaks of it.
[[nodiscard]] std::vector<Claim> ClaimsOf(const runtime::Table&);

using Clause = std::vector<std::int32_t>;  // a variable from 1 on, or its negation

struct Clauses {
  std::int32_t variables = 0;
  std::vector<Clause> clauses;  // met together by each request that the claim rules out
};
// The error says why the table has no such claim.
[[nodiscard]] std::expected<Clauses, std::string> ClausesOf(const runtime::Table&, const Claim&);

struct Proof {
  Claim claim;
  std::vector<Clause> steps;
};

// The bytes of a certificate: text with a digest over all of it at the end.
[[nodiscard]] std::string WriteCertificate(const runtime::Table&, const std::vector<Proof>&);

struct Checked {
  std::vector<Claim> claims;  // each proved
};
// The error says what is wrong: the bytes are no certificate or were damaged, it is of another
// table, or a step does not follow.
[[nodiscard]] std::expected<Checked, std::string> CheckCertificate(const runtime::Table&,
                                                                   std::string_view bytes);
// Puts the right digest at the end of damaged bytes: for tests.
void SealCertificate(std::string* bytes);

}  // namespace writ::certificate
