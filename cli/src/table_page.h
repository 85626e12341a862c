// `writ table` for readers: one document of capability pages, in five shapes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "writ/analysis/table_page.h"
#include "writ/runtime/table.h"

namespace writ::cli {

struct TableDocument {
  std::string policy, version, title, zone;
  std::string digest;    // SHA-256, 64 hex digits
  std::string in_force;  // `2026-09-30T22:00:00Z`; empty: from the beginning
  std::vector<analysis::CapabilityPage> pages;
  std::vector<analysis::PageNamed> accounts;     // what is said of the policy and its rules
  std::vector<analysis::PageNamed> carried_out;  // sandboxes, skills, breakers
  std::string tenant;                            // for whom alone it decides
  std::string narrows;  // within what it is proved to be: policy, version and digest
};

// Of all capabilities, or of the one that is named. Without pages: there is none of that name.
TableDocument DescribeTable(const runtime::Table&, const std::string& capability);

std::string TableText(const TableDocument&);
std::string TableMarkdown(const TableDocument&);
std::string TableCsv(const TableDocument&);
std::string TableHtml(const TableDocument&);
std::string TableJson(const TableDocument&);
nlohmann::ordered_json PageRowJson(const analysis::PageRow&);

// What the shapes share. `refund_agent, support_lead`, `anyone but refund_agent`, `anyone`.
std::string RolesOf(const analysis::PageRow&);
// Where a row without conditions holds: `in every other case`, `always`.
std::string WhenAlways(const analysis::PageRow&);
// `support_refunds.writ:48`, or nothing for a row that no author wrote.
std::string PlaceOf(const analysis::PageRow&);
// `host, for critics`.
std::string SourceOf(const analysis::PageFact&);
std::string Joined(const std::vector<std::string>&, const char* between = ", ");
const char* VerdictName(const analysis::PageRow&);
// `act, destructive, irreversible; in payments`.
std::string NatureOf(const analysis::CapabilityPage&);
// Those of all pages, each once; anchors: the highest first.
std::vector<analysis::PageNamed> AllThresholds(const TableDocument&);
std::vector<analysis::PageAnchor> AllAnchors(const TableDocument&);
// `support_lead (then head_of_support, coo); queue:refund-approvals within 4 hours; silence: next
// deputy, then deny`.
std::string ReachedBy(const analysis::PageAnchor&);
// `refund_agent under refunding: a delegation by support_lead, refunds is accountable`.
std::string StandsUnder(const analysis::PageAuthority&);

}  // namespace writ::cli
