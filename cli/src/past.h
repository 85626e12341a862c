// What `replay`, `gate` and `diff` share: two tables, a corpus, and the replay of one through the
// others.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "context.h"
#include "load.h"
#include "writ/evals/replay.h"

namespace writ::cli {

struct ReplayInputs {
  std::string baseline, candidate, corpus;
};  // candidate empty: the baseline again

struct Past {
  std::unique_ptr<LoadedTable> baseline, candidate;
  evals::ReplayResult result;
};
std::expected<Past, Exit> ReplayPast(const Context&, const ReplayInputs&, evals::ReplayOptions);

// The corpus of this path through two tables.
std::expected<evals::ReplayResult, Exit> ReplayCorpus(const Context&, const std::string& corpus,
                                                      const runtime::Table& baseline,
                                                      const runtime::Table& candidate,
                                                      evals::ReplayOptions);

// The exit code for a corpus that cannot be used, after saying why. Its message names the file
// itself.
Exit FailCorpus(const Context&, const evals::CorpusError&);

}  // namespace writ::cli
