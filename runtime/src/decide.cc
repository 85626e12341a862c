// Deciding: map each value that the capability's matrix reads to its atom, AND the rows of these
// atoms, take the first set column. Most matrices read plain facts only (no evidence, meter or
// derived value); for these one loop per kind of value does it all, without a branch that depends
// on a value, and up to 256 columns the AND stays in registers. All others go through `Evaluate`.
// Both are held to each other by tests. Entry point: `Decide`.

#include "frame.h"
#include "writ/runtime/pattern.h"

namespace writ::runtime {
namespace {

using format::kNone;
using Row = const std::uint64_t*;

Decision FromColumn(const Frame& f, std::uint32_t column) {
  Decision d;
  d.capability = f.request.capability;
  if (column == kNone) return d;  // kUndecided
  const auto& c = f.v.Records<format::ColumnRecord>(format::kColumns)[f.m.columns.first + column];
  d.verdict = static_cast<Verdict>(c.verdict());
  d.builtin = BuiltinRow::kNone;
  d.column = column;
  if (c.anchor != format::kNone16) d.anchor = {c.anchor};
  d.clause = {c.clause};
  if (c.authority != format::kNone16) d.authority = {c.authority};
  return d;
}

Decision UnknownCapability(const Request& request) {
  Decision d;
  d.builtin = BuiltinRow::kUnknownCapability;
  d.capability = request.capability;
  return d;
}

std::uint32_t FirstBit(std::uint64_t word) {
  return static_cast<std::uint32_t>(__builtin_ctzll(word));
}

// The columns of one word that may decide: `otherwise` is left to the caller, who knows the other
// words.
std::uint64_t MayDecide(const Frame& f, std::uint32_t word) {
  const std::uint32_t before = word * 64;
  const std::uint32_t left = f.m.decision_count > before ? f.m.decision_count - before : 0;
  const std::uint64_t decides = left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
  if ((f.m.flags & format::kHasEffective) == 0 || !f.request.as_in_force) return decides;
  return decides & ~f.v.bits()[f.m.masks + 2 * f.m.word_count + word];
}

// Finds the deciding column while words come in, in order. An `otherwise` column that comes first
// has to wait until it is clear that no `allow when` column is set in any later word.
class FirstColumn {
 public:
  explicit FirstColumn(const Frame& f)
      : masks_(f.v.bits() + f.m.masks),
        words_(f.m.word_count),
        contested_((f.m.flags & format::kHasAllowWhen) != 0 &&
                   (f.m.flags & format::kHasOtherwise) != 0) {}

  // True: `column()` is final, no further word matters.
  bool Add(std::uint32_t w, std::uint64_t word) {
    if (word == 0) return false;
    const std::uint32_t base = w * 64;
    if (!contested_) {
      other_ = base + FirstBit(word);
      return true;
    }
    const std::uint64_t otherwise = word & masks_[words_ + w];
    const std::uint64_t other = word & ~otherwise;
    if (other_ == kNone && other != 0) other_ = base + FirstBit(other);
    if ((word & masks_[w]) != 0) {
      otherwise_ = kNone;
      return true;
    }
    if (otherwise_ == kNone && otherwise != 0) otherwise_ = base + FirstBit(otherwise);
    return other_ < otherwise_;
  }
  std::uint32_t column() const { return other_ < otherwise_ ? other_ : otherwise_; }

 private:
  const std::uint64_t* masks_;
  std::uint32_t words_;
  bool contested_;
  std::uint32_t other_ = kNone, otherwise_ = kNone;
};

constexpr std::uint32_t kBlockWords = 8;  // one cache line of each row

std::uint32_t ScanBlocks(const Frame& f, const Row* rows, std::uint32_t count) {
  FirstColumn first(f);
  for (std::uint32_t w = 0; w * 64 < f.m.decision_count; w += kBlockWords) {
    std::uint64_t block[kBlockWords];
    for (std::uint32_t k = 0; k < kBlockWords; ++k) block[k] = ~std::uint64_t{0};
    for (std::uint32_t d = 0; d < count; ++d) {
      const Row row = rows[d] + w;
      for (std::uint32_t k = 0; k < kBlockWords; ++k) block[k] &= row[k];
    }
    for (std::uint32_t k = 0; k < kBlockWords; ++k) {
      if (first.Add(w + k, block[k] & MayDecide(f, w + k))) return first.column();
    }
  }
  return first.column();
}

std::uint32_t ScanWords(const Frame& f, const Row* rows, std::uint32_t count) {
  FirstColumn first(f);
  for (std::uint32_t w = 0; w * 64 < f.m.decision_count; ++w) {
    std::uint64_t word = MayDecide(f, w);
    for (std::uint32_t d = 0; d < count; ++d) word &= rows[d][w];
    if (first.Add(w, word)) return first.column();
  }
  return first.column();
}

std::uint32_t Scan(const Frame& f, const Row* rows, std::uint32_t count) {
  return f.m.word_count >= kBlockWords ? ScanBlocks(f, rows, count) : ScanWords(f, rows, count);
}

// Where the rows of the atoms go: ANDed at once, or kept for a scan.
template <std::uint32_t kWords>
struct FewWords {
  std::uint64_t words[kWords];
  Row bits;
  void Take(std::uint32_t rows, std::uint32_t atom) {
    const Row row = bits + rows + std::size_t{atom} * kWords;
    for (std::uint32_t k = 0; k < kWords; ++k) words[k] &= row[k];
  }
};
struct ManyWords {
  Row* rows;
  std::uint32_t count;
  Row bits;
  std::uint32_t words;
  void Take(std::uint32_t first, std::uint32_t atom) {
    rows[count++] = bits + first + std::size_t{atom} * words;
  }
};

// Of its fact's kind; a number in its range, a text that patterns read in UTF-8.
bool SuitsRead(const Frame& f, const format::ReadRecord& r, const Value& value) {
  if (static_cast<std::uint8_t>(value.kind) != r.kind) return false;
  if (r.kind != format::kReadNumber)
    return (r.flags & format::kReadUtf8) == 0 || IsUtf8({value.text, value.size});
  const format::CheckRecord& check = f.v.checks()[r.fact];
  return check.low <= value.number && value.number <= check.high;
}

// A value that is neither a listed fact nor a number with cuts; false where it is malformed, unless
// it is only watched, or wanted and missing.
template <typename Sink>
bool TakeOther(const Frame& f, const format::ReadRecord& r, Sink& sink) {
  std::int64_t number = 0;
  std::uint32_t atom = 0;
  if ((r.flags & (format::kReadNow | format::kReadRole)) != 0) {
    number = (r.flags & format::kReadNow) != 0 ? f.request.now_ms : RoleNumber(f.v, f.request);
  } else {
    const Value& value = f.request.values[r.fact];
    if (!SuitsRead(f, r, value)) {
      if (r.map_kind != format::kMapNone) sink.Take(r.rows, 0);
      const unsigned fatal = value.kind == ValueKind::kMissing
                                 ? r.flags & format::kReadRequired
                                 : ~unsigned{r.flags} & format::kReadWatched;
      return fatal == 0;
    }
    number = value.number;
    if (r.map_kind == format::kMapStrings) atom = TextAtom(f.v, r.map, {value.text, value.size});
  }
  switch (static_cast<format::ReadMap>(r.map_kind)) {
    case format::kMapNone:
      return true;
    case format::kMapStrings:
      break;
    case format::kMapCuts:
      atom = 1 + CountCuts(f.v.cuts() + r.map.first, r.map.count, number);
      break;
    case format::kMapDirect: {  // a role; an unknown one is the last value
      const std::int64_t last = std::int64_t{r.map.count} - 1;
      atom = 1 + static_cast<std::uint32_t>(number < last ? number : last);
      break;
    }
  }
  sink.Take(r.rows, atom);
  return true;
}

// Nonzero where a value is neither of its type nor missing, or missing and required. `misfit`: all
// ones or zero.
unsigned Bad(unsigned misfit, const Value& value, const format::ReadRecord& r) {
  return misfit &
         (static_cast<unsigned>(value.kind) | r.flags);  // these reads have no flag but `required`
}

template <typename Sink>
unsigned TakeDirect(const Frame& f, Sink& sink) {
  unsigned bad = 0;
  for (const format::ReadRecord *r = f.reads, *end = r + f.m.direct_count; r != end; ++r) {
    const Value& value = f.request.values[r->fact];
    const auto number = static_cast<std::uint64_t>(value.number);
    const unsigned suits =
        unsigned{value.kind == ValueKind::kNumber} & unsigned{number < r->map.count};
    bad |= Bad(suits - 1, value, *r);
    sink.Take(r->rows, (static_cast<std::uint32_t>(number) + 1) & (0u - suits));
  }
  return bad;
}

// kSteps: as many as every search needs, a constant so that no branch depends on the length either;
// 0: as the matrix says.
template <std::uint32_t kSteps, typename Sink>
unsigned TakeCuts(const Frame& f, Sink& sink) {
  const std::int64_t* const cuts = f.v.cuts();
  const format::CheckRecord* const checks = f.v.checks();
  const std::uint32_t steps = kSteps != 0 ? kSteps : f.m.cut_steps;
  unsigned bad = 0;
  const format::ReadRecord* r = f.reads + f.m.direct_count;
  for (const format::ReadRecord* const end = r + f.m.cuts_count; r != end; ++r) {
    const Value& value = f.request.values[r->fact];
    const format::CheckRecord& check = checks[r->fact];
    const unsigned suits = unsigned{value.kind == ValueKind::kNumber} &
                           unsigned{check.low <= value.number} &
                           unsigned{value.number <= check.high};
    bad |= Bad(suits - 1, value, *r);
    const std::uint32_t atom =
        1 + CountCuts(cuts + r->map.first, r->map.count, value.number, steps);
    sink.Take(r->rows, atom & (0u - suits));
  }
  return bad;
}

// REQUIRES: the matrix is plain. False where a value is malformed or a required one missing.
template <typename Sink>
bool TakePlain(const Frame& f, Sink& sink) {
  unsigned bad = TakeDirect(f, sink);
  switch (f.m.cut_steps) {
    case 0:
    case 1:
    case 2:
      bad |= TakeCuts<2>(f, sink);
      break;
    case 3:
      bad |= TakeCuts<3>(f, sink);
      break;
    case 4:
      bad |= TakeCuts<4>(f, sink);
      break;
    case 5:
      bad |= TakeCuts<5>(f, sink);
      break;
    default:
      bad |= TakeCuts<0>(f, sink);
      break;
  }
  const format::ReadRecord* r = f.reads + f.m.direct_count + f.m.cuts_count;
  for (const format::ReadRecord* const end = f.reads + f.m.reads.count; r != end; ++r) {
    bad |= TakeOther(f, *r, sink) ? 0u : 1u;
  }
  return bad == 0;
}

template <std::uint32_t kWords>
Decision DecideFewWords(const Frame& f) {
  FewWords<kWords> sink;
  for (std::uint32_t w = 0; w < kWords; ++w) sink.words[w] = MayDecide(f, w);
  sink.bits = f.v.bits();
  if (!TakePlain(f, sink)) return Diagnose(f);
  FirstColumn first(f);
  for (std::uint32_t w = 0; w < kWords; ++w) {
    if (first.Add(w, sink.words[w])) break;
  }
  return FromColumn(f, first.column());
}

Decision DecidePlain(const Frame& f) {
  switch (f.m.word_count) {
    case 1:
      return DecideFewWords<1>(f);
    case 2:
      return DecideFewWords<2>(f);
    case 3:
      return DecideFewWords<3>(f);
    case 4:
      return DecideFewWords<4>(f);
    default:
      break;
  }
  Row rows[kMaxDimensions];
  ManyWords sink = {rows, 0, f.v.bits(), f.m.word_count};
  return TakePlain(f, sink) ? FromColumn(f, Scan(f, rows, sink.count)) : Diagnose(f);
}

bool RowsOf(const Frame& f, Row* rows) {
  Scratch scratch;
  if (!Evaluate(f, scratch)) return false;
  for (std::uint32_t d = 0; d < f.m.dimensions.count; ++d) rows[d] = RowOfDimension(f, scratch, d);
  return true;
}

Decision DecideGeneral(const Frame& f) {
  Row rows[kMaxDimensions];
  if (!RowsOf(f, rows)) return Diagnose(f);
  return FromColumn(f, Scan(f, rows, f.m.dimensions.count));
}

}  // namespace

Decision Decide(const Table& table, const Session* session, const Request& request) {
  const View v = TableAccess::ViewOf(table);
  if (request.capability.value >= v.Count(format::kCapabilities)) return UnknownCapability(request);
  const Frame f = MakeFrame(v, session, request);
  return (f.m.flags & format::kPlain) != 0 ? DecidePlain(f) : DecideGeneral(f);
}

Decision Match(const Table& table, const Session* session, const Request& request,
               std::uint64_t* bits, std::size_t word_capacity) {
  for (std::size_t w = 0; w < word_capacity; ++w) bits[w] = 0;
  const View v = TableAccess::ViewOf(table);
  if (request.capability.value >= v.Count(format::kCapabilities)) return UnknownCapability(request);
  const Frame f = MakeFrame(v, session, request);
  Row rows[kMaxDimensions];
  if (!RowsOf(f, rows)) return Diagnose(f);
  const std::uint64_t* masks = v.bits() + f.m.masks;
  const std::uint32_t words = f.m.word_count;
  std::uint64_t allow_when = 0;
  for (std::uint32_t w = 0; w < words; ++w) {
    const std::uint32_t left = f.m.columns.count > w * 64 ? f.m.columns.count - w * 64 : 0;
    std::uint64_t word = left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
    for (std::uint32_t d = 0; d < f.m.dimensions.count; ++d) word &= rows[d][w];
    if (request.as_in_force) word &= ~masks[2 * words + w];
    allow_when |= word & masks[w];
    bits[w] = word;
  }
  std::uint32_t column = kNone;
  for (std::uint32_t w = 0; w < words; ++w) {
    if (allow_when != 0) bits[w] &= ~masks[words + w];
    const std::uint64_t deciding = bits[w] & MayDecide(f, w);
    if (column == kNone && deciding != 0) column = w * 64 + FirstBit(deciding);
  }
  return FromColumn(f, column);
}

bool MapAtoms(const Table& table, const Session* session, const Request& request,
              std::uint32_t* atoms, std::size_t capacity) {
  const View v = TableAccess::ViewOf(table);
  if (request.capability.value >= v.Count(format::kCapabilities)) return false;
  const Frame f = MakeFrame(v, session, request);
  Scratch scratch;
  if (f.m.dimensions.count > capacity || !Evaluate(f, scratch)) return false;
  for (std::uint32_t d = 0; d < f.m.dimensions.count; ++d)
    atoms[d] = AtomOfDimension(f, scratch, d);
  return true;
}

bool IsMalformed(const Table& table, FactId fact, const Value& value) {
  return value.kind != ValueKind::kMissing && !Suits(TableAccess::ViewOf(table), fact.value, value);
}

}  // namespace writ::runtime
