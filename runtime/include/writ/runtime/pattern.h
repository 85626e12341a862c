// Patterns of texts: their bounds, and what bytes they are held against (docs/semantics.md, M6.8).
#pragma once

#include <cstdint>
#include <string_view>

namespace writ::runtime {

inline constexpr std::uint32_t kMaxPatternStates = 1000;

// Whether the bytes are UTF-8: what a text has to be for a pattern to be held against it.
bool IsUtf8(std::string_view bytes);

}  // namespace writ::runtime
