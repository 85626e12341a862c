// Columns stand in the order in which they win, so that one decides where it holds and none before
// it does. Entry points: Rows::Outcomes, Rows::Decides.
#include "rows.h"

namespace writ::certificate {

using namespace writ::runtime;

Rows::Rows(ClauseMaker& maker, Lines& lines, const std::vector<Side>& sides, std::size_t number,
           const Ties* ties, bool in_force)
    : maker_(maker),
      lines_(lines),
      number_(number),
      ties_(number + 1 < sides.size() ? ties : nullptr),
      in_force_(in_force),
      has_(sides[number].capability.valid()),
      anchors_(sides.back().table->anchor_count()) {
  if (has_) matrix_ = sides[number].table->Matrix(sides[number].capability);
}

bool Rows::TakesPart(std::uint32_t column) const {
  return !in_force_ || !Is(column, kColumnEffective);
}

std::int32_t Rows::Admits(std::uint32_t column) {
  const auto [at, added] = admits_.try_emplace(column, 0);
  if (!added) return at->second;
  Clause needs;
  std::vector<bool> atoms;
  for (std::uint32_t d = 0; d < matrix_.dimension_count(); ++d) {
    atoms.assign(matrix_.Dimension(d).atom_count, false);
    for (std::uint32_t atom = 0; atom < atoms.size(); ++atom)
      atoms[atom] = (matrix_.Bits(d, atom)[column / 64] >> (column % 64) & 1) != 0;
    needs.push_back(lines_.Member(number_, d, atoms));
  }
  return at->second = maker_.And(std::move(needs));
}

std::int32_t Rows::Holds(std::uint32_t column) {
  if (!TakesPart(column)) return maker_.False();
  if (!Is(column, kColumnOtherwise)) return Admits(column);
  if (!allow_when_) {
    Clause some;
    for (std::uint32_t c = 0; c < decisions(); ++c)
      if (Is(c, kColumnAllowWhen) && TakesPart(c)) some.push_back(Admits(c));
    allow_when_ = maker_.Or(std::move(some));
  }
  return maker_.And({Admits(column), -*allow_when_});
}

std::uint32_t Rows::AnchorOf(AnchorId own) const {
  if (!own.valid()) return kNothing;
  if (ties_ == nullptr) return own.value;
  const std::uint32_t now = ties_->anchor[own.value];
  return now == kNothing ? anchors_ + own.value : now;
}

Outcome Rows::OutcomeOf(std::uint32_t column) const {
  const ColumnView view = matrix_.Column(column);
  if (view.verdict == Verdict::kDeny) return {};
  return {view.verdict, AnchorOf(view.anchor)};
}

// Run by run: columns that follow each other and come to the same.
const std::map<Outcome, std::int32_t>& Rows::Outcomes() {
  if (!outcomes_.empty()) return outcomes_;
  std::map<Outcome, Clause> some;
  const std::int32_t denied = lines_.Denied(number_);
  std::int32_t open = -denied;  // nothing has decided so far
  for (std::uint32_t c = 0; c < decisions();) {
    const Outcome outcome = OutcomeOf(c);
    Clause run;
    for (; c < decisions() && OutcomeOf(c) == outcome; ++c) run.push_back(Holds(c));
    const std::int32_t holds = maker_.Or(std::move(run));
    some[outcome].push_back(maker_.And({open, holds}));
    open = maker_.And({open, -holds});
  }
  some[Outcome{}].push_back(denied);
  some[Outcome{}].push_back(open);
  Clause any;
  for (auto& [outcome, parts] : some)
    any.push_back(outcomes_[outcome] = maker_.Or(std::move(parts)));
  maker_.Add(std::move(any));
  return outcomes_;
}

std::int32_t Rows::Decides(std::uint32_t column) {
  const std::int32_t denied = lines_.Denied(number_);
  Clause some;
  if (column == kNothing) some.push_back(denied);
  std::int32_t open = -denied;
  for (std::uint32_t c = 0; c < decisions(); ++c) {
    const bool same = column != kNothing &&
                      matrix_.Column(c).clause == matrix_.Column(column).clause &&
                      OutcomeOf(c) == OutcomeOf(column);
    if (same) some.push_back(maker_.And({open, Holds(c)}));
    open = maker_.And({open, -Holds(c)});
  }
  if (column == kNothing) some.push_back(open);
  return maker_.Or(std::move(some));
}

}  // namespace writ::certificate
