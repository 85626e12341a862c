// A capability's decision table as a governance owner reads it.
//
// Columns of the matrix that say the same for several roles or values become one row; conditions
// are in the policy's words, bounds by the name of their threshold. What a page says is read from
// the table itself, so it is what is enforced.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "writ/runtime/table.h"

namespace writ::analysis {

// Rows of one clause with one decision for the same roles; where something is missing, of all
// clauses with this decision.
struct PageRow {
  runtime::Verdict verdict = runtime::Verdict::kDeny;
  std::string decision;  // `escalate to board`, `notify fraud`, `note`
  std::string anchor;    // whom an escalation or a notification goes to; empty otherwise
  std::vector<std::string>
      when;  // one of these holds; empty: always, or with `otherwise` in every other case
  bool otherwise = false;
  bool missing = false;  // holds for want of a fact, where the clause's condition is not known
  std::vector<std::string> roles;  // acting roles; with `other_roles`: all but these
  bool other_roles = false;
  std::vector<std::string> under;    // delegations and grants it stands under
  std::string words;                 // the clause as written
  std::vector<std::string> clauses;  // by name; `words` to `line` are empty where there are several
  std::string reason, trigger, file;
  std::uint32_t line = 0;              // 0: not written by the author
  std::vector<std::uint32_t> columns;  // of the matrix
  // Beside `when`: whether it reads what no model is to see.
  std::vector<bool> for_critics;
};

struct PageFact {
  std::string name, type, source,
      missing;               // missing: `deny`, `escalate`, `read as bronze`, `required`
  bool for_critics = false;  // no model is to see it
};

struct PageAuthority {
  std::string name, kind;  // `delegation`, `grant`
  std::string from, anchor;
  std::vector<std::string> roles;
};

struct PageAnchor {
  std::string name, title, channel, silence;
  std::vector<std::string> held_by, deputies;
  std::string within;       // `4 hours`; empty: no term
  std::uint32_t above = 0;  // how many anchors rank below this one
};

struct PageNamed {
  std::string name, text,
      reason;  // threshold: value; region: where; evidence and meter: definition
};

struct CapabilityPage {
  std::string name, title, system, kind, risk;
  // What it says of itself: (undone by, forget).
  std::vector<std::pair<runtime::StatementWord, std::string>> said;
  bool irreversible = false;
  std::vector<PageFact> facts;  // inputs first, then what else is read, by name
  std::vector<PageAuthority> authorities;
  std::vector<PageRow> rows;    // the most restrictive first; the first that holds decides
  std::vector<PageRow> duties;  // notes and notifications
  std::vector<PageNamed> regions, invariants, thresholds, evidence, meters;
  std::vector<PageAnchor> anchors;  // those named above
};

CapabilityPage DescribeCapability(const runtime::Table&, runtime::CapabilityId);

// By column: whether it holds or not for something that no model is to see.
[[nodiscard]] std::vector<bool> ColumnsForCritics(const runtime::Table&, runtime::CapabilityId);

}  // namespace writ::analysis
