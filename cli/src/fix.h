// A partial request, as what it fixes: a set of requests that questions can be asked of.
#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "request.h"
#include "writ/analysis/region.h"

namespace writ::cli {

struct Fixed {
  analysis::Restriction where;                             // but for the role
  std::vector<std::pair<std::string, std::string>> given;  // name and value, in words
  std::vector<std::string> malformed;  // what was wrong with values, a sentence each
};

// `evidence.E=fresh` and `evidence.E=stale` say that without saying when it was obtained. The error
// is a sentence.
std::expected<Fixed, std::string> Fix(const runtime::Table&, WrittenRequest);

}  // namespace writ::cli
