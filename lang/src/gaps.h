// What the lexer leaves out and the formatter keeps: comments and blank lines between tokens.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "token.h"

namespace writ::lang {

// A comment on a line of its own, from `//` on, without space at its end.
struct OwnComment {
  std::string_view text;
  bool blank_before = false;
};

// The space between two tokens.
struct Gap {
  std::string_view trailing;    // a comment on the line of the token before; may be empty
  std::vector<OwnComment> own;  // further comments, in order
  bool blank_before = false;    // a blank line stands directly before the token after
  [[nodiscard]] bool HasComment() const { return !trailing.empty() || !own.empty(); }
};

// The gap before token `at`. REQUIRES: the tokens have no problems, so that between them there is
// nothing but space and comments.
[[nodiscard]] Gap GapBefore(const TokenList& tokens, std::uint32_t at);

}  // namespace writ::lang
