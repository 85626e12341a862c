// The parts of a summary that are counted on their own walk.
#pragma once

#include <vector>

#include "writ/evals/measure.h"

namespace writ::evals {

void CountDisagreements(const ReplayResult&, const std::vector<bool>& shared, const SummaryOptions&,
                        ReplaySummary*);
void CountLabels(const ReplayResult&, ReplaySummary*);
void CountLoad(const ReplayResult&, ReplaySummary*);
void CountCoverage(const ReplayResult&, ReplaySummary*);
void CountUnknownFacts(const ReplayResult&, ReplaySummary*);

// Does the baseline's decision say what was recorded? REQUIRES: something was recorded.
bool AgreesWithRecord(const ReplayResult&, const EventRecord&);

}  // namespace writ::evals
