// Questions that past requests may answer, many in one pass over them.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "writ/compiler/past.h"
#include "writ/compiler/program.h"

namespace writ::compiler {

class PastProbes {
 public:
  struct Probe {
    CapabilityId capability;
    std::size_t bytes = 0;  // of memory that it holds on to
    std::function<bool(const runtime::Request&)> shows;
    std::function<void(std::string where)> found;  // "run R, event 17"; called at most once
  };

  // `requests` may be empty: then nothing is ever found.
  explicit PastProbes(const PastRequests& requests) : requests_(requests) {}

  // Asked with the others at the latest in Finish(); earlier where they take much memory together.
  void Add(Probe probe);
  void Finish();

 private:
  const PastRequests& requests_;
  std::vector<std::vector<Probe>> open_;  // by capability
  std::size_t bytes_ = 0;
};

}  // namespace writ::compiler
