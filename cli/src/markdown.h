// Text made safe for Markdown.
#pragma once

#include <string>
#include <string_view>

namespace writ::cli {

// As running text on one line; what Markdown or HTML would read as a sign is escaped.
[[nodiscard]] std::string MarkdownText(std::string_view text);
// In backticks, also inside a table; nothing for nothing.
[[nodiscard]] std::string MarkdownCode(std::string text);

}  // namespace writ::cli
