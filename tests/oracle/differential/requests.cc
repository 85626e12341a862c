// Representatives are taken from the constants that the policy writes anywhere, whatever they are
// compared with: a few too many do no harm.
#include "requests.h"

#include <algorithm>
#include <set>

#include "writ/oracle/calendar.h"

namespace writ::oracle {

namespace {

constexpr std::size_t kInForce = 4;    // one request in four reads the table as in force (M10)
constexpr std::size_t kMalformed = 8;  // one in eight has a value that is none

std::string Spell(const Type& type, Number number) {
  const Number at = AtScale(number, type.scale).value_or(number);
  if (type.kind == TypeKind::kTime) return FormatInstant(static_cast<std::int64_t>(at.units));
  if (type.kind == TypeKind::kDuration) return ToString(at) + " ms";
  return type.kind == TypeKind::kMoney ? ToString(at) + " " + type.currency : ToString(at);
}

// The last place at or below the number.
Number RoundDown(Number number, int scale) {
  if (number.scale <= scale) return *AtScale(number, scale);
  const Int128 step = PowerOfTen(number.scale - scale);
  Int128 units = number.units / step;
  if (number.units < 0 && units * step != number.units) --units;
  return {units, scale};
}

// A constant of another size is no border of this fact.
bool MayConcern(const Type& type, const Value& constant) {
  return constant.kind == Value::Kind::kNumber &&
         (type.kind == TypeKind::kTime) == (constant.number.units > PowerOfTen(11));
}

void AddNumbers(const Policy& policy, const Type& type, Candidates& candidates) {
  std::set<Int128> chosen;
  const auto add = [&](Int128 units) {
    if (units >= type.low.units * PowerOfTen(type.scale - type.low.scale) &&
        units <= type.high.units * PowerOfTen(type.scale - type.high.scale)) {
      chosen.insert(units);
    }
  };
  for (const Value& constant : policy.constants) {
    if (!MayConcern(type, constant)) continue;
    const Int128 units = RoundDown(constant.number, type.scale).units;
    for (const int step : {-1, 0, 1}) add(units + step);
  }
  if (type.kind != TypeKind::kTime) {
    add(type.low.units * PowerOfTen(type.scale - type.low.scale));
    add(type.high.units * PowerOfTen(type.scale - type.high.scale));
  }
  if (chosen.empty()) add(std::max<Int128>(type.low.units, 0));
  for (const Int128 units : chosen)
    candidates.push_back(Given{Spell(type, {units, type.scale}), false});
}

void AddTexts(const Policy& policy, Candidates& candidates) {
  std::set<std::string> texts = {"A1", "zz", "A1x", "", "B", "q@Mail.ex.org"};
  for (const Value& constant : policy.constants) {
    if (constant.kind == Value::Kind::kText) texts.insert(constant.text);
  }
  for (const std::string& text : texts) candidates.push_back(Given{"\"" + text + "\"", false});
}

void AddSets(const Type& type, Candidates& candidates) {
  candidates.push_back(Given{"{ }", false});
  if (type.element->kind != TypeKind::kEnum) {
    candidates.push_back(Given{"{ \"A1\" }", false});
    candidates.push_back(Given{"{ \"B2\", \"zz\" }", false});
    return;
  }
  for (const std::string& value : type.element->values)
    candidates.push_back(Given{"{ " + value + " }", false});
  candidates.push_back(Given{
      "{ " + type.element->values.front() + ", " + type.element->values.back() + " }", false});
}

void AddMalformed(const Type& type, Candidates& candidates) {
  candidates.push_back(Given{"", true});
  if (type.kind == TypeKind::kEnum || type.kind == TypeKind::kRole)
    candidates.push_back(Given{"no_such_value", false});
  if (type.kind == TypeKind::kMoney) candidates.push_back(Given{"1.0000 " + type.currency, false});
  if (type.kind == TypeKind::kMoney) candidates.push_back(Given{"1 CHF", false});
  if (type.kind == TypeKind::kDecimal || type.kind == TypeKind::kInteger)
    candidates.push_back(Given{"0.000", false});
  if (!IsNumeric(type.kind) || type.kind == TypeKind::kTime) return;
  const Number step{1, type.scale};
  candidates.push_back(Given{Spell(type, Add(type.high, step)), false});
  candidates.push_back(Given{Spell(type, Subtract(type.low, step)), false});
}

// Around each date, and around the ends of the windows that begin at one of them.
std::vector<std::int64_t> Times(const Policy& policy) {
  std::set<std::int64_t> times;
  const auto around = [&](std::int64_t ms) { times.insert({ms - 1, ms, ms + 1}); };
  for (const Value& constant : policy.constants) {
    if (constant.kind == Value::Kind::kNumber && constant.number.units > PowerOfTen(11))
      around(static_cast<std::int64_t>(constant.number.units));
  }
  if (policy.effective_ms) around(*policy.effective_ms);
  for (const Authority& authority : policy.authorities) {
    if (authority.expires_ms) around(*authority.expires_ms);
  }
  for (const Exception& exception : policy.exceptions) around(exception.ends_ms);
  const std::int64_t usual = *ParseInstant("2026-10-05T12:00:00Z");
  times.insert(usual);
  times.insert(*ParseInstant("2026-11-25T01:30:00Z"));  // a month after the clocks went back
  return {times.begin(), times.end()};
}

Candidates CandidatesOf(const Policy& policy, const std::string& name) {
  Candidates candidates = {std::nullopt};
  const auto fact = policy.facts.find(name);
  if (fact == policy.facts.end()) return candidates;
  const Type& type = fact->second.type;
  const bool obtained = name.starts_with("evidence.") && policy.evidence.contains(name.substr(9));
  if (obtained) {  // relative to `now`
    const Window& window = policy.evidence.at(name.substr(9)).within;
    constexpr std::int64_t kDayMs = 86'400'000;
    const std::int64_t within = window.months != 0 ? 30 * window.months * kDayMs : window.ms;
    for (const std::int64_t age : {std::int64_t{0}, std::int64_t{-1}, within, within + 1,
                                   within + (window.months != 0 ? 3 * kDayMs : 2)}) {
      candidates.push_back(Given{"now - " + std::to_string(age), false});
    }
    candidates.push_back(Given{"", true});
    return candidates;
  }
  if (IsNumeric(type.kind)) AddNumbers(policy, type, candidates);
  if (type.kind == TypeKind::kId || type.kind == TypeKind::kText) AddTexts(policy, candidates);
  if (type.kind == TypeKind::kSet) AddSets(type, candidates);
  if (type.kind == TypeKind::kBool) {
    for (const char* truth : {"true", "false"}) candidates.push_back(Given{truth, false});
  }
  for (const std::string& value : type.values) candidates.push_back(Given{value, false});
  AddMalformed(type, candidates);
  return candidates;
}

// Mostly nothing to deny for (M20).
void WeighHeaders(Candidates& candidates) {
  for (int i = 0; i < 6; ++i) {
    candidates.push_back(std::nullopt);
    candidates.push_back(Given{"valid", false});
  }
}

bool IsMalformed(const Type& type, const std::optional<Given>& given) {
  return given && (given->malformed ||
                   (!given->text.starts_with("now - ") && !ParseValue(type, given->text)));
}

}  // namespace

RequestSpace::RequestSpace(const Policy& policy, const std::string& capability)
    : capability_(capability), times_(Times(policy)) {
  for (const auto& [role, above] : policy.reports_to) roles_.push_back(role);
  roles_.push_back("stranger");
  const std::set<std::string>& read = policy.reads.at(capability);
  std::set<std::string> names = FactsClaimed(policy);
  names.insert(read.begin(), read.end());
  for (const char* built_in : {"now", "role"}) names.erase(built_in);
  const auto grow = [&](std::uint64_t by) {
    size_ = size_ > (std::uint64_t{1} << 40) / by ? std::uint64_t{1} << 40 : size_ * by;
  };
  for (const std::string& name : names) {
    const Type& type = policy.facts.at(name).type;
    Choice choice{name, {}, {}};
    for (const std::optional<Given>& given : CandidatesOf(policy, name))
      (IsMalformed(type, given) ? choice.malformed : choice.proper).push_back(given);
    if (name == "header") WeighHeaders(choice.proper);
    grow(choice.proper.size());
    facts_.push_back(std::move(choice));
  }
  for (const auto& [name, fact] : policy.facts) {
    if (!names.contains(name) && name != "now" && name != "role")
      unread_.emplace_back(name, CandidatesOf(policy, name));
  }
  grow(roles_.size());
  grow(times_.size());
  grow(kInForce);
  grow(kMalformed);
  for (const Authority& authority : policy.authorities) {
    const bool covers = authority.may.contains(capability) ||
                        authority.freely.contains(capability) ||
                        authority.propose.contains(capability);
    if (covers) acting_.insert(acting_.end(), authority.to.begin(), authority.to.end());
  }
  if (acting_.empty()) acting_ = roles_;
}

namespace {

void Put(Request& request, const std::string& fact, const std::optional<Given>& given) {
  if (!given) return;
  Given value = *given;
  if (value.text.starts_with("now - "))
    value.text = FormatInstant(request.now_ms - std::stoll(value.text.substr(6)));
  request.facts[fact] = value;
}

}  // namespace

Request RequestSpace::At(std::uint64_t index) const {
  const auto next = [&](std::size_t count) {
    const std::size_t digit = static_cast<std::size_t>(index % count);
    index /= count;
    return digit;
  };
  Request request;
  request.capability = capability_;
  request.role = roles_[next(roles_.size())];
  request.now_ms = times_[next(times_.size())];
  request.as_in_force = next(kInForce) == 1;
  for (const Choice& choice : facts_)
    Put(request, choice.fact, choice.proper[next(choice.proper.size())]);
  if (next(kMalformed) == 0 && !facts_.empty()) {
    const Choice& choice = facts_[index % facts_.size()];
    if (!choice.malformed.empty())
      Put(request, choice.fact, choice.malformed[index % choice.malformed.size()]);
  }
  return request;
}

Request RequestSpace::Any(Random& random) const {
  Request request;
  request.capability = random.Chance(1) ? "no_such_capability" : capability_;
  request.role = random.Pick(random.Chance(85) ? acting_ : roles_);
  request.now_ms = random.Pick(times_);
  request.as_in_force = random.Chance(10);
  const bool tidy = random.Chance(85);
  for (const Choice& choice : facts_) {
    std::optional<Given> given = random.Pick(choice.proper);
    if (!given && random.Chance(60)) given = random.Pick(choice.proper);
    if (!tidy && !choice.malformed.empty() && random.Chance(20))
      given = random.Pick(choice.malformed);
    Put(request, choice.fact, given);
  }
  for (const auto& [fact, candidates] : unread_) {  // of no influence (M1.3)
    if (random.Chance(10)) Put(request, fact, random.Pick(candidates));
  }
  return request;
}

void MoveEvidence(Request& request, std::int64_t by_ms) {
  for (auto& [fact, given] : request.facts) {
    if (!fact.starts_with("evidence.")) continue;
    const std::optional<std::int64_t> obtained = ParseInstant(given.text);
    if (obtained) given.text = FormatInstant(*obtained + by_ms);
  }
}

std::string ToText(const Request& request) {
  std::string text = request.role + " " + request.capability + " at " +
                     FormatInstant(request.now_ms) + (request.as_in_force ? " (as in force)" : "") +
                     " {";
  for (const auto& [fact, given] : request.facts) {
    text += " " + fact + ": " + (given.malformed ? "malformed" : given.text) + ",";
  }
  if (text.ends_with(",")) text.pop_back();
  return text + " }";
}

}  // namespace writ::oracle
