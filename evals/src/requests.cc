// One lane over the events, in the order of time: right whatever meters are keyed by. Where the
// memory for meters was too small it starts over, and what was visited is not visited again.
//
// Entry point: ForEachRequest.
#include "writ/evals/requests.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "lane.h"

namespace writ::evals {
namespace {

class RequestPass {
 public:
  RequestPass(const runtime::Table& table, const RequestOptions& options, std::size_t capacity)
      : options_(options), lane_(table, {capacity, false, options.recording_is_complete}) {}

  // False: the memory for meters did not do. `visited`: events that need no visit, and grows.
  std::expected<bool, CorpusError> Run(
      const EventSource& source, std::uint64_t* visited,
      const std::function<bool(const CorpusEvent&, const runtime::Request&)>& visit) {
    bool fits = true;
    const auto read = source.for_each(true, [&](const CorpusEvent& event) {
      if (done_ == 0) first_ms_ = event.at_ms;
      RunMemory& memory = memory_[std::string(event.run)];
      lane_.Decide(event, memory, first_ms_);
      if (++done_ > *visited) {
        *visited = done_;
        if (!visit(event, lane_.request())) return false;
        if (done_ % kProgressEvents == 0 && options_.progress)
          options_.progress(done_, source.event_count);
      }
      bool known = true;
      const bool took_effect = TookEffect(ParseEffect(event.effect, &known).kind);
      lane_.Commit(took_effect, took_effect);
      if (took_effect) lane_.Remember(event, memory);
      fits = !lane_.overflowed();
      return fits;
    });
    if (!read) return std::unexpected(read.error());
    return fits;
  }

  std::size_t meter_bytes() const { return lane_.meter_bytes(); }

 private:
  const RequestOptions& options_;
  Lane lane_;
  std::unordered_map<std::string, RunMemory> memory_;
  std::int64_t first_ms_ = 0;
  std::uint64_t done_ = 0;
};

}  // namespace

std::expected<void, ReplayError> ForEachRequest(
    const EventSource& source, const runtime::Table& table, const RequestOptions& options,
    const std::function<bool(const CorpusEvent&, const runtime::Request&)>& visit) {
  std::uint64_t visited = 0;
  for (std::size_t capacity = kFirstCapacity;; capacity *= 8) {
    RequestPass pass(table, options, capacity);
    const auto fits = pass.Run(source, &visited, visit);
    if (!fits) return std::unexpected(ReplayError{ReplayErrorCode::kCorpus, fits.error().message});
    if (*fits) break;
    if (pass.meter_bytes() * 8 > options.max_session_bytes) {
      return std::unexpected(ReplayError{ReplayErrorCode::kMeterMemory, kMetersTooLarge});
    }
  }
  if (options.progress) options.progress(visited, source.event_count);
  return {};
}

}  // namespace writ::evals
