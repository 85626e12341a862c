// The desk's world: what a conversation is made of, and how the policy in force decided a refund.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace writ::support_desk {

inline constexpr std::int64_t kDayMs = 86'400'000;

enum class Call : std::uint8_t { kGetOrder, kIssueRefund, kGetRefund };
enum class Loop : std::uint8_t { kNone, kRising, kStuck };
enum class Status : std::uint8_t { kOpen, kShipped, kDelivered, kFraudHold };
enum class Tier : std::uint8_t { kBronze, kSilver, kGold };
enum class Answer : std::uint8_t {
  kAllow,
  kRefunds,
  kBoard,
  kDeny
};  // escalation to refunds or board
enum class Effect : std::uint8_t { kExecuted, kApproved, kRefused, kFailed };

struct Label {
  std::string_view name, value, origin;
};

struct Event {
  std::int64_t at_ms = 0;
  std::int64_t known_at_ms = 0;
  Call call = Call::kGetOrder;
  Loop loop = Loop::kNone;
  std::string order;
  std::int64_t amount_cents = 0;           // kIssueRefund
  std::optional<std::int64_t> confidence;  // hundredths; not always given
  bool looked_up = true;                   // a fresh look at this order came before
  Answer answer = Answer::kAllow;
  Effect effect = Effect::kExecuted;
  std::vector<Label> labels;
};

struct Conversation {
  std::uint32_t number = 0;  // from 1, in order of opening
  std::int64_t opened_ms = 0;
  std::string customer;
  std::string agent;  // empty: a lead did it himself
  std::string lead;
  std::string order;
  Status status = Status::kDelivered;
  std::optional<Tier> tier;  // not always known
  std::int64_t total_cents = 0;
  std::vector<Event> events;
};

// What each agent paid back within the last day.
class Ledger {
 public:
  std::int64_t PaidWithinADay(const std::string& agent, std::int64_t now_ms);
  void Pay(const std::string& agent, std::int64_t now_ms, std::int64_t cents);

 private:
  std::map<std::string, std::deque<std::pair<std::int64_t, std::int64_t>>> paid_;
};

// The refunds policy, version 1.4.0, for an agent's request.
Answer Decide(const Conversation& conversation, const Event& event, std::int64_t paid_cents);

std::string ToJson(const Conversation& conversation);

}  // namespace writ::support_desk
