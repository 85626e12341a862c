// The concrete syntax tree: which rule of the grammar covers which tokens. It is what ANTLR hands
// over the fence of `antlr_parser.cc`; nothing in here knows ANTLR, and nothing outside the builder
// sees it.
//
// The tree is flat, in the order of the text: a node is followed by its subtree, and `next` is the
// index after that. A word of the text is in the node that covers it and in none of that node's
// children.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "token.h"

namespace writ::lang {

enum class Rule : std::uint8_t {
#define WRIT_RULE(name, phrase) k##name,
#include "rule.def"
#undef WRIT_RULE
};

// What stands where the rule is expected, in words; may be empty.
std::string_view Phrase(Rule rule);

struct CstNode {
  Rule rule{};
  std::uint32_t first = 0;  // token
  std::uint32_t end = 0;    // token after the last; == first where nothing was matched
  std::uint32_t next = 0;   // node after the subtree
  bool broken = false;      // a mistake is in here: the shape is not the grammar's
};

struct Cst {
  std::vector<CstNode> nodes;
};

// Reads the direct children of one node, tokens and nodes, from left to right.
// REQUIRES (of every Take): the node is not broken, so that the grammar's shape is guaranteed.
class CstReader {
 public:
  CstReader(const TokenList& tokens, const Cst& cst, std::uint32_t node)
      : tokens_(&tokens),
        cst_(&cst),
        node_(node),
        token_(cst.nodes[node].first),
        child_(node + 1) {}

  [[nodiscard]] const CstNode& node() const { return cst_->nodes[node_]; }
  [[nodiscard]] bool AtEnd() const { return token_ >= node().end; }
  [[nodiscard]] bool At(Rule rule) const {
    return HasChild() && cst_->nodes[child_].first == token_ && cst_->nodes[child_].rule == rule;
  }
  // The next token, if it belongs to this node itself.
  [[nodiscard]] bool At(TokenKind kind) const {
    return !AtEnd() && !AtChild() && tokens_->tokens[token_].kind == kind;
  }
  [[nodiscard]] TokenKind Kind() const {
    return AtEnd() || AtChild() ? TokenKind::kEnd : tokens_->tokens[token_].kind;
  }
  // The rule of the next child, if one is next.
  [[nodiscard]] std::optional<Rule> ChildRule() const {
    if (!AtChild()) return std::nullopt;
    return cst_->nodes[child_].rule;
  }

  // Steps over the next token and says which; steps over a child as well.
  std::uint32_t TakeToken() { return token_++; }
  bool Eat(TokenKind kind) {
    if (!At(kind)) return false;
    ++token_;
    return true;
  }
  CstReader TakeChild() {
    const std::uint32_t child = child_;
    token_ = cst_->nodes[child].end;
    child_ = cst_->nodes[child].next;
    return {*tokens_, *cst_, child};
  }
  // The child, if the next thing is one of this rule.
  std::optional<CstReader> Take(Rule rule) {
    if (!At(rule)) return std::nullopt;
    return TakeChild();
  }

  [[nodiscard]] Span span() const {
    const CstNode& n = node();
    if (n.end == n.first) return tokens_->SpanOf(tokens_->tokens[n.first]);
    return tokens_->SpanOf(n.first, n.end - 1);
  }

 private:
  [[nodiscard]] bool HasChild() const { return child_ < node().next; }
  [[nodiscard]] bool AtChild() const { return HasChild() && cst_->nodes[child_].first == token_; }

  const TokenList* tokens_;
  const Cst* cst_;
  std::uint32_t node_;
  std::uint32_t token_;
  std::uint32_t child_;
};

}  // namespace writ::lang
