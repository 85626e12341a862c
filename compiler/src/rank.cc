// Columns stand in one line, anchors in a partial order: of the anchors that no other one left
// ranks above, the first by name goes next. Entry point: RankAnchors.
#include "rank.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "lower_assert.h"

namespace writ::compiler {

std::vector<std::uint32_t> RankAnchors(const std::vector<table::Anchor>& anchors) {
  std::vector<std::uint32_t> above(anchors.size(), 0), rank(anchors.size(), 0);
  for (const table::Anchor& anchor : anchors)
    for (const runtime::AnchorId below : anchor.below) ++above[below.value];
  std::set<std::pair<std::string_view, std::uint32_t>> free;
  for (std::uint32_t a = 0; a < anchors.size(); ++a)
    if (above[a] == 0) free.emplace(anchors[a].name, a);
  std::uint32_t next = 0;
  while (!free.empty()) {
    const std::uint32_t a = free.begin()->second;
    free.erase(free.begin());
    rank[a] = next++;
    for (const runtime::AnchorId below : anchors[a].below)
      if (--above[below.value] == 0) free.emplace(anchors[below.value].name, below.value);
  }
  WRIT_CHECK(next == anchors.size(), "the order of anchors has no cycle");
  return rank;
}

bool AtLeastAsHigh(const std::vector<table::Anchor>& anchors, runtime::AnchorId a,
                   runtime::AnchorId b) {
  return a == b || std::ranges::find(anchors[a.value].below, b) != anchors[a.value].below.end();
}

bool Incomparable(const std::vector<table::Anchor>& anchors, runtime::AnchorId a,
                  runtime::AnchorId b) {
  return !AtLeastAsHigh(anchors, a, b) && !AtLeastAsHigh(anchors, b, a);
}

}  // namespace writ::compiler
