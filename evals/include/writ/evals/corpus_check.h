// Is a corpus fit to judge these tables? What `writ corpus check` reports.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "writ/evals/corpus.h"
#include "writ/runtime/table.h"

namespace writ::evals {

// What can be wrong with imported rows. kError: an event that cannot be judged as it was; kWarning:
// look at it.
enum class FindingKind : std::uint8_t {
  kUnknownCapability,  // no table knows it: denied by every one of them
  kUnknownRole,        // no table knows it
  kUnknownFact,        // no table reads it
  kMalformedFact,      // not a value of its type: another unit, too many decimals, out of range
  kKnownTooEarly,      // a fact that was known only after its event: replay leaves it out
  kAlikeEvents,        // same run, time, capability and inputs: doubled by a join?
  kOutOfOrder,         // earlier than the event before it in its run
  kKnownBeforeMade,    // a result that was known before its event was made
  kEmptyRun,           // a run without events
};
enum class Severity : std::uint8_t { kError, kWarning };

std::string_view NameOf(FindingKind);
Severity SeverityOf(FindingKind);

// One kind of finding about one thing, counted, with the first few places.
struct Finding {
  FindingKind kind = FindingKind::kUnknownCapability;
  std::string subject;  // the capability, role, fact or run
  std::uint64_t count = 0;
  std::vector<std::string>
      examples;  // at most kMaxExamples: "run `r`, seq 3: `120 USD`: in USD, not in EUR"
};
inline constexpr std::size_t kMaxExamples = 3;

// How often a capability's events lack a fact that a table's rules for it can read.
struct MissingShare {
  std::string capability, fact;
  std::uint64_t events = 0, missing = 0;  // missing: not given, or given as missing
  std::uint64_t said_missing = 0;         // of these: given as missing
};

// Events per line of the input.
struct FanOut {
  std::uint64_t lines = 0, events = 0, most = 0;
  std::string most_run;
};

struct CorpusReport {
  std::string digest;
  std::uint64_t runs = 0, events = 0;
  std::vector<Finding> findings;      // errors first, then by kind and subject
  std::vector<MissingShare> missing;  // by capability and fact; only those with missing > 0
  FanOut fan_out;

  std::uint64_t errors() const;  // findings of severity kError
  std::uint64_t warnings() const;
};

// Reads the corpus once. REQUIRES: at least one table.
std::expected<CorpusReport, CorpusError> CheckCorpus(
    const Corpus& corpus, const std::vector<const runtime::Table*>& tables);

std::string RenderText(const CorpusReport& report);
std::string RenderJson(const CorpusReport& report);

}  // namespace writ::evals
