// The text between two tokens is read again, for those that are asked about.
#include "gaps.h"

#include <algorithm>

namespace writ::lang {

Gap GapBefore(const TokenList& tokens, std::uint32_t at) {
  Gap gap;
  const std::size_t begin = at == 0 ? 0 : tokens.tokens[at - 1].end;
  const std::size_t end = tokens.tokens[at].begin;
  std::size_t line_ends = at == 0 ? 1 : 0;  // since the last word or comment
  for (std::size_t i = begin; i < end; ++i) {
    const char c = tokens.text[i];
    if (c == '\n') ++line_ends;
    if (c != '/') continue;
    const std::size_t stop = std::min(tokens.text.find('\n', i), end);
    std::string_view comment = tokens.text.substr(i, stop - i);
    comment = comment.substr(0, comment.find_last_not_of(" \t\r") + 1);
    if (line_ends == 0) {
      gap.trailing = comment;
    } else {
      gap.own.push_back({comment, line_ends > 1});
    }
    line_ends = 0;
    i = stop - 1;
  }
  gap.blank_before = line_ends > 1;
  return gap;
}

}  // namespace writ::lang
