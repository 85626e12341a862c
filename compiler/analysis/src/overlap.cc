// All pairs of rows by bit algebra: the rows that some atom of a row admits, dimension by
// dimension, cut down to those that every dimension leaves. Rows name few different sets of atoms
// in a dimension, so what a set meets and what contains it is worked out once.
//
// Only pairs that are worth telling go to the search, for a request in which both hold.
//
// Entry points: CompareColumns, FindOverlaps.
#include "writ/analysis/overlap.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "boxes.h"
#include "space_impl.h"
#include "writ/analysis/coverage.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

constexpr std::size_t kMostEvidence = 6;  // each is fresh or not: boxes to count

// What the rows are to one set of atoms of a dimension.
struct SetRelations {
  ColumnSet meeting, containing;
};

SetRelations Relate(const Space::Impl& s, std::uint32_t d, const AtomSet& atoms) {
  SetRelations related{ColumnSet(s.columns), ColumnSet::All(s.columns)};
  for (std::uint32_t a = atoms.First(); a < atoms.size(); a = atoms.Next(a + 1)) {
    const std::uint64_t* bits = s.Bits(d, a);
    for (std::uint32_t w = 0; w < s.words; ++w) {
      related.meeting.words()[w] |= bits[w];
      related.containing.words()[w] &= bits[w];
    }
  }
  return related;
}

class Comparer {
 public:
  Comparer(const Space& space, Budget& budget)
      : s_(space.impl()), budget_(budget), known_(s_.dimensions.size()) {}

  ColumnPairs Run() {
    ColumnPairs pairs;
    pairs.meeting.assign(s_.columns, ColumnSet(s_.columns));
    pairs.containing = pairs.meeting;
    for (std::uint32_t c = s_.decisions.First(); c < s_.columns; c = s_.decisions.Next(c + 1))
      Compare(c, &pairs);
    // What cannot hold meets nothing, from either side.
    for (std::uint32_t c = s_.decisions.First(); c < s_.columns; c = s_.decisions.Next(c + 1))
      pairs.meeting[c] -= never_;
    return pairs;
  }

 private:
  using Key = std::vector<std::uint64_t>;

  void Compare(std::uint32_t c, ColumnPairs* pairs) {
    ColumnSet meeting = s_.decisions, containing = s_.decisions;
    for (std::uint32_t d = 0; d < s_.dimensions.size(); ++d) {
      if (s_.dimensions[d].full.Has(c)) {
        containing &= s_.dimensions[d].full;
        continue;
      }
      const AtomSet atoms = s_.AtomsOf(c, d);
      if (atoms.Empty()) {
        never_.Add(c);
        return;
      }
      const SetRelations& related = RelationsOf(d, atoms);
      meeting &= related.meeting;
      containing &= related.containing;
    }
    meeting.Remove(c);
    containing.Remove(c);
    budget_.Spend(1 + s_.words / 8);
    pairs->meeting[c] = std::move(meeting);
    pairs->containing[c] = std::move(containing);
  }

  const SetRelations& RelationsOf(std::uint32_t d, const AtomSet& atoms) {
    Key key(atoms.words(), atoms.words() + atoms.word_count());
    const auto at = known_[d].find(key);
    if (at != known_[d].end()) return at->second;
    budget_.Spend(1 + std::uint64_t{s_.words} * atoms.Count() / 64);
    return known_[d].emplace(std::move(key), Relate(s_, d, atoms)).first->second;
  }

  const Space::Impl& s_;
  Budget& budget_;
  std::vector<std::map<Key, SetRelations>> known_;  // by dimension
  ColumnSet never_ = ColumnSet(s_.columns);
};

// A row as people know it: the columns of one clause that decide the same.
struct RowOfClause {
  ClauseId clause;
  Verdict verdict = Verdict::kDeny;
  AnchorId anchor;
  ColumnSet columns;
};

class OverlapFinder {
 public:
  OverlapFinder(const Space& space, Budget& budget, const OverlapOptions& options)
      : space_(space), s_(space.impl()), budget_(budget), options_(options) {}

  OverlapReport Run() {
    CollectRows();
    if (rows_.size() < 2 || s_.empty) return {};
    pairs_ = CompareColumns(space_, budget_);
    for (const auto& [a, b] : MeetingRows()) Look(rows_[a], rows_[b]);
    return std::move(report_);
  }

 private:
  // Its clause says when it holds; so it may be meant for one case, and meet another.
  bool SpeaksOfACase(const ColumnView& column) const {
    constexpr std::uint8_t kOwnNature = kColumnOtherwise | kColumnUnknown | kColumnBase;
    if (!column.clause.valid() || (column.flags & kOwnNature) != 0) return false;
    const ClauseView clause = s_.table.Clause(column.clause);
    if (clause.line == 0 || IsAssumption(clause.name)) return false;
    if (clause.authority.valid() &&
        s_.table.Authority(clause.authority).kind == AuthorityKind::kGuard)
      return false;
    return !clause.words.starts_with("limit ") && !clause.words.starts_with("require ") &&
           !clause.words.starts_with("ceiling ");
  }

  void CollectRows() {
    std::map<std::tuple<std::uint32_t, Verdict, std::uint32_t>, std::uint32_t> number;
    row_of_.assign(s_.columns, kNoIndex);
    for (std::uint32_t c = s_.decisions.First(); c < s_.columns; c = s_.decisions.Next(c + 1)) {
      const ColumnView& column = s_.column[c];
      if (!SpeaksOfACase(column)) continue;
      const AnchorId anchor = column.verdict == Verdict::kEscalate ? column.anchor : AnchorId{};
      const auto [at, added] =
          number.try_emplace({column.clause.value, column.verdict, anchor.value},
                             static_cast<std::uint32_t>(rows_.size()));
      if (added) rows_.push_back({column.clause, column.verdict, anchor, ColumnSet(s_.columns)});
      rows_[at->second].columns.Add(c);
      row_of_[c] = at->second;
    }
  }

  // A denial stands over an escalation as a limit does.
  static bool Differ(const RowOfClause& a, const RowOfClause& b) {
    if (a.clause == b.clause) return false;
    if (a.verdict == b.verdict) return a.verdict == Verdict::kEscalate && a.anchor != b.anchor;
    return a.verdict == Verdict::kAllow || b.verdict == Verdict::kAllow;
  }

  // Pairs of rows, the first below the second.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> MeetingRows() {
    const auto count = static_cast<std::uint32_t>(rows_.size());
    std::vector<BitSet> meeting(count, BitSet(count));
    for (std::uint32_t c = 0; c < s_.columns; ++c) {
      if (row_of_[c] == kNoIndex) continue;
      const ColumnSet& others = pairs_.meeting[c];
      for (std::uint32_t o = others.Next(c + 1); o < s_.columns; o = others.Next(o + 1)) {
        if (row_of_[o] == kNoIndex || !Differ(rows_[row_of_[c]], rows_[row_of_[o]])) continue;
        const auto [low, high] = std::minmax(row_of_[c], row_of_[o]);
        meeting[low].Add(high);
      }
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
    for (std::uint32_t a = 0; a < count; ++a) {
      for (std::uint32_t b = meeting[a].First(); b < count; b = meeting[a].Next(b + 1)) {
        if (found.size() < options_.most_pairs) {
          found.emplace_back(a, b);
        } else {
          ++report_.more;
        }
      }
    }
    return found;
  }

  // Each column of `a` lies within one of `b`.
  bool Within(const RowOfClause& a, const RowOfClause& b) const {
    for (std::uint32_t c = a.columns.First(); c < s_.columns; c = a.columns.Next(c + 1))
      if (!pairs_.containing[c].Meets(b.columns)) return false;
    return true;
  }

  void Look(const RowOfClause& a, const RowOfClause& b) {
    if (Within(a, b) || Within(b, a)) return;  // an exception, or a row that never decides
    for (const auto& [first, second] : {std::pair(&a, &b), std::pair(&b, &a)}) {
      Where where;
      where.holds = {second->columns};
      where.winner = first->columns;
      Answer answer = FindWhere(space_, where, budget_);
      if (answer.outcome == Outcome::kUnknown) ++report_.open;
      if (answer.outcome == Outcome::kUnknown) return;
      if (answer.outcome == Outcome::kNone) continue;
      ClauseOverlap overlap{first->clause, second->clause, "", "", "", false, {}};
      overlap.outcome = DescribeDecision(s_.table, answer.witness->decision);
      overlap.other_outcome = OutcomeOf(*second);
      overlap.witness = std::move(*answer.witness);
      Measure(a, b, &overlap);
      report_.overlaps.push_back(std::move(overlap));
      return;
    }
  }

  std::string OutcomeOf(const RowOfClause& row) const {
    if (row.verdict == Verdict::kEscalate)
      return "escalate to " + std::string(s_.table.Anchor(row.anchor).name);
    return row.verdict == Verdict::kAllow ? "allow" : "deny";
  }

  // The union of what each column of the one shares with each of the other.
  void Measure(const RowOfClause& a, const RowOfClause& b, ClauseOverlap* overlap) const {
    overlap->at_most =
        std::ranges::any_of(s_.components, [](const Component& c) { return c.entangled; });
    if (s_.slots.size() > kMostEvidence) return;
    std::vector<Atoms> boxes;
    for (std::uint32_t c = a.columns.First(); c < s_.columns; c = a.columns.Next(c + 1)) {
      ColumnSet others = pairs_.meeting[c];
      others &= b.columns;
      for (std::uint32_t o = others.First(); o < s_.columns; o = others.Next(o + 1)) {
        Atoms box = BoxOf(s_, c);
        const Atoms other = BoxOf(s_, o);
        for (std::size_t d = 0; d < box.size(); ++d) box[d] &= other[d];
        if (!AddUnderEvidence(box, &boxes)) return;
      }
    }
    Count size;
    for (const Atoms& box : boxes) size += SizeOf(s_, box);
    overlap->size = size.Text();
  }

  bool AddUnderEvidence(const Atoms& box, std::vector<Atoms>* boxes) const {
    for (std::uint32_t bits = 0; bits < 1u << s_.slots.size(); ++bits) {
      std::vector<bool> fresh;
      bool possible = true;
      for (std::uint32_t i = 0; i < s_.slots.size(); ++i) {
        fresh.push_back(((bits >> i) & 1) != 0);
        possible = possible && (fresh[i] ? s_.slots[i].may_be_fresh : s_.slots[i].may_be_stale);
      }
      if (!possible) continue;
      Atoms under = box;
      for (std::uint32_t d = 0; d < under.size(); ++d) under[d] &= s_.AllowedUnder(d, fresh);
      if (IsEmptyBox(under)) continue;
      if (!Unite(std::move(under), options_.most_boxes, boxes)) return false;
    }
    return true;
  }

  const Space& space_;
  const Space::Impl& s_;
  Budget& budget_;
  const OverlapOptions options_;
  std::vector<RowOfClause> rows_;
  std::vector<std::uint32_t> row_of_;  // by column; kNoIndex: not told of
  ColumnPairs pairs_;
  OverlapReport report_;
};

}  // namespace

ColumnPairs CompareColumns(const Space& space, Budget& budget) {
  return Comparer(space, budget).Run();
}

OverlapReport FindOverlaps(const Space& space, Budget& budget, const OverlapOptions& options) {
  return OverlapFinder(space, budget, options).Run();
}

}  // namespace writ::analysis
