// What the benchmarks share.
#pragma once

#include <string>
#include <vector>

#include "generator.h"
#include "writ/runtime/decide.h"

namespace writ::bench {

// A sample as a request to a table that has the policy's facts, by name: the role is `worker`, and
// an input that the policy does not mention is given.
class RequestOfSample {
 public:
  RequestOfSample(const Policy&, const runtime::Table&, const Sample&);
  RequestOfSample(const RequestOfSample&) = delete;
  RequestOfSample& operator=(const RequestOfSample&) = delete;
  const runtime::Request& get() const { return request_; }

 private:
  std::vector<std::string> texts_;
  std::vector<runtime::Value> values_;
  runtime::Request request_;
};

void RegisterCompileBenchmarks();
void RegisterReplayBenchmarks();
void RegisterHouseBenchmarks();
void RegisterDiffBenchmarks();
void RegisterQuestionBenchmarks();
// The policy through its text and the compiler; empty if that fails.
std::vector<unsigned char> CompileToBytes(const Policy&);

}  // namespace writ::bench
