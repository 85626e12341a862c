// Pictures without a script: the flip matrix as a table whose cells carry their weight, the rest as
// inline SVG.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report_html.h"
#include "report_parts.h"

namespace writ::evals {
namespace {

constexpr std::int64_t kAxisDayMs = 86'400'000;

std::string_view DirectionClass(Direction direction) {
  return direction == Direction::kRerouted
             ? "rerouted"
             : DirectionName(direction);  // a class has no hyphen here
}

// allow, then escalations, then deny.
int Strictness(const std::string& decision) {
  return decision == "allow" ? 0 : decision == "deny" ? 2 : 1;
}

std::vector<std::string> DecisionsIn(const std::vector<FlipCell>& cells) {
  std::vector<std::string> decisions;
  for (const FlipCell& cell : cells) {
    decisions.push_back(cell.baseline);
    decisions.push_back(cell.candidate);
  }
  std::sort(decisions.begin(), decisions.end(), [](const std::string& a, const std::string& b) {
    return std::pair(Strictness(a), a) < std::pair(Strictness(b), b);
  });
  decisions.erase(std::unique(decisions.begin(), decisions.end()), decisions.end());
  return decisions;
}

// Weight of a cell: the logarithm of its events, from 8 to 45 percent of its colour.
int Heat(std::uint64_t events, std::uint64_t most) {
  if (most <= 1) return 30;
  return 8 + static_cast<int>(37.0 * std::log1p(static_cast<double>(events)) /
                              std::log1p(static_cast<double>(most)));
}

std::string CellHtml(const FlipCell& cell, std::uint64_t most, std::uint64_t most_same) {
  const bool same = cell.direction == Direction::kSame;
  const int heat = same ? Heat(cell.tally.events, most_same) / 2 : Heat(cell.tally.events, most);
  return fmt::format("<td class=\"cell {}\" style=\"--heat:{}%\">{}<small>{}</small></td>",
                     DirectionClass(cell.direction), heat, CountText(cell.tally.events),
                     cell.tally.runs == 1 ? "1 run" : CountText(cell.tally.runs) + " runs");
}

}  // namespace

std::string FlipMatrixHtml(const ReplaySummary& summary) {
  const std::vector<std::string> decisions = DecisionsIn(summary.flips);
  std::map<std::pair<std::string, std::string>, const FlipCell*> cells;
  std::uint64_t most = 0, most_same = 0;
  for (const FlipCell& cell : summary.flips) {
    cells[{cell.baseline, cell.candidate}] = &cell;
    std::uint64_t& top = cell.direction == Direction::kSame ? most_same : most;
    top = std::max(top, cell.tally.events);
  }
  std::string html = fmt::format(
      "<div class=\"scroll\"><table class=\"flip\"><thead><tr><th class=\"corner\"></th><th "
      "class=\"axis\" "
      "colspan=\"{}\">the new policy says</th></tr><tr><th class=\"corner\">in force now</th>",
      decisions.size());
  for (const std::string& decision : decisions)
    html += "<th scope=\"col\" class=\"r\">" + Escape(decision) + "</th>";
  html += "</tr></thead><tbody>";
  for (const std::string& from : decisions) {
    html += "<tr><th scope=\"row\">" + Escape(from) + "</th>";
    for (const std::string& to : decisions) {
      const auto cell = cells.find({from, to});
      html += cell == cells.end() ? "<td class=\"empty\">–</td>"
                                  : CellHtml(*cell->second, most, most_same);
    }
    html += "</tr>";
  }
  html +=
      "</tbody></table></div><p class=\"key\"><i class=\"loosened\"></i>loosened<i "
      "class=\"tightened\"></i>tightened";
  html +=
      "<i class=\"rerouted\"></i>re-routed<i class=\"same\"></i>as before. Numbers are requests; "
      "the deeper the colour, the more.</p>";
  return html;
}

std::string ShareBarHtml(const GateResult& gate) {
  if (!gate.share || gate.share->denominator == 0 || gate.spec.kind == GateKind::kForbid) return {};
  const Share& share = *gate.share;
  double top = std::max(share.interval.high, share.value());
  if (gate.spec.max) top = std::max(top, *gate.spec.max);
  if (gate.spec.min) top = std::max(top, *gate.spec.min);
  top = std::min(1.0, std::max(top * 1.25, 1e-6));
  const auto x = [top](double value) { return 8.0 + 384.0 * std::min(value, top) / top; };
  std::string svg = fmt::format(
      "<svg class=\"share\" viewBox=\"0 0 400 46\" role=\"img\" aria-label=\"{}, from {} to "
      "{}\"><line class=\"axis\" x1=\"8\" "
      "y1=\"22\" x2=\"392\" y2=\"22\"/>",
      PercentText(share.value()), PercentText(share.interval.low),
      PercentText(share.interval.high));
  const auto limit = [&](double value, std::string_view word) {
    const bool left = x(value) > 300.0;
    svg += fmt::format(
        "<line class=\"limit\" x1=\"{0:.1f}\" y1=\"8\" x2=\"{0:.1f}\" y2=\"36\"/><text "
        "x=\"{1:.1f}\" y=\"10\" "
        "text-anchor=\"{2}\">{3} {4}</text>",
        x(value), x(value) + (left ? -5.0 : 5.0), left ? "end" : "start", word, PercentText(value));
  };
  if (gate.spec.max) limit(*gate.spec.max, "at most");
  if (gate.spec.min) limit(*gate.spec.min, "at least");
  svg += fmt::format("<line class=\"ci\" x1=\"{:.1f}\" y1=\"22\" x2=\"{:.1f}\" y2=\"22\"/>",
                     x(share.interval.low), x(share.interval.high));
  const double at = x(share.value());
  svg += fmt::format(
      "<circle class=\"dot\" cx=\"{:.1f}\" cy=\"22\" r=\"4\"/><text x=\"{:.1f}\" y=\"42\" "
      "text-anchor=\"{}\">{}</text>",
      at, std::clamp(at, 8.0, 392.0),
      at < 30.0    ? "start"
      : at > 370.0 ? "end"
                   : "middle",
      PercentText(share.value()));
  return svg + "</svg>";
}

namespace {

// Sums per bucket of days, so that a chart never has more points than pixels can show.
struct Series {
  std::vector<std::array<std::uint64_t, kLanes>> buckets;
  std::int64_t days = 1, first_day = 0;
};

Series MakeSeries(const AnchorLoad& load, std::int64_t first_day, std::int64_t last_day) {
  Series series;
  const std::int64_t days = last_day - first_day + 1;
  series.days = days > 1400 ? 28 : days > 140 ? 7 : 1;
  series.first_day = first_day;
  series.buckets.resize(static_cast<std::size_t>((days + series.days - 1) / series.days));
  for (const DayLoad& day : load.days) {
    auto& bucket = series.buckets[static_cast<std::size_t>((day.day - first_day) / series.days)];
    for (std::size_t lane = 0; lane < kLanes; ++lane) bucket[lane] += day.escalations[lane];
  }
  return series;
}

// The next number that makes a good axis.
std::uint64_t NiceTop(std::uint64_t most) {
  for (std::uint64_t scale = 1;; scale *= 10) {
    for (const std::uint64_t step : {10, 12, 15, 20, 25, 30, 40, 50, 60, 80}) {
      if (step * scale >= most * 10 && step * scale % 10 == 0) return step * scale / 10;
    }
  }
}

}  // namespace

std::string LoadChartHtml(const AnchorLoad& load, std::int64_t first_ms, std::int64_t last_ms) {
  constexpr double kLeft = 34, kRight = 796, kTop = 12, kBottom = 118;
  const std::int64_t first_day = first_ms / kAxisDayMs,
                     last_day = std::max(first_day, last_ms / kAxisDayMs);
  const Series series = MakeSeries(load, first_day, last_day);
  std::uint64_t most = 1;
  for (const auto& bucket : series.buckets) most = std::max({most, bucket[0], bucket[1]});
  const auto top = static_cast<double>(NiceTop(most));
  const double width = (kRight - kLeft) / static_cast<double>(series.buckets.size());
  const auto y = [&](std::uint64_t v) {
    return kBottom - (kBottom - kTop) * static_cast<double>(v) / top;
  };
  std::string old_area = fmt::format("M{:.1f} {:.1f}", kLeft, kBottom), new_line;
  for (std::size_t b = 0; b < series.buckets.size(); ++b) {
    const double x = kLeft + width * static_cast<double>(b);
    old_area += fmt::format("V{:.1f}H{:.1f}", y(series.buckets[b][0]), x + width);
    new_line += b == 0 ? fmt::format("M{:.1f} {:.1f}H{:.1f}", x, y(series.buckets[b][1]), x + width)
                       : fmt::format("V{:.1f}H{:.1f}", y(series.buckets[b][1]), x + width);
  }
  old_area += fmt::format("V{:.1f}Z", kBottom);
  const auto days = static_cast<double>(last_day - first_day + 1);
  const std::string_view unit = series.days == 1 ? "day" : series.days == 7 ? "week" : "four weeks";
  std::string html = fmt::format(
      "<div><h3>{}{}</h3><p class=\"n\">{} a day now, {} a day under the new policy ({} and {} in "
      "all)</p>",
      Code(load.anchor), load.title.empty() ? "" : " " + Escape(load.title),
      fmt::format("{:.1f}", static_cast<double>(load.total[0]) / days),
      fmt::format("{:.1f}", static_cast<double>(load.total[1]) / days), CountText(load.total[0]),
      CountText(load.total[1]));
  html += fmt::format(
      "<svg viewBox=\"0 0 800 140\" role=\"img\" aria-label=\"escalations per {}\">", unit);
  html += fmt::format(
      "<line class=\"grid\" x1=\"{0}\" y1=\"{2}\" x2=\"{1}\" y2=\"{2}\"/><line class=\"axis\" "
      "x1=\"{0}\" "
      "y1=\"{3}\" x2=\"{1}\" y2=\"{3}\"/>",
      kLeft, kRight, kTop, kBottom);
  html += fmt::format("<path class=\"old\" d=\"{}\"/><path class=\"new\" d=\"{}\"/>", old_area,
                      new_line);
  html += fmt::format(
      "<text x=\"{0}\" y=\"{1}\" text-anchor=\"end\">{2:.0f}</text><text x=\"{0}\" y=\"{3}\" "
      "text-anchor=\"end\">0</text>",
      kLeft - 6, kTop + 4, top, kBottom + 4);
  html += fmt::format(
      "<text x=\"{}\" y=\"135\">{}</text><text x=\"{}\" y=\"135\" text-anchor=\"end\">{}</text>",
      kLeft, DateText(first_ms), kRight, DateText(last_ms));
  html += fmt::format("<text x=\"{}\" y=\"135\" text-anchor=\"middle\">escalations per {}</text>",
                      (kLeft + kRight) / 2, unit);
  return html + "</svg></div>";
}

std::string DirectionBarHtml(const std::array<std::uint64_t, 4>& by_direction,
                             std::string_view label) {
  std::uint64_t total = 0;
  for (const std::uint64_t count : by_direction) total += count;
  std::string html =
      fmt::format("<div class=\"bar\" role=\"img\" aria-label=\"{}\">", Escape(label));
  for (const Direction d :
       {Direction::kLoosened, Direction::kTightened, Direction::kRerouted, Direction::kSame}) {
    const std::uint64_t count = by_direction[static_cast<std::size_t>(d)];
    if (count == 0) continue;
    html += fmt::format("<span class=\"{}\" style=\"width:{:.2f}%\"></span>", DirectionClass(d),
                        100.0 * static_cast<double>(count) / static_cast<double>(total));
  }
  return html + "</div>";
}

std::string DirectionTag(Direction direction) {
  std::string word(DirectionName(direction));
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return fmt::format("<span class=\"tag {}\">{}</span>", DirectionClass(direction), word);
}

}  // namespace writ::evals
