// A row of a table in words, worked out from its atoms: for rows whose declaration the table does
// not carry.
#pragma once

#include <cstdint>
#include <string>

#include "writ/runtime/table.h"

namespace writ::evals {

// "amount > 1000.00 EUR and order.status = fraud_hold"; "always" where nothing is constrained.
std::string ColumnWords(const runtime::Table&, runtime::CapabilityId, std::uint32_t column);

// "issue_refund when amount > 1000.00 EUR", over all capabilities and columns of the region.
std::string RegionWordsFromTable(const runtime::Table&, std::uint32_t region);

}  // namespace writ::evals
