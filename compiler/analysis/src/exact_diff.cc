// Asks the joined matrix of each capability, again and again, for a request that is decided
// otherwise and lies in no region that is known yet; when there is none, the regions are the whole
// change. What is found is put to both tables as they ship before it is believed.
//
// Entry points: DiffExactly, SharedVocabulary, DemandedStep, StatedStep.
#include "writ/analysis/exact_diff.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "describer.h"
#include "diff_boxes.h"
#include "diff_goal.h"
#include "join.h"
#include "search.h"
#include "versions.h"
#include "writ/analysis/coverage.h"
#include "writ/analysis/witness.h"
#include "writ/table/write.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

constexpr std::size_t kMostCountedBoxes = 20'000;
constexpr std::size_t kMostSlices = 2'000;
constexpr std::uint64_t kManySteps = 200'000;  // for one question
constexpr std::uint64_t kMostBoxSteps = 200'000;

// One capability of the joined table.
class CapabilityDiff {
 public:
  CapabilityDiff(const Versions& tables, const JoinedVocabulary& vocabulary, const Table& joined,
                 CapabilityId id, const std::array<CapabilityId, kSides>& own,
                 const JoinedMatrix& matrix, const ExactDiffOptions& options, Budget& budget,
                 ExactDiff& out)
      : tables_(tables),
        vocabulary_(vocabulary),
        joined_(joined),
        own_(own),
        matrix_(matrix),
        options_(options),
        budget_(budget),
        out_(out),
        space_(joined, id, options.where),
        name_(joined.Capability(id).name) {}

  void Run() {
    if (space_.empty()) return;  // no request is such
    const BuiltinRow forced = space_.forced_builtin();
    if (forced == BuiltinRow::kMalformed) {
      Unknown("a value that no version has is fixed");
      return;
    }
    if (forced != BuiltinRow::kNone) return;  // both deny them
    if (joined_.Capability(space_.capability()).kind != CapabilityKind::kEvent) {
      NumberRows();
      FindRegions();
      DescribeBoxes();
    }
    CompareObligations();
    for (auto& [pair, region] : regions_) out_.regions.push_back(std::move(region));
  }

 private:
  const JoinedColumn& Origin(std::uint32_t c) const { return matrix_.columns[c]; }
  const table::Column& Column(std::uint32_t c) const { return matrix_.matrix.columns[c]; }
  ColumnView OwnColumn(std::size_t s, std::uint32_t c) const {
    return tables_.of[s]->Matrix(own_[s]).Column(Origin(c).own[s]);
  }

  void NumberRows() {
    std::map<std::tuple<std::size_t, std::uint32_t, Verdict, std::uint32_t>, std::uint32_t> rows;
    std::map<std::pair<Verdict, std::uint32_t>, std::uint32_t> outcomes;
    const auto outcome_of = [&](Verdict verdict, AnchorId anchor) {
      return outcomes
          .emplace(std::pair(verdict, anchor.value), static_cast<std::uint32_t>(outcomes.size()))
          .first->second;
    };
    numbers_.denied = outcome_of(Verdict::kDeny, {});
    for (std::uint32_t c = 0; c < matrix_.decisions; ++c)
      numbers_.outcome.push_back(outcome_of(Column(c).verdict, Column(c).anchor));
    for (std::size_t s = 0; s < kSides; ++s) {
      lanes_[s] = LaneOf(matrix_, s);
      numbers_.row[s].assign(matrix_.decisions, kNoIndex);
      for (std::uint32_t c = 0; c < matrix_.decisions; ++c) {
        if (Origin(c).own[s] == kNoIndex) continue;
        const bool builtin = Origin(c).own[s] >= JoinedColumn::kUnknownCapability;
        const std::uint32_t clause = builtin ? Origin(c).own[s] : OwnColumn(s, c).clause.value;
        const auto key = std::tuple(s, clause, Column(c).verdict, Column(c).anchor.value);
        const auto [at, added] = rows.emplace(key, static_cast<std::uint32_t>(row_column_.size()));
        if (added) row_column_.push_back(c);
        numbers_.row[s][c] = at->second;
      }
      numbers_.none[s] = static_cast<std::uint32_t>(row_column_.size());
      row_column_.push_back(kNoIndex);
    }
    FindDifferences();
  }

  void FindDifferences() {
    if (!matrix_.aligned) return;
    std::map<std::pair<std::uint32_t, std::uint8_t>, Difference> all;
    for (std::uint32_t c = 0; c < matrix_.decisions; ++c) {
      for (std::size_t s = 0; s < kSides; ++s) {
        if (Origin(c).own[1 - s] != kNoIndex) continue;
        const auto [at, added] = all.try_emplace({numbers_.outcome[c], Origin(c).flags});
        if (added) at->second.columns = {space_.NoColumns(), space_.NoColumns()};
        at->second.columns[s].Add(c);
      }
    }
    for (auto& [kind, difference] : all) differences_.push_back(std::move(difference));
  }

  bool Unknown(const std::string& why) {
    out_.unknown.push_back("`" + name_ + "`: " + why);
    return false;
  }

  void FindRegions() {
    std::set<RowPair> known;
    const auto slices = matrix_.aligned ? Slices(space_.impl(), differences_, kMostSlices)
                                        : std::optional<std::vector<std::vector<AtomSet>>>();
    if (!slices) {
      FindRegionsWithin(nullptr, &known);
      return;
    }
    for (const std::vector<AtomSet>& slice : *slices)
      if (!FindRegionsWithin(&slice, &known)) return;
  }

  // False: it stays open whether there are more.
  bool FindRegionsWithin(const std::vector<AtomSet>* within, std::set<RowPair>* known) {
    while (true) {
      const DiffGoal goal(space_.impl(), lanes_, numbers_, differences_, *known);
      Budget question = budget_;
      if (tangled_) question.split_limit = 1;
      const Answer answer = FindGoal(space_.impl(), goal, within, question);
      budget_.used = question.used;
      tangled_ = tangled_ || answer.steps > kManySteps;
      out_.steps += answer.steps;
      if (answer.outcome == Outcome::kNone) return true;
      if (answer.outcome == Outcome::kUnknown) return Unknown(answer.why);
      if (known->size() == options_.most_regions)
        return Unknown("more than " + std::to_string(options_.most_regions) + " regions differ");
      const RowPair pair = PairOf(*answer.witness);
      known->insert(pair);
      if (Confirmed(*answer.witness, pair)) {
        regions_.emplace(pair, MakeRegion(pair, *answer.witness));
      } else {
        Unknown("the tables decide a request that was found otherwise: " +
                analysis::Describe(joined_, *answer.witness));
      }
    }
  }

  RowPair PairOf(const Witness& witness) const {
    const auto row = [&](std::size_t s) {
      const std::uint32_t c =
          Winner(lanes_[s], witness.columns.words(), space_.impl().words, space_.column_count());
      return c == space_.column_count() ? numbers_.none[s] : numbers_.row[s][c];
    };
    return {row(kOld), row(kNew)};
  }

  // Both tables as they ship decide the request as the joined one says.
  bool Confirmed(const Witness& witness, const RowPair& pair) const {
    const auto on = [&](std::size_t s, std::uint32_t column) {
      return DecidesAs(vocabulary_, tables_.of, s, own_[s], witness, ColumnOf(column));
    };
    return on(kOld, row_column_[pair.first]) && on(kNew, row_column_[pair.second]);
  }

  DiffRegion MakeRegion(const RowPair& pair, const Witness& witness) const {
    DiffRegion region;
    region.capability = name_;
    const std::uint32_t before = row_column_[pair.first], after = row_column_[pair.second];
    region.before = DescribeRow(kOld, before);
    region.after = DescribeRow(kNew, after);
    region.column_before = OwnNumber(kOld, before);
    region.column_after = OwnNumber(kNew, after);
    region.direction = DirectionOf(before, after);
    region.witness = analysis::Describe(joined_, witness);
    region.request = OwnRequest(vocabulary_, tables_.of, kOld, own_[kOld], witness);
    return region;
  }

  std::uint32_t OwnNumber(std::size_t s, std::uint32_t c) const {
    const bool has = c < matrix_.decisions && Origin(c).own[s] < JoinedColumn::kUnknownCapability;
    return has ? Origin(c).own[s] : DiffRegion::kNoColumn;
  }

  DiffRow DescribeRow(std::size_t s, std::uint32_t c) const {
    DiffRow row;
    if (c == kNoIndex) {
      row.outcome = "deny";
      row.words = "nothing decides it";
      row.builtin = BuiltinRow::kUndecided;
      return row;
    }
    if (c < matrix_.decisions) row.outcome = OutcomeOf(c);
    switch (Origin(c).own[s]) {
      case JoinedColumn::kMalformed:
        row.words = "malformed: a value that this version does not have";
        row.builtin = BuiltinRow::kMalformed;
        return row;
      case JoinedColumn::kMissingInput:
        row.words = "a required input is missing";
        row.builtin = BuiltinRow::kMissingInput;
        return row;
      case JoinedColumn::kUnknownCapability:
        row.words = "no such capability";
        row.builtin = BuiltinRow::kUnknownCapability;
        return row;
      default:
        break;
    }
    const ColumnView column = OwnColumn(s, c);
    if (!column.clause.valid()) return row;
    const ClauseView clause = tables_.of[s]->Clause(column.clause);
    row.clause = clause.name;
    row.words = clause.words;
    row.reason = clause.reason;
    row.file = clause.file;
    row.line = clause.line;
    return row;
  }

  std::string OutcomeOf(std::uint32_t c) const {
    const AnchorId anchor = Column(c).anchor;
    switch (Column(c).verdict) {
      case Verdict::kDeny:
        return "deny";
      case Verdict::kEscalate:
        return "escalate to " + std::string(joined_.Anchor(anchor).name);
      case Verdict::kAllow:
        break;
    }
    return "allow";
  }

  Direction DirectionOf(std::uint32_t before, std::uint32_t after) const {
    return tables_.DirectionOf(joined_, ColumnOf(before), ColumnOf(after));
  }
  const table::Column* ColumnOf(std::uint32_t c) const {
    return c == kNoIndex ? nullptr : &Column(c);
  }

  // --- in words

  void DescribeBoxes() {
    if (regions_.empty() || options_.most_boxes == 0) return;
    ColumnSet first = space_.NoColumns();
    for (const Difference& difference : differences_)
      for (const ColumnSet& columns : difference.columns) first |= columns;
    const std::set<RowPair> none;
    const DiffGoal goal(space_.impl(), lanes_, numbers_, differences_, none);
    // Its effort is its own: what is proved does not depend on how it can be shown.
    Budget budget{.limit = kMostBoxSteps};
    const auto found = FindBoxes(space_.impl(), goal, first, kMostCountedBoxes, budget);
    if (!found) {
      for (auto& [pair, region] : regions_) region.more_boxes = true;
      return;
    }
    const Describer describer(space_.impl(), Wording::kPlain);
    const bool entangled = std::ranges::any_of(space_.impl().components,
                                               [](const Component& c) { return c.entangled; });
    std::vector<std::vector<AtomSet>> all;
    for (const auto& [pair, region] : *found)
      all.insert(all.end(), region.boxes.begin(), region.boxes.end());
    std::vector<AtomSet> shared;  // by dimension: what each box says of it; else everything
    for (std::uint32_t d = 0; d < space_.impl().dimensions.size(); ++d) {
      const AtomSet& allowed = space_.impl().dimensions[d].allowed;
      const bool same =
          std::ranges::all_of(all, [&](const auto& box) { return box[d] == all.front()[d]; });
      shared.push_back(all.size() > 1 && same ? all.front()[d] : allowed);
    }
    if (const std::string text = BoxText(describer, shared, {}, nullptr); text != "always")
      out_.shared.push_back({name_, text});
    for (auto& [pair, region] : regions_) {
      const auto at = found->find(pair);
      if (at == found->end()) continue;
      region.size = at->second.size.Text();
      region.at_most = entangled;
      region.more_boxes = at->second.boxes.size() > options_.most_boxes;
      const std::vector<NamedValue> names = NamesOf(region);
      for (const auto& box : at->second.boxes) {
        if (region.boxes.size() == options_.most_boxes) break;
        region.boxes.push_back(BoxText(describer, box, names, &shared));
      }
    }
  }

  // Thresholds that the rows of a region speak of.
  std::vector<NamedValue> NamesOf(const DiffRegion& region) const {
    std::vector<NamedValue> names;
    for (const std::size_t s : {kNew, kOld}) {
      const std::string& words = s == kNew ? region.after.words : region.before.words;
      for (std::uint32_t t = 0; t < tables_.of[s]->threshold_count(); ++t) {
        const ThresholdView threshold = tables_.of[s]->Threshold(t);
        if (words.find(threshold.name) == std::string::npos) continue;
        const bool other = std::ranges::any_of(names, [&](const NamedValue& n) {
          return n.name.starts_with(threshold.name) && n.value != threshold.value;
        });
        names.push_back({(other ? "the earlier " : "") + std::string(threshold.name),
                         std::string(threshold.value)});
      }
    }
    return names;
  }

  // What the box says beyond `shared`.
  std::string BoxText(const Describer& describer, const std::vector<AtomSet>& box,
                      const std::vector<NamedValue>& names,
                      const std::vector<AtomSet>* shared) const {
    std::string text;
    for (std::uint32_t d = 0; d < box.size(); ++d) {
      const AtomSet& allowed = space_.impl().dimensions[d].allowed;
      if (box[d] == allowed || (shared != nullptr && (*shared)[d] != allowed)) continue;
      text += (text.empty() ? "" : " and ") + describer.Condition(d, box[d], names);
    }
    return text.empty() ? "always" : text;
  }

  // --- obligations

  void CompareObligations() {
    std::map<std::string, std::array<ColumnSet, kSides>> all;
    std::map<std::string, DiffRow> rows;
    for (std::uint32_t c = matrix_.decisions; c < matrix_.columns.size(); ++c) {
      const std::size_t s = Origin(c).own[kOld] != kNoIndex ? kOld : kNew;
      const ColumnView own = OwnColumn(s, c);
      std::string key = own.kind == ColumnKind::kNotify && own.anchor.valid()
                            ? "notify " + std::string(tables_.of[s]->Anchor(own.anchor).name)
                            : "note";
      DiffRow row = DescribeRow(s, c);
      if (!row.words.empty()) key += ": " + (row.reason.empty() ? row.words : row.reason);
      row.outcome = key;
      const auto [at, added] = all.try_emplace(key);
      if (added) at->second = {space_.NoColumns(), space_.NoColumns()};
      at->second[s].Add(c);
      rows.emplace(key, std::move(row));
    }
    for (const auto& [key, sides] : all) {
      for (const bool dropped : {true, false}) {
        Where where;
        where.holds = {sides[dropped ? kOld : kNew]};
        where.none_of = sides[dropped ? kNew : kOld];
        if (where.holds[0].Empty()) continue;
        const Answer answer = FindWhere(space_, where, budget_);
        out_.steps += answer.steps;
        if (answer.outcome == Outcome::kUnknown) Unknown(key + ": " + answer.why);
        if (answer.outcome != Outcome::kFound) continue;
        out_.obligations.push_back(
            {name_, dropped, rows.at(key), analysis::Describe(joined_, *answer.witness)});
      }
    }
  }

  const Versions& tables_;
  const JoinedVocabulary& vocabulary_;
  const Table& joined_;
  const std::array<CapabilityId, kSides>& own_;
  const JoinedMatrix& matrix_;
  const ExactDiffOptions& options_;
  Budget& budget_;
  ExactDiff& out_;
  Space space_;
  std::string name_;
  std::array<Lane, kSides> lanes_;
  RowNumbers numbers_;
  std::vector<Difference> differences_;
  bool tangled_ = false;  // one of the questions was hard: splitting boxes is no help here
  std::vector<std::uint32_t> row_column_;  // by row: its first joined column; kNoIndex: no row
  std::map<RowPair, DiffRegion> regions_;
};

struct PendingDiff {
  CapabilityId id;
  std::array<CapabilityId, kSides> own;
  JoinedMatrix matrix;
};

}  // namespace

const char* Name(Direction direction) {
  static constexpr const char* kNames[] = {"same", "re-routed", "tightened", "loosened"};
  return kNames[static_cast<std::size_t>(direction)];
}

Direction ExactDiff::worst() const {
  Direction worst = Direction::kSame;
  for (const DiffRegion& region : regions) worst = std::max(worst, region.direction);
  for (const ObligationChange& change : obligations)
    worst = std::max(worst, change.dropped ? Direction::kLoosened : Direction::kTightened);
  return worst;
}

namespace {

// The worst first; of equals, as they were found.
void SortRegions(std::vector<DiffRegion>* regions) {
  std::vector<std::size_t> order(regions->size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t i, std::size_t j) {
    const DiffRegion &a = (*regions)[i], &b = (*regions)[j];
    return std::tie(b.direction, a.capability, a.after.outcome, b.before.outcome, a.before.clause,
                    a.after.clause, i) < std::tie(a.direction, b.capability, b.after.outcome,
                                                  a.before.outcome, b.before.clause, b.after.clause,
                                                  j);
  });
  std::vector<DiffRegion> sorted;
  for (const std::size_t i : order) sorted.push_back(std::move((*regions)[i]));
  *regions = std::move(sorted);
}

}  // namespace

ExactDiff DiffExactly(const Table& before, const Table& after, Budget& budget,
                      const ExactDiffOptions& options) {
  ExactDiff out;
  const Versions tables{{&before, &after}};
  JoinedVocabulary vocabulary = JoinVocabularies(tables.of);
  for (const JoinNote& note : vocabulary.notes) out.notes.push_back(note.Text());
  const bool alike = SameNumbers(vocabulary);
  std::vector<PendingDiff> pending;
  for (std::uint32_t c = 0; c < vocabulary.model.capabilities.size(); ++c) {
    const std::string& name = vocabulary.model.capabilities[c].name;
    if (!options.capability.empty() && name != options.capability) continue;
    if (alike && SameMatrices(tables.of, CapabilityId{c})) continue;
    PendingDiff one{CapabilityId{c}, OwnCapabilities(vocabulary, CapabilityId{c}), {}};
    one.matrix = JoinMatrices(vocabulary, tables.of, one.own);
    budget.Spend(one.matrix.columns.size());
    if (one.matrix.same) continue;
    vocabulary.model.matrices[c] = one.matrix.matrix;
    pending.push_back(std::move(one));
  }
  const auto joined = table::WriteAndOpen(vocabulary.model);
  if (!joined) {
    out.unknown.push_back("the tables cannot be laid side by side: " + joined.error().what);
    return out;
  }
  for (const PendingDiff& one : pending) {
    CapabilityDiff(tables, vocabulary, joined->table, one.id, one.own, one.matrix, options, budget,
                   out)
        .Run();
  }
  SortRegions(&out.regions);
  return out;
}

std::expected<table::WrittenTable, std::string> SharedVocabulary(const Table& before,
                                                                 const Table& after) {
  auto joined = table::WriteAndOpen(JoinVocabularies({&before, &after}).model);
  if (!joined)
    return std::unexpected("the tables cannot be laid side by side: " + joined.error().what);
  return std::move(*joined);
}

const char* Name(Step step) {
  static constexpr const char* kNames[] = {"none", "patch", "minor", "major"};
  return kNames[static_cast<std::size_t>(step)];
}

// What is compared with one side's reading alone may hide a loosening, and counts as one.
Step DemandedStep(const ExactDiff& diff) {
  if (!diff.unknown.empty() || !diff.notes.empty()) return Step::kMajor;
  switch (diff.worst()) {
    case Direction::kLoosened:
      return Step::kMajor;
    case Direction::kTightened:
    case Direction::kRerouted:
      return Step::kMinor;
    case Direction::kSame:
      break;
  }
  return Step::kPatch;
}

Step StatedStep(std::string_view before, std::string_view after) {
  const auto parts = [](std::string_view version) {
    std::array<std::uint64_t, 3> numbers = {};
    const char* at = version.data();
    const char* const end = at + version.size();
    for (std::uint64_t& number : numbers) {
      const auto [next, error] = std::from_chars(at, end, number);
      if (error != std::errc()) break;
      at = next < end && *next == '.' ? next + 1 : next;
    }
    return numbers;
  };
  const auto a = parts(before), b = parts(after);
  if (b <= a) return Step::kNone;
  if (b[0] != a[0]) return Step::kMajor;
  return b[1] != a[1] ? Step::kMinor : Step::kPatch;
}

}  // namespace writ::analysis
