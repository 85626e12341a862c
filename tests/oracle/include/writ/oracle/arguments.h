// M1.5 once more: inputs from the arguments of a call.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "writ/oracle/value.h"

namespace writ::oracle {

struct FromArguments {
  bool malformed = false;
  std::optional<Value> value;  // nothing: missing, unless malformed
};

// As `input X : TYPE = FOLD "PATH"`; without the fold `digest`. Numbers of up to 15 digits, written
// without exponent and without a zero at the end.
FromArguments Derive(const Type& type, const std::string& fold, const std::string& path,
                     const nlohmann::json& arguments);

}  // namespace writ::oracle
