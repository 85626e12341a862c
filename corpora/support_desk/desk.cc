// The policy in force, written out by hand, and a conversation as a line of JSON.
//
// `Decide` repeats policies/support_refunds.writ on purpose: the recorded decisions must not come
// from the tables that are going to be judged by them.
#include "desk.h"

#include <fmt/format.h>

namespace writ::support_desk {
namespace {

constexpr std::string_view kCalls[] = {"get_order", "issue_refund", "get_refund"};
constexpr std::string_view kLoops[] = {"none", "rising", "stuck"};
constexpr std::string_view kStatuses[] = {"open", "shipped", "delivered", "fraud_hold"};
constexpr std::string_view kTiers[] = {"bronze", "silver", "gold"};
constexpr std::string_view kAnswers[] = {"allow", "escalate refunds", "escalate board", "deny"};

template <typename Enum, std::size_t N>
std::string_view Name(const std::string_view (&names)[N], Enum value) {
  return names[static_cast<std::size_t>(value)];
}

std::string EffectName(const Event& event) {
  switch (event.effect) {
    case Effect::kExecuted:
      return "executed";
    case Effect::kApproved:
      return event.answer == Answer::kBoard ? "executed after approval by board"
                                            : "executed after approval by refunds";
    case Effect::kRefused:
      return "refused";
    case Effect::kFailed:
      return "failed";
  }
  return "failed";
}

std::string Euro(std::int64_t cents) { return fmt::format("{}.{:02}", cents / 100, cents % 100); }

void AddEvent(std::string& json, const Conversation& conversation, const Event& event,
              std::size_t seq) {
  json += fmt::format(
      R"({{"seq":{},"at":{},"known_at":{},"call":"{}","order":"{}","loop":"{}","decision":"{}","effect":"{}")",
      seq, event.at_ms, event.known_at_ms, Name(kCalls, event.call), event.order,
      Name(kLoops, event.loop), Name(kAnswers, event.answer), EffectName(event));
  if (event.call == Call::kIssueRefund) {
    json += fmt::format(R"(,"amount":"{}")", Euro(event.amount_cents));
    if (event.confidence)
      json += fmt::format(R"(,"confidence":"{}.{:02}")", *event.confidence / 100,
                          *event.confidence % 100);
    if (event.looked_up) {
      json += fmt::format(R"(,"status":"{}","total":"{}")", Name(kStatuses, conversation.status),
                          Euro(conversation.total_cents));
      if (conversation.tier)
        json += fmt::format(R"(,"tier":"{}")", Name(kTiers, *conversation.tier));
    }
  }
  json += '}';
}

}  // namespace

std::int64_t Ledger::PaidWithinADay(const std::string& agent, std::int64_t now_ms) {
  std::int64_t sum = 0;
  auto& paid = paid_[agent];
  while (!paid.empty() && paid.front().first < now_ms - kDayMs) paid.pop_front();
  for (const auto& [at, cents] : paid) sum += cents;
  return sum;
}

void Ledger::Pay(const std::string& agent, std::int64_t now_ms, std::int64_t cents) {
  paid_[agent].emplace_back(now_ms, cents);
}

Answer Decide(const Conversation& conversation, const Event& event, std::int64_t paid_cents) {
  if (event.loop == Loop::kStuck || !event.looked_up) return Answer::kDeny;
  if (event.amount_cents > conversation.total_cents || conversation.status == Status::kFraudHold)
    return Answer::kDeny;
  if (event.amount_cents > 5'000'00) return Answer::kBoard;
  const bool new_customer = conversation.tier.value_or(Tier::kBronze) == Tier::kBronze;
  if (event.amount_cents > 200'00 || paid_cents + event.amount_cents > 2'000'00)
    return Answer::kRefunds;
  if (event.amount_cents > 100'00 && new_customer) return Answer::kRefunds;
  if (!event.confidence || *event.confidence < 80 || event.loop != Loop::kNone)
    return Answer::kRefunds;
  return Answer::kAllow;
}

std::string ToJson(const Conversation& conversation) {
  std::string json = fmt::format(R"({{"case":"C{:06}","customer":"{}",)", conversation.number,
                                 conversation.customer);
  json += conversation.agent.empty() ? fmt::format(R"("lead":"{}",)", conversation.lead)
                                     : fmt::format(R"("agent":"{}",)", conversation.agent);
  json += R"("events":[)";
  for (std::size_t i = 0; i < conversation.events.size(); ++i) {
    if (i > 0) json += ',';
    AddEvent(json, conversation, conversation.events[i], i + 1);
  }
  json += R"(],"labels":[)";
  bool first = true;
  for (std::size_t i = 0; i < conversation.events.size(); ++i) {
    for (const Label& label : conversation.events[i].labels) {
      json += fmt::format(R"({}{{"seq":{},"name":"{}","value":"{}","origin":"{}"}})",
                          first ? "" : ",", i + 1, label.name, label.value, label.origin);
      first = false;
    }
  }
  return json + "]}";
}

}  // namespace writ::support_desk
