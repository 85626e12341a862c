// Three steps: conversations are drawn, their refunds are decided in the order of time (agents
// share a daily limit across conversations), and what came of each is drawn from the decision.
// Entry point: `Generate`.
#include "generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "desk.h"
#include "random.h"

namespace writ::support_desk {
namespace {

using Quantile = Random::Quantile;

// 2026-10-01T00:00:00Z, the day the desk opened. On its first day agents only looked orders up, so
// that a daily sum never reaches back beyond the record.
constexpr std::int64_t kOpeningMs = 1'790'812'800'000;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDays = 92;
constexpr std::int64_t kCustomers = 7'500;

// Order totals in cents: many small ones, a long tail.
constexpr std::array kTotals = {
    Quantile{0, 5'00},         Quantile{2'500, 22'00},    Quantile{5'000, 45'00},
    Quantile{6'900, 75'00},    Quantile{8'300, 125'00},   Quantile{9'000, 199'00},
    Quantile{9'450, 380'00},   Quantile{9'750, 850'00},   Quantile{9'890, 1'900'00},
    Quantile{9'950, 4'800'00}, Quantile{9'987, 9'000'00}, Quantile{10'000, 25'000'00}};
constexpr std::array kConfidences = {Quantile{0, 35},     Quantile{500, 74},
                                     Quantile{900, 80},   Quantile{3'000, 89},
                                     Quantile{6'500, 95}, Quantile{10'000, 100}};
// Round sums that people ask for, at and just beyond the thresholds.
constexpr std::array<std::int64_t, 10> kRound = {100'00, 100'01, 200'00,   200'01,   250'00,
                                                 250'01, 500'00, 1'000'00, 1'000'01, 5'000'01};

// How busy a day is: weekends are quiet, the weeks from Black Friday to the end of the year are
// not.
std::vector<std::int64_t> DayWeights() {
  std::vector<std::int64_t> weights;
  for (std::int64_t day = 0; day < kDays; ++day) {
    const std::int64_t weekday = (day + 3) % 7;  // 2026-10-01 is a Thursday; 0 is Monday
    std::int64_t weight = weekday >= 5 ? 50 : 100;
    if (day >= 57) weight = weight * 17 / 10;
    weights.push_back(weight);
  }
  return weights;
}

// A few agents take most of the conversations: these meet the daily limit.
std::vector<std::int64_t> AgentWeights() {
  std::vector<std::int64_t> weights;
  for (std::int64_t i = 1; i <= 40; ++i) weights.push_back(10'000 / (i + 6));
  return weights;
}

class Desk {
 public:
  explicit Desk(const Options& options)
      : random_(options.seed), runs_(options.runs), days_(DayWeights()), agents_(AgentWeights()) {}

  std::vector<std::string> Run() {
    std::vector<std::int64_t> opened;
    for (std::uint32_t i = 0; i < runs_; ++i) opened.push_back(DrawOpening());
    std::sort(opened.begin(), opened.end());
    for (std::uint32_t i = 0; i < runs_; ++i) conversations_.push_back(Draw(i + 1, opened[i]));
    DecideAll();
    std::vector<std::string> lines;
    for (const Conversation& conversation : conversations_) lines.push_back(ToJson(conversation));
    return lines;
  }

 private:
  std::int64_t DrawOpening() {
    const auto day = static_cast<std::int64_t>(random_.Pick(days_));
    return kOpeningMs + day * kDayMs + random_.Between(6 * 60 * kMinuteMs, 19 * 60 * kMinuteMs);
  }

  Conversation Draw(std::uint32_t number, std::int64_t opened_ms) {
    Conversation c;
    c.number = number;
    c.opened_ms = opened_ms;
    // Half of the conversations come from a fifth of the customers.
    c.customer = fmt::format("K{:05}", random_.Chance(5'000) ? random_.Below(kCustomers / 5)
                                                             : random_.Below(kCustomers));
    if (random_.Chance(200)) {
      c.lead = fmt::format("lead-{}", 1 + random_.Below(4));
    } else {
      c.agent = fmt::format("desk-{:02}", 1 + random_.Pick(agents_));
    }
    c.order = fmt::format("O{:06}", 1 + random_.Below(900'000));
    static constexpr std::array<std::int64_t, 4> kStatusWeights = {15, 25, 56, 4};
    static constexpr std::array<std::int64_t, 3> kTierWeights = {40, 40, 20};
    c.status = static_cast<Status>(random_.Pick(kStatusWeights));
    const auto tier = static_cast<Tier>(random_.Pick(kTierWeights));
    if (!random_.Chance(50)) c.tier = tier;
    c.total_cents = random_.From(kTotals);
    DrawEvents(c);
    return c;
  }

  void DrawEvents(Conversation& c) {
    std::int64_t at = c.opened_ms;
    const bool training = c.opened_ms < kOpeningMs + kDayMs + 60 * kMinuteMs;
    const bool wants_refund = !training && random_.Chance(6'800);
    const bool forgets = wants_refund && random_.Chance(150);
    if (!forgets) AddLookup(c, at);
    if (!wants_refund) {
      if (random_.Chance(3'000)) Add(c, Call::kGetRefund, at += random_.Between(5'000, 90'000));
      return;
    }
    const bool dawdles = !forgets && random_.Chance(70);
    at += dawdles ? random_.Between(11 * kMinuteMs, 25 * kMinuteMs)
                  : random_.Between(8'000, 4 * kMinuteMs);
    Event& refund = Add(c, Call::kIssueRefund, at);
    refund.looked_up = !forgets && !dawdles;
    refund.amount_cents = DrawAmount(c);
    if (!random_.Chance(100)) refund.confidence = random_.From(kConfidences);
    if (random_.Chance(320)) refund.loop = random_.Chance(2'200) ? Loop::kStuck : Loop::kRising;
  }

  std::int64_t DrawAmount(Conversation& c) {
    if (random_.Chance(400)) {
      const std::int64_t amount =
          kRound[static_cast<std::size_t>(random_.Below(static_cast<std::int64_t>(kRound.size())))];
      c.total_cents = std::max(c.total_cents, amount);
      return amount;
    }
    if (random_.Chance(120)) return c.total_cents + random_.Between(1, 50'00);
    if (random_.Chance(2'600))
      return std::max<std::int64_t>(1'00, c.total_cents * random_.Between(10, 90) / 100);
    return c.total_cents;
  }

  static Event& Add(Conversation& c, Call call, std::int64_t at) {
    Event& event = c.events.emplace_back();
    event.call = call;
    event.at_ms = at;
    event.known_at_ms = at + 400;
    event.order = c.order;
    return event;
  }
  static void AddLookup(Conversation& c, std::int64_t at) { Add(c, Call::kGetOrder, at); }

  // Refunds of all conversations, in the order of time; one that is mended and asked again joins
  // the queue.
  void DecideAll() {
    std::vector<std::tuple<std::int64_t, std::size_t, std::size_t>>
        queue;  // time, conversation, event
    for (std::size_t c = 0; c < conversations_.size(); ++c) {
      for (std::size_t e = 0; e < conversations_[c].events.size(); ++e) {
        if (conversations_[c].events[e].call == Call::kIssueRefund) {
          queue.emplace_back(conversations_[c].events[e].at_ms, c, e);
        }
      }
    }
    const auto later = [](const auto& a, const auto& b) { return a > b; };
    std::make_heap(queue.begin(), queue.end(), later);
    while (!queue.empty()) {
      std::pop_heap(queue.begin(), queue.end(), later);
      const auto [at, c, e] = queue.back();
      queue.pop_back();
      Conversation& conversation = conversations_[c];
      Settle(conversation, e);
      if (!AsksAgain(conversation, e)) continue;
      queue.emplace_back(conversation.events.back().at_ms, c, conversation.events.size() - 1);
      std::push_heap(queue.begin(), queue.end(), later);
    }
  }

  void Settle(Conversation& c, std::size_t index) {
    Event& event = c.events[index];
    // A lead acts by his office: nothing but a loop stops him.
    event.answer = c.agent.empty() ? (event.loop == Loop::kStuck ? Answer::kDeny : Answer::kAllow)
                                   : Decide(c, event, ledger_.PaidWithinADay(c.agent, event.at_ms));
    const bool fraud = IsFraud(c, event);
    if (fraud) event.labels.push_back({"confirmed_fraud", "yes", "fraud desk"});
    switch (event.answer) {
      case Answer::kAllow:
        Execute(c, event, fraud);
        break;
      case Answer::kRefunds:
      case Answer::kBoard:
        AskAPerson(event, fraud);
        break;
      case Answer::kDeny:
        event.effect = Effect::kRefused;
        break;
    }
    const bool paid = event.effect == Effect::kExecuted || event.effect == Effect::kApproved;
    if (!paid) return;
    if (!c.agent.empty()) ledger_.Pay(c.agent, event.at_ms, event.amount_cents);
    const std::int64_t at = event.known_at_ms + random_.Between(1'000, 60'000);
    Add(c, Call::kGetRefund, at);  // `event` is not valid any more
  }

  // Most orders on hold are fraud, as it turns out; of the others, hardly any.
  bool IsFraud(const Conversation& c, const Event& event) {
    if (!event.looked_up || c.agent.empty()) return false;
    if (c.status == Status::kFraudHold) return random_.Chance(7'000);
    if (event.answer == Answer::kAllow) return random_.Below(9'000) == 0;
    return event.answer != Answer::kDeny && random_.Chance(60);
  }

  void Execute(const Conversation& c, Event& event, bool fraud) {
    event.known_at_ms = event.at_ms + random_.Between(500, 4'000);
    if (random_.Chance(50)) {
      event.effect = Effect::kFailed;
      return;
    }
    if (fraud) event.labels.push_back({"incident", "paid_to_fraud", "fraud desk"});
    if (c.agent.empty()) return;
    const bool unsure = event.confidence && *event.confidence < 85;
    if (random_.Chance(unsure ? 500 : 90)) {
      static constexpr std::array<std::string_view, 3> kCorrections = {"amount_lowered", "reversed",
                                                                       "should_have_asked"};
      event.labels.push_back({"operator_correction",
                              kCorrections[static_cast<std::size_t>(random_.Below(3))], "review"});
    } else if (random_.Chance(12)) {
      event.labels.push_back(
          {"incident", random_.Chance(6'000) ? "double_refund" : "wrong_customer", "review"});
    }
  }

  void AskAPerson(Event& event, bool fraud) {
    const bool board = event.answer == Answer::kBoard;
    const std::string_view origin = board ? "board" : "refunds";
    event.known_at_ms =
        event.at_ms + (board ? random_.Between(60, 2'880) : random_.Between(1, 240)) * kMinuteMs;
    event.effect = Effect::kRefused;
    if (random_.Chance(200)) {
      event.labels.push_back({"approval", "no_answer", origin});
    } else if (random_.Chance(fraud ? 1'500 : 8'700)) {
      event.effect = Effect::kApproved;
      event.labels.push_back({"approval", "granted", origin});
      if (fraud) event.labels.push_back({"incident", "paid_to_fraud", "fraud desk"});
    } else {
      event.labels.push_back({"approval", "refused", origin});
    }
  }

  // Whoever was told to look first does so, and some who asked for too much ask for less.
  bool AsksAgain(Conversation& c, std::size_t index) {
    const Event asked = c.events[index];
    if (asked.answer != Answer::kDeny || asked.loop == Loop::kStuck || index + 1 != c.events.size())
      return false;
    const bool too_much = asked.looked_up && asked.amount_cents > c.total_cents;
    if (asked.looked_up && !(too_much && random_.Chance(5'000))) return false;
    std::int64_t at = asked.at_ms + random_.Between(2'000, 40'000);
    if (!asked.looked_up) AddLookup(c, at);
    at += random_.Between(5'000, 3 * kMinuteMs);
    Event& again = Add(c, Call::kIssueRefund, at);
    again.amount_cents = too_much ? c.total_cents : asked.amount_cents;
    again.confidence = asked.confidence;
    again.loop = asked.loop;
    return true;
  }

  Random random_;
  std::uint32_t runs_;
  std::vector<std::int64_t> days_, agents_;
  std::vector<Conversation> conversations_;
  Ledger ledger_;
};

}  // namespace

std::vector<std::string> Generate(const Options& options) { return Desk(options).Run(); }

}  // namespace writ::support_desk
