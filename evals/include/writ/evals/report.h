// One run's findings, and the four forms they are written in. Every form is made from the same
// `Report`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "writ/evals/gate.h"
#include "writ/evals/measure.h"
#include "writ/evals/replay.h"

namespace writ::evals {

// An event of a run that serves as an example, with all three lanes.
struct TimelineEvent {
  std::int64_t event = 0, at_ms = 0;
  std::string capability, observed, effect, baseline, candidate, candidate_words;
  Direction direction = Direction::kSame;
  bool counterfactual = false, unknown = false;
  bool bound = false;  // the candidate lane leaves history here
};
struct Timeline {
  std::string run;
  std::vector<TimelineEvent> events;
  std::uint32_t left_out = 0;
};

struct Report {
  std::string title, tool_version, corpus_path;
  Horizon horizon = Horizon::kRun;
  bool by_time = false;
  std::string corpus_digest;
  std::array<LaneInfo, kLanes> lane;
  std::int64_t first_ms = 0, last_ms = 0;
  ReplaySummary summary;
  std::vector<Timeline> timelines;  // of the example runs
  std::vector<std::pair<std::string, std::uint64_t>> unread_facts, unknown_effects;
  std::uint64_t unplaced_labels = 0;
  std::optional<GateVerdict> verdict;  // none: a replay without a gate
};

struct ReportOptions {
  std::string title, tool_version, corpus_path;
  std::uint32_t timelines = 24;        // runs shown event by event
  std::uint32_t timeline_events = 40;  // of each
};
Report MakeReport(const ReplayResult&, ReplaySummary, std::optional<GateVerdict>,
                  const ReportOptions&);

std::string RenderText(const Report&);
std::string RenderJson(const Report&);   // docs/schemas/report.schema.json
std::string RenderJUnit(const Report&);  // one test case per gate; without a gate, an empty suite
std::string RenderHtml(const Report&);   // one file, no network, light and dark, prints

enum class ReportFormat : std::uint8_t { kText, kJson, kJUnit, kHtml };
std::optional<ReportFormat> ParseReportFormat(std::string_view);  // "text", "json", "junit", "html"
std::string Render(const Report&, ReportFormat);

// "2026-10-01", "2026-10-01 12:00" in UTC; "12,345"; "12.3%".
std::string DateText(std::int64_t ms);
std::string TimeText(std::int64_t ms);
std::string CountText(std::uint64_t);
std::string PercentText(double share);

}  // namespace writ::evals
