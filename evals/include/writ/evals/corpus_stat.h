// What is in a corpus: what `writ corpus stat` prints.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "writ/evals/corpus.h"

namespace writ::evals {

struct Count {
  std::string name;
  std::uint64_t count = 0;
};  // name empty: not recorded
struct LabelCount {
  std::string name, value;
  std::uint64_t runs = 0, events = 0;
};  // labels of whole runs; of events
// How many events of the capability carry the fact, and for how many it was said to be missing.
struct FactCount {
  std::string capability, fact;
  std::uint64_t events = 0, given = 0, said_missing = 0;
};

struct CorpusStat {
  std::string digest, source, licence, mapping, mapping_digest;
  std::uint64_t lines = 0, runs = 0, events = 0, facts = 0, labels = 0, clusters = 0;
  std::uint64_t largest_cluster_runs = 0, most_events_of_a_run = 0, runs_without_events = 0;
  std::optional<std::int64_t> first_ms, last_ms;              // of the events; none without events
  std::vector<Count> capabilities, roles, observed, effects;  // most frequent first
  std::vector<LabelCount>
      label_counts;  // at most kMaxLabelValues values of one name, the most frequent
  std::vector<FactCount> fact_counts;  // by capability and fact
};
inline constexpr std::size_t kMaxLabelValues = 20;

std::expected<CorpusStat, CorpusError> StatCorpus(const Corpus& corpus);

std::string RenderText(const CorpusStat& stat);
std::string RenderJson(const CorpusStat& stat);

}  // namespace writ::evals
