// Thresholds that were changed and might be tuned: whether they stayed in the range that the
// version before stated (docs/semantics.md, M47).
#pragma once

#include <string>
#include <vector>

#include "writ/runtime/table.h"

namespace writ::analysis {

struct TunedThreshold {
  std::string name, before, after;
  std::string range;  // "in 100 EUR..300 EUR by 10 EUR", of the version before
  bool stays = false;
};

// By name. What was not tunable before is none of them.
[[nodiscard]] std::vector<TunedThreshold> TunedThresholds(const runtime::Table& before,
                                                          const runtime::Table& after);

}  // namespace writ::analysis
