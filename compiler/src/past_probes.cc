// A probe is dropped with the first request that answers it, so that a pass becomes faster as it
// goes. Entry points: PastProbes::Add, PastProbes::Finish.
#include "past_probes.h"

#include <algorithm>
#include <utility>

namespace writ::compiler {

namespace {

constexpr std::size_t kMostProbeBytes = std::size_t{64} << 20;  // then they are asked

}  // namespace

void PastProbes::Add(Probe probe) {
  if (!requests_) return;
  if (open_.size() <= probe.capability.value) open_.resize(probe.capability.value + 1);
  bytes_ += probe.bytes;
  open_[probe.capability.value].push_back(std::move(probe));
  if (bytes_ > kMostProbeBytes) Finish();
}

void PastProbes::Finish() {
  std::size_t left = 0;
  for (const auto& probes : open_) left += probes.size();
  if (left == 0) return;
  requests_([&](const PastRequest& past) {
    const CapabilityId capability = past.request.capability;
    if (capability.value >= open_.size()) return true;
    left -= std::erase_if(open_[capability.value], [&](const Probe& probe) {
      if (!probe.shows(past.request)) return false;
      probe.found("run " + std::string(past.run) + ", event " + std::to_string(past.event));
      return true;
    });
    return left > 0;
  });
  open_.clear();
  bytes_ = 0;
}

}  // namespace writ::compiler
