// What a fact is worth in a request, before any substitution: built-in facts, inputs, evidence (M1,
// M6, M8).
#include "situation.h"

#include "writ/oracle/calendar.h"

namespace writ::oracle {

namespace {

const Capability& CapabilityOf(const Policy& policy, const std::string& name) {
  static const Capability kNone;
  const auto found = policy.capabilities.find(name);
  return found == policy.capabilities.end() ? kNone : found->second;
}

}  // namespace

Situation::Situation(const Policy& policy, const Request& request, const History* history)
    : policy_(policy),
      request_(request),
      history_(history),
      capability_(CapabilityOf(policy, request.capability)) {}

bool Situation::IsInput(const std::string& fact) const {
  for (const std::string& input : capability_.inputs) {
    if (input == fact) return true;
  }
  return false;
}

bool Situation::IsMalformed(const std::string& fact) const {
  if (fact == "now" || fact == "role") return false;
  if (history_ != nullptr && policy_.meters.contains(fact)) return false;  // the session knows it
  const auto given = request_.facts.find(fact);
  if (given == request_.facts.end()) return false;
  const auto declared = policy_.facts.find(fact);
  return given->second.malformed || declared == policy_.facts.end() ||
         !ParseValue(declared->second.type, given->second.text);
}

std::optional<Value> Situation::GivenValue(const std::string& fact) const {
  const auto given = request_.facts.find(fact);
  if (given == request_.facts.end() || IsMalformed(fact)) return std::nullopt;
  return ParseValue(policy_.facts.at(fact).type, given->second.text);
}

std::optional<Value> Situation::ValueOf(const std::string& fact) const {
  if (fact == "now") return Value::Of({request_.now_ms, 0});
  if (fact == "role") return Value::Text(request_.role);
  if (const auto meter = policy_.meters.find(fact); meter != policy_.meters.end())
    return MeterValue(meter->second);
  const auto declared = policy_.facts.find(fact);
  if (declared == policy_.facts.end()) return std::nullopt;
  const std::string& evidence = declared->second.evidence;
  if (!evidence.empty() && !IsInput(fact) && !IsFresh(evidence)) return std::nullopt;
  return GivenValue(fact);
}

// M6.7: the first instant inside a window that ends now.
std::int64_t Situation::StartOf(const Window& window) const {
  return window.months != 0 ? MonthsEarlier(request_.now_ms, policy_.zone, window.months)
                            : request_.now_ms - window.ms;
}

// M8
bool Situation::IsFresh(const std::string& name) const {
  const Evidence& evidence = policy_.evidence.at(name);
  const Maybe obtained = GivenValue("evidence." + name);
  if (!obtained) return false;
  if (Compare(obtained->number, {request_.now_ms, 0}) > 0) return false;
  if (Compare(obtained->number, {StartOf(evidence.within), 0}) < 0) return false;
  for (const std::string& about : evidence.about) {
    const Maybe given = GivenValue("evidence." + name + ".about." + about);
    const Maybe wanted = GivenValue(about);
    if (!given || !wanted || !Equal(*given, *wanted)) return false;
  }
  return true;
}

// M7.1: always `deny` for inputs.
MissingWord Situation::WordOf(const std::string& fact) const {
  const auto declared = policy_.facts.find(fact);
  if (IsInput(fact) || declared == policy_.facts.end()) return MissingWord::kDeny;
  return declared->second.word;
}

bool Situation::UnknownMeansDeny(const Condition& condition) const {
  for (const std::string& fact : condition.named) {
    if (!ValueOf(fact) && WordOf(fact) == MissingWord::kDeny) return true;
  }
  return false;
}

}  // namespace writ::oracle
