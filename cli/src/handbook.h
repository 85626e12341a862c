// The handbook of a policy: parts, made of a few kinds of blocks, that are printed as Markdown or
// as one HTML page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "layered_graph.h"
#include "writ/analysis/table_page.h"

namespace writ::cli {

enum class Look : std::uint8_t { kPlain, kStrong, kSoft, kCode, kBadge };
// A piece of a sentence. All texts are as the policy has them; whoever prints makes them safe.
struct Piece {
  std::string text;
  Look look = Look::kPlain;
  std::string to;     // the id of a part that it links to
  std::string style;  // of a badge: allow, note, escalate, deny
};
using Line = std::vector<Piece>;

struct Grid {
  std::string title;
  std::vector<std::string> head;
  std::vector<std::vector<Line>> rows;
  std::string style;  // class of the table
};
struct Items {
  std::string title;
  std::vector<Line> lines;
};
struct Figure {
  std::string title, caption;
  Graph graph;
};
// What holds from a day until a day. Days are counted from 1970-01-01.
struct Stretch {
  Line name;
  std::int64_t from = 0;
  std::optional<std::int64_t> last;  // none: without an end
  std::vector<std::int64_t> ticks;
  std::string said;
};
struct Timeline {
  std::vector<Stretch> stretches;
  std::optional<std::int64_t> today;
};
using Block = std::variant<Line, Grid, Items, Figure, Timeline>;

struct Part {
  std::string id, title;
  std::vector<Block> blocks;
  std::vector<analysis::CapabilityPage> pages;  // tables of capabilities, below the blocks
};

struct Handbook {
  std::string title, subtitle;
  std::vector<Line> facts;
  std::vector<Part> parts;
  std::string digest;
};

// "2026-10-01".
[[nodiscard]] std::string DayText(std::int64_t day);
[[nodiscard]] std::optional<std::int64_t> DayOf(const std::string& text);

[[nodiscard]] std::string HandbookMarkdown(const Handbook&);
[[nodiscard]] std::string HandbookHtml(const Handbook&);

}  // namespace writ::cli
