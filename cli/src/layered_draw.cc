// A layered graph as inline SVG. Entry point: DrawGraph.
#include <fmt/format.h>

#include "html.h"
#include "layered_graph.h"

namespace writ::cli {
namespace {

constexpr int kLine = 18;

std::string Path(const std::vector<GraphPoint>& points) {
  std::string path = fmt::format("M{} {}", points.front().x, points.front().y);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const GraphPoint a = points[i - 1], b = points[i];
    const int middle = (a.y + b.y) / 2;
    path += a.x == b.x ? fmt::format("L{} {}", b.x, b.y)
                       : fmt::format("C{} {},{} {},{} {}", a.x, middle, b.x, middle, b.x, b.y);
  }
  return path;
}

std::string Arrow(GraphPoint tip, bool down, const std::string& style) {
  const int back = down ? -8 : 8;
  return fmt::format("<path class=\"tip {}\" d=\"M{} {}l-4 {}h8z\"/>", style, tip.x, tip.y, back);
}

std::string DrawEdge(const GraphLayout& layout, const GraphEdge& edge,
                     std::vector<GraphPoint> points, GraphPoint label) {
  if (edge.from == edge.to) return {};
  // From rim to rim.
  const bool down = points.front().y <= points.back().y;
  points.front().y += (down ? 1 : -1) * layout.height[edge.from] / 2;
  points.back().y += (down ? -1 : 1) * layout.height[edge.to] / 2;
  const GraphPoint tip = points.back();
  if (edge.arrow) points.back().y += down ? -7 : 7;
  std::string text = fmt::format("<path class=\"edge {}\" d=\"{}\"/>", edge.style, Path(points));
  if (edge.arrow) text += Arrow(tip, down, edge.style);
  if (edge.label.empty()) return text;
  return text +
         fmt::format("<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                     label.x, label.y, Html(edge.label));
}

std::string DrawNode(const GraphNode& node, GraphPoint centre, int width, int height) {
  std::string text = fmt::format(
      "<g class=\"node {}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
      "rx=\"8\"/>",
      node.style, centre.x - width / 2, centre.y - height / 2, width, height);
  int y = centre.y - static_cast<int>(node.lines.size()) * kLine / 2 + 14;
  for (std::size_t i = 0; i < node.lines.size(); ++i, y += kLine) {
    text += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                        i == 0 ? "name" : "more", centre.x, y, Html(node.lines[i]));
  }
  return text + "</g>\n";
}

}  // namespace

std::string DrawGraph(const Graph& graph, const std::string& label) {
  const GraphLayout layout = LayOut(graph);
  std::string text = fmt::format(
      "<svg class=\"graph\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
      "aria-label=\"{2}\">\n",
      layout.total_width, layout.total_height, Html(label));
  for (std::size_t e = 0; e < graph.edges.size(); ++e)
    text += DrawEdge(layout, graph.edges[e], layout.through[e], layout.label[e]) + "\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    text += DrawNode(graph.nodes[i], layout.centre[i], layout.width[i], layout.height[i]);
  return text + "</svg>";
}

}  // namespace writ::cli
