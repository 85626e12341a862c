// Where the boxes and lines of a layered graph go. Entry point: LayOut.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "layered_graph.h"

namespace writ::cli {
namespace {

constexpr int kGap = 26;       // between boxes of a layer
constexpr int kLayerGap = 62;  // between layers: room for a label
constexpr int kMargin = 12;    // around the picture
constexpr int kLineHeight = 18;
constexpr int kSweeps = 12;

struct Vertex {  // a node, or where an edge passes a layer
  int width = 0;
  std::size_t layer = 0;
  std::vector<std::size_t> above, below;
  std::int64_t x = 0;
};

class Layouter {
 public:
  explicit Layouter(const Graph& graph) : graph_(graph) {}

  GraphLayout Run() {
    Measure();
    Layers();
    Vertices();
    Order();
    Place();
    return Finish();
  }

 private:
  void Measure() {
    for (const GraphNode& node : graph_.nodes) {
      int width = 60;
      for (std::size_t i = 0; i < node.lines.size(); ++i)
        width = std::max(width, TextWidth(node.lines[i], i == 0 ? 14 : 12) + 26);
      out_.width.push_back(width);
      out_.height.push_back(18 + static_cast<int>(node.lines.size()) * kLineHeight);
    }
  }

  // Turns each edge that closes a circle, and puts each node below all that it hangs on.
  void Layers() {
    const std::size_t n = graph_.nodes.size();
    std::vector<std::vector<std::size_t>> out(n);
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) out[graph_.edges[e].from].push_back(e);
    turned_.assign(graph_.edges.size(), false);
    std::vector<int> state(n, 0);  // 0 new, 1 on the way, 2 done
    for (std::size_t root = 0; root < n; ++root) {
      std::vector<std::pair<std::size_t, std::size_t>> stack;  // node, its next edge
      if (state[root] == 0) stack.emplace_back(root, 0);
      while (!stack.empty()) {
        auto& [node, next] = stack.back();
        state[node] = 1;
        if (next == out[node].size()) {
          state[node] = 2;
          stack.pop_back();
          continue;
        }
        const std::size_t e = out[node][next++], to = graph_.edges[e].to;
        if (state[to] == 1) turned_[e] = true;
        if (state[to] == 0) stack.emplace_back(to, 0);
      }
    }
    layer_.assign(n, 0);
    for (std::size_t pass = 0; pass < n; ++pass) {
      bool changed = false;
      for (std::size_t e = 0; e < graph_.edges.size(); ++e) {
        const auto [a, b] = Ends(e);
        if (a == b || layer_[b] > layer_[a]) continue;
        layer_[b] = layer_[a] + 1;
        changed = true;
      }
      if (!changed) break;
    }
    // What hangs on nothing stands at the foot.
    std::size_t last = 0;
    for (const std::size_t layer : layer_) last = std::max(last, layer);
    std::vector<bool> joined(n, false);
    for (const GraphEdge& edge : graph_.edges) joined[edge.from] = joined[edge.to] = true;
    for (std::size_t i = 0; i < n; ++i)
      if (!joined[i]) layer_[i] = last;
  }

  std::pair<std::size_t, std::size_t> Ends(std::size_t e) const {
    const GraphEdge& edge = graph_.edges[e];
    return turned_[e] ? std::pair(edge.to, edge.from) : std::pair(edge.from, edge.to);
  }

  void Vertices() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
      vertices_.push_back({out_.width[i], layer_[i], {}, {}, 0});
    chains_.resize(graph_.edges.size());
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) {
      const auto [a, b] = Ends(e);
      std::size_t last = a;
      chains_[e] = {a};
      for (std::size_t layer = layer_[a] + 1; layer < layer_[b]; ++layer) {
        vertices_.push_back({8, layer, {}, {}, 0});
        Link(last, vertices_.size() - 1);
        last = vertices_.size() - 1;
        chains_[e].push_back(last);
      }
      if (a != b) Link(last, b);
      chains_[e].push_back(b);
      // A long line has its label half way.
      if (chains_[e].size() > 2) {
        Vertex& middle = vertices_[chains_[e][chains_[e].size() / 2]];
        middle.width = std::max(middle.width, LabelWidth(e));
      }
    }
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      int ports = 0;
      for (const std::size_t e : Ports(i)) ports += PortWidth(e);
      vertices_[i].width = std::max(vertices_[i].width, ports);
    }
    std::size_t layers = 0;
    for (const Vertex& v : vertices_) layers = std::max(layers, v.layer + 1);
    order_.resize(layers);
    for (std::size_t v = 0; v < vertices_.size(); ++v) order_[vertices_[v].layer].push_back(v);
  }

  int LabelWidth(std::size_t e) const { return TextWidth(graph_.edges[e].label, 12) + 16; }
  int PortWidth(std::size_t e) const {
    const bool labelled = !graph_.edges[e].label.empty() && chains_[e].size() <= 2;
    return labelled ? LabelWidth(e) : 18;
  }

  // Edges from above that need a place of their own at this node: for a label, or beside another
  // edge between the same two.
  std::vector<std::size_t> Ports(std::size_t node) const {
    std::vector<std::size_t> ports;
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) {
      const auto [a, b] = Ends(e);
      if (a == b || b != node) continue;
      if (!graph_.edges[e].label.empty() || HasTwin(e)) ports.push_back(e);
    }
    return ports;
  }

  // Another edge joins the same two nodes.
  bool HasTwin(std::size_t e) const {
    const GraphEdge& edge = graph_.edges[e];
    return std::ranges::count_if(graph_.edges, [&](const GraphEdge& other) {
             return (other.from == edge.from && other.to == edge.to) ||
                    (other.from == edge.to && other.to == edge.from);
           }) > 1;
  }

  void Link(std::size_t a, std::size_t b) {
    vertices_[a].below.push_back(b);
    vertices_[b].above.push_back(a);
  }

  // Sorts each layer by the mean place of its neighbours, down and up again; the best order stays.
  void Order() {
    std::vector<std::vector<std::size_t>> best = order_;
    std::size_t fewest = Crossings();
    for (int sweep = 0; sweep < kSweeps && fewest > 0; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (std::size_t i = 0; i < order_.size(); ++i)
        Sort(order_[down ? i : order_.size() - 1 - i], down);
      if (const std::size_t now = Crossings(); now < fewest) {
        fewest = now;
        best = order_;
      }
    }
    order_ = std::move(best);
  }

  void Sort(std::vector<std::size_t>& layer, bool down) {
    const std::vector<std::size_t> place = Places();
    std::vector<std::pair<std::int64_t, std::size_t>> keyed;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      const auto& near = down ? vertices_[layer[i]].above : vertices_[layer[i]].below;
      std::int64_t sum = 0;
      for (const std::size_t v : near) sum += static_cast<std::int64_t>(place[v]) * 1024;
      const auto own = static_cast<std::int64_t>(i) * 1024;
      keyed.emplace_back(near.empty() ? own : sum / static_cast<std::int64_t>(near.size()),
                         layer[i]);
    }
    std::ranges::stable_sort(keyed, {}, [](const auto& pair) { return pair.first; });
    for (std::size_t i = 0; i < layer.size(); ++i) layer[i] = keyed[i].second;
  }

  std::vector<std::size_t> Places() const {
    std::vector<std::size_t> place(vertices_.size());
    for (const auto& layer : order_)
      for (std::size_t i = 0; i < layer.size(); ++i) place[layer[i]] = i;
    return place;
  }

  std::size_t Crossings() const {
    const std::vector<std::size_t> place = Places();
    std::size_t count = 0;
    for (const auto& layer : order_) {
      std::vector<std::pair<std::size_t, std::size_t>> lines;
      for (const std::size_t v : layer)
        for (const std::size_t b : vertices_[v].below) lines.emplace_back(place[v], place[b]);
      for (std::size_t i = 0; i < lines.size(); ++i)
        for (std::size_t j = i + 1; j < lines.size(); ++j)
          count += (lines[i].first < lines[j].first && lines[i].second > lines[j].second) ||
                           (lines[i].first > lines[j].first && lines[i].second < lines[j].second)
                       ? 1
                       : 0;
    }
    return count;
  }

  void Place() {
    for (const auto& layer : order_) {
      std::int64_t x = 0;
      for (const std::size_t v : layer) {
        vertices_[v].x = x + vertices_[v].width / 2;
        x += vertices_[v].width + kGap;
      }
    }
    for (int sweep = 0; sweep < 2 * kSweeps; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (std::size_t i = 0; i < order_.size(); ++i)
        Settle(order_[down ? i : order_.size() - 1 - i], down);
    }
  }

  // As near as possible to the mean of the neighbours, in order and without overlap: neighbours in
  // the layer that want to pass each other are moved as one (pool adjacent violators).
  void Settle(const std::vector<std::size_t>& layer, bool down) {
    struct Pool {
      std::int64_t sum = 0, count = 0;
      [[nodiscard]] std::int64_t mean() const { return sum / count; }
    };
    std::vector<Pool> pools;
    std::vector<std::int64_t> offset;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      const Vertex& v = vertices_[layer[i]];
      offset.push_back(i == 0 ? 0
                              : offset.back() + vertices_[layer[i - 1]].width / 2 + kGap +
                                    (v.width + 1) / 2);
      const auto& near = down && !v.above.empty() ? v.above : v.below.empty() ? v.above : v.below;
      std::int64_t wish = v.x;
      if (!near.empty()) {
        wish = 0;
        for (const std::size_t other : near) wish += vertices_[other].x;
        wish /= static_cast<std::int64_t>(near.size());
      }
      pools.push_back({wish - offset[i], 1});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
        pools[pools.size() - 2].sum += pools.back().sum;
        pools[pools.size() - 2].count += pools.back().count;
        pools.pop_back();
      }
    }
    std::size_t i = 0;
    for (const Pool& pool : pools)
      for (std::int64_t k = 0; k < pool.count; ++k, ++i)
        vertices_[layer[i]].x = pool.mean() + offset[i];
  }

  // Lines arrive at a node side by side, in the order of where they come from.
  void Spread(std::size_t node) {
    std::vector<std::size_t> ports = Ports(node);
    if (ports.size() < 2) return;
    std::ranges::stable_sort(ports, {}, [&](std::size_t e) { return out_.through[e].front().x; });
    int total = 0;
    for (const std::size_t e : ports) total += PortWidth(e);
    int x = -total / 2;
    for (const std::size_t e : ports) {
      const int shift = x + PortWidth(e) / 2;
      out_.width[node] = std::max(out_.width[node], 2 * (std::abs(shift) + 9));
      x += PortWidth(e);
      out_.through[e].back().x += shift;
      if (!HasTwin(e)) continue;
      const int most = out_.width[Ends(e).first] / 2 - 12;
      out_.through[e].front().x += std::clamp(shift, -most, most);
    }
  }

  GraphLayout Finish() {
    std::int64_t left = std::numeric_limits<std::int64_t>::max(), right = 0;
    for (const Vertex& v : vertices_) left = std::min(left, v.x - v.width / 2);
    if (vertices_.empty()) left = 0;
    std::vector<int> middle;
    int y = kMargin;
    for (const auto& layer : order_) {
      int tallest = 0;
      for (const std::size_t v : layer)
        if (v < graph_.nodes.size()) tallest = std::max(tallest, out_.height[v]);
      middle.push_back(y + tallest / 2);
      y += tallest + kLayerGap;
    }
    for (Vertex& v : vertices_) {
      v.x += kMargin - left;
      right = std::max(right, v.x + (v.width + 1) / 2);
    }
    const auto point = [&](std::size_t v) {
      return GraphPoint{static_cast<int>(vertices_[v].x), middle[vertices_[v].layer]};
    };
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) out_.centre.push_back(point(i));
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) {
      std::vector<GraphPoint> points;
      for (const std::size_t v : chains_[e]) points.push_back(point(v));
      out_.through.push_back(std::move(points));
    }
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) Spread(i);
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) {
      std::vector<GraphPoint>& points = out_.through[e];
      GraphPoint label = points[points.size() / 2];
      if (points.size() <= 2) label.y -= out_.height[Ends(e).second] / 2 + 22;
      out_.label.push_back(label);
      if (turned_[e]) std::ranges::reverse(points);
    }
    out_.total_width = static_cast<int>(right) + kMargin;
    out_.total_height = std::max(kMargin, y - kLayerGap) + kMargin;
    return std::move(out_);
  }

  const Graph& graph_;
  GraphLayout out_;
  std::vector<bool> turned_;                              // by edge
  std::vector<std::size_t> layer_;                        // by node
  std::vector<Vertex> vertices_;                          // nodes first
  std::vector<std::vector<std::size_t>> chains_, order_;  // by edge; by layer
};

}  // namespace

int TextWidth(std::string_view text, int size) {
  int tenths = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0u) == 0x80u) continue;  // inside a code point
    tenths += c == 'i' || c == 'l' || c == '.' || c == ',' || c == ' ' ? 3
              : c == 'm' || c == 'w' || (c >= 'A' && c <= 'Z')         ? 8
                                                                       : 6;
  }
  return tenths * size / 10;
}

GraphLayout LayOut(const Graph& graph) { return Layouter(graph).Run(); }

}  // namespace writ::cli
