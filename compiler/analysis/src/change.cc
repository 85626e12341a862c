// One question for each capability that is not the same in both tables: do two rows decide one
// request of the region in a direction that is asked about? Entry point: FindChange.
#include "writ/analysis/change.h"

#include <algorithm>
#include <map>
#include <utility>

#include "join.h"
#include "pair_goal.h"
#include "search.h"
#include "versions.h"
#include "writ/analysis/space.h"
#include "writ/table/write.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

struct Asked {
  CapabilityId joined;
  std::array<CapabilityId, kSides> own;
  JoinedMatrix matrix;
};

class ChangeSearch {
 public:
  ChangeSearch(const Versions& versions, const ChangeQuestion& question,
               const JoinedVocabulary& vocabulary, const Table& joined, const Asked& asked)
      : versions_(versions),
        question_(question),
        vocabulary_(vocabulary),
        joined_(joined),
        asked_(asked) {}

  ChangeAnswer Run(Budget& budget) const {
    Restriction restriction;
    if (!question_.role.empty()) restriction.roles = {joined_.FindRole(question_.role)};
    const Space space(joined_, asked_.joined, restriction);
    const std::array<Lane, kSides> lanes = {LaneOf(asked_.matrix, kOld),
                                            LaneOf(asked_.matrix, kNew)};
    const PairOutcomes outcomes = Outcomes();
    std::vector<ColumnSet> holds;
    if (!question_.region.empty()) holds.push_back(RegionColumns(space));
    const PairGoal goal(space.impl(), lanes, outcomes, holds, space.NoColumns());
    const Answer answer = FindGoal(space.impl(), goal, nullptr, budget);
    ChangeAnswer change{
        answer.outcome, std::string(joined_.Capability(asked_.joined).name), "", "", "",
        answer.why};
    if (answer.outcome != Outcome::kFound) return change;
    change.request = Describe(joined_, *answer.witness);
    if (change.request.empty()) change.request = "any request";
    std::array<std::string, kSides> decided;
    for (std::size_t s = 0; s < kSides; ++s) {
      const std::uint32_t winner = Winner(lanes[s], answer.witness->columns.words(),
                                          space.impl().words, space.column_count());
      const table::Column* column =
          winner == space.column_count() ? nullptr : &asked_.matrix.matrix.columns[winner];
      if (!DecidesAs(vocabulary_, versions_.of, s, asked_.own[s], *answer.witness, column)) {
        change.outcome = Outcome::kUnknown;
        change.why = "the tables decide a request that was found otherwise: " + change.request;
        return change;
      }
      const Witness own = OwnRequest(vocabulary_, versions_.of, s, asked_.own[s], *answer.witness);
      decided[s] = DescribeDecision(
          *versions_.of[s], Decide(*versions_.of[s], nullptr, WitnessRequest(own).request()));
    }
    change.before = decided[kOld];
    change.after = decided[kNew];
    return change;
  }

 private:
  PairOutcomes Outcomes() const {
    std::map<std::pair<Verdict, std::uint32_t>, std::uint32_t> numbers;
    std::vector<const table::Column*> first;  // a column of each outcome; null: no row
    PairOutcomes outcomes;
    const auto number = [&](Verdict verdict, AnchorId anchor, const table::Column* column) {
      const auto [at, added] = numbers.emplace(std::pair(verdict, anchor.value),
                                               static_cast<std::uint32_t>(first.size()));
      if (added) first.push_back(column);
      return at->second;
    };
    outcomes.denied = number(Verdict::kDeny, {}, nullptr);
    for (std::uint32_t c = 0; c < asked_.matrix.decisions; ++c) {
      const table::Column& column = asked_.matrix.matrix.columns[c];
      outcomes.of_column.push_back(number(column.verdict, column.anchor, &column));
    }
    for (std::size_t a = 0; a < first.size(); ++a) {
      std::vector<bool>& row = outcomes.wanted.emplace_back();
      for (std::size_t b = 0; b < first.size(); ++b) {
        const Direction direction =
            a == b ? Direction::kSame : versions_.DirectionOf(joined_, first[a], first[b]);
        row.push_back(std::ranges::find(question_.directions, direction) !=
                      question_.directions.end());
      }
    }
    return outcomes;
  }

  ColumnSet RegionColumns(const Space& space) const {
    const auto declares = [&](std::size_t s) {
      for (std::uint32_t r = 0; r < versions_.of[s]->region_count(); ++r)
        if (versions_.of[s]->Region(r) == question_.region) return true;
      return false;
    };
    const std::size_t s = declares(kNew) ? kNew : kOld;
    ColumnSet columns = space.NoColumns();
    for (std::uint32_t c = asked_.matrix.decisions; c < asked_.matrix.columns.size(); ++c) {
      const std::uint32_t own = asked_.matrix.columns[c].own[s];
      if (own == kNoIndex) continue;
      const ColumnView column = versions_.of[s]->Matrix(asked_.own[s]).Column(own);
      if (versions_.of[s]->Region(column.name) == question_.region) columns.Add(c);
    }
    return columns;
  }

  const Versions& versions_;
  const ChangeQuestion& question_;
  const JoinedVocabulary& vocabulary_;
  const Table& joined_;
  const Asked& asked_;
};

}  // namespace

ChangeAnswer FindChange(const Table& before, const Table& after, const ChangeQuestion& question,
                        Budget& budget) {
  const Versions versions{{&before, &after}};
  JoinedVocabulary vocabulary = JoinVocabularies(versions.of, JoinMode::kChanges);
  const bool alike = SameNumbers(vocabulary);
  std::vector<Asked> all;
  for (std::uint32_t c = 0; c < vocabulary.model.capabilities.size(); ++c) {
    const table::Capability& capability = vocabulary.model.capabilities[c];
    if (capability.kind == CapabilityKind::kEvent) continue;
    if (!question.capability.empty() && capability.name != question.capability) continue;
    if (alike && SameMatrices(versions.of, CapabilityId{c})) continue;
    Asked asked{CapabilityId{c}, OwnCapabilities(vocabulary, CapabilityId{c}), {}};
    asked.matrix = JoinMatrices(vocabulary, versions.of, asked.own, JoinMode::kChanges);
    budget.Spend(asked.matrix.columns.size());
    if (asked.matrix.same) continue;
    vocabulary.model.matrices[c] = asked.matrix.matrix;
    all.push_back(std::move(asked));
  }
  ChangeAnswer answer;
  const auto joined = table::WriteAndOpen(vocabulary.model);
  if (!joined) {
    answer.outcome = Outcome::kUnknown;
    answer.why = "the tables cannot be laid side by side: " + joined.error().what;
    return answer;
  }
  for (const Asked& asked : all) {
    const ChangeAnswer one =
        ChangeSearch(versions, question, vocabulary, joined->table, asked).Run(budget);
    if (one.outcome == Outcome::kFound) return one;
    if (one.outcome == Outcome::kUnknown) answer = one;
  }
  if (answer.outcome == Outcome::kNone && !vocabulary.notes.empty()) {
    answer.outcome = Outcome::kUnknown;
    answer.why = vocabulary.notes.front().Text();
  }
  return answer;
}

}  // namespace writ::analysis
