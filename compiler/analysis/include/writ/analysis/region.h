// Which requests a question is about, and what bounds the effort of answering it.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "writ/runtime/table.h"
#include "writ/runtime/vocabulary.h"

namespace writ::analysis {

// What a request may give for one fact. Says nothing by default. It is about what is given: a fact
// from evidence is still missing where the evidence is not fresh, and a meter `including this`
// shows what is given with the request added.
struct FactRestriction {
  runtime::FactId fact;
  bool may_be_missing = true;
  bool may_be_present = true;
  // Numbers of any kind (bool, enum, money, time ...), inclusive, as int64 of the fact's scale.
  // Outside the fact's own range every request is malformed.
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  std::optional<std::string> text;                // id, text: this one
  std::optional<std::vector<std::string>> texts;  // set of ids: exactly these
  bool malformed = false;                         // given, but not a value of its type
};

struct EvidenceRestriction {
  runtime::EvidenceId evidence;
  bool fresh = true;
};

// A set of requests of one capability: all conditions hold at once. Several entries for one fact
// are intersected.
struct Restriction {
  std::vector<FactRestriction> facts;  // built-in `now` is a fact here; `role` is below
  std::vector<EvidenceRestriction> evidence;
  std::vector<runtime::RoleId> roles;  // the acting role is one of these; empty: any role
  bool known_role = false;             // not a role that the table does not know
  bool as_in_force = false;            // leave out the policy's plain `effective` row (replay)
};

// Helpers that read like the policy.
FactRestriction Missing(runtime::FactId);
FactRestriction Present(runtime::FactId);
FactRestriction Between(runtime::FactId, std::int64_t low,
                        std::int64_t high);  // present, inclusive
FactRestriction Exactly(runtime::FactId, std::int64_t number);
FactRestriction ExactlyText(runtime::FactId, std::string text);

// What an example leaves out (docs/semantics.md, M12): every other fact that the capability reads
// is present, evidence is fresh, meters are as if nothing was recorded (0, false; `last` missing),
// `pressure.*` is at its first value, `now` is not before the policy takes effect. Entries of
// `given` come first and are kept: a fact or evidence that it names gets nothing added. For a meter
// the restriction is on what was recorded *before* this request.
Restriction Quiet(const runtime::Table&, runtime::CapabilityId, Restriction given);

// Effort in steps, not in seconds, so that answers do not depend on the machine. Shared by the
// questions of one run.
struct Budget {
  std::uint64_t limit = 50'000'000;
  std::uint64_t used = 0;
  // How many boxes the search by splitting may look at for one question before the recursion takes
  // over again.
  std::uint64_t split_limit = 20'000;
  // What the recursion may spend on one question before that: enough for a dive and some ways back.
  std::uint64_t first_try = 5'000;
  // Which searches may be used beyond that: what the recursion does not settle soon goes to the
  // clauses.
  bool by_recursion = true, by_clauses = true;
  bool Spend(std::uint64_t steps) {
    used += steps;
    return used <= limit;
  }
  bool exhausted() const { return used > limit; }
};

}  // namespace writ::analysis
