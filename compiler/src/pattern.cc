// Recursive descent over code points, its depth bounded. Entry points: `ReadPattern`,
// `MatchesTree`.
#include "writ/compiler/pattern.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace writ::compiler {
namespace {

constexpr std::uint32_t kLastCode = 0x10FFFF, kFirstSurrogate = 0xD800, kLastSurrogate = 0xDFFF;
constexpr std::uint32_t kWithoutEnd = kMaxPatternRepeat + 1;

// One code point from the front. Nothing: not UTF-8 (overlong forms and surrogates are not).
std::optional<std::uint32_t> TakeCode(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xC2 ? 0
                           : first < 0xE0 ? 2
                           : first < 0xF0 ? 3
                           : first < 0xF5 ? 4
                                          : 0;
  if (size == 0 || text.size() < size) return std::nullopt;
  std::uint32_t code = size == 1 ? first : first & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  constexpr std::uint32_t kLeast[5] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[size] || code > kLastCode ||
      (code >= kFirstSurrogate && code <= kLastSurrogate)) {
    return std::nullopt;
  }
  text.remove_prefix(size);
  return code;
}

// Ascending, disjoint, touching ones joined, without surrogates.
std::vector<CodeRange> Tidy(std::vector<CodeRange> ranges) {
  std::vector<CodeRange> tidy;
  std::sort(ranges.begin(), ranges.end(),
            [](const CodeRange& a, const CodeRange& b) { return a.low < b.low; });
  for (const CodeRange& range : ranges) {
    if (!tidy.empty() && range.low <= tidy.back().high + 1) {
      tidy.back().high = std::max(tidy.back().high, range.high);
    } else {
      tidy.push_back(range);
    }
  }
  std::vector<CodeRange> out;
  for (const CodeRange& range : tidy) {
    if (range.low < kFirstSurrogate)
      out.push_back({range.low, std::min(range.high, kFirstSurrogate - 1)});
    if (range.high > kLastSurrogate)
      out.push_back({std::max(range.low, kLastSurrogate + 1), range.high});
  }
  return out;
}

std::vector<CodeRange> Complement(const std::vector<CodeRange>& tidy) {
  std::vector<CodeRange> rest;
  std::uint32_t next = 0;
  for (const CodeRange& range : tidy) {
    if (range.low > next) rest.push_back({next, range.low - 1});
    next = range.high + 1;
  }
  if (next <= kLastCode) rest.push_back({next, kLastCode});
  return Tidy(std::move(rest));
}

// The letters of ASCII in both sizes.
void AddOtherCase(std::vector<CodeRange>& ranges) {
  const auto add = [&](const CodeRange& range, std::uint32_t first, std::uint32_t other) {
    const std::uint32_t low = std::max(range.low, first), high = std::min(range.high, first + 25);
    if (low <= high) ranges.push_back({low - first + other, high - first + other});
  };
  for (std::size_t i = 0, count = ranges.size(); i < count; ++i) {
    const CodeRange range = ranges[i];
    add(range, 'a', 'A');
    add(range, 'A', 'a');
  }
}

bool IsPunctuation(std::uint32_t code) {
  return code > 0x20 && code < 0x7F && !(code >= '0' && code <= '9') &&
         !(code >= 'a' && code <= 'z') && !(code >= 'A' && code <= 'Z');
}

class Reader {
 public:
  explicit Reader(std::string_view text) : whole_(text), rest_(text) {}

  std::expected<PatternTree, PatternFault> Run() {
    if (whole_.size() > kMaxPatternBytes)
      Refuse("a pattern has at most " + std::to_string(kMaxPatternBytes) + " bytes", "");
    if (whole_.empty()) Refuse("an empty pattern matches the empty text alone", "write `= \"\"`");
    if (rest_.starts_with("(?i)")) {
      any_case_ = true;
      rest_.remove_prefix(4);
    }
    if (!fault_) Alternatives(0);
    if (!fault_ && !rest_.empty())
      Refuse("a `)` that closes nothing", "write `\\\\)` for the sign");
    if (fault_) return std::unexpected(*std::move(fault_));
    return std::move(tree_);
  }

 private:
  void Refuse(std::string what, std::string hint) {
    if (!fault_)
      fault_ = PatternFault{whole_.size() - rest_.size(), std::move(what), std::move(hint)};
  }
  std::uint32_t Add(PatternNode node) {
    tree_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
  }
  bool At(char c) const { return rest_.starts_with(c); }
  bool Eat(char c) {
    if (!At(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::uint32_t Alternatives(std::uint32_t depth) {
    std::vector<std::uint32_t> branches = {Sequence(depth)};
    while (!fault_ && Eat('|')) branches.push_back(Sequence(depth));
    if (fault_) return 0;
    if (branches.size() == 1) return branches[0];
    return Add({.kind = PatternKind::kAlternatives, .parts = std::move(branches)});
  }

  std::uint32_t Sequence(std::uint32_t depth) {
    std::vector<std::uint32_t> pieces;
    while (!fault_ && !rest_.empty() && !At('|') && !At(')')) pieces.push_back(Piece(depth));
    if (!fault_ && pieces.empty())
      Refuse("nothing stands here", "write `?` behind what may be left out");
    if (fault_) return 0;
    if (pieces.size() == 1) return pieces[0];
    return Add({.kind = PatternKind::kSequence, .parts = std::move(pieces)});
  }

  std::uint32_t Piece(std::uint32_t depth) {
    const std::uint32_t atom = Atom(depth);
    if (fault_) return 0;
    PatternNode repeat{.kind = PatternKind::kRepeat, .parts = {atom}};
    if (Eat('*')) {
      repeat.most = kWithoutEnd;
    } else if (Eat('+')) {
      repeat.least = 1;
      repeat.most = kWithoutEnd;
    } else if (Eat('?')) {
      repeat.most = 1;
    } else if (Eat('{')) {
      Bounds(repeat);
    } else {
      return atom;
    }
    if (!fault_ && (At('*') || At('+') || At('?') || At('{')))
      Refuse("a repetition of a repetition", "group it: `(…)`");
    return fault_ ? 0 : Add(std::move(repeat));
  }

  void Bounds(PatternNode& repeat) {
    const std::string hint =
        "write `{3}`, `{3,}` or `{3,5}`, with at most " + std::to_string(kMaxPatternRepeat);
    const auto least = TakeNumber();
    if (!least) return Refuse("how often it repeats is no number", hint);
    repeat.least = repeat.most = *least;
    if (Eat(',')) {
      repeat.most = kWithoutEnd;
      if (!At('}')) {
        const auto most = TakeNumber();
        if (!most || *most < *least) return Refuse("how often it repeats is no number", hint);
        repeat.most = *most;
      }
    }
    if (!Eat('}')) Refuse("a `{` that is not closed", hint);
  }

  std::optional<std::uint32_t> TakeNumber() {
    std::uint32_t number = 0;
    std::size_t digits = 0;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      number = number * 10 + static_cast<std::uint32_t>(rest_[0] - '0');
      if (number > kMaxPatternRepeat) return std::nullopt;
      rest_.remove_prefix(1);
      ++digits;
    }
    return digits == 0 ? std::nullopt : std::optional(number);
  }

  std::uint32_t Atom(std::uint32_t depth) {
    if (At('(')) return Group(depth);
    if (Eat('[')) return Class();
    if (Eat('.')) return Add({.ranges = Tidy({{0, kLastCode}})});
    if (At('*') || At('+') || At('?') || At('{')) {
      Refuse("a repetition of nothing",
             "write `\\\\" + std::string(1, rest_[0]) + "` for the sign");
      return 0;
    }
    if (At('^') || At('$')) {
      Refuse("a pattern always speaks of the whole text",
             "leave it out, write `.*` where anything may stand, or `\\\\" +
                 std::string(1, rest_[0]) + "` for the sign");
      return 0;
    }
    if (At(']') || At('}')) {
      Refuse("a bracket that closes nothing",
             "write `\\\\" + std::string(1, rest_[0]) + "` for the sign");
      return 0;
    }
    const auto code = Code();
    if (!code) return 0;
    std::vector<CodeRange> ranges = {{*code, *code}};
    if (any_case_) AddOtherCase(ranges);
    return Add({.ranges = Tidy(std::move(ranges))});
  }

  std::uint32_t Group(std::uint32_t depth) {
    if (depth == kMaxPatternDepth) {
      Refuse("groups are nested deeper than " + std::to_string(kMaxPatternDepth), "");
      return 0;
    }
    rest_.remove_prefix(1);
    if (At('?')) {
      Refuse("a group of another notation",
             "groups are `(…)`; `(?i)`, at the very start, is for letters in either size");
      return 0;
    }
    const std::uint32_t inside = Alternatives(depth + 1);
    if (!fault_ && !Eat(')')) Refuse("a `(` that is not closed", "");
    return inside;
  }

  // One character, escaped or as it stands.
  std::optional<std::uint32_t> Code() {
    const std::string_view before = rest_;
    const bool escaped = Eat('\\');
    if (rest_.empty()) {
      Refuse("nothing follows", "");
      return std::nullopt;
    }
    const auto code = TakeCode(rest_);
    if (!code) {
      Refuse("this is not UTF-8", "");
    } else if (escaped && !IsPunctuation(*code)) {
      rest_ = before;
      Refuse("a backslash takes its meaning from a sign, and this is none",
             "write a class: `[0-9]`, `[a-z]`, `[ ]`");
      return std::nullopt;
    }
    return code;
  }

  // After the bracket.
  std::uint32_t Class() {
    const bool negated = Eat('^');
    std::vector<CodeRange> ranges;
    while (!fault_ && !At(']')) {
      if (rest_.empty() || At('[')) {
        Refuse(rest_.empty() ? "a `[` that is not closed" : "a `[` inside of brackets",
               "write `\\\\[` for the sign");
        break;
      }
      const auto low = Code();
      if (!low) break;
      std::uint32_t high = *low;
      if (At('-') && !rest_.starts_with("-]")) {
        rest_.remove_prefix(1);
        const auto end = rest_.empty() ? std::nullopt : Code();
        if (!end || *end < *low) {
          Refuse("a range runs from a smaller character to a greater one",
                 "write `[a-z]`, and a `-` that stands for itself last: `[a-z-]`");
          break;
        }
        high = *end;
      }
      ranges.push_back({*low, high});
    }
    if (!fault_ && ranges.empty()) Refuse("brackets without a character", "");
    if (fault_) return 0;
    rest_.remove_prefix(1);
    if (any_case_) AddOtherCase(ranges);
    ranges = Tidy(std::move(ranges));
    return Add({.ranges = negated ? Complement(ranges) : std::move(ranges)});
  }

  const std::string_view whole_;
  std::string_view rest_;
  bool any_case_ = false;
  PatternTree tree_;
  std::optional<PatternFault> fault_;
};

// Places in the text, ascending.
using Places = std::vector<bool>;

class TreeMatcher {
 public:
  TreeMatcher(const PatternTree& tree, std::vector<std::uint32_t> codes)
      : tree_(tree), codes_(std::move(codes)) {}

  bool Run() {
    Places start(codes_.size() + 1);
    start[0] = true;
    return After(static_cast<std::uint32_t>(tree_.nodes.size() - 1), start)[codes_.size()];
  }

 private:
  // Where a match of the node can end that begins at one of these places.
  Places After(std::uint32_t node, const Places& from) const {
    const PatternNode& n = tree_.nodes[node];
    Places out(from.size());
    switch (n.kind) {
      case PatternKind::kOneOf:
        for (std::size_t i = 0; i < codes_.size(); ++i) {
          const auto has = [&](const CodeRange& r) {
            return r.low <= codes_[i] && codes_[i] <= r.high;
          };
          if (from[i] && std::any_of(n.ranges.begin(), n.ranges.end(), has)) out[i + 1] = true;
        }
        return out;
      case PatternKind::kSequence:
        out = from;
        for (const std::uint32_t part : n.parts) out = After(part, out);
        return out;
      case PatternKind::kAlternatives:
        for (const std::uint32_t part : n.parts) Join(out, After(part, from));
        return out;
      case PatternKind::kRepeat:
        break;
    }
    Places now = from;
    for (std::uint32_t i = 0; i < n.least; ++i) now = After(n.parts[0], now);
    out = now;
    for (std::uint32_t i = n.least; n.most == kWithoutEnd || i < n.most; ++i) {
      now = After(n.parts[0], now);
      if (!Join(out, now)) break;
      if (n.most == kWithoutEnd) now = out;
    }
    return out;
  }
  static bool Join(Places& into, const Places& more) {
    bool grew = false;
    for (std::size_t i = 0; i < into.size(); ++i) {
      grew = grew || (more[i] && !into[i]);
      into[i] = into[i] || more[i];
    }
    return grew;
  }

  const PatternTree& tree_;
  const std::vector<std::uint32_t> codes_;
};

}  // namespace

bool DecodeUtf8(std::string_view text, std::vector<std::uint32_t>* out) {
  out->clear();
  while (!text.empty()) {
    const auto code = TakeCode(text);
    if (!code) return false;
    out->push_back(*code);
  }
  return true;
}

std::expected<PatternTree, PatternFault> ReadPattern(std::string_view text) {
  return Reader(text).Run();
}

bool MatchesTree(const PatternTree& tree, std::string_view text) {
  std::vector<std::uint32_t> codes;
  return DecodeUtf8(text, &codes) && TreeMatcher(tree, std::move(codes)).Run();
}

std::string DomainPattern(std::string_view domain) {
  std::string pattern = "(?i)(.*@)?([a-z0-9_-]+[.])*";
  bool label = false;
  for (const char c : domain) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (c == '.' ? !label : !letter && (c != '-' || !label)) return "";
    pattern += c == '.' ? "[.]" : std::string(1, c);
    label = c != '.';
  }
  return label && domain.find('.') != std::string_view::npos && domain.size() <= 253
             ? pattern + "[.]?"
             : "";
}

}  // namespace writ::compiler
