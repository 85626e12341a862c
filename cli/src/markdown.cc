#include "markdown.h"

#include <algorithm>

namespace writ::cli {

std::string MarkdownText(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '`' || c == '<' || c == '>' || c == '[' ||
        c == ']' || c == '\\' || c == '#' || c == '~')
      result += '\\';
    result += c == '\n' || c == '\r' ? ' ' : c;
  }
  return result;
}

std::string MarkdownCode(std::string text) {
  if (text.empty()) return {};
  std::erase(text, '`');
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '\r', ' ');
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  return '`' + text + '`';
}

}  // namespace writ::cli
