// Which part of a capability's matrix a page is about.
#pragma once

#include <vector>

#include "space_impl.h"
#include "writ/analysis/table_page.h"

namespace writ::analysis {

struct PageScope {
  const Space& space;
  ColumnSet columns;  // only these become rows
  std::vector<AtomSet>
      possible;  // by dimension: what can occur; a condition says no more than that
};

CapabilityPage DescribeScope(const PageScope&);

}  // namespace writ::analysis
