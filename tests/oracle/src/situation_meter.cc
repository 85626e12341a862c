// M9: a meter is what a scan of all committed events gives.
#include <algorithm>
#include <vector>

#include "situation.h"

namespace writ::oracle {
namespace {

void AddIfNew(std::vector<Value>& values, const std::optional<Value>& value) {
  if (value && std::ranges::none_of(values, [&](const Value& v) { return Equal(v, *value); }))
    values.push_back(*value);
}

}  // namespace

// M9.2: keys are read as given, whether or not the evidence they come from is fresh.
std::optional<Value> Situation::KeyValue(const std::string& key) const {
  return key == "now" || key == "role" ? ValueOf(key) : GivenValue(key);
}

bool Situation::SameKeys(const Meter& meter, const Request& event) const {
  const Situation then(policy_, event, history_);
  for (const std::string& key : meter.keys) {
    const Maybe its = then.KeyValue(key);
    const Maybe ours = KeyValue(key);
    if (!its || !ours || !Equal(*its, *ours)) return false;
  }
  return true;
}

// The event is one of the meter's targets, its keys are those of this request, and it lies within
// the window.
bool Situation::Concerns(const Meter& meter, const Request& event) const {
  if (!meter.targets.contains(event.capability) || !SameKeys(meter, event)) return false;
  if (!meter.within) return true;
  return StartOf(*meter.within) <= event.now_ms && event.now_ms <= request_.now_ms;
}

// M9.7: the history without what no longer counts.
History Situation::AfterTheLatest(const Meter& meter) const {
  History after;
  for (const Request& event : *history_) {
    if (meter.since.contains(event.capability) && SameKeys(meter, event)) {
      after.clear();
    } else {
      after.push_back(event);
    }
  }
  return after;
}

// Before this request: from the session, or as the request says (M9.6).
std::optional<Value> Situation::RecordedValue(const Meter& meter) const {
  if (history_ == nullptr) return GivenValue(meter.name);
  const Type& type = policy_.facts.at(meter.name).type;
  Number total{0, type.scale};
  Maybe last, first;
  std::optional<std::int64_t> last_ms, first_ms;
  std::vector<Value> different;
  bool any = false;
  bool complete = true;  // M9.4: an input that is missing makes a sum missing
  for (const Request& event : AfterTheLatest(meter)) {
    if (!Concerns(meter, event)) continue;
    any = true;
    const Situation then(policy_, event, history_);
    const Maybe input = meter.input.empty() ? Maybe{} : then.GivenValue(meter.input);
    if (meter.fold == Fold::kCount) total = Add(total, {1, 0});
    if (meter.fold == Fold::kSum && input) total = Add(total, input->number);
    complete = complete && (meter.input.empty() || input);
    const Maybe kept = meter.input.empty() ? Value::Of({event.now_ms, 0}) : input;
    if (!last_ms || event.now_ms >= *last_ms) {
      last_ms = event.now_ms;
      last = kept;
    }
    if (!first_ms || event.now_ms < *first_ms) {
      first_ms = event.now_ms;
      first = kept;
    }
    AddIfNew(different, input);
  }
  if (meter.fold == Fold::kLast) return last;
  if (meter.fold == Fold::kFirst) return first;
  if (meter.fold == Fold::kDistinct) {
    if (meter.including_this && meter.targets.contains(request_.capability)) {
      const Maybe input = GivenValue(meter.input);
      complete = complete && input;
      AddIfNew(different, input);
    }
    if (!complete) return std::nullopt;
    return Value::Of({static_cast<Int128>(different.size()), 0});
  }
  if (meter.fold == Fold::kExists) return Value::Truth(any);
  if (meter.fold == Fold::kSum && !complete) return std::nullopt;
  return Value::Of(Compare(total, type.high) > 0 ? type.high : total);
}

std::optional<Value> Situation::MeterValue(const Meter& meter) const {
  for (const std::string& key : meter.keys) {
    if (history_ != nullptr && !KeyValue(key))
      return std::nullopt;  // M9.2; without a session the request says it all
  }
  const Maybe recorded = RecordedValue(meter);
  if (meter.fold == Fold::kDistinct) return recorded;  // M9.6: it has this request in it
  if (!meter.including_this || !meter.targets.contains(request_.capability)) return recorded;
  const Maybe input = meter.input.empty() ? Maybe{} : GivenValue(meter.input);
  if (!meter.input.empty() && !input) return std::nullopt;
  if (meter.fold == Fold::kLast)
    return meter.input.empty() ? Value::Of({request_.now_ms, 0}) : input;
  if (!recorded) return std::nullopt;
  if (meter.fold == Fold::kExists) return Value::Truth(true);
  const Number sum =
      Add(recorded->number, meter.fold == Fold::kCount ? Number{1, 0} : input->number);
  const Number top = policy_.facts.at(meter.name).type.high;
  return Value::Of(Compare(sum, top) > 0 ? top : sum);
}

}  // namespace writ::oracle
