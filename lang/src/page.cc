// A run of rows is aligned column by column, from the left, as far as all its rows agree on what
// the columns are. A column stands as far right as its widest row asks for; a row that would push
// others over the margin stands out instead. Comments at the ends of lines are one more column,
// over all lines between two blank lines.
#include "page.h"

#include <algorithm>
#include <utility>

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Unicode.h"
#include "wrap.h"

namespace writ::lang {
namespace {

constexpr std::uint32_t kBeforeComment = 2;
constexpr std::uint32_t kCommentWidth = 120;  // comments are aligned up to here

// A row of a run at a column: what stands before it, and what it needs from there on.
struct Room {
  std::uint32_t before = 0;
  std::uint32_t rest = 0;
};

// Where the column starts: the furthest place at which each row that is not wider stays within the
// margin. Rows that cannot stay within it anyway are not asked.
std::uint32_t ColumnStart(std::vector<Room> needs, std::uint32_t width) {
  std::ranges::sort(needs, {}, &Room::before);
  std::uint32_t start = 0;
  std::uint32_t rest = 0;
  for (const Room& need : needs) {
    if (need.before + need.rest > width) continue;
    rest = std::max(rest, need.rest);
    if (need.before + rest <= width) start = need.before;
  }
  return start;
}

struct Cell {
  Column column = kNoColumn;
  std::uint32_t spaces = 0;
  std::uint32_t width = 0;
  std::string text;
};

// A row that is laid on one line, while it is being filled from the left.
struct OpenLine {
  std::vector<Cell> cells;
  std::string text;
  std::uint32_t used = 0;

  [[nodiscard]] std::uint32_t Rest(std::size_t column) const {
    std::uint32_t rest = 0;
    for (std::size_t i = column; i < cells.size(); ++i) rest += cells[i].spaces + cells[i].width;
    return rest;
  }
  void Append(const Cell& cell, std::uint32_t padding) {
    text.append(padding + cell.spaces, ' ');
    text += cell.text;
    used += padding + cell.spaces + cell.width;
  }
};

OpenLine Open(const Row& row) {
  OpenLine line;
  for (const Piece& piece : row.pieces) {
    const bool starts = line.cells.empty() || piece.column != kNoColumn;
    if (starts) line.cells.push_back({piece.column, piece.spaces, 0, {}});
    Cell& cell = line.cells.back();
    if (!starts) {
      cell.text.append(piece.spaces, ' ');
      cell.width += piece.spaces;
    }
    cell.text += piece.text;
    cell.width += TextWidth(piece.text);
  }
  line.cells.front().spaces = 0;
  line.used = row.indent;
  line.Append(line.cells.front(), 0);
  return line;
}

// Whether all lines that have this column have the same one; false if none has it.
bool Agree(const std::vector<OpenLine>& lines, std::size_t column) {
  const Cell* first = nullptr;
  for (const OpenLine& line : lines) {
    if (line.cells.size() <= column) continue;
    if (first == nullptr) first = &line.cells[column];
    if (line.cells[column].column != first->column) return false;
  }
  return first != nullptr;
}

void FillColumn(std::vector<OpenLine>& lines, std::size_t column, std::uint32_t width) {
  std::vector<Room> needs;
  for (const OpenLine& line : lines) {
    if (line.cells.size() > column) needs.push_back({line.used, line.Rest(column)});
  }
  const std::uint32_t start = ColumnStart(std::move(needs), width);
  for (OpenLine& line : lines) {
    if (line.cells.size() <= column) continue;
    line.Append(line.cells[column], start > line.used ? start - line.used : 0);
  }
}

}  // namespace

std::uint32_t TextWidth(std::string_view text) {
  const int width = llvm::sys::unicode::columnWidthUTF8(llvm::StringRef(text));
  // Tabs and the like have no width of their own.
  return static_cast<std::uint32_t>(width < 0 ? static_cast<int>(text.size()) : width);
}

bool FitsOnALine(const Row& row) {
  std::uint64_t used = row.indent;
  for (std::size_t i = 0; i < row.pieces.size(); ++i) {
    const Piece& piece = row.pieces[i];
    if (i > 0) used += piece.spaces;
    used += TextWidth(piece.text);
    const bool last = i + 1 == row.pieces.size();
    if (used > row.width || (i > 0 && !piece.before.empty()) || (!last && !piece.comment.empty()))
      return false;
  }
  return true;
}

void Page::Add(Row row) {
  const bool goes_on = !run_.empty() && row.run != 0 && row.run == run_.back().run &&
                       row.comments.empty() && !row.blank_before;
  if (!goes_on) EndRun();
  run_.push_back(std::move(row));
}

void Page::EndRun() {
  if (run_.empty()) return;
  const Row& first = run_.front();
  if (!first.comments.empty()) {
    AddComments(first.comments, first.indent);
  }
  if (first.blank_before) AddBlankLine();
  if (!section_.empty() && section_.back().indent != first.indent) EndSection();
  std::vector<std::string> aligned = Aligned();
  auto next = aligned.begin();
  for (const Row& row : run_) {
    if (row.pieces.empty()) continue;
    if (FitsOnALine(row)) {
      section_.push_back({row.indent, std::move(*next++), row.pieces.back().comment});
    } else {
      AddWrapped(row);
    }
  }
  run_.clear();
}

std::vector<std::string> Page::Aligned() const {
  std::vector<OpenLine> lines;
  for (const Row& row : run_) {
    if (!row.pieces.empty() && FitsOnALine(row)) lines.push_back(Open(row));
  }
  std::size_t column = 1;
  for (; Agree(lines, column); ++column) FillColumn(lines, column, run_.front().width);
  std::vector<std::string> texts;
  for (OpenLine& line : lines) {
    for (std::size_t i = column; i < line.cells.size(); ++i) line.Append(line.cells[i], 0);
    texts.push_back(std::move(line.text));
  }
  return texts;
}

void Page::AddWrapped(const Row& row) {
  std::vector<std::size_t> breaks = BestBreaks(row.pieces, row.indent, row.continuation, row.width);
  breaks.push_back(row.pieces.size());
  std::size_t at = 0;
  for (const std::size_t end : breaks) {
    if (at > 0) AddComments(row.pieces[at].before, row.indent + row.continuation);
    Line line{row.indent, {}, {}};
    if (at > 0) line.text.append(row.continuation, ' ');
    for (std::size_t i = at; i < end; ++i) {
      if (i > at) line.text.append(row.pieces[i].spaces, ' ');
      line.text += row.pieces[i].text;
    }
    line.comment = row.pieces[end - 1].comment;
    section_.push_back(std::move(line));
    at = end;
  }
}

void Page::AddBlankLine() {
  EndSection();
  if (!text_.empty()) text_ += '\n';
}

void Page::AddComments(const std::vector<OwnComment>& comments, std::uint32_t indent) {
  if (comments.empty()) return;
  EndSection();
  for (const OwnComment& comment : comments) {
    if (comment.blank_before) AddBlankLine();
    text_.append(indent, ' ');
    text_ += comment.text;
    text_ += '\n';
  }
}

void Page::EndSection() {
  std::vector<Room> needs;
  for (const Line& line : section_) {
    if (line.comment.empty()) continue;
    needs.push_back({line.indent + TextWidth(line.text), kBeforeComment + TextWidth(line.comment)});
  }
  const std::uint32_t start = ColumnStart(std::move(needs), kCommentWidth);
  for (const Line& line : section_) {
    text_.append(line.indent, ' ');
    text_ += line.text;
    if (!line.comment.empty()) {
      const std::uint32_t used = line.indent + TextWidth(line.text);
      text_.append((start > used ? start - used : 0) + kBeforeComment, ' ');
      text_ += line.comment;
    }
    text_ += '\n';
  }
  section_.clear();
}

std::string Page::Finish() && {
  EndRun();
  EndSection();
  return std::move(text_);
}

}  // namespace writ::lang
