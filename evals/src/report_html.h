// Parts of the HTML report. All text passes through Escape; nothing else writes text into the page.
#pragma once

#include <string>
#include <string_view>

#include "writ/evals/report.h"

namespace writ::evals {

std::string_view HtmlStyle();

// Escaped, with `code` between backticks.
std::string Prose(std::string_view text);
std::string Code(std::string_view text);  // <code>…</code>, escaped
std::string DirectionTag(Direction);      // a small coloured word

// The flip matrix: rows what the baseline said, columns what the candidate says.
std::string FlipMatrixHtml(const ReplaySummary&);
// One share with its interval against its thresholds; empty for a gate without one.
std::string ShareBarHtml(const GateResult&);
// Escalations per day for one anchor, both lanes.
std::string LoadChartHtml(const AnchorLoad&, std::int64_t first_ms, std::int64_t last_ms);
// A stacked bar of directions.
std::string DirectionBarHtml(const std::array<std::uint64_t, 4>& by_direction,
                             std::string_view label);

// Sections, in the order of the page.
std::string GatesHtml(const GateVerdict&);
std::string ChangesHtml(const Report&);
std::string EvidenceHtml(const Report&);  // labels, coverage, unknowns, limits

}  // namespace writ::evals
