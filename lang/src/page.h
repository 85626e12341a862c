// Rows of words -> text: lines are broken where they must be, and what belongs below each other is
// aligned. Nothing in here knows the language.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "gaps.h"

namespace writ::lang {

// Cost of a break that is no break.
inline constexpr std::uint32_t kNeverBreak = std::numeric_limits<std::uint32_t>::max();

// What a column of a row is; columns of two rows are aligned where they are the same.
using Column = std::uint32_t;
inline constexpr Column kNoColumn = 0;

struct Piece {
  std::string_view text;
  std::uint32_t spaces = 1;          // before it, unless it starts a line
  std::uint32_t cost = kNeverBreak;  // of starting a line with it
  Column column = kNoColumn;         // a column starts here
  bool own_line_if_wrapped = false;  // a row that does not fit on a line breaks here first
  std::vector<OwnComment> before;    // comments on lines of their own; it starts a line after them
  std::string_view comment;          // ends the line
};

// One item of the text, on one line if it fits.
struct Row {
  std::uint32_t indent = 0;
  std::uint32_t width = 100;       // columns of its lines
  std::uint32_t continuation = 2;  // further indent of lines after the first
  std::uint64_t run = 0;           // neighbours with the same number are aligned; 0: with none
  bool blank_before = false;
  std::vector<Piece> pieces;  // comments before the first one are the row's; may be empty
  std::vector<OwnComment> comments;
};

class Page {
 public:
  void Add(Row row);
  // The text of all rows.
  std::string Finish() &&;

 private:
  struct Line {
    std::uint32_t indent = 0;
    std::string text;
    std::string_view comment;
  };

  void EndRun();
  void EndSection();
  void AddComments(const std::vector<OwnComment>& comments, std::uint32_t indent);
  void AddBlankLine();
  void AddWrapped(const Row& row);
  // For each row of the run that fits on a line, that line.
  [[nodiscard]] std::vector<std::string> Aligned() const;

  std::vector<Row> run_;
  std::vector<Line> section_;  // lines whose comments are aligned
  std::string text_;
};

// The row fits on one line, and no comment breaks it.
[[nodiscard]] bool FitsOnALine(const Row& row);

// Columns that the text takes on a screen.
[[nodiscard]] std::uint32_t TextWidth(std::string_view text);

}  // namespace writ::lang
