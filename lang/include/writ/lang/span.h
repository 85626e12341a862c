// Where something stands in a source, and the two kinds of words that carry their place.
#pragma once

#include <cstdint>
#include <string>

namespace writ::lang {

// A half-open range of bytes [begin, end) in file `file` of a SourceSet.
struct Span {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) { return true; }
  [[nodiscard]] bool Holds(const Span& part) const {
    return file == part.file && begin <= part.begin && part.end <= end;
  }
};

// A possibly dotted name, without spaces: "order.total".
struct Name {
  std::string text;
  Span span;
  friend bool operator==(const Name&, const Name&) = default;
};

// `NOW was BEFORE`.
struct Former {
  Name now, before;
  friend bool operator==(const Former&, const Former&) = default;
};

// A quoted string, unescaped.
struct Text {
  std::string text;
  Span span;
  friend bool operator==(const Text&, const Text&) = default;
};

}  // namespace writ::lang
