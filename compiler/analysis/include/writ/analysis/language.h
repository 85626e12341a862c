// Texts that some patterns match and others don't.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "writ/runtime/pattern.h"

namespace writ::analysis {

// A set of texts, all of them UTF-8. `true`: the pattern matches, the text starts with the prefix.
struct Language {
  std::vector<std::pair<runtime::PatternView, bool>> patterns;
  std::vector<std::pair<std::string_view, bool>> prefixes;
};

// `count` texts of the language that are not among `without` (ascending), shorter ones first; fewer
// if there are no more. False: there are too many states to look at; `*texts` holds what was found.
bool ShortestTexts(const Language&, std::size_t count, const std::vector<std::string>& without,
                   std::vector<std::string>* texts);

}  // namespace writ::analysis
