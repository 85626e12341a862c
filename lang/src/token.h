// Tokens: what the lexer makes of a text, and what the grammar is written over.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "writ/lang/ast.h"
#include "writ/lang/diagnostic.h"

namespace writ::lang {

// The values are the token types of the grammar; the end of the text has no type there.
enum class TokenKind : std::uint8_t {
  kEnd = 0,
#define WRIT_TOKEN(enumerator, grammar_name, spelling) enumerator,
#include "token_kind.def"
#undef WRIT_TOKEN
};

// The spelling of a sign or keyword; empty for tokens with a text of their own.
std::string_view Spelling(TokenKind kind);
// The keyword that is spelled like this; kLater for a word of `later.def`, kWord for any other.
TokenKind KeywordKind(std::string_view word);
// All keywords, in no particular order: candidates for "did you mean".
std::vector<std::string_view> Keywords();

struct Token {
  TokenKind kind = TokenKind::kEnd;
  bool starts_line = false;  // nothing but space before it on its line
  bool at_margin = false;    // not even space
  std::uint32_t begin = 0;   // bytes
  std::uint32_t end = 0;
};

// A mistake found while reading token `token_index`. It is held back until the parser knows whether
// the token is part of a construct that is skipped.
struct TokenProblem {
  std::uint32_t token_index = 0;
  Diagnostic diagnostic;
};

// The tokens of one file. INVARIANT: the last one, and only it, is kEnd.
struct TokenList {
  std::uint32_t file = 0;
  std::string_view text;
  std::vector<Token> tokens;
  std::vector<TokenProblem> problems;

  [[nodiscard]] std::string_view TextOf(const Token& token) const {
    return text.substr(token.begin, token.end - token.begin);
  }
  [[nodiscard]] Span SpanOf(const Token& token) const { return {file, token.begin, token.end}; }
  [[nodiscard]] Span SpanOf(std::uint32_t first, std::uint32_t last) const {
    return {file, tokens[first].begin, tokens[last].end};
  }
};

}  // namespace writ::lang
