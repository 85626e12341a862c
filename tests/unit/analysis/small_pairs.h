// Pairs of small tables over one vocabulary, and all requests that both can be asked.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "small_tables.h"

namespace writ::test {

// The same decision, and for what is allowed the same person who answers.
inline bool SameDecision(const Decision& a, const Decision& b) {
  return a.verdict == b.verdict && (a.verdict == Verdict::kDeny || a.anchor == b.anchor);
}

inline void AddReads(const table::Matrix& matrix, const table::Meter& meter,
                     std::set<std::uint32_t>* reads) {
  bool evidence = false;
  for (const table::Dimension& d : matrix.dimensions) {
    if (d.kind == table::DimensionKind::kFact) reads->insert(d.index);
    if (d.kind == table::DimensionKind::kRole) reads->insert(kRole);
    evidence = evidence || d.kind == table::DimensionKind::kEvidence;
  }
  for (const table::Instruction& in : matrix.code) {
    const OpShape shape = ShapeOf(in.op);
    if (shape.a == OperandKind::kFact) reads->insert(in.a);
    if (shape.b == OperandKind::kFact) reads->insert(in.b);
    evidence = evidence || in.op == Op::kEvidence;
  }
  for (const table::SignatureFact& fact : matrix.signature) reads->insert(fact.fact.value);
  if (reads->contains(kM)) {
    if (meter.value.valid()) reads->insert(meter.value.value);
    reads->insert(kNow);
  }
  if (evidence || reads->contains(kX) || reads->contains(kY) || reads->contains(kAt))
    reads->insert({kNow, kAt, kAbout, kS});
}

struct Pair {
  table::Model before, after;
};

// Values by name, since the tables may number enums otherwise.
inline std::vector<ConcreteValue> Choices(const Pair& pair, std::uint32_t f) {
  std::vector<ConcreteValue> all;
  const auto number = [&](std::int64_t n) { all.push_back({ValueKind::kNumber, n, "", {}}); };
  if (f != kNow && f != kRole) all.push_back({});
  const table::Fact &a = pair.before.facts[f], &b = pair.after.facts[f];
  switch (a.type) {
    case ValueType::kId:
    case ValueType::kText:
      // One at least of each kind that rows, prefixes and patterns tell apart.
      for (const char* text : {"p", "q", "pq", "pp", "pqz", "u", "w"})
        all.push_back({ValueKind::kText, 0, text, {}});
      break;
    case ValueType::kIdSet:
      for (const std::vector<std::string>& set : std::vector<std::vector<std::string>>{
               {}, {"p"}, {"q"}, {"pq"}, {"p", "q"}, {"p", "pq"}, {"u"}, {"w"}})
        all.push_back({ValueKind::kTextSet, 0, "", set});
      break;
    case ValueType::kEnum: {
      std::set<std::string> names(a.values.begin(), a.values.end());
      names.insert(b.values.begin(), b.values.end());
      for (const std::string& name : names) all.push_back({ValueKind::kNumber, 0, name, {}});
      break;
    }
    case ValueType::kBool:
      number(0), number(1);
      break;
    case ValueType::kRole:
      number(0), number(1), number(2);
      break;
    default:
      for (std::int64_t n = std::min(a.low, b.low); n <= std::max(a.high, b.high); ++n) number(n);
      break;
  }
  return all;
}

// The values of one fact, as each of the tables takes them. Stays where it is: values point into
// it.
class Axis {
 public:
  // `only`: one value instead of all, by its place.
  Axis(const Pair& pair, std::uint32_t f, std::optional<std::size_t> only = {})
      : fact(f), named_(Choices(pair, f)) {
    if (only) named_ = {named_[*only]};
    sets_.resize(named_.size());
    for (std::size_t i = 0; i < named_.size(); ++i)
      values_.push_back({ValueIn(pair.before, i), ValueIn(pair.after, i)});
  }
  Axis(const Axis&) = delete;
  Axis& operator=(const Axis&) = delete;

  std::size_t size() const { return named_.size(); }
  const ConcreteValue& named(std::size_t i) const { return named_[i]; }
  void Set(std::size_t i, std::size_t side, std::vector<Value>* values, Request* request) const {
    const auto number = named_[i].number;
    if (fact == kRole)
      request->role = number < 2 ? RoleId{static_cast<std::uint32_t>(number)} : RoleId{};
    if (fact == kNow) request->now_ms = number;
    (*values)[fact] = values_[i][side];
  }

  const std::uint32_t fact;

 private:
  Value ValueIn(const table::Model& model, std::size_t i) {
    const ConcreteValue& from = named_[i];
    Value value;
    value.kind = from.kind;
    value.number = from.number;
    if (model.facts[fact].type == ValueType::kEnum && from.kind == ValueKind::kNumber) {
      const auto& names = model.facts[fact].values;
      const auto at = std::ranges::find(names, from.text);
      if (at == names.end()) value.kind = ValueKind::kMalformed;
      value.number = at - names.begin();
    } else if (from.kind == ValueKind::kText) {
      value.text = from.text.data();
      value.size = static_cast<std::uint32_t>(from.text.size());
    } else if (from.kind == ValueKind::kTextSet) {
      sets_[i].assign(from.texts.begin(), from.texts.end());
      value.texts = sets_[i].data();
      value.size = static_cast<std::uint32_t>(sets_[i].size());
    }
    return value;
  }

  std::vector<ConcreteValue> named_;
  std::vector<std::vector<std::string_view>> sets_;
  std::vector<std::array<Value, 2>> values_;
};

// All that the tables read; nothing if there are more than `most` requests.
inline std::optional<std::deque<Axis>> AxesOf(const Pair& pair, std::size_t most) {
  std::set<std::uint32_t> reads;
  AddReads(pair.before.matrices[0], pair.before.meters[0], &reads);
  AddReads(pair.after.matrices[0], pair.after.meters[0], &reads);
  std::optional<std::deque<Axis>> axes(std::in_place);
  std::size_t total = 1;
  for (const std::uint32_t f : reads) {
    total *= axes->emplace_back(pair, f).size();
    if (total > most) return std::nullopt;
  }
  return axes;
}

// Calls `each(before, after)` with every request, as either table takes it.
template <typename Each>
void ForEachRequest(const std::deque<Axis>& axes, Each each) {
  std::size_t total = 1;
  for (const Axis& axis : axes) total *= axis.size();
  std::array<std::vector<Value>, 2> values;
  std::array<Request, 2> requests;
  for (std::size_t side = 0; side < 2; ++side) {
    values[side].resize(kFactCount);
    requests[side].capability = {0};
    requests[side].as_in_force = true;
    requests[side].role = RoleId{};
    requests[side].values = values[side].data();
  }
  for (std::size_t i = 0; i < total; ++i) {
    std::size_t rest = i;
    for (const Axis& axis : axes) {  // those that are as they were need not be set again
      for (std::size_t side = 0; side < 2; ++side)
        axis.Set(rest % axis.size(), side, &values[side], &requests[side]);
      if (i != 0 && rest % axis.size() != 0) break;
      rest /= axis.size();
    }
    each(requests[0], requests[1]);
  }
}

// Two tables over one vocabulary, which the second one may have changed.
inline Pair MakePair(std::uint64_t seed) {
  Random random(seed);
  Pair pair{SmallTableMaker(seed).Make(), {}};
  if (random.Chance(60)) {
    pair.after = SmallTableMaker(random.Next()).Make();
  } else {
    pair.after = pair.before;
    table::Matrix& matrix = pair.after.matrices[0];
    if (random.Chance(50)) matrix.columns.erase(matrix.columns.begin());
    for (table::Column& column : matrix.columns) {
      for (table::Constraint& c : column.constraints)
        if (random.Chance(20)) c.atoms[random.Below(c.atoms.size())].flip();
    }
  }
  // Meters and evidence mean the same in both; what differs there is said, not worked out.
  const ValueType kept = pair.before.facts[kM].type;
  if (pair.after.facts[kM].type == kept) pair.after.meters = pair.before.meters;
  // Rows that decide read only what the signature lists.
  for (table::Model* model : {&pair.before, &pair.after})
    model->matrices[0].signature.push_back({{kE}, false});
  if (random.Chance(30)) pair.after.facts[kE].values = {"blue", "violet", "red"};
  if (random.Chance(20)) pair.after.facts[kA].high = 4;
  if (random.Chance(20)) pair.after.matrices[0].signature[0].required = false;
  return pair;
}

// Inputs that neither table reads are none, so that there are fewer requests.
inline void DropUnread(Pair* pair) {
  std::set<std::uint32_t> reads;
  for (table::Model* model : {&pair->before, &pair->after}) {
    table::Matrix without = model->matrices[0];
    without.signature.clear();
    AddReads(without, model->meters[0], &reads);
  }
  for (table::Model* model : {&pair->before, &pair->after}) {
    std::erase_if(model->matrices[0].signature,
                  [&](const table::SignatureFact& one) { return !reads.contains(one.fact.value); });
  }
}

}  // namespace writ::test
