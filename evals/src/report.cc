// What every form of a report is made from: a summary, a verdict, and the example runs event by
// event.
//
// Entry point: MakeReport. The renderers only lay out; whatever is counted or chosen is done here
// or before.
#include "writ/evals/report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "measure_parts.h"
#include "report_parts.h"

namespace writ::evals {
namespace {

std::string EffectText(EffectKind effect) {
  switch (effect) {
    case EffectKind::kUnrecorded:
      return "not recorded";
    case EffectKind::kExecuted:
      return "executed";
    case EffectKind::kApproved:
      return "approved";
    case EffectKind::kRefused:
      return "refused";
    case EffectKind::kFailed:
      return "failed";
    case EffectKind::kNoted:
      return "noted";
  }
  return {};
}

TimelineEvent MakeEvent(const ReplayResult& result, const RunRecord& run, std::uint32_t index) {
  const EventRecord& record = result.records[index];
  const Shape& shape = result.shapes[record.shape];
  TimelineEvent event;
  event.event = record.event;
  event.at_ms = record.at_ms;
  event.capability = shape.capability;
  event.observed = result.observed[record.observed];
  event.effect = EffectText(record.effect);
  event.baseline = DecisionText(result.lane[0], shape.lane[0].decision);
  event.candidate = DecisionText(result.lane[1], shape.lane[1].decision);
  event.candidate_words = RowText(result.lane[1], shape.lane[1].decision);
  event.direction = shape.direction;
  event.counterfactual = !record.evidence();
  event.unknown = shape.unknown();
  event.bound = run.bound[1] == index;
  return event;
}

// All events of a run, or of a long one those around its first difference.
Timeline MakeTimeline(const ReplayResult& result, const RunRecord& run, std::uint32_t limit) {
  Timeline timeline;
  timeline.run = run.run;
  std::uint32_t first = run.first;
  if (run.count > limit && run.first_difference != kNoIndex) {
    const std::uint32_t before = limit / 2;
    first = std::max(run.first, run.first_difference - std::min(before, run.first_difference));
    first = std::min(first, run.first + run.count - limit);
  }
  const std::uint32_t last = std::min(run.first + run.count, first + limit);
  for (std::uint32_t i = first; i < last; ++i) timeline.events.push_back(MakeEvent(result, run, i));
  timeline.left_out = run.count - (last - first);
  return timeline;
}

std::vector<std::string> ExampleRuns(const Report& report, std::uint32_t limit) {
  std::vector<std::string> runs;
  std::set<std::string> seen;
  const auto add = [&](const std::string& run) {
    if (runs.size() < limit && seen.insert(run).second) runs.push_back(run);
  };
  if (report.verdict) {
    for (const GateResult& gate : report.verdict->gates) {
      if (!gate.example_runs.empty()) add(gate.example_runs.front());
    }
  }
  for (std::size_t i = 0; i < 8; ++i) {  // the first of each change before the second of any
    for (const Change& change : report.summary.changes) {
      if (i < change.examples.size()) add(change.examples[i].run);
    }
  }
  return runs;
}

}  // namespace

Report MakeReport(const ReplayResult& result, ReplaySummary summary,
                  std::optional<GateVerdict> verdict, const ReportOptions& options) {
  Report report;
  report.title = options.title;
  report.tool_version = options.tool_version;
  report.corpus_path = options.corpus_path;
  report.horizon = result.horizon;
  report.by_time = result.by_time;
  report.corpus_digest = result.corpus_digest;
  report.lane = result.lane;
  report.first_ms = result.first_ms;
  report.last_ms = result.last_ms;
  report.summary = std::move(summary);
  report.verdict = std::move(verdict);
  report.unread_facts.assign(result.unread_facts.begin(), result.unread_facts.end());
  report.unknown_effects.assign(result.unknown_effects.begin(), result.unknown_effects.end());
  report.unplaced_labels = result.unplaced_labels;
  const std::vector<std::string> wanted = ExampleRuns(report, options.timelines);
  const std::set<std::string> names(wanted.begin(), wanted.end());
  std::map<std::string, const RunRecord*> found;
  for (const RunRecord& run : result.runs) {
    if (names.contains(run.run)) found[run.run] = &run;
  }
  for (const std::string& name : wanted) {
    if (found.contains(name))
      report.timelines.push_back(MakeTimeline(result, *found[name], options.timeline_events));
  }
  return report;
}

std::string DateText(std::int64_t ms) {
  const auto day = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(ms)));
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string TimeText(std::int64_t ms) {
  const std::int64_t minutes = (ms >= 0 ? ms : ms - 59'999) / 60'000;
  const std::int64_t of_day = ((minutes % 1440) + 1440) % 1440;
  return fmt::format("{} {:02}:{:02}", DateText(ms), of_day / 60, of_day % 60);
}

std::string CountText(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

// Two significant digits below one percent, so that a rare thing never reads as nothing.
std::string PercentText(double share) {
  const double percent = share * 100.0;
  if (percent == std::floor(percent)) return fmt::format("{:.0f}%", percent);
  const double distance = std::min(percent, 100.0 - percent);
  int decimals = 1;
  for (double scale = 1.0; decimals < 6 && distance < scale; scale /= 10.0) ++decimals;
  std::string text = fmt::format("{:.{}f}", percent, decimals);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + "%";
}

std::string CleanUtf8(std::string_view text) {
  static constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte < 0x80                   ? 1
                               : byte >= 0xC2 && byte < 0xE0 ? 2
                               : byte >= 0xE0 && byte < 0xF0 ? 3
                               : byte >= 0xF0 && byte < 0xF5 ? 4
                                                             : 0;
    std::uint32_t code = length == 1 ? byte : length == 0 ? 0 : byte & (0x7Fu >> length);
    bool valid = length != 0 && i + length <= text.size();
    for (std::size_t k = 1; valid && k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      valid = (next & 0xC0) == 0x80;
      code = code << 6 | (next & 0x3Fu);
    }
    // Overlong forms, surrogates, and what XML 1.0 has no place for.
    valid = valid && !(length == 3 && code < 0x800) && !(length == 4 && code < 0x10000) &&
            code <= 0x10FFFF && !(code >= 0xD800 && code < 0xE000) && code != 0xFFFE &&
            code != 0xFFFF && (code >= 0x20 || code == '\n' || code == '\t') && code != 0x7F;
    if (valid) {
      clean.append(text.substr(i, length));
      i += length;
    } else {
      clean.append(kReplacement);
      ++i;
    }
  }
  return clean;
}

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : CleanUtf8(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string_view HorizonQuestion(Horizon horizon) {
  return horizon == Horizon::kRun ? "What would have happened? Each policy counts what its own "
                                    "decisions let happen; a run is evidence up to "
                                    "the first decision that does not fit what was recorded."
                                  : "What would each policy say of every event as history recorded "
                                    "it? Meters count what was recorded.";
}

std::string ChangeSentence(const ReplaySummary& summary) {
  const auto count = [&](Direction d) {
    return summary.by_direction[static_cast<std::size_t>(d)].events;
  };
  const std::uint64_t loosened = count(Direction::kLoosened),
                      tightened = count(Direction::kTightened),
                      rerouted = count(Direction::kRerouted),
                      changed = loosened + tightened + rerouted;
  if (changed == 0) return "Every recorded request is decided as before.";
  if (changed == std::max({loosened, tightened, rerouted})) {
    return fmt::format("{} of {} recorded requests {} {}; all others are decided as before.",
                       CountText(changed), CountText(summary.evidence.events),
                       changed == 1 ? "is" : "are",
                       loosened > 0    ? "loosened"
                       : tightened > 0 ? "tightened"
                                       : "re-routed");
  }
  std::string kinds;
  const auto add = [&kinds](std::uint64_t n, std::string_view word) {
    if (n > 0) kinds += (kinds.empty() ? "" : ", ") + CountText(n) + " " + std::string(word);
  };
  add(loosened, "loosened");
  add(tightened, "tightened");
  add(rerouted, "re-routed");
  return fmt::format("{} of {} recorded requests {} decided otherwise: {}.", CountText(changed),
                     CountText(summary.evidence.events), changed == 1 ? "is" : "are", kinds);
}

std::optional<ReportFormat> ParseReportFormat(std::string_view name) {
  if (name == "text") return ReportFormat::kText;
  if (name == "json") return ReportFormat::kJson;
  if (name == "junit") return ReportFormat::kJUnit;
  if (name == "html") return ReportFormat::kHtml;
  return std::nullopt;
}

std::string Render(const Report& report, ReportFormat format) {
  switch (format) {
    case ReportFormat::kText:
      return RenderText(report);
    case ReportFormat::kJson:
      return RenderJson(report);
    case ReportFormat::kJUnit:
      return RenderJUnit(report);
    case ReportFormat::kHtml:
      return RenderHtml(report);
  }
  return {};
}

}  // namespace writ::evals
