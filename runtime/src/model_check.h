// Private to the writer: what must hold of a model before it is turned into bytes.
#pragma once

#include <optional>
#include <string>

#include "writ/table/model.h"

namespace writ::table {

// The first thing that is wrong, in policy words.
std::optional<std::string> FindFault(const Model&);

}  // namespace writ::table
