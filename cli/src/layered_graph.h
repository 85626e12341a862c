// Graphs drawn in layers, as inline SVG: who stands above whom, what leads to what.
//
// After K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical
// system structures" (1981): edges that close a circle are turned, nodes get layers, long edges get
// a place in each layer that they pass, the order within layers is improved until fewer edges
// cross, and each node is put as near to its neighbours as the order allows. Whole numbers and
// stable sorts, so the same graph is the same picture everywhere.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace writ::cli {

struct GraphNode {
  std::vector<std::string> lines;  // the first is its name
  std::string style;               // class of its box
};
struct GraphEdge {
  std::size_t from = 0,
              to = 0;  // the arrow goes from `from`, drawn above if nothing speaks against it
  std::string label, style;
  bool arrow = true;
};
struct Graph {
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
};

struct GraphPoint {
  int x = 0, y = 0;
  friend bool operator==(const GraphPoint&, const GraphPoint&) = default;
};
struct GraphLayout {
  std::vector<GraphPoint> centre;  // by node
  std::vector<int> width, height;  // by node
  // By edge: from inside the box of its `from` to inside that of its `to`.
  std::vector<std::vector<GraphPoint>> through;
  std::vector<GraphPoint> label;  // by edge: the middle of the foot of its label
  int total_width = 0, total_height = 0;
};
// No two boxes overlap, and none lies outside the picture.
[[nodiscard]] GraphLayout LayOut(const Graph&);

// `label`: what it shows, for whoever cannot see it. Loads nothing; all texts are escaped.
[[nodiscard]] std::string DrawGraph(const Graph&, const std::string& label);

// About as wide as it is drawn, in pixels.
[[nodiscard]] int TextWidth(std::string_view text, int size = 13);

}  // namespace writ::cli
