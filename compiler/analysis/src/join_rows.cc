// Outcome by outcome, in an order that both sides keep. Entry point: MergeRows.
#include "join_rows.h"

#include <algorithm>
#include <optional>
#include <span>

namespace writ::analysis {

using namespace writ::runtime;

namespace {

constexpr std::size_t kMostCompared = 1'000'000;  // pairs of rows of one outcome

using RowOutcome = std::pair<Verdict, std::uint32_t>;  // and the anchor

class RowMerger {
 public:
  explicit RowMerger(const std::array<std::vector<RowDraft>, kSides>& rows) : rows_(rows) {}

  MergedRows Run() {
    const auto outcomes = MergedOutcomes();
    out_.aligned = outcomes.has_value();
    if (!outcomes) {
      for (const Verdict verdict : {Verdict::kDeny, Verdict::kEscalate, Verdict::kAllow}) {
        for (std::size_t s = 0; s < kSides; ++s) {
          for (const RowDraft& row : rows_[s])
            if (row.verdict == verdict) Add(s, row);
        }
      }
      return std::move(out_);
    }
    std::array<std::size_t, kSides> next = {0, 0};
    for (const RowOutcome& outcome : *outcomes) {
      std::array<std::size_t, kSides> end = next;
      for (std::size_t s = 0; s < kSides; ++s)
        while (end[s] < rows_[s].size() && rows_[s][end[s]].Outcome() == outcome) ++end[s];
      MergeRun({rows_[0].data() + next[0], end[0] - next[0]},
               {rows_[1].data() + next[1], end[1] - next[1]});
      next = end;
    }
    return std::move(out_);
  }

 private:
  void Add(std::size_t s, const RowDraft& row) {
    MergedRow& merged = out_.rows.emplace_back(MergedRow{&row, {}});
    merged.own = {kNoIndex, kNoIndex};
    merged.own[s] = row.own;
  }
  void Share(const RowDraft& before, const RowDraft& after) {
    out_.rows.push_back({&before, {before.own, after.own}});
  }

  // The outcomes of a side in the order in which they win, each once.
  std::vector<RowOutcome> Outcomes(std::size_t s) const {
    std::vector<RowOutcome> outcomes;
    for (const RowDraft& row : rows_[s]) {
      if (std::ranges::find(outcomes, row.Outcome()) == outcomes.end())
        outcomes.push_back(row.Outcome());
    }
    return outcomes;
  }

  // One order for the outcomes of both; nothing where they contradict each other, or where a side
  // comes back to an outcome that it has left.
  std::optional<std::vector<RowOutcome>> MergedOutcomes() const {
    for (const auto& rows : rows_) {
      const auto runs = 1 + std::ranges::count_if(rows, [&](const RowDraft& row) {
                          return &row != rows.data() && row.Outcome() != (&row - 1)->Outcome();
                        });
      const auto s = static_cast<std::size_t>(&rows - rows_.data());
      if (!rows.empty() && static_cast<std::size_t>(runs) != Outcomes(s).size())
        return std::nullopt;
    }
    auto merged = Outcomes(0);
    std::size_t at = 0;  // what comes next of the newer side goes here or behind
    for (const RowOutcome& outcome : Outcomes(1)) {
      const auto found = std::ranges::find(merged, outcome);
      if (found != merged.end()) {
        const auto place = static_cast<std::size_t>(found - merged.begin());
        if (place < at) return std::nullopt;
        at = place + 1;
        continue;
      }
      while (at < merged.size() && merged[at].first > outcome.first) ++at;
      merged.insert(merged.begin() + static_cast<std::ptrdiff_t>(at++), outcome);
    }
    return merged;
  }

  // Rows of one outcome. What both begin and end with is shared, and of what is between, as much as
  // can be without changing either order (a longest common subsequence).
  void MergeRun(std::span<const RowDraft> before, std::span<const RowDraft> after) {
    std::size_t head = 0, tail = 0;
    while (head < before.size() && head < after.size() && before[head].Says(after[head]))
      Share(before[head], after[head]), ++head;
    while (tail < before.size() - head && tail < after.size() - head &&
           before[before.size() - 1 - tail].Says(after[after.size() - 1 - tail]))
      ++tail;
    const auto a = before.subspan(head, before.size() - head - tail);
    const auto b = after.subspan(head, after.size() - head - tail);
    const bool small = a.size() * b.size() <= kMostCompared;
    // length[i][j]: of the longest one of what follows i and j
    std::vector<std::vector<std::uint32_t>> length(a.size() + 1,
                                                   std::vector<std::uint32_t>(b.size() + 1, 0));
    for (std::size_t i = a.size(); small && i-- > 0;) {
      for (std::size_t j = b.size(); j-- > 0;) {
        length[i][j] = a[i].Says(b[j]) ? length[i + 1][j + 1] + 1
                                       : std::max(length[i + 1][j], length[i][j + 1]);
      }
    }
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
      if (small && i < a.size() && j < b.size() && a[i].Says(b[j])) {
        Share(a[i++], b[j++]);
      } else if (i < a.size() && (j == b.size() || length[i + 1][j] >= length[i][j + 1])) {
        Add(kOld, a[i++]);
      } else {
        Add(kNew, b[j++]);
      }
    }
    for (; tail > 0; --tail) Share(before[before.size() - tail], after[after.size() - tail]);
  }

  const std::array<std::vector<RowDraft>, kSides>& rows_;
  MergedRows out_;
};

}  // namespace

bool SameConstraints(const std::vector<table::Constraint>& a,
                     const std::vector<table::Constraint>& b) {
  return std::ranges::equal(a, b, [](const table::Constraint& x, const table::Constraint& y) {
    return x.dimension == y.dimension && x.atoms == y.atoms;
  });
}

std::string ClauseIdentity(const Table& table, const table::Column& column) {
  std::string text;
  const auto add = [&](std::string_view part) { text.append(part).push_back('\n'); };
  if (column.clause.valid()) {
    const ClauseView clause = table.Clause(column.clause);
    for (const std::string_view part : {clause.name, clause.words, clause.reason}) add(part);
    text += static_cast<char>('a' + static_cast<int>(clause.trigger));
  }
  if (column.authority.valid()) add(table.Authority(column.authority).name);
  return text;
}

bool RowDraft::Says(const RowDraft& other) const {
  return Outcome() == other.Outcome() && flags == other.flags && clause == other.clause &&
         SameConstraints(constraints, other.constraints);
}

MergedRows MergeRows(const std::array<std::vector<RowDraft>, kSides>& rows) {
  return RowMerger(rows).Run();
}

}  // namespace writ::analysis
