// A policy compiled and replayed over a corpus, for tests that look at single runs.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "support/command.h"
#include "writ/evals/replay.h"

namespace writ::e2e {

using namespace command;

class Replayed {
 public:
  Replayed(const std::string& policy, const std::string& corpus_path, evals::Horizon horizon) {
    const std::string table_path = corpus_path + ".wtb";
    const Result built = Writ({"build", policy, "-o", table_path});
    if (built.exit != 0) {
      error_ = built.err;
      return;
    }
    const std::string bytes = Read(table_path);
    bytes_.assign(bytes.begin(), bytes.end());
    runtime::Table::Open(bytes_.data(), bytes_.size(), &table_);
    const auto corpus = evals::Corpus::Open(corpus_path);
    if (!corpus) {
      error_ = corpus.error().message;
      return;
    }
    if (auto labels = corpus->Labels()) labels_ = *std::move(labels);
    evals::ReplayOptions options;
    options.horizon = horizon;
    options.recording_is_complete = true;
    auto result = evals::Replay(*corpus, table_, table_, options);
    if (!result) {
      error_ = result.error().message;
      return;
    }
    result_ = std::make_unique<evals::ReplayResult>(std::move(*result));
  }

  bool ok() const { return result_ != nullptr; }
  const std::string& error() const { return error_; }
  const evals::ReplayResult& result() const { return *result_; }

  // Of all runs, also of those without events.
  const std::vector<evals::CorpusLabel>& labels() const { return labels_; }

  std::set<std::string> RunsInside(const std::string& reason) const {
    const auto runs =
        evals::RunsOf(*result_, evals::RecordsInside(*result_, evals::LaneId::kCandidate, reason));
    return {runs.begin(), runs.end()};
  }

 private:
  std::string error_;
  std::vector<unsigned char> bytes_;
  runtime::Table table_;
  std::vector<evals::CorpusLabel> labels_;
  std::unique_ptr<evals::ReplayResult> result_;
};

}  // namespace writ::e2e
