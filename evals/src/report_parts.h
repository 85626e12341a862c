// What the renderers share.
#pragma once

#include <string>
#include <string_view>

#include "writ/evals/report.h"

namespace writ::evals {

// Valid UTF-8 without control characters; what is not becomes U+FFFD.
std::string CleanUtf8(std::string_view text);
// For HTML and XML, text and attribute values alike. Cleans as well.
std::string Escape(std::string_view text);

std::string_view HorizonQuestion(Horizon);
std::string ChangeSentence(const ReplaySummary&);

}  // namespace writ::evals
