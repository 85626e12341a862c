#include "progress.h"

#include <fmt/format.h>

#include <ostream>

namespace writ::cli {
namespace {
constexpr auto kFirst = std::chrono::seconds(1);           // shorter tasks need no progress
constexpr auto kBetween = std::chrono::milliseconds(200);  // fast enough to look alive
}  // namespace

void Progress::Update(std::uint64_t done, std::uint64_t total, const char* unit) {
  if (!context_.progress || context_.quiet) return;
  const auto now = Clock::now();
  if (now - start_ < kFirst || now - last_ < kBetween) return;
  last_ = now;
  shown_ = true;
  const double share = total == 0 ? 0.0 : static_cast<double>(done) / static_cast<double>(total);
  const double seconds = std::chrono::duration<double>(now - start_).count();
  if (total == 0) {
    context_.err << fmt::format("\r\033[K{}: {} {}", task_, done, unit);
  } else {
    const double left = share > 0 ? seconds / share - seconds : 0;
    context_.err << fmt::format("\r\033[K{}: {:.0f}% of {} {}, about {:.0f} s left", task_,
                                share * 100, total, unit, left);
  }
  context_.err.flush();
}

Progress::~Progress() {
  if (shown_) {
    context_.err << "\r\033[K";
    context_.err.flush();
  }
}

}  // namespace writ::cli
