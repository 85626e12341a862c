// The goals as clauses: what their judgement says where nothing is open any more, in literals.
//
// Entry points: the Encode of each goal.
#include <map>
#include <set>
#include <tuple>

#include "diff_goal.h"
#include "goal.h"
#include "pair_goal.h"
#include "sat_encoding.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

template <typename Use>
void ForEach(const ColumnSet& columns, Use use) {
  for (std::uint32_t c = columns.First(); c < columns.size(); c = columns.Next(c + 1)) use(c);
}

// By key: one of its columns decides.
template <typename Key, typename KeyOf>
std::map<Key, Literal> DecidingBy(const Deciding& deciding, const ColumnSet& columns,
                                  const Key& of_none, KeyOf key_of, SatEncoding* encoding) {
  std::map<Key, std::vector<Literal>> by_key;
  by_key[of_none].push_back(deciding.none);
  ForEach(columns, [&](std::uint32_t c) {
    if (deciding.by_column[c] != -kTrueLiteral) by_key[key_of(c)].push_back(deciding.by_column[c]);
  });
  std::map<Key, Literal> one;
  for (auto& [key, literals] : by_key) one[key] = encoding->Or(std::move(literals));
  return one;
}

}  // namespace

void WhereGoal::Encode(SatEncoding* encoding) const {
  const auto part = [&](std::uint32_t c) {
    return encoding->TakesPart(c, s_.otherwise, s_.allow_when);
  };
  for (ColumnSet group : where_.holds) {
    group -= s_.switched_off;
    std::vector<Literal> any;
    ForEach(group, [&](std::uint32_t c) { any.push_back(part(c)); });
    encoding->Require({encoding->Or(std::move(any))});
  }
  if (where_.none_of) {
    ColumnSet none = *where_.none_of;
    none -= s_.switched_off;
    ForEach(none, [&](std::uint32_t c) { encoding->Require({-part(c)}); });
  }
  if (!where_.winner && !where_.not_winner) return;
  const Deciding deciding = encoding->Decide(s_.decisions, s_.otherwise, s_.allow_when);
  if (where_.winner) encoding->Require({-deciding.none});
  ForEach(s_.decisions, [&](std::uint32_t c) {
    const bool wrong = (where_.winner && !where_.winner->Has(c)) ||
                       (where_.not_winner && where_.not_winner->Has(c));
    if (wrong) encoding->Require({-deciding.by_column[c]});
  });
}

void MattersGoal::Encode(SatEncoding* encoding) const {
  encoding->Require({encoding->Holds(holds_)});
  ColumnSet rest = s_.decisions, rest_allow = s_.allow_when;
  rest -= removed_;
  rest_allow -= removed_;
  const Deciding with = encoding->Decide(s_.decisions, s_.otherwise, s_.allow_when);
  const Deciding without = encoding->Decide(rest, s_.otherwise, rest_allow);
  ColumnSet none = none_of_;
  none &= s_.decisions;
  ForEach(none, [&](std::uint32_t c) {
    encoding->Require({s_.otherwise.Has(c) ? -with.by_column[c] : -encoding->Holds(c)});
  });
  using Kind = std::pair<std::uint32_t, std::uint32_t>;  // verdict, anchor of an escalation
  const Kind nothing = {kNoIndex, kNoIndex};
  const auto outcome = [&](std::uint32_t c) {
    const ColumnView& column = s_.column[c];
    const bool anchored = column.verdict == Verdict::kEscalate;
    return Kind{static_cast<std::uint32_t>(column.verdict),
                anchored ? column.anchor.value : kNoIndex};
  };
  const auto first = DecidingBy(with, s_.decisions, nothing, outcome, encoding);
  const auto second = DecidingBy(without, rest, nothing, outcome, encoding);
  for (const auto& [key, literal] : first)
    if (const auto at = second.find(key); at != second.end())
      encoding->Require({-literal, -at->second});
}

void DiffGoal::Encode(SatEncoding* encoding) const {
  std::array<std::map<std::uint32_t, Literal>, kSides> outcomes, rows;
  for (std::size_t side = 0; side < kSides; ++side) {
    const Lane& lane = lanes_[side];
    const Deciding deciding = encoding->Decide(lane.columns, lane.otherwise, lane.allow_when);
    outcomes[side] = DecidingBy(
        deciding, lane.columns, numbers_.denied,
        [&](std::uint32_t c) { return numbers_.outcome[c]; }, encoding);
    rows[side] = DecidingBy(
        deciding, lane.columns, numbers_.none[side],
        [&](std::uint32_t c) { return numbers_.row[side][c]; }, encoding);
  }
  for (const auto& [outcome, literal] : outcomes[0])
    if (const auto at = outcomes[1].find(outcome); at != outcomes[1].end())
      encoding->Require({-literal, -at->second});
  for (const RowPair& pair : known_) {
    const auto a = rows[0].find(pair.first), b = rows[1].find(pair.second);
    if (a != rows[0].end() && b != rows[1].end()) encoding->Require({-a->second, -b->second});
  }
}

void PairGoal::Encode(SatEncoding* encoding) const {
  for (const ColumnSet& columns : holds_) encoding->Require({encoding->AnyHolds(columns)});
  ForEach(none_of_, [&](std::uint32_t c) { encoding->Require({-encoding->Holds(c)}); });
  std::array<std::map<std::uint32_t, Literal>, kSides> outcomes;
  for (std::size_t side = 0; side < kSides; ++side) {
    const Lane& lane = lanes_[side];
    const Deciding deciding = encoding->Decide(lane.columns, lane.otherwise, lane.allow_when);
    outcomes[side] = DecidingBy(
        deciding, lane.columns, outcomes_.denied,
        [&](std::uint32_t c) { return outcomes_.of_column[c]; }, encoding);
  }
  for (const auto& [a, first] : outcomes[0])
    for (const auto& [b, second] : outcomes[1])
      if (!outcomes_.wanted[a][b]) encoding->Require({-first, -second});
}

}  // namespace writ::analysis
