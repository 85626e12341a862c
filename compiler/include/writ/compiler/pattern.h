// Patterns of texts: from their spelling to a tree (docs/semantics.md, M6.8).
//
// A regular language and no more: characters, classes, groups, alternatives, bounded and unbounded
// repetition. No back-references, no look-around, and so a pattern is one automaton, however it is
// written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace writ::compiler {

inline constexpr std::size_t kMaxPatternBytes = 1000;
inline constexpr std::uint32_t kMaxPatternDepth = 32;     // groups in groups
inline constexpr std::uint32_t kMaxPatternRepeat = 1000;  // `{n}`: how often

// Code points, both inclusive.
struct CodeRange {
  std::uint32_t low = 0, high = 0;
  friend bool operator==(const CodeRange&, const CodeRange&) = default;
};

enum class PatternKind : std::uint8_t { kOneOf, kSequence, kAlternatives, kRepeat };

struct PatternNode {
  PatternKind kind = PatternKind::kOneOf;
  std::vector<CodeRange> ranges;  // kOneOf: ascending, disjoint, without surrogates; may be empty
  std::vector<std::uint32_t> parts;   // nodes; kRepeat: one
  std::uint32_t least = 0, most = 0;  // kRepeat; most kMaxPatternRepeat + 1: without end
};

// Nodes stand behind their parts; the last one is the whole.
struct PatternTree {
  std::vector<PatternNode> nodes;
};

struct PatternFault {
  std::size_t offset = 0;  // of the byte that cannot stand there
  std::string what, hint;  // hint: may be empty
};

std::expected<PatternTree, PatternFault> ReadPattern(std::string_view text);

// Whether the whole text matches, by following sets of places through the tree: slow and plain, to
// hold the automaton to. Text that is not UTF-8 matches nothing.
bool MatchesTree(const PatternTree&, std::string_view text);

// The code points of a text; nothing if it is not UTF-8.
bool DecodeUtf8(std::string_view text, std::vector<std::uint32_t>* out);

// The pattern of `matches domain "example.com"`; empty if this is no domain.
std::string DomainPattern(std::string_view domain);

}  // namespace writ::compiler
