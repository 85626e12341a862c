// A line on standard error that says how far a long task is. Silent for anything that takes less
// than a second, without a terminal, and under --quiet.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "context.h"

namespace writ::cli {

class Progress {
 public:
  Progress(const Context& context, std::string task) : context_(context), task_(std::move(task)) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `total` 0: not known. `unit`: what is counted, "events".
  void Update(std::uint64_t done, std::uint64_t total, const char* unit);

 private:
  using Clock = std::chrono::steady_clock;
  const Context& context_;
  std::string task_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
  bool shown_ = false;
};

}  // namespace writ::cli
