// Past requests, for what they exercise of a policy. Where they come from is the caller's.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "writ/runtime/decide.h"

namespace writ::compiler {

// A request as the policy's table takes it, with the values of meters as they were recorded.
struct PastRequest {
  const runtime::Request& request;
  std::string_view run;    // where it is from
  std::int64_t event = 0;  // its number in the corpus
};

// Shows each past request, in the same order every time, until the visitor returns false.
using PastRequests = std::function<void(const std::function<bool(const PastRequest&)>& visit)>;

}  // namespace writ::compiler
