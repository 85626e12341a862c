// M6.8 once more, by the standard library's expressions.
#pragma once

#include <string>

namespace writ::oracle {

// Whether the whole text matches; `domain`: the pattern is a domain.
bool Matches(const std::string& text, const std::string& pattern, bool domain);

}  // namespace writ::oracle
