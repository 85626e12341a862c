// A request that a claim rules out, as clauses over the rows of its tables. Entry point: ClausesOf.
#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "find.h"
#include "lines.h"
#include "rows.h"

namespace writ::certificate {

using namespace writ::runtime;

namespace {

class Describer {
 public:
  Describer(std::vector<Side> sides, const Claim& claim, const Asked& asked)
      : claim_(claim), sides_(std::move(sides)), lines_(maker_, sides_, asked) {
    if (!lines_.refusal().empty()) return;
    for (std::size_t s = 0; s < sides_.size(); ++s)
      rows_.emplace_back(maker_, lines_, sides_, s, asked.ties, claim.kind != ClaimKind::kDecided);
  }

  // What ties two requests of one table, of which a fact differs.
  void Order(const RelationView& relation, const std::vector<FactId>& sums) {
    if (!lines_.refusal().empty()) return;
    lines_.Order(relation.fact, relation.falling, false);
    for (const FactId sum : sums) lines_.Order(sum, relation.falling, true);
  }

  std::expected<Clauses, std::string> Run() {
    if (!lines_.refusal().empty()) return std::unexpected(lines_.refusal());
    switch (claim_.kind) {
      case ClaimKind::kDecided:
        NothingDecides();
        break;
      case ClaimKind::kNever:
        maker_.Add({Condition(rows_[0], [&](const ColumnView& column) {
          return sides_[0].table->Invariant(column.name) == claim_.words &&
                 column.verdict == claim_.verdict;
        })});
        ComesOut(rows_[0]);
        break;
      case ClaimKind::kAsked:
        maker_.Add({Condition(rows_[0], [](const ColumnView&) { return true; })});
        ComesOut(rows_[1]);
        break;
      case ClaimKind::kAlike:
        ComesOutOtherwise();
        break;
      case ClaimKind::kOwed:
        OwesOtherwise();
        break;
      case ClaimKind::kRelated:
        BreaksRelation(sides_[0].table->Relation(claim_.relation));
        break;
    }
    if (maker_.too_large()) return std::unexpected("the rows are too many");
    return maker_.Take();
  }

 private:
  void NothingDecides() {
    for (std::uint32_t c = 0; c < rows_[0].matrix().decision_column_count(); ++c)
      maker_.Add({-rows_[0].Admits(c)});
  }

  // One of the invariant columns that are asked for holds.
  template <typename Wanted>
  std::int32_t Condition(Rows& rows, Wanted wanted) {
    Clause some;
    const MatrixView& matrix = rows.matrix();
    for (std::uint32_t c = matrix.decision_column_count(); c < matrix.column_count(); ++c)
      if (matrix.Column(c).kind == ColumnKind::kInvariant && wanted(matrix.Column(c)))
        some.push_back(rows.Admits(c));
    return maker_.Or(std::move(some));
  }

  // Whose verdicts and anchors break what is said of both.
  bool Breaks(const RelationView& relation, const Outcome& first, const Outcome& second) const {
    switch (relation.kind) {
      case RelationKind::kImplies:
        return first.verdict == relation.verdict[0] && second.verdict != relation.verdict[1];
      case RelationKind::kDisjoint:
        return first.verdict == relation.verdict[0] && second.verdict == relation.verdict[1];
      case RelationKind::kMonotone:
        break;
    }
    if (first.verdict != second.verdict) return second.verdict < first.verdict;
    if (first.verdict != Verdict::kEscalate || first.anchor == second.anchor) return false;
    const Slice<AnchorId> below = sides_[0].table->Anchor(AnchorId{second.anchor}).below;
    return std::ranges::find(below, AnchorId{first.anchor}) == below.end();
  }

  void BreaksRelation(const RelationView& relation) {
    const auto asks = [&](const ColumnView& column) { return column.name == relation.invariant; };
    const std::int32_t first = Condition(rows_[0], asks), second = Condition(rows_[1], asks);
    const bool both = relation.kind == RelationKind::kMonotone;
    maker_.Add({HasCondition(rows_[0], relation.invariant) ? first : second});
    if (both) maker_.Add({second});
    for (const auto& [a, before] : rows_[0].Outcomes())
      for (const auto& [b, after] : rows_[1].Outcomes())
        if (!Breaks(relation, a, b)) maker_.Add({-before, -after});
    for (Rows& rows : rows_) NothingAssumed(rows);
  }

  static bool HasCondition(const Rows& rows, std::uint32_t invariant) {
    const MatrixView& matrix = rows.matrix();
    for (std::uint32_t c = matrix.decision_column_count(); c < matrix.column_count(); ++c)
      if (matrix.Column(c).kind == ColumnKind::kInvariant && matrix.Column(c).name == invariant)
        return true;
    return false;
  }

  bool IsAssumed(const ColumnView& column) const {
    if (!column.clause.valid()) return false;
    const std::string_view name = sides_.back().table->Clause(column.clause).name;
    const std::size_t slash = name.rfind('/');
    return name.starts_with("~cases/") || name.starts_with("~tenant/") ||
           (slash != std::string_view::npos && name.substr(slash).starts_with("/assume."));
  }

  // The verdict of the claim. Denied is also what nothing decides; what is assumed not to occur
  // refutes nothing.
  void ComesOut(Rows& rows) {
    Clause some;
    for (const auto& [outcome, literal] : rows.Outcomes())
      if (outcome.verdict == claim_.verdict) some.push_back(literal);
    maker_.Add(std::move(some));
    if (claim_.verdict == Verdict::kDeny) NothingAssumed(rows);
  }

  void NothingAssumed(Rows& rows) {
    for (std::uint32_t c = 0; c < rows.matrix().decision_column_count(); ++c)
      if (IsAssumed(rows.matrix().Column(c))) maker_.Add({-rows.Holds(c)});
  }

  void ComesOutOtherwise() {
    for (const auto& [outcome, literal] : rows_[0].Outcomes()) {
      const auto at = rows_[1].Outcomes().find(outcome);
      if (at != rows_[1].Outcomes().end()) maker_.Add({-literal, -at->second});
    }
    static_cast<void>(rows_[1].Outcomes());
    for (const Region& region : claim_.regions)
      maker_.Add({-rows_[0].Decides(region.before), -rows_[1].Decides(region.now)});
  }

  // What is owed goes by what is to be said, and to whom.
  using Owed = std::tuple<ColumnKind, std::uint32_t, std::string_view>;
  std::map<Owed, Clause> OwedBy(std::size_t s) {
    std::map<Owed, Clause> owed;
    if (!sides_[s].capability.valid()) return owed;
    const MatrixView& matrix = rows_[s].matrix();
    for (std::uint32_t c = matrix.decision_column_count(); c < matrix.column_count(); ++c) {
      const ColumnView column = matrix.Column(c);
      if (column.kind != ColumnKind::kNote && column.kind != ColumnKind::kNotify) continue;
      std::string_view words;
      if (column.clause.valid()) {
        const ClauseView clause = sides_[s].table->Clause(column.clause);
        words = clause.reason.empty() ? clause.words : clause.reason;
      }
      const bool to = column.kind == ColumnKind::kNotify;
      const std::uint32_t anchor = to ? rows_[s].AnchorOf(column.anchor) : kNothing;
      owed[{column.kind, anchor, words}].push_back(rows_[s].Admits(c));
    }
    return owed;
  }

  void OwesOtherwise() {
    std::map<Owed, std::array<Clause, 2>> all;
    for (std::size_t s = 0; s < 2; ++s)
      for (auto& [what, rows] : OwedBy(s)) all[what][s] = std::move(rows);
    Clause some;
    for (auto& [what, rows] : all) {
      const std::int32_t a = maker_.Or(std::move(rows[0])), b = maker_.Or(std::move(rows[1]));
      some.push_back(maker_.And({a, -b}));
      some.push_back(maker_.And({-a, b}));
    }
    maker_.Add(std::move(some));
  }

  const Claim& claim_;
  const std::vector<Side> sides_;
  ClauseMaker maker_;
  Lines lines_;
  std::vector<Rows> rows_;
};

bool IsRow(const Side& side, std::uint32_t column) {
  return column == Region::kNoRow ||
         (side.capability.valid() &&
          column < side.table->Matrix(side.capability).decision_column_count());
}

std::expected<Clauses, std::string> Compare(const About& about, const Claim& claim) {
  Claim anywhere = claim;
  anywhere.regions.clear();
  if (const std::string wrong = NotClaimed(about, anywhere); !wrong.empty())
    return std::unexpected(wrong);
  const Ties ties(*about.before, *about.table, false);
  const std::vector<Side> sides = {
      {about.before, CapabilityBefore(*about.before, ties, *about.table, claim.capability), true},
      {about.table, Decided(*about.table, claim.capability), true}};
  for (const Region& region : claim.regions)
    if (!IsRow(sides[0], region.before) || !IsRow(sides[1], region.now))
      return std::unexpected("a region has rows that are not there");
  return Describer(sides, claim, {.ties = &ties}).Run();
}

std::expected<Clauses, std::string> Ask(const About& about, const Claim& claim) {
  const auto question = std::ranges::find(about.questions, claim.words, &Question::words);
  if (question == about.questions.end()) return std::unexpected("no such question was put");
  const Ties ties(*question->condition, *about.table, true);
  const std::vector<Side> sides = {
      {question->condition, Decided(*question->condition, claim.capability), false},
      {about.table, Decided(*about.table, claim.capability), true}};
  return Describer(sides, claim, {.ties = &ties, .valid_header = true}).Run();
}

bool Counts(const MeterView& meter, CapabilityId capability) {
  return meter.including_this &&
         std::ranges::find(meter.targets, capability) != meter.targets.end();
}

// What hangs on the fact and is read, but for sums over it, which rise with it; empty: nothing.
std::string Entangled(const Table& table, const RelationView& relation, const Reads& reads) {
  const FactId fact = relation.fact;
  const auto among = [&](const Slice<FactId>& facts) {
    return std::ranges::find(facts, fact) != facts.end();
  };
  if (IsNow(table.Fact(fact))) return "what is recent";
  for (std::uint32_t e = 0; e < table.evidence_count(); ++e) {
    const EvidenceView evidence = table.Evidence(EvidenceId{e});
    if (reads.evidence[e] &&
        (evidence.at == fact || among(evidence.about_given) || among(evidence.about_wanted)))
      return "evidence `" + std::string(evidence.name) + "`";
  }
  for (std::uint32_t m = 0; m < table.meter_count(); ++m) {
    const MeterView meter = table.Meter(MeterId{m});
    if (!reads.facts[meter.fact.value]) continue;
    const bool sum = meter.fold == Fold::kSum && !table.Fact(fact).meter.valid();
    if (among(meter.keys) || (meter.value == fact && !sum))
      return "`" + std::string(meter.name) + "`";
  }
  return "";
}

std::expected<Clauses, std::string> Relate(const Table& table, const Claim& claim) {
  const RelationView relation = table.Relation(claim.relation);
  const auto [first, second] = relation.capability;
  const Ties ties(table, table, false);
  Asked asked{.ties = &ties, .valid_header = true, .by_both = true, .apart = {}};
  asked.apart.assign(table.fact_count(), false);
  std::vector<FactId> sums;
  const bool monotone = relation.kind == RelationKind::kMonotone;
  if (monotone) {
    const std::string entangled = Entangled(table, relation, ReadsOf(table, first));
    if (!entangled.empty()) return std::unexpected(entangled + " hangs on what differs");
    asked.apart[relation.fact.value] = true;
  }
  for (std::uint32_t m = 0; m < table.meter_count(); ++m) {
    const MeterView meter = table.Meter(MeterId{m});
    if (Counts(meter, first) != Counts(meter, second)) asked.apart[meter.fact.value] = true;
    if (!monotone || !Counts(meter, first) || meter.value != relation.fact) continue;
    asked.apart[meter.fact.value] = true;
    if (meter.fact != relation.fact) sums.push_back(meter.fact);
  }
  Describer describer({{&table, first, true}, {&table, second, true}}, claim, asked);
  if (monotone) describer.Order(relation, sums);
  return describer.Run();
}

}  // namespace

std::expected<Clauses, std::string> ClausesOf(const About& about, const Claim& claim) {
  if (claim.kind == ClaimKind::kAlike || claim.kind == ClaimKind::kOwed)
    return Compare(about, claim);
  if (const std::string wrong = NotClaimed(about, claim); !wrong.empty())
    return std::unexpected(wrong);
  if (claim.kind == ClaimKind::kAsked) return Ask(about, claim);
  if (claim.kind == ClaimKind::kRelated) return Relate(*about.table, claim);
  const Side side = {about.table, Decided(*about.table, claim.capability), true};
  return Describer({side}, claim, {.valid_header = claim.kind == ClaimKind::kNever}).Run();
}

}  // namespace writ::certificate
