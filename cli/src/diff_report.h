// The exact change between two tables, in the shapes in which people and machines want it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "certify.h"
#include "writ/analysis/exact_diff.h"
#include "writ/analysis/tuning.h"
#include "writ/evals/weigh.h"

namespace writ::cli {

struct DiffReport {
  std::string policy;  // of the newer table
  std::string old_version, new_version;
  std::string old_digest, new_digest;  // hexadecimal
  std::string path;                    // of the newer one, as given
  bool same_policy = true;             // both tables have one name: versions can be compared
  analysis::Step stated = analysis::Step::kNone, demanded = analysis::Step::kNone;
  analysis::ExactDiff diff;
  std::vector<std::string> declarations;  // changed ones, a line each
  std::vector<analysis::TunedThreshold> tuned;
  Certified certified;
  std::optional<evals::CorpusWeights> recorded;

  std::vector<std::pair<std::string, std::string>> given;  // of the only requests compared

  [[nodiscard]] bool restricted() const { return !given.empty(); }
  // The stated version says no less than what changed. Some requests alone are no measure of it.
  [[nodiscard]] bool step_suffices() const {
    return restricted() || !same_policy || stated >= demanded;
  }
};

// "2 loosened, 1 tightened"; "nothing".
[[nodiscard]] std::string ChangeCounts(const DiffReport&);
// "role = refund_agent, amount = 120 EUR"; empty where all requests are compared.
[[nodiscard]] std::string GivenSentence(const DiffReport&);
// "everything else is proved equal", or that of the requests compared.
[[nodiscard]] std::string EqualSentence(const DiffReport&);
// "stated minor, demanded major"; empty where there is nothing to compare.
[[nodiscard]] std::string StepSentence(const DiffReport&);
// "autonomy: 200 EUR -> 250 EUR, within what may be tuned (in 100 EUR..300 EUR)".
[[nodiscard]] std::string TunedSentence(const analysis::TunedThreshold&);
// "support_refunds.writ:49"; empty for rows that no author wrote.
[[nodiscard]] std::string PlaceOf(const analysis::DiffRow&);
// "1.2e+22 requests at most"; small numbers as they are; empty where they were not counted.
[[nodiscard]] std::string SizeSentence(const analysis::DiffRegion&);

[[nodiscard]] std::string DiffText(const DiffReport&);
[[nodiscard]] std::string DiffMarkdown(const DiffReport&);
[[nodiscard]] std::string DiffJson(const DiffReport&);
[[nodiscard]] std::string DiffSarif(const DiffReport&);
[[nodiscard]] std::string DiffHtml(const DiffReport&);

}  // namespace writ::cli
