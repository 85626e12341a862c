// `NAME=VALUE …` of `writ diff`: the requests that alone are compared.
#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "writ/analysis/region.h"
#include "writ/runtime/table.h"

namespace writ::cli {

struct ComparedFacts {
  analysis::Restriction where;                             // of the shared vocabulary
  std::vector<std::pair<std::string, std::string>> given;  // name and value, in words
  std::string role;                                        // empty: any
  bool role_alone = false;                                 // nothing else is fixed
};

// What one version alone knows is fixed there, and says nothing to the other. Refused, with a
// sentence: what neither knows, what both read as values of another kind, and what is no value of
// either.
std::expected<ComparedFacts, std::string> CompareFacts(const runtime::Table& before,
                                                       const runtime::Table& after,
                                                       const std::vector<std::string>& pairs);

}  // namespace writ::cli
