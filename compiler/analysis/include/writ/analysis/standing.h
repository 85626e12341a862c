// What one role may do, as far as a partial request leaves it open: the table evaluated in part.
//
// Whatever a restriction fixes is fixed; everything else stays open. What remains of a capability
// is an ordered list of rows, the first that holds decides, and each of them decides some request
// that the restriction admits: a row that never does is left out, and a condition that always holds
// is not said. Requests are well formed and have their required inputs; meters are free inputs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "writ/analysis/region.h"
#include "writ/analysis/table_page.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::analysis {

// What a role has of a capability while the *term* holds: the policy is in force, the delegation or
// grant has not expired, the run header is not known to be bad, and what the policy assumes not to
// occur does not occur.
enum class Autonomy : std::uint8_t {
  kNever = 0,         // each request is denied
  kProposes = 1,      // some request is escalated, none is allowed
  kWithinLimits = 2,  // some request is allowed, and some is not
  kAlone = 3,         // each request is allowed
};
// "within limits".
[[nodiscard]] const char* Name(Autonomy);

struct Reach {
  Autonomy autonomy = Autonomy::kNever;
  std::vector<runtime::AnchorId> asked;  // to whom some request is escalated; the highest first
  bool covered = false;                  // a delegation or grant covers role and capability, or did
  bool undecided =
      false;  // no row decides some request: denied. No table of the compiler's has one
  // What is not known for want of effort; then `autonomy` says what was found so far. Never a
  // proof.
  std::string open;
};

// REQUIRES: `where` names one role.
[[nodiscard]] Reach FindReach(const runtime::Table&, runtime::CapabilityId,
                              const Restriction& where, Budget&);

struct Standing {
  Reach reach;
  CapabilityPage page;                // `rows` and `duties` that can hold
  std::vector<std::string> examples;  // beside page.rows: a request that the row decides
  std::vector<PageRow> term;          // what ends or suspends it all; not among page.rows
  // What is fixed alone puts every request into this row.
  runtime::BuiltinRow builtin = runtime::BuiltinRow::kNone;
  std::string builtin_fact;
};

// REQUIRES: `where` names one role.
[[nodiscard]] Standing DescribeStanding(const runtime::Table&, runtime::CapabilityId,
                                        const Restriction& where, Budget&);

}  // namespace writ::analysis
