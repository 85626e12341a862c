// Sixty thousand open parentheses overflow the stack of a recursive parser, so they must not reach
// it. One pass over the tokens counts parentheses and the `not`s and minus signs in front of an
// operand, each of which is a level of the tree; what is too deep is cut out down to its closing
// parenthesis.
#include "nesting.h"

#include <string>
#include <utility>
#include <vector>

namespace writ::lang {
namespace {

bool IsPrefix(TokenKind kind) { return kind == TokenKind::kNot || kind == TokenKind::kMinus; }

// The token after the parentheses that `open` opens; at a brace or the end at the latest.
std::size_t AfterParentheses(const std::vector<Token>& tokens, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t i = open;; ++i) {
    switch (tokens[i].kind) {
      case TokenKind::kLParen:
        ++depth;
        break;
      case TokenKind::kRParen:
        if (--depth == 0) return i + 1;
        break;
      case TokenKind::kLBrace:
      case TokenKind::kRBrace:
      case TokenKind::kEnd:
        return i;
      default:
        break;
    }
  }
}

}  // namespace

void LimitNesting(TokenList& list, std::uint32_t max_depth) {
  std::vector<Token> kept;
  std::vector<TokenProblem> problems;
  std::size_t next_problem = 0;
  std::uint32_t depth = 0;
  std::uint32_t run = 0;  // prefixes just before
  bool cut_any = false;
  const std::vector<Token>& tokens = list.tokens;
  for (std::size_t i = 0; i < tokens.size();) {
    const Token& token = tokens[i];
    run = IsPrefix(token.kind) ? run + 1 : 0;
    const bool too_deep =
        (token.kind == TokenKind::kLParen && depth + 1 > max_depth) || run >= max_depth;
    const std::size_t end = !too_deep ? i + 1 : run > 0 ? i + 1 : AfterParentheses(tokens, i);
    for (; next_problem < list.problems.size() && list.problems[next_problem].token_index < end;
         ++next_problem) {
      problems.push_back(std::move(list.problems[next_problem]));
      problems.back().token_index = static_cast<std::uint32_t>(kept.size());
    }
    if (!too_deep) {
      if (token.kind == TokenKind::kLParen) ++depth;
      if (token.kind == TokenKind::kRParen && depth > 0) --depth;
      if (token.kind == TokenKind::kLBrace || token.kind == TokenKind::kRBrace) depth = 0;
      kept.push_back(token);
    } else if (run == 0 || run == max_depth) {
      cut_any = true;
      problems.push_back(
          {static_cast<std::uint32_t>(kept.size()),
           Diagnostic{DiagnosticKind::kTooDeep, list.SpanOf(token),
                      "more than " + std::to_string(max_depth) + " levels are nested here"}
               .Hint("give the inner parts names with `let`")});
      // A prefix is dropped and its operand stays; parentheses leave something in their place.
      if (run == 0)
        kept.push_back(
            {TokenKind::kBroken, token.starts_line, token.at_margin, token.begin, token.end});
    }
    i = end;
  }
  for (; next_problem < list.problems.size(); ++next_problem) {
    problems.push_back(std::move(list.problems[next_problem]));
    problems.back().token_index = static_cast<std::uint32_t>(kept.size() - 1);
  }
  list.problems = std::move(problems);
  if (cut_any) list.tokens = std::move(kept);
}

}  // namespace writ::lang
