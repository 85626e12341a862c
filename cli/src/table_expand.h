// To which meters and rows the larger words of a policy compile.
#pragma once

#include <string>

#include "context.h"

namespace writ::cli {

Exit PrintExpansion(const Context&, const std::string& path);

}  // namespace writ::cli
