// Concrete syntax tree -> rows of a page.
#pragma once

#include <cstdint>
#include <vector>

#include "page.h"
#include "syntax.h"
#include "token.h"
#include "writ/lang/format.h"

namespace writ::lang {

// Lays out the units of a file one after another, generically: what stands in the braces of a node
// are its items, one a row. A new declaration needs no line here; the tables in `layout.cc` are for
// what reads better otherwise.
class Layout final : public UnitReceiver {
 public:
  // REQUIRES: `tokens` have no problems.
  Layout(const TokenList& tokens, const FormatOptions& options, Page& page)
      : tokens_(tokens), options_(options), page_(page) {}

  void Receive(const SyntaxUnit& unit) override;
  // What stands after the last unit.
  void Finish();

 private:
  // A part of a node from left to right: a token of its own, or a child.
  struct Part {
    std::uint32_t first = 0;  // token
    std::uint32_t end = 0;
    std::uint32_t node = 0;  // the child; kNoNode for a token
  };
  // A node with its own braces, if it has any, where its items are.
  struct Item {
    std::uint32_t node = 0;
    std::uint32_t core = 0;   // the first node below it that is not its only child
    std::vector<Part> parts;  // of the core
    std::uint32_t open = 0;   // tokens; equal where there are no braces
    std::uint32_t close = 0;
    bool items_inside = false;  // between the braces are children only
    [[nodiscard]] bool HasBraces() const { return close > open; }
  };

  void FindOwners();
  [[nodiscard]] Item Look(std::uint32_t node) const;
  void Lay(std::uint32_t node, std::uint32_t indent, std::uint32_t block);
  void LayHeader();
  void LayBlock(const Item& item, std::uint32_t indent);
  void LayItems(const Item& item, std::uint32_t indent);
  void Close(const Item& item, std::uint32_t indent);

  // Tokens [first, end) as one row, with what stands before it.
  [[nodiscard]] Row MakeRow(std::uint32_t first, std::uint32_t end, std::uint32_t indent,
                            std::uint64_t run);
  void AddRow(Row row);
  void MarkColumns(const Item& item, std::uint32_t first, std::vector<Piece>& pieces) const;
  void MarkPart(const Item& item, std::size_t part, std::uint32_t first, Piece& piece) const;
  void MarkCells(const CstNode& row, std::vector<Piece>& pieces) const;
  void MarkItemsOnALine(const Item& item, std::uint32_t first, std::vector<Piece>& pieces) const;
  [[nodiscard]] bool StaysOnALine(const Item& item) const;
  [[nodiscard]] bool GoTogether(std::uint32_t node, std::uint32_t next) const;

  [[nodiscard]] std::uint32_t Spaces(std::uint32_t at) const;
  [[nodiscard]] std::uint32_t Cost(std::uint32_t at, std::uint32_t depth) const;
  [[nodiscard]] bool IsKeyword(std::uint32_t at) const;
  [[nodiscard]] bool IsKeywordPart(const Part& part) const;
  [[nodiscard]] bool IsNamePart(const Part& part) const;

  [[nodiscard]] TokenKind Kind(std::uint32_t at) const { return tokens_.tokens[at].kind; }
  [[nodiscard]] const CstNode& Node(std::uint32_t node) const { return cst_->nodes[node]; }
  [[nodiscard]] Rule Owner(std::uint32_t at) const { return Node(owners_[at - first_]).rule; }

  const TokenList& tokens_;
  const FormatOptions& options_;
  Page& page_;
  const Cst* cst_ = nullptr;
  std::uint32_t first_ = 0;            // token of the unit
  std::vector<std::uint32_t> owners_;  // of each token of the unit: the innermost node
  bool nothing_before_ = true;         // in this block: a blank line would stand at its edge
};

}  // namespace writ::lang
