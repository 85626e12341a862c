// The way of the textbooks. A tree becomes an automaton with silent steps (K. Thompson, "Regular
// expression search algorithm", 1968), each range of characters one of its UTF-8 bytes (after R.
// Cox, "Regular expression matching in the wild", 2010); sets of its states become the states of a
// deterministic one (M. Rabin, D. Scott, 1959); states that no text tells apart become one (J.
// Hopcroft, "An n log n algorithm for minimizing states in a finite automaton", 1971). States are
// then numbered as a walk from the start finds them, the accepting ones first, so that equal
// languages are equal tables. Entry point: `CompileAutomaton`.
#include "writ/compiler/pattern_automaton.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <map>
#include <utility>

#include "writ/runtime/pattern.h"

namespace writ::compiler {
namespace {

constexpr std::size_t kMaxSilentStates = 20'000;
constexpr std::size_t kMaxSubsets = 4 * runtime::kMaxPatternStates;
constexpr std::uint64_t kMaxSubsetSteps = 20'000'000;

struct ByteRange {
  unsigned char low = 0, high = 0;
};

// A state reads one byte, or goes on silently to any of several.
struct SilentState {
  bool reads = false;
  ByteRange range;
  std::vector<std::uint32_t> next;  // reads: one
};

std::size_t EncodedSize(std::uint32_t code) {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

std::array<unsigned char, 4> Encode(std::uint32_t code, std::size_t size) {
  std::array<unsigned char, 4> bytes{};
  for (std::size_t i = size; i-- > 1; code >>= 6)
    bytes[i] = static_cast<unsigned char>(0x80 | (code & 0x3F));
  constexpr unsigned kLead[5] = {0, 0, 0xC0, 0xE0, 0xF0};
  bytes[0] = static_cast<unsigned char>(kLead[size] | code);
  return bytes;
}

// Calls `take(bytes low, bytes high, size)` for runs of characters whose bytes are independent
// ranges.
template <typename Take>
void SplitByBytes(CodeRange whole, Take take) {
  std::vector<CodeRange> open = {whole};
  while (!open.empty()) {
    const CodeRange r = open.back();
    open.pop_back();
    bool split = false;
    const auto cut = [&](std::uint32_t last) {  // after `last`
      open.push_back({last + 1, r.high});
      open.push_back({r.low, last});
      split = true;
    };
    for (const std::uint32_t last : {0x7Fu, 0x7FFu, 0xFFFFu}) {
      if (!split && r.low <= last && r.high > last) cut(last);
    }
    for (std::size_t i = 1; !split && i < EncodedSize(r.high); ++i) {
      const std::uint32_t mask = (1u << (6 * i)) - 1;
      if ((r.low & ~mask) == (r.high & ~mask)) continue;
      if ((r.low & mask) != 0) {
        cut(r.low | mask);
      } else if ((r.high & mask) != mask) {
        cut((r.high & ~mask) - 1);
      }
    }
    if (split) continue;
    const std::size_t size = EncodedSize(r.high);
    take(Encode(r.low, size), Encode(r.high, size), size);
  }
}

// Built from the end: each node is made to lead to what follows it.
class SilentBuilder {
 public:
  explicit SilentBuilder(const PatternTree& tree) : tree_(tree) {}

  std::uint32_t Run() {
    accept_ = Add({});
    return Lead(static_cast<std::uint32_t>(tree_.nodes.size() - 1), accept_);
  }
  const std::vector<SilentState>& states() const { return states_; }
  std::uint32_t accept() const { return accept_; }
  bool too_large() const { return states_.size() >= kMaxSilentStates; }

 private:
  std::uint32_t Add(SilentState state) {
    states_.push_back(std::move(state));
    return static_cast<std::uint32_t>(states_.size() - 1);
  }

  std::uint32_t Lead(std::uint32_t node, std::uint32_t next) {
    if (too_large()) return next;
    const PatternNode& n = tree_.nodes[node];
    switch (n.kind) {
      case PatternKind::kOneOf:
        return LeadOneOf(n, next);
      case PatternKind::kSequence:
        for (std::size_t i = n.parts.size(); i-- > 0;) next = Lead(n.parts[i], next);
        return next;
      case PatternKind::kAlternatives: {
        std::vector<std::uint32_t> branches;
        for (const std::uint32_t part : n.parts) branches.push_back(Lead(part, next));
        return Add({.next = std::move(branches)});
      }
      case PatternKind::kRepeat:
        return LeadRepeat(n, next);
    }
    return next;
  }

  std::uint32_t LeadOneOf(const PatternNode& n, std::uint32_t next) {
    SilentState entry;
    for (const CodeRange& range : n.ranges) {
      SplitByBytes(range, [&](const auto& low, const auto& high, std::size_t size) {
        std::uint32_t to = next;
        for (std::size_t i = size; i-- > 0;)
          to = Add({.reads = true, .range = {low[i], high[i]}, .next = {to}});
        entry.next.push_back(to);
      });
    }
    return Add(std::move(entry));
  }

  std::uint32_t LeadRepeat(const PatternNode& n, std::uint32_t next) {
    std::uint32_t entry = next;
    if (n.most > kMaxPatternRepeat) {
      entry = Add({});
      const std::uint32_t again = Lead(n.parts[0], entry);
      states_[entry].next = {again, next};
    } else {
      for (std::uint32_t i = n.least; i < n.most && !too_large(); ++i) {
        const std::uint32_t once = Lead(n.parts[0], entry);
        entry = Add({.next = {once, next}});
      }
    }
    for (std::uint32_t i = 0; i < n.least && !too_large(); ++i) entry = Lead(n.parts[0], entry);
    return entry;
  }

  const PatternTree& tree_;
  std::vector<SilentState> states_;
  std::uint32_t accept_ = 0;
};

struct Automaton {
  std::uint32_t classes = 0;
  std::array<std::uint16_t, 256> class_of{};
  std::vector<bool> accepting;
  std::vector<std::uint32_t> next;  // state * classes + class
};

// Bytes that no range tells apart are one class.
void ClassifyBytes(const std::vector<SilentState>& states, Automaton* out) {
  std::array<bool, 257> begins{};
  for (const SilentState& state : states) {
    if (!state.reads) continue;
    begins[state.range.low] = true;
    begins[state.range.high + 1u] = true;
  }
  begins[0] = false;
  std::uint16_t number = 0;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    if (begins[byte]) ++number;
    out->class_of[byte] = number;
  }
  out->classes = number + 1u;
}

class Subsets {
 public:
  Subsets(const SilentBuilder& from, std::uint32_t start) : from_(from), start_(start) {}

  std::optional<Automaton> Run() {
    ClassifyBytes(from_.states(), &out_);
    for (std::size_t byte = 256; byte-- > 0;)
      first_byte_[out_.class_of[byte]] = static_cast<unsigned char>(byte);
    seen_.resize(from_.states().size());
    Number(Closure({start_}));
    for (std::uint32_t at = 0; at < sets_.size(); ++at) {
      for (std::uint32_t c = 0; c < out_.classes; ++c) {
        const unsigned char byte = first_byte_[c];
        std::vector<std::uint32_t> reached;
        for (const std::uint32_t s : sets_[at]->first) {
          const SilentState& state = from_.states()[s];
          if (state.reads && state.range.low <= byte && byte <= state.range.high)
            reached.push_back(state.next[0]);
        }
        steps_ += sets_[at]->first.size() + 1;
        const std::uint32_t to = Number(Closure(std::move(reached)));
        if (sets_.size() > kMaxSubsets || steps_ > kMaxSubsetSteps) return std::nullopt;
        out_.next.push_back(to);
      }
    }
    return std::move(out_);
  }

 private:
  using Set = std::vector<std::uint32_t>;

  // All states that are reached silently, ascending; of them, those that read or accept.
  Set Closure(Set open) {
    ++mark_;
    Set closed;
    while (!open.empty()) {
      const std::uint32_t s = open.back();
      open.pop_back();
      if (seen_[s] == mark_) continue;
      seen_[s] = mark_;
      ++steps_;
      const SilentState& state = from_.states()[s];
      if (state.reads || s == from_.accept()) closed.push_back(s);
      if (!state.reads) open.insert(open.end(), state.next.begin(), state.next.end());
    }
    std::sort(closed.begin(), closed.end());
    return closed;
  }

  std::uint32_t Number(Set set) {
    const auto [at, fresh] =
        numbers_.try_emplace(std::move(set), static_cast<std::uint32_t>(sets_.size()));
    if (fresh) {
      sets_.push_back(&*at);
      out_.accepting.push_back(
          std::binary_search(at->first.begin(), at->first.end(), from_.accept()));
    }
    return at->second;
  }

  const SilentBuilder& from_;
  const std::uint32_t start_;
  Automaton out_;
  std::array<unsigned char, 256> first_byte_{};
  std::map<Set, std::uint32_t> numbers_;
  std::vector<const std::pair<const Set, std::uint32_t>*> sets_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t mark_ = 0;
  std::uint64_t steps_ = 0;
};

// Which states are one: the number of each state's block.
class Minimizer {
 public:
  explicit Minimizer(const Automaton& from)
      : from_(from), count_(static_cast<std::uint32_t>(from.accepting.size())) {}

  std::vector<std::uint32_t> Run() {
    Invert();
    block_of_.resize(count_);
    blocks_.resize(1);
    for (std::uint32_t s = 0; s < count_; ++s) blocks_[0].push_back(s);
    std::vector<std::uint32_t> accepting;
    for (std::uint32_t s = 0; s < count_; ++s) {
      if (from_.accepting[s]) accepting.push_back(s);
    }
    for (std::uint32_t c = 0; c < from_.classes; ++c) waiting_.emplace_back(0, c);
    Split(accepting);
    while (!waiting_.empty()) {
      const auto [block, c] = waiting_.back();
      waiting_.pop_back();
      std::vector<std::uint32_t> into;
      for (const std::uint32_t s : blocks_[block]) {
        const std::size_t at = std::size_t{s} * from_.classes + c;
        into.insert(into.end(), sources_.begin() + first_[at], sources_.begin() + first_[at + 1]);
      }
      Split(into);
    }
    return block_of_;
  }

 private:
  // For each state and class, the states from which the class leads to it.
  void Invert() {
    const std::size_t edges = from_.next.size();
    first_.assign(edges + 1, 0);
    const auto slot = [&](std::size_t edge) {
      return std::size_t{from_.next[edge]} * from_.classes + edge % from_.classes;
    };
    for (std::size_t e = 0; e < edges; ++e) ++first_[slot(e) + 1];
    for (std::size_t i = 0; i < edges; ++i) first_[i + 1] += first_[i];
    sources_.resize(edges);
    std::vector<std::uint32_t> place(first_.begin(), first_.end() - 1);
    for (std::size_t e = 0; e < edges; ++e)
      sources_[place[slot(e)]++] = static_cast<std::uint32_t>(e / from_.classes);
  }

  // Parts each block into what lies in `states` and what does not; the smaller part waits.
  void Split(const std::vector<std::uint32_t>& states) {
    std::map<std::uint32_t, std::vector<std::uint32_t>> inside;
    for (const std::uint32_t s : states) inside[block_of_[s]].push_back(s);
    for (auto& [block, members] : inside) {
      std::sort(members.begin(), members.end());
      members.erase(std::unique(members.begin(), members.end()), members.end());
      if (members.size() == blocks_[block].size()) continue;
      std::vector<std::uint32_t> outside;
      std::set_difference(blocks_[block].begin(), blocks_[block].end(), members.begin(),
                          members.end(), std::back_inserter(outside));
      const auto fresh = static_cast<std::uint32_t>(blocks_.size());
      const bool inside_is_smaller = members.size() <= outside.size();
      blocks_.push_back(inside_is_smaller ? std::move(members) : std::move(outside));
      if (inside_is_smaller) {
        blocks_[block] = std::move(outside);
      } else {
        blocks_[block] = std::move(members);
      }
      for (const std::uint32_t s : blocks_[fresh]) block_of_[s] = fresh;
      for (std::uint32_t c = 0; c < from_.classes; ++c) waiting_.emplace_back(fresh, c);
    }
  }

  const Automaton& from_;
  const std::uint32_t count_;
  std::vector<std::uint32_t> first_, sources_;
  std::vector<std::uint32_t> block_of_;
  std::vector<std::vector<std::uint32_t>> blocks_;  // each ascending
  std::vector<std::pair<std::uint32_t, std::uint32_t>> waiting_;
};

// One state per block, numbered as a walk from the start finds them, accepting ones first.
table::Pattern Finish(const Automaton& from, const std::vector<std::uint32_t>& block_of,
                      std::string_view text) {
  std::vector<std::uint32_t> order, number(from.accepting.size(), UINT32_MAX);
  std::vector<std::uint32_t> member(from.accepting.size());
  for (std::uint32_t s = 0; s < block_of.size(); ++s) member[block_of[s]] = s;
  const auto find = [&](std::uint32_t block) {
    if (number[block] != UINT32_MAX) return;
    number[block] = 0;
    order.push_back(block);
  };
  find(block_of[0]);
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::uint32_t c = 0; c < from.classes; ++c)
      find(block_of[from.next[std::size_t{member[order[i]]} * from.classes + c]]);
  }
  // Those that accept come first, and each kind stays in the order in which it was found.
  const auto accepts = [&](std::uint32_t block) { return bool{from.accepting[member[block]]}; };
  std::vector<std::uint32_t> in_order;
  std::ranges::copy_if(order, std::back_inserter(in_order), accepts);
  const std::size_t accepting = in_order.size();
  std::ranges::copy_if(order, std::back_inserter(in_order), std::not_fn(accepts));
  order = std::move(in_order);
  for (std::uint32_t i = 0; i < order.size(); ++i) number[order[i]] = i;

  // Classes that lead everywhere to the same state are one.
  std::map<std::vector<std::uint32_t>, std::uint16_t> columns;
  std::vector<std::vector<std::uint32_t>> kept;
  std::vector<std::uint16_t> merged(from.classes);
  for (std::uint32_t c = 0; c < from.classes; ++c) {
    std::vector<std::uint32_t> column;
    for (const std::uint32_t block : order)
      column.push_back(number[block_of[from.next[std::size_t{member[block]} * from.classes + c]]]);
    const auto [at, fresh] =
        columns.try_emplace(std::move(column), static_cast<std::uint16_t>(kept.size()));
    if (fresh) kept.push_back(at->first);
    merged[c] = at->second;
  }
  table::Pattern pattern;
  pattern.text = text;
  pattern.start = number[block_of[0]];
  pattern.accepting = static_cast<std::uint32_t>(accepting);
  pattern.states = static_cast<std::uint32_t>(order.size());
  pattern.classes = static_cast<std::uint32_t>(kept.size());
  for (const std::uint16_t c : from.class_of) pattern.class_of.push_back(merged[c]);
  for (std::uint32_t s = 0; s < order.size(); ++s) {
    for (const auto& column : kept) pattern.next.push_back(static_cast<std::uint16_t>(column[s]));
  }
  return pattern;
}

}  // namespace

std::optional<table::Pattern> CompileAutomaton(const PatternTree& tree, std::string_view text) {
  SilentBuilder silent(tree);
  const std::uint32_t start = silent.Run();
  if (silent.too_large()) return std::nullopt;
  const auto automaton = Subsets(silent, start).Run();
  if (!automaton) return std::nullopt;
  table::Pattern pattern = Finish(*automaton, Minimizer(*automaton).Run(), text);
  if (pattern.states > runtime::kMaxPatternStates) return std::nullopt;
  return pattern;
}

bool Accepts(const table::Pattern& pattern, std::string_view text) {
  std::uint32_t state = pattern.start;
  for (const char c : text) {
    state = pattern.next[state * pattern.classes + pattern.class_of[static_cast<unsigned char>(c)]];
  }
  return state < pattern.accepting;
}

}  // namespace writ::compiler
