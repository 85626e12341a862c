// Each shape has its place: a region, or an entry of what lies elsewhere; then one walk over the
// records counts. Entry point: WeighRegions.
#include "writ/evals/weigh.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace writ::evals {

namespace {

using analysis::DiffRegion;
using analysis::DiffRow;
using runtime::BuiltinRow;
using runtime::CapabilityId;
using runtime::Table;

constexpr std::size_t kBefore = 0, kAfter = 1;

// A row as a comparison knows it: the columns of one clause that decide the same, or a built-in
// one. Numbers are those of its own table.
struct RowKey {
  BuiltinRow builtin = BuiltinRow::kUndecided;
  std::uint32_t clause = kNoIndex, verdict = 0, anchor = kNoIndex;
  friend auto operator<=>(const RowKey&, const RowKey&) = default;
};

using RegionKey = std::tuple<std::string, RowKey, RowKey>;  // capability, before, after

RowKey RowThatDecided(const LaneDecision& decision) {
  if (decision.builtin != BuiltinRow::kNone) return {.builtin = decision.builtin};
  return {BuiltinRow::kNone, decision.clause.value, static_cast<std::uint32_t>(decision.verdict),
          decision.anchor.value};
}

class WeightCounter {
 public:
  void Add(const EventRecord& record, const Shape& shape) {
    ++weight_.events;
    if (shape.unknown()) ++weight_.leaned_on;
    if (record.run == last_run_) return;
    last_run_ = record.run;
    ++weight_.runs;
  }
  const Weight& weight() const { return weight_; }

 private:
  Weight weight_;
  std::uint32_t last_run_ = kNoIndex;  // records are grouped by run
};

class Weigher {
 public:
  Weigher(const analysis::ExactDiff& diff, const Table& before, const Table& after,
          const ReplayResult& result, const WeighOptions& options)
      : diff_(diff), tables_{&before, &after}, result_(result), options_(options) {
    for (std::uint32_t r = 0; r < diff.regions.size(); ++r) regions_.emplace(KeyOf(r), r);
  }

  CorpusWeights Run() {
    PlaceShapes();
    std::vector<WeightCounter> counters(diff_.regions.size() + out_.elsewhere.size());
    WeightCounter replayed, compared, changed;
    for (const EventRecord& record : result_.records) {
      const Shape& shape = result_.shapes[record.shape];
      replayed.Add(record, shape);
      if (!compared_[record.shape]) continue;
      compared.Add(record, shape);
      if (places_[record.shape] == kNoIndex) continue;
      changed.Add(record, shape);
      counters[places_[record.shape]].Add(record, shape);
    }
    out_.corpus_digest = result_.corpus_digest;
    out_.replayed = replayed.weight();
    out_.compared = compared.weight();
    out_.changed = changed.weight();
    for (std::size_t r = 0; r < diff_.regions.size(); ++r)
      out_.regions.push_back(counters[r].weight());
    for (std::size_t i = 0; i < out_.elsewhere.size(); ++i)
      out_.elsewhere[i].weight = counters[diff_.regions.size() + i].weight();
    return std::move(out_);
  }

 private:
  // The name of today, where the newer table has one.
  std::string NameOfToday(std::string_view name) const {
    const CapabilityId id = tables_[kAfter]->FindCapability(name);
    return std::string(id.valid() ? tables_[kAfter]->Capability(id).name : name);
  }

  bool IsCompared(std::string_view capability, std::string_view role) const {
    const auto today = [this](std::string_view name) {
      const runtime::RoleId id = tables_[kAfter]->FindRole(name);
      return id.valid() ? tables_[kAfter]->Role(id).name : name;
    };
    return (options_.capability.empty() || capability == NameOfToday(options_.capability)) &&
           (options_.role.empty() || today(role) == today(options_.role));
  }

  CapabilityId OwnCapability(std::size_t side, const std::string& name) const {
    for (std::uint32_t c = 0; c < tables_[side]->capability_count(); ++c)
      if (NameOfToday(tables_[side]->Capability(CapabilityId{c}).name) == name) return {c};
    return {};
  }

  RowKey RowOfRegion(std::size_t side, const std::string& capability, const DiffRow& row,
                     std::uint32_t at) const {
    if (row.builtin != BuiltinRow::kNone) return {.builtin = row.builtin};
    const runtime::ColumnView column =
        tables_[side]->Matrix(OwnCapability(side, capability)).Column(at);
    return {BuiltinRow::kNone, column.clause.value, static_cast<std::uint32_t>(column.verdict),
            column.anchor.value};
  }

  RegionKey KeyOf(std::uint32_t r) const {
    const DiffRegion& region = diff_.regions[r];
    return {region.capability,
            RowOfRegion(kBefore, region.capability, region.before, region.column_before),
            RowOfRegion(kAfter, region.capability, region.after, region.column_after)};
  }

  // By shape: its region, or beyond them, its entry elsewhere; kNoIndex where nothing changed.
  void PlaceShapes() {
    std::vector<std::uint64_t> events(result_.shapes.size());
    for (const EventRecord& record : result_.records) ++events[record.shape];
    places_.assign(result_.shapes.size(), kNoIndex);
    std::map<std::tuple<std::string, std::string, std::string, bool>, std::uint32_t> entries;
    std::vector<std::uint64_t> entry_events;
    std::vector<std::uint32_t> entry_of(result_.shapes.size(), kNoIndex);
    for (std::uint32_t s = 0; s < result_.shapes.size(); ++s) {
      const Shape& shape = result_.shapes[s];
      std::string capability = NameOfToday(shape.capability);
      compared_.push_back(IsCompared(capability, shape.role));
      if (!compared_[s] || shape.direction == Direction::kSame) continue;
      const LaneDecision &from = shape.lane[0].decision, &to = shape.lane[1].decision;
      const auto region = regions_.find({capability, RowThatDecided(from), RowThatDecided(to)});
      if (region != regions_.end()) {
        places_[s] = region->second;
        continue;
      }
      WeightElsewhere one = Elsewhere(std::move(capability), shape);
      const auto [at, added] =
          entries.emplace(std::tuple(one.capability, one.before, one.after, one.obligations),
                          static_cast<std::uint32_t>(out_.elsewhere.size()));
      if (added) {
        out_.elsewhere.push_back(std::move(one));
        entry_events.push_back(0);
      }
      entry_of[s] = at->second;
      entry_events[at->second] += events[s];
    }
    const std::vector<std::uint32_t> rank = SortElsewhere(entry_events);
    for (std::uint32_t s = 0; s < result_.shapes.size(); ++s)
      if (entry_of[s] != kNoIndex)
        places_[s] = static_cast<std::uint32_t>(diff_.regions.size()) + rank[entry_of[s]];
  }

  WeightElsewhere Elsewhere(std::string capability, const Shape& shape) const {
    const LaneDecision &from = shape.lane[0].decision, &to = shape.lane[1].decision;
    WeightElsewhere one{
        .capability = std::move(capability), .before = {}, .after = {}, .weight = {}};
    one.obligations =
        (shape.obligation_dropped || shape.obligation_added) && SameDecision(from, to);
    if (one.obligations) return one;
    const auto says = [&](std::size_t side, const LaneDecision& decision) {
      return DecisionText(result_.lane[side], decision) + " (" +
             RowText(result_.lane[side], decision) + ")";
    };
    one.before = says(kBefore, from);
    one.after = says(kAfter, to);
    return one;
  }

  bool SameDecision(const LaneDecision& from, const LaneDecision& to) const {
    if (from.verdict != to.verdict || from.anchor.valid() != to.anchor.valid()) return false;
    // By the newer table's name for it, so that a new name is no other decision.
    return !from.anchor.valid() ||
           tables_[kAfter]->FindAnchor(tables_[kBefore]->Anchor(from.anchor).name) == to.anchor;
  }

  // Most events first. What is too much to be listed becomes the last entry. Gives the new place of
  // each old one.
  std::vector<std::uint32_t> SortElsewhere(const std::vector<std::uint64_t>& events) {
    std::vector<std::uint32_t> order(events.size()), rank(events.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::stable_sort(order, [&](auto a, auto b) { return events[a] > events[b]; });
    std::vector<WeightElsewhere> sorted;
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      rank[order[i]] = std::min<std::uint32_t>(i, kMostElsewhere);
      if (i < kMostElsewhere) sorted.push_back(std::move(out_.elsewhere[order[i]]));
      if (i == kMostElsewhere) sorted.push_back({});
    }
    out_.elsewhere = std::move(sorted);
    return rank;
  }

  const analysis::ExactDiff& diff_;
  const std::array<const Table*, 2> tables_;
  const ReplayResult& result_;
  const WeighOptions& options_;
  std::map<RegionKey, std::uint32_t> regions_;
  std::vector<bool> compared_;         // by shape
  std::vector<std::uint32_t> places_;  // by shape
  CorpusWeights out_;
};

}  // namespace

CorpusWeights WeighRegions(const analysis::ExactDiff& diff, const Table& before, const Table& after,
                           const ReplayResult& result, const WeighOptions& options) {
  return Weigher(diff, before, after, result, options).Run();
}

}  // namespace writ::evals
