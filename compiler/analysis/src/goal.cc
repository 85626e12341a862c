// What is searched for, judged on partial knowledge.
//
// While dimensions are still open, the set of columns that will hold lies between those that hold
// for certain and those that may. From both bounds follow bounds on the winner: no later than the
// first certain one, no earlier than the first possible one. A judgement that these bounds settle
// cuts the search; columns that can no longer change it are dropped, so that more states of the
// search are equal.
//
// Entry points: WhereGoal::Judge, MattersGoal::Judge.
#include "goal.h"

namespace writ::analysis {

using namespace writ::runtime;

namespace {

bool Meets(const std::uint64_t* a, const ColumnSet& b) {
  for (std::size_t w = 0; w < b.word_count(); ++w) {
    if ((a[w] & b.words()[w]) != 0) return true;
  }
  return false;
}

// Bits of word `w` up to and including bit `last`.
std::uint64_t UpTo(std::size_t w, std::uint32_t last) {
  if (last / 64 > w) return ~std::uint64_t{0};
  if (last / 64 < w) return 0;
  return last % 64 == 63 ? ~std::uint64_t{0} : (std::uint64_t{1} << (last % 64 + 1)) - 1;
}

}  // namespace

bool SameOutcome(const ColumnView& a, const ColumnView& b) {
  return a.verdict == b.verdict && (a.verdict != Verdict::kEscalate || a.anchor == b.anchor);
}

WhereGoal::WhereGoal(const Space::Impl& space, const Where& where) : s_(space), where_(where) {}

ColumnSet WhereGoal::Relevant() const {
  ColumnSet relevant(s_.columns);
  for (const ColumnSet& group : where_.holds) relevant |= group;
  if (where_.none_of) relevant |= *where_.none_of;
  if (where_.winner || where_.not_winner) relevant |= s_.decisions;
  if (relevant.Meets(s_.otherwise)) relevant |= s_.allow_when;
  relevant -= s_.switched_off;
  return relevant;
}

// Takes out an `otherwise` that certainly has no part, and finds the first column that certainly
// decides.
WhereGoal::Scan WhereGoal::Look(std::uint64_t* maybe, const std::uint64_t* touch) const {
  Scan scan;
  bool possible = false, certain = false;
  for (std::uint32_t w = 0; w < s_.words; ++w) {
    const std::uint64_t allow_when = maybe[w] & s_.allow_when.words()[w];
    possible = possible || allow_when != 0;
    certain = certain || (allow_when & ~touch[w]) != 0;
  }
  scan.allow_when_open = possible && !certain;
  scan.settled = s_.columns;
  for (std::uint32_t w = 0; w < s_.words; ++w) {
    const std::uint64_t otherwise = s_.otherwise.words()[w];
    if (certain) maybe[w] &= ~otherwise;
    std::uint64_t sure = maybe[w] & ~touch[w] & s_.decisions.words()[w];
    if (possible) sure &= ~otherwise;
    if (sure != 0 && scan.settled == s_.columns) {
      scan.settled = w * 64 + static_cast<std::uint32_t>(std::countr_zero(sure));
    }
  }
  return scan;
}

Judgement WhereGoal::JudgeWinner(const std::uint64_t* maybe, const Scan& scan) const {
  bool in = false, out = false, banned = false,
       fine = false;  // some possible winner is in `winner`, not in it, ...
  for (std::uint32_t w = 0; w < s_.words; ++w) {
    const std::uint64_t possible =
        maybe[w] & s_.decisions.words()[w] &
        (scan.settled < s_.columns ? UpTo(w, scan.settled) : ~std::uint64_t{0});
    if (where_.winner) {
      in = in || (possible & where_.winner->words()[w]) != 0;
      out = out || (possible & ~where_.winner->words()[w]) != 0;
    }
    if (where_.not_winner) {
      banned = banned || (possible & where_.not_winner->words()[w]) != 0;
      fine = fine || (possible & ~where_.not_winner->words()[w]) != 0;
    }
  }
  if (scan.settled == s_.columns) out = fine = true;  // there may be no winner
  if (where_.winner && !in) return Judgement::kNo;
  if (where_.not_winner && !fine) return Judgement::kNo;
  const bool open = (where_.winner && out) || (where_.not_winner && banned);
  return open ? Judgement::kOpen : Judgement::kYes;
}

// Columns after the settled one do not decide; keep those that another part of the question needs.
void WhereGoal::Drop(std::uint64_t* maybe, const Scan& scan,
                     const std::vector<std::uint32_t>& met) const {
  if (scan.settled == s_.columns) return;
  bool otherwise_before = false;
  for (std::uint32_t w = 0; w < s_.words; ++w) {
    otherwise_before = otherwise_before || (maybe[w] & s_.otherwise.words()[w]) != 0;
  }
  for (std::uint32_t w = 0; w < s_.words; ++w) {
    std::uint64_t keep = UpTo(w, scan.settled) | ~s_.decisions.words()[w];
    for (std::size_t g = 0; g < met.size(); ++g) {
      if (met[g] == s_.columns) keep |= where_.holds[g].words()[w];
      if (met[g] / 64 == w) keep |= std::uint64_t{1} << (met[g] % 64);
    }
    if (where_.none_of) keep |= where_.none_of->words()[w];
    if (otherwise_before) keep |= s_.allow_when.words()[w];
    maybe[w] &= keep;
  }
}

Judgement WhereGoal::Judge(std::uint64_t* maybe, const std::uint64_t* touch) const {
  const Scan scan = Look(maybe, touch);
  bool all_met = true, blocked = false;
  std::vector<std::uint32_t> met(where_.holds.size(),
                                 s_.columns);  // a column of the group that holds for certain
  const auto sure = [&](std::uint32_t w) {
    const std::uint64_t held = maybe[w] & ~touch[w];
    return scan.allow_when_open ? held & ~s_.otherwise.words()[w] : held;
  };
  for (std::size_t g = 0; g < where_.holds.size(); ++g) {
    if (!Meets(maybe, where_.holds[g])) return Judgement::kNo;
    for (std::uint32_t w = 0; w < s_.words && met[g] == s_.columns; ++w) {
      const std::uint64_t held = sure(w) & where_.holds[g].words()[w];
      if (held != 0) met[g] = w * 64 + static_cast<std::uint32_t>(std::countr_zero(held));
    }
    all_met = all_met && met[g] < s_.columns;
  }
  if (where_.none_of) {
    for (std::uint32_t w = 0; w < s_.words; ++w) {
      if ((sure(w) & where_.none_of->words()[w]) != 0) return Judgement::kNo;
    }
    blocked = Meets(maybe, *where_.none_of);
  }
  if (where_.winner || where_.not_winner) {
    const Judgement winner = JudgeWinner(maybe, scan);
    if (winner == Judgement::kNo) return winner;
    blocked = blocked || winner == Judgement::kOpen;
    Drop(maybe, scan, met);
  }
  return all_met && !blocked ? Judgement::kYes : Judgement::kOpen;
}

MattersGoal::MattersGoal(const Space::Impl& space, const ColumnSet& removed, std::uint32_t holds,
                         const ColumnSet& none_of)
    : s_(space),
      removed_(removed),
      holds_(holds),
      none_of_(none_of),
      lifts_(removed.Meets(space.allow_when) && !space.otherwise.Empty()) {}

ColumnSet MattersGoal::Relevant() const { return s_.decisions; }

std::uint32_t MattersGoal::Winner(const std::uint64_t* set, bool without_removed) const {
  bool allow_when = false;
  for (std::uint32_t w = 0; w < s_.words; ++w) {
    const std::uint64_t removed = without_removed ? removed_.words()[w] : 0;
    allow_when = allow_when || (set[w] & ~removed & s_.allow_when.words()[w]) != 0;
  }
  for (std::uint32_t w = 0; w < s_.words; ++w) {
    std::uint64_t word = set[w] & s_.decisions.words()[w];
    if (without_removed) word &= ~removed_.words()[w];
    if (allow_when) word &= ~s_.otherwise.words()[w];
    if (word != 0) return w * 64 + static_cast<std::uint32_t>(std::countr_zero(word));
  }
  return s_.columns;
}

bool MattersGoal::Differs(const std::uint64_t* set) const {
  const std::uint32_t with = Winner(set, false), without = Winner(set, true);
  if (with == s_.columns || without == s_.columns) return with != without;
  return !SameOutcome(s_.column[with], s_.column[without]);
}

Judgement MattersGoal::Judge(std::uint64_t* maybe, const std::uint64_t* touch) const {
  bool open = false, allow_when = false;
  for (std::uint32_t w = 0; w < s_.words; ++w) {
    const std::uint64_t none = none_of_.words()[w];
    open = open || (maybe[w] & touch[w]) != 0;
    allow_when = allow_when || (maybe[w] & s_.allow_when.words()[w]) != 0;
    if ((maybe[w] & none & ~touch[w] & ~s_.otherwise.words()[w]) != 0) return Judgement::kNo;
  }
  if ((maybe[holds_ / 64] >> (holds_ % 64) & 1) == 0) return Judgement::kNo;
  if (!open) {
    // An `otherwise` among `none_of` may stand here without taking part; the winner tells.
    const std::uint32_t winner = Winner(maybe, false);
    if (winner < s_.columns && none_of_.Has(winner)) return Judgement::kNo;
    return Differs(maybe) ? Judgement::kYes : Judgement::kNo;
  }
  // The first column outside `removed` that certainly decides, in both readings.
  std::uint32_t settled = s_.columns;
  for (std::uint32_t w = 0; w < s_.words && settled == s_.columns; ++w) {
    std::uint64_t sure = maybe[w] & ~touch[w] & ~removed_.words()[w] & s_.decisions.words()[w];
    if (allow_when) sure &= ~s_.otherwise.words()[w];
    if (sure != 0) settled = w * 64 + static_cast<std::uint32_t>(std::countr_zero(sure));
  }
  if (settled == s_.columns) return Judgement::kOpen;
  bool others = false, removed_before = false;
  for (std::uint32_t w = 0; w < s_.words; ++w) {
    std::uint64_t before = maybe[w] & s_.decisions.words()[w] & UpTo(w, settled);
    removed_before = removed_before || (before & removed_.words()[w]) != 0;
    // What may not hold decides in neither reading, unless it is an `otherwise` that may come back.
    before &= ~(lifts_ ? none_of_.words()[w] & ~s_.otherwise.words()[w] : none_of_.words()[w]);
    for (; before != 0 && !others; before &= before - 1) {
      const std::uint32_t c = w * 64 + static_cast<std::uint32_t>(std::countr_zero(before));
      others = !SameOutcome(s_.column[c], s_.column[settled]);
    }
    std::uint64_t keep = UpTo(w, settled) | ~s_.decisions.words()[w];
    keep |= s_.allow_when.words()[w];
    if (holds_ / 64 == w) keep |= std::uint64_t{1} << (holds_ % 64);
    maybe[w] &= keep;
  }
  if (!others || (!removed_before && !lifts_)) return Judgement::kNo;
  return Judgement::kOpen;
}

}  // namespace writ::analysis
