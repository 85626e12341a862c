// Every answer about random small tables, against all their requests.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "small_tables.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/table_diff.h"

namespace writ::analysis {
namespace {

using namespace writ::runtime;
using namespace writ::test;

constexpr std::uint64_t kTables = 6'000;
constexpr std::size_t kMaxRequests = 3'000;

// The obvious reading of a table, on raw columns.
class Truth {
 public:
  Truth(const Space& space, const Table& table)
      : matrix_(table.Matrix({0})), force_(space.restriction().as_in_force) {}

  ColumnSet Effective(const ColumnSet& raw, const ColumnSet* without = nullptr) const {
    ColumnSet set = raw;
    bool allow_when = false;
    for (std::uint32_t c = 0; c < set.size(); ++c) {
      const ColumnView column = matrix_.Column(c);
      if (without != nullptr && without->Has(c)) set.Remove(c);
      if (force_ && (column.flags & kColumnEffective) != 0) set.Remove(c);
      if (set.Has(c) && (column.flags & kColumnAllowWhen) != 0) allow_when = true;
    }
    for (std::uint32_t c = 0; c < set.size(); ++c) {
      if (allow_when && (matrix_.Column(c).flags & kColumnOtherwise) != 0) set.Remove(c);
    }
    return set;
  }
  // The winner; column count where nothing decides.
  std::uint32_t Winner(const ColumnSet& effective) const {
    const std::uint32_t first = effective.First();
    return first < matrix_.decision_column_count() ? first : matrix_.column_count();
  }
  bool Matters(const ColumnSet& raw, const ColumnSet& removed) const {
    const std::uint32_t with = Winner(Effective(raw)), without = Winner(Effective(raw, &removed));
    if (with == without) return false;
    if (with == matrix_.column_count() || without == matrix_.column_count()) return true;
    const ColumnView a = matrix_.Column(with), b = matrix_.Column(without);
    return a.verdict != b.verdict || (a.verdict == Verdict::kEscalate && a.anchor != b.anchor);
  }
  bool Meets(const ColumnSet& raw, const Where& where) const {
    const ColumnSet set = Effective(raw);
    for (const ColumnSet& group : where.holds) {
      if (!set.Meets(group)) return false;
    }
    if (where.none_of && set.Meets(*where.none_of)) return false;
    const std::uint32_t winner = Winner(set);
    if (where.winner && !where.winner->Has(winner)) return false;
    return !where.not_winner || !where.not_winner->Has(winner);
  }

 private:
  MatrixView matrix_;
  bool force_;
};

// What a failure needs to be understood.
std::string Show(const Table& table, const Restriction& restriction) {
  std::string text = restriction.known_role ? "known role; " : "";
  for (const RoleId role : restriction.roles) text += "role " + std::to_string(role.value) + "; ";
  for (const EvidenceRestriction& e : restriction.evidence) text += e.fresh ? "fresh; " : "stale; ";
  for (const FactRestriction& r : restriction.facts) {
    text += std::string(table.Fact(r.fact).name) + (r.may_be_missing ? " missing" : "") +
            (r.may_be_present ? " " + std::to_string(r.low) + ".." + std::to_string(r.high) : "") +
            "; ";
  }
  for (std::uint32_t c = 0; c < table.Matrix({0}).column_count(); ++c) {
    text += "\n  " + std::to_string(c) + " " + DescribeColumn(table, {0}, c);
  }
  return text;
}

std::string Show(const Where& where) {
  std::string text;
  const auto add = [&](const char* name, const ColumnSet& set) {
    text += std::string(" ") + name;
    for (std::uint32_t c = set.First(); c < set.size(); c = set.Next(c + 1))
      text += " " + std::to_string(c);
  };
  for (const ColumnSet& group : where.holds) add("holds", group);
  if (where.none_of) add("none of", *where.none_of);
  if (where.winner) add("winner", *where.winner);
  if (where.not_winner) add("not winner", *where.not_winner);
  return text;
}

Witness AsWitness(const SmallRequest& request) {
  Witness witness;
  witness.capability = {0};
  witness.values = request.values;
  witness.role = request.role;
  witness.now_ms = request.now;
  return witness;
}

struct Tally {
  std::uint64_t asked = 0, found = 0, none = 0, unknown = 0;
};

class BruteForce : public ::testing::Test {
 protected:
  // Holds `answer` to the requests of the space.
  void Check(const Space& space, const Answer& answer, const std::vector<const SmallRequest*>& all,
             const std::function<bool(const ColumnSet&)>& is_solution, const char* question,
             std::uint64_t seed) {
    const auto solution = std::find_if(all.begin(), all.end(),
                                       [&](const SmallRequest* r) { return is_solution(r->raw); });
    const bool exists = solution != all.end();
    ++tally_.asked;
    switch (answer.outcome) {
      case Outcome::kUnknown:
        ++tally_.unknown;
        break;
      case Outcome::kNone:
        ++tally_.none;
        EXPECT_FALSE(exists) << question << ": none claimed, seed " << seed << ": "
                             << Show(space.table(), space.restriction())
                             << (exists ? "\n" + DescribeAll(space.table(), AsWitness(**solution))
                                        : "");
        break;
      case Outcome::kFound:
        ++tally_.found;
        EXPECT_TRUE(exists) << question << ": found what does not exist, seed " << seed;
        break;
    }
  }
  Tally tally_;
};

SmallRequest FromWitness(const Table& table, const Witness& witness) {
  SmallRequest request{witness.values, witness.role, witness.now_ms,
                       ColumnSet::All(table.Matrix({0}).column_count()), false};
  request.values[kNow] = {ValueKind::kNumber, witness.now_ms, "", {}};
  const WitnessRequest borrowed(witness);
  const MatrixView matrix = table.Matrix({0});
  std::vector<std::uint32_t> atoms(matrix.dimension_count() + 1);
  EXPECT_TRUE(MapAtoms(table, nullptr, borrowed.request(), atoms.data(), atoms.size()));
  for (std::uint32_t d = 0; d < matrix.dimension_count(); ++d) {
    for (std::uint32_t w = 0; w < matrix.word_count(); ++w)
      request.raw.words()[w] &= matrix.Bits(d, atoms[d])[w];
  }
  const ConcreteValue& at = request.values[kAt];
  request.fresh = at.kind == ValueKind::kNumber && at.number <= request.now &&
                  request.now - at.number <= 1 && request.values[kAbout].kind == ValueKind::kText &&
                  request.values[kAbout] == request.values[kS];
  return request;
}

ColumnSet RandomColumns(Random& r, std::uint32_t count, unsigned percent) {
  ColumnSet set(count);
  for (std::uint32_t c = 0; c < count; ++c) {
    if (r.Chance(percent)) set.Add(c);
  }
  return set;
}

// The same rows and many like them, each off by one value: boxes of a search that splits them are
// packed again only where there are dozens of columns.
table::Model Crowded(table::Model model, Random& r) {
  std::vector<table::Column>& columns = model.matrices[0].columns;
  std::vector<table::Column> crowd;
  for (const table::Column& column : columns) {
    crowd.push_back(column);
    if (column.kind != ColumnKind::kDecision || column.constraints.empty()) continue;
    for (std::uint32_t copies = 2 + r.Below(6); copies > 0; --copies) {
      crowd.push_back(column);
      auto& constraint = crowd.back().constraints[r.Below(column.constraints.size())];
      constraint.atoms[r.Below(constraint.atoms.size())].flip();
    }
  }
  columns = std::move(crowd);
  return model;
}

TEST_F(BruteForce, AgreesWithAllRequests) {
  Budget budget{.limit = ~std::uint64_t{0} >> 1};
  for (std::uint64_t seed = 1; seed <= kTables && !HasFailure(); ++seed) {
    Random r(seed * 7919);
    table::Model model = SmallTableMaker(seed).Make();
    if (seed % 6 > 3) model = Crowded(std::move(model), r);
    const auto opened = OpenModel(model);
    ASSERT_NE(opened, nullptr) << "seed " << seed;
    const Table& table = opened->table;
    std::vector<SmallRequest> requests;
    SmallRequests maker(model, table);
    const Restriction restriction = r.Chance(50) ? Restriction{} : RandomRestriction(r);
    maker.AlsoRead(restriction);
    if (!maker.Make(kMaxRequests, &requests)) continue;
    const Space space(table, {0}, restriction);
    // The recursion alone, both in turn, splitting alone; clauses alone.
    budget.split_limit = seed % 3 == 0 ? 0 : seed % 3 == 1 ? 4 : 20'000;
    budget.first_try = seed % 6 < 3 ? 5'000 : 0;
    budget.by_recursion = seed % 5 != 0;
    if (!budget.by_recursion) budget.split_limit = 0;
    const Truth truth(space, table);
    std::vector<const SmallRequest*> all;  // one for each set of columns: the questions see no more
    std::set<std::vector<std::uint64_t>> seen;
    for (const SmallRequest& request : requests) {
      const std::vector<std::uint64_t> columns(request.raw.words(),
                                               request.raw.words() + request.raw.word_count());
      if (!seen.contains(columns) && Within(restriction, request, maker)) {
        seen.insert(columns);
        all.push_back(&request);
      }
    }
    const auto ask = [&](const Where& where, const Answer& answer, const char* question) {
      SCOPED_TRACE(Show(where));
      Check(
          space, answer, all, [&](const ColumnSet& raw) { return truth.Meets(raw, where); },
          question, seed);
      if (answer.outcome != Outcome::kFound) return;
      const SmallRequest found = FromWitness(table, *answer.witness);
      EXPECT_TRUE(truth.Meets(found.raw, where))
          << question << ": the witness is none, seed " << seed;
      EXPECT_TRUE(Within(restriction, found, maker))
          << question << ": outside the restriction, seed " << seed << ": "
          << Show(table, restriction) << "\n"
          << DescribeAll(table, *answer.witness);
    };
    Where gap;
    gap.none_of = space.DecisionColumns();
    ask(gap, FindUndecided(space, budget), "undecided");
    for (int i = 0; i < 4; ++i) {
      Where where;
      if (r.Chance(50)) where.holds.push_back(RandomColumns(r, space.column_count(), 40));
      if (r.Chance(20)) where.holds.push_back(RandomColumns(r, space.column_count(), 40));
      if (r.Chance(40)) where.none_of = RandomColumns(r, space.column_count(), 25);
      if (r.Chance(50)) where.winner = RandomColumns(r, space.decision_column_count(), 40);
      if (where.winner) {  // of the matrix's size
        ColumnSet wide(space.column_count());
        for (std::uint32_t c = where.winner->First(); c < where.winner->size();
             c = where.winner->Next(c + 1))
          wide.Add(c);
        where.winner = wide;
      }
      if (r.Chance(30)) where.not_winner = RandomColumns(r, space.column_count(), 40);
      ask(where, FindWhere(space, where, budget), "where");
    }
    for (std::uint32_t c = 0; c < table.clause_count(); ++c) {
      const ColumnSet removed = space.ColumnsOfClause({c});
      const Effect effect = ClauseMatters(space, {c}, budget);
      Check(
          space, effect.answer, all,
          [&](const ColumnSet& raw) { return truth.Matters(raw, removed); }, "matters", seed);
      if (effect.answer.outcome != Outcome::kFound) continue;
      const SmallRequest found = FromWitness(table, *effect.answer.witness);
      EXPECT_TRUE(truth.Matters(found.raw, removed))
          << "matters: the witness is none, seed " << seed;
      EXPECT_TRUE(Within(restriction, found, maker))
          << "matters: outside the restriction, seed " << seed;
    }
  }
  RecordProperty("asked", static_cast<int>(tally_.asked));
  std::printf("asked %llu, found %llu, none %llu, unknown %llu\n",
              static_cast<unsigned long long>(tally_.asked),
              static_cast<unsigned long long>(tally_.found),
              static_cast<unsigned long long>(tally_.none),
              static_cast<unsigned long long>(tally_.unknown));
  EXPECT_GE(tally_.asked, 20'000u);
  EXPECT_LE(tally_.unknown * 1'000, tally_.asked);
}

}  // namespace
}  // namespace writ::analysis
