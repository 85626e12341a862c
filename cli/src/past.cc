#include "past.h"

#include <fmt/format.h>

#include "progress.h"

namespace writ::cli {

Exit FailCorpus(const Context& context, const evals::CorpusError& error) {
  switch (error.code) {
    case evals::CorpusErrorCode::kDigestMismatch:
      return context.Fail(Exit::kDigest, error.message, "import the corpus again from its source");
    case evals::CorpusErrorCode::kBadJson:
    case evals::CorpusErrorCode::kTooLarge:
      return context.Fail(Exit::kFiles, error.message,
                          "mend that line of the runs, or leave it out");
    case evals::CorpusErrorCode::kBadMapping:
    case evals::CorpusErrorCode::kNullValue:
    case evals::CorpusErrorCode::kDoubledEvent:
    case evals::CorpusErrorCode::kBadRow:
      return context.Fail(Exit::kFiles, error.message,
                          "mend the mapping; docs/evals.md describes each table it fills");
    case evals::CorpusErrorCode::kNotACorpus:
      return context.Fail(Exit::kFiles, error.message,
                          "make a corpus with: writ corpus import RUNS --map MAPPING -o DB");
    case evals::CorpusErrorCode::kOpen:
    case evals::CorpusErrorCode::kRead:
    case evals::CorpusErrorCode::kWrite:
      break;
  }
  return context.Fail(Exit::kFiles, error.message,
                      "check the path, its permissions and the space on the disk");
}

std::expected<Past, Exit> ReplayPast(const Context& context, const ReplayInputs& inputs,
                                     evals::ReplayOptions options) {
  Past past;
  auto baseline = LoadTable(context, inputs.baseline);
  if (!baseline) return std::unexpected(baseline.error());
  auto candidate =
      LoadTable(context, inputs.candidate.empty() ? inputs.baseline : inputs.candidate);
  if (!candidate) return std::unexpected(candidate.error());
  past.baseline = std::move(*baseline);
  past.candidate = std::move(*candidate);

  auto result =
      ReplayCorpus(context, inputs.corpus, past.baseline->table, past.candidate->table, options);
  if (!result) return std::unexpected(result.error());
  past.result = std::move(*result);
  return past;
}

std::expected<evals::ReplayResult, Exit> ReplayCorpus(const Context& context,
                                                      const std::string& path,
                                                      const runtime::Table& baseline,
                                                      const runtime::Table& candidate,
                                                      evals::ReplayOptions options) {
  const auto corpus = evals::Corpus::Open(path);
  if (!corpus) return std::unexpected(FailCorpus(context, corpus.error()));
  Progress progress(context, "replaying");
  options.progress = [&progress](std::uint64_t done, std::uint64_t total) {
    progress.Update(done, total, "events");
  };
  auto result = evals::Replay(*corpus, baseline, candidate, options);
  if (!result) {
    return std::unexpected(context.Fail(Exit::kFiles, result.error().message,
                                        "writ corpus check says what the tables can read of it"));
  }
  return std::move(*result);
}

}  // namespace writ::cli
