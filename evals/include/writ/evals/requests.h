// Past events as the requests that a table would be asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>

#include "writ/evals/replay.h"
#include "writ/runtime/decide.h"
#include "writ/runtime/table.h"

namespace writ::evals {

struct RequestOptions {
  std::size_t max_session_bytes = 1u << 30;  // memory for meters; beyond: kMeterMemory
  bool recording_is_complete = false;        // as for ReplayOptions
  std::function<void(std::uint64_t done, std::uint64_t total)>
      progress;  // may be empty; called every 65,536 events
};

// Calls `visit` with each event as history recorded it, in the order of time: its facts, inputs
// worked out from its arguments, evidence that its run had brought, and meters that count what was
// recorded (Horizon::kEvent). The request lives until `visit` returns, which ends it all with
// false.
std::expected<void, ReplayError> ForEachRequest(
    const EventSource&, const runtime::Table&, const RequestOptions&,
    const std::function<bool(const CorpusEvent&, const runtime::Request&)>& visit);

}  // namespace writ::evals
