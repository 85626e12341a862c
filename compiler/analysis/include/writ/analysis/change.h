// Whether any request is decided otherwise by a newer table, in a direction that is asked about.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "writ/analysis/coverage.h"
#include "writ/analysis/exact_diff.h"
#include "writ/analysis/region.h"
#include "writ/runtime/table.h"

namespace writ::analysis {

// Which requests are looked at: all of these hold; empty: any. A region is the newer table's, or
// the older one's where the newer one declares none of that name.
struct ChangeQuestion {
  std::string capability, region, role;
  std::vector<Direction> directions;
};

struct ChangeAnswer {
  Outcome outcome = Outcome::kNone;  // kNone: no request at all, proved; kFound: `request` is one
  std::string capability, request, before, after;
  std::string why;  // kUnknown
};

// Requests are those of DiffExactly; so where both tables mean something else by one name, nothing
// is proved.
[[nodiscard]] ChangeAnswer FindChange(const runtime::Table& before, const runtime::Table& after,
                                      const ChangeQuestion&, Budget&);

}  // namespace writ::analysis
