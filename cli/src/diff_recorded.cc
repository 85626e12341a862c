// Entry points: SortByWeight, RecordedSentence, WeightSentence, ElsewhereLines, RecordedJson.
#include "diff_recorded.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "writ/evals/report.h"

namespace writ::cli {

using evals::CorpusWeights;
using evals::CountText;
using evals::Weight;
using evals::WeightElsewhere;
using nlohmann::ordered_json;

namespace {

constexpr std::size_t kDigestDigits = 12;

std::string EventCount(std::uint64_t n) { return CountText(n) + (n == 1 ? " event" : " events"); }
std::string RunCount(std::uint64_t n) { return CountText(n) + (n == 1 ? " run" : " runs"); }

std::uint64_t EventsElsewhere(const CorpusWeights& recorded) {
  std::uint64_t events = 0;
  for (const WeightElsewhere& one : recorded.elsewhere) events += one.weight.events;
  return events;
}

std::string What(const WeightElsewhere& one) {
  if (one.capability.empty()) return "further pairs of rows";
  if (one.obligations) return one.capability + " is decided alike, with other obligations";
  return fmt::format("{}: {} -> {}", one.capability, one.before, one.after);
}

}  // namespace

void SortByWeight(DiffReport* report) {
  std::vector<analysis::DiffRegion>& regions = report->diff.regions;
  std::vector<Weight>& weights = report->recorded->regions;
  std::vector<std::size_t> order(regions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t i, std::size_t j) {
    return std::pair(regions[i].direction, weights[i].events) >
           std::pair(regions[j].direction, weights[j].events);
  });
  std::vector<analysis::DiffRegion> sorted;
  std::vector<Weight> sorted_weights;
  for (const std::size_t i : order) {
    sorted.push_back(std::move(regions[i]));
    sorted_weights.push_back(weights[i]);
  }
  regions = std::move(sorted);
  weights = std::move(sorted_weights);
}

std::string RecordedSentence(const DiffReport& report) {
  const CorpusWeights& recorded = *report.recorded;
  const Weight &all = recorded.replayed, &compared = recorded.compared, &changed = recorded.changed;
  const bool part = compared.events != all.events;
  std::string text = fmt::format(
      "{} of {} recorded events{} change, in {} of {} (corpus {}{})", CountText(changed.events),
      CountText(compared.events), part ? " that are compared" : "", CountText(changed.runs),
      RunCount(compared.runs), recorded.corpus_digest.substr(0, kDigestDigits),
      part ? fmt::format(": {} in {}", EventCount(all.events), RunCount(all.runs)) : "");
  if (changed.events == 0) return text;
  const std::uint64_t elsewhere = EventsElsewhere(recorded);
  text += elsewhere == 0 ? "; all of them lie in the regions below"
                         : fmt::format("; {} of them lie in no region", CountText(elsewhere));
  if (changed.leaned_on != 0)
    text += fmt::format(", and {} leaned on a missing fact", CountText(changed.leaned_on));
  return text;
}

std::string WeightShare(const DiffReport& report, const Weight& weight) {
  const auto all = static_cast<double>(report.recorded->changed.events);
  return fmt::format("{:.1f}", all == 0 ? 0 : 100 * static_cast<double>(weight.events) / all);
}

std::string WeightSentence(const DiffReport& report, const Weight& weight) {
  if (weight.events == 0) return "none";
  std::string text = fmt::format("{} in {}, {}% of what changes", EventCount(weight.events),
                                 RunCount(weight.runs), WeightShare(report, weight));
  if (weight.leaned_on != 0)
    text += fmt::format("; {} leaned on a missing fact", CountText(weight.leaned_on));
  return text;
}

std::vector<std::string> ElsewhereLines(const DiffReport& report) {
  std::vector<std::string> lines;
  if (!report.recorded) return lines;
  for (const WeightElsewhere& one : report.recorded->elsewhere)
    lines.push_back(What(one) + ": " + WeightSentence(report, one.weight));
  return lines;
}

ordered_json WeightJson(const Weight& weight) {
  return {
      {"events", weight.events}, {"runs", weight.runs}, {"leaned_on_missing", weight.leaned_on}};
}

ordered_json RecordedJson(const CorpusWeights& recorded) {
  ordered_json elsewhere = ordered_json::array();
  for (const WeightElsewhere& one : recorded.elsewhere) {
    ordered_json entry{{"capability", one.capability},
                       {"change", one.capability.empty() ? "further"
                                  : one.obligations      ? "obligations"
                                                         : "decision"}};
    if (!one.before.empty()) {
      entry["before"] = one.before;
      entry["after"] = one.after;
    }
    entry["recorded"] = WeightJson(one.weight);
    elsewhere.push_back(std::move(entry));
  }
  return {{"sha256", recorded.corpus_digest},
          {"horizon", evals::HorizonName(evals::Horizon::kEvent)},
          {"replayed", WeightJson(recorded.replayed)},
          {"compared", WeightJson(recorded.compared)},
          {"changed", WeightJson(recorded.changed)},
          {"in_no_region", std::move(elsewhere)}};
}

}  // namespace writ::cli
