// A handbook as one page that needs nothing else: for a screen of any width, light or dark, and for
// paper.
#include <fmt/format.h>

#include <algorithm>

#include "handbook.h"
#include "html.h"
#include "table_sections.h"

namespace writ::cli {
namespace {

std::string PieceHtml(const Piece& piece) {
  std::string text = Html(piece.text);
  switch (piece.look) {
    case Look::kPlain:
      break;
    case Look::kStrong:
      text = "<b>" + text + "</b>";
      break;
    case Look::kSoft:
      text = "<span class=\"soft\">" + text + "</span>";
      break;
    case Look::kCode:
      text = "<code>" + text + "</code>";
      break;
    case Look::kBadge:
      text = fmt::format("<span class=\"badge {}\">{}</span>", piece.style, text);
      break;
  }
  return piece.to.empty() ? text : fmt::format("<a href=\"#{}\">{}</a>", Html(piece.to), text);
}

std::string LineHtml(const Line& line) {
  std::string text;
  for (const Piece& piece : line) text += PieceHtml(piece);
  return text;
}

// Where a day stands between two days, in hundredths of a percent.
class Scale {
 public:
  explicit Scale(const Timeline& timeline) {
    from_ = timeline.stretches.front().from;
    to_ = from_ + 1;
    const auto take = [&](std::int64_t day) {
      from_ = std::min(from_, day);
      to_ = std::max(to_, day);
    };
    for (const Stretch& stretch : timeline.stretches) {
      take(stretch.from);
      take(stretch.last.value_or(stretch.from + 365));
    }
    if (timeline.today) take(*timeline.today);
  }
  [[nodiscard]] std::string At(std::int64_t day) const {
    const std::int64_t share =
        std::clamp<std::int64_t>((day - from_) * 10'000 / (to_ - from_), 0, 10'000);
    return fmt::format("{}.{:02}%", share / 100, share % 100);
  }
  [[nodiscard]] std::int64_t from() const { return from_; }
  [[nodiscard]] std::int64_t to() const { return to_; }

 private:
  std::int64_t from_ = 0, to_ = 1;
};

struct HtmlPrinter {
  std::string& text;

  void Title(const std::string& title) {
    if (!title.empty()) text += "<h3>" + Html(title) + "</h3>\n";
  }
  void operator()(const Line& line) { text += "<p>" + LineHtml(line) + "</p>\n"; }
  void operator()(const Grid& grid) {
    Title(grid.title);
    text += fmt::format("<div class=\"scroll\"><table class=\"{}\"><thead><tr>",
                        grid.style.empty() ? "plain" : grid.style);
    for (const std::string& head : grid.head) text += "<th>" + Html(head) + "</th>";
    text += "</tr></thead><tbody>\n";
    for (const auto& row : grid.rows) {
      text += "<tr>";
      for (std::size_t i = 0; i < row.size(); ++i) {
        // On a narrow page each cell says what it is.
        text += fmt::format(
            "<td data-head=\"{}\"{}>{}</td>", i < grid.head.size() ? Html(grid.head[i]) : "",
            row[i].empty() || (row[i].size() == 1 && row[i][0].text.empty()) ? " class=\"none\""
                                                                             : "",
            LineHtml(row[i]));
      }
      text += "</tr>\n";
    }
    text += "</tbody></table></div>\n";
  }
  void operator()(const Items& items) {
    Title(items.title);
    text += "<ul class=\"items\">";
    for (const Line& line : items.lines) text += "<li>" + LineHtml(line) + "</li>\n";
    text += "</ul>\n";
  }
  void operator()(const Figure& figure) {
    Title(figure.title);
    text += "<figure><div class=\"scroll\">" + DrawGraph(figure.graph, figure.title) +
            "</div><figcaption>" + Html(figure.caption) + "</figcaption></figure>\n";
  }
  void operator()(const Timeline& timeline) {
    const Scale scale(timeline);
    text += "<div class=\"time\">\n";
    for (const Stretch& stretch : timeline.stretches) {
      text += fmt::format(
          "<div class=\"stretch\"><div class=\"name\">{}</div><div class=\"rail\"><i "
          "class=\"{}\" style=\"left:{};right:calc(100% - {})\"></i>",
          LineHtml(stretch.name), stretch.last ? "bar" : "bar open", scale.At(stretch.from),
          stretch.last ? scale.At(*stretch.last) : std::string("100%"));
      for (const std::int64_t tick : stretch.ticks)
        text += fmt::format("<i class=\"tick\" style=\"left:{}\"></i>", scale.At(tick));
      if (timeline.today)
        text += fmt::format("<i class=\"today\" style=\"left:{}\"></i>", scale.At(*timeline.today));
      text += fmt::format("</div><div class=\"until\">{}</div></div>\n", Html(stretch.said));
    }
    text += fmt::format(
        "<div class=\"stretch ends\"><div class=\"name\"></div><div class=\"rail\"><span>{}</span>"
        "<span>{}</span></div><div class=\"until\">{}</div></div></div>\n",
        DayText(scale.from()), DayText(scale.to()),
        timeline.today ? "the upright line is " + DayText(*timeline.today) : std::string());
  }
};

}  // namespace

std::string HandbookHtml(const Handbook& book) {
  std::string text = PageStart(book.title) +
                     fmt::format("<h1>{}</h1><p class=\"lead\">{}</p>\n<ul class=\"facts\">",
                                 Html(book.title), Html(book.subtitle));
  for (const Line& fact : book.facts) text += "<li>" + LineHtml(fact) + "</li>";
  text += "</ul>\n<nav class=\"contents\" aria-label=\"Contents\"><ol>";
  for (const Part& part : book.parts)
    text += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", part.id, Html(part.title));
  text += "</ol></nav>\n";
  for (const Part& part : book.parts) {
    text += fmt::format("<section id=\"{}\"{}><h2>{}</h2>\n", part.id,
                        &part == &book.parts.front() ? " class=\"first\"" : "", Html(part.title));
    for (const Block& block : part.blocks) std::visit(HtmlPrinter{text}, block);
    if (!part.pages.empty()) {
      text += "<ul class=\"columns\">";
      for (const auto& page : part.pages)
        text += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", Html(page.name),
                            Html(page.title.empty() ? page.name : page.title));
      text += "</ul>";
    }
    text += "</section>\n";
    for (const auto& page : part.pages) text += CapabilityHtml(page);
  }
  text += fmt::format("<footer>Read from the table sha256 {}.</footer>\n", Html(book.digest));
  return text + PageEnd();
}

}  // namespace writ::cli
