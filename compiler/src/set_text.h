// Sets of texts as one text: how a table keeps what stands in for a missing one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace writ::compiler {

// A JSON array of the members, in their order.
std::string SetText(const std::vector<std::string>& members);
// The inverse. REQUIRES: SetText made it.
std::vector<std::string> SetMembers(std::string_view text);

}  // namespace writ::compiler
