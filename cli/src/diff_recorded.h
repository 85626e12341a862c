// How much of a corpus lies in the regions of a comparison, in the words that all its forms share.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "diff_report.h"

namespace writ::cli {

// Regions of one direction by what was recorded in them, most first; as they were where that is
// equal. REQUIRES: report.recorded.
void SortByWeight(DiffReport*);

// "33 of 4,755 recorded events change, in 33 of 2,000 runs (corpus 1f1db8877e36); all of them lie
// in the regions below, and 3 leaned on a missing fact". REQUIRES: report.recorded.
[[nodiscard]] std::string RecordedSentence(const DiffReport&);
// Of a region: "15 events in 15 runs, 45.5% of what changes; 3 leaned on a missing fact"; "none".
[[nodiscard]] std::string WeightSentence(const DiffReport&, const evals::Weight&);
// Of what changes, in per cent: "45.5".
[[nodiscard]] std::string WeightShare(const DiffReport&, const evals::Weight&);
// What changes and lies in no region, a line each; none where nothing was recorded, or asked for.
[[nodiscard]] std::vector<std::string> ElsewhereLines(const DiffReport&);

[[nodiscard]] nlohmann::ordered_json WeightJson(const evals::Weight&);
[[nodiscard]] nlohmann::ordered_json RecordedJson(const evals::CorpusWeights&);

}  // namespace writ::cli
