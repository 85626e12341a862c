// What claims name, found in tables.
#pragma once

#include <string>
#include <string_view>

#include "ties.h"
#include "writ/certificate/certificate.h"

namespace writ::certificate {

// A capability that the table decides; invalid: it has none of the name.
[[nodiscard]] runtime::CapabilityId Decided(const runtime::Table&, std::string_view name);
// What the newer table calls so, as the older one has it.
[[nodiscard]] runtime::CapabilityId CapabilityBefore(const runtime::Table& before, const Ties&,
                                                     const runtime::Table& now,
                                                     std::string_view name);
// Why nothing of the kind can be claimed; empty: it can.
[[nodiscard]] std::string NotClaimed(const About&, const Claim&);

}  // namespace writ::certificate
