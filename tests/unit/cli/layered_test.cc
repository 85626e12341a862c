// Pictures of graphs: what is drawn can be told apart, whatever the graph.
#include "../../../cli/src/layered_graph.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <random>

namespace writ::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Graph RandomGraph(std::uint32_t seed) {
  std::mt19937 random(seed);
  Graph graph;
  const std::size_t nodes = 1 + random() % 14;
  for (std::size_t i = 0; i < nodes; ++i) {
    GraphNode node{{std::string(1 + random() % 24, 'n')}, "human"};
    for (std::size_t more = random() % 3; more > 0; --more) node.lines.emplace_back("more");
    graph.nodes.push_back(std::move(node));
  }
  for (std::size_t e = random() % (2 * nodes); e > 0; --e) {
    graph.edges.push_back({random() % nodes, random() % nodes,
                           random() % 2 == 0 ? std::string() : std::string(random() % 30, 'l'), "",
                           true});
  }
  return graph;
}

TEST(Layered, NoBoxCoversAnotherOrLeavesThePicture) {
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(seed);
    const Graph graph = RandomGraph(seed);
    const GraphLayout layout = LayOut(graph);
    ASSERT_EQ(layout.centre.size(), graph.nodes.size());
    ASSERT_EQ(layout.through.size(), graph.edges.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      const GraphPoint a = layout.centre[i];
      EXPECT_GE(a.x - layout.width[i] / 2, 0);
      EXPECT_LE(a.x + layout.width[i] / 2, layout.total_width);
      EXPECT_GE(a.y - layout.height[i] / 2, 0);
      EXPECT_LE(a.y + layout.height[i] / 2, layout.total_height);
      for (std::size_t j = i + 1; j < graph.nodes.size(); ++j) {
        const GraphPoint b = layout.centre[j];
        const bool apart = std::abs(a.x - b.x) * 2 >= layout.width[i] + layout.width[j] ||
                           std::abs(a.y - b.y) * 2 >= layout.height[i] + layout.height[j];
        EXPECT_TRUE(apart) << i << " and " << j;
      }
    }
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
      const auto inside = [&](GraphPoint point, std::size_t node) {
        return point.y == layout.centre[node].y &&
               std::abs(point.x - layout.centre[node].x) <= layout.width[node] / 2;
      };
      EXPECT_TRUE(inside(layout.through[e].front(), graph.edges[e].from));
      EXPECT_TRUE(inside(layout.through[e].back(), graph.edges[e].to));
    }
    EXPECT_EQ(DrawGraph(graph, "g"), DrawGraph(graph, "g"));
  }
}

TEST(Layered, WhatIsReportedToStandsHigher) {
  const Graph graph{{{{"c"}, ""}, {{"a"}, ""}, {{"b"}, ""}},
                    {{1, 2, "", "", false}, {2, 0, "", "", false}}};
  const GraphLayout layout = LayOut(graph);
  EXPECT_LT(layout.centre[1].y, layout.centre[2].y);
  EXPECT_LT(layout.centre[2].y, layout.centre[0].y);
  EXPECT_EQ(layout.centre[1].x, layout.centre[2].x) << "a line of one stands upright";
  EXPECT_EQ(layout.centre[2].x, layout.centre[0].x);
}

TEST(Layered, CirclesAreDrawnToo) {
  const Graph graph{{{{"draft"}, ""}, {{"proposed"}, ""}, {{"approved"}, ""}},
                    {{0, 1, "submit", "", true},
                     {1, 0, "send_back", "", true},
                     {1, 2, "approve", "", true},
                     {2, 0, "retract", "", true},
                     {0, 0, "itself", "", true}}};
  const GraphLayout layout = LayOut(graph);
  EXPECT_LT(layout.centre[0].y, layout.centre[1].y);
  EXPECT_LT(layout.centre[1].y, layout.centre[2].y);
  const std::string drawn = DrawGraph(graph, "<&\">");
  EXPECT_THAT(drawn, HasSubstr(">send_back</text>"));
  EXPECT_THAT(drawn, HasSubstr("aria-label=\"&lt;&amp;&quot;&gt;\""));
  EXPECT_EQ(DrawGraph({}, "nothing").find("<svg"), 0u);
}

TEST(Layered, LinesThatNeedNotCrossDoNot) {
  // Two trees whose leaves are written crosswise.
  const Graph graph{
      {{{"p"}, ""}, {{"q"}, ""}, {{"q1"}, ""}, {{"p1"}, ""}, {{"q2"}, ""}, {{"p2"}, ""}},
      {{0, 3, "", "", false}, {0, 5, "", "", false}, {1, 2, "", "", false}, {1, 4, "", "", false}}};
  const GraphLayout layout = LayOut(graph);
  const auto x = [&](std::size_t node) { return layout.centre[node].x; };
  const bool p_left = x(0) < x(1);
  for (const std::size_t p : {3u, 5u})
    for (const std::size_t q : {2u, 4u}) EXPECT_EQ(x(p) < x(q), p_left);
}

}  // namespace
}  // namespace writ::cli
