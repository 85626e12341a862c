// Pages that need nothing else: the look that they share, and text made safe for them.
#pragma once

#include <string>
#include <string_view>

namespace writ::cli {

// A page up to its first heading, with one style: sections, badges (`deny`, `escalate`, `allow`,
// `note`), tables, print. Loads nothing and runs nothing.
[[nodiscard]] std::string PageStart(std::string_view title);
[[nodiscard]] std::string PageEnd();

// Text as HTML, in content and in quoted attributes.
[[nodiscard]] std::string Html(std::string_view text);
// The same in a `<code>` element.
[[nodiscard]] std::string Code(std::string_view text);

}  // namespace writ::cli
