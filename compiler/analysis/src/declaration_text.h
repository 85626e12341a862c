// Declarations of a table as lines in the policy's words.
#pragma once

#include <string>
#include <string_view>

#include "writ/runtime/table.h"

namespace writ::analysis {

// The name of what a former name points to. `fact`: of values.
std::string NameToday(const runtime::Table&, runtime::NameOf, runtime::FactId fact,
                      std::uint32_t index);
// What `newer` calls something that an older table calls `name`: that, if it calls something so
// itself; only then what was called so before. `fact`: of values, its own.
std::string NameIn(const runtime::Table& newer, runtime::NameOf, std::string_view name,
                   runtime::FactId fact = {});
// `support_lead, head_of_support`.
std::string RoleNames(const runtime::Table&, const runtime::Slice<runtime::RoleId>&);
// `money(EUR) in 0 EUR..50_000 EUR`: type and range alone.
std::string TypeText(const runtime::Table&, runtime::FactId);
// The type, where it comes from and what it means when it is missing.
std::string FactText(const runtime::Table&, runtime::FactId);
std::string MeterText(const runtime::Table&, const runtime::MeterView&);
std::string AnchorText(const runtime::Table&, runtime::AnchorId);
std::string EvidenceText(const runtime::Table&, const runtime::EvidenceView&);
// Its kind, risk and inputs, and what is worked out from arguments.
std::string CapabilityText(const runtime::Table&, runtime::CapabilityId);
std::string RoleText(const runtime::Table&, const runtime::RoleView&);
// What is read where the fact is missing. REQUIRES: its missing word is a value.
std::string SubstituteText(const runtime::Table&, runtime::FactId);

const char* KindName(runtime::CapabilityKind);
const char* RiskName(runtime::Risk);

}  // namespace writ::analysis
