// Shortest paths over the breaks, from the last piece to the first. A line holds a few dozen
// pieces, so this takes time in proportion to the length of the row.
#include "wrap.h"

#include <algorithm>

namespace writ::lang {
namespace {

constexpr std::uint64_t kLineCost = 40;
constexpr std::uint64_t kOverflowCost = 1'000'000;
// Breaks beyond the margin that are looked at: where a single word is too long, others follow it.
constexpr std::uint32_t kBeyond = 8;

struct Path {
  std::uint64_t cost = std::numeric_limits<std::uint64_t>::max();
  std::size_t next = 0;  // the piece that starts the line after; the number of pieces at the end
};

bool MustBreak(std::span<const Piece> pieces, std::size_t at) {
  return pieces[at].own_line_if_wrapped || !pieces[at].before.empty() ||
         !pieces[at - 1].comment.empty();
}

// The best path from the line that starts with piece `first`.
Path BestFrom(std::span<const Piece> pieces, std::size_t first, std::uint64_t indent,
              std::uint64_t width, std::span<const Path> paths) {
  Path best;
  std::uint64_t used = indent + TextWidth(pieces[first].text);
  std::uint32_t beyond = 0;
  for (std::size_t next = first + 1;; ++next) {
    const bool end = next == pieces.size();
    const bool must = !end && MustBreak(pieces, next);
    if (end || must || pieces[next].cost != kNeverBreak) {
      std::uint64_t cost = kLineCost;
      if (used > width) cost += kOverflowCost + used - width;
      if (!end) cost += paths[next].cost + (must ? 0 : pieces[next].cost);
      if (cost <= best.cost) best = {cost, next};
      if (end || must || (used > width && ++beyond > kBeyond)) return best;
    }
    used += pieces[next].spaces + TextWidth(pieces[next].text);
  }
}

}  // namespace

std::vector<std::size_t> BestBreaks(std::span<const Piece> pieces, std::uint32_t indent,
                                    std::uint32_t continuation, std::uint32_t width) {
  std::vector<Path> paths(pieces.size());
  for (std::size_t first = pieces.size(); first-- > 0;) {
    paths[first] =
        BestFrom(pieces, first, first == 0 ? indent : indent + continuation, width, paths);
  }
  std::vector<std::size_t> breaks;
  for (std::size_t at = paths.front().next; at < pieces.size(); at = paths[at].next) {
    breaks.push_back(at);
  }
  return breaks;
}

}  // namespace writ::lang
