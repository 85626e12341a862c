// Where to go on after a mistake.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cst.h"
#include "token.h"

namespace writ::lang {

// A rule that is being parsed.
struct Frame {
  Rule rule{};
  std::uint32_t first = 0;  // token
};

// Rules with a list of items between braces. An error in an item costs that item.
bool IsContainer(Rule rule);

class Recovery {
 public:
  explicit Recovery(const TokenList& tokens);

  // The token from which the innermost container of `stack` (outermost rule first) can go on: the
  // next of its items, the brace that closes it, or what can only stand after it. Never before
  // `at`.
  [[nodiscard]] std::uint32_t ResumeInside(std::span<const Frame> stack, std::uint32_t at) const;
  // The next token from `at` on that starts a policy or declaration, or the end.
  [[nodiscard]] std::uint32_t NextUnit(std::uint32_t at) const;
  // A keyword that starts a policy or a declaration, or a word for later that will.
  [[nodiscard]] bool StartsUnit(std::uint32_t at) const;
  // A keyword that starts something inside a delegation and nothing at the top of a file.
  [[nodiscard]] bool StartsDelegationItem(std::uint32_t at) const;

  // What stands at `at` cannot be inside of the container: its closing brace is missing.
  [[nodiscard]] bool CanOnlyFollow(Rule container, std::uint32_t at) const;

  // The last frame that is a container whose opening brace lies before `at`, or nullptr.
  [[nodiscard]] const Frame* Container(std::span<const Frame> stack, std::uint32_t at) const;
  // The brace that opens the container; of a `rest`, the token before it.
  [[nodiscard]] std::uint32_t OpeningBrace(const Frame& container) const;

 private:
  [[nodiscard]] TokenKind Kind(std::uint32_t at) const { return tokens_.tokens[at].kind; }
  [[nodiscard]] bool StartsHeadItem(std::uint32_t at) const;
  // A misspelt declaration at the margin.
  [[nodiscard]] bool LooksLikeUnit(std::uint32_t at) const;
  [[nodiscard]] bool StartsItem(Rule container, std::uint32_t at) const;
  // A declaration that starts at the margin: the braces before it were never closed.
  [[nodiscard]] bool LeavesContainer(std::uint32_t at) const;

  const TokenList& tokens_;
  std::vector<std::uint32_t> depth_;  // open braces before each token
};

}  // namespace writ::lang
