// A handbook as Markdown. Pictures are said in words: their lines stand in the tables beside them.
#include <fmt/format.h>

#include <algorithm>

#include "handbook.h"
#include "html.h"
#include "markdown.h"
#include "table_sections.h"

namespace writ::cli {
namespace {

std::string PieceMarkdown(const Piece& piece) {
  std::string text;
  switch (piece.look) {
    case Look::kPlain:
      text = MarkdownText(piece.text);
      break;
    case Look::kSoft:
      // Marks around spaces are no marks.
      text = MarkdownText(piece.text);
      break;
    case Look::kStrong:
    case Look::kBadge: {
      const std::size_t first = std::min(piece.text.find_first_not_of(' '), piece.text.size());
      const std::size_t last = piece.text.find_last_not_of(' ') + 1;
      if (last <= first) return {};
      text = piece.text.substr(0, first) + "**" +
             MarkdownText(piece.text.substr(first, last - first)) + "**" + piece.text.substr(last);
      break;
    }
    case Look::kCode:
      text = MarkdownCode(piece.text);
      break;
  }
  return piece.to.empty() ? text : fmt::format("[{}](#{})", text, piece.to);
}

std::string LineMarkdown(const Line& line) {
  std::string text;
  for (const Piece& piece : line) text += PieceMarkdown(piece);
  return text;
}

struct MarkdownPrinter {
  std::string& text;

  void Title(const std::string& title) {
    if (!title.empty()) text += fmt::format("### {}\n\n", MarkdownText(title));
  }
  void operator()(const Line& line) { text += LineMarkdown(line) + "\n\n"; }
  void operator()(const Grid& grid) {
    Title(grid.title);
    std::string rule = "|";
    text += "|";
    for (const std::string& head : grid.head) {
      text += " " + MarkdownText(head) + " |";
      rule += "---|";
    }
    text += "\n" + rule + "\n";
    for (const auto& row : grid.rows) {
      text += "|";
      for (const Line& cell : row) {
        const std::string said = LineMarkdown(cell);
        text += " " + (said.empty() ? std::string("\u2013") : said) + " |";
      }
      text += "\n";
    }
    text += "\n";
  }
  void operator()(const Items& items) {
    Title(items.title);
    for (const Line& line : items.lines) text += "- " + LineMarkdown(line) + "\n";
    text += "\n";
  }
  void operator()(const Figure& figure) {
    Title(figure.title);
    for (const GraphEdge& edge : figure.graph.edges) {
      const auto name = [&](std::size_t node) {
        return MarkdownText(figure.graph.nodes[node].lines.front());
      };
      text += fmt::format("- {} {} {}{}\n", name(edge.from), edge.arrow ? "→" : "above",
                          name(edge.to), edge.label.empty() ? "" : ": " + MarkdownText(edge.label));
    }
    text += "\n" + MarkdownText(figure.caption) + "\n\n";
  }
  void operator()(const Timeline& timeline) {
    for (const Stretch& stretch : timeline.stretches) {
      text += fmt::format("- {}, from {}: {}\n", LineMarkdown(stretch.name), DayText(stretch.from),
                          MarkdownText(stretch.said));
    }
    text += "\n";
  }
};

}  // namespace

std::string HandbookMarkdown(const Handbook& book) {
  std::string text =
      fmt::format("# {}\n\n{}\n\n", MarkdownText(book.title), MarkdownText(book.subtitle));
  for (const Line& fact : book.facts) text += "- " + LineMarkdown(fact) + "\n";
  text += "\n";
  for (const Part& part : book.parts)
    text += fmt::format("- [{}](#{})\n", MarkdownText(part.title), part.id);
  for (const Part& part : book.parts) {
    text += fmt::format("\n<a id=\"{}\"></a>\n\n## {}\n\n", part.id, MarkdownText(part.title));
    for (const Block& block : part.blocks) std::visit(MarkdownPrinter{text}, block);
    for (const auto& page : part.pages) {
      text += fmt::format("<a id=\"{}\"></a>\n", Html(page.name));
      text += CapabilityMarkdown(page, "###") + "\n";
    }
    while (text.ends_with("\n\n")) text.pop_back();
  }
  return text + fmt::format("\nRead from the table sha256 {}.\n", MarkdownCode(book.digest));
}

}  // namespace writ::cli
