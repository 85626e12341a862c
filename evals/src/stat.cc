// Counting what a corpus holds, in SQL, and printing it. Entry points: `StatCorpus` and
// `RenderText`.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "values_time.h"
#include "writ/evals/corpus_stat.h"

namespace writ::evals {
namespace {

using Rows = std::vector<std::vector<std::string>>;
using Done = std::expected<void, CorpusError>;

std::uint64_t Number(const std::string& text) { return std::strtoull(text.c_str(), nullptr, 10); }

class StatReader {
 public:
  explicit StatReader(const Corpus& corpus) : corpus_(corpus) {}

  Done All(CorpusStat& stat) {
    if (auto done = Totals(stat); !done) return done;
    if (auto done = By("capability", stat.capabilities); !done) return done;
    if (auto done = By("role", stat.roles); !done) return done;
    if (auto done = By("observed", stat.observed); !done) return done;
    if (auto done = By("effect", stat.effects); !done) return done;
    if (auto done = Labels(stat); !done) return done;
    return Facts(stat);
  }

 private:
  Done Totals(CorpusStat& stat) {
    const auto rows = corpus_.Query(
        "SELECT (SELECT count(*) FROM main.facts), (SELECT count(*) FROM main.labels),"
        " (SELECT count(DISTINCT cluster) FROM main.runs),"
        " (SELECT max(n) FROM (SELECT count(*) AS n FROM main.runs GROUP BY cluster)),"
        " (SELECT max(n) FROM (SELECT count(*) AS n FROM main.events GROUP BY run)),"
        " (SELECT count(*) FROM main.runs r WHERE NOT EXISTS (SELECT 1 FROM main.events e WHERE "
        "e.run = r.run)),"
        " (SELECT min(at) FROM main.events), (SELECT max(at) FROM main.events)");
    if (!rows) return std::unexpected(rows.error());
    const std::vector<std::string>& row = rows->front();
    stat.facts = Number(row[0]);
    stat.labels = Number(row[1]);
    stat.clusters = Number(row[2]);
    stat.largest_cluster_runs = Number(row[3]);
    stat.most_events_of_a_run = Number(row[4]);
    stat.runs_without_events = Number(row[5]);
    if (!row[6].empty()) stat.first_ms = std::strtoll(row[6].c_str(), nullptr, 10);
    if (!row[7].empty()) stat.last_ms = std::strtoll(row[7].c_str(), nullptr, 10);
    return {};
  }

  Done By(const std::string& column, std::vector<Count>& counts) {
    const auto rows =
        corpus_.Query("SELECT " + column + ", count(*) AS n FROM main.events GROUP BY " + column +
                      " ORDER BY n DESC, " + column);
    if (!rows) return std::unexpected(rows.error());
    for (const auto& row : *rows) counts.push_back({row[0], Number(row[1])});
    return {};
  }

  Done Labels(CorpusStat& stat) {
    const auto rows = corpus_.Query(
        "SELECT name, value, sum(event IS NULL), sum(event IS NOT NULL) FROM"
        " (SELECT *, dense_rank() OVER (PARTITION BY name ORDER BY n DESC, value) AS place FROM"
        "  (SELECT name, value, event, count(*) OVER (PARTITION BY name, value) AS n FROM "
        "main.labels))"
        " WHERE place <= " +
        std::to_string(kMaxLabelValues) +
        " GROUP BY name, value ORDER BY name, count(*) DESC, value");
    if (!rows) return std::unexpected(rows.error());
    for (const auto& row : *rows)
      stat.label_counts.push_back({row[0], row[1], Number(row[2]), Number(row[3])});
    return {};
  }

  Done Facts(CorpusStat& stat) {
    const auto rows = corpus_.Query(
        "SELECT capability, name, sum(missing = 0), sum(missing) FROM main.facts JOIN main.events "
        "USING (event)"
        " GROUP BY capability, name ORDER BY capability, name");
    if (!rows) return std::unexpected(rows.error());
    for (const auto& row : *rows) {
      const auto events = std::find_if(stat.capabilities.begin(), stat.capabilities.end(),
                                       [&row](const Count& count) { return count.name == row[0]; });
      stat.fact_counts.push_back({row[0], row[1],
                                  events == stat.capabilities.end() ? 0 : events->count,
                                  Number(row[2]), Number(row[3])});
    }
    return {};
  }

  const Corpus& corpus_;
};

std::string Percentage(std::uint64_t part, std::uint64_t whole) {
  std::array<char, 32> text{};
  const double share =
      whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  const int size = std::snprintf(text.data(), text.size(), "%5.1f %%", share);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string RightAligned(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

void RenderCounts(std::string& text, const char* title, const std::vector<Count>& counts,
                  std::uint64_t whole) {
  if (counts.empty()) return;
  text += std::string(title) + "\n";
  for (const Count& count : counts) {
    text += "    " + RightAligned(count.name.empty() ? "(not recorded)" : count.name, 36) + "  " +
            RightAligned(std::to_string(count.count), 9) + Percentage(count.count, whole) + "\n";
  }
}

nlohmann::json JsonCounts(const std::vector<Count>& counts) {
  nlohmann::json list = nlohmann::json::array();
  for (const Count& count : counts) {
    nlohmann::json name = count.name;
    if (count.name.empty()) name = nullptr;
    list.push_back({{"name", name}, {"count", count.count}});
  }
  return list;
}

nlohmann::json JsonTime(const std::optional<std::int64_t>& ms) {
  if (!ms) return nullptr;
  return FormatTime(*ms);
}

}  // namespace

std::expected<CorpusStat, CorpusError> StatCorpus(const Corpus& corpus) {
  CorpusStat stat;
  stat.digest = corpus.digest();
  stat.source = corpus.Meta("source");
  stat.licence = corpus.Meta("licence");
  stat.mapping = corpus.Meta("mapping");
  stat.mapping_digest = corpus.Meta("mapping_digest");
  stat.lines = Number(corpus.Meta("lines"));
  stat.runs = corpus.run_count();
  stat.events = corpus.event_count();
  if (auto done = StatReader(corpus).All(stat); !done) return std::unexpected(done.error());
  return stat;
}

std::string RenderText(const CorpusStat& stat) {
  std::string text = "corpus " + stat.digest + "\n";
  if (!stat.source.empty()) text += "source " + stat.source + "\n";
  if (!stat.licence.empty()) text += "licence " + stat.licence + "\n";
  text += "mapping " + stat.mapping + " " + stat.mapping_digest.substr(0, 12) + "\n";
  text += std::to_string(stat.lines) + " lines, " + std::to_string(stat.runs) + " runs in " +
          std::to_string(stat.clusters) +
          " clusters (largest: " + std::to_string(stat.largest_cluster_runs) + " runs), " +
          std::to_string(stat.events) +
          " events (most in one run: " + std::to_string(stat.most_events_of_a_run) + "; " +
          std::to_string(stat.runs_without_events) + " runs without), " +
          std::to_string(stat.facts) + " facts, " + std::to_string(stat.labels) + " labels\n";
  if (stat.first_ms && stat.last_ms) {
    text += "from " + FormatTime(*stat.first_ms) + " to " + FormatTime(*stat.last_ms) + "\n";
  }
  RenderCounts(text, "capabilities", stat.capabilities, stat.events);
  RenderCounts(text, "roles", stat.roles, stat.events);
  RenderCounts(text, "decided then", stat.observed, stat.events);
  RenderCounts(text, "effects", stat.effects, stat.events);
  if (!stat.label_counts.empty()) text += "labels (runs, events)\n";
  for (const LabelCount& label : stat.label_counts) {
    text += "    " + RightAligned(label.name + " = " + label.value, 48) + "  " +
            RightAligned(std::to_string(label.runs), 9) + std::to_string(label.events) + "\n";
  }
  if (!stat.fact_counts.empty()) text += "facts (given, said to be missing, of events)\n";
  for (const FactCount& fact : stat.fact_counts) {
    text += "    " + RightAligned(fact.capability + "  " + fact.fact, 48) + "  " +
            RightAligned(std::to_string(fact.given), 9) +
            RightAligned(std::to_string(fact.said_missing), 9) + std::to_string(fact.events) + "\n";
  }
  return text;
}

std::string RenderJson(const CorpusStat& stat) {
  nlohmann::json labels = nlohmann::json::array();
  for (const LabelCount& label : stat.label_counts) {
    labels.push_back({{"name", label.name},
                      {"value", label.value},
                      {"runs", label.runs},
                      {"events", label.events}});
  }
  nlohmann::json facts = nlohmann::json::array();
  for (const FactCount& fact : stat.fact_counts) {
    facts.push_back({{"capability", fact.capability},
                     {"fact", fact.fact},
                     {"events", fact.events},
                     {"given", fact.given},
                     {"said_missing", fact.said_missing}});
  }
  const nlohmann::json json = {{"digest", stat.digest},
                               {"source", stat.source},
                               {"licence", stat.licence},
                               {"mapping", stat.mapping},
                               {"mapping_digest", stat.mapping_digest},
                               {"lines", stat.lines},
                               {"runs", stat.runs},
                               {"events", stat.events},
                               {"facts", stat.facts},
                               {"labels", stat.labels},
                               {"clusters", stat.clusters},
                               {"largest_cluster_runs", stat.largest_cluster_runs},
                               {"most_events_of_a_run", stat.most_events_of_a_run},
                               {"runs_without_events", stat.runs_without_events},
                               {"first", JsonTime(stat.first_ms)},
                               {"last", JsonTime(stat.last_ms)},
                               {"capabilities", JsonCounts(stat.capabilities)},
                               {"roles", JsonCounts(stat.roles)},
                               {"observed", JsonCounts(stat.observed)},
                               {"effects", JsonCounts(stat.effects)},
                               {"label_counts", labels},
                               {"fact_counts", facts}};
  // A corpus may hold any bytes; JSON may not.
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace writ::evals
