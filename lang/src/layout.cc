// Three questions are answered for each token from the tree alone: how much space stands before it,
// what it would cost to start a line with it, and whether a column starts with it. Which items
// stand in which row follows from the braces.
#include "layout.h"

#include <algorithm>
#include <array>
#include <utility>

namespace writ::lang {
namespace {

constexpr std::uint32_t kIndent = 2;
constexpr std::uint32_t kNoNode = UINT32_MAX;

// What starts a column. An item of a block on one line is a column of its own kind.
enum : Column { kSign = 1, kBrace, kTitle, kReason, kPart, kFirstCell = 64, kFirstItem = 256 };

// Costs of starting a line. What groups a line's parts more loosely is cheaper.
constexpr std::uint32_t kBeforeArrow = 10, kBeforePart = 10, kBeforeAndOr = 20, kAfterComma = 25,
                        kBeforeOrder = 30, kBeforeTitle = 40, kInsideBraces = 90, kAroundSign = 100,
                        kBeforeCompare = 120, kAnywhere = 200, kPerDepth = 10;

// A part that is set off by two spaces: it may be left out, and starts with this word.
struct SetOff {
  Rule rule;
  TokenKind word;
};
constexpr std::array kSetOff = {
    SetOff{Rule::kFact, TokenKind::kFrom},        SetOff{Rule::kFact, TokenKind::kMissing},
    SetOff{Rule::kFactLine, TokenKind::kMissing}, SetOff{Rule::kRole, TokenKind::kIdentity},
    SetOff{Rule::kRole, TokenKind::kReports},     SetOff{Rule::kGrant, TokenKind::kUnder},
    SetOff{Rule::kGrant, TokenKind::kExpires},
};

// Items that are read together and share a row.
struct Neighbours {
  TokenKind first;
  TokenKind second;
};
constexpr std::array kTogether = {
    Neighbours{TokenKind::kKind, TokenKind::kRisk},
    Neighbours{TokenKind::kReview, TokenKind::kExpires},
    Neighbours{TokenKind::kClass, TokenKind::kTier},
};

bool IsSign(std::string_view text) {
  return text.size() <= 2 && !(text[0] >= 'a' && text[0] <= 'z');
}

// Facts are a list of names with their types: a name, space, a colon.
bool IsFact(Rule rule) { return rule == Rule::kFact || rule == Rule::kFactLine; }

// Their braces hold a sentence, not items.
bool IsSentence(Rule rule) { return rule == Rule::kSample || rule == Rule::kExample; }

bool IsComparison(TokenKind kind) {
  return (kind >= TokenKind::kEqual && kind <= TokenKind::kGreaterEqual) ||
         kind == TokenKind::kIn || kind == TokenKind::kIs || kind == TokenKind::kMatches ||
         kind == TokenKind::kStarts;
}

// What becomes of what has decayed.
bool EndsDecay(TokenKind kind) {
  return kind == TokenKind::kFlag || kind == TokenKind::kDemote || kind == TokenKind::kExpire;
}

bool Opens(TokenKind kind) { return kind == TokenKind::kLParen || kind == TokenKind::kLBrace; }
bool Closes(TokenKind kind) { return kind == TokenKind::kRParen || kind == TokenKind::kRBrace; }

}  // namespace

// One pass over nodes and tokens, with the open nodes on a stack.
void Layout::FindOwners() {
  owners_.clear();
  std::vector<std::uint32_t> open;
  std::uint32_t next = 0;
  for (std::uint32_t at = first_; at < Node(0).end; ++at) {
    while (!open.empty() && Node(open.back()).end <= at) open.pop_back();
    for (; next < cst_->nodes.size() && Node(next).first <= at; ++next) {
      if (Node(next).end > at) open.push_back(next);
    }
    owners_.push_back(open.back());
  }
}

void Layout::Receive(const SyntaxUnit& unit) {
  cst_ = &unit.cst;
  first_ = unit.first;
  FindOwners();
  if (unit.rule == Rule::kHeader) return LayHeader();
  Lay(0, 0, 0);
}

void Layout::Finish() {
  const auto end = static_cast<std::uint32_t>(tokens_.tokens.size() - 1);
  Row row;
  row.comments = GapBefore(tokens_, end).own;
  if (!row.comments.empty()) page_.Add(std::move(row));
}

void Layout::LayHeader() {
  const Item item = Look(0);
  const auto is_item = [&](const Part& part) {
    return part.node != kNoNode && Node(part.node).rule == Rule::kHeaderItem;
  };
  const auto first = std::ranges::find_if(item.parts, is_item);
  const std::uint32_t end = first == item.parts.end() ? Node(0).end : first->first;
  AddRow(MakeRow(first_, end, 0, 0));
  for (auto part = first; part != item.parts.end(); ++part) Lay(part->node, 0, 0);
}

Layout::Item Layout::Look(std::uint32_t node) const {
  Item item;
  item.node = item.core = node;
  const auto only_child = [&](std::uint32_t parent) {
    const std::uint32_t child = parent + 1;
    return child < Node(parent).next && Node(child).first == Node(parent).first &&
           Node(child).end == Node(parent).end && Node(child).end > Node(child).first;
  };
  while (only_child(item.core)) ++item.core;
  const CstNode& core = Node(item.core);
  std::uint32_t child = item.core + 1;
  for (std::uint32_t at = core.first; at < core.end;) {
    while (child < core.next && Node(child).end <= at) child = Node(child).next;
    const bool inside = child < core.next && Node(child).first == at;
    const std::uint32_t end = inside ? Node(child).end : at + 1;
    item.parts.push_back({at, end, inside ? child : kNoNode});
    at = end;
  }
  const auto own = [&](TokenKind kind) {
    return
        [this, kind](const Part& part) { return part.node == kNoNode && Kind(part.first) == kind; };
  };
  const auto open = std::ranges::find_if(item.parts, own(TokenKind::kLBrace));
  const auto close = std::find_if(open, item.parts.end(), own(TokenKind::kRBrace));
  if (close == item.parts.end()) return item;
  item.open = open->first;
  item.close = close->first;
  item.items_inside = !IsSentence(core.rule) && std::all_of(open + 1, close, [](const Part& part) {
    return part.node != kNoNode;
  });
  return item;
}

void Layout::Lay(std::uint32_t node, std::uint32_t indent, std::uint32_t block) {
  const Item item = Look(node);
  const CstNode& whole = Node(node);
  // Rows below each other are aligned if they are of one kind: declarations by what they declare,
  // items without braces of their own with all others of their block.
  const bool by_rule = whole.rule == Rule::kDeclaration || item.HasBraces();
  const auto rule = static_cast<std::uint64_t>(by_rule ? Node(item.core).rule : whole.rule);
  const std::uint64_t run = (std::uint64_t{block} << 16) + (by_rule ? 256 : 0) + rule + 1;
  Row row = MakeRow(whole.first, whole.end, indent, run);
  MarkColumns(item, whole.first, row.pieces);
  if (whole.rule == Rule::kLookupRow) MarkCells(whole, row.pieces);
  if (!item.HasBraces()) return AddRow(std::move(row));
  if (StaysOnALine(item)) {
    row.width = options_.one_line_width;
    MarkItemsOnALine(item, whole.first, row.pieces);
    if (FitsOnALine(row)) return AddRow(std::move(row));
  }
  LayBlock(item, indent);
}

// The head with the opening brace, what is inside, and the closing brace.
void Layout::LayBlock(const Item& item, std::uint32_t indent) {
  const CstNode& whole = Node(item.node);
  Row head = MakeRow(whole.first, item.open + 1, indent, 0);
  MarkColumns(item, whole.first, head.pieces);
  AddRow(std::move(head));
  nothing_before_ = true;
  if (item.items_inside) {
    LayItems(item, indent + kIndent);
  } else if (item.close > item.open + 1) {
    Row inside = MakeRow(item.open + 1, item.close, indent + kIndent, 0);
    if (Node(item.core).rule == Rule::kSample) inside.continuation = 0;  // nothing but a list
    AddRow(std::move(inside));
  }
  Close(item, indent);
}

void Layout::LayItems(const Item& item, std::uint32_t indent) {
  for (std::size_t i = 0; i < item.parts.size(); ++i) {
    const Part& part = item.parts[i];
    if (part.first <= item.open || part.first >= item.close) continue;
    const bool has_next = item.parts[i + 1].node != kNoNode;
    if (has_next && GoTogether(part.node, item.parts[i + 1].node)) {
      const Part& next = item.parts[i + 1];
      Row row = MakeRow(part.first, next.end, indent, 0);
      row.pieces[next.first - part.first].spaces = 2;
      if (FitsOnALine(row)) {
        AddRow(std::move(row));
        ++i;
        continue;
      }
    }
    Lay(part.node, indent, item.open);
  }
}

void Layout::Close(const Item& item, std::uint32_t indent) {
  Row comments;
  comments.indent = indent + kIndent;
  comments.comments = GapBefore(tokens_, item.close).own;
  if (!comments.comments.empty()) {
    if (nothing_before_) comments.comments.front().blank_before = false;
    page_.Add(std::move(comments));
  }
  Row row = MakeRow(item.close, Node(item.node).end, indent, 0);
  row.comments.clear();
  row.blank_before = false;
  AddRow(std::move(row));
}

Row Layout::MakeRow(std::uint32_t first, std::uint32_t end, std::uint32_t indent,
                    std::uint64_t run) {
  Row row;
  row.indent = indent;
  row.width = options_.width;
  row.run = run;
  Gap before = GapBefore(tokens_, first);
  row.blank_before = before.blank_before;
  row.comments = std::move(before.own);
  std::uint32_t depth = 0;
  for (std::uint32_t at = first; at < end; ++at) {
    Piece piece;
    piece.text = tokens_.TextOf(tokens_.tokens[at]);
    if (Closes(Kind(at)) && depth > 0) --depth;
    if (at > first) {
      piece.spaces = Spaces(at);
      piece.cost = piece.spaces == 0 ? kNeverBreak : Cost(at, depth);
      piece.before = std::move(before.own);
      for (OwnComment& comment : piece.before) comment.blank_before = false;
    }
    if (Opens(Kind(at))) ++depth;
    before = GapBefore(tokens_, at + 1);
    piece.comment = before.trailing;
    row.pieces.push_back(std::move(piece));
  }
  return row;
}

void Layout::AddRow(Row row) {
  // No blank line at the edge of a block.
  if (nothing_before_ && !row.comments.empty()) row.comments.front().blank_before = false;
  if (nothing_before_ && row.comments.empty()) row.blank_before = false;
  nothing_before_ = false;
  page_.Add(std::move(row));
}

// Columns of the parts in front of the braces, and of a reason at the end.
void Layout::MarkColumns(const Item& item, std::uint32_t first, std::vector<Piece>& pieces) const {
  for (std::size_t i = 1; i < item.parts.size(); ++i) {
    const Part& part = item.parts[i];
    if (item.HasBraces() && part.first > item.open) return;
    if (part.first - first < pieces.size()) MarkPart(item, i, first, pieces[part.first - first]);
  }
}

void Layout::MarkPart(const Item& item, std::size_t index, std::uint32_t first,
                      Piece& piece) const {
  const Part& part = item.parts[index];
  const Part& before = item.parts[index - 1];
  const Rule rule = Node(item.core).rule;
  const bool own = part.node == kNoNode;
  const TokenKind kind = Kind(part.first);
  if (own && kind == TokenKind::kString) {
    if (Kind(before.first) == TokenKind::kComma) return;  // one of a list
    if (before.node == kNoNode && IsKeyword(before.first) && rule != Rule::kDecay) return;
    const bool model = rule == Rule::kModelsItem && Kind(first) == TokenKind::kClass;
    const bool reason = !model && index + 1 == item.parts.size();
    piece.column = reason ? kReason : kTitle;
    piece.spaces = reason ? 2 : 1;
    piece.cost = kBeforeTitle;
    piece.own_line_if_wrapped = reason;
    return;
  }
  if (own && kind == TokenKind::kLBrace) {
    piece.column = kBrace;
    piece.cost = kNeverBreak;
    return;
  }
  // Declarations, and items that start with a name rather than a word of the language.
  const bool of_names = Node(item.node).rule == Rule::kDeclaration || !IsKeyword(first);
  if (!of_names) {
    if (kind == TokenKind::kTo && Kind(first) == TokenKind::kFrom) piece.spaces = 2;
    if (own && EndsDecay(kind)) {
      piece.spaces = 2;
      piece.column = kPart;
    }
    return;
  }
  const auto is_colon = [&](const Part& p) {
    return p.node == kNoNode && Kind(p.first) == TokenKind::kColon;
  };
  if ((rule == Rule::kNeed || rule == Rule::kTransition) && index == 1) {
    piece.column = kSign;  // `needs` below `needs`, `->` below `->`
  } else if ((own && kind == TokenKind::kEqual) ||
             (IsFact(rule) ? is_colon(part) : is_colon(before))) {
    piece.column = kSign;
  } else if (IsKeywordPart(part) && !IsKeywordPart(before) && index > 1) {
    piece.column = kPart;
    piece.cost = kBeforePart + static_cast<std::uint32_t>(index);  // the first of several
  } else if (IsNamePart(part) && IsNamePart(before) && rule != Rule::kSandboxItem) {
    piece.column = kPart;
  }
  for (const SetOff& set_off : kSetOff) {
    if (set_off.rule == rule && set_off.word == kind && IsKeywordPart(part)) piece.spaces = 2;
  }
}

// The cells of a table stand below each other, and its head above them: it has no key, so nothing
// stands where the keys do.
void Layout::MarkCells(const CstNode& row, std::vector<Piece>& pieces) const {
  bool has_key = false;
  Column next = kFirstCell;
  for (std::uint32_t at = row.first + 1; at < row.end; ++at) {
    Piece& piece = pieces[at - row.first];
    const TokenKind before = Kind(at - 1);
    if (before == TokenKind::kColon) {
      has_key = true;
      piece.column = kSign;
    } else if (before == TokenKind::kComma && next + 1 < kFirstItem) {
      piece.column = next++;
    }
  }
  if (has_key) return;
  pieces.front().column = kSign;
  pieces.front().spaces = 1;
  pieces.insert(pieces.begin(), Piece{});
}

void Layout::MarkItemsOnALine(const Item& item, std::uint32_t first,
                              std::vector<Piece>& pieces) const {
  if (!item.items_inside) return;
  for (const Part& part : item.parts) {
    if (part.first <= item.open || part.first >= item.close) continue;
    Piece& piece = pieces[part.first - first];
    piece.column = kFirstItem + static_cast<Column>(Kind(part.first));
    if (part.first > item.open + 1) piece.spaces = 2;
  }
}

// An empty block, or one that its author wrote on one line; other blocks inside it never do.
bool Layout::StaysOnALine(const Item& item) const {
  if (item.close == item.open + 1) return true;
  for (const Part& part : item.parts) {
    const bool inside = item.items_inside && part.node != kNoNode && part.first > item.open;
    if (inside && Look(part.node).HasBraces()) return false;
  }
  const std::uint32_t begin = tokens_.tokens[item.open].begin;
  const std::uint32_t end = tokens_.tokens[item.close].end;
  return tokens_.text.substr(begin, end - begin).find('\n') == std::string_view::npos;
}

bool Layout::GoTogether(std::uint32_t node, std::uint32_t next) const {
  const bool pair = std::ranges::any_of(kTogether, [&](const Neighbours& p) {
    return p.first == Kind(Node(node).first) && p.second == Kind(Node(next).first);
  });
  const Gap between = GapBefore(tokens_, Node(next).first);
  return pair && !between.HasComment() && !between.blank_before;
}

std::uint32_t Layout::Spaces(std::uint32_t at) const {
  const TokenKind kind = Kind(at);
  const TokenKind before = Kind(at - 1);
  switch (kind) {
    case TokenKind::kComma:
    case TokenKind::kRParen:
    case TokenKind::kRange:
      return 0;
    case TokenKind::kColon:
      return IsFact(Owner(at)) ? 1 : 0;
    case TokenKind::kLParen: {
      // A call or a parameter; after a keyword or a sign it groups.
      const Rule rule = Owner(at - 1);
      return rule == Rule::kWord || rule == Rule::kName || before == TokenKind::kLParen ? 0 : 1;
    }
    case TokenKind::kRBrace:
      return before == TokenKind::kLBrace ? 0 : 1;
    default:
      break;
  }
  const bool sign_of_number = before == TokenKind::kMinus && Owner(at - 1) != Rule::kSum;
  // `- -1` is not `--1`, which nobody can read.
  if (sign_of_number) return kind == TokenKind::kMinus ? 1 : 0;
  return before == TokenKind::kLParen || before == TokenKind::kRange ? 0 : 1;
}

std::uint32_t Layout::Cost(std::uint32_t at, std::uint32_t depth) const {
  const TokenKind kind = Kind(at);
  const TokenKind before = Kind(at - 1);
  const std::uint32_t deep = kPerDepth * std::min(depth, 100U);
  if (before == TokenKind::kComma) return kAfterComma + deep;
  switch (kind) {
    case TokenKind::kLBrace:
    case TokenKind::kColon:
      return kNeverBreak;
    case TokenKind::kArrow:
      return kBeforeArrow;
    case TokenKind::kAnd:
    case TokenKind::kOr:
      return kBeforeAndOr + deep;
    case TokenKind::kLess:
      if (Owner(at) == Rule::kEnumeration) return kBeforeOrder + deep;
      break;
    case TokenKind::kPlus:
    case TokenKind::kStar:
    case TokenKind::kMinus:
      return kAroundSign + deep;
    default:
      break;
  }
  if (kind == TokenKind::kEqual && Owner(at) != Rule::kCompare) return kNeverBreak;
  // A value stands with its name.
  if (before == TokenKind::kColon && !IsFact(Owner(at - 1))) return kNeverBreak;
  if (IsComparison(kind)) return kBeforeCompare + deep;
  if (before == TokenKind::kEqual || before == TokenKind::kColon) return kAroundSign + deep;
  if (before == TokenKind::kLBrace || kind == TokenKind::kRBrace) return kInsideBraces + deep;
  return kAnywhere + deep;
}

// A word of the language that stands for itself, not for a name.
bool Layout::IsKeyword(std::uint32_t at) const {
  const std::string_view spelling = Spelling(Kind(at));
  return !spelling.empty() && !IsSign(spelling) && Owner(at) != Rule::kWord;
}

bool Layout::IsKeywordPart(const Part& part) const {
  if (!IsKeyword(part.first)) return false;
  if (part.node != kNoNode && Node(part.node).rule == Rule::kClaim) return false;  // a sentence
  return part.node == kNoNode || owners_[part.first - first_] == part.node;
}

bool Layout::IsNamePart(const Part& part) const {
  if (part.node == kNoNode) return false;
  const Rule rule = Node(part.node).rule;
  return rule == Rule::kWord || rule == Rule::kName || rule == Rule::kNames;
}

}  // namespace writ::lang
