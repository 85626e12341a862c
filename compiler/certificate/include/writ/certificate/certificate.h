// What was proved of a table, in a form that a program can check which searches nothing.
//
// A claim says of one capability that no request is of a certain kind. The tables alone say which
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

// A question in words, and the table of its condition: invariant columns over names of the table
// that is asked.
struct Question {
  std::string words;
  const runtime::Table* condition = nullptr;
  std::vector<runtime::Verdict> verdicts;  // that must not come out where the condition holds
};

// What a certificate is about: a table and questions that are put to it, or an older table and the
// newer one. Borrows.
struct About {
  About(const runtime::Table& of) : table(&of) {}  // NOLINT: a table alone
  About(const runtime::Table& older, const runtime::Table& newer) : table(&newer), before(&older) {}

  const runtime::Table* table;
  const runtime::Table* before = nullptr;
  std::vector<Question> questions;
};

enum class ClaimKind : std::uint8_t {
  kDecided = 0,  // every request of the capability is decided by some row
  kNever = 1,    // where the invariant's condition holds, the capability is never decided so
  kAsked = 2,    // where the question's condition holds, the capability is never decided so
  kAlike = 3,    // but for the regions, both tables decide each request alike
  kOwed = 4,     // by rows of both tables, the same is noted and the same people are notified
  kRelated = 5,  // what an invariant says of two requests is so of any two
};

// Where a row of the older table gave way to one of the newer. A row is a clause with one outcome,
// by the number of one of its columns; or none, where nothing decides, or something before the
// rows.
struct Region {
  static constexpr std::uint32_t kNoRow = 0xFFFFFFFFu;
  std::uint32_t before = kNoRow, now = kNoRow;
  friend bool operator==(const Region&, const Region&) = default;
};

struct Claim {
  ClaimKind kind = ClaimKind::kDecided;
  std::string capability;
  std::string words = {};                               // kNever: the invariant; kAsked
  runtime::Verdict verdict = runtime::Verdict::kAllow;  // kNever, kAsked
  std::vector<Region> regions = {};                     // kAlike
  std::uint32_t relation = 0;                           // kRelated: of the table's, by number
  std::string related = {};                             // kRelated: what it says, in words
  friend bool operator==(const Claim&, const Claim&) = default;
};

// In words: "every request of `refund` is decided".
[[nodiscard]] std::string Text(const Claim&);

// Its regions in words: "`limit amount <= cap` (escalate to desk) gave way to `...` (allow)".
// REQUIRES: the claim was checked of these tables.
[[nodiscard]] std::vector<std::string> RegionTexts(const About&, const Claim&);

// What can be claimed. Of one table, for each capability that it decides: that it does, each
// invariant and each question about one decision that speaks of it; and each relation. Of two, for
// each that either has: that they are alike everywhere.
[[nodiscard]] std::vector<Claim> ClaimsOf(const About&);

using Clause = std::vector<std::int32_t>;  // a variable from 1 on, or its negation

struct Clauses {
  std::int32_t variables = 0;
  std::vector<Clause> clauses;  // met together by each request that the claim rules out
};
// The error says why nothing of the kind can be claimed.
[[nodiscard]] std::expected<Clauses, std::string> ClausesOf(const About&, const Claim&);

struct Proof {
  Claim claim;
  std::vector<Clause> steps;
};

// The bytes of a certificate: text with a digest over all of it at the end.
[[nodiscard]] std::string WriteCertificate(const About&, const std::vector<Proof>&);

// The questions whose answers the bytes claim to prove: to be made into conditions by who checks
// them. Not checked themselves; no more than a few.
[[nodiscard]] std::vector<std::string> QuestionsIn(std::string_view bytes);

struct Checked {
  std::vector<Claim> claims;  // each proved
};
// The error says what is wrong: the bytes are no certificate or were damaged, it is of another
// table, or a step does not follow.
[[nodiscard]] std::expected<Checked, std::string> CheckCertificate(const About&,
                                                                   std::string_view bytes);
// Puts the right digest at the end of damaged bytes: for tests.
void SealCertificate(std::string* bytes);

}  // namespace writ::certificate
